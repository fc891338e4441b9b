"""Native operations by subject. Each module exports ``OPERATIONS``."""

from __future__ import annotations

from importlib import import_module

from sandbooks.kit.surface import Operation

SUBJECTS = (
    "sign_in",
    "connections",
    "organisation",
    "accounts",
    "contacts",
    "bank_transactions",
    "invoices",
    "credit_notes",
    "payments",
    "transfers",
    "journals",
    "claims",
    "orders",
    "tax_rates",
    "tracking",
    "catalogue",
    "attachments",
    "files",
    "history",
    "reports",
    "absent",
)


def operations() -> tuple[Operation, ...]:
    """Every operation that Xero answers here."""
    modules = (import_module(f"{__name__}.{subject}") for subject in SUBJECTS)
    return tuple(operation for module in modules for operation in module.OPERATIONS)
