"""Organisations: what they tell of themselves, what a plan makes, and whom they tell of changes."""

import hmac
from hashlib import sha256
from urllib.parse import parse_qs

import pytest
from tests.platforms.zoho_books.desk import Desk, open_desk

from sandbooks.app import App
from sandbooks.kit import outbox
from sandbooks.platform import CompanyPlan, platform_named


def test_an_organisation_tells_its_plan_and_currency(desk: Desk) -> None:
    (shown,) = desk.get("organizations")["organizations"]
    assert (shown["organization_id"], shown["currency_code"], shown["is_default_org"]) == (desk.company.id, "GBP", True)
    assert desk.get(f"organizations/{desk.company.id}")["organization"]["name"] == "Larch and Finch Ltd"
    assert desk.refused("GET", "organizations/1")[0] == 6041
    assert desk.get("users/me")["user"]["is_current_user"] is True


def test_a_workflow_rule_sends_what_changed_with_a_signature(desk: Desk) -> None:
    from sandbooks.platforms.zoho_books.webhooks import signature

    rule = outbox.subscribe(desk.world, "zoho_books", url="", events=("bill",), company=desk.company.id)
    bill = desk.bill(desk.line("5.50"))
    desk.expense("1.00")
    desk.world.jobs.run_due()
    (sent,) = outbox.deliveries(desk.world)
    headers = dict(sent["headers"])
    assert (sent["event"], bill["bill_id"] in sent["body"], "_state" in sent["body"]) == ("bill.created", True, False)
    assert headers["X-Zoho-Webhook-Signature"] == signature(sent["body"].encode(), rule.secret)


def test_a_rule_sends_what_its_screen_says(desk: Desk) -> None:
    """The signature is over the parameters of address and form, sorted by their names, without anything between."""
    with desk.world.unit():
        desk.company.change_settings(
            webhook={
                "method": "PUT",
                "payload": "JSONString",
                "headers": {"X-Team": "payables"},
                "parameters": {"token": "t 4", "area": "north"},
            }
        )
    rule = outbox.subscribe(
        desk.world, "zoho_books", url="https://client.example/hook?mode=x", events=("bill",), company=desk.company.id
    )
    desk.bill(desk.line("5.50"))
    desk.world.jobs.run_due()
    (sent,) = outbox.deliveries(desk.world)
    headers = dict(sent["headers"])
    (payload,) = parse_qs(sent["body"])["JSONString"]
    told = f"JSONString{payload}areanorthmodextokent 4".encode()
    assert (sent["method"], sent["url"]) == ("PUT", "https://client.example/hook?mode=x&token=t+4&area=north")
    assert (headers["X-Team"], headers["Content-Type"]) == ("payables", "application/x-www-form-urlencoded")
    assert headers["X-Zoho-Webhook-Signature"] == hmac.new(rule.secret.encode(), told, sha256).hexdigest()


def test_the_parameters_of_the_address_come_before_a_raw_payload(desk: Desk) -> None:
    rule = outbox.subscribe(desk.world, "zoho_books", url="https://client.example/?b=2&a=1", events=("bill",))
    desk.bill(desk.line("5.50"))
    desk.world.jobs.run_due()
    (sent,) = outbox.deliveries(desk.world)
    told = f"a1b2{sent['body']}".encode()
    signed = dict(sent["headers"])["X-Zoho-Webhook-Signature"]
    assert signed == hmac.new(rule.secret.encode(), told, sha256).hexdigest()


@pytest.mark.parametrize(("country", "currency"), [("GB", "GBP"), ("US", "USD"), ("IN", "INR"), ("DE", "EUR")])
def test_a_demo_organisation_has_what_its_country_needs(country: str, currency: str) -> None:
    app = App()
    world = app.create_world(seed=7)
    with world.unit():
        opened = platform_named("zoho").load_seed().open(world, CompanyPlan(country=country, demo=True))
    records = opened.company.records
    kinds = [account.body["account_type"] for account in records.scan("account")]
    assert opened.company.currency == currency
    assert (kinds.count("bank"), kinds.count("credit_card")) == (2, 2)
    assert records.count("tax") >= 3
    assert {"payables", "receivables", "input_tax", "output_tax", "rounding"} <= opened.labels["accounts"].keys()


def test_a_plan_finds_or_makes_what_it_names() -> None:
    plan = CompanyPlan(
        country="GB",
        accounts={"bank": {"type": "bank", "name": "Main", "opening": "Dr 316.23 GBP"}},
        taxes={
            "vat": {"rate": "20%"},
            "half": {"rate": "20%", "recoverable": "50%"},
            "reverse": {"rate": "20%", "reverse_charge": True},
        },
        chart={"chartofaccounts": [{"account_name": "Own Costs", "account_type": "expense", "account_code": "6543"}]},
    )
    desk = open_desk(App(), plan)
    assert desk.books() == {"bank": "316.23", "Opening Balance Offset": "-316.23"}
    taxes = desk.labels["taxes"]
    assert taxes["vat"] == desk.tax("Standard Rate")
    desk.expense("100.00", account="Own Costs", paid="bank", tax_id=taxes["half"])
    desk.expense("50.00", account="Own Costs", paid="bank", tax_id=taxes["reverse"])
    assert {k: v for k, v in desk.books().items() if k in ("Own Costs", "input_tax", "output_tax", "bank")} == {
        "Own Costs": "160.00",
        "input_tax": "20.00",
        "output_tax": "-10.00",
        "bank": "146.23",
    }
