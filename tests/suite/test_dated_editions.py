"""Every cell of every dated edition of the capability tables, on every platform, cards and banks alike, both ways.

What an edition offers is posted, what it does not offer is refused and leaves nothing. No platform is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import pytest
from tests.suite.cells import HEAD

from sandbooks import capabilities
from sandbooks.capabilities import EDITIONS, PlatformCapabilities
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import parse_scenario

NAMES = [name for name, platform in platforms().items() if platform.connector]
TYPES = ("Payment", "Refund", "Reward", "Chargeback")
ACCOUNTS = {"card": "card", "bank": "current"}
PLACES = list(product(EDITIONS, NAMES))


@dataclass(frozen=True)
class Cell:
    """One cell: what is pushed under a label, whether it is offered, and what it moves when it is."""

    label: str
    push: str
    offered: bool
    moves: dict[str, Decimal]


def holds(text: str) -> None:
    (run,) = parse_scenario(text).runs()
    result = play(run)
    assert result.passed, "\n".join(result.problems)


def scenario(edition: str, platform: str, cells: list[Cell]) -> str:
    """Every cell in one company: the offered ones stand in the books to the penny, nothing else does."""
    text = head(edition, platform)
    for cell in cells:
        text += f"  - push: {cell.push}\n  - sync: until idle\n"
    offered = [cell.label for cell in cells if cell.offered]
    refused = [cell.label for cell in cells if not cell.offered]
    text += "  - expect:\n"
    text += section("transactions", "{}", [f"{label}: Completed" for label in offered])
    text += section("refused", "{}", [f"{label}: {{}}" for label in refused])
    text += section("tape", "[]", [f"{{write: {label}, count: 0}}" for label in refused])
    text += section("books", "{}", books(cells))
    return f"{text}      nothing_else: true\n"


def head(edition: str, platform: str) -> str:
    """A company with cards, banks and contacts, in a world that keeps to an edition."""
    begun = HEAD.format(title="What an edition offers", platform=platform, seed=6100, account="card").lstrip()
    return f"edition: '{edition}'\n{begun}"


def section(name: str, brackets: str, parts: list[str]) -> str:
    """A part of ``expect``; nothing where there is nothing to say."""
    return f"      {name}: {brackets[0]}{', '.join(parts)}{brackets[1]}\n" if parts else ""


def books(cells: list[Cell]) -> list[str]:
    """How far each account has moved."""
    moved: dict[str, Decimal] = {}
    for cell in cells:
        for account, amount in cell.moves.items() if cell.offered else ():
            moved[account] = moved.get(account, Decimal(0)) + amount
    sides = {label: ("Dr" if amount > 0 else "Cr", abs(amount)) for label, amount in moved.items() if amount}
    return [f"{label}: [{side} {amount} GBP]" for label, (side, amount) in sides.items()]


def expense_cells(table: PlatformCapabilities) -> Iterator[Cell]:
    """Each type on each class of account, every amount its own."""
    for number, (kind, account_class) in enumerate(product(TYPES, ACCOUNTS), start=1):
        amount = Decimal(f"{10 + number * 7}.{number}3")
        line, account = ("cashback" if kind == "Reward" else "travel"), ACCOUNTS[account_class]
        label = f"{kind.lower()}-{account_class}"
        push = (
            f'{{{kind.lower()}: {label}, date: "2026-03-16", amount: {amount} GBP, account: {line}, '
            f"bank_account: {account}, notes: Cell by cell}}"
        )
        out = amount if kind == "Payment" else -amount
        offered = table.allows(f"expense.{kind}", "card" if account_class == "card" else "bank")
        yield Cell(label, push, offered, {line: out, account: -out})


def other_cells(table: PlatformCapabilities) -> Iterator[Cell]:
    """Reimbursables, transfers between banks and from a bank to a card, and adjustments."""
    day = 'date: "2026-03-16"'
    owed = Decimal("38.75")
    push = f'{{reimbursable: bill, {day}, due_date: "2026-03-30", contact: shop, amount: 38.75 GBP, account: travel}}'
    push = push.replace("account: travel}", "account: travel, notes: Train}")
    yield Cell("bill", push, table.allows("reimbursable"), {"travel": owed, "payables": -owed})
    for label, target, amount in (("saved", "reserve", Decimal("120.45")), ("paid-down", "card", Decimal("77.05"))):
        ends = f"from: {{current: {amount} GBP}}, to: {{{target}: {amount} GBP}}"
        push = f"{{transfer: {label}, {day}, {ends}}}"
        yield Cell(label, push, table.allows("transfer"), {"current": -amount, target: amount})
    moved = Decimal("17.85")
    lines = "[{amount: Dr 17.85 GBP, account: travel}, {amount: Cr 17.85 GBP, account: cashback}]"
    push = f"{{adjustment: journal, {day}, lines: {lines}}}"
    yield Cell("journal", push, table.allows("adjustment"), {"travel": moved, "cashback": -moved})


@pytest.mark.parametrize(("edition", "platform"), PLACES)
def test_an_expense_type_is_posted_where_its_edition_offers_it_and_refused_where_not(
    edition: str, platform: str
) -> None:
    cells = list(expense_cells(capabilities.load(edition)[platform]))
    holds(scenario(edition, platform, cells))


@pytest.mark.parametrize(("edition", "platform"), PLACES)
def test_bills_transfers_and_journals_are_posted_where_their_edition_offers_them(edition: str, platform: str) -> None:
    cells = list(other_cells(capabilities.load(edition)[platform]))
    holds(scenario(edition, platform, cells))


# Updates


def updates(table: PlatformCapabilities) -> Iterator[tuple[Cell, str, Decimal]]:
    """What stands, the change to it, and the amount after the change."""
    day = 'date: "2026-03-16"'
    if table.allows("expense.Payment", "card"):
        amount = Decimal("48.60")
        push = f"{{payment: spent, {day}, amount: 48.60 GBP, account: travel, notes: Taxi}}"
        cell = Cell("spent", push, table.allows("update.expense"), {"travel": amount, "card": -amount})
        yield cell, "{transaction: spent, amount: 53.15 GBP, account: travel, notes: Taxi}", Decimal("53.15")
    if table.allows("reimbursable"):
        amount = Decimal("42.15")
        more = 'due_date: "2026-03-30", contact: shop, amount: 42.15 GBP, account: travel, notes: Train'
        moves = {"travel": amount, "payables": -amount}
        cell = Cell("owed", f"{{reimbursable: owed, {day}, {more}}}", table.allows("update.reimbursable"), moves)
        yield cell, "{transaction: owed, amount: 40.95 GBP, account: travel, notes: Train}", Decimal("40.95")
    if table.allows("transfer"):
        amount = Decimal("205.00")
        push = f"{{transfer: moved, {day}, from: {{current: 205.00 GBP}}, to: {{reserve: 205.00 GBP}}}}"
        cell = Cell("moved", push, table.allows("update.transfer"), {"current": -amount, "reserve": amount})
        change = "{transaction: moved, from: {current: 215.75 GBP}, to: {reserve: 215.75 GBP}}"
        yield cell, change, Decimal("215.75")


def updated(cell: Cell, amount: Decimal) -> dict[str, Decimal]:
    """What stands in the books after a change that went through."""
    return {label: amount if moved > 0 else -amount for label, moved in cell.moves.items()}


WITH_UPDATES = [place for place in PLACES if list(updates(capabilities.load(place[0])[place[1]]))]


@pytest.mark.parametrize(("edition", "platform"), WITH_UPDATES)
def test_a_change_is_made_where_its_edition_offers_it_and_else_what_stands_stays(edition: str, platform: str) -> None:
    text = head(edition, platform)
    after: list[Cell] = []
    refused = []
    for cell, change, amount in updates(capabilities.load(edition)[platform]):
        text += f"  - push: {cell.push}\n  - sync: until idle\n  - update: {change}\n  - sync: until idle\n"
        after.append(Cell(cell.label, "", True, updated(cell, amount) if cell.offered else cell.moves))
        refused += [] if cell.offered else [f"{cell.label}: {{}}"]
    text += "  - expect:\n"
    text += section("transactions", "{}", [f"{cell.label}: Completed" for cell in after])
    text += section("refused", "{}", refused)
    text += section("books", "{}", books(after))
    holds(f"{text}      nothing_else: true\n")


# Files


@pytest.mark.parametrize(("edition", "platform"), PLACES)
def test_a_file_stands_on_every_document_that_its_edition_lets_carry_one_and_on_no_other(
    edition: str, platform: str
) -> None:
    table = capabilities.load(edition)[platform]
    cells = [cell for cell in (*expense_cells(table), *other_cells(table)) if cell.offered]
    text = head(edition, platform)
    carried, refused = [], []
    for cell in cells:
        kind = {"bill": "Reimbursable"}.get(cell.label) or cell.label.partition("-")[0].title()
        text += f"  - push: {cell.push}\n  - sync: until idle\n"
        text += f"  - attach: {{file: of-{cell.label}, transaction: {cell.label}, name: {cell.label}.pdf}}\n"
        takes = kind in (*TYPES, "Reimbursable") and table.allows(f"attachment.{kind}")
        carried.append(f"{cell.label}: {f'[of-{cell.label}]' if takes else '[]'}")
        refused += [] if takes else [f"of-{cell.label}: {{}}"]
    text += "  - expect:\n"
    text += section("transactions", "{}", [f"{cell.label}: Completed" for cell in cells])
    text += section("attachments", "{}", carried)
    text += section("refused", "{}", refused)
    text += section("books", "{}", books(cells))
    holds(f"{text}      nothing_else: true\n")
