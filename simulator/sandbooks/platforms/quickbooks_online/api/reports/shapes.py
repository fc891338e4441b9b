"""The shape of a report: header, columns, rows of cells. Every cell is text.

Source: Report.xsd of https://github.com/intuit/QuickBooks-V3-PHP-SDK
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.platforms.quickbooks_online.api.reports.asked import Asked
from sandbooks.platforms.quickbooks_online.render import cents, stamp

Row: TypeAlias = dict[str, Any]


class Column(Struct, frozen=True):
    """One column: its title, its type, and its key; a period's first and last day."""

    title: str
    kind: str
    key: str = ""
    days: tuple[date, date] | None = None

    def shown(self) -> Row:
        facts = [("ColKey", self.key or self.kind)]
        if self.days:
            facts = [("StartDate", self.days[0].isoformat()), ("EndDate", self.days[1].isoformat()), *facts]
        told = [{"Name": name, "Value": value} for name, value in facts]
        return {"ColTitle": self.title, "ColType": self.kind, "MetaData": told}


def whole_report(asked: Asked, name: str, columns: Sequence[Column], rows: list[Row]) -> Row:
    """A report as it is answered, without envelope."""
    realm = asked.realm
    header: Row = {"Time": stamp(realm, realm.world.clock.now()), "ReportName": name}
    if asked.macro:
        header["DateMacro"] = asked.macro.lower()
    header |= {
        "ReportBasis": "Cash" if asked.cash else "Accrual",
        "StartPeriod": asked.start.isoformat(),
        "EndPeriod": asked.end.isoformat(),
        "SummarizeColumnsBy": asked.by,
        "Currency": realm.home,
        "Option": [
            {"Name": "AccountingStandard", "Value": "GAAP"},
            {"Name": "NoReportData", "Value": "false" if rows else "true"},
        ],
    }
    shown = {"Column": [column.shown() for column in columns]}
    return {"Header": header, "Columns": shown, "Rows": {"Row": rows} if rows else {}}


def cells(*values: str | tuple[str, str]) -> list[dict[str, str]]:
    """Cells; a pair is a value with the id of what it names."""
    return [{"value": v[0], "id": v[1]} if isinstance(v, tuple) else {"value": v} for v in values]


def amount(value: Decimal) -> str:
    """An amount; an empty cell for nothing."""
    return f"{cents(value):f}" if value else ""


def full(value: Decimal) -> str:
    """An amount that is shown even when it is nothing; zero has no sign."""
    return f"{cents(value + 0):f}"


def data(*values: str | tuple[str, str]) -> Row:
    return {"ColData": cells(*values), "type": "Data"}


def section(
    title: str | tuple[str, str], group: str, rows: list[Row], totals: Sequence[Decimal], *, total: str = ""
) -> Row:
    """Rows under a heading, with their totals in the columns after the first; ``total`` is the title of those."""
    name = title[0] if isinstance(title, tuple) else title
    return {
        "Header": {"ColData": cells(title, *("" for _ in totals))},
        "Rows": {"Row": rows},
        "Summary": {"ColData": cells(total or f"Total {name}", *map(full, totals))},
        "type": "Section",
        "group": group,
    }


def closing(title: str, group: str, totals: Sequence[Decimal]) -> Row:
    """The last line: totals without rows of their own."""
    return {"Summary": {"ColData": cells(title, *map(full, totals))}, "type": "Section", "group": group}
