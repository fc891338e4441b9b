"""The fast part of the gallery: every entry works, the clean clients survive some faults, some bugs are found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.gallery.bugs import GALLERY, Entry
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.gallery.recorded_tests import KINDS, failures
from tests.harness.gallery.report import summary, table
from tests.harness.gallery.scoring import platforms_of

from sandbooks.harness.driver import driver_class
from sandbooks.harness.examples import Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import SYNC, spend

CONTROLS = [entry for entry in GALLERY.values() if entry.is_control]
BUGS = [entry for entry in GALLERY.values() if not entry.is_control]
BOTH = ("quickbooks_online", "xero")


def judged(driver: type[Any], platform: str, *steps: dict[str, Any]) -> Verdict:
    """One company, some steps, a verdict."""
    subject = subject_of_class(driver)
    data = with_steps(base(Menu(platform, subject.verbs)), *steps, SYNC)
    return Judge(subject).judge(scenario_of(data, platform))


def payment(platform: str, label: str = "r-01", number: str = "412.37") -> dict[str, Any]:
    return {"push": spend(Menu(platform, frozenset()), "payment", label, number)}


def named(entry: Entry) -> str:
    return entry.name


@pytest.mark.parametrize("entry", GALLERY.values(), ids=named)
def test_every_entry_is_found_under_the_name_that_check_takes(entry: Entry) -> None:
    assert driver_class(entry.path) is entry.driver
    assert entry.name == entry.driver.__name__


@pytest.mark.parametrize("entry", GALLERY.values(), ids=named)
def test_every_entry_posts_one_plain_payment_right(entry: Entry) -> None:
    platform = platforms_of(entry)[0]
    verdict = judged(entry.driver, platform, payment(platform))
    assert not verdict.trouble
    assert not verdict.findings
    assert verdict.told == {"r-01": "Completed"}


@pytest.mark.parametrize("platform", BOTH)
@pytest.mark.parametrize("driver", [Driver, HubDriver])
@pytest.mark.parametrize(
    "fault",
    [
        {"drop_response": {"phase": "commit"}},
        {"drop_response": {"phase": "validate"}},
        {"late_commit": {"after": "20s"}},
        {"throttle": {}},
        {"expire_token": {}},
        {"truncate": {}},
    ],
    ids=lambda fault: "-".join([next(iter(fault)), *(str(value) for value in next(iter(fault.values())).values())]),
)
def test_a_clean_client_survives_one_fault(driver: type[Any], platform: str, fault: dict[str, Any]) -> None:
    ((kind, facts),) = fault.items()
    step = {"fault": {kind: {"at": {"write": "r-01"}, "may_rest": True, **facts}}}
    verdict = judged(driver, platform, step, payment(platform))
    assert not verdict.findings
    assert verdict.told == {"r-01": "Completed"}


@pytest.mark.parametrize("platform", BOTH)
@pytest.mark.parametrize("phase", ["connect", "deliver"])
def test_the_native_client_survives_a_kill_at_its_write(platform: str, phase: str) -> None:
    kill = {"kill": {"at": {"write": "r-01"}, "phase": phase}}
    verdict = judged(Driver, platform, kill, payment(platform))
    assert not verdict.findings
    assert verdict.told == {"r-01": "Completed"}


LOST = {"fault": {"drop_response": {"at": {"write": "r-01"}, "phase": "commit"}}}
KILLED = {"kill": {"at": {"write": "r-01"}, "phase": "deliver"}}


@pytest.mark.parametrize(
    ("name", "platform", "steps", "rule"),
    [
        ("P01", "quickbooks_online", [LOST], "INV-01"),
        ("P02", "xero", [LOST], "INV-01"),
        ("P43", "xero", [{"kill": {"at": {"write": "r-01"}, "phase": "connect"}}], "INV-04"),
        ("P05", "xero", [{"push": None}, SYNC], "INV-01"),
    ],
)
def test_a_bug_is_found_where_it_can_show(name: str, platform: str, steps: list[Any], rule: str) -> None:
    pushed = payment(platform)
    verdict = judged(GALLERY[name].driver, platform, *(pushed if "push" in s else s for s in steps), pushed)
    assert rule in verdict.findings[0].invariants


def test_the_clean_client_passes_the_tests_with_recorded_answers() -> None:
    assert len(KINDS) == 10
    assert failures(Driver) == []


def test_tests_with_recorded_answers_see_a_refund_that_is_a_charge() -> None:
    assert "refund on quickbooks_online" in failures(GALLERY["P22"].driver)


def test_tests_with_recorded_answers_do_not_see_a_blind_retry() -> None:
    assert failures(GALLERY["P01"].driver) == []


def test_the_gallery_has_a_control_of_each_sort_and_says_of_each_bug_where_it_comes_from() -> None:
    assert {entry.name[:3] for entry in CONTROLS} == {f"C0{number}" for number in range(8)}
    assert all(entry.severity in ("S1", "S2", "S3", "S4") and entry.origin.startswith("FM-") for entry in BUGS)


def test_the_table_counts_what_each_column_found() -> None:
    row = {"recorded": "", "plain": "", "rule": "INV-01", "examples": 3, "seconds": 2.5, "replayed": True}
    rows = [{"name": "P01", "found": True, **row}, {"name": "C00", "found": False, **row, "rule": ""}]
    assert "| P01 | S1  |" in table(rows)
    assert "check: 1 of 1, of these 1 within 200 examples and 60 s" in summary(rows)
    assert "controls flagged: none of 1" in summary(rows)
