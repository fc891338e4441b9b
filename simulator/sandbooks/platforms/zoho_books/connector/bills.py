"""Bills of Zoho Books, the vendor payments that settle them, and vendor credits, which are set against bills.

Source: https://www.zoho.com/books/api/v3/bills/, /vendor-payments/, /vendor-credits/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sandbooks.connector import Company, Consent, Done, Native, Refused, Request, Steps, TrackingRef, ask, marked
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillFile,
    BillLine,
    BillPayment,
    CreditStatus,
    NewPayment,
    PaymentLink,
    RecordKind,
    Settlement,
    ThroughReimbursables,
    day_of,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.zoho_books.connector import reading, vendor_credits
from sandbooks.platforms.zoho_books.connector.calls import ACCEPT, act, address, one, paged, read, write
from sandbooks.platforms.zoho_books.connector.documents import carries

PAYMENT = "vendorpayment"
CENT = Decimal("0.01")
TEXT_MOST = 500

Body = Mapping[str, Any]


class ZohoBooksBills(ThroughReimbursables):
    """The payables side of the connector."""

    title = "Zoho Books"
    offers: frozenset[str] = frozenset(("credits", "credit_use", "many", "on_account"))

    def native(self, kind: RecordKind, id: str) -> Native:
        if kind == "bill":
            return Native(kind="bill", id=id, data_type="bills")
        if kind == "credit":
            return Native(kind=vendor_credits.KIND, id=id, data_type="billCreditNotes")
        return Native(kind=PAYMENT, id=id, data_type="billPayments")

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        """Every bill; a list leaves lines out, so each is read by itself."""
        found: list[Bill] = []
        for row in (yield from paged(consent, "bills", "bill_id")):
            body = yield from one(consent, "bills", "bill", str(row["bill_id"]))
            found += [_bill(body, company)] if body is not None else []
        return found

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        body = yield from one(consent, "bills", "bill", id)
        return None if body is None else _bill(body, company)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found: list[BillPayment] = []
        for row in (yield from paged(consent, "vendorpayments", "payment_id")):
            body = yield from one(consent, "vendorpayments", PAYMENT, str(row["payment_id"]))
            found += [_payment(body, company)] if body is not None else []
        return found

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        body = yield from one(consent, "vendorpayments", PAYMENT, id)
        return None if body is None else _payment(body, company)

    def credits(self, consent: Consent, company: Company) -> Steps[Sequence[BillCredit]]:
        found: list[BillCredit] = []
        for row in (yield from paged(consent, "vendorcredits", "vendor_credit_id", root="vendor_credits")):
            body = yield from one(consent, "vendorcredits", vendor_credits.ROOT, str(row["vendor_credit_id"]))
            found += [_credit(body, company)] if body is not None else []
        return found

    def credit(self, id: str, consent: Consent, company: Company) -> Steps[BillCredit | None]:
        body = yield from one(consent, "vendorcredits", vendor_credits.ROOT, id)
        return None if body is None else _credit(body, company)

    # Payments

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        if vendor_credits.used_by(record):
            done = yield from vendor_credits.apply(record, consent)
            return done
        body = _vendor_payment(record, company)
        made = yield from write(
            "POST",
            consent,
            "vendorpayments",
            body,
            root=PAYMENT,
            id="payment_id",
            purpose="create vendor payment",
            reference=record.id,
        )
        return Done(native=self.native("payment", str(made["payment_id"])))

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        if vendor_credits.used_by(record):
            done = yield from vendor_credits.find(record, consent)
            return done
        query = {"description_contains": record.id}
        rows = yield from paged(consent, "vendorpayments", "payment_id", query=query, reference=record.id)
        for row in rows:
            if carries(row, record.id):
                return Done(native=self.native("payment", str(row["payment_id"])), found=True)
        return None

    def take_back_payments(
        self, record: NewPayment, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        if vendor_credits.used_by(record):
            return ()
        query = {"description_contains": record.id}
        rows = yield from paged(consent, "vendorpayments", "payment_id", query=query, reference=record.id)
        ids = [str(row["payment_id"]) for row in rows if carries(row, record.id)]
        gone = [id for id in ids if id != native.id] if native.id in ids else []
        for id in gone:
            path = f"vendorpayments/{id}"
            yield from act("DELETE", consent, path, purpose="take back vendorpayment", reference=record.id)
        return gone

    # Files

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        body = yield from read(consent, f"bills/{id}", "bill", purpose=f"read the attachments of {id}")
        rows = [row for row in body.get("documents") or () if isinstance(row, dict)]
        return [_file(row) for row in rows]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        request = Request(
            "GET", address(consent, f"bills/{id}/attachment"), purpose=f"read {file.name}", headers=(ACCEPT,)
        )
        response = yield from ask(request)
        if response.status != 200:
            raise Refused(f"Zoho Books gives no file {file.name}", status=response.status)
        return response.body


def _vendor_payment(record: NewPayment, company: Company) -> dict[str, Any]:
    if record.account is None:
        raise Refused("Zoho Books needs an account that the payment leaves")
    if any(link.kind not in ("Bill", "PaymentOnAccount") for link in record.links):
        raise Refused("Zoho Books takes bills and payments on account here")
    body: dict[str, Any] = {
        "vendor_id": record.supplier,
        "date": record.date.isoformat(),
        "amount": record.total,
        "paid_through_account_id": record.account.id,
        "payment_mode": record.method or ("Credit Card" if record.account.pays == "card" else "Bank Transfer"),
        "reference_number": record.reference,
        "description": marked(record.note, record.id, most=TEXT_MOST),
        "bills": [{"bill_id": link.id, "amount_applied": link.amount} for link in record.links if link.kind == "Bill"],
    }
    if record.currency != company.currency and record.rate is not None:
        body["exchange_rate"] = record.rate
    return body


def _bill(body: Body, company: Company) -> Bill:
    total, open = number_of(body.get("total")), number_of(body.get("balance"))
    currency = str(body.get("currency_code") or company.currency)
    status = str(body.get("status") or "")
    return Bill(
        id=str(body["bill_id"]),
        supplier=str(body.get("vendor_id") or ""),
        supplier_name=str(body.get("vendor_name") or ""),
        date=day_of(body, "date"),
        due=day_of(body, "due_date" if body.get("due_date") else "date"),
        currency=currency,
        rate=_rate(body, currency, company),
        reference=_reference(body),
        note=unmarked(str(body.get("notes") or "")),
        status=status_of(total, open, draft=status == "draft", void=status == "void"),
        total=total,
        open=open,
        tax=number_of(body.get("tax_total")),
        lines=_lines(body),
        settled=_credited(body),
        updated=_instant(body),
        active=status != "void",
    )


def _credit(body: Body, company: Company) -> BillCredit:
    total, left = number_of(body.get("total")), number_of(body.get("balance"))
    currency = str(body.get("currency_code") or company.currency)
    states: Mapping[str, CreditStatus] = {"draft": "Draft", "void": "Void", "pending_approval": "Draft"}
    used: CreditStatus = "Paid" if left <= 0 else "Submitted" if left >= total else "PartiallyPaid"
    status = states.get(str(body.get("status") or ""), used)
    return BillCredit(
        id=str(body["vendor_credit_id"]),
        supplier=str(body.get("vendor_id") or ""),
        supplier_name=str(body.get("vendor_name") or ""),
        date=day_of(body, "date"),
        currency=currency,
        rate=_rate(body, currency, company),
        number=str(body.get("vendor_credit_number") or ""),
        note=str(body.get("notes") or ""),
        status=status,
        total=total,
        remaining=total if status == "Draft" else left,
        tax=number_of(body.get("tax_total")),
        lines=_lines(body),
        settled=tuple(
            Settlement(
                id=str(row.get("vendor_credit_bill_id") or ""), amount=number_of(row.get("amount")), kind="credit"
            )
            for row in body.get("bills_credited") or ()
        ),
        updated=_instant(body),
        active=status != "Void",
    )


def _credited(body: Body) -> tuple[Settlement, ...]:
    """What vendor credits have settled of a bill; payments are read by themselves."""
    return tuple(
        Settlement(
            id=str(row.get("vendor_credit_bill_id") or ""),
            amount=number_of(row.get("amount")),
            date=day_of(row, "date") if row.get("date") else None,
            kind="credit",
        )
        for row in body.get("vendor_credits") or ()
    )


def _reference(body: Body) -> str:
    """The supplier's number: the hub's own id stands in its place on bills that the hub has written."""
    number = str(body.get("bill_number") or "")
    try:
        UUID(number)
    except ValueError:
        return number
    return str(body.get("reference_number") or "")


def _rate(body: Body, currency: str, company: Company) -> Decimal | None:
    return None if currency == company.currency else number_of(body.get("exchange_rate")) or None


def _lines(body: Body) -> tuple[BillLine, ...]:
    """The lines; of tax Zoho Books tells the total and each line's rate, so the last taxed line takes what is left."""
    items = list(body.get("line_items") or ())
    inclusive = bool(body.get("is_inclusive_tax"))
    nets, taxes = [], []
    for item in items:
        amount, percent = number_of(item.get("item_total")), number_of(item.get("tax_percentage"))
        whole = number_of(item.get("rate")) * (number_of(item.get("quantity")) or 1)
        nets.append((whole * 100 / (100 + percent)).quantize(CENT, "ROUND_HALF_UP") if inclusive else amount)
        taxes.append((nets[-1] * percent / 100).quantize(CENT, "ROUND_HALF_UP"))
    taxed = [place for place, tax in enumerate(taxes) if tax]
    if taxed:
        left = number_of(body.get("tax_total")) - sum(taxes, ZERO)
        taxes[taxed[-1]] += left
        nets[taxed[-1]] -= left if inclusive else ZERO
    return tuple(_line(item, net, tax) for item, net, tax in zip(items, nets, taxes, strict=True))


