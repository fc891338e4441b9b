"""Neutral documents as expenses and bills of Zoho Books, and whether Zoho Books kept what was sent. Pure.

Both carry the transaction's id in texts that are kept and can be searched: the description of an expense; the number of
a bill, which Zoho Books keeps apart from every other by itself, and its notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from sandbooks.connector import (
    Adjustment,
    Company,
    Document,
    Expense,
    Line,
    Native,
    Refused,
    Reimbursable,
    Transfer,
    marked,
)

EXPENSE = "expense"
BILL = "bill"
# Source: https://www.zoho.com/books/api/v3/expenses/ (description and reference_number, at most 100 characters)
TEXT_MOST = 100
NOTES_MOST = 5000  # Unconfirmed: no length is published; a longer note would settle it
HALF_CENT = Decimal("0.005")

Kind = Literal["expense", "bill"]
Body = dict[str, Any]
RESOURCES: Mapping[Kind, str] = {"expense": "expenses", "bill": "bills"}
DATA_TYPES: Mapping[Kind, str] = {"expense": "directCosts", "bill": "bills"}


def kind_for(document: Document) -> Kind:
    """The native record that a document becomes. Raises ``Refused`` for what Zoho Books is not offered for."""
    match document:
        case Expense() if document.kind == "Payment":
            return "expense"
        case Reimbursable():
            return "bill"
        case Expense():
            raise Refused(f"a {document.kind.lower()} is not offered for Zoho Books")
        case Transfer() | Adjustment():
            raise Refused(f"{type(document).__name__.lower()}s are not offered for Zoho Books")


def id_name(kind: Kind) -> str:
    """The member that names a record of a kind."""
    return f"{kind}_id"


def native_of(kind: Kind, body: Mapping[str, Any]) -> Native:
    """A record's identity; Zoho Books has no version tokens."""
    return Native(kind=kind, id=str(body[id_name(kind)]), data_type=DATA_TYPES[kind])


def search(document: Document) -> dict[str, str]:
    """The query that finds the record of a document."""
    if kind_for(document) == "bill":
        return {"bill_number": document.id}
    return {"description_contains": document.id}


def carries(row: Mapping[str, Any], id: str) -> bool:
    """Whether a row of a list is the record written for a transaction; a voided one no longer stands."""
    if str(row.get("status")) == "void":
        return False
    return row.get("bill_number") == id or str(row.get("description") or "").rstrip().endswith(f"[{id}]")


# What is sent


def body_of(document: Document, company: Company, *, currency_id: str) -> Body:
    """The record to be sent; ``currency_id`` is empty for the home currency.

    Raises ``Refused`` for what Zoho Books cannot state, before anything is written.
    """
    match document:
        case Expense():
            body = _expense(document)
        case Reimbursable():
            body = _bill(document)
        case _:
            raise Refused(f"{type(document).__name__.lower()}s are not offered for Zoho Books")
    if currency_id:
        if document.rate is None:
            raise Refused(f"a rate is needed: the document is in {document.currency}, not in {company.currency}")
        body |= {"currency_id": currency_id, "exchange_rate": document.rate}
    return body


def _expense(document: Expense) -> Body:
    """One line is the expense itself; more are its items."""
    _check(document.lines)
    if sum((_gross(line) for line in document.lines), Decimal(0)) <= 0:
        raise Refused("Zoho Books takes no expense of nothing or less")
    inclusive = _inclusive(document.lines)
    said = " - ".join(filter(None, (document.merchant, document.notes))) or document.lines[0].description
    body: Body = {
        "paid_through_account_id": document.account.id,
        "date": document.date.isoformat(),
        "is_inclusive_tax": inclusive,
        "description": marked(said, document.id, most=TEXT_MOST),
    }
    if document.reference:
        body["reference_number"] = document.reference
    if document.contact and document.contact.id:
        body["vendor_id"] = document.contact.id
    customer, billable = _customer(document.lines)
    if customer:
        body |= {"customer_id": customer, "is_billable": billable}
    if len(document.lines) == 1:
        return body | _spent(document.lines[0], inclusive=inclusive) | _taxes(document.lines)
    items = [_item(line, number, document, inclusive=inclusive) for number, line in enumerate(document.lines)]
    return body | {"line_items": items} | _taxes(document.lines)


