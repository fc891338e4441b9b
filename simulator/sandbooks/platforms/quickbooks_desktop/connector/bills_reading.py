"""Bills, payments, credits and payment methods out of QuickBooks Desktop's records, in neutral words. Pure.

Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (BillRet, VendorCreditRet, BillPayment…Ret).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from lxml import etree

from sandbooks.connector import Company, TrackingRef
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillLine,
    BillPayment,
    CreditStatus,
    MethodType,
    PaymentLink,
    PaymentMethod,
    Settlement,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.quickbooks_desktop.connector.qbxml import text_of
from sandbooks.platforms.quickbooks_desktop.connector.reading import CURRENCY, instant

# Source: Onscreen Reference (TxnType of a linked transaction)
PAID_BY: Mapping[str, Literal["payment", "credit"]] = {
    "BillPaymentCheck": "payment",
    "BillPaymentCreditCard": "payment",
    "VendorCredit": "credit",
}
# Source: Onscreen Reference (PaymentMethodType)
METHODS: Mapping[str, MethodType] = {
    "AmericanExpress": "CreditCard",
    "Cash": "Cash",
    "Check": "Check",
    "DebitCard": "DebitCard",
    "Discover": "CreditCard",
    "ECheck": "BankTransfer",
    "MasterCard": "CreditCard",
    "OtherCreditCard": "CreditCard",
    "Visa": "CreditCard",
}

Node = etree._Element


def bill(node: Node, company: Company) -> Bill:
    """A bill; one of nothing is a voided one."""
    lines = _lines(node)
    currency = _currency(node, company)
    total = number_of(text_of(node, "AmountDue"))
    open_ = _open(node, total)
    issued = _day(node, "TxnDate")
    return Bill(
        id=text_of(node, "TxnID"),
        supplier=text_of(node, "VendorRef/ListID"),
        supplier_name=text_of(node, "VendorRef/FullName"),
        date=issued,
        due=_day(node, "DueDate") if text_of(node, "DueDate") else issued,
        currency=currency,
        rate=_rate(node, currency, company),
        reference=text_of(node, "RefNumber"),
        note=_note(node),
        status=status_of(total, open_, void=not total),
        total=total,
        open=open_,
        tax=total - sum((line.net for line in lines), ZERO) if lines else ZERO,
        lines=lines,
        settled=_settled(node),
        updated=instant(text_of(node, "TimeModified")),
    )


def credit(node: Node, company: Company) -> BillCredit:
    """A vendor credit."""
    lines = _lines(node)
    currency = _currency(node, company)
    total = number_of(text_of(node, "CreditAmount"))
    left = _open(node, total)
    status: CreditStatus = "Void" if not total else "Submitted" if left >= total else "PartiallyPaid"
    return BillCredit(
        id=text_of(node, "TxnID"),
        supplier=text_of(node, "VendorRef/ListID"),
        supplier_name=text_of(node, "VendorRef/FullName"),
        date=_day(node, "TxnDate"),
        currency=currency,
        rate=_rate(node, currency, company),
        number=text_of(node, "RefNumber"),
        note=_note(node),
        status="Paid" if total and left <= 0 else status,
        total=total,
        remaining=left,
        tax=total - sum((line.net for line in lines), ZERO) if lines else ZERO,
        lines=lines,
        updated=instant(text_of(node, "TimeModified")),
    )


def payment(node: Node, company: Company) -> BillPayment:
    """A payment by check or card, with what it was set against."""
    currency = _currency(node, company)
    card = text_of(node, "CreditCardAccountRef/ListID")
    total = number_of(text_of(node, "Amount"))
    return BillPayment(
        id=text_of(node, "TxnID"),
        date=_day(node, "TxnDate"),
        currency=currency,
        rate=_rate(node, currency, company),
        total=total,
        account=card or text_of(node, "BankAccountRef/ListID"),
        supplier=text_of(node, "PayeeEntityRef/ListID"),
        supplier_name=text_of(node, "PayeeEntityRef/FullName"),
        note=_note(node),
        reference=text_of(node, "RefNumber"),
        links=tuple(link for row in node.iterfind("AppliedToTxnRet") for link in _links(row)),
        updated=instant(text_of(node, "TimeModified")),
    )


def _links(row: Node) -> list[PaymentLink]:
    """What was paid of one bill, and the credits that took the place of money."""
    credits = [
        PaymentLink(kind="CreditNote", id=text_of(linked, "TxnID"), amount=abs(number_of(text_of(linked, "Amount"))))
        for linked in row.iterfind("LinkedTxn")
        if text_of(linked, "TxnType") == "VendorCredit"
    ]
    paid = number_of(text_of(row, "Amount")) + sum((one.amount for one in credits), ZERO)
    return [PaymentLink(kind="Bill", id=text_of(row, "TxnID"), amount=paid), *credits]


def method(node: Node) -> PaymentMethod:
    """A payment method of the file's list."""
    return PaymentMethod(
        id=text_of(node, "ListID"),
        name=text_of(node, "Name"),
        type=METHODS.get(text_of(node, "PaymentMethodType"), "Other"),
        active=text_of(node, "IsActive") != "false",
        updated=instant(text_of(node, "TimeModified")),
    )


