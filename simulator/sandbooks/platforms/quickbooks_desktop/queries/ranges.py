"""Ranges of queries: dates, moments, names and reference numbers, from a first to a last one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import RangeReversed
from sandbooks.platforms.quickbooks_desktop.values import instant_of

_RANGES = (
    ("FromModifiedDate", "ToModifiedDate"),
    ("FromTxnDate", "ToTxnDate"),
    ("FromDeletedDate", "ToDeletedDate"),
    ("FromReportDate", "ToReportDate"),
    ("FromReportModifiedDate", "ToReportModifiedDate"),
    ("FromName", "ToName"),
    ("FromRefNumber", "ToRefNumber"),
)


def check_ranges(file: CompanyFile, node: Node) -> None:
    """Refuse a query with a range, at any depth, that ends before it begins."""
    for first, last in _RANGES:
        if node.has(first) and node.has(last):
            begin, end = node.child(first), node.child(last)
            if begin is not None and end is not None and _rank(file, begin) > _rank(file, end):
                is_date = "Date" in first
                raise RangeReversed(node.name, begin.text, end.text, is_date)
    for child in node.children:
        check_ranges(file, child)


def _rank(file: CompanyFile, node: Node) -> Any:
    if isinstance(node.value, datetime):
        return instant_of(node.value, file.zone)
    if isinstance(node.value, date):
        return node.value
    return number_rank(str(node.value)) if node.name.endswith("RefNumber") else str(node.value).lower()


def number_rank(text: str) -> tuple[int, int, str]:
    """The place of a reference number: numbers by their value, before all others in the order of the alphabet."""
    # Unconfirmed: that QuickBooks takes numbers by their value.
    if text.isascii() and text.isdigit():
        return 0, int(text), ""
    return 1, 0, text.lower()
