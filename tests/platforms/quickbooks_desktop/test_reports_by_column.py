"""Reports by period, class and name, on the cash basis, from a trailing index, and as the application puts them."""

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import Desk, add, bill, charge, document, line, modify, ref
from tests.platforms.quickbooks_desktop.test_reports import ALL, columns, dated, detail, pay, period, summary, table

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record, Records

CASH = "<ReportBasis>Cash</ReportBasis>"
Rows = list[tuple[str, ...]]


def by(unit: str) -> str:
    return f"<SummarizeColumnsBy>{unit}</SummarizeColumnsBy>"


def titles(report: etree._Element) -> list[str | None]:
    return [each.get("value") for each in report.findall("ColDesc/ColTitle")][1:]


def held(rows: Rows, label: str) -> tuple[str, ...]:
    return next(row[2:] for row in rows if row[1] == label)


def custom(desk: Desk, inner: str, *, basis: str = "", columns: str = "TotalOnly", rows: str = "TotalOnly") -> Any:
    kind = "<CustomSummaryReportType>CustomSummary</CustomSummaryReportType>"
    axes = f"{by(columns)}<SummarizeRowsBy>{rows}</SummarizeRowsBy>"
    return desk.ok(f"<CustomSummaryReportQueryRq>{kind}{inner}{axes}{basis}</CustomSummaryReportQueryRq>")


def custom_detail(desk: Desk, inner: str, *names: str, rows: str = "TotalOnly", more: str = "") -> etree._Element:
    kind = "<CustomDetailReportType>CustomTxnDetail</CustomDetailReportType>"
    axes = f"<SummarizeRowsBy>{rows}</SummarizeRowsBy>{columns(*names)}"
    return desk.ok(f"<CustomDetailReportQueryRq>{kind}{inner}{axes}{more}</CustomDetailReportQueryRq>")


@pytest.fixture
def spent(desk: Desk) -> Desk:
    """A first quarter with a bill that is paid in parts."""
    desk.ok(dated(charge(line("10.00", more=ref("ClassRef", "North")), number="a"), "2026-01-08"))
    owed = desk.ok(dated(bill(line("100.01"), line("50.00", "Software"), number="b"), "2026-02-10"))
    pay(desk, owed, "60.00", "2026-02-25")
    pay(desk, owed, "90.01", "2026-03-04")
    desk.ok(dated(charge(line("7.50", more=ref("ClassRef", "South")), payee="Fabrikam Inns", number="c"), "2026-03-09"))
    return desk


QUARTER = period("2026-01-01", "2026-03-31")


def test_profit_and_loss_by_month_has_a_column_for_each_and_their_total(spent: Desk) -> None:
    told = summary(spent, "ProfitAndLossStandard", QUARTER + by("Month"))
    assert titles(told) == ["Jan 26", "Feb 26", "Mar 26", "TOTAL"]
    rows = table(told)
    assert held(rows, "Travel") == ("10.00", "100.01", "7.50", "117.51")
    assert held(rows, "Net Income") == ("-10.00", "-150.01", "-7.50", "-167.51")


@pytest.mark.parametrize(
    ("unit", "count", "first"),
    [
        ("Day", 90, "Jan 1, 26"),
        ("Week", 14, "Week of Jan 1, 26"),
        ("TwoWeek", 7, "Jan 1 - Jan 10, 26"),
        ("FourWeek", 4, "Jan 1 - Jan 24, 26"),
        ("HalfMonth", 6, "Jan 1 - Jan 15, 26"),
        ("Quarter", 1, "Jan - Mar 26"),
        ("Year", 1, "Jan - Mar 26"),
    ],
)
def test_every_period_adds_up_to_the_same_total(spent: Desk, unit: str, count: int, first: str) -> None:
    told = summary(spent, "ProfitAndLossStandard", QUARTER + by(unit))
    assert (len(titles(told)), titles(told)[0]) == (count + 1, first)
    *parts, total = (Decimal(cell) for cell in held(table(told), "Total Expense"))
    assert sum(parts) == total == Decimal("167.51")


