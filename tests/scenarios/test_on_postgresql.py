"""The same scenario in SQLite and in PostgreSQL: it holds on both, and the canonical tapes are the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.databases import Databases

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.platform import platforms
from sandbooks.replay import playing
from sandbooks.replay.playing import play
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.replay.transport import IN_PROCESS, InProcess, OverSocket
from sandbooks.settings import scenarios_root
from sandbooks.storage.postgresql import PostgresDatabase
from sandbooks.wire import Answer, Request

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
    monkeypatch.setattr(playing, "InProcess", OverPostgresql)
    monkeypatch.setattr(OverPostgresql, "url", database_url)
    shared = play(scenario)
    assert shared.passed, "\n".join(shared.problems)
    assert shared.tape == in_memory.tape


@pytest.fixture(scope="module")
def base_url(databases: Databases) -> Iterator[str]:
    """Two server processes over one database, behind one address."""
    command = [sys.executable, "-m", "sandbooks", "serve", "--db", databases.new(), "--workers", "2", "--port", "0"]
    root = scenarios_root().parent
    env = {**os.environ, "PYTHONPATH": str(root / "simulator")}
    with subprocess.Popen(
        [*command, "--json", "--platform", "freeagent"], cwd=root, env=env, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield str(exact_json.loads(process.stdout.readline())["url"])
        process.terminate()


class Restless(OverSocket):
    """A client that opens a connection for each request, so that now this process answers and now that one."""

    def send(self, request: Request) -> Answer:
        try:
            return super().send(request)
        finally:
            self._session.close()


@pytest.mark.parametrize("scenario", [each for each in runs() if "xero" in each.name], ids=lambda each: each.name)
def test_the_tape_is_the_same_when_two_processes_take_turns_at_one_world(
    scenario: Scenario, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = play(scenario)
    monkeypatch.setattr(playing, "OverSocket", Restless)
    served = play(scenario, base_url=base_url)
    assert served.passed, "\n".join(served.problems)
    assert served.tape == in_memory.tape
