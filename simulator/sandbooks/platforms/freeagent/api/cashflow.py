"""Cashflow: what came into the bank accounts and went out of them, month by month.

Source: https://dev.freeagent.com/docs/cashflow
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.surface import Operation
from sandbooks.ledger import standing
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import date_in, decimal_text
from sandbooks.wire import Response

MONTHS_MAX = 120


def cashflow(call: Call) -> Response:
    """``GET /v2/cashflow?from_date&to_date``: money that moves between the company's own accounts does not count."""
    first, last = date_in(call, "from_date"), date_in(call, "to_date")
    if first is None or last is None:
        # Unconfirmed: what the live service takes where a date is missing.
        raise Malformed(f"param is missing or the value is empty: {'from_date' if first is None else 'to_date'}")
    months = _months(first, last)
    if not months or len(months) > MONTHS_MAX:
        raise Malformed("from_date must not be after to_date" if not months else "The date range is too long")
    moved = _moved(call, first, last)
    incoming = {month: sum((v for v in moved.get(month, ()) if v > 0), Decimal(0)) for month in months}
    outgoing = {month: -sum((v for v in moved.get(month, ()) if v < 0), Decimal(0)) for month in months}
    balance = sum(incoming.values(), Decimal(0)) - sum(outgoing.values(), Decimal(0))
    document = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "incoming": _side(incoming),
        "outgoing": _side(outgoing),
        "balance": decimal_text(balance),
    }
    return json_reply({"cashflow": document})


def _months(first: date, last: date) -> list[tuple[int, int]]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers] if first <= last else []


def _moved(call: Call, first: date, last: date) -> dict[tuple[int, int], list[Decimal]]:
    """What each explanation moved on a bank account, in native currency, by month."""
    records, found = call.company.records, dict[tuple[int, int], list[Decimal]]()
    accounts = {record.id for record in records.scan("bank_account")}
    for line in standing(call.company.book.lines(since=first, through=min(last, call.today()))):
        if line.account not in accounts:
            continue
        source = records.get(line.source.kind, line.source.id)
        own = source is None or source.kind == "bank_account" or "linked_transfer_account" in source.body
        if not own:
            found.setdefault((line.date.year, line.date.month), []).append(line.base.amount)
    return found


def _side(months: dict[tuple[int, int], Decimal]) -> dict[str, Any]:
    return {
        "total": decimal_text(sum(months.values(), Decimal(0))),
        "months": [
            {"month": month, "year": year, "total": decimal_text(total)} for (year, month), total in months.items()
        ],
    }


OPERATIONS = (Operation("cashflow", "GET", "/v2/cashflow", cashflow, scope="6"),)