def test_quarters_are_those_of_the_fiscal_year_where_it_is_asked_for() -> None:
    desk = Desk(fiscal_year_begins="February")
    desk.ok(dated(charge(line("10.00")), "2026-03-05"))
    asked = QUARTER + by("Quarter") + "<ReportCalendar>FiscalYear</ReportCalendar>"
    assert titles(summary(desk, "ProfitAndLossStandard", asked)) == ["Jan - Jan 26", "Feb - Mar 26", "TOTAL"]


def test_a_balance_sheet_by_month_balances_at_each_end(spent: Desk) -> None:
    told = summary(spent, "BalanceSheetStandard", QUARTER + by("Month"))
    rows = table(told)
    assert titles(told) == ["Jan 31, 26", "Feb 28, 26", "Mar 31, 26"]
    assert held(rows, "TOTAL ASSETS") == held(rows, "TOTAL LIABILITIES & EQUITY")
    assert held(rows, "Main Checking") == ("0.00", "-60.00", "-150.01")
    assert held(rows, "Total Accounts Payable") == ("0.00", "90.01", "0.00")


def test_profit_and_loss_by_class_and_by_name(spent: Desk) -> None:
    told = summary(spent, "ProfitAndLossByClass", QUARTER)
    assert titles(told) == ["North", "South", "Unclassified", "TOTAL"]
    assert held(table(told), "Travel") == ("10.00", "7.50", "100.01", "117.51")
    vendors = summary(spent, "ProfitAndLossStandard", QUARTER + by("Vendor"))
    assert titles(vendors) == ["Contoso Air", "Fabrikam Inns", "TOTAL"]
    assert held(table(vendors), "Travel") == ("110.01", "7.50", "117.51")


def test_columns_that_hold_nothing_are_left_out_where_that_is_asked_for(spent: Desk) -> None:
    asked = period("2025-11-01", "2026-01-31") + by("Month") + "<ReturnColumns>NonZero</ReturnColumns>"
    assert titles(summary(spent, "ProfitAndLossStandard", asked)) == ["Jan 26", "TOTAL"]


def test_more_columns_than_a_report_holds_are_refused(spent: Desk) -> None:
    kind = "<GeneralSummaryReportType>ProfitAndLossStandard</GeneralSummaryReportType>"
    asked = f"{kind}{period('1901-01-01', '9999-12-31')}{by('Day')}"
    assert spent.refused(f"<GeneralSummaryReportQueryRq>{asked}</GeneralSummaryReportQueryRq>") == "3210"


# Cash


def test_on_the_cash_basis_a_bill_counts_when_it_is_paid(spent: Desk) -> None:
    rows = table(summary(spent, "ProfitAndLossStandard", QUARTER + by("Month") + CASH))
    assert held(rows, "Travel") == ("10.00", "40.00", "67.51", "117.51")
    assert held(rows, "Software") == ("0.00", "20.00", "30.00", "50.00")
    assert summary(spent, "ProfitAndLossStandard", QUARTER + CASH).findtext("ReportBasis") == "Cash"


def test_on_the_cash_basis_nothing_is_owed_and_the_sheet_balances(spent: Desk) -> None:
    spent.ok(dated(bill(line("33.00"), number="open"), "2026-03-11"))
    rows = table(summary(spent, "BalanceSheetStandard", QUARTER + CASH))
    assert "Accounts Payable" not in [row[1] for row in rows]
    assert held(rows, "TOTAL ASSETS") == held(rows, "TOTAL LIABILITIES & EQUITY")
    trial = table(summary(spent, "TrialBalance", QUARTER + CASH))
    assert trial[-1][2] == trial[-1][3]


def test_on_the_cash_basis_a_credit_counts_with_the_bill_that_it_settles(desk: Desk) -> None:
    owed = desk.ok(dated(bill(line("100.00"), number="b"), "2026-02-10"))
    back = desk.ok(dated(bill(line("30.00", "Software"), number="cr"), "2026-02-12").replace("Bill", "VendorCredit"))
    used = f"<SetCredit><CreditTxnID>{back.findtext('TxnID')}</CreditTxnID><AppliedAmount>30.00</AppliedAmount>"
    applied = f"<AppliedToTxnAdd><TxnID>{owed.findtext('TxnID')}</TxnID>{used}</SetCredit></AppliedToTxnAdd>"
    head = ref("PayeeEntityRef", "Contoso Air") + "<TxnDate>2026-03-02</TxnDate>"
    desk.ok(
        add("BillPaymentCheck", head + ref("BankAccountRef", "Main Checking") + "<RefNumber>5</RefNumber>" + applied)
    )
    rows = table(summary(desk, "ProfitAndLossStandard", QUARTER + by("Month") + CASH))
    assert held(rows, "Travel") == ("0.00", "0.00", "30.00", "30.00")
    assert held(rows, "Software") == ("0.00", "0.00", "-30.00", "-30.00")


