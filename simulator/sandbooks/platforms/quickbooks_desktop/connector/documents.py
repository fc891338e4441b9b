"""Neutral documents as QuickBooks Desktop transactions. Pure.

Every transaction carries the hub's id of it in its memo, a journal in the memo of each line, where people see it.
Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths, editions); which transaction
a payment becomes: https://docs.codat.io/updates/240404-expenses-qbd.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from lxml import etree

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Company,
    Document,
    Expense,
    Line,
    Native,
    Refused,
    Reimbursable,
    TrackingRef,
    Transfer,
    marked,
    plain,
)
from sandbooks.payables import NewPayment
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import Part, ref, text_of

MEMO_MOST = 4095
NUMBER_MOST = 11
BILL_NUMBER_MOST = 20
CENT = Decimal("0.01")

Kind = Literal["Check", "CreditCardCharge", "CreditCardCredit", "Bill", "Transfer", "JournalEntry"]
DATA_TYPES: Mapping[str, str] = {
    "Check": "directCosts",
    "CreditCardCharge": "directCosts",
    "CreditCardCredit": "directIncomes",
    "Bill": "bills",
    "Transfer": "transfers",
    "JournalEntry": "journalEntries",
}
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def kind_for(document: Document) -> Kind:
    """The native transaction that a document becomes. Raises ``Refused`` for what QuickBooks is not offered for."""
    match document:
        case Expense():
            card = document.account.pays == "card"
            if document.kind == "Payment":
                return "CreditCardCharge" if card else "Check"
            if not card:
                raise Refused(f"a {document.kind} is offered for credit card accounts of QuickBooks Desktop only")
            return "CreditCardCredit"
        case Reimbursable():
            return "Bill"
        case Transfer():
            return "Transfer"
        case Adjustment():
            return "JournalEntry"


def native_of(kind: str, record: etree._Element) -> Native:
    """A transaction's identity and its version token."""
    version = text_of(record, "EditSequence")
    return Native(kind=kind, id=text_of(record, "TxnID"), version=version, data_type=DATA_TYPES[kind])


def carries(record: etree._Element, id: str) -> bool:
    """Whether a transaction says that it is the hub's one of this id."""
    mark = f"[{id}]"
    return any(mark in "".join(map(str, memo.itertext())) for memo in record.iter("Memo"))


def add(document: Document, company: Company) -> list[Part]:
    """The content of an Add. Raises ``Refused`` for what QuickBooks cannot state, before anything is written."""
    _check(document)
    return list(_content(document, company, verb="Add", standing=None))


def modify(document: Document, company: Company, standing: etree._Element) -> list[Part]:
    """The content of a Mod of what stands: our own elements, lines as a whole, on the version that was read."""
    _check(document)
    head: list[Part] = [("TxnID", text_of(standing, "TxnID")), ("EditSequence", text_of(standing, "EditSequence"))]
    return [*head, *_content(document, company, verb="Mod", standing=standing)]


def _check(document: Document) -> None:
    kind_for(document)
    lines = document.lines if isinstance(document, Expense | Reimbursable) else ()
    if lines and sum((line.net + (line.tax or 0) for line in lines), Decimal(0)) <= 0:
        raise Refused("QuickBooks takes no transaction of nothing or less")


def _content(document: Document, company: Company, *, verb: str, standing: etree._Element | None) -> Iterator[Part]:
    match document:
        case Expense():
            yield from _expense(document, company, verb=verb)
            yield from lines(document, company, verb=verb, standing=standing)
        case Reimbursable():
            yield from bill(document, company, verb=verb)
            yield from lines(document, company, verb=verb, standing=standing)
        case Transfer():
            yield from _transfer(document)
        case Adjustment():
            yield from _journal(document, company, verb=verb)


