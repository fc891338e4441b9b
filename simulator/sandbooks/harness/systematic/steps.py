"""The steps and single transactions of which systematic examples are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbooks.harness.examples import BRITISH, Data, Menu, Setting, amount

SYNC: Data = {"sync": "until idle"}
RESTART: Data = {"sync": "after restart"}
TWO_WORKERS = "two workers"


@dataclass(frozen=True)
class Example:
    """One run: its data and what it is there for. ``disturb``: faults and kills at its exchanges are worth trying."""

    about: str
    data: Data
    disturb: bool = False


def sync_anew(menu: Menu) -> Data:
    """Work after a restart, where the program can be started anew."""
    return RESTART if "restart" in menu.verbs else SYNC


def one_by_one(given: Iterable[Data]) -> list[Data]:
    """Each transaction by itself, so that one that is refused takes no other with it."""
    return [step for one in given for step in ({"push": one}, SYNC)]


def spend(menu: Menu, kind: str, label: str, number: str, setting: Setting = BRITISH, **more: Any) -> Data:
    """One expense of one line."""
    given: Data = {kind: label, "date": setting.day, "amount": amount(number, setting.currency), "account": "travel"}
    if menu.offered.limits_of("expense").notes_required:
        given["notes"] = "Fares"
    return {**given, **more}


def reimbursable(label: str) -> Data:
    return {
        "reimbursable": label,
        "date": "2026-03-11",
        "due_date": "2026-04-15",
        "contact": "jane",
        "amount": "84.62 GBP",
        "account": "meals",
    }


def transfer(label: str, source: str, target: str, money: str, arriving: str = "") -> Data:
    return {"transfer": label, "date": "2026-03-12", "from": {source: money}, "to": {target: arriving or money}}


def adjustment(label: str) -> Data:
    lines = [{"amount": "Dr 44.70 GBP", "account": "meals"}, {"amount": "Cr 44.70 GBP", "account": "travel"}]
    return {"adjustment": label, "date": "2026-03-13", "lines": lines}


def receipt(label: str, name: str = "", *, transaction: str = "r-01") -> Data:
    given: Data = {"file": label, "transaction": transaction, "size": "3 kB", "name": name or f"{label}.png"}
    return {"attach": given}


def bill(label: str, money: str, *, supplier: str = "airline", **more: Any) -> Data:
    dates = {"date": "2026-03-10", "due_date": "2026-04-18"}  # a Saturday
    return {"bill": {"id": label, "supplier": supplier, **dates, "amount": money, "account": "software", **more}}


def pay(label: str, paid: dict[str, str], *, source: str = "checking", **more: Any) -> Data:
    return {"pay": {"id": label, "date": "2026-03-14", "from": source, "bills": paid, **more}}
