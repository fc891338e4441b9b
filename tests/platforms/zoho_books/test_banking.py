"""Bank transactions, journals, statements, opening balances and revaluations."""

from typing import Any

import pytest
from tests.platforms.zoho_books.desk import TODAY, Desk


def move(desk: Desk, kind: str, source: str, target: str, amount: object, **more: object) -> Any:
    given = {
        "transaction_type": kind,
        "from_account_id": desk.account(source),
        "to_account_id": desk.account(target),
        "amount": amount,
        "date": TODAY,
    }
    return desk.make("banktransactions", "banktransaction", **{**given, **more})


@pytest.mark.parametrize(
    ("kind", "source", "target", "books"),
    [
        ("transfer_fund", "bank", "reserve", {"bank": "-120.45", "reserve": "120.45"}),
        ("card_payment", "bank", "visa", {"bank": "-120.45", "visa": "120.45"}),
        ("refund", "travel", "visa", {"travel": "-120.45", "visa": "120.45"}),
        ("expense_refund", "travel", "bank", {"travel": "-120.45", "bank": "120.45"}),
        ("other_income", "cashback", "visa", {"cashback": "-120.45", "visa": "120.45"}),
        ("interest_income", "cashback", "bank", {"cashback": "-120.45", "bank": "120.45"}),
        ("deposit", "sales", "bank", {"sales": "-120.45", "bank": "120.45"}),
        ("sales_without_invoices", "sales", "bank", {"sales": "-120.45", "bank": "120.45"}),
        ("sales_return", "bank", "sales", {"sales": "120.45", "bank": "-120.45"}),
        ("owner_contribution", "capital", "bank", {"capital": "-120.45", "bank": "120.45"}),
        ("owner_drawings", "bank", "capital", {"capital": "120.45", "bank": "-120.45"}),
    ],
)
def test_each_type_moves_money_its_own_way(
    desk: Desk, kind: str, source: str, target: str, books: dict[str, str]
) -> None:
    made = move(desk, kind, source, target, "120.45")
    assert (made["transaction_type"], made["status"]) == (kind, "manually_added")
    assert desk.books() == books
    desk.act(f"banktransactions/{made['transaction_id']}", method="DELETE")
    assert desk.books() == {}


@pytest.mark.parametrize(
    ("kind", "source", "target", "code"),
    [
        ("transfer_fund", "bank", "travel", 9004),
        ("card_payment", "bank", "reserve", 9004),
        ("refund", "travel", "bank", 9004),
        ("expense_refund", "sales", "bank", 9004),
        ("owner_drawings", "capital", "bank", 9004),
        ("deposit", "payables", "bank", 9004),
        ("transfer_fund", "bank", "bank", 9005),
        ("expense", "travel", "bank", 2),
        ("vendor_payment", "bank", "travel", 2),
        ("", "travel", "bank", 1001),
    ],
)
def test_a_type_refuses_accounts_and_words_that_are_not_its_own(
    desk: Desk, kind: str, source: str, target: str, code: int
) -> None:
    given = {
        "transaction_type": kind,
        "from_account_id": desk.account(source),
        "to_account_id": desk.account(target),
        "amount": 3,
    }
    assert desk.refused("POST", "banktransactions", given)[0] == code


def test_a_refund_gives_its_tax_back(desk: Desk) -> None:
    given = {"tax_id": desk.tax("Standard Rate"), "is_inclusive_tax": True}
    made = move(desk, "expense_refund", "travel", "visa", "96.12", **given)
    assert (str(made["sub_total"]), str(made["tax_amount"]), str(made["total"])) == ("80.10", "16.02", "96.12")
    assert desk.books() == {"travel": "-80.10", "input_tax": "-16.02", "visa": "96.12"}


def test_a_sale_owes_its_tax(desk: Desk) -> None:
    move(desk, "sales_without_invoices", "sales", "bank", "50.00", tax_id=desk.tax("Standard Rate"))
    assert desk.books() == {"sales": "-50.00", "output_tax": "-10.00", "bank": "60.00"}


def test_a_transfer_between_currencies_moves_each_account_in_its_own(desk: Desk) -> None:
    move(desk, "transfer_fund", "dollars", "bank", "100.00", exchange_rate="0.78", bank_charges="2.50")
    assert (desk.held("dollars"), desk.held("bank")) == (["-102.50 USD"], ["78.00 GBP"])
    assert desk.books() == {"dollars": "-79.95", "bank": "78.00", "Bank Fees and Charges": "1.95"}


def test_two_foreign_currencies_cannot_meet_in_one_transaction(desk: Desk) -> None:
    given = {"from_account_id": desk.account("dollars"), "to_account_id": desk.account("euros"), "amount": 3}
    assert desk.refused("POST", "banktransactions", {**given, "transaction_type": "transfer_fund"})[0] == 9003


