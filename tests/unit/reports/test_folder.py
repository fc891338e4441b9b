"""The report folder and JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from tests.unit.reports.builders import failed, played, unplayable

from sandbooks.recording import tape_lines
from sandbooks.replay.reports import junit_xml, write_junit, write_report
from sandbooks.replay.reports.folder import safe
from sandbooks.replay.result import Result


def suites(*results: Result) -> list[etree._Element]:
    return list(etree.fromstring(junit_xml(results)))


def test_a_report_holds_the_page_junit_and_a_tape_and_a_har_for_each_run(tmp_path: Path) -> None:
    folder = tmp_path / "build" / "report"
    write_report([played(), played(platform="quickbooks_online")], folder)
    assert sorted(file.name for file in folder.iterdir()) == [
        "hotel.quickbooks_online.har",
        "hotel.quickbooks_online.tape.jsonl",
        "hotel.xero.har",
        "hotel.xero.tape.jsonl",
        "index.html",
        "junit.xml",
    ]
    assert [line["number"] for line in tape_lines(folder / "hotel.xero.tape.jsonl")] == [1, 2, 3]
    assert (folder / "hotel.xero.har").read_bytes() == b'{"log":{"version":"1.2","entries":[]}}'
    assert 'href="hotel.xero.har"' in (folder / "index.html").read_text(encoding="utf-8")


def test_writing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_report([played(), failed()], tmp_path / folder)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_runs_of_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    write_report([played(), failed()], tmp_path)
    assert (tmp_path / "hotel.xero.tape.jsonl").exists()
    assert (tmp_path / "hotel.xero.2.tape.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("refund [xero phase=commit]", "refund.xero.phase-commit"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "run"),
        ("naïve [xero how=C:\\new]", "na-ve.xero.how-C-new"),
    ],
)
def test_a_run_name_becomes_a_safe_file_name(name: str, file: str) -> None:
    assert safe(name) == file


def test_a_suite_is_a_file_and_a_case_is_a_run() -> None:
    other = played()
    other.scenario = replace(other.scenario, file="scenarios/travel_and_hotels/flight.yaml")
    first, second = suites(played(), played(platform="quickbooks_online"), other)
    assert (first.get("name"), first.get("tests")) == ("scenarios/travel_and_hotels/hotel.yaml", "2")
    assert (second.get("name"), second.get("tests")) == ("scenarios/travel_and_hotels/flight.yaml", "1")
    assert [case.get("name") for case in first] == ["hotel [xero]", "hotel [quickbooks_online]"]


def test_a_case_tells_seed_and_platform() -> None:
    (suite,) = suites(played())
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties["seed"] == "53"
    assert properties["platform"] == "xero"


def test_a_failed_run_is_a_failure_with_every_problem() -> None:
    bad = failed()
    bad.failures.append("1 webhook was never delivered")
    (suite,) = suites(played(platform="quickbooks_online"), bad)
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")
    (failure,) = suite.iter("failure")
    assert failure.text == "\n".join(bad.problems)
    assert len(bad.problems) == 2


def test_a_run_that_could_not_be_played_is_an_error() -> None:
    (suite,) = suites(unplayable())
    assert (suite.get("failures"), suite.get("errors")) == ("0", "1")
    (error,) = suite.iter("error")
    assert error.get("message") == "http://127.0.0.1:9 does not answer"


def test_what_xml_cannot_carry_is_replaced(tmp_path: Path) -> None:
    bad = failed()
    bad.failures.append("the hub says \x00 \x1b[31m & <no> \ud83d")
    write_junit([bad], tmp_path / "deep" / "junit.xml")
    (failure,) = etree.fromstring((tmp_path / "deep" / "junit.xml").read_bytes()).iter("failure")
    assert str(failure.text).endswith("the hub says \ufffd \ufffd[31m & <no> \ufffd")
