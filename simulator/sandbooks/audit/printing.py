"""A finding as people read it: plain text for a test's failure, and the same parts as data for pages and files.

The order is that of the questions: what is wrong with the books; who was told what; what happened, exchange by
exchange; what the repeat changed; the accountant's table; which rules; what a right run looks like; the cure; what the
verdict rests on; how to see it again.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from sandbooks.audit.findings import Difference, Finding, Step
from sandbooks.audit.rules import in_words
from sandbooks.money import Money

WIDTH = 100
MARGIN = 12
SENT_WIDTH = 44
_TOGETHER = re.compile(r"(?:Dr |Cr )?[\d.,]+ [A-Z]{3}\b|\b[A-Za-z_]+ (?=\S*\d)\S+|\d+ [A-Z][a-z]+ \d{4}")


def print_findings(findings: Sequence[Finding]) -> str:
    """All findings, one under the other, each with its place in the count."""
    return "\n".join(print_finding(finding, place, of=len(findings)) for place, finding in enumerate(findings, 1))


def print_finding(finding: Finding, number: int = 1, *, of: int = 1) -> str:
    """One finding as text, at most ``WIDTH`` columns wide where its words allow."""
    return "\n".join(line.rstrip() for line in _lines(finding, number, of))


def _lines(finding: Finding, number: int, of: int) -> Iterator[str]:
    head = f"Finding {number} of {of}"
    place = " · ".join(filter(None, [finding.company, finding.platform, finding.transaction]))
    yield (
        f"── {head} {'─' * (WIDTH - len(head) - len(place) - 8)} {place} ──"
        if place
        else f"── {head} ".ljust(WIDTH, "─")
    )
    yield ""
    yield from _wrapped(finding.title, WIDTH)
    for also in finding.also:
        yield from _wrapped(f"Also: {also}", WIDTH)
    yield ""
    yield from _labelled("Told", finding.message)
    yield from _block("Happened", _steps(finding.steps))
    yield from _block("Repeat", finding.repeat)
    yield from _block("Books", _table(finding.table))
    yield from _block("Rules", [in_words(rule) for rule in (*finding.invariants, *finding.failure_modes)])
    yield from _labelled("Control", finding.control)
    yield from _labelled("Cure", finding.remedy)
    yield from _labelled("Rests on", finding.assumption)
    yield from _labelled("See again", finding.command)


def _labelled(label: str, text: str) -> Iterator[str]:
    """A paragraph with its label in the margin; line breaks of the text stay."""
    lines = [line for part in text.splitlines() for line in _wrapped(part, WIDTH - MARGIN) or [""]]
    yield from _block(label, lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that part no amount from its currency, and no document's kind from its number."""
    bound = _TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), text)
    lines = textwrap.wrap(bound, width, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def _block(label: str, lines: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield f"{label if place == 0 else '':<{MARGIN}}{line}"
    if lines:
        yield ""


def _steps(steps: Sequence[Step]) -> list[str]:
    """One line for each exchange: number, time, request, how far it got, what the client saw; below it what it wrote
    and the fault that met it."""
    if not steps:
        return []
    heads = ("", "UTC", "sent", "reached", "the client saw")
    rows = [heads, *(_cells(one) for one in steps)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    indent = " " * (widths[0] + widths[1] + 4)
    shown = []
    for row, one in zip(rows, [None, *steps], strict=True):
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        shown.append("  ".join(cells).rstrip())
        if one is not None:
            shown += [f"{indent}└ {line}" for line in (*_wrote(one), *_faulted(one))]
    return shown


def _wrote(one: Step) -> list[str]:
    return [f"wrote {name}" for name in one.wrote]


def _faulted(one: Step) -> list[str]:
    return [f"fault: {one.fault}"] if one.fault else []


def _cells(one: Step) -> tuple[str, str, str, str, str]:
    sent = one.sent if len(one.sent) <= SENT_WIDTH else one.sent[: SENT_WIDTH - 1] + "…"
    return f"#{one.number}", f"{one.at:%H:%M:%S}", sent, one.reached, one.saw


def _table(rows: Sequence[Difference]) -> list[str]:
    """Expected, actual and difference in aligned columns, debits and credits marked as accountants do."""
    if not rows:
        return []
    heads = ("", "expected", "actual", "difference")
    cells = [(row.account, *(_dr_cr(m) for m in (row.expected, row.actual, row.difference))) for row in rows]
    widths = [max(len(row[column]) for row in [heads, *cells]) for column in range(len(heads))]
    return [
        "  ".join(
            [f"{row[0]:<{widths[0]}}", *(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in [heads, *cells]
    ]


def _dr_cr(money: Money) -> str:
    if not money:
        return "-"
    return f"{'Dr' if money.amount > 0 else 'Cr'} {abs(money)}"


def finding_data(finding: Finding, number: int = 1) -> dict[str, Any]:
    """The same parts as plain data, for pages and files: what ``as_json`` has, and the story with it."""
    return {
        **finding.as_json(number),
        "message": finding.message,
        "also": list(finding.also),
        "company": finding.company,
        "platform": finding.platform,
        "steps": [_step_data(one) for one in finding.steps],
        "repeat": list(finding.repeat),
        "control": finding.control,
        "rules": {rule: in_words(rule) for rule in (*finding.invariants, *finding.failure_modes)},
    }


def _step_data(one: Step) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "sent": one.sent,
        "reached": one.reached,
        "wrote": list(one.wrote),
        "saw": one.saw,
        "fault": one.fault,
    }
