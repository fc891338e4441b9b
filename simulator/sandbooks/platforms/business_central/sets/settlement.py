"""Payments to vendors and from customers, and what they settle of open invoices.

Source: pages Vendor Payments and Customer Payments, codeunit Gen. Jnl.-Post Line (application of vendor ledger
entries), github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from msgspec.structs import replace

from sandbooks.kit.records import Record
from sandbooks.ledger import settle as settled_by
from sandbooks.money import Money, Rate
from sandbooks.platforms.business_central.fields import Field, code, day, number, plain, text, uid, whole
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, encoded
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, NothingWithin, RecordMissing
from sandbooks.platforms.business_central.sets import letting_go, unrealised
from sandbooks.platforms.business_central.sets.dimensions import default_dimensions
from sandbooks.platforms.business_central.sets.entity import Given, Pair, Parent, Row, Scope
from sandbooks.platforms.business_central.sets.journals import (
    NO_BATCH,
    LinesOfJournals,
    batch_name,
    give_line_number,
)
from sandbooks.platforms.business_central.sets.masters import check_not_blocked, record_of

VENDOR = Pair(
    "vendorId",
    "vendorNumber",
    "vendor",
    "number",
    'The "vendorId" does not match to a Vendor.',
    'The "vendorNumber" does not match to a Vendor.',
    "The vendor values do not match to a specific Vendor.",
)
_NOT_OPEN = 'The "appliesToInvoiceId" should be the ID of an Open, Paid, Corrective, or Canceled Invoice.'
INVOICE = Pair(
    "appliesToInvoiceId",
    "appliesToInvoiceNumber",
    "purchaseInvoice",
    "number",
    _NOT_OPEN,
    _NOT_OPEN,
    "The Applies To Invoice values do not match to the same Invoice.",
)
CUSTOMER = Pair(
    "customerId",
    "customerNumber",
    "customer",
    "number",
    'The "customerId" does not match to a Customer.',
    'The "customerNumber" does not match to a Customer.',
    "The customer values do not match to a specific Customer.",
)
SALES_INVOICE = replace(INVOICE, kind="salesInvoice")
SIDES = {"purchaseInvoice": 1, "purchaseCreditMemo": -1, "salesInvoice": -1, "salesCreditMemo": 1}
"""How a document that is settled moves its control account: 1 debits it."""


def _members(party: str) -> tuple[Field, ...]:
    return (
        uid("journalId"),
        text("journalDisplayName"),
        whole("lineNumber"),
        uid(f"{party}Id"),
        code(f"{party}Number"),
        day("postingDate"),
        code("documentNumber"),
        code("externalDocumentNumber", 35),
        number("amount"),
        uid("appliesToInvoiceId"),
        code("appliesToInvoiceNumber"),
        text("description"),
        text("comment", 250),
    )


class _Payments(LinesOfJournals):
    """Lines of type Payment on one kind of party, in a journal of their own."""

    caption = "Gen. Journal Line"
    inserts = modifies = deletes = True
    party: ClassVar[Pair]
    invoice: ClassVar[Pair]
    journal: ClassVar[str]
    series: ClassVar[str]
    entries: ClassVar[str]  # the table of what is open

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered & {"journalId", "id"}:
            raise Dialog(NO_BATCH)

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        return {"journalDisplayName": batch_name(scope, record.body["journalId"])}

    def visible(self, scope: Scope, record: Record) -> bool:
        return not record.body.get("_posted")

    def reachable(self, scope: Scope, record: Record) -> bool:
        return not record.body.get("_posted")

    def lookup(self, body: Mapping[str, Any]) -> dict[str, str]:
        """A posted payment is no longer found under its batch."""
        keys = super().lookup(body)
        return {name: value for name, value in keys.items() if name != "parent"} if body.get("_posted") else keys

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        batch = self._batch(scope, given, parent)
        before = open_payments(scope, batch.id)
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        values.update(journalId=batch.id, journalDisplayName=batch.body["code"])
        give_line_number(batch, values, before)
        if values["postingDate"] == BLANK_DATE:
            values["postingDate"] = before[-1].body["postingDate"] if before else scope.today.isoformat()
        if not values["documentNumber"]:
            number_ = scope.records.next_number(f"series/journal/{self.series}")
            values["documentNumber"] = f"{self.series}{number_:05d}"
        self._settle(scope, given, values)
        values["_dimensions"] = default_dimensions(scope, values[self.party.id_member])
        return self.render(scope, self.save(scope, self.new_id(scope, given), values))

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        if given.values.get("journalId", record.body["journalId"]) != record.body["journalId"]:
            raise Dialog("The Journal Id cannot be changed.")
        values = {**record.copy(), **given.values}
        if given.values.get("journalDisplayName", "") not in ("", row.values["journalDisplayName"]):
            raise Dialog("The Journal Batch Display Name cannot be changed.")
        if values["lineNumber"] != record.body["lineNumber"]:
            batch = self._batch(scope, Given({"journalId": record.body["journalId"]}), None)
            give_line_number(batch, values, [line for line in open_payments(scope, batch.id) if line.id != record.id])
        self._settle(scope, given, values)
        return self.render(scope, self.save(scope, record.id, values))

    def delete(self, scope: Scope, row: Row) -> None:
        self.remove(scope, record_of(row))

    def _batch(self, scope: Scope, given: Given, parent: Parent | None) -> Record:
        named = given.values.get("journalId", BLANK_ID)
        if parent is not None and named not in (BLANK_ID, parent.id):
            raise Dialog("The Journal Id and Journal Display Name do not match.")
        if parent is None and named == BLANK_ID:
            raise Dialog(NO_BATCH)
        wanted = parent.id if parent else named
        found = scope.get(self.journal, wanted)
        if found is None:
            raise RecordMissing("Gen. Journal Batch", f"SystemId='{{{wanted.upper()}}}'")
        return found

    def _settle(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        if self._names_none(scope, given):
            invoice = None
            values["appliesToInvoiceId"] = BLANK_ID
        else:
            invoice = self.invoice.settle(scope, given, values)
        if invoice is not None and not invoice.body.get("_posted"):
            raise Dialog(_NOT_OPEN)
        party = self.party.settle(scope, given, values)
        if party is None and invoice is not None and values[self.party.id_member] == BLANK_ID:
            party = self.of_invoice(scope, invoice, values)
        if party is not None:
            check_not_blocked(caption_of(self.party), party, verb="create", payment=True)
            values["description"] = values["description"] or party.body["displayName"]
        currency = scope.company.currency
        values["amount"] = plain(Money.of(Decimal(values["amount"]), currency).rounded().amount)

    def of_invoice(self, scope: Scope, invoice: Record, values: dict[str, Any]) -> Record | None:
        """The party of the invoice that a payment is applied to, where it names none; its members are set."""
        from sandbooks.platforms.business_central.sets.headers import HEADERS

        payer = HEADERS[invoice.kind].parties[1]
        party = scope.get(self.party.kind, invoice.body[payer.id_member])
        if party is not None:
            values.update({self.party.id_member: party.id, self.party.other_member: party.body["number"]})
        return party

    def _names_none(self, scope: Scope, given: Given) -> bool:
        """Whether a payment names an invoice by a number alone that no posted invoice has: it stands until it is
        posted."""
        # Source: pages Vendor Payments and Customer Payments (appliesToInvoiceNumber), github.com/microsoft/BCApps
        number_ = str(given.values.get("appliesToInvoiceNumber", ""))
        if not number_ or given.values.get("appliesToInvoiceId", BLANK_ID) != BLANK_ID:
            return False
        found = scope.records.find(self.invoice.kind, "number", number_.lower())
        return not any(invoice.body.get("_posted") for invoice in found)


class VendorPayments(_Payments):
    """Payments to vendors in a payment journal; a positive amount pays."""

    journals, name, type = "vendorPaymentJournals", "vendorPayments", "vendorPayment"
    party, invoice, journal, series = VENDOR, INVOICE, "vendorPaymentJournal", "P"
    entries = "Vendor Ledger Entry"
    parents: ClassVar[Mapping[str, str]] = {"vendorPaymentJournals": "journalId"}
    children = ("dimensionSetLines", "applyVendorEntries")
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "vendor": ("vendors", "vendorId"),
        "vendorPaymentJournal": ("vendorPaymentJournals", "journalId"),
        "customerPaymentJournal": ("customerPaymentJournals", "journalId"),  # so the page has it; there is none
    }
    keys = ("externalDocumentNumber", "documentNumber", "vendorId")
    fields = _members("vendor")


class CustomerPayments(_Payments):
    """Receipts from customers in a cash receipt journal; a negative amount is received.

    Source: page Customer Payments of API v2.0, github.com/microsoft/BCApps
    """

    journals, name, type = "customerPaymentJournals", "customerPayments", "customerPayment"
    party, invoice, journal, series = CUSTOMER, SALES_INVOICE, "customerPaymentJournal", "R"
    entries = "Cust. Ledger Entry"
    parents: ClassVar[Mapping[str, str]] = {"customerPaymentJournals": "journalId"}
    children = ("dimensionSetLines",)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "customer": ("customers", "customerId"),
        "customerPaymentJournal": ("customerPaymentJournals", "journalId"),
    }
    keys = ("externalDocumentNumber", "documentNumber", "customerId")
    fields = _members("customer")


def caption_of(party: Pair) -> str:
    """What a kind of party is called."""
    return party.kind.capitalize()


def open_payments(scope: Scope, batch: str) -> list[Record]:
    """The unposted payments of a batch, in the order of their numbers."""
    found = (line for kind in SETS_BY_KIND for line in scope.records.find(kind, "parent", batch))
    return sorted(found, key=lambda line: int(line.body["lineNumber"]))


def drop(scope: Scope, line: Record) -> None:
    """Take an empty payment line away."""
    SETS_BY_KIND[line.kind].remove(scope, line)


def as_journal_line(scope: Scope, payment: Record) -> dict[str, Any]:
    """A payment as the journal line that it is: on its party, balanced by the batch's account."""
    of = SETS_BY_KIND[payment.kind]
    batch = scope.get(of.journal, payment.body["journalId"])
    if batch is None:
        raise AssertionError("a payment stands in its batch")
    wanted = batch.body.get("balancingAccountId", BLANK_ID)
    if not payment.body[of.party.other_member]:
        key = f"Journal Template Name={batch.body['templateDisplayName']}, Journal Batch Name={batch.body['code']}"
        place = f"Gen. Journal Line: {key}, Line No.={payment.body['lineNumber']}"
        raise FieldRule(f"Account No. must have a value in {place}. It cannot be zero or empty.")
    applied = _invoices(scope, payment)
    return {
        **payment.body,
        "accountType": encoded(caption_of(of.party)),
        "accountNumber": payment.body[of.party.other_member],
        "balanceAccountType": encoded("G/L Account" if scope.get("account", wanted) else "Bank Account"),
        "balancingAccountNumber": batch.body.get("balancingAccountNumber", ""),
        "taxCode": "",
        "_currency": applied[0].body["currencyCode"] if applied else scope.company.currency,
    }


