"""Doubtful behaviour is a switch: each way of it, from the outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, bill_payment, line, purchase
from tests.platforms.quickbooks_online.test_sign_in import grant

from sandbooks import exact_json

Open = Callable[..., Client]
D = Decimal


@pytest.mark.parametrize(("policy", "changes"), [("always", True), ("daily", False), ("never", False)])
def test_refresh_tokens_rotate_by_policy(open_client: Open, policy: str, changes: bool) -> None:
    client = open_client("US", settings={"refresh_rotation": policy})
    old = client.credentials["refresh_token"]
    new = grant(client, grant_type="refresh_token", refresh_token=old)["refresh_token"]
    assert (new != old) is changes
    client.company.world.advance(by=timedelta(days=2))
    later = grant(client, grant_type="refresh_token", refresh_token=new)["refresh_token"]
    assert (later != new) is (policy != "never")


@pytest.mark.parametrize(("rule", "accepted"), [("not_lower", True), ("exact", False), ("any", True)])
def test_a_delete_with_a_higher_token(open_client: Open, rule: str, accepted: bool) -> None:
    client = open_client("US", settings={"delete_token": rule})
    made = client.make("Purchase", purchase(client))
    answer = client.send("POST", "purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert (answer.status == 200) is accepted
    assert (client.trial() == {}) is accepted


@pytest.mark.parametrize("code", ["6210", "6200"])
def test_the_code_of_a_closed_period(open_client: Open, code: str) -> None:
    client = open_client("US", settings={"closed_books_code": code})
    client.company.book.lock(date(2026, 3, 31))
    assert client.fault("purchase", purchase(client))[1] == code


@pytest.mark.parametrize("code", ["6140", "6210"])
def test_the_code_of_a_number_that_is_used_twice(open_client: Open, code: str) -> None:
    settings = {"custom_numbers": True, "warn_duplicate_numbers": True, "duplicate_number_code": code}
    client = open_client("GB", settings=settings)
    first = client.make("Purchase", purchase(client, DocNumber="N-1"))
    status, told, detail = client.fault("purchase", purchase(client, DocNumber="N-1"))
    assert (status, told, f"TxnId={first['Id']}" in detail) == (400, code, True)


@pytest.mark.parametrize(("changes", "token"), [(True, "1"), (False, "0")])
def test_paying_a_bill_may_raise_its_token(open_client: Open, changes: bool, token: str) -> None:
    client = open_client("US", settings={"payment_changes_bill": changes})
    bill = _bill(client)
    client.make("BillPayment", bill_payment(client, "airline", "30.00", bill, "30.00"))
    read = client.get(f"bill/{bill['Id']}")["Bill"]
    assert (read["SyncToken"], read["Balance"]) == (token, 0)


def test_linked_payments_and_paid_bills_may_be_protected(open_client: Open) -> None:
    settings = {"delete_linked_payment": "refused", "delete_paid_bill": "refused"}
    client = open_client("US", settings=settings)
    bill = _bill(client)
    payment = client.make("BillPayment", bill_payment(client, "airline", "30.00", bill, "30.00"))
    before = client.trial()
    for path, body in (("bill", {"Id": bill["Id"], "SyncToken": "1"}), ("billpayment", payment)):
        assert client.fault(path, body, operation="delete")[1] == "6000"
    assert client.trial() == before


@pytest.mark.parametrize(("needed", "status"), [(True, 400), (False, 200)])
def test_a_line_without_a_tax_code(open_client: Open, needed: bool, status: int) -> None:
    client = open_client("GB", settings={"tax_code_required": needed})
    body = purchase(client, GlobalTaxCalculation="TaxExcluded")
    assert client.send("POST", "purchase", body).status == status


@pytest.mark.parametrize(("rule", "status"), [("dropped", 200), ("refused", 400)])
def test_a_class_while_classes_are_off(open_client: Open, rule: str, status: int) -> None:
    tracking = {"dept": {"name": "Team", "options": {"north": "North"}}}
    client = open_client("US", settings={"tracking_off": rule}, tracking=tracking)
    preferences = client.get("preferences")["Preferences"]
    off = {"ClassTrackingPerTxnLine": False, "ClassTrackingPerTxn": False}
    token = preferences["SyncToken"]
    client.post("preferences", {"Id": "1", "SyncToken": token, "AccountingInfoPrefs": off})
    ref = {"value": client.labels["tracking"]["north"]}
    answer = client.send(
        "POST", "purchase", purchase(client, Line=[line(client.account("travel"), "2.00", ClassRef=ref)])
    )
    assert answer.status == status
    assert b"ClassRef" not in answer.body or status == 400


@pytest.mark.parametrize(("rule", "status"), [("replay", 200), ("refused", 400)])
def test_a_request_id_with_another_body(open_client: Open, rule: str, status: int) -> None:
    client = open_client("US", settings={"requestid_reuse": rule})
    client.make("Purchase", purchase(client, "4.05"), requestid="same")
    assert client.send("POST", "purchase", purchase(client, "9.99"), requestid="same").status == status
    assert client.balance("travel") == D("4.05")


def test_an_ended_subscription_reads_but_does_not_write(open_client: Open) -> None:
    client = open_client("US", settings={"subscription": "ended"})
    assert client.fault("purchase", purchase(client))[1] == "6190"
    assert client.send("GET", "preferences").status == 200


def test_ten_requests_a_second_where_that_is_enforced(open_client: Open) -> None:
    client = open_client("US", settings={"per_second_limit": 10})
    client.company.world.clock.configure(mode="frozen")
    assert [client.send("GET", "preferences").status for _ in range(11)] == [200] * 10 + [429]


def test_gateway_faults_in_either_case(open_client: Open) -> None:
    client = open_client("US", settings={"throttle_case": "lower", "per_second_limit": 1})
    client.company.world.clock.configure(mode="frozen")
    told = [exact_json.loads(client.send("GET", "preferences").body) for _ in range(2)][1]
    assert told["fault"]["error"][0]["code"] == "3001"


def test_a_foreign_purchase_from_a_home_account(open_client: Open) -> None:
    for rule, status in (("home_account", 200), ("account", 400)):
        client = open_client("GB", settings={"purchase_currency": rule})
        body = purchase(client, "100.00", CurrencyRef={"value": "EUR"}, ExchangeRate=D("0.85"))
        assert client.send("POST", "purchase", body).status == status
        assert client.balance("card") == (D("-85.00") if status == 200 else 0)


def test_a_deposit_with_tax_takes_the_tax_back(gb: Client) -> None:
    code = {"value": gb.named("TaxCode", "20.0% S")}
    detail = {"AccountRef": {"value": gb.account("travel")}, "TaxCodeRef": code, "TaxApplicableOn": "Purchase"}
    body: dict[str, Any] = {
        "DepositToAccountRef": {"value": gb.account("bank")},
        "GlobalTaxCalculation": "TaxExcluded",
        "Line": [{"Amount": D("10.00"), "DetailType": "DepositLineDetail", "DepositLineDetail": detail}],
    }
    made = gb.make("Deposit", body)
    assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (D("12.00"), D("2.00"))
    assert gb.trial() == {"VAT Control": D("-2.00"), "Main bank": D("12.00"), "Flights": D("-10.00")}


def _bill(client: Client) -> Any:
    vendor = {"value": client.labels["suppliers"]["airline"]}
    return client.make("Bill", {"VendorRef": vendor, "Line": [line(client.account("travel"), "30.00")]})


def test_a_number_without_quotes_in_a_query(open_client: Open) -> None:
    statement = "select * from Vendor where Balance > 0"
    assert open_client("US").query(statement) == {}
    client = open_client("US", settings={"unquoted_numbers": "refused"})
    status, code, detail = client.fault("query", None, method="GET", query=statement)
    assert (status, code) == (400, "4000")
    assert '"0 "" at line 1, column 38' in detail
    assert client.query(statement.replace("0", "'0'")) == {}
