"""Schedules: one fault, or one kill, at one exchange of a run that went well.

The lists below are what a sweep tries; the exchanges come from the tape of the first run. Knows tapes and fault
addresses; nothing of who is driven or how runs are judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sandbooks.world import TapeEntry

Planned: TypeAlias = tuple[str, str, dict[str, Any]]

# (kind, phase, parameters) in the order in which they are tried; a read has no commit that matters.
WRITE_FAULTS: tuple[Planned, ...] = (
    ("drop_response", "validate", {}),
    ("drop_response", "commit", {}),
    ("server_error", "validate", {}),
    ("server_error", "commit", {}),
    ("html_error_page", "commit", {}),
    ("truncate", "render", {}),
    ("throttle", "admit", {}),
    ("expire_token", "send", {}),
    ("reset", "send", {}),
)
READ_FAULTS: tuple[Planned, ...] = (
    ("drop_response", "admit", {}),
    ("server_error", "admit", {}),
    ("html_error_page", "send", {}),
    ("truncate", "render", {}),
    ("throttle", "admit", {}),
    ("expire_token", "send", {}),
    ("reset", "send", {}),
)
# Faults that code without idempotency keys cannot survive, or that end what it was given: only by name.
ASKED_FAULTS: tuple[Planned, ...] = (
    ("late_commit", "validate", {}),
    ("revoke_token", "send", {}),
    ("delay", "admit", {}),
)
HUB = "codat"
KNOWN = frozenset(kind for kind, _, _ in (*WRITE_FAULTS, *READ_FAULTS, *ASKED_FAULTS))


@dataclass(frozen=True)
class Schedule:
    """One fault at one exchange of the first run. ``number`` is that exchange's; ``rank`` sorts smaller first."""

    kind: str
    phase: str
    at: Mapping[str, Any]
    number: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"{self.at.get('operation') or 'exchange'} number {self.at.get('nth', 1)}"
        return f"{self.kind} after {self.phase} at {where} (exchange #{self.number} of the first run)"

    def as_marker(self) -> str:
        """The marker that makes a test meet this fault."""
        fault = {"kind": self.kind, "phase": self.phase, "at": dict(self.at), **self.parameters}
        return f"@pytest.mark.sandbooks(client_time=True, faults=[{fault!r}])"


def schedules(
    entries: Iterable[TapeEntry], *, after: int = 0, only: Collection[str] = frozenset()
) -> Iterator[Schedule]:
    """Every single fault at every exchange that a client or the hub began, earliest exchange first.

    The first ``after`` exchanges only count: they belong to the set-up.
    """
    for entry, at in addressed(entries):
        if entry.number <= after:
            continue
        for kind, phase, parameters in faults_for(entry, only):
            yield Schedule(kind, phase, at, entry.number, parameters)


def addressed(entries: Iterable[TapeEntry]) -> Iterator[tuple[TapeEntry, dict[str, Any]]]:
    """Each exchange that a client or the hub began, with the address that means it in a run that repeats this one."""
    seen: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        if entry.actor == "late" or not entry.operation:
            continue
        key = (entry.surface, entry.company, entry.operation)
        seen[key] = seen.get(key, 0) + 1
        at: dict[str, Any] = {"platform": entry.surface, "operation": entry.operation, "nth": seen[key]}
        if entry.company:
            at["company"] = entry.company
        yield entry, at


def faults_for(entry: TapeEntry, only: Collection[str] = frozenset()) -> list[Planned]:
    """The faults that are tried at an exchange: the usual ones, or those named."""
    usual = WRITE_FAULTS if entry.writes else READ_FAULTS
    if entry.surface == HUB:  # its API key neither expires nor is it consented to
        usual = tuple(fault for fault in usual if not fault[0].endswith("_token"))
    asked = [fault for fault in ASKED_FAULTS if entry.writes or fault[0] != "late_commit"]
    return [fault for fault in (*usual, *asked) if fault[0] in only] if only else list(usual)
