"""What people do in the same books meanwhile, work by several workers at once, and what seldom stands on a receipt.

The second half of what a client should be asked: edits, voids and payments by hand, periods and records that close
between two steps, dimensions on lines, dates and amounts far off. Nothing here looks for a particular bug.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbooks.harness.examples import BRITISH, Data, Menu, base, with_steps
from sandbooks.harness.systematic import RESTART, SYNC, TWO_WORKERS, Example, bill, pay, receipt, spend, transfer
from sandbooks.harness.systematic.steps import one_by_one
from sandbooks.platform import platform_named

CHANGE = {"transaction": "r-01", "amount": "397.12 GBP", "account": "travel"}


def meanwhile(menu: Menu) -> Iterator[Example]:
    """Each of them once, those that concern the most clients first."""
    yield from workers(menu)
    yield from paid_by_hand(menu)
    yield from edited(menu)
    yield from closed(menu)
    yield from with_dimensions(menu)
    yield from far_off(menu)


def by_hand(**act: Any) -> Data:
    """One thing that the bookkeeper does."""
    return {"bookkeeper": act}


def _work(menu: Menu) -> list[Data]:
    return [
        spend(menu, "payment", "r-01", "412.37", merchant="Contoso Air"),
        spend(menu, "payment", "r-02", "88.14", account="meals", merchant="Harbour Café"),
        spend(menu, "payment", "r-03", "19.99", account="software", merchant="Harbour Café"),
    ]


# Several workers


def workers(menu: Menu) -> Iterator[Example]:
    """Two workers of the client at once, which change places at their exchanges."""
    both: Data = {"sync": TWO_WORKERS}
    one, two, three = _work(menu)
    start = base(menu)
    yield Example("two workers, one transaction", with_steps(start, {"push": one}, both))
    yield Example("two workers, several transactions", with_steps(start, {"push": [one, two, three]}, both))
    expired = {"fault": {"expire_token": {"may_rest": True}}}
    yield Example("two workers and a token that ends", with_steps(start, expired, {"push": [one, two]}, both))
    lost = {"fault": {"drop_response": {"at": {"write": "r-01"}, "phase": "commit", "may_rest": True}}}
    yield Example("two workers and an answer lost", with_steps(start, lost, {"push": [one, two]}, both))
    if "submit_bills" in menu.verbs:
        paid = pay("p-01", {"b-01": "64.10 GBP"})
        yield Example("two workers pay a bill", with_steps(start, bill("b-01", "64.10 GBP"), SYNC, paid, both))


# Edits, voids


def edited(menu: Menu) -> Iterator[Example]:
    """Documents that stand are changed, voided or deleted in the platform's screens."""
    one, two, _ = _work(menu)
    done = with_steps(base(menu), {"push": one}, SYNC)

    lacks = platform_named(menu.platform).not_by_hand
    again: tuple[Data, ...] = ({"push": one},)
    changed: dict[str, Data] = {
        "notes": by_hand(edit={"transaction": "r-01", "notes": "Seen by the auditor"}),
        "account": by_hand(edit={"transaction": "r-01", "account": "meals"}),
        "amount": by_hand(edit={"transaction": "r-01", "amount": "400.11 GBP"}),
        "void": by_hand(void="r-01"),
        "delete": by_hand(delete="r-01"),
    }
    found: list[tuple[str, str, tuple[Data, ...]]] = [
        ("a memo edited, then something new", "notes", ({"push": two},)),
        ("recoded by hand, then the same again", "account", again),
        ("a memo edited, then the same again", "notes", again),
        ("the amount edited, a restart", "amount", (RESTART,)),
        ("voided by hand, then the same again", "void", again),
    ]
    if menu.takes_file("payment"):
        found.append(("deleted, then a receipt", "delete", (receipt("f-01"),)))
        found.append(("edited, then a receipt", "notes", (receipt("f-01"),)))
    if "update" in menu.verbs and menu.offers("update.expense"):
        found.append(("the amount edited, then changed", "amount", ({"update": CHANGE},)))
    for about, what, steps in found:
        if what not in lacks:
            yield Example(about, with_steps(done, changed[what], *steps, SYNC, {"advance": "1d"}, SYNC))


# Payments by hand


def paid_by_hand(menu: Menu) -> Iterator[Example]:
    """Bills that somebody pays, deletes or closes before the client does."""
    if "submit_bills" not in menu.verbs:
        return
    first = bill("b-01", "240.60 GBP")
    done = with_steps(base(menu), first, SYNC)

    def hand(amount: str) -> Data:
        return by_hand(pay={"bill": "b-01", "from": "checking", "amount": amount})

    whole = pay("p-01", {"b-01": "240.60 GBP"})
    rest = pay("p-01", {"b-01": "100.35 GBP"})
    again = ({"advance": "1d"}, SYNC)
    yield Example("half a bill paid by hand, then the whole", with_steps(done, hand("140.25 GBP"), whole, SYNC, *again))
    yield Example("half a bill paid by hand, then the rest", with_steps(done, hand("140.25 GBP"), rest, SYNC))
    yield Example("a bill paid by hand, then once more", with_steps(done, hand("240.60 GBP"), whole, SYNC, *again))
    part = pay("p-01", {"b-01": "99.99 GBP"})
    later = pay("p-02", {"b-01": "140.61 GBP"})
    between = with_steps(done, part, SYNC, hand("100.25 GBP"), later, SYNC, *again)
    yield Example("paid in part, by hand, and the whole rest", between)
    yield Example("a bill deleted before it is paid", with_steps(done, by_hand(delete="b-01"), whole, SYNC, *again))
    closed_then = with_steps(done, by_hand(lock_period="2026-03-31"), whole, SYNC, *again)
    yield Example("a period closed before a bill is paid", closed_then)
    if "archive_owed" not in platform_named(menu.platform).not_by_hand:
        gone = with_steps(done, by_hand(archive_contact="airline"), whole, SYNC, *again)
        yield Example("a supplier archived before the bill is paid", gone)
    thirds = [pay(f"p-0{n}", {"b-01": "80.20 GBP"}) for n in (1, 2, 3)]
    yield Example("a bill paid in three equal parts", with_steps(done, *(s for third in thirds for s in (third, SYNC))))


