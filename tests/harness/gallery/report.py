"""The gallery's table, as Markdown that also reads well in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.harness.gallery.bugs import GALLERY

Row = dict[str, Any]
HEAD = ("Bug", "Sev", "What is wrong", "Recorded", "No faults", "check", "Examples", "Seconds", "Replayed")
GOAL = (200, 60.0)


def table(rows: Sequence[Row]) -> str:
    """One line for each entry."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = [_line(line, widths) for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    entry = GALLERY[row["name"]]
    shown = {True: "yes", False: "NO", None: ""}[row["replayed"]]
    return (
        row["name"],
        entry.severity or "ok",
        entry.intent,
        "found" if row["recorded"] else "-",
        "found" if row["plain"] else "-",
        row["rule"] if row["found"] else "-",
        str(row["examples"]),
        f"{row['seconds']:.1f}",
        shown,
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def summary(rows: Sequence[Row]) -> str:
    """How many bugs each column found, and which controls it flagged."""
    bugs = [row for row in rows if not GALLERY[row["name"]].is_control]
    controls = [row for row in rows if GALLERY[row["name"]].is_control]
    within = [row for row in bugs if row["found"] and row["examples"] <= GOAL[0] and row["seconds"] <= GOAL[1]]
    lines = [
        f"recorded answers: {_count(bugs, 'recorded')}; scenarios without faults: {_count(bugs, 'plain')}",
        f"check: {_count(bugs, 'found')}, of these {len(within)} within {GOAL[0]} examples and {GOAL[1]:.0f} s",
        f"missed by check: {', '.join(row['name'] for row in bugs if not row['found']) or 'none'}",
        f"controls flagged: {', '.join(_flagged(controls)) or 'none'} of {len(controls)}",
        f"not shown again by their file: {', '.join(r['name'] for r in rows if r['replayed'] is False) or 'none'}",
    ]
    return "\n".join(lines)


def _count(rows: Sequence[Row], column: str) -> str:
    return f"{sum(bool(row[column]) for row in rows)} of {len(rows)}"


def _flagged(controls: Sequence[Row]) -> list[str]:
    return [row["name"] for row in controls if row["found"] or row["plain"]]
