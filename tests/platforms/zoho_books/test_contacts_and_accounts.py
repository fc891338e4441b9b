"""Contacts and accounts: rules of names, what they hold, and who is still needed."""

import pytest
from tests.platforms.zoho_books.desk import Desk

from sandbooks.platform import platform_named
from sandbooks.platforms.zoho_books import chart


def test_a_contact_name_is_taken_once(desk: Desk) -> None:
    code, said = desk.refused("POST", "contacts", {"contact_name": "acme timber", "contact_type": "vendor"})
    assert (code, said) == (3062, 'The vendor "acme timber" already exists. Please specify a different name.')
    given = {"contact_name": "Acme Timber", "contact_type": "customer"}
    assert 'The customer "Acme Timber"' in desk.refused("POST", "contacts", given)[1]
    assert desk.refused("POST", "contacts", {"contact_name": "x" * 201})[0] == 15
    assert desk.refused("POST", "contacts", {"contact_name": "A", "contact_type": "friend"})[0] == 2


def test_a_contact_with_transactions_stays_and_keeps_its_currency(desk: Desk) -> None:
    desk.bill(desk.line("5"))
    path = f"contacts/{desk.vendor('acme')}"
    assert desk.refused("DELETE", path)[0] == 1004
    assert desk.refused("PUT", path, {"currency_id": desk.currency("EUR")})[0] == 3049
    shown = desk.get(path)["contact"]
    assert (shown["has_transaction"], str(shown["outstanding_payable_amount"])) == (True, "5.00")
    desk.act(f"{path}/inactive")
    given = {"vendor_id": desk.vendor("acme"), "bill_number": "2", "line_items": [desk.line("6")]}
    assert desk.refused("POST", "bills", given)[0] == 3044
    desk.act(f"{path}/active")
    assert desk.make("bills", "bill", **given)["status"] == "open"


def test_contact_persons_are_kept_with_their_contact(desk: Desk) -> None:
    given = {"contact_id": desk.vendor("acme"), "first_name": "Ada", "email": "ada@example.com"}
    person = desk.make("contacts/contactpersons", "contact_person", **given)
    own = f"contacts/contactpersons/{person['contact_person_id']}"
    desk.change(own, "contact_person", last_name="Marsh")
    desk.act(f"{own}/primary")
    shown = desk.get(f"contacts/{desk.vendor('acme')}")["contact"]
    assert (shown["first_name"], shown["last_name"], shown["email"]) == ("Ada", "Marsh", "ada@example.com")
    desk.act(own, method="DELETE")
    assert desk.get(f"contacts/{desk.vendor('acme')}/contactpersons")["contact_persons"] == []


def test_the_vendor_alias_makes_and_lists_vendors_alone(desk: Desk) -> None:
    desk.make("vendors", "contact", vendor_name="Quick Supplies")
    rows = desk.get("vendors")["contacts"]
    assert {row["contact_type"] for row in rows} == {"vendor"}
    assert "Quick Supplies" in [row["contact_name"] for row in rows]


def test_an_account_has_the_custom_fields_that_are_defined_and_no_others(desk: Desk) -> None:
    rows = [{"label": "External ID", "value": "a-7"}, {"value": "of none"}]
    given = {"account_name": "Parking", "account_type": "expense", "custom_fields": rows}
    made = desk.make("chartofaccounts", "chart_of_account", **given)
    assert [(row["api_name"], row["value"]) for row in made["custom_fields"]] == [("cf_external_id", "a-7")]


def test_an_account_is_made_renamed_made_inactive_and_deleted(desk: Desk) -> None:
    made = desk.make("chartofaccounts", "chart_of_account", account_name="Parking", account_type="expense")
    path = f"chartofaccounts/{made['account_id']}"
    given = {"account_name": "parking", "account_type": "expense"}
    assert desk.refused("POST", "chartofaccounts", given)[0] == 4
    assert desk.change(path, "chart_of_account", account_name="Car Parks")["account_name"] == "Car Parks"
    desk.act(f"{path}/inactive")
    rows = desk.get("chartofaccounts", filter_by="AccountType.Inactive")["chartofaccounts"]
    assert [row["account_name"] for row in rows] == ["Car Parks"]
    desk.act(f"{path}/active")
    desk.act(path, method="DELETE")
    assert desk.refused("GET", path, status=404)[0] == 1002


