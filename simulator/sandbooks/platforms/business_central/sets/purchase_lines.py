"""Lines of purchase documents, their members and their tax.

Source: page Purchase Invoice Lines and codeunit Purch. Inv. Aggregator, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import choice, code, day, flag, number, shown, text, uid, whole
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.tax_facts import tax_facts, tax_group, use_tax
from sandbooks.platforms.business_central.sets.trade_lines import (
    TYPES,
    TradeLines,
)

TABLE = "Purchase Line"


def line_tax(scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a line's tax code charges. Sales tax is charged only where the vendor's tax area says so."""
    if not scope.uses_vat:
        return _sales_tax(scope, header, line)
    return tax_facts(scope, line["taxCode"], side="Purchase", table=TABLE)


def _sales_tax(scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
    # Unconfirmed: amounts of areas with several jurisdictions; one rate for the company's own area is applied.
    vendor = scope.get("vendor", header["vendorId"])
    group = tax_group(scope, line["taxCode"], table=TABLE)
    if vendor is None or group is None or str(group.body["_rate"]) == "0":
        return None
    if not vendor.body["taxLiable"]:
        # Unconfirmed: a line is marked for use tax by hand; here the setting marks those of vendors that charge no tax.
        return use_tax(scope, group)
    return {
        "code": group.body["code"],
        "rate": str(group.body["_rate"]),
        "calculation": "Sales Tax",
        "recoverable": "0",
        "account": scope.posting["input_tax"],
        "reverse_account": scope.posting["reverse_tax"],
    }


_SHARED = (
    uid("documentId"),
    whole("sequence"),
    uid("itemId"),
    uid("accountId"),
    choice("lineType", *TYPES),
    code("lineObjectNumber"),
    text("description"),
)
_MEASURE = (uid("unitOfMeasureId"), code("unitOfMeasureCode", 10))
_PRICE = (number("quantity"), number("discountAmount"), number("discountPercent"))
_AMOUNTS = shown(
    number("amountExcludingTax"),
)
_RESULT = shown(
    number("totalTaxAmount"),
    number("amountIncludingTax"),
    number("invoiceDiscountAllocation"),
    number("netAmount"),
    number("netTaxAmount"),
    number("netAmountIncludingTax"),
)
_TAX = (code("taxCode"), *shown(number("taxPercent")))
_PLACE = (uid("itemVariantId"), uid("locationId"))


class PurchaseLines(TradeLines):
    """Lines of one kind of purchase document."""

    party, table, price = "vendor", TABLE, "unitCost"

    def tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        return line_tax(scope, header, line)

    def price_of(self, scope: Scope, item: Record, values: Mapping[str, Any]) -> Any:
        return item.body["unitCost"]


class PurchaseInvoiceLines(PurchaseLines):
    name, type, caption = "purchaseInvoiceLines", "purchaseInvoiceLine", "Purch. Inv. Line Aggregate"
    header = "purchaseInvoice"
    parents: ClassVar[Mapping[str, str]] = {"purchaseInvoices": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        **PurchaseLines.to_one,
        "purchaseInvoice": ("purchaseInvoices", "documentId"),
    }
    fields = (
        *_SHARED,
        text("description2", 50),
        *_MEASURE,
        number("unitCost"),
        *_PRICE,
        *shown(flag("discountAppliedBeforeTax")),
        *_AMOUNTS,
        *_TAX,
        *_RESULT,
        day("expectedReceiptDate"),
        *_PLACE,
    )


class PurchaseCreditMemoLines(PurchaseLines):
    name, type, caption = "purchaseCreditMemoLines", "purchaseCreditMemoLine", "Purch. Inv. Line Aggregate"
    header = "purchaseCreditMemo"
    no_document = "You must specify an id or a Document Id to get the lines."
    parents: ClassVar[Mapping[str, str]] = {"purchaseCreditMemos": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        **PurchaseLines.to_one,
        "purchaseCreditMemo": ("purchaseCreditMemos", "documentId"),
    }
    fields = (
        *_SHARED,
        *_MEASURE,
        number("unitCost"),
        *_PRICE,
        *shown(flag("discountAppliedBeforeTax")),
        *_AMOUNTS,
        *_TAX,
        *_RESULT,
        *_PLACE,
    )


class PurchaseOrderLines(PurchaseLines):
    name, type, caption = "purchaseOrderLines", "purchaseOrderLine", "Purchase Order Line"
    header = "purchaseOrder"
    price = "directUnitCost"
    parents: ClassVar[Mapping[str, str]] = {"purchaseOrders": "documentId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        **PurchaseLines.to_one,
        "purchaseOrder": ("purchaseOrders", "documentId"),
    }
    fields = (
        *_SHARED,
        text("description2", 50),
        *_MEASURE,
        number("directUnitCost"),
        *_PRICE,
        *shown(flag("discountAppliedBeforeTax")),
        *_AMOUNTS,
        *_TAX,
        *_RESULT,
        day("expectedReceiptDate"),
        *shown(number("receivedQuantity"), number("invoicedQuantity")),
        number("invoiceQuantity"),
        number("receiveQuantity"),
        *_PLACE,
    )


INVOICE_LINES, CREDIT_LINES, ORDER_LINES = PurchaseInvoiceLines(), PurchaseCreditMemoLines(), PurchaseOrderLines()
