"""Sales documents: headers of invoices, credit memos, orders and quotes, and what may be done with them.

Source: pages Sales Invoices, Sales Credit Memos, Sales Orders and Sales Quotes of API v2.0, codeunit Sales Invoice
Aggregator, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central.fields import choice, code, day, flag, instant, number, shown, text, uid
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, BLANK_INSTANT
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule
from sandbooks.platforms.business_central.sets.entity import Action, Given, Pair, Parent, Row, Scope
from sandbooks.platforms.business_central.sets.masters import record_of
from sandbooks.platforms.business_central.sets.posting_setup import unrealised_type
from sandbooks.platforms.business_central.sets.sales_lines import CREDIT_LINES, INVOICE_LINES, ORDER_LINES, QUOTE_LINES
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

SELL_TO = Pair(
    "customerId",
    "customerNumber",
    "customer",
    "number",
    "The sell-to customer cannot be found.",
    "The sell-to customer cannot be found.",
    "The sell-to customer values do not match to a specific Customer.",
)
BILL_TO = Pair(
    "billToCustomerId",
    "billToCustomerNumber",
    "customer",
    "number",
    "The bill-to customer cannot be found.",
    "The bill-to customer cannot be found.",
    "The bill-to customer values do not match to a specific Customer.",
)
_MAILING = ("Microsoft.NAV.send", "Microsoft.NAV.postAndSend", "Microsoft.NAV.cancelAndSend")
_PARTIES = (
    uid("customerId"),
    code("customerNumber"),
    *shown(text("customerName"), text("billToName")),
    uid("billToCustomerId"),
    code("billToCustomerNumber"),
)
_SHIP_TO = (text("shipToName"), text("shipToContact"), *address("shipTo"))
_CONTACT = (text("phoneNumber", 30), text("email", 80))
_BETWEEN = (
    *DIMENSIONS,
    *CURRENCY,
    uid("paymentTermsId"),
    uid("shipmentMethodId"),
    code("salesperson"),
)


class SalesDocuments(TradeDocuments):
    """Headers of one kind of sales document. Nothing is sent by mail here."""

    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "customer": ("customers", "customerId"),
        "currency": ("currencies", "currencyId"),
        "pdfDocument": ("pdfDocument", "id"),
        **TERMS,
    }
    lacks = ("dimensionValue", *_MAILING)
    party, seat, payer, role, item_role = "customer", "sellTo", "billTo", "receivables", "sales"
    table = "Sales Header"
    no_party = 'A "customerNumber" or a "customerId" must be provided.'
    parties: ClassVar[tuple[Pair, Pair]] = (SELL_TO, BILL_TO)
    due_follows = ("paymentTermsId",)
    party_brings = (
        *("phoneNumber", "email", "paymentTermsId", "shipmentMethodId", "shipToName"),
        *(field.name for field in address("shipTo")),
    )

    def posted_stays(self) -> Refusal:
        return Dialog(
            "The date Allow Document Deletion Before must be set on the page Sales & Receivables Setup before deleting "
            "sales documents."
        )

    def posted_tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        found = super().posted_tax(scope, header, line)
        if found is not None and unrealised_type(scope, found["code"]):
            raise NotSimulated("unrealised VAT of sales documents", instead="a VAT product posting group without it")
        return found

    def check_party(self, party: Record, *, verb: str) -> None:
        # Source: table Customer (CheckBlockedCustOnDocs); Shipment on Invoice is off
        blocked, is_memo = party.body["blocked"], self.word == "credit memo"
        goes_out = self.word in ("order", "quote")
        if blocked == "All" or (blocked == "Invoice" and not is_memo) or (blocked == "Ship" and goes_out):
            number_ = party.body["number"]
            raise Dialog(
                f"You cannot {verb} this type of document when Customer {number_} is blocked with type {blocked}"
            )

    def check_parties(self, scope: Scope, body: Mapping[str, Any], *, verb: str) -> None:
        """Refuse a document whose customer, or whose payer, is blocked. Raises ``Dialog``."""
        for each in self.parties:
            customer = scope.get("customer", body[each.id_member])
            if customer is None:
                raise Dialog(each.no_id)
            self.check_party(customer, verb=verb)

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        self.check_terms(scope, given)
        if given.has(BILL_TO.id_member, BILL_TO.other_member):
            self.check_parties(scope, values, verb="create")
        if values["pricesIncludeTax"] and not scope.uses_vat:
            raise Dialog('The "pricesIncludeTax" cannot be set to true if VAT Calculation Type is Sales Tax.')

    def _take_over(self, values: dict[str, Any], party: Record) -> None:
        """Terms, delivery and contact are the customer's where nothing else is given."""
        super()._take_over(values, party)
        body = party.body
        for member in ("paymentTermsId", "shipmentMethodId"):
            if values[member] == BLANK_ID:
                values[member] = body[member]
        ours = {"phoneNumber": body["phoneNumber"], "email": body["email"]}
        if "shipToName" in self.by_name:
            ours["shipToName"] = body["displayName"]
            parts = ("AddressLine1", "AddressLine2", "City", "Country", "State", "PostCode")
            ours.update({f"shipTo{part}": values[f"sellTo{part}"] for part in parts})
        for member, value in ours.items():
            values[member] = values[member] or value

    def _terms(self, scope: Scope, values: Mapping[str, Any]) -> str:
        return str(values["paymentTermsId"])


