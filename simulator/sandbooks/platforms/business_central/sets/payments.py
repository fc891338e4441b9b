"""Payment journals, and the open entries that a payment can be applied to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import choice, code, day, flag, number, shown, text, uid
from sandbooks.platforms.business_central.names import encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets import settlement
from sandbooks.platforms.business_central.sets.entity import EntitySet, Given, Parent, Row, Scope
from sandbooks.platforms.business_central.sets.journals import Batches


class _PaymentJournals(Batches):
    """Batches of one kind of payment; they are posted as ``journals`` under the same id."""

    caption = "Gen. Journal Batch"
    fields = (
        code("code", 10),
        text("displayName"),
        uid("balancingAccountId"),
        *shown(code("balancingAccountNumber")),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values["templateDisplayName"] = self.template
        super().check(scope, given, values, record)

    def delete(self, scope: Scope, row: Row) -> None:
        for line in settlement.open_payments(scope, row.id):
            settlement.drop(scope, line)
        super().delete(scope, row)


class VendorPaymentJournals(_PaymentJournals):
    """Batches of the payment journal."""

    name, type = "vendorPaymentJournals", "vendorPaymentJournal"
    children = ("vendorPayments",)
    template, template_type = "PAYMENT", "Payments"


class CustomerPaymentJournals(_PaymentJournals):
    """Batches of the cash receipt journal. Source: page Cust. Paym. Journals of API v2.0"""

    name, type = "customerPaymentJournals", "customerPaymentJournal"
    children = ("customerPayments",)
    template, template_type = "CASHRCPT", "Cash Receipts"


# What an open document is called, where the vendor's own number of it stands, and on which side it is open.
_WORDS = {
    "purchaseInvoice": ("Invoice", "vendorInvoiceNumber", -1),
    "purchaseCreditMemo": ("Credit Memo", "vendorCreditMemoNumber", 1),
}


def _entry_id(scope: Scope, document: Record) -> str:
    return scope.world.ids.fixed_uuid(f"business_central/{scope.company.id}/vendorEntry/{document.id}")


class ApplyVendorEntries(EntitySet):
    """The vendor's open invoices and credit memos, as seen from one payment. Addressed under it alone."""

    name, type, caption = "applyVendorEntries", "applyVendorEntry", "Vendor Ledger Entry"
    modifies = True
    parents: ClassVar[Mapping[str, str]] = {"vendorPayments": "parentId"}
    fields = (
        flag("applied"),
        *shown(
            code("appliesToId", 50),
            day("postingDate"),
            choice(
                "documentType", "", "Payment", "Invoice", "Credit Memo", "Finance Charge Memo", "Reminder", "Refund"
            ),
            code("documentNumber"),
            code("externalDocumentNumber", 35),
            code("vendorNumber"),
            text("vendorName"),
            text("description"),
            number("remainingAmount"),
        ),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        payment = self._payment(scope, parent)
        for document in self._open(scope, payment):
            yield self._shown(scope, document, payment)

    def _payment(self, scope: Scope, parent: Parent | None) -> Record:
        if parent is None:
            raise Dialog("You must specify a vendor payment to get apply vendor entries.")
        payment = scope.get("vendorPayment", parent.id)
        if payment is None:
            raise parent.set.missing(parent.id)
        return payment

    def _open(self, scope: Scope, payment: Record) -> Iterator[Record]:
        """Posted documents of the payment's vendor of which something is left."""
        for kind in _WORDS:
            for document in scope.records.find(kind, "vendorId", payment.body["vendorId"]):
                if document.body.get("_posted") and document.body.get("_remaining", "0") not in ("0", "0.00"):
                    yield document

    def _shown(self, scope: Scope, document: Record, payment: Record) -> Row:
        body, id = document.body, _entry_id(scope, document)
        word, number_member, sign = _WORDS[document.kind]
        applied = document.id in (payment.body["appliesToInvoiceId"], *payment.body.get("_applies", []))
        values: dict[str, Any] = {
            "applied": applied,
            # The mark that ties an entry to what it is applied to: the number of the payment.
            # Source: table Vendor Ledger Entry (Applies-to ID), codeunit Gen. Jnl.-Apply, github.com/microsoft/BCApps
            "appliesToId": payment.body["documentNumber"] if applied else "",
            "postingDate": body["postingDate"],
            "documentType": encoded(word),
            "documentNumber": body["number"],
            "externalDocumentNumber": body[number_member],
            "vendorNumber": body["vendorNumber"],
            "vendorName": body["vendorName"],
            "description": f"{word} {body['number']}",
            "remainingAmount": sign * Decimal(str(body["_remaining"])),
        }
        tag = entity_tag(self.type, id, document.version * 2 + int(applied))
        return Row(id, self.shown(id, values, modified=document.updated), tag)

    def update_under(self, scope: Scope, given: Given, parent: Parent | None, id: str) -> Row:
        """Apply a payment to an entry, or take it off again."""
        payment = self._payment(scope, parent)
        document = next((each for each in self._open(scope, payment) if _entry_id(scope, each) == id), None)
        if document is None:
            raise self.missing(id)
        if given.has("applied"):
            kept = [each for each in payment.body.get("_applies", []) if each != document.id]
            body = {**payment.copy(), "_applies": [*kept, document.id] if given.values["applied"] else kept}
            if not given.values["applied"] and body["appliesToInvoiceId"] == document.id:
                body.update(appliesToInvoiceId="00000000-0000-0000-0000-000000000000", appliesToInvoiceNumber="")
            settlement.PAYMENTS.save(scope, payment.id, body)
        return self.under(scope, parent, id)


SETS = (
    VendorPaymentJournals(),
    settlement.PAYMENTS,
    ApplyVendorEntries(),
    CustomerPaymentJournals(),
    settlement.CUSTOMER_PAYMENTS,
)
