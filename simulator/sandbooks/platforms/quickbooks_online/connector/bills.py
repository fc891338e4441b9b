"""Bills, bill payments and vendor credits of QuickBooks Online: read, written, found again, removed.

A bill is written as the expense flow writes one; a payment is a ``BillPayment`` whose lines each link one record.
Source: developer.intuit.com, entities Bill, BillPayment, VendorCredit, PaymentMethod.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from urllib.parse import quote

from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.connector import (
    Company,
    Consent,
    Done,
    Native,
    PaymentAccount,
    Refused,
    Request,
    Steps,
    ask,
    marked,
)
from sandbooks.payables import (
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    MethodType,
    NewBill,
    NewCredit,
    NewPayment,
    NewRecord,
    PaymentMethod,
    RecordKind,
    RefusesRest,
    as_reimbursable,
)
from sandbooks.platforms.quickbooks_online.connector import orders
from sandbooks.platforms.quickbooks_online.connector import payables_reading as reading
from sandbooks.platforms.quickbooks_online.connector.documents import NOTE_MOST, REFERENCE_MOST, body_of
from sandbooks.platforms.quickbooks_online.connector.lists import Taxes, read_taxes
from sandbooks.platforms.quickbooks_online.connector.native import STALE, accepted, every, read, write

KINDS: Mapping[RecordKind, str] = {"bill": "Bill", "payment": "BillPayment", "credit": "VendorCredit"}
DATA_TYPES = {"Bill": "bills", "BillPayment": "billPayments", "VendorCredit": "billCreditNotes"}
UPDATE_TRIES_MOST = 3
GONE = ("610", "2500")  # Source: developer.intuit.com, error codes: object not found, invalid reference

Body = dict[str, Any]


class QuickBooksOnlineBills(RefusesRest):
    """The payables side of the connector; it keeps nothing."""

    title = "QuickBooks Online"
    offers: frozenset[str] = frozenset(
        (
            "credits",
            "credit.update",
            "methods",
            "many",
            "credit_use",
            "bill.delete",
            "payment.delete",
            "file.delete",
            "on_account",
        )
    )

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from every(consent, "Bill")
        taxes = yield from _taxes(consent, found)
        known = yield from orders.numbers(found, consent)
        return [replace(reading.bill(body, company, taxes), orders=orders.of_bill(body, known)) for body in found]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        body = yield from _one(consent, "Bill", id)
        if body is None:
            return None
        taxes = yield from _taxes(consent, [body])
        known = yield from orders.numbers([body], consent)
        return replace(reading.bill(body, company, taxes), orders=orders.of_bill(body, known))

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found = yield from every(consent, "BillPayment")
        return [reading.payment(body, company) for body in found]

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        body = yield from _one(consent, "BillPayment", id)
        return None if body is None else reading.payment(body, company)

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found = yield from every(consent, "VendorCredit")
        taxes = yield from _taxes(consent, found)
        return [reading.credit(body, company, taxes) for body in found]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        body = yield from _one(consent, "VendorCredit", id)
        if body is None:
            return None
        taxes = yield from _taxes(consent, [body])
        return reading.credit(body, company, taxes)

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        found = yield from every(consent, "PaymentMethod")
        return [_method(body) for body in found]

    # Writes

    def write(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done]:
        kind = _kind(record)
        body = yield from _body(record, consent, company)
        made = yield from write(consent, kind, body, key=record.key, reference=record.id)
        return Done(native=_native(kind, made))

    def look_up(self, record: NewRecord, consent: Consent, company: Company) -> Steps[Done | None]:
        kind = _kind(record)
        where = f"TxnDate = '{record.date.isoformat()}'"
        for body in (yield from every(consent, kind, where=where, reference=record.id)):
            if str(body.get("PrivateNote") or "").endswith(f"[{record.id}]"):
                return Done(native=_native(kind, body), found=True)
        return None

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        kind = _kind(record)
        body = yield from _body(record, consent, company, bill=id)
        for _ in range(UPDATE_TRIES_MOST):
            stands = yield from read(consent, f"{kind.lower()}/{id}", kind, reference=record.id)
            newest = {**body, "Id": id, "SyncToken": stands["SyncToken"], "sparse": True}
            try:
                made = yield from write(
                    consent, kind, newest, key=f"{record.key}-{stands['SyncToken']}", reference=record.id
                )
            except Refused as refused:
                if refused.native_code != STALE:
                    raise
            else:
                return Done(native=_native(kind, made))
        raise Refused(f"the {kind} was changed in QuickBooks Online again and again", native_code=STALE)

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        entity = KINDS[kind]
        stands = yield from _one(consent, entity, id)
        if stands is not None:
            yield from _delete(consent, entity, stands, key=key)

    # Files

    def native(self, kind: RecordKind, id: str) -> Native:
        return Native(kind=KINDS[kind], id=id, data_type=DATA_TYPES[KINDS[kind]])

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        where = f"AttachableRef.EntityRef.Type = 'Bill' AND AttachableRef.EntityRef.value = '{id}'"
        found = yield from every(consent, "Attachable", where=where)
        return [reading.file(body) for body in found if body.get("FileName")]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        request = Request(
            "GET",
            f"/v3/company/{consent.company}/download/{file.id}?minorversion=75",
            purpose=f"ask where {file.name} lies",
        )
        response = yield from ask(request)
        link = response.body.decode("ascii", "replace").strip()
        if response.status != 200 or not link.startswith(("https://", "http://")):
            raise Refused(f"QuickBooks Online gives no file {file.id}", status=response.status)
        fetch = Request("GET", link, purpose=f"read {file.name}", base="link", signed=False)
        answer = yield from ask(fetch)
        if answer.status != 200:
            raise Refused(f"QuickBooks Online gives no file {file.id}", status=answer.status)
        return answer.body

    def remove_file(self, id: str, file: str, consent: Consent, *, key: str) -> Steps[None]:
        stands = yield from _one(consent, "Attachable", file)
        if stands is not None:
            yield from _delete(consent, "Attachable", stands, key=key)


BILLS = QuickBooksOnlineBills()


def _kind(record: NewRecord) -> str:
    return {NewBill: "Bill", NewPayment: "BillPayment", NewCredit: "VendorCredit"}[type(record)]


def _native(kind: str, body: Mapping[str, Any]) -> Native:
    return Native(kind=kind, id=str(body["Id"]), version=str(body.get("SyncToken", "")), data_type=DATA_TYPES[kind])


def _one(consent: Consent, entity: str, id: str) -> Steps[Body | None]:
    """A record by its id, None when there is none."""
    if not id.isdigit():
        return None
    try:
        body = yield from read(consent, f"{entity.lower()}/{id}", entity)
    except Refused as refused:
        if refused.native_code in GONE or refused.status == 404:
            return None
        raise
    return None if body.get("status") == "Deleted" else body


def _taxes(consent: Consent, bodies: Sequence[Mapping[str, Any]]) -> Steps[Taxes]:
    """The tax rates, where a record carries tax at all."""
    if any((body.get("TxnTaxDetail") or {}).get("TotalTax") for body in bodies):
        found = yield from read_taxes(consent)
        return found
    return Taxes({}, {})


def _delete(consent: Consent, entity: str, stands: Mapping[str, Any], *, key: str) -> Steps[None]:
    request = Request(
        "POST",
        f"/v3/company/{consent.company}/{entity.lower()}?operation=delete&minorversion=75&requestid={quote(key)}",
        purpose=f"delete {entity}",
        headers=(("Content-Type", "application/json"), ("Accept", "application/json")),
        body=exact_json.dumps({"Id": stands["Id"], "SyncToken": stands["SyncToken"]}),
        mutates=True,
    )
    response = yield from ask(request)
    accepted(response, request)


def _method(body: Mapping[str, Any]) -> PaymentMethod:
    name = str(body.get("Name") or "")
    type: MethodType = "CreditCard" if body.get("Type") == "CREDIT_CARD" else "Other"
    plain = name.replace(" ", "")
    known = {"Cash": "Cash", "Check": "Check", "Cheque": "Check", "DebitCard": "DebitCard"}.get(plain, type)
    return PaymentMethod(
        id=str(body["Id"]),
        name=name,
        type=known if known in get_args(MethodType) else "Other",  # type: ignore[arg-type]  # checked here
        active=body.get("Active") is not False,
        updated=reading.updated(body),
    )


# Bodies


def _body(record: NewRecord, consent: Consent, company: Company, *, bill: str = "") -> Steps[Body]:
    match record:
        case NewBill():
            body = yield from body_of(as_reimbursable(record), consent, company)
            if record.orders:
                body = yield from orders.link(body, record, consent, bill=bill)
            return body
        case NewCredit():
            body = yield from body_of(as_reimbursable(record), consent, company)
            body.pop("DueDate", None)
            return body
        case NewPayment():
            account = record.account or (yield from _any_bank(record, consent))
            return _payment(replace(record, account=account), company)


def _any_bank(record: NewPayment, consent: Consent) -> Steps[PaymentAccount | None]:
    """QuickBooks Online wants a bank account even where no money moves: the first there is."""
    if record.total:
        return None
    for body in (yield from every(consent, "Account", where="AccountType = 'Bank'", reference=record.id)):
        currency = str((body.get("CurrencyRef") or {}).get("value") or record.currency)
        if body.get("Active") is not False and currency == record.currency:
            return PaymentAccount(id=str(body["Id"]), pays="bank", currency=currency)
    return None


def _payment(record: NewPayment, company: Company) -> Body:
    if record.account is None:
        raise Refused("QuickBooks Online needs an account that the payment leaves")
    card = record.account.pays == "card"
    body: Body = {
        "TxnDate": record.date.isoformat(),
        "PrivateNote": marked(record.note, record.id, most=NOTE_MOST),
        "VendorRef": {"value": record.supplier},
        "TotalAmt": record.total,
        "PayType": "CreditCard" if card else "Check",
        "Line": [
            {"Amount": link.amount, "LinkedTxn": [{"TxnId": link.id, "TxnType": _linked(link.kind)}]}
            for link in record.links
            if link.kind != "PaymentOnAccount"
        ],
    }
    if card:
        body["CreditCardPayment"] = {"CCAccountRef": {"value": record.account.id}}
    else:
        body["CheckPayment"] = {"BankAccountRef": {"value": record.account.id}}
    if record.reference:
        body["DocNumber"] = record.reference[:REFERENCE_MOST]
    if company.multicurrency or record.currency != company.currency:
        body["CurrencyRef"] = {"value": record.currency}
    if record.currency != company.currency and record.rate is not None:
        body["ExchangeRate"] = record.rate
    return body


def _linked(kind: str) -> str:
    if kind not in ("Bill", "CreditNote"):
        raise Refused(f"QuickBooks Online takes bills and credits in a payment, not {kind}")
    return "Bill" if kind == "Bill" else "VendorCredit"
