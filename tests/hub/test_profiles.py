"""Each reading of contradicting pages: what the hub does without it, and with it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk, transaction_id
from tests.hub.receivers import Receiver, attach, consumer

from sandbooks.hub import profiles

EXPENSES = "{c}/sync/expenses/expense-transactions"


def line(desk: Desk, amount: int = 7) -> dict[str, Any]:
    return {"netAmount": amount, "taxAmount": 0, "accountRef": {"id": desk.account("travel")}}


def test_the_rate_is_base_for_one_foreign_unit_unless_the_world_reads_it_the_other_way() -> None:
    for chosen, rate in (((), 0.8), (("rate_foreign_per_base",), 1.25)):
        desk = open_desk()
        desk.choose(*chosen)
        dollars = {"id": desk.account("dollars")}
        spent = desk.expense(1, currency="USD", currencyRate=rate, bankAccountRef=dollars, lines=[line(desk, 50)])
        assert desk.outcome(desk.push(spent)) == ("Completed", "")
        assert desk.native.book.balance(desk.account("travel")).base.amount == 40


def test_events_say_failed_unless_the_world_has_them_speak_like_the_api(desk: Desk) -> None:
    receiver = Receiver(desk)
    consumer(desk, "expenses.sync.unsuccessful")
    for number, chosen in enumerate(((), ("webhook_status_as_api",)), start=1):
        desk.choose(*chosen)
        desk.push(desk.expense(number, currency="JPY"))
        desk.world.settle()
    told = [body["payload"]["transactions"][0]["status"] for body in receiver.bodies()]
    assert told == ["Failed", "ValidationError"]


def test_expenses_are_updated_where_the_operation_says_or_where_the_error_says(desk: Desk) -> None:
    desk.push(desk.expense(1))
    changed = desk.expense(1, lines=[line(desk, 8)])
    body = {name: changed[name] for name in ("type", "issueDate", "currency", "lines")}
    assert desk.send("PUT", f"{EXPENSES}/{transaction_id(1)}", body).status == 202
    desk.world.settle()
    desk.choose("updates_as_in_2023")
    refused = desk.send("PUT", f"{EXPENSES}/{transaction_id(1)}", body)
    assert (refused.status, "other than Xero" in refused.body["error"]) == (422, True)


def test_the_path_that_the_guide_misspells_is_not_there_unless_the_world_reads_the_guide(desk: Desk) -> None:
    owed = {
        "contactRef": {"id": desk.supplier("employee")},
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "lines": [line(desk, 9)],
    }
    path = "{c}/sync/expenses/reimbursable-expense-transactions"
    assert desk.send("POST", path, [{**owed, "id": transaction_id(1)}]).status == 200
    desk.world.settle()
    changed = {**owed, "id": transaction_id(1), "lines": [line(desk, 11)]}
    misspelt = "{c}/sync/expenses/reimburseable-expense-transactions"
    assert desk.send("PUT", misspelt, changed).status == 404
    desk.choose("reimbursable_path_misspelt")
    assert desk.send("PUT", misspelt, {name: changed[name] for name in changed if name != "id"}).status == 400
    assert desk.send("PUT", misspelt, changed).status == 200
    desk.world.settle()
    assert desk.native.book.balance(desk.account("travel")).base.amount == 11


@pytest.mark.parametrize(
    ("chosen", "status"), [((), "ValidationError"), (("default_supplier_not_needed",), "Completed")]
)
def test_a_default_supplier_is_asked_for_where_no_contact_is_kept(chosen: tuple[str, ...], status: str) -> None:
    desk = open_desk(platform="business_central")
    desk.choose(*chosen)
    configuration = {"bankAccount": {"id": desk.account("bank")}, "supplier": {}, "customer": {}}
    desk.send("POST", "{c}/sync/expenses/config", configuration)
    rates = desk.get("{c}/sync/expenses/mappingOptions")["taxRates"]
    zero = next(rate["id"] for rate in rates if not rate["effectiveTaxRate"])
    given = desk.expense(1, lines=[{**line(desk), "taxRateRef": {"id": zero}}])
    assert desk.outcome(desk.push(given))[0] == status


def test_a_transfer_carries_no_file_unless_the_world_reads_the_guide_to_transfers(desk: Desk) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account("bank")}, "amount": 5},
        "to": {"accountRef": {"id": desk.account("reserve")}, "amount": 5},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    sync = desk.send("PUT", path, {"date": "2026-03-20", **sides}).body["syncId"]
    assert attach(desk, sync, transaction_id(1)).status == 400
    desk.choose("transfer_attachments")
    assert attach(desk, sync, transaction_id(1)).status == 200
    assert desk.native.records.count("Attachable") == 1


@pytest.mark.parametrize("key", ["knfz", "rwuv"])
def test_two_platforms_are_not_in_the_table_of_the_guide(desk: Desk, key: str) -> None:
    company = desk.send("POST", "/companies", {"name": "Globex"}).body["id"]
    desk.choose("platform_keys_six")
    assert desk.send("POST", f"/companies/{company}/connections", {"platformKey": key}).status == 400
    assert desk.send("POST", f"/companies/{company}/connections", {"platformKey": "gbol"}).status == 200
    desk.choose()
    assert desk.send("POST", f"/companies/{company}/connections", {"platformKey": key}).status == 200


def test_a_sync_starts_by_itself_unless_the_world_reads_the_diagrams(desk: Desk) -> None:
    desk.choose("sync_on_initiate")
    first, second = desk.push(desk.expense(1)), desk.push(desk.expense(2))
    desk.world.settle()
    assert [desk.outcome(sync)[0] for sync in (first, second)] == ["Pending", "Pending"]
    assert desk.send("POST", "{c}/sync/expenses/syncs", {"datasetIds": [second]}).status == 202
    assert [desk.outcome(sync)[0] for sync in (first, second)] == ["Pending", "Completed"]
    assert desk.send("POST", "{c}/sync/expenses/syncs", {}).status == 202
    assert desk.outcome(first)[0] == "Completed"


def test_the_integration_type_is_in_the_plural_unless_the_world_reads_the_samples(desk: Desk) -> None:
    sync = desk.push(desk.expense(1))
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions"
    assert desk.get(path)["results"][0]["integrationType"] == "expenses"
    desk.choose("integration_type_expense")
    assert desk.get(path)["results"][0]["integrationType"] == "expense"


def test_a_transaction_has_one_row_unless_the_world_counts_bank_feeds(desk: Desk) -> None:
    sync = desk.push(desk.expense(1))
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions"
    assert len(desk.get(f"{path}/{transaction_id(1)}")) == 1
    desk.choose("bank_feed_rows")
    rows = desk.get(f"{path}/{transaction_id(1)}")
    assert [row["integrationType"] for row in rows] == ["bankfeeds", "expenses"]
    assert desk.get(path)["totalResults"] == 2


def test_a_page_has_five_thousand_rows_or_two_thousand_as_the_world_reads_it(desk: Desk) -> None:
    assert desk.send("GET", "/companies?pageSize=5000").status == 200
    desk.choose("page_size_max_2000")
    assert desk.send("GET", "/companies?pageSize=2001").status == 400
    assert desk.send("GET", "/companies?pageSize=2000").status == 200


def test_a_name_is_cleaned_unless_the_world_reads_the_pattern(desk: Desk) -> None:
    assert desk.send("POST", "/companies", {"name": "Globex [1]"}).body["name"] == "Globex 1"
    desk.choose("company_names_refused")
    assert desk.send("POST", "/companies", {"name": "Globex [1]"}).status == 400
    assert desk.send("PATCH", "{c}", {"name": "Globex [1]"}).status == 400
    assert desk.send("POST", "/companies", {"name": "Globex 1"}).status == 200


def test_a_missing_configuration_is_empty_unless_the_world_has_it_missing(desk: Desk) -> None:
    company = desk.send("POST", "/companies", {"name": "Globex"}).body["id"]
    path = f"/companies/{company}/sync/expenses/config"
    assert desk.get(path) == {"bankAccount": {}, "supplier": {}, "customer": {}}
    desk.choose("configuration_missing_404")
    assert desk.send("GET", path).status == 404


def test_a_partner_expense_connection_is_made_once_or_each_time(desk: Desk) -> None:
    path = "{c}/sync/expenses/connections/partnerExpense"
    first = desk.send("POST", path).body["id"]
    assert desk.send("POST", path).body["id"] == first
    desk.choose("partner_expense_again")
    assert desk.send("POST", path).body["id"] != first


# Choosing


def test_what_is_chosen_and_known_is_told(desk: Desk) -> None:
    desk.choose("sage_intacct.expense_any_account", "bank_feed_rows", edition="2025-04")
    hub = desk.control("GET", "/hub").body
    assert (hub["edition"], hub["profiles"]) == ("2025-04", ["bank_feed_rows", "sage_intacct.expense_any_account"])
    names = {each["name"] for each in hub["known"]}
    assert set(profiles.known()) <= names
    assert "xero.attachments_3_mb" in names
    desk.control("PUT", "/hub", {"daily_quota": 7})
    assert desk.control("GET", "/hub").body["profiles"] == hub["profiles"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"profiles": ["no_such"]},
        {"profiles": "bank_feed_rows"},
        {"edition": "1999"},
        {"daily_quota": 0},
        {"profile": []},
        {"profiles": ["xero.no_such"]},
    ],
)
def test_a_choice_that_there_is_not_is_refused_with_the_remedy_and_changes_nothing(desk: Desk, body: Any) -> None:
    before = desk.control("GET", "/hub").body
    answer = desk.control("PUT", "/hub", body)
    assert answer.status == 400
    assert answer.body["remedy"]
    assert desk.control("GET", "/hub").body == before


def test_a_choice_holds_in_its_own_world_alone(desk: Desk) -> None:
    other = open_desk()
    desk.choose("integration_type_expense")
    sync = other.push(other.expense(1))
    row = other.get(f"{{c}}/sync/expenses/syncs/{sync}/transactions")["results"][0]
    assert row["integrationType"] == "expenses"
