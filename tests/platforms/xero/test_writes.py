"""The course of a write: batches, summarizeErrors, idempotency keys, lock dates, quotas, XML."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from lxml import etree
from tests.platforms.xero.conftest import Client, bill, line, spend

from sandbooks import exact_json
from sandbooks.kit.errors import NotSimulated
from sandbooks.platform import platform_named
from sandbooks.platforms.xero.wire import errors


def batch(*documents: dict[str, object]) -> dict[str, object]:
    return {"BankTransactions": list(documents)}


def test_one_invalid_element_fails_the_whole_call(client: Client) -> None:
    body = batch(spend(line("1.00")), spend(line("2.00", account="nope"), Reference="bad"))
    answer = client.send("PUT", "BankTransactions", body)
    document = json.loads(answer.body)
    assert (answer.status, document["ErrorNumber"], document["Message"]) == (400, 10, "A validation exception occurred")
    assert [len(element["ValidationErrors"]) for element in document["Elements"]] == [0, 1]
    assert document["Elements"][1]["BankTransactionID"] == "00000000-0000-0000-0000-000000000000"
    assert document["Elements"][1]["Reference"] == "bad"
    assert client.balances() == {}


@pytest.mark.parametrize("value", ["false", "False", "FALSE"])
def test_with_summarize_errors_off_each_element_has_its_own_verdict(client: Client, value: str) -> None:
    body = batch(spend(line("1.00", account="nope")), spend(line("2.00")), spend(line("3.00"), Type="SPENT"))
    found = client.json("PUT", f"BankTransactions?summarizeErrors={value}", body)["BankTransactions"]
    assert [element["StatusAttributeString"] for element in found] == ["ERROR", "OK", "ERROR"]
    assert client.balances() == {"Travel": "2.00 GBP", "Current": "-2.00 GBP"}
    client.world.tape.entries()
    assert "StatusAttributeString" not in client.one("PUT", "BankTransactions", spend(line("1.00")))


def test_an_idempotency_key_repeats_the_answer_and_writes_once(client: Client) -> None:
    first = client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k-1"})
    again = client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k-1"})
    assert (first.status, first.body) == (again.status, again.body)
    assert client.balances()["Current"] == "-6.00 GBP"


def test_an_idempotency_key_refuses_another_request(client: Client) -> None:
    client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k-1"})
    answer = client.send("PUT", "BankTransactions", spend(line("7.00")), {"Idempotency-Key": "k-1"})
    assert answer.status == 400
    assert json.loads(answer.body)["Message"] == "Idempotency Key: k-1 is used with a different request."
    assert client.balances()["Current"] == "-6.00 GBP"


def test_an_idempotency_key_is_forgotten_after_its_minutes(client: Client) -> None:
    client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k-1"})
    client.world.advance(by=timedelta(minutes=7))
    client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k-1"})
    assert client.balances()["Current"] == "-12.00 GBP"


def test_a_refused_write_leaves_its_idempotency_key_free(client: Client) -> None:
    assert (
        client.send("PUT", "BankTransactions", spend(line("6.00", account="nope")), {"Idempotency-Key": "k"}).status
        == 400
    )
    assert client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k"}).status == 200
    assert client.send("PUT", "BankTransactions", spend(line("6.00")), {"Idempotency-Key": "k" * 129}).status == 400


def lock(client: Client, through: str) -> None:
    with client.world.unit():
        platform_named("xero").load_bookkeeper().lock_period(client.company, through)


def test_a_locked_period_refuses_new_changed_and_deleted_documents(client: Client) -> None:
    spent = client.one("PUT", "BankTransactions", spend(line("6.00")))
    owed = client.one("PUT", "Invoices", bill(line("8.00")))
    lock(client, "2026-03-01")
    message = "The document date cannot be before the end of year lock date, currently set at 1 Mar 2026"
    assert client.problems("PUT", "BankTransactions", spend(line("1.00"))) == [message]
    path = f"BankTransactions/{spent['BankTransactionID']}"
    assert client.problems("POST", path, {"LineItems": [line("2.00")]}) == [message]
    assert client.problems("POST", path, {"Date": "2026-03-02"}) == [message]
    assert client.problems("POST", path, {"Status": "DELETED"}) == [message]
    assert client.problems("POST", f"Invoices/{owed['InvoiceID']}", {"Status": "VOIDED"}) == [message]
    client.one("PUT", "BankTransactions", spend(line("1.00"), Date="2026-03-02"))
    lock(client, "")
    client.one("PUT", "BankTransactions", spend(line("1.00")))


def test_a_draft_in_a_locked_period_can_be_kept_but_not_approved(client: Client) -> None:
    lock(client, "2026-03-01")
    made = client.one("PUT", "Invoices", bill(line("8.00"), Status="DRAFT"))
    assert "lock date" in client.problems("POST", f"Invoices/{made['InvoiceID']}", {"Status": "AUTHORISED"})[0]


def test_every_answer_shows_what_is_left_of_the_quotas(client: Client) -> None:
    answer = client.send("GET", "Organisation")
    names = ("X-DayLimit-Remaining", "X-MinLimit-Remaining", "X-AppMinLimit-Remaining")
    assert [answer.header(name) for name in names] == ["4999", "59", "9999"]


def test_the_minute_limit_answers_429_with_an_empty_body(client: Client) -> None:
    client.world.clock.configure(mode="frozen")
    for _ in range(60):
        client.send("GET", "Organisation")
    answer = client.send("PUT", "BankTransactions", spend(line("1.00")))
    assert (answer.status, answer.body, answer.header("X-Rate-Limit-Problem")) == (429, b"", "minute")
    assert 0 < int(answer.header("Retry-After")) <= 60
    assert client.balances() == {}
    client.world.advance(by=timedelta(seconds=int(answer.header("Retry-After"))))
    assert client.send("GET", "Organisation").status == 200


def test_put_always_creates_and_post_updates(client: Client) -> None:
    client.one("PUT", "Items", {"Code": "PEN", "Name": "Pen"})
    assert client.problems("PUT", "Items", {"Code": "pen"}) == ["Price List Item with Code 'pen' already exists"]
    assert client.one("POST", "Items", {"Code": "PEN", "Name": "Blue pen"})["Name"] == "Blue pen"
    assert len(client.json("GET", "Items")["Items"]) == 1
    assert client.send("DELETE", "Items/PEN").status == 204
    assert client.json("GET", "Items")["Items"] == []


def test_an_id_in_the_path_and_another_in_the_body_are_refused(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("6.00")))
    body = {"BankTransactionID": "11111111-1111-4111-8111-111111111111", "Reference": "x"}
    assert "must agree" in client.problems("POST", f"BankTransactions/{made['BankTransactionID']}", body)[0]


def test_names_are_read_in_any_case_and_read_only_members_are_ignored(client: Client) -> None:
    body = {
        "contacts": [
            {"NAME": "Lower", "hasAttachments": True, "isSupplier": True, "Nonsense": 1, "accountNumber": None}
        ]
    }
    made = client.one("POST", "contacts", body)
    assert (made["Name"], made["IsSupplier"], made["HasAttachments"]) == ("Lower", False, False)


def test_contact_names_are_unique_among_active_contacts(client: Client) -> None:
    (taken,) = client.problems("PUT", "Contacts", {"Name": "contoso air"})
    assert taken.startswith("The contact name contoso air is already assigned to another contact.")
    assert taken.endswith("The contact name must be unique across all active contacts.")
    client.one("POST", f"Contacts/{client.labels['suppliers']['airline']}", {"ContactStatus": "ARCHIVED"})
    client.one("PUT", "Contacts", {"Name": "Contoso Air"})
    (message,) = client.problems("POST", f"Contacts/{client.labels['suppliers']['airline']}", {"FirstName": "x"})
    assert message.startswith("The specified contact details matched an archived contact.")


def test_a_contact_always_shows_its_fixed_slots(client: Client) -> None:
    made = client.one("PUT", "Contacts", {"Name": "Slots", "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "1"}]})
    assert [a["AddressType"] for a in made["Addresses"]] == ["STREET", "POBOX"]
    assert {p["PhoneType"]: p["PhoneNumber"] for p in made["Phones"]} == {
        "DEFAULT": "",
        "DDI": "",
        "FAX": "",
        "MOBILE": "1",
    }


def test_dates_are_read_in_every_form_and_written_in_one(client: Client) -> None:
    for text in (
        "2026-02-05",
        "2026-02-05T00:00:00",
        "2026-02-05T23:30:00+13:00",
        "/Date(1770249600000)/",
        "/Date(1770249600000+0000)/",
    ):
        made = client.one("PUT", "BankTransactions", spend(line("1.00"), Date=text))
        assert (made["Date"], made["DateString"]) == ("/Date(1770249600000+0000)/", "2026-02-05T00:00:00")


def test_xml_goes_in_and_comes_out(client: Client) -> None:
    body = (
        b"<Invoices><Invoice><Type>ACCPAY</Type><Contact><Name>A &amp; B</Name></Contact>"
        b"<Date>2026-03-01T00:00:00</Date>"
        b"<DueDate>2026-03-09T00:00:00</DueDate><Status>AUTHORISED</Status>"
        b"<LineItems><LineItem><Description>x</Description>"
        b"<Quantity>2</Quantity><UnitAmount>4.35</UnitAmount><AccountCode>501</AccountCode><TaxType>NONE</TaxType><Tracking>"
        b"<TrackingCategory><Name>Region</Name><Option>North</Option></TrackingCategory></Tracking></LineItem></LineItems>"
        b"</Invoice></Invoices>"
    )
    answer = client.send("PUT", "Invoices", body, {"Content-Type": "application/xml", "Accept": None})
    assert answer.header("Content-Type").startswith("text/xml")
    root = etree.fromstring(answer.body)
    assert root.findtext("Status") == "OK"
    assert root.findtext("Invoices/Invoice/Total") == "8.70"
    assert root.findtext("Invoices/Invoice/Date") == "2026-03-01T00:00:00"
    assert root.findtext("Invoices/Invoice/LineItems/LineItem/Tracking/TrackingCategory/Option") == "North"
    refused = client.send(
        "PUT", "Invoices", b"<Invoice><Type>NOPE</Type></Invoice>", {"Content-Type": "text/xml", "Accept": "text/xml"}
    )
    assert etree.fromstring(refused.body).findtext("Elements/DataContractBase/ValidationErrors/ValidationError/Message")


def test_every_refusal_has_its_place_in_the_table() -> None:
    import sandbooks.ledger
    from sandbooks.ledger import Refusal
    from sandbooks.platforms.xero import refusals

    for module in (sandbooks.ledger, refusals):
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, Refusal) and found is not Refusal:
                assert found in errors.TABLE, found


@pytest.mark.parametrize(
    "path",
    [
        "PaymentServices",
        "/payroll.xro/1.0/Employees",
        "Contacts/x/cissettings",
        "Reports",
    ],
)
def test_what_is_not_simulated_says_so(client: Client, path: str) -> None:
    with pytest.raises(NotSimulated):
        client.send("GET", path)


@pytest.mark.parametrize("name", ["RepeatingInvoices", "Employees", "Budgets"])
def test_a_list_of_what_nobody_can_make_here_is_empty(client: Client, name: str) -> None:
    assert client.json("GET", name)[name] == []
    assert client.send("GET", f"{name}/x").status == 404


@pytest.mark.parametrize("name", ["RepeatingInvoices", "Employees"])
def test_making_what_is_not_simulated_says_so(client: Client, name: str) -> None:
    with pytest.raises(NotSimulated):
        client.send("PUT", name, {name: [{"Type": "ACCPAY"}]})


def test_a_failure_document_carries_numbers_digit_for_digit(client: Client) -> None:
    answer = client.send("PUT", "BankTransactions", b'{"Type":"SPEND","CurrencyRate":1.00000000010,"LineItems":[]}')
    assert exact_json.loads(answer.body)["Elements"][0]["CurrencyRate"] == exact_json.loads("1.00000000010")


def test_one_address_of_a_contact_can_change_and_the_other_stays(client: Client) -> None:
    both = [{"AddressType": "STREET", "City": "Leeds"}, {"AddressType": "POBOX", "City": "York"}]
    made = client.one("PUT", "Contacts", {"Name": "Two addresses", "Addresses": both})
    change = {"Addresses": [{"AddressType": "STREET", "City": "Hull"}]}
    changed = client.one("POST", f"Contacts/{made['ContactID']}", change)
    assert {a["AddressType"]: a["City"] for a in changed["Addresses"]} == {"STREET": "Hull", "POBOX": "York"}


@pytest.mark.parametrize(
    ("encoding", "mark", "media"),
    [
        ("utf-8", b"\xef\xbb\xbf", "text/xml"),
        ("utf-16", b"", "application/xml"),
        ("utf-8", b"\xef\xbb\xbf", "application/json"),
    ],
)
def test_a_byte_order_mark_before_a_body_is_let_be(client: Client, encoding: str, mark: bytes, media: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><Contact><Name>S\u00f8n</Name></Contact>'
    body = mark + ('{"Name": "S\u00f8n"}' if "json" in media else xml).encode(encoding)
    assert client.json("PUT", "Contacts", body, Content_Type=media)["Contacts"][0]["Name"] == "S\u00f8n"
