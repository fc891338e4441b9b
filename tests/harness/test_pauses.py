"""Several things within a second: drawn times of exchanges, and the comparison with a bookkeeper who waits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment
from tests.harness.gallery.bugs import GALLERY
from tests.harness.gallery.client.driver import Driver

from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.pauses import unhurried
from sandbooks.harness.subject import subject_of_class

ARCHIVED: Data = {"bookkeeper": {"archive_account": "software"}}
RESTORED: Data = {"bookkeeper": {"restore_account": "software"}}
LATER = payment("r-03", "19.99 GBP", account="software")
COMES_BACK = (ARCHIVED, payment(), SYNC, RESTORED, LATER, SYNC)


def judged(driver: type[Any], *steps: Data, seed: int = 7) -> Verdict:
    subject = subject_of_class(driver)
    data = with_steps(base(Menu("quickbooks_online", subject.verbs), seed=seed), *steps)
    return Judge(subject).judge(scenario_of(data, "quickbooks_online"))


def moments(verdict: Verdict) -> list[int]:
    return [entry.at for entry in verdict.entries]


def test_exchanges_take_times_of_their_own_and_the_seed_decides_them() -> None:
    once, again, other = (moments(judged(Driver, payment(), SYNC, seed=seed)) for seed in (7, 7, 8))
    assert once == again
    assert once != other
    waits = [(after - before) // 1000 for before, after in pairwise(once)][:2]
    assert all(40 <= wait < 700 for wait in waits)


def test_a_change_in_the_second_of_the_last_read_that_is_missed_is_found() -> None:
    (finding,) = judged(GALLERY["P20"].driver, *COMES_BACK).findings
    assert finding.invariants == ("INV-50",)
    assert "r-03 ends as PushError; with a pause before the change, as Completed" in finding.title


def test_a_client_that_reads_with_an_overlap_is_not_flagged() -> None:
    verdict = judged(Driver, *COMES_BACK)
    assert (verdict.findings, verdict.told) == ([], {"r-01": "Completed", "r-03": "Completed"})


@pytest.mark.parametrize(
    "steps",
    [
        (ARCHIVED, payment(), SYNC),
        (payment(), SYNC),
        (payment(), RESTORED, SYNC),
        (payment(), SYNC, LATER, ARCHIVED, SYNC),
        (payment(), {"kill": {}}, RESTORED, SYNC),
        (payment(), {"fault": {"expire_token": {}}}, RESTORED, SYNC),
    ],
    ids=["before the work", "nobody acts", "work under way", "later work under way", "a kill", "a fault"],
)
def test_nothing_is_compared_where_a_pause_would_tell_nothing(steps: tuple[Data, ...]) -> None:
    assert unhurried(scenario_of(with_steps(base(Menu("xero", frozenset())), *steps), "xero")) is None


def test_a_program_whose_work_is_fetched_later_may_be_overtaken_by_the_bookkeeper() -> None:
    subject = subject_of_class(Hub)
    menu = Menu("quickbooks_desktop", subject.verbs, through_hub=True)
    scenario = scenario_of(with_steps(base(menu), LATER, ARCHIVED), "quickbooks_desktop")
    verdict = Judge(subject).judge(scenario)
    assert (verdict.findings, verdict.told) == ([], {"r-03": "PushError"})


def test_nothing_is_compared_where_a_pause_would_lead_into_the_next_day() -> None:
    data = {**base(Menu("xero", frozenset())), "clock": "2026-03-16T23:55:00 Europe/London"}
    assert unhurried(scenario_of(with_steps(data, *COMES_BACK), "xero")) is None
