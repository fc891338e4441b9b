"""Bills and their payments: whole, in parts, several at once, alike, in the supplier's own currency."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import (
    ABROAD,
    BRITISH,
    FOREIGN_ACCOUNT,
    Data,
    Menu,
    add_account,
    base,
    with_foreign_supplier,
    with_steps,
)
from sandbooks.harness.systematic.steps import SYNC, Example, bill, pay


def bills(menu: Menu) -> Iterator[Example]:
    """Bills and their payments: whole, in parts, several at once."""
    first = bill("b-01", "64.10 GBP")
    start = base(menu)
    yield Example("a bill", with_steps(start, first, SYNC), disturb=True)
    yield Example("a bill paid", with_steps(start, first, SYNC, pay("p-01", {"b-01": "64.10 GBP"}), SYNC), disturb=True)
    parts = [pay("p-01", {"b-01": "40.05 GBP"}), SYNC, pay("p-02", {"b-01": "24.05 GBP"}), SYNC]
    yield Example("a bill paid in parts", with_steps(start, first, SYNC, *parts))
    whole = pay("p-01", {"b-01": "240.60 GBP"})
    beyond = pay("p-02", {"b-01": "100.35 GBP"})
    yield Example("a bill paid beyond what is open", with_steps(start, first, SYNC, whole, SYNC, beyond, SYNC))
    yield Example("a bill of two lines", with_steps(start, _of_two_lines(), SYNC))
    second = bill("b-02", "4.10 GBP")
    both = pay("p-01", {"b-01": "64.10 GBP", "b-02": "4.10 GBP"})
    yield Example("two bills in one payment", with_steps(start, first, second, SYNC, both, SYNC), disturb=True)
    yield Example(
        "bill and payment handed over together", with_steps(start, first, pay("p-01", {"b-01": "64.10 GBP"}), SYNC)
    )
    one, other_one = (bill(f"b-0{n}", money, reference="INV-4471") for n, money in ((1, "64.10 GBP"), (2, "17.35 GBP")))
    numbered = with_steps(start, one, SYNC, other_one, SYNC, one, SYNC)
    yield Example("two bills of one number, and the first again", numbered)
    yield Example("a bill paid from a second bank account", _from_savings(menu, first))
    other = bill("b-02", "240.60 GBP", supplier="jane")
    paid = pay("p-01", {"b-01": "64.10 GBP"})
    theirs = pay("p-02", {"b-02": "240.60 GBP"})
    yield Example("two suppliers paid in turn", with_steps(start, first, SYNC, other, SYNC, paid, SYNC, theirs, SYNC))
    yield Example("two payments that look alike, and one of them lost", _paid_alike(start))
    older = {"bill": {**bill("b-02", "64.10 GBP")["bill"], "date": "2026-02-10", "due_date": "2026-03-10"}}
    two = with_steps(start, older, SYNC, first, SYNC, paid, SYNC)
    yield Example("the newer of two bills of one supplier paid", two)
    yield from _abroad(menu)


def _of_two_lines() -> Data:
    given = {name: value for name, value in bill("b-01", "")["bill"].items() if name not in ("amount", "account")}
    rows = (("1260.45", "software"), ("35.20", "travel"))
    return {"bill": {**given, "lines": [{"net": f"{net} GBP", "account": account} for net, account in rows]}}


def _abroad(menu: Menu) -> Iterator[Example]:
    """Bills in a foreign currency, of a supplier who is owed in it: paid at another rate, from either account."""
    start = with_foreign_supplier(base(menu), BRITISH)
    owed = bill("b-01", "12300.10 USD", supplier=ABROAD, rate="1 USD = 0.774163 GBP")
    whole = {"b-01": "12300.10 USD"}
    there = pay("p-01", whole, source=FOREIGN_ACCOUNT, rate="1 USD = 0.792518 GBP")
    yield Example("a foreign bill paid at another rate", with_steps(start, owed, SYNC, there, SYNC), disturb=True)
    here = pay("p-01", whole, rate="1 USD = 0.761247 GBP")
    home = bill("b-02", "64.10 GBP")
    both = with_steps(start, owed, home, SYNC, here, pay("p-02", {"b-02": "64.10 GBP"}), SYNC)
    yield Example("a foreign bill paid from an account at home, beside one of home", both)


def _paid_alike(start: Data) -> Data:
    """Two bills of one supplier and one amount; the second payment gets no answer and is not in the books."""
    both = [bill(label, "64.10 GBP") for label in ("b-01", "b-02")]
    unsent: Data = {"fault": {"drop_response": {"at": {"write": "p-02"}, "phase": "validate", "may_rest": True}}}
    one, two = pay("p-01", {"b-01": "64.10 GBP"}), pay("p-02", {"b-02": "64.10 GBP"})
    return with_steps(start, unsent, *both, SYNC, one, SYNC, two, SYNC)


def _from_savings(menu: Menu, first: Data) -> Data:
    """The default account is a bank account, too, and not the one that pays."""
    data = add_account(base(menu), "savings", {"type": "bank", "name": "Savings Account"})
    connect, configure, *rest = data["steps"]
    chosen = {"configure": {**configure["configure"], "bank_account": "checking"}}
    paid = {"pay": {**pay("p-01", {"b-01": "24.05 GBP"})["pay"], "from": "savings"}}
    return with_steps({**data, "steps": [connect, chosen, *rest]}, first, SYNC, paid, SYNC)
