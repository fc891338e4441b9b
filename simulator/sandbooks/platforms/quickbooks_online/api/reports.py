"""Reports over the books: trial balance, profit and loss, balance sheet, general ledger, what is owed.

Source: Report.xsd of https://github.com/intuit/QuickBooks-V3-PHP-SDK for the shape of rows and columns
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.fields import read_day
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.render import cents, stamp
from sandbooks.platforms.quickbooks_online.wire.replies import bare
from sandbooks.wire import Response


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: the first and the last day."""

    realm: Realm
    start: date
    end: date


# The other reports. Source: https://github.com/mcohen01/node-quickbooks and the developer site.
_LACKING = frozenset(
    {
        "accountlist", "accountlistdetail", "agedpayabledetail", "agedpayables", "agedreceivabledetail",
        "agedreceivables", "cashflow", "classsales", "customerbalance", "customerbalancedetail",
        "customerincome", "customersales", "departmentsales", "expensesbyvendor", "fecreport",
        "generalledgerdetail", "incomebycustomer", "inventoryvaluationdetail", "inventoryvaluationsummary",
        "itemsales", "journalreport", "profitandlossdetail", "salesbyclasssummary", "salesbycustomer",
        "salesbydepartment", "salesbyproduct", "taxsummary", "transactionlist", "transactionlistbycustomer",
        "transactionlistbyvendor", "transactionlistwithsplits", "vendorbalancedetail",
        "vendorexpenses",
    }
)  # fmt: skip


def report(call: Call) -> Response:
    """One report by its name, in any case."""
    wanted = call.args["name"].lower()
    name = next((each for each in _REPORTS if each.lower() == wanted), None)
    if name is None and wanted not in _LACKING:
        raise no.UnsupportedOperation(f"report {wanted[:40]}")
    if name is None:
        raise NotSimulated(f"report {wanted}", instead=", ".join(_REPORTS))
    if call.query.get("accounting_method", "Accrual").lower() == "cash":
        raise NotSimulated("reports on cash basis", instead="accounting_method=Accrual")
    if call.query.get("summarize_column_by", "Total").lower() != "total":
        raise NotSimulated("summarize_column_by", instead="Total")
    asked = _asked(call)
    titles, rows = _REPORTS[name](asked)
    return bare(call, _report(asked, name, titles, rows))


def _asked(call: Call) -> Asked:
    """The days of a report: start_date and end_date, else a few macros, else this year to date."""
    realm = Realm(call.company)
    today = realm.today
    macro = call.query.get("date_macro", "This Fiscal Year-to-date")
    start, end = _macro(macro, today)
    if call.query.get("start_date"):
        start = read_day(call.query["start_date"], "start_date")
        end = today
    if call.query.get("end_date"):
        end = read_day(call.query["end_date"], "end_date")
    if end < start:
        raise no.DateRange("end_date", end.isoformat())
    return Asked(realm, start, end)


def _macro(macro: str, today: date) -> tuple[date, date]:
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    last_month_end = month - timedelta(days=1)
    known = {
        "all": (date(1900, 1, 1), date(2299, 12, 31)),
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this month": (month, (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
        "this month-to-date": (month, today),
        "last month": (last_month_end.replace(day=1), last_month_end),
        "this fiscal year": (year, year.replace(month=12, day=31)),
        "this fiscal year-to-date": (year, today),
        "this calendar year": (year, year.replace(month=12, day=31)),
        "this calendar year-to-date": (year, today),
        "last fiscal year": (year.replace(year=year.year - 1), year - timedelta(days=1)),
        "last calendar year": (year.replace(year=year.year - 1), year - timedelta(days=1)),
    }
    if macro.lower() not in known:
        raise NotSimulated(f"date_macro {macro}", instead="start_date and end_date")
    return known[macro.lower()]


