"""Companies as they are opened, their webhooks, quotas and reports."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.platforms.quickbooks_online.builders import Client, line, purchase

from sandbooks import exact_json
from sandbooks.kit import outbox
from sandbooks.wire import Request, Response

D = Decimal
XML = "{http://schema.intuit.com/finance/v3}"
REDIRECT = "https://app.example/done"


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_changes_are_told_together_and_signed(open_client: Callable[..., Client], form: str) -> None:
    client = open_client("US", settings={"webhook_form": form})
    world, heard = client.company.world, []

    def receive(request: Request) -> Response:
        heard.append(request)
        return Response(500 if len(heard) == 1 else 200)

    client.app.receivers.append(("https://hooks.example/", receive))
    with world.unit():
        outbox.subscribe(
            world, "quickbooks_online", url="https://hooks.example/qbo", secret="v-token", company=client.realm
        )
    made = client.make("Purchase", purchase(client))
    client.post("purchase", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    world.advance(by=timedelta(seconds=30))
    assert len(heard) == 2
    assert heard[0].body == heard[1].body
    signed = base64.b64encode(hmac.new(b"v-token", heard[1].body, hashlib.sha256).digest()).decode()
    assert heard[1].header("intuit-signature") == signed
    told = exact_json.loads(heard[1].body)
    if form == "legacy":
        (notification,) = told["eventNotifications"]
        assert notification["realmId"] == client.realm
        names = [(e["name"], e["id"], e["operation"]) for e in notification["dataChangeEvent"]["entities"]]
        assert names == [("Purchase", made["Id"], "Create"), ("Purchase", made["Id"], "Delete")]
    else:
        assert [(e["type"], e["intuitentityid"], e["intuitaccountid"]) for e in told] == [
            ("qbo.purchase.created.v1", made["Id"], client.realm),
            ("qbo.purchase.deleted.v1", made["Id"], client.realm),
        ]


@pytest.mark.parametrize("country", ["US", "GB", "CA", "AU", "FR", "DE"])
def test_every_country_takes_an_untaxed_expense_through_its_neutral_code(
    open_client: Callable[..., Client], country: str
) -> None:
    client = open_client(country, taxes={"tax": {"rate": "20%"}}, demo=True)
    code = {"value": client.labels["taxes"]["none"]}
    made = client.make(
        "Purchase",
        {
            "AccountRef": {"value": client.account("card")},
            "PaymentType": "CreditCard",
            "Line": [line(client.account("travel"), "4.05", TaxCodeRef=code)],
        },
    )
    assert made["TotalAmt"] == D("4.05")
    assert client.balance("travel") == D("4.05")


def test_a_native_chart_keeps_its_ids(open_client: Callable[..., Client], gb: Client) -> None:
    account = {"Id": "457", "Name": "Flights abroad", "AccountType": "Expense", "Active": True, "SyncToken": "3"}
    bank = {"Id": "35", "Name": "Old bank", "AccountType": "Bank", "CurrencyRef": {"value": "GBP", "name": "Pound"}}
    vendor = {"Id": "56", "DisplayName": "Imported Ltd", "Active": True, "Balance": 12}
    chart = [
        {"QueryResponse": {"Account": [account, bank], "startPosition": 1}},
        {"QueryResponse": {"Vendor": [vendor]}},
    ]
    client = open_client("GB", chart=chart, accounts={}, suppliers={})
    read = client.get("account/457")["Account"]
    assert (read["Name"], read["Classification"]) == ("Flights abroad", "Expense")
    assert client.get("vendor/56")["Vendor"]["DisplayName"] == "Imported Ltd"
    assert int(client.make("Vendor", {"DisplayName": "Later"})["Id"]) > 56
    body = {"AccountRef": {"value": "35"}, "PaymentType": "Check", "Line": [line("457", "1.25")]}
    client.make("Purchase", {**body, "GlobalTaxCalculation": "NotApplicable"})
    assert client.balance("457") == D("1.25")


def test_multicurrency_off_refuses_foreign_currency(open_client: Callable[..., Client]) -> None:
    client = open_client(
        "GB",
        settings={"multicurrency": False},
        accounts={"card": {"type": "credit_card", "name": "C"}, "travel": {"type": "expense", "name": "T"}},
        suppliers={},
    )
    status, code, detail = client.fault("purchase", purchase(client, CurrencyRef={"value": "USD"}))
    assert (status, code) == (400, "6000")
    assert "Multi currency should be enabled" in detail


def test_the_minute_quota_ends_in_a_throttle_fault(gb: Client) -> None:
    gb.company.world.clock.configure(mode="frozen")
    answers = [gb.send("GET", "preferences") for _ in range(501)]
    assert {each.status for each in answers[:500]} == {200}
    fault = exact_json.loads(answers[500].body)["Fault"]
    assert (answers[500].status, fault["type"], fault["Error"][0]["code"]) == (429, "SERVICE", "3001")
    assert answers[500].header("Retry-After") == ""


def test_reports_agree_with_the_books(gb: Client) -> None:
    gb.make("Purchase", purchase(gb))
    rows = gb.get("reports/TrialBalance")["Rows"]["Row"]
    total = [cell["value"] for cell in rows[-1]["Summary"]["ColData"]]
    assert total == ["TOTAL", "4.05", "4.05"]
    profit = gb.get("reports/ProfitAndLoss", start_date="2026-01-01", end_date="2026-12-31")["Rows"]["Row"]
    assert profit[-1]["Summary"]["ColData"][1]["value"] == "-4.05"
    ledger = gb.get("reports/GeneralLedger")["Rows"]["Row"]
    assert {row["Header"]["ColData"][0]["value"] for row in ledger} == {"Corporate card", "Flights"}
    assert gb.get("reports/BalanceSheet")["Header"]["ReportName"] == "BalanceSheet"


def test_a_chart_with_large_ids_opens_at_once(open_client: Callable[..., Client]) -> None:
    vendors = [{"Id": id, "DisplayName": f"V {id}"} for id in ("1", "9130354961", "77")]
    client = open_client("US", chart={"QueryResponse": {"Vendor": vendors}}, suppliers={})
    assert client.make("Vendor", {"DisplayName": "Later"})["Id"] == "9130354962"
