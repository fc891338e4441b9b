"""Documents of trade: what headers of purchase and of sales documents have in common.

Source: codeunits Purch. Inv. Aggregator and Sales Invoice Aggregator, tables Purchase Header and Sales Header,
github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import webhooks
from sandbooks.platforms.business_central.date_formulas import reckoned
from sandbooks.platforms.business_central.fields import Field, code, flag, number, shown, text, uid
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID
from sandbooks.platforms.business_central.refusals import Dialog, Unrelated
from sandbooks.platforms.business_central.sets import approvals, files
from sandbooks.platforms.business_central.sets.dimensions import coded_dimensions, default_dimensions
from sandbooks.platforms.business_central.sets.entity import Given, Pair, Parent, Row, Scope, StoredSet
from sandbooks.platforms.business_central.sets.masters import check_not_blocked, record_of, settle_currency
from sandbooks.platforms.business_central.sets.trade_lines import TradeLines, lines_of
from sandbooks.platforms.business_central.sets.trade_totals import counted


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