def _expense(document: Expense, company: Company, *, verb: str) -> Iterator[Part]:
    number: Part = ("RefNumber", document.reference[:NUMBER_MOST] or None)
    day: Part = ("TxnDate", document.date.isoformat())
    yield ref("AccountRef", document.account.id)
    payee = _payee(document)
    # An empty reference clears what stands; in an Add there is nothing to clear.
    yield ref("PayeeEntityRef", payee) if payee or verb == "Add" else ("PayeeEntityRef", [("FullName", "")])
    yield from (number, day) if kind_for(document) == "Check" else (day, number)
    yield ("Memo", marked(_said(document), document.id, most=MEMO_MOST))
    yield from tail(document, company, verb=verb)


def _payee(document: Expense) -> str:
    """The vendor, as long as it is kept in the currency of the document: a name has one currency, and a transaction is
    in it. One of another currency is named in the memo alone.

    Source: QuickBooks Desktop help (multicurrency). Unconfirmed: what the hub's real service does with such a vendor.
    """
    contact = document.contact
    return contact.id if contact is not None and contact.currency in ("", document.currency) else ""


def _said(document: Expense) -> str:
    unnamed = document.contact.name if document.contact is not None and not _payee(document) else ""
    number = document.reference if len(document.reference) > NUMBER_MOST else ""
    return " - ".join(filter(None, (document.merchant, unnamed, number, document.notes)))


def tail(document: Expense | Reimbursable | NewPayment, company: Company, *, verb: str) -> Iterator[Part]:
    """Rate and external id, which every transaction has in one place."""
    foreign = document.currency != company.currency
    if foreign and (document.rate is None or document.rate <= 0):
        raise Refused(f"a rate is needed: the transaction is in {document.currency}")
    # Home for one foreign unit, as ours. Source: Onscreen Reference (ExchangeRate)
    yield ("ExchangeRate", f"{document.rate:f}" if foreign and document.rate is not None else None)
    if verb == "Add":
        yield ("ExternalGUID", "{" + document.id + "}" if _GUID.fullmatch(document.id) else None)


def bill(document: Reimbursable, company: Company, *, verb: str) -> Iterator[Part]:
    """A bill without its lines."""
    yield ref("VendorRef", document.contact.id)
    yield ref("APAccountRef", document.payables_account)
    yield ("TxnDate", document.date.isoformat())
    yield ("DueDate", document.due.isoformat())
    yield ("RefNumber", document.reference[:BILL_NUMBER_MOST] or None)
    yield ("Memo", marked(document.notes, document.id, most=MEMO_MOST))
    yield from tail(document, company, verb=verb)


def credit(document: Reimbursable, company: Company, *, verb: str) -> Iterator[Part]:
    """A vendor credit without its lines: a bill turned round, that is never due."""
    return (part for part in bill(document, company, verb=verb) if part[0] != "DueDate")


def _transfer(document: Transfer) -> Iterator[Part]:
    if document.source.amount != document.target.amount:
        raise Refused("both amounts of a QuickBooks transfer are equal")
    yield ("TxnDate", document.date.isoformat())
    yield ref("TransferFromAccountRef", document.source.account)
    yield ref("TransferToAccountRef", document.target.account)
    yield ("Amount", money(document.source.amount))
    yield ("Memo", marked(document.description, document.id, most=MEMO_MOST))


def _journal(document: Adjustment, company: Company, *, verb: str) -> Iterator[Part]:
    if document.currency != company.currency:
        raise Refused(f"QuickBooks takes adjustments in {company.currency} only")
    if verb != "Add":
        raise Refused("an adjustment is not changed: correct it in QuickBooks")
    yield ("TxnDate", document.date.isoformat())
    yield ("RefNumber", document.reference[:NUMBER_MOST] or None)
    if _GUID.fullmatch(document.id):
        yield ("ExternalGUID", "{" + document.id + "}")
    for line in document.lines:
        word = "JournalDebitLine" if line.amount > 0 else "JournalCreditLine"
        yield (word, list(_journal_line(line, document.id)))


def _journal_line(line: AdjustmentLine, id: str) -> Iterator[Part]:
    tags = [*line.tracking, *([TrackingRef(id=line.invoice_to, kind="customer")] if line.invoice_to else [])]
    yield ref("AccountRef", line.account)
    yield ("Amount", money(abs(line.amount)))
    yield ("Memo", marked(line.description, id, most=MEMO_MOST))
    yield ref("EntityRef", _one(tags, "customer", "supplier"))
    yield ref("ClassRef", _one(tags, "tracking"))
    yield ("BillableStatus", "Billable" if line.invoice_to else None)


