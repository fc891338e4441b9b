"""Neutral documents as FreeAgent records, and whether FreeAgent kept what was sent. Pure.

Every record carries the transaction's id in a text that FreeAgent keeps: the description of an explanation, the
receipt reference of a transfer (whose description FreeAgent writes itself), the reference of a bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
    Company,
    Consent,
    Document,
    Expense,
    Line,
    Native,
    Refused,
    Reimbursable,
    Transfer,
    marked,
    plain,
)
from sandbooks.platforms.freeagent.connector.calls import tail
from sandbooks.platforms.freeagent.connector.reading import REGISTRATION

EXPLANATION = "bank_transaction_explanation"
BILL = "bill"
TEXT_MOST = 255  # Unconfirmed: the length of a description; a create with a longer one would settle it
BILL_ITEMS_MOST = 40  # Source: dev.freeagent.com/docs/bills, bill_items
CENT = Decimal("0.01")

Kind = Literal["bank_transaction_explanation", "bill"]
Body = dict[str, Any]


class Place(Struct, frozen=True):
    """The company whose books are written to, and the address that its records are named under."""

    base: str
    company: Company

    @staticmethod
    def of(consent: Consent, company: Company) -> Place:
        return Place(consent.facts.get("base") or "https://api.freeagent.com", company)

    def url(self, resource: str, id: str) -> str:
        """The URL that stands for a record."""
        return f"{self.base}/v2/{resource}/{id}"

    @property
    def reclaims_tax(self) -> bool:
        """Whether tax is booked apart: not in a company that is not registered for it."""
        return self.company.facts.get(REGISTRATION, "Registered") == "Registered"


def kind_for(document: Document) -> Kind:
    """The native record that a document becomes. Raises ``Refused`` for what FreeAgent is not offered for."""
    match document:
        case Expense() if document.kind != "Payment":
            raise Refused(f"a {document.kind.lower()} is not offered for FreeAgent")
        case Expense() | Transfer():
            return "bank_transaction_explanation"
        case Reimbursable():
            return "bill"
        case Adjustment():
            raise Refused("adjustments are not offered for FreeAgent")


def native_of(document: Document, body: Mapping[str, Any]) -> Native:
    """A record's identity; that of a transfer is its receiving side. Source: docs.codat.io, FreeAgent integration."""
    match document:
        case Transfer():
            linked = body.get("linked_transfer_explanation") or body["url"]
            return Native(kind=EXPLANATION, id=tail(linked), data_type="transfers")
        case Reimbursable():
            return Native(kind=BILL, id=tail(body["url"]), data_type="bills")
        case _:
            return Native(kind=EXPLANATION, id=tail(body["url"]), data_type="directCosts")


def carries(body: Mapping[str, Any], id: str) -> bool:
    """Whether a record is the one written for a transaction."""
    texts = (str(body.get(name) or "").rstrip() for name in ("description", "receipt_reference", "reference"))
    return any(text.endswith(f"[{id}]") for text in texts)


def body_of(document: Document, place: Place) -> Body:
    """The record to be sent. Raises ``Refused`` for what FreeAgent cannot state, before anything is written."""
    match document:
        case Expense():
            return _explanation(document, place)
        case Transfer():
            return _transfer(document, place)
        case Reimbursable():
            return _bill(document, place)
        case Adjustment():
            raise Refused("adjustments are not offered for FreeAgent")


def _explanation(document: Expense, place: Place) -> Body:
    """Money out is negative; an explanation has one category and the currency of its bank account."""
    if document.currency != document.account.currency:
        raise Refused(f"FreeAgent books in the bank account's currency, {document.account.currency}")
    if len(document.lines) != 1:
        raise Refused("FreeAgent takes one line for each expense")
    text = " - ".join(filter(None, (document.merchant, document.notes)))
    if not text:
        raise Refused("FreeAgent needs a note")
    line = document.lines[0]
    _check_line(line)
    gross = line.net + (line.tax or 0)
    if gross <= 0:
        raise Refused("FreeAgent takes no payment of nothing or less")
    return {
        "bank_account": place.url("bank_accounts", document.account.id),
        "category": place.url("categories", line.account),
        "dated_on": document.date.isoformat(),
        "description": marked(text, document.id, most=TEXT_MOST),
        "gross_value": plain(-_cents(gross)),
        **_tax(line, place),
    }


def _cents(amount: Decimal) -> Decimal:
    """The amount at the two decimals that FreeAgent keeps; one that has more would be changed on the way."""
    rounded = amount.quantize(CENT)
    if rounded != amount:
        raise Refused(f"FreeAgent keeps two decimals: {amount} cannot be booked")
    return rounded


def _check_line(line: Line) -> None:
    """Refuse what a line of FreeAgent has no place for, rather than leave it out."""
    if line.tracking or line.invoice_to:
        raise Refused("FreeAgent lines carry no tracking and no customer")
    if line.item or not line.account:
        raise Refused("FreeAgent needs a category on each line")


