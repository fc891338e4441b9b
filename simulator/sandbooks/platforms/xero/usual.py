"""The accounts that every organisation has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company

# Source: the values of SystemAccount in https://developer.xero.com/documentation/api/accounting/types#accounts
SYSTEM_ACCOUNTS = {
    "payables": "CREDITORS",
    "receivables": "DEBTORS",
    "input_tax": "GST",
    "output_tax": "GST",
    "exchange_differences": "REALISEDCURRENCYGAIN",
    "rounding": "ROUNDING",
}


def usual_accounts(company: Company) -> dict[str, str]:
    """The system accounts of the chart."""
    usual = {}
    for name, system in SYSTEM_ACCOUNTS.items():
        found = company.records.find("Account", "SystemAccount", system.lower())
        if found:
            usual[name] = found[0].id
    return usual
