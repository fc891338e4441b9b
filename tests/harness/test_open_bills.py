"""What only shows bill by bill, draft by draft, id by id, or when a second accident meets the first."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness import payables_clients as clients
from tests.harness.conftest import SYNC, payment
from tests.harness.gallery.client.driver import Driver

from sandbooks.harness.disturbing import disturbed, upon_recovery
from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import Example, bills
from sandbooks.settings import PLATFORMS

NEWER = "the newer of two bills of one supplier paid"
ALIKE = "two payments that look alike, and one of them lost"


def judged(driver: type[Any], platform: str, about: str) -> Verdict:
    """What comes of one of the systematic examples of bills."""
    subject = subject_of_class(driver)
    menu = Menu(platform, subject.verbs, subject.through_hub)
    (example,) = (one for one in bills(menu) if one.about == about)
    return Judge(subject).judge(scenario_of(example.data, platform))


def rules(verdict: Verdict) -> set[str]:
    return {rule for finding in verdict.findings for rule in finding.invariants}


def test_a_payment_that_settles_another_bill_of_the_same_supplier_is_found() -> None:
    verdict = judged(clients.OldestFirst, "quickbooks_online", NEWER)
    assert [finding.invariants for finding in verdict.findings] == [("INV-30",), ("INV-30",)]
    assert verdict.findings[0].title == (
        "The bill b-02 of 64.10 GBP has 0.00 GBP open in the books; 64.10 GBP was to be left of it."
    )
    assert [row.account for row in verdict.findings[0].table] == ["Open of the bill b-02"]


def test_a_bill_whose_lines_go_to_one_account_is_found() -> None:
    about = "a bill of two lines"
    assert rules(judged(clients.OneAccount, "quickbooks_online", about)) == {"INV-14"}
    assert judged(Driver, "quickbooks_online", about).findings == []


@pytest.mark.parametrize("about", [NEWER, ALIKE])
@pytest.mark.parametrize("platform", ["quickbooks_online", "xero"])
def test_a_payment_that_settles_its_own_bill_is_right(platform: str, about: str) -> None:
    verdict = judged(Driver, platform, about)
    assert "Completed" in verdict.told.values()
    assert verdict.findings == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_hub_pays_the_bill_that_was_meant_on_every_platform(platform: str) -> None:
    verdict = judged(Hub, platform, NEWER)
    assert verdict.told["p-01"] == "Completed"
    assert verdict.findings == []


def test_looking_at_open_bills_leaves_the_run_as_it_was() -> None:
    verdict = judged(Driver, "quickbooks_online", NEWER)
    assert {entry.actor for entry in verdict.entries} == {"client"}


def test_ids_of_one_run_begin_alike_so_that_cut_ones_meet() -> None:
    def found(driver: type[Any]) -> Verdict:
        subject = subject_of_class(driver)
        data = with_steps(base(Menu("xero", subject.verbs)), payment(), SYNC, payment("r-02", "88.14 GBP"), SYNC)
        return Judge(subject).judge(scenario_of(data))

    assert "INV-39" in rules(found(clients.ShortIds))
    assert "INV-39" in rules(found(clients.ThirteenCharacters))
    assert found(clients.LongerIds).findings == []


def test_a_token_for_each_request_is_found_and_one_for_each_start_is_right() -> None:
    def found(driver: type[Any]) -> set[str]:
        subject = subject_of_class(driver)
        steps = (step for n in range(1, 5) for step in (payment(f"r-0{n}", f"1{n}.37 GBP"), SYNC))
        return rules(Judge(subject).judge(scenario_of(with_steps(base(Menu("xero", subject.verbs)), *steps))))

    assert found(clients.RenewsEachTime) == {"INV-44"}
    assert found(clients.RenewsAtEachStart) == set()


@pytest.mark.parametrize(("driver", "broken"), [(clients.ForgetsDrafts, {"INV-02"}), (clients.Drafts, set())])
def test_a_draft_that_is_made_again_is_left_beside_the_bill(driver: type[Any], broken: set[str]) -> None:
    lost: Data = {"fault": {"drop_response": {"at": {"write": "b-01"}, "phase": "commit"}}}
    subject = subject_of_class(driver)
    menu = Menu("xero", subject.verbs)
    bill: Data = next(step for one in bills(menu) for step in one.data["steps"] if "bill" in step)
    verdict = Judge(subject).judge(scenario_of(with_steps(base(menu), lost, bill, SYNC)))
    assert verdict.told == {"b-01": "Completed"}
    assert rules(verdict) == broken


@pytest.mark.parametrize(("driver", "wrong"), [(clients.LooksOnce, True), (Driver, False)])
def test_a_second_accident_meets_a_client_while_it_makes_the_first_one_good(driver: type[Any], wrong: bool) -> None:
    subject = subject_of_class(driver)
    judge = Judge(subject)
    example = Example("a payment", with_steps(base(Menu("quickbooks_online", subject.verbs)), payment(), SYNC))
    plain = judge.judge(scenario_of(example.data))
    lost = next(disturbed(example, plain.entries, after=plain.set_up))
    first = judge.judge(scenario_of(lost.data))
    assert first.findings == [], "one accident alone is survived"
    second = [judge.judge(scenario_of(one.data)) for one in upon_recovery(lost, first.entries, after=first.set_up)]
    assert len(second) == 2
    assert any("INV-01" in rules(verdict) for verdict in second) is wrong
