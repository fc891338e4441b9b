"""Master data: vendors, customers, employees, items, currencies, terms, and the other short lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import known_currency
from sandbooks.platforms.business_central.date_formulas import is_date_formula
from sandbooks.platforms.business_central.fields import (
    Field,
    choice,
    code,
    day,
    flag,
    number,
    shown,
    text,
    uid,
)
from sandbooks.platforms.business_central.names import BLANK_ID, encoded
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule
from sandbooks.platforms.business_central.sets.booking import party_balance
from sandbooks.platforms.business_central.sets.entity import Given, Pair, Parent, Row, Scope, StoredSet, pair

CURRENCY = pair("currencyId", "currencyCode", "currency", "code", table="Currency")
ADDRESS = (
    text("addressLine1"),
    text("addressLine2", 50),
    text("city", 30),
    text("state", 30),
    code("country", 10),
    code("postalCode"),
    text("phoneNumber", 30),
    text("email", 80),
    text("website", 80),
    text("taxRegistrationNumber", 50),
)


class CodedSet(StoredSet):
    """A short list whose records are known by a code."""

    inserts = modifies = deletes = True
    key: ClassVar[str] = "code"
    keys: ClassVar[tuple[str, ...]] = ("code",)
    series: ClassVar[tuple[str, int, int]] = ("", 0, 0)  # prefix, first number, step; no prefix: no series

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        if not values[self.key]:
            values[self.key] = self.next_key(scope)
        if not values[self.key]:
            raise FieldRule(f"{self.key_caption} must be filled in. Enter a value.")
        self.one_of_a_kind(scope, self.key, values[self.key], label=self.key_caption)
        self.check(scope, given, values, None)
        record = self.save(scope, self.new_id(scope, given), values)
        self.made(scope, record)
        return self.render(scope, record)

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        values = {**record.copy(), **given.values}
        if not values[self.key]:
            raise FieldRule(f"{self.key_caption} must be filled in. Enter a value.")
        self.one_of_a_kind(scope, self.key, values[self.key], but=record.id, label=self.key_caption)
        self.check(scope, given, values, record)
        kept = self.save(scope, record.id, values)
        self.made(scope, kept)
        return self.render(scope, kept)

    def delete(self, scope: Scope, row: Row) -> None:
        self.remove(scope, record_of(row))

    @property
    def key_caption(self) -> str:
        return "No." if self.key == "number" else "Code"

    def next_key(self, scope: Scope) -> str:
        """The next free number of the series, where the table has one."""
        prefix, first, step = self.series
        while prefix:
            drawn = scope.records.next_number(f"series/{self.type}", start=1)
            wanted = f"{prefix}{first + (drawn - 1) * step:05d}"
            if not scope.records.find(self.type, self.key, wanted.lower()):
                return wanted
        return ""

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        """Rules beside the key; may complete ``values``."""

    def made(self, scope: Scope, record: Record) -> None:
        """What follows from a stored version."""


def record_of(row: Row) -> Record:
    """The record behind a stored row."""
    if row.record is None:
        raise AssertionError("a stored row has its record")
    return row.record


def check_not_blocked(kind: str, party: Record, *, verb: str, payment: bool = False) -> None:
    """Refuse a vendor or customer that is blocked for everything, or a vendor that is blocked for payments.

    ``verb`` is ``create`` or ``post``. Raises ``Dialog``.
    """
    # Source: table Vendor (CheckBlockedVendOnDocs, CheckBlockedVendOnJnls), github.com/microsoft/BCApps
    blocked = party.body["blocked"]
    if blocked == "All" or (blocked == "Payment" and payment):
        number_ = party.body["number"]
        raise Dialog(f"You cannot {verb} this type of document when {kind} {number_} is blocked with type {blocked}")


def settle_currency(scope: Scope, given: Given, values: dict[str, Any]) -> None:
    """Currency by id or code; the local currency, or none, is shown by its code with a zero id."""
    named = str(given.values.get("currencyCode", ""))
    if named == scope.company.currency and given.values.get("currencyId", BLANK_ID) == BLANK_ID:
        given = Given({**given.values, "currencyCode": "", "currencyId": BLANK_ID})
    CURRENCY.settle(scope, given, values)
    if values.get("currencyId", BLANK_ID) == BLANK_ID:
        values.update({"currencyId": BLANK_ID, "currencyCode": scope.company.currency})


OUTSTANDING = {
    "vendor": {
        "purchaseInvoice": "Purchase Invoice",
        "purchaseCreditMemo": "Purchase Credit Memo",
        "purchaseOrder": "Purchase Order",
    },
    "customer": {
        "salesInvoice": "Sales Invoice",
        "salesCreditMemo": "Sales Credit Memo",
        "salesOrder": "Sales Order",
        "salesQuote": "Sales Quote",
    },
}


class _TradingPartners(CodedSet):
    """What vendors and customers have in common."""

    key = "number"
    keys = ("number", "displayName")
    children = ("defaultDimensions", "documentAttachments", "contactsInformation")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "currency": ("currencies", "currencyId"),
        "paymentTerm": ("paymentTerms", "paymentTermsId"),
        "paymentMethod": ("paymentMethods", "paymentMethodId"),
        "picture": ("pictures", "id"),
    }
    role: ClassVar[str]
    references: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("paymentTermsId", "paymentTerm", "Payment Terms"),
        ("paymentMethodId", "paymentMethod", "Payment Method"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        settle_currency(scope, given, values)
        if record is None:
            # A contact is made with each, as its company. Source: codeunits VendCont-Update and CustCont-Update
            values["_contact"] = f"CT{scope.records.next_number('series/contact', start=1):06d}"
        for member, kind, table in self.references:
            wanted = given.values.get(member, BLANK_ID)
            if wanted != BLANK_ID and scope.get(kind, wanted) is None:
                raise Dialog(f'The "{member}" does not match to a {table}.')

    def delete(self, scope: Scope, row: Row) -> None:
        record = record_of(row)
        # Source: codeunit 361 MoveEntries, then the OnDelete of tables 23 Vendor and 18 Customer (Text000).
        if self._has_entries(scope, record.id):
            raise Dialog(
                f"You cannot delete {self.caption} {record.body['number']} because it has ledger entries in a fiscal "
                "year that has not been closed yet."
            )
        for kind, word in OUTSTANDING[self.type].items():
            if scope.records.find(kind, f"{self.type}Id", record.id):
                raise Dialog(
                    f"You cannot delete {self.caption} {record.body['number']} because there is at least one "
                    f"outstanding {word} for this {self.type}."
                )
        self.remove(scope, record)

    def _has_entries(self, scope: Scope, party: str) -> bool:
        lines = scope.company.book.lines(account=scope.posting[self.role])
        return any(line.posting.party == party for line in lines)


class Vendors(_TradingPartners):
    name, type, caption = "vendors", "vendor", "Vendor"
    # Source: page Vendors (part agedAccountsPayable), github.com/microsoft/BCApps
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        **_TradingPartners.to_one,
        "agedAccountsPayable": ("agedAccountsPayables", "id"),
    }
    series = ("V", 10, 10)
    role = "payables"
    fields = (
        code("number"),
        text("displayName"),
        *ADDRESS,
        uid("currencyId"),
        code("currencyCode", 10),
        code("irs1099Code", 10),
        uid("paymentTermsId"),
        uid("paymentMethodId"),
        flag("taxLiable"),
        choice("blocked", "", "Payment", "All"),
        *shown(number("balance")),
    )

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        return {"balance": -party_balance(scope, self.role, record.id)}


class Customers(_TradingPartners):
    name, type, caption = "customers", "customer", "Customer"
    series = ("C", 10, 10)
    role = "receivables"
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        **_TradingPartners.to_one,
        "shipmentMethod": ("shipmentMethods", "shipmentMethodId"),
    }
    references = (*_TradingPartners.references, ("shipmentMethodId", "shipmentMethod", "Shipment Method"))
    fields = (
        code("number"),
        text("displayName"),
        choice("type", "Company", "Person"),
        *ADDRESS,
        code("salespersonCode"),
        *shown(number("balanceDue")),
        number("creditLimit"),
        flag("taxLiable"),
        uid("taxAreaId"),
        *shown(text("taxAreaDisplayName")),
        uid("currencyId"),
        code("currencyCode", 10),
        uid("paymentTermsId"),
        uid("shipmentMethodId"),
        uid("paymentMethodId"),
        choice("blocked", "", "Ship", "Invoice", "All"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        if not values["displayName"]:
            given_blank = given.has("displayName")
            raise Dialog(
                'The blank "displayName" is not allowed.' if given_blank else 'A "displayName" must be provided.'
            )
        super().check(scope, given, values, record)
        wanted = given.values.get("taxAreaId", BLANK_ID)
        if wanted != BLANK_ID:
            area = scope.get("taxArea", wanted) or scope.get("taxGroup", wanted)
            if area is None:
                raise Dialog('The "taxAreaId" does not match to a Tax Area.')
            values["taxAreaDisplayName"] = area.body["displayName"]

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        # Unconfirmed: amounts that are not due yet count as well here.
        return {"balanceDue": party_balance(scope, self.role, record.id)}


class Employees(CodedSet):
    name, type, caption = "employees", "employee", "Employee"
    key = "number"
    keys = ("number",)
    series = ("E", 10, 10)
    children = ("defaultDimensions", "documentAttachments", "timeRegistrationEntries")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"picture": ("pictures", "id")}
    fields = (
        code("number"),
        *shown(text("displayName")),
        text("givenName", 30),
        text("middleName", 30),
        text("surname", 30),
        text("jobTitle", 30),
        text("addressLine1"),
        text("addressLine2", 50),
        text("city", 30),
        text("state", 30),
        code("country", 10),
        code("postalCode"),
        text("phoneNumber", 30),
        text("mobilePhone", 30),
        text("email", 80),
        text("personalEmail", 80),
        day("employmentDate"),
        day("terminationDate"),
        choice("status", "Active", "Inactive", "Terminated"),
        day("birthDate"),
        code("statisticsGroupCode", 10),
        text("bankBranchNumber", 20),
        text("bankAccountNumber", 30),
        code("iban", 50),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values["displayName"] = " ".join(
            part for part in (values["givenName"], values["middleName"], values["surname"]) if part
        )


class Items(CodedSet):
    name, type, caption = "items", "item", "Item"
    key = "number"
    keys = ("number",)
    series = ("I", 1000, 1)
    children = ("defaultDimensions", "documentAttachments")
    fields = (
        code("number"),
        text("displayName"),
        text("displayName2", 50),
        choice("type", "Inventory", "Service", "Non-Inventory"),
        uid("itemCategoryId"),
        code("itemCategoryCode"),
        flag("blocked"),
        code("gtin", 14),
        number("inventory"),
        number("unitPrice"),
        flag("priceIncludesTax"),
        number("unitCost"),
        uid("taxGroupId"),
        code("taxGroupCode"),
        uid("baseUnitOfMeasureId"),
        code("baseUnitOfMeasureCode", 10),
        uid("generalProductPostingGroupId"),
        code("generalProductPostingGroupCode"),
        uid("inventoryPostingGroupId"),
        code("inventoryPostingGroupCode"),
    )
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "itemCategory": ("itemCategories", "itemCategoryId"),
        "baseUnitOfMeasure": ("unitsOfMeasure", "baseUnitOfMeasureId"),
        "unitOfMeasure": ("unitsOfMeasure", "baseUnitOfMeasureId"),
        "picture": ("pictures", "id"),
    }
    pairs: ClassVar[tuple[Pair, ...]] = (
        pair("taxGroupId", "taxGroupCode", "taxGroup", "code", table="Tax Group"),
        Pair(
            "baseUnitOfMeasureId",
            "baseUnitOfMeasureCode",
            "unitOfMeasure",
            "code",
            'The "baseUnitOfMeasureId" does not match to a Unit of Measure.',
            'The "baseUnitOfMeasureCode" does not match to a Unit of Measure.',
            "The unit of measure values do not match to a specific Unit of Measure.",
        ),
        Pair(
            "itemCategoryId",
            "itemCategoryCode",
            "itemCategory",
            "code",
            'The "itemCategoryId" does not match to a specific Item Category group.',
            'The "itemCategoryCode" does not match to a Item Category.',
            "The item categories values do not match to a specific item category.",
        ),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        if given.has("inventory"):
            # Source: page Items of API v2.0, github.com/microsoft/ALAppExtensions (InsertItem, UpdateInventory)
            if record is None:
                raise Dialog("Inventory cannot be changed during on insert.")
            raise NotSimulated("adjusting the inventory of an item")
        for each in self.pairs:
            each.settle(scope, given, values)


class Currencies(CodedSet):
    name, type, caption = "currencies", "currency", "Currency"
    fields = (
        code("code", 10),
        text("displayName", 30),
        text("symbol", 10),
        text("amountDecimalPlaces", 5),
        number("amountRoundingPrecision"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        if not known_currency(values["code"]):
            # The application takes any code; the books of this simulator hold ISO 4217 currencies alone.
            raise FieldRule(f"Code {values['code']} is not an ISO 4217 currency.")

    def delete(self, scope: Scope, row: Row) -> None:
        for kind in ("bankAccount", "vendor", "customer", "purchaseInvoice", "salesInvoice"):
            if scope.records.find(kind, "currencyId", row.id):
                raise Dialog(f"You cannot delete Currency {row.values['code']} because it is in use.")
        super().delete(scope, row)


class PaymentTerms(CodedSet):
    name, type, caption = "paymentTerms", "paymentTerm", "Payment Terms"
    fields = (
        code("code", 10),
        text("displayName"),
        text("dueDateCalculation", 32),
        text("discountDateCalculation", 32),
        number("discountPercent"),
        flag("calculateDiscountOnCreditMemos"),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        for member in ("dueDateCalculation", "discountDateCalculation"):
            if not is_date_formula(values[member]):
                raise Dialog(f"'{values[member]}' is not a valid DateFormula.")
        # Source: table Payment Terms (Discount %: MinValue 0, MaxValue 100), github.com/microsoft/BCApps
        if not 0 <= Decimal(values["discountPercent"]) <= 100:
            raise FieldRule("The value of Discount % must be between 0 and 100.")


def coded(set_name: str, type_name: str, title: str, *more: Field, most: int = 10, writable: bool = True) -> CodedSet:
    """A list of codes with names and nothing else to it."""

    class Listed(CodedSet):
        name, type, caption = set_name, type_name, title
        fields = (code("code", most), text("displayName"), *more)
        inserts = modifies = deletes = writable

    return Listed()


class TaxGroups(CodedSet):
    """VAT product posting groups, or sales tax groups: what a line's ``taxCode`` names."""

    name, type, caption = "taxGroups", "taxGroup", "Tax Group"
    fields = (code("code"), text("displayName"), *shown(choice("taxType", "Sales Tax", "VAT")))

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values["taxType"] = encoded(str(scope.company.settings["tax_type"]))
        # What a new group is charged at stands in the posting setup, which has no page in this API: nothing.
        values.setdefault("_rate", "0")
        values.setdefault("_calculation", "Normal VAT" if scope.uses_vat else "Sales Tax")
        values.setdefault("_recoverable", "1")


