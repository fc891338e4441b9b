"""AP bills, the AP payments that settle them, and AP adjustments as the hub reads them; journals by their rows.

Source: developer.intacct.com/api/accounts-payable (bills, payments, adjustments), /api/general-ledger (journals).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from sandbooks.connector import Company, Refused, Steps, TrackingRef
from sandbooks.payables import (
    ZERO,
    Bill,
    BillCredit,
    BillLine,
    BillPayment,
    CreditStatus,
    LedgerJournal,
    PaymentLink,
    number_of,
    status_of,
    unmarked,
)
from sandbooks.platforms.sage_intacct.connector import reading
from sandbooks.platforms.sage_intacct.connector.documents import GONE
from sandbooks.platforms.sage_intacct.connector.envelope import Row, element
from sandbooks.platforms.sage_intacct.connector.gateway import call, query

KEYS_MOST = 100  # Source: developer.intacct.com/web-services/functions (read takes at most 100 keys)
NOT_FOUND = "DL02000001"
DIMENSIONS = ("DEPARTMENT", "LOCATION", "CLASS", "PROJECT")
# Source: developer.intacct.com/api/accounts-payable (payment methods, and the numbers that stand for them)
METHODS: Mapping[str, tuple[str, Any]] = {
    "3": ("Credit Card", "CreditCard"),
    "5": ("EFT", "BankTransfer"),
    "6": ("Cash", "Cash"),
}


def every(object: str) -> Steps[list[etree._Element]]:
    """Every record of an object with its lines: a query leaves lines out."""
    rows = yield from query(object, ("RECORDNO", "STATE"))
    ids = [row["RECORDNO"] for row in rows]
    found: list[etree._Element] = []
    for start in range(0, len(ids), KEYS_MOST):
        found += yield from _read(object, ids[start : start + KEYS_MOST])
    return found


def one(object: str, id: str) -> Steps[etree._Element | None]:
    if not id.isdigit():
        return None
    try:
        found = yield from _read(object, [id])
    except Refused as refused:
        if refused.native_code != NOT_FOUND:
            raise
        return None
    return next(iter(found), None)


def _read(object: str, ids: Sequence[str]) -> Steps[list[etree._Element]]:
    function = element("read", {"object": object, "keys": ",".join(ids), "fields": "*"})
    result = yield from call(function, purpose=f"read {object}")
    data = result.find("data")
    return [node for node in data if isinstance(node.tag, str)] if data is not None else []


def text(node: etree._Element, name: str) -> str:
    return (node.findtext(name) or "").strip()


def _number(node: etree._Element, name: str) -> Decimal:
    return number_of(text(node, name))


def _day(node: etree._Element, name: str) -> date:
    given = text(node, name)
    return datetime.strptime(given, "%m/%d/%Y").date() if given else date(1970, 1, 1)  # noqa: DTZ007  # a calendar day


def _currency(node: etree._Element, company: Company) -> str:
    return text(node, "CURRENCY") or company.currency


def _rate(node: etree._Element, company: Company) -> Decimal | None:
    return None if _currency(node, company) == company.currency else _number(node, "EXCHANGE_RATE") or None


def bill(node: etree._Element, company: Company) -> Bill:
    total, open = _number(node, "TRX_TOTALENTERED"), _number(node, "TRX_TOTALDUE")
    lines = tuple(_lines(node))
    state = text(node, "STATE")
    return Bill(
        id=text(node, "RECORDNO"),
        supplier=text(node, "VENDORID"),
        supplier_name=text(node, "VENDORNAME"),
        date=_day(node, "WHENCREATED"),
        due=_day(node, "WHENDUE"),
        currency=_currency(node, company),
        rate=_rate(node, company),
        reference=text(node, "DOCNUMBER") or _own_number(node),
        note=unmarked(text(node, "DESCRIPTION")),
        status=status_of(total, open, draft=state in ("Draft", "Submitted"), void=state in GONE),
        total=total,
        open=open,
        tax=sum((line.tax for line in lines), ZERO),
        lines=lines,
        updated=reading.instant(text(node, "WHENMODIFIED")),
        active=state not in GONE,
    )


def _own_number(node: etree._Element) -> str:
    """The bill's number, unless it is the hub's own id."""
    number = text(node, "RECORDID")
    return "" if unmarked(f"[{number}]") == "" else number


def credit(node: etree._Element, company: Company) -> BillCredit:
    total, left = abs(_number(node, "TRX_TOTALENTERED")), abs(_number(node, "TRX_TOTALDUE"))
    status: CreditStatus = "Paid" if left <= 0 else "Submitted" if left >= total else "PartiallyPaid"
    lines = tuple(_lines(node))
    return BillCredit(
        id=text(node, "RECORDNO"),
        supplier=text(node, "VENDORID"),
        supplier_name=text(node, "VENDORNAME"),
        date=_day(node, "WHENCREATED"),
        currency=_currency(node, company),
        rate=_rate(node, company),
        number=text(node, "DOCNUMBER") or _own_number(node),
        note=unmarked(text(node, "DESCRIPTION")),
        status=status,
        total=total,
        remaining=left,
        tax=sum((line.tax for line in lines), ZERO),
        lines=lines,
        updated=reading.instant(text(node, "WHENMODIFIED")),
    )


def _lines(node: etree._Element) -> Iterator[BillLine]:
    for row in node.iterfind(f"{node.tag}ITEMS/{node.tag}ITEM"):
        net = _number(row, "TRX_AMOUNT")
        tags = [TrackingRef(id=f"{name}-{text(row, f'{name}ID')}") for name in DIMENSIONS if text(row, f"{name}ID")]
        if text(row, "CUSTOMERID"):
            tags.append(TrackingRef(id=text(row, "CUSTOMERID"), kind="customer"))
        yield BillLine(
            net=net,
            tax=sum((_number(tax, "TRX_TAX") for tax in row.iterfind("TAXENTRIES/TAXENTRY")), ZERO),
            unit=net,
            description=text(row, "ENTRYDESCRIPTION"),
            account=text(row, "ACCOUNTNO"),
            tax_rate=(row.findtext("TAXENTRIES/TAXENTRY/DETAILID") or "").strip(),
            tracking=tuple(tags),
            billable=text(row, "BILLABLE") == "true",
        )


def payment(node: etree._Element, company: Company) -> BillPayment:
    names = {name: id for id, (name, _) in METHODS.items()}
    return BillPayment(
        id=text(node, "RECORDNO"),
        date=_day(node, "PAYMENTDATE"),
        currency=_currency(node, company),
        rate=_rate(node, company),
        total=_number(node, "TRX_PAYMENTAMOUNT"),
        account=text(node, "FINANCIALENTITY"),
        supplier=text(node, "VENDORID"),
        supplier_name=text(node, "VENDORNAME"),
        reference=text(node, "DOCNUMBER"),
        note=unmarked(text(node, "DESCRIPTION")),
        method=names.get(text(node, "PAYMENTMETHOD"), ""),
        links=_links(node),
        updated=reading.instant(text(node, "WHENMODIFIED")),
    )


def _links(node: etree._Element) -> tuple[PaymentLink, ...]:
    """What a payment settles and the credits that it uses, each document once."""
    bills: dict[str, Decimal] = {}
    credits: dict[str, Decimal] = {}
    for row in node.iterfind("APPYMTDETAILS/APPYMTDETAIL"):
        bill, credit = text(row, "RECORDKEY"), text(row, "ADJUSTMENTKEY")
        used = _number(row, "TRX_ADJUSTMENTAMOUNT")
        paid = sum((_number(row, name) for name in ("TRX_PAYMENTAMOUNT", "TRX_DISCOUNTAMOUNT")), used)
        if bill:
            bills[bill] = bills.get(bill, ZERO) + paid
        if credit:
            credits[credit] = credits.get(credit, ZERO) + used
    links = [PaymentLink(kind="Bill", id=id, amount=amount) for id, amount in bills.items()]
    return (*links, *(PaymentLink(kind="CreditNote", id=id, amount=amount) for id, amount in credits.items()))


def journal(row: Row) -> LedgerJournal:
    return LedgerJournal(
        id=row["RECORDNO"],
        name=row.get("TITLE", ""),
        code=row.get("SYMBOL", ""),
        active=row.get("STATUS", "active") == "active",
    )
