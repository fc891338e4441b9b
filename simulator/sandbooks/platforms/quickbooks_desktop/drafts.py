"""From a request's elements to the stored form of a record: references resolved, values as text.

A draft is what an Add says, or what stands with what a Mod says laid over it; the rules judge both alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop import values
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import FeatureOff, InvalidAmount, ObjectNotFound

Draft = dict[str, Any]

_KEYS = ("TxnID", "ListID", "EditSequence", "DataExt")
# What the real product does with these is not simulated; a document that uses one is told so.
_LACKING = {
    "ItemGroupLineAdd": "item groups",
    "ItemGroupLineMod": "item groups",
    "PurchaseOrderLineGroupAdd": "item groups",
    "PurchaseOrderLineGroupMod": "item groups",
    "AdjustPercentage": "billing rates relative to others",
    "TemplateRef": "templates of forms",
    "ShipMethodRef": "ship methods",
    "OverrideUOMSetRef": "units of measure",
    "InventorySiteRef": "inventory sites",
    "InventorySiteLocationRef": "inventory sites",
    "SerialNumber": "serial numbers",
    "LotNumber": "lot numbers",
    "BarCode": "bar codes of items",
    "EmployeePayrollInfo": "payroll of employees",
    "IsSalesTaxAgency": "tax agencies among vendors",
    "SalesTaxReturnRef": "tax agencies among vendors",
    "ReportingPeriod": "tax agencies among vendors",
    "IsTaxTrackedOnPurchases": "tax agencies among vendors",
    "TaxOnPurchasesAccountRef": "tax agencies among vendors",
    "IsTaxTrackedOnSales": "tax agencies among vendors",
    "TaxOnSalesAccountRef": "tax agencies among vendors",
    "IsTaxOnTax": "tax agencies among vendors",
    "TxnLineDetail": "payments of single lines of bills (TxnLineDetail)",
}


def fields(file: CompanyFile, node: Node, document: str, *, skip: Iterable[str] = ()) -> Draft:
    """The elements of an aggregate as stored; a reference without content is None, a list without any is empty: it
    clears what stood."""
    found: Draft = {}
    left_out = (*_KEYS, *skip)
    for child in node.children:
        if child.name in _LACKING:
            raise NotSimulated(_LACKING[child.name])
        if child.name in left_out:
            continue
        value = _stored(file, child, document)
        if child.element is not None and child.element.most is None:
            found.setdefault(child.name, []).extend([value] if value is not None else [])
        else:
            found[child.name] = value
    return _as_preferred(file, found)


def _stored(file: CompanyFile, node: Node, document: str) -> Any:
    if node.is_reference:
        return file.refer(node, document)
    if node.children or (node.element is not None and node.element.content is not None):
        return {child.name: _stored(file, child, document) for child in node.children}
    return node.text


def _as_preferred(file: CompanyFile, draft: Draft) -> Draft:
    """What the preferences of the file do to class and currency elements."""
    for name, on, off in (
        ("ClassRef", "class_tracking", "class_tracking_off"),
        ("ExchangeRate", "multicurrency", "multicurrency_off"),
        ("CurrencyRef", "multicurrency", "multicurrency_off"),
    ):
        if draft.get(name) is not None and not file.switch(on):
            if file.switch(off) == "refused":  # where it is "warned", the element did not come this far
                raise FeatureOff("class tracking" if name == "ClassRef" else "multiple currencies")
            del draft[name]
    return draft


def merged(standing: Mapping[str, Any], changes: Mapping[str, Any]) -> Draft:
    """What stands with changes laid over it: absent is unchanged, an empty text or reference clears."""
    draft = {**standing, **changes}
    return {name: value for name, value in draft.items() if value is not None and value != ""}


def lines(
    file: CompanyFile, nodes: Iterable[Node], document: str, *, standing: Iterable[Mapping[str, Any]] = ()
) -> list[Draft]:
    """Lines in request order: a known TxnLineID keeps and changes its line, any other line is new."""
    known = {str(line["TxnLineID"]): line for line in standing}
    made: list[Draft] = []
    for node in nodes:
        given = fields(file, node, f"{document} line", skip=("TxnLineID",))
        id = str(node.get("TxnLineID") or values.NEW_LINE)
        if id != values.NEW_LINE and (known or node.name.endswith("Mod")):
            if id not in known:
                raise ObjectNotFound(id)
            if any(line["TxnLineID"] == id for line in made):
                raise InvalidAmount("TxnLineID", id, "A line stands once in a request.")
            made.append({**merged(_still_valid(known[id], given), given), "TxnLineID": id})
        else:
            made.append({"TxnLineID": file.next_txn_id(), **merged({}, given)})
    return made


def _still_valid(line: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A standing line without what follows from elements that change: its tax, the amount or the rate of an item."""
    gone = set()
    if {"Amount", "SalesTaxCodeRef", "Quantity", "Cost"} & given.keys():
        gone.add("TaxAmount")
    if {"Quantity", "Cost", "Rate"} & given.keys():
        gone.add("Amount")
    if "Amount" in given:
        gone.add("Rate")
    return {name: value for name, value in line.items() if name not in gone}