def test_on_the_cash_basis_a_check_that_settles_a_bill_counts_as_what_it_is_for(desk: Desk) -> None:
    owed = desk.ok(dated(bill(line("100.00"), number="b"), "2026-02-10"))
    applied = f"<ApplyCheckToTxnAdd><TxnID>{owed.findtext('TxnID')}</TxnID></ApplyCheckToTxnAdd>"
    head = ref("AccountRef", "Main Checking") + ref("PayeeEntityRef", "Contoso Air") + "<TxnDate>2026-03-02</TxnDate>"
    desk.ok(add("Check", head + applied + line("70.00", "Accounts Payable")))
    assert held(table(summary(desk, "ProfitAndLossStandard", QUARTER + CASH)), "Travel") == ("70.00",)
    assert held(table(summary(desk, "BalanceSheetStandard", QUARTER + CASH)), "TOTAL ASSETS") == ("-70.00",)


@pytest.mark.parametrize("kind", ["BillPaymentCheck", "Check"])
def test_on_the_cash_basis_a_bill_that_is_paid_early_counts_on_its_own_day(desk: Desk, kind: str) -> None:
    owed = desk.ok(dated(bill(line("60.00"), line("40.00", "Software"), number="b"), "2026-03-10"))
    if kind == "Check":
        applied = f"<ApplyCheckToTxnAdd><TxnID>{owed.findtext('TxnID')}</TxnID></ApplyCheckToTxnAdd>"
        head = ref("AccountRef", "Main Checking") + ref("PayeeEntityRef", "Contoso Air")
        desk.ok(add("Check", f"{head}<TxnDate>2026-02-20</TxnDate>{applied}{line('50.00', 'Accounts Payable')}"))
    else:
        pay(desk, owed, "50.00", "2026-02-20")
    rows = table(summary(desk, "ProfitAndLossStandard", QUARTER + by("Month") + CASH))
    assert (held(rows, "Travel"), held(rows, "Software")) == (
        ("0.00", "0.00", "30.00", "30.00"),
        ("0.00", "0.00", "20.00", "20.00"),
    )
    early = table(summary(desk, "BalanceSheetStandard", period("2026-01-01", "2026-02-28") + CASH))
    assert (held(early, "Total Accounts Payable"), held(early, "TOTAL ASSETS")) == (("-50.00",), ("-50.00",))
    late = table(summary(desk, "BalanceSheetStandard", QUARTER + CASH))
    assert held(late, "Total Accounts Payable") == ("0.00",)
    assert held(late, "TOTAL ASSETS") == held(late, "TOTAL LIABILITIES & EQUITY") == ("-50.00",)


def test_the_ledger_tells_the_cash_basis_too(spent: Desk) -> None:
    wanted = "<ReportAccountFilter><FullName>Software</FullName></ReportAccountFilter>"
    rows = table(detail(spent, "GeneralLedger", QUARTER + wanted + columns("TxnType", "Debit") + CASH))
    assert [row[2:] for row in rows if row[0] == "Data"] == [("Bill Pmt -Check", "20.00"), ("Bill Pmt -Check", "30.00")]


# Custom reports


def test_a_custom_summary_by_vendor_and_month(spent: Desk) -> None:
    told = custom(spent, QUARTER, columns="Month", rows="Vendor")
    assert titles(told) == ["Jan 26", "Feb 26", "Mar 26", "TOTAL"]
    assert table(told) == [
        ("Data", "Contoso Air", "-10.00", "-150.01", "0.00", "-160.01"),
        ("Data", "Fabrikam Inns", "0.00", "0.00", "-7.50", "-7.50"),
        ("Total", "TOTAL", "-10.00", "-150.01", "-7.50", "-167.51"),
    ]


