"""Xero's dates: ``/Date(ms+0000)/`` in JSON, ISO in XML, and the many forms that it reads.

In stored documents a date is ``2026-03-28T00:00:00`` and an instant ``2026-03-28T17:40:00.123``, both UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSOFT = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotADate(ValueError):
    """The text is no date that Xero reads."""


def read_instant(text: str) -> datetime:
    """An aware UTC instant from any form that Xero reads. Raises NotADate.

    # Source: https://developer.xero.com/documentation/api/accounting/requests-and-responses
    """
    found = _MICROSOFT.fullmatch(text.strip())
    try:
        if found:
            return EPOCH + timedelta(milliseconds=int(found[1]))
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotADate(text) from error


def read_date(text: str) -> str:
    """The stored form of a document date. The calendar date as written counts, whatever its offset."""
    stripped = text.strip()
    if _ISO_DAY.match(stripped) and not stripped.startswith("/"):
        try:
            day = datetime.fromisoformat(stripped).date()
        except ValueError as error:
            raise NotADate(text) from error
    else:
        day = read_instant(stripped).date()
    return stored_date(day)


def stored_date(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def stored_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def day_of(stored: str) -> date:
    """The calendar date of a stored date."""
    return date.fromisoformat(stored[:10])


def millis(stored: str) -> int:
    """Milliseconds since 1970 of a stored date or instant."""
    return (datetime.fromisoformat(stored).replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


def json_date(stored: str, *, offset: bool = True) -> str:
    """``/Date(1551139200000+0000)/``."""
    return f"/Date({millis(stored)}{'+0000' if offset else ''})/"


def lock_text(day: date) -> str:
    """The date as the lock-date message shows it."""
    # Unconfirmed: the format of the date in the suffix; a recorded answer would settle it.
    return f"{day.day} {day:%b %Y}"


def modified_since(text: str) -> datetime | None:
    """The instant of an If-Modified-Since header, ISO or RFC 1123; None when it is neither."""
    try:
        return read_instant(text)
    except NotADate:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
