"""What a report is asked for: its days, its basis, its columns and its filters, from the query parameters.

Source: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/report-entities/profitandloss (parameters)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.fields import read_day
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records.settings import MONTHS

FIRST, LAST = date(1900, 1, 1), date(2299, 12, 31)
PERIODS = ("Days", "Week", "Month", "Quarter", "Year", "FiscalQuarter", "FiscalYear")
NAMES = {
    "Classes": "Class",
    "Departments": "Department",
    "Customers": "Customer",
    "Vendors": "Vendor",
    "Employees": "Employee",
}
_SUMMARIES = ("Total", *PERIODS, *NAMES)
# Filters that the service has and that are not simulated: ignoring one would show too much.
_FILTERS = frozenset(
    {
        "account", "account_type", "appaid", "arpaid", "attachmenttype", "bothamount", "class", "cleared", "customer",
        "department", "docnum", "duedate_macro", "employee", "end_duedate", "group_by", "item", "memo", "moddate_macro",
        "name", "paymethod", "printed", "qzurl", "shipvia", "source_account_type", "start_duedate", "term",
        "transaction_type",
    }
)  # fmt: skip


class Asked(Struct, frozen=True):
    """The first and the last day, and how the amounts are to be arranged. ``columns`` empty means the report's own."""

    realm: Realm
    start: date
    end: date
    macro: str = ""
    cash: bool = False
    by: str = "Total"
    columns: tuple[str, ...] = ()
    vendors: frozenset[str] = frozenset()
    aging_period: int = 30
    aging_periods: int = 4
    as_of: date | None = None

    @property
    def report_date(self) -> date:
        """The day on which ages are counted."""
        return self.as_of or self.end

    def wants_vendor(self, id: str) -> bool:
        return not self.vendors or id in self.vendors


def asked_by(realm: Realm, query: Mapping[str, str]) -> Asked:
    """Read the parameters. Raises InvalidChoice, DateRange and NotSimulated."""
    for name in query:
        if name.lower() in _FILTERS:
            raise NotSimulated(f"report filter {name.lower()}")
    basis = query.get("accounting_method", "") or str(realm.prefers("ReportPrefs", "ReportBasis") or "Accrual")
    if basis.lower() not in ("cash", "accrual"):
        raise no.InvalidChoice("accounting_method", basis[:40])
    start, end, macro = _days(realm, query)
    asked = Asked(
        realm,
        start,
        end,
        macro=macro,
        cash=basis.lower() == "cash",
        by=_summary(query.get("summarize_column_by", "Total")),
        columns=tuple(part.strip() for part in query.get("columns", "").split(",") if part.strip()),
        vendors=frozenset(part.strip() for part in query.get("vendor", "").split(",") if part.strip()),
        aging_period=_whole(query.get("aging_period", "30"), "aging_period", most=366),
        aging_periods=_whole(query.get("num_periods", "4"), "num_periods", most=20),
        as_of=read_day(query["report_date"], "report_date") if query.get("report_date") else None,
    )
    return asked if query.get("end_date") or macro or asked.as_of is None else _until(asked, asked.as_of)


def _until(asked: Asked, on: date) -> Asked:
    """The same through a report date."""
    return replace(asked, start=min(asked.start, on), end=on)


def _summary(given: str) -> str:
    known = {each.lower(): each for each in _SUMMARIES}
    if given.lower() not in known:
        raise NotSimulated(f"summarize_column_by {given[:40]}", instead=", ".join(_SUMMARIES))
    return known[given.lower()]


def _whole(given: str, name: str, *, most: int) -> int:
    if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) <= most):
        raise no.NumberRange(name, given[:40])
    return int(given)


# Days


