"""What clients of the hub may do, and what is said of them when they are right."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment

from sandbooks.harness.examples import Menu, add_account, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.meanwhile import meanwhile
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import kinds, not_offered, receipt
from sandbooks.harness.systematic.contents import contents


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


class Hasty(Hub):
    """Sends a receipt before it knows the sync of its transaction, and does not look at what the hub says."""

    def attach(self, attachment: dict[str, Any]) -> None:
        row = self.stored[attachment["transaction"]]
        sync, row["sync"] = row["sync"], "none"
        with contextlib.suppress(ValueError):
            super().attach(attachment)
        row["sync"] = sync


def test_a_receipt_that_was_refused_in_silence_is_found() -> None:
    early = (payment(), receipt("f-01"), SYNC)
    assert [finding.invariants for finding in judged(Hasty, "xero", *early).findings] == [("INV-41",)]
    assert judged(Hub, "xero", *early).findings == []


class Obliging(Hub):
    """Says yes to every change, whatever the hub says."""

    def update(self, transaction: dict[str, Any]) -> dict[str, Any]:
        super().update(transaction)
        return {"id": transaction["id"], "accepted": True, "message": None}


@pytest.mark.parametrize(("platform", "kind"), [("quickbooks_online", "refund"), ("business_central", "payment")])
def test_a_change_that_is_not_offered_is_refused_or_made(platform: str, kind: str) -> None:
    wanted = next(
        example
        for example in not_offered(Menu(platform, frozenset({"update"}), through_hub=True))
        if example.about == f"a change of a {kind}"
    )
    scenario = scenario_of(wanted.data, platform)
    assert Judge(subject_of_class(Hub)).judge(scenario).findings == []
    found = Judge(subject_of_class(Obliging)).judge(scenario).findings
    assert {finding.transaction for finding in found} == {"r-01"}


class Forgetful(Hub):
    """Names no supplier and no card: the configuration, which it changes as it goes, stands for both."""

    def submit(self, transactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for one in transactions:
            if one.get("bank_account"):
                self.environment["defaults"]["bank_account"] = one["bank_account"]
                self._configure()
        return super().submit([{**one, "contact": None, "bank_account": None} for one in transactions])


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ("a payment to a supplier that is not the default", "INV-37"),
        ("spend on other accounts beside spend on the usual one", "INV-13"),
    ],
)
def test_defaults_that_stand_for_what_was_named_are_found(about: str, rule: str) -> None:
    menu = Menu("quickbooks_online", frozenset(), through_hub=True)
    data = next(example.data for example in kinds(menu) if example.about == about)
    scenario = scenario_of(data, "quickbooks_online")
    assert Judge(subject_of_class(Hub)).judge(scenario).findings == []
    found = Judge(subject_of_class(Forgetful)).judge(scenario).findings
    assert rule in {finding.invariants[0] for finding in found}


class CarelessRefunds(Hub):
    """What is given back goes to the account of its first line, without dimensions."""

    def submit(self, transactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return super().submit([self.changed(one) if one["kind"] == "refund" else one for one in transactions])

    def changed(self, refund: dict[str, Any]) -> dict[str, Any]:
        account = refund["lines"][0]["account"]
        return {**refund, "lines": [{**line, "account": account, "tracking": []} for line in refund["lines"]]}


@pytest.mark.parametrize(
    ("asked", "about", "rule"),
    [(contents, "amounts that floats do not hold", "INV-14"), (meanwhile, "a line with a dimension", "INV-36")],
)
def test_refunds_are_asked_of_several_lines_and_with_dimensions(asked: Any, about: str, rule: str) -> None:
    menu = Menu("netsuite", frozenset(), through_hub=True)
    scenario = scenario_of(next(example.data for example in asked(menu) if example.about == about), "netsuite")
    assert Judge(subject_of_class(Hub)).judge(scenario).findings == []
    (finding,) = Judge(subject_of_class(CarelessRefunds)).judge(scenario).findings
    assert (finding.invariants[0], finding.transaction) == (rule, "r-02")
