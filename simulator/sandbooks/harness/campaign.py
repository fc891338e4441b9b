"""A campaign: examples for one platform until the number, or the time, is used up; each failure made small and kept.

First what every client should be asked once, with faults and kills at each exchange of the runs that went well; then
the relations between two runs, and what the company's people do meanwhile; then what Hypothesis draws. The same seed
and number give the same examples and the same small scenarios on every machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sandbooks.audit import Finding, print_finding
from sandbooks.harness.disturbing import AFTER_SETUP, disturbed, upon_recovery
from sandbooks.harness.examples import Data, Menu, scenario_of
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.meanwhile import meanwhile
from sandbooks.harness.related import relations
from sandbooks.harness.relating import TAX_MODES
from sandbooks.harness.shrinking import shrunk
from sandbooks.harness.subject import Subject
from sandbooks.harness.systematic import TWO_WORKERS, WAVES, Example
from sandbooks.harness.webhook_examples import KINDS, heard
from sandbooks.harness.writing import named, write_scenario
from sandbooks.replay.result import Result
from sandbooks.replay.script_building import Mistake
from sandbooks.settings import read_contract

ASKED_ONCE = (*WAVES[:2], heard, *WAVES[2:])
LATE_LEAST = 0.32  # of the examples, kept for relations and chance
DRAWN_LEAST = 0.03  # of the examples, kept for chance
FINDINGS_MOST = 12
LOST_AFTER = 5  # examples that could not be played, for one and the same reason
AT_ONCE_FIRST, AT_ONCE = 12, 1  # faults that come before the next systematic example: of the first one, of the others
# What looks different on the wire and leaves a client with the same question.
LOST = dict.fromkeys(("drop_response", "html_error_page", "truncate", "reset", "server_error"), "an answer lost")
SHRINK_TRIES = 60
TRIED_LEAST = 3  # times that a kind of work was tried before it is worth saying that none was completed
WORK = {"bill": "bill", "pay": "bill payment"}
HUNG_MOST = 3  # examples in which a program in another process hangs: each takes minutes


@dataclass(frozen=True)
class Options:
    """What a campaign may use. ``faults`` None: all; ``seconds`` None: no limit."""

    examples: int = 200
    seed: int = 0
    faults: frozenset[str] | None = None
    seconds: float | None = None
    folder: Path | None = None


@dataclass
class Found:
    """One finding, made small: the scenario that shows it, how it was come by, and what it is about."""

    data: Data
    finding: Finding
    about: str
    causes: frozenset[str]
    number: int
    seconds: float
    also: int = 0
    file: Path | None = None
    result: Result | None = None

    @property
    def rule(self) -> str:
        return self.finding.invariants[0]


@dataclass
class Campaign:
    """One campaign on one platform, and what came of it so far."""

    subject: Subject
    platform: str
    options: Options
    ticked: Callable[[int], None] = lambda _: None
    judge: Judge = field(init=False)
    menu: Menu = field(init=False)
    found: list[Found] = field(default_factory=list)
    played: int = 0
    unplayable: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)  # work by kind, and of it what was completed
    completed: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    hung: int = 0  # examples in which a program in another process did not come to rest
    _began: float = 0.0

    def __post_init__(self) -> None:
        self.judge = Judge(self.subject)
        self.menu = Menu(self.platform, self.subject.verbs, self.subject.through_hub, beyond=self.subject.beyond)

    # Running

    def run(self) -> Campaign:
        """Play the whole campaign. Raises ``DriverFailed`` and ``DriverUnusable``."""
        self._began = _now()
        for share, asked in ((LATE_LEAST, self._asked_once()), (DRAWN_LEAST, self._asked_late())):
            for example in asked:
                if not self._may_go_on(keep=round(self.options.examples * share)):
                    break
                if self._fits(example):
                    self._try(example)
        if self._may_go_on():
            self._draw()
        self.seconds = _now() - self._began
        return self

    def _may_go_on(self, *, keep: int = 0) -> bool:
        if self.is_lost or self._is_late or self.is_stuck:
            return False
        return self.played < self.options.examples - keep and len(self.found) < FINDINGS_MOST

    @property
    def _is_late(self) -> bool:
        return self.options.seconds is not None and _now() - self._began >= self.options.seconds

    @property
    def is_lost(self) -> bool:
        """Whether the driver cannot be used here at all: whatever was tried met the same obstacle."""
        met = sum(self.unplayable.values())
        return not self.outcomes and len(self.unplayable) == 1 and met == self.played >= LOST_AFTER

    @property
    def is_stuck(self) -> bool:
        """Whether a program in another process has not come back from a verb, or hangs whatever it is asked."""
        return self.judge.stuck or self.hung >= HUNG_MOST

    @property
    def never_completed(self) -> dict[str, int]:
        """Kinds of work of which nothing was ever completed, and how often each was tried: nobody was told anything
        wrong, and the customer can do nothing with it."""
        return {k: n for k, n in self.tried.items() if n >= TRIED_LEAST and not self.completed[k]}

    def _asked_once(self) -> Iterator[Example]:
        """The systematic examples; those that went well come again with faults.

        The most telling faults of the first one come at once, and of the others the very first: each kind of work is
        interrupted once. The rest waits until everything was asked once, so that a client of many exchanges is asked as
        much as one of few.
        """
        later: list[Iterator[Example]] = []
        for wave in ASKED_ONCE:
            for example in wave(self.menu):
                if not self._fits(example):
                    continue
                yield example
                if example.disturb and self._last is not None and not self._last.wrong:
                    variants = disturbed(
                        example,
                        self._last.entries,
                        after=self._last.set_up,
                        only=self._only(),
                        kills=self._kills,
                    )
                    if self.options.faults != frozenset():
                        if comes_after(example.data):
                            variants = unsent_second(variants)
                        most = AT_ONCE_FIRST if not later else AT_ONCE + comes_after(example.data)
                        yield from self._at_once(variants, most, first=not later)
                    if self.options.faults != frozenset() or self._kills:
                        later.append(variants)
        yield from _in_turn(later)

    def _at_once(self, variants: Iterator[Example], most: int, *, first: bool) -> Iterator[Example]:
        """The most telling variants of an example; where the first one lost an answer, a second accident upon that."""
        for variant in islice(variants, most):
            yield variant
            lost = any("drop_response" in step.get("fault", {}) for step in variant.data["steps"])
            if first and lost and self.options.faults is None and self._last is not None and not self._last.wrong:
                yield from upon_recovery(variant, self._last.entries, after=self._last.set_up, kills=self._kills)

    def _asked_late(self) -> Iterator[Example]:
        """Relations between two runs, and what happens meanwhile, one of each in turn."""
        yield from _in_turn([relations(self.menu), meanwhile(self.menu)])

    _last: Verdict | None = None

    @property
    def _kills(self) -> bool:
        return self.subject.in_process and "restart" in self.subject.verbs

    def _only(self) -> frozenset[str]:
        return self.options.faults or frozenset()

    def _fits(self, example: Example) -> bool:
        """Whether the driver has what an example needs, and its faults are wanted."""
        steps = example.data["steps"]
        restart = any(step.get("sync") == "after restart" for step in steps)
        kill = any("kill" in step for step in steps)
        if (restart and "restart" not in self.subject.verbs) or (kill and not self._kills):
            return False
        if self.subject.workers < 2 and any(step.get("sync") == TWO_WORKERS for step in steps):
            return False
        if not self._fits_relation(str(example.data.get("relation", ""))):
            return False
        kinds = {kind for step in steps for kind in (step.get("fault") or {}) if kind != "clear"}
        if self.options.faults is None:
            return self.subject.in_process or "throttle" not in kinds  # in real time a limit lasts a minute
        return kinds <= self.options.faults

    def _fits_relation(self, rule: str) -> bool:
        """Whether the other run of a relation can be played: a second company and another clock take a program in this
        process, another platform one that takes several."""
        if rule == "INV-65":
            return len(self.subject.platforms) > 1
        if rule == "INV-74":
            return set(TAX_MODES) <= set(self.subject.tax_modes)
        return self.subject.in_process or rule not in ("INV-46", "INV-69")

    def _draw(self) -> None:
        """Examples by chance, as many as are left."""
        from hypothesis import HealthCheck, Phase, given, seed, settings

        from sandbooks.harness.drawing import FAULTS, examples

        known = frozenset(kind for kind, _ in FAULTS) | KINDS
        faults = known if self.options.faults is None else self.options.faults & known
        faults -= set() if self.subject.in_process or self.options.faults is not None else {"throttle"}
        several = self.subject.workers > 1
        strategy = examples(self.menu, faults=faults, restarts=self._kills, workers=several)
        left = max(1, self.options.examples - self.played)

        @seed(self.options.seed)
        @settings(
            max_examples=left,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=False,
        )
        @given(strategy)
        def drawn(data: Data) -> None:
            if self._may_go_on():
                self._try(Example("drawn by chance", data))

        drawn()

    # One example

    def _try(self, example: Example) -> None:
        self._last = None
        verdict = self._verdict(example.data)
        self.played += 1
        self.ticked(self.played)
        if verdict is None:
            return
        if verdict.trouble:
            self.unplayable[verdict.trouble] = self.unplayable.get(verdict.trouble, 0) + 1
            return
        self._last = verdict
        for status in verdict.told.values():
            self.outcomes[status] = self.outcomes.get(status, 0) + 1
        for kind, done in _work_of(example.data, verdict):
            self.tried[kind] = self.tried.get(kind, 0) + 1
            self.completed[kind] = self.completed.get(kind, 0) + int(done)
        self.hung += int(verdict.stopped and not self.subject.in_process)
        if verdict.findings:
            self._keep(example, verdict)

    def _verdict(self, data: Data, *, report: bool = False, command: str = "") -> Verdict | None:
        try:
            scenario = scenario_of(data, self.platform)
        except Mistake:
            return None
        return self.judge.judge(scenario, report=report, command=command)

    def _keep(self, example: Example, verdict: Verdict) -> None:
        """Make a failure small and remember it, unless the same was found before."""
        rule = verdict.findings[0].invariants[0]
        causes = _causes(_fired_only(example.data, verdict))
        for known in self.found:
            if known.rule == rule and known.causes <= causes:
                known.also += 1
                return
        waited = verdict.stopped and not self.subject.in_process  # in real time: not once more
        data = example.data if waited else self._small(_fired_only(example.data, verdict), rule)
        last = verdict if waited else self._verdict(data)
        finding = _of_rule(last, rule) or verdict.findings[0]
        causes = _causes(data)
        for known in self.found:
            if known.rule == rule and known.causes == causes:
                known.also += 1
                return
        data = named(data, finding)
        found = Found(data, finding, example.about, causes, self.played, _now() - self._began)
        self.found.append(found)
        self._write(found)

    def _small(self, data: Data, rule: str) -> Data:
        if self._fails(data, rule):
            return shrunk(data, lambda smaller: self._fails(smaller, rule), tries=SHRINK_TRIES)
        return data

    def _fails(self, data: Data, rule: str) -> bool:
        if self._is_late:
            return False
        verdict = self._verdict(data)
        if verdict is None or _of_rule(verdict, rule) is None:
            return False
        return not verdict.never_met

    def _write(self, found: Found) -> None:
        """The scenario file, and the finding once more with the command that shows it again."""
        folder = self.options.folder
        if folder is None:
            return
        name = f"{self.platform}-{len(self.found):02d}-{found.rule.lower()}"
        found.file = write_scenario(found.data, folder, name)
        command = f"sandbooks replay {found.file} --driver {self.subject.text}"
        found.finding = replace(found.finding, command=command)

    def report(self, found: Found) -> Result | None:
        """The run of a finding as reports show it."""
        scenario = scenario_of(found.data, self.platform, file=str(found.file or f"{found.rule}.yaml"))
        if self.is_stuck:
            return Result(scenario, failures=[print_finding(found.finding)])
        verdict = self.judge.judge(scenario, report=True, command=found.finding.command)
        return verdict.result

    def sound(self) -> Result | None:
        """A run that went well, for the report of a campaign without findings."""
        example = next(iter(WAVES[0](self.menu)))
        scenario = scenario_of({**example.data, "scenario": f"Nothing found: {example.about}"}, self.platform)
        return self.judge.judge(scenario, report=True).result


def _work_of(data: Data, verdict: Verdict) -> Iterator[tuple[str, bool]]:
    """What an example asked for, by kind, and whether it was completed."""
    for step in data["steps"]:
        pushed = step.get("push", [])
        for given in pushed if isinstance(pushed, list) else [pushed]:
            kind = next(iter(given))
            yield kind, verdict.told.get(given[kind]) == "Completed"
        for name in WORK.keys() & step.keys():
            yield WORK[name], verdict.told.get(step[name]["id"]) == "Completed"
        if "update" in step:
            done = verdict.told.get(step["update"]["transaction"]) == "Completed"
            yield "change", done and not verdict.turned_down


def _now() -> float:
    """Seconds of this process; the worlds' own time is another matter."""
    return time.perf_counter()


