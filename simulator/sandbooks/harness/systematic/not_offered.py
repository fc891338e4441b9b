"""What the capability table does not offer: a client of the hub gets a refusal, and nothing may be posted."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import Menu, add_account, base, with_steps
from sandbooks.harness.systematic.steps import SYNC, Example, adjustment, reimbursable, spend, transfer
from sandbooks.replay.script_steps import EXPENSE_KINDS


def not_offered(menu: Menu) -> Iterator[Example]:
    """What the capability table does not offer: a client of the hub gets a refusal, and nothing may be posted."""
    if not menu.through_hub:  # who writes to a platform directly may use what it takes itself (``promises``)
        if not menu.offers("transfer") and "transfer" not in menu.beyond:
            yield _not_offered_transfer(menu)
        return
    for kind in EXPENSE_KINDS:
        for held, card in (("card", "visa_card"), ("bank", "checking")):
            if kind not in menu.card_kinds(held):  # type: ignore[arg-type]  # the two classes of the tables
                given = spend(menu, kind, "r-01", "61.33", bank_account=card)
                yield Example(f"a {kind} on a {held} account", with_steps(base(menu), {"push": given}, SYNC))
    if not menu.offers("reimbursable"):
        yield Example("an employee's spend", with_steps(base(menu), {"push": reimbursable("r-01")}, SYNC))
    if not menu.offers("transfer"):
        yield _not_offered_transfer(menu)
    if not menu.offers("adjustment"):
        yield Example("an adjustment", with_steps(base(menu), {"push": adjustment("r-01")}, SYNC))
    if "update" in menu.verbs:
        yield from _changes_not_offered(menu)


def _changes_not_offered(menu: Menu) -> Iterator[Example]:
    """The hub changes payments alone, and those not on every platform: what is said to be changed must be so."""
    offered = menu.card_kinds()
    kinds = ["payment"] if not menu.offers("update.expense") else [k for k in offered if k != "payment"][:1]
    change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
    for kind in kinds:
        given = spend(menu, kind, "r-01", "412.37")
        yield Example(f"a change of a {kind}", with_steps(base(menu), {"push": given}, SYNC, change, SYNC))


def _not_offered_transfer(menu: Menu) -> Example:
    data = add_account(base(menu), "savings", {"type": "bank", "name": "Savings Account"})
    moved = transfer("r-01", "checking", "savings", "150.25 GBP")
    return Example("a transfer", with_steps(data, {"push": moved}, SYNC))
