"""What a transaction may hold: lines, tax, currencies of 0, 2 and 3 digits, names, dates at the edges of months."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.audit.wording import listed
from sandbooks.harness.examples import (
    AMERICAN,
    AUSTRALIAN,
    BRITISH,
    COMPANY,
    DINARS,
    NAMES,
    SETTINGS,
    Data,
    Menu,
    Setting,
    add_account,
    amount,
    base,
    with_steps,
)
from sandbooks.harness.systematic.steps import SYNC, Example, adjustment, one_by_one, spend, transfer
from sandbooks.money import digits
from sandbooks.platform import platform_named

LONG_NAME = max(NAMES, key=len)
FEW_LINES = 4
LINES_MOST = 100  # of one transaction, as driver.yaml has it
LIST_LENGTH = 110  # more than the pages of a hundred that most clients ask for


def contents(menu: Menu) -> Iterator[Example]:
    """What a transaction may hold: lines, tax, currencies of 0, 2 and 3 digits, names, dates at the edges of months."""
    kinds_here = menu.card_kinds()
    for kind in kinds_here[:2]:
        yield Example(f"a {kind} with tax, of one line and of three", _taxed(menu, kind))
    if menu.mixed_signs:
        discount = with_steps(_of_nets(menu, "100.10", "-30.20"), {"push": _taxed_discount(menu)}, SYNC)
        yield Example("a payment with a discount line", discount)
        if menu.lines_most("expense") > 2:
            yield Example("lines that cancel each other", _of_nets(menu, "10.40", "-10.40", "5.15"))
    most = menu.offered.limits_of("expense").lines_max or LINES_MOST
    if most > FEW_LINES:
        yield Example("a payment of many lines", _of_many(menu, min(most, LINES_MOST)))
    for setting in SETTINGS[1:]:
        data = with_steps(base(menu, setting), {"push": spend(menu, "payment", "r-01", "1234.56", setting)}, SYNC)
        data = with_steps(data, *(_half_a_cent(menu) if setting is AUSTRALIAN else ()))
        yield Example(f"spend at the end of a month in {setting.country}", data)
    # Foreign currencies of two digits, of none and of three, and one that is worth more than the company's own.
    for setting in (BRITISH, AUSTRALIAN, DINARS, AMERICAN):
        yield from _foreign(menu, setting)
    for pair in zip(NAMES[1::2], NAMES[2::2], strict=False):
        yield Example("awkward names", _named(menu, *pair))
    yield Example("one name in other letters", _other_letters(menu))
    named = spend(menu, "payment", "r-01", "36.18", contact="jane", merchant="Harbour Café")
    yield Example("a supplier who is not the merchant", with_steps(base(menu), {"push": named}, SYNC))
    yield Example("one reference for two", _same_reference(menu))
    if platform_named(menu.platform).unique_numbers:
        yield Example("a number that another one has", _taken_number(menu))
    if menu.offers("adjustment"):
        more = ({"push": _of_three()}, SYNC) if menu.lines_most("adjustment") > 2 else ()
        odd = with_steps(base(menu), {"push": _cancelling()}, SYNC, *more)
        yield Example("an adjustment of which a part cancels, and one of three lines", odd)
    yield Example("one long name for two", _same_merchant(menu), disturb=True)
    yield Example("long texts of wide characters", _wide(menu))
    yield Example("amounts that floats do not hold", _awkward(menu))
    yield from _mistaken(menu)
    yield Example("lists of several pages", _long_lists(menu))


def _taxed(menu: Menu, kind: str) -> Data:
    """One line, three lines, and a tax that is less than its rate."""
    given = [spend(menu, kind, "r-01", "13.86", tax="standard", tax_amount="2.31 GBP")]
    if menu.lines_most("expense") > 2:
        given.append(_lines(menu, kind, "r-02"))
    if not (menu.through_hub and "tax amount" in menu.offered.rules.get("ignored_fields", "")):
        given.append(spend(menu, kind, "r-03", "113.37", tax="standard", tax_amount="13.37 GBP"))
    return with_steps(base(menu), *one_by_one(given))


def _lines(menu: Menu, kind: str, label: str) -> Data:
    # Each tax is right for its line, and their sum is a cent more than the rate of the sum.
    rows = (("25.03", "5.01", "travel"), ("25.63", "5.13", "meals"), ("25.08", "5.02", "software"))
    lines: list[Data] = [
        {"net": f"{n} GBP", "tax_amount": f"{t} GBP", "tax": "standard", "account": a} for n, t, a in rows
    ]
    if kind != "payment":
        lines[-1] = {"net": "25.08 GBP", "account": "software"}  # beside those with tax one without
    return _of_lines(menu, kind, lines, label)


def _of_many(menu: Menu, count: int) -> Data:
    lines = [
        {"net": f"{n}.{n:02d} GBP" if n < 100 else f"{n}.00 GBP", "account": ("travel", "meals", "software")[n % 3]}
        for n in range(1, count + 1)
    ]
    return with_steps(base(menu), {"push": _of_lines(menu, "payment", lines)}, SYNC)


def _half_a_cent(menu: Menu) -> tuple[Data, ...]:
    """A tax that lies between two cents by its rate: the one that was submitted is the next higher."""
    given = spend(menu, "payment", "r-02", "11.28", AUSTRALIAN, tax="standard", tax_amount="1.03 AUD")
    return {"push": given}, SYNC


def _of_lines(menu: Menu, kind: str, lines: list[Data], label: str = "r-01") -> Data:
    given: Data = {kind: label, "date": "2026-03-16", "lines": lines}
    return {**given, "notes": "Fares"} if menu.offered.limits_of("expense").notes_required else given


def _of_nets(menu: Menu, *nets: str) -> Data:
    accounts = ("travel", "meals", "software")
    lines = [{"net": f"{net} GBP", "account": account} for net, account in zip(nets, accounts, strict=False)]
    return with_steps(base(menu), {"push": _of_lines(menu, "payment", lines)}, SYNC)


def _taxed_discount(menu: Menu) -> Data:
    rows = (("100.10", "20.02", "travel"), ("-30.20", "-6.04", "meals"))
    lines = [{"net": f"{n} GBP", "tax_amount": f"{t} GBP", "tax": "standard", "account": a} for n, t, a in rows]
    return _of_lines(menu, "payment", lines, label="r-02")


def _cancelling() -> Data:
    given = adjustment("r-01")
    back_and_forth = [{"amount": f"{side} 10.40 GBP", "account": "software"} for side in ("Dr", "Cr")]
    return {**given, "lines": [*given["lines"], *back_and_forth]}


def _of_three() -> Data:
    rows = (("Dr 44.70", "meals"), ("Cr 30.15", "travel"), ("Cr 14.55", "software"))
    return {**adjustment("r-02"), "lines": [{"amount": f"{money} GBP", "account": account} for money, account in rows]}


def _mistaken(menu: Menu) -> Iterator[Example]:
    """What people get wrong about currencies: it is refused, or booked as it was meant."""
    data = add_account(base(menu), "dollars", {"type": "credit_card", "name": "Dollar Card", "currency": "USD"})
    home = spend(menu, "payment", "r-01", "36.18", bank_account="dollars")
    abroad = {**home, "payment": "r-02", "amount": "52.93 USD"}
    both = with_steps(data, {"push": home}, SYNC, {"push": abroad}, SYNC)
    yield Example("home spend on a foreign card, and foreign spend without a rate", both)


def _same_merchant(menu: Menu) -> Data:
    """Two of one merchant, whose name alone fills what many fields take, and one of a short name."""
    one = spend(menu, "payment", "r-01", "36.18", merchant=LONG_NAME)
    two = spend(menu, "payment", "r-02", "52.93", merchant=LONG_NAME)
    short = spend(menu, "payment", "r-03", "11.27", merchant="Cab")
    return with_steps(base(menu), {"push": one}, SYNC, {"push": two}, SYNC, {"push": short}, SYNC)


def _wide(menu: Menu) -> Data:
    """Texts that are longer than most fields, of characters that take one to four bytes."""
    return with_steps(base(menu), {"push": spend(menu, "payment", "r-01", "36.18", notes="é🍕" * 90)}, SYNC)


def _awkward(menu: Menu) -> Data:
    """Spent in several lines without tax, two of them on one account; and as much given back."""
    if menu.lines_most("expense") < 3:
        return with_steps(base(menu), {"push": spend(menu, "payment", "r-01", "1.10")}, SYNC)
    nets = ("0.10", "0.20", "36.10", "58.20")[: menu.lines_most("expense")]
    accounts = ("travel", "travel", "meals", "meals")
    lines: list[Data] = [{"net": f"{net} GBP", "account": key} for net, key in zip(nets, accounts, strict=False)]
    kinds = menu.card_kinds()[:2]
    given = [_of_lines(menu, kind, lines, f"r-0{n}") for n, kind in enumerate(kinds, 1)]
    return with_steps(base(menu), *one_by_one(given))


def _other_letters(menu: Menu) -> Data:
    """One merchant that is there and one that is not, each once in other letters; and one whose name is a part of
    another's."""
    names = ("JANE DOE", "Jane Doe", "Harbour Café", "HARBOUR CAFÉ", "Jane")
    given = [spend(menu, "payment", f"r-0{n}", f"1{n}.03", merchant=name) for n, name in enumerate(names, 1)]
    return with_steps(base(menu), *one_by_one(given))


