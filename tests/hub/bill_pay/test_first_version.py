"""Bills, payments and credits through push operations and cached lists, on every platform that bill pay covers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.hub.bill_pay.desk import balance, key, payer, raw, upload, usual
from tests.hub.desk import Answer, Desk

from sandbooks.platform import load, platforms
from sandbooks.settings import read_contract

TABLE_OF = read_contract("hub", "bill_pay_platforms.yaml")["platforms"]
COVERED = [
    name
    for name, row in TABLE_OF.items()
    if row["asynchronous"]
    and hasattr(load(platforms()[name].connector) if platforms()[name].connector else None, "payables")
]
PUSH = "{c}/connections/{k}/push"


@pytest.fixture(params=COVERED)
def desk(request: pytest.FixtureRequest) -> Desk:
    return payer(request.param)


def offers(desk: Desk) -> frozenset[str]:
    connector: Any = load(platforms()[desk.native.platform].connector)
    found: frozenset[str] = connector.payables.offers
    return found


def rules(desk: Desk) -> list[str]:
    """The platform's further rules in the table of bill pay."""
    row = read_contract("hub", "bill_pay_platforms.yaml")["platforms"][desk.native.platform]
    found: list[str] = row.get("rules", [])
    return found


def lacks(desk: Desk) -> list[str]:
    """The data types that the platform's integration does not write."""
    row = read_contract("hub", "bill_pay_platforms.yaml")["platforms"][desk.native.platform]
    found: list[str] = row.get("lacks", [])
    return found


def bill(desk: Desk, number: int, **changes: Any) -> dict[str, Any]:
    line = {"description": f"Seat {number}", "unitAmount": 300 + number, "quantity": 1, "taxAmount": 0}
    body = {
        "reference": f"B-{number}",
        "supplierRef": {"id": desk.supplier("airline")},
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-19",
        "currency": "GBP",
        "status": "Open",
        "lineItems": [{**line, "accountRef": {"id": desk.account("travel")}}],
    }
    return {**body, **changes}


def push(desk: Desk, method: str, path: str, body: Any = None, *, token: str = "", query: str = "") -> Answer:
    headers = (("Idempotency-Key", token),) if token else ()
    return desk.send(method, f"{PUSH}/{path}{query}", body, headers=headers)


def outcome(desk: Desk, answer: Answer) -> dict[str, Any]:
    """A push operation at its end."""
    assert answer.status == 200, answer.body
    desk.world.settle()
    found: dict[str, Any] = desk.get(f"{{c}}/push/{answer.body['pushOperationKey']}")
    return found


def made(desk: Desk, answer: Answer) -> str:
    """The id of the record that a push operation made."""
    found = outcome(desk, answer)
    assert found["status"] == "Success", found["errorMessage"]
    return str(found["changes"][0]["recordRef"]["id"])


def read(desk: Desk, data_type: str) -> list[dict[str, Any]]:
    """Every record of a type after a fresh read."""
    assert desk.send("POST", f"{{c}}/data/queue/{data_type}").status == 200
    desk.world.settle()
    found: list[dict[str, Any]] = desk.get(f"{{c}}/data/{data_type}")["results"]
    return found


def payment(desk: Desk, *lines: tuple[str, Any], **changes: Any) -> dict[str, Any]:
    """A payment of bills by id and amount."""
    rows = [{"amount": amount, "links": [{"type": "Bill", "id": id, "amount": -amount}]} for id, amount in lines]
    body = {
        "supplierRef": {"id": desk.supplier("airline")},
        "accountRef": {"id": desk.account("bank")},
        "totalAmount": sum(amount for _, amount in lines),
        "currency": "GBP",
        "date": "2026-03-21",
        "lines": rows,
    }
    return {**body, **changes}


