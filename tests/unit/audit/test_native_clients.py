"""Blind repeats against QuickBooks Online and Xero: with the platform's own key silent, without it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbooks.audit import audit_company, print_findings
from sandbooks.sandbox import PlatformCompany, Sandbox

ACCOUNTS = {"travel": {"type": "expense", "name": "Travel abroad"}, "visa": {"type": "credit_card", "name": "Visa"}}
PLATFORMS = ["quickbooks_online", "xero"]


@pytest.fixture(params=PLATFORMS)
def acme(request: pytest.FixtureRequest) -> Iterator[PlatformCompany]:
    with Sandbox(seed=5, clock="2026-03-28T17:40:00 America/New_York") as sandbox, sandbox.intercept():
        suppliers = {"airline": {"name": "Contoso Air"}}
        plan: dict[str, Any] = {"accounts": ACCOUNTS, "suppliers": suppliers}
        yield sandbox.company(request.param, name="Acme", country="US", currency="USD", **plan)


def buy(acme: PlatformCompany, reference: str, *, key: str = "", count: int = 1) -> None:
    """A card purchase of 96.14 USD; ``count`` of them in one request where the platform takes several."""
    travel, visa, airline = (acme.native_id(label) for label in ("travel", "visa", "airline"))
    headers = {"Authorization": f"Bearer {acme.credentials['access_token']}", "Accept": "application/json"}
    if acme.platform == "quickbooks_online":
        url = f"https://quickbooks.api.intuit.com/v3/company/{acme.id}/purchase"
        url += f"?requestid={key}" if key else ""
        line = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": 96.14}
        line["AccountBasedExpenseLineDetail"] = {"AccountRef": {"value": travel}}
        body: dict[str, Any] = {"PaymentType": "CreditCard", "AccountRef": {"value": visa}, "DocNumber": reference}
        requests.post(url, json={**body, "TxnDate": "2026-03-28", "Line": [line]}, headers=headers, timeout=5)
        return
    headers |= {"xero-tenant-id": acme.id, **({"Idempotency-Key": key} if key else {})}
    body = {
        "Type": "SPEND",
        "Contact": {"ContactID": airline},
        "BankAccount": {"AccountID": visa},
        "Date": "2026-03-28",
    }
    lines = [{"Description": "Flight", "UnitAmount": 96.14, "AccountID": travel, "TaxType": "NONE"}]
    body |= {"Reference": reference, "LineAmountTypes": "NoTax", "LineItems": lines, "Date": "2026-03-28"}
    url = "https://api.xero.com/api.xro/2.0/BankTransactions"
    requests.put(url, json={"BankTransactions": [body] * count}, headers=headers, timeout=5).raise_for_status()


def lost(acme: PlatformCompany, reference: str, *, phase: str = "commit", **how: Any) -> None:
    with acme._sandbox.fault("drop_response", phase=phase, at=acme.write(reference)):
        with pytest.raises((requests.ConnectionError, requests.Timeout)):
            buy(acme, reference, **how)


def test_a_repeat_without_a_key_is_posted_twice_and_told_in_words(acme: PlatformCompany) -> None:
    lost(acme, "r-02")
    buy(acme, "r-02")
    (finding,) = audit_company(acme._company)
    assert finding.invariants == ("INV-01", "INV-09")
    rows = {row.account.removeprefix("500 "): str(row.difference) for row in finding.table}
    assert rows == {"Travel abroad": "96.14 USD", "Visa": "-96.14 USD"}
    told = print_findings([finding])
    assert ("query requestid: none both times" in told) or ("header Idempotency-Key: none both times" in told)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_the_platforms_own_key_on_both_tries_keeps_silent(acme: PlatformCompany, phase: str) -> None:
    lost(acme, "r-02", key="k-1", phase=phase)
    buy(acme, "r-02", key="k-1")
    assert audit_company(acme._company, strict=True) == []
    acme.assert_exactly_once("r-02")


def test_a_fresh_key_for_the_repeat_is_no_key(acme: PlatformCompany) -> None:
    lost(acme, "r-02", key="k-1")
    buy(acme, "r-02", key="k-2")
    (finding,) = audit_company(acme._company)
    assert finding.invariants == ("INV-01", "INV-09")


def test_two_flights_for_one_price_are_two_purchases(acme: PlatformCompany) -> None:
    lost(acme, "r-02")
    buy(acme, "r-03")
    buy(acme, "r-04")
    assert audit_company(acme._company, strict=True) == []


def test_a_batch_that_is_posted_whole_by_its_second_try_is_posted_once(acme: PlatformCompany) -> None:
    lost(acme, "r-02", phase="validate", count=2)
    buy(acme, "r-02", count=2)
    assert audit_company(acme._company) == []


def test_a_batch_that_is_posted_by_both_tries_is_posted_twice(acme: PlatformCompany) -> None:
    lost(acme, "r-02", count=2)
    buy(acme, "r-02", count=2)
    (finding,) = audit_company(acme._company)
    many = acme.platform == "xero"
    rows = {row.account.removeprefix("500 "): str(row.difference) for row in finding.table}
    assert rows["Visa"] == ("-192.28 USD" if many else "-96.14 USD")
    assert finding.title.startswith("One batch of 2 documents, dated") is many
