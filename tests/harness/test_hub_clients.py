"""What clients of the hub may do, and what is said of them when they are right."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment

from sandbooks.harness.examples import Menu, add_account, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class


def judged(driver: type[Any], platform: str, *steps: dict[str, Any]) -> Verdict:
    subject = subject_of_class(driver)
    menu = Menu(platform, subject.verbs, through_hub=True)
    return Judge(subject).judge(scenario_of(with_steps(base(menu), *steps), platform))


def test_work_that_was_refused_may_be_asked_for_again_as_often_as_it_is_handed_over() -> None:
    """Business Central refuses when the journal is posted, in a request that names no transaction."""
    spent = payment("r-01", "0.100 KWD", bank_account="foreign_card", rate="1 KWD = 2.5487 GBP")
    menu = Menu("business_central", frozenset({"restart"}), through_hub=True)
    data = add_account(base(menu), "foreign_card", {"type": "credit_card", "name": "Card in KWD", "currency": "KWD"})
    again = (spent, SYNC, spent, SYNC, spent, SYNC)
    verdict = Judge(subject_of_class(Hub)).judge(scenario_of(with_steps(data, *again), "business_central"))
    assert (verdict.trouble, verdict.told, verdict.findings) == ("", {"r-01": "PushError"}, [])


@pytest.mark.parametrize("platform", ["freeagent", "quickbooks_online"])
def test_a_line_on_the_card_itself_may_be_refused(platform: str) -> None:
    verdict = judged(Hub, platform, payment("r-02", "88.14 GBP", account="visa_card"), SYNC)
    assert (verdict.findings, verdict.trouble) == ([], "")
