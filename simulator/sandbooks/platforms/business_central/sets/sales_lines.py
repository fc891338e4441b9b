"""Lines of sales documents: on a G/L account, an item, or a mere comment.

Source: pages Sales Invoice Lines, Sales Credit Mem Lines, Sales Order Lines and Sales Quote Lines of API v2.0, table
Sales Line, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import day, number, plain, shown
from sandbooks.platforms.business_central.names import BLANK_ID, caption
from sandbooks.platforms.business_central.sets.entity import Given, Scope, single
from sandbooks.platforms.business_central.sets.purchase_lines import PurchaseInvoiceLines
from sandbooks.platforms.business_central.sets.tax_facts import area_tax, tax_facts, tax_group
from sandbooks.platforms.business_central.sets.trade_lines import TYPES, TradeLines
from sandbooks.platforms.business_central.vat import NORMAL, REVERSE, SALES

_TAKEN = ("Comment", "Account", "Item")
_UNIT = Decimal("0.00001")  # the unit-amount rounding precision of General Ledger Setup


class SalesLines(TradeLines):
    """Lines of one kind of sales document."""

    party, table, price = "customer", "Sales Line", "unitPrice"

    def tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a line's tax code charges. Sales tax is charged only to customers that are liable to it; reverse charge
        is the customer's to pay."""
        if not scope.uses_vat:
            return self._sales_tax(scope, header, line)
        found = tax_facts(scope, line["taxCode"], side="Sale", table=self.table)
        return None if found is None or found["calculation"] == REVERSE else found

    def _sales_tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        # Unconfirmed: amounts of areas with several jurisdictions; one rate for the company's own area is applied.
        customer = scope.get("customer", header["customerId"])
        group = tax_group(scope, line["taxCode"], table=self.table)
        if customer is None or group is None or not customer.body["taxLiable"] or not Decimal(str(group.body["_rate"])):
            return None
        return area_tax(scope, group, calculation=SALES, roles=("output_tax", "reverse_tax"))

    def price_of(self, scope: Scope, item: Record, values: Mapping[str, Any]) -> Any:
        """The item's price, with or without VAT as the document has its prices.

        Source: table Sales Line (Unit Price), codeunit Sales Price Calc. Mgt.
        """
        price, header = Decimal(str(item.body["unitPrice"])), scope.get(self.header, values["documentId"])
        inclusive = bool(header is not None and header.body["pricesIncludeTax"])
        facts = self.tax(scope, header.body, values) if header is not None else None
        if facts is None or facts["calculation"] != NORMAL or inclusive == bool(item.body["priceIncludesTax"]):
            return plain(price)
        factor = 1 + Decimal(str(facts["rate"])) / 100
        return plain((price * factor if inclusive else price / factor).quantize(_UNIT))

    def _settle_object(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        kind = caption(values["lineType"])
        by_id = any(given.values.get(member, BLANK_ID) != BLANK_ID for member in ("itemId", "accountId"))
        if kind in TYPES and kind not in _TAKEN and not by_id:
            raise NotSimulated(f"sales lines of type {kind}")
        super()._settle_object(scope, given, values)


_RENAMED = {"unitCost": number("unitPrice"), "expectedReceiptDate": day("shipmentDate")}
_FIELDS = tuple(_RENAMED.get(each.name, each) for each in PurchaseInvoiceLines.fields)
_NO_SHIPMENT = frozenset(["invoiceDiscountAllocation", "shipmentDate"])


def _to_one(headers: str) -> Mapping[str, tuple[str, str]]:
    return {**TradeLines.to_one, single(headers): (headers, "documentId")}


class SalesInvoiceLines(SalesLines):
    name, type, caption = "salesInvoiceLines", "salesInvoiceLine", "Sales Invoice Line Aggregate"
    header = "salesInvoice"
    parents: ClassVar[Mapping[str, str]] = {"salesInvoices": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = _to_one("salesInvoices")
    fields = _FIELDS


class SalesCreditMemoLines(SalesLines):
    name, type, caption = "salesCreditMemoLines", "salesCreditMemoLine", "Sales Invoice Line Aggregate"
    header = "salesCreditMemo"
    no_document = "You must specify an id or a Document Id to get the lines."
    parents: ClassVar[Mapping[str, str]] = {"salesCreditMemos": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = _to_one("salesCreditMemos")
    fields = _FIELDS


class SalesOrderLines(SalesLines):
    name, type, caption = "salesOrderLines", "salesOrderLine", "Sales Invoice Line Aggregate"
    header = "salesOrder"
    parents: ClassVar[Mapping[str, str]] = {"salesOrders": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = _to_one("salesOrders")
    fields = (
        *_FIELDS,
        *shown(number("shippedQuantity"), number("invoicedQuantity")),
        number("invoiceQuantity"),
        number("shipQuantity"),
    )

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any], document: Record) -> None:
        """All of it is to be shipped and invoiced. Source: table Sales Line (InitQtyToShip)"""
        for member in ("shipQuantity", "invoiceQuantity"):
            if given.has("quantity") and not given.has(member):
                values[member] = values["quantity"]
        super()._settle(scope, given, values, document)


class SalesQuoteLines(SalesLines):
    name, type, caption = "salesQuoteLines", "salesQuoteLine", "Sales Invoice Line Aggregate"
    header = "salesQuote"
    parents: ClassVar[Mapping[str, str]] = {"salesQuotes": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = _to_one("salesQuotes")
    fields = tuple(each for each in _FIELDS if each.name not in _NO_SHIPMENT)


INVOICE_LINES, CREDIT_LINES = SalesInvoiceLines(), SalesCreditMemoLines()
ORDER_LINES, QUOTE_LINES = SalesOrderLines(), SalesQuoteLines()
