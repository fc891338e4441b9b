"""What is left to be paid of each bill, as the platform itself says it: INV-30, bill by bill.

The ledger knows what a supplier is owed, not by which bill. A payment that settles another bill of the same supplier
leaves every balance right, and the supplier sends a reminder all the same. So each bill is read over the platform's own
API when all is done, in a copy of the world, so that the run itself stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbooks.audit import Finding, Submitted
from sandbooks.audit.findings import Difference
from sandbooks.control.companies import company_named
from sandbooks.harness.colleague import open_of
from sandbooks.harness.driven_run import DrivenRun
from sandbooks.money import Money
from sandbooks.platform import platform_named
from sandbooks.replay.script_steps import Bookkeeper

LOOKED_AT = "looked at"


def wrongly_open(run: DrivenRun, *, command: str = "") -> Iterator[Finding]:
    """INV-30: what is open of a bill is its total less the payments that were told as done. Where the company's own
    people act there is no telling."""
    if any(isinstance(step.action, Bookkeeper) for step in run.scenario.steps):
        return
    for key in run.customers:
        submitted = run.submitted(key)
        paid = [given for given in submitted if given.kind == "bill_payment" and given.status != "refused"]
        if not paid or any(given.status == "pending" for given in submitted):
            continue
        bills = _standing(run, key, submitted)
        for id, is_open in _read(run, key, bills).items():
            given = bills[id]
            left = _left(given, paid)
            if left is not None and is_open.currency == left.currency and is_open != left:
                yield run.labelled(_wrong(run, key, given, left=left, is_open=is_open, command=command))


def _standing(run: DrivenRun, key: str, submitted: list[Submitted]) -> Mapping[str, Submitted]:
    """The bills that stand in the books, each as one document, by native id."""
    books = run.books[key]
    found: dict[str, Submitted] = {}
    for given in submitted:
        made = [d for d in books.documents if d.live and books.owners.get((d.kind, d.id)) == given.id]
        if given.kind == "bill" and given.status == "completed" and not given.amended and len(made) == 1:
            found[made[0].id] = given
    return found


def _read(run: DrivenRun, key: str, bills: Mapping[str, Submitted]) -> dict[str, Money]:
    """What the platform says is open of each, in a copy of the world."""
    if not bills:
        return {}
    place, app = run.places[key], run.stage.app
    copy = app.fork_world(run.world.name, LOOKED_AT)
    try:
        return open_of(company_named(copy, place.platform, place.company_id), list(bills))
    finally:
        app.delete_world(LOOKED_AT)


def _left(bill: Submitted, payments: list[Submitted]) -> Money | None:
    """What should be left of a bill; None where a payment is in another currency than its bill."""
    parts = [money for p in payments if p.status == "completed" for id, money in p.pays if id == bill.id]
    if any(part.currency != bill.gross.currency for part in parts):
        return None
    return bill.gross - sum(parts, Money.zero(bill.gross.currency))


def _wrong(run: DrivenRun, key: str, given: Submitted, *, left: Money, is_open: Money, command: str) -> Finding:
    company = run.company(key)
    return Finding(
        title=f"The {given} has {is_open} open in the books; {left} was to be left of it.",
        message="The supplier's balance is right as a whole, so that only the list of open bills shows it: one bill is "
        "paid in place of another.",
        invariants=("INV-30",),
        failure_modes=("FM-119",),
        platform=platform_named(run.scenario.platform).title,
        company=company.name,
        transaction=given.id,
        table=(Difference(account=f"Open of the bill {given.id}", expected=left, actual=is_open),),
        control="With one open bill of the supplier there is no other to mistake it for.",
        remedy="Set each payment against the native id that its bill was given when it was written.",
        assumption="Open balance of the bill as the platform's own API tells it once all work is done; nobody of the "
        "company paid or changed anything.",
        command=command,
    )