def _invoices(scope: Scope, payment: Record) -> list[Record]:
    """The invoices that a payment is applied to."""
    wanted = [payment.body["appliesToInvoiceId"], *payment.body.get("_applies", [])]
    kind = SETS_BY_KIND[payment.kind].invoice.kind
    found = [scope.get(kind, id) for id in dict.fromkeys(wanted)]
    return [invoice for invoice in found if invoice is not None and invoice.body.get("_posted")]


def _credit_memos(scope: Scope, payment: Record) -> list[Record]:
    """The open credit memos that a payment is applied to together with invoices."""
    owed = [each for each in _invoices(scope, payment) if Decimal(str(each.body["_remaining"]))]
    kind = SETS_BY_KIND[payment.kind].invoice.kind.replace("Invoice", "CreditMemo")
    found = [scope.get(kind, id) for id in payment.body.get("_applies", []) if owed]
    return [memo for memo in found if memo is not None and Decimal(str(memo.body["_remaining"]))]


def settle(scope: Scope, line: Record, fact: Mapping[str, Any], *, day: str) -> list[dict[str, Any]]:
    """What a payment line settles of the invoices that it is applied to, each at its own rate and at today's."""
    from sandbooks.platforms.business_central.sets.headers import HEADERS

    if line.kind not in SETS_BY_KIND:
        return []
    of = SETS_BY_KIND[line.kind]
    if line.body["appliesToInvoiceNumber"] and line.body["appliesToInvoiceId"] == BLANK_ID:
        # Unconfirmed: the wording; posting looks for the party's entry by the number.
        raise NothingWithin(of.entries)
    memos, owed = _credit_memos(scope, line), _invoices(scope, line)
    if any(each.body[HEADERS[each.kind].payer_id] != line.body[of.party.id_member] for each in (*memos, *owed)):
        # Posting looks among the entries of the payment's own party. Source: codeunit Gen. Jnl.-Post Line
        # (PrepareTempVendLedgEntry, PrepareTempCustLedgEntry), github.com/microsoft/BCApps
        raise NothingWithin(of.entries)
    # In the order of the key by which posting finds them. Source: the same
    owed = sorted(
        (each for each in owed if Decimal(str(each.body["_remaining"]))), key=lambda each: each.body["dueDate"]
    )
    side = SIDES[of.invoice.kind]
    left = Money.of(side * Decimal(fact["amount"]), fact["currency"])
    settled: list[dict[str, Any]] = []
    by = f"Payment {line.body['documentNumber']}"
    # What the vendor owes joins the payment as a whole; what invoices leave of both stays open with the payment.
    for memo in memos:
        taken = settled_of(scope, memo, left, rate=fact["rate"], day=day, by=by)
        if taken is not None:
            settled.append(taken)
            left = left - Money.of(side * Decimal(taken["amount"]), left.currency)
    let_go, nothing = letting_go.missed_by(owed, left, day=day), Money.zero(left.currency)
    for invoice in owed:
        missed = let_go.get(invoice.id, nothing)
        if not (left.amount > 0 or missed):
            break
        taken = settled_of(scope, invoice, left, rate=fact["rate"], day=day, by=by, missed=missed)
        if taken is not None:
            settled.append(taken)
            amount, *gone = (Decimal(taken.get(name, "0")) for name in ("amount", "discount", "tolerance"))
            left = left - Money.of(side * (amount - sum(gone)), left.currency)
    return settled