def test_a_custom_summary_of_one_account_has_its_sign(spent: Desk) -> None:
    inner = QUARTER + "<ReportAccountFilter><FullName>Travel</FullName></ReportAccountFilter>"
    assert table(custom(spent, inner, rows="Class")) == [
        ("Data", "North", "10.00"),
        ("Data", "South", "7.50"),
        ("Data", "Unclassified", "100.01"),
        ("Total", "TOTAL", "117.51"),
    ]


def test_a_custom_summary_of_the_income_statement_is_profit_and_loss(spent: Desk) -> None:
    plain = table(summary(spent, "ProfitAndLossStandard", QUARTER))
    assert table(custom(spent, QUARTER, rows="IncomeStatement")) == plain


def test_a_custom_summary_by_account_tells_every_account(spent: Desk) -> None:
    rows = table(custom(spent, QUARTER, rows="Account"))
    assert held(rows, "Visa") == ("17.50",)
    assert held(rows, "Main Checking") == ("-150.01",)
    assert rows[-1] == ("Total", "TOTAL", "0.00")
    sheet = [row[1] for row in table(custom(spent, QUARTER, rows="BalanceSheet"))]
    assert "Travel" not in sheet


def test_a_custom_summary_may_be_a_total_alone_and_on_the_cash_basis(spent: Desk) -> None:
    assert table(custom(spent, period("2026-01-01", "2026-02-28"), basis=CASH)) == [("Total", "TOTAL", "-70.00")]


def test_a_custom_detail_report_goes_by_the_rows_that_are_asked_for(spent: Desk) -> None:
    inner = QUARTER + "<ReportAccountFilter><FullName>Travel</FullName></ReportAccountFilter>"
    rows = table(custom_detail(spent, inner, "RefNumber", "Amount", rows="Month"))
    assert [row for row in rows if row[0] == "Text"] == [("Text", "Jan 26"), ("Text", "Feb 26"), ("Text", "Mar 26")]
    assert ("Data", "", "b", "100.01") in rows
    assert ("Subtotal", "Total Mar 26", "", "7.50") in rows
    assert rows[-1] == ("Total", "TOTAL", "", "117.51")


def test_a_custom_detail_report_by_account_tells_the_accounts_that_are_asked_for(spent: Desk) -> None:
    used = [row[1] for row in table(custom_detail(spent, QUARTER, "Amount", rows="Account")) if row[0] == "Text"]
    assert used == ["Main Checking", "Accounts Payable", "Visa", "Software", "Travel"]
    more = "<IncludeAccounts>All</IncludeAccounts>"
    every = table(custom_detail(spent, QUARTER, "Amount", rows="Account", more=more))
    assert ("Text", "Rainy Day") in every


def test_rows_that_nothing_here_has_are_told_loudly(spent: Desk) -> None:
    with pytest.raises(NotSimulated):
        custom(spent, QUARTER, rows="SalesRep")
    with pytest.raises(NotSimulated):
        detail(spent, "Journal", ALL + "<SummarizeRowsBy>Month</SummarizeRowsBy>")


# What else may be asked


def test_a_report_that_is_displayed_is_not_returned(spent: Desk) -> None:
    kind = "<GeneralSummaryReportType>TrialBalance</GeneralSummaryReportType><DisplayReport>true</DisplayReport>"
    answer = spent.one(f"<GeneralSummaryReportQueryRq>{kind}{ALL}</GeneralSummaryReportQueryRq>")
    assert (answer.get("statusCode"), len(answer)) == ("0", 0)


@pytest.mark.parametrize(
    ("level", "accounts"),
    [
        ("SummaryOnly", {"Accounts Payable"}),
        ("AllExceptSummary", {"Travel", "Software"}),
        ("All", {"Accounts Payable", "Travel", "Software"}),
    ],
)
def test_a_report_tells_the_level_of_detail_that_is_asked_for(spent: Desk, level: str, accounts: set[str]) -> None:
    wanted = "<ReportTxnTypeFilter><TxnTypeFilter>Bill</TxnTypeFilter></ReportTxnTypeFilter>"
    inner = f"{QUARTER}{wanted}<ReportDetailLevelFilter>{level}</ReportDetailLevelFilter>"
    rows = table(detail(spent, "Journal", inner + columns("Account")))
    assert {row[2] for row in rows if row[0] == "Data"} == accounts


