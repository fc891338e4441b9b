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


class VendorPaymentJournals(Batches):
    """Batches of the payment journal; they are posted as ``journals`` under the same id."""

    name, type, caption = "vendorPaymentJournals", "vendorPaymentJournal", "Gen. Journal Batch"
    children = ("vendorPayments",)
    template_type = "Payments"
    fields = (
        code("code", 10),
        text("displayName"),
        uid("balancingAccountId"),
        *shown(code("balancingAccountNumber")),
    )

    def check(self, scope: Scope, given: Given, values: dict[str, Any], record: Record | None) -> None:
        values["templateDisplayName"] = "PAYMENT"
        super().check(scope, given, values, record)

    def delete(self, scope: Scope, row: Row) -> None:
        for line in settlement.open_payments(scope, row.id):
            settlement.drop(scope, line)
        super().delete(scope, row)


class ApplyVendorEntries(EntitySet):
    """The vendor's open invoices, as seen from one payment. Addressed under it alone."""

    name, type, caption = "applyVendorEntries", "applyVendorEntry", "Vendor Ledger Entry"
    modifies = True
    tracked = False
    parents: ClassVar[Mapping[str, str]] = {"vendorPayments": "parentId"}
    fields = (
        flag("applied"),
        *shown(
            uid("appliesToId"),
            day("postingDate"),
            choice("documentType", "", "Payment", "Invoice", "Credit Memo", "Refund"),
            code("documentNumber"),
            code("externalDocumentNumber", 35),
            code("vendorNumber"),
            text("vendorName"),
            text("description"),
            number("remainingAmount"),
        ),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        if parent is None:
            raise Dialog("You must get to the parent first to get to the vendor entries.")
        payment = scope.get("vendorPayment", parent.id)
        if payment is None:
            raise parent.set.missing(parent.id)
        applied = {payment.body["appliesToInvoiceId"], *payment.body.get("_applies", [])}
        for invoice in scope.records.find("purchaseInvoice", "vendorId", payment.body["vendorId"]):
            if invoice.body.get("_posted") and invoice.body.get("_remaining", "0") not in ("0", "0.00"):
                yield self._shown(scope, invoice, applied=invoice.id in applied)

    def _shown(self, scope: Scope, invoice: Record, *, applied: bool) -> Row:
        body = invoice.body
        id = scope.world.ids.fixed_uuid(f"business_central/{scope.company.id}/vendorEntry/{invoice.id}")
        values: dict[str, Any] = {
            "applied": applied,
            "appliesToId": invoice.id,
            "postingDate": body["postingDate"],
            "documentType": encoded("Invoice"),
            "documentNumber": body["number"],
            "externalDocumentNumber": body["vendorInvoiceNumber"],
            "vendorNumber": body["vendorNumber"],
            "vendorName": body["vendorName"],
            "description": f"Invoice {body['number']}",
            "remainingAmount": -Decimal(str(body["_remaining"])),
        }
        return Row(id, self.shown(id, values), entity_tag(self.type, id, invoice.version * 2 + int(applied)))

    def update_under(self, scope: Scope, given: Given, parent: Parent | None, id: str) -> Row:
        """Apply a payment to an entry, or take it off again."""
        if parent is None:
            raise Dialog("You must get to the parent first to get to the vendor entries.")
        row = self.under(scope, parent, id)
        payment = scope.get("vendorPayment", parent.id)
        if payment is None:
            raise parent.set.missing(parent.id)
        if given.has("applied"):
            invoice = row.values["appliesToId"]
            kept = [each for each in payment.body.get("_applies", []) if each != invoice]
            body = {**payment.copy(), "_applies": [*kept, invoice] if given.values["applied"] else kept}
            if not given.values["applied"] and body["appliesToInvoiceId"] == invoice:
                body.update(appliesToInvoiceId="00000000-0000-0000-0000-000000000000", appliesToInvoiceNumber="")
            settlement.PAYMENTS.save(scope, payment.id, body)
        return self.under(scope, parent, id)


SETS = (VendorPaymentJournals(), settlement.PAYMENTS, ApplyVendorEntries())
