"""The accounts that every company has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company

NAMES = ("payables", "receivables", "input_tax", "output_tax", "exchange_differences", "rounding")


def usual_accounts(company: Company) -> dict[str, str]:
    """Internal ids of the accounts that NetSuite posts to of its own accord."""
    usual: dict[str, str] = company.settings["usual"]
    return {name: usual[name] for name in NAMES}
