"""Examples: what may be drawn is what a scenario file can hold, and what is left of it is small."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.conftest import SYNC, payment

from sandbooks.harness.drawing import FAULTS, examples
from sandbooks.harness.examples import Data, Menu, amount, base, scenario_of, with_steps
from sandbooks.harness.plain_run import plain_of
from sandbooks.harness.shrinking import candidates, shrunk
from sandbooks.harness.systematic import WAVES
from sandbooks.harness.writing import scenario_text
from sandbooks.replay.script import parse_scenario
from sandbooks.replay.script_steps import Expense, Kill, Push, Update
from sandbooks.settings import PLATFORMS

VERBS = frozenset({"restart", "attach", "update", "submit_bills"})


def written_and_read(data: Data) -> None:
    """A file of the data says what the data says."""
    (read,) = parse_scenario(scenario_text(data)).runs()
    built = scenario_of(data)
    assert [step.action for step in read.steps] == [step.action for step in built.steps]
    assert read.companies == built.companies
    assert (read.seed, read.clock) == (built.seed, built.clock)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_whatever_is_asked_once_can_be_written_as_a_file(platform: str) -> None:
    menu = Menu(platform, VERBS, through_hub=True)
    asked = [example for wave in WAVES for example in wave(menu)]
    assert len(asked) > 25
    for example in asked:
        built = scenario_of(example.data, platform)
        assert built.steps[0].verb == "connect"
        scenario_text(example.data)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLATFORMS).flatmap(
    lambda name: examples(Menu(name, VERBS), faults=frozenset(kind for kind, _ in FAULTS), restarts=True)
))  # fmt: skip
def test_whatever_is_drawn_can_be_written_and_read_back(data: Data) -> None:
    written_and_read(data)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(examples(Menu("freeagent", VERBS), faults=frozenset(), restarts=False))
def test_what_a_platform_does_not_offer_is_not_drawn(data: Data) -> None:
    scenario = scenario_of(data)
    kinds = {t.kind for step in scenario.steps if isinstance(step.action, Push) for t in step.action.transactions}
    assert kinds <= {"payment", "reimbursable"}, "FreeAgent takes no refunds and no adjustments"
    assert not any(isinstance(step.action, Kill) or step.verb == "fault" for step in scenario.steps)


def test_a_kill_and_awkward_texts_survive_the_file(menu: Menu) -> None:
    dies = {"kill": {"at": {"write": "r-01", "nth": 2}, "phase": "connect", "may_rest": True}}
    text = 'A&B "Bits": <50 %>, 🍕 # not a comment'
    written_and_read(with_steps(base(menu, name=text), dies, payment(notes=text, merchant="yes"), SYNC))


@pytest.mark.parametrize(
    ("number", "currency", "text"),
    [("1234.567", "JPY", "1235 JPY"), ("1234.567", "KWD", "1234.567 KWD"), ("1234.5", "GBP", "1234.50 GBP")],
)
def test_an_amount_has_the_digits_of_its_currency(number: str, currency: str, text: str) -> None:
    assert amount(number, currency) == text


def test_shrinking_takes_out_whatever_is_not_needed(menu: Menu) -> None:
    fault = {"fault": {"drop_response": {"at": {"write": "r-02", "nth": 1}, "phase": "commit", "how": "reset"}}}
    both = {"push": [payment("r-01")["push"], payment("r-02", "88.14 GBP", notes="x", merchant="y")["push"]]}
    start = with_steps(base(menu), fault, both, SYNC, {"advance": "2h"}, payment("r-03"), SYNC)

    def fails(data: Data) -> bool:
        steps = data["steps"]
        return any("fault" in s for s in steps) and any("r-02" in str(s) for s in steps if "push" in s)

    small = shrunk(start, fails, tries=200)
    assert small["steps"][2:] == [
        {"fault": {"drop_response": {"at": {"write": "r-02"}, "phase": "commit"}}},
        {"push": {"payment": "r-02", "date": "2026-03-16", "amount": "88.14 GBP", "account": "travel"}},
    ]
    assert set(small["companies"]["acme"]["accounts"]) == {"travel", "visa_card"}


@pytest.mark.parametrize("kept", [0, 20, 39])
def test_one_of_many_is_found_wherever_it_stands(menu: Menu, kept: int) -> None:
    many = [payment(f"r-{number:02}", notes="x")["push"] for number in range(40)]
    lines = [{"net": f"{number}.50 GBP", "account": "travel", "tax_amount": "0.10 GBP"} for number in range(40)]
    long = with_steps(base(menu), {"push": {**payment("r-99")["push"], "lines": lines}})

    small = shrunk(with_steps(base(menu), {"push": many}), lambda data: f"r-{kept:02}" in str(data["steps"]))
    assert isinstance(small["steps"][-1]["push"], dict)
    small = shrunk(long, lambda data: f"'{kept}.50 GBP'" in str(data["steps"]))
    assert len(small["steps"][-1]["push"]["lines"]) == 1


def test_every_smaller_variant_is_still_a_scenario_or_is_refused_as_one(menu: Menu) -> None:
    data = with_steps(base(menu), payment(), SYNC, {"attach": {"file": "f-01", "transaction": "r-01"}}, SYNC)
    assert list(candidates(data))
    for smaller in candidates(data):
        scenario_of(smaller)


def test_the_plain_run_has_each_transaction_once_in_its_last_version(menu: Menu) -> None:
    change = {"update": {"transaction": "r-01", "amount": "397.12 GBP", "account": "meals"}}
    dies = {"kill": {"at": {"write": "r-01"}}}
    disturbed = with_steps(base(menu), dies, payment(), SYNC, payment(), {"sync": "after restart"}, change, SYNC)
    plain = plain_of(scenario_of(disturbed), {"r-01": "Completed"})
    assert plain is not None
    pushed = [t for step in plain.steps if isinstance(step.action, Push) for t in step.action.transactions]
    assert [str(line.net) for t in pushed if isinstance(t, Expense) for line in t.lines] == ["397.12 GBP"]
    assert not any(isinstance(step.action, (Kill, Update)) for step in plain.steps)


def test_there_is_no_plain_run_where_the_bookkeeper_s_moment_matters(menu: Menu) -> None:
    locked = with_steps(base(menu), payment(), SYNC, {"bookkeeper": {"lock_period": "2026-03-31"}}, payment("r-02"))
    assert plain_of(scenario_of(locked), {}) is None
    assert plain_of(scenario_of(with_steps(base(menu), payment(), SYNC)), {}) is None, "it is plain already"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_driver_that_cannot_be_restarted_is_asked_what_needs_no_restart(platform: str) -> None:
    asked = {e.about for wave in WAVES for e in wave(Menu(platform, VERBS))}
    without = [e for wave in WAVES for e in wave(Menu(platform, VERBS - {"restart"}))]
    assert not any(step.get("sync") == "after restart" for e in without for step in e.data["steps"])
    assert {about for about in asked - {e.about for e in without} if "killed" not in about} == set()
