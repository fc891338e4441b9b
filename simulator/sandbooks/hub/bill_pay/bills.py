"""Bills of the Bill Pay API: listed, created, changed and paid, straight on the accounting platform.

Source: https://docs.codat.io/payables/sync/bills, /pay-bill, /update-bill; github.com/codatio/oas (bills operations).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.connector import Contact, PaymentAccount
from sandbooks.hub import query, wire
from sandbooks.hub.bill_pay import requests, shown
from sandbooks.hub.bill_pay.carrying import carry_out
from sandbooks.hub.bill_pay.continuation import page, pagination, start_of
from sandbooks.hub.bill_pay.desk import SERVICE, Desk, opened
from sandbooks.hub.bill_pay.requests import BillRequest, PaymentRequest
from sandbooks.hub.errors import HubRefusal, Item, bad_request, not_found, not_valid
from sandbooks.kit.call import Call, json_reply
from sandbooks.payables import Bill, BillLine, BillPayment, NewBill, NewPayment, PaymentLink, status_of
from sandbooks.wire import Response

UNPAID = ("Open", "PartiallyPaid")


def list_bills(call: Call) -> Response:
    """The bills that are not paid, unless the query asks for other states."""
    desk = opened(call)
    start = start_of(call)
    found = desk.run(desk.payables.bills(desk.session.consent, desk.facts))
    rows = [shown.bill(one) for one in found]
    asked = call.query.get("query", "")
    # Unconfirmed: how a query and the default filter meet; here a query that names the status replaces the filter.
    if "status" not in asked.lower():
        rows = [row for row in rows if row["status"] in UNPAID]
    rows = query.filtered(rows, asked, what="Bill", listed_by=call.operation.name)
    return json_reply({"results": page(rows, start), "pagination": pagination(start, rows)})


def create_bill(call: Call) -> Response:
    desk = opened(call)
    body = wire.raw_body(call)
    wanted = requests.bill_of(body, desk.offer)
    intent, done = carry_out(
        call, desk, kind="bill", action="create", body=body, make=lambda own, key: new_bill(wanted, own, key)
    )
    return json_reply(_standing(desk, done.native.id, intent.loaded()), status=201)


def update_bill(call: Call) -> Response:
    desk = opened(call)
    if "bill" not in desk.offer.updates:
        raise bad_request(f"Bills cannot be updated on {desk.platform}.", service=SERVICE)
    body = wire.raw_body(call)
    wanted = requests.bill_of(body, desk.offer, changes=True)
    id = call.args["bill_id"]

    def make(own: str, key: str) -> NewBill:
        stands = _bill(desk, id)
        if stands.status != "Open":
            raise not_valid(Item("status", _unchangeable(desk, stands), "Status"), service=SERVICE)
        return new_bill(wanted, own, key)

    intent, _ = carry_out(call, desk, kind="bill", action="update", body=body, make=make, target=id)
    return json_reply(_standing(desk, id, intent.loaded()))


def create_payment(call: Call) -> Response:
    """Pay one bill, in whole or in part, from a bank or card account."""
    desk = opened(call)
    body = wire.raw_body(call)
    wanted = requests.payment_of(body)
    id = call.args["bill_id"]

    def make(own: str, key: str) -> NewPayment:
        stands = _payable(desk, id, wanted.amount)
        account = paying_account(desk, wanted.account)
        return _new_payment(wanted, stands, account, id=own, key=key)

    intent, done = carry_out(call, desk, kind="payment", action="create", body=body, make=make)
    return json_reply(shown.payment(_paid(done.native.id, intent.loaded()), wanted.amount), status=201)


# Records to be written


def new_bill(wanted: BillRequest, id: str, key: str) -> NewBill:
    """A bill to be written for a request."""
    return NewBill(
        id=id,
        key=key,
        version=1,
        date=wanted.date,
        due=wanted.due,
        currency=wanted.currency,
        supplier=Contact(kind="supplier", name="", id=wanted.supplier),
        lines=wanted.lines,
        quantities=wanted.quantities,
        rate=wanted.rate,
        reference=wanted.reference,
        note=wanted.note,
        draft=wanted.draft,
    )


def _new_payment(wanted: PaymentRequest, bill: Bill, account: PaymentAccount, *, id: str, key: str) -> NewPayment:
    return NewPayment(
        id=id,
        key=key,
        version=1,
        date=wanted.date,
        currency=bill.currency,
        total=wanted.amount,
        links=(PaymentLink(kind="Bill", id=bill.id, amount=wanted.amount),),
        account=account,
        supplier=bill.supplier,
        rate=wanted.rate,
        reference=wanted.reference,
    )


def paying_account(desk: Desk, id: str) -> PaymentAccount:
    """The bank or card account with an id; 400 for any other."""
    found = desk.account(id)
    if found is None:
        text = f"Account Ref was not found in {desk.platform}."
        raise not_valid(Item("accountRef.id", text, "NotFound"), service=SERVICE)
    if not found.pays:
        text = f"{found.name} is no bank or credit card account: a bill cannot be paid from it."
        raise not_valid(Item("accountRef.id", text, "AccountType"), service=SERVICE)
    if not found.active:
        text = f"{found.name} is archived in {desk.platform}: restore it, or pay from another account."
        raise not_valid(Item("accountRef.id", text, "Archived"), service=SERVICE)
    return PaymentAccount(
        id=found.id, pays=found.pays, currency=found.currency or desk.facts.currency, category=found.category
    )


# What stands


def _bill(desk: Desk, id: str) -> Bill:
    found = desk.run(desk.payables.bill(id, desk.session.consent, desk.facts))
    if found is None:
        raise not_found(f"No bill was found with ID {id}", service=SERVICE)
    return found


def _payable(desk: Desk, id: str, amount: Decimal) -> Bill:
    """A bill that so much can be paid of; 404 or 400 otherwise.

    Unconfirmed: what the service answers to more than is owed; refused here, as it would overpay the supplier.
    """
    stands = _bill(desk, id)
    if stands.status not in UNPAID:
        text = f"The bill is {stands.status}: only bills that are Open or PartiallyPaid can be paid."
        raise not_valid(Item("billId", text, "Status"), service=SERVICE)
    if amount > stands.open:
        text = f"Amount must be less than or equal to {stands.open}, which is what is still owed."
        raise not_valid(Item("amount", text, "LessThanOrEqual"), service=SERVICE)
    return stands


def _unchangeable(desk: Desk, stands: Bill) -> str:
    # Source: https://docs.codat.io/payables/sync/update-bill (Sage Intacct)
    if stands.status in ("Paid", "PartiallyPaid"):
        return "This bill has been paid or partially paid and can no longer be updated."
    return f"Only bills in Open status can be updated; this one is {stands.status} in {desk.platform}."


def _standing(desk: Desk, id: str, written: NewBill) -> dict[str, Any]:
    """The bill as the platform has it; as it was sent where the platform cannot be asked now, for it stands."""
    try:
        return shown.bill(_bill(desk, id))
    except HubRefusal:
        return shown.bill(_as_sent(id, written))


def _as_sent(id: str, written: NewBill) -> Bill:
    units = written.quantities or tuple((Decimal(1), line.net) for line in written.lines)
    lines = tuple(
        BillLine(
            net=line.net,
            tax=line.tax or Decimal(0),
            quantity=quantity,
            unit=unit,
            description=line.description,
            account=line.account,
            tax_rate=line.tax_rate,
            tracking=line.tracking,
        )
        for line, (quantity, unit) in zip(written.lines, units, strict=True)
    )
    total = sum((line.net + line.tax for line in lines), Decimal(0))
    return Bill(
        id=id,
        supplier=written.supplier.id,
        date=written.date,
        due=written.due,
        currency=written.currency,
        rate=written.rate,
        reference=written.reference,
        status=status_of(total, total),
        total=total,
        open=total,
        lines=lines,
    )


def _paid(id: str, written: NewPayment) -> BillPayment:
    return BillPayment(
        id=id,
        date=written.date,
        currency=written.currency,
        total=written.total,
        account=written.account.id if written.account else "",
        rate=written.rate,
        reference=written.reference,
    )