def _line(item: Body, net: Decimal, tax: Decimal) -> BillLine:
    quantity = number_of(item.get("quantity")) or Decimal(1)
    tags = [
        TrackingRef(id=f"{tag['tag_id']}-{tag['tag_option_id']}")
        for tag in item.get("tags") or ()
        if tag.get("tag_option_id")
    ]
    if item.get("customer_id"):
        tags.append(TrackingRef(id=str(item["customer_id"]), kind="customer"))
    return BillLine(
        net=net,
        tax=tax,
        quantity=quantity,
        unit=net / quantity,
        description=str(item.get("description") or ""),
        account=str(item.get("account_id") or ""),
        item=str(item.get("item_id") or ""),
        tax_rate=str(item.get("tax_id") or ""),
        tracking=tuple(tags),
        billable=item.get("is_billable") is True,
    )


def _payment(body: Body, company: Company) -> BillPayment:
    currency = str(body.get("currency_code") or company.currency)
    supplier = str(body.get("vendor_id") or "")
    links = [
        PaymentLink(kind="Bill", id=str(row["bill_id"]), amount=number_of(row.get("amount_applied")))
        for row in body.get("bills") or ()
    ]
    left = number_of(body.get("amount")) - sum((link.amount for link in links), ZERO)
    if left > 0:
        links.append(PaymentLink(kind="PaymentOnAccount", id=supplier, amount=left))
    return BillPayment(
        id=str(body["payment_id"]),
        date=day_of(body, "date"),
        currency=currency,
        rate=_rate(body, currency, company),
        total=number_of(body.get("amount")),
        account=str(body.get("paid_through_account_id") or ""),
        supplier=supplier,
        supplier_name=str(body.get("vendor_name") or ""),
        reference=str(body.get("reference_number") or ""),
        note=unmarked(str(body.get("description") or "")),
        method="",
        links=tuple(links),
        updated=_instant(body),
    )


def _file(row: Body) -> BillFile:
    name = str(row.get("file_name") or "")
    size = str(row.get("file_size") or "")
    return BillFile(
        id=str(row.get("document_id") or name),
        name=name,
        size=int(size) if size.isdigit() else None,
    )


def _instant(body: Body) -> datetime | None:
    return reading.instant(body.get("last_modified_time"))
