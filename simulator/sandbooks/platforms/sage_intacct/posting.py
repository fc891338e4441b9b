"""Posting rules: from one version of a document, and the facts it rests on, to a balanced entry.

Pure. Lines are converted one by one at the document's rate and the control account takes their sum, so that every
entry balances in both currencies. ``facts["sign"]`` of -1 is a reversal: the mirror image on a date of its own.
Source: Sage Intacct help (bills, credit card transactions, payoff of charges, expense reports), developer.sage.com
(credit-card-account, employee-expense)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.ledger import Entry, Posting, Source, credit, debit
from sandbooks.ledger.fx import settle
from sandbooks.money import Money, Rate

Document: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Document, Document], list[Posting]]

DIMENSIONS = (
    "LOCATIONID",
    "DEPARTMENTID",
    "PROJECTID",
    "TASKID",
    "COSTTYPEID",
    "CUSTOMERID",
    "VENDORID",
    "EMPLOYEEID",
    "ITEMID",
    "CLASSID",
    "CONTRACTID",
    "WAREHOUSEID",
)


def entry_of(kind: str, id: str, version: int, *, document: Document, facts: Document) -> Entry | None:
    """The entry of a record version; None for what moves no money (drafts, lists, what is not yet approved)."""
    rule = _RULES.get(kind)
    if rule is None or not facts.get("posts"):
        return None
    postings = tuple(posting for posting in rule(document, facts) if posting.amount or posting.base)
    if not postings:
        return None
    memo = str(document.get("DESCRIPTION") or document.get("BATCH_TITLE") or document.get("RECORDID") or "")
    entry = Entry(date.fromisoformat(facts["date"]), Source(kind, id, version), postings, memo)
    return entry.reversed() if facts.get("sign") == -1 else entry


def rate_of(facts: Document) -> Rate:
    """Base units for one unit of the document's currency."""
    return Rate(Decimal(facts["rate"]), facts["currency"], facts["base"])


def dimensions_of(line: Document) -> tuple[tuple[str, str], ...]:
    """The dimension values of a line."""
    names = (*DIMENSIONS, *sorted(name for name in line if name.startswith("GLDIM")))
    return tuple((name, str(line[name])) for name in names if line.get(name))


class _Sum:
    """What the lines of a document come to, by the account that takes the other side."""

    def __init__(self) -> None:
        self.by_account: dict[str, tuple[Money, Money]] = {}

    def add(self, account: str, amount: Money, base: Money) -> None:
        held = self.by_account.get(account)
        self.by_account[account] = (held[0] + amount, held[1] + base) if held else (amount, base)


def _lines(document: Document, facts: Document) -> tuple[list[Posting], _Sum]:
    """The debits of lines and their taxes, and what the other side owes for them."""
    rate = rate_of(facts)
    postings: list[Posting] = []
    owed = _Sum()
    for line, held in zip(document["LINES"], facts["lines"], strict=True):
        net = Money.of(held["net"], rate.foreign)
        control = held.get("control") or facts["control"]
        where = dimensions_of(line)
        base = rate.to_base(net)
        postings.append(
            debit(held["account"], net, base, dimensions=where, memo=str(line.get("ENTRYDESCRIPTION") or ""))
        )
        owed.add(control, net, base)
        for tax in held.get("taxes", ()):
            amount = Money.of(tax["amount"], rate.foreign)
            postings.append(debit(tax["account"], amount, rate.to_base(amount), tax_code=tax["detail"]))
            other = tax.get("output") or control
            if tax.get("output"):
                postings.append(credit(other, amount, rate.to_base(amount), tax_code=tax["detail"]))
            else:
                owed.add(control, amount, rate.to_base(amount))
        postings += _between_entities(held, net, base)
    return postings, owed


def owed_by_account(document: Document, facts: Document) -> dict[str, tuple[Money, Money]]:
    """What a document owes on each control account, in its own currency and in base."""
    return dict(_lines(document, facts)[1].by_account)


def advanced_by_account(_document: Document, facts: Document) -> dict[str, tuple[Money, Money]]:
    """What an advance holds on the account of each of its lines, in its own currency and in base."""
    rate = rate_of(facts)
    held = _Sum()
    for line in facts["lines"]:
        net = Money.of(line["net"], rate.foreign)
        held.add(line["account"], net, rate.to_base(net))
    return held.by_account


def _between_entities(held: Document, amount: Money, base: Money) -> list[Posting]:
    """A line of another entity than the document's: due from that entity, due to this one, so that each balances."""
    if not held.get("due_from"):
        return []
    here, there = ((("LOCATIONID", held[name]),) if held.get(name) else () for name in ("home", "entity"))
    return [
        debit(held["due_from"], amount, base, dimensions=here),
        credit(held["due_to"], amount, base, dimensions=there),
    ]


def _purchase(document: Document, facts: Document) -> list[Posting]:
    """Bills, charges, expense reports: lines are debits, the control account takes the credit."""
    postings, owed = _lines(document, facts)
    party = str(document.get("VENDORID") or document.get("EMPLOYEEID") or "")
    return [
        *postings,
        *(credit(account, amount, base, party=party) for account, (amount, base) in owed.by_account.items()),
    ]


