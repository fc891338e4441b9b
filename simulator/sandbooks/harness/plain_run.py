"""The plain run of the same work, and what differs from it.

The plain run is the same scenario as a patient clerk would play it: no fault, no kill, no restart, each transaction
once, in its last version, one after the other. Whatever happened on the way, the books must end as that run's, but for
what the customer was told is not done and of which nothing stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbooks.audit import Finding, RunBooks, compare_books
from sandbooks.harness.hearing import is_of_webhooks
from sandbooks.replay.script_steps import (
    AddFault,
    Attach,
    Bill,
    Bookkeeper,
    ClearFaults,
    Expect,
    Kill,
    Pay,
    Push,
    Remember,
    Scenario,
    Step,
    Sync,
    Transaction,
    Update,
)

if TYPE_CHECKING:
    from sandbooks.harness.judging import Verdict

AT_A_KILL = {"INV-01", "INV-02", "INV-03", "INV-04"}
UNDISTURBED = ("INV-06", "INV-20")
RULES = {
    "INV-18": ("changed afterwards", "A change leaves the books as if the last version had been sent alone."),
    "INV-06": ("sent again", "What was done already is answered, not done again."),
    "INV-08": ("the program killed or started anew in between", "What was begun is looked up when the program starts."),
    "INV-20": ("sent together", "Each transaction stands for itself, whatever is sent with it."),
}


def plain_of(scenario: Scenario, told: dict[str, str]) -> Scenario | None:
    """The plain run of the same work; None where there is nothing that it would do otherwise, or no telling.

    Where the company's own people act once work has begun their moment matters, so that there is no telling.
    """
    actions = [step.action for step in scenario.steps]
    begun = next((n for n, action in enumerate(actions) if isinstance(action, (Push, Bill, Pay))), len(actions))
    by_hand = any(isinstance(action, Bookkeeper) for action in actions[begun:])
    disturbed = any(
        (isinstance(step.action, (AddFault, Kill)) and not is_of_webhooks(step))
        or (isinstance(step.action, Sync) and step.action.restart)
        for step in scenario.steps
    )
    if by_hand:
        return None
    pushed = [t.label for a in actions if isinstance(a, Push) for t in a.transactions]
    again = len(pushed) != len(set(pushed)) or any(isinstance(a, Update) for a in actions)
    several = len(pushed) > 1 or any(isinstance(a, (Bill, Pay)) for a in actions)
    if not (disturbed or again or several):
        return None
    updated = {a.transaction.label for a in actions if isinstance(a, Update)}
    if any(told.get(label) != "Completed" for label in updated):
        return None  # which of its versions stands is for the audit alone
    return replace(scenario, steps=tuple(_plain_steps(scenario)))


def _plain_steps(scenario: Scenario) -> Iterator[Step]:
    last: dict[str, Transaction] = {}
    for step in scenario.steps:
        if isinstance(step.action, Push):
            for transaction in step.action.transactions:
                last.setdefault(transaction.label, transaction)
        elif isinstance(step.action, Update):
            last[step.action.transaction.label] = step.action.transaction
    done: set[str] = set()
    for step in scenario.steps:
        action = step.action
        if isinstance(action, Push):
            for transaction in action.transactions:
                if transaction.label not in done:
                    done.add(transaction.label)
                    yield replace(step, action=Push((last[transaction.label],)))
                    yield _settled(step)
        elif isinstance(action, (Bill, Pay)):
            if action.label not in done:
                done.add(action.label)
                yield step
                yield _settled(step)
        elif isinstance(action, Sync):
            yield replace(step, action=Sync(limit=action.limit))
        elif not isinstance(action, (AddFault, ClearFaults, Kill, Update, Attach, Expect, Remember)):
            yield step


def _settled(step: Step) -> Step:
    return replace(step, verb="sync", action=Sync())


def compared_with_plain(verdict: Verdict, control: dict[str, RunBooks], *, command: str) -> Iterator[Finding]:
    scenario = verdict.scenario
    rule = _rule(scenario)
    for key, books in verdict.books.items():
        if key not in control:
            continue
        if verdict.consent_ended:
            waiting = frozenset(set(control[key].owners.values()) - set(books.owners.values()))
            books = replace(books, undone=books.undone | waiting)
        if rule in UNDISTURBED:  # INV-55: no accident excuses that one fails which by itself is done
            books = replace(books, undone=books.undone & control[key].undone)
        for found in compare_books(books, control[key], command=command):
            finding = _labelled(found, verdict.labels)
            yield finding if rule == "INV-70" else _renamed(finding, rule, scenario)


def _labelled(finding: Finding, labels: Mapping[str, str]) -> Finding:
    """A finding that calls transactions by their labels."""
    message = finding.message
    for id, label in labels.items():
        message = message.replace(id, label)
    return replace(finding, message=message, transaction=labels.get(finding.transaction, finding.transaction))


def _dies(scenario: Scenario) -> bool:
    """Whether the program ends and starts again in the middle of its work."""
    return any(
        isinstance(step.action, Kill) or (isinstance(step.action, Sync) and step.action.restart)
        for step in scenario.steps
    )


def by_the_kill(finding: Finding) -> Finding:
    """What was lost or doubled around a kill breaks INV-08, too."""
    if not AT_A_KILL & set(finding.invariants):
        return finding
    return replace(finding, invariants=(*finding.invariants, "INV-08"))


def _rule(scenario: Scenario) -> str:
    actions = [step.action for step in scenario.steps]
    if any(isinstance(action, AddFault) for action in actions):
        return "INV-70"
    if _dies(scenario):
        return "INV-08"
    if any(isinstance(action, Update) for action in actions):
        return "INV-18"
    pushed = [t.label for a in actions if isinstance(a, Push) for t in a.transactions]
    return "INV-06" if len(pushed) != len(set(pushed)) else "INV-20"


def _renamed(finding: Finding, rule: str, scenario: Scenario) -> Finding:
    how, cure = RULES[rule]
    _, _, rest = finding.title.partition(" the books end otherwise than without")
    return replace(
        finding,
        title=f"With transactions {how} the books end otherwise than when each is sent once, by itself{rest}",
        invariants=(rule,),
        failure_modes=(),
        control="The same transactions, each sent once in its last version, end with the expected figures.",
        remedy=cure,
    )