def test_accounts_in_use_and_system_accounts_stay(desk: Desk) -> None:
    desk.expense("4.00")
    assert desk.refused("DELETE", f"chartofaccounts/{desk.account('travel')}")[0] == 1004
    assert desk.refused("DELETE", f"chartofaccounts/{desk.account('payables')}")[0] == 11501
    assert desk.refused("POST", f"chartofaccounts/{desk.account('payables')}/inactive")[0] == 11501
    lines = desk.get("chartofaccounts/transactions", account_id=desk.account("travel"))["transactions"]
    assert [(row["transaction_type"], str(row["debit_amount"])) for row in lines] == [("expense", "4.00")]


def test_bank_accounts_show_what_they_hold(desk: Desk) -> None:
    desk.expense("100.00", paid="dollar_visa", currency_id=desk.currency("USD"))
    shown = desk.get(f"bankaccounts/{desk.account('dollar_visa')}")["bankaccount"]
    assert (shown["currency_code"], str(shown["balance"]), str(shown["bcy_balance"])) == ("USD", "100.00", "77.41")
    given = {"account_name": "Till", "account_type": "bank", "currency_code": "EUR"}
    made = desk.make("bankaccounts", "bankaccount", **given)
    assert desk.get(f"chartofaccounts/{made['account_id']}")["chart_of_account"]["account_type"] == "bank"
    assert desk.refused("GET", f"bankaccounts/{desk.account('travel')}", status=404)[0] == 1002


def test_accounts_show_their_balances_where_that_is_asked_for(desk: Desk) -> None:
    desk.expense("64.20", paid="dollar_visa", currency_id=desk.currency("USD"), exchange_rate="0.5")
    (card,) = desk.get("chartofaccounts", account_name="Dollar Visa", showbalance="true")["chartofaccounts"]
    assert str(card["current_balance"]) == "64.20"
    one = desk.get(f"chartofaccounts/{card['account_id']}", showbalance="true")["chart_of_account"]
    assert (str(one["current_balance"]), str(one["bcy_balance"])) == ("64.20", "32.10")
    (plain,) = desk.get("chartofaccounts", account_name="Dollar Visa")["chartofaccounts"]
    assert "current_balance" not in plain


@pytest.mark.parametrize("kind", sorted(chart.CLASSES))
def test_the_chart_takes_an_account_of_every_type(desk: Desk, kind: str) -> None:
    made = desk.make("chartofaccounts", "chart_of_account", account_name="Of Its Kind", account_type=kind)
    assert desk.get(f"chartofaccounts/{made['account_id']}")["chart_of_account"]["account_type"] == kind
    banks = [account["account_id"] for account in desk.get("bankaccounts")["bankaccounts"]]
    assert (made["account_id"] in banks) == (kind in chart.BANK_TYPES)


def test_what_a_vendor_was_owed_before_is_a_bill_that_can_be_paid(desk: Desk) -> None:
    given = {"contact_name": "Old Friend", "contact_type": "vendor"}
    made = desk.make("contacts", "contact", **given, opening_balances=[{"opening_balance_amount": "61.70"}])
    assert [str(row["opening_balance_amount"]) for row in made["opening_balances"]] == ["61.70"]
    assert str(made["outstanding_payable_amount"]) == "61.70"
    assert desk.books() == {"payables": "-61.70", "Opening Balance Offset": "61.70"}
    (bill,) = desk.get("bills", vendor_id=made["contact_id"])["bills"]
    paid = {"vendor_id": made["contact_id"], "amount": "61.70", "paid_through_account_id": desk.account("bank")}
    rows = [{"bill_id": bill["bill_id"], "amount_applied": "61.70"}]
    desk.make("vendorpayments", "vendorpayment", **paid, bills=rows)
    assert desk.books() == {"bank": "-61.70", "Opening Balance Offset": "61.70"}


def test_an_opening_balance_is_changed_and_taken_back_with_its_vendor(desk: Desk) -> None:
    given = {"contact_name": "Old Friend", "contact_type": "vendor"}
    made = desk.make("contacts", "contact", **given, opening_balances=[{"opening_balance_amount": "61.70"}])
    path = f"contacts/{made['contact_id']}"
    desk.change(path, "contact", notes="Nothing about balances")
    assert desk.books()["payables"] == "-61.70"
    desk.change(path, "contact", opening_balances=[{"opening_balance_amount": "58.20"}])
    assert desk.books() == {"payables": "-58.20", "Opening Balance Offset": "58.20"}
    assert desk.change(path, "contact", opening_balances=[])["opening_balances"] == []
    assert desk.books() == {}


