"""Lines of documents as the older lists give them: each list names its lines, and what it says of one, in its own way.

Source: github.com/Intacct/intacct_dtd (intacct_response.v2.1.dtd). Unconfirmed: that 3.0 answers alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.query.rows import Row, Rows
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_date, parse_decimal

Shown: TypeAlias = dict[str, Any]


def _fields(**names: str) -> Callable[[Row], Shown]:
    """What is said of a line: the element, and the field behind it."""
    return lambda row: {told: row.get(name, "") for told, name in names.items()}


_PAYABLE = _fields(
    line_num="LINE_NO",
    accountlabel="ACCOUNTLABEL",
    glaccountno="ACCOUNTNO",
    offsetglaccountno="OFFSETGLACCOUNTNO",
    amount="AMOUNT",
    memo="ENTRYDESCRIPTION",
    locationid="LOCATIONID",
    departmentid="DEPARTMENTID",
    item1099="FORM1099",
    form1099type="FORM1099TYPE",
    form1099box="FORM1099BOX",
    key="RECORDNO",
    totalpaid="TOTALPAID",
    totaldue="TOTALDUE",
    trx_amount="TRX_AMOUNT",
    trx_totalpaid="TRX_TOTALPAID",
    trx_totaldue="TRX_TOTALDUE",
    currency="CURRENCY",
)
_EXPENSE = _fields(
    line_num="LINE_NO",
    expensetype="EXPENSETYPE",
    glaccountno="ACCOUNTNO",
    amount="AMOUNT",
    form1099="FORM1099",
    form1099type="FORM1099TYPE",
    form1099box="FORM1099BOX",
    paidto="ENTRYDESCRIPTION",
    memo="PAIDFOR",
    locationid="LOCATIONID",
    departmentid="DEPARTMENTID",
)
_CHARGE = _fields(
    line_num="LINE_NO",
    glaccountno="ACCOUNTNO",
    accountlabel="ACCOUNTLABEL",
    description="ENTRYDESCRIPTION",
    paymentamount="TRX_AMOUNT",
    department="DEPARTMENTID",
    location="LOCATIONID",
)
_ENTRY = _fields(
    amount="AMOUNT",
    glaccountno="ACCOUNTNO",
    document="DOCUMENT",
    memo="DESCRIPTION",
    locationid="LOCATIONID",
    departmentid="DEPARTMENTID",
    customerid="CUSTOMERID",
    vendorid="VENDORID",
    employeeid="EMPLOYEEID",
    projectid="PROJECTID",
    itemid="ITEMID",
    classid="CLASSID",
    trx_amount="TRX_AMOUNT",
    exch_rate_date="EXCH_RATE_DATE",
    exch_rate_type_id="EXCH_RATE_TYPE_ID",
    exchange_rate="EXCHANGE_RATE",
)
_PAID = _fields(
    billkey="RECORDKEY",
    lineitemkey="ENTRYKEY",
    amount="PAYMENTAMOUNT",
    trx_amount="TRX_PAYMENTAMOUNT",
    currency="CURRENCY",
)


def _payable(row: Row) -> Shown:
    due = {
        f"{prefix}TOTALDUE": _less(row.get(f"{prefix}AMOUNT", ""), row.get(f"{prefix}TOTALPAID", ""))
        for prefix in ("", "TRX_")
    }
    return _PAYABLE({**row, **due})


def _less(whole: str, paid: str) -> str:
    held, gone = parse_decimal(whole), parse_decimal(paid or "0")
    return decimal_text(held - gone) if held is not None and gone is not None else ""


def _expense(row: Row) -> Shown:
    shown = {**_EXPENSE(row), "expensedate": parted(row.get("ENTRY_DATE", ""))}
    if "SPENT_CURRENCY" in row:
        shown["expenseexchinfo"] = {
            "currency": row["SPENT_CURRENCY"],
            "amount": row["SPENT"],
            "exchange_rate": row["EXCHANGE_RATE"],
        }
    return shown


def _entry(row: Row) -> Shown:
    side = "debit" if row.get("TR_TYPE") == "1" else "credit"
    return {"trtype": side, **_ENTRY(row), "datecreated": parted(row.get("ENTRY_DATE", ""))}


# By object: the group, the line, and what is said of one.
_LISTS: Mapping[str, tuple[str, str, Callable[[Row], Shown]]] = {
    "APBILL": ("billitems", "lineitem", _payable),
    "APADJUSTMENT": ("apadjustmentitems", "lineitem", _payable),
    "EEXPENSES": ("expenses", "expense", _expense),
    "CCTRANSACTION": ("ccpayitems", "ccpayitem", _CHARGE),
    "OTHERRECEIPTS": ("otherreceiptsentries", "otherreceiptsentry", _PAYABLE),
    "GLBATCH": ("gltransactionentries", "glentry", _entry),
    "APPYMT": ("appaymentitems", "appaymentitem", _PAID),
}


def lines_of(rows: Rows, name: str, key: str, word: str) -> Shown:
    """The group of lines of a document, for the list of that word; nothing for lists that have none."""
    if name not in _LISTS or word == "appaymentrequest":
        return {}
    kind = object_named(name)
    record = rows.company.records.get(name, key)
    if record is None:
        return {}
    group, item, told = _LISTS[name]
    return {group: {item: [told(row) for row in rows.lines(kind, record)]}}


def parted(text: str) -> str | dict[str, str]:
    """A date as its year, month and day."""
    found = parse_date(text.partition(" ")[0])
    return {"year": str(found.year), "month": str(found.month), "day": str(found.day)} if found else ""
