"""A program that does not come to rest: within one verb it sends, sleeps, computes or waits beyond all measure.

A retry without an end is a bug that no run would survive. Whoever plays a run counts here what the program does in each
verb, and stops it. A program in another process cannot be stopped: it is waited for no longer.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from sandbooks.audit import Finding
from sandbooks.platform import platform_named

if TYPE_CHECKING:
    from sandbooks.harness.judging import Verdict
    from sandbooks.world import TapeEntry

T = TypeVar("T")

EXCHANGES_MOST = 1_000  # in one verb; the whole lists of a large company take some hundreds
SLEEPS_MOST = 5_000
SECONDS_MOST = 10  # of processor time between two requests or sleeps: no verdict on how fast the machine is
SILENCE_S = 120.0  # of real time without a request, an answer or a computation; who waits to try again waits less
VERB_SILENCES = 5  # one verb of a program in another process lasts so many times as long at most
IDLE_SHARE = 0.01  # of a processor: who uses less computes nothing
LOOKS = 12  # in a silence: how finely it is measured
POLL_S = 0.05
NO_ADDRESS = "at no address that is known"
RETURN_S = 10.0  # for a verb to end once nobody answers the program any more


class Restless(BaseException):
    """The system under test was stopped. No ``Exception``, so that its own handlers do not let it go on."""

    def __init__(self, verb: str, did: str) -> None:
        super().__init__(f"{verb} {did}")
        self.verb, self.did = verb, did


class Patience:
    """How much one verb has done so far. Verbs within a verb count for the outer one.

    ``silence`` is how long, in seconds of real time, a program may do nothing at all.
    """

    def __init__(self, silence: float = SILENCE_S) -> None:
        self.silence = silence
        self._verb = ""
        self._sent = self._slept = 0
        self._timed = False
        self._left: threading.Thread | None = None

    @contextmanager
    def during(self, verb: str) -> Iterator[None]:
        """While this lasts a verb is measured. Raises ``Restless`` out of the program's own call."""
        if self._verb:
            yield
            return
        self._verb, self._sent, self._slept = verb, 0, 0
        try:
            with _processor_time(self._computed) as self._timed, _standstill(self._moves, self._stood, self.silence):
                yield
        finally:
            self._verb, self._timed = "", False

    def outlast(self, verb: str, work: Callable[[], T]) -> T:
        """Wait for a verb of a program in another process. Raises ``Restless`` here while the program goes on."""
        if self._verb:
            return work()
        self._verb, self._sent = verb, 0
        try:
            return self._outlasted(work)
        finally:
            self._verb = ""

    def _outlasted(self, work: Callable[[], T]) -> T:
        call = _Call[T](work)
        began = moved = time.perf_counter()
        sent = 0
        while not call.done.wait(POLL_S):
            now = time.perf_counter()
            if self._sent != sent:
                sent, moved = self._sent, now
            did = ""
            if sent > EXCHANGES_MOST:
                did = f"had made {EXCHANGES_MOST} requests"
            elif now - moved > self.silence:
                did = f"had neither answered nor sent anything for {self.silence:g} seconds"
            elif now - began > VERB_SILENCES * self.silence:
                did = f"had not answered within {VERB_SILENCES * self.silence:g} seconds"
            if did:
                self._left = call.thread
                raise Restless(self._verb, did)
        return call.result()

    def is_stuck(self) -> bool:
        """Whether a verb that is waited for no longer has not ended by now either, a moment later."""
        if self._left is None:
            return False
        self._left.join(min(RETURN_S, self.silence))
        return self._left.is_alive()

    def arrived(self) -> None:
        """A request of a program in another process has come."""
        self._sent += 1

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

    def _moves(self) -> int:
        return self._sent + self._slept

    def _stood(self) -> None:
        raise Restless(self._verb, f"had done nothing at all for {self.silence:g} seconds")


class _Call(Generic[T]):
    """A call in a thread of its own, which may be left behind."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.done = threading.Event()
        self._work = work
        self._answers: list[T] = []
        self._error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, name="a verb over HTTP", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._answers.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is asked for
            self._error = error
        self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        (answer,) = self._answers
        return answer


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


@contextmanager
def _standstill(moves: Callable[[], int], stood: Callable[[], None], silence: float) -> Iterator[None]:
    """Call ``stood`` in the main thread once the process has neither moved nor computed for so long: it waits for what
    never comes. Nothing where there are no such timers, or somebody else uses them."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    if signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return
    look = silence / LOOKS
    seen, still = (moves(), time.process_time()), 0

    def looked(*_: object) -> None:
        nonlocal seen, still
        now = (moves(), time.process_time())
        still = still + 1 if now[0] == seen[0] and now[1] - seen[1] < look * IDLE_SHARE else 0
        seen = now
        if still >= LOOKS:
            stood()

    signal.signal(signal.SIGALRM, looked)
    signal.setitimer(signal.ITIMER_REAL, look, look)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def without_rest(verdict: Verdict, stopped: Restless, *, command: str, silence: float = SILENCE_S) -> Finding:
    """INV-48: what is tried again is tried so often, and then somebody is told; INV-53: what is taken gets done."""
    scenario = verdict.scenario
    own = [entry for entry in verdict.entries if entry.actor == "client"][-EXCHANGES_MOST:]
    sending = "requests" in stopped.did
    return Finding(
        title=f"The client does not come to rest: `{stopped.verb}` {stopped.did} when it was stopped.",
        message=_mostly(own) if sending and own else _stands(own, verdict.told),
        invariants=("INV-48",) if sending else ("INV-53",),
        failure_modes=(_mode(own),) if sending and own else (),
        platform=platform_named(scenario.platform).title,
        company=next((plan.name for plan in scenario.companies.values() if plan.name), ""),
        control="The same work without faults is done after a few requests.",
        remedy="Bound every repeat: so many tries at growing intervals, then leave the work for later or report it.",
        assumption=f"No verb needs more than {EXCHANGES_MOST} requests, {SLEEPS_MOST} pauses, {SECONDS_MOST} seconds "
        f"of processor time between two of them, or {silence:g} seconds in which nothing happens.",
        command=command,
    )


def _mostly(own: list[TapeEntry]) -> str:
    (operation, saw), times = Counter((entry.operation, _saw(entry)) for entry in own).most_common(1)[0]
    return f"{times} of its last {len(own)} requests were {operation or NO_ADDRESS}, and it saw {saw}."


def _stands(own: list[TapeEntry], told: Mapping[str, str]) -> str:
    """Where a program stands that waits: the last thing that it did, and what it had taken on."""
    last = own[-1] if own else None
    did = (
        f"its last request was {last.operation or 'at no address that is known'}, and it saw {_saw(last)}"
        if last
        else "it sent nothing"
    )
    taken = ", ".join(label if not status else f"{label} ({status})" for label, status in told.items())
    return f"It waits for something that nobody does: {did}. Taken so far: {taken or 'nothing'}."


def _named(entry: TapeEntry) -> str:
    return entry.operation or NO_ADDRESS


def _saw(entry: TapeEntry) -> str:
    return str(entry.status) if entry.status and not entry.cut else "no answer"


def _mode(own: list[TapeEntry]) -> str:
    saw, _ = Counter(_saw(entry) for entry in own).most_common(1)[0]
    return "FM-37" if saw.startswith("4") and saw != "429" else "FM-34"
