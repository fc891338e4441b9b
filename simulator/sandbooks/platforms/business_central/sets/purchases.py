"""Purchase documents: headers of invoices, orders and credit memos, and what may be done with them.

Source: pages Purchase Invoices, Purchase Credit Memos and Purchase Orders, codeunit Purch. Inv. Aggregator,
github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.money import Money
from sandbooks.platforms.business_central import webhooks
from sandbooks.platforms.business_central.date_formulas import reckoned
from sandbooks.platforms.business_central.fields import Field, choice, code, day, flag, number, plain, shown, text, uid
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID
from sandbooks.platforms.business_central.posting import shared_tax
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets import approvals, files, unrealised
from sandbooks.platforms.business_central.sets.dimensions import coded_dimensions, default_dimensions
from sandbooks.platforms.business_central.sets.entity import Action, Given, Pair, Parent, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import check_not_blocked, record_of, settle_currency
from sandbooks.platforms.business_central.sets.purchase_lines import (
    CREDIT_LINES,
    INVOICE_LINES,
    ORDER_LINES,
    TradeLines,
    amounts_of,
    lines_of,
)
from sandbooks.platforms.business_central.vat import FULL, NONE, OWED

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


def address(prefix: str) -> tuple[Field, ...]:
    """Where somebody is, on a document."""
    return (
        text(f"{prefix}AddressLine1"),
        text(f"{prefix}AddressLine2", 50),
        text(f"{prefix}City", 30),
        code(f"{prefix}Country", 10),
        text(f"{prefix}State", 30),
        code(f"{prefix}PostCode"),
    )


STATUS = ("", "Draft", "In Review", "Open", "Paid", "Canceled", "Corrective")
_PARTIES = (
    uid("vendorId"),
    code("vendorNumber"),
    *shown(text("vendorName"), text("payToName")),
    uid("payToVendorId"),
    code("payToVendorNumber"),
)
_DELIVERY = (text("shipToName"), text("shipToContact"), *address("shipTo"))
_ADDRESSES = (*address("buyFrom"), *shown(*address("payTo")))
TERMS: Mapping[str, tuple[str, str]] = {
    "paymentTerm": ("paymentTerms", "paymentTermsId"),
    "shipmentMethod": ("shipmentMethods", "shipmentMethodId"),
}
DIMENSIONS = (code("shortcutDimension1Code"), code("shortcutDimension2Code"))
CURRENCY = (uid("currencyId"), code("currencyCode", 10))
TOTALS = (
    flag("pricesIncludeTax"),
    number("discountAmount"),
    *shown(
        flag("discountAppliedBeforeTax"),
        number("totalAmountExcludingTax"),
        number("totalTaxAmount"),
        number("totalAmountIncludingTax"),
    ),
)


_REFERENCES = (
    ("paymentTermsId", "paymentTerm", "Payment Terms"),
    ("shipmentMethodId", "shipmentMethod", "Shipment Method"),
    # There are no reason codes here.
    ("vendorReturnReasonId", "reasonCode", "Reason Code"),
    ("customerReturnReasonId", "reasonCode", "Reason Code"),
)


class TradeDocuments(StoredSet):
    """Headers of one kind of document of trade with one kind of party."""

    inserts = modifies = deletes = True
    lacks: ClassVar[tuple[str, ...]] = ("dimensionValue",)
    shortcuts: ClassVar[tuple[str, ...]] = ("shortcutDimension1Code", "shortcutDimension2Code")
    lines: ClassVar[TradeLines]
    word: ClassVar[str]
    date_member: ClassVar[str]
    due_follows: ClassVar[tuple[str, ...]] = ()  # members that move the due date, beside the date
    party_brings: ClassVar[
        tuple[str, ...]
    ] = ()  # members that are the party's where nothing is given, beside its addresses
    series: ClassVar[int]
    posted_series: ClassVar[int] = 0
    party: ClassVar[str]  # the kind of record that the party is
    seat: ClassVar[str]  # what the members with the address of the party begin with, and those of who pays
    payer: ClassVar[str]
    role: ClassVar[str]  # the control account of the party
    item_role: ClassVar[str]  # the account of items
    table: ClassVar[str]
    reference: ClassVar[str] = ""  # the member with the party's own number of the document
    no_party: ClassVar[str]
    parties: ClassVar[tuple[Pair, Pair]]

    @property
    def payer_id(self) -> str:
        """The member with the id of who pays."""
        return f"{self.payer}{self.party.capitalize()}Id"

    def posted_stays(self) -> Refusal:
        """Why a posted document is not deleted."""
        raise NotImplementedError

    def posted_tax(self, scope: Scope, header: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a line's tax code charges where it is posted."""
        return self.lines.tax(scope, header, line)

    def check_party(self, party: Record, *, verb: str) -> None:
        """Refuse a party that is blocked; ``verb`` is ``create`` or ``post``. Raises ``Dialog``."""
        check_not_blocked(self.party.capitalize(), party, verb=verb)

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        today = scope.today.isoformat()
        for member in ("postingDate", self.date_member):
            if values[member] == BLANK_DATE:
                values[member] = values[self.date_member] if values[self.date_member] != BLANK_DATE else today
        values["status"] = "Draft"
        self._settle(scope, given, values, None)
        values["number"] = str(scope.records.next_number(f"series/{self.type}", start=self.series))
        values["_dimensions"] = default_dimensions(scope, values[f"{self.party}Id"])
        self._settle_shortcuts(scope, given, values)
        record = self.save(scope, self.new_id(scope, given), values)
        return self.render(scope, record)

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        check_draft(record, self.word)
        if given.id and given.id != record.id:
            raise Dialog('The "id" cannot be changed.')
        values = {**record.copy(), **given.values}
        self._settle(scope, given, values, record)
        self._settle_shortcuts(scope, given, values)
        self.save(scope, record.id, values)
        return self.render(scope, self.recount(scope, record.id))

    def acted_on(self, scope: Scope, parent: Parent | None, id: str) -> Row:
        """The document to be posted or cancelled. Source: the pages' CannotFindInvoiceErr and its like."""
        if scope.get(self.type, id) is None:
            raise Dialog(f"The {self.word} cannot be found.")
        return self.under(scope, parent, id)

    def delete(self, scope: Scope, row: Row) -> None:
        record = record_of(row)
        if record.body.get("_posted"):
            # Source: codeunits 364 PostPurch-Delete and 363 PostSales-Delete, IsDocumentDeletionAllowed. The field is
            # blank in a new company, and with it no posted document is deleted.
            raise self.posted_stays()
        for line in lines_of(scope, self.lines, record.id):
            self.lines.remove(scope, line)
        approvals.dropped(scope, record.id)
        files.dropped(scope, record.id)
        self.remove(scope, record)

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        """Party, payer, currency and due date."""
        whom, who_pays = self.parties
        party = whom.settle(scope, given, values)
        if party is None and values[whom.id_member] == BLANK_ID:
            raise Dialog(self.no_party)
        replaced = record is not None and party is not None and party.id != record.body[whom.id_member]
        if replaced:
            self._let_go(given, values)
        if party is not None:
            self.check_party(party, verb="create")
            self._take_over(values, party)
        payer = who_pays.settle(scope, given, values)
        if payer is not None:
            values[f"{self.payer}Name"] = payer.body["displayName"]
        elif given.has(who_pays.id_member, who_pays.other_member):
            # Source: pages Purchase Invoices (payToVendorId) and Sales Invoices (billToCustomerId) of API v2.0; a blank
            # one names nobody either. Unconfirmed: that a member given as null is validated.
            raise Dialog(who_pays.no_id)
        named = given.has("currencyId", "currencyCode")
        if named or replaced or record is None:
            source = given if named or party is None else Given({"currencyId": party.body["currencyId"]})
            settle_currency(scope, source, values)
        moved = given.has(self.date_member, *self.due_follows) and not given.has("dueDate")
        if "dueDate" in values and (values["dueDate"] == BLANK_DATE or moved):
            values["dueDate"] = self.due(scope, values)
        self.settle_more(scope, given, values)

    def _settle_shortcuts(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        """The two shortcut dimensions are dimensions of the document like any other."""
        codes = scope.company.settings.get("shortcut_dimensions", [])
        for member, named in zip(self.shortcuts, codes, strict=False):
            if not given.has(member):
                continue
            dimension = scope.by("dimension", "code", named.lower())
            if dimension is None:
                continue
            wanted = values[member]
            found = [
                value
                for value in scope.records.find("dimensionValue", "parent", dimension.id)
                if value.body["code"] == wanted
            ]
            if wanted and not found:
                raise Unrelated(member, self.table, wanted, "Dimension Value")
            kept = [each for each in values["_dimensions"] if each[0] != dimension.id]
            values["_dimensions"] = [*kept, *([dimension.id, value.id] for value in found)]

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        held = dict(coded_dimensions(scope, record.body))
        codes = scope.company.settings.get("shortcut_dimensions", [])
        return {member: held.get(named, "") for member, named in zip(self.shortcuts, codes, strict=False)}

    def _let_go(self, given: Given, values: dict[str, Any]) -> None:
        """Another party brings its own address and terms. Source: table Sales Header (SellToCustomerIsReplaced)"""
        places = (field.name for prefix in (self.seat, self.payer) for field in address(prefix))
        for name in ("dueDate", *places, *self.party_brings):
            if name in self.by_name and not given.has(name):
                values[name] = self.by_name[name].blank

    def _take_over(self, values: dict[str, Any], party: Record) -> None:
        body = party.body
        number_member = self.parties[1].other_member
        values.update({self.payer_id: party.id, number_member: body["number"]})
        for member in (f"{self.party}Name", f"{self.payer}Name"):
            values[member] = body["displayName"]
        for ours, theirs in (
            ("AddressLine1", "addressLine1"),
            ("AddressLine2", "addressLine2"),
            ("City", "city"),
            ("Country", "country"),
            ("State", "state"),
            ("PostCode", "postalCode"),
        ):
            field, seat = self.by_name[f"{self.payer}{ours}"], f"{self.seat}{ours}"
            values[field.name] = (values.get(field.name) if field.writable else "") or body[theirs]
            values[seat] = values.get(seat) or body[theirs]

    def _terms(self, scope: Scope, values: Mapping[str, Any]) -> str:
        """The id of the payment terms that the due date follows from."""
        party = scope.get(self.party, values[f"{self.party}Id"])
        return str(party.body["paymentTermsId"]) if party else BLANK_ID

    def due(self, scope: Scope, values: Mapping[str, Any]) -> str:
        """The day by which a document is paid, by its date and terms."""
        terms = scope.get("paymentTerm", self._terms(scope, values))
        formula = terms.body["dueDateCalculation"] if terms else ""
        start = date.fromisoformat(str(values[self.date_member]))
        return reckoned(str(formula), start).isoformat()

    def settle_more(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        """What one kind of document has beside the others."""

    def check_terms(self, scope: Scope, given: Given) -> None:
        """Refuse terms that there are not."""
        for member, kind, table in _REFERENCES:
            wanted = given.values.get(member, BLANK_ID)
            if wanted != BLANK_ID and scope.get(kind, wanted) is None:
                raise Dialog(f'The "{member}" does not match to a {table}.')

    def recount(self, scope: Scope, id: str) -> Record:
        """Bring lines and totals in step with each other; the header's new version."""
        record = scope.get(self.type, id)
        if record is None:
            raise self.missing(id)
        lines = lines_of(scope, self.lines, id)
        totals = counted(scope, self.lines, record.body, lines)
        for line, amounts in zip(lines, totals.lines, strict=True):
            if any(line.body.get(name) != value for name, value in amounts.items()):
                self.lines.save(scope, line.id, {**line.copy(), **amounts})
        if any(record.body.get(name) != value for name, value in totals.header.items()):
            return self.save(scope, id, {**record.copy(), **totals.header})
        webhooks.announce(scope.company, self.name, id, "updated")  # its lines may have changed in other members
        return record


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


class Totals:
    """The amounts of a document: of its header, and of each line."""

    def __init__(self, header: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        self.header, self.lines = header, lines


def counted(scope: Scope, of: TradeLines, header: Mapping[str, Any], lines: list[Record]) -> Totals:
    """Line amounts, the invoice discount shared out over them, and tax: rounded once for each tax group."""
    currency, inclusive = header["currencyCode"], bool(header["pricesIncludeTax"])
    zero = Money.zero(currency)
    amounts = [amounts_of(line.body, currency) for line in lines]
    discount = Money.of(Decimal(header["discountAmount"]), currency).rounded()
    shares = _shares(discount, amounts)
    nets = [amount - share for amount, share in zip(amounts, shares, strict=True)]
    charges = [of.tax(scope, header, line.body) for line in lines]
    taxes = _taxes(charges, nets, inclusive=inclusive)
    found = []
    sums = [zero, zero, zero]
    for line, amount, share, net, (facts, tax) in zip(lines, amounts, shares, nets, taxes, strict=True):
        of_it = inclusive or _is_all_tax(facts)
        before = net - tax if of_it else net
        gross = before + tax
        whole_tax = tax if not share else _whole_tax(amount, facts, inclusive=inclusive)
        whole = amount - whole_tax if of_it else amount
        found.append(
            {
                "amountExcludingTax": plain(whole.amount),
                "taxPercent": plain(_rate(facts)),
                "totalTaxAmount": plain(whole_tax.amount),
                "amountIncludingTax": plain((whole + whole_tax).amount),
                "invoiceDiscountAllocation": plain(share.amount),
                "netAmount": plain(before.amount),
                "netTaxAmount": plain(tax.amount),
                "netAmountIncludingTax": plain(gross.amount),
                "discountAmount": line.body["discountAmount"],
            }
        )
        sums = [sums[0] + before, sums[1] + tax, sums[2] + gross]
    names = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")
    return Totals({name: plain(each.amount) for name, each in zip(names, sums, strict=True)}, found)


def _rate(facts: Mapping[str, Any] | None) -> Decimal:
    if facts is None or facts["calculation"] in (*OWED, NONE):
        return Decimal(0)
    return Decimal(str(facts["rate"]))


def _is_all_tax(facts: Mapping[str, Any] | None) -> bool:
    """Full VAT: the whole amount of a line is tax, whatever its rate. Source: table Purchase Line (UpdateVATAmounts)"""
    return facts is not None and facts["calculation"] == FULL


def _whole_tax(amount: Money, facts: Mapping[str, Any] | None, *, inclusive: bool) -> Money:
    """The tax on a line before the discount of the document."""
    return amount if _is_all_tax(facts) else shared_tax([amount], _rate(facts), inclusive=inclusive)[0]


def _shares(discount: Money, amounts: list[Money]) -> list[Money]:
    from sandbooks.money import allocate

    weights = [amount.amount for amount in amounts]
    if not discount or not sum(weights):
        return [Money.zero(discount.currency) for _ in amounts]
    return allocate(discount, weights)


def _taxes(
    facts: list[dict[str, Any] | None], nets: list[Money], *, inclusive: bool
) -> list[tuple[dict[str, Any] | None, Money]]:
    taxes = [Money.zero(net.currency) for net in nets]
    for place, fact in enumerate(facts):
        if _is_all_tax(fact):
            taxes[place] = nets[place]
    for code_ in dict.fromkeys(fact["code"] for fact in facts if fact and _rate(fact) and not _is_all_tax(fact)):
        places = [n for n, fact in enumerate(facts) if fact and fact["code"] == code_]
        shared = shared_tax([nets[n] for n in places], _rate(facts[places[0]]), inclusive=inclusive)
        for place, tax in zip(places, shared, strict=True):
            taxes[place] = tax
    return list(zip(facts, taxes, strict=True))


def settle_invoice(scope: Scope, given: Given, values: dict[str, Any], *, kind: str, party: str) -> None:
    """The posted invoice of the same party that a credit memo is applied to. Raises ``Dialog``."""
    if not given.has("invoiceId", "invoiceNumber"):
        return
    text_ = 'The "invoiceId" does not match to an Invoice.'
    conflict = 'The "invoiceId" and "invoiceNumber" do not match to a specific Invoice.'
    found = Pair("invoiceId", "invoiceNumber", kind, "number", text_, text_, conflict).settle(scope, given, values)
    if found is not None and (not found.body.get("_posted") or found.body[party] != values[party]):
        raise Dialog(text_)


def check_draft(record: Record, word: str) -> None:
    """Refuse changes to what is posted, or waits for approval."""
    if record.body.get("_posted"):
        raise Dialog(f"The {word} has been posted and can no longer be modified.")
    approvals.check_editable(record)


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
