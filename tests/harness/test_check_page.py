"""The examples on the page about `check` work as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from sandbooks.audit.relations import RELATIONS
from sandbooks.cli.main import main
from sandbooks.replay.script import parse_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_scenario_with_a_relation_tells_a_client_that_is_right_from_one_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "order.yaml"
    file.write_text(next(block for block in BLOCKS if "relation:" in block))
    for driver, code in (("small_clients:Careful", 0), ("related_clients:Watermark", 1)):
        played = CliRunner().invoke(main, ["replay", str(file), "--driver", f"tests.harness.{driver}"])
        assert played.exit_code == code, played.output


def test_the_steps_of_the_bookkeeper_are_scenario_language() -> None:
    whole = next(block for block in BLOCKS if "relation:" in block)
    steps = next(block for block in BLOCKS if "pay: {bill" in block)
    found = parse_scenario(whole.replace("  - push:", steps + "  - push:")).runs()[0]
    assert [step.verb for step in found.steps][2:5] == ["bookkeeper", "bookkeeper", "sync"]
    assert found.steps[4].action.workers == 2  # type: ignore[union-attr]  # a sync


def test_every_relation_has_its_row() -> None:
    rows = re.findall(r"^\| (INV-\d\d) \|", PAGE, re.MULTILINE)
    assert rows == sorted(RELATIONS)
