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
from sandbooks.money import Money, allocate, known_currency, total
from sandbooks.platforms.sage_intacct.documents.reading import Given, reference
from sandbooks.platforms.sage_intacct.documents.taxes import PURCHASE, entries, taxed
from sandbooks.platforms.sage_intacct.objects.allocating import DIMENSIONS, FIXED
from sandbooks.platforms.sage_intacct.refusals import NotAllowed, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, parse_decimal
from sandbooks.platforms.sage_intacct.wire.xml import many

CUSTOM = "Custom"
# Kinds whose lines may be allocated.
SPREAD = ("APBILL", "APADJUSTMENT", "CCTRANSACTION", "EEXPENSES", "OTHERRECEIPTS", "GLBATCH")
_OWN = (
    *DIMENSIONS,
    *("LOCATION", "DEPARTMENT", "ALLOCATION", "SPLIT", "AMOUNT", "TRX_AMOUNT", "TOTALTRXAMOUNT", "TAXENTRIES"),
)


def as_part(line: Mapping[str, Any]) -> dict[str, Any]:
    """A stored line as it may be sent again: what was a part of an allocation is not spread once more."""
    name = line.get("ALLOCATION")
    kept = {field: value for field, value in line.items() if field != "ALLOCATION"}
    return {**kept, "ALLOCATED": name} if name else kept


def spread(rows: Sequence[Given], currency: str, *, inclusive: bool = False, type: str = PURCHASE) -> list[Given]:
    """The lines of a document, those that name an allocation in their parts. Raises ``NotAllowed``."""
    found: list[Given] = []
    for row in rows:
        if row.sent("ALLOCATION"):
            found += _spread(row, row.text("CURRENCY") or currency, inclusive=inclusive, type=type)
        else:
            found.append(row)
    return found


def _spread(row: Given, currency: str, *, inclusive: bool, type: str) -> list[Given]:
    """One line in its parts: each has its share of the net and of every tax."""
    if not known_currency(currency):
        raise ReferenceInvalid(row.kind, "currency", currency[:20])
    amount, taxes = _amounts(row, currency, inclusive=inclusive, type=type)
    if amount is None:
        return [row]
    name = row.text("ALLOCATION")
    parts = _split(row, amount) if name == CUSTOM else _by_template(row.company, row.kind, name, amount)
    kept = {field: value for field, value in row.given.items() if field not in _OWN}
    shares = [(tax["detail"], _shared(Money.of(tax["amount"], currency), parts)) for tax in taxes]
    found = []
    for place, (part, where) in enumerate(parts):
        own = [(detail, share[place]) for detail, share in shares]
        line = {**kept, **where, "TRX_AMOUNT": decimal_text(part.amount), "ALLOCATED": name, **_taxes(row, own)}
        found.append(Given(row.company, row.kind, line))
    return found


def _shared(tax: Money, parts: Sequence[tuple[Money, Any]]) -> list[Money]:
    """A tax over the parts of its line, as they share the net; evenly where the net comes to nothing."""
    weights = [part.amount for part, _ in parts]
    return allocate(tax, weights if sum(weights) else [Decimal(1) for _ in parts])


def _amounts(row: Given, currency: str, *, inclusive: bool, type: str) -> tuple[Money | None, list[dict[str, Any]]]:
    """The net of a line and the taxes on it; nothing for a line that states no amount."""
    if row.sent("TRX_AMOUNT") or row.sent("TOTALTRXAMOUNT"):
        rounded = {
            field: decimal_text(Money(value, currency).rounded().amount)
            for field in ("TRX_AMOUNT", "TOTALTRXAMOUNT")
            if (value := row.decimal(field)) is not None
        }
        return taxed(
            Given(row.company, row.kind, {**row.given, **rounded}), 1, currency=currency, inclusive=inclusive, type=type
        )
    stated = row.decimal("AMOUNT")
    return (Money(stated, currency).rounded() if stated is not None else None), []


def _taxes(row: Given, shares: Sequence[tuple[str, Money]]) -> dict[str, Any]:
    """The tax entries of a part: those of its line, each with the part's share."""
    left = list(shares)
    found: list[dict[str, str]] = []
    for entry in entries(row):
        detail: dict[str, str] = {"DETAILID": entry.text("DETAILID")}
        share = next((each for each in left if each[0] == detail["DETAILID"]), None)
        if share is not None:
            left.remove(share)
            detail["TRX_TAX"] = decimal_text(share[1].amount)
        found.append(detail)
    return {"TAXENTRIES": {"TAXENTRY": found}} if found else {}


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
    if record.body["TYPE"] == FIXED and stated > amount.amount:
        raise NotSimulated("an allocation of more than the line", instead="a line of at least the fixed amounts")
    if all(fixed):
        parts = allocate(amount, values)
    else:
        named = [Money(value, amount.currency).rounded() for value, each in zip(values, fixed, strict=True) if each]
        rest = amount - total(named, amount.currency)
        parts = [*named, *allocate(rest, values[len(named) :])]
    return [(part, _where(entry)) for part, entry in zip(parts, entries, strict=True) if part]
