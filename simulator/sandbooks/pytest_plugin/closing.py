"""The line that closes a run: tests, exchanges, exchanges with the network, behaviours used and how they are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandbooks.world import TapeEntry

UNLISTED = "not listed"


@dataclass
class Counts:
    """What the tests of a run (or of one worker of it) used. ``behaviours`` are pairs of surface and operation,
    ``unswept`` tests that were to be swept and sent nothing."""

    tests: int = 0
    exchanges: int = 0
    network: int = 0
    swept: int = 0
    unswept: int = 0
    behaviours: set[tuple[str, str]] = field(default_factory=set)

    def note(self, entries: Iterable[TapeEntry], *, network: int) -> None:
        """One world has ended."""
        for entry in entries:
            self.exchanges += 1
            if entry.operation and entry.operation != "unmatched":
                self.behaviours.add((entry.surface, entry.operation))
        self.network += network

    def add(self, other: Counts) -> None:
        """What another worker counted."""
        self.tests += other.tests
        self.exchanges += other.exchanges
        self.network += other.network
        self.swept += other.swept
        self.unswept += other.unswept
        self.behaviours |= other.behaviours

    def as_plain(self) -> dict[str, Any]:
        """For the journey from a worker of pytest-xdist."""
        behaviours = [list(pair) for pair in sorted(self.behaviours)]
        return {**vars(self), "behaviours": behaviours}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Counts:
        return cls(**{**plain, "behaviours": {(surface, name) for surface, name in plain["behaviours"]}})

    def line(self) -> str:
        """The closing line."""
        parts = [
            _many(self.tests, "test"),
            _many(self.exchanges, "exchange") + (f" ({_many(self.swept, 'swept run')})" if self.swept else ""),
            f"{self.network} to the network",
            f"{_many(len(self.behaviours), 'behaviour')} used" + _statuses(self.behaviours),
        ]
        if self.unswept:
            parts.append(f"{_many(self.unswept, 'test')} with nothing to sweep")
        return "sandbooks: " + ", ".join(parts)


def _many(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _statuses(behaviours: Iterable[tuple[str, str]]) -> str:
    found: dict[str, int] = {}
    for surface, operation in behaviours:
        status = _evidence(surface).get(operation, UNLISTED)
        found[status] = found.get(status, 0) + 1
    if not found:
        return ""
    return " (" + ", ".join(f"{count} {status}" for status, count in sorted(found.items())) + ")"


def _evidence(surface: str) -> dict[str, str]:
    """How each behaviour of a platform is known, by name; empty where nothing is written down."""
    from sandbooks.settings import DataMissing, read_contract

    try:
        listed = read_contract("platforms", surface, "evidence.yaml")
    except DataMissing:
        return {}
    return {row["name"]: str(row["status"]).replace("_", " ") for row in listed["evidence"]}


COUNTS: pytest.StashKey[Counts] = pytest.StashKey()


def counts_of(config: pytest.Config) -> Counts:
    """The counts of this process."""
    return config.stash.setdefault(COUNTS, Counts())
