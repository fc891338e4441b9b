"""Fault transparency: what a client does ends with the same books, whether an answer was lost on the way or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sandbooks.audit import Finding, RunBooks, books_of_run, compare_books, raise_findings

if TYPE_CHECKING:
    from sandbooks.sandbox.sandbox import Sandbox

WorldBooks = dict[tuple[str, str], RunBooks]


def check(
    sandbox: Sandbox, run: Callable[[Sandbox], object], kind: str, *, at: Mapping[str, Any], **fault: Any
) -> None:
    """Run twice in forks and compare. Raises ``BooksWrong``, or ``FaultNeverFired``."""
    with sandbox.fork() as calm, calm.intercept():
        run(calm)
        calm.settle()
        control = books_of_world(calm)
    with sandbox.fork() as rough, rough.intercept():
        with rough.fault(kind, at=at, **fault):
            gave_up = _raises(run, rough)
        rough.settle()
        raise_findings([*rough.findings(), *compare_worlds(books_of_world(rough), control, gave_up=gave_up)])


def _raises(run: Callable[[Sandbox], object], sandbox: Sandbox) -> bool:
    try:
        run(sandbox)
    except Exception:  # noqa: BLE001 - whatever code under test raises is how it answers the fault
        return True
    return False


def books_of_world(sandbox: Sandbox) -> WorldBooks:
    """The books of every company, as values that outlive the world."""
    return {(c.platform, c.id): books_of_run(c._company) for c in sandbox.companies()}


def compare_worlds(run: WorldBooks, control: WorldBooks, *, gave_up: bool) -> list[Finding]:
    """INV-70 for every company. ``gave_up``: the client raised an error of its own, so nothing was lost quietly."""
    return [
        finding
        for company, books in run.items()
        if company in control
        for finding in compare_books(books, control[company], gave_up=gave_up)
    ]
