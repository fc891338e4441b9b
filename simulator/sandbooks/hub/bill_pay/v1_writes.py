"""Writes of the first version of bill pay: what a request asks for, and what the platform must offer, by data type.

Every operation has one shape: a desk, what the platform offers, the record that the body asks for, a push operation.
Source: https://docs.codat.io/usecases/bill-pay, github.com/codatio/oas yaml/Codat-Sync-Payables-v1.yaml.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.connector import Contact, Line
from sandbooks.hub import wire
from sandbooks.hub.bill_pay import lacking, pushes, v1_requests
from sandbooks.hub.bill_pay.bills import new_bill, paying_account
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, opened, unsupported
from sandbooks.hub.bill_pay.v1_requests import PaymentsRequest
from sandbooks.hub.errors import bad_request
from sandbooks.kit.call import Call
from sandbooks.payables import NewCredit, NewEntry, NewJournal, NewPayment
from sandbooks.wire import Response

Body = dict[str, Any]
Run = Callable[[Call], Response]
NONE = Decimal(0)


class Wanted(Struct, frozen=True):
    """What a request asks for: the record as it is shown, and how it is made for an id and a key."""

    shown: Body
    make: Callable[[str, str], Any]


class Kind(Struct, frozen=True, kw_only=True):
    """How a data type is written. ``argument`` is the path's name of a record's id, ``wanted`` reads a body.

    ``kept``, ``change`` and ``remove`` name what the platform must offer, empty for nothing: without the first it has
    no such records, without the others it does not let them be changed or removed.
    """

    word: str
    wanted: Callable[[Desk, Any, datetime.date], Wanted]
    argument: str = ""
    kept: str = ""
    change: str = ""
    remove: str = ""


def creator(data_type: str) -> Run:
    """The operation that creates a record of a data type."""

    def run(call: Call) -> Response:
        desk, kind = _opened(call, data_type)
        body = wire.raw_body(call)
        lacking.check(desk, data_type, body)
        wanted = kind.wanted(desk, body, _today(call, desk))
        return pushes.begin(call, desk, data_type, action="create", shown=wanted.shown, make=wanted.make)

    return run


def changer(data_type: str) -> Run:
    """The operation that brings a record of a data type to the state of the body."""

    def run(call: Call) -> Response:
        desk, kind = _opened(call, data_type)
        offered(desk, kind.change, f"update {kind.word}s")
        body = wire.raw_body(call)
        lacking.check(desk, data_type, body)
        wanted = kind.wanted(desk, body, _today(call, desk))
        target, expects = call.args[kind.argument], _expected(call, body)
        return pushes.begin(
            call,
            desk,
            data_type,
            action="update",
            shown=wanted.shown,
            make=wanted.make,
            target=target,
            expects=expects,
        )

    return run


def remover(data_type: str) -> Run:
    """The operation that removes a record of a data type."""

    def run(call: Call) -> Response:
        desk, kind = _opened(call, data_type)
        offered(desk, kind.remove, f"delete {kind.word}s")
        return pushes.begin(call, desk, data_type, action="remove", target=call.args[kind.argument])

    return run


def _opened(call: Call, data_type: str) -> tuple[Desk, Kind]:
    """The desk and the kind of record; 404 where the platform has no such records."""
    desk, kind = opened(call, synchronous=False), KINDS[data_type]
    lacking.check(desk, data_type, None)
    known = not kind.kept or kind.kept in desk.payables.offers
    if not known or data_type in desk.offer.lacks:
        raise unsupported(data_type, desk.platform)
    return desk, kind


def offered(desk: Desk, name: str, what: str) -> None:
    """400 where the platform does not let one do something."""
    if name and name not in desk.payables.offers:
        raise bad_request(f"{desk.platform} does not let one {what} here.", service=SERVICE)


def _expected(call: Call, body: Any) -> Mapping[str, str]:
    """What the record must still be like, unless the client forces the change."""
    forced = call.query.get("forceUpdate", "").lower() == "true"
    told = body.get("sourceModifiedDate") if isinstance(body, dict) else None
    return {"sourceModifiedDate": told} if isinstance(told, str) and told and not forced else {}


def _today(call: Call, desk: Desk) -> datetime.date:
    return call.world.clock.today(desk.facts.time_zone or "UTC")


# Bills and credits


def _bill(desk: Desk, body: Any, today: datetime.date) -> Wanted:
    wanted = v1_requests.bill_of(body, desk.offer, home=desk.facts.currency, today=today)
    net, tax = _totals(wanted.lines)
    shown = {"subTotal": net, "taxAmount": tax, "totalAmount": net + tax, **body}
    return Wanted(shown, lambda own, key: new_bill(wanted, own, key))


def _credit(desk: Desk, body: Any, today: datetime.date) -> Wanted:
    wanted = v1_requests.credit_of(body, desk.offer, home=desk.facts.currency, today=today)
    net, tax = _totals(wanted.lines)
    none = {"totalDiscount": 0, "discountPercentage": 0}
    shown = {**none, "subTotal": net, "totalTaxAmount": tax, "totalAmount": net + tax, **body}

    def make(id: str, key: str) -> NewCredit:
        return NewCredit(
            id=id,
            key=key,
            version=1,
            date=wanted.date,
            currency=wanted.currency,
            supplier=Contact(kind="supplier", name="", id=wanted.supplier),
            lines=wanted.lines,
            quantities=wanted.quantities,
            rate=wanted.rate,
            number=wanted.number,
            note=wanted.note,
        )

    return Wanted(shown, make)


def _totals(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """Net and tax of lines; a tax that is left to the platform is not known yet."""
    return sum((line.net for line in lines), NONE), sum((line.tax or NONE for line in lines), NONE)


# Payments


def _payment(desk: Desk, body: Any, today: datetime.date) -> Wanted:
    wanted = v1_requests.payment_of(body, desk.offer, batches="batch" in desk.payables.offers)
    _check_links(desk, wanted)
    account = paying_account(desk, wanted.account) if wanted.account else None
    currency = wanted.currency or _currency_of(desk, wanted)

    def make(id: str, key: str) -> NewPayment:
        return NewPayment(
            id=id,
            key=key,
            version=1,
            date=wanted.date,
            currency=currency,
            total=wanted.total,
            links=wanted.links,
            account=account,
            supplier=wanted.supplier,
            rate=wanted.rate,
            reference=wanted.reference,
            note=wanted.note,
            method=wanted.method,
        )

    return Wanted(body, make)


def _check_links(desk: Desk, wanted: PaymentsRequest) -> None:
    """What the platform cannot hold in one payment is refused here."""
    kinds = {link.kind for link in wanted.links}
    offers = desk.payables.offers
    if "PaymentOnAccount" in kinds and "on_account" not in offers:
        raise bad_request(f"{desk.platform} takes no payment on account here.", service=SERVICE)
    if wanted.total < 0 and kinds == {"CreditNote"} and "credit_refund" in offers:
        return
    if wanted.total < 0:
        raise bad_request(f"{desk.platform} takes no refund here: Total Amount is 0 or more.", service=SERVICE)
    if kinds & {"Refund", "Other"}:
        raise bad_request(f"{desk.platform} takes bills and credit notes in a payment here.", service=SERVICE)
    if "CreditNote" in kinds and "credit_use" not in offers:
        raise bad_request(f"{desk.platform} takes no credit notes in a payment here.", service=SERVICE)
    # Source: https://docs.codat.io/usecases/bill-pay/payments (a credit and money in one payment, by platform)
    if "CreditNote" in kinds and wanted.total and "credit_in_payment" not in offers:
        raise bad_request(f"{desk.platform} takes a credit note and money in two payments.", service=SERVICE)


def _currency_of(desk: Desk, wanted: PaymentsRequest) -> str:
    """The currency of the first bill or credit that is settled."""
    first = next((link for link in wanted.links if link.kind in ("Bill", "CreditNote")), None)
    if first is None:
        return desk.facts.currency
    found = desk.bill(first.id) if first.kind == "Bill" else desk.credit(first.id)
    return found.currency if found else desk.facts.currency


# Journals


def _entry(desk: Desk, body: Any, today: datetime.date) -> Wanted:
    wanted = v1_requests.entry_of(body, desk.offer, home=desk.facts.currency, today=today)

    def make(id: str, key: str) -> NewEntry:
        return NewEntry(
            id=id,
            key=key,
            version=1,
            date=wanted.date,
            currency=wanted.currency,
            lines=wanted.lines,
            journal=wanted.journal,
            description=wanted.description,
        )

    return Wanted(body, make)


def _journal(desk: Desk, body: Any, today: datetime.date) -> Wanted:
    wanted = v1_requests.journal_of(body)

    def make(id: str, key: str) -> NewJournal:
        return NewJournal(id=id, key=key, version=1, name=wanted.name, code=wanted.code, active=wanted.active)

    return Wanted(body, make)


KINDS: Mapping[str, Kind] = {
    "bills": Kind(word="bill", wanted=_bill, argument="bill_id", remove="bill.delete"),
    "billCreditNotes": Kind(
        word="bill credit note",
        wanted=_credit,
        argument="bill_credit_note_id",
        kept="credits",
        change="credit.update",
    ),
    "billPayments": Kind(word="bill payment", wanted=_payment, argument="bill_payment_id", remove="payment.delete"),
    "journalEntries": Kind(word="journal entry", wanted=_entry),
    "journals": Kind(word="journal", wanted=_journal, kept="journal.create"),
}
