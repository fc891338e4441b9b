"""``sandbooks replay --step``: a run walked step by step, with its requests and the books."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from sandbooks.cli import stepping
from sandbooks.cli.main import main
from sandbooks.settings import scenarios_root

LOST = scenarios_root() / "quickstart" / "7_answer_lost.yaml"


def walked(*more: str, keys: str = "") -> Result:
    return CliRunner().invoke(main, ["replay", str(LOST), "--platform", "xero", "--step", *more], input=keys)


def test_every_step_is_printed_where_nobody_sits_at_the_terminal() -> None:
    result = walked()
    assert result.exit_code == 0
    assert result.output.count("Step 1 of 6") == 2  # the answer is lost after the commit, then before it
    assert "PUT    /xero/api.xro/2.0/BankTransactions -> timeout, reached commit  fault" in result.output
    assert "Travel" in result.output
    assert "stands at Dr 228.90 GBP" in result.output


def test_a_walk_goes_forth_back_to_a_number_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "_somebody_is_there", lambda: True)
    result = walked(keys="\nb\n4\nt\nq\nq\n")
    seen = [line.split(",")[0] for line in result.output.splitlines() if line.startswith("Step ")]
    assert seen == [f"Step {n} of 6" for n in (1, 2, 1, 4, 4, 1)]
    assert result.output.count("        | ") >= 3  # bodies of step 4, once asked for


def test_all_accounts_are_shown_on_request_and_an_unknown_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "_somebody_is_there", lambda: True)
    output = walked(keys="a\n4\n99\nq\nq\n").output
    first, fourth = output.split("Step 4 of 6")[:2]
    assert "acme: nothing is booked" in first
    assert "Travel" in fourth
    assert "Dr 228.90 GBP" in fourth
    assert "There is no step or key '99': this run has steps 1 to 6." in output


def test_the_end_of_the_input_ends_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "_somebody_is_there", lambda: True)
    result = walked(keys="n\n")
    assert result.exit_code == 0
    assert result.output.count("Step 1 of 6") == 1


def test_a_driver_has_no_steps_to_walk() -> None:
    assert "--step walks" in walked("--driver", "package.module:Class").output
