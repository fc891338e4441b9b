"""Intercompany journals: which subsidiary each line is of, and the rate at which each subsidiary takes its lines.

The lines of each subsidiary balance by themselves in the journal's currency; each subsidiary books its own in its base
currency, at a rate of its own.
Source: docs.oracle.com, section_1500297529.html (one originating and several receiving subsidiaries, any currency);
NetSuite REST API Browser, record v1 2026.1 (lineSubsidiary, lineFxRate, lineBaseCurrency)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.money import Rate
from sandbooks.platforms.netsuite.posting import id_of, lines_of
from sandbooks.platforms.netsuite.rates import day_rate
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.header import Draft, in_group
from sandbooks.platforms.netsuite.records.ledgers import GROUP
from sandbooks.platforms.netsuite.records.lists import base_of, missing
from sandbooks.platforms.netsuite.refusals import UserError

Body = dict[str, Any]

INTERCOMPANY = "advInterCompanyJournalEntry"


def line_subsidiary(draft: Draft, line: Body) -> str:
    """The subsidiary of a journal's line. Raises ``UserError`` for a line of another one in an ordinary journal."""
    own = id_of(line.get("lineSubsidiary")) or draft.ref("subsidiary")
    if draft.type.name != INTERCOMPANY and own != draft.ref("subsidiary"):
        raise UserError("All lines of a journal entry belong to its subsidiary.", "line")
    return own


def legs_of(draft: Draft) -> Body:
    """How each subsidiary books its lines: base currency, rate, accounts kept in base, and the view of the group."""
    _forget_rates(draft)
    by_subsidiary: dict[str, list[Body]] = {}
    for line in draft.lines("line"):
        by_subsidiary.setdefault(line_subsidiary(draft, line), []).append(line)
    return {id: _leg(draft, id, lines) for id, lines in by_subsidiary.items()}


def _leg(draft: Draft, subsidiary: str, lines: list[Body]) -> Body:
    base = base_of(draft.company, subsidiary)
    rate = _rate(draft, base, lines)
    for line in lines:
        line["lineFxRate"] = rate.value
        line["lineBaseCurrency"] = {"id": store.currency_id(draft.company, base)}
    leg: Body = {"base": base, "rate": str(rate.value), "base_accounts": base_accounts(draft, lines, base)}
    if base != draft.company.currency:
        leg[GROUP] = in_group(draft, rate)
    return leg


def _rate(draft: Draft, base: str, lines: list[Body]) -> Rate:
    """The rate that the lines give, else that of the head for its own base currency, else that of the day."""
    if draft.currency == base:
        return Rate(Decimal(1), base, base)
    given = {round(Decimal(line["lineFxRate"]), 9) for line in lines if line.get("lineFxRate") is not None}
    if len(given) > 1 or any(value <= 0 for value in given):
        # Unconfirmed: the sentence; the screen has one rate for each subsidiary.
        raise UserError("All lines of a subsidiary have the same exchange rate.", "line")
    if given:
        return Rate(given.pop(), draft.currency, base)
    found = draft.rate if base == draft.facts["base"] else None
    found = found or day_rate(draft.company, draft.currency, date.fromisoformat(draft.body["tranDate"]), base=base)
    if found is None:
        raise missing("Exchange Rate")
    return found


def _forget_rates(draft: Draft) -> None:
    """An edit that moves the journal to another currency, or a line to another subsidiary, leaves old rates behind."""
    if draft.before is None:
        return
    before = {line["line"]: line for line in lines_of(draft.before.body, "line")}
    other = draft.before.body["currency"] != draft.body["currency"]
    for line in draft.lines("line"):
        stood = before.get(line["line"], {})
        moved = other or stood.get("lineSubsidiary") != line.get("lineSubsidiary")
        if moved and stood.get("lineFxRate") == line.get("lineFxRate"):
            line.pop("lineFxRate", None)


def base_accounts(draft: Draft, lines: Iterable[Body], base: str) -> list[str]:
    """The accounts of foreign lines that are kept in a base currency."""
    if draft.currency == base:
        return []
    held = (draft.company.book.account(id) for id in dict.fromkeys(id_of(line["account"]) for line in lines))
    return [account.id for account in held if account.currency == base]
