"""The sweep: a test runs once as it is, then once for each fault at each exchange of that run.

Judged by the books, not by taste. A run under a fault is wrong when the audit finds something, when the test passes
although the books end otherwise than without the fault, when a claim of the test fails, or when the books hold what
they did not hold without the fault. Code that gives up with an error of its own and leaves nothing odd behind is in
the right: it told its caller.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from _pytest.runner import runtestprotocol

from sandbooks.audit import Finding, print_findings
from sandbooks.harness.schedules import KNOWN, schedules
from sandbooks.pytest_plugin.closing import counts_of
from sandbooks.pytest_plugin.runs import RUN, Run
from sandbooks.recording import redact_url
from sandbooks.sandbox.transparency import compare_worlds
from sandbooks.world import TapeEntry


@dataclass
class Verdict:
    """What the runs under faults came to."""

    failing: list[tuple[Run, str]] = field(default_factory=list)
    gave_up: int = 0
    right: int = 0
    never_met: int = 0

    @property
    def runs(self) -> int:
        return len(self.failing) + self.gave_up + self.right + self.never_met


def sweep(item: pytest.Function, nextitem: pytest.Item | None) -> bool:
    """Run a test with every schedule and report once. True: the test has been run."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reason = _refusal(item)
    first = Run()
    reports = [_refused(item, reason)] if reason else _run(item, first, item.parent)
    if not any(report.failed or report.skipped for report in reports):
        verdict = _sweep(item, first)
        counts_of(item.config).unswept += not verdict.runs
        _conclude(reports, first, verdict)
    for report in [*reports, *_end(item, nextitem)]:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _sweep(item: pytest.Function, first: Run) -> Verdict:
    verdict = Verdict()
    with _plain_tracebacks(item.config):
        for schedule in schedules(first.entries, after=first.set_up, only=_only(item)):
            run = Run(schedule)
            _run(item, run, item.parent)
            _judge(verdict, first, run)
    return verdict


@contextmanager
def _plain_tracebacks(config: pytest.Config) -> Iterator[None]:
    """Nobody reads the tracebacks of the runs under faults: to draw them with their source costs more than the runs."""
    style = config.option.tbstyle
    config.option.tbstyle = "native"
    try:
        yield
    finally:
        config.option.tbstyle = style


def _run(item: pytest.Function, run: Run, nextitem: Any) -> list[pytest.TestReport]:
    """The whole item once, set-up and tear-down included. What is of wider scope than a function stays."""
    item.stash[RUN] = run
    if hasattr(item, "_request"):
        item._initrequest()
    return runtestprotocol(item, log=False, nextitem=nextitem)


def _end(item: pytest.Function, nextitem: pytest.Item | None) -> list[pytest.TestReport]:
    """Tear down what the last run left standing and the next test does not need; a report if that failed."""
    if RUN in item.stash:
        del item.stash[RUN]
    call = pytest.CallInfo.from_call(lambda: item.session._setupstate.teardown_exact(nextitem), when="teardown")
    report = pytest.TestReport.from_item_and_call(item, call)
    return [report] if report.failed else []


def _only(item: pytest.Function) -> frozenset[str]:
    marker = item.get_closest_marker("sandbooks_sweep")
    option = item.config.getoption("--sandbooks-sweep-faults")
    if option:
        return frozenset(option.split(","))
    return frozenset(marker.kwargs.get("faults") or ()) if marker else frozenset()


def _judge(verdict: Verdict, first: Run, run: Run) -> None:
    wrong = _wrong(first, run)
    if not run.fired:
        verdict.never_met += 1
    elif wrong:
        verdict.failing.append((run, wrong))
    elif run.outcome.failed:
        verdict.gave_up += 1
    else:
        verdict.right += 1


def _wrong(first: Run, run: Run) -> str:
    """Why a run under a fault is not acceptable; empty when it is."""
    if run.trouble:
        return run.trouble
    if run.findings:
        return print_findings([_swept(finding) for finding in run.findings])
    error = run.outcome.error
    if isinstance(error, AssertionError):
        return f"the test's own claim fails: {error}"
    return print_findings(compare_worlds(run.books, first.books, gave_up=run.outcome.failed))


