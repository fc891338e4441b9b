"""The accounts that every company file has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile

_SPECIAL = {
    "payables": "AccountsPayable",
    "receivables": "AccountsReceivable",
    "input_tax": "SalesTaxPayable",
    "output_tax": "SalesTaxPayable",
    "exchange_differences": "ExchangeGainLoss",
    "rounding": "ExchangeGainLoss",
}


def usual_accounts(company: Company) -> dict[str, str]:
    """Payables, receivables, tax and exchange differences."""
    file = CompanyFile(company)
    found = {name: file.special_account(special) for name, special in _SPECIAL.items()}
    return {name: record.id for name, record in found.items() if record is not None}
