"""Dates of transactions: the calendar date as it is written, whatever offset stands behind it.

Source: https://docs.codat.io/using-the-api (dates: ISO 8601 with Z, with an offset, or local).
"""

from __future__ import annotations

import re
from datetime import date, datetime

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")


def calendar_date(text: str) -> date:
    """The date of an ISO 8601 date or date-time, carried end to end without conversion. Raises ``ValueError``."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is not an ISO 8601 date")
    if len(text.strip()) > 10:
        datetime.fromisoformat(_six_digits(text.strip()))
    return date.fromisoformat(match[1])


def _six_digits(text: str) -> str:
    """At most six fractional digits: the hub itself writes seven."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
