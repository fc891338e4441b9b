"""Running sums: what one record shows of many others (what a supplier is owed), kept as each of them changes.

Reading a sum costs the same however many records it covers. The records stay the truth: whoever stores a version moves
the sums by the difference, in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sandbooks.kit.company import Company

Parts = Mapping[str, Decimal]


class Sums:
    """The sums of one company, by name."""

    def __init__(self, company: Company) -> None:
        self._world = company.world
        self._scope = f"{company.platform}/{company.id}/sums"

    def move(self, was: Parts, now: Parts) -> None:
        """Move the sums from what a record added to them to what it adds now."""
        for name in {**was, **now}:
            moved = now.get(name, Decimal(0)) - was.get(name, Decimal(0))
            if moved:
                self._world.put(self._scope, name, str(self.of(name) + moved))

    def of(self, name: str) -> Decimal:
        """A sum; zero where nothing was ever added."""
        return Decimal(self._world.get(self._scope, name) or "0")
