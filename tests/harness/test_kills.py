"""A program that is killed after, or before, any of its exchanges: nothing lost, nothing doubled (INV-08)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment
from tests.harness.gallery.client.driver import Driver
from tests.harness.small_clients import Careful, Hasty

from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.sweep import KILL, KILL_PHASES, Sweep, Swept
from sandbooks.harness.systematic import receipt

ONLY_KILLS = frozenset({KILL})
TWO = (payment(), SYNC, payment("r-02", "88.14 GBP"), SYNC)


def swept(driver: type[Any], *steps: Data) -> Swept:
    """Every exchange of a run, killed once before it and once after it."""
    subject = subject_of_class(driver)
    data = with_steps(base(Menu("quickbooks_online", subject.verbs)), *steps)
    return Sweep(subject, ONLY_KILLS).run(scenario_of(data))


def test_a_program_is_killed_before_and_after_each_of_its_exchanges() -> None:
    found = swept(Careful, *TWO)
    exchanges = [entry for entry in found.first.entries if entry.number > found.first.set_up]
    assert found.runs == len(exchanges) * len(KILL_PHASES)
    assert found.never_met == 0


@pytest.mark.parametrize(("driver", "more"), [(Careful, ()), (Driver, (receipt("f-01"), SYNC))])
def test_whoever_looks_up_what_was_begun_loses_and_doubles_nothing(driver: type[Any], more: tuple[Data, ...]) -> None:
    found = swept(driver, *TWO, *more)
    assert found.failing == []
    assert found.right == found.runs


def test_whoever_forgets_what_was_begun_breaks_inv_08_at_each_kill_between_posting_and_writing_it_down() -> None:
    found = swept(Hasty, *TWO)
    doubled = {
        (plan[0].at["nth"], plan[0].phase) for plan, verdict in found.failing if _rules(verdict) >= {"INV-01", "INV-08"}
    }
    assert doubled == {(1, "deliver"), (2, "deliver")}
    harmless = [verdict for plan, verdict in found.failing if plan[0].phase == "connect"]
    assert all(_rules(verdict) == {"INV-09"} for verdict in harmless), "blind, and nothing stood in the books yet"


def _rules(verdict: Verdict) -> set[str]:
    return {rule for finding in verdict.findings for rule in finding.invariants}
