"""The systematic part of a campaign: what every client should be asked once, before chance has its turn.

Each kind once with plain data; then currencies, taxes, lines, names and dates; then the same id again, batches,
changes, files, bills; then what the bookkeeper does meanwhile. Faults and kills at each exchange of such runs follow
from their tapes (``disturbed``). Nothing here looks for a particular bug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbooks.harness.examples import (
    AUSTRALIAN,
    BRITISH,
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
from sandbooks.replay.script_steps import EXPENSE_KINDS

LONG_NAME = max(NAMES, key=len)
SYNC: Data = {"sync": "until idle"}
RESTART: Data = {"sync": "after restart"}
TWO_WORKERS = "two workers"
LIST_LENGTH = 110  # more than the pages of a hundred that most clients ask for
MANY = 33  # more than the batches of thirty that platforms and clients are fond of
LAG = "5s"  # how old a search may be; a client that waits longer before it believes an empty answer is right


@dataclass(frozen=True)
class Example:
    """One run: its data and what it is there for. ``disturb``: faults and kills at its exchanges are worth trying."""

    about: str
    data: Data
    disturb: bool = False


def spend(menu: Menu, kind: str, label: str, number: str, setting: Setting = BRITISH, **more: Any) -> Data:
    """One expense of one line."""
    given: Data = {kind: label, "date": setting.day, "amount": amount(number, setting.currency), "account": "travel"}
    if menu.offered.limits_of("expense").notes_required:
        given["notes"] = "Fares"
    return {**given, **more}


def kinds(menu: Menu) -> Iterator[Example]:
    """Every kind that is offered, once, with plain data."""
    numbers = iter(("412.37", "61.33", "5.18", "27.45", "93.06", "38.91", "70.24", "16.52"))
    for held, account in (("card", "visa_card"), ("bank", "checking")):
        for kind in menu.card_kinds(held):  # type: ignore[arg-type]  # the two classes of the tables
            more: Data = {} if held == "card" else {"bank_account": account}
            data = with_steps(base(menu), {"push": spend(menu, kind, "r-01", next(numbers), **more)}, SYNC)
            plain = held == "card" and kind == "payment"
            yield Example(f"a {kind} on a {held} account", data, disturb=plain)
    named = spend(menu, "payment", "r-01", "47.83", contact="jane")
    yield Example("a payment to a supplier that is not the default", with_steps(base(menu), {"push": named}, SYNC))
    if "payment" in menu.card_kinds("card") and "payment" in menu.card_kinds("bank"):
        elsewhere = spend(menu, "payment", "r-01", "29.57", bank_account="checking")
        usual = [spend(menu, "payment", label, number) for label, number in (("r-02", "33.14"), ("r-03", "19.76"))]
        steps = ({"push": [elsewhere, usual[0]]}, SYNC, {"push": usual[1]}, SYNC)
        yield Example("spend on another account beside spend on the usual one", with_steps(base(menu), *steps))
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


def reimbursable(label: str) -> Data:
    return {
        "reimbursable": label,
        "date": "2026-03-11",
        "due_date": "2026-04-15",
        "contact": "jane",
        "amount": "84.62 GBP",
        "account": "meals",
    }


def transfer(label: str, source: str, target: str, money: str, arriving: str = "") -> Data:
    return {"transfer": label, "date": "2026-03-12", "from": {source: money}, "to": {target: arriving or money}}


def adjustment(label: str) -> Data:
    lines = [{"amount": "Dr 44.70 GBP", "account": "meals"}, {"amount": "Cr 44.70 GBP", "account": "travel"}]
    return {"adjustment": label, "date": "2026-03-13", "lines": lines}


# Amounts, currencies, taxes, names, dates


def contents(menu: Menu) -> Iterator[Example]:
    """What a transaction may hold: lines, tax, currencies of 0, 2 and 3 digits, names, dates at the edges of months."""
    kinds_here = menu.card_kinds()
    for kind in kinds_here[:2]:
        yield Example(f"a {kind} with tax", _taxed(menu, kind))
        if menu.lines_most("expense") > 2:
            yield Example(f"a {kind} of three lines with tax", _lines(menu, kind))
    if not (menu.through_hub and "tax amount" in menu.offered.rules.get("ignored_fields", "")):
        partly = spend(menu, "payment", "r-01", "113.37", tax="standard", tax_amount="13.37 GBP")
        yield Example("a tax that is less than its rate", with_steps(base(menu), {"push": partly}, SYNC))
    if menu.mixed_signs:
        yield Example("a payment with a discount line", _of_nets(menu, "100.10", "-30.20"))
        if menu.lines_most("expense") > 2:
            yield Example("lines that cancel each other", _of_nets(menu, "10.40", "-10.40", "5.15"))
    for setting in SETTINGS[1:]:
        data = with_steps(base(menu, setting), {"push": spend(menu, "payment", "r-01", "1234.56", setting)}, SYNC)
        yield Example(f"spend at the end of a month in {setting.country}", data)
    for setting in (BRITISH, AUSTRALIAN, DINARS):  # foreign currencies of two digits, of none and of three
        yield from _foreign(menu, setting)
    for pair in zip(NAMES[1::2], NAMES[2::2], strict=False):
        yield Example("awkward names", _named(menu, *pair))
    yield Example("one name in other letters", _other_letters(menu))
    named = spend(menu, "payment", "r-01", "36.18", contact="jane", merchant="Harbour Café")
    yield Example("a supplier who is not the merchant", with_steps(base(menu), {"push": named}, SYNC))
    yield Example("one reference for two", _same_reference(menu))
    if menu.offers("adjustment"):
        yield Example("an adjustment of which a part cancels", with_steps(base(menu), {"push": _cancelling()}, SYNC))
        if menu.lines_most("adjustment") > 2:
            yield Example("an adjustment of three lines", with_steps(base(menu), {"push": _of_three()}, SYNC))
    yield Example("one long name for two", _same_merchant(menu), disturb=True)
    yield Example("long texts of wide characters", _wide(menu))
    yield Example("amounts that floats do not hold", _awkward(menu))
    yield from _mistaken(menu)
    yield Example("lists of several pages", _long_lists(menu))


def _taxed(menu: Menu, kind: str) -> Data:
    given = spend(menu, kind, "r-01", "13.86", tax="standard", tax_amount="2.31 GBP")
    return with_steps(base(menu), {"push": given}, SYNC)


def _lines(menu: Menu, kind: str) -> Data:
    # Each tax is right for its line, and their sum is a cent more than the rate of the sum.
    rows = (("25.03", "5.01", "travel"), ("25.63", "5.13", "meals"), ("25.08", "5.02", "software"))
    lines = [{"net": f"{n} GBP", "tax_amount": f"{t} GBP", "tax": "standard", "account": a} for n, t, a in rows]
    return with_steps(base(menu), {"push": _of_lines(menu, kind, lines)}, SYNC)


def _of_lines(menu: Menu, kind: str, lines: list[Data], label: str = "r-01") -> Data:
    given: Data = {kind: label, "date": "2026-03-16", "lines": lines}
    return {**given, "notes": "Fares"} if menu.offered.limits_of("expense").notes_required else given


def _of_nets(menu: Menu, *nets: str, accounts: tuple[str, ...] = ("travel", "meals", "software")) -> Data:
    lines = [{"net": f"{net} GBP", "account": account} for net, account in zip(nets, accounts, strict=False)]
    return with_steps(base(menu), {"push": _of_lines(menu, "payment", lines)}, SYNC)


def _cancelling() -> Data:
    given = adjustment("r-01")
    back_and_forth = [{"amount": f"{side} 10.40 GBP", "account": "software"} for side in ("Dr", "Cr")]
    return {**given, "lines": [*given["lines"], *back_and_forth]}


def _of_three() -> Data:
    rows = (("Dr 44.70", "meals"), ("Cr 30.15", "travel"), ("Cr 14.55", "software"))
    return {**adjustment("r-01"), "lines": [{"amount": f"{money} GBP", "account": account} for money, account in rows]}


def _mistaken(menu: Menu) -> Iterator[Example]:
    """What people get wrong about currencies: it is refused, or booked as it was meant."""
    data = add_account(base(menu), "dollars", {"type": "credit_card", "name": "Dollar Card", "currency": "USD"})
    home = spend(menu, "payment", "r-01", "36.18", bank_account="dollars")
    yield Example("home spend on a foreign card", with_steps(data, {"push": home}, SYNC))
    abroad = {**home, "amount": "52.93 USD"}
    yield Example("foreign spend without a rate", with_steps(data, {"push": abroad}, SYNC))


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
    if menu.lines_most("expense") < 3:
        return with_steps(base(menu), {"push": spend(menu, "payment", "r-01", "1.10")}, SYNC)
    nets = ("0.10", "0.20", "36.10", "58.20")[: menu.lines_most("expense")]
    return _of_nets(menu, *nets, accounts=("travel", "travel", "meals", "meals"))


def _other_letters(menu: Menu) -> Data:
    """One merchant that is there and one that is not, each once in other letters."""
    names = ("JANE DOE", "Jane Doe", "Harbour Café", "HARBOUR CAFÉ")
    given = [spend(menu, "payment", f"r-0{n}", f"1{n}.03", merchant=name) for n, name in enumerate(names, 1)]
    return with_steps(base(menu), *(step for one in given for step in ({"push": one}, SYNC)))


def _same_reference(menu: Menu) -> Data:
    one = spend(menu, "payment", "r-01", "36.18", reference="Trip 12")
    two = spend(menu, "payment", "r-02", "52.93", reference="Trip 12")
    return with_steps(base(menu), {"push": one}, SYNC, {"push": two}, SYNC)


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
    for place, account in enumerate(menu.foreign_on(setting)):
        data = base(menu, setting)
        if account == "foreign_card":
            facts = {"type": "credit_card", "name": f"Card in {setting.foreign}", "currency": setting.foreign}
            data = add_account(data, "foreign_card", facts)
        for kind in offered if setting is BRITISH else offered[place : place + 1]:
            given = spend(menu, kind, "r-01", "1234.567", setting, rate=setting.equation, bank_account=account)
            given["amount"] = amount("1234.567", setting.foreign)
            yield Example(f"a {kind} in {setting.foreign} on {account}", with_steps(data, {"push": given}, SYNC))
    if setting is BRITISH and menu.offers("transfer"):
        yield from _transfers_abroad(menu)


def _transfers_abroad(menu: Menu) -> Iterator[Example]:
    data = add_account(base(menu), "dollars", {"type": "bank", "name": "Dollar Account", "currency": "USD"})
    if menu.offered.transfer_currencies["home_to_foreign"] == "allowed":
        moved = transfer("r-01", "checking", "dollars", "78.10 GBP", "100.40 USD")
        yield Example("a transfer into another currency", with_steps(data, {"push": moved}, SYNC))
    if menu.offered.transfer_currencies["foreign_to_home"] == "allowed":
        moved = transfer("r-01", "dollars", "checking", "100.40 USD", "78.10 GBP")
        yield Example("a transfer out of another currency", with_steps(data, {"push": moved}, SYNC))


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


# What happens to a transaction


def lives(menu: Menu) -> Iterator[Example]:
    """The same again, several at once, changes, files, bills, restarts in between."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    three = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)
    yield Example("the same twice before any work", with_steps(start, {"push": one}, {"push": one}, SYNC))
    yield Example("the same again when it is done", with_steps(start, {"push": one}, SYNC, {"push": one}, SYNC, SYNC))
    yield Example("three at once", with_steps(start, {"push": [one, two, three]}, SYNC), disturb=True)
    hour = {"advance": "2h"}
    yield Example(
        "done, restarted, the same again", with_steps(start, {"push": one}, SYNC, RESTART, {"push": one}, SYNC)
    )
    yield Example("time between", with_steps(start, {"push": one}, hour, SYNC, {"push": [one, two]}, hour, SYNC))
    days = [step for given in (one, two, three) for step in ({"push": given}, SYNC, {"advance": "40h"})]
    yield Example("a few days, one after the other", with_steps(start, *days))
    if "update" in menu.verbs and menu.offers("update.expense"):
        yield from _changes(menu, one)
    if menu.takes_file("payment"):
        yield from _files(menu, one)
    if "submit_bills" in menu.verbs:
        yield from bills(menu)


