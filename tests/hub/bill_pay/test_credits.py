"""Credits of suppliers: written, changed, set against bills, paid back; what is not simulated is said loudly."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.bill_pay.desk import balance, payer, usual
from tests.hub.bill_pay.test_first_version import (
    COVERED,
    bill,
    lacks,
    made,
    offers,
    outcome,
    payment,
    push,
    read,
    rules,
)
from tests.hub.desk import Desk

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.zoho_books.records import vendor_credits
from sandbooks.settings import read_contract

TABLE = read_contract("hub", "bill_pay_platforms.yaml")["platforms"]
NOT_SIMULATED = [
    (platform, data_type, entry)
    for platform, row in TABLE.items()
    for data_type, entries in row.get("not_simulated", {}).items()
    for entry in entries
]
WITH_CREDITS = [name for name in COVERED if name != "freeagent"]
WRITTEN = [name for name in WITH_CREDITS if "billCreditNotes" not in TABLE[name].get("lacks", ())]


def credit(desk: Desk, number: int, amount: Any = None) -> dict[str, Any]:
    """A credit of the supplier."""
    body = {**bill(desk, number), "billCreditNoteNumber": f"C-{number}", "status": "Submitted"}
    if amount is not None:
        body["lineItems"] = [{**body["lineItems"][0], "unitAmount": amount}]
    return body


def owed(desk: Desk, number: int, amount: Any) -> str:
    """The id of a credit of so much: pushed, or made by the bookkeeper where credits are not pushed."""
    if "billCreditNotes" not in lacks(desk):
        return made(desk, push(desk, "POST", "billCreditNotes", credit(desk, number, amount)))
    line = {"account_id": desk.account("travel"), "rate": amount, "quantity": 1}
    given = {"vendor_id": desk.supplier("airline"), "date": "2026-03-20", "line_items": [line]}
    with desk.world.unit():
        return vendor_credits.create(desk.native, given).id


def settling(desk: Desk, bill_id: str, credit_id: str, *, of_bill: Any, of_credit: Any) -> dict[str, Any]:
    """A payment of a bill by a credit, and by money where the credit is less."""
    links = [
        {"type": "Bill", "id": bill_id, "amount": -of_bill},
        {"type": "CreditNote", "id": credit_id, "amount": of_credit},
    ]
    money = of_bill - of_credit
    body = payment(desk, lines=[{"amount": money, "links": links}], totalAmount=money)
    if not money and "payment_account_needed" not in rules(desk):
        del body["accountRef"]
    return body


@pytest.mark.parametrize("platform", WRITTEN)
def test_a_credit_lowers_what_is_owed_to_the_supplier(platform: str) -> None:
    desk = payer(platform)
    id = made(desk, push(desk, "POST", "billCreditNotes", credit(desk, 14)))
    assert (usual(desk, "payables"), balance(desk, "travel")) == (314, -314)
    (found,) = read(desk, "billCreditNotes")
    assert (found["id"], found["remainingCredit"], found["status"]) == (id, 314, "Submitted")
    assert desk.get(f"{{c}}/data/billCreditNotes/{id}")["totalAmount"] == 314


@pytest.mark.parametrize("platform", WITH_CREDITS)
def test_a_credit_settles_a_part_of_a_bill_without_money(platform: str) -> None:
    desk = payer(platform)
    id = made(desk, push(desk, "POST", "bills", bill(desk, 19)))
    due = owed(desk, 19, 119)
    answer = push(desk, "POST", "billPayments", settling(desk, id, due, of_bill=119, of_credit=119))
    if "credit_use" not in offers(desk):
        assert answer.status == 400
        return
    assert outcome(desk, answer)["status"] == "Success", outcome(desk, answer)
    (settled,) = read(desk, "bills")
    (used,) = read(desk, "billCreditNotes")
    assert (settled["status"], settled["amountDue"], used["remainingCredit"]) == ("PartiallyPaid", 200, 0)
    assert (usual(desk, "payables"), balance(desk, "bank")) == (-200, 0)


@pytest.mark.parametrize("platform", WITH_CREDITS)
def test_a_credit_and_money_settle_a_bill_together_where_one_payment_holds_both(platform: str) -> None:
    desk = payer(platform)
    id = made(desk, push(desk, "POST", "bills", bill(desk, 40)))
    due = owed(desk, 40, 115)
    answer = push(desk, "POST", "billPayments", settling(desk, id, due, of_bill=340, of_credit=115))
    if "credit_in_payment" not in offers(desk):
        assert (answer.status, balance(desk, "bank")) == (400, 0)
        return
    made(desk, answer)
    (settled,) = read(desk, "bills")
    (used,) = read(desk, "billCreditNotes")
    assert (settled["status"], settled["amountDue"], used["remainingCredit"]) == ("Paid", 0, 0)
    assert (usual(desk, "payables"), balance(desk, "bank")) == (0, -225)
    (found,) = read(desk, "billPayments")
    shown = {link["type"]: link["amount"] for line in found["lines"] for link in line["links"]}
    assert (found["totalAmount"], shown) == (225, {"Bill": -340, "CreditNote": 115})


@pytest.mark.parametrize("platform", [name for name in WITH_CREDITS if name != "zoho_books"])
def test_a_credit_is_changed_in_all_its_lines_where_the_platform_lets_it_be(platform: str) -> None:
    desk = payer(platform)
    body = credit(desk, 42)
    id = made(desk, push(desk, "POST", "billCreditNotes", body))
    line = {**body["lineItems"][0], "unitAmount": 51, "accountRef": {"id": desk.account("meals")}}
    answer = push(desk, "PUT", f"billCreditNotes/{id}", {**body, "lineItems": [line]})
    if "credit.update" not in offers(desk):
        assert (answer.status, usual(desk, "payables")) == (400, 342)
        return
    made(desk, answer)
    assert (usual(desk, "payables"), balance(desk, "travel"), balance(desk, "meals")) == (51, 0, -51)


@pytest.mark.parametrize("platform", WITH_CREDITS)
def test_a_supplier_pays_a_credit_back_where_the_platform_takes_refunds(platform: str) -> None:
    desk = payer(platform)
    due = owed(desk, 43, 67)
    link = {"type": "CreditNote", "id": due, "amount": 48}
    body = payment(desk, lines=[{"amount": -48, "links": [link]}], totalAmount=-48)
    answer = push(desk, "POST", "billPayments", body)
    if "credit_refund" not in offers(desk):
        assert (answer.status, balance(desk, "bank")) == (400, 0)
        return
    made(desk, answer)
    (used,) = read(desk, "billCreditNotes")
    (paid,) = read(desk, "billPayments")
    assert (used["remainingCredit"], used["status"]) == (19, "PartiallyPaid")
    assert (paid["totalAmount"], paid["lines"][0]["amount"]) == (-48, -48)
    assert (usual(desk, "payables"), balance(desk, "bank")) == (19, 48)


@pytest.mark.parametrize("platform", ["sage_intacct", "netsuite"])
def test_two_bills_are_settled_by_a_credit_each_and_money_the_rest(platform: str) -> None:
    desk = payer(platform)
    first, second = (made(desk, push(desk, "POST", "bills", bill(desk, number))) for number in (44, 45))
    whole, part = owed(desk, 46, 344), owed(desk, 47, 56)
    body = payment(desk, (first, 344), (second, 345))
    body["lines"] = [
        {"amount": 0, "links": [*body["lines"][0]["links"], _credit_link(whole, 344)]},
        {"amount": 289, "links": [*body["lines"][1]["links"], _credit_link(part, 56)]},
    ]
    body["totalAmount"] = 289
    made(desk, push(desk, "POST", "billPayments", body))
    assert {one["status"] for one in read(desk, "bills")} == {"Paid"}
    assert (usual(desk, "payables"), balance(desk, "bank")) == (0, -289)


def test_a_credit_that_is_more_than_each_bill_is_refused_where_it_cannot_be_split() -> None:
    desk = payer("sage_intacct")
    id = made(desk, push(desk, "POST", "bills", bill(desk, 48)))
    due = owed(desk, 49, 400)
    links = [{"type": "Bill", "id": id, "amount": -348}, _credit_link(due, 200), _credit_link(due, 148)]
    body = payment(desk, lines=[{"amount": 0, "links": links}], totalAmount=0)
    assert outcome(desk, push(desk, "POST", "billPayments", body))["status"] == "Failed"
    assert usual(desk, "payables") == 52


def _credit_link(id: str, amount: Any) -> dict[str, Any]:
    return {"type": "CreditNote", "id": id, "amount": amount}


@pytest.mark.parametrize(("platform", "data_type", "entry"), NOT_SIMULATED)
def test_what_the_real_service_writes_and_this_one_does_not_is_said_loudly(
    platform: str, data_type: str, entry: str
) -> None:
    desk = payer(platform)
    body = {"bills": bill, "billCreditNotes": credit}.get(data_type, lambda desk, _: payment(desk, ("1", 5)))(desk, 1)
    path, _, value = entry.partition("=")
    if entry != "*":
        _put(body, path.split("."), value or [{"id": "7"}])
    with pytest.raises(NotSimulated):
        push(desk, "POST", data_type, body)
    assert usual(desk, "payables") == 0
    assert desk.get("{c}/push")["results"] == []


def _put(body: Any, path: list[str], value: Any) -> None:
    """Put a value at a path, in the first element of each list."""
    for name in path[:-1]:
        body = body[name][0]
    body[path[-1]] = value


def test_a_discount_in_percent_lowers_a_line() -> None:
    desk = payer("quickbooks_online")
    body = bill(desk, 0)
    body["lineItems"][0] |= {"discountPercentage": 12.5}
    made(desk, push(desk, "POST", "bills", body))
    assert usual(desk, "payables") == -262.5
    body["lineItems"][0] |= {"discountPercentage": 101}
    assert push(desk, "POST", "bills", body).status == 400
