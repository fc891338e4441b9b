"""Modules and objects of the real REST API that are not kept: named, so that they answer loudly."""

from __future__ import annotations

# Source: developer.sage.com/intacct (object references)
MODULES = frozenset(
    (
        "consolidation", "contracts", "dynamic-allocations", "fixed-assets", "lease-accounting", "order-entry",
        "platform-apps", "purchasing", "time",
    )
)  # fmt: skip
OBJECTS = frozenset(
    (
        "accounts-payable/account-label", "accounts-payable/adjustment", "accounts-payable/adjustment-line",
        "accounts-payable/advance-line", "accounts-payable/bill-line",
        "accounts-payable/bill-summary", "accounts-payable/joint-payee", "accounts-payable/payment-detail",
        "accounts-payable/payment-line", "accounts-payable/payment-summary", "accounts-payable/posted-payment",
        "accounts-payable/recurring-bill", "accounts-payable/summary", "accounts-payable/term",
        "accounts-payable/vendor-account-group", "accounts-payable/vendor-account-number",
        "accounts-payable/vendor-contact", "accounts-payable/vendor-group", "accounts-payable/vendor-payment-provider",
        "accounts-payable/vendor-type", "accounts-receivable/adjustment", "accounts-receivable/advance",
        "accounts-receivable/customer-contact", "accounts-receivable/customer-group",
        "accounts-receivable/customer-type", "accounts-receivable/deposit", "accounts-receivable/invoice",
        "accounts-receivable/invoice-line", "accounts-receivable/payment", "accounts-receivable/term",
        "cash-management/ach-bank", "cash-management/bank-reconciliation", "cash-management/bank-txn-feed",
        "cash-management/bank-txn-rule", "cash-management/charge-payoff", "cash-management/charge-payoff-line",
        "cash-management/credit-card-txn-line", "cash-management/credit-card-txn-template", "cash-management/deposit",
        "cash-management/other-receipt", "cash-management/other-receipt-line", "cash-management/payment-provider",
        "company-config/affiliate-entity", "company-config/class-group", "company-config/contact-list",
        "company-config/department-group", "company-config/document-sequence", "company-config/employee-group",
        "company-config/employee-position", "company-config/employee-type", "company-config/exchange-rate",
        "company-config/exchange-rate-type", "company-config/location-group", "company-config/permission",
        "company-config/role", "company-config/user", "company-config/user-group", "company-config/web-services-user",
        "construction/standard-cost-type", "construction/standard-task", "expenses/employee-expense-adjustment",
        "expenses/employee-expense-line", "expenses/employee-expense-payment-summary",
        "expenses/employee-expense-reimbursement", "expenses/unit-rate", "general-ledger/account-allocation",
        "general-ledger/account-balance", "general-ledger/account-category", "general-ledger/account-group",
        "general-ledger/budget", "general-ledger/journal", "general-ledger/journal-entry-line",
        "general-ledger/reporting-period", "general-ledger/statistical-account",
        "general-ledger/statistical-journal", "general-ledger/statistical-journal-entry",
        "inventory-control/item-group", "inventory-control/txn-definition",
        "inventory-control/unit-of-measure", "projects/project-group",
        "projects/project-resource", "projects/project-status", "projects/project-type", "tax/contact-tax-group",
        "tax/order-entry-tax-detail", "tax/purchasing-tax-detail", "tax/purchasing-tax-schedule", "tax/tax-authority",
        "tax/tax-return", "tax/tax-solution",
    )
)  # fmt: skip
