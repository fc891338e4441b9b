"""One transaction of a scenario by itself: does it fail there too? Then nothing that was sent with it is to blame.

The audit suspects the bad neighbour of a good transaction that is turned away (INV-55). A client that takes only some
kinds of work has reasons of its own, which show when the transaction comes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sandbooks.harness.relating import UNDO
from sandbooks.replay.script_steps import Attach, Bookkeeper, Expect, Push, Remember, Scenario, Step, Update

RULE = "INV-55"
ON_DOCUMENTS = ("delete", "void", UNDO)


def alone(scenario: Scenario, label: str) -> Scenario | None:
    """The scenario with one transaction of those that are handed over; None where it is the only one already."""
    pushed = {one.label for step in scenario.steps if isinstance(step.action, Push) for one in step.action.transactions}
    if label not in pushed or len(pushed) < 2:
        return None
    return replace(scenario, steps=tuple(_without_others(scenario, label)), relation="")


def _without_others(scenario: Scenario, label: str) -> Iterator[Step]:
    for step in scenario.steps:
        action = step.action
        if isinstance(action, Push):
            own = tuple(one for one in action.transactions if one.label == label)
            if own:
                yield replace(step, action=Push(own))
        elif isinstance(action, Attach):
            if action.transaction == label:
                yield step
        elif isinstance(action, Update):
            if action.transaction.label == label:
                yield step
        elif isinstance(action, Bookkeeper):
            if _concerned(action) in ("", label):
                yield step
        elif not isinstance(action, (Expect, Remember)):
            yield step


def _concerned(act: Bookkeeper) -> str:
    """The transaction that somebody of the company works on; empty for an account, a contact or a bill."""
    if isinstance(act.value, Mapping):
        return str(act.value.get("transaction", ""))
    return str(act.value) if act.action in ON_DOCUMENTS else ""
