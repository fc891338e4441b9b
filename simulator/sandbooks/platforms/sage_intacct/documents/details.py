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
from sandbooks.kit.records import Record
from sandbooks.money import Money, Rate, total
from sandbooks.platforms.sage_intacct.documents.credits import CREDITS, OWED, Credit
from sandbooks.platforms.sage_intacct.documents.items import is_credit, line_open, open_amount, relieve
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

PAYABLE = ("Posted", "Selected", "Partially Paid", "Approved", "Advance paid", "Partially applied")
# What a client sends of a detail; the rest is worked out.
SENT = frozenset(
    (
        *("RECORDKEY", "ENTRYKEY", "POSADJKEY", "POSADJENTRYKEY", "TRX_PAYMENTAMOUNT", "DISCOUNTDATE"),
        *(word for way in CREDITS for word in (way.key, way.entry, way.amount)),
    )
)


def as_sent(line: Fields) -> Fields:
    """A stored detail as it may be sent again: a discount that was taken is stated."""
    sent = {name: value for name, value in line.items() if name in SENT}
    return {**sent, **({"DISCOUNTTOAPPLY": line["TRX_DISCOUNTAMOUNT"]} if line.get("TRX_DISCOUNTAMOUNT") else {})}


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
        """One share, which has the sign of what is open. Raises ``Overpaid`` beyond what is open of a line."""
        self.records[record.id] = record
        held = self._shares.setdefault(record.id, {})
        account = self._account(record, place, share) if place else ""
        held[account] = held.get(account, Money.zero(self.rate.foreign)) + share

    def _account(self, record: Record, place: int, share: Money) -> str:
        """The account on which a line is open. Raises ``Overpaid`` beyond what is open of it."""
        account, opened = line_open(self.company, record, place)
        opened = opened if is_credit(self.company, record, place) == (share.amount > 0) else Decimal(0)
        wanted = self._on_lines.get((record.id, place), Money.zero(self.rate.foreign)) + abs(share)
        if wanted.amount > opened:
            raise Overpaid(decimal_text(max(opened, Decimal(0))), decimal_text(wanted.amount))
        self._on_lines[(record.id, place)] = wanted
        return account

    def _check_due(self, record: Record) -> None:
        """Nothing is paid beyond what is due, other payments that wait counted in. Raises ``Overpaid``."""
        opened = abs(open_amount(self.company, record))
        due = opened.amount - abs(Decimal(record.body["TRX_TOTALSELECTED"]))
        wanted = abs(total(self._shares[record.id].values(), self.rate.foreign))
        if wanted.amount > due:
            raise Overpaid(decimal_text(due), decimal_text(wanted.amount))

    def items(self) -> list[dict[str, Any]]:
        """What is relieved, document by document."""
        found: list[dict[str, Any]] = []
        for id, record in self.records.items():
            self._check_due(record)
            found += relieve(self.company, record, self._shares[id], self.rate)
        return found


def read(company: Company, details: Sequence[Given], vendor: str, rate: Rate, *, on: date) -> Paid:
    """The details of a payment to a vendor."""
    shares = _Shares(company, rate)
    lines: list[Fields] = []
    discount = Money.zero(rate.foreign)
    for number, detail in enumerate(details, 1):
        line, taken = _read(detail, vendor, shares, on=on)
        lines.append({**line, "LINE_NO": str(number)})
        discount = discount + taken
    return Paid(lines, shares.items(), discount)


def _read(detail: Given, vendor: str, shares: _Shares, *, on: date) -> tuple[Fields, Money]:
    company, rate = shares.company, shares.rate
    _check_keys(detail, rate.foreign)
    name, entry = OWED[1] if detail.sent("POSADJKEY") else OWED[0]
    record = target(company, detail, name, "APADJUSTMENT" if name == "POSADJKEY" else "APBILL")
    place = _place(detail, entry, record)
    line: Fields = {name: record.id, "CURRENCY": rate.foreign, "BASECURR": rate.base}
    if place:
        line[entry] = detail.text(entry)
    credits = [_credit(detail, used, shares, vendor) for used in CREDITS if detail.sent(used.key)]
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
    """A detail pays one document, and each amount and each line of a credit names its credit.

    Raises ``FieldMalformed``, ``FieldMissing``.
    """
    if detail.sent("POSADJKEY") and detail.sent("RECORDKEY"):
        raise FieldMalformed(detail.kind, "POSADJKEY", detail.text("POSADJKEY"), "key beside no RECORDKEY")
    for key, entry in (*OWED, *((credit.key, credit.entry) for credit in CREDITS)):
        if detail.sent(entry) and not detail.sent(key):
            raise FieldMissing(detail.kind, key)
    for name in dict.fromkeys(credit.amount for credit in CREDITS):
        keys = [credit.key for credit in CREDITS if credit.amount == name]
        sent = [key for key in keys if detail.sent(key)]
        if not sent and detail.money(name, currency):
            raise FieldMissing(detail.kind, keys[0])
        if len(sent) > 1:
            raise FieldMalformed(detail.kind, sent[1], detail.text(sent[1]), f"key beside no {sent[0]}")


