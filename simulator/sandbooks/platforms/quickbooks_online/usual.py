"""The accounts that every company has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_online.realm import Realm


def usual_accounts(company: Company) -> dict[str, str]:
    """Payables, receivables, tax and exchange differences, as far as they exist by now."""
    realm = Realm(company)
    home = realm.home
    agencies = company.records.scan("TaxAgency")
    tax = [str(agency.body["_account"]) for agency in agencies if "_account" in agency.body]
    found = {
        "payables": realm.accounts_of("Accounts Payable", currency=home),
        "receivables": realm.accounts_of("Accounts Receivable", currency=home),
        "exchange_differences": realm.accounts_of("Other Expense", subtype="ExchangeGainOrLoss"),
    }
    usual = {name: records[0].id for name, records in found.items() if records}
    return {**usual, **({"input_tax": tax[0], "output_tax": tax[0]} if tax else {})}
