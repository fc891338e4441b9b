"""Examples of relations: for each rule between two runs, work to which it applies on this platform.

The other run follows from the example (``relating``). Each asks one rule alone, so that what differs is that rule's.
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.examples import Data, Menu, add_account, base, with_steps
from sandbooks.harness.systematic import SYNC, Example, adjustment, reimbursable, spend, transfer

AWKWARD = ("O'Neill & Söhne", "Contoso International Rail", "Contoso International Hotels", 'Smith "Bits" Ltd')
MANY = 9  # more than a batch of seven


def relations(menu: Menu) -> Iterator[Example]:
    """Every relation once, those that concern the most clients first."""
    yield from _of_one_company(menu)
    yield from _of_size(menu)
    yield from _of_undoing(menu)
    yield from _of_tax(menu)
    yield _asked("INV-65", "the same work on another platform", _day(menu))


def _asked(rule: str, about: str, data: Data) -> Example:
    """The data with the rule as its relation, told with the other head members."""
    head = {name: value for name, value in data.items() if name not in ("companies", "steps")}
    rest = {name: data[name] for name in ("companies", "steps")}
    return Example(about, {**head, "relation": rule, **rest})


def _work(menu: Menu) -> list[Data]:
    """A few different things that this platform takes on a card."""
    given = [
        spend(menu, "payment", "r-01", "412.37", merchant="Contoso Air"),
        spend(menu, "payment", "r-02", "88.14", account="meals", merchant="Jane Doe"),
    ]
    if "refund" in menu.card_kinds():
        given.append(spend(menu, "refund", "r-03", "19.99", account="software", merchant="Contoso Air"))
    return given


def _day(menu: Menu, *, seed: int = 7) -> Data:
    """A day of work, one thing after the other."""
    steps = [step for one in _work(menu) for step in ({"push": one}, SYNC)]
    return with_steps(base(menu, seed=seed), *steps)


def _merchants(menu: Menu) -> Data:
    """Merchants whose names need quoting, or begin alike for longer than some fields are, and spend with nobody."""
    given = [spend(menu, "payment", f"r-0{n}", f"1{n}.0{n}", merchant=name) for n, name in enumerate(AWKWARD, 1)]
    given.append(spend(menu, "payment", "r-09", "88.14"))
    return with_steps(base(menu), *(step for one in given for step in ({"push": one}, SYNC)))


def _of_one_company(menu: Menu) -> Iterator[Example]:
    together = with_steps(base(menu), {"push": _work(menu)}, SYNC)
    yield _asked("INV-20", "the same alone and the last first", together)
    yield _asked("INV-20", "the same in one batch", _day(menu))
    many = [spend(menu, "payment", f"r-{n:02d}", f"{n}.{n:02d}") for n in range(1, MANY + 1)]
    yield _asked("INV-20", "a long batch, one by one", with_steps(base(menu), {"push": many}, SYNC))
    yield _asked("INV-06", "the same again and again", together)
    yield _asked("INV-55", "the same beside a bad one", together)
    yield _asked("INV-46", "the same beside another company", _day(menu))
    yield _asked("INV-49", "the same in longer lists", _day(menu))
    yield _asked("INV-37", "merchants of awkward names", _merchants(menu))
    yield _asked("INV-68", "the same under other names", _day(menu))
    yield _asked("INV-69", "the same in a zone further east", _day(menu, seed=8))
    yield _asked("INV-69", "the same in a zone further west", _day(menu))
    yield _asked("INV-64", "the same while the bookkeeper deletes something else", _day(menu))
    if "update" in menu.verbs and menu.offers("update.expense"):
        yield from _of_changes(menu)


def _of_changes(menu: Menu) -> Iterator[Example]:
    one = {"push": spend(menu, "payment", "r-01", "412.37")}
    change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
    yield _asked("INV-19", "a change without a change", with_steps(base(menu), one, SYNC))
    yield _asked("INV-18", "a change and its last version alone", with_steps(base(menu), one, SYNC, change, SYNC))


def _of_size(menu: Menu) -> Iterator[Example]:
    yield _asked("INV-66", "three times the amounts", _day(menu))
    if menu.offers("adjustment"):
        data = with_steps(base(menu), {"push": adjustment("r-01")}, SYNC)
        yield _asked("INV-66", "an adjustment three times as large", data)
    most = menu.lines_most("expense")
    if most > 1:
        nets = ("100.10", "-30.20" if menu.mixed_signs else "30.20", "25.07")[: min(most, 3)]
        accounts = ("travel", "meals", "software")
        lines = [{"net": f"{net} GBP", "account": account} for net, account in zip(nets, accounts, strict=False)]
        one: Data = {"payment": "r-01", "date": "2026-03-16", "lines": lines}
        if menu.offered.limits_of("expense").notes_required:
            one["notes"] = "Fares"
        yield _asked("INV-67", "lines and documents of one line", with_steps(base(menu), {"push": one}, SYNC))


def _of_tax(menu: Menu) -> Iterator[Example]:
    taxed = spend(menu, "payment", "r-01", "13.86", tax="standard", tax_amount="2.31 GBP")
    yield _asked("INV-74", "with tax and without", with_steps(base(menu), {"push": taxed}, SYNC))


def _of_undoing(menu: Menu) -> Iterator[Example]:
    if "refund" in menu.card_kinds():
        data = with_steps(base(menu), {"push": spend(menu, "payment", "r-01", "412.37")}, SYNC)
        yield _asked("INV-16", "spent and given back", data)
        taxed = spend(menu, "payment", "r-01", "13.86", tax="standard", tax_amount="2.31 GBP")
        yield _asked("INV-16", "spent with tax and given back", with_steps(base(menu), {"push": taxed}, SYNC))
    if menu.offers("transfer") and menu.offered.transfer_currencies["home_to_home"] != "refused":
        data = add_account(base(menu), "savings", {"type": "bank", "name": "Savings Account"})
        moved = {"push": transfer("r-01", "checking", "savings", "150.25 GBP")}
        yield _asked("INV-28", "moved and moved back", with_steps(data, moved, SYNC))
    yield _asked("INV-73", "done and deleted by the bookkeeper", _day(menu))
    if menu.offers("reimbursable"):
        data = with_steps(base(menu), {"push": reimbursable("r-01")}, SYNC)
        yield _asked("INV-73", "an employee's spend, deleted by the bookkeeper", data)
