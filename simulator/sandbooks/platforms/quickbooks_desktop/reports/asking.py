"""What a report query asks for: its period, its filters, and what of it is not simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Posting
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries import matching
from sandbooks.platforms.quickbooks_desktop.queries.macros import macro_range
from sandbooks.platforms.quickbooks_desktop.schema.messages import TRANSACTIONS

# What may be asked without a difference here, by element; anything else is not simulated.
_TAKEN = {
    "DisplayReport": (False,),
    "ReportDetailLevelFilter": (),
    "ReportPostingStatusFilter": ("Either", "Posting"),
    "SummarizeColumnsBy": ("TotalOnly",),
    "SummarizeRowsBy": ("TotalOnly",),
    "IncludeSubcolumns": (False,),
    "ReturnColumns": ("ActiveOnly", "NonZero", "All"),
    "ReportOpenBalanceAsOf": (),
    "ReportBasis": ("Accrual", "None"),
    "ReportItemFilter": (),
}


class Line(Struct, frozen=True):
    """One posting of a transaction as it stands today."""

    record: Record
    day: date
    posting: Posting


class Asked(Struct, frozen=True):
    """A report query. ``first`` is None where the report goes back to the beginning."""

    first: date | None
    last: date
    node: Node

    @property
    def rows(self) -> str:
        """Which rows without an amount are told."""
        return str(self.node.get("ReturnRows", "ActiveOnly"))


def asked(file: CompanyFile, node: Node) -> Asked:
    """What a query asks for. Raises ``NotSimulated``."""
    for name, taken in _TAKEN.items():
        child = node.child(name)
        if child is not None and child.value not in taken:
            raise NotSimulated(f"{name} {child.text} of reports".replace("  ", " "))
    period, macro = node.child("ReportPeriod"), node.get("ReportDateMacro")
    if macro is not None:
        first, last = _macro(file, node, str(macro))
        return Asked(None if first == date.min else first, _latest(file) if last == date.max else last, node)
    if period is not None:
        return Asked(period.get("FromReportDate"), period.get("ToReportDate") or _latest(file), node)
    # Unconfirmed: the period of each report where none is given; here the month so far.
    today = file.today()
    return Asked(today.replace(day=1), today, node)


def _latest(file: CompanyFile) -> date:
    """Today, or the day of the last transaction where that is later: where a report without an end ends."""
    return max([file.today(), *(line.day for line in every_line(file))])


def _macro(file: CompanyFile, node: Node, macro: str) -> tuple[date, date]:
    """Quarters and years are those of the calendar that is asked for."""
    # Unconfirmed: that it is the ordinary one where none is named.
    if node.get("ReportCalendar") == "FiscalYear":
        macro = macro.replace("Quarter", "FiscalQuarter").replace("Year", "FiscalYear")
    return macro_range(file.today(), macro, fiscal_month=file.fiscal_month)


def fiscal_year(file: CompanyFile, day: date) -> date:
    """The first day of the fiscal year that a day is in."""
    return macro_range(day, "ThisFiscalYear", fiscal_month=file.fiscal_month)[0]


def lines(file: CompanyFile, node: Node) -> list[Line]:
    """Every posting that the filters of a query mean, in the order of date and entry."""
    found = list(every_line(file))
    account, entity = node.child("ReportAccountFilter"), node.child("ReportEntityFilter")
    class_, types = node.child("ReportClassFilter"), node.child("ReportTxnTypeFilter")
    if account is not None:
        accounts = matching.accounts_of(file, account)
        found = [line for line in found if line.posting.account in accounts]
    if entity is not None:
        is_meant = _named(file, entity)
        found = [line for line in found if is_meant(line.posting.party)]
    if class_ is not None:
        classes = matching.classes_of(file, class_)
        found = [line for line in found if dict(line.posting.dimensions).get("Class") in classes]
    if types is not None:
        kinds = {str(child.value) for child in types.children}
        found = [line for line in found if "All" in kinds or line.record.kind in kinds]
    modified = _modified(file, node)
    if modified is not None:
        found = [line for line in found if modified[0] <= file.local_day(line.record.updated) <= modified[1]]
    return sorted(found, key=lambda line: (line.day, line.record.sequence))


def every_line(file: CompanyFile) -> Iterator[Line]:
    """Every posting of every transaction as it stands, by type of transaction."""
    for kind in TRANSACTIONS:
        for record in file.records.scan(kind):
            posted = file.company.book.current(kind, record.id)
            if posted is not None:
                yield from (Line(record, posted.entry.date, posting) for posting in posted.entry.postings)


def _named(file: CompanyFile, node: Node) -> Callable[[str], bool]:
    """Whether a filter means a name, by its id; read once, whatever the number of postings."""
    if node.has("EntityTypeFilter"):
        kinds = (str(node.get("EntityTypeFilter")),)
        return lambda party: file.find(kinds, party) is not None
    return matching.named(file, node, ENTITIES, "Entity").__contains__


def _modified(file: CompanyFile, node: Node) -> tuple[date, date] | None:
    window, macro = node.child("ReportModifiedDateRangeFilter"), node.get("ReportModifiedDateRangeMacro")
    if macro is not None:
        return _macro(file, node, str(macro))
    if window is None:
        return None
    return window.get("FromReportModifiedDate") or date.min, window.get("ToReportModifiedDate") or date.max
