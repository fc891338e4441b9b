"""Details of payments: which document is paid, what of it by money, by credits and by a discount, and on which line.

The payment amount of a detail is the money; credits and a discount beside it pay of the same document too.
Source: developer.intacct.com/api/accounts-payable/ap-payments (APPYMTDETAIL)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.items import line_payments, open_amount, relieve
from sandbooks.platforms.sage_intacct.documents.reading import Given
from sandbooks.platforms.sage_intacct.documents.terms import discount_of
from sandbooks.platforms.sage_intacct.objects.keeping import facts_of, find
from sandbooks.platforms.sage_intacct.posting import rate_of
from sandbooks.platforms.sage_intacct.refusals import (
    FieldMalformed,
    FieldMissing,
    NotAllowed,
    Overpaid,
    ReferenceInvalid,
)
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, native_date
from sandbooks.platforms.sage_intacct.wire.xml import Fields

PAYABLE = ("Posted", "Selected", "Partially Paid", "Approved")
# The ways of a detail to use a credit: its key, the amount beside it, the object.
_CREDITS = (
    ("ADJUSTMENTKEY", "TRX_ADJUSTMENTAMOUNT", "APADJUSTMENT"),
    ("INLINEKEY", "TRX_INLINEAMOUNT", "APBILL"),
    ("NEGATIVEBILLINVKEY", "TRX_NEGATIVEBILLINVAMOUNT", "APBILL"),
)
# What a client sends of a detail; the rest is worked out.
SENT = frozenset(
    (
        "RECORDKEY",
        "POSADJKEY",
        "ENTRYKEY",
        "TRX_PAYMENTAMOUNT",
        "DISCOUNTDATE",
        *(word for way in _CREDITS for word in way[:2]),
    )
)
LACKING = (
    "ADVANCEKEY",
    "OVERPAYMENTKEY",
    "POSTEDADVANCEKEY",
    "POSADJENTRYKEY",
    "ADJUSTMENTENTRYKEY",
    "INLINEENTRYKEY",
)


class Paid(Struct, frozen=True):
    """What the details of a payment come to: as they are shown, what they relieve, and the discounts taken."""

    lines: list[Fields]
    items: list[dict[str, Any]]
    discount: Money


class _Shares:
    """What each document is paid, by control account; empty for whatever account is open."""

    def __init__(self, company: Company, rate: Rate) -> None:
        self.company, self.rate = company, rate
        self.records: dict[str, Record] = {}
        self._shares: dict[str, dict[str, Money]] = {}
        self._on_lines: dict[tuple[str, int], Money] = {}

    def add(self, record: Record, share: Money, *, place: int = 0) -> None:
        """One share, which has the sign of what is open. Raises ``Overpaid`` beyond what is due."""
        self.records[record.id] = record
        held = self._shares.setdefault(record.id, {})
        account = self._account(record, place, share) if place else ""
        held[account] = held.get(account, Money.zero(self.rate.foreign)) + share
        opened = abs(open_amount(self.company, record))
        due = opened.amount - abs(Decimal(record.body["TRX_TOTALSELECTED"]))
        wanted = abs(total(held.values(), self.rate.foreign))
        if wanted.amount > due:
            raise Overpaid(decimal_text(due), decimal_text(wanted.amount))

    def _account(self, record: Record, place: int, share: Money) -> str:
        """The control account of a line. Raises ``Overpaid`` beyond what is open on it."""
        facts = facts_of(self.company, record)
        line = facts["lines"][place - 1]
        taxes = sum((Decimal(tax["amount"]) for tax in line.get("taxes", ()) if "output" not in tax), Decimal(0))
        opened = Decimal(line["net"]) + taxes - line_payments(self.company, record)[place - 1]
        wanted = self._on_lines.get((record.id, place), Money.zero(self.rate.foreign)) + abs(share)
        if wanted.amount > opened:
            raise Overpaid(decimal_text(max(opened, Decimal(0))), decimal_text(wanted.amount))
        self._on_lines[(record.id, place)] = wanted
        return str(line.get("control") or facts["control"])

    def items(self) -> list[dict[str, Any]]:
        """What is relieved, document by document."""
        found: list[dict[str, Any]] = []
        for id, record in self.records.items():
            found += relieve(self.company, record, self._shares[id], self.rate)
        return found


def read(company: Company, details: Sequence[Given], vendor: str, rate: Rate, *, on: date) -> Paid:
    """The details of a payment to a vendor."""
    shares = _Shares(company, rate)
    lines: list[Fields] = []
    discount = Money.zero(rate.foreign)
    for number, detail in enumerate(details, 1):
        lacking = next((name for name in LACKING if detail.sent(name)), "")
        if lacking:
            raise NotSimulated(f"{lacking} of a payment detail", instead="a payment amount, a debit memo")
        line, taken = _read(detail, vendor, shares, on=on)
        lines.append({**line, "LINE_NO": str(number)})
        discount = discount + taken
    return Paid(lines, shares.items(), discount)


def _read(detail: Given, vendor: str, shares: _Shares, *, on: date) -> tuple[Fields, Money]:
    company, rate = shares.company, shares.rate
    _check_keys(detail, rate.foreign)
    name = "POSADJKEY" if detail.sent("POSADJKEY") else "RECORDKEY"
    record = target(company, detail, name, "APADJUSTMENT" if name == "POSADJKEY" else "APBILL")
    place = _place(company, detail, record)
    line: Fields = {name: record.id, "CURRENCY": rate.foreign, "BASECURR": rate.base}
    if place:
        line["ENTRYKEY"] = detail.text("ENTRYKEY")
    credits = [_credit(detail, used, shares, vendor) for used in _CREDITS if detail.sent(used[0])]
    amount = detail.money("TRX_PAYMENTAMOUNT", rate.foreign)
    if amount is None and not credits:
        raise FieldMissing(detail.kind, "TRX_PAYMENTAMOUNT")
    money = amount or Money.zero(rate.foreign)
    _check_owner(detail, record, vendor)
    opened = opened_of(detail, record, money, rate)
    if money.amount < 0 and opened.amount < 0:
        raise FieldMalformed(detail.kind, "TRX_PAYMENTAMOUNT", decimal_text(money.amount), "amount above zero")
    taken = Money.zero(rate.foreign) if place else _discount(company, detail, record, abs(money), rate, on=on)
    whole = total((abs(money), taken, *(used for used, _ in credits)), rate.foreign)
    if not whole:
        raise FieldMalformed(detail.kind, "TRX_PAYMENTAMOUNT", decimal_text(money.amount), "amount above zero")
    shares.add(record, whole if opened.amount > 0 else -whole, place=place)
    line |= amounts(rate, PAYMENTAMOUNT=abs(money))
    if taken:
        line |= {"DISCOUNTDATE": native_date(detail.date("DISCOUNTDATE") or on), **amounts(rate, DISCOUNTAMOUNT=taken)}
    for _, shown in credits:
        line |= shown
    return line, taken


def _check_keys(detail: Given, currency: str) -> None:
    """A detail pays one document, and each amount of a credit names its credit.

    Raises ``FieldMalformed``, ``FieldMissing``.
    """
    if detail.sent("POSADJKEY") and detail.sent("RECORDKEY"):
        raise FieldMalformed(detail.kind, "POSADJKEY", detail.text("POSADJKEY"), "key beside no RECORDKEY")
    for key, name, _ in _CREDITS:
        if not detail.sent(key) and detail.money(name, currency):
            raise FieldMissing(detail.kind, key)


def amounts(rate: Rate, **named: Money) -> Fields:
    """Amounts in the payment's currency and in base."""
    found: Fields = {}
    for name, money in named.items():
        found |= {f"TRX_{name}": decimal_text(money.amount), name: decimal_text(rate.to_base(money).amount)}
    return found


