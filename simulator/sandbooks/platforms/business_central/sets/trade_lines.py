"""Lines of documents of trade: on a G/L account, an item, or a mere comment; ``line_kinds`` has the other kinds.

Source: pages Purchase Invoice Lines and Sales Invoice Lines of API v2.0, codeunits Purch. Inv. Aggregator and Sales
Invoice Aggregator, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.business_central.fields import plain
from sandbooks.platforms.business_central.names import BLANK_ID, caption, encoded
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets import line_kinds
from sandbooks.platforms.business_central.sets.dimensions import default_dimensions
from sandbooks.platforms.business_central.sets.entity import EntitySet, Given, Parent, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.tax_facts import tax_group

TYPES = ("Comment", "Account", "Item", *line_kinds.KINDS)
STEP = 10000
_PRICES = {"directUnitCost": "Direct Unit Cost", "unitCost": "Direct Unit Cost", "unitPrice": "Unit Price"}
_DIGITS_MAX = 15  # before the point: more than the books can hold


def amounts_of(line: Mapping[str, Any], currency: str) -> Money:
    """Quantity times price less the line's discount, rounded. Raises ``FieldRule``.

    A line that an allocation account made has the amount that it was given, whatever its rounded price.
    """
    if "_lineAmount" in line and not _is_comment(line):
        return Money.of(Decimal(line["_lineAmount"]), currency).rounded()
    return gross_of(line, currency) - Money.of(Decimal(line["discountAmount"]), currency).rounded()


def gross_of(line: Mapping[str, Any], currency: str) -> Money:
    """Quantity times price, rounded; nothing for a comment. Raises ``FieldRule`` for what no amount can hold.

    Source: table Purchase Line (UpdateAmounts), github.com/microsoft/BCApps
    """
    member, named = next((member, named) for member, named in _PRICES.items() if member in line)
    price = Decimal(line[member])
    quantity = Decimal(line["quantity"])
    if price.adjusted() + quantity.adjusted() >= _DIGITS_MAX:
        raise FieldRule(f"The Line Amount is too large: reduce the Quantity or the {named}.")
    return Money.zero(currency) if _is_comment(line) else (Money.of(price, currency) * quantity).rounded()


def _is_comment(line: Mapping[str, Any]) -> bool:
    return caption(line["lineType"]) == "Comment"


def lines_of(scope: Scope, lines: EntitySet, document: str) -> list[Record]:
    """The lines of a document in their order."""
    found = scope.records.find(lines.type, "parent", document)
    return sorted(found, key=lambda line: int(line.body["sequence"]))


class TradeLines(StoredSet):
    """Lines of one kind of document of trade."""

    inserts = modifies = deletes = True
    tracked = False
    order = "sequence"
    children = ("dimensionSetLines",)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "account": ("accounts", "accountId"),
        "item": ("items", "itemId"),
        "location": ("locations", "locationId"),
        "unitOfMeasure": ("unitsOfMeasure", "unitOfMeasureId"),
    }
    header: ClassVar[str]
    party: ClassVar[str]
    table: ClassVar[str]
    price: ClassVar[str]
    no_document: ClassVar[str] = "You must specify an Id or a Document Id to get the lines."

    def tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a line's tax code charges; None where that is nothing."""
        raise NotImplementedError

    def price_of(self, scope: Scope, item: Record, values: Mapping[str, Any]) -> Any:
        """The price that a line on an item begins with."""
        raise NotImplementedError

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered & {"documentId", "id"}:
            raise Dialog(self.no_document)

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        named = given.values.get("documentId", BLANK_ID)
        if parent is not None and named not in (BLANK_ID, parent.id):
            raise Dialog('The value for "documentId" cannot be modified.')
        document = scope.get(self.header, parent.id if parent else named)
        if document is None:
            raise Dialog(self.no_document)
        _check_draft(document)
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        values["documentId"] = document.id
        self._number(scope, given, values)
        self._settle(scope, given, values, document)
        owners = (values["accountId"], values["itemId"], document.body[f"{self.party}Id"])
        own = default_dimensions(scope, *owners)
        above = [each for each in document.body.get("_dimensions", []) if each[0] not in [mine[0] for mine in own]]
        values["_dimensions"] = [*own, *above]
        record = self.save(scope, self.new_id(scope, given), values)
        if scope.inserting != document.id:
            self._recount(scope, document.id)
        return self.row(scope, record.id)

    def parts_created(self, scope: Scope, parent: Parent) -> None:
        self._recount(scope, parent.id)

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        document = self._document(scope, record)
        _check_draft(document)
        if given.values.get("documentId", document.id) != document.id:
            raise Dialog('The value for "documentId" cannot be modified.')
        if given.values.get("sequence", record.body["sequence"]) != record.body["sequence"]:
            raise Dialog("The value for sequence cannot be modified. Delete and insert the line again.")
        number_ = record.body["lineObjectNumber"]
        if given.values.get("lineObjectNumber", number_) != number_ and not given.has("itemId", "accountId"):
            raise Dialog('The value for "lineObjectNumber" cannot be modified.')
        values = {**record.copy(), **_of_another_kind(record, given), **given.values}
        self._settle(scope, given, values, document)
        self.save(scope, record.id, values)
        self._recount(scope, document.id)
        return self.row(scope, record.id)

    def delete(self, scope: Scope, row: Row) -> None:
        record = record_of(row)
        document = self._document(scope, record)
        _check_draft(document)
        self.remove(scope, record)
        self._recount(scope, document.id)

    def _document(self, scope: Scope, record: Record) -> Record:
        document = scope.get(self.header, record.body["documentId"])
        if document is None:
            raise AssertionError("a line has its document")
        return document

    def _recount(self, scope: Scope, document: str) -> None:
        from sandbooks.platforms.business_central.sets.headers import HEADERS

        HEADERS[self.header].recount(scope, document)

    def _number(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        taken = self._taken(scope, values["documentId"])
        if not given.values.get("sequence"):
            values["sequence"] = (max(taken, default=0) // STEP + 1) * STEP
        elif values["sequence"] in taken:
            raise Dialog("You cannot insert a line with a duplicate sequence number.")
        taken.add(int(values["sequence"]))

    def _taken(self, scope: Scope, document: str) -> set[int]:
        """The line numbers of a document; read once for lines that come together."""
        key = f"{self.name}/{document}"
        taken: set[int] | None = scope.kept.get(key) if scope.inserting == document else None
        if taken is None:
            taken = {int(line.body["sequence"]) for line in lines_of(scope, self, document)}
            scope.kept[key] = taken
        return taken

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any], document: Record) -> None:
        """What the line is about, its tax code and its discount."""
        if given.values.get("itemId", BLANK_ID) != BLANK_ID and given.values.get("accountId", BLANK_ID) != BLANK_ID:
            raise Dialog('Both "itemId" and "accountId" are specified. Specify only one of them.')
        if given.has("lineType", "itemId", "accountId", "lineObjectNumber"):
            self._settle_object(scope, given, values)
        if given.has("unitOfMeasureId", "unitOfMeasureCode") and caption(values["lineType"]) != "Item":
            raise Dialog("Unit of Measure can be set only for lines with type Item.")
        tax_group(scope, values["taxCode"], table=self.table)
        self._settle_discount(given, values, document.body["currencyCode"])
        wanted = given.values.get("locationId", BLANK_ID)
        if wanted != BLANK_ID and scope.get("location", wanted) is None:
            raise Dialog('The "locationId" does not match to a Location.')

    def _settle_object(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        kind = caption(values["lineType"])
        if given.values.get("itemId", BLANK_ID) != BLANK_ID:
            kind = "Item"
        elif given.values.get("accountId", BLANK_ID) != BLANK_ID:
            kind = "Account"
        values["lineType"] = encoded(kind)
        if kind in line_kinds.KINDS:
            self._settle_other(scope, kind, given, values)
            return
        if kind == "Comment":
            values.update(itemId=BLANK_ID, accountId=BLANK_ID, lineObjectNumber="")
            return
        member, of_kind = ("itemId", "item") if kind == "Item" else ("accountId", "account")
        chosen = given.values.get(member, BLANK_ID)
        if chosen != BLANK_ID:
            record = scope.get(of_kind, chosen)
        elif values["lineObjectNumber"]:
            record = scope.by(of_kind, "number", values["lineObjectNumber"].lower())
        else:
            return
        if record is None:
            if chosen != BLANK_ID:
                raise Dialog(f"{kind} does not exist.")
            related = "G/L Account" if kind == "Account" else "Item"
            raise Unrelated("No.", self.table, values["lineObjectNumber"], related)
        check_line_object(kind, record)
        other = "accountId" if kind == "Item" else "itemId"
        values.update({member: record.id, other: BLANK_ID, "lineObjectNumber": record.body["number"]})
        if not given.has("description"):
            values["description"] = record.body["displayName"]
        if not given.has("taxCode"):
            values["taxCode"] = record.body.get("_taxCode", "") if kind == "Account" else record.body["taxGroupCode"]
        if kind == "Item" and not given.has(self.price):
            values[self.price] = self.price_of(scope, record, values)

    def _settle_other(self, scope: Scope, kind: str, given: Given, values: dict[str, Any]) -> None:
        """A line on a resource, a fixed asset, an item charge or an allocation account."""
        values.update(itemId=BLANK_ID, accountId=BLANK_ID)
        if not values["lineObjectNumber"]:
            return
        record = line_kinds.named(scope, kind, values["lineObjectNumber"], table=self.table)
        values["lineObjectNumber"] = record.body["number"]
        if not given.has("description"):
            values["description"] = record.body["displayName"]
        if not given.has("taxCode"):
            values["taxCode"] = line_kinds.tax_code(scope, record)
        if kind == line_kinds.RESOURCE and not given.has(self.price):
            values[self.price] = record.body["unitCost"]

    def _settle_discount(self, given: Given, values: dict[str, Any], currency: str) -> None:
        """Discount by percentage or by amount; each follows from the other."""
        if given.has(self.price, "quantity", "discountAmount", "discountPercent"):
            values.pop("_lineAmount", None)
        gross = gross_of(values, currency)
        if given.has("discountAmount") and not given.has("discountPercent"):
            values["discountAmount"] = plain(Money.of(Decimal(values["discountAmount"]), currency).rounded().amount)
            share = Decimal(values["discountAmount"]) * 100 / gross.amount if gross else Decimal(0)
            values["discountPercent"] = plain(round(share, 5))
        if not 0 <= values["discountPercent"] <= 100:
            raise FieldRule("The value of Line Discount % must be between 0 and 100.")
        if not given.has("discountAmount") or given.has("discountPercent") or not gross:
            part = gross * (Decimal(values["discountPercent"]) / 100)
            values["discountAmount"] = plain(part.rounded().amount)


def _of_another_kind(record: Record, given: Given) -> dict[str, Any]:
    """What a line loses with another type: what it was about. Source: tables Purchase Line and Sales Line (Type)"""
    if caption(given.values.get("lineType", record.body["lineType"])) == caption(record.body["lineType"]):
        return {}
    return {"itemId": BLANK_ID, "accountId": BLANK_ID, "lineObjectNumber": ""}


def check_line_object(kind: str, record: Record) -> None:
    """Refuse accounts and items that a line may not name."""
    body, no = record.body, record.body["number"]
    if kind == "Account":
        if body["accountType"] != "Posting":
            raise FieldRule(f"Account Type must be equal to 'Posting' in G/L Account: No.={no}.")
        if not body["directPosting"]:
            raise FieldRule(f"Direct Posting must be equal to 'Yes' in G/L Account: No.={no}. Current value is 'No'.")
    if body["blocked"]:
        table = "G/L Account" if kind == "Account" else "Item"
        raise FieldRule(f"Blocked must be equal to 'No' in {table}: No.={no}. Current value is 'Yes'.")


def _check_draft(document: Record) -> None:
    from sandbooks.platforms.business_central.sets.headers import HEADERS
    from sandbooks.platforms.business_central.sets.trade import check_draft

    check_draft(document, HEADERS[document.kind].word)
