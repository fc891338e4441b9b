"""The accounts that every company has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company

_ROLES = {
    "payables": "payables",
    "receivables": "receivables",
    "input_tax": "input_tax",
    "output_tax": "output_tax",
    "exchange_differences": "exchange_loss",
    "rounding": "rounding",
}


def usual_accounts(company: Company) -> dict[str, str]:
    """The accounts that posting groups and setup name."""
    posting = company.settings.get("posting", {})
    return {name: posting[role] for name, role in _ROLES.items() if role in posting}
