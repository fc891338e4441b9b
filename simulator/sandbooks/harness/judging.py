"""Judging one scenario under one driver: the audit, and the comparison with the plain run of the same work.

Whatever happened on the way, the books must end as those of the plain run (``plain_run``): INV-70, INV-18, INV-06,
INV-20, INV-55, INV-08.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sandbooks.audit import Finding, RunBooks, Submitted, print_finding
from sandbooks.audit.comparing import books_of_run
from sandbooks.audit.relations import compare_related
from sandbooks.control.companies import labels_of
from sandbooks.harness.alone import RULE, alone
from sandbooks.harness.driven_run import DrivenRun
from sandbooks.harness.hearing import believed, compare_heard, undisturbed
from sandbooks.harness.open_bills import wrongly_open
from sandbooks.harness.pauses import compare_unhurried, unhurried
from sandbooks.harness.plain_run import by_the_kill, compared_with_plain, plain_of
from sandbooks.harness.promises import broken_promises
from sandbooks.harness.relating import Related, related_of
from sandbooks.harness.restless import Restless, without_rest
from sandbooks.harness.stage import Prepared, Stage
from sandbooks.harness.subject import Subject
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import platform_named
from sandbooks.replay.playing import collect
from sandbooks.replay.result import Played, Result
from sandbooks.replay.script_steps import (
    AddFault,
    Bookkeeper,
    Scenario,
)
from sandbooks.replay.transport import Refused
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry

CALM_MOST = 8
ENDS_CONSENT = ("revoke_token",)


@dataclass
class Verdict:
    """What came of one scenario under a driver.

    ``trouble`` says why it could not be judged (a step that cannot be played, something that is not simulated);
    ``told`` is what the driver says of each transaction, ``entries`` the tape.
    """

    scenario: Scenario
    findings: list[Finding] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    trouble: str = ""
    told: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    set_up: int = 0
    faults: list[str] = field(default_factory=list)
    planned: int = 0
    entries: list[TapeEntry] = field(default_factory=list)
    books: dict[str, RunBooks] = field(default_factory=dict)
    accounts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    consent_ended: bool = False
    turned_down: set[int] = field(default_factory=set)
    never_met: list[str] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    companies: dict[str, str] = field(default_factory=dict)
    stopped: bool = False  # a verb did not come to rest
    result: Result | None = None

    @property
    def wrong(self) -> bool:
        return bool(self.findings)

    def has_fired(self, number: int) -> bool:
        """Whether the fault that was planned as number so many (from 1) has acted."""
        return number <= len(self.faults) and self.faults[number - 1] in self.fired


@dataclass
class Judge:
    """Judges scenarios under one driver. ``prepared`` keeps worlds to fork from, ``plain`` the plain runs' books."""

    subject: Subject
    prepared: Prepared = field(default_factory=Prepared)
    plain: dict[str, dict[str, RunBooks] | None] = field(default_factory=dict)
    plain_most: int = 400
    calm: dict[str, Verdict] = field(default_factory=dict)
    runs: int = 0
    stuck: bool = False  # a program in another process has never come back from a verb

    def judge(self, scenario: Scenario, *, command: str = "", report: bool = False) -> Verdict:
        """Play a scenario and judge it. Raises ``DriverFailed`` for a driver that does not keep to the contract."""
        zone = next(iter(scenario.companies.values())).time_zone or "Europe/London"
        verdict = self._play(scenario, zone=zone, command=command, report=report)
        if verdict.trouble or verdict.findings:
            return verdict
        if scenario.relation:
            verdict.findings = self._related(verdict, zone=zone, command=command)
            return _printed(verdict)
        verdict.findings += self._heard(verdict, zone=zone, command=command)
        verdict.findings += self._unhurried(verdict, zone=zone, command=command)
        if verdict.findings:
            return _printed(verdict)
        taken = replace(scenario, steps=tuple(s for s in scenario.steps if s.number not in verdict.turned_down))
        twin = plain_of(taken, verdict.told)
        if twin is None:
            return verdict
        control = self._plain(twin)
        if control is None:
            return verdict
        verdict.findings += list(compared_with_plain(verdict, control, command=command))
        return _printed(verdict)

    def _heard(self, verdict: Verdict, *, zone: str, command: str) -> list[Finding]:
        """What differs from the same run whose webhooks were not disturbed."""
        calm = undisturbed(verdict.scenario) if verdict.fired else None
        if calm is None:
            return []
        control = self._control(calm, zone=zone)
        if control.trouble or control.findings:
            return []
        return list(compare_heard(verdict, control, command=command))

    def _unhurried(self, verdict: Verdict, *, zone: str, command: str) -> list[Finding]:
        """What differs from the same run with pauses. In real time nobody waits for them."""
        calm = unhurried(verdict.scenario) if self.subject.in_process and not verdict.findings else None
        if calm is None:
            return []
        control = self._control(calm, zone=zone)
        if control.trouble or control.findings:
            return []
        return list(compare_unhurried(verdict, control, command=command))

    def _control(self, calm: Scenario, *, zone: str) -> Verdict:
        """A run to compare with; neighbouring examples often ask for the same one."""
        key = _key(calm)
        if key not in self.calm:
            if len(self.calm) >= CALM_MOST:
                self.calm.pop(next(iter(self.calm)))
            self.calm[key] = self._play(calm, zone=zone)
        return self.calm[key]

    def _related(self, verdict: Verdict, *, zone: str, command: str) -> list[Finding]:
        """The relation that the scenario names: what is wrong with its other run, else between the two."""
        scenario = verdict.scenario
        others = tuple(name for name in self.subject.platforms if name != scenario.platform)
        related = related_of(scenario, others=others)
        if related is None:
            return []
        run, control = verdict, verdict
        if related.run is not None:
            run = self._play(related.run, zone=related.zone or zone, command=command, tax_mode=related.tax_modes[0])
        if related.control is not None:
            control = self._play(related.control, zone=zone, command=command, tax_mode=related.tax_modes[1])
        for other in (run, control):
            if other.trouble or other.findings:
                return [] if other.trouble else other.findings
        if not _comparable(related, run, control):
            return []
        return list(_compared_related(scenario.relation, related, run, control, command=command))

    def _fails_alone(self, verdict: Verdict, finding: Finding, *, zone: str) -> bool:
        """Whether a neighbour is blamed for what becomes of the transaction by itself too, or nobody can tell."""
        label = finding.transaction
        single = alone(verdict.scenario, label) if RULE in finding.invariants else None
        if single is None:
            return False
        control = self._control(single, zone=zone)
        return bool(control.trouble) or control.told.get(label) == verdict.told.get(label)

    def _plain(self, twin: Scenario) -> dict[str, RunBooks] | None:
        key = _key(twin)
        if key not in self.plain:
            verdict = self._play(twin, zone="UTC")
            if len(self.plain) >= self.plain_most:
                self.plain.pop(next(iter(self.plain)))
            self.plain[key] = None if verdict.trouble or verdict.findings else verdict.books
        return self.plain[key]

    def _play(
        self, scenario: Scenario, *, zone: str, command: str = "", report: bool = False, tax_mode: str = ""
    ) -> Verdict:
        self.runs += 1
        stage = Stage(served=not self.subject.in_process, silence=self.subject.silence)
        run = DrivenRun(scenario, stage, self.subject, prepared=self.prepared, zone=zone, tax_mode=tax_mode)
        verdict = Verdict(scenario)
        played: list[Played] = []
        try:
            run.open()
            with run.client():
                played = _steps(run, verdict)
                if not verdict.trouble:
                    run.rest()
            if not verdict.trouble:
                verdict.consent_ended = _consent_ended(scenario, run.world.tape.entries())
                verdict.findings = list(run.judge(command=command, quiet=not verdict.consent_ended))
            _note(run, verdict)
            if scenario.relation:
                _note_accounts(run, verdict)
            if not verdict.trouble:
                verdict.findings += list(_left_waiting(run, verdict, command))
                verdict.findings += list(broken_promises(run, command=command))
                verdict.findings += [] if verdict.findings else list(wrongly_open(run, command=command))
                verdict.findings += [believed(verdict, one, command) for one in run.receiving.believed]
                verdict.findings = [one for one in verdict.findings if not self._fails_alone(verdict, one, zone=zone)]
                if any(fired.startswith("kill ") for fired in verdict.fired):
                    verdict.findings = [by_the_kill(one) for one in verdict.findings]
            if report:
                verdict.result = _result(run, verdict, played)
        except (Refused, NotSimulated) as refused:
            verdict.trouble = str(refused)
        except Restless as stopped:
            _note(run, verdict)
            verdict.findings = [without_rest(verdict, stopped, command=command, silence=self.subject.silence)]
            verdict.result = _result(run, verdict, played) if report else None
            verdict.stopped = True
        finally:
            stage.close()
        self.stuck = self.stuck or stage.patience.is_stuck()
        return verdict


