"""Sweeps of scenarios: every fault at every exchange, and the smallest schedule that goes wrong."""

from __future__ import annotations

import threading
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.harness.conftest import SYNC, payment
from tests.harness.small_clients import Hasty

from sandbooks.cli.main import main
from sandbooks.harness.examples import Menu, base, scenario_of, with_steps
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.sweep import Sweep, Swept
from sandbooks.harness.writing import scenario_text

THREE = (payment(), SYNC, payment("r-02", "88.14 GBP"), SYNC, payment("r-03", "19.99 GBP"), SYNC)
CLIENTS = "tests.harness.small_clients"


def written(tmp_path: Path, menu: Menu) -> Path:
    file = tmp_path / "plain.yaml"
    data = {**with_steps(base(menu), payment(), SYNC), "scenario": "One plain payment that should be posted once"}
    file.write_text(scenario_text(data))
    return file


def test_the_smallest_failing_schedule_becomes_a_scenario(tmp_path: Path, menu: Menu) -> None:
    asked = ["sweep", str(written(tmp_path, menu)), "--driver", f"{CLIENTS}:Hasty", "--report", str(tmp_path / "r")]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 1, answer.output
    assert "smallest failing schedule: drop_response after commit at create_purchase number 1" in answer.output
    (file,) = (tmp_path / "r").glob("plain-*.yaml")
    again = CliRunner().invoke(main, ["replay", str(file), "--driver", f"{CLIENTS}:Hasty"])
    assert again.exit_code == 1
    assert CliRunner().invoke(main, ["replay", str(file), "--driver", f"{CLIENTS}:Careful"]).exit_code == 0


def test_a_client_that_is_right_survives_every_fault(tmp_path: Path, menu: Menu) -> None:
    answer = CliRunner().invoke(main, ["sweep", str(written(tmp_path, menu)), "--driver", f"{CLIENTS}:Careful"])
    assert answer.exit_code == 0, answer.output
    assert "0 went wrong" in answer.output


def test_two_faults_at_once_are_tried_when_asked(tmp_path: Path, menu: Menu) -> None:
    file, driver = str(written(tmp_path, menu)), f"{CLIENTS}:Careful"
    asked = ["sweep", file, "--driver", driver, "--faults", "drop_response,expire_token"]
    one, two = (CliRunner().invoke(main, [*asked, "--depth", depth]).output for depth in "12")
    assert "3 runs under faults" in one
    assert "3 runs under faults" in two, "one write has one exchange: there is no second one to pair it with"


def test_several_processes_come_to_what_one_comes_to(menu: Menu, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sandbooks.harness.sweep.get_context", lambda how: asked.append(how) or get_context(how))
    scenario = scenario_of(with_steps(base(menu), *THREE))
    alone, together = (Sweep(subject_of_class(Hasty), processes=count).run(scenario) for count in (1, 2))
    assert len(asked) == 1, "one process needs no others"
    assert len(together.failing) > 4
    assert told(alone) == told(together)


def test_a_process_that_has_threads_is_not_copied(menu: Menu, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sandbooks.harness.sweep.get_context", lambda how: asked.append(how) or get_context(how))
    wait = threading.Event()
    beside = threading.Thread(target=wait.wait)
    beside.start()
    try:
        scenario = scenario_of(with_steps(base(menu), *THREE))
        swept = Sweep(subject_of_class(Hasty), processes=2).run(scenario)
    finally:
        wait.set()
        beside.join()
    assert asked == ["spawn"]
    assert swept.failing


def told(swept: Swept) -> Any:
    """Everything that a sweep tells of its runs."""
    failing = [(plan, verdict.findings, verdict.told) for plan, verdict in swept.failing]
    return failing, swept.right, swept.gave_up, swept.never_met
