"""Lists: where, order, pages, If-Modified-Since, the resources' own parameters, and a lagging index."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from tests.platforms.xero.conftest import Client, bill, line, spend

from sandbooks import exact_json
from sandbooks.platforms.xero.query import parse_where


def names(client: Client, where: str) -> list[str]:
    return [c["Name"] for c in client.json("GET", f"Contacts?where={quote(where)}")["Contacts"]]


@pytest.fixture
def peopled(client: Client) -> Client:
    client.one("PUT", "Contacts", {"Name": 'O\'Brien & Sons "Ltd"', "EmailAddress": "ob@example.com"})
    client.one("PUT", "Contacts", {"Name": "Zebra", "AccountNumber": "Z-1"})
    return client


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('Name=="zebra"', ["Zebra"]),
        ('Name = "Zebra"', ["Zebra"]),
        ('name=="ZEBRA"', ["Zebra"]),
        ('Name!="Zebra" AND Name.StartsWith("Contoso")', ["Contoso Air"]),
        ('Name.Contains("BAKE") OR Name == "Zebra"', ["Northwind Bakery", "Zebra"]),
        ('Name.contains("bake") == true', ["Northwind Bakery"]),
        ('!(Name.EndsWith("a")) && Name.ToLower().StartsWith("c")', ["Contoso Air"]),
        ('EmailAddress != null and EmailAddress.EndsWith("example.com")', ['O\'Brien & Sons "Ltd"']),
        ('Name == "O\'Brien & Sons \\"Ltd\\""', ['O\'Brien & Sons "Ltd"']),
        ('AccountNumber=="z-1" && IsSupplier==false', ["Zebra"]),
        ('(Name=="Zebra" || Name=="Nobody")', ["Zebra"]),
        ("IsCustomer == true", ["Wide World Shop"]),
        ('ContactStatus=="ACTIVE" AND Name=="none"', []),
    ],
)
def test_where_selects(peopled: Client, where: str, found: list[str]) -> None:
    assert names(peopled, where) == found


@pytest.mark.parametrize(
    "where",
    [
        "Name==",
        "Nonsense==1",
        'Name.Fly("x")',
        '"',
        'Name=="a" Name=="b"',
        "DateTime(2026,13,1)==Name",
        "((((",
        "!" * 300,
    ],
)
def test_a_where_that_cannot_be_read_is_a_query_parse_exception(client: Client, where: str) -> None:
    answer = client.send("GET", f"Contacts?where={quote(where)}")
    document = exact_json.loads(answer.body)
    assert (answer.status, document["ErrorNumber"], document["Type"]) == (400, 16, "QueryParseException")


def test_dates_amounts_and_nested_ids_can_be_compared(client: Client) -> None:
    for day, amount in (("2026-02-27", "5.00"), ("2026-03-01", "8.00")):
        client.one("PUT", "BankTransactions", spend(line(amount), Date=day, Reference=f"r{day}"))
    airline = client.labels["suppliers"]["airline"]
    for where in (
        "Date >= DateTime(2026,03,01)",
        "Date > DateTime(2026, 2, 27) && Total > 5",
        'Total==8.00 AND Type=="SPEND"',
        f'Contact.ContactID == Guid("{airline}") AND Date > DateTime.Parse("2026-02-28")',
        'Reference=="r2026-03-01"',
    ):
        found = client.json("GET", f"BankTransactions?where={quote(where)}")["BankTransactions"]
        assert [t["Reference"] for t in found] == ["r2026-03-01"], where


def test_an_equality_on_a_key_is_found_in_the_record_keys() -> None:
    assert parse_where('Reference=="R-1" AND Type=="SPEND"', "BankTransaction").keys == {"Reference": "r-1"}
    assert parse_where('Reference=="R-1" OR Type=="SPEND"', "BankTransaction").keys == {}


def test_order_and_pages(peopled: Client) -> None:
    first = peopled.json("GET", "Contacts?order=Name%20DESC&page=1&pageSize=2")
    assert [c["Name"] for c in first["Contacts"]] == ["Zebra", "Wide World Shop"]
    assert first["pagination"] == {"page": 1, "pageSize": 2, "pageCount": 3, "itemCount": 5}
    assert peopled.json("GET", "Contacts?page=9&pageSize=2")["Contacts"] == []
    assert "pagination" not in peopled.json("GET", "Contacts")


@pytest.mark.parametrize(
    "query", ["pageSize=0&page=1", "pageSize=1001&page=1", "page=x", "order=Nonsense", "order=Name%20SIDEWAYS"]
)
def test_a_wrong_page_or_order_is_refused(client: Client, query: str) -> None:
    assert client.send("GET", f"Contacts?{query}").status == 400


def test_a_plain_list_leaves_lines_out_and_a_page_shows_them(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("5.00")))
    assert client.json("GET", "BankTransactions")["BankTransactions"][0]["LineItems"] == []
    assert len(client.json("GET", "BankTransactions?page=1")["BankTransactions"][0]["LineItems"]) == 1


def test_if_modified_since_keeps_what_changed_at_or_after(client: Client) -> None:
    client.world.advance(by=timedelta(minutes=10))
    moment = client.world.clock.now()
    client.one("PUT", "Contacts", {"Name": "Late"})
    for text in (
        moment.strftime("%Y-%m-%dT%H:%M:%S"),
        moment.isoformat(),
        moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    ):
        found = client.json("GET", "Contacts", If_Modified_Since=text)["Contacts"]
        assert [c["Name"] for c in found] == ["Late"], text


def test_invoices_take_lists_of_ids_numbers_statuses_and_contacts(client: Client) -> None:
    first = client.one("PUT", "Invoices", bill(line("1.00"), InvoiceNumber="A-1", Reference="needle"))
    client.one(
        "PUT", "Invoices", bill(line("2.00"), InvoiceNumber="A-2", Status="DRAFT", Contact={"Name": "Northwind Bakery"})
    )
    undashed = first["InvoiceID"].replace("-", "")
    for query in (
        f"IDs={undashed},x",
        "InvoiceNumbers=a-1",
        "Statuses=AUTHORISED,PAID",
        "searchTerm=NEEDLE",
        f"ContactIDs={client.labels['suppliers']['airline']}",
        "searchTerm=contoso&summaryOnly=True",
    ):
        assert [i["InvoiceNumber"] for i in client.json("GET", f"Invoices?{query}")["Invoices"]] == ["A-1"], query


def test_archived_contacts_are_hidden_until_asked_for(client: Client) -> None:
    client.one("POST", f"Contacts/{client.labels['suppliers']['baker']}", {"ContactStatus": "ARCHIVED"})
    assert len(client.json("GET", "Contacts")["Contacts"]) == 2
    assert len(client.json("GET", "Contacts?includeArchived=True")["Contacts"]) == 3


def test_resource_names_are_taken_in_any_case_and_with_a_trailing_slash(client: Client) -> None:
    for path in (
        "/API.XRO/2.0/contacts/",
        "/api.xro/2.0/CONTACTS",
        "/api.xro/2.0/organisations",
        "/api.xro/2.0/taxrates/input2",
    ):
        assert client.send("GET", path).status == 200, path


def test_a_lagging_index_hides_what_was_just_written_but_a_read_by_id_does_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("5.00"), Reference="fresh"))
    reached = type(client.world.plan).reached if client.world.plan else None

    def lagging(self: object, exchange: Any, phase: str) -> None:
        if phase == "admit":
            exchange.lag = timedelta(minutes=5)

    assert reached is not None
    monkeypatch.setattr(type(client.world.plan), "reached", lagging)
    assert client.json("GET", 'BankTransactions?where=Reference=="fresh"')["BankTransactions"] == []
    assert client.one("GET", f"BankTransactions/{made['BankTransactionID']}")["Reference"] == "fresh"


def test_a_document_is_found_by_the_name_that_its_contact_has_now(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("5.00"), Reference="r"))
    client.one("POST", f"Contacts/{client.labels['suppliers']['airline']}", {"Name": "Contoso Airways"})
    where = quote('Contact.Name=="contoso airways"')
    found = client.json("GET", f"BankTransactions?where={where}")["BankTransactions"]
    assert [t["Contact"]["Name"] for t in found] == ["Contoso Airways"]
