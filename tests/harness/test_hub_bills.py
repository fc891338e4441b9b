"""The bundled hub's bill pay through its driver: written and paid once, whatever is lost on the way."""

from __future__ import annotations

import pytest

from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import SYNC, bill, pay
from sandbooks.settings import PLATFORMS

BILLS = (bill("b-01", "640.25 GBP"), bill("b-02", "71.10 GBP"))


def judged(platform: str, *steps: Data) -> Verdict:
    subject = subject_of_class(Hub)
    menu = Menu(platform, subject.verbs, subject.through_hub)
    return Judge(subject).judge(scenario_of(with_steps(base(menu), *steps), platform))


def completed(verdict: Verdict) -> list[str]:
    """The bills and payments that were done, where nothing was wrong."""
    assert (verdict.findings, verdict.trouble, verdict.crashes) == ([], "", [])
    return sorted(label for label, status in verdict.told.items() if status == "Completed")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_bills_are_paid_in_part_and_the_rest(platform: str) -> None:
    parts = [pay("p-01", {"b-01": "340.25 GBP"}), SYNC, pay("p-02", {"b-01": "300.00 GBP"}), SYNC]
    assert completed(judged(platform, *BILLS, SYNC, *parts)) == ["b-01", "b-02", "p-01", "p-02"]


@pytest.mark.parametrize("at", ["* /codat/**/bills", "* /codat/**/billPayments", "* /codat/**/payment"])
@pytest.mark.parametrize("platform", ["xero", "sage_intacct"])
def test_an_answer_of_the_hub_that_is_lost_doubles_nothing(platform: str, at: str) -> None:
    lost = {"fault": {"drop_response": {"at": {"operation": at}, "phase": "commit", "may_rest": True}}}
    paid = (pay("p-01", {"b-01": "640.25 GBP", "b-02": "71.10 GBP"}), SYNC)
    assert completed(judged(platform, lost, *BILLS, SYNC, *paid)) == ["b-01", "b-02", "p-01"]
