"""Bills of FreeAgent and the money that pays them: a payment is an explanation of a bank transaction for one bill.

Source: dev.freeagent.com/docs/bills, /bank_transaction_explanations, /attachments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.connector import Company, Consent, Done, Native, Refused, Request, Steps, ask, marked, plain
from sandbooks.payables import (
    Bill,
    BillFile,
    BillLine,
    BillPayment,
    NewPayment,
    PaymentLink,
    RecordKind,
    ThroughReimbursables,
    day_of,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.freeagent.connector.calls import delete, paged, read, tail, write
from sandbooks.platforms.freeagent.connector.documents import BILL, EXPLANATION, TEXT_MOST, Place, carries, differences

EXPLANATIONS = "bank_transaction_explanations"
CENT = Decimal("0.01")
LOOK_UP_DAYS = 31

Body = Mapping[str, Any]


class FreeAgentBills(ThroughReimbursables):
    """The payables side of the connector."""

    title = "FreeAgent"
    offers: frozenset[str] = frozenset()

    def native(self, kind: RecordKind, id: str) -> Native:
        if kind == "bill":
            return Native(kind=BILL, id=id, data_type="bills")
        return Native(kind=EXPLANATION, id=id, data_type="billPayments")

    # Reads

    def bills(self, consent: Consent, company: Company) -> Steps[Sequence[Bill]]:
        found = yield from paged("bills", query={"nested_bill_items": "true"})
        return [_bill(body, company) for body in found]

    def bill(self, id: str, consent: Consent, company: Company) -> Steps[Bill | None]:
        body = yield from _one("bills", BILL, id)
        return None if body is None else _bill(body, company)

    def payments(self, consent: Consent, company: Company) -> Steps[Sequence[BillPayment]]:
        found: list[BillPayment] = []
        for account in (yield from paged("bank_accounts")):
            rows = yield from paged(EXPLANATIONS, query={"bank_account": str(account["url"])})
            paid = [body for body in rows if body.get("paid_bill")]
            found += [_payment(body, str(account.get("currency") or company.currency), company) for body in paid]
        return found

    def payment(self, id: str, consent: Consent, company: Company) -> Steps[BillPayment | None]:
        body = yield from _one(EXPLANATIONS, EXPLANATION, id)
        if body is None or not body.get("paid_bill"):
            return None
        account = yield from _one("bank_accounts", "bank_account", tail(body["bank_account"]))
        return _payment(body, str((account or {}).get("currency") or company.currency), company)

    # Payments

    def pay(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done]:
        body = _explanation(record, Place.of(consent, company))
        made = yield from write(
            "POST", EXPLANATIONS, EXPLANATION, body, purpose=f"create {EXPLANATION}", reference=record.id
        )
        return Done(native=self.native("payment", tail(made["url"])))

    def find_payment(self, record: NewPayment, consent: Consent, company: Company) -> Steps[Done | None]:
        for body in (yield from _carrying(record, Place.of(consent, company))):
            return Done(native=self.native("payment", tail(body["url"])), found=True)
        return None

    def take_back_payments(
        self, record: NewPayment, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        sent = _explanation(record, Place.of(consent, company))
        gone: list[str] = []
        for body in (yield from _carrying(record, Place.of(consent, company))):
            id = tail(body["url"])
            if id != native.id and not list(differences(sent, body)):
                yield from delete(f"{EXPLANATIONS}/{id}", purpose="take back payment", reference=record.id)
                if body.get("bank_transaction"):
                    path = f"bank_transactions/{tail(body['bank_transaction'])}"
                    yield from delete(path, purpose="take back bank transaction", reference=record.id)
                gone.append(id)
        return gone

    # Files

    def files(self, id: str, consent: Consent) -> Steps[Sequence[BillFile]]:
        body = yield from read(f"bills/{id}", BILL, purpose=f"read the attachment of {id}")
        return [_file(row) for row in _attachments(body)]

    def content(self, id: str, file: BillFile, consent: Consent) -> Steps[bytes]:
        body = yield from read(f"attachments/{file.id}", "attachment", purpose=f"ask where {file.name} lies")
        request = Request("GET", str(body["content_src"]), purpose=f"read {file.name}", base="link", signed=False)
        response = yield from ask(request)
        if response.status != 200:
            raise Refused(f"FreeAgent gives no file {file.name}", status=response.status)
        return response.body


def _carrying(record: NewPayment, place: Place) -> Steps[list[dict[str, Any]]]:
    """The explanations of its bank account, near its date, that carry a payment's id."""
    first, last = (record.date + timedelta(days=days) for days in (-LOOK_UP_DAYS, LOOK_UP_DAYS))
    account = place.url("bank_accounts", record.account.id if record.account else "")
    query = {"bank_account": account, "from_date": first.isoformat(), "to_date": last.isoformat()}
    found = yield from paged(EXPLANATIONS, query=query, reference=record.id)
    return [body for body in found if carries(body, record.id)]