def test_a_report_trails_the_books_as_far_as_its_index_does(spent: Desk) -> None:
    spent.sandbox.clock.advance(hours=1)
    made = spent.ok(dated(charge(line("88.00"), number="late"), "2026-03-15"))
    keys = f"<TxnID>{made.findtext('TxnID')}</TxnID><EditSequence>{made.findtext('EditSequence')}</EditSequence>"
    spent.sandbox.clock.advance(minutes=1)
    changed = line("90.00", verb="Mod").replace("<AccountRef>", "<TxnLineID>-1</TxnLineID><AccountRef>", 1)
    spent.ok(modify("CreditCardCharge", keys + changed))
    assert held(table(summary(spent, "ProfitAndLossStandard", QUARTER)), "Travel") == ("207.51",)
    kind = "<GeneralSummaryReportType>ProfitAndLossStandard</GeneralSummaryReportType>"
    asked = f"<GeneralSummaryReportQueryRq>{kind}{QUARTER}{{}}</GeneralSummaryReportQueryRq>"
    for lag, travel in (("30s", "205.51"), ("5m", "117.51")):
        for basis in ("", CASH):
            with spent.sandbox.fault("stale_read", lag=lag):
                answer = spent.http("POST", "/qbxml/query", document(asked.format(basis)))
            (told,) = etree.fromstring(answer.body)[0][0]
            assert held(table(told), "Travel") == (travel,)


def test_bills_to_pay_and_deletions_trail_the_books_as_well(spent: Desk) -> None:
    spent.sandbox.clock.advance(hours=1)
    made = spent.ok(bill(line("12.00"), number="late"))
    gone = spent.ok(charge(line("3.00"), number="gone")).findtext("TxnID")
    spent.ok(f"<TxnDelRq><TxnDelType>CreditCardCharge</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>")
    asked = (
        f"<BillToPayQueryRq>{ref('PayeeEntityRef', 'Contoso Air')}</BillToPayQueryRq>",
        "<TxnDeletedQueryRq><TxnDelType>CreditCardCharge</TxnDelType></TxnDeletedQueryRq>",
    )
    assert [len(spent.one(each)) for each in asked] == [1, 1]
    assert spent.one(asked[0]).findtext("BillToPayRet/BillToPay/TxnID") == made.findtext("TxnID")
    with spent.sandbox.fault("stale_read", lag="10m"):
        answer = spent.http("POST", "/qbxml/query", document("".join(asked)))
    assert [each.get("statusCode") for each in etree.fromstring(answer.body)[0]] == ["1", "1"]


# Documents that are settled in other ways than by money


def test_a_bill_for_nothing_counts_when_it_is_entered(desk: Desk) -> None:
    desk.ok(dated(bill(line("100.00"), line("-100.00", "Software")), "2026-02-10"))
    told = table(summary(desk, "ProfitAndLossStandard", QUARTER + by("Month") + CASH))
    assert held(told, "Travel") == ("0.00", "100.00", "0.00", "100.00")
    assert held(told, "Software") == ("0.00", "-100.00", "0.00", "-100.00")


def test_a_line_on_accounts_payable_is_a_line_like_any_other_on_the_cash_basis(desk: Desk) -> None:
    owed = desk.ok(dated(bill(line("100.00"), line("50.00", "Accounts Payable")), "2026-02-10"))
    pay(desk, owed, "150.00", "2026-03-04")
    accrual, cash = (table(summary(desk, "TrialBalance", ALL + basis)) for basis in ("", CASH))
    assert cash == accrual


def test_a_report_by_name_looks_each_name_up_once(spent: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    get = Records.get

    def counted(records: Records, kind: str, id: str) -> Record | None:
        looked.append(kind)
        return get(records, kind, id)

    monkeypatch.setattr(Records, "get", counted)
    counts = []
    for number in range(2):
        looked.clear()
        told = summary(spent, "ProfitAndLossStandard", ALL + by("Vendor"))
        assert titles(told)[:2] == ["Contoso Air", "Fabrikam Inns"]
        counts.append(looked.count("Vendor"))
        for more in range(6):
            spent.ok(add("Vendor", f"<Name>Vendor {number} {more}</Name>"))
            spent.ok(charge(line("1.00"), payee=f"Vendor {number} {more}", number=f"v{number}{more}"))
    assert counts[1] - counts[0] <= 6 * 3
