"""Who is to blame for good work that is turned away: its neighbour, or the client's own limits."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.gallery.bugs import GALLERY
from tests.harness.gallery.client.netsuite import NetSuiteDriver

from sandbooks.harness.alone import alone
from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import SYNC, receipt, spend

ARCHIVED: Data = {"bookkeeper": {"archive_account": "software"}}
CLOSED: Data = {"bookkeeper": {"lock_period": "2026-02-28"}}


def judged(driver: type[Any], platform: str, *pushed: Data, act: Data = ARCHIVED) -> Verdict:
    subject = subject_of_class(driver)
    data = with_steps(base(Menu(platform, subject.verbs)), act, {"push": list(pushed)}, SYNC)
    return Judge(subject).judge(scenario_of(data, platform))


def one(platform: str, label: str, **more: Any) -> Data:
    return spend(Menu(platform, frozenset()), "payment", label, "41.37", **more)


def test_a_client_with_limits_of_its_own_is_not_flagged_for_them() -> None:
    limited, bad = one("netsuite", "r-01", bank_account="checking"), one("netsuite", "r-02", account="software")
    verdict = judged(NetSuiteDriver, "netsuite", limited, bad)
    assert (verdict.told["r-01"], verdict.findings) == ("ValidationError", [])


@pytest.mark.parametrize("act", [{"delete": "r-03"}, {"edit": {"transaction": "r-03", "notes": "Seen"}}])
def test_what_the_bookkeeper_does_to_others_says_nothing_of_a_client_with_limits(act: Data) -> None:
    limited, bad = one("netsuite", "r-01", bank_account="checking"), one("netsuite", "r-02", account="software")
    pushed = {"push": [limited, bad, one("netsuite", "r-03")]}
    data = with_steps(base(Menu("netsuite", frozenset())), ARCHIVED, pushed, SYNC, {"bookkeeper": act}, SYNC)
    verdict = Judge(subject_of_class(NetSuiteDriver)).judge(scenario_of(data, "netsuite"))
    assert (verdict.trouble, verdict.told["r-01"], verdict.findings) == ("", "ValidationError", [])


def test_a_neighbour_that_drags_good_work_down_is_found_all_the_same() -> None:
    bad, *good = {**one("xero", "r-01"), "date": "2026-02-27"}, one("xero", "r-02"), one("xero", "r-03")
    findings = judged(GALLERY["P41"].driver, "xero", bad, *good, act=CLOSED).findings
    assert {finding.invariants for finding in findings} == {("INV-55",)}
    assert {finding.transaction for finding in findings} <= {"r-02", "r-03"}


def test_alone_a_transaction_keeps_what_is_its_own() -> None:
    steps = ({"push": [one("xero", "r-01"), one("xero", "r-02")]}, receipt("f-01"), ARCHIVED, SYNC)
    scenario = scenario_of(with_steps(base(Menu("xero", frozenset())), *steps), "xero")
    verbs = ["connect", "configure", "push", "attach", "bookkeeper", "sync"]
    first, second = (alone(scenario, label) for label in ("r-01", "r-02"))
    assert first is not None
    assert second is not None
    assert [step.verb for step in first.steps] == verbs
    assert [step.verb for step in second.steps] == [verb for verb in verbs if verb != "attach"]
    assert alone(first, "r-01") is None