class Projects(CodedSet):
    name, type, caption = "projects", "project", "Project"
    key = "number"
    keys = ("number",)
    series = ("J", 10, 10)
    children = ("documentAttachments",)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"pdfDocument": ("pdfDocument", "id")}
    fields = (code("number"), text("displayName"))


class ExchangeRates(StoredSet):
    name, type, caption = "currencyExchangeRates", "currencyExchangeRate", "Currency Exchange Rate"
    fields = shown(
        code("currencyCode", 10),
        day("startingDate"),
        number("exchangeRateAmount"),
        code("relationalCurrencyCode", 10),
        number("relationalExchangeRateAmount"),
    )
    keys = ("currencyCode",)


SETS = (
    Vendors(),
    Customers(),
    Employees(),
    Items(),
    Currencies(),
    ExchangeRates(),
    PaymentTerms(),
    TaxGroups(),
    Projects(),
    coded("paymentMethods", "paymentMethod", "Payment Method"),
    coded("shipmentMethods", "shipmentMethod", "Shipment Method"),
    coded(
        "unitsOfMeasure", "unitOfMeasure", "Unit of Measure", code("internationalStandardCode", 10), text("symbol", 10)
    ),
    coded("countriesRegions", "countryRegion", "Country/Region", text("addressFormat", 30)),
    coded("taxAreas", "taxArea", "Tax Area", *shown(choice("taxType", "Sales Tax", "VAT")), most=20),
    coded("itemCategories", "itemCategory", "Item Category", most=20),
    coded(
        "locations",
        "location",
        "Location",
        text("contact"),
        text("addressLine1"),
        text("addressLine2", 50),
        text("city", 30),
        text("state", 30),
        code("country", 10),
        code("postalCode"),
        text("phoneNumber", 30),
        text("email", 80),
        text("website", 80),
    ),
)