def _tax(line: Line, place: Place, rate: Decimal | None = None) -> Body:
    """The tax as an amount, which wins over any rate; without one the category decides.

    ``rate`` turns it into the company's currency. Source: dev.freeagent.com/docs/sales_tax
    """
    if line.tax is None or not place.reclaims_tax:
        return {}
    amount = line.tax if rate is None else (line.tax * rate).quantize(CENT, "ROUND_HALF_UP")
    return {"manual_sales_tax_amount": plain(_cents(amount))}


def _transfer(document: Transfer, place: Place) -> Body:
    """The paying side; FreeAgent makes the receiving one itself.

    Unconfirmed: that a transfer keeps its receipt reference; creating one on a live company would settle it.
    """
    source, target = document.source, document.target
    if source.currency != target.currency or source.amount != target.amount:
        raise Refused("FreeAgent transfers one amount between two bank accounts of one currency")
    if not source.pays or not target.pays:
        raise Refused("FreeAgent transfers money between bank accounts only")
    return {
        "bank_account": place.url("bank_accounts", source.account),
        "transfer_bank_account": place.url("bank_accounts", target.account),
        "dated_on": document.date.isoformat(),
        "gross_value": plain(-_cents(source.amount)),
        "description": marked(document.description, document.id, most=TEXT_MOST),
        "receipt_reference": marked("", document.id, most=TEXT_MOST),
    }


def _bill(document: Reimbursable, place: Place) -> Body:
    if len(document.lines) > BILL_ITEMS_MOST:
        raise Refused(f"FreeAgent takes {BILL_ITEMS_MOST} lines for each bill")
    foreign = document.currency != place.company.currency
    if foreign and document.rate is None:
        raise Refused(f"a rate is needed: the bill is in {document.currency}")
    body: Body = {
        "contact": place.url("contacts", document.contact.id),
        "reference": marked(document.reference, document.id, most=TEXT_MOST),
        "dated_on": document.date.isoformat(),
        "due_on": document.due.isoformat(),
        "currency": document.currency,
        "input_total_values_inc_tax": True,
        "bill_items": [
            _bill_item(line, document, place, document.rate if foreign else None) for line in document.lines
        ],
    }
    if foreign and document.rate is not None:
        body["exchange_rate"] = plain(document.rate)
    if document.notes:
        body["comments"] = document.notes
    return body


def _bill_item(line: Line, document: Reimbursable, place: Place, rate: Decimal | None) -> Body:
    _check_line(line)
    text = line.description or document.notes or document.reference or "Expenses"
    return {
        "category": place.url("categories", line.account),
        "description": text[:TEXT_MOST],
        "total_value": plain(_cents(line.net + (line.tax or 0))),
        **_tax(line, place, rate),
    }


# Changes


def changed_items(sent: Sequence[Body], stands: Sequence[Mapping[str, Any]]) -> list[Body]:
    """Bill items that bring those that stand to those that are sent: kept by position, the rest added or removed."""
    items: list[Body] = []
    for number, item in enumerate(sent):
        asked = item if "manual_sales_tax_amount" in item else {**item, "sales_tax_rate": "Auto"}
        items.append({"url": stands[number]["url"], **asked} if number < len(stands) else item)
    return items + [{"url": item["url"], "_destroy": 1} for item in stands[len(sent) :]]


# What came back


def differences(sent: Mapping[str, Any], stands: Mapping[str, Any]) -> Iterator[str]:
    """In words for the customer, what FreeAgent did not keep of what was sent."""
    for name in ("bank_account", "category", "contact"):
        if name in sent and stands.get(name) and tail(sent[name]) != tail(stands[name]):
            yield f"{name} is {tail(stands[name])} instead of {tail(sent[name])}"
    for name in ("dated_on", "due_on", "currency"):
        if name in sent and stands.get(name) not in (None, sent[name]):
            yield f"{name} is {stands[name]} instead of {sent[name]}"
    if "gross_value" in sent and _decimal(stands.get("gross_value")) != _decimal(sent["gross_value"]):
        yield f"gross_value is {stands.get('gross_value')} instead of {sent['gross_value']}"
    tax = stands.get("sales_tax_value")
    # The sign of the tax follows the value in some answers and not in others.
    typed = abs(_decimal(sent.get("manual_sales_tax_amount")))
    if "manual_sales_tax_amount" in sent and tax is not None and abs(_decimal(tax)) != typed:
        yield f"sales_tax_value is {tax} instead of {typed}"
    if "bill_items" in sent and stands.get("total_value") is not None:
        total = sum((_decimal(item["total_value"]) for item in sent["bill_items"]), Decimal(0))
        if abs(_decimal(stands["total_value"])) != abs(total):
            yield f"total_value is {stands['total_value']} instead of {plain(total)}"


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))
