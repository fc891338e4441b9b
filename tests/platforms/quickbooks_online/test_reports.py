"""Reports: bases, periods, columns, ages; their totals are those of the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.platforms.quickbooks_online.builders import Client, bill_payment, journal_line, line, purchase

from sandbooks.kit.errors import NotSimulated

D = Decimal
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


def bill(client: Client, amount: str, on: str, supplier: str = "airline", **members: Any) -> Any:
    body = {
        "VendorRef": {"value": client.labels["suppliers"][supplier]},
        "TxnDate": on,
        "Line": [line(client.account("travel"), amount)],
        "GlobalTaxCalculation": "NotApplicable",
        **members,
    }
    return client.make("Bill", body)


def rows(report: Any) -> list[list[str]]:
    """Every row of cells, sections unfolded, as their values."""
    found: list[list[str]] = []

    def walk(parts: list[Any]) -> None:
        for part in parts:
            if "ColData" in part:
                found.append([cell["value"] for cell in part["ColData"]])
            walk(part.get("Rows", {}).get("Row", []))
            if "Summary" in part:
                found.append([cell["value"] for cell in part["Summary"]["ColData"]])

    walk(report["Rows"].get("Row", []))
    return found


def titles(report: Any) -> list[str]:
    return [column["ColTitle"] for column in report["Columns"]["Column"]]


def test_on_cash_basis_a_bill_counts_when_and_as_far_as_it_is_paid(us: Client) -> None:
    owed = bill(us, "90.00", "2026-01-20")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "30.00", TxnDate="2026-02-10"))
    accrual = us.get("reports/ProfitAndLoss", **YEAR)
    cash = us.get("reports/ProfitAndLoss", accounting_method="Cash", summarize_column_by="Month", **YEAR)
    assert ["Flights", "90.00"] in rows(accrual)
    assert (accrual["Header"]["ReportBasis"], cash["Header"]["ReportBasis"]) == ("Accrual", "Cash")
    flights = next(row for row in rows(cash) if row[0] == "Flights")
    assert [flights[1], flights[2], flights[3], flights[-1]] == ["0.00", "30.00", "0.00", "30.00"]
    trial = rows(us.get("reports/TrialBalance", accounting_method="cash", **YEAR))
    assert trial == [["Main bank", "", "30.00"], ["Flights", "30.00", ""], ["TOTAL", "30.00", "30.00"]]


@pytest.mark.parametrize("subtype", ["Travel", "UnappliedCashBillPaymentExpense"])
def test_on_cash_basis_what_is_paid_before_its_bill_stands_on_an_account_of_its_own(us: Client, subtype: str) -> None:
    own = "Unapplied Cash Bill Payment Expense" if subtype == "Travel" else "Paid ahead"
    us.make("Account", {"Name": "Paid ahead", "AccountType": "Expense", "AccountSubType": subtype})
    owed = bill(us, "90.00", "2026-02-20")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "30.00", TxnDate="2026-01-10"))
    months = us.get("reports/ProfitAndLoss", accounting_method="Cash", summarize_column_by="Month", **YEAR)
    shown = {row[0]: (*row[1:4], row[-1]) for row in rows(months)}
    assert shown["Flights"] == ("0.00", "30.00", "0.00", "30.00")
    assert shown[own] == ("30.00", "-30.00", "0.00", "0.00")
    for end, account in (("2026-02-19", own), ("2026-02-20", "Flights")):
        asked = {"accounting_method": "Cash", "start_date": "2026-01-01", "end_date": end}
        trial = rows(us.get("reports/TrialBalance", **asked))
        assert trial == [["Main bank", "", "30.00"], [account, "30.00", ""], ["TOTAL", "30.00", "30.00"]]
        assert ["Net Income", "-30.00"] in rows(us.get("reports/BalanceSheet", **asked))
        assert ["Contoso Airways", "30.00"] in rows(us.get("reports/VendorExpenses", **asked))


def test_on_cash_basis_what_is_paid_without_a_bill_stands_there_until_it_has_one(us: Client) -> None:
    owed = bill(us, "90.00", "2026-01-20")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "20.00", TxnDate="2026-02-10"))
    profit = rows(us.get("reports/ProfitAndLoss", accounting_method="Cash", **YEAR))
    assert {row[0]: row[1] for row in profit if row[0] in ("Flights", "Net Income")} == {
        "Flights": "20.00",
        "Net Income": "-30.00",
    }
    assert ["Unapplied Cash Bill Payment Expense", "10.00"] in profit
    assert "Unapplied Cash Bill Payment Expense" not in str(us.get("reports/ProfitAndLoss", **YEAR))


def test_the_columns_of_a_month_report_are_its_months(us: Client) -> None:
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-01-31"))
    us.make("Purchase", purchase(us, "6.20", TxnDate="2026-02-01"))
    asked = {"start_date": "2026-01-15", "end_date": "2026-02-10", "summarize_column_by": "Month"}
    earned = {"AccountRef": {"value": us.account("income")}}
    sold = {"Amount": D("3.00"), "DetailType": "DepositLineDetail", "DepositLineDetail": earned}
    into = {"DepositToAccountRef": {"value": us.account("bank")}, "TxnDate": "2026-02-02"}
    us.make("Deposit", {**into, "Line": [sold]})
    report = us.get("reports/ProfitAndLoss", **asked)
    assert titles(report) == ["", "Jan 2026", "Feb 2026", "Total"]
    assert {"Name": "StartDate", "Value": "2026-01-15"} in report["Columns"]["Column"][1]["MetaData"]
    assert rows(report)[0] == ["Rebates", "0.00", "3.00", "3.00"]
    assert ["Flights", "4.05", "6.20", "10.25"] in rows(report)
    sheet = us.get("reports/BalanceSheet", **asked)
    assert ["Corporate card", "4.05", "10.25"] in rows(sheet)
    assert titles(sheet) == ["", "Jan 2026", "Feb 2026"]


@pytest.mark.parametrize(
    ("macro", "start", "end"),
    [
        ("This Month", "2026-03-01", "2026-03-31"),
        ("Last Fiscal Quarter", "2025-10-01", "2025-12-31"),
        ("This Fiscal Year-to-date", "2026-01-01", "2026-03-02"),
        ("Last Month-to-date", "2026-02-01", "2026-02-02"),
        ("This Week", "2026-03-01", "2026-03-07"),
        ("Next Fiscal Quarter", "2026-04-01", "2026-06-30"),
        ("Yesterday", "2026-03-01", "2026-03-01"),
    ],
)
def test_a_date_macro_names_days(us: Client, macro: str, start: str, end: str) -> None:
    assert us.company.world.clock.today(us.company.time_zone) == date(2026, 3, 2)
    header = us.get("reports/ProfitAndLoss", date_macro=macro)["Header"]
    assert (header["StartPeriod"], header["EndPeriod"], header["DateMacro"]) == (start, end, macro.lower())


def test_a_macro_or_basis_that_does_not_exist_is_refused(us: Client) -> None:
    for asked in ({"date_macro": "Some Day"}, {"accounting_method": "Barter"}):
        assert us.fault("reports/ProfitAndLoss", None, method="GET", **asked)[:2] == (400, "2170")


def test_what_is_owed_is_shown_by_its_age_and_agrees_with_the_books(us: Client) -> None:
    bill(us, "10.00", "2026-03-01", DueDate="2026-04-15")
    bill(us, "20.00", "2026-01-05", DueDate="2026-02-20")
    oldest = bill(us, "41.00", "2025-10-01", DueDate="2025-10-31")
    us.make("BillPayment", bill_payment(us, "airline", "11.00", oldest, "11.00", TxnDate="2026-03-10"))
    report = us.get("reports/AgedPayables", report_date="2026-03-02")
    assert titles(report) == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert rows(report)[0] == ["Contoso Airways", "10.00", "20.00", "", "", "41.00", "71.00"]
    later = us.get("reports/AgedPayables", report_date="2026-03-10", aging_period="60", num_periods="2")
    assert titles(later) == ["", "Current", "1 - 60", "61 and over", "Total"]
    assert rows(later)[0] == ["Contoso Airways", "10.00", "20.00", "30.00", "60.00"]
    detail = rows(us.get("reports/AgedPayableDetail", report_date="2026-03-10"))
    assert ["2026-01-05", "Bill", "", "Contoso Airways", "2026-02-20", "18", "20.00"] in detail
    assert rows(us.get("reports/VendorBalance", **YEAR))[-1] == ["TOTAL", "60.00"]


def test_an_unapplied_payment_and_a_debit_by_journal_lower_what_is_owed(us: Client) -> None:
    owed = bill(us, "50.00", "2026-03-01")
    us.make("BillPayment", bill_payment(us, "airline", "60.00", owed, "50.00", TxnDate="2026-03-02"))
    payable = us.named("Account", "Accounts Payable (A/P)")
    entity = {"Type": "Vendor", "EntityRef": {"value": us.labels["suppliers"]["airline"]}}
    lines = [journal_line(payable, "3.00", "Debit", Entity=entity), journal_line(us.account("bank"), "3.00", "Credit")]
    us.make("JournalEntry", {"TxnDate": "2026-03-02", "Line": lines})
    assert rows(us.get("reports/VendorBalance", **YEAR)) == [["Contoso Airways", "-13.00"], ["TOTAL", "-13.00"]]
    assert us.company.book.balance(payable).base.amount == D("13.00")


def test_the_journal_shows_each_transaction_with_its_sides(us: Client) -> None:
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01", DocNumber="C-7", PrivateNote="taxi"))
    assert rows(us.get("reports/JournalReport", **YEAR)) == [
        ["2026-02-01", "Expense", "C-7", "", "taxi", "Flights", "4.05", ""],
        ["2026-02-01", "Expense", "C-7", "", "taxi", "Corporate card", "", "4.05"],
        ["", "", "", "", "", "", "4.05", "4.05"],
    ]


def test_the_list_of_transactions_takes_columns_and_a_vendor(us: Client) -> None:
    bill(us, "90.00", "2026-01-20", DocNumber="INV-1")
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01"))
    whole = rows(us.get("reports/TransactionList", **YEAR))
    assert whole == [
        ["2026-01-20", "Bill", "INV-1", "Yes", "Contoso Airways", "", "Accounts Payable (A/P)", "Flights", "90.00"],
        ["2026-02-01", "Expense", "", "Yes", "", "", "Corporate card", "Flights", "4.05"],
    ]
    vendor = us.labels["suppliers"]["airline"]
    chosen = us.get("reports/TransactionList", vendor=vendor, columns="doc_num,subt_nat_amount", **YEAR)
    assert (titles(chosen), rows(chosen)) == (["Num", "Amount"], [["INV-1", "90.00"]])


def test_what_reports_cannot_do_yet_is_said_aloud(us: Client) -> None:
    for name, asked in (
        ("TransactionList", {"columns": "shoe_size"}),
        ("TransactionList", {"customer": "1"}),
        ("BalanceSheet", {"summarize_column_by": "Classes"}),
        ("TrialBalance", {"summarize_column_by": "Month"}),
        ("GeneralLedger", {"accounting_method": "Cash"}),
    ):
        with pytest.raises(NotSimulated):
            us.get(f"reports/{name}", **asked)


def test_a_report_of_too_many_columns_is_refused(us: Client) -> None:
    asked = {"start_date": "2020-01-01", "end_date": "2026-03-02", "summarize_column_by": "Days"}
    assert us.fault("reports/ProfitAndLoss", None, method="GET", **asked)[:2] == (400, "10100")


def test_a_batch_asks_for_a_report(us: Client) -> None:
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01"))
    item = {"bId": "r", "ReportQuery": "ProfitAndLoss?start_date=2026-01-01&end_date=2026-12-31"}
    told = us.post("batch", {"BatchItemRequest": [item]})["BatchItemResponse"][0]
    assert ["Flights", "4.05"] in rows(told["Report"])


def test_the_list_of_accounts_shows_types_and_balances(us: Client) -> None:
    us.make("Purchase", purchase(us, "4.05"))
    found = rows(us.get("reports/AccountList"))
    assert ["Corporate card", "Credit Card", "CreditCard", "", "4.05"] in found


def test_profit_and_loss_has_a_column_for_each_class_location_and_vendor(open_client: Callable[..., Client]) -> None:
    tracking = {
        "team": {"name": "Team", "options": {"north": "North", "south": "South"}},
        "place": {"name": "Place", "kind": "location", "options": {"hq": "Head office"}},
    }
    us = open_client("US", tracking=tracking)
    ids = us.labels["tracking"]
    tagged = [
        line(us.account("travel"), amount, ClassRef={"value": ids[key]})
        for key, amount in (("north", "4.00"), ("south", "1.50"))
    ]
    us.make(
        "Purchase", purchase(us, Line=[*tagged, line(us.account("meals"), "2.25")], DepartmentRef={"value": ids["hq"]})
    )
    bill(us, "10.00", "2026-03-01")
    by_class = us.get("reports/ProfitAndLoss", summarize_column_by="Classes", **YEAR)
    assert titles(by_class) == ["", "North", "South", "Not Specified", "Total"]
    assert ["Flights", "4.00", "1.50", "10.00", "15.50"] in rows(by_class)
    assert ["Meals", "0.00", "0.00", "2.25", "2.25"] in rows(by_class)
    by_place = us.get("reports/ProfitAndLoss", summarize_column_by="Departments", **YEAR)
    assert ["Flights", "5.50", "10.00", "15.50"] in rows(by_place)
    by_vendor = us.get("reports/ProfitAndLoss", summarize_column_by="Vendors", accounting_method="Accrual", **YEAR)
    assert titles(by_vendor) == ["", "Contoso Airways", "Not Specified", "Total"]
    assert ["Flights", "10.00", "5.50", "15.50"] in rows(by_vendor)


def test_the_profit_of_earlier_years_stands_in_retained_earnings(us: Client) -> None:
    us.make("Purchase", purchase(us, "31.00", TxnDate="2025-12-31"))
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-01-01"))
    until = {"start_date": "2026-01-01", "end_date": "2026-02-28"}
    trial = rows(us.get("reports/TrialBalance", **until))
    assert sorted(trial[:-1]) == [
        ["Corporate card", "", "35.05"],
        ["Flights", "4.05", ""],
        ["Retained Earnings", "31.00", ""],
    ]
    assert trial[-1] == ["TOTAL", "35.05", "35.05"]
    sheet = rows(us.get("reports/BalanceSheet", **until))
    assert ["Retained Earnings", "-31.00"] in sheet
    assert ["Net Income", "-4.05"] in sheet
    earlier = rows(us.get("reports/BalanceSheet", start_date="2025-01-01", end_date="2025-12-31"))
    assert ["Net Income", "-31.00"] in earlier
    assert not any(row[0] == "Retained Earnings" for row in earlier)


def test_a_statement_shows_what_is_left_after_each_kind_of_cost_and_a_sheet_has_two_equal_sides(us: Client) -> None:
    extra = {"AccountType": "Cost of Goods Sold", "AccountSubType": "SuppliesMaterialsCogs"}
    goods = us.make("Account", {"Name": "Goods", **extra})["Id"]
    fees = us.make("Account", {"Name": "Fines", "AccountType": "Other Expense"})["Id"]
    sold = [
        journal_line(us.account("bank"), "70.00", "Debit"),
        journal_line(us.account("income"), "70.00", "Credit"),
    ]
    us.make("JournalEntry", {"TxnDate": "2026-02-01", "Line": sold})
    lines = [line(goods, "20.00"), line(us.account("travel"), "11.00"), line(fees, "3.00")]
    us.make("Purchase", purchase(us, Line=lines, TxnDate="2026-02-02"))
    bill(us, "5.00", "2026-02-03")
    found = rows(us.get("reports/ProfitAndLoss", **YEAR))
    for expected in (
        ["Gross Profit", "50.00"],
        ["Net Operating Income", "34.00"],
        ["Net Other Income", "-3.00"],
        ["Net Income", "31.00"],
    ):
        assert expected in found
    report = us.get("reports/BalanceSheet", **YEAR)
    assert [part["group"] for part in report["Rows"]["Row"]] == ["TotalAssets", "TotalLiabilitiesAndEquity"]
    sheet = rows(report)
    assert ["TOTAL ASSETS", "70.00"] in sheet
    assert ["Total Current Liabilities", "39.00"] in sheet
    assert ["TOTAL LIABILITIES AND EQUITY", "70.00"] in sheet


def test_profit_and_loss_in_detail_has_the_totals_of_the_statement(us: Client) -> None:
    bill(us, "90.00", "2026-01-20", DocNumber="INV-1")
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01"))
    sold = [journal_line(us.account("bank"), "70.00", "Debit"), journal_line(us.account("income"), "70.00", "Credit")]
    us.make("JournalEntry", {"TxnDate": "2026-02-01", "Line": sold})
    found = rows(us.get("reports/ProfitAndLossDetail", **YEAR))
    assert ["2026-01-20", "Bill", "INV-1", "Contoso Airways", "", "Accounts Payable (A/P)", "90.00", "90.00"] in found
    assert ["2026-02-01", "Expense", "", "", "", "Corporate card", "4.05", "94.05"] in found
    totals = {row[0]: row[6] for row in found}
    assert (totals["Total for Flights"], totals["Total for Rebates"]) == ("94.05", "70.00")
    statement = {row[0]: row[1] for row in rows(us.get("reports/ProfitAndLoss", **YEAR))}
    for name in ("Gross Profit", "Net Operating Income", "Net Income", "Total Expenses"):
        assert totals[name] == statement[name]
    with pytest.raises(NotSimulated):
        us.get("reports/ProfitAndLossDetail", accounting_method="Cash", **YEAR)


def test_what_was_spent_with_each_vendor_follows_the_basis(us: Client) -> None:
    owed = bill(us, "90.00", "2026-01-20")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "30.00", TxnDate="2026-02-10"))
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01"))
    expected = [["Contoso Airways", "90.00"], ["Not Specified", "4.05"], ["TOTAL", "94.05"]]
    assert rows(us.get("reports/VendorExpenses", **YEAR)) == expected
    cash = rows(us.get("reports/VendorExpenses", accounting_method="Cash", **YEAR))
    assert cash == [["Contoso Airways", "30.00"], ["Not Specified", "4.05"], ["TOTAL", "34.05"]]
    vendor = us.labels["suppliers"]["airline"]
    chosen = rows(us.get("reports/VendorExpenses", vendor=vendor, **YEAR))
    assert chosen == [["Contoso Airways", "90.00"], ["TOTAL", "90.00"]]


def test_transactions_are_listed_by_vendor(us: Client) -> None:
    owed = bill(us, "90.00", "2026-01-20", DocNumber="INV-1")
    us.make("BillPayment", bill_payment(us, "airline", "30.00", owed, "30.00", TxnDate="2026-02-10"))
    us.make("Purchase", purchase(us, "4.05", TxnDate="2026-02-01"))
    report = us.get("reports/TransactionListByVendor", columns="tx_date,txn_type,subt_nat_amount", **YEAR)
    assert report["Rows"]["Row"][0]["Header"]["ColData"][0]["value"] == "Contoso Airways"
    assert rows(report) == [
        ["2026-01-20", "Bill", "90.00"],
        ["2026-02-10", "Bill Payment (Check)", "-30.00"],
        ["Total for Contoso Airways", "", "60.00"],
    ]
