"""The timeline of a run as a drawing: lanes from the client over the hub to the platform, one row for each exchange.

Only geometry: every position is a whole number of pixels in a drawing of fixed width; the template draws it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbooks.replay.reports.amounts import duration
from sandbooks.replay.reports.exchanges import CLIENT, Seen
from sandbooks.replay.reports.places import HUB, title_of
from sandbooks.world.exchange import PHASES

WIDTH = 1080
TOP = 74  # lane heads and slanted phase names
ROW, QUIET_ROW, STEP, PAUSE = 40, 22, 34, 26
FIRST_LANE, LAST_LANE = 104, 596
PHASE_LEFT, PHASE_STEP = 664, 26
OUTCOME = 866
LABEL_WIDTH = 6.5  # pixels of one character of a label
PAUSE_MIN = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Lane:
    """One party."""

    name: str
    title: str
    x: int


@dataclass(frozen=True)
class Dot:
    """One phase of one exchange. ``state``: reached, fault (reached, and there the fault acted) or missed."""

    x: int
    name: str
    state: str


@dataclass(frozen=True)
class Row:
    """One exchange: where its arrow begins, where it should end and where it does end."""

    y: int
    seen: Seen
    x1: int
    x2: int
    reaches: int
    returns: int
    label: str
    dots: tuple[Dot, ...]

    @property
    def direction(self) -> int:
        return 1 if self.x2 >= self.x1 else -1

    @property
    def middle(self) -> int:
        return (self.x1 + self.x2) // 2


@dataclass(frozen=True)
class Band:
    """A line across the drawing: the beginning of a step, or a while in which nothing happens."""

    y: int
    text: str
    number: int = 0


@dataclass(frozen=True)
class Timeline:
    """A whole drawing."""

    height: int
    lanes: tuple[Lane, ...]
    heads: tuple[Dot, ...]
    bands: tuple[Band, ...]
    rows: tuple[Row, ...]
    width: int = WIDTH
    outcome: int = OUTCOME


def timeline(groups: Sequence[tuple[int, str, Sequence[Seen]]]) -> Timeline:
    """The drawing of exchanges grouped by step: (number of the step, its sentence, its exchanges)."""
    everyone = [seen for _, _, group in groups for seen in group]
    lanes = _lanes(everyone)
    bands: list[Band] = []
    rows: list[Row] = []
    y, last = TOP, None
    for number, sentence, group in groups:
        bands.append(Band(y + STEP // 2 + 4, _cut(sentence, 150), number))
        y += STEP
        for seen in group:
            if last is not None and seen.at - last >= PAUSE_MIN:
                bands.append(Band(y + PAUSE // 2, f"{duration(seen.at - last)} later"))
                y += PAUSE
            last = seen.at
            height = ROW if seen.loud else QUIET_ROW
            rows.append(_row(y + height // 2, seen, lanes))
            y += height
    heads = tuple(Dot(_phase_x(index), name, "head") for index, name in enumerate(PHASES))
    return Timeline(y + 14, tuple(lanes), heads, tuple(bands), tuple(rows))


def _lanes(everyone: Sequence[Seen]) -> list[Lane]:
    """Client, hub (if it takes part), then the platforms in the order of their appearance."""
    names = list(dict.fromkeys(seen.target for seen in everyone if seen.target != HUB))
    if any(HUB in (seen.source, seen.target) for seen in everyone):
        names.insert(0, HUB)
    names.insert(0, CLIENT)
    step = (LAST_LANE - FIRST_LANE) // max(1, len(names) - 1)
    titles = ("Client" if name == CLIENT else title_of(name) for name in names)
    return [
        Lane(name, title, FIRST_LANE + step * index)
        for index, (name, title) in enumerate(zip(names, titles, strict=True))
    ]


def _row(y: int, seen: Seen, lanes: Sequence[Lane]) -> Row:
    places = {lane.name: lane.x for lane in lanes}
    x1, x2 = places[seen.source], places[seen.target]
    if x1 == x2:
        x1 -= 110
    reaches = x2 if seen.phases else x1 + (x2 - x1) * 2 // 3
    returns = x2 - (x2 - x1) // 3 if seen.cut else x1
    most = int(abs(x2 - x1) / LABEL_WIDTH) - 3
    return Row(y, seen, x1, x2, reaches, returns, _cut(seen.name, most), tuple(_dots(seen)))


def _dots(seen: Seen) -> Iterator[Dot]:
    struck = {fault.phase for fault in seen.faults}
    for index, name in enumerate(PHASES):
        state = "fault" if name in struck else "reached" if name in seen.phases else "missed"
        yield Dot(_phase_x(index), name, state)


def _phase_x(index: int) -> int:
    return PHASE_LEFT + PHASE_STEP * index


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(1, most - 1)].rstrip() + "…"
