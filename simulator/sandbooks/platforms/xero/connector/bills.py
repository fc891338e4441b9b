"""Bills, payments and credits of suppliers in Xero: ACCPAY invoices, payments, batch payments and allocations.

A bill's own number is what its user reads, so the hub's id stands in the bill's ``Url`` (the link back to the program
that made it); payments and batches carry it in their reference. What Xero did not keep as it was sent is taken back.
Source: developer.xero.com, invoices, payments, batch payments, credit notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sandbooks.connector import Company, Consent, Done, Native, Refused, Request, Steps, ask
from sandbooks.payables import (
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    NewBill,
    NewCredit,
    NewPayment,
    NewRecord,
    PaymentLink,
    RecordKind,
    RefusesRest,
)
from sandbooks.platforms.xero.connector import payables_bodies as bodies
from sandbooks.platforms.xero.connector import payables_reading as reading
from sandbooks.platforms.xero.connector import reading as lists
from sandbooks.platforms.xero.connector.calls import API, idempotency_key, listed, paged, read, write
from sandbooks.platforms.xero.connector.documents import Lists, differences, options_of

Body = dict[str, Any]
KINDS: Mapping[RecordKind, str] = {"bill": "Invoice", "payment": "Payment", "credit": "CreditNote"}
DATA_TYPES = {"Invoice": "bills", "CreditNote": "billCreditNotes"}
ENDED = ("DELETED", "VOIDED")
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LOOK_UP_DAYS = 31  # a bookkeeper may have moved a record to another day


class XeroBills(RefusesRest):
    """The payables side of the connector; it keeps nothing."""

    title = "Xero"
    offers: frozenset[str] = frozenset(
        ("credits", "credit.update", "bill.delete", "payment.delete", "many", "batch", "credit_use", "credit_refund")
    )

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from paged("Invoices", "InvoiceID", query={"where": 'Type=="ACCPAY"'})
        return [reading.bill(body, company) for body in found if body.get("Status") != "DELETED"]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        body = yield from _one("Invoices", id)
        known = body is not None and body.get("Type") == "ACCPAY" and body.get("Status") != "DELETED"
        return reading.bill(body, company) if body is not None and known else None

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found = yield from paged("Payments", "PaymentID")
        paid = [body for body in found if body.get("PaymentType") in reading.PAID_OUT]
        return reading.payments(paid, company)

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        body = yield from _one("Payments", id)
        if body is not None and body.get("PaymentType") in reading.PAID_OUT:
            return reading.payments([body], company, alone=True)[0]
        batch = yield from _one("BatchPayments", id)
        if batch is None or batch.get("Type") != "PAYBATCH":
            return None
        parts = []
        for entry in batch.get("Payments") or ():
            part = yield from _one("Payments", str(entry["PaymentID"]))
            parts += [part] if part is not None else []
        found = reading.payments(parts, company)
        return found[0] if found else None

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found = yield from paged("CreditNotes", "CreditNoteID", query={"where": 'Type=="ACCPAYCREDIT"'})
        return [reading.credit(body, company) for body in found if body.get("Status") != "DELETED"]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        body = yield from _one("CreditNotes", id)
        known = body is not None and body.get("Type") == "ACCPAYCREDIT" and body.get("Status") != "DELETED"
        return reading.credit(body, company) if body is not None and known else None

    # Writes

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewPayment):
            done = yield from _pay(record, company)
            return done
        kind, body = yield from _document(record, company)
        made = yield from write(
            "PUT",
            f"{kind}s",
            body,
            id=f"{kind}ID",
            key=idempotency_key(record.key),
            purpose=f"create {kind}",
            reference=record.id,
        )
        changed = list(differences(body, made))
        if changed:
            yield from _take_back(kind, made, record, because="; ".join(changed))
        return Done(native=_native(kind, str(made[f"{kind}ID"])))

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        if isinstance(record, NewPayment):
            done = yield from _look_up_payment(record)
            return done
        kind = "Invoice" if isinstance(record, NewBill) else "CreditNote"
        found = yield from paged(f"{kind}s", f"{kind}ID", query=_around(record), reference=record.id)
        for body in found:
            if body.get("Status") not in ENDED and bodies.carries(body, record):
                return Done(native=_native(kind, str(body[f"{kind}ID"])), found=True)
        return None

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        if isinstance(record, NewPayment):
            raise Refused("a payment cannot be changed in Xero: delete it and pay again")
        kind, body = yield from _document(record, company)
        stands = yield from _one(f"{kind}s", id)
        if stands is None:
            raise Refused(f"{kind} {id} is not in Xero", native_code="404", status=404)
        body.pop("Type")
        made = yield from write(
            "POST",
            f"{kind}s/{id}",
            {**body, f"{kind}ID": id},
            id=f"{kind}ID",
            key=idempotency_key(record.key, str(stands.get("UpdatedDateUTC") or "")),
            purpose=f"change {kind}",
            reference=record.id,
        )
        changed = list(differences(body, made))
        if changed:
            raise Refused(f"Xero changed what was sent ({'; '.join(changed)}): correct it in Xero")
        return Done(native=_native(kind, id))

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        name = KINDS[kind]
        stands = yield from _one(f"{name}s", id)
        if stands is None and kind == "payment":
            name = "BatchPayment"
            stands = yield from _one(f"{name}s", id)
        if stands is None or stands.get("Status") in ENDED:
            return
        open = kind == "payment" or stands.get("Status") in ("DRAFT", "SUBMITTED")
        yield from write(
            "POST",
            f"{name}s/{id}",
            {f"{name}ID": id, "Status": "DELETED" if open else "VOIDED"},
            id=f"{name}ID",
            key=idempotency_key(key, id),
            purpose=f"remove {name}",
        )

    def take_back_doubles(
        self, record: NewRecord, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        """One that a late request made after Xero had forgotten its key."""
        if isinstance(record, NewPayment):
            name, ids = yield from _like(record)
            kind: RecordKind = "payment"
        else:
            name, sent = yield from _document(record, company)
            kind = "bill" if isinstance(record, NewBill) else "credit"
            found = yield from paged(f"{name}s", f"{name}ID", query=_around(record), reference=record.id)
            ids = [str(body[f"{name}ID"]) for body in found if _is_copy(body, sent, record)]
        gone = [id for id in ids if id != native.id] if native.id in ids else []
        for id in gone:
            yield from self.remove(kind, id, consent, company, key=record.key)
        return gone

    # Files

    def native(self, kind: RecordKind, id: str) -> Native:
        return _native(KINDS[kind], id)

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        body = yield from read(f"Invoices/{quote(id)}/Attachments", purpose=f"list the attachments of {id}")
        return [reading.file(row) for row in body.get("Attachments") or ()]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        request = Request(
            "GET",
            f"{API}/Invoices/{quote(id)}/Attachments/{quote(file.name, safe='')}",
            purpose=f"read {file.name}",
            headers=(("Accept", file.content_type),),
        )
        response = yield from ask(request)
        if response.status != 200:
            raise Refused(f"Xero gives no file {file.name}", status=response.status)
        return response.body


BILLS = XeroBills()


def _native(kind: str, id: str) -> Native:
    return Native(kind=kind, id=id, data_type=DATA_TYPES.get(kind, "billPayments"))


def _one(collection: str, id: str) -> Steps[Body | None]:
    """A record by its id, None when there is none. Xero takes numbers too: only an id is an id."""
    if not _ID.fullmatch(id):
        return None
    try:
        body = yield from read(f"{collection}/{quote(id)}", purpose=f"read {collection} {id}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None
    found: Body | None = next(iter(body.get(collection) or ()), None)
    return found


def _around(record: NewRecord) -> dict[str, str]:
    first, last = (record.date + timedelta(days=days) for days in (-LOOK_UP_DAYS, LOOK_UP_DAYS))
    where = " AND ".join(
        f"Date {sign} DateTime({when.year}, {when.month:02d}, {when.day:02d})"
        for sign, when in ((">=", first), ("<=", last))
    )
    return {"where": where}


# Bills and credits


def _document(record: NewBill | NewCredit, company: Company) -> Steps[tuple[str, Body]]:
    """The native kind and the record to send, with what its lines refer to as Xero has it now."""
    codes: dict[str, str] = {}
    for body in (yield from listed("Accounts", reference=record.id)):
        codes[str(body["AccountID"])] = str(body.get("Code") or "")
    missing = next((line.account for line in record.lines if line.account not in codes), None)
    if missing is not None:
        raise Refused(f"account {missing} is not in the organisation's chart", native_code="account", element=missing)
    options: dict[str, Mapping[str, Any]] = {}
    if any(line.tracking for line in record.lines):
        options = options_of((yield from lists.tracking_categories(reference=record.id)))
    if isinstance(record, NewBill):
        return "Invoice", bodies.bill(record, company, Lists(codes, options))
    return "CreditNote", bodies.credit(record, company, Lists(codes, options))


def _is_copy(body: Body, sent: Body, record: NewBill | NewCredit) -> bool:
    return body.get("Status") not in ENDED and bodies.carries(body, record) and not list(differences(sent, body))


def _take_back(kind: str, made: Mapping[str, Any], record: NewRecord, *, because: str) -> Steps[None]:
    """Remove what Xero did not keep as it was sent, then refuse. Always raises."""
    id = str(made[f"{kind}ID"])
    yield from write(
        "POST",
        f"{kind}s/{id}",
        {f"{kind}ID": id, "Status": "DELETED" if made.get("Status") == "DRAFT" else "VOIDED"},
        id=f"{kind}ID",
        key=idempotency_key(record.key, "void", id),
        purpose=f"take back {kind}",
        reference=record.id,
    )
    raise Refused(f"Xero changed what was sent ({because}); it was taken back")


# Payments


def _pay(record: NewPayment, company: Company) -> Steps[Done]:
    links = record.links
    bills = [link for link in links if link.kind == "Bill"]
    credits = [link for link in links if link.kind == "CreditNote"]
    if len(bills) + len(credits) < len(links):
        raise Refused("Xero takes bills and credit notes in a payment")
    if credits and bills:
        if record.total or len(credits) != 1 or len(bills) != 1:
            raise Refused("Xero sets one credit note against one bill, without money: pay the rest apart")
        done = yield from _allocate(record, credits[0], bills[0])
        return done
    if record.account is None:
        raise Refused("Xero needs an account that the payment leaves")
    if len(links) > 1 and credits:
        raise Refused("Xero refunds one credit note at a time")
    kind = "BatchPayment" if len(links) > 1 else "Payment"
    body = bodies.batch(record) if kind == "BatchPayment" else bodies.payment(record, links[0], company)
    made = yield from write(
        "PUT",
        f"{kind}s",
        body,
        id=f"{kind}ID",
        key=idempotency_key(record.key),
        purpose=f"create {kind}",
        reference=record.id,
    )
    return Done(native=_native(kind, str(made[f"{kind}ID"])))


def _allocate(record: NewPayment, credit: PaymentLink, bill: PaymentLink) -> Steps[Done]:
    """Set a credit note against a bill."""
    made = yield from write(
        "PUT",
        f"CreditNotes/{quote(credit.id)}/Allocations",
        {"Invoice": {"InvoiceID": bill.id}, "Amount": bill.amount, "Date": record.date.isoformat()},
        id="AllocationID",
        key=idempotency_key(record.key),
        purpose="allocate CreditNote",
        reference=record.id,
        collection="Allocations",
    )
    return Done(native=_native("Allocation", str(made["AllocationID"])))


def _look_up_payment(record: NewPayment) -> Steps[Done | None]:
    credits = [link for link in record.links if link.kind == "CreditNote"]
    bills = [link for link in record.links if link.kind == "Bill"]
    if credits and bills:
        stands = yield from _one("CreditNotes", credits[0].id)
        for row in (stands or {}).get("Allocations") or ():
            same = (row.get("Invoice") or {}).get("InvoiceID") == bills[0].id
            if same and bodies.amount(row.get("Amount")) == bills[0].amount and not row.get("IsDeleted"):
                return Done(native=_native("Allocation", str(row.get("AllocationID") or credits[0].id)), found=True)
        return None
    kind, ids = yield from _like(record)
    return Done(native=_native(kind, ids[0]), found=True) if ids else None


def _like(record: NewPayment) -> Steps[tuple[str, list[str]]]:
    """The native kind of a payment, and the ids of those that carry its id: a credit set against a bill has none."""
    kind = "BatchPayment" if len(record.links) > 1 else "Payment"
    if any(link.kind == "CreditNote" for link in record.links) and record.total == 0:
        return "Allocation", []
    if kind == "BatchPayment":
        found = yield from listed("BatchPayments", query=_around(record), reference=record.id)
    else:
        found = yield from paged("Payments", "PaymentID", query=_around(record), reference=record.id)
    live = [body for body in found if body.get("Status") != "DELETED"]
    return kind, [str(body[f"{kind}ID"]) for body in live if _carries(body, record)]


def _carries(body: Body, record: NewPayment) -> bool:
    return str(body.get("Reference") or "").rstrip().endswith(f"[{record.id}]")
