"""Reports over the books: trial balance, profit and loss, balance sheet, bank summary, aged payables and receivables.

# Source: https://developer.xero.com/documentation/api/accounting/reports
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero import query
from sandbooks.platforms.xero.api.registry import ROOT
from sandbooks.platforms.xero.refusals import QueryUnreadable
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.dates import day_of, json_date, stored_instant
from sandbooks.wire import Response

Row = dict[str, Any]
Sums = dict[str, Decimal]
_SECTIONS = {
    "REVENUE": "Revenue",
    "EXPENSE": "Expenses",
    "ASSET": "Assets",
    "LIABILITY": "Liabilities",
    "EQUITY": "Equity",
}


def _day(call: Call, name: str, default: date) -> date:
    text = query.parameter(call, name)
    try:
        return date.fromisoformat(text[:10]) if text else default
    except ValueError as error:
        raise QueryUnreadable(f"{name} is not a date") from error


def _unsupported(call: Call, *names: str) -> None:
    """Parameters that would change the numbers are never ignored."""
    for name in names:
        if query.parameter(call, name):
            raise NotSimulated(f"report parameter {name}")
    if query.is_true(call, "paymentsOnly"):
        raise NotSimulated("reports on a cash basis (paymentsOnly=true)")


def _cell(value: str, attribute: tuple[str, str] | None = None) -> Row:
    if attribute is None:
        return {"Value": value}
    return {"Value": value, "Attributes": [{"Value": attribute[1], "Id": attribute[0]}]}


def _amount(value: Decimal) -> str:
    return f"{value:.2f}"


def _header(*titles: str) -> Row:
    return {"RowType": "Header", "Cells": [{"Value": title} for title in titles]}


def _section(title: str, rows: list[Row]) -> Row:
    return {"RowType": "Section", "Title": title, "Rows": rows}


def _report(call: Call, name: str, title: str, *, dated: str, rows: Iterable[Row]) -> Response:
    now = stored_instant(call.world.clock.now())
    today = call.today()
    document = {
        "ReportID": name,
        "ReportName": title,
        "ReportType": name,
        "ReportTitles": [title, call.company.name, dated],
        "ReportDate": f"{today.day} {today:%B %Y}",
        "UpdatedDateUTC": json_date(now) if writing.wants_json(call) else now,
        "Fields": [],
        "Rows": list(rows),
    }
    return writing.envelope(call, "Reports", [document], paging=None)


def _year_start(day: date, company: Company) -> date:
    """The first day of the financial year: April, or January in the United States."""
    month = 1 if company.country == "US" else 4
    return date(day.year if day.month >= month else day.year - 1, month, 1)


def _totals(company: Company, *, since: date | None = None, through: date) -> Sums:
    rows = company.book.trial_balance(since=since, as_of=through)
    return {row.account.id: row.balance.base.amount for row in rows}


def _accounts(company: Company, of_class: str) -> list[Record]:
    return [record for record in company.records.scan("Account") if record.body["Class"] == of_class]


def _sides(amount: Decimal) -> tuple[str, str]:
    return (_amount(amount), "") if amount >= 0 else ("", _amount(-amount))


def trial_balance(call: Call) -> Response:
    """Movement of the month and of the year, each as debit or credit, by class."""
    _unsupported(call)
    day = _day(call, "date", call.today())
    company = call.company
    month = _totals(company, since=day.replace(day=1), through=day)
    ever = _totals(company, through=day)
    year = _totals(company, since=_year_start(day, company), through=day)
    rows = [_header("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")]
    for of_class, title in _SECTIONS.items():
        standing = year if of_class in ("REVENUE", "EXPENSE") else ever
        found = []
        for record in _accounts(company, of_class):
            if standing.get(record.id) or month.get(record.id):
                amounts = (*_sides(month.get(record.id, Decimal(0))), *_sides(standing.get(record.id, Decimal(0))))
                found.append(_account_row(record, amounts, with_code=True))
        if found:
            rows.append(_section(title, found))
    return _report(call, "TrialBalance", "Trial Balance", dated=f"As at {day.day} {day:%B %Y}", rows=rows)


def _account_row(record: Record, amounts: Iterable[str], *, with_code: bool = False) -> Row:
    code = record.body.get("Code")
    name = f"{record.body['Name']} ({code})" if with_code and code else record.body["Name"]
    mark = ("account", record.id)
    return {"RowType": "Row", "Cells": [_cell(name, mark), *(_cell(amount, mark) for amount in amounts)]}


def _group(title: str, records: list[Record], *, sums: Sums, sign: int) -> tuple[Row, Decimal]:
    rows, total = [], Decimal(0)
    for record in records:
        amount = sums.get(record.id, Decimal(0)) * sign
        if amount:
            rows.append(_account_row(record, [_amount(amount)]))
            total += amount
    cells = [_cell(f"Total {title}"), _cell(_amount(total))]
    return _section(title, [*rows, {"RowType": "SummaryRow", "Cells": cells}]), total


def profit_and_loss(call: Call) -> Response:
    _unsupported(call, "periods", "timeframe", "trackingCategoryID", "trackingOptionID")
    today = call.today()
    since, through = _day(call, "fromDate", today.replace(day=1)), _day(call, "toDate", today)
    company, sums = call.company, _totals(call.company, since=since, through=through)
    income, earned = _group("Income", _accounts(company, "REVENUE"), sums=sums, sign=-1)
    expenses, spent = _group("Operating Expenses", _accounts(company, "EXPENSE"), sums=sums, sign=1)
    net = {"RowType": "Row", "Cells": [_cell("Net Profit"), _cell(_amount(earned - spent))]}
    rows = [_header("", f"{through.day} {through:%b %y}"), income, expenses, _section("", [net])]
    dated = f"{since.day} {since:%B %Y} to {through.day} {through:%B %Y}"
    return _report(call, "ProfitAndLoss", "Profit and Loss", dated=dated, rows=rows)


def balance_sheet(call: Call) -> Response:
    _unsupported(call, "periods", "timeframe", "trackingOptionID1", "trackingOptionID2")
    day = _day(call, "date", call.today())
    company, sums = call.company, _totals(call.company, through=day)
    assets, owned = _group("Assets", _accounts(company, "ASSET"), sums=sums, sign=1)
    liabilities, owed = _group("Liabilities", _accounts(company, "LIABILITY"), sums=sums, sign=-1)
    equity, _ = _group("Equity", _accounts(company, "EQUITY"), sums=sums, sign=-1)
    earned = [*_accounts(company, "REVENUE"), *_accounts(company, "EXPENSE")]
    result = -sum((sums.get(record.id, Decimal(0)) for record in earned), Decimal(0))
    equity["Rows"].insert(-1, {"RowType": "Row", "Cells": [_cell("Current Year Earnings"), _cell(_amount(result))]})
    equity["Rows"][-1]["Cells"][1]["Value"] = _amount(owned - owed)
    net = {"RowType": "Row", "Cells": [_cell("Net Assets"), _cell(_amount(owned - owed))]}
    rows = [_header("", f"{day.day} {day:%b %Y}"), assets, liabilities, _section("", [net]), equity]
    return _report(call, "BalanceSheet", "Balance Sheet", dated=f"As at {day.day} {day:%B %Y}", rows=rows)


def bank_summary(call: Call) -> Response:
    today = call.today()
    since, through = _day(call, "fromDate", today.replace(day=1)), _day(call, "toDate", today)
    company = call.company
    rows, totals = [], [Decimal(0)] * 4
    for record in _accounts(company, "ASSET"):
        if record.body["Type"] != "BANK":
            continue
        amounts = _bank_amounts(company, record.id, since=since, through=through)
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
        cells = [_cell(record.body["Name"], ("accountID", record.id)), *(_cell(_amount(a)) for a in amounts)]
        rows.append({"RowType": "Row", "Cells": cells})
    rows.append({"RowType": "SummaryRow", "Cells": [_cell("Total"), *(_cell(_amount(total)) for total in totals)]})
    header = _header("Bank Accounts", "Opening Balance", "Cash Received", "Cash Spent", "Closing Balance")
    dated = f"From {since.day} {since:%B %Y} to {through.day} {through:%B %Y}"
    return _report(call, "BankSummary", "Bank Summary", dated=dated, rows=[header, _section("", rows)])


def _bank_amounts(company: Company, account: str, *, since: date, through: date) -> list[Decimal]:
    """Opening balance, received, spent and closing balance, in base; reversals take back what they reverse."""
    closing = company.book.balance(account, as_of=through).base.amount
    received = spent = Decimal(0)
    for line in company.book.lines(account=account, since=since, through=through):
        amount, taken_back = line.base.amount, line.reverses is not None
        if (amount > 0) != taken_back:
            received += amount
        else:
            spent -= amount
    return [closing - received + spent, received, spent, closing]


def aged(kind: str) -> Callable[[Call], Response]:
    """Open bills or invoices of one contact."""
    name = "AgedPayablesByContact" if kind == "ACCPAY" else "AgedReceivablesByContact"
    title = "Aged Payables By Contact" if kind == "ACCPAY" else "Aged Receivables By Contact"

    def run(call: Call) -> Response:
        contact = query.parameter(call, "contactID").lower()
        if not contact:
            raise QueryUnreadable("contactID must be specified")
        _unsupported(call, "fromDate", "toDate")
        day = _day(call, "date", call.today())
        invoices = call.company.records.find("Invoice", "Contact.ContactID", contact)
        rows = [_aged_row(record) for record in invoices if _is_open(record, kind, day)]
        header = _header("Date", "Reference", "Due Date", "Total", "Paid", "Credited", "Due")
        return _report(call, name, title, dated=f"As at {day.day} {day:%B %Y}", rows=[header, _section("", rows)])

    return run


def _is_open(record: Record, kind: str, day: date) -> bool:
    body = record.body
    return body["Type"] == kind and body["Status"] == "AUTHORISED" and day_of(body["Date"]) <= day


def _aged_row(record: Record) -> Row:
    body, mark = record.body, ("invoiceID", record.id)
    amounts = (body["Total"], body["AmountPaid"], body["AmountCredited"], body["AmountDue"])
    texts = (body["Date"], body.get("InvoiceNumber", ""), body.get("DueDate", ""), *(_amount(a) for a in amounts))
    return {"RowType": "Row", "Cells": [_cell(text, mark) for text in texts]}


_RUNS = {
    "TrialBalance": ("trialbalance", trial_balance),
    "ProfitAndLoss": ("profitandloss", profit_and_loss),
    "BalanceSheet": ("balancesheet", balance_sheet),
    "BankSummary": ("banksummary", bank_summary),
    "AgedPayablesByContact": ("aged", aged("ACCPAY")),
    "AgedReceivablesByContact": ("aged", aged("ACCREC")),
}
OPERATIONS = tuple(
    Operation(
        f"report_{name}", "GET", f"{ROOT}/Reports/{name}", run, scope=f"accounting.reports accounting.reports.{scope}"
    )
    for name, (scope, run) in _RUNS.items()
)