def _report(asked: Asked, name: str, titles: list[tuple[str, str]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    realm = asked.realm
    return {
        "Header": {
            "Time": stamp(realm, realm.world.clock.now()),
            "ReportName": name,
            "ReportBasis": "Accrual",
            "StartPeriod": asked.start.isoformat(),
            "EndPeriod": asked.end.isoformat(),
            "SummarizeColumnsBy": "Total",
            "Currency": realm.home,
            "Option": [
                {"Name": "AccountingStandard", "Value": "GAAP"},
                {"Name": "NoReportData", "Value": "false" if rows else "true"},
            ],
        },
        "Columns": {"Column": [{"ColTitle": title, "ColType": kind} for title, kind in titles]},
        "Rows": {"Row": rows} if rows else {},
    }


def _cells(*values: str | tuple[str, str]) -> list[dict[str, str]]:
    return [{"value": v[0], "id": v[1]} if isinstance(v, tuple) else {"value": v} for v in values]


def _amount(value: Decimal) -> str:
    return f"{cents(value):f}" if value else ""


def _data(*values: str | tuple[str, str]) -> dict[str, Any]:
    return {"ColData": _cells(*values), "type": "Data"}


def _section(title: str, group: str, rows: list[dict[str, Any]], total: Decimal) -> dict[str, Any]:
    return {
        "Header": {"ColData": _cells(title, "")},
        "Rows": {"Row": rows},
        "Summary": {"ColData": _cells(f"Total {title}", f"{cents(total):f}")},
        "type": "Section",
        "group": group,
    }


# The reports


def _trial_balance(asked: Asked) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    book = asked.realm.company.book
    rows, debits, credits = [], Decimal(0), Decimal(0)
    for row in book.trial_balance(as_of=asked.end):
        base = row.balance.base.amount
        debits, credits = debits + max(base, Decimal(0)), credits + max(-base, Decimal(0))
        rows.append(
            _data((row.account.name, row.account.id), _amount(max(base, Decimal(0))), _amount(max(-base, Decimal(0))))
        )
    if rows:
        total = {"ColData": _cells("TOTAL", f"{cents(debits):f}", f"{cents(credits):f}")}
        rows.append({"Summary": total, "type": "Section", "group": "GrandTotal"})
    return [("", "Account"), ("Debit", "Money"), ("Credit", "Money")], rows


_PROFIT = (
    ("Income", "Income", ("Income",), -1),
    ("Cost of Goods Sold", "COGS", ("Cost of Goods Sold",), 1),
    ("Expenses", "Expenses", ("Expense",), 1),
    ("Other Income", "OtherIncome", ("Other Income",), -1),
    ("Other Expenses", "OtherExpenses", ("Other Expense",), 1),
)
_ASSETS = ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset")
_OWED = ("Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability")


def _sections(
    asked: Asked, wanted: tuple[tuple[str, str, tuple[str, ...], int], ...], *, since: date | None
) -> tuple[list[dict[str, Any]], Decimal]:
    """Sections by account type and their net, in debit-positive terms."""
    realm = asked.realm
    trial = realm.company.book.trial_balance(as_of=asked.end, since=since)
    rows, net = [], Decimal(0)
    for title, group, types, sign in wanted:
        lines, total = [], Decimal(0)
        for row in trial:
            kind = realm.account_type(row.account.id)
            if kind is not None and kind.name in types and row.balance.base:
                value = row.balance.base.amount * sign
                total, net = total + value, net + row.balance.base.amount
                lines.append(_data((row.account.name, row.account.id), f"{cents(value):f}"))
        if lines:
            rows.append(_section(title, group, lines, total))
    return rows, net


def _profit_and_loss(asked: Asked) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    rows, net = _sections(asked, _PROFIT, since=asked.start)
    if rows:
        total = {"ColData": _cells("Net Income", f"{cents(-net):f}")}
        rows.append({"Summary": total, "type": "Section", "group": "NetIncome"})
    return [("", "Account"), ("Total", "Money")], rows


def _balance_sheet(asked: Asked) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """Profit and loss of all years stands in equity as net income: years are not closed by entries."""
    wanted = (
        ("Assets", "TotalAssets", _ASSETS, 1),
        ("Liabilities", "Liabilities", _OWED, -1),
        ("Equity", "Equity", ("Equity",), -1),
    )
    rows, _ = _sections(asked, wanted, since=None)
    _, profit = _sections(asked, _PROFIT, since=None)
    if profit:
        rows.append(_section("Net Income", "NetIncome", [_data("Net Income", f"{cents(-profit):f}")], -profit))
    return [("", "Account"), ("Total", "Money")], rows


def _general_ledger(asked: Asked) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """The live lines of each account; what was edited or deleted shows no pair."""
    realm, book = asked.realm, asked.realm.company.book
    rows: list[dict[str, Any]] = []
    for account in book.accounts():
        before = book.balance(account.id, as_of=asked.start - timedelta(days=1)).base.amount
        balance, lines = before, []
        for line in book.lines(account=account.id, since=asked.start, through=asked.end):
            live = book.current(line.source.kind, line.source.id)
            if live is None or live.number != line.number:
                continue
            balance += line.base.amount
            record = realm.get(line.source.kind, line.source.id)
            number = str(record.body.get("DocNumber", "")) if record else ""
            name = realm.label("Entity", line.posting.party) if line.posting.party else ""
            lines.append(
                _data(
                    line.date.isoformat(),
                    (line.source.kind, line.source.id),
                    number,
                    name,
                    line.posting.memo or line.entry_memo,
                    f"{cents(line.base.amount):f}",
                    f"{cents(balance):f}",
                )
            )
        if lines:
            rows.append(_section(account.name, account.id, lines, balance - before))
    titles = [("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Name", "name")]
    return [*titles, ("Memo/Description", "memo"), ("Amount", "subt_nat_amount"), ("Balance", "rbal_nat_amount")], rows


def _vendor_balance(asked: Asked) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    realm = asked.realm
    rows, total = [], Decimal(0)
    for record in realm.records.scan("Vendor"):
        balance = realm.name_balance(record.id)
        if balance:
            total += balance
            rows.append(_data((str(record.body["DisplayName"]), record.id), f"{cents(balance):f}"))
    if rows:
        rows.append(
            {"Summary": {"ColData": _cells("TOTAL", f"{cents(total):f}")}, "type": "Section", "group": "GrandTotal"}
        )
    return [("", "Vendor"), ("Total", "Money")], rows


_REPORTS: Mapping[str, Callable[[Asked], tuple[list[tuple[str, str]], list[dict[str, Any]]]]] = {
    "TrialBalance": _trial_balance,
    "ProfitAndLoss": _profit_and_loss,
    "BalanceSheet": _balance_sheet,
    "GeneralLedger": _general_ledger,
    "VendorBalance": _vendor_balance,
}
OPERATIONS = (Operation("report", "GET", "/v3/company/<realm>/reports/<name>", report),)
