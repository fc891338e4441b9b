"""Allocations: one line that is spread over dimensions, by percentages, by amounts, or as the line itself says.

Each part becomes a line of its own, with the dimensions of its entry; those of the line itself count for nothing.
Source: developer.intacct.com/api/general-ledger/transaction-allocations, journal-entries (ALLOCATION, SPLIT).
Unconfirmed: that the parts are lines of their own when a document is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.money import Money
from sandbooks.platforms.sage_intacct.documents.reading import Given, reference
from sandbooks.platforms.sage_intacct.objects.allocating import DIMENSIONS, FIXED
from sandbooks.platforms.sage_intacct.refusals import NotAllowed
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_decimal
from sandbooks.platforms.sage_intacct.wire.xml import many

CUSTOM = "Custom"
# Kinds whose lines may be allocated.
SPREAD = ("APBILL", "APADJUSTMENT", "GLBATCH")
_OWN = (*DIMENSIONS, "LOCATION", "DEPARTMENT", "ALLOCATION", "SPLIT", "AMOUNT", "TRX_AMOUNT")


def as_part(line: Mapping[str, Any]) -> dict[str, Any]:
    """A stored line as it may be sent again: what was a part of an allocation is not spread once more."""
    name = line.get("ALLOCATION")
    kept = {field: value for field, value in line.items() if field != "ALLOCATION"}
    return {**kept, "ALLOCATED": name} if name else kept


def spread(rows: Sequence[Given], currency: str) -> list[Given]:
    """The lines of a document, those that name an allocation in their parts. Raises ``NotAllowed``."""
    found: list[Given] = []
    for row in rows:
        found += _spread(row, row.text("CURRENCY") or currency) if row.sent("ALLOCATION") else [row]
    return found


def _spread(row: Given, currency: str) -> list[Given]:
    if row.sent("TAXENTRIES") or row.sent("TOTALTRXAMOUNT"):
        raise NotSimulated("taxes on an allocated line", instead="one line for each part")
    stated = row.decimal("TRX_AMOUNT")
    whole = stated if stated is not None else row.decimal("AMOUNT")
    if whole is None:
        return [row]
    amount = Money(whole, currency).rounded()
    name = row.text("ALLOCATION")
    parts = _split(row, amount) if name == CUSTOM else _by_template(row.company, row.kind, name, amount)
    kept = {field: value for field, value in row.given.items() if field not in _OWN}
    return [
        Given(row.company, row.kind, {**kept, **where, "TRX_AMOUNT": decimal_text(part.amount), "ALLOCATED": name})
        for part, where in parts
    ]


def _where(entry: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(entry[name]) for name in DIMENSIONS if entry.get(name)}


def _split(row: Given, amount: Money) -> list[tuple[Money, dict[str, str]]]:
    """The parts that a line states itself."""
    splits = [Given(row.company, row.kind, each) for each in many(row.given.get("SPLIT"))]
    parts = [(split.money("AMOUNT", amount.currency), _where(split.given)) for split in splits]
    stated = [(part, where) for part, where in parts if part is not None]
    if len(stated) < len(parts) or sum((part.amount for part, _ in stated), Decimal(0)) != amount.amount:
        raise NotAllowed(row.kind, "The splits do not add up to the amount of the line.", "Check the splits.")
    return stated


def _by_template(company: Company, kind: str, name: str, amount: Money) -> list[tuple[Money, dict[str, str]]]:
    record = reference(company, kind, "ALLOCATION", name)
    entries = record.body["LINES"]
    values = [parse_decimal(str(entry["VALUE"])) or Decimal(0) for entry in entries]
    fixed = [entry["VALUETYPE"] == "Amount" for entry in entries]
    stated = sum((value for value, is_amount in zip(values, fixed, strict=True) if is_amount), Decimal(0))
    if all(fixed) and stated != amount.amount:
        raise NotAllowed(kind, f"The amounts of allocation {name} are not that of the line.", "Check the amount.")
    left = amount
    if record.body["TYPE"] == FIXED and stated > amount.amount:
        raise NotSimulated("an allocation of more than the line", instead="a line of at least the fixed amounts")
    parts: list[tuple[Money, dict[str, str]]] = []
    rest = Money(amount.amount - stated, amount.currency)
    for place, (entry, value) in enumerate(zip(entries, values, strict=True)):
        part = Money(value if fixed[place] else rest.amount * value / 100, amount.currency).rounded()
        part = left if place == len(entries) - 1 else part
        left = left - part
        parts.append((part, _where(entry)))
    return [(part, where) for part, where in parts if part]
