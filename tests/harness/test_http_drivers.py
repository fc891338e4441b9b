"""Drivers behind HTTP: the twin of a Python driver over a local socket, and the example in Node."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment
from tests.harness.hearing_clients import Noting
from tests.harness.small_clients import Careful, Hasty, Unanswered

from sandbooks.harness import restless
from sandbooks.harness.campaign import Campaign, Options
from sandbooks.harness.driver import DriverFailed, DriverUnusable, VerbMissing, load_driver
from sandbooks.harness.examples import Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of
from sandbooks.harness.webhook_examples import planned

EXAMPLE = Path(__file__).parents[2] / "docs" / "example" / "driver" / "driver.mjs"
LOST = {"fault": {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "how": "closed"}}}


class _Handler(BaseHTTPRequestHandler):
    driver: Any

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        verb = getattr(self.driver, self.path[1:], None)
        if verb is None:
            return self._answer(501, {"error": "missing", "message": "no such verb", "remedy": "none"})
        arguments = [json.loads(body)] if body and body != b"null" else []
        try:
            answer = verb(*arguments)
        except RuntimeError as error:
            return self._answer(500, {"error": "failed", "message": str(error), "remedy": "try again"})
        return self._answer(204 if answer is None else 200, answer)

    def _answer(self, status: int, body: Any) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's output."""


def served(driver: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"driver": driver}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def careful() -> Iterator[str]:
    yield from served(Careful())


class Hearing(Noting):
    """Says of itself what it has; ``Noting`` behind HTTP."""

    def about(self) -> Any:
        return {"verbs": ["restart", "receive"], "platforms": ["quickbooks_online"], "beyond": ["transfer"]}


@pytest.fixture
def hearing() -> Iterator[str]:
    yield from served(Hearing())


@pytest.fixture
def hasty() -> Iterator[str]:
    yield from served(Hasty())


def judged(url: str, menu: Menu, *steps: Any) -> Verdict:
    return Judge(subject_of(url)).judge(scenario_of(with_steps(base(menu), *steps)))


def test_a_driver_behind_http_is_judged_like_any_other(careful: str, menu: Menu) -> None:
    verdict = judged(careful, menu, payment(), SYNC)
    assert not verdict.trouble
    assert verdict.told == {"r-01": "Completed"}
    assert verdict.findings == []


def test_a_double_post_behind_http_is_found(hasty: str, menu: Menu) -> None:
    verdict = judged(hasty, menu, LOST, payment(), SYNC)
    assert "INV-01" in verdict.findings[0].invariants


def test_a_webhook_goes_over_http(hearing: str, menu: Menu) -> None:
    verdict = judged(hearing, menu, payment(), SYNC, {"advance": "1h"})
    assert (verdict.told, verdict.findings) == ({"r-01": "Completed"}, [])
    (delivery,) = Hearing.last.received
    assert base64.b64decode(delivery["body"]).startswith(b'[{"specversion"')


def test_a_service_says_what_it_has_or_is_asked_for_everything(hearing: str, careful: str) -> None:
    told, silent = subject_of(hearing), subject_of(careful)
    assert (told.verbs, told.beyond) == ({"restart", "receive"}, {"transfer"})
    assert told.platforms == ("quickbooks_online",)
    assert {"attach", "receive"} <= silent.verbs


def test_a_service_that_is_not_there_is_asked_for_everything() -> None:
    assert "receive" in subject_of("http://127.0.0.1:9").verbs


def test_a_restart_between_two_syncs_goes_over_http(careful: str, menu: Menu) -> None:
    verdict = judged(careful, menu, payment(), {"sync": "after restart"}, payment("r-02", "88.14 GBP"), SYNC)
    assert verdict.told == {"r-01": "Completed", "r-02": "Completed"}


def test_a_kill_in_the_middle_needs_a_python_driver(careful: str, menu: Menu) -> None:
    assert "only a Python driver" in judged(careful, menu, {"kill": {}}, payment(), SYNC).trouble


class Bare:
    """The four verbs and no more; its answers do not fit."""

    def submit(self, transactions: Any) -> Any:
        return [{"identifier": given["id"]} for given in transactions]

    def settle(self) -> None:
        raise RuntimeError("out of paper")


@pytest.fixture
def bare() -> Iterator[str]:
    yield from served(Bare())


def test_501_says_that_a_verb_is_missing(bare: str) -> None:
    driver = load_driver(bare)
    with pytest.raises(VerbMissing):
        driver.restart()  # type: ignore[attr-defined]  # an optional verb


def test_an_error_of_a_verb_is_told_in_the_driver_s_own_words(bare: str) -> None:
    with pytest.raises(DriverFailed, match="out of paper; try again"):
        load_driver(bare).settle()