def settled_of(
    scope: Scope, document: Record, most: Money, *, rate: str, day: str, by: str, missed: Money | None = None
) -> dict[str, Any] | None:
    """What an amount settles of one invoice, or a whole credit memo, as it moves the control account: debits positive;
    None when nothing is open.

    ``missed``: it is a payment of an invoice, which is given its discount, and misses the rest by so much that is let
    go. ``by`` is what settles it is called. Raises ``Dialog``.
    """
    body, local = document.body, scope.company.currency
    open_amount = Money.of(str(body["_remaining"]), body["currencyCode"])
    if not open_amount:
        return None
    _check_applicable(document, most.currency, day=day, by=by)
    sign = SIDES[document.kind]
    nothing = Money.zero(most.currency)
    discount = nothing if missed is None else letting_go.discount(document, most, missed, day=day)
    is_whole = discount or missed or document.kind.endswith("CreditMemo")
    paid = open_amount if is_whole else min(most, open_amount)
    at_today = Rate(Decimal(rate), most.currency, local)
    now = at_today.to_base(paid)
    open_base = Money.of(str(body["_remainingBase"]), local)
    done = settled_by(-open_amount, -open_base, paid=-paid, paid_base=-now)
    closed = paid == open_amount
    settled: dict[str, Any] = {
        "kind": document.kind,
        "invoice": document.id,
        "amount": str(sign * paid.amount),
        "base": str(-sign * done.relieved_base.amount),
        "base_now": str(sign * now.amount),
        "rounded": str(sign * _residual(scope, document, paid, open_base).amount) if closed else "0",
    }
    for name, part in (("discount", discount), ("tolerance", missed or nothing)):
        if part:
            settled |= {name: str(sign * part.amount), f"{name}_base": str(sign * at_today.to_base(part).amount)}
    moves = _realised(scope, document, open_amount, open_base, paid)
    return settled | ({"realised": moves} if moves else {})