def _in_turn(variants: list[Iterator[Example]]) -> Iterator[Example]:
    """One of each in turn, so that no run's variants use up the campaign."""
    while variants:
        for source in list(variants):
            example = next(source, None)
            if example is None:
                variants.remove(source)
            else:
                yield example


def comes_after(data: Data) -> bool:
    """Whether files or changes are handed over: of one that is lost nobody is told."""
    return any("attach" in step or "update" in step for step in data["steps"])


def unsent_second(variants: Iterator[Example]) -> Iterator[Example]:
    """The same variants; the first one whose request was lost before it was carried out comes second."""
    known = list(variants)
    unsent = [one for one in known if any(_is_unsent(step) for step in one.data["steps"])][:1]
    rest = [one for one in known if one not in unsent]
    return iter([*rest[:1], *unsent, *rest[1:]])


def _is_unsent(step: Data) -> bool:
    return bool(step.get("fault", {}).get("drop_response", {}).get("phase") == "validate")


def _plans(step: Data) -> int:
    return int("kill" in step or ("fault" in step and "clear" not in step["fault"]))


def _fired_only(data: Data, verdict: Verdict) -> Data:
    """The data without the faults and kills that never met an exchange; the others must meet one from now on."""
    numbers = {"fault": 0, "kill": -1}
    steps = []
    for step in data["steps"]:
        if not _plans(step):
            steps.append(step)
            continue
        verb = "kill" if "kill" in step else "fault"
        numbers[verb] += 1
        if verb == "kill" and f"kill {numbers['kill']}" in verdict.fired:
            steps.append({"kill": _without_rest(step["kill"])})
        elif verb == "fault" and verdict.has_fired(numbers["fault"]):
            ((kind, facts),) = step["fault"].items()
            steps.append({"fault": {kind: _without_rest(facts or {})}})
    return {**data, "steps": steps}


