"""A log with a mapping tells what an archive tells; what the mapping or the log lacks is said."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.harness.test_incidents import PURCHASE, SURFACES, entry, purchase

from sandbooks.cli.main import main
from sandbooks.harness.incidents import NotALog, read_har, read_log, read_mapping, scenario_from
from sandbooks.settings import FileInvalid, parse_document, read_contract

JSON_MAPPING = """
format: json
at: $.time
method: $.http.method
url: $.http.url
status: $.http.status
request: $.http.sent
response: $.http.got
"""
TEXT_MAPPING = r"""
format: text
pattern: '^(?P<at>\S+) INFO (?P<method>[A-Z]+) (?P<url>\S+) -> (?P<status>\d{3}|timeout) (?P<request>\{.*\})$'
"""


def mapped(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "mapping.yaml"
    file.write_text(text)
    return read_mapping(file)


def json_line(body: Any, *, status: Any, at: str, got: Any = None) -> str:
    http = {"method": "POST", "url": PURCHASE, "status": status, "sent": body, "got": got}
    return json.dumps({"time": at, "level": "info", "token": "hush-hush", "http": http})


def told(tmp_path: Path, log: str, mapping: str) -> Any:
    read = read_log(log.encode(), mapped(tmp_path, mapping), surfaces=SURFACES)
    return scenario_from(read.seen, title="What happened on that day")


def test_a_log_of_json_lines_tells_the_same_scenario_as_an_archive(tmp_path: Path) -> None:
    answer = {"Purchase": {"Id": "145"}}
    log = "\n".join([
        json_line(purchase(), status=None, at="2026-03-16T09:30:00Z"),
        json_line(purchase(), status=200, at="2026-03-16T09:30:31Z", got=answer),
    ])  # fmt: skip
    entries = [
        entry(PURCHASE, purchase(), status=0),
        entry(PURCHASE, purchase(), status=200, answer=answer, at="09:30:31"),
    ]
    archive = json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()
    from_archive = scenario_from(read_har(archive, surfaces=SURFACES), title="What happened on that day")
    from_log = told(tmp_path, log, JSON_MAPPING)
    assert from_log.text == from_archive.text
    assert from_log.data["matrix"] == {"phase": ["commit", "validate"]}
    assert not any(secret in from_log.text for secret in ("Jane", "hush", "e-77", "123"))


def test_a_log_of_text_tells_the_same_as_one_of_json(tmp_path: Path) -> None:
    body = purchase()
    lines = [
        "2026-03-16T09:29:58Z DEBUG pool: 3 connections",
        f"2026-03-16T09:30:00Z INFO POST {PURCHASE} -> timeout {json.dumps(body)}",
        f"2026-03-16T09:30:31Z INFO POST {PURCHASE} -> 200 {json.dumps(body)}",
    ]
    read = read_log("\n".join(lines).encode(), mapped(tmp_path, TEXT_MAPPING), surfaces=SURFACES)
    assert [one.outcome for one in read.seen] == ["lost", "done"]
    assert read.left_out == 1
    log = "\n".join(
        json_line(body, status=status, at=at)
        for status, at in (("timeout", "2026-03-16T09:30:00Z"), (200, "2026-03-16T09:30:31Z"))
    )
    assert scenario_from(read.seen, title="What happened on that day").text == told(tmp_path, log, JSON_MAPPING).text


def test_request_and_answer_in_records_of_their_own_are_joined(tmp_path: Path) -> None:
    mapping = JSON_MAPPING + "id: $.trace\n"
    sent = {
        "time": "2026-03-16T09:30:00Z",
        "trace": "t-1",
        "http": {"method": "POST", "url": PURCHASE, "sent": purchase()},
    }
    other = {**sent, "time": "2026-03-16T09:31:00Z", "trace": "t-2"}
    got = {"time": "2026-03-16T09:30:01Z", "trace": "t-1", "http": {"status": 503}}
    log = "\n".join(map(json.dumps, (sent, other, got)))
    read = read_log(log.encode(), mapped(tmp_path, mapping), surfaces=SURFACES)
    assert [(one.status, one.outcome, f"{one.at:%H:%M:%S}") for one in read.seen] == [
        (503, "failed", "09:30:00"),
        (0, "lost", "09:31:00"),
    ]


def test_records_of_several_lines_other_times_hosts_and_encodings_are_read(tmp_path: Path) -> None:
    mapping = r"""
