"""The sweep of a scenario: it runs once as it is, then once for each fault at each of its exchanges.

With a driver its own program meets the faults and kills; without one the bundled hub does. Judged as in a campaign: by
the audit, and by the books of the run without the faults. The schedules are those of ``pytest --sandbooks-sweep``.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any, TypeAlias

from sandbooks.audit import Finding
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.schedules import Schedule, schedules
from sandbooks.harness.subject import HUB, Subject, subject_of
from sandbooks.harness.writing import named, write_scenario
from sandbooks.replay.script import read_scenario
from sandbooks.replay.script_steps import AddFault, Expect, Kill, Scenario, Step
from sandbooks.world import TapeEntry

Plan: TypeAlias = tuple[Schedule, ...]
"""What one run meets: one fault or kill, or two."""

KILL = "kill"
KILL_PHASES = ("deliver", "connect")
DOUBLES_MOST = 400
PLANS_LEAST = 24  # fewer are played sooner than another process starts
CHUNK = 4
WAYS_OF_WORKING = frozenset({"INV-09", "INV-10", "INV-47", "INV-48"})


@dataclass
class Swept:
    """What the runs of one scenario came to.

    ``failing`` holds the schedules that went wrong, the smallest first; of equals those with wrong books before ways of
    working that did no harm this time.
    """

    scenario: Scenario
    first: Verdict
    failing: list[tuple[Plan, Verdict]] = field(default_factory=list)
    right: int = 0
    gave_up: int = 0
    never_met: int = 0

    def note(self, plan: Plan, verdict: Verdict) -> None:
        """What one run came to."""
        if verdict.trouble or len(verdict.fired) < len(plan):
            self.never_met += 1
        elif verdict.findings:
            self.failing.append((plan, verdict))
        elif verdict.told == self.first.told:
            self.right += 1
        else:
            self.gave_up += 1

    @property
    def runs(self) -> int:
        return len(self.failing) + self.right + self.gave_up + self.never_met

    @property
    def shown(self) -> Scenario:
        """What a report shows: the smallest failing run, else the scenario itself."""
        return with_schedules(_without_claims(self.scenario), self.failing[0][0]) if self.failing else self.scenario

    def write(self, folder: Path) -> Path:
        """The smallest failing schedule as a scenario file of its own: the steps of the file, and the faults."""
        schedule, verdict = self.failing[0]
        data = _data_of(self.scenario)
        place = next((n for n, step in enumerate(data["steps"]) if not {"connect", "configure"} & set(step)), 0)
        data["steps"][place:place] = [as_step(one) for one in schedule]
        name = f"{Path(self.scenario.file).stem}-{self.scenario.platform}-{schedule[0].kind}"
        return write_scenario(named(data, verdict.findings[0]), folder, name)

    @property
    def findings(self) -> list[Finding]:
        """Those of the run without a fault, else those of the smallest failing schedule."""
        if self.first.findings:
            return self.first.findings
        return self.failing[0][1].findings if self.failing else []


@dataclass(frozen=True)
class Sweep:
    """How scenarios are swept: which faults, one at a time or also two, and in how many processes.

    Several processes play the runs at once; what comes of them does not depend on how many. The program under test must
    keep nothing outside of itself then, such as a file of one name.
    """

    subject: Subject
    only: frozenset[str] = frozenset()
    depth: int = 1
    kills: bool = True
    processes: int = 1

    def run(self, scenario: Scenario, ticked: Callable[[int, int], None] = lambda done, of: None) -> Swept:
        """Sweep one scenario. Raises ``DriverFailed`` and ``DriverUnusable``."""
        judge = Judge(self.subject)
        plain = _without_claims(scenario)
        swept = Swept(scenario, judge.judge(plain))
        if swept.first.findings or swept.first.trouble:
            return swept
        planned = list(self._planned(swept.first))
        for number, (plan, verdict) in enumerate(self._played(judge, plain, planned), 1):
            swept.note(plan, verdict)
            ticked(number, len(planned))
        swept.failing.sort(key=lambda failure: (len(failure[0]), _harmless(failure[1])))
        return swept

    def _planned(self, first: Verdict) -> Iterator[Plan]:
        singles = list(schedules(_own(first.entries, first.set_up), only=self.only))
        if self.kills and self.subject.in_process and "restart" in self.subject.verbs:
            singles += list(_kills(_own(first.entries, first.set_up)))
        yield from ((single,) for single in singles)
        if self.depth > 1:
            pairs = (pair for pair in combinations(singles, 2) if pair[0].number != pair[1].number)
            yield from (pair for _, pair in zip(range(DOUBLES_MOST), pairs, strict=False))

    def _played(self, judge: Judge, scenario: Scenario, planned: Sequence[Plan]) -> Iterator[tuple[Plan, Verdict]]:
        """Every plan with its verdict, in the order of the plans whoever plays them."""
        if self.processes < 2 or not self.subject.in_process or len(planned) < PLANS_LEAST:
            yield from ((plan, judge.judge(with_schedules(scenario, plan))) for plan in planned)
            return
        with _pool(self.processes, judge, scenario) as pool:
            yield from zip(planned, pool.map(_played_apart, planned, chunksize=CHUNK), strict=True)


_own_player: list[tuple[Judge, Scenario]] = []  # in a process that plays for another one: with what


@contextmanager
def _pool(processes: int, judge: Judge, scenario: Scenario) -> Iterator[ProcessPoolExecutor]:
    """Processes that play runs of a scenario. Where nothing else runs in this one they are copies of it, warm from the
    start; else they begin anew."""
    copies = "fork" in get_all_start_methods() and threading.active_count() == 1 and sys.platform == "linux"
    _own_player[:] = [(judge, scenario)]
    start = partial(_player, judge.subject.text, scenario)
    context = get_context("fork" if copies else "spawn")
    try:
        with ProcessPoolExecutor(processes, mp_context=context, initializer=None if copies else start) as pool:
            yield pool
    finally:
        _own_player.clear()


def _player(driver: str, scenario: Scenario) -> None:
    """Prepare a process that begins anew."""
    _own_player[:] = [(Judge(subject_of(driver)), scenario)]


def _played_apart(plan: Plan) -> Verdict:
    """One run in a process of its own: what the other process needs of the verdict."""
    ((judge, scenario),) = _own_player
    verdict = judge.judge(with_schedules(scenario, plan))
    return replace(verdict, scenario=scenario, entries=[], books={}, accounts={})


def _data_of(scenario: Scenario) -> dict[str, Any]:
    """The file's own data for one run, without what it claims."""
    file = read_scenario(Path(scenario.file))
    variant = next(one for one in file.variants if one.values == scenario.values)
    data = {name: value for name, value in variant.data.items() if name not in ("requires", "about", "covers")}
    steps = [
        step
        for step in data["steps"]
        if "expect" not in step and scenario.platform in step.get("only", [scenario.platform])
    ]
    return {**data, "platforms": [scenario.platform], "steps": [_plain_step(step) for step in steps]}


