"""The same scenario in SQLite and in PostgreSQL: it holds on both, and the canonical tapes are the same bytes."""

from __future__ import annotations

import pytest

from sandbooks.app import App
from sandbooks.platform import platforms
from sandbooks.replay import run
from sandbooks.replay.run import play
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.replay.transport import IN_PROCESS, InProcess
from sandbooks.settings import scenarios_root
from sandbooks.storage.postgresql import PostgresDatabase

PLAYED = ("1_card_payment", "3_foreign_currency", "5_employee", "7_answer_lost")
SIMULATED = [name for name, platform in platforms().items() if platform.connector]


def runs() -> list[Scenario]:
    files = scenario_files(scenarios_root() / "quickstart")
    assert all(any(file.stem.startswith(name) for file in files) for name in PLAYED)
    return [each for file in files if file.stem.startswith(PLAYED) for each in read_scenario(file).runs(SIMULATED)]


class OverPostgresql(InProcess):
    """A server of its own in this process whose worlds are in PostgreSQL."""

    url = ""

    def __init__(self) -> None:
        self.base_url = IN_PROCESS
        self._app = App(database=PostgresDatabase(self.url))


@pytest.mark.parametrize("scenario", runs(), ids=lambda scenario: scenario.name)
def test_a_scenario_leaves_the_same_tape_on_both_databases(
    scenario: Scenario, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = play(scenario)
    monkeypatch.setattr(run, "InProcess", OverPostgresql)
    monkeypatch.setattr(OverPostgresql, "url", database_url)
    shared = play(scenario)
    assert shared.passed, "\n".join(shared.problems)
    assert shared.tape == in_memory.tape
