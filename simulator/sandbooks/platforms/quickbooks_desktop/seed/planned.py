"""What a plan names on top of a new file's lists, and the native ids behind its labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import parse_money
from sandbooks.platform import CompanyPlan
from sandbooks.platforms.quickbooks_desktop import writing
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.rules import lists
from sandbooks.platforms.quickbooks_desktop.seed import making
from sandbooks.platforms.quickbooks_desktop.taxation import purchase_rate

TYPES = {
    "bank": "Bank",
    "credit_card": "CreditCard",
    "expense": "Expense",
    "income": "Income",
    "cost_of_sales": "CostOfGoodsSold",
    "other_income": "OtherIncome",
    "other_expense": "OtherExpense",
    "current_asset": "OtherCurrentAsset",
    "fixed_asset": "FixedAsset",
    "current_liability": "OtherCurrentLiability",
    "long_term_liability": "LongTermLiability",
    "equity": "Equity",
    "accounts_payable": "AccountsPayable",
    "accounts_receivable": "AccountsReceivable",
}


def labels(file: CompanyFile, plan: CompanyPlan) -> dict[str, dict[str, str]]:
    """Make what the plan names; the native ids by part and label."""
    return {
        "taxes": {label: _tax(file, label, facts) for label, facts in plan.taxes.items()},
        "accounts": {label: _account(file, label, facts) for label, facts in plan.accounts.items()},
        "suppliers": {label: _party(file, "Vendor", label, facts) for label, facts in plan.suppliers.items()},
        "customers": {label: _party(file, "Customer", label, facts) for label, facts in plan.customers.items()},
        "tracking": dict(_tracking(file, plan.tracking)),
    }


def _account(file: CompanyFile, label: str, facts: Mapping[str, Any]) -> str:
    """An account of the plan, or the one that stands under its name with the same type and currency."""
    type = TYPES.get(str(facts.get("type", "expense")), str(facts.get("type", "expense")))
    currency = str(facts.get("currency") or file.home)
    name = str(facts.get("name") or label)[:31]
    standing = file.named(("Account",), name)
    if standing is None or standing.body["AccountType"] != type or file.currency_of(standing) != currency:
        body: dict[str, Any] = {"Name": name if standing is None else f"{name[:28]} 2", "AccountType": type}
        if currency != file.home:
            body["CurrencyRef"] = {"ListID": making.use_currency(file, currency).id}
        if facts.get("code"):
            body["AccountNumber"] = str(facts["code"])[:7]
        standing = lists.add(file, "Account", body)
    if facts.get("opening"):
        _open(file, standing, str(facts["opening"]))
    return standing.id


def _open(file: CompanyFile, account: Record, booking: str) -> None:
    """An opening balance such as ``Dr 100.00 USD``, against Opening Balance Equity."""
    side, _, rest = booking.partition(" ")
    equity = file.special_account("OpeningBalanceEquity")
    if side in ("Dr", "Cr") and equity is not None:
        amount = parse_money(rest).amount
        writing.write_opening(file, account.id, equity.id, amount=amount, debit=side == "Dr")


def _party(file: CompanyFile, kind: str, label: str, facts: Mapping[str, Any]) -> str:
    """A vendor or customer of the plan; names are shared, so a second kind gets a suffix."""
    name, currency = str(facts.get("name") or label)[:41], str(facts.get("currency") or file.home)
    taken = file.named(ENTITIES, name)
    if taken is not None and taken.kind == kind and file.currency_of(taken) == currency:
        return taken.id
    body: dict[str, Any] = {"Name": name if taken is None else f"{name[:30]} ({kind})", "CompanyName": name}
    if currency != file.home:
        body["CurrencyRef"] = {"ListID": making.use_currency(file, currency).id}
    if facts.get("email"):
        body["Email"] = str(facts["email"])
    return lists.add(file, kind, body).id


def _tax(file: CompanyFile, label: str, facts: Mapping[str, Any]) -> str:
    """The sales tax code that fits, else a new one. The US edition has no tax on purchases: its Non code."""
    codes = list(file.records.scan("SalesTaxCode"))
    if file.us:
        return next(code.id for code in codes if code.body["Name"] == "Non")
    percent = Decimal(str(facts.get("rate", "0")).strip().removesuffix("%"))
    if facts.get("reverse_charge"):
        percent = Decimal(0)  # both of its items are the one agency's: what it books cancels out
    native = facts.get("native", {}).get("quickbooks_desktop")
    for code in codes:
        if native in (code.id, code.body["Name"]) or (not native and purchase_rate(file, code.id) == percent):
            return code.id
    name = str(facts.get("name") or label)[:3]
    names = {str(code.body["Name"]).lower() for code in codes}
    free = name if name.lower() not in names else next(f"T{n}" for n in range(1, 100) if f"t{n}" not in names)
    return making.add_tax_code(file, free, "true", f"{percent:f}% tax", str(percent)).id


def _tracking(file: CompanyFile, tracking: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Classes are the one dimension: one for each option, or for the category itself where it has none."""
    for label, facts in tracking.items():
        options = facts.get("options") or {label: facts.get("name", label)}
        named = options.items() if isinstance(options, Mapping) else ((str(o), o) for o in options)
        for key, name in named:
            text = str(name)[:31].replace(":", " ")
            standing = file.named(("Class",), text)
            yield key, (standing or lists.add(file, "Class", {"Name": text})).id
