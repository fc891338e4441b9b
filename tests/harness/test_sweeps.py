"""Sweeps of scenarios: every fault at every exchange, and the smallest schedule that goes wrong."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from tests.harness.conftest import SYNC, payment

from sandbooks.cli.main import main
from sandbooks.harness.examples import Menu, base, with_steps
from sandbooks.harness.writing import scenario_text

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