def _item(line: Line, number: int, document: Expense, *, inclusive: bool) -> Body:
    text = line.description or document.notes or document.merchant
    return {
        **_spent(line, inclusive=inclusive),
        "description": text[:TEXT_MOST],
        "item_order": number + 1,
    }


def _spent(line: Line, *, inclusive: bool) -> Body:
    """Account, amount, tax and tags of a line or of an expense of one line."""
    body: Body = {"account_id": line.account, "amount": _amount(line, inclusive=inclusive)}
    if line.tax_rate:
        body["tax_id"] = line.tax_rate
    tags = _tags(line)
    return body | {"tags": tags} if tags else body


def _bill(document: Reimbursable) -> Body:
    _check(document.lines)
    inclusive = _inclusive(document.lines)
    body: Body = {
        "vendor_id": document.contact.id,
        "bill_number": document.id,
        "date": document.date.isoformat(),
        "due_date": document.due.isoformat(),
        "is_inclusive_tax": inclusive,
        "is_item_level_tax_calc": True,
        "notes": marked(document.notes, document.id, most=NOTES_MOST),
        "line_items": [_bill_item(line, number, document, inclusive) for number, line in enumerate(document.lines)],
    }
    if document.reference:
        body["reference_number"] = document.reference
    return body | _taxes(document.lines)


def _bill_item(line: Line, number: int, document: Reimbursable, inclusive: bool) -> Body:
    body: Body = {
        "account_id": line.account,
        "description": line.description or document.notes or document.reference,
        "rate": _amount(line, inclusive=inclusive),
        "quantity": 1,
        "item_order": number + 1,
    }
    if line.tax_rate:
        body["tax_id"] = line.tax_rate
    if tags := _tags(line):
        body["tags"] = tags
    customer, billable = _customer((line,))
    return body | {"customer_id": customer, "is_billable": billable} if customer else body


def _check(lines: Sequence[Line]) -> None:
    """Refuse what a line of Zoho Books has no place for, rather than leave it out."""
    if not lines:
        raise Refused("Zoho Books needs at least one line")
    for line in lines:
        if line.item or not line.account:
            raise Refused("Zoho Books needs an account on each line")
        if any(ref.kind == "supplier" for ref in line.tracking):
            raise Refused("Zoho Books lines carry no supplier: the document has one")


def _customer(lines: Sequence[Line]) -> tuple[str, bool]:
    """The one customer of these lines, and whether it is billed on to. An expense has room for one."""
    invoiced = {line.invoice_to for line in lines if line.invoice_to}
    tagged = {ref.id for line in lines for ref in line.tracking if ref.kind == "customer"}
    found = invoiced | tagged
    if len(found) > 1:
        raise Refused("Zoho Books takes one customer for each expense")
    return next(iter(found), ""), bool(invoiced)


def _tags(line: Line) -> list[Body]:
    """The reporting tags of a line, from ids of the form ``{tag}-{option}``."""
    found = []
    for ref in line.tracking:
        if ref.kind != "tracking":
            continue
        tag, _, option = ref.id.partition("-")
        if not option:
            raise Refused(f"reporting tag {ref.id} is a group: choose one of its options")
        found.append({"tag_id": tag, "tag_option_id": option})
    if len({part["tag_id"] for part in found}) < len(found):
        raise Refused("Zoho Books takes one option of each reporting tag on a line")
    return found


# Tax


def _gross(line: Line) -> Decimal:
    return line.net + (line.tax or 0)


def _inclusive(lines: Sequence[Line]) -> bool:
    """Whether amounts are sent with their tax inside: then what was paid stands whatever the platform makes of the tax.

    Not where the tax of a line is left to the platform.
    """
    taxed = [line for line in lines if line.tax_rate]
    return bool(taxed) and all(line.tax is not None for line in taxed)


def _amount(line: Line, *, inclusive: bool) -> Decimal:
    """What is typed as the line's amount; a tax without a tax rate is no tax of the books, but part of the cost."""
    return _gross(line) if inclusive or not line.tax_rate else line.net


