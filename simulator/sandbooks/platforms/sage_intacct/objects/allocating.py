"""Templates of allocations: what their entries must say.

Source: developer.intacct.com/api/general-ledger/transaction-allocations
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, NotAllowed
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_decimal
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

PERCENTAGE, ABSOLUTE, FIXED = "Percentage", "Absolute", "Fixed amount with over/under logic"
# The dimensions of an entry, and the objects that they name.
DIMENSIONS = {
    "LOCATIONID": "LOCATION",
    "DEPARTMENTID": "DEPARTMENT",
    "PROJECTID": "PROJECT",
    "TASKID": "TASK",
    "COSTTYPEID": "COSTTYPE",
    "CUSTOMERID": "CUSTOMER",
    "VENDORID": "VENDOR",
    "EMPLOYEEID": "EMPLOYEE",
    "ITEMID": "ITEM",
    "CLASSID": "CLASS",
    "CONTRACTID": "CONTRACT",
    "WAREHOUSEID": "WAREHOUSE",
}
_USUAL = {PERCENTAGE: "Percent", ABSOLUTE: "Amount"}


def read_entries(document: Fields) -> list[Fields]:
    """The entries of a template, as they are kept. Raises ``FieldMissing``, ``FieldMalformed``, ``NotAllowed``."""
    holder = document.pop("ALLOCATIONENTRIES", None)
    if holder in (None, "") and "LINES" in document:
        lines: list[Fields] = document["LINES"]
        return lines
    rows = many(holder.get("ALLOCATIONENTRY")) if isinstance(holder, dict) else []
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise FieldMissing("ALLOCATION", "ALLOCATIONENTRIES")
    kind = str(document.get("TYPE") or PERCENTAGE)
    entries = [_entry(row, kind, place) for place, row in enumerate(rows, 1)]
    _check(entries, kind)
    return entries


def _entry(row: dict[str, Any], kind: str, place: int) -> Fields:
    value, how = parse_decimal(str(row.get("VALUE") or "")), str(row.get("VALUETYPE") or _USUAL.get(kind, ""))
    if value is None or value < 0:
        raise FieldMalformed("ALLOCATION", "VALUE", str(row.get("VALUE"))[:40], "number")
    if how not in ("Amount", "Percent") or how != _USUAL.get(kind, how):
        raise FieldMalformed("ALLOCATION", "VALUETYPE", how[:40], "value type of the allocation")
    where = {name: str(row[name]) for name in DIMENSIONS if row.get(name)}
    return {"LINE_NO": str(place), "VALUE": decimal_text(value), "VALUETYPE": how, **where}


def _check(entries: list[Fields], kind: str) -> None:
    """Percentages add up to a hundred, and amounts come before them."""
    percents = [Decimal(entry["VALUE"]) for entry in entries if entry["VALUETYPE"] == "Percent"]
    if kind != ABSOLUTE and sum(percents, Decimal(0)) != 100:
        raise NotAllowed("ALLOCATION", "Allocation entries must add up to 100.", "Check the values.")
    types = [entry["VALUETYPE"] for entry in entries]
    if types != sorted(types):
        raise NotAllowed("ALLOCATION", "Entries for amounts must come before entries for percentages.", "Sort them.")