def _without_rest(facts: Data) -> Data:
    return {name: value for name, value in facts.items() if name != "may_rest"}


def _causes(data: Data) -> frozenset[str]:
    """What an example is made of: kinds of transactions, faults, what else happens, and the relation it asks."""
    found = {f"relation {data['relation']}"} if "relation" in data else set[str]()
    pushed: list[Any] = []
    for step in data["steps"][AFTER_SETUP:]:
        if "fault" in step:
            found |= {LOST.get(kind, kind) for kind in step["fault"] if kind != "clear"}
        elif "push" in step:
            given = step["push"] if isinstance(step["push"], list) else [step["push"]]
            pushed += [next(iter(one.values())) for one in given]
            found |= {next(iter(one)) for one in given if next(iter(one)) != "payment"}
        elif "bookkeeper" in step:
            found.add(f"bookkeeper {next(iter(step['bookkeeper']))}")
        elif "sync" in step:
            found |= {"restart"} if step["sync"] == "after restart" else set()
        elif "advance" not in step:
            found.add(next(iter(step)))
    if len(pushed) != len(set(pushed)):
        found.add("again")
    return frozenset(found)


def _of_rule(verdict: Verdict | None, rule: str) -> Finding | None:
    if verdict is None:
        return None
    return next((finding for finding in verdict.findings if rule in finding.invariants), None)


def known_faults() -> frozenset[str]:
    """Every kind of fault that the contract knows."""
    return frozenset(read_contract("faults.yaml")["faults"])
