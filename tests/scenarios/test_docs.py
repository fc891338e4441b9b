"""The scenario in the documentation lints clean and holds."""

from __future__ import annotations

from pathlib import Path

from sandbooks.replay.playing import play
from sandbooks.replay.script import parse_scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"


def test_the_documented_scenario_holds() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    runs = parse_scenario(text).runs()
    assert len(runs) == 4
    for run in runs:
        result = play(run)
        assert result.passed, "\n".join(result.problems)
