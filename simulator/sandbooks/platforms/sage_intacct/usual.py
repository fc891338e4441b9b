"""The accounts that every company has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company

_NAMES = {
    "payables": "payables",
    "receivables": "receivables",
    "input_tax": "input_tax",
    "output_tax": "output_tax",
    "exchange_differences": "exchange",
    "rounding": "exchange",
    "employee_payables": "employee_payables",
}


def usual_accounts(company: Company) -> dict[str, str]:
    """Account numbers that the company's setup names."""
    accounts = company.settings.get("accounts", {})
    return {neutral: accounts[name] for neutral, name in _NAMES.items() if name in accounts}