def _key(scenario: Scenario) -> str:
    """What makes two runs the same, the zone of the client's process left aside."""
    steps = [(step.verb, step.action) for step in scenario.steps]
    return repr((scenario.platform, scenario.seed, scenario.clock, scenario.companies, steps))


def _printed(verdict: Verdict) -> Verdict:
    if verdict.result is not None:
        verdict.result.failures = [print_finding(finding) for finding in verdict.findings]
    return verdict


def _steps(run: DrivenRun, verdict: Verdict) -> list[Played]:
    played = []
    for step in run.scenario.steps:
        before = run.world.tape.count()
        failures = run.play(step)
        played.append(Played(step, failures, (before, run.world.tape.count())))
        if step.verb in ("connect", "configure"):
            verdict.set_up = run.world.tape.count()
        if failures and step.verb == "expect":
            verdict.failures += [f"line {step.line}, expect: {text}" for text in failures]
        elif failures:
            verdict.trouble = f"{step.verb}: {failures[0]}"
            break
    return played


def _note(run: DrivenRun, verdict: Verdict) -> None:
    verdict.entries = list(run.world.tape.entries())
    verdict.fired = run.fired
    verdict.faults = list(run.faults)
    verdict.never_met = run.never_met
    verdict.planned = len(run.faults) + len(run.kills)
    verdict.books = run.books
    verdict.labels = run.labels
    verdict.crashes = run.crashes
    verdict.turned_down = run.turned_down
    verdict.companies = {key: run.company(key).name for key in run.customers}
    verdict.files = _files(run) if run.receiving.receivers else Counter()
    verdict.told = {
        label: told
        for customer in run.customers.values()
        for id, label in run.labels.items()
        if (told := customer.outcome(id)[0]) or id in customer.accepted
    }
    lacking = next((e for e in verdict.entries if e.not_simulated), None)
    if lacking is not None:
        verdict.trouble = verdict.trouble or f"not simulated: {lacking.not_simulated}"
    broken = next((e for e in verdict.entries if e.bug), None)
    if broken is not None:
        verdict.trouble = verdict.trouble or f"a bug of the simulator in {broken.operation}: {broken.bug[-300:]}"
    if verdict.trouble:
        verdict.findings = []
    for customer in run.customers.values():
        if run.crashes and not customer.accepted and not customer.turned_away and not verdict.planned:
            verdict.trouble = verdict.trouble or run.crashes[0]