def _credit(detail: Given, way: tuple[str, str, str], shares: _Shares, vendor: str) -> tuple[Money, Fields]:
    """A credit that a detail uses: how much of it, and how that is shown."""
    key, name, kind = way
    record = target(shares.company, detail, key, kind)
    amount = detail.money(name, shares.rate.foreign)
    if amount is None:
        raise FieldMissing(detail.kind, name)
    if amount.amount <= 0:
        raise FieldMalformed(detail.kind, name, decimal_text(amount.amount), "amount above zero")
    _check_owner(detail, record, vendor)
    opened = opened_of(detail, record, amount, shares.rate)
    if opened.amount < 0:
        raise NotAllowed(detail.kind, f"Transaction {record.id} is no credit.", "Check the key, then try again.")
    shares.add(record, amount)
    return amount, {key: record.id, **amounts(shares.rate, **{name.removeprefix("TRX_"): amount})}


def _check_owner(detail: Given, record: Record, vendor: str) -> None:
    if record.body["VENDORID"] != vendor:
        raise NotAllowed(detail.kind, f"Bill {record.id} belongs to another vendor.", "Check the key, then try again.")


def opened_of(detail: Given, record: Record, amount: Money, rate: Rate) -> Money:
    """What is open of a document that may be paid. Raises ``Overpaid``, ``NotAllowed``, ``ReferenceInvalid``."""
    if rate_of(facts_of(detail.company, record)).foreign != rate.foreign:
        raise ReferenceInvalid(detail.kind, "currency of the transaction", rate.foreign)
    opened = open_amount(detail.company, record)
    if record.body["STATE"] in PAYABLE and opened:
        return opened
    if record.body["STATE"] == "Paid":
        raise Overpaid("0", decimal_text(abs(amount).amount))
    raise NotAllowed(
        detail.kind,
        f"Transaction {record.id} is in state {record.body['STATE']} and cannot be paid.",
        "Check its state.",
    )


