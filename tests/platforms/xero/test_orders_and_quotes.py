"""Purchase orders and quotes: their numbers, statuses, lists and papers; nothing of them is in the books."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.xero.conftest import Client, line

CONTACT = {"Name": "Contoso Air"}


def order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Contact": CONTACT, "Date": "2026-03-01", "LineItems": list(lines), **more}


def test_an_order_is_totalled_numbered_and_not_posted(client: Client) -> None:
    made = client.one("PUT", "PurchaseOrders", order(line("40.00", tax="INPUT2"), DeliveryDate="2026-03-09"))
    assert (made["PurchaseOrderNumber"], made["Status"], made["Total"]) == ("PO-0001", "DRAFT", 48)
    assert (made["DateString"], made["DeliveryDateString"]) == ("2026-03-01T00:00:00", "2026-03-09T00:00:00")
    client.one("POST", f"PurchaseOrders/{made['PurchaseOrderID']}", {"Status": "AUTHORISED"})
    assert client.one("GET", "PurchaseOrders/po-0001")["Status"] == "AUTHORISED"
    assert client.balances() == {}


def test_a_post_changes_the_order_of_that_number_and_a_deleted_one_frees_it(client: Client) -> None:
    first = client.one("PUT", "PurchaseOrders", order(line("4.00"), PurchaseOrderNumber="A-1"))
    again = client.one("POST", "PurchaseOrders", order(line("5.50"), PurchaseOrderNumber="a-1"))
    assert (again["PurchaseOrderID"], again["Total"]) == (first["PurchaseOrderID"], 5.5)
    message = "Purchase Order number must be unique."
    assert client.problems("PUT", "PurchaseOrders", order(line("4.00"), PurchaseOrderNumber="A-1")) == [message]
    client.one("POST", "PurchaseOrders", {"PurchaseOrderID": first["PurchaseOrderID"], "Status": "DELETED"})
    fresh = client.one("PUT", "PurchaseOrders", order(line("4.00"), PurchaseOrderNumber="A-1"))
    assert fresh["PurchaseOrderID"] != first["PurchaseOrderID"]


@pytest.mark.parametrize(
    ("path", "steps", "refused"),
    [
        ("PurchaseOrders", ["SUBMITTED", "AUTHORISED", "BILLED"], "DELETED"),
        ("PurchaseOrders", ["AUTHORISED"], "DRAFT"),
        ("PurchaseOrders", ["DELETED"], "AUTHORISED"),
        ("Quotes", ["SENT", "ACCEPTED", "INVOICED"], "DECLINED"),
        ("Quotes", ["SENT", "DECLINED", "SENT"], "BILLED"),
        ("Quotes", [], "ACCEPTED"),
    ],
)
def test_statuses_follow_each_other(client: Client, path: str, steps: list[str], refused: str) -> None:
    made = client.one("PUT", path, order(line("4.00")))
    id = made["QuoteID" if path == "Quotes" else "PurchaseOrderID"]
    for status in steps:
        assert client.one("POST", f"{path}/{id}", {"Status": status})["Status"] == status
    assert client.send("POST", f"{path}/{id}", {"Status": refused}).status == 400
    assert client.one("GET", f"{path}/{id}")["Status"] == (steps or ["DRAFT"])[-1]


def test_a_quote_writes_its_mode_in_capitals_and_needs_a_date(client: Client) -> None:
    quote = order(line("11.50", account="200", tax="OUTPUT2"), LineAmountTypes="INCLUSIVE", ExpiryDate="2026-04-01")
    made = client.one("PUT", "Quotes", {**quote, "Title": "Roof"})
    assert (made["QuoteNumber"], made["LineAmountTypes"], made["Total"], made["TotalTax"]) == (
        "QU-0001",
        "INCLUSIVE",
        11.5,
        1.92,
    )
    changed = client.one("POST", "Quotes", {"QuoteID": made["QuoteID"], "LineAmountTypes": "EXCLUSIVE"})
    assert (changed["LineAmountTypes"], changed["Total"], changed["Title"]) == ("EXCLUSIVE", 13.8, "Roof")
    assert client.problems("PUT", "Quotes", {"Contact": CONTACT, "LineItems": [line("1.00")]}) == [
        "Date cannot be empty"
    ]


def test_lists_are_filtered_by_their_own_parameters(client: Client) -> None:
    for on, reference in (("2026-02-01", "early"), ("2026-03-01", "late")):
        client.one("PUT", "PurchaseOrders", order(line("4.00"), Date=on, Reference=reference))
        client.one("PUT", "Quotes", order(line("4.00"), Date=on, Reference=reference, ExpiryDate=on))
    contact = client.labels["suppliers"]["airline"]
    for path, wanted in (
        ("PurchaseOrders?DateFrom=2026-02-15", ["late"]),
        ("PurchaseOrders?DateTo=2026-02-15&Status=draft", ["early"]),
        ("PurchaseOrders?Status=BILLED", []),
        ("Quotes?ExpiryDateFrom=2026-02-15", ["late"]),
        (f"Quotes?ContactID={contact}&QuoteNumber=qu-0001", ["early"]),
        (f"Quotes?ContactID={client.labels['suppliers']['baker']}", []),
    ):
        document = client.json("GET", path)
        assert [each["Reference"] for each in document[path.partition("?")[0]]] == wanted, path
    assert client.send("GET", "Quotes?DateFrom=soon").status == 400


def test_a_page_of_orders_carries_a_pagination_block_and_one_of_quotes_none(client: Client) -> None:
    client.one("PUT", "PurchaseOrders", order(line("4.00")))
    client.one("PUT", "Quotes", order(line("4.00")))
    assert client.json("GET", "PurchaseOrders?page=1")["pagination"]["itemCount"] == 1
    assert "pagination" not in client.json("GET", "Quotes?page=1")


@pytest.mark.parametrize("path", ["PurchaseOrders", "Quotes"])
def test_papers_hang_on_orders_and_quotes(client: Client, path: str) -> None:
    made = client.one("PUT", path, order(line("4.00")))
    place = f"{path}/{made['QuoteID' if path == 'Quotes' else 'PurchaseOrderID']}"
    client.one("PUT", f"{place}/Attachments/r.pdf", b"x")
    client.one("PUT", f"{place}/History", {"HistoryRecords": [{"Details": "seen"}]})
    assert client.one("GET", place)["HasAttachments"] is True
    assert client.send("GET", f"{place}/pdf").body.startswith(b"%PDF")
    assert "seen" in [each["Details"] for each in client.json("GET", f"{place}/History")["HistoryRecords"]]