def test_a_bill_is_pending_then_written_and_listed_after_the_next_read(desk: Desk) -> None:
    answer = push(desk, "POST", "bills", bill(desk, 1))
    assert (answer.body["status"], answer.body["data"]["reference"]) == ("Pending", "B-1")
    id = made(desk, answer)
    assert usual(desk, "payables") == -301
    assert desk.get("{c}/data/bills")["results"] == []
    (found,) = read(desk, "bills")
    assert (found["id"], found["status"], found["amountDue"], found["reference"]) == (id, "Open", 301, "B-1")
    assert desk.get(f"{{c}}/data/bills/{id}") == found
    assert desk.send("GET", "{c}/data/bills/none").status == 404


def test_unpaid_bills_are_found_by_queries_and_ordered(desk: Desk) -> None:
    ids = [
        made(desk, push(desk, "POST", "bills", bill(desk, number, dueDate=f"2026-04-1{number}")))
        for number in (1, 2, 3)
    ]
    made(desk, push(desk, "POST", "billPayments", payment(desk, (ids[0], 301))))
    read(desk, "bills")
    unpaid = desk.get("{c}/data/bills", query="status=Open", orderBy="-totalAmount")
    assert [one["totalAmount"] for one in unpaid["results"]] == [303, 302]
    due = desk.get("{c}/data/bills", query="dueDate>2026-04-12&&amountDue>0")["results"]
    assert [one["reference"] for one in due] == ["B-3"]
    named = desk.get("{c}/data/bills", query="supplierRef.supplierName=Contoso Air")["results"]
    assert len(named) == 3


def test_a_batch_without_a_supplier_hides_from_queries_by_supplier_and_breaks_none() -> None:
    desk = payer("xero", suppliers={"airline": {"name": "Contoso Air"}, "plumber": {"name": "Fabrikam"}})
    first = made(desk, push(desk, "POST", "bills", bill(desk, 20)))
    other = bill(desk, 21, supplierRef={"id": desk.supplier("plumber")})
    second = made(desk, push(desk, "POST", "bills", other))
    third = made(desk, push(desk, "POST", "bills", bill(desk, 22)))
    both = payment(desk, (first, 320), (second, 321))
    del both["supplierRef"]
    made(desk, push(desk, "POST", "billPayments", both))
    made(desk, push(desk, "POST", "billPayments", payment(desk, (third, 322))))
    assert len(read(desk, "billPayments")) == 2
    query = f"supplierRef.id={desk.supplier('airline')}"
    found = desk.get("{c}/data/billPayments", query=query, orderBy="-supplierRef.supplierName")["results"]
    assert [one["totalAmount"] for one in found] == [322]
    assert desk.send("GET", "{c}/data/billPayments?query=colour%3Dred").status == 400


def test_a_payment_marks_its_bill_paid_and_its_deletion_opens_it_again(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 4)))
    paid = made(desk, push(desk, "POST", "billPayments", payment(desk, (id, 304))))
    (found,) = read(desk, "billPayments")
    assert (found["id"], found["totalAmount"]) == (paid, 304)
    assert found["lines"][0]["links"][0] == {"type": "Bill", "id": id, "amount": -304, "currencyRate": None}
    (settled,) = read(desk, "bills")
    assert (settled["status"], settled["amountDue"]) == ("Paid", 0)
    assert [one["payment"]["id"] for one in settled["paymentAllocations"]] == [paid]
    assert (usual(desk, "payables"), balance(desk, "bank")) == (0, -304)
    answer = push(desk, "DELETE", f"billPayments/{paid}")
    if "payment.delete" not in offers(desk):
        assert answer.status == 404
        return
    assert outcome(desk, answer)["changes"][0]["type"] == "Deleted"
    assert (usual(desk, "payables"), balance(desk, "bank")) == (-304, 0)
    (again,) = read(desk, "bills")
    assert (again["status"], again["amountDue"]) == ("Open", 304)