def _note_accounts(run: DrivenRun, verdict: Verdict) -> None:
    """The accounts of each company by label, and the books of those that nobody worked in."""
    for key in run.places:
        company = run.company(key)
        verdict.accounts[key] = labels_of(company).get("accounts", {})
        if key not in verdict.books:
            verdict.books[key] = books_of_run(company)


def _comparable(related: Related, run: Verdict, control: Verdict) -> bool:
    """Whether there is any telling: where it takes both runs whole, all of them must be done."""
    if run.consent_ended or control.consent_ended or run.turned_down or control.turned_down:
        return False
    return not related.whole or all(status == "Completed" for v in (run, control) for status in v.told.values())


def _compared_related(
    rule: str, related: Related, run: Verdict, control: Verdict, *, command: str
) -> Iterator[Finding]:
    key = next(iter(run.scenario.companies))
    yield from compare_related(
        rule,
        _by_label(run.books[key], run.accounts[key]),
        _by_label(control.books[key], control.accounts[key]),
        factor=related.factor,
        days=related.days,
        parties=related.parties,
        aside=related.aside,
        command=command,
    )


def _by_label(books: RunBooks, accounts: Mapping[str, str]) -> RunBooks:
    """Books with the accounts under their labels: the ids of two companies have nothing to do with each other."""
    labels = {id: label for label, id in reversed([*accounts.items()])}
    totals = {(labels.get(id, id), money, day): moved for (id, money, day), moved in books.totals.items()}
    names = {labels.get(id, id): name for id, name in books.account_names.items()}
    return replace(books, totals=totals, account_names=names)