def _one(resource: str, root: str, id: str) -> Steps[dict[str, Any] | None]:
    """A record by its id, None when there is none."""
    if not id.isdigit():
        return None
    try:
        body = yield from read(f"{resource}/{id}", root, purpose=f"read {root} {id}")
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    return body


def _explanation(record: NewPayment, place: Place) -> dict[str, Any]:
    """Money out is negative, in the bank account's currency; a bill in another is told what it was paid in its own."""
    if record.account is None:
        raise Refused("FreeAgent needs a bank account that the payment leaves")
    if len(record.links) != 1 or record.links[0].kind != "Bill":
        raise Refused("FreeAgent takes one bill for each payment")
    amount = record.links[0].amount
    body: dict[str, Any] = {
        "bank_account": place.url("bank_accounts", record.account.id),
        "paid_bill": place.url("bills", record.links[0].id),
        "dated_on": record.date.isoformat(),
        "description": marked(record.reference or record.note, record.id, most=TEXT_MOST),
    }
    if record.account.currency == record.currency:
        return {**body, "gross_value": plain(-amount)}
    if record.rate is None or record.account.currency != place.company.currency:
        raise Refused(f"a rate is needed: the bill is in {record.currency}, the account in {record.account.currency}")
    value = (amount * record.rate).quantize(CENT, "ROUND_HALF_UP")
    return {**body, "gross_value": plain(-value), "foreign_currency_value": plain(-amount)}


def _bill(body: Body, company: Company) -> Bill:
    total, open = number_of(body.get("total_value")), number_of(body.get("due_value"))
    currency = str(body.get("currency") or company.currency)
    rate = number_of(body.get("exchange_rate")) if currency != company.currency else None
    return Bill(
        id=tail(body["url"]),
        supplier=tail(body.get("contact")),
        supplier_name=str(body.get("contact_name") or ""),
        date=day_of(body, "dated_on"),
        due=day_of(body, "due_on"),
        currency=currency,
        rate=rate or None,
        reference=unmarked(str(body.get("reference") or "")),
        note=str(body.get("comments") or ""),
        status=status_of(total, open),
        total=total,
        open=open,
        tax=abs(number_of(body.get("sales_tax_value"))),
        lines=tuple(_line(item) for item in body.get("bill_items") or ()),
        updated=_instant(body.get("updated_at")),
    )


def _line(item: Body) -> BillLine:
    gross, tax = number_of(item.get("total_value")), abs(number_of(item.get("sales_tax_value")))
    return BillLine(
        net=gross - tax,
        tax=tax,
        unit=gross - tax,
        description=str(item.get("description") or ""),
        account=tail(item.get("category")),
    )


def _payment(body: Body, account_currency: str, company: Company) -> BillPayment:
    value = abs(number_of(body.get("gross_value")))
    foreign = abs(number_of(body.get("foreign_currency_value")))
    amount = foreign or value
    link = PaymentLink(kind="Bill", id=tail(body["paid_bill"]), amount=amount)
    on = date.fromisoformat(str(body["dated_on"]))
    return BillPayment(
        id=tail(body["url"]),
        date=on,
        currency=account_currency,
        total=value,
        rate=(value / foreign).quantize(Decimal("1e-9")).normalize() if foreign else None,
        account=tail(body.get("bank_account")),
        reference=unmarked(str(body.get("description") or "")),
        links=(link,),
        updated=_instant(body.get("updated_at")),
    )


def _attachments(body: Body) -> list[Body]:
    several: list[Body] = [row for row in body.get("attachments") or () if isinstance(row, dict)]
    one = body.get("attachment")
    return several or ([one] if isinstance(one, dict) and one.get("url") else [])


def _file(row: Body) -> BillFile:
    return BillFile(
        id=tail(row["url"]),
        name=str(row.get("file_name") or ""),
        content_type=str(row.get("content_type") or "application/octet-stream"),
        size=int(row["file_size"]) if row.get("file_size") is not None else None,
    )


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
