"""Modules and objects of the real REST API that are not kept: named, so that they answer loudly.

Source: https://developer.sage.com/intacct (OpenAPI), in public at
github.com/lorenz-bus-service/node-intacct-rest-api (spec/manifest.json and the objects of each group)
"""

from __future__ import annotations

# Modules of which no object is kept, or so few that every other object of theirs is told as absent.
MODULES = frozenset(
    (
        "accounts-receivable", "consolidation", "construction", "contracts", "core", "dynamic-allocations",
        "fixed-assets", "inventory-control", "lease-accounting", "loan-management", "order-entry", "platform",
        "platform-apps", "purchasing", "reports", "time",
    )
)  # fmt: skip

_BY_MODULE = {
    "accounts-payable": """
        account-label adjustment adjustment-line adjustment-summary adjustment-tax-entry advance-line
        amortization-template bill-line bill-summary bill-tax-entry check-run joint-payee payment-detail payment-line
        payment-summary posted-payment recurring-bill recurring-bill-line recurring-bill-tax-entry summary term
        vendor-account-group vendor-account-number vendor-bank-file-setup vendor-contact vendor-email-template
        vendor-group vendor-payment-provider vendor-restricted-department vendor-restricted-location vendor-total
        vendor-type
    """,
    "cash-management": """
        ach-bank ar-advance-txn-line-template ar-advance-txn-template bank-account bank-fee bank-fee-line
        bank-fee-tax-entry bank-feed bank-file bank-file-detail bank-reconciliation bank-reconciliation-record
        bank-transaction bank-txn-assignment-rule bank-txn-assignment-rule-filter bank-txn-feed bank-txn-rule
        bank-txn-rule-filter bank-txn-rule-group bank-txn-rule-map bank-txn-rule-match bank-txn-rule-set
        bank-txn-rule-set-run-detail bank-txn-rule-set-run-log charge-payoff charge-payoff-line credit-card-fee
        credit-card-fee-line credit-card-fee-tax-entry credit-card-reconciliation credit-card-reconciliation-record
        credit-card-txn-line credit-card-txn-line-template credit-card-txn-tax-entry credit-card-txn-template deposit
        deposit-detail deposit-line financial-institution funds-transfer-line initial-open-item
        journal-entry-line-template journal-entry-template other-receipt other-receipt-line other-receipt-tax-entry
        payment-provider payment-provider-bank-account provider-payment-method received-payment
        received-payment-line reconciliation-source-record undeposited-fund
    """,
    "company-config": """
        advanced-audit-history advanced-consolidation-preference affiliate-entity affiliate-entity-group audit-history
        class-group cloud-storage company-message company-preference consolidation-preference contact-list
        contact-version cover-letter-template department-group department-group-member document-sequence
        document-sequence-rollover earning-type email-delivery-record email-template employee-bank-file-setup
        employee-group employee-position employee-rate employee-type exchange-rate exchange-rate-line
        exchange-rate-type external-authorization file holiday holiday-schedule inter-entity-account-mapping
        inter-entity-advanced-map inter-entity-basic-map location-group location-group-member
        multi-entity-preference order-entry-preference payment-provider-notification permission
        purchasing-preference role role-permission-assignment role-user-group-map role-user-map sandbox txn-currency
        user-group user-group-member web-services-user
    """,
    "expenses": """
        electronic-receipt electronic-receipt-line employee-expense-adjustment employee-expense-adjustment-line
        employee-expense-approval-record employee-expense-line employee-expense-payment-summary
        employee-expense-reimbursement employee-expense-summary expense-to-approve expense-to-approve-line unit-rate
    """,
    "general-ledger": """
        account-allocation account-allocation-basis account-allocation-group account-allocation-group-member
        account-allocation-reverse account-allocation-run account-allocation-source account-allocation-target
        account-balance account-category account-group account-group-category-member account-group-computation
        account-group-map account-group-member account-group-purpose account-name-entity-map account-range
        accounting-sequence accounting-sequence-line adjustment-journal budget budget-detail financial-graph
        gaap-adjustment-journal journal-entry-line journal-entry-tax-entry journal-entry-txn-template
        journal-entry-txn-template-line recurring-account-allocation report-audience report-type reporting-account
        reporting-account-map reporting-account-set reporting-account-set-permission reporting-category
        statistical-account statistical-adjustment-journal statistical-journal statistical-journal-entry
        statistical-journal-entry-line tax-adjustment-journal txn-allocation-template-line user-defined-book
        user-defined-journal
    """,
    "projects": """
        employee-out-of-office employee-out-of-office-line invoice-run position-skill project-billing-template
        project-billing-template-milestone project-group project-group-member project-observed-percent-completed
        project-resource project-status project-type task-group task-observed-percent-completed task-resource
    """,
    "tax": """
        account-label-tax-group contact-tax-group item-tax-group order-entry-tax-detail order-entry-tax-schedule
        order-entry-tax-schedule-detail purchasing-tax-schedule purchasing-tax-schedule-detail
        tax-authority tax-record tax-return tax-solution
    """,
}
OBJECTS = frozenset(f"{module}/{name}" for module, names in _BY_MODULE.items() for name in names.split())
