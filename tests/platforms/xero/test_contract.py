"""The published description against what is answered: every operation is described, and real answers fit it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.platforms.xero.conftest import Client, bill, line, spend

from sandbooks.platforms.xero.dialect import DIALECT
from sandbooks.settings import read_contract

API: dict[str, Any] = read_contract("platforms", "xero", "api.yaml")
EVIDENCE: list[dict[str, str]] = read_contract("platforms", "xero", "evidence.yaml")["evidence"]


def described() -> Iterator[tuple[str, str, str]]:
    for path, item in API["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield operation["operationId"], method.upper(), path


def test_the_description_and_the_emulation_name_the_same_operations() -> None:
    answered = {
        (o.name, o.method, re.sub(r"<(?:path:)?(\w+)>", r"{\1}", o.rule))
        for o in DIALECT.operations
        if not o.name.startswith("absent_")
    }
    assert set(described()) == answered


def test_every_operation_has_its_evidence_and_every_row_a_source() -> None:
    rows = {row["name"] for row in EVIDENCE if row["kind"] == "operation"}
    assert rows == {name for name, _, _ in described()}
    assert {row["status"] for row in EVIDENCE} == {"client", "specification", "assumed"}
    assert all(row["source"] for row in EVIDENCE)
    assert len({(row["kind"], row["name"]) for row in EVIDENCE}) == len(EVIDENCE)


def problems(schema: str, document: Any) -> list[str]:
    found = {"$ref": f"#/components/schemas/{schema}", "components": API["components"]}
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(found).iter_errors(document)]


@pytest.fixture
def busy(client: Client) -> Client:
    """An organisation with a document of every kind."""
    owed = client.one("PUT", "Invoices", bill(line("20.00", tax="INPUT2"), InvoiceNumber="B-1"))
    client.one(
        "PUT", "Payments", {"Invoice": {"InvoiceID": owed["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 3}
    )
    note = client.one("PUT", "CreditNotes", bill(line("9.00"), Type="ACCPAYCREDIT"))
    body = {"Amount": 2, "Invoice": {"InvoiceID": owed["InvoiceID"]}}
    client.one("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", body)
    tracked = line("5.00", Tracking=[{"Name": "Region", "Option": "North"}])
    spent = client.one("PUT", "BankTransactions", spend(tracked))
    client.one("PUT", "BankTransactions", spend(line("4.00"), Type="SPEND-PREPAYMENT"))
    client.one("PUT", "BankTransactions", spend({"Description": "o", "UnitAmount": 6}, Type="SPEND-OVERPAYMENT"))
    batch = {"Account": {"Code": "090"}, "Date": "2026-03-02", "Payments": [{**body, "Amount": 1}]}
    client.one("PUT", "BatchPayments", batch)
    transfer = {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "091"}, "Amount": 5}
    client.one("PUT", "BankTransfers", transfer)
    lines = [{"LineAmount": 5, "AccountCode": "501"}, {"LineAmount": -5, "AccountCode": "502"}]
    client.one("PUT", "ManualJournals", {"Narration": "n", "Status": "POSTED", "JournalLines": lines})
    client.one("PUT", "Items", {"Code": "P", "PurchaseDetails": {"UnitPrice": 1, "AccountCode": "501"}})
    client.one("PUT", "ContactGroups", {"Name": "G"})
    client.send("PUT", f"BankTransactions/{spent['BankTransactionID']}/Attachments/a.pdf", b"x")
    return client


LISTS = [
    o
    for o in DIALECT.operations
    if o.method == "GET" and o.rule.startswith("/api.xro") and "<" not in o.rule and not o.name.startswith("absent_")
]
SINGLES = (
    "Invoices",
    "CreditNotes",
    "BankTransactions",
    "Payments",
    "BatchPayments",
    "BankTransfers",
    "ManualJournals",
    "Contacts",
    "Prepayments",
    "Overpayments",
    "Accounts",
    "TaxRates",
    "TrackingCategories",
    "Items",
    "ContactGroups",
)


@pytest.mark.parametrize("page", ["", "?page=1"])
@pytest.mark.parametrize("operation", LISTS, ids=lambda o: o.name)
def test_a_list_fits_its_description(busy: Client, operation: Any, page: str) -> None:
    query = f"?contactID={busy.labels['suppliers']['airline']}" if "ByContact" in operation.rule else page
    document = busy.json("GET", f"{operation.rule}{query}")
    described_as = API["paths"][operation.rule]["get"]["responses"]["200"]["content"]["application/json"]["schema"][
        "$ref"
    ]
    assert problems(described_as.rpartition("/")[2], document) == []


def test_single_documents_and_writes_fit_their_description(busy: Client) -> None:
    for kind in SINGLES:
        first = busy.json("GET", kind)[kind][0]
        id = first.get("TaxType") if kind == "TaxRates" else next(v for k, v in first.items() if k.endswith("ID"))
        assert problems(f"{kind}Answer", busy.json("GET", f"{kind}/{id}")) == [], kind
    apart = busy.json(
        "PUT", "BankTransactions?summarizeErrors=false", {"BankTransactions": [spend(line("1.00")), spend()]}
    )
    assert problems("BankTransactionsAnswer", {**apart, "BankTransactions": apart["BankTransactions"][:1]}) == []


def test_refusals_fit_their_description(busy: Client) -> None:
    refused = busy.send("PUT", "Invoices", bill(line("1.00", account="nope")))
    assert problems("ApiException", json.loads(refused.body)) == []
    unauthorised = busy.send("GET", "Invoices", headers={"Authorization": None})
    assert problems("Problem", json.loads(unauthorised.body)) == []


def test_connections_fit_their_description(busy: Client) -> None:
    for connection in json.loads(busy.send("GET", "/connections").body):
        assert problems("Connection", connection) == []
