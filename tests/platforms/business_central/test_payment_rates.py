"""Foreign bill payments: Business Central takes no rate of a client's; the day decides which of its own counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sandbooks.harness.examples import Menu, scenario_of
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic.payables import bills

SUBJECT = subject_of_class(Hub)
FOREIGN = {
    each.about: each.data
    for each in bills(Menu("business_central", SUBJECT.verbs, SUBJECT.through_hub))
    if "foreign" in each.about
}


class OtherRates(Hub):
    """Payments with another rate than theirs."""

    def submit_bills(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        payments = [{**each, **({"rate": "1.5"} if "rate" in each else {})} for each in given["payments"]]
        return super().submit_bills({**given, "payments": payments})


class PaysADayLate(Hub):
    """Payments dated a day after theirs."""

    def submit_bills(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        payments = [{**each, "date": self.next(each["date"])} for each in given["payments"]]
        return super().submit_bills({**given, "payments": payments})

    def next(self, day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def judged(about: str, driver: type[Hub]) -> Verdict:
    return Judge(subject_of_class(driver)).judge(scenario_of(FOREIGN[about], "business_central"))


@pytest.mark.parametrize("about", FOREIGN)
def test_a_rate_that_a_payment_cannot_carry_changes_nothing(about: str) -> None:
    verdict = judged(about, OtherRates)
    assert (verdict.findings, verdict.trouble, set(verdict.told.values())) == ([], "", {"Completed"})


@pytest.mark.parametrize("about", FOREIGN)
def test_a_payment_on_another_day_is_found(about: str) -> None:
    found = judged(about, PaysADayLate).findings
    assert {each.invariants for each in found} == {("INV-31",)}
    assert {each.transaction for each in found} <= {"p-01", "p-02"}
