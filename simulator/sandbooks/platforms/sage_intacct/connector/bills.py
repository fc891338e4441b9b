"""AP bills of Sage Intacct, the AP payments that settle them, AP adjustments as credits, and journals.

Source: developer.intacct.com/api/accounts-payable (bills, payments, adjustments), /api/general-ledger (journals).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from sandbooks.connector import (
    Company,
    Consent,
    Done,
    Native,
    Refused,
    Reimbursable,
    Steps,
    Unknown,
    marked,
)
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillPayment,
    LedgerJournal,
    NewBill,
    NewCredit,
    NewEntry,
    NewJournal,
    NewPayment,
    NewRecord,
    PaymentLink,
    PaymentMethod,
    RecordKind,
    ThroughReimbursables,
    as_reimbursable,
)
from sandbooks.platforms.sage_intacct.connector import attachments, documents, entries, payables, reading
from sandbooks.platforms.sage_intacct.connector.answers import TAKEN
from sandbooks.platforms.sage_intacct.connector.documents import GONE, TEXT_MOST
from sandbooks.platforms.sage_intacct.connector.envelope import Row, condition, element
from sandbooks.platforms.sage_intacct.connector.gateway import call, query

BILL, PAYMENT, CREDIT = "APBILL", "APPYMT", "APADJUSTMENT"
KINDS: Mapping[RecordKind, str] = {"bill": BILL, "payment": PAYMENT, "credit": CREDIT}
DATA_TYPES = {BILL: "bills", PAYMENT: "billPayments", CREDIT: "billCreditNotes", entries.BATCH: "journalEntries"}
NO_PAYMENT = (*GONE, "Voided")  # Source: Sage Intacct help, payment state descriptions

Body = dict[str, Any]


class SageIntacctBills(ThroughReimbursables):
    """The payables side of the connector."""

    title = "Sage Intacct"
    offers: frozenset[str] = frozenset(
        (
            "credits",
            "credit_use",
            "credit_in_payment",
            "methods",
            "journals",
            "journal.create",
            "bill.delete",
            "payment.delete",
            "many",
            "entries",
        )
    )

    def native(self, kind: RecordKind, id: str) -> Native:
        return _native(KINDS[kind], id)

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from payables.every(BILL)
        return [payables.bill(node, company) for node in found if payables.text(node, "STATE") not in GONE]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        node = yield from payables.one(BILL, id)
        return None if node is None else payables.bill(node, company)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found = yield from payables.every(PAYMENT)
        return [payables.payment(node, company) for node in found if payables.text(node, "STATE") not in NO_PAYMENT]

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        node = yield from payables.one(PAYMENT, id)
        return None if node is None or payables.text(node, "STATE") in NO_PAYMENT else payables.payment(node, company)

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found = yield from payables.every(CREDIT)
        return [payables.credit(node, company) for node in found if payables.text(node, "STATE") not in GONE]

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        node = yield from payables.one(CREDIT, id)
        return None if node is None else payables.credit(node, company)

    def methods(self, consent: Consent, company: Company) -> Steps[Sequence[PaymentMethod]]:
        """The methods that a payment may name; Sage Intacct lists none."""
        yield from ()
        return [PaymentMethod(id=id, name=name, type=type) for id, (name, type) in payables.METHODS.items()]

    def journals(self, consent: Consent, company: Company) -> Steps[Sequence[LedgerJournal]]:
        rows = yield from query("GLJOURNAL", ("RECORDNO", "SYMBOL", "TITLE", "STATUS"))
        return [payables.journal(row) for row in rows]

    # Writes

    def change(self, record: NewRecord, id: str, consent: Consent, company: Company) -> Steps[Done]:
        if not isinstance(record, NewBill):
            done = yield from super().change(record, id, consent, company)
            return done
        bill = as_reimbursable(record)
        documents.check(bill, company)
        solutions = yield from reading.solutions(documents.details_of(bill), reference=bill.id)
        function = _updating(bill, company, documents.taxes_of(bill, solutions), id)
        yield from call(function, purpose=f"change {BILL}", control_id=record.key, mutates=True, reference=record.id)
        return Done(native=_native(BILL, id))

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        done = yield from _create(PAYMENT, _ap_payment(record, company), record.key, record.id)
        return done

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        wanted = condition("like", "DESCRIPTION", f"%[{record.id}]")
        rows = yield from query(PAYMENT, ("RECORDNO", "DESCRIPTION", "STATE"), condition=wanted, reference=record.id)
        return _found(PAYMENT, rows, record.id)

    def owe(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done]:
        done = yield from _create(CREDIT, _adjustment(record, company), record.key, record.id)
        return done

    def find_credit(self, record: NewCredit, consent: Consent, company: Company) -> Steps[Done | None]:
        wanted = condition("equalto", "RECORDID", record.id)
        rows = yield from query(CREDIT, ("RECORDNO", "RECORDID", "STATE"), condition=wanted, reference=record.id)
        return _found(CREDIT, rows, record.id)

    def open_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done]:
        body = {"SYMBOL": record.code, "TITLE": record.name, "STATUS": "active" if record.active else "inactive"}
        try:
            result = yield from call(
                element("create", {"GLJOURNAL": body}), purpose="create GLJOURNAL", mutates=True, reference=record.id
            )
        except Refused as refused:
            stands = yield from self.find_journal(record, consent, company)
            if refused.native_code not in TAKEN or stands is None:
                raise
            return stands
        return Done(native=Native(kind="GLJOURNAL", id=_key(result, "create GLJOURNAL"), data_type="journals"))

    def find_journal(self, record: NewJournal, consent: Consent, company: Company) -> Steps[Done | None]:
        for row in (yield from query("GLJOURNAL", ("RECORDNO", "SYMBOL", "TITLE", "STATUS"))):
            if (row.get("SYMBOL"), row.get("TITLE")) == (record.code, record.name):
                return Done(native=Native(kind="GLJOURNAL", id=row["RECORDNO"], data_type="journals"), found=True)
        return None

    def enter(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done]:
        symbol = yield from entries.journal_symbol(record)
        body = entries.batch(record, company, symbol=symbol)
        done = yield from _create(entries.BATCH, body, record.key, record.id)
        return done

    def find_entry(self, record: NewEntry, consent: Consent, company: Company) -> Steps[Done | None]:
        found = yield from entries.found(record)
        return found

    def remove(self, kind: RecordKind, id: str, consent: Consent, company: Company, *, key: str) -> Steps[None]:
        """A payment that has moved money is voided, which the books show; everything else is deleted."""
        node = yield from payables.one(KINDS[kind], id)
        if node is None or payables.text(node, "STATE") in NO_PAYMENT:
            return
        if kind == "payment" and payables.text(node, "STATE") == "Confirmed":
            function = element("void_appaymentrequest", {"appaymentkeys": {"appaymentkey": id}})
        else:
            function = element("delete", {"object": KINDS[kind], "keys": id})
        yield from call(function, purpose=f"remove {KINDS[kind]}", control_id=key, mutates=True)

    # Files

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        supdoc = yield from _supdoc(id)
        return [] if supdoc is None else [_file(node) for node in supdoc.iterfind("attachments/attachment")]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        supdoc = yield from _supdoc(id)
        for node in supdoc.iterfind("attachments/attachment") if supdoc is not None else ():
            if _file(node).name == file.name:
                return _decoded(node.findtext("attachmentdata") or "")
        raise Refused(f"Sage Intacct gives no file {file.name}")


def _native(kind: str, id: str) -> Native:
    return Native(kind=kind, id=id, data_type=DATA_TYPES[kind])


def _found(kind: str, rows: Sequence[Row], id: str) -> Done | None:
    for row in rows:
        if documents.carries(row, id):
            return Done(native=_native(kind, row["RECORDNO"]), found=True)
    return None


# Writing


def _create(kind: str, body: Body, key: str, reference: str) -> Steps[Done]:
    purpose = f"create {kind}"
    result = yield from call(
        element("create", {kind: body}),
        purpose=purpose,
        control_id=key,
        mutates=True,
        once=True,
        reference=reference,
    )
    return Done(native=_native(kind, _key(result, purpose)))


def _key(result: etree._Element, purpose: str) -> str:
    found = (result.findtext("data/*/RECORDNO") or "").strip()
    if not found:
        raise Unknown(f"no RECORDNO in the answer to: {purpose}")
    return found


def _ap_payment(record: NewPayment, company: Company) -> Body:
    if record.account is None:
        raise Refused("Sage Intacct needs an account that the payment leaves")
    if any(link.kind not in ("Bill", "CreditNote") for link in record.links):
        raise Refused("Sage Intacct takes bills and credits in a payment")
    if record.method and record.method not in payables.METHODS:
        raise Refused(f"the payment method is one of {', '.join(payables.METHODS)}")
    usual = "3" if record.account.pays == "card" else "5"
    body: Body = {
        "FINANCIALENTITY": record.account.id,
        "PAYMENTMETHOD": payables.METHODS[record.method or usual][0],
        "VENDORID": record.supplier,
        "DOCNUMBER": record.reference,
        "DESCRIPTION": marked(record.note, record.id, most=TEXT_MOST),
        "PAYMENTDATE": f"{record.date:%m/%d/%Y}",
        "CURRENCY": record.currency,
        "BASECURR": company.currency,
    }
    if record.currency != company.currency and record.rate is not None:
        body["EXCHANGE_RATE"] = record.rate
    return body | {"APPYMTDETAILS": {"APPYMTDETAIL": list(_details(record.links))}}


def _details(links: Sequence[PaymentLink]) -> Iterator[Body]:
    """What each bill is paid in money, and one credit beside it at most.

    Source: developer.intacct.com/api/accounts-payable/ap-payments (a credit pays beside the payment amount)
    """
    left = [link for link in links if link.kind == "CreditNote"]
    for bill in links:
        if bill.kind != "Bill":
            continue
        fitting = next((credit for credit in left if credit.amount <= bill.amount), None)
        money = bill.amount - (fitting.amount if fitting is not None else 0)
        detail: Body = {"RECORDKEY": bill.id, **({"TRX_PAYMENTAMOUNT": money} if money else {})}
        if fitting is not None:
            left.remove(fitting)
            detail |= {"ADJUSTMENTKEY": fitting.id, "TRX_ADJUSTMENTAMOUNT": fitting.amount}
        yield detail
    if left or len({link.id for link in links}) < len(links):
        raise Refused("Sage Intacct sets each credit against one bill, and one against each: pay the rest apart")


def _adjustment(record: NewCredit, company: Company) -> Body:
    """A debit memo: an adjustment whose lines take back what bills have put on their accounts."""
    if any(line.item or not line.account for line in record.lines):
        raise Refused("Sage Intacct needs an account on each line")
    body: Body = {
        "WHENCREATED": f"{record.date:%m/%d/%Y}",
        "VENDORID": record.supplier.id,
        "RECORDID": record.id,
        "DOCNUMBER": record.number,
        "DESCRIPTION": marked(record.note, record.id, most=TEXT_MOST),
        "BASECURR": company.currency,
        "CURRENCY": record.currency,
    }
    if record.currency != company.currency and record.rate is not None:
        body["EXCHANGE_RATE"] = record.rate
    items = [
        {
            "ACCOUNTNO": line.account,
            "TRX_AMOUNT": line.net + (line.tax or ZERO),
            "ENTRYDESCRIPTION": line.description[:TEXT_MOST],
        }
        for line in record.lines
    ]
    return body | {"APADJUSTMENTITEMS": {"APADJUSTMENTITEM": items}}


def _updating(bill: Reimbursable, company: Company, taxes: Any, id: str) -> etree._Element:
    """The function that brings a bill to another state: what would create it, on its record, under its own number."""
    created = documents.create(bill, company, taxes)
    body = created[0]
    number = body.find("RECORDID")
    if number is not None:
        body.remove(number)
    body.insert(0, element("RECORDNO", id))
    function = element("update", None)
    function.append(body)
    return function


# Files


def _supdoc(id: str) -> Steps[etree._Element | None]:
    """The supporting document of a bill with its files."""
    rows = yield from query(BILL, ("RECORDNO", "SUPDOCID"), condition=condition("equalto", "RECORDNO", id))
    pointed = rows[0].get("SUPDOCID", "") if rows else ""
    if not pointed:
        return None
    found = yield from attachments.standing(pointed)
    return found


def _file(node: etree._Element) -> BillFile:
    kind = payables.text(node, "attachmenttype")
    name = payables.text(node, "attachmentname") + (f".{kind}" if kind else "")
    data = node.findtext("attachmentdata") or ""
    return BillFile(id=name, name=name, size=len(_decoded(data)) if data else None)


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError) as error:
        raise Refused("the file that Sage Intacct gave cannot be read") from error
