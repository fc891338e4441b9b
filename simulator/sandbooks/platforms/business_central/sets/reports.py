"""Reports as entity sets: trial balance, what is owed to vendors, and purchases by vendor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sandbooks.platforms.business_central.fields import choice, code, day, number, shown, text, uid
from sandbooks.platforms.business_central.names import entity_tag
from sandbooks.platforms.business_central.sets.accounts import net_changes
from sandbooks.platforms.business_central.sets.entity import EntitySet, Parent, Row, Scope
from sandbooks.platforms.business_central.sets.masters import balances


class TrialBalances(EntitySet):
    """Each G/L account with what it holds, at the end of today."""

    name, type, caption = "trialBalances", "trialBalance", "Trial Balance Entity Buffer"
    tracked = False
    fields = shown(
        code("number"),
        uid("accountId"),
        choice("accountType", "Posting", "Heading", "Total", "Begin-Total", "End-Total"),
        text("display"),
        text("totalDebit"),
        text("totalCredit"),
        text("balanceAtDateDebit"),
        text("balanceAtDateCredit"),
        day("dateFilter"),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        held = net_changes(scope)
        for record in sorted(scope.records.scan("account"), key=lambda r: str(r.body["number"])):
            amount = Decimal(held.get(record.id, 0))
            sides = (_text(amount if amount > 0 else Decimal(0)), _text(-amount if amount < 0 else Decimal(0)))
            body = {
                "number": record.body["number"],
                "accountId": record.id,
                "accountType": record.body["accountType"],
                "display": record.body["displayName"],
                "totalDebit": sides[0],
                "totalCredit": sides[1],
                "balanceAtDateDebit": sides[0],
                "balanceAtDateCredit": sides[1],
                "dateFilter": scope.today.isoformat(),
            }
            yield Row(record.id, self.shown(record.id, body), entity_tag(self.type, record.id, 1))


def _text(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""


class AgedPayables(EntitySet):
    """What is owed to each vendor, by how long it has been due."""

    name, type, caption = "agedAccountsPayables", "agedAccountsPayable", "Aged Report Entity"
    tracked = False
    fields = shown(
        uid("vendorId"),
        code("vendorNumber"),
        text("name"),
        code("currencyCode", 10),
        number("balanceDue"),
        number("currentAmount"),
        number("period1Amount"),
        number("period2Amount"),
        number("period3Amount"),
        day("agedAsOfDate"),
        text("periodLengthFilter"),
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        held = balances(scope, "payables")
        for vendor in scope.records.scan("vendor"):
            if not held.get(vendor.id):
                continue
            buckets = self._buckets(scope, vendor.id)
            body = {
                "vendorId": vendor.id,
                "vendorNumber": vendor.body["number"],
                "name": vendor.body["displayName"],
                "currencyCode": scope.company.currency,
                "balanceDue": -held[vendor.id],
                "currentAmount": buckets[0],
                "period1Amount": buckets[1],
                "period2Amount": buckets[2],
                "period3Amount": buckets[3],
                "agedAsOfDate": scope.today.isoformat(),
                "periodLengthFilter": "30D",
            }
            yield Row(vendor.id, self.shown(vendor.id, body), entity_tag(self.type, vendor.id, 1))

    def _buckets(self, scope: Scope, vendor: str) -> list[Decimal]:
        buckets = [Decimal(0)] * 4
        for invoice in scope.records.find("purchaseInvoice", "vendorId", vendor):
            if invoice.body.get("_posted"):
                late = scope.today - date.fromisoformat(invoice.body["dueDate"])
                place = 0 if late <= timedelta(0) else min(3, 1 + (late.days - 1) // 30)
                buckets[place] += Decimal(str(invoice.body["_remainingBase"]))
        return buckets


class VendorPurchases(EntitySet):
    """What was bought from each vendor, taken from posted invoices and credit memos."""

    name, type, caption = "vendorPurchases", "vendorPurchase", "Vendor"
    tracked = False
    fields = shown(
        uid("vendorId"), code("vendorNumber"), text("name"), number("totalPurchaseAmount"), day("dateFilter_FilterOnly")
    )

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        for vendor in scope.records.scan("vendor"):
            bought = Decimal(0)
            for kind, sign in (("purchaseInvoice", 1), ("purchaseCreditMemo", -1)):
                for document in scope.records.find(kind, "vendorId", vendor.id):
                    if document.body.get("_posted"):
                        rate = Decimal(scope.records.versions(kind, document.id)[-1].facts["rate"])
                        bought += sign * Decimal(str(document.body["totalAmountExcludingTax"])) * rate
            body = {
                "vendorId": vendor.id,
                "vendorNumber": vendor.body["number"],
                "name": vendor.body["displayName"],
                "totalPurchaseAmount": bought.quantize(Decimal("0.01")),
            }
            yield Row(vendor.id, self.shown(vendor.id, body), entity_tag(self.type, vendor.id, 1))


SETS = (TrialBalances(), AgedPayables(), VendorPurchases())
