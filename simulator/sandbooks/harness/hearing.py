"""What came of webhooks that were disturbed: the run against the same run without the disturbance.

A copy, another order, a delay, a loss that is made good, a message of somebody else: at the end the books, the files
and what the customer is told are as without it (INV-56). A message that was not signed changes nothing at any time, and
leads to no request (INV-58).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbooks.audit import Finding, compare_books
from sandbooks.harness.receiving import Belief
from sandbooks.platform import platform_named
from sandbooks.replay.script_steps import AddFault, Bill, Bookkeeper, ClearFaults, Kill, Pay, Push, Scenario, Step, Sync

if TYPE_CHECKING:
    from sandbooks.harness.judging import Verdict

FORGED = "forge_webhook"
# What is merely too much changes nothing, whoever else is at work; when something is heard may matter to them.
TOO_MUCH = frozenset({"duplicate_webhook", "forge_webhook", "stray_webhook"})
HOW = {
    "duplicate_webhook": "delivered twice",
    "reorder_webhook": "delivered in another order",
    "delay_webhook": "delivered late",
    "lose_webhook": "lost",
    "forge_webhook": "forged",
    "stray_webhook": "about something else",
}
MODES = {
    "duplicate_webhook": "FM-107",
    "reorder_webhook": "FM-108",
    "delay_webhook": "FM-110",
    "lose_webhook": "FM-109",
    "forge_webhook": "FM-111",
    "stray_webhook": "FM-108",
}


def is_of_webhooks(step: Step) -> bool:
    """Whether a step plans a fault of webhooks."""
    return isinstance(step.action, AddFault) and step.action.kind.endswith("_webhook")


def undisturbed(scenario: Scenario) -> Scenario | None:
    """The same scenario without its faults of webhooks; None where there are none, or nothing can be told by it.

    Faults and kills at exchanges count these, and a client that hears more asks more: beside them there is no telling.
    """
    kinds = {step.action.kind for step in scenario.steps if isinstance(step.action, AddFault)}
    heard = {kind for kind in kinds if kind.endswith("_webhook")}
    others = any(
        isinstance(step.action, (Kill, ClearFaults)) or (isinstance(step.action, Sync) and step.action.restart)
        for step in scenario.steps
    )
    if not heard or kinds != heard or others:
        return None
    begun = next((n for n, s in enumerate(scenario.steps) if isinstance(s.action, (Push, Bill, Pay))), 0)
    by_hand = any(isinstance(step.action, Bookkeeper) for step in scenario.steps[begun:])
    if by_hand and not heard <= TOO_MUCH:
        return None
    return replace(scenario, steps=tuple(step for step in scenario.steps if not is_of_webhooks(step)))


def compare_heard(verdict: Verdict, control: Verdict, *, command: str = "") -> Iterator[Finding]:
    """Every difference between a run with disturbed webhooks and the run without."""
    kind = next(s.action.kind for s in verdict.scenario.steps if isinstance(s.action, AddFault) and is_of_webhooks(s))
    for key, books in verdict.books.items():
        if key in control.books:
            for found in compare_books(books, control.books[key], command=command):
                yield _renamed(found, kind, verdict)
    for label in sorted(verdict.told.keys() | control.told.keys()):
        if verdict.told.get(label) != control.told.get(label):
            yield _told_otherwise(verdict, control, kind, label, command)
    for name in sorted(verdict.files.keys() | control.files.keys()):
        if verdict.files[name] != control.files[name]:
            yield _files_otherwise(verdict, control, kind, name, command)
    if kind == FORGED:
        yield from _asked_otherwise(verdict, control, command)


def believed(verdict: Verdict, belief: Belief, command: str) -> Finding:
    """INV-58: what the customer is told has changed with a forged delivery."""
    message, id, before, after = belief
    return _finding(
        verdict,
        title=f"After a forged delivery of {message['event']} the transaction is {after or 'unknown'}, "
        f"no longer {before or 'unknown'}.",
        message="The signature did not fit the bytes, and what they say was believed all the same.",
        rule="INV-58",
        mode="FM-111",
        transaction=verdict.labels.get(id, id),
        remedy="Verify the signature over the bytes as received, and answer 401 before anything else is done.",
        command=command,
    )


def _renamed(found: Finding, kind: str, verdict: Verdict) -> Finding:
    _, _, rest = found.title.partition(" the books end otherwise than without")
    return replace(
        found,
        title=f"With a webhook {HOW[kind]} the books end otherwise than without that{rest}",
        invariants=("INV-58",) if kind == FORGED else ("INV-56",),
        failure_modes=(MODES[kind],),
        transaction=verdict.labels.get(found.transaction, found.transaction),
        control="The same run, each message delivered once and in order, ends with the expected figures.",
        remedy=REMEDIES.get(kind, REMEDY),
    )


REMEDY = "Take a message as a hint: read what it is about, and act under a key that follows from the message."
REMEDIES = {"lose_webhook": "Ask for what was not announced: deliveries get lost, and a poll makes them good."}


def _told_otherwise(verdict: Verdict, control: Verdict, kind: str, label: str, command: str) -> Finding:
    now, then = verdict.told.get(label) or "nothing", control.told.get(label) or "nothing"
    return _finding(
        verdict,
        title=f"With a webhook {HOW[kind]} the transaction ends as {now}, without that as {then}.",
        message="Each message was delivered at least once, or could have been asked for.",
        rule="INV-56",
        mode=MODES[kind],
        transaction=label,
        remedy=REMEDIES.get(kind, REMEDY),
        command=command,
    )


def _files_otherwise(verdict: Verdict, control: Verdict, kind: str, name: str, command: str) -> Finding:
    return _finding(
        verdict,
        title=f"With a webhook {HOW[kind]} the file {name} is stored {verdict.files[name]} times, "
        f"without that {control.files[name]} times.",
        message="A file is stored once, however often its transaction is announced.",
        rule="INV-56",
        mode=MODES[kind],
        remedy="Remember which files were sent, under a key that does not depend on the message.",
        command=command,
    )


def _asked_otherwise(verdict: Verdict, control: Verdict, command: str) -> Iterator[Finding]:
    asked = _requests(verdict)
    asked.subtract(_requests(control))
    apart = sorted(operation for operation, number in asked.items() if number)
    if apart:
        yield _finding(
            verdict,
            title=f"With a forged delivery the program asks otherwise than without: {', '.join(apart)}.",
            message="Its signature did not fit its bytes; somebody who knows the address has made the program work.",
            rule="INV-58",
            mode="FM-111",
            remedy="Verify the signature over the bytes as received, and answer 401 before anything else is done.",
            command=command,
        )


def _requests(verdict: Verdict) -> Counter[str]:
    own = (entry for entry in verdict.entries if entry.actor == "client" and entry.number > verdict.set_up)
    return Counter(entry.operation for entry in own)


def _finding(
    verdict: Verdict,
    *,
    title: str,
    message: str,
    rule: str,
    mode: str,
    remedy: str,
    command: str,
    transaction: str = "",
) -> Finding:
    return Finding(
        title=title,
        message=message,
        invariants=(rule,),
        failure_modes=(mode,),
        platform=platform_named(verdict.scenario.platform).title,
        company=next(iter(verdict.companies.values()), ""),
        transaction=transaction,
        control="The same run with each message delivered once, in order, and nothing beside them.",
        remedy=remedy,
        assumption="After the last step every fault ended, an hour passed, then a day; the driver settled each time.",
        command=command,
    )
