"""One run as the page tells it: its story, its timeline, its exchanges, its documents and its books."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbooks.recording import tape_lines
from sandbooks.replay.reports.amounts import money_of, number
from sandbooks.replay.reports.bodies import SHOWN_MAX, Shown, shown_body, shown_json
from sandbooks.replay.reports.books import (
    BooksTable,
    DifferenceRow,
    JournalEntry,
    books_table,
    differences,
    journal,
)
from sandbooks.replay.reports.exchanges import Seen, marks_of, seen
from sandbooks.replay.reports.places import area, shown_file, title_of
from sandbooks.replay.reports.timeline import Timeline, timeline
from sandbooks.replay.reports.words import Narrator
from sandbooks.replay.result import Result
from sandbooks.replay.script_steps import Scenario, Step

QUIET_SHOWN_MAX = 1_500  # characters of a body that a reader hardly looks at: lists read while linking
PAGE_MAX = 4_000_000  # characters of bodies on one page


class Budget:
    """How much room is left for bodies on the page; the first to ask are served first."""

    def __init__(self, room: int = PAGE_MAX) -> None:
        self._room = room

    def grant(self, wanted: int) -> int:
        """How many characters may be shown of a body, at most ``wanted``: all of them, or none."""
        return wanted if self._room >= wanted else 0

    def spend(self, shown: Shown) -> Shown:
        self._room -= len(shown.html)
        return shown


@dataclass(frozen=True)
class StepView:
    """One step: its words, and what came of it."""

    number: int
    verb: str
    line: int
    sentence: str
    points: tuple[str, ...]
    note: str
    state: str
    failures: tuple[str, ...]
    exchanges: tuple[Seen, ...]


@dataclass(frozen=True)
class ExchangeView:
    """One exchange with its bodies laid out."""

    seen: Seen
    request: Shown
    response: Shown
    source: str
    target: str


@dataclass(frozen=True)
class DocumentView:
    """One native record that moved money, its journal entries beside it."""

    kind: str
    native_id: str
    version: str
    status: str
    date: str
    total: str
    transaction: str
    exchanges: tuple[int, ...]
    entries: tuple[JournalEntry, ...]
    native: Shown


@dataclass(frozen=True)
class RunView:
    """One run."""

    result: Result
    anchor: str
    file_name: str
    steps: tuple[StepView, ...]
    exchanges: tuple[ExchangeView, ...]
    documents: tuple[DocumentView, ...]
    books: tuple[BooksTable, ...]
    differences: tuple[DifferenceRow, ...]

    @property
    def scenario(self) -> Scenario:
        return self.result.scenario

    @property
    def passed(self) -> bool:
        return self.result.passed

    @property
    def platform(self) -> str:
        return title_of(self.scenario.platform)

    @property
    def file(self) -> str:
        return shown_file(self.scenario.file)

    @property
    def area(self) -> str:
        return area(self.scenario.file)

    @property
    def values(self) -> str:
        """What the matrix chose: ``phase commit``."""
        return ", ".join(f"{name} {value}" for name, value in self.scenario.values.items())

    @property
    def faults(self) -> int:
        return sum(len(exchange.seen.faults) for exchange in self.exchanges)

    @property
    def struck(self) -> list[Seen]:
        """The exchanges where a fault acted."""
        return [exchange.seen for exchange in self.exchanges if exchange.seen.faults]

    @property
    def command(self) -> str:
        """What plays it again."""
        return (
            f"sandbooks replay {shlex.quote(self.file)} --platform {self.scenario.platform} --seed {self.scenario.seed}"
        )

    @cached_property
    def timeline(self) -> Timeline:
        groups = [(step.number, step.sentence, step.exchanges) for step in self.steps if step.exchanges]
        rest = self._rest(sum(len(step.exchanges) for step in self.steps))
        return timeline([*groups, *([(0, "After the last step", rest)] if rest else [])])

    def _rest(self, told: int) -> Sequence[Seen]:
        return [exchange.seen for exchange in self.exchanges[told:]]


def run_view(result: Result, anchor: str, *, file_name: str, budget: Budget) -> RunView:
    """A run for the page."""
    tape = {int(line["number"]): line for line in tape_lines(result.tape)} if result.tape else {}
    exchanges = seen(result, tape)
    marks = marks_of(result)
    return RunView(
        result=result,
        anchor=anchor,
        file_name=file_name,
        steps=tuple(_steps(result, exchanges)),
        exchanges=tuple(_exchange(exchange, marks, budget) for exchange in exchanges),
        documents=tuple(
            _document(document, result.lines.get(key, []), marks, budget)
            for key, documents in result.documents.items()
            for document in documents
        ),
        books=tuple(books_table(key, result.books_before[key], after) for key, after in result.books_after.items()),
        differences=tuple(differences(result)),
    )


def _steps(result: Result, exchanges: Sequence[Seen]) -> list[StepView]:
    narrator = Narrator(result.scenario)
    played = {id(p.step): p for p in result.played}
    views = []
    for place, step in enumerate(result.scenario.steps, start=1):
        done = played.get(id(step))
        first, last = done.exchanges if done else (0, 0)
        failures = tuple(done.failures) if done else ()
        state = "skipped" if done is None else "failed" if failures else "held"
        views.append(_step(narrator, step, place, state=state, failures=failures, seen=exchanges[first:last]))
    return views


def _step(
    narrator: Narrator, step: Step, number: int, *, state: str, failures: tuple[str, ...], seen: Sequence[Seen]
) -> StepView:
    told = narrator.tell(step)
    return StepView(
        number=number,
        verb=step.verb,
        line=step.line,
        sentence=told.sentence[:1].upper() + told.sentence[1:],
        points=told.points,
        note=step.note or "",
        state=state,
        failures=failures,
        exchanges=tuple(seen),
    )


def _exchange(exchange: Seen, marks: Mapping[str, str], budget: Budget) -> ExchangeView:
    most = SHOWN_MAX if exchange.loud else QUIET_SHOWN_MAX
    request = budget.spend(shown_body(exchange.shown["request"], marks, most=budget.grant(most)))
    response = budget.spend(shown_body(exchange.shown.get("response") or {}, marks, most=budget.grant(most)))
    source = title_of(exchange.source) if exchange.source != "client" else "Client"
    return ExchangeView(exchange, request, response, source, title_of(exchange.target))


def _document(
    document: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], marks: Mapping[str, str], budget: Budget
) -> DocumentView:
    total = money_of(document["total"]) if document.get("total") else None
    transaction = str(document.get("transaction") or "")
    text = str(document["native"])
    carried = next((label for id, label in marks.items() if id in text), "")
    return DocumentView(
        kind=document["kind"],
        native_id=document["native_id"],
        version=str(document.get("version", "")),
        status=document["status"],
        date=document["date"],
        total=f"{number(total)} {total.currency}" if total is not None else "",
        transaction=carried or marks.get(transaction, transaction),
        exchanges=tuple(dict.fromkeys(document.get("exchanges", []))),
        entries=tuple(journal(lines, f"{document['kind']} {document['native_id']}")),
        native=budget.spend(shown_json(document["native"], marks, most=budget.grant(SHOWN_MAX))),
    )
