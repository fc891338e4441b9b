"""Purchase documents: headers of invoices, orders and credit memos, and what may be done with them.

Source: pages Purchase Invoices, Purchase Credit Memos and Purchase Orders, codeunit Purch. Inv. Aggregator,
github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec.structs import replace

from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central.fields import choice, code, day, flag, shown, text, uid
from sandbooks.platforms.business_central.refusals import FieldRule
from sandbooks.platforms.business_central.sets import unrealised
from sandbooks.platforms.business_central.sets.entity import Action, Given, Pair, Scope
from sandbooks.platforms.business_central.sets.purchase_lines import CREDIT_LINES, INVOICE_LINES, ORDER_LINES
from sandbooks.platforms.business_central.sets.trade import (
    CURRENCY,
    DIMENSIONS,
    STATUS,
    TERMS,
    TOTALS,
    TradeDocuments,
    address,
    settle_invoice,
)

PAY_TO = Pair(
    "payToVendorId",
    "payToVendorNumber",
    "vendor",
    "number",
    "The pay-to vendor cannot be found.",
    "The pay-to vendor cannot be found.",
    "The pay-to vendor cannot be found.",
)
BUY_FROM = Pair(
    "vendorId",
    "vendorNumber",
    "vendor",
    "number",
    "The vendor cannot be found.",
    "The vendor cannot be found.",
    "The vendor cannot be found.",
)


def _vendor_pairs(table: str) -> tuple[Pair, Pair]:
    """Buy-from and pay-to vendor of orders and credit memos, whose pages word their refusals otherwise."""
    # Source: pages Purchase Orders and Purchase Credit Memos of API v2.0, github.com/microsoft/ALAppExtensions
    no_one, nobody = "The buy-from vendor cannot be found.", "The pay-to vendor cannot be found."
    return (
        replace(
            BUY_FROM,
            no_id=no_one,
            no_other=no_one,
            conflict=f"The buy-from vendor values do not match to a {table}.",
        ),
        replace(PAY_TO, no_id=nobody, no_other=nobody, conflict=f"The pay-to vendor values do not match to a {table}."),
    )


_PARTIES = (
    uid("vendorId"),
    code("vendorNumber"),
    *shown(text("vendorName"), text("payToName")),
    uid("payToVendorId"),
    code("payToVendorNumber"),
)
_DELIVERY = (text("shipToName"), text("shipToContact"), *address("shipTo"))
_ADDRESSES = (*address("buyFrom"), *shown(*address("payTo")))


class PurchaseDocuments(TradeDocuments):
    """Headers of one kind of purchase document."""

    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "vendor": ("vendors", "vendorId"),
        "currency": ("currencies", "currencyId"),
        "pdfDocument": ("pdfDocument", "id"),
    }
    party, seat, payer, role, item_role = "vendor", "buyFrom", "payTo", "payables", "purchases"
    table = "Purchase Header"
    no_party = 'A "vendorNumber" or a "vendorID" must be provided.'
    parties: ClassVar[tuple[Pair, Pair]] = (BUY_FROM, PAY_TO)

    def posted_stays(self) -> Refusal:
        return FieldRule(
            "Allow Document Deletion Before must have a value in Purchases & Payables Setup: Primary Key=. "
            "It cannot be zero or empty."
        )

    def posted_tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        return unrealised.on_own_accounts(scope, self.lines.tax(scope, header, line))


class PurchaseInvoices(PurchaseDocuments):
    name, type, caption = "purchaseInvoices", "purchaseInvoice", "Purchase Invoice"
    children = ("purchaseInvoiceLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "vendorId", "vendorNumber", "vendorInvoiceNumber", "currencyId")
    lines, word, date_member, series = INVOICE_LINES, "invoice", "invoiceDate", 107001
    posted_series, reference = 108001, "vendorInvoiceNumber"
    fields = (
        *shown(code("number")),
        day("postingDate"),
        day("invoiceDate"),
        day("dueDate"),
        code("vendorInvoiceNumber", 35),
        *_PARTIES,
        *shown(text("payToContact")),
        *_DELIVERY,
        *_ADDRESSES,
        *DIMENSIONS,
        *CURRENCY,
        *shown(uid("orderId"), code("orderNumber")),
        code("purchaser"),
        *TOTALS,
        choice("status", *STATUS).read_only,
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets.purchase_posting import post_invoice

        return {"Microsoft.NAV.post": post_invoice}


class PurchaseCreditMemos(PurchaseDocuments):
    name, type, caption = "purchaseCreditMemos", "purchaseCreditMemo", "Purchase Credit Memo"
    children = ("purchaseCreditMemoLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "vendorId", "vendorNumber", "vendorCreditMemoNumber", "currencyId", "invoiceId")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {**PurchaseDocuments.to_one, **TERMS}
    lines, word, date_member, series = CREDIT_LINES, "credit memo", "creditMemoDate", 1001
    posted_series, reference = 109001, "vendorCreditMemoNumber"
    no_party = 'A "vendorNumber" or a "vendorId" must be provided.'
    parties = _vendor_pairs("Vendor")
    fields = (
        *shown(code("number")),
        day("creditMemoDate"),
        day("postingDate"),
        day("dueDate"),
        *_PARTIES,
        *address("buyFrom"),
        *address("payTo"),
        *DIMENSIONS,
        *CURRENCY,
        uid("paymentTermsId"),
        uid("shipmentMethodId"),
        code("purchaser"),
        *shown(TOTALS[0]),
        *TOTALS[1:],
        uid("invoiceId"),
        code("invoiceNumber"),
        code("vendorCreditMemoNumber", 35),
        uid("vendorReturnReasonId"),
        choice("status", *STATUS).read_only,
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets.purchase_posting import cancel_credit_memo, post_credit_memo

        return {"Microsoft.NAV.post": post_credit_memo, "Microsoft.NAV.cancel": cancel_credit_memo}

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        self.check_terms(scope, given)
        settle_invoice(scope, given, values, kind="purchaseInvoice", party="vendorId")


class PurchaseOrders(PurchaseDocuments):
    name, type, caption = "purchaseOrders", "purchaseOrder", "Purchase Order"
    children = ("purchaseOrderLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "vendorId", "vendorNumber", "currencyId")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {**PurchaseDocuments.to_one, **TERMS}
    lines, word, date_member, series = ORDER_LINES, "order", "orderDate", 106001
    no_party = 'A "vendorNumber" or a "vendorId" must be provided.'
    parties = _vendor_pairs("specific Vendor")
    fields = (
        *shown(code("number")),
        day("orderDate"),
        day("postingDate"),
        *_PARTIES,
        *_DELIVERY,
        *_ADDRESSES,
        *DIMENSIONS,
        *CURRENCY,
        uid("paymentTermsId"),
        uid("shipmentMethodId"),
        code("purchaser"),
        day("requestedReceiptDate"),
        *TOTALS,
        *shown(flag("fullyReceived")),
        choice("status", *STATUS).read_only,
    )

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        self.check_terms(scope, given)

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets.purchase_posting import receive_and_invoice

        return {"Microsoft.NAV.receiveAndInvoice": receive_and_invoice}


INVOICES, CREDIT_MEMOS, ORDERS = PurchaseInvoices(), PurchaseCreditMemos(), PurchaseOrders()
HEADERS: dict[str, PurchaseDocuments] = {each.type: each for each in (INVOICES, CREDIT_MEMOS, ORDERS)}
SETS = (INVOICES, CREDIT_MEMOS, ORDERS, INVOICE_LINES, CREDIT_LINES, ORDER_LINES)
