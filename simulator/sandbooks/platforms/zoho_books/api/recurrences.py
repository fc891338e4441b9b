"""Recurring expenses and recurring bills."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.expenses import EXPENSES
from sandbooks.platforms.zoho_books.api.parts import Resource, action, read
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import recurrences
from sandbooks.platforms.zoho_books.wire import Body, reply
from sandbooks.wire import Response

_STATES = {
    "Status.Active": lambda body: body["status"] == "active",
    "Status.Stopped": lambda body: body["status"] == "stopped",
    "Status.Expired": lambda body: body["status"] == "expired",
}
_ORDER = ("recurrence_name", "start_date", "end_date", "last_created_date", "created_time", "last_modified_time")

RECURRING_EXPENSES = Resource(
    kind=recurrences.EXPENSE,
    path="recurringexpenses",
    one="recurring_expense",
    many="recurring_expenses",
    root="recurring_expense",
    module="expenses",
    rules=ListRules(
        root="recurring_expenses",
        report="Recurring Expenses",
        columns=(
            *("recurring_expense_id", "recurrence_name", "recurrence_frequency", "repeat_every", "last_created_date"),
            *("next_expense_date", "account_name", "paid_through_account_name", "description", "currency_id"),
            *("currency_code", "total", "is_billable", "customer_name", "vendor_name", "custom_fields", "status"),
            *("created_time", "last_modified_time"),
        ),
        texts=("recurrence_name", "account_name", "customer_name", "paid_through_account_name", "status"),
        ids=("account_id", "customer_id", "paid_through_account_id"),
        dates=("last_created_date", "next_expense_date"),
        amounts=("amount",),
        search=("account_name", "recurrence_name", "customer_name", "description"),
        order=("next_expense_date", "account_name", "total", *_ORDER),
        filters=_STATES,
    ),
    # The documentation lists 200 here, as for expenses.
    created="The recurring expense has been created",
    updated="Recurring expense information has been updated",
    deleted="The recurring expense has been deleted.",
    created_status=200,
    create=lambda call, given: recurrences.create(call.company, given, recurrences.EXPENSE),
    update=lambda call, record, given: recurrences.update(call.company, record, given),
    delete=recurrences.delete,
    by_key=True,
)
RECURRING_BILLS = Resource(
    kind=recurrences.BILL,
    path="recurringbills",
    one="recurring_bill",
    many="recurring_bills",
    root="recurring_bill",
    module="bills",
    rules=ListRules(
        root="recurringbills",
        report="Recurring Bills",
        columns=(
            *("recurring_bill_id", "vendor_id", "vendor_name", "status", "recurrence_name", "recurrence_frequency"),
            *("repeat_every", "last_created_date", "next_bill_date", "currency_id", "currency_code", "start_date"),
            *("end_date", "is_inclusive_tax", "total", "payment_terms", "payment_terms_label", "notes", "terms"),
            *("custom_fields", "created_time", "last_modified_time"),
        ),
        texts=("recurrence_name", "vendor_name", "status"),
        ids=("vendor_id",),
        dates=("start_date", "end_date"),
        amounts=("total",),
        search=("recurrence_name", "vendor_name"),
        order=("next_bill_date", "vendor_name", "total", *_ORDER),
        filters=_STATES,
    ),
    created="success",
    updated="Recurring Bill information has been updated.",
    deleted="The recurring bill has been deleted.",
    create=lambda call, given: recurrences.create(call.company, given, recurrences.BILL),
    update=lambda call, record, given: recurrences.update(call.company, record, given),
    delete=recurrences.delete,
    by_key=True,
)


def list_child_expenses(call: Call) -> Response:
    """``GET /recurringexpenses/{id}/expenses``: what a profile has made."""
    made = recurrences.children(call.company, RECURRING_EXPENSES.record(call))
    return reply(expensehistory=[_child(call, record) for record in made])


def _child(call: Call, record: Record) -> Body:
    shown = EXPENSES.show(call, record)
    names = ("expense_id", "date", "account_name", "customer_name", "total", "status", "vendor_name")
    return {name: shown[name] for name in (*names, "paid_through_account_name")}


def _of(resource: Resource) -> list[Operation]:
    word = resource.one.replace("_", " ")
    return [
        *resource.operations(),
        action(
            resource,
            f"stop_{resource.one}",
            "status/stop",
            f"The {word} has been stopped.",
            act=lambda call, record: recurrences.set_state(call.company, record, "stopped"),
        ),
        action(
            resource,
            f"resume_{resource.one}",
            "status/resume",
            f"The {word} has been activated.",
            act=lambda call, record: recurrences.set_state(call.company, record, "active"),
        ),
        *comments(resource, writes=False),
    ]


# The documentation writes this path of recurring bills with an underscore for two of its operations.
_ALSO = "/books/v3/recurring_bills/<id>"
OPERATIONS: tuple[Operation, ...] = (
    *_of(RECURRING_EXPENSES),
    read(
        "list_child_expenses_of_recurring_expense",
        "recurringexpenses/<id>/expenses",
        list_child_expenses,
        module="expenses",
    ),
    *_of(RECURRING_BILLS),
    Operation("get_recurring_bill_underscored", "GET", _ALSO, RECURRING_BILLS.run_get, scope="bills.READ"),
    Operation(
        "delete_recurring_bill_underscored",
        "DELETE",
        _ALSO,
        RECURRING_BILLS.run_delete,
        writes=True,
        scope="bills.DELETE",
    ),
)
