"""Bad input of every kind: a native refusal, never a 500, and nothing posted."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.xero.conftest import Client, bill, line, signed_in, spend

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.ledger import Book, MemoryRows
from sandbooks.platforms.xero import posting
from sandbooks.platforms.xero.dialect import DIALECT
from sandbooks.wire import Response

DOCUMENTS: dict[str, dict[str, Any]] = {
    "Accounts": {"Code": "999", "Name": "New", "Type": "EXPENSE", "TaxType": "NONE"},
    "Contacts": {"Name": "New", "EmailAddress": "a@example.com", "Addresses": [{"AddressType": "STREET", "City": "X"}]},
    "ContactGroups": {"Name": "Group"},
    "BankTransactions": spend(
        line("10.00", tax="INPUT2", Tracking=[{"Name": "Region", "Option": "North"}]), Reference="r"
    ),
    "Invoices": bill(
        line("10.00", tax="INPUT2", Quantity="2"), InvoiceNumber="B-1", CurrencyCode="EUR", CurrencyRate="1.1"
    ),
    "CreditNotes": bill(line("10.00"), Type="ACCPAYCREDIT"),
    "Payments": {"Invoice": {"InvoiceNumber": "B-0"}, "Account": {"Code": "090"}, "Amount": 1, "Date": "2026-03-02"},
    "BatchPayments": {
        "Account": {"Code": "090"},
        "Date": "2026-03-02",
        "Payments": [{"Invoice": {"InvoiceNumber": "B-0"}, "Amount": 1}],
    },
    "BankTransfers": {
        "FromBankAccount": {"Code": "090"},
        "ToBankAccount": {"Code": "091"},
        "Amount": 5,
        "Date": "2026-03-02",
    },
    "ManualJournals": {
        "Narration": "n",
        "Status": "POSTED",
        "JournalLines": [{"LineAmount": 5, "AccountCode": "501"}, {"LineAmount": -5, "AccountCode": "502"}],
    },
    "Receipts": {
        "Contact": {"Name": "Taxi"},
        "Date": "2026-03-01",
        "LineItems": [line("9.00")],
        "User": {"UserID": "x"},
    },
    "ExpenseClaims": {"User": {"UserID": "x"}, "Receipts": [{"ReceiptID": "x"}]},
    "TaxRates": {"Name": "T", "TaxComponents": [{"Name": "a", "Rate": 7}]},
    "TrackingCategories": {"Name": "Second"},
    "Currencies": {"Code": "PLN"},
    "Items": {"Code": "I", "Name": "Item", "PurchaseDetails": {"UnitPrice": 2, "AccountCode": "501"}},
    "LinkedTransactions": {"SourceTransactionID": "11111111-1111-4111-8111-111111111111", "SourceLineItemID": "x"},
}
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 10**30, 10**400, -(10**18), 1e300, 0.1 + 0.2, -0.0, 123456789.123456789]),
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "0",
            "x" * 5000,
            "\x00",
            "1e400",
            "-0.004",
            "2026-02-30",
            "9999-12-31",
            "/Date(9e99)/",
            "/Date(1)/",
            "0001-01-01",
            "null",
            "NaN",
            "Infinity",
            "11111111-1111-4111-8111-111111111111",
            "\u202e😀",
            "<a>&",
        ]
    ),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just([None, 1, "x"]),
    st.just({"ContactID": 5, "Code": {}, "AccountID": "zzz"}),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2), max_leaves=4),
)


def paths(document: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [at] if at else []
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in pairs:
        found += paths(value, (*at, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(document))
    target = copy
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return copy


@pytest.fixture(scope="module")
def shared() -> Client:
    client = signed_in(App())
    client.world.put("settings", "limits", "off")
    client.one("PUT", "Invoices", bill(line("1000.00"), InvoiceNumber="B-0"))
    return client


def lines_of(client: Client) -> int:
    return len(list(client.company.book.lines()))


def check_answer(client: Client, answer: Response, before: int) -> None:
    assert answer.status < 500, answer.body
    if answer.status != 200:
        assert lines_of(client) == before
        assert answer.status in (400, 404)
    if answer.status == 400:
        assert exact_json.loads(answer.body)["Type"] in ("ValidationException", "PostDataInvalidException")


def fresh_token(client: Client) -> None:
    """Time steps with every exchange, so a long run outlives its token."""
    seed_token = client.form(
        "/connect/token",
        grant_type="refresh_token",
        refresh_token=client.credentials["refresh_token"],
        client_id=client.credentials["client_id"],
        client_secret=client.credentials["client_secret"],
    )[1]
    client.credentials |= {name: seed_token[name] for name in ("access_token", "refresh_token")}


@pytest.mark.parametrize("resource", sorted(DOCUMENTS))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_document_is_refused_natively_and_posts_nothing(
    shared: Client, resource: str, data: st.DataObject
) -> None:
    fresh_token(shared)
    document = DOCUMENTS[resource]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(document)))
        try:
            document = replaced(document, path, data.draw(STRANGE))
        except (KeyError, IndexError, TypeError):
            break
    method = data.draw(st.sampled_from(["PUT", "POST"]))
    query = data.draw(st.sampled_from(["", "?summarizeErrors=false", "?unitdp=4"]))
    accept = data.draw(st.sampled_from(["application/json", "application/json", "application/xml"]))
    body = json.dumps(data.draw(st.sampled_from([document, {resource: [document, document]}, [document]])))
    before = lines_of(shared)
    answer = shared.send(method, f"{resource}{query}", body.encode(), {"Accept": accept})
    if accept == "application/json" and (method, resource) != ("POST", "Currencies"):
        check_answer(shared, answer, before)
    else:
        assert answer.status < 500 or (method, resource, answer.status) == ("POST", "Currencies", 501)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(body=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)), xml=st.booleans())
def test_bytes_that_are_no_document_are_refused(shared: Client, body: bytes, xml: bool) -> None:
    fresh_token(shared)
    before = lines_of(shared)
    media = "application/xml" if xml else "application/json"
    answer = shared.send("PUT", "Invoices", body, {"Content-Type": media})
    check_answer(shared, answer, before)
    assert answer.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[1]",
        b'"text"',
        b'{"Invoices": 5}',
        b'{"Invoices": ["x"]}',
        b"[" * 5000,
        '{"Type": "SPEND", "CurrencyRate": "\u0661"}'.encode(),
        b"<a>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice><Type>&e;</Type></Invoice>',
    ],
)
def test_a_body_that_cannot_be_read_is_a_post_data_exception_or_invalid(client: Client, body: bytes) -> None:
    answer = client.send(
        "PUT", "Invoices", body, {"Content-Type": "application/xml" if body[:1] == b"<" else "application/json"}
    )
    assert answer.status == 400
    document = exact_json.loads(answer.body)
    assert document["Type"] in ("PostDataInvalidException", "ValidationException")
    assert b"root:" not in answer.body


def test_an_id_of_another_organisation_is_not_found(client: Client) -> None:
    other = signed_in(client.app)
    made = other.one("PUT", "Invoices", bill(line("5.00")))
    assert client.send("GET", f"Invoices/{made['InvoiceID']}").status == 404
    assert client.send("POST", f"Invoices/{made['InvoiceID']}", {"Status": "VOIDED"}).status == 404
    assert client.send("POST", "Invoices", {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}).status == 404
    assert other.one("GET", f"Invoices/{made['InvoiceID']}")["Status"] == "AUTHORISED"


def test_a_not_found_answer_is_empty_html(client: Client) -> None:
    answer = client.send("GET", "Invoices/11111111-1111-4111-8111-111111111111")
    assert (answer.status, answer.body, answer.header("Content-Type")) == (404, b"", "text/html; charset=utf-8")
    assert client.send("GET", "Nonsense").status == 404


def test_a_method_that_a_resource_lacks_is_not_implemented(client: Client) -> None:
    answer = client.send("POST", "Organisation", {"Name": "x"})
    assert (answer.status, b"<Message>" in answer.body) == (501, True)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/connect/token"), ("PUT", "/connections"), ("PATCH", "/connect/revocation")]
)
def test_a_wrong_method_at_the_identity_server_is_not_allowed(client: Client, method: str, path: str) -> None:
    assert client.send(method, path).status == 405


@pytest.mark.parametrize("operation", [o for o in DIALECT.operations if o.scope], ids=lambda o: o.name)
def test_every_operation_refuses_a_caller_without_its_scope(shared: Client, operation: Any) -> None:
    world = shared.world
    from sandbooks.platforms.xero import auth

    with world.unit():
        client_id, _ = auth.client(world)
        grant = auth.tokens_of(world).new_grant(
            client_id=client_id, scopes=("bankfeeds",), companies=(shared.company.id,)
        )
        token = auth.tokens_of(world).issue("access", grant, lifetime=auth.ACCESS)
    path = operation.rule.replace("<path:", "<")
    while "<" in path:
        path = path[: path.index("<")] + "x" + path[path.index(">") + 1 :]
    answer = shared.send(operation.method, path, {"a": 1}, {"Authorization": f"Bearer {token.value}"})
    assert (answer.status, exact_json.loads(answer.body)["Detail"]) == (401, "AuthorizationUnsuccessful")


def test_the_books_can_be_rebuilt_from_the_stored_versions(shared: Client) -> None:
    fresh_token(shared)
    make_a_busy_month(shared)
    company = shared.company
    rebuilt = Book(MemoryRows(), company.currency)
    for account in company.book.accounts():
        rebuilt.open_account(account)
    for kind in posting.POSTING_KINDS:
        for record in company.records.scan(kind, deleted=True):
            version = company.records.versions(kind, record.id)[-1]
            entry = posting.entry_of(kind, record.id, version.version, body=version.body, facts=version.facts)
            if entry is not None:
                rebuilt.post(entry)
    kept = {row.account.id: row.balance for row in company.book.trial_balance()}
    assert {row.account.id: row.balance for row in rebuilt.trial_balance()} == kept
    assert sum(balance.base.amount for balance in kept.values()) == 0


def make_a_busy_month(client: Client) -> None:
    """Documents of every kind that posts, some changed, some deleted."""
    made = client.one("PUT", "Invoices", bill(line("100.00", tax="INPUT2"), CurrencyCode="EUR", CurrencyRate="1.17"))
    account = {"Account": {"Code": "090"}, "Date": "2026-03-02"}
    payment = client.one("PUT", "Payments", {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": "33.33", **account})
    client.one("PUT", "Payments", {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Amount": "20.00", **account})
    client.one("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    note = client.one(
        "PUT", "CreditNotes", bill(line("50.00"), Type="ACCPAYCREDIT", CurrencyCode="EUR", CurrencyRate="1.19")
    )
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    allocation = client.one("PUT", path, {"Amount": 12, "Invoice": {"InvoiceID": made["InvoiceID"]}})
    client.one("PUT", path, {"Amount": 7, "Invoice": {"InvoiceID": made["InvoiceID"]}})
    client.json("DELETE", f"{path}/{allocation['AllocationID']}")
    spent = client.one("PUT", "BankTransactions", spend(line("61.00"), BankAccount={"Code": "092"}, CurrencyRate="1.3"))
    client.one("POST", f"BankTransactions/{spent['BankTransactionID']}", {"LineItems": [line("62.00")]})
    client.one("PUT", "BankTransactions", spend(line("9.99", tax="INPUT2"), Type="SPEND-PREPAYMENT"))
    client.one("PUT", "BankTransfers", DOCUMENTS["BankTransfers"])
    client.one("PUT", "ManualJournals", DOCUMENTS["ManualJournals"])


QUERY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "Name==",
            'Name=="x" AND',
            "Date>=DateTime(1,2)",
            "Total>1e5",
            "-1",
            "99999999999",
            "Name,,",
            "a.b.c",
            "null",
            "\x00",
            "%",
        ]
    ),
    st.lists(
        st.sampled_from(
            ["Name", "==", '"x"', "(", ")", "AND", "!", ".Contains(", "null", "DateTime(", "2026", ",", "Contact.Name"]
        ),
        max_size=8,
    ).map(" ".join),
)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    resource=st.sampled_from(
        ["Contacts", "Invoices", "BankTransactions", "Journals", "Reports/TrialBalance", "TaxRates"]
    ),
    name=st.sampled_from(
        ["where", "order", "page", "pageSize", "IDs", "Statuses", "searchTerm", "offset", "date", "unitdp"]
    ),
    value=QUERY,
    since=st.one_of(
        st.just(None), st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20)
    ),
)
def test_a_strange_query_is_answered_or_refused(
    shared: Client, resource: str, name: str, value: str, since: str | None
) -> None:
    fresh_token(shared)
    query = (
        urlencode({name: value.encode("utf-8", "replace"), "page": "1"})
        if name == "pageSize"
        else urlencode({name: value.encode("utf-8", "replace")})
    )
    answer = shared.send("GET", f"{resource}?{query}", headers={"If-Modified-Since": since})
    assert answer.status in (200, 400), answer.body


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    parts=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "Invoices",
                    "Contacts",
                    "Attachments",
                    "History",
                    "Allocations",
                    "CreditNotes",
                    "Options",
                    "TrackingCategories",
                    "a.pdf",
                    "Users",
                ]
            ),
            st.text(max_size=12),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_a_strange_path_is_answered_natively(shared: Client, method: str, parts: list[str]) -> None:
    fresh_token(shared)
    before = lines_of(shared)
    path = "/".join(quote(part.encode("utf-8", "replace"), safe="") for part in parts)
    answer = shared.send(method, path, {"Name": "x"})
    assert answer.status < 500 or (answer.status, answer.header("Content-Type")) == (501, "text/xml; charset=utf-8")
    assert lines_of(shared) == before
