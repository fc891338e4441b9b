"""The shape of a report: header, sections, rows of cells, all text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.records import Record
from sandbooks.platforms.xero.api.reports.asked import written
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.dates import json_date, stored_instant
from sandbooks.wire import Response

Row = dict[str, Any]
Sums = dict[str, Decimal]
ZERO = Decimal(0)


def cell(value: str, attribute: tuple[str, str] | None = None) -> Row:
    if attribute is None:
        return {"Value": value}
    return {"Value": value, "Attributes": [{"Value": attribute[1], "Id": attribute[0]}]}


def amount(value: Decimal) -> str:
    """An amount with two decimals, or with those that the base currency has: nothing is cut off; zero has no sign."""
    exponent = value.normalize().as_tuple().exponent
    return f"{value + 0:.{max(2, -int(exponent))}f}"


def header(*titles: str) -> Row:
    return {"RowType": "Header", "Cells": [{"Value": title} for title in titles]}


def section(title: str, rows: list[Row]) -> Row:
    return {"RowType": "Section", "Title": title, "Rows": rows}


def row(title: str, values: Iterable[str], *, mark: tuple[str, str] | None = None) -> Row:
    """A row of values under a title; ``mark`` names what the row is about."""
    return {"RowType": "Row", "Cells": [cell(title, mark), *(cell(value, mark) for value in values)]}


def summary(title: str, values: Iterable[str]) -> Row:
    return {"RowType": "SummaryRow", "Cells": [cell(title), *(cell(value) for value in values)]}


def amounts(values: Iterable[Decimal]) -> list[str]:
    return [amount(value) for value in values]


def account_row(record: Record, values: Iterable[str], *, with_code: bool = False) -> Row:
    code = record.body.get("Code")
    name = f"{record.body['Name']} ({code})" if with_code and code else record.body["Name"]
    return row(name, values, mark=("account", record.id))


def added(left: Sequence[Decimal], right: Sequence[Decimal]) -> list[Decimal]:
    return [one + other for one, other in zip(left, right, strict=True)]


def answered(call: Call, name: str, title: str, *, titles: Sequence[str], rows: Iterable[Row]) -> Response:
    """A report in its envelope; ``titles`` follow the report's own."""
    now = stored_instant(call.world.clock.now())
    document = {
        "ReportID": name,
        "ReportName": title,
        "ReportType": name,
        "ReportTitles": list(titles),
        "ReportDate": written(call.today()),
        "UpdatedDateUTC": json_date(now) if writing.wants_json(call) else now,
        "Fields": [],
        "Rows": list(rows),
    }
    return writing.envelope(call, "Reports", [document], paging=None)
