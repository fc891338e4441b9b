"""Disturbed examples: a run that went well, again with one fault or one kill at each of its exchanges.

The schedules are those of a sweep; here they become steps of the example, addressed by content where an exchange
carries a transaction, so that the scenario that is written says what it means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sandbooks.audit.reading import Sent
from sandbooks.harness.examples import Data
from sandbooks.harness.schedules import ASKED_FAULTS, addressed, faults_for
from sandbooks.harness.subject import HUB
from sandbooks.harness.systematic import Example
from sandbooks.platform import platform_named
from sandbooks.world import TapeEntry

AFTER_SETUP = 2  # connect and configure; the driver itself connects at its first verb, which comes later
KILL_PHASES = ("deliver", "connect")
RECOVERY = 1  # exchanges after a lost answer at which another accident is tried


def disturbed(
    example: Example,
    entries: Collection[TapeEntry],
    *,
    after: int,
    only: Collection[str] = frozenset(),
    kills: bool = True,
) -> Iterator[Example]:
    """One example for each fault and kill at each exchange after the first ``after``, the most telling ones first, and
    of these the one that comes last: what an example adds to others stands at its end."""
    own = [entry for entry in entries if entry.number > after]
    planned: list[tuple[tuple[int, int], Data]] = []
    for entry, at in addressed(own):
        for kind, phase, parameters in _faults(entry, only):
            step: Data = {"fault": {kind: {"at": _short(at), "phase": phase, **parameters, "may_rest": True}}}
            planned.append(((_rank(entry, kind, phase), -entry.number), step))
        for phase in KILL_PHASES if kills and entry.actor == "client" else ():
            step = {"kill": {"at": _short(at), "phase": phase, "may_rest": True}}
            planned.append(((_rank(entry, "kill", phase), -entry.number), step))
    for _, step in sorted(planned, key=lambda plan: plan[0]):
        yield _with(example, step)


def upon_recovery(
    example: Example, entries: Collection[TapeEntry], *, after: int, kills: bool = True
) -> Iterator[Example]:
    """A second accident where a client makes the first one good: at the exchanges that follow the lost answer.

    A look-up that fails proves nothing, and whoever is about to repeat a write may die, too.
    """
    own = list(addressed(entry for entry in entries if entry.number > after))
    lost = next((entry.number for entry, _ in own if entry.faults), None)
    follow = [(entry, at) for entry, at in own if lost is not None and entry.number > lost and entry.actor == "client"]
    for place, (entry, at) in enumerate(follow[:RECOVERY]):
        kind, phase = ("drop_response", "commit") if entry.writes else ("server_error", "send")
        yield _with(example, {"fault": {kind: {"at": _short(at), "phase": phase, "may_rest": True}}}, last=True)
        if kills and not place:
            yield _with(example, {"kill": {"at": _short(at), "phase": "deliver", "may_rest": True}}, last=True)


def _faults(entry: TapeEntry, only: Collection[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """The usual faults; those that only some clients can survive where this client shows how it would."""
    if only:
        return faults_for(entry, only)
    found = faults_for(entry)
    if entry.surface == HUB:
        return found
    if entry.written:  # what posts may also be refused for good; a sign-in that is refused ends the consent
        found = [*found, ("refuse", "validate", {}), ("refuse", "admit", {})]
    return [*found, *(fault for fault in ASKED_FAULTS if fault[0] != "late_commit" or _keyed(entry))]


def _keyed(entry: TapeEntry) -> bool:
    """Whether a write carries what the platform tells a repeat by."""
    if not entry.writes:
        return False
    try:
        ways = platform_named(entry.surface).idempotency
    except LookupError:
        return False
    return bool(ways) and bool(Sent(entry).keys(list(ways)))


# What comes first: the accidents after which a client cannot know, then those that look like them, then the rest.
TELLING = (
    ("drop_response", "commit"),
    ("drop_response", "validate"),
    ("kill", "deliver"),
    ("expire_token", "send"),
    ("throttle", "admit"),
    ("late_commit", "validate"),
    ("refuse", "validate"),
    ("refuse", "admit"),
    ("server_error", "commit"),
    ("truncate", "render"),
    ("kill", "connect"),
    ("html_error_page", "commit"),
)


def _rank(entry: TapeEntry, kind: str, phase: str) -> int:
    """Where a schedule stands in line: writes by what they tell, then reads."""
    place = TELLING.index((kind, phase)) if (kind, phase) in TELLING else len(TELLING)
    return place if entry.writes else len(TELLING) + 1 + place


def _short(at: Mapping[str, Any]) -> Data:
    """The address without what goes without saying."""
    left_out = ("company",) if at.get("platform") == HUB else ("company", "platform")
    return {name: value for name, value in at.items() if name not in left_out and (name, value) != ("nth", 1)}


def _with(example: Example, step: Data, *, last: bool = False) -> Example:
    """The example with one more fault or kill after its set-up; ``last``: after those that it has."""
    steps = example.data["steps"]
    planned = [n for n, one in enumerate(steps) if "fault" in one or "kill" in one] if last else []
    place = max([AFTER_SETUP, *(n + 1 for n in planned)])
    data = {**example.data, "steps": [*steps[:place], step, *steps[place:]]}
    ((verb, what),) = step.items()
    named = verb if verb == "kill" else next(iter(what))
    return Example(f"{example.about}, with {named}", data)
