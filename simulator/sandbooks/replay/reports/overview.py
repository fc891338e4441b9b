"""The top of the page: what was played, on which platforms, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbooks.replay.reports.places import title_of
from sandbooks.replay.reports.run_view import RunView


@dataclass(frozen=True)
class Line:
    """One scenario: its runs by platform."""

    title: str
    file: str
    cells: tuple[tuple[RunView, ...], ...]


@dataclass(frozen=True)
class Area:
    """The scenarios of one folder."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Overview:
    """Counts, and the table of scenarios by platform."""

    runs: int
    failed: int
    exchanges: int
    faults: int
    documents: int
    companies: int
    agree: bool
    platforms: tuple[str, ...]
    areas: tuple[Area, ...]


def overview(runs: Sequence[RunView]) -> Overview:
    """The counts and the table."""
    platforms = list(dict.fromkeys(run.scenario.platform for run in runs))
    by_area: dict[str, dict[tuple[str, str], list[RunView]]] = {}
    for run in runs:
        by_area.setdefault(run.area, {}).setdefault((run.scenario.title, run.file), []).append(run)
    areas = tuple(
        Area(name, tuple(_line(title, file, group, platforms) for (title, file), group in lines.items()))
        for name, lines in by_area.items()
    )
    return Overview(
        runs=len(runs),
        failed=sum(not run.passed for run in runs),
        exchanges=sum(len(run.exchanges) for run in runs),
        faults=sum(run.faults for run in runs),
        documents=sum(len(run.documents) for run in runs),
        companies=sum(len(run.books) for run in runs),
        agree=all(table.agree for run in runs for table in run.books),
        platforms=tuple(title_of(name) for name in platforms),
        areas=areas,
    )


def _line(title: str, file: str, group: Sequence[RunView], platforms: Sequence[str]) -> Line:
    cells = tuple(tuple(run for run in group if run.scenario.platform == name) for name in platforms)
    return Line(title, file, cells)
