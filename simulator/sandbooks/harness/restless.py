"""A program that does not come to rest: within one verb it sends, sleeps or computes beyond all measure.

A retry without an end is a bug that no run would survive. Whoever plays a run counts here what the program does in each
verb, and stops it.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandbooks.audit import Finding
from sandbooks.platform import platform_named

if TYPE_CHECKING:
    from sandbooks.harness.judging import Verdict
    from sandbooks.world import TapeEntry

EXCHANGES_MOST = 1_000  # in one verb; the whole lists of a large company take some hundreds
SLEEPS_MOST = 5_000
SECONDS_MOST = 10  # of processor time between two requests or sleeps: no verdict on how fast the machine is


class Restless(BaseException):
    """The system under test was stopped. No ``Exception``, so that its own handlers do not let it go on."""

    def __init__(self, verb: str, did: str) -> None:
        super().__init__(f"{verb} {did}")
        self.verb, self.did = verb, did


class Patience:
    """How much one verb has done so far. Verbs within a verb count for the outer one."""

    def __init__(self) -> None:
        self._verb = ""
        self._sent = self._slept = 0
        self._timed = False

    @contextmanager
    def during(self, verb: str) -> Iterator[None]:
        """While this lasts a verb is measured. Raises ``Restless`` out of the program's own call."""
        if self._verb:
            yield
            return
        self._verb, self._sent, self._slept = verb, 0, 0
        try:
            with _processor_time(self._computed) as self._timed:
                yield
        finally:
            self._verb, self._timed = "", False

    def sent(self) -> None:
        """The program sends a request."""
        self._sent += 1
        if self._verb and self._sent > EXCHANGES_MOST:
            raise Restless(self._verb, f"had made {EXCHANGES_MOST} requests")
        self._moved()

    def slept(self) -> None:
        """The program sleeps."""
        self._slept += 1
        if self._verb and self._slept > SLEEPS_MOST:
            raise Restless(self._verb, f"had slept {SLEEPS_MOST} times")
        self._moved()

    def _moved(self) -> None:
        """The program did something that is counted: its processor time is counted from here."""
        if self._timed:
            signal.setitimer(signal.ITIMER_PROF, SECONDS_MOST)

    def _computed(self) -> None:
        raise Restless(self._verb, f"had used {SECONDS_MOST} seconds of processor time at a stretch")


@contextmanager
def _processor_time(passed: Callable[[], None]) -> Iterator[bool]:
    """Call ``passed`` in the main thread once the process has used its time. False where there are no such timers."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield False
        return
    before = signal.signal(signal.SIGPROF, lambda *_: passed())
    signal.setitimer(signal.ITIMER_PROF, SECONDS_MOST)
    try:
        yield True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def without_rest(verdict: Verdict, stopped: Restless, *, command: str) -> Finding:
    """INV-48: what is tried again is tried so often, and then somebody is told."""
    scenario = verdict.scenario
    own = [entry for entry in verdict.entries if entry.actor == "client"][-EXCHANGES_MOST:]
    sending = "requests" in stopped.did
    return Finding(
        title=f"The client does not come to rest: `{stopped.verb}` {stopped.did} when it was stopped.",
        message=_mostly(own) if sending and own else "It waits for something that nobody does.",
        invariants=("INV-48",) if sending else ("INV-53",),
        failure_modes=(_mode(own),) if sending and own else (),
        platform=platform_named(scenario.platform).title,
        company=next((plan.name for plan in scenario.companies.values() if plan.name), ""),
        control="The same work without faults is done after a few requests.",
        remedy="Bound every repeat: so many tries at growing intervals, then leave the work for later or report it.",
        assumption=f"No verb needs more than {EXCHANGES_MOST} requests, {SLEEPS_MOST} pauses or {SECONDS_MOST} seconds "
        "of processor time between two of them.",
        command=command,
    )


def _mostly(own: list[TapeEntry]) -> str:
    (operation, saw), times = Counter((entry.operation, _saw(entry)) for entry in own).most_common(1)[0]
    return (
        f"{times} of its last {len(own)} requests were {operation or 'at no address that is known'}, and it saw {saw}."
    )


def _saw(entry: TapeEntry) -> str:
    return str(entry.status) if entry.status and not entry.cut else "no answer"


def _mode(own: list[TapeEntry]) -> str:
    saw, _ = Counter(_saw(entry) for entry in own).most_common(1)[0]
    return "FM-37" if saw.startswith("4") and saw != "429" else "FM-34"