def _check_applicable(document: Record, currency: str, *, day: str, by: str) -> None:
    """Refuse other currencies, and days before the document's. Raises ``Dialog``."""
    body = document.body
    named = f"{'Invoice' if document.kind.endswith('Invoice') else 'Credit Memo'} {body['number']}"
    if body["currencyCode"] != currency:
        raise Dialog(f"The currency of {named} is {body['currencyCode']}; the entry to apply is in {currency}.")
    if day < body["postingDate"]:
        raise Dialog(
            "You are not allowed to apply and post an entry to an entry with an earlier posting date. Instead, post "
            f"{by} and then apply it to {named}."
        )


def _realised(
    scope: Scope, document: Record, open_amount: Money, open_base: Money, paid: Money
) -> list[dict[str, Any]]:
    """What a settlement realises of a document's unrealised tax."""
    left = document.body.get(unrealised.MEMBER)
    if not left:
        return []
    own_rate = Fraction(open_base.amount) / Fraction(open_amount.amount)
    total = Fraction(str(document.body["totalAmountIncludingTax"])) * own_rate
    taken, before = Fraction(paid.amount) * own_rate, Fraction(open_base.amount)
    return unrealised.moved(scope, left, total=total, open_before=before, taken=taken)


def _residual(scope: Scope, invoice: Record, paid: Money, open_base: Money) -> Money:
    """What rounding left of an invoice that is closed: its rest at its own rate, less what stands in the books for it.

    Source: codeunit Gen. Jnl.-Post Line (CalcAmtLCYAdjustment), github.com/microsoft/BCApps
    """
    rate = scope.records.versions(invoice.kind, invoice.id)[-1].facts["rate"]
    return Rate(Decimal(str(rate)), paid.currency, open_base.currency).to_base(paid) - open_base


def mark_settled(scope: Scope, settled: list[dict[str, Any]]) -> None:
    """Take what was settled off the documents; one with nothing left is paid."""
    from sandbooks.platforms.business_central.sets.headers import HEADERS

    for each in settled:
        document = scope.get(each["kind"], each["invoice"])
        if document is None:
            raise AssertionError("what is settled stands in the books")
        remaining = Decimal(str(document.body["_remaining"])) - abs(Decimal(each["amount"]))
        base = Decimal(str(document.body["_remainingBase"])) - abs(Decimal(each["base"]))
        status = document.body["status"] if remaining else "Paid"
        body = {**document.copy(), "_remaining": str(remaining), "_remainingBase": str(base), "status": status}
        if each.get("realised"):
            body[unrealised.MEMBER] = unrealised.after(body[unrealised.MEMBER], each["realised"])
        HEADERS[each["kind"]].save(scope, document.id, body)


PAYMENTS, CUSTOMER_PAYMENTS = VendorPayments(), CustomerPayments()
SETS_BY_KIND: Mapping[str, _Payments] = {each.type: each for each in (PAYMENTS, CUSTOMER_PAYMENTS)}
