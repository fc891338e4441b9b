"""Vendor bills of NetSuite, the vendor payments that settle them, and vendor credits.

Everything is written under its external id, so that a repeat brings the same record to the same state.
Source: docs.oracle.com, REST record service (vendorBill, vendorPayment, vendorCredit).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sandbooks.connector import (
    Company,
    Consent,
    Done,
    Native,
    Refused,
    Steps,
    TrackingRef,
    Unavailable,
    Unknown,
    marked,
)
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    BillPayment,
    CreditStatus,
    NewBill,
    NewCredit,
    NewEntry,
    NewPayment,
    NewRecord,
    PaymentLink,
    RecordKind,
    ThroughReimbursables,
    as_reimbursable,
    day_of,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.netsuite.connector.attachments import owner_of
from sandbooks.platforms.netsuite.connector.calls import DOCUMENT, MISSING, RECORD, is_missing, read, rows_of, write
from sandbooks.platforms.netsuite.connector.documents import (
    MEMO_MOST,
    NUMBER_MOST,
    Body,
    body_of,
    external_id,
)
from sandbooks.platforms.netsuite.connector.entries import ENTRY, journal_entry
from sandbooks.platforms.netsuite.connector.reading import CURRENCY, SUBSIDIARY

BILL, PAYMENT, CREDIT = "vendorBill", "vendorPayment", "vendorCredit"
KINDS: Mapping[RecordKind, str] = {"bill": BILL, "payment": PAYMENT, "credit": CREDIT}
DATA_TYPES = {BILL: "bills", PAYMENT: "billPayments", CREDIT: "billCreditNotes", ENTRY: "journalEntries"}
SUBLISTS = {BILL: "expense,item", PAYMENT: "apply,credit", CREDIT: "expense,item", ENTRY: "line"}
LOCATION = "location-"
PAGE = 1000
DIMENSIONS = {"department": "department", "class": "class", "location": "location"}


class NetSuiteBills(ThroughReimbursables):
    """The payables side of the connector."""

    title = "NetSuite"
    offers: frozenset[str] = frozenset(
        (
            "credits",
            "credit.update",
            "bill.delete",
            "payment.delete",
            "many",
            "credit_use",
            "credit_in_payment",
            "entries",
        )
    )

    def native(self, kind: RecordKind, id: str) -> Native:
        return _native(KINDS[kind], id)

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from _every(BILL)
        return [_bill(body, company) for body in found]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        body = yield from _one(BILL, id)
        return None if body is None else _bill(body, company)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found = yield from _every(PAYMENT)
        return [_payment(body, company) for body in found]

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        body = yield from _one(PAYMENT, id)
        return None if body is None else _payment(body, company)

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found = yield from _every(CREDIT)
        return [_credit(body, company) for body in found]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        body = yield from _one(CREDIT, id)
        return None if body is None else _credit(body, company)

    # Writes

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewBill) and record.orders:
            done = yield from _put(BILL, _ordered(record, company), reference=record.id)
            return done
        done = yield from super().write(record, consent, company)
        return done

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        credit = _credit_alone(record)
        if credit:
            done = yield from _apply(credit, record)
            return done
        done = yield from _put(PAYMENT, _vendor_payment(record, company), reference=record.id)
        return done

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        credit = _credit_alone(record)
        if credit:
            body = yield from _one(CREDIT, credit)
            known = _applied(body or {})
            there = all(known.get(link.id) == link.amount for link in record.links if link.kind == "Bill")
            return Done(native=_native(CREDIT, credit), found=True) if there else None
        done = yield from _found(PAYMENT, record.id)
        return done

    def owe(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done]:
        done = yield from _put(CREDIT, _vendor_credit(record, company), reference=record.id)
        return done

    def find_credit(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done | None]:
        done = yield from _found(CREDIT, record.id)
        return done

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewCredit):
            kind, body = CREDIT, _vendor_credit(record, company)
        elif isinstance(record, NewBill) and record.orders:
            kind, body = BILL, _ordered(record, company)
        else:
            done = yield from super().change(record, id, consent, company)
            return done
        own = {name: value for name, value in body.items() if name not in ("subsidiary", "externalId")}
        yield from write(
            "PATCH",
            f"{RECORD}/{kind}/{quote(id)}",
            own,
            purpose=f"change {kind}",
            reference=record.id,
            query={"replace": SUBLISTS[kind]},
        )
        return Done(native=_native(kind, id))

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        stands = yield from _one(KINDS[kind], id)
        if stands is None:
            return
        yield from write("DELETE", f"{RECORD}/{KINDS[kind]}/{quote(id)}", None, purpose=f"delete {KINDS[kind]}")

    # Journal entries

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        done = yield from _put(ENTRY, journal_entry(record, company), reference=record.id)
        return done

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        done = yield from _found(ENTRY, record.id)
        return done

    # Files

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        """The files that were attached to a bill through this connector: NetSuite lists no others over REST."""
        owner = owner_of(_native(BILL, id))
        statement = "SELECT id, name, description, filesize FROM file ORDER BY id"
        found = yield from rows_of(statement, purpose=f"list the files of {owner}")
        return [_file(row, owner) for row in found if row.get("description", "").endswith(f" {owner}")]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        body = yield from read(f"{DOCUMENT}/file/{quote(file.id)}", purpose=f"read {file.name}")
        try:
            return base64.b64decode(str(body.get("content") or ""), validate=True)
        except ValueError as error:
            raise Unavailable(f"no content in the answer to: read {file.name}") from error


def _native(kind: str, id: str) -> Native:
    return Native(kind=kind, id=id, data_type=DATA_TYPES[kind])


# Reading


def _every(kind: str) -> Steps[list[dict[str, Any]]]:
    """Every record of a kind, lines included: a list gives ids alone."""
    found: list[dict[str, Any]] = []
    offset = 0
    while True:
        page = yield from read(f"{RECORD}/{kind}", purpose=f"list {kind}", query={"limit": PAGE, "offset": offset})
        for item in page.get("items") or ():
            body = yield from _one(kind, str(item["id"]))
            found += [body] if body is not None else []
        if not page.get("hasMore"):
            return found
        offset += PAGE


def _one(kind: str, id: str) -> Steps[dict[str, Any] | None]:
    if not id.isdigit():
        return None
    path = f"{RECORD}/{kind}/{id}"
    try:
        body = yield from read(path, purpose=f"read {kind} {id}", query={"expandSubResources": "true"})
    except Refused as refused:
        if not is_missing(refused):
            raise
        return None
    return body


def _found(kind: str, id: str) -> Steps[Done | None]:
    path = f"{RECORD}/{kind}/eid:{external_id(id)}"
    try:
        body = yield from read(path, purpose=f"look for {id} among {kind}", reference=id)
    except Refused as refused:
        if not is_missing(refused):
            raise
        return None
    return Done(native=_native(kind, str(body["id"])), found=True)


def _put(kind: str, body: Body, *, reference: str) -> Steps[Done]:
    path = f"{RECORD}/{kind}/eid:{body['externalId']}"
    id = yield from write(
        "PUT", path, body, purpose=f"create {kind}", reference=reference, query={"replace": SUBLISTS[kind]}
    )
    if not id:
        done = yield from _found(kind, reference)
        if done is None:
            raise Unknown(f"no place in the answer to: create {kind}")
        return done
    return Done(native=_native(kind, id))


def _items(body: Mapping[str, Any], sublist: str) -> list[Mapping[str, Any]]:
    return [row for row in (body.get(sublist) or {}).get("items") or () if isinstance(row, dict)]


def _ref(body: Mapping[str, Any], name: str) -> str:
    return str((body.get(name) or {}).get("id") or "")


def _currency(body: Mapping[str, Any], company: Company) -> str:
    known = {id: name.removeprefix(CURRENCY) for name, id in company.facts.items() if name.startswith(CURRENCY)}
    return known.get(_ref(body, "currency"), company.currency)


def _rate(body: Mapping[str, Any], company: Company) -> Decimal | None:
    return None if _currency(body, company) == company.currency else number_of(body.get("exchangeRate")) or None


def _lines(body: Mapping[str, Any]) -> tuple[BillLine, ...]:
    return tuple(_line(row) for name in ("expense", "item") for row in _items(body, name))


def _line(row: Mapping[str, Any]) -> BillLine:
    net, quantity = number_of(row.get("amount")), number_of(row.get("quantity")) or Decimal(1)
    tags = [TrackingRef(id=f"{prefix}-{_ref(row, name)}") for name, prefix in DIMENSIONS.items() if row.get(name)]
    if row.get("customer"):
        tags.append(TrackingRef(id=_ref(row, "customer"), kind="customer"))
    return BillLine(
        net=net,
        tax=number_of(row.get("tax1Amt")),
        quantity=quantity,
        unit=net / quantity,
        description=str(row.get("memo") or row.get("description") or ""),
        account=_ref(row, "account"),
        item=_ref(row, "item"),
        tax_rate=_ref(row, "taxCode"),
        tracking=tuple(tags),
        billable=row.get("isBillable") is True,
    )


def _bill(body: Mapping[str, Any], company: Company) -> Bill:
    total, open = number_of(body.get("total")), number_of(body.get("amountRemaining"))
    # Source: NetSuite REST API Browser, record v1 2026.1 (letters of status.id; C is cancelled)
    status = _ref(body, "status")
    pending = _ref(body, "approvalStatus") not in ("", "2")
    return Bill(
        id=str(body["id"]),
        supplier=_ref(body, "entity"),
        supplier_name=str((body.get("entity") or {}).get("refName") or ""),
        date=day_of(body, "tranDate"),
        due=day_of(body, "dueDate" if body.get("dueDate") else "tranDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        reference=str(body.get("tranId") or ""),
        note=unmarked(str(body.get("memo") or "")),
        status=status_of(total, open, draft=pending, void=status in ("C", "V")),
        total=total,
        open=open,
        tax=number_of(body.get("taxTotal")),
        lines=_lines(body),
        orders=_orders(body),
        updated=_instant(body),
    )


def _orders(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The purchase orders that a bill's lines name, with their numbers."""
    refs = [row["orderDoc"] for name in ("expense", "item") for row in _items(body, name) if row.get("orderDoc")]
    return tuple({str(ref["id"]): str(ref.get("refName") or "").rpartition("#")[2] for ref in refs}.items())