def _changes(menu: Menu, one: Data) -> Iterator[Example]:
    start = base(menu)
    same = {"update": {"transaction": "r-01", "amount": "412.37 GBP", "account": "travel"}}
    yield Example("a change that changes nothing", with_steps(start, {"push": one}, SYNC, same, SYNC))
    more = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
    yield Example("another amount and account", with_steps(start, {"push": one}, SYNC, more, SYNC), disturb=True)
    twice = {"update": {"transaction": "r-01", "amount": "301.08 GBP", "account": "travel"}}
    yield Example("changed twice", with_steps(start, {"push": one}, SYNC, more, SYNC, twice, RESTART))
    yield Example("changed before any work", with_steps(start, {"push": one}, more, SYNC))
    yield Example("changed twice before the next work", with_steps(start, {"push": one}, SYNC, more, twice, SYNC))
    if menu.takes_file("payment"):
        yield Example(
            "changed with a receipt on it",
            with_steps(start, {"push": one}, SYNC, receipt("f-01"), SYNC, more, SYNC),
        )


def receipt(label: str, name: str = "", *, transaction: str = "r-01") -> Data:
    given: Data = {"file": label, "transaction": transaction, "size": "3 kB", "name": name or f"{label}.png"}
    return {"attach": given}


def _files(menu: Menu, one: Data) -> Iterator[Example]:
    start = base(menu)
    late = with_steps(start, {"push": one}, SYNC, receipt("f-01"), SYNC)
    yield Example("a receipt on what is done", late, disturb=True)
    yield Example("a receipt before any work", with_steps(start, {"push": one}, receipt("f-01"), RESTART))
    again = with_steps(start, {"push": one}, SYNC, receipt("f-01"), SYNC, receipt("f-01"), SYNC)
    yield Example("the same receipt again", again)
    page = receipt("f-01", "f-01.html")
    yield Example("a receipt of a type that few take", with_steps(start, {"push": one}, SYNC, page, SYNC))
    several = [receipt("f-01"), receipt("f-02", "Tâche & Söhne.jpg")]
    yield Example("two receipts", with_steps(start, {"push": one}, SYNC, *several, SYNC))
    two = spend(menu, "payment", "r-02", "88.14", account="meals")
    each = [receipt("f-02", transaction="r-02"), receipt("f-01")]
    yield Example("a receipt on each of two", with_steps(start, {"push": [one, two]}, SYNC, *each, SYNC))
    if menu.takes_file("refund") and "refund" in menu.card_kinds():
        back = spend(menu, "refund", "r-01", "61.33")
        yield Example("a receipt on a refund", with_steps(start, {"push": back}, SYNC, receipt("f-01"), SYNC))
    if menu.takes_file("reimbursable") and menu.offers("reimbursable"):
        owed = {"push": reimbursable("r-01")}
        yield Example("a receipt on an employee's spend", with_steps(start, owed, SYNC, receipt("f-01"), SYNC))


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
    second = bill("b-02", "4.10 GBP")
    both = pay("p-01", {"b-01": "64.10 GBP", "b-02": "4.10 GBP"})
    yield Example("two bills in one payment", with_steps(start, first, second, SYNC, both, SYNC), disturb=True)
    yield Example(
        "bill and payment handed over together", with_steps(start, first, pay("p-01", {"b-01": "64.10 GBP"}), SYNC)
    )
    yield Example("the same bill again", with_steps(start, first, SYNC, first, SYNC))
    yield Example("a bill paid from a second bank account", _from_savings(menu, first))
    other = bill("b-02", "240.60 GBP", supplier="jane")
    paid = pay("p-01", {"b-01": "64.10 GBP"})
    yield Example("one of two suppliers paid", with_steps(start, first, SYNC, other, SYNC, paid, SYNC))
    yield Example("two payments that look alike, and one of them lost", _paid_alike(start))
    older = {"bill": {**bill("b-02", "64.10 GBP")["bill"], "date": "2026-02-10", "due_date": "2026-03-10"}}
    two = with_steps(start, older, SYNC, first, SYNC, paid, SYNC)
    yield Example("the newer of two bills of one supplier paid", two)
    owed = {"bill": {**first["bill"], "supplier": "jane"}}
    yield Example("a bill of a supplier that is not the default", with_steps(start, owed, SYNC, paid, SYNC))


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


