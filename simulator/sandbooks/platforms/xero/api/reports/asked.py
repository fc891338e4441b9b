"""What a report is asked for: its days, the periods to compare, tracking, and the basis.

# Source: https://developer.xero.com/documentation/api/accounting/reports (optional parameters)
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.platforms.xero import query
from sandbooks.platforms.xero.refusals import QueryUnreadable
from sandbooks.platforms.xero.wire.reading import guid

MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
PERIODS_MOST = 11
YEAR_FIRST = 1900  # Unconfirmed: the earliest day that a report takes.


class Asked(Struct, frozen=True):
    """Days from ``since`` (None: from the beginning) ``through``; ``compared`` earlier periods of ``months`` each.

    ``options`` are tracking options that a line must carry, ``category`` one whose options become columns.
    """

    company: Company
    since: date | None
    through: date
    compared: int = 0
    months: int = 1
    cash: bool = False
    options: tuple[str, ...] = ()
    category: str = ""


def day(call: Call, name: str, default: date) -> date:
    """A day from a parameter. Raises QueryUnreadable."""
    text = query.parameter(call, name)
    try:
        found = date.fromisoformat(text[:10]) if text else default
    except ValueError as error:
        raise QueryUnreadable(f"{name} is not a date") from error
    if found.year < YEAR_FIRST:
        raise QueryUnreadable(f"{name} is before {YEAR_FIRST}")
    return found


def comparison(call: Call) -> tuple[int, int]:
    """How many earlier periods are shown beside, and their length in months. Raises QueryUnreadable."""
    frame = query.parameter(call, "timeframe").upper()
    if frame and frame not in MONTHS:
        raise QueryUnreadable("timeframe must be MONTH, QUARTER or YEAR")
    count = query.whole_number(call, "periods", 0)
    if not 0 <= count <= PERIODS_MOST:
        raise QueryUnreadable(f"periods must be between 1 and {PERIODS_MOST}")
    return count, MONTHS[frame or "MONTH"]


def tracking(call: Call, *, options: tuple[str, ...]) -> tuple[str, ...]:
    """The tracking options named by these parameters. Raises QueryUnreadable for an unknown one."""
    known = {
        option["TrackingOptionID"]
        for record in call.company.records.scan("TrackingCategory")
        for option in record.body["Options"]
    }
    found = []
    for name in options:
        text = query.parameter(call, name)
        if text:
            if guid(text) not in known:
                raise QueryUnreadable(f"{name} is not a tracking option")
            found.append(guid(text) or "")
    return tuple(found)


def earlier(on: date, months: int) -> date:
    """The same day so many months before; the last day of a month stays a last day."""
    total = on.year * 12 + on.month - 1 - months
    year, month = total // 12, total % 12 + 1
    last = month_end(date(year, month, 1))
    if on == month_end(on):
        return last
    return date(year, month, min(on.day, last.day))


def month_end(on: date) -> date:
    """The last day of a month."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def spans(asked: Asked) -> list[tuple[date | None, date]]:
    """The days of each column: the period itself, then the earlier ones."""
    found: list[tuple[date | None, date]] = []
    for number in range(asked.compared + 1):
        back = number * asked.months
        since = earlier(asked.since, back) if asked.since else None
        found.append((since, earlier(asked.through, back)))
    return found


def year_start(on: date, company: Company) -> date:
    """The first day of the financial year: April, or January in the United States."""
    month = 1 if company.country == "US" else 4
    return date(on.year if on.month >= month else on.year - 1, month, 1)


def written(on: date) -> str:
    """A day as titles write it: 30 April 2019."""
    return f"{on.day} {on:%B %Y}"


def short(on: date) -> str:
    """A day as columns write it: 30 Apr 2019."""
    return f"{on.day} {on:%b %Y}"