def _plain_step(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in ("only", "note")}


def _harmless(verdict: Verdict) -> bool:
    """Whether only the way of working was wrong this time: the books came out right."""
    return all(set(finding.invariants) <= WAYS_OF_WORKING for finding in verdict.findings)


def _own(entries: Collection[TapeEntry], after: int) -> list[TapeEntry]:
    """The exchanges of the program itself, and those of the hub on its behalf."""
    return [entry for entry in entries if entry.number > after]


def _kills(entries: Collection[TapeEntry]) -> Iterator[Schedule]:
    seen: set[int] = set()
    for one in schedules([entry for entry in entries if entry.actor == "client"]):
        if one.number not in seen:
            seen.add(one.number)
            yield from (replace(one, kind=KILL, phase=phase, parameters={}) for phase in KILL_PHASES)


def with_schedules(scenario: Scenario, plan: Collection[Schedule]) -> Scenario:
    """The scenario with faults planned right after its set-up."""
    place = next((n for n, s in enumerate(scenario.steps) if s.verb not in ("connect", "configure")), 0)
    key = next(iter(scenario.companies))
    planned = [Step(number=0, verb=_verb(one), action=_action(one), company=key) for one in plan]
    return replace(scenario, steps=(*scenario.steps[:place], *planned, *scenario.steps[place:]))


def as_step(schedule: Schedule) -> dict[str, Any]:
    """The schedule as a step of a scenario file."""
    at = address(schedule)
    if schedule.kind == KILL:
        return {"kill": {"at": at, "phase": schedule.phase}}
    return {"fault": {schedule.kind: {"at": at, "phase": schedule.phase, **schedule.parameters}}}


def address(schedule: Schedule) -> dict[str, Any]:
    """The address without what goes without saying in a scenario of one company."""
    left_out = ("company",) if schedule.at.get("platform") == HUB else ("company", "platform")
    return {name: value for name, value in schedule.at.items() if name not in left_out}


def _verb(schedule: Schedule) -> str:
    return "kill" if schedule.kind == KILL else "fault"


def _action(schedule: Schedule) -> AddFault | Kill:
    at = address(schedule)
    if schedule.kind == KILL:
        return Kill(at=at, phase="connect" if schedule.phase == "connect" else "deliver", may_rest=True)
    return AddFault(
        kind=schedule.kind, at=at, phase=schedule.phase, parameters=dict(schedule.parameters), may_rest=True
    )


def _without_claims(scenario: Scenario) -> Scenario:
    """Claims hold for the run as it is written; under a fault the books alone are judged."""
    return replace(scenario, steps=tuple(s for s in scenario.steps if not isinstance(s.action, Expect)))