def bill(label: str, money: str, *, supplier: str = "airline") -> Data:
    dates = {"date": "2026-03-10", "due_date": "2026-04-15"}
    return {"bill": {"id": label, "supplier": supplier, **dates, "amount": money, "account": "software"}}


def pay(label: str, paid: dict[str, str]) -> Data:
    return {"pay": {"id": label, "date": "2026-03-14", "from": "checking", "bills": paid}}


# What the company's own people do


def bookkeeping(menu: Menu) -> Iterator[Example]:
    """The bookkeeper at work before, between and after."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    bad = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)

    def after(act: Data, *then: Data) -> Data:
        return with_steps(start, {"push": one}, SYNC, {"bookkeeper": act}, *then, SYNC, {"advance": "1d"}, SYNC)

    yield Example(
        "a closed period", with_steps(start, {"bookkeeper": {"lock_period": "2026-03-31"}}, {"push": [one]}, SYNC)
    )
    late = [{"bookkeeper": {"lock_period": "2026-02-28"}}, {"push": {**one, "date": "2026-02-27"}}]
    yield Example("a late one into a closed month", with_steps(start, *late, SYNC))
    closed, given = late
    yield Example("a late one among good ones", with_steps(start, closed, {"push": [given["push"], two, bad]}, SYNC))
    lock: Data = {"lock_period": "2026-03-16"}
    yield Example("a period closed in between", after(lock, {"push": two}))
    yield Example("deleted by the bookkeeper", after({"delete": "r-01"}, {"push": one}))
    yield Example("deleted, then something new", after({"delete": "r-01"}, {"push": two}, RESTART))
    archived = {"bookkeeper": {"archive_account": "software"}}
    yield Example("one bad among good ones", with_steps(start, archived, {"push": [bad, one, two]}, SYNC))
    yield Example(
        "an account archived in between", with_steps(start, {"push": bad}, archived, SYNC, {"advance": "1d"}, SYNC)
    )
    gone = {"bookkeeper": {"archive_contact": "airline"}}
    known = {**one, "merchant": "Contoso Air"}
    yield Example("a name that is archived", with_steps(start, gone, {"push": known}, SYNC))
    yield Example("a supplier renamed", after({"rename_contact": {"airline": "Contoso Airways plc"}}, {"push": two}))
    yield Example("a supplier archived", after({"archive_contact": "airline"}, {"push": two}))
    named = {**two, "merchant": "Jane Doe"}
    yield Example("an archived name comes again", after({"archive_contact": "jane"}, {"push": named}))
    back = {"bookkeeper": {"restore_account": "software"}}
    again = with_steps(start, archived, {"push": one}, SYNC, back, {"push": bad}, SYNC)
    yield Example("an account that comes back", again)
    yield Example("consent withdrawn", after({"withdraw_consent": True}, {"push": two}))
    if "update" in menu.verbs and menu.offers("update.expense"):
        change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
        yield Example("deleted, then changed", after({"delete": "r-01"}, change))
        yield Example("closed, then changed", after(lock, change))


# Several things at once


def together(menu: Menu) -> Iterator[Example]:
    """Faults that are dangerous in pairs, and those that last."""
    one, two = spend(menu, "payment", "r-01", "412.37"), spend(menu, "payment", "r-02", "88.14", account="meals")
    three = spend(menu, "payment", "r-03", "19.99", account="software")
    start = base(menu)

    def meeting(*faults: Data, push: Any = one, then: tuple[Data, ...] = ()) -> Data:
        return with_steps(start, *({"fault": fault} for fault in faults), {"push": push}, SYNC, *then)

    lost = {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "may_rest": True}}
    stale = {"stale_read": {"at": {"every": True}, "lag": LAG, "may_rest": True}}
    yield Example("an answer lost and a search that lags", meeting(lost, stale))
    yield from _looked_up(menu, meeting)
    expired = {"expire_token": {"may_rest": True}}
    again = ({"fault": expired}, {"push": two}, SYNC)
    yield Example("a token that ends", meeting(expired), disturb=True)
    yield Example("a token that ends twice", meeting(expired, then=again))
    yield Example("a token that ends, a restart, again", meeting(expired, then=(RESTART, *again)))
    for nth in (2, 3):
        limit = {"throttle": {"at": {"operation": "* /**", "nth": nth}, "may_rest": True}}
        yield Example("a limit in the middle of a batch", meeting(limit, push=[one, two, three]))
    dated = {"throttle": {"at": {"write": "r-01"}, "form": "date", "may_rest": True}}
    yield Example("a wait that is told as a date", meeting(dated))
    shuffled = {"reorder_batch": {"at": {"every": True}, "may_rest": True}}
    yield Example("a batch answered in another order", meeting(shuffled, push=[one, two, three]))
    many = [spend(menu, "payment", f"r-{n:02d}", f"{n}.{n:02d}") for n in range(1, MANY + 1)]
    late = {"write": f"r-{MANY - 1}"}
    yield Example("a limit late in a long batch", meeting({"throttle": {"at": late, "may_rest": True}}, push=many))
    unheard = {"drop_response": {"at": late, "phase": "commit", "may_rest": True}}
    yield Example("an answer lost late in a long batch", meeting(unheard, push=many))
    gone = {"drop_response": {"at": {"write": "r-01", "every": True}, "phase": "commit", "may_rest": True}}
    yield Example("every answer lost for a while", meeting(gone))
    down = {"server_error": {"at": {"every": True}, "phase": "send", "status": 503, "may_rest": True}}
    yield Example("an outage", meeting(down, then=({"advance": "2h"}, {"fault": {"clear": "all"}}, SYNC)))
    if "restart" in menu.verbs:
        for label, phase in (("r-01", "deliver"), ("r-02", "deliver"), ("r-02", "connect")):
            dies: Data = {"kill": {"at": {"write": label}, "phase": phase, "may_rest": True}}
            yield Example("killed in a batch", with_steps(start, dies, {"push": [one, two, three]}, SYNC))


def _looked_up(menu: Menu, meeting: Callable[..., Data]) -> Iterator[Example]:
    """What a look-up may mistake: one that looks alike, one of another day, one that is not shown yet."""
    unsent = {"drop_response": {"at": {"write": "r-02"}, "phase": "validate", "may_rest": True}}
    one = spend(menu, "payment", "r-01", "412.37", merchant="Contoso Air", reference="Trip 12")
    alike = {**one, "payment": "r-02"}
    yield Example("two that look alike, and one of them lost", meeting(unsent, push=[one, alike]))
    if menu.offers("reimbursable"):
        owed = {**reimbursable("r-01"), "reference": "Trip 12"}
        both = [owed, {**owed, "reimbursable": "r-02"}]
        yield Example("two of one employee that look alike, and one of them lost", meeting(unsent, push=both))
    lost = {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "may_rest": True}}
    earlier = {**one, "date": "2026-02-11"}
    yield Example("an answer lost, and a date of last month", meeting(lost, push=earlier))
    if "restart" in menu.verbs:
        dies = {"kill": {"at": {"write": "r-01"}, "phase": "deliver", "may_rest": True}}
        stale = {"fault": {"stale_read": {"at": {"every": True}, "lag": LAG, "may_rest": True}}}
        later = {"advance": "10m"}  # the company's own lists are no news any more
        data = with_steps(base(menu), later, stale, dies, {"push": one}, SYNC)
        yield Example("killed, and a search that lags", data)


# What is not offered


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


WAVES: tuple[Callable[[Menu], Iterator[Example]], ...] = (kinds, lives, together, not_offered, contents, bookkeeping)
