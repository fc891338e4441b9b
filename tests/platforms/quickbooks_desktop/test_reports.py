"""Reports: they add up to the books, keep to the period and the filters, and say loudly what they cannot tell."""

from decimal import Decimal

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, line, ref

from sandbooks.kit.errors import NotSimulated

ALL = "<ReportDateMacro>All</ReportDateMacro>"


def summary(desk: Desk, type: str, inner: str = ALL) -> etree._Element:
    kind = f"<GeneralSummaryReportType>{type}</GeneralSummaryReportType>"
    return desk.ok(f"<GeneralSummaryReportQueryRq>{kind}{inner}</GeneralSummaryReportQueryRq>")


def detail(desk: Desk, type: str, inner: str = ALL) -> etree._Element:
    kind = f"<GeneralDetailReportType>{type}</GeneralDetailReportType>"
    return desk.ok(f"<GeneralDetailReportQueryRq>{kind}{inner}</GeneralDetailReportQueryRq>")


def period(first: str, last: str) -> str:
    return f"<ReportPeriod><FromReportDate>{first}</FromReportDate><ToReportDate>{last}</ToReportDate></ReportPeriod>"


def table(report: etree._Element) -> list[tuple[str, ...]]:
    """Rows as (kind, label or text, other cells)."""
    data = report.find("ReportData")
    assert data is not None
    assert [row.get("rowNumber") for row in data] == [str(number) for number in range(1, len(data) + 1)]
    assert report.findtext("NumRows") == str(len(data))
    width = int(report.findtext("NumColumns") or 0)
    assert [each.get("colID") for each in report.findall("ColDesc")] == [str(n) for n in range(1, width + 1)]
    rows = []
    for row in data:
        cells = {cell.get("colID"): cell.get("value") or "" for cell in row.findall("ColData")}
        told = (
            [row.get("value") or ""] if row.tag == "TextRow" else [cells.get(str(n), "") for n in range(1, width + 1)]
        )
        rows.append((row.tag.removesuffix("Row"), *told))
    return rows


def dated(request: str, day: str) -> str:
    return request.replace("<RefNumber>", f"<TxnDate>{day}</TxnDate><RefNumber>", 1)


