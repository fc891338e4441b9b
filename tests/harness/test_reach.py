"""The table of what a campaign reaches says neither more nor less than the campaign does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbooks.audit.failure_modes import FAILURE_MODES
from sandbooks.harness.campaign import ASKED_ONCE
from sandbooks.harness.disturbing import KILL_PHASES, TELLING
from sandbooks.harness.drawing import FAULTS
from sandbooks.harness.driver import OPTIONAL_VERBS
from sandbooks.harness.examples import Menu
from sandbooks.harness.meanwhile import meanwhile
from sandbooks.harness.reach import REACH, Reach, table
from sandbooks.harness.related import relations
from sandbooks.harness.relating import SHAPES
from sandbooks.harness.schedules import ASKED_FAULTS, READ_FAULTS, WRITE_FAULTS
from sandbooks.harness.systematic import Example

PAGE = Path(__file__).parents[2] / "docs" / "check.md"


def examples() -> Iterator[Example]:
    for platform in ("quickbooks_online", "xero"):
        menu = Menu(platform, frozenset(OPTIONAL_VERBS))
        for wave in (*ASKED_ONCE, relations, meanwhile):
            yield from wave(menu)


@pytest.fixture(scope="module")
def abouts() -> set[str]:
    return {example.about for example in examples()}


@pytest.fixture(scope="module")
def faults() -> set[tuple[str, str]]:
    found = {(kind, phase) for kind, phase, _ in (*WRITE_FAULTS, *READ_FAULTS, *ASKED_FAULTS)}
    found |= {(kind, phase) for kind, phases in FAULTS for phase in phases} | set(TELLING)
    for example in examples():
        for step in example.data["steps"]:
            planned = {kind: facts for kind, facts in step.get("fault", {}).items() if kind != "clear"}
            found |= {(kind, facts.get("phase", "")) for kind, facts in planned.items()}
    return found


def test_every_failure_mode_has_its_row() -> None:
    assert list(REACH) == list(FAILURE_MODES)


@pytest.mark.parametrize("reach", [reach for reach in REACH.values() if reach.ways], ids=lambda reach: reach.number)
def test_what_is_said_to_be_drawn_is_drawn(reach: Reach, abouts: set[str], faults: set[tuple[str, str]]) -> None:
    for way in reach.ways:
        kind, _, rest = way.partition(" ")
        if kind == "fault":
            name, _, phase = rest.partition(" ")
            assert any(name == known and phase in ("", at) for known, at in faults), way
        elif kind == "relation":
            assert rest in SHAPES
        elif kind == "kill":
            assert KILL_PHASES
        elif kind == "restart":
            assert any(step.get("sync") == "after restart" for e in examples() for step in e.data["steps"])
        else:
            assert any(about.startswith(way) for about in abouts), way


def test_what_is_not_drawn_says_why() -> None:
    assert all(bool(reach.ways) != bool(reach.why_not) for reach in REACH.values())


def test_the_page_shows_the_table() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
