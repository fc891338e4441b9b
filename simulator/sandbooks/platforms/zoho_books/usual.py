"""The accounts that every organisation has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.zoho_books import chart


def usual_accounts(company: Company) -> dict[str, str]:
    """The accounts that Zoho keeps for itself."""
    names = {
        "payables": chart.PAYABLE,
        "receivables": chart.RECEIVABLE,
        "input_tax": chart.input_account(company.country),
        "output_tax": chart.output_account(company.country),
        "exchange_differences": chart.EXCHANGE,
        "rounding": chart.EXCHANGE,
    }
    found = {word: company.records.find("account", "system_name", name.lower()) for word, name in names.items()}
    return {word: records[0].id for word, records in found.items() if records}