def test_the_list_shows_each_side_and_what_other_modules_moved(desk: Desk) -> None:
    move(desk, "card_payment", "bank", "visa", "40.00")
    desk.expense("12.30")
    desk.pay("9.90")
    rows = desk.get("banktransactions", account_id=desk.account("visa"))["banktransactions"]
    assert sorted((row["transaction_type"], str(row["amount"]), row["debit_or_credit"]) for row in rows) == [
        ("card_payment", "40.00", "debit"),
        ("expense", "12.30", "credit"),
    ]
    assert len(desk.get("banktransactions")["banktransactions"]) == 4
    assert len(desk.get("banktransactions", amount_less_than="12")["banktransactions"]) == 1


def import_line(desk: Desk, amount: str, side: str = "debit") -> str:
    row = {"date": TODAY, "debit_or_credit": side, "amount": amount, "payee": "Taxi", "reference_number": f"S{amount}"}
    desk.act("bankstatements", {"account_id": desk.account("bank"), "transactions": [row]})
    rows = desk.get("banktransactions", filter_by="Status.Uncategorized")["banktransactions"]
    return str(rows[-1]["transaction_id"])


def test_a_statement_line_is_matched_and_holds_its_payment_until_it_is_unmatched(desk: Desk) -> None:
    payment = desk.pay("44.10")
    line = import_line(desk, "44.10")
    found = desk.get(f"banktransactions/uncategorized/{line}/match")["matching_transactions"]
    assert [row["transaction_id"] for row in found] == [payment["payment_id"]]
    rows = [{"transaction_id": payment["payment_id"], "transaction_type": "vendor_payment"}]
    desk.act(f"banktransactions/uncategorized/{line}/match", {"transactions_to_be_matched": rows})
    assert desk.refused("DELETE", f"vendorpayments/{payment['payment_id']}")[0] == 13025
    desk.act(f"banktransactions/{line}/unmatch")
    desk.act(f"vendorpayments/{payment['payment_id']}", method="DELETE")
    assert desk.books() == {}


def test_a_line_of_another_amount_does_not_match(desk: Desk) -> None:
    payment = desk.pay("44.10")
    line = import_line(desk, "44.11")
    rows = [{"transaction_id": payment["payment_id"], "transaction_type": "vendor_payment"}]
    path = f"banktransactions/uncategorized/{line}/match"
    assert desk.refused("POST", path, {"transactions_to_be_matched": rows})[0] == 12003


def test_a_line_is_categorized_as_an_expense_and_back(desk: Desk) -> None:
    line = import_line(desk, "15.20")
    path = f"banktransactions/uncategorized/{line}/categorize/expenses"
    desk.act(path, {"account_id": desk.account("travel")})
    assert desk.books() == {"travel": "15.20", "bank": "-15.20"}
    assert desk.refused("POST", path, {"account_id": desk.account("travel")})[0] == 12002
    expense = desk.get("expenses")["expenses"][0]
    assert (str(expense["total"]), expense["reference_number"]) == ("15.20", "S15.20")
    assert desk.refused("PUT", f"expenses/{expense['expense_id']}", {"amount": 3})[0] == 12001
    desk.act(f"banktransactions/{expense['expense_id']}/uncategorize")
    assert desk.books() == {}
    assert len(desk.get("banktransactions", filter_by="Status.Uncategorized")["banktransactions"]) == 1


def test_a_line_is_categorized_as_income_or_set_aside(desk: Desk) -> None:
    income = import_line(desk, "8.80", "credit")
    given = {"transaction_type": "other_income", "from_account_id": desk.account("cashback")}
    desk.act(f"banktransactions/uncategorized/{income}/categorize", given)
    assert desk.books() == {"cashback": "-8.80", "bank": "8.80"}
    other = import_line(desk, "3.30")
    desk.act(f"banktransactions/uncategorized/{other}/exclude")
    assert desk.refused("POST", f"banktransactions/uncategorized/{other}/exclude")[0] == 12002
    desk.act(f"banktransactions/uncategorized/{other}/restore")
    last = desk.get(f"bankaccounts/{desk.account('bank')}/statement/lastimported")["statement"]
    assert len(last["transactions"]) == 1
    desk.act(f"bankaccounts/{desk.account('bank')}/statement/{last['statement_id']}", method="DELETE")
    assert desk.get("banktransactions", filter_by="Status.Uncategorized")["banktransactions"] == []


def journal(desk: Desk, *rows: tuple[str, str, str], **more: object) -> dict[str, object]:
    lines = [{"account_id": desk.account(a), "debit_or_credit": side, "amount": v} for a, side, v in rows]
    return {"journal_date": TODAY, "line_items": lines, **more}


def test_a_journal_posts_as_given_and_a_draft_when_published(desk: Desk) -> None:
    given = journal(desk, ("travel", "debit", "17.85"), ("cashback", "credit", "17.85"), status="draft")
    made = desk.make("journals", "journal", **given)
    assert (made["status"], desk.books()) == ("draft", {})
    desk.act(f"journals/{made['journal_id']}/status/publish")
    assert desk.books() == {"travel": "17.85", "cashback": "-17.85"}
    assert desk.refused("POST", f"journals/{made['journal_id']}/status/publish")[0] == 11020
    desk.act(f"journals/{made['journal_id']}", method="DELETE")
    assert desk.books() == {}


