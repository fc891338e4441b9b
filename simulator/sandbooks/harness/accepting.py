"""Findings that a team knows of and has decided to live with for a while: a reason and an end date for each.

An accepted finding is still told, but nobody is held up by it. After its end date it counts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from sandbooks.audit import Finding
from sandbooks.platform import platforms
from sandbooks.settings import Document, FileInvalid, Problem, nearest, read_document

EXAMPLE = '- {rule: INV-38, platform: xero, reason: "Ticket 4711, fixed with release 9", until: 2026-12-31}'


@dataclass(frozen=True)
class Accepted:
    """One entry. What is left empty fits any finding; ``title`` is a part of the finding's sentence, ``platform`` the
    title of a platform, as findings have it."""

    rule: str
    reason: str
    until: date
    platform: str = ""
    title: str = ""

    def fits(self, finding: Finding) -> bool:
        """Whether this entry means a finding, whatever the day."""
        return (
            self.rule in finding.invariants
            and self.platform in ("", finding.platform)
            and self.title.lower() in finding.title.lower()
        )


@dataclass(frozen=True)
class Weighed:
    """A finding with the entry that accepts it. ``ended``: the entry's end date has passed, so that it counts."""

    finding: Finding
    accepted: Accepted | None = None
    ended: bool = False

    @property
    def counts(self) -> bool:
        return self.accepted is None or self.ended


def weighed(finding: Finding, entries: Iterable[Accepted], *, today: date) -> Weighed:
    """A finding under the entries of a file. An entry that still holds goes before one that has ended."""
    fitting = sorted((entry for entry in entries if entry.fits(finding)), key=lambda entry: entry.until, reverse=True)
    if not fitting:
        return Weighed(finding)
    return Weighed(finding, fitting[0], ended=fitting[0].until < today)


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """The entries of a file: a list under ``accepted``. Raises ``FileInvalid`` with line and remedy."""
    document = read_document(path)
    listed = document.data.get("accepted") if isinstance(document.data, Mapping) else None
    if not isinstance(listed, list):
        problem = document.problem((), "There is no list `accepted`.", remedy=f"Write `accepted:`, below it {EXAMPLE}")
        raise FileInvalid([problem])
    problems: list[Problem] = []
    entries = [_entry(document, index, raw, problems) for index, raw in enumerate(listed)]
    if problems:
        raise FileInvalid(problems)
    return tuple(entry for entry in entries if entry is not None)


def _entry(document: Document, index: int, raw: Any, problems: list[Problem]) -> Accepted | None:
    place = ("accepted", index)
    if not isinstance(raw, Mapping):
        problems.append(document.problem(place, "Is no entry.", remedy=f"Write {EXAMPLE}"))
        return None
    known = [part.name for part in fields(Accepted)]
    problems += [
        document.problem((*place, name), f"There is no `{name}`.", remedy=nearest(name, known))
        for name in raw
        if name not in known
    ]
    problems += [
        document.problem(place, f"`{name}` is missing.", remedy=f"Write {EXAMPLE}")
        for name in ("rule", "reason", "until")
        if not raw.get(name)
    ]
    platform = _title(str(raw.get("platform") or ""))
    if platform is None:
        remedy = nearest(str(raw["platform"]), platforms())
        problems.append(
            document.problem((*place, "platform"), f"There is no platform {raw['platform']}.", remedy=remedy)
        )
    try:
        until = date.fromisoformat(str(raw.get("until")))
    except ValueError:
        problems.append(document.problem((*place, "until"), "Is no date.", remedy="Write it as 2026-12-31."))
        return None
    texts = {name: str(raw[name]) for name in known if name != "until" and raw.get(name)}
    return None if problems else Accepted(until=until, **{**texts, "platform": platform or ""})


def _title(written: str) -> str | None:
    """The title of a platform by its name, an alias or the title itself; None where there is none."""
    if not written:
        return ""
    names = {each.title: (each.name, *each.aliases, each.title) for each in platforms().values()}
    fits = (title for title, known in names.items() if written.lower() in map(str.lower, known))
    return next(fits, None)
