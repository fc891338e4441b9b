"""Vendor payments and the refunds of their advances."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.parts import Resource, plain, read, write
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import payment_refunds, payments
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required
from sandbooks.platforms.zoho_books.wire import read_body, reply
from sandbooks.wire import Response

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
        keys={name: name for name in ("vendor_id", "paid_through_account_id")},
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
    found = payment_refunds.refunds_of(call.company, PAYMENTS.record(call))
    return reply(vendorpayment_refunds=[plain(call, record) for record in found])


def _payment_refund(call: Call) -> tuple[Record, Record]:
    payment = PAYMENTS.record(call)
    record = payments.matching(payment_refunds.refunds_of(call.company, payment), call.args["refund"])
    if record is None:
        raise NoSuch("Refund", call.args["refund"])
    return payment, record


def create_payment_refund(call: Call) -> Response:
    """``POST /vendorpayments/{payment_id}/refunds``"""
    given = read_body(call)
    with call.unit():
        record = payment_refunds.refund(call.company, PAYMENTS.record(call), given)
    return reply("The refund of the payment has been recorded.", status=201, vendorpayment_refund=plain(call, record))


def get_payment_refund(call: Call) -> Response:
    """``GET /vendorpayments/{payment_id}/refunds/{id}``"""
    return reply(vendorpayment_refund=plain(call, _payment_refund(call)[1]))


def update_payment_refund(call: Call) -> Response:
    """``PUT /vendorpayments/{payment_id}/refunds/{id}``"""
    given = read_body(call)
    with call.unit():
        payment, record = _payment_refund(call)
        record = payment_refunds.refund(call.company, payment, given, record)
    return reply("The refund information has been saved.", vendorpayment_refund=plain(call, record))


def delete_payment_refund(call: Call) -> Response:
    """``DELETE /vendorpayments/{payment_id}/refunds/{id}``"""
    with call.unit():
        payment_refunds.delete_refund(call.company, *_payment_refund(call))
    return reply("The refund has been deleted.")


_PAID = "vendorpayments/<id>/refunds"
OPERATIONS: tuple[Operation, ...] = (
    *PAYMENTS.operations(),
    write("bulk_delete_vendor_payments", "DELETE", "vendorpayments", bulk_delete_payments, module="vendorpayments"),
    read("list_vendor_payment_refunds", _PAID, list_payment_refunds, module="vendorpayments"),
    write("refund_vendor_payment", "POST", _PAID, create_payment_refund, module="vendorpayments"),
    read("get_vendor_payment_refund", f"{_PAID}/<refund>", get_payment_refund, module="vendorpayments"),
    write("update_vendor_payment_refund", "PUT", f"{_PAID}/<refund>", update_payment_refund, module="vendorpayments"),
    write(
        "delete_vendor_payment_refund", "DELETE", f"{_PAID}/<refund>", delete_payment_refund, module="vendorpayments"
    ),
)