def target(company: Company, detail: Given, name: str, kind: str) -> Record:
    """The document that a key names. Raises ``NotAllowed``."""
    key = detail.need(name)
    either = kind == "APBILL" and name == "RECORDKEY"
    record = find(company, kind, key) or (find(company, "APADJUSTMENT", key) if either else None)
    if record is None:
        raise _lost(detail, name)
    return record


def _lost(detail: Given, name: str) -> NotAllowed:
    # Source: error texts matched by github.com/fylein/fyle-intacct-api
    text = f"Oops, we can't find this transaction; enter a valid {name}."
    return NotAllowed(detail.kind, text, "Check the key, then try again.")


def _place(company: Company, detail: Given, record: Record) -> int:
    """The line that a detail pays, counted from 1; nothing where it pays the document."""
    key = detail.text("ENTRYKEY")
    if not key:
        return 0
    keys = [f"{record.id}{number:03d}" for number in range(1, len(facts_of(company, record)["lines"]) + 1)]
    if key not in keys:
        raise _lost(detail, "ENTRYKEY")
    return keys.index(key) + 1


def drawn(company: Company, sent: Sequence[Given], vendor: str, rate: Rate) -> list[Given]:
    """Details whose credits are stated as a sum, with the credits that the sum is drawn from.

    Credits that the payment lists among its details are used up; where it lists none, the vendor's open ones are drawn
    from, the oldest first. Raises ``NotAllowed``.
    """
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (create_paymentrequest: credittoapply).
    # Unconfirmed: which credits are drawn from where none is listed.
    if not any(detail.sent("CREDITTOAPPLY") for detail in sent):
        return list(sent)
    listed = [detail for detail in sent if _is_credit(company, detail)]
    sources = [(_source(company, detail), detail.money("TRX_PAYMENTAMOUNT", rate.foreign)) for detail in listed]
    if not listed:
        sources = [(record, None) for record in company.records.find("APADJUSTMENT", "VENDORID", vendor)]
    left = {record.id: _available(company, record, stated, rate) for record, stated in sources}
    found: list[Given] = []
    for detail in sent:
        if detail in listed:
            continue
        found += _drawn(detail, left, rate)
    if listed and any(left.values()):
        raise NotAllowed("APPYMT", "The credits are more than what they pay.", "Use less of them.")
    return found


def _source(company: Company, detail: Given) -> Record:
    return target(company, detail, "RECORDKEY", "APBILL")


def _is_credit(company: Company, detail: Given) -> bool:
    record = _source(company, detail)
    return record.body["STATE"] in PAYABLE and open_amount(company, record).amount > 0


def _available(company: Company, record: Record, stated: Money | None, rate: Rate) -> Money:
    """How much of a credit can be drawn; nothing of what is no open credit in the payment's currency."""
    if record.body["STATE"] not in PAYABLE or rate_of(facts_of(company, record)).foreign != rate.foreign:
        return Money.zero(rate.foreign)
    opened = open_amount(company, record)
    if opened.amount <= 0:
        return Money.zero(rate.foreign)
    return opened if stated is None else stated


def _drawn(detail: Given, left: dict[str, Money], rate: Rate) -> list[Given]:
    """A detail without its sum of credits, and one more for each credit that the sum is drawn from."""
    wanted = detail.money("CREDITTOAPPLY", rate.foreign) or Money.zero(rate.foreign)
    rest = {name: value for name, value in detail.given.items() if name != "CREDITTOAPPLY"}
    found = [Given(detail.company, detail.kind, rest)]
    for id, available in left.items():
        part = available if available.amount < wanted.amount else wanted
        if not part:
            continue
        left[id], wanted = available - part, wanted - part
        used = {"ADJUSTMENTKEY": id, "TRX_ADJUSTMENTAMOUNT": decimal_text(part.amount)}
        found.append(Given(detail.company, detail.kind, {"RECORDKEY": detail.need("RECORDKEY"), **used}))
    if wanted:
        raise NotAllowed(detail.kind, "There are not enough credits to apply.", "Apply less, or list more credits.")
    return found


def _discount(company: Company, detail: Given, record: Record, money: Money, rate: Rate, *, on: date) -> Money:
    """What is taken off: a stated amount, or the discount of a bill's term at a date, where the payment is the rest."""
    stated = detail.money("DISCOUNTTOAPPLY", rate.foreign)
    if stated is not None and stated.amount < 0:
        raise FieldMalformed(detail.kind, "DISCOUNTTOAPPLY", decimal_text(stated.amount), "amount above zero")
    if stated:
        return stated
    day = detail.date("DISCOUNTDATE")
    offered = discount_of(company, record, day, rate.foreign) if day and record.kind == "APBILL" else None
    due = abs(open_amount(company, record))
    if offered is None or money + offered != due or money == due:
        return Money.zero(rate.foreign)
    return offered
