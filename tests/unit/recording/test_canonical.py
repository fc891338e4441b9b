"""The canonical tape is the same bytes however the exchanges came about, and a HAR is what HTTP tools open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.toy import HOST, registered
from tests.toy_client import ToyClient

from sandbooks import Sandbox, exact_json
from sandbooks.recording import TapeUnreadable, canonical, har, tape_lines
from sandbooks.wire import Request
from sandbooks.world import TapeEntry


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    with registered():
        yield


def script(sandbox: Sandbox, *, served: bool = False) -> bytes:
    acme = sandbox.company("toy", name="Acme")
    if served:
        url = sandbox.serve().url + "/toy"
        with ToyClient(acme.credentials, base_url=url) as client:
            run(client)
    else:
        with sandbox.intercept(), ToyClient(acme.credentials) as client:
            run(client)
    return b"".join(canonical(sandbox.tape(), hosts={HOST: "toy"}))


def run(client: ToyClient) -> None:
    client.export("r-01", "12.30")
    client.find("r-01")
    client.renew()
    client.export("r-02", "7.41", account="meals")


def test_the_tape_is_the_same_in_process_and_over_a_socket_in_memory_and_in_a_file(tmp_path: Path) -> None:
    with Sandbox(seed=5) as one, Sandbox(seed=5) as two, Sandbox(seed=5, path=tmp_path / "world.db") as three:
        tape = script(one)
        assert tape.count(b"\n") == 4
        assert script(two, served=True) == tape
        assert script(three) == tape


def test_a_fork_and_a_world_behind_its_own_prefix_write_the_same_tape() -> None:
    def get(sandbox: Sandbox, url: str) -> bytes:
        sandbox.dispatch(Request("GET", url + "/companies/toy-1/spend?ref=r-1", (("Host", "x"),)))
        return b"".join(canonical(sandbox.tape()))

    with Sandbox(seed=5) as one, Sandbox(seed=5) as two:
        one.company("toy", name="Acme")
        two.company("toy", name="Acme")
        plain = get(one, "http://127.0.0.1:8000/toy")
        assert get(two, "https://books.test/w/other/toy") == plain
        assert b'"url":"https://toy.sandbooks.test/companies/toy-1/spend?ref=r-1"' in plain


def test_a_tape_carries_no_secret_and_no_header_of_the_client_library() -> None:
    with Sandbox(seed=5) as sandbox:
        tape = script(sandbox)
        assert all(
            s.encode() not in tape for s in (sandbox.companies()[0].credentials["refresh_token"], "python-requests")
        )
    assert b"Bearer REDACTED" in tape
    assert b"grant_type=refresh_token&refresh_token=REDACTED" in tape


def entry(**changes: object) -> TapeEntry:
    facts: dict[str, object] = {
        "number": 7,
        "at": 1_774_692_000_000_000,
        "until": 1_774_692_002_500_000,
        "surface": "toy",
        "method": "POST",
        "url": "https://api.toybooks.example/upload",
        "base_url": "https://api.toybooks.example",
        "request_headers": (),
        "request_body": b"",
    }
    return TapeEntry(**{**facts, **changes})  # type: ignore[arg-type]  # a builder: each test states what it is about


def line_of(taped: TapeEntry) -> dict[str, object]:
    (line,) = tape_lines(canonical([taped]))
    return line


@pytest.mark.parametrize("quoted", ['"x-91"', "x-91"])
def test_a_multipart_boundary_is_brought_to_one_form(quoted: str) -> None:
    def upload(boundary: str) -> bytes:
        body = f"--{boundary}\r\nContent-Type: text/plain\r\n\r\nreceipt\r\n--{boundary}--\r\n".encode()
        headers = (("Content-Type", f"multipart/form-data; boundary={boundary}"),)
        return b"".join(canonical([entry(request_headers=headers, request_body=body.replace(b'"', b""))]))

    assert upload("a7c3") == upload("ff01")
    headers = (("Content-Type", f"multipart/related; boundary={quoted}; type=x"),)
    request = line_of(entry(request_headers=headers, request_body=b"--x-91\r\n\r\n1\r\n--x-91--"))["request"]
    assert isinstance(request, dict)
    assert request["body"] == "--boundary\r\n\r\n1\r\n--boundary--"


def test_a_body_that_is_not_text_is_known_by_its_size_and_hash() -> None:
    request = line_of(entry(request_body=b"%PDF\xff\xfe"))["request"]
    assert isinstance(request, dict)
    assert request["body"]["bytes"] == 6
    assert len(request["body"]["sha256"]) == 64


def test_links_lead_to_one_public_form_even_when_encoded() -> None:
    body = b'{"next":"https://api.toybooks.example/p?back=https%3A%2F%2Fapi.toybooks.example%2Fq","other":"https://api.toybooks.example.org/"}'
    response = line_of(entry(status=200, response_body=body))["response"]
    assert isinstance(response, dict)
    assert exact_json.loads(response["body"]) == {
        "next": "https://toy.sandbooks.test/p?back=https%3A%2F%2Ftoy.sandbooks.test%2Fq",
        "other": "https://api.toybooks.example.org/",
    }


def test_what_befell_an_exchange_is_on_its_line_and_what_did_not_is_left_out() -> None:
    quiet = line_of(entry(status=200))
    assert not {"cut", "faults", "written", "bug", "parent", "not_simulated"} & set(quiet)
    written = [("toy", "toy-1", "Spend", "3", 1, "create")]
    lost = line_of(
        entry(cut="timeout", faults=["f1 drop_response after commit"], written=written, bug="Traceback\nKeyError: 4\n")
    )
    assert (lost["cut"], lost["bug"], "response" in lost) == ("timeout", "KeyError: 4", False)


@pytest.mark.parametrize("data", [b'{"number": 1}\n', b"[]\n", b'{"number":'])
def test_a_line_that_is_no_exchange_is_named(data: bytes) -> None:
    good = next(canonical([entry()]))
    with pytest.raises(TapeUnreadable, match="line 2 of the tape"):
        list(tape_lines(good + data))


def test_a_har_holds_every_exchange_with_its_phases_and_no_secret(tmp_path: Path) -> None:
    with Sandbox(seed=5) as sandbox:
        script(sandbox)
        archive = har(sandbox.tape())
        token = sandbox.companies()[0].credentials["access_token"]
    raw = exact_json.dumps(archive)
    assert token.encode() not in raw
    first = archive["log"]["entries"][0]
    assert (archive["log"]["version"], len(archive["log"]["entries"])) == ("1.2", 4)
    assert (first["request"]["url"], first["response"]["status"]) == (f"https://{HOST}/companies/toy-1/spend", 201)
    assert first["_sandbooks"]["phases"][-1]["phase"] == "deliver"
    assert first["_sandbooks"]["written"][0]["kind"] == "Spend"
    (tmp_path / "run.har").write_bytes(raw)


def test_a_har_shows_a_cut_answer_and_a_binary_body() -> None:
    archive = har(
        [entry(cut="reset", request_body=b"\xff\x00", request_headers=(("Content-Type", "application/pdf"),))]
    )
    (shown,) = archive["log"]["entries"]
    assert (shown["response"]["status"], shown["response"]["_error"]) == (0, "reset")
    assert shown["request"]["postData"] == {"mimeType": "application/pdf", "text": "/wA=", "encoding": "base64"}
    assert shown["time"] == 2500
