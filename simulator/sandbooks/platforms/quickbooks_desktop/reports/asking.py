"""What a report query asks for: its period, its filters, and what of it is not simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, CompanyFile
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries import matching
from sandbooks.platforms.quickbooks_desktop.queries.macros import macro_range
from sandbooks.platforms.quickbooks_desktop.reports.cash import cash_lines
from sandbooks.platforms.quickbooks_desktop.reports.lines import Line, accrual_lines, standing

# What may be asked without a difference here, by element; anything else is not simulated.
_TAKEN = {"ReportPostingStatusFilter": ("Either", "Posting"), "ReportItemFilter": ()}
# The account that the form of a transaction stands against.
_PLACES = (
    *("APAccountRef", "BankAccountRef", "CreditCardAccountRef", "AccountRef", "DepositToAccountRef"),
    "TransferFromAccountRef",
)


class Asked(Struct, frozen=True):
    """A report query. ``first`` is None where the report goes back to the beginning; ``lag`` is that of its index."""

    first: date | None
    last: date
    node: Node
    lag: timedelta = timedelta(0)
    accrual: bool = False

    @property
    def basis(self) -> str:
        """Accrual where nothing is said, as the preferences have it, and in reports that know no other."""
        return "Cash" if self.node.get("ReportBasis") == "Cash" and not self.accrual else "Accrual"

    @property
    def columns(self) -> str:
        """What the columns of a summary are split by."""
        return str(self.node.get("SummarizeColumnsBy", "TotalOnly"))

    @property
    def rows(self) -> str:
        """Which rows without an amount are told."""
        return str(self.node.get("ReturnRows", "ActiveOnly"))


def asked(file: CompanyFile, node: Node, *, lag: timedelta = timedelta(0)) -> Asked:
    """What a query asks for. Raises ``NotSimulated``."""
    for name, taken in _TAKEN.items():
        child = node.child(name)
        if child is not None and child.value not in taken:
            raise NotSimulated(f"{name} {child.text} of reports".replace("  ", " "))
    period, macro = node.child("ReportPeriod"), node.get("ReportDateMacro")
    if macro is not None:
        first, last = _macro(file, node, str(macro))
        until = _latest(file, lag) if last == date.max else last
        return Asked(None if first == date.min else first, until, node, lag)
    if period is not None:
        return Asked(period.get("FromReportDate"), period.get("ToReportDate") or _latest(file, lag), node, lag)
    # Unconfirmed: the period of each report where none is given; here the month so far.
    today = file.today()
    return Asked(today.replace(day=1), today, node, lag)


def _latest(file: CompanyFile, lag: timedelta) -> date:
    """Today, or the day of the last transaction where that is later: where a report without an end ends."""
    return max([file.today(), *(line.day for line in accrual_lines(file, lag))])


def _macro(file: CompanyFile, node: Node, macro: str) -> tuple[date, date]:
    """Quarters and years are those of the calendar that is asked for."""
    # Unconfirmed: that it is the ordinary one where none is named.
    if is_fiscal(node):
        macro = macro.replace("Quarter", "FiscalQuarter").replace("Year", "FiscalYear")
    return macro_range(file.today(), macro, fiscal_month=file.fiscal_month)


def is_fiscal(node: Node) -> bool:
    """Whether quarters and years are those of the fiscal year. The tax year is the calendar's here."""
    return bool(node.get("ReportCalendar") == "FiscalYear")


def fiscal_year(file: CompanyFile, day: date) -> date:
    """The first day of the fiscal year that a day is in."""
    return macro_range(day, "ThisFiscalYear", fiscal_month=file.fiscal_month)[0]


def lines(file: CompanyFile, query: Asked) -> list[Line]:
    """Every posting that the filters of a query mean, in the order of date and entry."""
    node, found = query.node, list(every_line(file, query))
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
    level = node.get("ReportDetailLevelFilter", "All")
    if level != "All":
        found = [line for line in found if (line.posting.account == against(line.record)) == (level == "SummaryOnly")]
    modified = _modified(file, node)
    if modified is not None:
        found = [line for line in found if modified[0] <= file.local_day(line.record.updated) <= modified[1]]
    return sorted(found, key=lambda line: (line.day, line.record.sequence))


def every_line(file: CompanyFile, query: Asked) -> Iterator[Line]:
    """Every posting of every transaction on the basis that a query asks for."""
    if query.basis == "Cash":
        return cash_lines(file, standing(file, query.lag))
    return accrual_lines(file, query.lag)


def against(record: Record) -> str:
    """The account that the form of a transaction stands against; a bill payment's is where the money comes from."""
    places = _PLACES[1:] if record.kind.startswith("BillPayment") else _PLACES
    return next((str(record.body[name]["ListID"]) for name in places if record.body.get(name)), "")


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
