"""The same scenario over a socket: the same result and, byte for byte, the same canonical tape as in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbooks.app import App
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.serving import Server
from sandbooks.settings import scenarios_root

SIMULATED = [name for name, platform in platforms().items() if platform.connector]
FILES = (
    *scenario_files(scenarios_root() / "quickstart"),
    scenarios_root() / "resilience" / "answer_truncated.yaml",
    scenarios_root() / "bookkeeper" / "consent_withdrawn.yaml",
)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    app = App(raises=False)
    app.create_world()
    with Server(app.edge.dispatch) as server:
        yield server.url
    app.close()


def runs() -> list[Scenario]:
    return [run for file in FILES for run in read_scenario(file).runs(SIMULATED)]


@pytest.mark.parametrize("scenario", runs(), ids=lambda scenario: scenario.name)
def test_the_tape_over_a_socket_is_the_tape_in_process(scenario: Scenario, base_url: str) -> None:
    served = play(scenario, base_url=base_url)
    assert served.passed, "\n".join(served.problems)
    assert served.tape == play(scenario).tape
