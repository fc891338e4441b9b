"""The exporter against real books. Nothing in it is mocked, and nothing in it knows that it is being tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from exporter import Receipt, Refused
from exporter.export import Software, export, export_naively
from exporter.quickbooks import QuickBooks
from exporter.xero import Xero

from sandbooks import Sandbox
from sandbooks.audit import BooksWrong
from sandbooks.sandbox import PlatformCompany

pytestmark = pytest.mark.sandbooks(
    platforms=["quickbooks_online", "xero"], clock="2026-03-28T17:40:00 America/New_York", client_time=True
)

SOFTWARE: dict[str, Callable[..., QuickBooks | Xero]] = {"quickbooks_online": QuickBooks, "xero": Xero}
ACCOUNTS = {
    "travel": {"type": "expense", "name": "Travel abroad"},
    "visa": {"type": "credit_card", "name": "Company Visa"},
}


@pytest.fixture
def acme(sandbox: Sandbox, platform: str) -> PlatformCompany:
    """The customer's company."""
    return sandbox.company(platform, name="Acme", country="US", currency="USD", accounts=ACCOUNTS)


@pytest.fixture
def software(acme: PlatformCompany) -> Iterator[QuickBooks | Xero]:
    made = SOFTWARE[acme.platform](acme.credentials)
    yield made
    made.connection.close()


def receipt(acme: PlatformCompany, reference: str, amount: str) -> Receipt:
    day, travel, visa = date(2026, 3, 28), acme.native_id("travel"), acme.native_id("visa")
    return Receipt(reference, "Contoso Air", Decimal(amount), day, travel, visa)


def test_a_receipt_lands_in_the_books(acme: PlatformCompany, software: Software) -> None:
    export(software, receipt(acme, "r-01", "412.37"))
    acme.assert_exactly_once("r-01")
    acme.assert_trial_balance({"travel": "Dr 412.37 USD", "visa": "Cr 412.37 USD"}, only=True)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_a_lost_answer_does_not_double_a_receipt(
    sandbox: Sandbox, acme: PlatformCompany, software: Software, phase: str
) -> None:
    with sandbox.fault("drop_response", phase=phase, at=acme.write("r-02")):
        export(software, receipt(acme, "r-02", "96.14"))
    acme.assert_exactly_once("r-02")
    acme.assert_card_balance("visa", "Cr 96.14 USD")
    acme.assert_no_blind_retry()


def test_the_naive_way_doubles_it(sandbox: Sandbox, acme: PlatformCompany, software: Software) -> None:
    with sandbox.fault("drop_response", phase="commit", at=acme.write("r-02")):
        export_naively(software, receipt(acme, "r-02", "96.14"))
    with pytest.raises(BooksWrong, match="twice"):
        acme.assert_exactly_once("r-02")
    sandbox.audit_at_end = False  # this test is about wrong books


def test_a_token_is_renewed_before_it_expires(sandbox: Sandbox, acme: PlatformCompany, software: Software) -> None:
    export(software, receipt(acme, "r-01", "412.37"))
    sandbox.clock.advance(minutes=45)
    export(software, receipt(acme, "r-02", "96.14"))
    assert 401 not in [exchange.status for exchange in sandbox.tape()]


def test_a_throttled_receipt_waits_its_time(sandbox: Sandbox, acme: PlatformCompany, software: Software) -> None:
    with sandbox.fault("throttle", at=acme.write("r-01")):
        export(software, receipt(acme, "r-01", "412.37"))
    acme.assert_exactly_once("r-01")
    acme.assert_respects_limits()


def test_a_closed_period_is_a_clear_no(acme: PlatformCompany, software: Software) -> None:
    acme.bookkeeper.lock_period("2026-03-31")
    with pytest.raises(Refused):
        export(software, receipt(acme, "r-01", "412.37"))
    acme.assert_nothing_posted("r-01")


@pytest.mark.sandbooks_sweep
def test_no_single_fault_does_harm(acme: PlatformCompany, software: Software) -> None:
    export(software, receipt(acme, "r-01", "412.37"))
    export(software, receipt(acme, "r-02", "96.14"))
    acme.assert_exactly_once("r-01", "r-02")
