"""Neutral documents as NetSuite transactions. Pure.

Every transaction has the hub's id of it as its external id, by which NetSuite itself tells a repeat from a new one, and
once more at the end of its memo, where people see it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from sandbooks.connector import (
    Adjustment,
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
)
from sandbooks.platforms.netsuite.connector.reading import CURRENCY, SUBSIDIARY, TAGS, UNTAXED

MEMO_MOST = 999  # Source: docs.oracle.com, Schema Browser, memo of a transaction
LINE_MEMO_MOST = 4000  # Source: docs.oracle.com, Schema Browser, memo of an expense line
NUMBER_MOST = 45  # Source: docs.oracle.com, Schema Browser, tranId
CENT = Decimal("0.01")

Kind = Literal["check", "creditCardCharge", "creditCardRefund", "deposit", "vendorBill"]
DATA_TYPES: Mapping[str, str] = {
    "check": "directCosts",
    "creditCardCharge": "directCosts",
    "creditCardRefund": "directIncomes",
    "deposit": "directIncomes",
    "vendorBill": "bills",
}
_EXTERNAL = re.compile(r"[A-Za-z0-9_-]{1,100}")  # Source: docs.oracle.com, section_156334828635 (external ids)

Body = dict[str, Any]


class TaxCode(Struct, frozen=True):
    """A tax code as deposits need it: its rate in per cent, the account that its purchase tax is on, and how many per
    cent of the tax cannot be reclaimed and are part of the cost."""

    rate: Decimal
    account: str
    lost: Decimal = Decimal(0)


def kind_for(document: Document) -> Kind:
    """The native record that a document becomes. Raises ``Refused`` for what NetSuite is not offered for.

    A check is never negative, so that money that comes back to a bank account is deposited.
    """
    match document:
        case Expense():
            card = document.account.pays == "card"
            if document.kind == "Payment":
                return "creditCardCharge" if card else "check"
            return "creditCardRefund" if card else "deposit"
        case Reimbursable():
            return "vendorBill"
        case Transfer():
            raise Refused("transfers are not offered for NetSuite")
        case Adjustment():
            raise Refused("adjustments are not offered for NetSuite")


def sublists_of(kind: str) -> str:
    """The sublists that are replaced as a whole: lines without a key would be added to those that stand."""
    return "other" if kind == "deposit" else "expense,item"


def external_id(id: str) -> str:
    """An id as NetSuite can have it in an address: letters, digits, dash and underscore."""
    return id if _EXTERNAL.fullmatch(id) else hashlib.sha256(id.encode()).hexdigest()


def native_of(kind: str, id: str) -> Native:
    """A transaction's identity; NetSuite has no version token."""
    return Native(kind=kind, id=id, data_type=DATA_TYPES[kind])


def deposited_taxes(document: Document, company: Company) -> tuple[str, ...]:
    """The tax codes of a deposit, whose lines carry no tax of their own."""
    if kind_for(document) != "deposit" or not isinstance(document, Expense):
        return ()
    return tuple(dict.fromkeys(line.tax_rate for line in document.lines if _taxed(line, company)))


def body_of(document: Document, company: Company, taxes: Mapping[str, TaxCode]) -> Body:
    """The transaction to be sent. Raises ``Refused`` for what NetSuite cannot state, before anything is written."""
    kind = kind_for(document)
    if not isinstance(document, Expense | Reimbursable):
        raise AssertionError("kind_for refuses the rest")
    if sum((line.net + (line.tax or 0) for line in document.lines), Decimal(0)) <= 0:
        raise Refused("NetSuite takes no transaction of nothing or less")
    body = _head(document, company)
    if isinstance(document, Expense):
        body |= {"account": _ref(document.account.id), "memo": _memo(document)}
    else:
        body |= {"memo": marked(document.notes, document.id, most=MEMO_MOST), "dueDate": document.due.isoformat()}
        if document.payables_account:
            body["account"] = _ref(document.payables_account)
    if kind == "deposit" and isinstance(document, Expense):
        return body | {"other": {"items": _other_lines(document, company, taxes)}}
    if document.contact is not None and document.contact.id:
        body["entity"] = _ref(document.contact.id)
    return body | _sublists(document, company)


def _ref(id: str) -> Body:
    return {"id": id}


def _head(document: Expense | Reimbursable, company: Company) -> Body:
    body: Body = {"externalId": external_id(document.id), "tranDate": document.date.isoformat()}
    if document.reference:
        body["tranId"] = document.reference[:NUMBER_MOST]
    if company.facts.get(SUBSIDIARY):
        body["subsidiary"] = _ref(company.facts[SUBSIDIARY])
    known = company.facts.get(f"{CURRENCY}{document.currency}")
    if known:
        body["currency"] = _ref(known)
    if document.currency == company.currency:
        return body
    if not known:
        raise Refused(f"the NetSuite account has no currency {document.currency}", element="currency")
    if document.rate is None or document.rate <= 0:
        raise Refused(f"a rate is needed: the transaction is in {document.currency}")
    # Base units for one foreign unit, as ours. Source: docs.oracle.com, currencyRate (exchangeRate)
    return body | {"exchangeRate": document.rate}


def _memo(document: Expense) -> str:
    return marked(" - ".join(filter(None, (document.merchant, document.notes))), document.id, most=MEMO_MOST)


# Lines


