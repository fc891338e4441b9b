"""Bills of purchase orders, on the platforms where bill pay writes them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from tests.hub.bill_pay.desk import payer, usual
from tests.hub.bill_pay.test_first_version import TABLE_OF, bill, made, outcome, push, read
from tests.hub.desk import Desk
from tests.hub.test_lost_answers import fault, ran

from sandbooks.platforms.netsuite.records import orders as netsuite_orders
from sandbooks.platforms.netsuite.records import store as netsuite_store
from sandbooks.platforms.netsuite.seed.plans import make as netsuite_make
from sandbooks.platforms.quickbooks_online import writing as quickbooks_writing
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.rules import orders as quickbooks_orders

OFFERED = [name for name, row in TABLE_OF.items() if "bills_orders" in row.get("rules", ())]


def netsuite_order(desk: Desk, *amounts: int) -> tuple[str, str]:
    lines = [{"account": {"id": desk.account("travel")}, "amount": amount} for amount in amounts]
    id = netsuite_make(desk.native, "purchaseOrder", entity={"id": desk.supplier("airline")}, expense=lines)
    order = netsuite_store.get(desk.native, "purchaseOrder", id)
    assert order is not None
    return id, str(order.body["tranId"])


def netsuite_open(desk: Desk, id: str) -> list[Any]:
    order = netsuite_store.get(desk.native, "purchaseOrder", id)
    assert order is not None
    return [line["amount"] for line in netsuite_orders.open_lines(desk.native, order, "expense")]


def quickbooks_order(desk: Desk, *amounts: int) -> tuple[str, str]:
    detail = {"AccountRef": {"value": desk.account("travel")}}
    name = "AccountBasedExpenseLineDetail"
    lines = [{"Amount": amount, "DetailType": name, name: detail} for amount in amounts]
    body = {"VendorRef": {"value": desk.supplier("airline")}, "DocNumber": "PO-7", "Line": lines}
    body["GlobalTaxCalculation"] = "NotApplicable"
    made = quickbooks_writing.create(Realm(desk.native), quickbooks_writing.entity_named("PurchaseOrder"), body)
    return made.id, "PO-7"


def quickbooks_open(desk: Desk, id: str) -> list[Any]:
    realm = Realm(desk.native)
    order = realm.get("PurchaseOrder", id)
    assert order is not None
    _, amounts = quickbooks_orders.billed(realm, id)
    found = [Decimal(line["Amount"]) - amounts.get(line["Id"], Decimal(0)) for line in order.body["Line"]]
    assert order.body["POStatus"] == ("Open" if any(found) else "Closed")
    return [amount for amount in found if amount]


ORDERS: dict[str, Callable[..., tuple[str, str]]] = {
    "netsuite": netsuite_order,
    "quickbooks_online": quickbooks_order,
}
OPEN: dict[str, Callable[[Desk, str], list[Any]]] = {"netsuite": netsuite_open, "quickbooks_online": quickbooks_open}


@pytest.fixture(params=OFFERED)
def desk(request: pytest.FixtureRequest) -> Desk:
    return payer(request.param)


def order(desk: Desk, *amounts: int) -> tuple[str, str]:
    """The id and number of an order of the supplier, made by the company's own people."""
    with desk.world.unit():
        return ORDERS[desk.native.platform](desk, *amounts)


def left(desk: Desk, id: str) -> list[Any]:
    """What is still to be billed of an order, by line."""
    return OPEN[desk.native.platform](desk, id)


def lines(desk: Desk, *amounts: int) -> list[dict[str, Any]]:
    account = {"id": desk.account("travel")}
    return [{"unitAmount": amount, "quantity": 1, "taxAmount": 0, "accountRef": account} for amount in amounts]


def test_a_bill_names_its_order_and_bills_the_lines_in_their_order(desk: Desk) -> None:
    id, number = order(desk, 120, 45)
    body = bill(desk, 1, purchaseOrderRefs=[{"id": id, "purchaseOrderNumber": number}], lineItems=lines(desk, 120, 20))
    made(desk, push(desk, "POST", "bills", body))
    assert usual(desk, "payables") == -140
    assert left(desk, id) == [25]
    (found,) = read(desk, "bills")
    assert found["purchaseOrderRefs"] == [{"id": id, "purchaseOrderNumber": number}]


