"""What clients of the hub may do, and what is said of them when they are right."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment

from sandbooks.harness.examples import Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class


def judged(driver: type[Any], platform: str, *steps: dict[str, Any]) -> Verdict:
    subject = subject_of_class(driver)
    menu = Menu(platform, subject.verbs, through_hub=True)
    return Judge(subject).judge(scenario_of(with_steps(base(menu), *steps), platform))


@pytest.mark.parametrize("platform", ["freeagent", "quickbooks_online"])
def test_a_line_on_the_card_itself_may_be_refused(platform: str) -> None:
    verdict = judged(Hub, platform, payment("r-02", "88.14 GBP", account="visa_card"), SYNC)
    assert (verdict.findings, verdict.trouble) == ([], "")
