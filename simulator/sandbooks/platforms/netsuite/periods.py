"""Accounting periods: years, quarters and months, computed from the account's range and from what is closed.

Periods are read-only in REST. A month is closed when the books are closed through its last day; payables may be locked
on their own by the setting ``ap_locked_through``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import PeriodClosed
from sandbooks.platforms.netsuite.errors import PERIOD
from sandbooks.platforms.netsuite.refusals import UserError

KIND = "accountingPeriod"
_PER_YEAR = 17
_PAYABLES = frozenset({"vendorBill", "vendorCredit", "vendorPayment", "expenseReport"})
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _years(company: Company) -> range:
    kept = company.settings["period_years"]
    return range(kept[0], kept[1] + 1)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def last_day(day: date) -> date:
    """The last day of the month that a day is in."""
    return _month_end(day.year, day.month)


def id_of_month(company: Company, day: date) -> str:
    """The id of the month that a day is in; empty when the account has no such period."""
    years = _years(company)
    if day.year not in years:
        return ""
    quarter = (day.month - 1) // 3
    return str((day.year - years[0]) * _PER_YEAR + 2 + quarter * 4 + (day.month - 1) % 3 + 1)


def periods(company: Company) -> Iterator[Record]:
    """Every period of the account, as read-only records."""
    for year in _years(company):
        yield from _year(company, year)


def period(company: Company, id: str) -> Record | None:
    """A period by its id."""
    if not (id.isascii() and id.isdigit()) or len(id) > 6:
        return None
    index = (int(id) - 1) // _PER_YEAR
    years = _years(company)
    if not 0 <= index < len(years):
        return None
    return next((p for p in _year(company, years[index]) if p.id == id), None)


def _year(company: Company, year: int) -> Iterator[Record]:
    first = (year - _years(company)[0]) * _PER_YEAR + 1
    yield _record(company, first, f"FY {year}", date(year, 1, 1), date(year, 12, 31), isYear=True)
    for quarter in range(4):
        number, month = first + 1 + quarter * 4, quarter * 3 + 1
        span = (date(year, month, 1), _month_end(year, month + 2))
        yield _record(company, number, f"Q{quarter + 1} {year}", *span, parent=first, isQuarter=True)
        for offset in range(3):
            span = (date(year, month + offset, 1), _month_end(year, month + offset))
            name = f"{_NAMES[month + offset - 1]} {year}"
            yield _record(company, number + 1 + offset, name, *span, parent=number)


def _record(
    company: Company,
    number: int,
    name: str,
    start: date,
    end: date,
    *,
    parent: int = 0,
    isYear: bool = False,  # noqa: N803 - members of the native record
    isQuarter: bool = False,  # noqa: N803 - the field's own name
) -> Record:
    through = company.book.closed_through
    closed = through is not None and end <= through
    locked = company.settings.get("ap_locked_through") or ""
    body: dict[str, Any] = {
        "id": str(number),
        "periodName": name,
        "startDate": start.isoformat(),
        "endDate": end.isoformat(),
        "isYear": isYear,
        "isQuarter": isQuarter,
        "isAdjust": False,
        "isPosting": not (isYear or isQuarter),
        "closed": closed,
        "apLocked": closed or end.isoformat() <= locked,
        "arLocked": closed,
        "allLocked": closed,
    }
    if parent:
        body["parent"] = {"id": str(parent)}
    opened = company.world.clock.now().replace(year=_years(company)[0], month=1, day=1, hour=0, minute=0, second=0)
    opened = opened.replace(microsecond=0)
    return Record(KIND, str(number), 1, True, False, opened, opened, number, 0, exact_json.dumps(body))


def check_open(company: Company, kind: str, day: date, *, period_id: str = "") -> str:
    """The posting period of a document; refuses closed and missing ones with NetSuite's own sentence."""
    own = id_of_month(company, day)
    if not own or (period_id and period_id != own):
        raise UserError(PERIOD, "tranDate")
    through = company.book.closed_through
    if through is not None and day <= through:
        raise PeriodClosed(day, through)
    locked = company.settings.get("ap_locked_through")
    if locked and kind in _PAYABLES and day.isoformat() <= locked:
        raise PeriodClosed(day, date.fromisoformat(locked))
    return own
