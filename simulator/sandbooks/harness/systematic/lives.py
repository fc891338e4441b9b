"""What happens to a transaction: the same again, several at once, changes, files, restarts in between."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import BRITISH, Data, Menu, add_account, base, with_steps
from sandbooks.harness.systematic.payables import bills
from sandbooks.harness.systematic.steps import SYNC, Example, receipt, reimbursable, spend, sync_anew


def lives(menu: Menu) -> Iterator[Example]:
    """The same again, several at once, changes, files, bills, restarts in between."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    three = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)
    same: Data = {"push": one}
    again = with_steps(start, same, same, SYNC, same, SYNC, sync_anew(menu), same, SYNC)
    yield Example("the same again: before any work, when it is done, after a restart", again)
    yield Example("three at once", with_steps(start, {"push": [one, two, three]}, SYNC), disturb=True)
    hours, days = {"advance": "2h"}, {"advance": "40h"}
    between = (same, hours, SYNC, {"push": [one, two]}, hours, SYNC, days, {"push": three}, SYNC, days, SYNC)
    yield Example("hours and days between", with_steps(start, *between))
    if "update" in menu.verbs and menu.offers("update.expense"):
        yield from _changes(menu, one)
    if menu.takes_file("payment"):
        yield from _files(menu, one)
    if "submit_bills" in menu.verbs:
        yield from bills(menu)


def _changes(menu: Menu, one: Data) -> Iterator[Example]:
    start = base(menu)
    same = {"update": {"transaction": "r-01", "amount": "412.37 GBP", "account": "travel"}}
    more = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
    yield Example("another amount and account", with_steps(start, {"push": one}, SYNC, more, SYNC), disturb=True)
    twice = {"update": {"transaction": "r-01", "amount": "301.08 GBP", "account": "travel", "date": "2026-03-12"}}
    changes = (same, SYNC, more, SYNC, twice, sync_anew(menu))
    yield Example("changed to what it is, then twice", with_steps(start, {"push": one}, SYNC, *changes))
    if menu.lines_most("expense") > 1:
        yield Example("another line and another amount", _more_lines(menu))
    taxed = spend(menu, "payment", "r-01", "13.86", tax="standard", tax_amount="2.31 GBP")
    less = {"update": {"transaction": "r-01", "amount": "10.50 GBP", "tax_amount": "1.75 GBP", "account": "meals"}}
    if "tax amount" not in menu.offered.rules.get("ignored_fields", "") or not menu.through_hub:
        yield Example("a change of spend with tax", with_steps(start, {"push": taxed}, SYNC, less, SYNC))
    for account in menu.foreign_on(BRITISH)[-1:]:
        yield Example("a change in another currency", _abroad(menu, account))
    yield Example("changed before any work", with_steps(start, {"push": one}, more, SYNC))
    yield Example("changed twice before the next work", with_steps(start, {"push": one}, SYNC, more, twice, SYNC))
    if menu.takes_file("payment"):
        yield Example(
            "changed with a receipt on it",
            with_steps(start, {"push": one}, SYNC, receipt("f-01"), SYNC, more, SYNC),
        )


def _abroad(menu: Menu, account: str) -> Data:
    """Spend in another currency on one of the accounts that may carry it, and another amount of it."""
    data = base(menu)
    if account == "foreign_card":
        facts = {"type": "credit_card", "name": "Dollar Card", "currency": BRITISH.foreign}
        data = add_account(data, "foreign_card", facts)
    given = spend(menu, "payment", "r-01", "1", rate=BRITISH.equation, bank_account=account)
    change = {"transaction": "r-01", "amount": "250.10 USD", "account": "meals", "rate": BRITISH.equation}
    return with_steps(data, {"push": {**given, "amount": "301.45 USD"}}, SYNC, {"update": change}, SYNC)


def _more_lines(menu: Menu) -> Data:
    """Of two lines one stays as it is, the other has another account and amount."""
    first = {"net": "31.20 GBP", "account": "travel"}
    two, changed = (
        [first, {"net": f"{net} GBP", "account": key}] for net, key in (("12.05", "meals"), ("19.65", "software"))
    )
    notes = {"notes": "Fares"} if menu.offered.limits_of("expense").notes_required else {}
    given: Data = {"payment": "r-01", "date": "2026-03-16", "lines": two, **notes}
    return with_steps(base(menu), {"push": given}, SYNC, {"update": {"transaction": "r-01", "lines": changed}}, SYNC)


def _files(menu: Menu, one: Data) -> Iterator[Example]:
    start = base(menu)
    two = spend(menu, "payment", "r-02", "88.14", account="meals")
    late = with_steps(start, {"push": [one, two]}, SYNC, receipt("f-01"), SYNC)  # a repeat may go to the wrong one
    yield Example("a receipt on what is done", late, disturb=True)
    again = with_steps(start, {"push": one}, receipt("f-01"), sync_anew(menu), receipt("f-01"), SYNC)
    yield Example("a receipt before any work, and the same again", again)
    page = receipt("f-01", "f-01.html")
    yield Example("a receipt of a type that few take", with_steps(start, {"push": one}, SYNC, page, SYNC))
    several = [receipt("f-02", transaction="r-02"), receipt("f-01"), receipt("f-03", "Tâche & Söhne.jpg")]
    yield Example("two receipts, and one on another", with_steps(start, {"push": [one, two]}, SYNC, *several, SYNC))
    others: list[Data] = []
    if menu.takes_file("refund") and "refund" in menu.card_kinds():
        others += [{"push": spend(menu, "refund", "r-01", "61.33")}, SYNC, receipt("f-01"), SYNC]
    if menu.takes_file("reimbursable") and menu.offers("reimbursable"):
        others += [{"push": reimbursable("r-02")}, SYNC, receipt("f-02", transaction="r-02"), SYNC]
    if others:
        yield Example("a receipt on other kinds", with_steps(start, *others))