def test_a_bill_paid_in_parts_is_partly_paid_and_then_paid(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 30)))
    made(desk, push(desk, "POST", "billPayments", payment(desk, (id, Decimal("123.45")))))
    (found,) = read(desk, "bills")
    assert (found["status"], found["amountDue"]) == ("PartiallyPaid", Decimal("206.55"))
    assert (usual(desk, "payables"), balance(desk, "bank")) == (Decimal("-206.55"), Decimal("-123.45"))
    too_much = outcome(desk, push(desk, "POST", "billPayments", payment(desk, (id, Decimal("206.56")))))
    assert (too_much["status"], balance(desk, "bank")) == ("Failed", Decimal("-123.45"))
    made(desk, push(desk, "POST", "billPayments", payment(desk, (id, Decimal("206.55")))))
    (found,) = read(desk, "bills")
    assert (found["status"], found["amountDue"]) == ("Paid", 0)
    assert (usual(desk, "payables"), balance(desk, "bank")) == (0, -330)


def test_several_bills_of_one_supplier_are_paid_at_once_one_of_them_in_part(desk: Desk) -> None:
    ids = [made(desk, push(desk, "POST", "bills", bill(desk, number))) for number in (5, 6, 7)]
    body = payment(desk, (ids[0], 305), (ids[1], 306), (ids[2], 100))
    if "one_line" in rules(desk):
        assert push(desk, "POST", "billPayments", body).status == 400
        body["lines"] = [{"amount": 711, "links": [link for line in body["lines"] for link in line["links"]]}]
    answer = push(desk, "POST", "billPayments", body)
    if "many" not in offers(desk):
        assert answer.status == 400 or outcome(desk, answer)["status"] == "Failed"
        assert balance(desk, "bank") == 0
        return
    made(desk, answer)
    found = {one["id"]: (one["status"], one["amountDue"]) for one in read(desk, "bills")}
    assert found == {ids[0]: ("Paid", 0), ids[1]: ("Paid", 0), ids[2]: ("PartiallyPaid", 207)}
    assert balance(desk, "bank") == -711


def test_an_overpayment_fails_and_posts_nothing(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 8)))
    found = outcome(desk, push(desk, "POST", "billPayments", payment(desk, (id, 308.5))))
    assert (found["status"], bool(found["errorMessage"])) == ("Failed", True)
    assert (usual(desk, "payables"), balance(desk, "bank")) == (-308, 0)


def test_a_payment_that_does_not_add_up_is_refused_member_by_member(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 9)))
    body = payment(desk, (id, 9), totalAmount=8)
    body["lines"][0]["links"][0]["amount"] = 9
    answer = push(desk, "POST", "billPayments", body)
    assert answer.status == 400
    assert {"totalAmount", "lines[0].links[0].amount"} <= {e["itemId"] for e in answer.body["validation"]["errors"]}
    assert push(desk, "POST", "billPayments", {}).status == 400
    assert balance(desk, "bank") == 0


def test_a_bill_is_changed_and_a_stale_change_is_refused_unless_forced(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 10)))
    (known,) = read(desk, "bills")
    line = {
        "description": "Dinner",
        "unitAmount": 44,
        "quantity": 1,
        "taxAmount": 0,
        "accountRef": {"id": desk.account("meals")},
    }
    stamp = {"sourceModifiedDate": known["sourceModifiedDate"]} if "sourceModifiedDate" in known else {}
    answer = push(desk, "PUT", f"bills/{id}", bill(desk, 10, lineItems=[line], **stamp))
    if "posted_bills_fixed" in rules(desk):
        assert outcome(desk, answer)["status"] == "Failed"
        assert (balance(desk, "travel"), balance(desk, "meals")) == (310, 0)
        return
    made(desk, answer)
    assert (balance(desk, "travel"), balance(desk, "meals")) == (0, 44)
    old = {"sourceModifiedDate": "2020-01-01T00:00:00Z"}
    if not stamp:
        return
    stale = outcome(desk, push(desk, "PUT", f"bills/{id}", bill(desk, 11, **old)))
    assert (stale["status"], balance(desk, "meals")) == ("Failed", 44)
    forced = outcome(desk, push(desk, "PUT", f"bills/{id}", bill(desk, 11, **old), query="?forceUpdate=true"))
    assert (forced["status"], balance(desk, "travel"), balance(desk, "meals")) == ("Success", 311, 0)