def _taxed(line: Line, company: Company) -> bool:
    """Whether a line carries a purchase tax that NetSuite books apart: never in the US."""
    return company.country != "US" and bool(line.tax_rate) and not _neutral(line.tax_rate, company)


def _neutral(tax_rate: str, company: Company) -> bool:
    """Source: docs.codat.io, NetSuite integration (the neutral tax of each country)."""
    return tax_rate == "-7" or tax_rate.startswith("UNDEF-") or (tax_rate == "114" and company.country == "CA")


def _sublists(document: Expense | Reimbursable, company: Company) -> Body:
    text = document.notes or (document.merchant if isinstance(document, Expense) else "")
    items = [_item_line(line, company, text) for line in document.lines if line.item]
    expenses = [_expense_line(line, company, text) for line in document.lines if not line.item]
    return {name: {"items": lines} for name, lines in (("expense", expenses), ("item", items)) if lines}


def _expense_line(line: Line, company: Company, text: str) -> Body:
    if not line.account:
        raise Refused("NetSuite needs an account or an item on each line")
    body = {"account": _ref(line.account)} | _amounts(line, company) | _tags(line.tracking) | _customer(line)
    return body | _said("memo", line.description or text)


def _item_line(line: Line, company: Company, text: str) -> Body:
    if line.account:
        raise Refused("NetSuite takes either an account or an item on a line")
    amounts = _amounts(line, company)
    body = {"item": _ref(line.item), "quantity": 1, "rate": amounts["amount"]} | amounts
    return body | _tags(line.tracking) | _customer(line) | _said("description", line.description or text)


def _said(member: str, text: str) -> Body:
    return {member: text[:LINE_MEMO_MOST]} if text else {}


def _amounts(line: Line, company: Company) -> Body:
    """Net with its tax code and tax; without a code of its own a line bears its tax itself.

    Such a line still names the code that charges nothing: else NetSuite adds the tax that is usual on the account.
    """
    if _taxed(line, company):
        body: Body = {"amount": line.net, "taxCode": _ref(line.tax_rate)}
        return body if line.tax is None else body | {"tax1Amt": line.tax}
    body = {"amount": line.net + (line.tax or 0)}
    free = company.facts.get(UNTAXED) if company.country != "US" else ""
    return body | {"taxCode": _ref(free)} if free and (line.tax is not None or line.tax_rate) else body


def _customer(line: Line) -> Body:
    if line.invoice_to:
        return {"customer": _ref(line.invoice_to), "isBillable": True}
    customers = [ref.id for ref in line.tracking if ref.kind == "customer"]
    if len(customers) > 1:
        raise Refused("NetSuite takes one customer on a line")
    return {"customer": _ref(customers[0])} if customers else {}


def _tags(tracking: Sequence[TrackingRef]) -> Body:
    """The department, class and location of a line, one of each."""
    body: Body = {}
    for ref in tracking:
        if ref.kind == "customer":
            continue
        member, _, id = ref.id.partition("-")
        if ref.kind != "tracking" or member not in TAGS or not id:
            raise Refused(f"NetSuite has no tag {ref.id}", element=ref.id)
        if member in body:
            raise Refused(f"NetSuite takes one {member} on a line")
        body[member] = _ref(id)
    return body


# Deposits


def _other_lines(document: Expense, company: Company, taxes: Mapping[str, TaxCode]) -> list[Body]:
    """What came back, by account, and beneath it the tax that is given back with it, on the accounts of its codes.

    Lines of a deposit have no tax code. Source: docs.oracle.com, Schema Browser, DepositOther.
    """
    lines = []
    given_back: dict[str, Decimal] = {}
    for line in document.lines:
        amount = line.net + (line.tax or 0)
        if _taxed(line, company):
            code = _known(line.tax_rate, taxes)
            tax = line.tax if line.tax is not None else _cents(line.net * code.rate / 100)
            reclaimed = _cents(tax * (100 - code.lost) / 100)
            amount = line.net + tax - reclaimed
            given_back[code.account] = given_back.get(code.account, Decimal(0)) + reclaimed
        lines.append(_other_line(line, document, amount))
    text = document.notes or document.merchant or document.kind
    return lines + [
        _from(document) | {"account": _ref(account), "amount": amount} | _said("memo", f"Tax: {text}")
        for account, amount in given_back.items()
        if amount
    ]


def _other_line(line: Line, document: Expense, amount: Decimal) -> Body:
    if line.item or not line.account:
        raise Refused("a line of a NetSuite deposit needs an account, and takes no item")
    if line.invoice_to or any(ref.kind == "customer" for ref in line.tracking):
        raise Refused("a line of a NetSuite deposit takes no customer")
    body = _from(document) | {"account": _ref(line.account), "amount": amount} | _tags(line.tracking)
    return body | _said("memo", line.description or document.notes or document.merchant)


def _from(document: Expense) -> Body:
    known = document.contact is not None and document.contact.id
    return {"entity": _ref(document.contact.id)} if known and document.contact is not None else {}


def _known(tax_rate: str, taxes: Mapping[str, TaxCode]) -> TaxCode:
    code = taxes.get(tax_rate)
    if code is None or not code.account:
        raise Refused(f"tax code {tax_rate} names no account for purchase tax in NetSuite", element=tax_rate)
    return code


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, "ROUND_HALF_UP")