def test_what_the_contract_does_not_know_is_not_sent_and_not_taken(bare: str) -> None:
    given = {"id": "bfd7d189-174e-4d8f-bcec-2b063393ad62", "kind": "payment", "date": "2026-03-16", "currency": "GBP"}
    with pytest.raises(DriverFailed, match="the harness sent"):
        load_driver(bare).submit([given])
    with pytest.raises(DriverFailed, match="the driver answered"):
        load_driver(bare).submit([{**given, "lines": [{"net": "1.10", "account": "25"}]}])


def test_nobody_at_the_address_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(DriverUnusable, match="start it first"):
            load_driver(f"http://127.0.0.1:{taken.getsockname()[1]}").settle()


class Hanging(Careful):
    """Waits in ``settle`` until somebody lets it go, once its work is done."""

    let_go = threading.Event()

    def settle(self) -> None:
        super().settle()
        self.let_go.wait()


@pytest.fixture
def hanging() -> Iterator[str]:
    Hanging.let_go.clear()
    for url in served(Hanging()):
        yield url
        Hanging.let_go.set()


def test_a_program_that_hangs_is_a_finding_that_says_where_it_stood(hanging: str, menu: Menu) -> None:
    judge = Judge(subject_of(hanging, silence=0.5))
    verdict = judge.judge(scenario_of(with_steps(base(menu), payment(), SYNC)))
    (finding,) = verdict.findings
    assert finding.invariants == ("INV-53",)
    assert "`settle` had neither answered nor sent anything for 0.5 seconds" in finding.title
    assert "its last request was create_purchase, and it saw 200. Taken so far: r-01" in finding.message
    assert judge.stuck


def test_a_campaign_ends_where_a_program_hangs(hanging: str, tmp_path: Path) -> None:
    subject = subject_of(hanging, silence=0.5)
    campaign = Campaign(subject, "quickbooks_online", Options(examples=20, folder=tmp_path)).run()
    assert (campaign.played, campaign.is_stuck, [found.rule for found in campaign.found]) == (1, True, ["INV-53"])
    report = campaign.report(campaign.found[0])
    assert report is not None
    assert not report.passed


class Stubborn(Careful):
    """Tries again at once for as long as somebody refuses; gives up when nobody is there."""

    def _post(self, row: dict[str, Any]) -> None:
        while row["status"] == "pending":
            try:
                self._call("POST", self._path(row["given"]["id"]), self._purchase(row["given"]))
            except Unanswered:
                row["status"] = "failed"


@pytest.fixture
def stubborn() -> Iterator[str]:
    yield from served(Stubborn())


def test_requests_of_a_program_behind_http_are_counted(
    stubborn: str, menu: Menu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restless, "EXCHANGES_MOST", 40)
    judge = Judge(subject_of(stubborn))
    locked = {"bookkeeper": {"lock_period": "2026-02-28"}}
    late = payment("r-01", "100.00 GBP", date="2026-02-27")
    (finding,) = judge.judge(scenario_of(with_steps(base(menu), locked, late, SYNC))).findings
    assert (finding.invariants, finding.failure_modes) == (("INV-48",), ("FM-37",))
    assert "`settle` had made 40 requests" in finding.title
    assert not judge.stuck


NODE = shutil.which("node")


def _started(command: list[str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)])
    try:
        _listens(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _listens(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(f"the example ended with {process.returncode}")


if NODE:

    @pytest.fixture(scope="module")
    def example() -> Iterator[str]:
        yield from _started([str(NODE), str(EXAMPLE)])

    def test_the_example_in_node_survives_a_lost_answer(example: str, menu: Menu) -> None:
        verdict = judged(example, menu, LOST, payment(), SYNC)
        assert verdict.told == {"r-01": "Completed"}
        assert verdict.findings == []

    def test_the_example_in_node_renews_its_token(example: str, menu: Menu) -> None:
        verdict = judged(example, menu, {"fault": {"expire_token": {}}}, payment(), SYNC)
        assert verdict.fired
        assert verdict.told == {"r-01": "Completed"}

    def test_the_example_in_node_takes_what_is_signed_and_nothing_else(example: str, menu: Menu) -> None:
        heard = Menu("quickbooks_online", subject_of(example).verbs)
        for how in ("respaced", "unsigned"):
            forged = planned(heard, "forge_webhook", {"how": how})
            verdict = judged(example, menu, forged, payment(), SYNC, {"advance": "1h"})
            assert verdict.fired
            assert (verdict.told, verdict.findings) == ({"r-01": "Completed"}, [])