def test_a_draft_is_written_where_the_platform_keeps_drafts_and_refused_elsewhere(desk: Desk) -> None:
    answer = push(desk, "POST", "bills", bill(desk, 31, status="Draft"))
    if "drafts" in rules(desk):
        made(desk, answer)
        (found,) = read(desk, "bills")
        assert found["status"] == "Draft"
    else:
        assert (answer.status, answer.body["validation"]["errors"][0]["itemId"]) == (400, "status")
    assert (usual(desk, "payables"), balance(desk, "travel")) == (0, 0)


def test_a_change_or_removal_of_what_is_not_there_fails(desk: Desk) -> None:
    assert outcome(desk, push(desk, "PUT", "bills/9999999", bill(desk, 12)))["status"] == "Failed"
    answer = push(desk, "DELETE", "bills/9999999")
    assert answer.status == 404 or outcome(desk, answer)["status"] == "Failed"


def test_an_open_bill_is_deleted_and_leaves_the_books(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 13)))
    answer = push(desk, "DELETE", f"bills/{id}")
    if "bill.delete" not in offers(desk):
        assert answer.status == 404
        return
    assert outcome(desk, answer)["status"] == "Success"
    assert (usual(desk, "payables"), balance(desk, "travel")) == (0, 0)
    assert [one for one in read(desk, "bills") if one["status"] in ("Open", "PartiallyPaid")] == []


def test_money_paid_on_account_lowers_what_is_owed_and_settles_no_bill(desk: Desk) -> None:
    made(desk, push(desk, "POST", "bills", bill(desk, 41)))
    link = {"type": "PaymentOnAccount", "id": desk.supplier("airline"), "amount": -90}
    answer = push(desk, "POST", "billPayments", payment(desk, lines=[{"amount": 90, "links": [link]}], totalAmount=90))
    if "on_account" not in offers(desk):
        assert (answer.status, balance(desk, "bank")) == (400, 0)
        return
    made(desk, answer)
    (found,) = read(desk, "bills")
    assert (found["status"], found["amountDue"]) == ("Open", 341)
    assert balance(desk, "bank") == -90


def test_a_dollar_bill_paid_at_another_rate_leaves_the_difference_on_exchange() -> None:
    plan = {"accounts": {"usd": {"type": "bank", "name": "Dollars", "currency": "USD"}}}
    for platform in ("quickbooks_online", "xero", "quickbooks_desktop"):
        desk = payer(platform, suppliers={"cloud": {"name": "Contoso Cloud", "currency": "USD"}}, **plan)
        supplier = {"id": desk.supplier("cloud")}
        foreign = bill(desk, 0, supplierRef=supplier, currency="USD", currencyRate=0.77)
        id = made(desk, push(desk, "POST", "bills", foreign))
        paid = payment(desk, (id, 300), supplierRef=supplier, currency="USD", currencyRate=0.79)
        made(desk, push(desk, "POST", "billPayments", {**paid, "accountRef": {"id": desk.account("usd")}}))
        assert usual(desk, "exchange_differences") == 6
        assert (usual(desk, "payables"), balance(desk, "usd")) == (0, -237)


def test_a_supplier_is_pushed_and_found_after_a_read(desk: Desk) -> None:
    body = {"supplierName": "Fabrikam", "contactName": "Grace Hopper", "status": "Active"}
    id = made(desk, push(desk, "POST", "suppliers", body))
    assert id in {one["id"] for one in read(desk, "suppliers")}


def test_a_file_on_a_bill_is_uploaded_listed_and_read(desk: Desk) -> None:
    id = made(desk, push(desk, "POST", "bills", bill(desk, 15)))
    content, headers = upload("invoice.pdf", b"%PDF-1.7 fifteen")
    if "attachments" in lacks(desk):
        answer = desk.send("POST", f"{PUSH}/bills/{id}/attachments", content, headers=headers)
        assert (answer.status, "not supported" in answer.body["error"]) == (404, True)
        return
    assert desk.send("POST", f"{PUSH}/bills/{id}/attachments", content, headers=headers).status == 200
    place = f"{{c}}/connections/{{k}}/data/bills/{id}/attachments"
    (found,) = desk.get(place)["attachments"]
    assert desk.get(f"{place}/{found['id']}")["name"] == found["name"]
    assert raw(desk, "GET", f"{place}/{found['id']}/download").body == b"%PDF-1.7 fifteen"
    answer = push(desk, "DELETE", f"bills/{id}/attachments/{found['id']}")
    if "file.delete" not in offers(desk):
        assert answer.status == 404
        return
    assert outcome(desk, answer)["status"] == "Success"
    assert desk.get(place)["attachments"] == []


