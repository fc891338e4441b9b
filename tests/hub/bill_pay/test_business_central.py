"""Bill pay on Business Central: tax and rates that it works out itself, and what is left of invoices."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.bill_pay.desk import balance, payer, usual
from tests.hub.bill_pay.test_first_version import bill, made, outcome, payment, push, read
from tests.hub.desk import Desk

PLATFORM = "business_central"


@pytest.fixture
def desk() -> Desk:
    return payer(PLATFORM)


def taxed(desk: Desk, tax: Any) -> dict[str, Any]:
    """A bill of 200 at 20 per cent, with the tax that the client has worked out."""
    rate = next(one["id"] for one in read(desk, "taxRates") if one["code"] == "STANDARD")
    line = {"description": "Seats", "unitAmount": 100, "quantity": 2, "taxAmount": tax, "taxRateRef": {"id": rate}}
    return bill(desk, 2, lineItems=[{**line, "accountRef": {"id": desk.account("travel")}}])


def test_tax_is_posted_apart_when_both_sides_work_out_the_same(desk: Desk) -> None:
    made(desk, push(desk, "POST", "bills", taxed(desk, 40)))
    (found,) = read(desk, "bills")
    assert (found["subTotal"], found["taxAmount"], found["totalAmount"]) == (200, 40, 240)
    assert (balance(desk, "travel"), usual(desk, "input_tax"), usual(desk, "payables")) == (200, 40, -240)


def test_a_bill_whose_tax_business_central_works_out_otherwise_is_refused_and_leaves_no_draft(desk: Desk) -> None:
    found = outcome(desk, push(desk, "POST", "bills", taxed(desk, 39)))
    assert (found["status"], "240" in found["errorMessage"]) == ("Failed", True)
    assert (read(desk, "bills"), usual(desk, "payables")) == ([], 0)


def test_a_line_without_a_tax_code_bears_its_tax_itself(desk: Desk) -> None:
    line = {**bill(desk, 3)["lineItems"][0], "taxAmount": 17}
    made(desk, push(desk, "POST", "bills", bill(desk, 3, lineItems=[line])))
    assert (balance(desk, "travel"), usual(desk, "input_tax"), usual(desk, "payables")) == (320, 0, -320)


def test_a_number_that_the_vendor_used_before_is_refused_and_leaves_no_draft(desk: Desk) -> None:
    made(desk, push(desk, "POST", "bills", bill(desk, 4)))
    found = outcome(desk, push(desk, "POST", "bills", bill(desk, 5, reference="B-4")))
    assert (found["status"], "already exists for this vendor" in found["errorMessage"]) == ("Failed", True)
    assert len(read(desk, "bills")) == 1
    assert usual(desk, "payables") == -304


def test_the_vendors_number_may_be_sent_as_the_note_and_is_needed(desk: Desk) -> None:
    body = {name: value for name, value in bill(desk, 6).items() if name != "reference"}
    found = outcome(desk, push(desk, "POST", "bills", body))
    assert (found["status"], usual(desk, "payables")) == ("Failed", 0)
    made(desk, push(desk, "POST", "bills", {**body, "note": "CA-6"}))
    (shown,) = read(desk, "bills")
    assert (shown["reference"], shown["note"]) == ("CA-6", "CA-6")


def test_a_dollar_bill_is_owed_and_paid_at_the_platforms_own_rate() -> None:
    plan = {"accounts": {"usd": {"type": "bank", "name": "Dollars", "currency": "USD"}}}
    desk = payer(PLATFORM, suppliers={"cloud": {"name": "Contoso Cloud", "currency": "USD"}}, **plan)
    supplier = {"id": desk.supplier("cloud")}
    id = made(desk, push(desk, "POST", "bills", bill(desk, 0, supplierRef=supplier, currency="USD")))
    paid = payment(desk, (id, 100), supplierRef=supplier, currency="USD")
    made(desk, push(desk, "POST", "billPayments", {**paid, "accountRef": {"id": desk.account("usd")}}))
    (found,) = read(desk, "bills")
    assert (found["currency"], found["status"], found["amountDue"]) == ("USD", "PartiallyPaid", 200)
    (shown,) = read(desk, "billPayments")
    assert (shown["currency"], shown["totalAmount"], shown["supplierRef"]["id"]) == ("USD", 100, supplier["id"])
    held = desk.native.book.balance(desk.account("usd")).by_currency["USD"]
    assert str(held) == "-100.00 USD"


def test_reading_bills_moves_no_money_and_makes_its_view_once(desk: Desk) -> None:
    made(desk, push(desk, "POST", "bills", bill(desk, 8)))
    for _ in range(2):
        read(desk, "bills")
    records = desk.native.records
    views = [record for record in records.scan("vendorPayment") if not record.body["amount"]]
    assert len(views) == 1
    assert (usual(desk, "payables"), balance(desk, "bank")) == (-308, 0)


def test_a_bill_that_wants_approval_is_refused_and_leaves_no_draft(desk: Desk) -> None:
    with desk.native.world.unit():
        desk.native.change_settings(approval_required=["purchaseInvoice"])
    found = outcome(desk, push(desk, "POST", "bills", bill(desk, 8)))
    assert (found["status"], "must be approved and released" in found["errorMessage"]) == ("Failed", True)
    assert (read(desk, "bills"), usual(desk, "payables")) == ([], 0)


def test_a_bill_that_may_not_be_posted_is_refused_and_leaves_no_draft(desk: Desk) -> None:
    with desk.native.world.unit():
        desk.native.change_settings(permission_sets=["D365 READ", "D365 BASIC", "D365 PURCH DOC, EDIT"])
    found = outcome(desk, push(desk, "POST", "bills", bill(desk, 9)))
    assert (found["status"], "Purch. Inv. Header Insert" in found["errorMessage"]) == ("Failed", True)
    assert (read(desk, "bills"), usual(desk, "payables")) == ([], 0)