def amounts(rate: Rate, **named: Money) -> Fields:
    """Amounts in the payment's currency and in base."""
    found: Fields = {}
    for name, money in named.items():
        found |= {f"TRX_{name}": decimal_text(money.amount), name: decimal_text(rate.to_base(money).amount)}
    return found


def _credit(detail: Given, way: Credit, shares: _Shares, vendor: str) -> tuple[Money, Fields]:
    """A credit that a detail uses, whole or of one of its lines: how much of it, and how that is shown."""
    record = target(shares.company, detail, way.key, way.kind)
    amount = detail.money(way.amount, shares.rate.foreign)
    if amount is None:
        raise FieldMissing(detail.kind, way.amount)
    if amount.amount <= 0:
        raise FieldMalformed(detail.kind, way.amount, decimal_text(amount.amount), "amount above zero")
    _check_owner(detail, record, vendor)
    opened = opened_of(detail, record, amount, shares.rate)
    place = _place(detail, way.entry, record)
    # Source: developer.intacct.com/api/accounts-payable/ap-payments (inline credits: negative lines of a bill)
    if opened.amount < 0 if not place else not is_credit(shares.company, record, place):
        raise NotAllowed(detail.kind, f"Transaction {record.id} is no credit.", "Check the key, then try again.")
    shares.add(record, amount, place=place)
    shown = amounts(shares.rate, **{way.amount.removeprefix("TRX_"): amount})
    return amount, {way.key: record.id, **({way.entry: detail.text(way.entry)} if place else {}), **shown}


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
        raise _paid(detail, amount)
    raise NotAllowed(
        detail.kind,
        f"Transaction {record.id} is in state {record.body['STATE']} and cannot be paid.",
        "Check its state.",
    )


# Source: error texts matched by github.com/fylein/fyle-intacct-api. Unconfirmed: when which of them is told.
PAID_TEXTS = {
    "already_paid": "Payment cannot be processed because one or more bills are already paid",
    "were_paid": "The payment cannot be processed because one or more bills were paid",
    "no_due": "There is no due on the bill",
}


def _paid(detail: Given, amount: Money) -> NotAllowed | Overpaid:
    """What is said of a document that is paid; the company's setting chooses among the texts that clients know."""
    words = detail.company.settings.get("paid_bill_text")
    if words in PAID_TEXTS:
        return NotAllowed(detail.kind, PAID_TEXTS[words], "Leave it out of the payment.")
    return Overpaid("" if words == "empty_due" else "0", decimal_text(abs(amount).amount))


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


def _place(detail: Given, name: str, record: Record) -> int:
    """The line that a key names, counted from 1; nothing where the document is meant."""
    key = detail.text(name)
    if not key:
        return 0
    keys = [f"{record.id}{number:03d}" for number in range(1, len(facts_of(detail.company, record)["lines"]) + 1)]
    if key not in keys:
        raise _lost(detail, name)
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
        kinds = ("APADJUSTMENT", "APADVANCE")
        sources = [(record, None) for kind in kinds for record in company.records.find(kind, "VENDORID", vendor)]
    left = {(record.kind, record.id): _available(company, record, stated, rate) for record, stated in sources}
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


def _drawn(detail: Given, left: dict[tuple[str, str], Money], rate: Rate) -> list[Given]:
    """A detail without its sum of credits, and one more for each credit that the sum is drawn from."""
    wanted = detail.money("CREDITTOAPPLY", rate.foreign) or Money.zero(rate.foreign)
    rest = {name: value for name, value in detail.given.items() if name != "CREDITTOAPPLY"}
    found = [Given(detail.company, detail.kind, rest)]
    for source, available in left.items():
        part = available if available.amount < wanted.amount else wanted
        if not part:
            continue
        left[source], wanted = available - part, wanted - part
        way = next(credit for credit in CREDITS if credit.kind == source[0])
        used = {way.key: source[1], way.amount: decimal_text(part.amount)}
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
