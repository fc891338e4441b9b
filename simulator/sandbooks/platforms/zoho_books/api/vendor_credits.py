"""Vendor credits, their applications and their refunds."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.money import Money
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, plain, read, stamped, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import bills, payments, vendor_credits
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response


def _credit(call: Call, record: Record) -> Body:
    return stamped(call, record, record.copy()) | {"status": vendor_credits.status(record.body)}


def _own_number(call: Call) -> bool:
    return (call.query.get("ignore_auto_number_generation") or "").lower() == "true"


def _create_credit(call: Call, given: Body) -> Record:
    record = vendor_credits.create(call.company, given, own_number=_own_number(call))
    named = call.query.get("bill_id")
    if named:
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
        keys={"vendor_credit_number": "number", "vendor_id": "vendor_id"},
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


_ACTIONS = (
    ("void_vendor_credit", "status/void", "void", "The vendor credit has been voided.", 201),
    ("open_vendor_credit", "status/open", "open", "The status of the vendor credit has been changed to open.", 201),
    ("submit_vendor_credit", "submit", "pending_approval", "The vendor credit has been submitted for approval.", 200),
    ("approve_vendor_credit", "approve", "open", "You have approved the vendor credit.", 200),
)


def _actions() -> list[Operation]:
    made = []
    for name, path, state, message, status in _ACTIONS:

        def set_state(call: Call, record: Record, state: str = state) -> object:
            return vendor_credits.set_state(call.company, record, state)

        made.append(action(CREDITS, name, path, message, act=set_state, status=status))
    return made


_NOTES = "vendorcredits/<id>/refunds"
OPERATIONS: tuple[Operation, ...] = (
    *_actions(),
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
