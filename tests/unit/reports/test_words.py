"""Steps in plain words."""

from __future__ import annotations

import pytest
from tests.unit.reports.builders import TEXT

from sandbooks.platform import platforms
from sandbooks.replay.reports.words import Narrator, Told, address
from sandbooks.replay.script import parse_scenario, read_scenario, scenario_files
from sandbooks.replay.script_steps import Scenario
from sandbooks.settings import scenarios_root


def told(steps: str, *, platform: str = "xero") -> list[Told]:
    """The steps of a scenario, given as YAML lines."""
    text = TEXT.partition("steps:")[0] + "steps:\n" + "\n".join(f"  - {line}" for line in steps.strip().splitlines())
    (run,) = parse_scenario(text, "scenarios/one.yaml").runs([platform])
    narrator = Narrator(run)
    return [narrator.tell(step) for step in run.steps]


def sentence(step: str) -> str:
    return told(step)[0].sentence


def test_a_payment_is_told_with_its_amount_account_and_rate() -> None:
    step = 'push: {payment: r-01, date: "2026-03-28", amount: 1412.37 USD, rate: 1 USD = 0.7741 GBP, account: travel}'
    assert sentence(step) == (
        "The expense program hands over payment r-01 of 28 March 2026: 1,412.37 USD for Travel, at 1 USD = 0.7741 GBP."
    )


def test_a_fault_is_told_by_what_it_strikes() -> None:
    step = "fault: {drop_response: {at: {write: r-01, nth: 2}, phase: commit, how: reset}}"
    assert sentence(step) == (
        "A fault is planned: drop response at the second write of r-01, after the phase commit (how reset)."
    )


def test_time_is_told_in_the_scenario_s_own_words() -> None:
    assert sentence("advance: 31d") == "31 days pass."
    assert sentence('advance: {to: "2026-04-03T09:00:00 Europe/London"}').startswith("Time passes until 3 April 2026")


def test_what_must_hold_is_told_as_an_accountant_would() -> None:
    step = "expect: {transactions: {r-01: Completed}, books: {travel: [Dr 319.22 GBP]}, nothing_else: true}"
    push = 'push: {payment: r-01, date: "2026-03-28", amount: 412.37 USD, rate: 1 USD = 0.7741 GBP, account: travel}'
    assert told(f"{push}\n{step}")[1].points == (
        "r-01 is Completed",
        "Travel has moved by Dr 319.22 GBP",
        "nothing else has moved",
    )


def test_the_place_of_a_fault_is_told_for_each_form_of_address() -> None:
    assert address({}) == "at the first exchange"
    assert address({"operation": "create_purchase", "every": True}) == "at every one from the first on: create_purchase"
    assert address({"read": "r-01", "nth": 4, "platform": "xero"}) == "at the 4th read of r-01 (platform xero)"
    assert address({"event": "expenses.sync.*"}) == "at the first expenses.sync.* webhook"


def shipped() -> list[Scenario]:
    return [run for file in scenario_files(scenarios_root()) for run in read_scenario(file).runs(list(platforms()))]


@pytest.mark.parametrize("run", shipped(), ids=lambda run: run.name)
def test_every_step_of_a_shipped_scenario_has_words(run: Scenario) -> None:
    narrator = Narrator(run)
    for step in run.steps:
        words = narrator.tell(step)
        assert words.sentence.endswith((".", ":"))
        assert "None" not in " ".join((words.sentence, *words.points))
        assert "_at_" not in words.sentence