def pay(desk: Desk, owed: etree._Element, amount: str, day: str) -> None:
    applied = f"<TxnID>{owed.findtext('TxnID')}</TxnID><PaymentAmount>{amount}</PaymentAmount>"
    head = ref("PayeeEntityRef", "Contoso Air") + f"<TxnDate>{day}</TxnDate>" + ref("BankAccountRef", "Main Checking")
    desk.ok(add("BillPaymentCheck", f"{head}<RefNumber>501</RefNumber><AppliedToTxnAdd>{applied}</AppliedToTxnAdd>"))


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A file with two fiscal years in it."""
    desk.ok(dated(bill(line("70.00"), number="old"), "2025-11-20"))
    owed = desk.ok(dated(bill(line("100.00"), line("20.00", "Software"), number="new"), "2026-02-10"))
    pay(desk, owed, "45.00", "2026-02-25")
    desk.ok(dated(charge(line("31.40")), "2026-03-05"))
    desk.ok(dated(charge(line("12.00"), account="Visa EUR", payee="Litware Rail", number="e"), "2026-03-06"))
    row = f"<DepositLineAdd>{ref('AccountRef', 'Discounts Taken')}<Amount>8.00</Amount></DepositLineAdd>"
    head = f"<TxnDate>2026-03-07</TxnDate>{ref('DepositToAccountRef', 'Main Checking')}"
    desk.ok(add("Deposit", head + row))
    gone = desk.ok(charge(line("99.00"), number="gone")).findtext("TxnID")
    desk.ok(f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>")
    return desk


def signed(rows: list[tuple[str, ...]]) -> dict[str, str]:
    found = {}
    for kind, name, debit, credit in rows:
        if kind == "Data":
            found[name] = debit or (f"-{credit}" if credit not in ("0.00", "") else credit)
    return found


def test_a_trial_balance_is_that_of_the_books_but_for_closed_years(busy: Desk) -> None:
    rows = table(summary(busy, "TrialBalance", period("2026-01-01", "2026-12-31")))
    books = busy.books()
    books["Travel"] = f"{Decimal(books['Travel']) - 70:f}"
    assert signed(rows) == {**books, "Retained Earnings": "70.00"}
    debits = sum((Decimal(row[2]) for row in rows if row[0] == "Data" and row[2]), Decimal(0))
    assert rows[-1] == ("Total", "TOTAL", f"{debits:f}", f"{debits:f}")


def test_a_trial_balance_ends_with_its_period(busy: Desk) -> None:
    told = summary(busy, "TrialBalance", period("2025-01-01", "2025-12-31"))
    assert signed(table(told)) == {"Accounts Payable": "-70.00", "Travel": "70.00"}
    assert told.findtext("ReportSubtitle") == "As of December 31, 2025"


def test_profit_and_loss_of_a_period(busy: Desk) -> None:
    told = summary(busy, "ProfitAndLossStandard", period("2026-01-01", "2026-02-28"))
    assert (told.findtext("ReportTitle"), told.findtext("ReportBasis")) == ("Profit & Loss", "Accrual")
    assert table(told) == [
        ("Text", "Ordinary Income/Expense"),
        ("Text", "Expense"),
        ("Data", "Software", "20.00"),
        ("Data", "Travel", "100.00"),
        ("Subtotal", "Total Expense", "120.00"),
        ("Subtotal", "Net Ordinary Income", "-120.00"),
        ("Total", "Net Income", "-120.00"),
    ]
    year = table(summary(busy, "ProfitAndLossStandard", "<ReportDateMacro>ThisYear</ReportDateMacro>"))
    assert ("Data", "Discounts Taken", "8.00") in year
    assert ("Subtotal", "Total Other Income", "8.00") in year


def test_a_balance_sheet_balances(busy: Desk) -> None:
    rows = table(summary(busy, "BalanceSheetStandard", period("2026-01-01", "2026-12-31")))
    totals = {row[1]: row[2] for row in rows if row[0] == "Total"}
    assert totals["TOTAL ASSETS"] == totals["TOTAL LIABILITIES & EQUITY"] == busy.books()["Main Checking"]
    labels = [row[1] for row in rows]
    assert labels[:5] == ["ASSETS", "Current Assets", "Checking/Savings", "Main Checking", "Total Checking/Savings"]
    assert ("Data", "Retained Earnings", "-70.00") in rows
    profit = -sum(Decimal(busy.books()[name]) for name in ("Travel", "Software", "Discounts Taken")) + 70
    assert ("Data", "Net Income", f"{profit:f}") in rows


def test_subaccounts_stand_below_their_parent(desk: Desk) -> None:
    desk.ok(add("Account", f"<Name>Trains</Name>{ref('ParentRef', 'Travel')}<AccountType>Expense</AccountType>"))
    desk.ok(dated(charge(line("10.00", "Travel:Trains"), line("3.00")), "2026-03-05"))
    rows = table(summary(desk, "ProfitAndLossStandard"))
    at = rows.index(("Text", "Travel"))
    assert rows[at : at + 4] == [
        ("Text", "Travel"),
        ("Data", "Trains", "10.00"),
        ("Data", "Travel - Other", "3.00"),
        ("Subtotal", "Total Travel", "13.00"),
    ]
    (named,) = summary(desk, "ProfitAndLossStandard").findall(f"ReportData/DataRow[@rowNumber='{at + 2}']/RowData")
    assert named.attrib == {"rowType": "account", "value": "Travel:Trains"}


def test_vendors_by_what_they_are_owed(busy: Desk) -> None:
    assert table(summary(busy, "VendorBalanceSummary")) == [
        ("Data", "Contoso Air", "145.00"),
        ("Total", "TOTAL", "145.00"),
    ]
    early = table(summary(busy, "VendorBalanceSummary", period("2025-01-01", "2026-02-20")))
    assert early[0] == ("Data", "Contoso Air", "190.00")


@pytest.mark.parametrize(("rows", "count"), [("NonZero", 1), ("All", 4), ("ActiveOnly", 1)])
def test_rows_without_an_amount_are_told_as_asked(busy: Desk, rows: str, count: int) -> None:
    told = table(summary(busy, "VendorBalanceSummary", f"{ALL}<ReturnRows>{rows}</ReturnRows>"))
    assert len(told) - 1 == (3 if rows == "All" else count)


# Detail


def test_a_general_ledger_goes_account_by_account(busy: Desk) -> None:
    inner = period("2026-02-01", "2026-02-28") + "<ReportAccountFilter><FullName>Accounts Payable</FullName>"
    told = detail(busy, "GeneralLedger", inner + "</ReportAccountFilter>")
    assert [each.findtext("ColType") for each in told.findall("ColDesc")] == [
        *("Label", "TxnType", "Date", "RefNumber", "Name", "Memo", "SplitAccount", "Debit", "Credit", "RunningBalance"),
    ]
    rows = table(told)
    assert rows[0] == ("Text", "Accounts Payable")
    assert (rows[1][1], rows[1][-1]) == ("Accounts Payable", "70.00")
    assert rows[2][2:] == ("Bill", "2026-02-10", "new", "Contoso Air", "", "-SPLIT-", "", "120.00", "190.00")
    assert (rows[3][2], rows[3][7:]) == ("Bill Pmt -Check", ("Main Checking", "45.00", "", "145.00"))
    assert rows[4][:2] + rows[4][8:] == ("Subtotal", "Total Accounts Payable", "45.00", "120.00", "145.00")


def test_every_account_of_the_ledger_ends_with_the_balance_of_the_books(busy: Desk) -> None:
    rows = table(detail(busy, "GeneralLedger"))
    ends = {row[1].removeprefix("Total "): Decimal(row[-1]) for row in rows if row[0] == "Subtotal"}
    assert {name: abs(amount) for name, amount in ends.items()} == {
        name: abs(Decimal(amount)) for name, amount in busy.books().items()
    }


def test_a_journal_goes_transaction_by_transaction(busy: Desk) -> None:
    inner = period("2026-02-01", "2026-02-28")
    rows = table(detail(busy, "Journal", inner))
    assert [row[8:] for row in rows if row[0] == "Data"] == [
        ("Travel", "100.00", ""),
        ("Software", "20.00", ""),
        ("Accounts Payable", "", "120.00"),
        ("Accounts Payable", "45.00", ""),
        ("Main Checking", "", "45.00"),
    ]
    assert [row[9:] for row in rows if row[0] != "Data"] == [
        *(("120.00", "120.00"), ("45.00", "45.00"), ("165.00", "165.00")),
    ]


def test_transactions_by_date_in_the_columns_asked_for(busy: Desk) -> None:
    columns = "".join(f"<IncludeColumn>{name}</IncludeColumn>" for name in ("Date", "TxnType", "Amount", "TxnID"))
    told = detail(busy, "TxnListByDate", period("2026-02-01", "2026-03-31") + columns)
    rows = table(told)
    assert [row[2:5] for row in rows] == [
        ("2026-02-10", "Bill", "120.00"),
        ("2026-02-25", "Bill Pmt -Check", "-45.00"),
        ("2026-03-05", "Credit Card Charge", "31.40"),
        ("2026-03-06", "Credit Card Charge", rows[3][4]),
        ("2026-03-07", "Deposit", "8.00"),
    ]
    assert rows[0][5] == busy.ok("<BillQueryRq><RefNumber>new</RefNumber></BillQueryRq>").findtext("TxnID")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("<ReportEntityFilter><FullName>Litware Rail</FullName></ReportEntityFilter>", {"Credit Card Charge"}),
        ("<ReportEntityFilter><EntityTypeFilter>Customer</EntityTypeFilter></ReportEntityFilter>", set()),
        ("<ReportTxnTypeFilter><TxnTypeFilter>Deposit</TxnTypeFilter></ReportTxnTypeFilter>", {"Deposit"}),
        ("<ReportModifiedDateRangeMacro>Yesterday</ReportModifiedDateRangeMacro>", set()),
        (
            "<ReportAccountFilter><AccountTypeFilter>Bank</AccountTypeFilter></ReportAccountFilter>",
            {"Bill Pmt -Check", "Deposit"},
        ),
    ],
)
def test_a_report_keeps_to_its_filters(busy: Desk, asked: str, found: set[str]) -> None:
    assert {row[2] for row in table(detail(busy, "TxnListByDate", ALL + asked))} == found


def test_a_report_of_a_class(desk: Desk) -> None:
    desk.ok(dated(charge(line("10.00", more=ref("ClassRef", "North")), line("3.00")), "2026-03-05"))
    inner = ALL + "<ReportClassFilter><FullName>North</FullName></ReportClassFilter>"
    assert table(summary(desk, "ProfitAndLossStandard", inner))[-1] == ("Total", "Net Income", "-10.00")


@pytest.mark.parametrize(
    ("type", "inner"),
    [
        ("IncomeTaxSummary", ALL),
        ("VendorBalanceSummary", f"{ALL}<SummarizeColumnsBy>Month</SummarizeColumnsBy>"),
        ("BalanceSheetStandard", f"{ALL}<SummarizeColumnsBy>Class</SummarizeColumnsBy>"),
        ("ProfitAndLossStandard", f"{ALL}<SummarizeColumnsBy>PayrollItemDetail</SummarizeColumnsBy>"),
        ("TrialBalance", f"{ALL}<SummarizeColumnsBy>Month</SummarizeColumnsBy>"),
        ("TrialBalance", f"{ALL}<ReportItemFilter><ItemTypeFilter>Sales</ItemTypeFilter></ReportItemFilter>"),
        ("TrialBalance", f"{ALL}<ReportPostingStatusFilter>NonPosting</ReportPostingStatusFilter>"),
    ],
)
def test_what_a_report_cannot_tell_is_not_simulated(desk: Desk, type: str, inner: str) -> None:
    with pytest.raises(NotSimulated):
        summary(desk, type, inner)


def test_a_column_that_is_not_there_is_not_simulated(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="Aging"):
        detail(desk, "Journal", f"{ALL}<IncludeColumn>Aging</IncludeColumn>")


def test_a_period_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    asked = "<GeneralSummaryReportType>TrialBalance</GeneralSummaryReportType>" + period("2026-02-01", "2026-01-01")
    assert desk.refused(f"<GeneralSummaryReportQueryRq>{asked}</GeneralSummaryReportQueryRq>") == "3030"


@pytest.mark.parametrize(
    "type", ["TrialBalance", "BalanceSheetStandard", "ProfitAndLossStandard", "VendorBalanceSummary"]
)
@pytest.mark.parametrize(
    "inner",
    [ALL, "<ReportPeriod/>", "", "<ReportDateMacro>NextYear</ReportDateMacro>", period("1901-01-01", "9999-12-31")],
)
def test_every_period_can_be_asked_for(busy: Desk, type: str, inner: str) -> None:
    assert table(summary(busy, type, inner))[-1][0] == "Total"


@pytest.mark.parametrize("type", ["GeneralLedger", "Journal", "TxnListByDate"])
@pytest.mark.parametrize("inner", [ALL, "<ReportPeriod/>", "", period("1901-01-01", "9999-12-31")])
def test_every_period_can_be_asked_for_in_detail(busy: Desk, type: str, inner: str) -> None:
    assert detail(busy, type, inner).findtext("ReportSubtitle")


def test_a_balance_sheet_of_all_time_has_a_profit_of_its_last_year(busy: Desk) -> None:
    rows = table(summary(busy, "BalanceSheetStandard"))
    totals = [row[2] for row in rows if row[0] == "Total"]
    assert totals[0] == totals[1]
    assert "Net Income" in [row[1] for row in rows]


def columns(*names: str) -> str:
    return "".join(f"<IncludeColumn>{name}</IncludeColumn>" for name in names)


def test_the_total_of_an_account_has_the_sign_of_its_rows(desk: Desk) -> None:
    desk.ok(bill(line("100.00")))
    rows = table(detail(desk, "GeneralLedger", ALL + columns("Amount", "RunningBalance")))
    assert ("Data", "", "100.00", "100.00") in rows
    assert ("Subtotal", "Total Accounts Payable", "100.00", "100.00") in rows
    assert ("Subtotal", "Total Travel", "100.00", "100.00") in rows


@pytest.mark.parametrize("type", ["GeneralLedger", "Journal", "TxnListByDate"])
def test_the_other_side_is_told_where_a_filter_leaves_it_out(desk: Desk, type: str) -> None:
    desk.ok(bill(line("100.00")))
    wanted = "<ReportAccountFilter><FullName>Travel</FullName></ReportAccountFilter>"
    rows = table(detail(desk, type, ALL + wanted + columns("SplitAccount", "Debit")))
    assert [row[2:] for row in rows if row[0] == "Data"] == [("Accounts Payable", "100.00")]


@pytest.mark.parametrize("type", ["Journal", "TxnListByDate"])
def test_a_report_that_goes_along_no_account_has_no_running_balance(desk: Desk, type: str) -> None:
    desk.ok(bill(line("100.00")))
    with pytest.raises(NotSimulated):
        detail(desk, type, ALL + columns("RunningBalance"))