def _days(realm: Realm, query: Mapping[str, str]) -> tuple[date, date, str]:
    """start_date and end_date, else a macro, else this fiscal year to date; and the macro that counted."""
    today = realm.today
    given = query.get("date_macro", "")
    start, end = macro_days(realm, given or "This Fiscal Year-to-date", today)
    if query.get("start_date"):
        start, end, given = read_day(query["start_date"], "start_date"), today, ""
    if query.get("end_date"):
        end, given = read_day(query["end_date"], "end_date"), ""
        if not query.get("start_date") and start > end:
            start = fiscal_year(realm, end)
    if end < start:
        raise no.DateRange("end_date", end.isoformat())
    return start, end, given


def macro_days(realm: Realm, macro: str, today: date) -> tuple[date, date]:
    """The first and the last day of a macro. Raises InvalidChoice."""
    words = macro.strip().lower()
    simple = {"all": (FIRST, LAST), "today": (today, today)}
    simple["yesterday"] = (today - timedelta(days=1),) * 2
    sunday = _start_of(realm, "week", today) + timedelta(days=7)
    simple["next 4 weeks"] = (sunday, sunday + timedelta(days=27))
    if words in simple:
        return simple[words]
    to_date = words.endswith("-to-date")
    which, _, unit = words.removesuffix("-to-date").partition(" ")
    steps = {"this": 0, "last": -1, "next": 1}
    if which not in steps or unit not in _UNITS:
        raise no.InvalidChoice("date_macro", macro[:40])
    begin = _start_of(realm, unit, today)
    for _ in range(abs(steps[which])):
        begin = _start_of(realm, unit, begin - timedelta(days=1) if steps[which] < 0 else following(realm, unit, begin))
    end = following(realm, unit, begin) - timedelta(days=1)
    if to_date:
        end = min(end, begin + (today - _start_of(realm, unit, today)))
    return begin, end


_UNITS = ("week", "month", "fiscal quarter", "fiscal year", "calendar quarter", "calendar year", "quarter", "year")


def _fiscal_start(realm: Realm) -> int:
    """The month in which the fiscal year begins, from 1."""
    month = realm.prefers("AccountingInfoPrefs", "FirstMonthOfFiscalYear") or MONTHS[0]
    return MONTHS.index(month) + 1


def fiscal_year(realm: Realm, on: date) -> date:
    """The first day of the fiscal year in which a day lies."""
    first = _fiscal_start(realm)
    return date(on.year if on.month >= first else on.year - 1, first, 1)


def _start_of(realm: Realm, unit: str, on: date) -> date:
    """The first day of the unit in which a day lies; weeks begin on Sunday."""
    if unit == "days":
        return on
    if unit == "week":
        return on - timedelta(days=(on.weekday() + 1) % 7)
    if unit == "month":
        return on.replace(day=1)
    fiscal = unit.startswith("fiscal")
    if unit.endswith("year"):
        return fiscal_year(realm, on) if fiscal else date(on.year, 1, 1)
    first = _fiscal_start(realm) if fiscal else 1
    back = (on.month - first) % 3
    month = on.month - back
    return date(on.year if month > 0 else on.year - 1, month if month > 0 else month + 12, 1)


def following(realm: Realm, unit: str, begin: date) -> date:
    """The first day of the next unit."""
    if unit in ("days", "week"):
        return begin + timedelta(days=1 if unit == "days" else 7)
    months = 12 if unit.endswith("year") else 3 if unit.endswith("quarter") else 1
    total = begin.year * 12 + begin.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def periods(asked: Asked) -> list[tuple[date, date]]:
    """The days of each column. Raises ResultTooLarge for more than the service shows."""
    if asked.by == "Total":
        return [(asked.start, asked.end)]
    unit = asked.by.lower().replace("fiscal", "fiscal ")
    found, begin = list[tuple[date, date]](), asked.start
    while begin <= asked.end:
        after = following(asked.realm, unit, _start_of(asked.realm, unit, begin))
        found.append((begin, min(asked.end, after - timedelta(days=1))))
        begin = after
        if len(found) > COLUMNS_MAX:
            raise no.ResultTooLarge(COLUMNS_MAX)
    return found


COLUMNS_MAX = 400  # Unconfirmed: the service counts cells (400,000) rather than columns
