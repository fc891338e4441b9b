"""Bank transactions: which accounts they move, how they change, how they end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.platforms.xero.conftest import Client, line, spend

from sandbooks.platform import CompanyPlan


def test_money_spent_debits_the_lines_and_the_tax_and_credits_the_bank(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("41.60", tax="INPUT2"), line("7.15", account="502")))
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (48.75, 8.32, 57.07)
    assert client.balances() == {
        "Travel": "41.60 GBP",
        "Meals": "7.15 GBP",
        "VAT": "8.32 GBP",
        "Current": "-57.07 GBP",
    }


def test_money_received_mirrors_money_spent(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("41.60", tax="INPUT2")))
    client.one("PUT", "BankTransactions", spend(line("41.60", tax="INPUT2"), Type="RECEIVE"))
    assert client.balances() == {}


def test_a_card_in_dollars_moves_dollars_and_pounds_at_the_rate_given(client: Client) -> None:
    body = spend(line("412.37"), BankAccount={"AccountID": client.labels["accounts"]["visa"]}, CurrencyRate="1.291823")
    client.one("PUT", "BankTransactions", body)
    balance = client.company.book.balance(client.labels["accounts"]["visa"])
    assert (str(balance.by_currency["USD"]), str(balance.base)) == ("-412.37 USD", "-319.22 GBP")
    assert client.balances()["Travel"] == "319.22 GBP"


def test_foreign_lines_leave_their_rounding_on_the_rounding_account(client: Client) -> None:
    body = spend(line("0.05"), line("0.05"), line("0.05"), BankAccount={"Code": "092"}, CurrencyRate="1.5")
    client.one("PUT", "BankTransactions", body)
    assert client.balances() == {"Travel": "0.09 GBP", "Visa USD": "-0.10 GBP", "Rounding": "0.01 GBP"}


def test_tax_that_is_not_recoverable_is_cost_of_the_line(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("30.00", tax=client.labels["taxes"]["half"])))
    assert client.balances() == {"Travel": "33.00 GBP", "VAT": "3.00 GBP", "Current": "-36.00 GBP"}


def test_a_reverse_charge_moves_the_tax_account_both_ways_and_the_bank_by_the_net(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("50.00", tax="REVERSECHARGES")))
    assert (made["TotalTax"], made["Total"]) == (0, 50)
    assert client.balances() == {"Travel": "50.00 GBP", "Current": "-50.00 GBP"}
    gst = [str(entry.base) for entry in client.company.book.lines() if entry.posting.tax_code == "REVERSECHARGES"]
    assert gst == ["50.00 GBP", "10.00 GBP", "-10.00 GBP"]


@pytest.mark.parametrize(
    ("mode", "amounts", "expected"),
    [
        ("Exclusive", ("25.06", "25.61", "25.63"), (76.30, 11.44, 87.74)),
        ("Inclusive", ("89.00",), (77.39, 11.61, 89.00)),
        ("NoTax", ("89.00",), (89.00, 0, 89.00)),
    ],
)
def test_tax_is_rounded_on_each_line_and_then_summed(
    client: Client, mode: str, amounts: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    lines = [line(amount, tax=client.labels["taxes"]["fifteen"]) for amount in amounts]
    made = client.one("PUT", "BankTransactions", spend(*lines, LineAmountTypes=mode))
    assert tuple(float(made[name]) for name in ("SubTotal", "TotalTax", "Total")) == expected


def test_a_stated_tax_amount_replaces_the_computed_one(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("10.00", tax="INPUT2", TaxAmount="1.97")))
    assert (made["TotalTax"], made["Total"]) == (1.97, 11.97)
    assert client.balances()["VAT"] == "1.97 GBP"


def test_a_unit_price_keeps_four_decimals_only_when_asked(client: Client) -> None:
    body = spend(line("0.3337", Quantity=3))
    two = client.one("PUT", "BankTransactions", body)
    four = client.one("PUT", "BankTransactions?unitdp=4", body)
    assert [(m["LineItems"][0]["UnitAmount"], m["Total"]) for m in (two, four)] == [(0.33, 0.99), (0.3337, 1)]


def test_a_line_amount_that_does_not_agree_is_refused(client: Client) -> None:
    (message,) = client.problems("PUT", "BankTransactions", spend(line("10.00", Quantity=2, LineAmount="19.99")))
    assert message == "The line total 19.99 does not match the expected line total 20.00"


def test_an_edit_replaces_the_posting_and_keeps_what_is_not_sent(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("12.00"), Reference="r-1"))
    body = {"BankTransactionID": made["BankTransactionID"], "LineItems": [line("13.50", account="502")]}
    changed = client.one("POST", "BankTransactions", body)
    assert (changed["Reference"], changed["Total"]) == ("r-1", 13.5)
    assert client.balances() == {"Meals": "13.50 GBP", "Current": "-13.50 GBP"}


def test_a_change_of_reference_alone_posts_nothing_new(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("12.00")))
    client.one("POST", f"BankTransactions/{made['BankTransactionID']}", {"Reference": "r-9"})
    assert len(list(client.company.book.lines())) == 2


def test_a_deleted_transaction_leaves_no_balance_and_is_shown_as_deleted(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("12.00"), Reference="gone"))
    path = f"BankTransactions/{made['BankTransactionID']}"
    assert client.one("POST", path, {"Status": "DELETED"})["Status"] == "DELETED"
    assert client.balances() == {}
    assert client.one("GET", path)["Status"] == "DELETED"
    assert client.one("GET", 'BankTransactions?where=Reference=="gone"')["Status"] == "DELETED"
    assert "deleted" in client.problems("POST", path, {"Reference": "x"})[0]


def test_a_reconciled_transaction_can_be_neither_deleted_nor_changed_in_amount(client: Client) -> None:
    made = client.one("PUT", "BankTransactions", spend(line("12.00"), IsReconciled=True))
    path = f"BankTransactions/{made['BankTransactionID']}"
    assert "reconciled" in client.problems("POST", path, {"Status": "DELETED"})[0]
    assert "reconciled" in client.problems("POST", path, {"LineItems": [line("13.00")]})[0]
    assert client.one("POST", path, {"Reference": "note"})["Reference"] == "note"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"LineItems": [line("1.00", account="nope")]}, "Account code 'nope' is not a valid code for this document."),
        ({"LineItems": [line("1.00", account="090")]}, "Account code '090' is not a valid code for this document."),
        ({"LineItems": [line("1.00", account="800")]}, "Account code '800' is not a valid code for this document."),
        (
            {"LineItems": [line("1.00", tax="NOPE")]},
            "The TaxType code 'NOPE' does not exist or cannot be used for this type of transaction.",
        ),
        (
            {"LineItems": [line("1.00", tax="OUTPUT2")]},
            "The TaxType code 'OUTPUT2' cannot be used with account code '501'.",
        ),
        ({"LineItems": []}, "One or more line items must be specified."),
        ({"LineItems": [line("-5.00")]}, "The total amount of a bank transaction must be greater than zero."),
        ({"BankAccount": {"Code": "501"}}, "Bank account could not be found. The account must be of type BANK."),
        ({"CurrencyCode": "XAU"}, "Organisation is not subscribed to currency XAU"),
        ({"Url": "not a url"}, "Url must be a valid absolute url"),
        ({"Type": "SPENT"}, "'SPENT' is not a valid Type."),
        ({"Reference": "x" * 256}, "Reference must not be longer than 255 characters."),
    ],
)
def test_what_is_not_valid_is_refused_with_its_message(client: Client, change: dict[str, object], message: str) -> None:
    assert client.problems("PUT", "BankTransactions", spend(line("9.00"), **change)) == [message]


def test_lines_of_both_signs_are_netted(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("100.00"), line("-30.00", account="502")))
    assert client.balances() == {"Travel": "100.00 GBP", "Meals": "-30.00 GBP", "Current": "-70.00 GBP"}


def test_an_archived_account_is_named_in_the_refusal(client: Client) -> None:
    client.one("POST", f"Accounts/{client.labels['accounts']['travel']}", {"Status": "ARCHIVED"})
    assert client.problems("PUT", "BankTransactions", spend(line("9.00"))) == [
        "Account code '501' has been archived, or has been deleted. Each line item must reference a valid account."
    ]


def test_archived_tracking_and_tax_rates_give_way_in_silence(client: Client) -> None:
    category, option = client.labels["tracking"]["region"], client.labels["tracking"]["region/North"]
    rate = client.labels["taxes"]["half"]
    client.one("POST", f"TrackingCategories/{category}/Options/{option}", {"Status": "ARCHIVED"})
    client.one("POST", f"TaxRates/{rate}", {"Status": "ARCHIVED"})
    tracking = [{"Name": "Region", "Option": "North"}]
    made = client.one("PUT", "BankTransactions", spend(line("10.00", account="429", tax=rate, Tracking=tracking)))
    assert (made["LineItems"][0]["Tracking"], made["LineItems"][0]["TaxType"]) == ([], "INPUT2")


def test_tracking_is_matched_by_name_or_id_and_shown_whole(client: Client) -> None:
    tracking = [{"Name": "region", "Option": "SOUTH"}]
    made = client.one("PUT", "BankTransactions", spend(line("10.00", Tracking=tracking)))
    assert made["LineItems"][0]["Tracking"] == [
        {
            "Name": "Region",
            "Option": "South",
            "TrackingCategoryID": client.labels["tracking"]["region"],
            "TrackingOptionID": client.labels["tracking"]["region/South"],
        }
    ]


def test_a_contact_is_reused_by_name_and_made_when_new(client: Client) -> None:
    known = client.one("PUT", "BankTransactions", spend(line("1.00"), Contact={"Name": "CONTOSO AIR"}))
    made = client.one("PUT", "BankTransactions", spend(line("1.00"), Contact={"Name": "Brand New"}))
    assert known["Contact"]["ContactID"] == client.labels["suppliers"]["airline"]
    assert client.one("GET", f"Contacts/{made['Contact']['ContactID']}")["Name"] == "Brand New"


def test_a_refused_document_leaves_no_contact_behind(client: Client) -> None:
    client.problems("PUT", "BankTransactions", spend(line("1.00", account="nope"), Contact={"Name": "Brand New"}))
    assert client.json("GET", 'Contacts?where=Name=="Brand New"')["Contacts"] == []


def test_prices_in_a_currency_without_cents_are_whole(
    open_organisation: Callable[[CompanyPlan], Client],
) -> None:
    accounts = {
        "bank": {"type": "bank", "name": "Yen", "currency": "JPY", "code": "090"},
        "fees": {"type": "expense", "name": "F", "code": "501"},
    }
    client = open_organisation(CompanyPlan(country="GB", accounts=accounts))
    made = client.one("PUT", "BankTransactions", spend(line("1234"), CurrencyRate="190.5"))
    assert made["Total"] == 1234
    assert str(client.company.book.balance(client.labels["accounts"]["bank"]).by_currency["JPY"]) == "-1234 JPY"
