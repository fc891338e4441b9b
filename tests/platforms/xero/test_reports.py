"""Reports: periods beside each other, tracking, cash basis, the executive summary, what one contact is owed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.xero.conftest import Client, bill, line, spend


def rows(client: Client, path: str) -> list[list[str]]:
    """The header and every row of a report, sections unfolded, as texts."""
    found: list[list[str]] = []

    def walk(parts: list[dict[str, Any]]) -> None:
        for part in parts:
            if part.get("Cells"):
                found.append([cell["Value"] for cell in part["Cells"]])
            walk(part.get("Rows", []))

    walk(client.json("GET", f"Reports/{path}")["Reports"][0]["Rows"])
    return found


def sale(client: Client, amount: str, on: str, **more: Any) -> dict[str, Any]:
    body = bill(line(amount, account="200"), Type="ACCREC", Contact={"Name": "Wide World Shop"}, Date=on, **more)
    return client.one("PUT", "Invoices", body)


def test_profit_and_loss_compares_earlier_months(client: Client) -> None:
    for on, amount in (("2026-03-05", "30.00"), ("2026-02-28", "20.50"), ("2026-01-31", "9.00")):
        client.one("PUT", "BankTransactions", spend(line(amount), Date=on))
    sale(client, "100.00", "2026-02-10")
    path = "ProfitAndLoss?fromDate=2026-03-01&toDate=2026-03-31&periods=2&timeframe=MONTH"
    report = rows(client, path)
    assert report[0] == ["", "31 Mar 2026", "28 Feb 2026", "31 Jan 2026"]
    assert ["Travel", "30.00", "20.50", "9.00"] in report
    assert ["Sales", "0.00", "100.00", "0.00"] in report
    assert report[-1] == ["Net Profit", "-30.00", "79.50", "-9.00"]


def test_cost_of_sales_and_other_income_stand_apart(client: Client) -> None:
    client.one("PUT", "Accounts", {"Code": "285", "Name": "Rebates", "Type": "OTHERINCOME"})
    sale(client, "100.00", "2026-03-05")
    client.one("PUT", "BankTransactions", spend(line("40.00", account="310")))
    client.one("PUT", "BankTransactions", spend(line("3.00", account="285"), Type="RECEIVE"))
    report = rows(client, "ProfitAndLoss?fromDate=2026-03-01&toDate=2026-03-31")
    names = {row[0]: row[1] for row in report}
    assert (names["Gross Profit"], names["Total Other Income"], names["Net Profit"]) == ("60.00", "3.00", "63.00")


def test_a_tracking_category_makes_columns_and_an_option_narrows(client: Client) -> None:
    north = [{"Name": "Region", "Option": "North"}]
    client.one("PUT", "BankTransactions", spend(line("30.00", Tracking=north), line("5.00")))
    category = client.json("GET", "TrackingCategories")["TrackingCategories"][0]
    days = "fromDate=2026-03-01&toDate=2026-03-31"
    report = rows(client, f"ProfitAndLoss?{days}&trackingCategoryID={category['TrackingCategoryID']}")
    assert report[0] == ["", "North", "South", "Unassigned", "Total"]
    assert ["Travel", "30.00", "0.00", "5.00", "35.00"] in report
    option = next(each["TrackingOptionID"] for each in category["Options"] if each["Name"] == "North")
    assert ["Travel", "30.00"] in rows(client, f"ProfitAndLoss?{days}&trackingOptionID={option}")


def test_on_cash_basis_a_bill_counts_as_far_as_it_is_paid(client: Client) -> None:
    owed = client.one("PUT", "Invoices", bill(line("90.00", tax="INPUT2"), Date="2026-02-10"))
    paid = {"Invoice": {"InvoiceID": owed["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-03-03"}
    client.one("PUT", "Payments", {**paid, "Amount": "36.00"})
    march = "ProfitAndLoss?fromDate=2026-03-01&toDate=2026-03-31"
    assert not any(row[0] == "Travel" for row in rows(client, march))
    assert ["Travel", "30.00"] in rows(client, f"{march}&paymentsOnly=true")
    trial = rows(client, "TrialBalance?date=2026-03-31&paymentsOnly=True")
    assert ["Travel (501)", "30.00", "", "30.00", ""] in trial
    assert ["VAT (820)", "6.00", "", "6.00", ""] in trial
    assert not any(row[0].startswith("Accounts Payable") for row in trial)


def test_a_journal_kept_out_of_cash_reports_is_not_there(client: Client) -> None:
    lines = [{"LineAmount": "5.00", "AccountCode": "501"}, {"LineAmount": "-5.00", "AccountCode": "502"}]
    body = {"Narration": "n", "Status": "POSTED", "Date": "2026-03-01", "JournalLines": lines}
    client.one("PUT", "ManualJournals", {**body, "ShowOnCashBasisReports": False})
    march = "ProfitAndLoss?fromDate=2026-03-01&toDate=2026-03-31"
    assert ["Travel", "5.00"] in rows(client, march)
    assert ["Travel", "5.00"] not in rows(client, f"{march}&paymentsOnly=true")


def test_a_balance_sheet_moves_last_years_profit_to_retained_earnings(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("30.00"), Date="2026-03-31"))
    client.one("PUT", "BankTransactions", spend(line("8.00"), Date="2026-04-01"))
    report = rows(client, "BalanceSheet?date=2026-04-30&periods=1&timeframe=MONTH")
    assert report[0] == ["", "30 Apr 2026", "31 Mar 2026"]
    assert ["Current Year Earnings", "-8.00", "-30.00"] in report
    assert ["Retained Earnings", "-30.00", "0.00"] in report
    assert ["Current", "-38.00", "-30.00"] in report
    assert ["Total Equity", "-38.00", "-30.00"] in report


def test_the_executive_summary_sets_a_month_beside_the_one_before(client: Client) -> None:
    sale(client, "100.00", "2026-03-10")
    sale(client, "50.00", "2026-02-10")
    client.one("PUT", "BankTransactions", spend(line("25.00"), Date="2026-03-11"))
    report = rows(client, "ExecutiveSummary?date=2026-03-15")
    assert report[0] == ["", "Mar 2026", "Feb 2026", "Variance"]
    for wanted in (
        ["Cash spent", "25.00", "0.00", "0.0%"],
        ["Income", "100.00", "50.00", "100.0%"],
        ["Profit (loss)", "75.00", "50.00", "50.0%"],
        ["Debtors", "150.00", "50.00", "200.0%"],
        ["Number of invoices issued", "1", "1", "0.0%"],
        ["Net profit margin", "75.0%", "100.0%", "-25.0%"],
    ):
        assert wanted in report


def test_what_is_owed_to_a_contact_counts_payments_up_to_the_day(client: Client) -> None:
    first = client.one(
        "PUT", "Invoices", bill(line("40.00"), InvoiceNumber="B-1", Date="2026-01-10", DueDate="2026-01-31")
    )
    client.one("PUT", "Invoices", bill(line("25.50"), InvoiceNumber="B-2", Date="2026-03-01", DueDate="2026-04-30"))
    paid = {"Invoice": {"InvoiceID": first["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-03-20"}
    client.one("PUT", "Payments", {**paid, "Amount": "15.00"})
    place = f"AgedPayablesByContact?contactID={client.labels['suppliers']['airline']}"
    report = rows(client, f"{place}&date=2026-03-02")
    assert report[1] == [
        "2026-01-10T00:00:00",
        "B-1",
        "2026-01-31T00:00:00",
        "30 days overdue",
        "40.00",
        "0.00",
        "0.00",
        "40.00",
    ]
    later = rows(client, f"{place}&date=2026-03-31&fromDate=2026-02-01&toDate=2026-03-31")
    assert later[1][1:] == ["Opening Balance", "", "", "", "", "", "25.00"]
    assert later[-1] == ["Closing Balance", "", "", "", "25.50", "0.00", "0.00", "50.50"]


@pytest.mark.parametrize(
    "path",
    [
        "ProfitAndLoss?timeframe=FORTNIGHT",
        "ProfitAndLoss?periods=99",
        "ProfitAndLoss?fromDate=2026-03-02&toDate=2026-03-01",
        "ProfitAndLoss?trackingOptionID=7f3c0b1e-0000-4000-8000-000000000001",
        "ProfitAndLoss?trackingCategoryID=7f3c0b1e-0000-4000-8000-000000000001",
        "BalanceSheet?trackingOptionID1=nonsense",
        "AgedPayablesByContact",
    ],
)
def test_a_report_parameter_that_is_wrong_is_refused(client: Client, path: str) -> None:
    assert client.send("GET", f"Reports/{path}").status == 400


@pytest.mark.parametrize("name", ["BalanceSheet", "ProfitAndLoss", "TrialBalance", "ExecutiveSummary"])
@pytest.mark.parametrize(
    ("day", "status"), [("9999-12-31", 200), ("1900-01-01", 200), ("1899-12-31", 400), ("0001-01-01", 400)]
)
def test_a_report_of_the_ends_of_the_calendar_is_shown_or_refused(
    client: Client, name: str, day: str, status: int
) -> None:
    parameter = "toDate" if name == "ProfitAndLoss" else "date"
    beside = "&fromDate=1900-01-01" if name == "ProfitAndLoss" else ""
    for more in ("", "&periods=11&timeframe=YEAR"):
        asked = f"Reports/{name}?{parameter}={day}{beside}{more}"
        assert client.send("GET", asked).status == status, asked


@pytest.mark.parametrize("number", ["%C2%B2", "%D9%A3", "--1", "1e3", "9999999999"])
def test_a_page_that_is_no_whole_number_is_refused(client: Client, number: str) -> None:
    assert client.send("GET", f"Invoices?page={number}").status == 400
    assert client.send("GET", f"Invoices?page=1&pageSize={number}").status == 400


def test_the_trial_balance_carries_earlier_years_into_retained_earnings(client: Client) -> None:
    client.one("PUT", "BankTransactions", spend(line("31.00"), Date="2025-03-31"))
    client.one("PUT", "BankTransactions", spend(line("4.05"), Date="2025-04-01"))
    report = rows(client, "TrialBalance?date=2026-03-02")
    assert ["Retained Earnings (960)", "0.00", "", "31.00", ""] in report
    assert ["Travel (501)", "0.00", "", "4.05", ""] in report
    assert ["Current (090)", "0.00", "", "", "35.05"] in report
    assert report[-1] == ["Total", "0.00", "0.00", "35.05", "35.05"]


def test_the_budget_summary_has_a_column_for_each_period_and_nothing_in_it(client: Client) -> None:
    report = rows(client, "BudgetSummary?date=2026-02-10&periods=3&timeframe=3")
    assert report[0] == ["Account", "Feb-26", "May-26", "Aug-26"]
    assert report[-1] == ["Net Profit", "0.00", "0.00", "0.00"]
    for wrong in ("periods=13", "periods=0", "timeframe=2", "timeframe=MONTH"):
        assert client.send("GET", f"Reports/BudgetSummary?{wrong}").status == 400


def test_the_1099_reports_name_no_contact(client: Client) -> None:
    reports = client.json("GET", "Reports/TenNinetyNine?reportYear=2025")["Reports"]
    assert [report["Contacts"] for report in reports] == [[], []]
    assert reports[0]["ReportDate"] == "1 January 2025 to 31 December 2025"
    assert client.send("GET", "Reports/TenNinetyNine?reportYear=0").status == 400