def _same_reference(menu: Menu) -> Data:
    one = spend(menu, "payment", "r-01", "36.18", reference="Trip 12")
    two = spend(menu, "payment", "r-02", "52.93", reference="Trip 12")
    return with_steps(base(menu), {"push": one}, SYNC, {"push": two}, SYNC)


def _taken_number(menu: Menu) -> Data:
    """As ``_same_reference``, in a company that takes no number twice: who uses references as numbers is refused."""
    data = _same_reference(menu)
    company = {**data["companies"][COMPANY], "unique_numbers": True}
    return {**data, "companies": {COMPANY: company}}


def _long_lists(menu: Menu) -> Data:
    """The account and the supplier that are used come last in lists that no page holds whole."""
    data = base(menu)
    company = data["companies"]["acme"]
    accounts = {f"extra_{n}": {"type": "expense", "name": f"Cost centre {n:03d}"} for n in range(LIST_LENGTH)}
    suppliers = {f"shop_{n}": {"name": f"Shop number {n:03d}"} for n in range(LIST_LENGTH)}
    company["accounts"] |= {**accounts, "zoo": {"type": "expense", "name": "Zoo visits"}}
    company["suppliers"] |= {**suppliers, "zoo": {"name": "Zoological Society"}}
    one = spend(menu, "payment", "r-01", "36.18", contact="zoo", merchant="Zoological Society")
    two = spend(menu, "payment", "r-02", "52.93", merchant="Zoological Society")
    return with_steps(data, {"push": {**one, "account": "zoo"}}, SYNC, {"push": {**two, "account": "zoo"}}, SYNC)


