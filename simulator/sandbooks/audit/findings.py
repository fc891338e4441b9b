"""Findings: what is wrong with the books, who was told what, and how to see it again. Values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sandbooks.money import Money

CAUSES = frozenset({"INV-01", "INV-06", "INV-07", "INV-15", "INV-18", "INV-22", "INV-23", "INV-25"})
EFFECTS = frozenset({"INV-01", "INV-06", "INV-07", "INV-13", "INV-14", "INV-15", "INV-23", "INV-51", "INV-59"})


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row of an accountant's table: an account, what it should hold, what it holds; debit is positive."""

    account: str
    expected: Money
    actual: Money

    @property
    def difference(self) -> Money:
        return self.actual - self.expected


@dataclass(frozen=True, kw_only=True)
class Step:
    """One exchange of the story: what was sent, how far it got, what it left in the books, what the client saw."""

    number: int
    at: datetime
    sent: str
    reached: str
    wrote: tuple[str, ...] = ()
    saw: str
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong. ``title`` says it in one sentence; ``message`` who was told what and what follows.

    ``steps`` are the exchanges of the transaction, ``repeat`` what differs between a first try and its repeat,
    ``table`` what the books should and do hold, ``control`` the run in which all is right, ``assumption`` what the
    verdict rests on, ``remedy`` the cure, ``command`` what shows it again. ``also`` are further broken rules.
    """

    title: str
    message: str
    invariants: tuple[str, ...]
    failure_modes: tuple[str, ...] = ()
    platform: str = ""
    company: str = ""
    transaction: str = ""
    exchanges: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()
    repeat: tuple[str, ...] = ()
    table: tuple[Difference, ...] = ()
    control: str = ""
    remedy: str = ""
    assumption: str = ""
    command: str = ""
    also: tuple[str, ...] = ()

    def as_json(self, number: int) -> dict[str, Any]:
        """The finding as the control API lists it; ``number`` counts from 1 and becomes its id."""
        return {
            "id": str(number),
            "title": self.title,
            "message": "\n".join([self.message, *self.also]),
            "invariants": list(self.invariants),
            "failure_modes": list(self.failure_modes),
            "transaction": self.transaction or None,
            "exchanges": list(self.exchanges),
            "table": [_row(row) for row in self.table],
            "assumption": self.assumption or None,
            "remedy": self.remedy,
            "command": self.command,
        }


def _row(row: Difference) -> dict[str, Any]:
    amounts = {"expected": row.expected, "actual": row.actual, "difference": row.difference}
    return {"account": row.account, **{name: money_json(amount) for name, amount in amounts.items()}}


def money_json(money: Money) -> dict[str, str]:
    """Money as the control API writes it; debit is positive."""
    amount, currency = str(money).split(" ")
    return {"amount": amount, "currency": currency}


def united(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each cause: those of one transaction, or of one pair of exchanges, become one.

    The first leads (it knows the most about the cause); the others add their rules, and their sentence unless it only
    says in other words that the amounts are wrong because of that cause.
    """
    led: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        key = (finding.company, finding.transaction) if finding.transaction else ("", *map(str, finding.exchanges))
        if key == ("",):
            key = ("", finding.title)
        leader = led.get(key)
        led[key] = finding if leader is None else _joined(leader, finding)
    return list(led.values())


def _joined(leader: Finding, other: Finding) -> Finding:
    told = other.title == leader.title or (CAUSES & {*leader.invariants} and {*other.invariants} <= EFFECTS)
    return replace(
        leader,
        invariants=tuple(sorted({*leader.invariants, *other.invariants})),
        failure_modes=leader.failure_modes or other.failure_modes,
        exchanges=tuple(sorted({*leader.exchanges, *other.exchanges})),
        steps=leader.steps or other.steps,
        table=leader.table or other.table,
        repeat=leader.repeat or other.repeat,
        also=leader.also if told else tuple(dict.fromkeys([*leader.also, other.title, *other.also])),
    )
