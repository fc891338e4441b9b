"""Payment terms: when a bill is due, and the discount for paying it early.

Source: developer.intacct.com/api/accounts-payable/ap-terms (due, discount). Unconfirmed: the field names of APTERM that
the page of its older functions does not tell.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.objects.list_kinds import TERM_FROM
from sandbooks.platforms.sage_intacct.wire.scalars import parse_date, parse_decimal


def due_day(term: Mapping[str, Any], created: date) -> date:
    """The day on which a bill with a term is due."""
    return _day(created, str(term.get("DUEDATE") or "30"), str(term.get("DUEFROM") or TERM_FROM[0]))


def _day(created: date, days: str, start: str) -> date:
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 30
    months = TERM_FROM.index(start) - 1 if start in TERM_FROM else -1
    if months < 0:
        return created + timedelta(days=number)
    year, month = divmod(created.year * 12 + created.month - 1 + months, 12)
    return date(year, month + 1, min(max(number, 1), monthrange(year, month + 1)[1]))


def discount_of(company: Company, bill: Record, day: date, currency: str) -> Money | None:
    """What may be taken off a bill on a day; None where its term offers nothing then."""
    term = find(company, "APTERM", str(bill.body.get("TERMNAME") or ""))
    created = parse_date(str(bill.body.get("WHENCREATED") or ""))
    offered = parse_decimal(str(term.body.get("DISCAMOUNT") or "")) if term else None
    if term is None or created is None or not offered or term.body.get("DISCDATE") in (None, ""):
        return None
    last = _day(created, str(term.body["DISCDATE"]), str(term.body.get("DISCFROM") or TERM_FROM[0]))
    grace = parse_decimal(str(term.body.get("DISCFUDGEDAYS") or "0")) or Decimal(0)
    if day > last + timedelta(days=int(grace)):
        return None
    lines = sum((Decimal(line["TRX_AMOUNT"]) for line in bill.body["LINES"]), Decimal(0))
    whole = lines if term.body.get("DISCCALCON") == "Line items total" else Decimal(bill.body["TRX_TOTALENTERED"])
    return Money(whole * offered / 100 if term.body.get("DISCPERCAMN") == "%" else offered, currency).rounded()