def test_a_journal_that_does_not_balance_is_refused(desk: Desk) -> None:
    given = journal(desk, ("travel", "debit", "17.85"), ("cashback", "credit", "17.84"))
    assert desk.refused("POST", "journals", given)[0] == 11018
    assert desk.refused("POST", "journals", {**given, "line_items": given["line_items"][:1]})[0] == 4016  # type: ignore[index]  # a list


def test_a_journal_on_payables_needs_a_contact(desk: Desk) -> None:
    given: Any = journal(desk, ("travel", "debit", "5.00"), ("payables", "credit", "5.00"))
    assert desk.refused("POST", "journals", given)[0] == 11017
    given["line_items"][1]["customer_id"] = desk.vendor("acme")
    desk.make("journals", "journal", **given)
    assert desk.books() == {"travel": "5.00", "payables": "-5.00"}


def test_a_journal_in_dollars_is_kept_in_both_currencies(desk: Desk) -> None:
    given = journal(desk, ("travel", "debit", "10.00"), ("dollars", "credit", "10.00"))
    made = desk.make("journals", "journal", **given, currency_id=desk.currency("USD"), exchange_rate="0.78")
    assert str(made["bcy_total"]) == "7.80"
    assert (desk.held("dollars"), desk.books()) == (["-10.00 USD"], {"travel": "7.80", "dollars": "-7.80"})


def test_opening_balances_stand_against_their_offset_and_are_replaced(desk: Desk) -> None:
    rows = [{"account_id": desk.account("bank"), "debit_or_credit": "debit", "amount": "500.00"}]
    desk.make("settings/openingbalances", "opening_balance", date="2026-01-01", accounts=rows)
    rows[0]["amount"] = "450.00"
    desk.change("settings/openingbalances", "opening_balance", date="2026-01-01", accounts=rows)
    assert desk.books() == {"bank": "450.00", "Opening Balance Offset": "-450.00"}
    desk.act("settings/openingbalances", method="DELETE")
    assert desk.books() == {}
    assert desk.refused("GET", "settings/openingbalances", status=404)[0] == 1002


def test_a_revaluation_moves_base_alone(desk: Desk) -> None:
    desk.expense("100.00", paid="dollar_visa", currency_id=desk.currency("USD"))
    given = {"currency_id": desk.currency("USD"), "adjustment_date": TODAY, "exchange_rate": "0.80"}
    shown = desk.get("basecurrencyadjustment/accounts", **given)["data"]["accounts"]
    assert [str(row["gain_or_loss"]) for row in shown] == ["-2.59"]
    made = desk.make("basecurrencyadjustment", "data", **given, notes="Month end")
    assert (desk.held("dollar_visa"), desk.books()["dollar_visa"]) == (["-100.00 USD"], "-80.00")
    assert desk.books()["exchange_differences"] == "2.59"
    desk.act(f"basecurrencyadjustment/{made['base_currency_adjustment_id']}", method="DELETE")
    assert desk.books() == {"travel": "77.41", "dollar_visa": "-77.41"}


def test_a_line_is_categorized_as_the_refund_of_a_vendor_credit_and_back(desk: Desk) -> None:
    credit = desk.credit(desk.line("60.00"))
    line = import_line(desk, "45.00", side="credit")
    path = f"banktransactions/uncategorized/{line}/categorize/vendorcreditrefunds"
    given = {"vendor_credit_id": credit["vendor_credit_id"], "date": TODAY}
    assert desk.refused("POST", path, {"date": TODAY})[0] == 1001
    assert desk.refused("POST", path, {**given, "amount": "44.00"})[0] == 12003
    desk.act(path, given)
    shown = desk.get(f"vendorcredits/{credit['vendor_credit_id']}")["vendor_credit"]
    assert str(shown["balance"]) == "15.00"
    assert desk.books() == {"bank": "45.00", "payables": "15.00", "office": "-60.00"}
    desk.act(f"banktransactions/{line}/uncategorize")
    shown = desk.get(f"vendorcredits/{credit['vendor_credit_id']}")["vendor_credit"]
    assert str(shown["balance"]) == "60.00"


def test_a_line_is_categorized_as_the_refund_of_a_payment_and_back(desk: Desk) -> None:
    payment = desk.pay("60.00")
    line = import_line(desk, "45.00", side="credit")
    path = f"banktransactions/uncategorized/{line}/categorize/vendorpaymentrefunds"
    assert desk.refused("POST", path, {"vendorpayment_id": "460000000099999"})[0] == 1002
    desk.act(path, {"vendorpayment_id": payment["payment_id"]})
    assert desk.books() == {"bank": "-15.00", "Prepaid Expenses": "15.00"}
    desk.act(f"banktransactions/{line}/uncategorize")
    shown = desk.get(f"vendorpayments/{payment['payment_id']}")["vendorpayment"]
    assert (str(shown["balance"]), shown["vendorpayment_refunds"]) == ("60.00", [])
