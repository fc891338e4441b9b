"""Expenses, bills, vendor payments and vendor vendor_credits."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.api.attachments import attachment_operations, receipt_operations, with_file
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, plain, read, stamped, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import bills, contacts, expenses, payments, vendor_credits
from sandbooks.platforms.zoho_books.records.storing import find, touch
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response

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


def _bill(call: Call, record: Record) -> Body:
    shown = stamped(call, record, record.copy())
    today = call.today()
    shown["status"] = bills.status(record.body, today)
    shown["due_days"] = _due_days(shown, today.isoformat())
    return shown


def _due_days(shown: Body, today: str) -> str:
    from datetime import date

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
            *("balance", "location_id", "location_name", "attachment_name", "custom_fields", "created_time"),
            *("last_modified_time",),
        ),
        texts=("bill_number", "reference_number", "vendor_name", "status"),
        ids=("vendor_id",),
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


PAYMENTS = Resource(
    kind="vendorpayment",
    path="vendorpayments",
    one="vendor_payment",
    many="vendor_payments",
    root="vendorpayment",
    module="vendorpayments",
    rules=ListRules(
        root="vendorpayments",
        report="Vendor Payments",
        columns=(
            *("payment_id", "payment_number", "vendor_id", "vendor_name", "date", "reference_number", "description"),
            *("payment_mode", "amount", "balance", "currency_id", "currency_code", "exchange_rate"),
            *("paid_through_account_id", "paid_through_account_name", "location_id", "custom_fields"),
            *("created_time", "last_modified_time"),
        ),
        texts=("vendor_name", "reference_number", "payment_number", "payment_mode", "notes", "description"),
        ids=("vendor_id", "paid_through_account_id"),
        dates=("date",),
        amounts=("amount",),
        search=("reference_number", "vendor_name", "description", "payment_number"),
        order=("vendor_name", "date", "reference_number", "amount", "balance", "payment_number"),
        filters={
            "PaymentMode.All": lambda _: True,
            "PaymentMode.Check": lambda body: body["payment_mode"] == "Check",
            "PaymentMode.Cash": lambda body: body["payment_mode"] == "Cash",
            "PaymentMode.BankTransfer": lambda body: body["payment_mode"] == "Bank Transfer",
            "PaymentMode.Paypal": lambda body: body["payment_mode"] == "Paypal",
            "PaymentMode.CreditCard": lambda body: body["payment_mode"] == "Credit Card",
            "PaymentMode.Others": lambda body: body["payment_mode"] == "Others",
        },
    ),
    created="The payment made to the vendor has been recorded.",
    updated="The details of the payment made to the vendor has been updated.",
    deleted="The payment has been deleted.",
    create=lambda call, given: payments.create(call.company, given),
    update=lambda call, record, given: payments.update(call.company, record, given),
    delete=payments.delete,
    by_key=True,
)


def bulk_delete_payments(call: Call) -> Response:
    """``DELETE /vendorpayments?vendorpayment_id=1,2&bulk_delete=true``: all of them or none."""
    ids = [id for id in (call.query.get("vendorpayment_id") or "").split(",") if id]
    if not ids:
        raise Required("vendorpayment_id")
    with call.unit():
        for id in ids:
            payments.delete(call.company, find(call.company, payments.KIND, id))
    return reply("The selected vendor payments have been deleted.")


def list_payment_refunds(call: Call) -> Response:
    """``GET /vendorpayments/{payment_id}/refunds``"""
    found = payments.refunds_of(call.company, PAYMENTS.record(call))
    return reply(vendorpayment_refunds=[plain(call, record) for record in found])


def _payment_refund(call: Call) -> tuple[Record, Record]:
    payment = PAYMENTS.record(call)
    record = payments.matching(payments.refunds_of(call.company, payment), call.args["refund"])
    if record is None:
        raise NoSuch("Refund", call.args["refund"])
    return payment, record


def create_payment_refund(call: Call) -> Response:
    """``POST /vendorpayments/{payment_id}/refunds``"""
    given = read_body(call)
    with call.unit():
        record = payments.refund(call.company, PAYMENTS.record(call), given)
    return reply("The refund of the payment has been recorded.", status=201, vendorpayment_refund=plain(call, record))


def get_payment_refund(call: Call) -> Response:
    """``GET /vendorpayments/{payment_id}/refunds/{id}``"""
    return reply(vendorpayment_refund=plain(call, _payment_refund(call)[1]))


def update_payment_refund(call: Call) -> Response:
    """``PUT /vendorpayments/{payment_id}/refunds/{id}``"""
    given = read_body(call)
    with call.unit():
        payment, record = _payment_refund(call)
        record = payments.refund(call.company, payment, given, record)
    return reply("The refund information has been saved.", vendorpayment_refund=plain(call, record))


def delete_payment_refund(call: Call) -> Response:
    """``DELETE /vendorpayments/{payment_id}/refunds/{id}``"""
    with call.unit():
        payments.delete_refund(call.company, *_payment_refund(call))
    return reply("The refund has been deleted.")


def _credit(call: Call, record: Record) -> Body:
    return stamped(call, record, record.copy()) | {"status": vendor_credits.status(record.body)}


def _own_number(call: Call) -> bool:
    return (call.query.get("ignore_auto_number_generation") or "").lower() == "true"


def _create_credit(call: Call, given: Body) -> Record:
    record = vendor_credits.create(call.company, given, own_number=_own_number(call))
    named = call.query.get("bill_id")
    if named:
        from sandbooks.money import Money

        bill = find(call.company, "bill", named)
        most = min(record.body["balance"], bill.body["balance"])
        vendor_credits.apply(call.company, record, bill, Money.of(most, record.body["currency_code"]))
    return record


CREDITS = Resource(
    kind="vendorcredit",
    path="vendorcredits",
    one="vendor_credit",
    many="vendor_credits",
    root="vendor_credit",
    module="debitnotes",
    rules=ListRules(
        root="vendor_credits",
        report="Vendor Credits",
        columns=(
            *("vendor_credit_id", "vendor_credit_number", "status", "reference_number", "date", "total", "balance"),
            *("vendor_id", "vendor_name", "currency_id", "currency_code", "exchange_rate", "location_id"),
            *("custom_fields", "created_time", "last_modified_time"),
        ),
        texts=("vendor_credit_number", "reference_number", "vendor_name", "status"),
        ids=("vendor_id",),
        dates=("date",),
        amounts=("total",),
        search=("vendor_credit_number", "reference_number", "vendor_name"),
        order=("vendor_name", "vendor_credit_number", "date", "total", "balance", "reference_number"),
        filters={
            f"Status.{name}": lambda body, held=held: body["status"] == held  # type: ignore[misc]  # bound by default
            for name, held in (("Open", "open"), ("Draft", "draft"), ("Closed", "closed"), ("Void", "void"))
        },
    ),
    show=_credit,
    created="Vendor credit has been created.",
    updated="Vendor credit information has been updated.",
    deleted="The vendor credit has been deleted.",
    create=_create_credit,
    update=lambda call, record, given: vendor_credits.update(call.company, record, given),
    delete=vendor_credits.delete,
)


def list_credited_bills(call: Call) -> Response:
    """``GET /vendorcredits/{id}/bills``"""
    return reply(bills_credited=CREDITS.record(call).body["bills_credited"])


def credit_bills(call: Call) -> Response:
    """``POST /vendorcredits/{id}/bills``"""
    rows = Fields(read_body(call)).rows("bills")
    if not rows:
        raise Required("bills")
    with call.unit():
        id = CREDITS.record(call).id
        for row in (Fields(row) for row in rows):
            credit = find(call.company, vendor_credits.KIND, id)
            bill = row.record("bill_id", call.company, bills.KIND, required=True)
            if bill is not None:
                money = row.positive("amount_applied", credit.body["currency_code"])
                vendor_credits.apply(call.company, credit, bill, money)
    return reply(
        "Credits have been applied to the bill(s).", status=201, bills=CREDITS.record(call).body["bills_credited"]
    )


def uncredit_bill(call: Call) -> Response:
    """``DELETE /vendorcredits/{id}/bills/{vendor_credit_bill_id}``"""
    with call.unit():
        vendor_credits.unapply(call.company, CREDITS.record(call), call.args["credited"])
    return reply("Credits applied to the bill have been deleted.")


def list_credit_refunds(call: Call) -> Response:
    """``GET /vendorcredits/{id}/refunds``"""
    found = vendor_credits.refunds_of(call.company, CREDITS.record(call))
    return reply(vendor_credit_refunds=[plain(call, record) for record in found])


def list_all_credit_refunds(call: Call) -> Response:
    """``GET /vendorcredits/refunds``"""
    rules = ListRules(root="vendor_credit_refunds", report="Refunds", order=("date", "amount", "refund_mode"))
    found = call.company.records.scan(vendor_credits.REFUND, lag=call.exchange.lag)
    return listing.answer(call, rules, [plain(call, record) for record in found])


def _credit_refund(call: Call) -> tuple[Record, Record]:
    credit = CREDITS.record(call)
    record = payments.matching(vendor_credits.refunds_of(call.company, credit), call.args["refund"])
    if record is None:
        raise NoSuch("Refund", call.args["refund"])
    return credit, record


def create_credit_refund(call: Call) -> Response:
    """``POST /vendorcredits/{id}/refunds``"""
    given = read_body(call)
    with call.unit():
        record = vendor_credits.refund(call.company, CREDITS.record(call), given)
    message = "The refund information for this vendor credit has been saved."
    return reply(message, status=201, vendor_credit_refund=plain(call, record))


def get_credit_refund(call: Call) -> Response:
    """``GET /vendorcredits/{id}/refunds/{refund_id}``"""
    return reply(vendor_credit_refund=plain(call, _credit_refund(call)[1]))


def update_credit_refund(call: Call) -> Response:
    """``PUT /vendorcredits/{id}/refunds/{refund_id}``"""
    given = read_body(call)
    with call.unit():
        credit, record = _credit_refund(call)
        record = vendor_credits.refund(call.company, credit, given, record)
    return reply("The refund information has been saved.", vendor_credit_refund=plain(call, record))


def delete_credit_refund(call: Call) -> Response:
    """``DELETE /vendorcredits/{id}/refunds/{refund_id}``"""
    with call.unit():
        vendor_credits.delete_refund(call.company, *_credit_refund(call))
    return reply("The refund has been successfully deleted.")


_BILL_ACTIONS = (
    ("void_bill", "status/void", "void", "The bill has been marked as void.", 201),
    ("open_bill", "status/open", "open", "The status of the bill has been changed to open.", 201),
    ("submit_bill", "submit", "pending_approval", "The bill has been submitted for approval successfully.", 200),
    ("approve_bill", "approve", "open", "You have approved the bill.", 200),
)
_CREDIT_ACTIONS = (
    ("void_vendor_credit", "status/void", "void", "The vendor credit has been voided.", 201),
    ("open_vendor_credit", "status/open", "open", "The status of the vendor credit has been changed to open.", 201),
    ("submit_vendor_credit", "submit", "pending_approval", "The vendor credit has been submitted for approval.", 200),
    ("approve_vendor_credit", "approve", "open", "You have approved the vendor credit.", 200),
)


def _actions() -> list[Operation]:
    made = []
    for name, path, state, message, status in _BILL_ACTIONS:

        def set_bill(call: Call, record: Record, state: str = state) -> object:
            return bills.set_state(call.company, record, state)

        made.append(action(BILLS, name, path, message, act=set_bill, status=status))
    for name, path, state, message, status in _CREDIT_ACTIONS:

        def set_credit(call: Call, record: Record, state: str = state) -> object:
            return vendor_credits.set_state(call.company, record, state)

        made.append(action(CREDITS, name, path, message, act=set_credit, status=status))
    return made


_PAID, _NOTES = "vendorpayments/<id>/refunds", "vendorcredits/<id>/refunds"
OPERATIONS: tuple[Operation, ...] = (
    *EXPENSES.operations(),
    *receipt_operations(EXPENSES),
    *comments(EXPENSES),
    *BILLS.operations(),
    *attachment_operations(BILLS, message="The document has been attached."),
    *comments(BILLS),
    *_actions(),
    read("list_bill_payments", "bills/<id>/payments", list_bill_payments, module="bills"),
    write("delete_bill_payment", "DELETE", "bills/<id>/payments/<payment>", delete_bill_payment, module="bills"),
    write("apply_credits_to_bill", "POST", "bills/<id>/credits", apply_credits, module="bills"),
    write("update_bill_address", "PUT", "bills/<id>/address/billing", change_billing_address, module="bills"),
    write("update_bill_custom_fields", "PUT", "bill/<id>/customfields", change_custom_fields, module="bills"),
    *PAYMENTS.operations(),
    write("bulk_delete_vendor_payments", "DELETE", "vendorpayments", bulk_delete_payments, module="vendorpayments"),
    read("list_vendor_payment_refunds", _PAID, list_payment_refunds, module="vendorpayments"),
    write("refund_vendor_payment", "POST", _PAID, create_payment_refund, module="vendorpayments"),
    read("get_vendor_payment_refund", f"{_PAID}/<refund>", get_payment_refund, module="vendorpayments"),
    write("update_vendor_payment_refund", "PUT", f"{_PAID}/<refund>", update_payment_refund, module="vendorpayments"),
    write(
        "delete_vendor_payment_refund", "DELETE", f"{_PAID}/<refund>", delete_payment_refund, module="vendorpayments"
    ),
    *CREDITS.operations(),
    *comments(CREDITS),
    read("list_credited_bills", "vendorcredits/<id>/bills", list_credited_bills, module="debitnotes"),
    write("credit_bills", "POST", "vendorcredits/<id>/bills", credit_bills, module="debitnotes"),
    write("uncredit_bill", "DELETE", "vendorcredits/<id>/bills/<credited>", uncredit_bill, module="debitnotes"),
    read("list_all_vendor_credit_refunds", "vendorcredits/refunds", list_all_credit_refunds, module="debitnotes"),
    read("list_vendor_credit_refunds", _NOTES, list_credit_refunds, module="debitnotes"),
    write("refund_vendor_credit", "POST", _NOTES, create_credit_refund, module="debitnotes"),
    read("get_vendor_credit_refund", f"{_NOTES}/<refund>", get_credit_refund, module="debitnotes"),
    write("update_vendor_credit_refund", "PUT", f"{_NOTES}/<refund>", update_credit_refund, module="debitnotes"),
    write("delete_vendor_credit_refund", "DELETE", f"{_NOTES}/<refund>", delete_credit_refund, module="debitnotes"),
)