def _taxes(lines: Sequence[Line]) -> Body:
    """The amounts of tax as they were given, by tax. Source: https://www.zoho.com/books/api/v3/expenses/ (taxes)."""
    if not _inclusive(lines):
        return {}
    amounts: dict[str, Decimal] = {}
    for line in lines:
        if line.tax_rate:
            amounts[line.tax_rate] = amounts.get(line.tax_rate, Decimal(0)) + (line.tax or 0)
    return {"taxes": [{"tax_id": id, "tax_amount": amount} for id, amount in amounts.items()]}


# Changes


def changed(kind: Kind, body: Body, document: Document, stands: Mapping[str, Any]) -> Body:
    """The body that brings what stands to what is sent: items kept by position, what a line no longer has emptied."""
    standing = stands.get("line_items") or []
    itemised = kind == BILL or "line_items" in body or stands.get("is_itemized_expense") is True
    if not itemised:
        return {"tax_id": "", "tags": [], **_no_customer(stands), **body}
    items = body.get("line_items")
    if items is None and isinstance(document, Expense):
        inclusive = _inclusive(document.lines)
        items = [_item(document.lines[0], 0, document, inclusive=inclusive)]
        body = {name: value for name, value in body.items() if name not in ("account_id", "amount", "tax_id", "tags")}
    changed = [_changed(item, standing[number : number + 1]) for number, item in enumerate(items or ())]
    return {**({} if kind == BILL else _no_customer(stands)), **body, "line_items": changed}


def _changed(item: Body, standing: Sequence[Mapping[str, Any]]) -> Body:
    """An item over the one that stands in its place, if any."""
    if not standing:
        return item
    stands = standing[0]
    kept = {"line_item_id": stands["line_item_id"]} if stands.get("line_item_id") else {}
    return {"tax_id": "", "tags": [], **_no_customer(stands), **item, **kept}


def _no_customer(stands: Mapping[str, Any]) -> Body:
    """What takes away a customer that stands; a new one is said after it."""
    return {"customer_id": "", "is_billable": False} if stands.get("customer_id") else {}


# What came back


def differences(document: Document, sent: Mapping[str, Any], stands: Mapping[str, Any]) -> Iterator[str]:
    """In words for the customer, what Zoho Books did not keep of what was sent. What an answer lacks is not judged."""
    for name in ("date", "due_date", "paid_through_account_id", "vendor_id", "bill_number", "currency_id"):
        if name in sent and stands.get(name) and str(stands[name]) != str(sent[name]):
            yield f"{name} is {stands[name]} instead of {sent[name]}"
    rate = stands.get("exchange_rate")
    if "exchange_rate" in sent and rate and _decimal(rate) != sent["exchange_rate"]:
        yield f"exchange_rate is {rate} instead of {sent['exchange_rate']}"
    if isinstance(document, Expense | Reimbursable):
        yield from _other_amounts(document.lines, stands)


def _other_amounts(lines: Sequence[Line], stands: Mapping[str, Any]) -> Iterator[str]:
    """The total to the cent; the tax as near as a platform that computes it by itself can come."""
    if any(line.tax_rate and line.tax is None for line in lines):
        return
    gross = sum((_gross(line) for line in lines), Decimal(0))
    if stands.get("total") is not None and _decimal(stands["total"]) != gross:
        yield f"total is {stands['total']} instead of {gross}"
    taxed = [line for line in lines if line.tax_rate]
    tax = sum((line.tax or Decimal(0) for line in taxed), Decimal(0))
    shown = _tax_of(stands)
    if taxed and shown is not None and abs(shown - tax) > HALF_CENT * len(taxed):
        yield f"the tax is {shown} instead of {tax}"


def _tax_of(stands: Mapping[str, Any]) -> Decimal | None:
    """The tax of a record, wherever its answer shows it."""
    for name in ("tax_total", "tax_amount"):
        if stands.get(name):
            return _decimal(stands[name])
    rows = stands.get("taxes")
    if isinstance(rows, list) and rows:
        return sum((_decimal(row.get("tax_amount")) for row in rows), Decimal(0))
    total, net = stands.get("total"), stands.get("sub_total")
    return _decimal(total) - _decimal(net) if total is not None and net is not None else None


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value or 0))