# Periods and records


def closed(menu: Menu) -> Iterator[Example]:
    """A period, an account or a contact closes between two syncs, and opens again."""
    one, two, three = _work(menu)
    start = base(menu)
    closing, opening = by_hand(lock_period="2026-03-31"), by_hand(lock_period=None)
    shut = with_steps(start, {"push": one}, SYNC, closing, {"push": two}, SYNC, opening, {"push": three}, SYNC)
    yield Example("a period closed and opened again", shut)
    queued = with_steps(start, {"push": one}, SYNC, {"push": two}, closing, RESTART, {"advance": "1d"}, SYNC)
    yield Example("a period closed with work in the queue", queued)
    card = with_steps(start, {"push": one}, SYNC, by_hand(archive_account="visa_card"), {"push": two}, SYNC)
    yield Example("the card archived in between", card)
    used = with_steps(start, {"push": two}, SYNC, by_hand(archive_account="meals"), {"push": [three, one]}, SYNC)
    yield Example("an account archived that is not needed", used)
    if menu.offers("transfer") and menu.offered.transfer_currencies["home_to_home"] != "refused":
        moved = {"push": transfer("r-02", "checking", "visa_card", "150.25 GBP")}
        into = with_steps(start, {"push": one}, SYNC, by_hand(archive_account="visa_card"), moved, SYNC)
        yield Example("a transfer to an archived account", into)


# Dimensions


def with_dimensions(menu: Menu) -> Iterator[Example]:
    """Lines with tracking: one dimension, two, lines that differ. Where the hub says that it ignores them they stay
    out."""
    if menu.through_hub and "tracking" in menu.offered.rules.get("ignored_fields", ""):
        return
    data = base(menu)
    team = {"name": "Team", "options": {"sales": "Sales", "research": "Research"}}
    data["companies"]["acme"]["tracking"] = {"team": team}
    one = spend(menu, "payment", "r-01", "412.37", tracking={"team": "sales"})
    back = [spend(menu, kind, "r-02", "61.33", tracking={"team": "sales"}) for kind in menu.card_kinds()[1:2]]
    yield Example("a line with a dimension", with_steps(data, *one_by_one([one, *back])))
    if "update" in menu.verbs and menu.offers("update.expense"):
        more = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
        yield Example("a line with a dimension, changed", with_steps(data, {"push": one}, SYNC, more, SYNC))
    if (menu.offered.limits_of("expense").tracking_max or 1) > 1:
        wider = base(menu)
        place = {"name": "Place", "options": {"london": "London", "leeds": "Leeds"}}
        wider["companies"]["acme"]["tracking"] = {"team": team, "place": place}
        both = spend(menu, "payment", "r-01", "88.14", tracking={"team": "research", "place": "leeds"})
        yield Example("a line with two dimensions", with_steps(wider, {"push": both}, SYNC))
    if menu.lines_most("expense") > 1:
        rows = (("25.06", "travel", "sales"), ("25.61", "meals", "research"))
        lines = [{"net": f"{n} GBP", "account": a, "tracking": {"team": d}} for n, a, d in rows]
        several: Data = {"payment": "r-01", "date": "2026-03-16", "lines": lines}
        if menu.offered.limits_of("expense").notes_required:
            several["notes"] = "Fares"
        yield Example("lines of several teams", with_steps(data, {"push": several}, SYNC))
        shared = {**several, "lines": [{**line, "account": "travel"} for line in lines]}
        yield Example("one account, several teams", with_steps(data, {"push": shared}, SYNC))


# Far off


def far_off(menu: Menu) -> Iterator[Example]:
    """Dates and amounts at the edges, and refunds that no payment covers."""
    start = base(menu)
    days = ("2024-02-29", "1999-12-31", "2027-06-30")
    given = [spend(menu, "payment", f"r-0{n}", f"1{n}.03", date=day) for n, day in enumerate(days, 1)]
    apart = [step for one in given for step in ({"push": one}, SYNC)]
    yield Example("a leap day, long ago, next year", with_steps(start, *apart))
    sizes = [spend(menu, "payment", f"r-0{n}", number) for n, number in enumerate(("0.01", "99999999.99"), 1)]
    yield Example("very little and very much", with_steps(start, *(s for one in sizes for s in ({"push": one}, SYNC))))
    if "refund" in menu.card_kinds():
        paid, more = spend(menu, "payment", "r-01", "100.10"), spend(menu, "refund", "r-02", "150.35", of="r-01")
        yield Example("more given back than was paid", with_steps(start, {"push": paid}, SYNC, {"push": more}, SYNC))
    if "visa_card" in menu.foreign_on(BRITISH):
        large = spend(menu, "payment", "r-01", "1.00", amount="12345678.91 USD", rate="1 USD = 0.774123456 GBP")
        yield Example("a rate of nine digits", with_steps(start, {"push": large}, SYNC))
    odd = base(menu)
    odd["companies"]["acme"]["taxes"] = {"standard": {"rate": "17.5%"}}
    gross = spend(menu, "payment", "r-01", "9.99", tax="standard", tax_amount="1.49 GBP")
    yield Example("a gross that no net gives", with_steps(odd, {"push": gross}, SYNC))
