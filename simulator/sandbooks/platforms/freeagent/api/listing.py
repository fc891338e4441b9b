"""Lists: the filters that many resources share, over records as a trailing index may show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import RESOURCES
from sandbooks.platforms.freeagent.records.storing import refer
from sandbooks.platforms.freeagent.refusals import Malformed, Missing
from sandbooks.platforms.freeagent.wire import absolute, date_in, instant_in, page_of, tail
from sandbooks.wire import Response

Shape = Callable[[Call, Record], dict[str, Any]]


def dated(call: Call, kind: str) -> list[Record]:
    """The records of a kind within ``from_date``, ``to_date`` and ``updated_since``."""
    first, last, since = date_in(call, "from_date"), date_in(call, "to_date"), instant_in(call, "updated_since")
    found = call.company.records.scan(kind, since=since, lag=call.exchange.lag)
    return [
        record
        for record in found
        if (first is None or record.body.get("dated_on", "") >= first.isoformat())
        and (last is None or record.body.get("dated_on", "~") <= last.isoformat())
    ]


def every(call: Call, kind: str, *, of: Record | None = None) -> Sequence[Record]:
    """The same, of those that refer to a record if one is given; where nothing else is asked for, only the page that
    is shown is read."""
    if not call.exchange.lag and not any(call.query.get(name) for name in ("from_date", "to_date", "updated_since")):
        return call.company.records.listed(kind, key=of.kind if of else "", value=of.id if of else "")
    return [found for found in dated(call, kind) if of is None or found.body.get(of.kind) == refer(of)]


def changed(call: Call, kind: str) -> Iterable[Record]:
    """The records of a kind changed since ``updated_since``."""
    return call.company.records.scan(kind, since=instant_in(call, "updated_since"), lag=call.exchange.lag)


def held(call: Call, kind: str) -> Sequence[Record]:
    """The records of a kind changed since ``updated_since``; where that is not asked, only the page shown is read."""
    if call.exchange.lag or call.query.get("updated_since"):
        return list(changed(call, kind))
    return call.company.records.listed(kind)


def reference(call: Call, name: str, kind: str, *, required: bool = False) -> Record | None:
    """The record that a query parameter names, by its address or by its id alone. Raises ``Missing``, ``Malformed``.

    Source: https://dev.freeagent.com/docs/bank_transactions (addresses); PyPI freeagent-api 0.5.0 sends plain ids
    """
    value = call.query.get(name)
    if not value:
        if required:
            # Unconfirmed: the status when the mandatory parameter is missing.
            raise Malformed(f"param is missing or the value is empty: {name}")
        return None
    id = value if value.isascii() and value.isdigit() else tail(value, RESOURCES[kind])
    record = call.company.records.get(kind, id) if id else None
    if record is None or record.deleted:
        raise Missing(RESOURCES[kind], value[:100])
    return record


# Unconfirmed: how many months back "recent" reaches.
RECENT_MONTHS = 3


def months_ago(call: Call, months: int) -> str:
    """The day so many months before today, to be compared with dates as text."""
    today = call.today()
    number = today.year * 12 + today.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}-{today.day:02d}"


def view(call: Call, allowed: Iterable[str], default: str) -> str:
    """The ``view`` parameter. Raises ``Malformed``."""
    value = call.query.get("view") or default
    if value not in allowed:
        # Unconfirmed: whether the live service refuses an unknown view or shows the default one.
        raise Malformed("view is not included in the list")
    return value


def ordered(call: Call, records: list[Record], by: dict[str, Callable[[Record], Any]]) -> list[Record]:
    """The records in the order of the ``sort`` parameter; a leading hyphen turns it."""
    value = call.query.get("sort") or next(iter(by))
    key = by.get(value.removeprefix("-"))
    if key is None:
        raise Malformed("sort is not included in the list")
    return sorted(records, key=key, reverse=value.startswith("-"))


def paged(call: Call, root: str, records: Sequence[Record], shape: Shape) -> Response:
    """One page of a list under its root."""
    return json_reply({root: [absolute(call, shape(call, record)) for record in page_of(call, records)]})