class SalesInvoices(SalesDocuments):
    name, type, caption = "salesInvoices", "salesInvoice", "Sales Invoice Entity Aggregate"
    children = ("salesInvoiceLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "customerId", "customerNumber", "externalDocumentNumber", "currencyId")
    lines, word, date_member, series, posted_series = INVOICE_LINES, "invoice", "invoiceDate", 102001, 103001
    fields = (
        *shown(code("number")),
        code("externalDocumentNumber", 35),
        day("invoiceDate"),
        day("postingDate"),
        day("dueDate"),
        day("promisedPayDate"),
        text("customerPurchaseOrderReference", 35),
        *_PARTIES,
        *_SHIP_TO,
        *address("sellTo"),
        *shown(*address("billTo")),
        *_BETWEEN,
        *shown(uid("orderId"), code("orderNumber")),
        uid("disputeStatusId"),
        code("disputeStatus", 10),
        *shown(TOTALS[0], number("remainingAmount")),
        *TOTALS[1:],
        choice("status", *STATUS).read_only,
        *_CONTACT,
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets import sales_posting

        return {
            "Microsoft.NAV.post": sales_posting.post_invoice,
            "Microsoft.NAV.cancel": sales_posting.cancel_invoice,
            "Microsoft.NAV.makeCorrectiveCreditMemo": sales_posting.make_corrective_credit_memo,
        }

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        """What is left of a posted invoice; all of a draft. Source: page Sales Invoices (GetRemainingAmount)"""
        left = record.body.get("_remaining", record.body.get("totalAmountIncludingTax", 0))
        return {**super().computed(scope, record), "remainingAmount": Decimal(str(left))}

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        self._check_afterwards(given, "")
        return super().create(scope, given, parent)

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        if not record.body.get("_posted"):
            self._check_afterwards(given, record.body["number"])
            return super().update(scope, row, given)
        # Source: codeunit Sales Invoice Aggregator (ChangeOnlyContainsWhitelistedFields)
        self._check_dispute(given)
        if not set(given.values) <= {"dueDate", "promisedPayDate", "disputeStatusId", "disputeStatus"}:
            raise Dialog("The invoice has been posted and can no longer be modified.")
        return self.render(scope, self.save(scope, record.id, {**record.copy(), **given.values}))

    def _check_dispute(self, given: Given) -> None:
        """There are no dispute statuses here."""
        if given.values.get("disputeStatusId", BLANK_ID) != BLANK_ID:
            raise Dialog('The "disputeStatusId" does not match to a Dispute Status.')
        if given.values.get("disputeStatus"):
            raise Dialog("The dispute status cannot be found.")

    def _check_afterwards(self, given: Given, number_: str) -> None:
        """What is agreed on with the customer about a posted invoice alone."""
        self._check_dispute(given)
        if given.values.get("promisedPayDate", BLANK_DATE) != BLANK_DATE:
            # Unconfirmed: the text, which is TestField's.
            raise FieldRule(
                f"Posted must be equal to 'Yes' in {self.caption}: No.={number_}, Posted=No. Current value is 'No'."
            )


class SalesCreditMemos(SalesDocuments):
    name, type, caption = "salesCreditMemos", "salesCreditMemo", "Sales Cr. Memo Entity Buffer"
    children = ("salesCreditMemoLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "customerId", "customerNumber", "externalDocumentNumber", "currencyId", "invoiceId")
    lines, word, date_member, series, posted_series = CREDIT_LINES, "credit memo", "creditMemoDate", 1001, 104001
    fields = (
        *shown(code("number")),
        code("externalDocumentNumber", 35),
        day("creditMemoDate"),
        day("postingDate"),
        day("dueDate"),
        *_PARTIES,
        *address("sellTo"),
        *address("billTo"),
        *_BETWEEN,
        *shown(TOTALS[0]),
        *TOTALS[1:],
        choice("status", "Draft", "In Review", "Open", "Canceled", "Corrective", "Paid").read_only,
        uid("invoiceId"),
        code("invoiceNumber"),
        *_CONTACT,
        uid("customerReturnReasonId"),
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets import sales_posting

        return {
            "Microsoft.NAV.post": sales_posting.post_credit_memo,
            "Microsoft.NAV.cancel": sales_posting.cancel_credit_memo,
        }

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        super().settle_more(scope, given, values)
        settle_invoice(scope, given, values, kind="salesInvoice", party="customerId")


class SalesOrders(SalesDocuments):
    name, type, caption = "salesOrders", "salesOrder", "Sales Order Entity Buffer"
    children = ("salesOrderLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "customerId", "customerNumber", "externalDocumentNumber", "currencyId")
    lines, word, date_member, series = ORDER_LINES, "order", "orderDate", 101001
    fields = (
        *shown(code("number")),
        code("externalDocumentNumber", 35),
        day("orderDate"),
        day("postingDate"),
        *_PARTIES,
        *_SHIP_TO,
        *address("sellTo"),
        *shown(*address("billTo")),
        *_BETWEEN,
        flag("partialShipping"),
        day("requestedDeliveryDate"),
        *TOTALS,
        *shown(flag("fullyShipped")),
        choice("status", "Draft", "In Review", "Open").read_only,
        *_CONTACT,
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets.sales_posting import ship_and_invoice

        return {"Microsoft.NAV.shipAndInvoice": ship_and_invoice}

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        """Orders may be shipped in parts unless told otherwise. Source: table Sales Header (Shipping Advice)"""
        return super().create(scope, replace(given, values={"partialShipping": True, **given.values}), parent)


class SalesQuotes(SalesDocuments):
    name, type, caption = "salesQuotes", "salesQuote", "Sales Quote Entity Buffer"
    children = ("salesQuoteLines", "dimensionSetLines", "attachments", "documentAttachments")
    keys = ("number", "customerId", "customerNumber", "externalDocumentNumber", "currencyId")
    lines, word, date_member, series = QUOTE_LINES, "quote", "documentDate", 1001
    fields = (
        *shown(code("number")),
        code("externalDocumentNumber", 35),
        day("documentDate"),
        day("postingDate"),
        day("dueDate"),
        *_PARTIES,
        *_SHIP_TO,
        *address("sellTo"),
        *address("billTo"),
        *_BETWEEN,
        number("discountAmount"),
        *TOTALS[3:],
        choice("status", "Draft", "Sent", "Accepted", "Expired ").read_only,
        replace(instant("sentDate"), writable=True),
        day("validUntilDate"),
        day("acceptedDate"),
        *_CONTACT,
    )

    @property
    def actions(self) -> Mapping[str, Action]:
        from sandbooks.platforms.business_central.sets import sales_posting

        return {
            "Microsoft.NAV.makeInvoice": sales_posting.make_invoice,
            "Microsoft.NAV.makeOrder": sales_posting.make_order,
        }

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        values["pricesIncludeTax"] = False
        super().settle_more(scope, given, values)

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        # Source: codeunit Graph Mgt - Sales Quote Buffer (SetStatusOptionFromSalesHeader)
        status = "Sent" if record.body["sentDate"] != BLANK_INSTANT else "Draft"
        return {**super().computed(scope, record), "status": status}


INVOICES, CREDIT_MEMOS, ORDERS, QUOTES = SalesInvoices(), SalesCreditMemos(), SalesOrders(), SalesQuotes()
HEADERS: dict[str, SalesDocuments] = {each.type: each for each in (INVOICES, CREDIT_MEMOS, ORDERS, QUOTES)}
SETS = (INVOICES, CREDIT_MEMOS, ORDERS, QUOTES, INVOICE_LINES, CREDIT_LINES, ORDER_LINES, QUOTE_LINES)