format: text
begins: '^\[\d\d/'
pattern: '^\[(?P<at>[^\]]+)\] (?P<method>[A-Z]+) (?P<host>\S+) (?P<url>\S+)\n(?P<request>\S*)\n=> (?P<status>\d*)'
time: '%d/%b/%Y:%H:%M:%S %z'
encoding: base64
hosts: {erp.internal: quickbooks_online}
"""
    sent = base64.b64encode(json.dumps(purchase()).encode()).decode()
    log = f"[16/Mar/2026:10:30:00 +0100] POST erp.internal /v3/company/123/purchase\n{sent}\n=> 429\n"
    (seen,) = read_log(log.encode(), mapped(tmp_path, mapping), surfaces=SURFACES).seen
    assert (seen.surface, seen.outcome, seen.at.isoformat()) == (
        "quickbooks_online",
        "throttled",
        "2026-03-16T10:30:00+01:00",
    )
    assert seen.body["PaymentType"] == "CreditCard"


@pytest.mark.parametrize(("form", "written"), [("seconds", 1773653400), ("milliseconds", 1773653400000)])
def test_times_may_be_numbers(tmp_path: Path, form: str, written: int) -> None:
    line = json.dumps({"time": written, "http": {"method": "POST", "url": PURCHASE, "status": 200, "sent": purchase()}})
    (seen,) = read_log(line.encode(), mapped(tmp_path, f"{JSON_MAPPING}time: {form}\n"), surfaces=SURFACES).seen
    assert seen.at.isoformat() == "2026-03-16T09:30:00+00:00"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("at: $.time\n", "how the log is written"),
        ("format: json\nat: $.time\nmethod: $.m\n", "'url' is a required property"),
        (JSON_MAPPING + "verb: $.x\n", "'verb'"),
        (JSON_MAPPING.replace("$.time", "$..["), "no JSONPath"),
        ("format: text\npattern: '(?P<at>.*'\n", "no regular expression"),
        ("format: text\npattern: '(?P<at>.*) (?P<method>.*)'\n", "no group url"),
        ("format: text\npattern: '(?P<at>.) (?P<method>.) (?P<url>.) (?P<colour>.)'\n", "a group colour"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_with_its_line(tmp_path: Path, mapping: str, said: str) -> None:
    with pytest.raises(FileInvalid) as failed:
        mapped(tmp_path, mapping)
    assert said in str(failed.value)
    assert "mapping.yaml" in str(failed.value)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("nothing of the kind\n", "none of the 1 record"),
        ('{"time": "yesterday", "http": {"method": "GET", "url": "https://api.xero.com/x"}}', "yesterday"),
        ('{"time": "2026-03-16", "http": {"url": "https://api.xero.com/x"}}', "has no method"),
        ('{"time": "2026-03-16", "http": {"method": "GET", "url": "https://example.com/x"}}', "under `hosts`"),
    ],
)
def test_a_log_that_tells_nothing_says_why(tmp_path: Path, log: str, said: str) -> None:
    with pytest.raises(NotALog, match=said):
        read_log(log.encode(), mapped(tmp_path, JSON_MAPPING), surfaces=SURFACES)


def test_the_mappings_of_these_tests_keep_to_the_contract() -> None:
    validator = Draft202012Validator(read_contract("log_mapping.schema.json"))
    for text in (JSON_MAPPING, TEXT_MAPPING):
        validator.validate(parse_document(text).data)
    assert list(validator.iter_errors({"format": "json", "at": "$.time"}))


PAGE = (Path(__file__).parents[2] / "docs" / "incidents.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return [part.partition("\n")[2] for part in PAGE.split("```")[1::2] if part.startswith(f"{language}\n")]


@pytest.mark.parametrize(("client", "code"), [("Hasty", 1), ("Careful", 0)])
@pytest.mark.parametrize(("number", "log"), [(0, "json"), (1, "text")])
def test_the_page_s_logs_become_scenarios_that_tell_a_hasty_client_from_a_careful_one(
    tmp_path: Path, number: int, log: str, client: str, code: int
) -> None:
    (tmp_path / "requests.log").write_text(blocks(log)[0])
    (tmp_path / "log-mapping.yaml").write_text(blocks("yaml")[number])
    asked = ["import", str(tmp_path / "requests.log"), "--mapping", str(tmp_path / "log-mapping.yaml")]
    made = CliRunner().invoke(main, asked)
    assert made.exit_code == 0, made.output
    assert "both ways are played" in made.output
    scenario = tmp_path / "requests.yaml"
    driver = f"tests.harness.small_clients:{client}"
    replayed = CliRunner().invoke(main, ["replay", str(scenario), "--driver", driver, "--quiet"])
    assert replayed.exit_code == code, replayed.output


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    log, mapping = tmp_path / "requests.log", tmp_path / "requests.yaml"
    log.write_text("nothing\n")
    mapping.write_text(JSON_MAPPING)
    asked = CliRunner().invoke(main, ["import", str(log), "--mapping", str(mapping)])
    assert asked.exit_code == 2
    assert "take the place of the mapping" in " ".join(asked.output.split())
    out = ["--out", str(tmp_path / "told.yaml")]
    asked = CliRunner().invoke(main, ["import", str(log), "--mapping", str(mapping), *out])
    assert asked.exit_code == 2
    assert "none of the 1 record" in asked.output
