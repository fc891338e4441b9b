"""Columns of query tables that no field of a record carries, and how a stored member reads in a query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import rendering
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.settlement import remaining
from sandbooks.platforms.netsuite.schema import TYPES, Field
from sandbooks.platforms.netsuite.suiteql.values import Row, Value, key


def shown_id(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "")


def raw(field: Field, value: Any) -> Value:
    """A stored member as a query sees it."""
    if field.kind == "flag":
        return "T" if value else "F"
    if value is None:
        return None
    if field.kind == "ref":
        return key(id_of(value))
    if field.kind == "enum":
        return str(value["id"])
    if field.kind == "refs":
        return ", ".join(item["id"] for item in value["items"]) or None
    if field.kind in ("integer", "number", "amount"):
        return Decimal(value)
    if field.kind in ("date", "datetime"):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return str(value)


# Columns that no field of the record carries


def _account(_company: Company, record: Record) -> Row:
    name = record.body["acctName"]
    shown = " ".join(str(record.body[n]) for n in ("acctNumber", "acctName") if record.body.get(n))
    return {
        "fullname": name,
        "accountsearchdisplayname": shown,
        "accountsearchdisplaynamecopy": name,
        "displaynamewithhierarchy": shown,
        "issummary": "F",
    }


def entity_names(record: Record) -> Row:
    body = record.body
    own = body.get("companyName") or " ".join(str(body[n]) for n in ("firstName", "lastName") if body.get(n))
    return {"altname": own or body["entityId"], "entitytitle": body["entityId"]}


def _entity(_company: Company, record: Record) -> Row:
    return entity_names(record) | {"fullname": record.body["entityId"]}


def _full_name(_company: Company, record: Record) -> Row:
    return {"fullname": store.shown_name(record)}


def _item(_company: Company, record: Record) -> Row:
    kinds = {"nonInventoryPurchaseItem": "NonInvtPart", "servicePurchaseItem": "Service"}
    return {"fullname": record.body["itemId"], "itemtype": kinds[record.kind], "subtype": "Purchase"}


def _tax_item(_company: Company, record: Record) -> Row:
    return {"name": record.body["itemId"], "fullname": record.body["itemId"]}


_TITLES = {
    "PurchOrd": "Purchase Order",
    "VendBill": "Bill",
    "VendPymt": "Bill Payment",
    "VendCred": "Bill Credit",
    "ExpRept": "Expense Report",
    "Journal": "Journal",
    "Check": "Check",
    "CardChrg": "Credit Card",
    "CardRfnd": "CCard Refund",
    "CustPymt": "Payment",
    "Deposit": "Deposit",
    "FxReval": "Currency Revaluation",
}


def _transaction(company: Company, record: Record) -> Row:
    code, body = TYPES[record.kind].code, record.body
    title = _TITLES[code]
    total = Decimal(body.get("total") or 0)
    posts = bool(store.facts_of(company, record).get("posts"))
    left = remaining(company, record) if record.kind in ("vendorBill", "expenseReport", "vendorCredit") else None
    return {
        "type": code,
        "_type": title,
        "recordtype": record.kind.lower(),
        "status": rendering.status_letter(company, record),
        "_status": f"{title} : {rendering.status_text(company, record)}",
        # Unconfirmed: the sign of foreigntotal for money that is owed; it is given as the document shows it.
        "foreigntotal": total,
        "total": total,
        "foreignamountunpaid": left,
        "foreignamountpaid": None if left is None else total - left,
        "posting": "T" if posts else "F",
        "voided": "T" if body.get("voided") else "F",
        "transactionnumber": f"{code.upper()}{record.id}",
        "trandisplayname": f"{title} #{body.get('tranId') or record.id}",
        "abbrevtype": code.upper(),
        "approvalstatus": body["approvalStatus"]["id"] if body.get("approvalStatus") else None,
        "duedate": raw(_DUE, body.get("dueDate") or body.get("duedate")),
    }


_DUE = Field(name="dueDate", kind="date")
EXTRAS: dict[str, Callable[[Company, Record], Row]] = {
    "account": _account,
    "vendor": _entity,
    "employee": _entity,
    "customer": _entity,
    "job": _entity,
    "department": _full_name,
    "classification": _full_name,
    "location": _full_name,
    "subsidiary": _full_name,
    "item": _item,
    "salestaxitem": _tax_item,
    "transaction": _transaction,
}
_NAMES = ("altname", "entitytitle", "fullname")
EXTRA_COLUMNS: dict[str, tuple[str, ...]] = {
    "account": (
        "fullname",
        "accountsearchdisplayname",
        "accountsearchdisplaynamecopy",
        "displaynamewithhierarchy",
        "issummary",
    ),
    **dict.fromkeys(("vendor", "employee", "customer", "job"), _NAMES),
    **dict.fromkeys(("department", "classification", "location", "subsidiary"), ("fullname",)),
    "item": ("fullname", "itemtype", "subtype"),
    "salestaxitem": ("name", "fullname"),
    "transaction": (
        "type",
        "recordtype",
        "status",
        "foreigntotal",
        "total",
        "foreignamountunpaid",
        "foreignamountpaid",
        "posting",
        "voided",
        "transactionnumber",
        "trandisplayname",
        "abbrevtype",
        "approvalstatus",
        "duedate",
    ),
}