def _swept(finding: Finding) -> Finding:
    """The finding with a command that shows it again: the test alone, without its sweep, is in order."""
    return replace(finding, command=finding.command.replace("pytest ", "pytest --sandbooks-sweep ", 1))


def _conclude(reports: list[pytest.TestReport], first: Run, verdict: Verdict) -> None:
    """Write the verdict into the report of the test's call."""
    call = next(report for report in reports if report.when == "call")
    exchanges = len(first.entries) - first.set_up
    told = (
        f"{verdict.runs} runs, each with one fault at one of {exchanges} exchanges: {verdict.right} ended with "
        f"the right books, {verdict.gave_up} gave up and said so, {len(verdict.failing)} went wrong"
    )
    if not verdict.runs:
        told = "nothing to sweep: once set up, the test sent nothing to a platform that is emulated"
    if verdict.never_met:
        told += f", {verdict.never_met} never met their exchange again"
    call.sections.append(("sandbooks sweep", told))
    if verdict.failing:
        call.outcome = "failed"
        call.longrepr = f"{told}\n\n{_smallest(*verdict.failing[0])}"


def _smallest(run: Run, wrong: str) -> str:
    schedule = run.schedule
    if schedule is None:
        raise AssertionError("the first run has no schedule to report")
    exchanges = "\n".join(f"  {shown(entry)}" + ("  <- the fault" if entry.faults else "") for entry in run.entries)
    return (
        f"smallest failing schedule: {schedule}\n\n{wrong}\n\nexchanges of that run\n{exchanges}\n\n"
        f"to see it again, without the sweep:\n  {schedule.as_marker()}"
    )


def shown(entry: TapeEntry) -> str:
    """One exchange in one line: what was asked, how far it got, what the client saw."""
    reached = entry.phases[-1] if entry.phases else "connect"
    saw = f"no answer ({entry.cut})" if entry.cut else f"status {entry.status}"
    path = redact_url(urlsplit(entry.url).path)
    return f"#{entry.number} {entry.method} {path} reached {reached}; the client saw {saw}"


def _refusal(item: pytest.Function) -> str:
    """Why a test cannot be repeated; empty when it can."""
    if getattr(item.obj, "is_hypothesis_test", False):
        return "a test under @given draws its own runs and is not swept; take a fork in each example"
    marker = item.get_closest_marker("sandbooks_sweep")
    unknown = _only(item) - KNOWN
    if unknown:
        return f"a sweep knows no fault {', '.join(sorted(unknown))}; it knows {', '.join(sorted(KNOWN))}"
    stateless = set(marker.kwargs.get("stateless") or ()) if marker else set()
    shared = sorted(set(_shared_fixtures(item)) - stateless)
    if not shared:
        return ""
    names = ", ".join(shared)
    return (
        f"a sweep runs this test many times, and {names} would carry state from one run into the next: give it "
        f"function scope, or say that it carries none: @pytest.mark.sandbooks_sweep(stateless={shared!r})"
    )


def _shared_fixtures(item: pytest.Function) -> Iterator[str]:
    """The user's own fixtures of wider scope than a function that the test uses, directly or not."""
    for name, definitions in item._fixtureinfo.name2fixturedefs.items():
        definition = definitions[-1]
        if definition.scope != "function" and _is_users(item, definition.func):
            yield name


def _is_users(item: pytest.Function, fixture: Callable[..., Any]) -> bool:
    """Whether a fixture stands in the user's project; those of installed plugins carry nothing of theirs."""
    file = Path(inspect.getfile(fixture)).resolve()
    return file.is_relative_to(item.config.rootpath.resolve()) and "site-packages" not in file.parts


def _refused(item: pytest.Function, reason: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords=dict.fromkeys(item.keywords, 1),
        outcome="failed",
        longrepr=reason,
        when="call",
    )
