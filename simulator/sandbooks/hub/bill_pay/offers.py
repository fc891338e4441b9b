"""What bill pay offers on each platform, in the edition that the world has chosen.

Source: contracts/hub/bill_pay_platforms.yaml, which names the public pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, field

from sandbooks.hub import profiles
from sandbooks.settings import read_contract
from sandbooks.world import World


class Offer(Struct, frozen=True, kw_only=True):
    """One platform's row. ``limits`` are lengths in characters, and the number of ``lines``; ``lacks`` are data types
    that the platform's integration does not write; ``says`` are texts of its own for what was not found;
    ``not_simulated`` is what the real one writes and this one does not, by data type.
    """

    synchronous: bool = False
    asynchronous: bool = False
    updates: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    not_simulated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    bank_account_types: frozenset[str] = frozenset(("Credit", "Debit"))


@cache
def _table() -> Any:
    return read_contract("hub", "bill_pay_platforms.yaml")


def offer(world: World, platform: str) -> Offer:
    """What is offered on a platform; nothing at all where the table does not list it."""
    row = _table()["platforms"].get(platform)
    if row is None:
        return Offer()
    editions = _table()["editions"]
    edition = editions[0] if profiles.on(world, "bill_pay_updates_of_june") else editions[-1]
    return Offer(
        synchronous=row["synchronous"],
        asynchronous=row["asynchronous"],
        updates=frozenset(row["updates"].get(edition, ())),
        limits=row["limits"],
        rules=frozenset(row.get("rules", ())),
        lacks=frozenset(row.get("lacks", ())),
        not_simulated=row.get("not_simulated", {}),
        says=row.get("says", {}),
        bank_account_types=frozenset(row.get("bank_account_types", ("Credit", "Debit"))),
    )