def _inflow(document: Document, facts: Document) -> list[Posting]:
    """Debit memos and other receipts: lines are credits, the vendor or the bank takes the debit."""
    return [posting.reversed() for posting in _purchase(document, facts)]


def _payment(document: Document, facts: Document) -> list[Posting]:
    """Items are relieved at the rate they were booked at; the difference to what left the bank is realised.

    Items in ``credits`` (debit memos, negative bills) come with the other sign and lessen what leaves the bank.
    """
    rate = rate_of(facts)
    postings: list[Posting] = []
    spent, spent_base = Money.zero(rate.foreign), Money.zero(rate.base)
    gain = Money.zero(rate.base)
    for item in facts["items"]:
        paid = Money.of(item["paid"], rate.foreign)
        settled = settle(
            Money.of(item["open"], rate.foreign),
            Money.of(item["open_base"], rate.base),
            paid=paid,
            paid_base=rate.to_base(paid),
        )
        postings.append(credit(item["account"], settled.relieved, settled.relieved_base, party=facts["party"]))
        spent, spent_base = spent + paid, spent_base + rate.to_base(paid)
        gain = gain + settled.gain
    if facts.get("discount"):
        taken = Money.of(facts["discount"], rate.foreign)
        postings.append(credit(facts["discounts"], taken, rate.to_base(taken), memo="Discount taken"))
        spent, spent_base = spent + taken, spent_base + rate.to_base(taken)
    if facts["bank_currency"] == rate.foreign:
        postings.append(debit(facts["bank"], spent, spent_base))
    else:
        postings.append(debit(facts["bank"], spent_base, spent_base))
    return [*postings, *_realised(gain, postings, facts)]


def _advance(document: Document, facts: Document) -> list[Posting]:
    """Lines are debits, on the account of advances or their own; the bank or card takes the credit."""
    postings, owed = _lines(document, facts)
    paid = []
    for account, (amount, base) in owed.by_account.items():
        whole = amount if facts["bank_currency"] == amount.currency else base
        paid.append(credit(account, whole, base, party=str(document["VENDORID"])))
    return [*postings, *paid]


def _realised(gain: Money, postings: list[Posting], facts: Document) -> list[Posting]:
    """A gain is credited. It moves only base value where everything else is in one foreign currency."""
    currencies = {posting.amount.currency for posting in postings}
    if len(currencies) == 1 and gain.currency not in currencies:
        return [credit(facts["exchange"], Money.zero(next(iter(currencies))), gain, memo="Realised gain or loss")]
    return [credit(facts["exchange"], gain, memo="Realised gain or loss")]


def _transfer(_document: Document, facts: Document) -> list[Posting]:
    """Out of one bank account, into another; what the two rates leave over is an exchange difference."""
    rate = rate_of(facts)
    there = Rate(Decimal(facts["to_rate"]), facts["to_currency"], facts["base"])
    out, into = Money.of(facts["amount"], rate.foreign), Money.of(facts["to_amount"], there.foreign)
    left, came = rate.to_base(out), there.to_base(into)
    postings = [credit(facts["from"], out, left), debit(facts["to"], into, came)]
    return [*postings, *_realised(came - left, postings, facts)]


def _journal(document: Document, facts: Document) -> list[Posting]:
    """As entered. What rounding of foreign lines leaves over goes to the rounding account."""
    postings = []
    for line, held in zip(document["LINES"], facts["lines"], strict=True):
        rate = Rate(Decimal(held["rate"]), held["currency"], facts["base"])
        amount = Money.of(held["amount"], rate.foreign)
        postings.append(
            debit(
                held["account"],
                amount,
                rate.to_base(amount),
                dimensions=dimensions_of(line),
                memo=str(line.get("DESCRIPTION") or ""),
            )
        )
        for tax in held.get("taxes", ()):
            charged = Money.of(tax["amount"], rate.foreign)
            postings.append(debit(tax["account"], charged, rate.to_base(charged), tax_code=tax["detail"]))
            if tax.get("output"):
                postings.append(credit(tax["output"], charged, rate.to_base(charged), tax_code=tax["detail"]))
        postings += _between_entities(held, amount, rate.to_base(amount))
    rounding = facts.get("rounding")
    if rounding:
        postings.append(
            debit(rounding["account"], Money.zero(rounding["currency"]), Money.of(rounding["base"], facts["base"]))
        )
    return postings


_RULES: dict[str, Rule] = {
    "APBILL": _purchase,
    "APADJUSTMENT": _inflow,
    "CCTRANSACTION": _purchase,
    "EEXPENSES": _purchase,
    "OTHERRECEIPTS": _inflow,
    "APADVANCE": _advance,
    "APPYMT": _payment,
    "EPPAYMENT": _payment,
    "FUNDSTRANSFER": _transfer,
    "GLBATCH": _journal,
}
