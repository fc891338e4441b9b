"""Every kind that is offered, once, with plain data."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.audit.wording import listed
from sandbooks.harness.examples import Data, Menu, add_account, base, with_steps
from sandbooks.harness.systematic.steps import SYNC, Example, adjustment, one_by_one, reimbursable, spend, transfer


def kinds(menu: Menu) -> Iterator[Example]:
    """Every kind that is offered, once, with plain data."""
    numbers = iter(("412.37", "61.33", "5.18", "27.45", "93.06", "38.91", "70.24", "16.52"))
    card, bank = menu.card_kinds("card"), menu.card_kinds("bank")
    first = [kind for kind in card if kind == "payment"]
    for kind in first:
        data = with_steps(base(menu), {"push": spend(menu, kind, "r-01", next(numbers))}, SYNC)
        yield Example(f"a {kind} on a card account", data, disturb=True)
    for held, offered in (("card", [kind for kind in card if kind not in first]), ("bank", bank)):
        more: Data = {} if held == "card" else {"bank_account": "checking"}
        given = [spend(menu, kind, f"r-0{n}", next(numbers), **more) for n, kind in enumerate(offered, 1)]
        if given:
            about = f"a {listed(offered)} on a {held} account"
            yield Example(about, with_steps(base(menu), *one_by_one(given)))
    named = spend(menu, "payment", "r-01", "47.83", contact="jane")
    yield Example("a payment to a supplier that is not the default", with_steps(base(menu), {"push": named}, SYNC))
    if "payment" in menu.card_kinds("card") and "payment" in menu.card_kinds("bank"):
        elsewhere = spend(menu, "payment", "r-01", "29.57", bank_account="checking")
        usual = [spend(menu, "payment", label, number) for label, number in (("r-02", "33.14"), ("r-03", "19.76"))]
        steps = ({"push": [elsewhere, usual[0]]}, SYNC, {"push": usual[1]}, SYNC)
        second: Data = {"type": "credit_card", "name": "Second Company Card"}
        others: list[Data] = [
            {"push": spend(menu, kind, f"r-1{n}", f"{n}4.{n}7", bank_account="second_card")}
            for n, kind in enumerate(menu.card_kinds(), 1)
        ]
        data = with_steps(add_account(base(menu), "second_card", second), *steps, *others, SYNC)
        yield Example("spend on other accounts beside spend on the usual one", data)
    yield from _other_kinds(menu)


def _other_kinds(menu: Menu) -> Iterator[Example]:
    if menu.offers("reimbursable"):
        yield Example("an employee's spend", with_steps(base(menu), {"push": reimbursable("r-01")}, SYNC), disturb=True)
    if menu.offers("transfer") and menu.offered.transfer_currencies["home_to_home"] != "refused":
        moved = transfer("r-01", "checking", "savings", "150.25 GBP")
        data = add_account(base(menu), "savings", {"type": "bank", "name": "Savings Account"})
        yield Example("a transfer", with_steps(data, {"push": moved}, SYNC), disturb=True)
    if menu.offers("adjustment"):
        yield Example("an adjustment", with_steps(base(menu), {"push": adjustment("r-01")}, SYNC), disturb=True)
