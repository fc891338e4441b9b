"""Putting entries into the book, and keeping what would otherwise be counted anew: entry numbers and party balances."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Entry
from sandbooks.platforms.business_central import webhooks

if TYPE_CHECKING:
    from sandbooks.platforms.business_central.sets.entity import Scope

PLACES = "business_central/entries"
PARTIES = "business_central/parties"


def book(company: Company, record: Record, entry: Entry | None) -> None:
    """Bring the book in step with a record version. Called in the unit of work that stores the version."""
    company.post(record, entry)
    world = company.world
    last, place = world.get(PLACES, company.id) or [0, 0]
    fresh = [line for line in company.book.lines(source=(record.kind, record.id)) if line.number > last]
    for line in fresh:
        webhooks.announce(company, "generalLedgerEntries", entry_id(company, place + 1), "created")
        if line.index == 0:
            world.put(f"{PLACES}/{company.id}", str(line.number), place)
        place += 1
        if line.posting.party:
            key = f"{line.posting.account}/{line.posting.party}"
            held = Decimal(world.get(f"{PARTIES}/{company.id}", key) or "0")
            world.put(f"{PARTIES}/{company.id}", key, str(held + line.posting.base.amount))
    if fresh:
        world.put(PLACES, company.id, [fresh[-1].number, place])


def entry_id(company: Company, place: int) -> str:
    """The id of the G/L entry with a number."""
    return company.world.ids.fixed_uuid(f"business_central/{company.id}/entry/{place}")


def place_of(company: Company, number: int, index: int) -> int:
    """The G/L entry number of a posting: its place among all of the company's, from 1."""
    return int(company.world.get(f"{PLACES}/{company.id}", str(number)) or 0) + index + 1


def party_balance(scope: Scope, role: str, party: str) -> Decimal:
    """What stands on a control account for a party, in local currency; debit is positive."""
    kept = scope.world.get(f"{PARTIES}/{scope.company.id}", f"{scope.posting[role]}/{party}")
    return Decimal(kept or "0")
