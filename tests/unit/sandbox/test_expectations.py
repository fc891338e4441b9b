"""What a test expects, in its own words, and the claims that judge by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbooks import Sandbox
from sandbooks.audit import BooksWrong
from sandbooks.sandbox import PlatformCompany

API = "https://api.xero.com/api.xro/2.0"
PLAN: dict[str, Any] = {
    "accounts": {
        "travel": {"type": "expense", "name": "Travel abroad"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollars": {"type": "credit_card", "name": "Visa USD", "currency": "USD"},
    },
    "suppliers": {"airline": {"name": "Contoso Air"}},
    "taxes": {"standard": {"rate": "20", "name": "Standard"}},
}


@pytest.fixture
def acme() -> Iterator[PlatformCompany]:
    with Sandbox(seed=5, clock="2026-03-28T17:40:00 Europe/London") as sandbox, sandbox.intercept():
        yield sandbox.company("xero", name="Acme", country="GB", currency="GBP", **PLAN)


def headers(acme: PlatformCompany) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {acme.credentials['access_token']}",
        "xero-tenant-id": acme.id,
        "Accept": "application/json",
    }


def buy(acme: PlatformCompany, reference: str, *, mode: str = "Exclusive", card: str = "visa", **more: Any) -> str:
    line = {"Description": "Flight", "UnitAmount": 100, "AccountID": acme.native_id("travel")}
    line["TaxType"] = acme.native_id("standard") if mode != "NoTax" else "NONE"
    body = {
        "Type": "SPEND",
        "Contact": {"ContactID": acme.native_id("airline")},
        "BankAccount": {"AccountID": acme.native_id(card)},
        "Date": "2026-03-28",
        "Reference": reference,
        "LineAmountTypes": mode,
        "LineItems": [line],
        **more,
    }
    answer = requests.put(f"{API}/BankTransactions", json=body, headers=headers(acme), timeout=5)
    answer.raise_for_status()
    return str(answer.json()["BankTransactions"][0]["BankTransactionID"])


def taxed(acme: PlatformCompany, reference: str, **more: Any) -> None:
    facts: dict[str, Any] = {"net": "100.00 GBP", "tax": "20.00 GBP", "tax_code": "standard", **more}
    acme.expect(reference, account="travel", paid_from="visa", date="2026-03-28", **facts)


def test_tax_that_was_booked_as_expected_and_tax_that_was_not(acme: PlatformCompany) -> None:
    buy(acme, "r-01")
    taxed(acme, "r-01")
    acme.assert_tax()
    acme.audit()
    buy(acme, "r-02", mode="Inclusive")
    taxed(acme, "r-02")
    acme.assert_tax("r-01")
    with pytest.raises(BooksWrong, match="INV-15"):
        acme.assert_tax("r-02")
    with pytest.raises(BooksWrong, match="INV-13"):
        acme.audit()


def test_a_rate_that_was_booked_as_expected_and_one_that_was_turned_round(acme: PlatformCompany) -> None:
    facts: dict[str, Any] = {"net": "100.00 USD", "account": "travel", "paid_from": "dollars", "date": "2026-03-28"}
    buy(acme, "r-01", mode="NoTax", card="dollars", CurrencyRate="1.28")
    acme.expect("r-01", rate="1 USD = 0.78125 GBP", **facts)
    acme.assert_fx()
    buy(acme, "r-02", mode="NoTax", card="dollars", CurrencyRate="0.78125")
    acme.expect("r-02", rate="1 USD = 0.78125 GBP", **facts)
    with pytest.raises(BooksWrong, match="INV-25"):
        acme.assert_fx("r-02")


def test_a_receipt_that_hangs_there_and_one_that_does_not(acme: PlatformCompany) -> None:
    made = buy(acme, "r-01")
    taxed(acme, "r-01", files=[("flight.png", "image/png", b"\x89PNG\r\n")])
    with pytest.raises(BooksWrong, match="INV-41"):
        acme.assert_attachments()
    url = f"{API}/BankTransactions/{made}/Attachments/flight.png"
    more = {**headers(acme), "Content-Type": "image/png"}
    requests.put(url, data=b"\x89PNG\r\n", headers=more, timeout=5).raise_for_status()
    acme.assert_attachments("r-01")


def test_statuses_that_go_one_way_and_back(acme: PlatformCompany) -> None:
    buy(acme, "r-01")
    taxed(acme, "r-01")
    acme.assert_statuses({}, {"r-01": "pending"}, {"r-01": "completed"})
    with pytest.raises(BooksWrong, match="INV-53"):
        acme.assert_statuses({"r-01": "completed"}, {"r-01": "failed"}, {"r-01": "completed"})
    with pytest.raises(BooksWrong, match="INV-03"):
        acme.assert_statuses({"r-01": "failed"})


def test_a_claim_about_what_nobody_expects_is_a_mistake_of_the_test(acme: PlatformCompany) -> None:
    buy(acme, "r-01")
    for claim in (acme.assert_tax, acme.assert_fx, acme.assert_attachments):
        with pytest.raises(LookupError, match="nothing is known of"):
            claim("r-01")
    with pytest.raises(LookupError, match="any transaction"):
        acme.assert_statuses()


def test_what_is_expected_goes_along_into_a_fork(acme: PlatformCompany) -> None:
    taxed(acme, "r-01")
    with acme._sandbox.fork() as fork:
        buy(acme, "r-01")
        fork.copy_of(acme).assert_tax("r-01")
    with pytest.raises(BooksWrong, match="INV-04"):
        acme.audit()
