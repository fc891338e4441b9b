"""Every cell of every dated edition of the capability tables, on every platform, cards and banks alike, both ways.

What an edition offers is posted as the native record that its table names, what it does not offer is refused in the
table's words and leaves nothing. The profiles of a platform are places of their own. No platform is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.suite.cells import (
    ACCOUNTS,
    DAY,
    TYPES,
    Cell,
    Place,
    expected,
    expense_cells,
    held,
    other_cells,
    places,
    proved,
    quoted,
    section,
)

from sandbooks.capabilities import PlatformCapabilities

PLACES = places()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_an_expense_type_is_posted_where_it_is_offered_and_refused_where_not(place: Place) -> None:
    proved(place, list(expense_cells(place.table)))


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_bills_transfers_and_journals_are_posted_where_they_are_offered(place: Place) -> None:
    proved(place, list(other_cells(place.table)))


# Updates


def updates(table: PlatformCapabilities) -> Iterator[tuple[Cell, str, Decimal, str]]:
    """What stands, the change to it, the amount after the change, and why the change is refused, if it is."""
    refused = table.refusal("update.expense") or ""
    for account_class, account in ACCOUNTS.items():
        moves = {"travel": Decimal("48.60"), account: Decimal("-48.60")}
        spent = f"{DAY}, amount: 48.60 GBP, account: travel, bank_account: {account}, notes: Taxi"
        push = f"{{payment: spent-{account}, {spent}}}"
        change = f"{{transaction: spent-{account}, amount: 53.15 GBP, account: travel, notes: Taxi}}"
        if table.allows("expense.Payment", account_class):
            yield Cell(f"spent-{account}", push, moves), change, Decimal("53.15"), refused
    moves = {"travel": Decimal("-31.70"), "card": Decimal("31.70")}
    push = f"{{refund: back, {DAY}, amount: 31.70 GBP, account: travel, notes: Taxi}}"
    if table.allows("expense.Refund", "card"):
        change = "{transaction: back, amount: 30.05 GBP, account: travel, notes: Taxi}"
        yield Cell("back", push, moves), change, Decimal("30.05"), refused or "of type Payment can be updated"
    moves = {"travel": Decimal("42.15"), "payables": Decimal("-42.15")}
    more = 'due_date: "2026-03-30", contact: employee, amount: 42.15 GBP, account: travel, notes: Train'
    if table.allows("reimbursable"):
        change = "{transaction: owed, amount: 40.95 GBP, account: travel, notes: Train}"
        refused = table.refusal("update.reimbursable") or ""
        yield Cell("owed", f"{{reimbursable: owed, {DAY}, {more}}}", moves), change, Decimal("40.95"), refused
    moves = {"current": Decimal("-205.00"), "reserve": Decimal("205.00")}
    push = f"{{transfer: moved, {DAY}, from: {{current: 205.00 GBP}}, to: {{reserve: 205.00 GBP}}}}"
    if table.allows("transfer"):
        change = "{transaction: moved, from: {current: 215.75 GBP}, to: {reserve: 215.75 GBP}}"
        yield Cell("moved", push, moves), change, Decimal("215.75"), table.refusal("update.transfer") or ""


@pytest.mark.parametrize(
    "place", [place for place in PLACES if not place.profiles and list(updates(place.table))], ids=str
)
def test_a_change_is_made_where_it_is_offered_and_else_what_stands_stays(place: Place) -> None:
    text = place.head
    after, refused = [], []
    for cell, change, amount, refusal in updates(place.table):
        text += f"  - push: {cell.push}\n  - sync: until idle\n  - update: {change}\n  - sync: until idle\n"
        changed = {account: amount if moved > 0 else -amount for account, moved in cell.moves.items()}
        after.append(Cell(cell.label, "", cell.moves if refusal else changed))
        refused += [f"{cell.label}: {{status: 422, message_contains: {quoted(refusal)}}}"] if refusal else []
    held(f"{text}  - expect:\n{expected(after)}{section('refused', '{}', refused)}      nothing_else: true\n")


# Files


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_file_stands_on_every_document_that_may_carry_one_and_on_no_other(place: Place) -> None:
    table = place.table
    cells = [cell for cell in (*expense_cells(table), *other_cells(table)) if cell.offered]
    text = place.head
    carried, refused = [], []
    for cell in cells:
        kind = {"bill": "Reimbursable"}.get(cell.label) or cell.label.partition("-")[0].title()
        text += f"  - push: {cell.push}\n  - sync: until idle\n"
        text += f"  - attach: {{file: of-{cell.label}, transaction: {cell.label}, name: {cell.label}.pdf}}\n"
        takes = kind in (*TYPES, "Reimbursable") and table.allows(f"attachment.{kind}")
        carried.append(f"{cell.label}: {f'[of-{cell.label}]' if takes else '[]'}")
        refused += [] if takes else [f"of-{cell.label}: {{status: 400}}"]
    text += "  - expect:\n" + expected(cells)
    text += section("attachments", "{}", carried) + section("refused", "{}", refused)
    held(f"{text}      nothing_else: true\n")