# Lines of expenses and bills


def lines(
    document: Expense | Reimbursable,
    company: Company,
    *,
    verb: str,
    standing: etree._Element | None,
    quantities: Sequence[tuple[Decimal, Decimal]] = (),
) -> Iterator[Part]:
    """Lines by account first, then those by item, as qbXML has them.

    In a Mod every line is a new one: those that stand and are not named go, and with them what they said.
    Source: Onscreen Reference (TxnLineID -1; what a line that stands does not name stays as it was).
    """
    text = document.notes or (document.merchant if isinstance(document, Expense) else "")
    units = quantities or [(Decimal(1), line.net) for line in document.lines]
    rows = list(zip(document.lines, (quantity for quantity, _ in units), strict=True))
    for word, own in (
        ("Expense", [row for row in rows if not row[0].item]),
        ("Item", [row for row in rows if row[0].item]),
    ):
        stands = standing is not None and standing.find(f"{word}LineRet") is not None
        if stands and not own:
            yield (f"Clear{word}Lines", "true")
        for line, quantity in own:
            head: list[Part] = [("TxnLineID", "-1")] if verb == "Mod" else []
            content = (
                _item_line(line, company, text, quantity) if word == "Item" else _expense_line(line, company, text)
            )
            yield (f"{word}Line{verb}", [*head, *content])


def _expense_line(line: Line, company: Company, text: str) -> Iterator[Part]:
    if not line.account:
        raise Refused("QuickBooks needs an account or an item on each line")
    yield ref("AccountRef", line.account)
    yield from _amounts(line, company)
    yield ("Memo", (line.description or text)[:MEMO_MOST] or None)
    yield from _tags(line, company)


def _item_line(line: Line, company: Company, text: str, quantity: Decimal) -> Iterator[Part]:
    if line.account:
        raise Refused("QuickBooks takes either an account or an item on a line")
    yield ref("ItemRef", line.item)
    yield ("Desc", (line.description or text)[:MEMO_MOST] or None)
    yield ("Quantity", plain(quantity))
    yield from _amounts(line, company)
    yield from _tags(line, company)


def _taxed(line: Line, company: Company) -> bool:
    """Whether a line carries a purchase tax that QuickBooks books apart: never in the US."""
    return company.country != "US" and bool(line.tax_rate)


def _amounts(line: Line, company: Company) -> Iterator[Part]:
    """Net and tax; without a code of its own a line bears its tax itself."""
    if _taxed(line, company):
        yield ("Amount", money(line.net))
        yield ("TaxAmount", None if line.tax is None else money(line.tax))
    else:
        yield ("Amount", money(line.net + (line.tax or 0)))


def _tags(line: Line, company: Company) -> Iterator[Part]:
    customer = line.invoice_to or _one(line.tracking, "customer")
    yield ref("CustomerRef", customer)
    yield ref("ClassRef", _one(line.tracking, "tracking"))
    if _taxed(line, company):
        yield ref("SalesTaxCodeRef", line.tax_rate)
    # A line with a customer is billed on unless it says otherwise. Source: Onscreen Reference (BillableStatus)
    yield ("BillableStatus", ("Billable" if line.invoice_to else "NotBillable") if customer else None)


def _one(tags: Sequence[TrackingRef], *kinds: str) -> str:
    ids = [tag.id for tag in tags if tag.kind in kinds]
    if len(ids) > 1:
        word = "class" if "tracking" in kinds else "name"
        raise Refused(f"QuickBooks takes one {word} on a line")
    return ids[0] if ids else ""


def money(amount: Decimal) -> str:
    """An amount as QuickBooks writes it. Raises ``Refused`` for more than two decimals."""
    if amount != amount.quantize(CENT):
        raise Refused(f"QuickBooks amounts have two decimals: {amount:f}")
    return f"{amount.quantize(CENT) + 0:f}"