def test_a_journal_entry_is_posted(desk: Desk) -> None:
    lines = [
        {"netAmount": 23, "accountRef": {"id": desk.account("travel")}, "description": "Moved"},
        {"netAmount": -23, "accountRef": {"id": desk.account("meals")}, "description": "Moved"},
    ]
    body: dict[str, Any] = {"postedOn": "2026-03-20", "description": "Fares", "journalLines": lines}
    if "journal_needed" in rules(desk):
        assert push(desk, "POST", "journalEntries", body).status == 400
        body["journalRef"] = {"id": read(desk, "journals")[0]["id"]}
    answer = push(desk, "POST", "journalEntries", body)
    if "journalEntries" in lacks(desk):
        assert (answer.status, "not supported" in answer.body["error"]) == (404, True)
        assert desk.send("GET", "{c}/connections/{k}/options/journalEntries").status == 404
        return
    made(desk, answer)
    assert (balance(desk, "travel"), balance(desk, "meals")) == (23, -23)
    assert push(desk, "POST", "journalEntries", {"journalLines": [lines[0]]}).status == 400


@pytest.mark.parametrize("data_type", ["taxRates", "trackingCategories", "paymentMethods", "journals", "billPayments"])
def test_every_list_is_read_and_each_of_its_records_by_id(desk: Desk, data_type: str) -> None:
    answer = desk.send("GET", f"{{c}}/data/{data_type}")
    if answer.status == 404:
        assert "not supported by platform(s)" in answer.body["error"]
        return
    for one in answer.body["results"][:3]:
        assert desk.get(f"{{c}}/data/{data_type}/{one['id']}")["name"] == one["name"]


@pytest.mark.parametrize(
    "name",
    ["chartOfAccounts", "bankAccounts", "bills", "billPayments", "billCreditNotes", "journalEntries", "suppliers"],
)
def test_every_model_tells_what_is_required(desk: Desk, name: str) -> None:
    if name in lacks(desk):
        return
    model = desk.get(f"{{c}}/connections/{{k}}/options/{name}")
    assert any(member["required"] for member in model["properties"].values())


def test_a_model_has_the_members_that_the_platform_has(desk: Desk) -> None:
    members = desk.get("{c}/connections/{k}/options/bankAccounts")["properties"]
    required = {name for name, member in members.items() if member["required"]}
    by_platform = {
        "quickbooks_desktop": {"nominalCode", "accountName"},
        "quickbooks_online": {"accountName", "accountNumber", "currency"},
        "business_central": {"accountName", "currency"},
        "freeagent": {"accountName", "currency"},
    }
    assert required == by_platform.get(desk.native.platform, {"accountName", "accountType"})


def test_the_same_push_under_one_key_makes_one_record(desk: Desk) -> None:
    first = push(desk, "POST", "bills", bill(desk, 16), token=key(16))
    again = push(desk, "POST", "bills", bill(desk, 16), token=key(16))
    assert first.body["pushOperationKey"] == again.body["pushOperationKey"]
    desk.world.settle()
    assert usual(desk, "payables") == -316


def test_a_wrong_bill_is_refused_before_anything_is_written(desk: Desk) -> None:
    wrong = bill(desk, 17, status="Unknown", totalAmount=1)
    answer = push(desk, "POST", "bills", wrong)
    assert answer.status == 400
    assert {item["itemId"] for item in answer.body["validation"]["errors"]} == {"status", "totalAmount"}
    missing = outcome(desk, push(desk, "POST", "bills", bill(desk, 18, supplierRef={"id": "9999999"})))
    assert missing["status"] == "Failed"
    assert usual(desk, "payables") == 0
