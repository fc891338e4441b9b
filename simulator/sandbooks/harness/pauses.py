"""The same run with a pause before whatever the company's own people do: it must end the same (INV-50).

A client that reads what has changed since a moment must miss nothing, on whatever side of that moment a change falls.
In the run as drawn a change may come in the very second in which the client last read; after a pause it does not.
A pause comes only where the client is at rest: what it still has to do may be done before the change or after it, and
either is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbooks.audit import Finding, compare_books
from sandbooks.platform import platform_named
from sandbooks.replay.script_steps import (
    AddFault,
    Advance,
    Attach,
    Bill,
    Bookkeeper,
    Configure,
    Connect,
    Kill,
    Pay,
    Push,
    Scenario,
    Step,
    Sync,
    Update,
)

if TYPE_CHECKING:
    from sandbooks.harness.judging import Verdict

HANDED_OVER = (Push, Update, Attach, Bill, Pay)
PAUSE = timedelta(seconds=90)  # longer than any grain of time, shorter than what keys and tokens live
LATE = timedelta(hours=23, minutes=30)  # of the day: a pause after it may lead into the next one


def unhurried(scenario: Scenario) -> Scenario | None:
    """The scenario with pauses; None where nobody acts while the client rests from work that it has begun, or other
    accidents tell on time."""
    disturbed = any(
        isinstance(step.action, (AddFault, Kill)) or (isinstance(step.action, Sync) and step.action.restart)
        for step in scenario.steps
    )
    day = scenario.clock.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = tuple(_with_pauses(scenario))
    if disturbed or len(steps) == len(scenario.steps) or scenario.clock - day >= LATE:
        return None
    return replace(scenario, steps=steps)


def _with_pauses(scenario: Scenario) -> Iterator[Step]:
    at_rest, begun = True, False
    for step in scenario.steps:
        if begun and at_rest and isinstance(step.action, Bookkeeper):
            yield replace(step, verb="advance", action=Advance(by=PAUSE))
        yield step
        begun = begun or not isinstance(step.action, (Connect, Configure))
        if isinstance(step.action, Sync):
            at_rest = True
        elif isinstance(step.action, HANDED_OVER):
            at_rest = False


def compare_unhurried(verdict: Verdict, control: Verdict, *, command: str = "") -> Iterator[Finding]:
    """Every difference between a run and the one with pauses."""
    for label in sorted(verdict.told.keys() & control.told.keys()):
        now, then = verdict.told[label], control.told[label]
        if now != then:
            yield _missed(verdict, f"{label} ends as {now}; with a pause before the change, as {then}", label, command)
    for key, books in verdict.books.items():
        for found in compare_books(books, control.books[key], command=command) if key in control.books else ():
            _, _, rest = found.title.partition(" the books end otherwise than without")
            named = _missed(verdict, f"the books end otherwise than with a pause before it{rest}", "", command)
            label = verdict.labels.get(found.transaction, found.transaction)
            yield replace(named, table=found.table, steps=found.steps, transaction=label)


def _missed(verdict: Verdict, what: str, label: str, command: str) -> Finding:
    return Finding(
        title=f"What was changed in the same second in which the client read is not seen: {what.rstrip('.')}.",
        message="A later change is seen, so the client asks for what has changed since a moment, and leaves some out.",
        invariants=("INV-50",),
        failure_modes=("FM-41",),
        platform=platform_named(verdict.scenario.platform).title,
        company=next(iter(verdict.companies.values()), ""),
        transaction=label,
        control=f"The same run with {PAUSE.seconds} seconds before the change.",
        remedy="Take up each incremental read from before the start of the last one, and pass over what is known.",
        assumption="Nothing else differs between the two runs.",
        command=command,
    )
