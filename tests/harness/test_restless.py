"""Programs that never come to rest are stopped, and told in words."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from tests.harness.conftest import SYNC, Judged, payment
from tests.harness.small_clients import Careful, Unanswered

from sandbooks.harness import restless
from sandbooks.harness.examples import Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge
from sandbooks.harness.subject import subject_of_class

LOCKED = {"bookkeeper": {"lock_period": "2026-02-28"}}
CLOSED = payment("r-01", "100.00 GBP", date="2026-02-27")
DOWN = {"fault": {"server_error": {"at": {"every": True}, "phase": "send"}}}


class Stubborn(Careful):
    """Tries again at once, whatever the answer."""

    pause = 0.0

    def _post(self, row: dict[str, Any]) -> None:
        while row["status"] == "pending":
            try:
                status, answer = self._call("POST", self._path(row["given"]["id"]), self._purchase(row["given"]))
            except Unanswered:
                continue
            if status == 200:
                row.update(status="completed", native_id=answer["Purchase"]["Id"])
            time.sleep(self.pause)


class Patient(Stubborn):
    """The same, half a minute later each time."""

    pause = 30.0


class Waits(Careful):
    """Sleeps until somebody else has done the work."""

    def settle(self) -> None:
        while any(row["status"] == "pending" for row in self.stored.values()):
            time.sleep(1)


class Spins(Careful):
    """Waits for somebody else without sleeping."""

    def settle(self) -> None:
        while any(row["status"] == "pending" for row in self.stored.values()):
            pass


@pytest.mark.parametrize("driver", [Stubborn, Patient])
def test_a_refusal_that_is_tried_again_for_ever_is_stopped(judged: Judged, driver: type[Careful]) -> None:
    (finding,) = judged(LOCKED, CLOSED, SYNC, driver=driver).findings
    assert (finding.invariants, finding.failure_modes) == (("INV-48",), ("FM-37",))
    assert finding.title == "The client does not come to rest: `settle` had made 1000 requests when it was stopped."
    assert "were create_purchase, and it saw 400" in finding.message
    assert judged(LOCKED, CLOSED, SYNC).findings == []


def test_an_outage_that_is_not_waited_for_is_told(judged: Judged) -> None:
    (finding,) = judged(DOWN, payment(), SYNC, driver=Stubborn).findings
    assert finding.failure_modes == ("FM-34",)
    assert judged(DOWN, payment(), SYNC).findings == []


def test_sleeping_for_ever_is_stopped(judged: Judged) -> None:
    (finding,) = judged(payment(), SYNC, driver=Waits).findings
    assert (finding.invariants, "slept 5000 times" in finding.title) == (("INV-53",), True)


def test_computing_for_ever_is_stopped(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restless, "SECONDS_MOST", 1)
    (finding,) = judged(payment(), SYNC, driver=Spins).findings
    assert "used 1 seconds of processor time" in finding.title


class Deadlocked(Careful):
    """Waits for a lock that it holds itself."""

    def settle(self) -> None:
        lock = threading.Lock()
        with lock:
            lock.acquire()


def test_waiting_for_ever_is_stopped(menu: Menu) -> None:
    subject = replace(subject_of_class(Deadlocked), silence=1.2)
    (finding,) = Judge(subject).judge(scenario_of(with_steps(base(menu), payment(), SYNC))).findings
    assert finding.invariants == ("INV-53",)
    assert "`settle` had done nothing at all for 1.2 seconds" in finding.title
    assert "it sent nothing. Taken so far: r-01" in finding.message


class SpinningWorkers(Spins):
    """Both of its workers wait without sleeping."""

    workers = 2


def test_workers_that_compute_for_ever_do_not_go_on(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restless, "SECONDS_MOST", 1)
    before = threading.active_count()
    (finding,) = judged(payment(), {"sync": "two workers"}, driver=SpinningWorkers).findings
    assert "used 1 seconds of processor time" in finding.title
    assert threading.active_count() == before


class Slow(Careful):
    """Computes before each request."""

    def _call(self, *given: Any, **more: Any) -> Any:
        until = time.process_time() + 0.4
        while time.process_time() < until:
            pass
        return super()._call(*given, **more)


def test_a_slow_machine_is_no_finding(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restless, "SECONDS_MOST", 1)
    payments = [payment(f"r-0{number}", f"{number}7.10 GBP") for number in range(1, 5)]
    assert judged(*payments, SYNC, driver=Slow).findings == []
