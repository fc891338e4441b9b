"""Each switch of the contract moves what it says; what none names does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.platforms.xero.conftest import ROOT, Client, bill, line, spend

from sandbooks import Sandbox
from sandbooks.platform import CompanyPlan
from sandbooks.platforms import xero
from sandbooks.settings import read_contract
from sandbooks.wire import Request, Response

Open = Callable[[CompanyPlan], Client]
BANK = {"bank": {"type": "bank", "name": "B", "code": "090"}, "t": {"type": "expense", "name": "T", "code": "501"}}


def opened(open_organisation: Open, **settings: Any) -> Client:
    return open_organisation(CompanyPlan(country="GB", accounts=BANK, settings=settings))


def test_the_code_reads_no_setting_that_the_contract_does_not_name() -> None:
    named = set(read_contract("platforms", "xero", "switches.yaml")["organisation"]) | {"organisation"}
    folder = Path(str(xero.__file__)).parent
    sources = "".join(path.read_text() for path in folder.rglob("*.py") if "connector" not in path.parts)
    read = set(re.findall(r"settings\.get\(\s*\"(\w+)\"", sources))
    assert read <= named
    assert {"rate_limit_day", "idempotency_minutes", "rates"} <= read


def test_quotas_can_be_moved(open_organisation: Open) -> None:
    client = opened(open_organisation, rate_limit_minute=2, rate_limit_day=9)
    answer = client.send("GET", "Organisation")
    assert (answer.header("X-MinLimit-Remaining"), answer.header("X-DayLimit-Remaining")) == ("1", "8")


def test_a_sixth_call_at_once_to_one_organisation_is_refused_without_a_wait(open_organisation: Open) -> None:
    client = opened(open_organisation)
    with ExitStack() as stack:
        for page in range(5):
            waiting = Request("GET", f"http://127.0.0.1:9/xero{ROOT}/Contacts?page={page}", client.headers({}))
            stack.enter_context(client.world.traffic.joined("xero", waiting))
        answer = client.send("PUT", "Contacts", {"Name": "Sixth"})
        assert client.send("GET", "Organisation", headers={"Xero-Tenant-Id": "elsewhere"}).status == 403
    assert (answer.status, answer.header("X-Rate-Limit-Problem"), answer.body) == (429, "concurrent", b"")
    assert not answer.header("Retry-After")
    assert client.send("PUT", "Contacts", {"Name": "Sixth"}).status == 200


@pytest.mark.parametrize(
    ("limit", "problem"), [("minute", "minute"), ("day", "day"), ("app", "appminute"), ("concurrent", "concurrent")]
)
def test_a_fault_reports_the_quota_that_it_names(limit: str, problem: str) -> None:
    with Sandbox(seed=7) as sandbox:
        acme = sandbox.company("xero")
        given = (("Authorization", f"Bearer {acme.credentials['access_token']}"), ("Xero-Tenant-Id", acme.id))
        with sandbox.fault("throttle", limit=limit):
            answer = sandbox.dispatch(Request("GET", f"https://api.xero.com{ROOT}/Organisation", given))
    assert isinstance(answer, Response)
    assert (answer.status, answer.header("X-Rate-Limit-Problem")) == (429, problem)


def test_an_omitted_line_amount_type_can_mean_inclusive(open_organisation: Open) -> None:
    client = opened(open_organisation, line_amount_types="Inclusive")
    made = client.one("PUT", "BankTransactions", spend(line("12.00", tax="INPUT2")))
    assert (made["LineAmountTypes"], made["Total"], made["TotalTax"]) == ("Inclusive", 12, 2)


def test_day_rates_can_be_given_and_rates_kept_longer(open_organisation: Open) -> None:
    client = opened(open_organisation, rates={"EUR": "1.25"}, currency_rate_decimals=9)
    assert client.one("PUT", "Invoices", bill(line("5.00"), CurrencyCode="EUR"))["CurrencyRate"] == 1.25
    longer = bill(line("5.00"), CurrencyCode="EUR", CurrencyRate="1.123456789")
    assert client.one("PUT", "Invoices", longer)["CurrencyRate"] == 1.123456789


def test_subscribed_currencies_can_be_chosen(open_organisation: Open) -> None:
    client = opened(open_organisation, currencies=["CHF"])
    assert {c["Code"] for c in client.json("GET", "Currencies")["Currencies"]} == {"GBP", "CHF"}
    message = "Organisation is not subscribed to currency EUR"
    assert client.problems("PUT", "Invoices", bill(line("5.00"), CurrencyCode="EUR")) == [message]


def test_a_period_lock_binds_the_api_unless_told_otherwise(open_organisation: Open) -> None:
    client = opened(open_organisation, PeriodLockDate="2026-03-01")
    (message,) = client.problems("PUT", "BankTransactions", spend(line("5.00")))
    assert message.startswith("The document date cannot be before the period lock date")
    free = opened(open_organisation, PeriodLockDate="2026-03-01", period_lock_binds_api=False)
    assert free.one("PUT", "BankTransactions", spend(line("5.00")))["Total"] == 5


def test_an_organisation_can_be_opened_with_closed_books(open_organisation: Open) -> None:
    client = opened(open_organisation, EndOfYearLockDate="2026-03-01")
    assert "end of year lock date" in client.problems("PUT", "BankTransactions", spend(line("5.00")))[0]
    assert str(client.company.book.closed_through) == "2026-03-01"


def test_limits_of_attachments_and_tracking_can_be_moved(open_organisation: Open) -> None:
    client = opened(open_organisation, attachments_max=1, tracking_categories_max=1, tracking_options_max=1)
    made = client.one("PUT", "Invoices", bill(line("5.00")))
    path = f"Invoices/{made['InvoiceID']}/Attachments"
    assert client.send("PUT", f"{path}/1.pdf", b"x").status == 200
    assert client.send("PUT", f"{path}/2.pdf", b"x").status == 400
    client.one("PUT", "TrackingCategories", {"Name": "Only"})
    assert client.problems("PUT", "TrackingCategories", {"Name": "Second"})
