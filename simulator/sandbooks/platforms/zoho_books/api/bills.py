"""Bills: what is owed, and what settles it."""

from __future__ import annotations

from datetime import date

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.attachments import attachment_operations, with_file
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, read, stamped, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import bills, contacts, payments, vendor_credits
from sandbooks.platforms.zoho_books.records.storing import find, touch
from sandbooks.platforms.zoho_books.refusals import Required
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response


def _bill(call: Call, record: Record) -> Body:
    shown = stamped(call, record, record.copy())
    today = call.today()
    shown["status"] = bills.status(record.body, today)
    shown["due_days"] = _due_days(shown, today.isoformat())
    shown["has_attachment"] = bool(record.body["documents"])
    return shown


def _due_days(shown: Body, today: str) -> str:
    days = (date.fromisoformat(shown["due_date"]) - date.fromisoformat(today)).days
    if shown["status"] in ("paid", "void", "draft"):
        return ""
    return "Due Today" if not days else f"Due in {days} day(s)" if days > 0 else f"Overdue by {-days} day(s)"


BILLS = Resource(
    kind="bill",
    path="bills",
    one="bill",
    many="bills",
    root="bill",
    module="bills",
    rules=ListRules(
        root="bills",
        report="Bills",
        columns=(
            *("bill_id", "vendor_id", "vendor_name", "status", "bill_number", "reference_number", "date", "due_date"),
            *("due_days", "currency_id", "currency_code", "price_precision", "exchange_rate", "total", "tax_total"),
            *("balance", "location_id", "location_name", "has_attachment", "attachment_name", "custom_fields"),
            *("created_time", "last_modified_time"),
        ),
        texts=("bill_number", "reference_number", "vendor_name", "status"),
        ids=("vendor_id",),
        keys={"bill_number": "number", "vendor_id": "vendor_id"},
        dates=("date", "due_date"),
        amounts=("total", "balance"),
        search=("bill_number", "reference_number", "vendor_name"),
        order=("vendor_name", "bill_number", "date", "due_date", "total", "balance"),
        filters={
            "Status.PartiallyPaid": lambda body: body["status"] == "partially_paid",
            "Status.Paid": lambda body: body["status"] == "paid",
            "Status.Overdue": lambda body: body["status"] == "overdue",
            "Status.Void": lambda body: body["status"] == "void",
            "Status.Open": lambda body: body["status"] == "open",
            "Status.Draft": lambda body: body["status"] == "draft",
            "Status.PendingApproval": lambda body: body["status"] == "pending_approval",
        },
    ),
    show=_bill,
    created="The bill has been created.",
    updated="Bill information has been updated.",
    deleted="The bill has been deleted.",
    create=lambda call, given: with_file(call, "attachment", bills.create(call.company, given)),
    update=lambda call, record, given: with_file(call, "attachment", bills.update(call.company, record, given)),
    delete=bills.delete,
    by_key=True,
)


def list_bill_payments(call: Call) -> Response:
    """``GET /bills/{bill_id}/payments``"""
    return reply(payments=[dict(row) for row in BILLS.show(call, BILLS.record(call))["payments"]])


def delete_bill_payment(call: Call) -> Response:
    """``DELETE /bills/{bill_id}/payments/{bill_payment_id}``"""
    with call.unit():
        payments.delete_from_bill(call.company, BILLS.record(call), call.args["payment"])
    return reply("The payment has been deleted.")


def apply_credits(call: Call) -> Response:
    """``POST /bills/{bill_id}/credits``: excess payments and vendor credits of the same vendor."""
    fields = Fields(read_body(call))
    advances, notes = fields.rows("bill_payments"), fields.rows("apply_vendor_credits")
    if not advances and not notes:
        raise Required("apply_vendor_credits")
    with call.unit():
        id = BILLS.record(call).id
        for row in (Fields(row) for row in advances):
            payment = row.record("payment_id", call.company, payments.KIND, required=True)
            if payment is not None:
                money = row.positive("amount_applied", payment.body["currency_code"])
                payments.apply(call.company, find(call.company, "bill", id), payment, money)
        for row in (Fields(row) for row in notes):
            credit = row.record("vendor_credit_id", call.company, vendor_credits.KIND, required=True)
            if credit is not None:
                money = row.positive("amount_applied", credit.body["currency_code"])
                vendor_credits.apply(call.company, credit, find(call.company, "bill", id), money)
    return reply("Credits have been applied to the bill(s).", status=201)


def change_billing_address(call: Call) -> Response:
    """``PUT /bills/{bill_id}/address/billing``"""
    given = read_body(call)
    with call.unit():
        record = touch(call.company, BILLS.record(call), billing_address=contacts.address(given))
    return reply("Billing address updated.", billing_address=record.body["billing_address"])


def change_custom_fields(call: Call) -> Response:
    """``PUT /bill/{bill_id}/customfields``"""
    given = read_body(call)
    with call.unit():
        record = BILLS.record(call)
        bills.update(call.company, record, {"custom_fields": given.get("custom_fields", [])})
    return reply("Custom Fields Updated Successfully")


_ACTIONS = (
    ("void_bill", "status/void", "void", "The bill has been marked as void.", 201),
    ("open_bill", "status/open", "open", "The status of the bill has been changed to open.", 201),
    ("submit_bill", "submit", "pending_approval", "The bill has been submitted for approval successfully.", 200),
    ("approve_bill", "approve", "open", "You have approved the bill.", 200),
)


def _actions() -> list[Operation]:
    made = []
    for name, path, state, message, status in _ACTIONS:

        def set_state(call: Call, record: Record, state: str = state) -> object:
            return bills.set_state(call.company, record, state)

        made.append(action(BILLS, name, path, message, act=set_state, status=status))
    return made


OPERATIONS: tuple[Operation, ...] = (
    *BILLS.operations(),
    *attachment_operations(BILLS, message="The document has been attached."),
    *comments(BILLS),
    *_actions(),
    read("list_bill_payments", "bills/<id>/payments", list_bill_payments, module="bills"),
    write("delete_bill_payment", "DELETE", "bills/<id>/payments/<payment>", delete_bill_payment, module="bills"),
    write("apply_credits_to_bill", "POST", "bills/<id>/credits", apply_credits, module="bills"),
    write("update_bill_address", "PUT", "bills/<id>/address/billing", change_billing_address, module="bills"),
    write("update_bill_custom_fields", "PUT", "bill/<id>/customfields", change_custom_fields, module="bills"),
)
