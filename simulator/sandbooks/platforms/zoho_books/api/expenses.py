"""Expenses."""

from __future__ import annotations

from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.attachments import receipt_operations, with_file
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import expenses

EXPENSES = Resource(
    kind="expense",
    path="expenses",
    one="expense",
    many="expenses",
    root="expense",
    module="expenses",
    rules=ListRules(
        root="expenses",
        report="Expense Details",
        columns=(
            *("expense_id", "date", "account_id", "account_name", "paid_through_account_id"),
            *("paid_through_account_name", "description", "currency_id", "currency_code", "exchange_rate"),
            *("bcy_total", "bcy_total_without_tax", "total", "total_without_tax", "is_billable"),
            *("reference_number", "customer_id", "customer_name", "vendor_id", "vendor_name", "status"),
            *("location_id", "location_name", "created_time", "last_modified_time", "expense_receipt_name"),
            *("expense_type", "custom_fields", "tax_id", "tax_amount"),
        ),
        texts=("description", "reference_number", "account_name", "customer_name", "vendor_name", "status"),
        ids=("customer_id", "vendor_id", "paid_through_account_id", "project_id"),
        keys={name: name for name in ("vendor_id", "customer_id", "project_id", "paid_through_account_id")},
        dates=("date",),
        amounts=("total", "amount"),
        search=("account_name", "description", "customer_name", "vendor_name", "reference_number"),
        order=("date", "account_name", "total", "bcy_total", "reference_number", "customer_name"),
        filters={
            "Status.Billable": lambda body: body["is_billable"],
            "Status.Nonbillable": lambda body: not body["is_billable"],
            "Status.Reimbursed": lambda body: body["status"] == "reimbursed",
            "Status.Invoiced": lambda body: body["status"] == "invoiced",
            "Status.Unbilled": lambda body: body["status"] == "unbilled",
        },
    ),
    created="The expense has been recorded.",
    updated="Expense information has been updated.",
    deleted="The expense has been deleted.",
    # The documentation lists 200 here and 201 for most other creates.
    created_status=200,
    create=lambda call, given: with_file(call, "receipt", expenses.create(call.company, given)),
    update=lambda call, record, given: with_file(call, "receipt", expenses.update(call.company, record, given)),
    delete=expenses.delete,
    by_key=True,
)

OPERATIONS: tuple[Operation, ...] = (
    *EXPENSES.operations(),
    *receipt_operations(EXPENSES),
    *comments(EXPENSES),
)
