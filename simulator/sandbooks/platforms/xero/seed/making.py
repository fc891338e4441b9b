"""The entries of an organisation's lists, made one at a time: accounts, taxes, currencies, contacts, tracking."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.money import known_currency
from sandbooks.platforms.xero import contacts
from sandbooks.platforms.xero.api import accounts
from sandbooks.platforms.xero.saving import save
from sandbooks.platforms.xero.seed import charts

Body = dict[str, Any]
_FIRST_CODE = {"REVENUE": 210, "EXPENSE": 500, "BANK": 90}


def put_currency(company: Company, code: str) -> None:
    if known_currency(code) and company.records.get("Currency", code) is None:
        save(company, "Currency", {"Code": code, "Description": charts.CURRENCIES.get(code, code)})


def put_tax(
    company: Company,
    *,
    code: str,
    name: str,
    rates: list[tuple[str, str, bool]],
    row: charts.TaxRow | None = None,
    reverse: bool = False,
) -> None:
    """Store a tax rate. ``rates``: name, percent and whether it is not recoverable, one per component."""
    components = [
        {"Name": part, "Rate": Decimal(rate), "IsCompound": False, "IsNonRecoverable": lost}
        for part, rate, lost in rates
    ]
    total = sum((Decimal(rate) for _, rate, _ in rates), Decimal(0))
    buys, sells = row is None or row.use != "sell", row is None or row.use != "buy"
    save(
        company,
        "TaxRate",
        {
            "Name": name,
            "TaxType": code,
            "ReportTaxType": _report_type(code, row),
            "CanApplyToAssets": True,
            "CanApplyToEquity": True,
            "CanApplyToExpenses": buys,
            "CanApplyToLiabilities": True,
            "CanApplyToRevenue": sells or code == "NONE",
            "DisplayTaxRate": total,
            "EffectiveRate": total,
            "Status": "ACTIVE",
            "TaxComponents": components,
            "_ReverseCharge": reverse or bool(row and row.reverse),
            "_Account": row.account if row else "GST",
        },
    )


def _report_type(code: str, row: charts.TaxRow | None) -> str:
    """Where a rate stands on the tax return: Xero's own reporting types, which are fewer than its tax types."""
    if row is None:
        return "INPUT"
    usual = {"buy": "INPUT", "sell": "OUTPUT", "both": "NONE"}[row.use]
    return code if code in charts.REPORTED_AS_THEMSELVES else usual


def put_account(company: Company, *, code: str, name: str, type: str, tax: str = "NONE", system: str = "") -> str:
    """An account of the chart; its id."""
    body: Body = {
        "AccountID": company.records.next_uuid("account"),
        "Code": code,
        "Name": name,
        "Status": "ACTIVE",
        "Type": type,
        "TaxType": tax,
        "EnablePaymentsToAccount": type in ("EQUITY", "CURRLIAB") and not system,
        "ShowInExpenseClaims": type == "EXPENSE" and not system,
        "HasAttachments": False,
        "AddToWatchlist": False,
    }
    if system:
        body["SystemAccount"] = system
    return accounts.keep_account(company, body).id


def put_bank(company: Company, *, name: str, currency: str, card: bool, code: str = "") -> str:
    """A bank or card account; its id."""
    digits = 1_000_000 + company.records.next_number("bank_number")
    body: Body = {
        "AccountID": company.records.next_uuid("account"),
        "Code": code or free_code(company, "BANK"),
        "Name": name,
        "Status": "ACTIVE",
        "Type": "BANK",
        "TaxType": "NONE",
        "BankAccountNumber": f"XXXX-{digits:08d}",
        "BankAccountType": "CREDITCARD" if card else "BANK",
        "CurrencyCode": currency,
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "HasAttachments": False,
        "AddToWatchlist": False,
    }
    return accounts.keep_account(company, body).id


def free_code(company: Company, type: str) -> str:
    code = _FIRST_CODE.get(type, 700)
    while company.records.find("Account", "Code", f"{code:03d}"):
        code += 1
    return f"{code:03d}"


def put_contact(company: Company, facts: Mapping[str, Any], *, supplier: bool) -> str:
    """A contact of the plan; an active one of that name is taken as it is."""
    name = str(facts["name"])
    found = [c for c in company.records.find("Contact", "Name", name.lower()) if c.active]
    if found:
        return found[0].id
    body = contacts.blank(company) | {"Name": name, "IsSupplier": supplier, "IsCustomer": not supplier}
    contacts.fill_slots(body, {})
    if facts.get("email"):
        body["EmailAddress"] = str(facts["email"])
    if facts.get("currency"):
        body["DefaultCurrency"] = str(facts["currency"])
    return contacts.keep(company, body).id


def put_tracking(company: Company, name: str, options: list[str]) -> Body:
    body: Body = {
        "TrackingCategoryID": company.records.next_uuid("tracking"),
        "Name": name,
        "Status": "ACTIVE",
        "Options": [
            {"TrackingOptionID": company.records.next_uuid("option"), "Name": option, "Status": "ACTIVE"}
            for option in options
        ],
    }
    save(company, "TrackingCategory", body)
    return body
