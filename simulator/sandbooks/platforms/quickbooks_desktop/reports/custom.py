"""Custom reports: rows and columns by whatever is asked for.

Source: github.com/qbwc/qbxml, schema/qbxmlops130.xml (CustomSummaryReportQuery, CustomDetailReportQuery)
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sandbooks.ledger import AccountClass
from sandbooks.platforms.quickbooks_desktop.file import ACCOUNT_CLASSES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.reports import detail, summary
from sandbooks.platforms.quickbooks_desktop.reports.asking import Asked
from sandbooks.platforms.quickbooks_desktop.reports.layout import LABEL, TOTAL, Column, Report, Row, amounts, period
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line
from sandbooks.platforms.quickbooks_desktop.reports.splitting import dealt, parts
from sandbooks.platforms.quickbooks_desktop.reports.summary import Statement, Vector, natural, sums_of


def custom_summary(file: CompanyFile, query: Asked) -> Report:
    """Amounts of a period by row and column."""
    within, rows_by = summary.within_period(file, query), _rows_by(query)
    if rows_by in ("IncomeStatement", "BalanceSheet"):
        wanted = rows_by == "BalanceSheet"
        within = [line for line in within if summary.is_balance_sheet(file, line) == wanted]
    elif rows_by != "Account":
        within = _counted(file, query, within)
    by = query.columns
    split = [] if by == "TotalOnly" else summary.shown_parts(query, parts(file, query, by, within), within)
    every = [*dealt(split, within), within]
    words = period(query.first, query.last)
    last = TOTAL if split else Column(words, "Amount", "AMTTYPE")
    columns = (LABEL, *(Column(part.title, "Amount", "AMTTYPE") for part in split), last)
    rows = _rows(file, query, rows_by, every)
    return Report("Custom Summary Report", words, columns, tuple(rows), query.basis)


def _rows_by(query: Asked) -> str:
    return str(query.node.get("SummarizeRowsBy", "TotalOnly"))


def _counted(file: CompanyFile, query: Asked, within: list[Line]) -> list[Line]:
    """The postings that names, classes and periods add up: of the accounts asked for, else income and expenses."""
    # Unconfirmed: which accounts count where none is asked for; the postings of all of them add up to nothing.
    if query.node.child("ReportAccountFilter") is not None:
        return within
    return [line for line in within if not summary.is_balance_sheet(file, line)]


def _rows(file: CompanyFile, query: Asked, by: str, every: Sequence[list[Line]]) -> list[Row]:
    if by == "IncomeStatement":
        return summary.profit_rows(_statement(file, query, every))
    if by in ("Account", "BalanceSheet"):
        return _account_rows(file, query, every)
    whole = every[-1]
    found = [] if by == "TotalOnly" else parts(file, query, by, whole)
    rows = []
    for part, *cells in zip(found, *(dealt(found, held) for held in every), strict=True):
        held = _held(file, query, cells)
        if any(held) or query.rows == "All" or (query.rows == "ActiveOnly" and cells[-1]):
            rows.append(Row("Data", (part.title, *amounts(held)), part.title, "name"))
    return [*rows, Row("Total", ("TOTAL", *amounts(_held(file, query, every))))]


def _statement(file: CompanyFile, query: Asked, every: Sequence[list[Line]]) -> Statement:
    return Statement(file, [natural(file, sums_of(file, held)) for held in every], every=query.rows)


def _account_rows(file: CompanyFile, query: Asked, every: Sequence[list[Line]]) -> list[Row]:
    """What moved on each account in its natural sign, and the sum of debits less credits."""
    columns = [natural(file, sums_of(file, held)) for held in every]
    rows = []
    for account in summary.in_order(file):
        held = tuple(sums.get(account.id, Decimal(0)) for sums in columns)
        moved = any(account.id in sums for sums in columns)
        if any(held) or query.rows == "All" or (query.rows == "ActiveOnly" and moved):
            name = str(account.body["FullName"])
            rows.append(Row("Data", (name, *amounts(held)), name))
    total = tuple(sum((line.posting.base.amount for line in held), Decimal(0)) for held in every)
    return [*rows, Row("Total", ("TOTAL", *amounts(total)))]


def _held(file: CompanyFile, query: Asked, cells: Sequence[list[Line]]) -> Vector:
    """What a row holds in each column, from the postings there."""
    named = query.node.child("ReportAccountFilter") is not None
    return tuple(_sum(file, held, named=named) for held in cells)


def _sum(file: CompanyFile, held: Sequence[Line], *, named: bool) -> Decimal:
    """Amounts in the natural sign of the accounts asked for; without any, what is earned less what is spent."""
    found = Decimal(0)
    for line in held:
        raised = ACCOUNT_CLASSES[file.account_type(line.posting.account)] in (AccountClass.ASSET, AccountClass.EXPENSE)
        found += line.posting.base.amount if named and raised else -line.posting.base.amount
    return found


def custom_detail(file: CompanyFile, query: Asked) -> Report:
    """Postings of a period in the columns asked for, under the rows that they are summarized by."""
    by = _rows_by(query)
    within = summary.within_period(file, query)
    title = "Custom Transaction Detail Report"
    if by == "TotalOnly":
        return detail.grouped(file, query, [("", within)], title=title)
    if by == "Account":
        groups = [
            (str(account.body["FullName"]), [line for line in within if line.posting.account == account.id])
            for account in summary.in_order(file)
        ]
        told = query.node.get("IncludeAccounts", "InUse") == "All"
        return detail.grouped(file, query, [group for group in groups if group[1] or told], title=title)
    split = parts(file, query, by, within)
    found = zip((part.title for part in split), dealt(split, within), strict=True)
    return detail.grouped(file, query, [group for group in found if group[1]], title=title)


REPORTS = {"CustomSummary": custom_summary, "CustomTxnDetail": custom_detail}