def test_an_opening_balance_whose_bill_is_void_is_none_and_may_be_given_anew(desk: Desk) -> None:
    given = {"contact_name": "Oldtown Print", "contact_type": "vendor"}
    made = desk.make("contacts", "contact", **given, opening_balances=[{"opening_balance_amount": "61.70"}])
    path = f"contacts/{made['contact_id']}"
    desk.act(f"bills/{desk.get('bills')['bills'][0]['bill_id']}/status/void")
    assert desk.get(path)["contact"]["opening_balances"] == []
    changed = desk.change(path, "contact", opening_balances=[{"opening_balance_amount": "58.20"}])
    assert [str(row["opening_balance_amount"]) for row in changed["opening_balances"]] == ["58.20"]
    assert desk.books()["payables"] == "-58.20"


def test_an_opening_balance_that_will_not_do_makes_no_contact(desk: Desk) -> None:
    given = {"contact_name": "Old Friend", "contact_type": "vendor"}
    wrong = [{"opening_balance_amount": "-5"}]
    assert desk.refused("POST", "contacts", {**given, "opening_balances": wrong})[0] == 2
    assert desk.send("POST", "contacts", given).status == 201


def test_what_a_customer_owed_before_stands_on_accounts_receivable(desk: Desk) -> None:
    made = desk.make("contacts", "contact", contact_name="Elder", opening_balances=[{"opening_balance_amount": 61.7}])
    path = f"contacts/{made['contact_id']}"
    assert [str(row["opening_balance_amount"]) for row in made["opening_balances"]] == ["61.70"]
    assert (str(made["outstanding_receivable_amount"]), made["outstanding_payable_amount"]) == ("61.70", 0)
    assert desk.books() == {"receivables": "61.70", "Opening Balance Offset": "-61.70"}
    (line,) = desk.get("chartofaccounts/transactions", account_id=desk.account("receivables"))["transactions"]
    assert (line["customer_id"], line["transaction_date"]) == (made["contact_id"], "2025-01-01")
    assert desk.refused("DELETE", path)[0] == 1004
    desk.change(path, "contact", notes="Nothing about balances")
    changed = desk.change(path, "contact", opening_balances=[{"opening_balance_amount": "58.20"}])
    assert str(changed["outstanding_receivable_amount"]) == "58.20"
    assert desk.books()["receivables"] == "58.20"
    assert desk.refused("PUT", path, {"contact_type": "vendor"}) == (2, "Invalid value passed for contact_type")
    assert desk.change(path, "contact", opening_balances=[])["opening_balances"] == []
    assert desk.books() == {}
    desk.act(path, method="DELETE")


def test_what_a_customer_owed_in_another_currency_stands_at_its_rate(desk: Desk) -> None:
    owed = [{"opening_balance_amount": "100.00", "exchange_rate": "0.80"}]
    given = {"contact_name": "Pacific", "currency_id": desk.currency("USD")}
    made = desk.make("contacts", "contact", **given, opening_balances=owed)
    assert desk.books() == {"receivables": "80.00", "Opening Balance Offset": "-80.00"}
    assert desk.held("receivables") == ["100.00 USD"]
    path = f"contacts/{made['contact_id']}"
    changed = desk.change(path, "contact", opening_balances=[{"opening_balance_amount": "50.00"}])
    assert str(changed["opening_balances"][0]["exchange_rate"]) == "0.80"


def test_what_a_customer_owed_is_not_given_or_taken_back_in_a_locked_period(desk: Desk) -> None:
    owed = {"opening_balances": [{"opening_balance_amount": "9.00"}]}
    made = desk.make("contacts", "contact", contact_name="Elder", **owed)
    with desk.world.unit():
        platform_named("zoho_books").load_bookkeeper().lock_period(desk.company, "2025-12-31")
    assert desk.refused("POST", "contacts", {"contact_name": "Younger", **owed})[0] == 10037
    assert desk.refused("PUT", f"contacts/{made['contact_id']}", {"opening_balances": []})[0] == 10037
    assert desk.books()["receivables"] == "9.00"


def test_an_item_has_reporting_tags(desk: Desk) -> None:
    site = desk.company.records.find("tag", "name", "site")[0]
    chosen = {"tag_id": site.id, "tag_option_id": site.body["tag_options"][0]["tag_option_id"]}
    made = desk.make("items", "item", name="Plank", rate=4, tags=[chosen])
    assert [tag["tag_option_name"] for tag in made["tags"]] == ["North"]
    assert desk.refused("PUT", f"items/{made['item_id']}", {"tags": [{"tag_id": "1", "tag_option_id": "2"}]})[0] != 0
