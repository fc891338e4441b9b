"""Direct clients of QuickBooks Desktop: SOAP services that the simulated Web Connector polls, through ``receive``."""

from __future__ import annotations

import pytest
from tests.harness import desktop_clients as clients
from tests.harness.conftest import SYNC, payment

from sandbooks.harness.campaign import Campaign, Options
from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class

DESKTOP = "quickbooks_desktop"
LOST = {"drop_response": {"at": {"operation": "change_company_file"}, "phase": "commit", "may_rest": True}}
NOT_RUN = {"server_error": {"at": {"operation": "change_company_file"}, "phase": "send", "may_rest": True}}


def judged(driver: type[clients.Polled], *steps: Data) -> Verdict:
    subject = subject_of_class(driver)
    menu = Menu(DESKTOP, subject.verbs, subject.through_hub)
    return Judge(subject).judge(scenario_of(with_steps(base(menu), *steps), DESKTOP))


def rules(verdict: Verdict) -> set[str]:
    return {rule for finding in verdict.findings for rule in finding.invariants}


@pytest.mark.parametrize("fault", [LOST, NOT_RUN])
def test_a_client_that_names_its_message_sets_posts_once(fault: Data) -> None:
    verdict = judged(clients.Polled, {"fault": fault}, payment("r-01", "100.00 GBP"), SYNC)
    assert (verdict.findings, verdict.trouble, verdict.told) == ([], "", {"r-01": "Completed"})


def test_days_at_the_office_leave_its_books_right() -> None:
    campaign = Campaign(subject_of_class(clients.Polled), DESKTOP, Options(examples=40)).run()
    assert (campaign.found, campaign.played) == ([], 40)


def test_a_message_set_without_a_name_that_is_sent_again_is_found() -> None:
    verdict = judged(clients.Forgets, {"fault": LOST}, payment("r-01", "100.00 GBP"), SYNC)
    assert "INV-01" in rules(verdict)


def test_a_document_that_was_not_run_and_is_called_done_is_found() -> None:
    verdict = judged(clients.Believes, {"fault": NOT_RUN}, payment("r-01", "100.00 GBP"), SYNC)
    assert rules(verdict) == {"INV-04"}


def test_a_refusal_that_is_called_done_is_found() -> None:
    locked = {"bookkeeper": {"lock_period": "2026-02-28"}}
    before = payment("r-01", "100.00 GBP", date="2026-02-27")
    assert rules(judged(clients.Overlooks, locked, before, SYNC)) == {"INV-04"}
    assert rules(judged(clients.Polled, locked, before, SYNC)) == set()


def test_windows_of_the_program_are_met_by_faults_that_name_them_alone() -> None:
    everywhere = {"throttle": {"at": {"operation": "* /**"}}}
    verdict = judged(clients.Polled, {"fault": everywhere}, payment("r-01", "100.00 GBP"), SYNC)
    assert (verdict.findings, verdict.told) == ([], {"r-01": "Completed"})
    met = {entry.operation for entry in verdict.entries if entry.faults}
    assert met <= {"change_company_file", "query_company_file"}