def test_reading_bills_reads_the_orders_that_they_bill_alone(desk: Desk) -> None:
    (id, _), _ = order(desk, 120), order(desk, 45)
    made(desk, push(desk, "POST", "bills", bill(desk, 1, purchaseOrderRefs=[{"id": id}], lineItems=lines(desk, 120))))
    before = desk.world.tape.count()
    read(desk, "bills")
    urls = [unquote(entry.url) for entry in desk.world.tape.entries(after=before)]
    asked = [url for url in urls if "from PurchaseOrder" in url]
    assert all(f"where Id IN ('{id}')" in url for url in asked)
    assert bool(asked) == (desk.native.platform == "quickbooks_online")  # NetSuite's bills name theirs


def test_a_line_names_the_line_of_the_order_that_it_bills(desk: Desk) -> None:
    id, _ = order(desk, 120, 45)
    first, second = lines(desk, 45, 7)
    body = bill(desk, 1, lineItems=[{**first, "purchaseOrderLineRef": {"id": id, "lineNumber": 2}}, second])
    made(desk, push(desk, "POST", "bills", body))
    assert left(desk, id) == [120]
    assert usual(desk, "payables") == -52


def test_an_order_of_another_supplier_fails_the_push_and_writes_nothing(desk: Desk) -> None:
    id, _ = order(desk, 120)
    other = [supplier for label, supplier in desk.labels["suppliers"].items() if label != "airline"]
    for wrong in (
        ({"supplierRef": {"id": other[0]}}, {"purchaseOrderRefs": [{"id": "99999"}]})
        if other
        else ({"purchaseOrderRefs": [{"id": "99999"}]},)
    ):
        body = {**bill(desk, 1, purchaseOrderRefs=[{"id": id}], lineItems=lines(desk, 5)), **wrong}
        assert outcome(desk, push(desk, "POST", "bills", body))["status"] == "Failed"
    assert (usual(desk, "payables"), left(desk, id)) == (0, [120])


def test_no_bill_is_written_beside_an_order_that_it_cannot_bill(desk: Desk) -> None:
    id, _ = order(desk, 120)
    refs = {"purchaseOrderRefs": [{"id": id}]}
    first = made(desk, push(desk, "POST", "bills", bill(desk, 1, lineItems=lines(desk, 120), **refs)))
    second = outcome(desk, push(desk, "POST", "bills", bill(desk, 2, lineItems=lines(desk, 30), **refs)))
    linked = [bool(found["purchaseOrderRefs"]) for found in read(desk, "bills")]
    assert linked == [True] * (2 if second["status"] == "Success" else 1)
    changed = push(desk, "PUT", f"bills/{first}", bill(desk, 1, lineItems=lines(desk, 121), **refs))
    assert outcome(desk, changed)["status"] == "Success"
    assert all(found["purchaseOrderRefs"] for found in read(desk, "bills"))


@pytest.mark.parametrize("phase", ["commit", "validate"])
def test_a_bill_that_closed_its_order_and_whose_answer_was_lost_is_found_again(desk: Desk, phase: str) -> None:
    id, _ = order(desk, 120)
    native = {"netsuite": "upsert_record", "quickbooks_online": "create_bill"}[desk.native.platform]
    fault(desk, "drop_response", phase=phase, at={"operation": native})
    made(
        desk,
        push(desk, "POST", "bills", bill(desk, 1, purchaseOrderRefs=[{"id": id}], lineItems=lines(desk, 120))),
    )
    assert ran(desk)
    assert left(desk, id) == []
    assert usual(desk, "payables") == -120


def test_a_change_of_a_bill_keeps_to_its_order(desk: Desk) -> None:
    id, number = order(desk, 120)
    refs = {"purchaseOrderRefs": [{"id": id, "purchaseOrderNumber": number}]}
    written = made(desk, push(desk, "POST", "bills", bill(desk, 1, lineItems=lines(desk, 100), **refs)))
    rate = {"id": next(one["id"] for one in desk.get("{c}/data/taxRates")["results"] if not one["totalTaxRate"])}
    changed = [{**line, "taxRateRef": rate} for line in lines(desk, 90)]
    answer = push(desk, "PUT", f"bills/{written}", bill(desk, 1, lineItems=changed, **refs))
    assert outcome(desk, answer)["status"] == "Success"
    assert left(desk, id) == [30]


@pytest.mark.parametrize(
    "wrong",
    [{"purchaseOrderLineRef": {"lineNumber": 1}}, {"purchaseOrderLineRef": {"id": "7", "lineNumber": 1.5}}],
)
def test_a_reference_to_no_order_or_no_whole_line_is_wrong_at_once(desk: Desk, wrong: dict[str, Any]) -> None:
    (line,) = lines(desk, 5)
    assert push(desk, "POST", "bills", bill(desk, 1, lineItems=[{**line, **wrong}])).status == 400