def _lines(node: Node) -> tuple[BillLine, ...]:
    return tuple(_line(row) for row in node if row.tag in ("ExpenseLineRet", "ItemLineRet"))


def _line(row: Node) -> BillLine:
    net = number_of(text_of(row, "Amount"))
    quantity = number_of(text_of(row, "Quantity")) or Decimal(1)
    customer, tag = text_of(row, "CustomerRef/ListID"), text_of(row, "ClassRef/ListID")
    tags = [TrackingRef(id=tag)] if tag else []
    tags += [TrackingRef(id=customer, kind="customer")] if customer else []
    return BillLine(
        net=net,
        tax=number_of(text_of(row, "TaxAmount")),
        quantity=quantity,
        unit=number_of(text_of(row, "Cost")) or net / quantity,
        description=text_of(row, "Memo") or text_of(row, "Desc"),
        account=text_of(row, "AccountRef/ListID"),
        item=text_of(row, "ItemRef/ListID"),
        tax_rate=text_of(row, "SalesTaxCodeRef/ListID"),
        tracking=tuple(tags),
        billable=text_of(row, "BillableStatus") == "Billable",
    )


def _settled(node: Node) -> tuple[Settlement, ...]:
    return tuple(
        Settlement(
            id=text_of(row, "TxnID"),
            amount=abs(number_of(text_of(row, "Amount"))),
            date=_day(row, "TxnDate"),
            kind=PAID_BY[text_of(row, "TxnType")],
        )
        for row in node.iterfind("LinkedTxn")
        if text_of(row, "TxnType") in PAID_BY
    )


def _open(node: Node, total: Decimal) -> Decimal:
    """What is still open: told as an amount, else all or nothing by the flag."""
    told = text_of(node, "OpenAmount")
    if told:
        return number_of(told)
    return ZERO if text_of(node, "IsPaid") == "true" else total


def _note(node: Node) -> str:
    return unmarked(text_of(node, "Memo"))


def _currency(node: Node, company: Company) -> str:
    id = text_of(node, "CurrencyRef/ListID")
    names = {kept: name[len(CURRENCY) :] for name, kept in company.facts.items() if name.startswith(CURRENCY)}
    return names.get(id, "") or company.currency


def _rate(node: Node, currency: str, company: Company) -> Decimal | None:
    return None if currency == company.currency else number_of(text_of(node, "ExchangeRate")) or None


def _day(node: Node, name: str) -> date:
    text = text_of(node, name)
    return date.fromisoformat(text[:10]) if text else date(1970, 1, 1)