def _foreign(menu: Menu, setting: Setting) -> Iterator[Example]:
    offered = [kind for kind in menu.card_kinds() if kind in ("payment", "refund")]
    for account in menu.foreign_on(setting):
        data = base(menu, setting)
        if account == "foreign_card":
            facts = {"type": "credit_card", "name": f"Card in {setting.foreign}", "currency": setting.foreign}
            data = add_account(data, "foreign_card", facts)
        steps: list[Data] = []
        for number, kind in enumerate(offered, 1):
            given = spend(menu, kind, f"r-0{number}", "1", setting, rate=setting.equation, bank_account=account)
            steps += [{"push": {**given, "amount": _foreign_amount(number, setting)}}, SYNC]
        if steps:
            yield Example(f"a {listed(offered)} in {setting.foreign} on {account}", with_steps(data, *steps))
    if setting is BRITISH and menu.offers("transfer"):
        yield from _transfers_abroad(menu)


def _foreign_amount(number: int, setting: Setting) -> str:
    """Large where a unit is small, so that the last digit of a rate counts."""
    return amount(f"{number}234.567" if digits(setting.foreign) else f"{number}23456", setting.foreign)


def _transfers_abroad(menu: Menu) -> Iterator[Example]:
    data = add_account(base(menu), "dollars", {"type": "bank", "name": "Dollar Account", "currency": "USD"})
    allowed = menu.offered.transfer_currencies
    moved = []
    if allowed["home_to_foreign"] == "allowed":
        moved.append(transfer("r-01", "checking", "dollars", "78.10 GBP", "100.40 USD"))
    if allowed["foreign_to_home"] == "allowed":
        moved.append(transfer("r-02", "dollars", "checking", "93.35 USD", "72.60 GBP"))
    if moved:
        yield Example("a transfer into another currency, and out of it", with_steps(data, *one_by_one(moved)))


def _named(menu: Menu, *names: str) -> Data:
    """Each name twice: once for a contact that may have to be made, once for one that is there by then."""
    steps: list[Data] = []
    numbers = iter(("36.18", "52.93", "71.26", "14.09"))
    for place, name in enumerate(names):
        notes = f"{name}: fares & more"
        one = spend(menu, "payment", f"r-{place}1", next(numbers), merchant=name, reference="Trip 12", notes=notes)
        two = spend(menu, "payment", f"r-{place}2", next(numbers), merchant=name)
        steps += [{"push": one}, SYNC, {"push": two}, SYNC]
    return with_steps(base(menu), *steps)
