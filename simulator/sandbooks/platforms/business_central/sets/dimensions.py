"""Dimensions, their values, the defaults of masters, and the dimension sets of lines and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import choice, code, shown, text, uid
from sandbooks.platforms.business_central.names import BLANK_ID, encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog, KeyExists
from sandbooks.platforms.business_central.sets.entity import EntitySet, Given, Parent, Row, Scope, StoredSet, single
from sandbooks.platforms.business_central.sets.masters import record_of

# Entities that carry a dimension set, and the caption of each as a parent type.
CARRIERS = {
    "journalLines": "Journal Line",
    "purchaseInvoices": "Purchase Invoice",
    "purchaseInvoiceLines": "Purchase Invoice Line",
    "purchaseCreditMemos": "Purchase Credit Memo",
    "purchaseCreditMemoLines": "Purchase Credit Memo Line",
    "purchaseOrders": "Purchase Order",
    "purchaseOrderLines": "Purchase Order Line",
    "salesInvoices": "Sales Invoice",
    "salesInvoiceLines": "Sales Invoice Line",
    "salesCreditMemos": "Sales Credit Memo",
    "salesCreditMemoLines": "Sales Credit Memo Line",
    "salesOrders": "Sales Order",
    "salesOrderLines": "Sales Order Line",
    "salesQuotes": "Sales Quote",
    "salesQuoteLines": "Sales Quote Line",
    "vendorPayments": "Journal Line",
    "customerPayments": "Journal Line",
    "timeRegistrationEntries": "Time Registration Entry",
    "generalLedgerEntries": "General Ledger Entry",
}


class Dimensions(StoredSet):
    name, type, caption = "dimensions", "dimension", "Dimension"
    keys = ("code",)
    children = ("dimensionValues",)
    fields = shown(code("code"), text("displayName"), code("consolidationCode"))


class DimensionValues(StoredSet):
    name, type, caption = "dimensionValues", "dimensionValue", "Dimension Value"
    keys = ("code",)
    parents: ClassVar[Mapping[str, str]] = {"dimensions": "dimensionId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"dimension": ("dimensions", "dimensionId")}
    fields = shown(code("code"), uid("dimensionId"), text("displayName"), code("consolidationCode"))


class DefaultDimensions(StoredSet):
    """What a vendor, customer, employee or item brings to its lines, and what it demands of them."""

    name, type, caption = "defaultDimensions", "defaultDimension", "Default Dimension"
    inserts = modifies = deletes = True
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "dimension": ("dimensions", "dimensionId"),
        "dimensionValue": ("dimensionValues", "dimensionValueId"),
        **{single(name): (name, "parentId") for name in ("accounts", "customers", "employees", "items", "vendors")},
    }
    parents: ClassVar[Mapping[str, str]] = {
        "vendors": "parentId",
        "customers": "parentId",
        "employees": "parentId",
        "items": "parentId",
    }
    fields = (
        choice("parentType", "", "Customer", "Employee", "Item", "Vendor", "Project"),
        uid("parentId"),
        uid("dimensionId"),
        *shown(code("dimensionCode")),
        uid("dimensionValueId"),
        *shown(code("dimensionValueCode")),
        choice("postingValidation", "", "Code Mandatory", "Same Code", "No Code"),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and "parentId" not in filtered:
            raise Dialog("You must get to the parent first to get to the default dimensions.")

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        if parent is None:
            kind = {"Customer": "customer", "Employee": "employee", "Item": "item", "Vendor": "vendor"}
            found = scope.get(kind.get(values["parentType"], ""), values["parentId"])
            if found is None:
                raise Dialog("You must get to the parent first to create a default dimension.")
        else:
            values.update({"parentId": parent.id, "parentType": parent.set.caption})
        self._settle(scope, given, values)
        for record in scope.records.find(self.type, "parent", values["parentId"]):
            if record.body["dimensionId"] == values["dimensionId"]:
                raise KeyExists(self.caption, f"Dimension Code='{values['dimensionCode']}'")
        return self.render(scope, self.save(scope, self.new_id(scope, given), values))

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        values = {**record.copy(), **given.values}
        if values["dimensionId"] != record.body["dimensionId"] or values["parentId"] != record.body["parentId"]:
            raise Dialog('The "dimensionId" cannot be changed.')
        self._settle(scope, given, values)
        return self.render(scope, self.save(scope, record.id, values))

    def delete(self, scope: Scope, row: Row) -> None:
        self.remove(scope, record_of(row))

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        dimension = scope.get("dimension", values["dimensionId"])
        if dimension is None:
            raise Dialog('The "dimensionId" does not match to a Dimension.')
        values["dimensionCode"] = dimension.body["code"]
        values["dimensionValueCode"] = ""
        if values["dimensionValueId"] != BLANK_ID:
            value = scope.get("dimensionValue", values["dimensionValueId"])
            if value is None or value.body["dimensionId"] != dimension.id:
                raise Dialog('The "dimensionValueId" does not match to a Dimension Value.')
            values["dimensionValueCode"] = value.body["code"]


class DimensionSetLines(EntitySet):
    """The dimensions of one line or document; the key of each is the dimension's id. Kept with the parent."""

    name, type, caption = "dimensionSetLines", "dimensionSetLine", "Dimension Set Line"
    tracked = False
    inserts = modifies = deletes = True
    parents = dict.fromkeys(CARRIERS, "parentId")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {single(name): (name, "parentId") for name in CARRIERS}
    fields = (
        code("code"),
        *shown(code("consolidationCode"), uid("parentId")),
        choice("parentType", "", *dict.fromkeys(CARRIERS.values())).read_only,
        *shown(text("displayName")),
        uid("valueId"),
        code("valueCode"),
        *shown(code("valueConsolidationCode"), text("valueDisplayName")),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None:
            raise Dialog("You must get to the parent first to get to the dimension set line.")

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        if parent is None:
            return iter(())
        row = parent.set.row(scope, parent.id)
        carried = entry_dimensions(scope, row) if row.record is None else row.record.body.get("_dimensions", [])
        return iter([self._shown(scope, parent, *each) for each in carried])

    def _shown(self, scope: Scope, parent: Parent, dimension_id: str, value_id: str) -> Row:
        dimension = scope.records.get("dimension", dimension_id)
        value = scope.records.get("dimensionValue", value_id)
        body = {"parentId": parent.id, "parentType": encoded(CARRIERS[parent.set.name]), "valueId": value_id}
        if dimension is not None:
            body.update(code=dimension.body["code"], displayName=dimension.body["displayName"])
        if value is not None:
            body.update(valueCode=value.body["code"], valueDisplayName=value.body["displayName"])
        version = sum(value_id.encode())
        return Row(dimension_id, self.shown(dimension_id, body), entity_tag(self.type, dimension_id, version))

    def create_under(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        """A new dimension on a line or document."""
        parent, record = self._carrier(scope, parent)
        dimension = self._dimension(scope, given)
        value = self._value(scope, given, dimension, required=True)
        carried = [list(each) for each in record.body.get("_dimensions", [])]
        if any(each[0] == dimension.id for each in carried):
            raise Dialog(
                "The dimension set line already exists. Check existing dimension set lines and the default dimension "
                "set lines on the parent."
            )
        self._keep(scope, parent, record, [*carried, [dimension.id, value.id]])
        return self.under(scope, parent, dimension.id)

    def update_under(self, scope: Scope, given: Given, parent: Parent | None, id: str) -> Row:
        """Another value of a dimension that is there."""
        parent, record = self._carrier(scope, parent)
        row = self.under(scope, parent, id)
        dimension = scope.records.get("dimension", id)
        if (given.id and given.id != id) or given.values.get("code", row.values["code"]) != row.values["code"]:
            raise Dialog('The "id" and "code" fields cannot be modified.')
        if dimension is None:
            raise self.missing(id)
        value = self._value(scope, given, dimension, required=False)
        kept = [[d, value.id if d == id and value else v] for d, v in record.body.get("_dimensions", [])]
        self._keep(scope, parent, record, kept)
        return self.under(scope, parent, id)

    def delete_under(self, scope: Scope, parent: Parent | None, id: str) -> None:
        """Take a dimension off."""
        parent, record = self._carrier(scope, parent)
        self.under(scope, parent, id)
        self._keep(scope, parent, record, [[d, v] for d, v in record.body.get("_dimensions", []) if d != id])

    def _carrier(self, scope: Scope, parent: Parent | None) -> tuple[Parent, Record]:
        if parent is None:
            raise Dialog("You must get to the parent first to create a dimension set line.")
        row = parent.set.row(scope, parent.id)
        if row.record is None or is_posted(scope, row.record):
            caption = CARRIERS[parent.set.name]
            raise Dialog(
                f"Parent with ID {parent.id} does not exist or dimension set lines are read only for parent type "
                f"{caption}."
            )
        return parent, row.record

    def _keep(self, scope: Scope, parent: Parent, record: Record, carried: list[list[str]]) -> None:
        if not isinstance(parent.set, StoredSet):
            raise AssertionError("only stored parents carry dimension sets")
        parent.set.save(scope, record.id, {**record.copy(), "_dimensions": carried})

    def _dimension(self, scope: Scope, given: Given) -> Record:
        named = given.values.get("code", "")
        if not given.id and not named:
            raise Dialog('The "id" or "code" field must be filled in.')
        found = scope.get("dimension", given.id) if given.id else scope.by("dimension", "code", named.lower())
        if found is None:
            raise Dialog(f'The "{"id" if given.id else "code"}" does not match to a Dimension.')
        if named and found.body["code"] != named:
            raise Dialog("The dimension field values do not match to a specific Dimension.")
        return found

    def _value(self, scope: Scope, given: Given, dimension: Record, *, required: bool) -> Any:
        wanted_id, wanted = given.values.get("valueId", BLANK_ID), given.values.get("valueCode", "")
        if wanted_id == BLANK_ID and not wanted:
            if required:
                raise Dialog('The "valueId" or "valueCode" field must be filled in.')
            return None
        values = scope.records.find("dimensionValue", "parent", dimension.id)
        if wanted_id != BLANK_ID:
            found = [value for value in values if value.id == wanted_id]
            if not found:
                raise Dialog('The "valueId" does not match to a Dimension Value.')
            if wanted and found[0].body["code"] != wanted:
                raise Dialog(
                    'The values of the "dimensionCode" field and the "dimensionId" field do not refer to the same '
                    "Dimension Value."
                )
            return found[0]
        found = [value for value in values if value.body["code"] == wanted]
        if not found:
            raise Dialog('The "valueCode" does not match to a Dimension Value.')
        return found[0]


def is_posted(scope: Scope, record: Record) -> bool:
    """Whether a document, or the document of a line, has been posted."""
    if record.body.get("_posted"):
        return True
    above = record.body.get("documentId")
    if not above:
        return False
    kind = record.kind.removesuffix("Line")
    header = scope.get(kind, above)
    return header is not None and bool(header.body.get("_posted"))


def entry_dimensions(scope: Scope, row: Row) -> list[tuple[str, str]]:
    """The dimensions of a G/L entry, by their ids."""
    place = int(row.values["entryNumber"])
    for number, line in enumerate(scope.company.book.lines(), start=1):
        if number == place:
            return _ids_of(scope, line.posting.dimensions)
    return []


def _ids_of(scope: Scope, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found = []
    for name, value in pairs:
        dimension = scope.by("dimension", "code", name.lower())
        values = scope.records.find("dimensionValue", "parent", dimension.id) if dimension else []
        found += [(dimension.id, v.id) for v in values if dimension and v.body["code"] == value]
    return found


def default_dimensions(scope: Scope, *owners: str) -> list[list[str]]:
    """The dimensions that masters bring along, by id; those of earlier owners go before."""
    brought: dict[str, str] = {}
    for owner in owners:
        for record in scope.records.find("defaultDimension", "parent", owner) if owner else []:
            if record.body["dimensionValueId"] != BLANK_ID:
                brought.setdefault(record.body["dimensionId"], record.body["dimensionValueId"])
    return [[dimension, value] for dimension, value in brought.items()]


def check_rules(scope: Scope, body: Mapping[str, Any], *owners: tuple[str, str], told: str) -> None:
    """What masters demand of the dimensions of what is posted on them.

    ``owners`` are ids and captions; ``told`` is the sentence of a refusal, with a place for the demand.
    """
    carried = dict(body.get("_dimensions", []))
    for owner, name in owners:
        for record in scope.records.find("defaultDimension", "parent", owner) if owner else []:
            problem = _broken_rule(scope, record, carried.get(record.body["dimensionId"]), name)
            if problem:
                raise Dialog(told.replace("{problem}", problem))


def _broken_rule(scope: Scope, record: Record, value: str | None, owner: str) -> str:
    """Source: codeunit 408 DimensionManagement (Text005, SameCodeWrongDimOrNoCode02Err, BlankValueLbl)."""
    rule, named = record.body["postingValidation"], record.body["dimensionCode"]
    if rule == encoded("Code Mandatory") and value is None:
        return f"Select a Dimension Value Code for the Dimension Code {named} for {owner}."
    wanted = record.body["dimensionValueId"] if rule == encoded("Same Code") else None
    if rule not in (encoded("Same Code"), encoded("No Code")) or value == wanted:
        return ""
    must, now = _value_code(scope, wanted), _value_code(scope, value)
    return f"The Dimension Value Code must be {must} for Dimension Code {named} for {owner}. Currently it's {now}."


def _value_code(scope: Scope, id: str | None) -> str:
    record = scope.records.get("dimensionValue", id) if id else None
    return str(record.body["code"]) if record is not None else "blank"


def coded_dimensions(scope: Scope, body: Mapping[str, Any]) -> list[list[str]]:
    """The dimensions of a record by their codes, as facts of its posting."""
    coded = []
    for dimension_id, value_id in body.get("_dimensions", []):
        dimension, value = scope.records.get("dimension", dimension_id), scope.records.get("dimensionValue", value_id)
        if dimension is not None and value is not None:
            coded.append([dimension.body["code"], value.body["code"]])
    return coded


SETS = (Dimensions(), DimensionValues(), DefaultDimensions(), DimensionSetLines())
