"""Every scenario that ships: it lints clean, it holds, and the same seed gives the same canonical tape."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbooks.platform import platforms
from sandbooks.replay.lint import lint
from sandbooks.replay.playing import play
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.settings import scenarios_root

FILES = scenario_files(scenarios_root())
SIMULATED = [name for name, platform in platforms().items() if platform.connector]


def runs() -> list[Scenario]:
    return [run for file in FILES for run in read_scenario(file).runs(SIMULATED)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_scenario_lints_clean(file: Path) -> None:
    assert lint(file) == []


@pytest.mark.parametrize("scenario", runs(), ids=lambda scenario: scenario.name)
def test_a_shipped_scenario_holds_and_its_tape_repeats(scenario: Scenario) -> None:
    first = play(scenario)
    assert first.passed, "\n".join(first.problems)
    assert play(scenario).tape == first.tape
