"""What came of a run of a scenario, step by step, for whoever judges or shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbooks.replay.names import Names
from sandbooks.replay.script_steps import Scenario, Step


@dataclass
class Played:
    """One step that was played: what was wrong with it, how far the tape had come, and the books of each company after
    it, where they were asked for."""

    step: Step
    failures: list[str] = field(default_factory=list)
    exchanges: tuple[int, int] = (0, 0)
    books: Mapping[str, Any] | None = None


@dataclass
class Result:
    """What came of a run. ``error`` is set when it could not be played to the end."""

    scenario: Scenario
    played: list[Played] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    error: str = ""
    tape: bytes = b""
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    har: Mapping[str, Any] = field(default_factory=dict)
    documents: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    books_before: dict[str, Any] = field(default_factory=dict)
    books_after: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.error and not self.failures and not any(p.failures for p in self.played)

    @property
    def problems(self) -> list[str]:
        """Every failure with the line of its step."""
        found = [f"line {p.step.line}, {p.step.verb}: {text}" for p in self.played for text in p.failures]
        return [*found, *self.failures, *([self.error] if self.error else [])]
