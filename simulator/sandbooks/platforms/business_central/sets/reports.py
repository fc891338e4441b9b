"""Reports as entity sets: trial balance, what is owed to vendors, and purchases by vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import (
    Field,
    choice,
    code,
    day,
    number,
    shown,
    text,
    uid,
    whole,
)
from sandbooks.platforms.business_central.names import caption as caption_of
from sandbooks.platforms.business_central.names import entity_tag
from sandbooks.platforms.business_central.sets.accounts import bank_groups, net_changes
from sandbooks.platforms.business_central.sets.booking import party_balance
from sandbooks.platforms.business_central.sets.entity import EntitySet, Parent, Row, Scope


class TrialBalances(EntitySet):
    """Each G/L account with what it holds, at the end of today."""

    name, type, caption = "trialBalances", "trialBalance", "Trial Balance Entity Buffer"
    tracked = False
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"account": ("accounts", "accountId")}
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
        for record in sorted(scope.records.scan("account"), key=lambda r: str(r.body["number"])):
            yield self._of(scope, record)

    def known(self, scope: Scope, id: str) -> Row | None:
        record = scope.get("account", id)
        return self._of(scope, record) if record is not None else None

    def _of(self, scope: Scope, record: Record) -> Row:
        amount = Decimal(net_changes(scope).get(record.id, 0))
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
        return Row(record.id, self.shown(record.id, body), entity_tag(self.type, record.id, 1))


def _text(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""


class AgedPayables(EntitySet):
    """What is owed to each vendor, by how long it has been due."""

    name, type, caption = "agedAccountsPayables", "agedAccountsPayable", "Aged Report Entity"
    tracked = False
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"vendor": ("vendors", "vendorId")}
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
        found = (self._of(scope, vendor) for vendor in scope.records.scan("vendor"))
        return (row for row in found if row is not None)

    def known(self, scope: Scope, id: str) -> Row | None:
        vendor = scope.get("vendor", id)
        return self._of(scope, vendor) if vendor is not None else None

    def _of(self, scope: Scope, vendor: Record) -> Row | None:
        """What one vendor is owed; None where that is nothing."""
        held = party_balance(scope, "payables", vendor.id)
        if not held:
            return None
        buckets = self._buckets(scope, vendor.id)
        # Credit memos and payments that settle nothing yet. Unconfirmed: that they count as current.
        buckets[0] += -held - sum(buckets)
        body = {
            "vendorId": vendor.id,
            "vendorNumber": vendor.body["number"],
            "name": vendor.body["displayName"],
            "currencyCode": scope.company.currency,
            "balanceDue": -held,
            "currentAmount": buckets[0],
            "period1Amount": buckets[1],
            "period2Amount": buckets[2],
            "period3Amount": buckets[3],
            "agedAsOfDate": scope.today.isoformat(),
            "periodLengthFilter": "30D",
        }
        return Row(vendor.id, self.shown(vendor.id, body), entity_tag(self.type, vendor.id, 1))

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


class _Statements(EntitySet):
    """A financial statement: the accounts of some categories with what they hold, and a total for each."""

    tracked = False
    categories: ClassVar[tuple[str, ...]] = ()
    amount: ClassVar[str] = "balance"

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        for place, (told, amount, kind) in enumerate(self.told(scope), start=1):
            yield self._line(scope, place * 10000, told, amount, kind)

    def told(self, scope: Scope) -> Iterator[tuple[str, Decimal, str]]:
        """The lines in their order: what they say, their amount, and what kind of line they are."""
        held = _held(scope)
        for category in self.categories:
            of_category = [(name, amount) for name, amount, of, _ in held if of == category]
            yield category, Decimal(0), "header"
            yield from ((name, amount, "detail") for name, amount in of_category)
            yield f"Total {category}", sum((amount for _, amount in of_category), Decimal(0)), "total"

    def _line(self, scope: Scope, place: int, told: str, amount: Decimal, kind: str) -> Row:
        id = scope.world.ids.fixed_uuid(f"business_central/{scope.company.id}/{self.name}/{place}")
        body = {
            "lineNumber": place,
            "display": told,
            self.amount: amount,
            "lineType": kind,
            "indentation": 1 if kind == "detail" else 0,
            "dateFilter": scope.today.isoformat(),
        }
        return Row(id, self.shown(id, body), entity_tag(self.type, id, 1))


def _held(scope: Scope) -> list[tuple[str, Decimal, str, str]]:
    """Each posting account: its name, what it holds, its category and its id."""
    held = net_changes(scope)
    accounts = sorted(scope.records.scan("account", deleted=False), key=lambda r: str(r.body["number"]))
    return [
        (each.body["displayName"], Decimal(held.get(each.id, 0)), caption_of(each.body["category"]), each.id)
        for each in accounts
        if each.body["accountType"] == "Posting"
    ]


def _members(amount: str) -> tuple[Field, ...]:
    return shown(
        whole("lineNumber"),
        text("display", 250),
        number(amount),
        text("lineType"),
        whole("indentation"),
        day("dateFilter"),
    )


class BalanceSheets(_Statements):
    name, type, caption = "balanceSheets", "balanceSheet", "Balance Sheet Buffer"
    categories = ("Assets", "Liabilities", "Equity")
    fields = _members("balance")


class IncomeStatements(_Statements):
    name, type, caption = "incomeStatements", "incomeStatement", "Acc. Schedule Line Entity"
    categories = ("Income", "Cost of Goods Sold", "Expense")
    amount = "netChange"
    fields = _members("netChange")


class RetainedEarnings(_Statements):
    name, type, caption = "retainedEarningsStatements", "retainedEarningsStatement", "Acc. Schedule Line Entity"
    categories = ("Equity",)
    amount = "netChange"
    fields = _members("netChange")


class CashFlowStatements(_Statements):
    """Where cash came from and went to: the year's result, and what changed on every account that is not cash.

    Cash are the G/L accounts behind bank accounts. Unconfirmed: the rows, which a company's own financial report names.
    """

    name, type, caption = "cashFlowStatements", "cashFlowStatement", "Acc. Schedule Line Entity"
    amount = "netChange"
    fields = _members("netChange")

    def told(self, scope: Scope) -> Iterator[tuple[str, Decimal, str]]:
        cash = set(bank_groups(scope).values())
        held = [(name, -amount, of) for name, amount, of, id in _held(scope) if id not in cash]
        result = sum((amount for _, amount, of in held if of in IncomeStatements.categories), Decimal(0))
        yield "Cash Flow from Operating Activities", Decimal(0), "header"
        yield "Net Income", result, "detail"
        operating = [(name, amount) for name, amount, of in held if of in ("Assets", "Liabilities")]
        yield from ((f"Change in {name}", amount, "detail") for name, amount in operating)
        earned = result + sum((amount for _, amount in operating), Decimal(0))
        yield "Net Cash Provided by Operating Activities", earned, "total"
        yield "Cash Flow from Financing Activities", Decimal(0), "header"
        financing = [(name, amount) for name, amount, of in held if of == "Equity"]
        yield from ((f"Change in {name}", amount, "detail") for name, amount in financing)
        paid_in = sum((amount for _, amount in financing), Decimal(0))
        yield "Net Cash Provided by Financing Activities", paid_in, "total"
        yield "Net Cash Increase for Period", earned + paid_in, "total"


SETS = (
    TrialBalances(),
    AgedPayables(),
    VendorPurchases(),
    BalanceSheets(),
    IncomeStatements(),
    RetainedEarnings(),
    CashFlowStatements(),
)