def _credit(body: Mapping[str, Any], company: Company) -> BillCredit:
    total = number_of(body.get("total"))
    left = number_of(body["unApplied"]) if body.get("unApplied") is not None else total
    status: CreditStatus = "Paid" if left <= 0 else "Submitted" if left >= total else "PartiallyPaid"
    return BillCredit(
        id=str(body["id"]),
        supplier=_ref(body, "entity"),
        supplier_name=str((body.get("entity") or {}).get("refName") or ""),
        date=day_of(body, "tranDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        number=str(body.get("tranId") or ""),
        note=unmarked(str(body.get("memo") or "")),
        status=status,
        total=total,
        remaining=left,
        tax=number_of(body.get("taxTotal")),
        lines=_lines(body),
        updated=_instant(body),
    )


def _payment(body: Mapping[str, Any], company: Company) -> BillPayment:
    paid = [PaymentLink(kind="Bill", id=_ref(row, "doc"), amount=_amount(row)) for row in _items(body, "apply")]
    used = [PaymentLink(kind="CreditNote", id=_ref(row, "doc"), amount=_amount(row)) for row in _items(body, "credit")]
    links = [link for link in (*paid, *used) if link.amount > 0]
    return BillPayment(
        id=str(body["id"]),
        date=day_of(body, "tranDate"),
        currency=_currency(body, company),
        rate=_rate(body, company),
        total=number_of(body.get("total")),
        account=_ref(body, "account"),
        supplier=_ref(body, "entity"),
        supplier_name=str((body.get("entity") or {}).get("refName") or ""),
        reference=str(body.get("tranId") or ""),
        note=unmarked(str(body.get("memo") or "")),
        links=tuple(links),
        updated=_instant(body),
    )


def _amount(row: Mapping[str, Any]) -> Decimal:
    return number_of(row.get("amount")) if row.get("apply", True) else ZERO


def _instant(body: Mapping[str, Any]) -> datetime | None:
    text = body.get("lastModifiedDate")
    return datetime.fromisoformat(str(text)) if text else None


def _file(row: Mapping[str, str], owner: str) -> BillFile:
    name, _, _ = row["description"].removesuffix(f" {owner}").rpartition(" ")
    size = row.get("filesize", "")
    return BillFile(id=row["id"], name=name or row.get("name", ""), size=int(size) if size.isdigit() else None)


# Writing


def _head(record: NewPayment, company: Company) -> Body:
    body: Body = {
        "externalId": external_id(record.id),
        "tranDate": record.date.isoformat(),
        "entity": {"id": record.supplier},
        "memo": marked(record.note, record.id, most=MEMO_MOST),
    }
    if company.facts.get(SUBSIDIARY):
        body["subsidiary"] = {"id": company.facts[SUBSIDIARY]}
    known = company.facts.get(f"{CURRENCY}{record.currency}")
    if known:
        body["currency"] = {"id": known}
    if record.currency != company.currency and record.rate is not None:
        body["exchangeRate"] = record.rate
    return body


def _credit_alone(record: NewPayment) -> str:
    """The credit that settles bills without money: NetSuite applies it to them by itself."""
    credits = [link.id for link in record.links if link.kind == "CreditNote"]
    return credits[0] if len(credits) == 1 and not record.total else ""


def _applied(body: Mapping[str, Any]) -> dict[str, Decimal]:
    return {_ref(row, "doc"): _amount(row) for row in _items(body, "apply") if _amount(row)}


def _apply(credit: str, record: NewPayment) -> Steps[Done]:
    """Apply a credit to bills, beside what it is applied to already."""
    body = yield from _one(CREDIT, credit)
    if body is None:
        raise Refused(f"{CREDIT} {credit} is not in NetSuite", status=MISSING)
    wanted = _applied(body)
    for link in record.links:
        if link.kind == "Bill":
            if link.id in wanted:  # adding to it could not be told from a repeat
                raise Refused(f"the credit is applied to bill {link.id} already: change that in NetSuite")
            wanted[link.id] = link.amount
    rows = [{"doc": {"id": id}, "apply": True, "amount": amount} for id, amount in wanted.items()]
    path = f"{RECORD}/{CREDIT}/{quote(credit)}"
    change: Body = {"apply": {"items": rows}}
    yield from write("PATCH", path, change, purpose=f"apply {CREDIT}", reference=record.id, query={"replace": "apply"})
    return Done(native=_native(CREDIT, credit))


def _vendor_payment(record: NewPayment, company: Company) -> Body:
    if record.account is None:
        raise Refused("NetSuite needs an account that the payment leaves")
    body = _head(record, company) | {"account": {"id": record.account.id}}
    # Source: https://docs.codat.io/usecases/bill-pay/payments (a mandatory location travels in the reference)
    if record.reference.startswith(LOCATION):
        body["location"] = {"id": record.reference.removeprefix(LOCATION)}
    elif record.reference:
        body["tranId"] = record.reference[:NUMBER_MOST]
    for sublist, kind in (("apply", "Bill"), ("credit", "CreditNote")):
        rows = [
            {"doc": {"id": link.id}, "apply": True, "amount": link.amount} for link in record.links if link.kind == kind
        ]
        if rows:
            body[sublist] = {"items": rows}
    return body


def _ordered(record: NewBill, company: Company) -> Body:
    """A bill whose lines bill those of purchase orders.

    Source: NetSuite REST API Browser, record v1 2026.1 (orderDoc and orderLine of a bill's lines)
    """
    body = body_of(as_reimbursable(record), company, {})
    for sublist, is_item in (("expense", False), ("item", True)):
        orders = [order for order, line in zip(record.orders, record.lines, strict=True) if bool(line.item) == is_item]
        for row, (id, number) in zip((body.get(sublist) or {}).get("items", []), orders, strict=True):
            if id:
                row |= {"orderDoc": {"id": id}, "orderLine": number}
    return body


def _vendor_credit(record: NewCredit, company: Company) -> Body:
    """A credit has the head and lines of a bill, and no due date."""
    body = body_of(as_reimbursable(record), company, {})
    return {name: value for name, value in body.items() if name != "dueDate"}
