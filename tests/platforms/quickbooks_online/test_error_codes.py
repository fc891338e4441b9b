"""Error codes of the service, each by what triggers it; what is refused posts nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line, purchase

from sandbooks import exact_json

Open = Callable[..., Client]
D = Decimal


@pytest.mark.parametrize(
    ("access", "status", "code"),
    [
        ("user_removed", 400, "120"),
        ("wrong_cluster", 400, "130"),
        ("locked_out", 400, "140"),
        ("maintenance", 503, "150"),
        ("reset", 400, "10200"),
    ],
)
def test_a_company_that_cannot_be_reached_says_why(open_client: Open, access: str, status: int, code: str) -> None:
    client = open_client("US", settings={"company_access": access})
    assert client.fault("preferences", None, method="GET")[:2] == (status, code)
    assert client.fault("purchase", purchase(client))[:2] == (status, code)
    assert client.trial() == {}


@pytest.mark.parametrize(
    ("path", "members", "code"),
    [
        ("term", {"Name": "T", "DueDays": 10, "DiscountPercent": D("100.5")}, "2150"),
        ("term", {"Name": "T", "DueDays": D("10.5")}, "2090"),
        ("purchase", {"Amount": D("1e20")}, "2140"),
        ("purchase", {"Qty": D("1e12")}, "2160"),
    ],
)
def test_a_number_out_of_range_is_told_by_what_it_counts(us: Client, path: str, members: Any, code: str) -> None:
    body = members if path == "term" else purchase(us)
    if "Amount" in members:
        body["Line"][0]["Amount"] = members["Amount"]
    if "Qty" in members:
        item = {"ItemRef": {"value": "1"}, **members}
        body["Line"] = [{"DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": item, "Amount": 1}]
    assert us.fault(path, body)[:2] == (400, code)
    assert us.trial() == {}


def test_a_taxed_journal_line_states_its_tax_unless_the_company_computes_it(open_client: Open) -> None:
    for rule, status in (("required", 400), ("computed", 200)):
        client = open_client("GB", settings={"journal_tax_amount": rule})
        code = {"value": client.named("TaxCode", "20.0% S")}
        taxed = journal_line(client.account("travel"), "50.00", "Debit", TaxCodeRef=code, TaxApplicableOn="Purchase")
        body = {"Line": [taxed, journal_line(client.account("bank"), "60.00", "Credit")]}
        answer = client.send("POST", "journalentry", body)
        assert answer.status == status
        assert client.balance("bank") == (D("-60.00") if status == 200 else 0)
        assert status == 200 or exact_json.loads(answer.body)["Fault"]["Error"][0]["code"] == "2280"


def test_a_second_currency_of_the_same_code_is_a_duplicate_object(gb: Client) -> None:
    assert gb.fault("companycurrency", {"Code": "usd"})[:2] == (400, "630")


def test_a_line_for_an_inactive_customer_is_refused(us: Client) -> None:
    made = us.make("Customer", {"DisplayName": "Gone away"})
    us.make("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    body = purchase(us, Line=[line(us.account("travel"), "7.10", CustomerRef={"value": made["Id"]})])
    assert us.fault("purchase", body)[:2] == (400, "6250")
    assert us.trial() == {}


def test_a_customer_with_unbilled_costs_stays_active(us: Client) -> None:
    made = us.make("Customer", {"DisplayName": "Still here"})
    billable = {"CustomerRef": {"value": made["Id"]}, "BillableStatus": "Billable"}
    cost = us.make("Purchase", purchase(us, Line=[line(us.account("travel"), "7.10", **billable)]))
    leave = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    assert us.fault("customer", leave)[:2] == (400, "6280")
    us.post("purchase", {"Id": cost["Id"], "SyncToken": "0"}, operation="delete")
    assert us.make("Customer", leave)["Active"] is False


def test_only_the_service_says_that_a_cost_has_been_billed(us: Client) -> None:
    body = purchase(us, Line=[line(us.account("travel"), "7.10", BillableStatus="HasBeenBilled")])
    assert us.fault("purchase", body)[:2] == (400, "6320")
    body["Line"][0]["AccountBasedExpenseLineDetail"]["BillableStatus"] = "HAS_BEEN_BILLED"
    assert us.fault("purchase", body)[1:] == ("2170", "Invalid Enumeration : HAS_BEEN_BILLED")
    assert us.trial() == {}


def test_a_journal_name_of_another_type_is_refused(us: Client) -> None:
    vendor = {"Type": "Employee", "EntityRef": {"value": us.labels["suppliers"]["airline"]}}
    lines = [journal_line(us.account("travel"), "3.00", "Debit", Entity=vendor)]
    body = {"Line": [*lines, journal_line(us.account("bank"), "3.00", "Credit")]}
    assert us.fault("journalentry", body)[:2] == (400, "6300")
    assert us.trial() == {}


def test_an_inventory_item_is_not_bought_before_its_stock_began(us: Client) -> None:
    asset = us.query("select * from Account where AccountSubType = 'Inventory'")["Account"][0]["Id"]
    item = {
        "Name": "Chair",
        "Type": "Inventory",
        "TrackQtyOnHand": True,
        "QtyOnHand": 0,
        "InvStartDate": "2026-02-01",
        "AssetAccountRef": {"value": asset},
        "ExpenseAccountRef": {"value": us.account("meals")},
        "IncomeAccountRef": {"value": us.account("income")},
    }
    made = us.make("Item", item)
    detail = {"ItemRef": {"value": made["Id"]}, "Qty": 2, "UnitPrice": D("31.50")}
    bought = {"DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": detail, "Amount": D("63.00")}
    assert us.fault("purchase", purchase(us, TxnDate="2026-01-31", Line=[bought]))[:2] == (400, "6270")
    us.make("Purchase", purchase(us, TxnDate="2026-02-01", Line=[bought]))
    assert us.trial() == {"Corporate card": D("-63.00"), "Inventory Asset": D("63.00")}


def test_a_vendor_credit_that_is_applied_cannot_be_deleted(us: Client) -> None:
    vendor = {"VendorRef": {"value": us.labels["suppliers"]["airline"]}}
    bill = us.make("Bill", {**vendor, "Line": [line(us.account("travel"), "30.00")]})
    credit = us.make("VendorCredit", {**vendor, "Line": [line(us.account("travel"), "12.00")]})
    body = bill_payment(us, "airline", "0", bill, "12.00")
    body["Line"].append({"Amount": D("12.00"), "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": "VendorCredit"}]})
    us.make("BillPayment", body)
    gone = {"Id": credit["Id"], "SyncToken": "1"}
    assert us.fault("vendorcredit", gone, operation="delete")[:2] == (400, "800")
    assert us.balance("travel") == D("18.00")


def test_an_opening_balance_needs_its_date_and_is_booked_against_equity(us: Client) -> None:
    body: dict[str, Any] = {"Name": "Till", "AccountType": "Bank", "OpeningBalance": D("81.25")}
    assert us.fault("account", body)[:2] == (400, "6060")
    made = us.make("Account", {**body, "OpeningBalanceDate": "2026-01-31"})
    assert us.get(f"account/{made['Id']}")["Account"]["CurrentBalance"] == D("81.25")
    owed = {"Name": "Old card", "AccountType": "Credit Card", "OpeningBalance": D("20.50")}
    us.make("Account", {**owed, "OpeningBalanceDate": "2026-01-31"})
    booked = {"Till": D("81.25"), "Old card": D("-20.50"), "Opening Balance Equity": D("-60.75")}
    assert us.trial() == booked
    income = {"Name": "Fees", "AccountType": "Income", "OpeningBalance": 5, "OpeningBalanceDate": "2026-01-31"}
    assert us.fault("account", income)[1] == "6000"
    assert us.trial() == booked


def test_an_upload_without_a_length_is_refused(us: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Transfer-Encoding": "chunked"}
    answer = us.send("POST", "upload", raw=b"--x", headers=headers)
    assert exact_json.loads(answer.body)["Fault"]["Error"][0]["code"] == "6020"
