"""What a report looks like on the wire: columns, and rows that are text, data, subtotals and totals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from lxml import etree
from msgspec import Struct

from sandbooks.platforms.quickbooks_desktop import values

RowKind: TypeAlias = Literal["Text", "Data", "Subtotal", "Total"]


class Column(Struct, frozen=True):
    """A column: what it is called, what it holds, of which type."""

    title: str
    holds: str
    type: str = "STRTYPE"


LABEL = Column("", "Label")
TOTAL = Column("TOTAL", "Total", "AMTTYPE")


class Row(Struct, frozen=True):
    """A row: its cells by column, and the account or name that it is about."""

    kind: RowKind
    cells: tuple[str, ...] = ()
    about: str = ""
    word: str = "account"


class Report(Struct, frozen=True):
    """A whole report. ``titles`` is the rows of titles above the columns."""

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    basis: str = "Accrual"


def written(report: Report) -> etree._Element:
    """ReportRet."""
    # Source: QuickBooks Desktop SDK, Onscreen Reference (ReportRet); sample of a balance sheet in the tests of the
    # Python package quickbooks_desktop
    element = etree.Element("ReportRet")
    heads = (
        *(("ReportTitle", report.title), ("ReportSubtitle", report.subtitle), ("ReportBasis", report.basis)),
        *(("NumRows", str(len(report.rows))), ("NumColumns", str(len(report.columns))), ("NumColTitleRows", "1")),
    )
    for name, text in heads:
        etree.SubElement(element, name).text = text
    for place, column in enumerate(report.columns, 1):
        described = etree.SubElement(element, "ColDesc", colID=str(place), dataType=column.type)
        title = etree.SubElement(described, "ColTitle", titleRow="1")
        if column.title:
            title.set("value", column.title)
        etree.SubElement(described, "ColType").text = column.holds
    data = etree.SubElement(element, "ReportData")
    for number, row in enumerate(report.rows, 1):
        _write(data, row, number)
    return element


def _write(data: etree._Element, row: Row, number: int) -> None:
    made = etree.SubElement(data, f"{row.kind}Row", rowNumber=str(number))
    if row.kind == "Text":
        made.set("value", row.cells[0])
        return
    if row.about:
        etree.SubElement(made, "RowData", rowType=row.word, value=row.about)
    for place, cell in enumerate(row.cells, 1):
        if cell:
            etree.SubElement(made, "ColData", colID=str(place), value=cell)


def text(label: str) -> Row:
    """A heading."""
    return Row("Text", (label,))


def amounts(found: Iterable[Decimal]) -> tuple[str, ...]:
    """Amounts as cells."""
    return tuple(values.amount(each) for each in found)


def as_of(day: date) -> str:
    return f"As of {day:%B} {day.day}, {day.year}"


def period(first: date | None, last: date) -> str:
    """The words of a period. Unconfirmed: those of QuickBooks, which shortens whole months."""
    if first is None:
        return f"All Transactions through {last:%B} {last.day}, {last.year}"
    return f"{first:%B} {first.day}, {first.year} through {last:%B} {last.day}, {last.year}"


def short(day: date) -> str:
    """A day as it stands above a column."""
    return f"{day:%b} {day.day}, {day:%y}"