def _files(run: DrivenRun) -> Counter[str]:
    """How often each file stands in the books, by name and content."""
    found: Counter[str] = Counter()
    for key in run.customers:
        company, person = run.company(key), platform_named(run.scenario.platform).load_bookkeeper()
        for document in run.books[key].documents if key in run.books else ():
            for stored in person.files(company, document.kind, document.id) if document.live else ():
                found[f"{stored.name} ({hashlib.sha256(stored.content).hexdigest()[:8]})"] += 1
    return found


def _left_waiting(run: DrivenRun, verdict: Verdict, command: str) -> Iterator[Finding]:
    """INV-53: at rest nothing waits for ever. What only the customer can give back (a consent) is another matter."""
    if verdict.consent_ended:
        return
    known = {finding.transaction for finding in verdict.findings}
    labels = run.labels
    for key, customer in run.customers.items():
        for given in run.submitted(key):
            waits = given.id in customer.accepted and given.status == "pending"
            if waits and labels.get(given.id) not in known:
                yield run.labelled(_waiting(run, key, given, command))


def _waiting(run: DrivenRun, key: str, given: Submitted, command: str) -> Finding:
    crash = f": {run.crashes[0].rstrip('.')}" if run.crashes else ""
    return Finding(
        title=f"The {given} is still pending when nothing is left to do{crash}.",
        message="Nobody was told that it failed, and whatever came after it waits, too."
        if crash
        else "Nobody was told that it failed, and nothing retries it.",
        invariants=("INV-53",),
        failure_modes=() if crash else ("FM-03",),
        platform=platform_named(run.scenario.platform).title,
        company=run.company(key).name,
        transaction=given.id,
        control="With every answer delivered it ends as completed or failed.",
        remedy="Let no error of one transaction end the work: report it as failed with a message, and go on."
        if crash
        else "Look for work that was begun and has no outcome whenever the program starts or settles.",
        assumption="After the last step every fault ended, an hour passed, then a day; the driver settled each time.",
        command=command,
    )


def _may_end_consent(fault: AddFault) -> bool:
    """Whether a client may take a fault for the end of the consent: who is not admitted cannot tell a right that was
    taken away from a consent that was."""
    return fault.kind in ENDS_CONSENT or (fault.kind == "refuse" and fault.phase == "admit")


def _consent_ended(scenario: Scenario, entries: Iterable[TapeEntry]) -> bool:
    """Whether only the customer can let the work go on: the consent was withdrawn, or a token ended that cannot be
    renewed, as those that sign each request (OAuth 1)."""
    return any(
        (isinstance(step.action, AddFault) and _may_end_consent(step.action))
        or (isinstance(step.action, Bookkeeper) and step.action.action == "withdraw_consent")
        for step in scenario.steps
    ) or any(
        "expire_token" in fault and header_of(entry.request_headers, "Authorization").startswith("OAuth ")
        for entry in entries
        for fault in entry.faults
    )


def _result(run: DrivenRun, verdict: Verdict, played: list[Played]) -> Result:
    result = Result(run.scenario, played)
    collect(run, result)
    result.failures = [print_finding(finding) for finding in verdict.findings]
    result.error = verdict.trouble
    return result
