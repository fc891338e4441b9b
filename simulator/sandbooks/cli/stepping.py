"""``sandbooks replay --step``: one run, step by step, back and forth: what was sent, and how the books moved.

The run is played to its end first and kept with the books after each step; walking back shows what stood then.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from sandbooks.cli.explain import shortened
from sandbooks.replay.checks import movements
from sandbooks.replay.playing import play
from sandbooks.replay.reports.amounts import dr_cr, money_of
from sandbooks.replay.reports.words import Narrator
from sandbooks.replay.result import Result
from sandbooks.replay.script_steps import Scenario

NAME_WIDTH = 34
KEYS = "Enter or n: next   b: back   a number: that step   t: whole requests   a: all accounts   q: end of this run"


def walk(runs: Sequence[Scenario], *, base_url: str = "", seed: int | None = None) -> int:
    """Walk through runs, one after the other; the exit code. Where nobody sits there, every step is printed."""
    passed, left = True, False
    for run in runs:
        result = play(run, base_url=base_url, seed=seed, keep_books=True)
        views = list(_views(result))
        if _somebody_is_there():
            left = not _interactively(views)
        else:
            click.echo(f"{run.title}\n{run.name}\n")
            click.echo("\n".join(view.text() for view in views))
        for problem in result.problems:
            click.echo(f"failed: {problem}")
        passed = passed and result.passed
        if left:
            break
    return 0 if passed else 1


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True, kw_only=True)
class View:
    """One step as it is shown: what it did, what was sent, how the books moved, and how they stood then."""

    lines: list[str]
    exchanges: list[dict[str, Any]]
    moves: list[str]
    books: list[str]

    def text(self, *, whole: bool = False, books: bool = False) -> str:
        """``whole`` shows the bodies of requests and answers, ``books`` every account instead of those that moved."""
        sent = [line for exchange in self.exchanges for line in _exchange(exchange, whole=whole)]
        return "\n".join([*self.lines, *sent, *(self.books if books else self.moves), ""])


def _views(result: Result) -> Iterator[View]:
    narrator = Narrator(result.scenario)
    before: Mapping[str, Any] = result.books_before
    for place, played in enumerate(result.played, 1):
        told = narrator.tell(played.step)
        head = f"Step {place} of {len(result.scenario.steps)}, line {played.step.line}: {told.sentence}"
        first, last = played.exchanges
        exchanges = [e for e in result.exchanges if first < e["number"] <= last]
        now = played.books or {}
        yield View(
            lines=[head, *(f"  {point}" for point in told.points), *(f"  does not hold: {x}" for x in played.failures)],
            exchanges=exchanges,
            moves=list(_moves(before, now)),
            books=list(_standing(now)),
        )
        before = now


def _exchange(entry: dict[str, Any], *, whole: bool) -> Iterator[str]:
    request, response = entry["request"], entry["response"]
    saw = entry["cut"] or (str(response["status"]) if response else "no answer")
    wrote = ", ".join(f"{w['kind']} {w['native_id']}" for w in entry.get("written") or ())
    fault = "  fault" if entry["faults"] else ""
    reached = entry["phases"][-1] if entry["phases"] else "nothing"
    path = shortened(request["url"])
    yield f"  #{entry['number']:<4} {request['method']:<6} {path} -> {saw}, reached {reached}{fault}"
    if wrote:
        yield f"        wrote {wrote}"
    if whole:
        for text in (request.get("body"), (response or {}).get("body")):
            yield from (f"        | {line}" for line in (text or "").splitlines())


def _standing(books: Mapping[str, Any]) -> Iterator[str]:
    """Every account that anything was ever booked on."""
    for key, now in books.items():
        for row in now["accounts"]:
            name = str(row["name"])[:NAME_WIDTH]
            yield f"  {key}: {name:<{NAME_WIDTH}} {dr_cr(money_of(row['base'])):>20}"
        if not now["accounts"]:
            yield f"  {key}: nothing is booked"


def _moves(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key, now in after.items():
        moved = movements(before[key], now) if key in before else {}
        rows = {row["account"]: row for books in (before.get(key, now), now) for row in books["accounts"]}
        stands = {row["account"]: money_of(row["base"]) for row in now["accounts"]}
        for account, amounts in moved.items():
            change = amounts.get("base")
            if change:
                stood = dr_cr(stands[account]) if account in stands else "nothing"
                name = str(rows[account]["name"])[:NAME_WIDTH]
                yield f"  {key}: {name:<{NAME_WIDTH}} {dr_cr(change):>20}   stands at {stood}"


def _interactively(views: Sequence[View]) -> bool:
    """Whether to go on to the next run: not when the input has ended."""
    at, whole, books, note = 0, False, False, ""
    while 0 <= at < len(views):
        click.clear()
        click.echo(views[at].text(whole=whole, books=books))
        if note:
            click.echo(note)
        asked, note = _asked(), ""
        if asked == "q":
            return True
        if asked is None:
            return False
        if asked == "t":
            whole = not whole
        elif asked == "a":
            books = not books
        elif asked == "b":
            at = max(0, at - 1)
        elif asked in ("", "n"):
            at += 1
        elif asked.isdecimal() and 1 <= int(asked) <= len(views):
            at = int(asked) - 1
        else:
            note = f"There is no step or key {asked!r}: this run has steps 1 to {len(views)}."
    return True


def _asked() -> str | None:
    """What was typed; None at the end of the input."""
    try:
        return str(click.prompt(KEYS, default="", show_default=False, prompt_suffix="\n> ")).strip().lower()
    except click.Abort:
        click.echo()
        return None
