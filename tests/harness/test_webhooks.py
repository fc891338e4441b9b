"""Webhooks to a driver: how they come, what disturbs them, and what is found by it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.harness.conftest import SYNC, payment
from tests.harness.gallery.bugs import GALLERY
from tests.harness.gallery.client.hearing import HearingDriver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.gallery.client.netsuite import NetSuiteDriver
from tests.harness.hearing_clients import (
    Believing,
    Confiding,
    Dying,
    Eager,
    Gullible,
    Noting,
    Rewriting,
    Selective,
    Subscribing,
    Waiting,
)

from sandbooks.harness import shapes
from sandbooks.harness.campaign import ASKED_ONCE
from sandbooks.harness.examples import COMPANY, Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import receipt
from sandbooks.harness.webhook_examples import DISTURBANCES, KINDS, NAME, heard, planned

HOUR: Data = {"advance": "1h"}
HUB = "codat"


def judged(driver: type[Any], platform: str, *steps: Data, name: str = "") -> Verdict:
    """Some steps in one company."""
    subject = subject_of_class(driver)
    data = base(Menu(platform, subject.verbs, subject.through_hub))
    if name:
        data["companies"][COMPANY]["name"] = name
    return Judge(subject).judge(scenario_of(with_steps(data, *steps), platform))


def disturbed(driver: type[Any], platform: str, kind: str, *steps: Data, **more: Any) -> Verdict:
    """The same with a fault of webhooks."""
    subject = subject_of_class(driver)
    fault = planned(Menu(platform, subject.verbs, subject.through_hub), kind, more)
    return judged(driver, platform, fault, *steps)


def rules(verdict: Verdict) -> set[str]:
    assert not verdict.trouble
    return {rule for finding in verdict.findings for rule in finding.invariants}


# How they come


def test_a_driver_hears_of_its_own_writes_between_two_verbs() -> None:
    verdict = judged(Noting, "quickbooks_online", payment(), SYNC, HOUR)
    (delivery,) = Noting.last.received
    assert not verdict.findings
    assert not Noting.last.met_busy
    assert shapes.faults_of_shape("Delivery", delivery) == []
    assert delivery["source"] == "quickbooks_online"
    assert delivery["url"] == Noting.last.environment["webhooks"]["url"]
    assert delivery["secret"] == Noting.last.environment["credentials"]["verifier_token"]
    assert b"qbo.purchase.created" in base64.b64decode(delivery["body"])


def test_what_the_bookkeeper_changes_is_told_of() -> None:
    renamed: Data = {"bookkeeper": {"rename_contact": {"airline": "Contoso Airways plc"}}}
    assert not rules(judged(Noting, "quickbooks_online", payment(), SYNC, HOUR, renamed, HOUR))
    assert [b"qbo.vendor.updated" in base64.b64decode(d["body"]) for d in Noting.last.received] == [False, True]


def test_a_driver_without_the_verb_is_told_of_no_address() -> None:
    class Deaf(Noting):
        receive = None  # type: ignore[assignment]  # it has no such verb

    assert not rules(judged(Deaf, "quickbooks_online", payment(), SYNC, HOUR))
    assert "webhooks" not in Noting.last.environment


def test_a_driver_that_is_not_able_to_receive_is_asked_once() -> None:
    class Unable(Noting):
        def receive(self, delivery: dict[str, Any]) -> dict[str, Any]:
            super().receive(delivery)
            raise NotImplementedError

    assert not rules(judged(Unable, "quickbooks_online", payment(), SYNC, HOUR, payment("r-02", "88.14 GBP"), SYNC))
    assert len(Noting.last.received) == 1


def test_an_error_and_a_kill_while_receiving_are_followed_by_another_delivery() -> None:
    dies: Data = {"kill": {"at": {"operation": "read_companyinfo"}, "may_rest": True}}
    assert not rules(judged(Dying, "quickbooks_online", dies, payment(), SYNC, HOUR))
    bodies = {delivery["body"] for delivery in Noting.last.received}
    assert (len(Noting.last.received) > 1, len(bodies)) == (True, 1)


def test_an_answer_that_does_not_fit_is_said_so() -> None:
    class Mute(Noting):
        def receive(self, delivery: dict[str, Any]) -> dict[str, Any]:
            return {"code": 200}

    with pytest.raises(Exception, match="'status' is a required property"):
        judged(Mute, "quickbooks_online", payment(), SYNC, HOUR)


def test_where_only_the_api_subscribes_the_driver_does_it_and_shakes_hands() -> None:
    renamed: Data = {"bookkeeper": {"rename_contact": {"airline": "Contoso Airways plc"}}}
    verdict = judged(Subscribing, "business_central", payment(), SYNC, HOUR, renamed, HOUR)
    assert not verdict.trouble
    assert Subscribing.last.subscribed == 201
    ((change,),) = (told["value"] for told in Subscribing.last.received)
    assert (change["clientState"], change["changeType"]) == ("mine", "updated")


# What is right is not flagged


@pytest.mark.parametrize(("driver", "platform"), [(HubDriver, "xero"), (HearingDriver, "quickbooks_online")])
def test_clients_that_receive_well_are_not_flagged(driver: type[Any], platform: str) -> None:
    subject = subject_of_class(driver)
    judge = Judge(subject)
    examples = list(heard(Menu(platform, subject.verbs, subject.through_hub)))
    assert len(examples) > len(DISTURBANCES) + 4
    for example in examples:
        verdict = judge.judge(scenario_of(example.data, platform))
        assert not verdict.trouble, example.about
        assert not verdict.findings, (example.about, [finding.title for finding in verdict.findings])


def test_a_delay_that_is_made_good_before_the_end_is_no_finding() -> None:
    assert not rules(disturbed(Waiting, "xero", "delay_webhook", payment(), SYNC))
    assert not rules(disturbed(Waiting, "xero", "lose_webhook", payment(), SYNC))


# What is wrong is found


def test_a_second_delivery_that_sends_the_receipt_again_is_found() -> None:
    steps = (payment(), receipt("f-01"), SYNC, HOUR)
    assert "INV-56" in rules(disturbed(GALLERY["P42"].driver, "xero", "duplicate_webhook", *steps, after="3s"))
    assert not rules(judged(GALLERY["P42"].driver, "xero", *steps))


def test_a_signature_over_other_bytes_shows_where_a_name_is_not_plain() -> None:
    assert rules(judged(GALLERY["P51"].driver, "xero", payment(), SYNC, HOUR, name=NAME)) == {"INV-58"}
    assert not rules(judged(GALLERY["P51"].driver, "xero", payment(), SYNC, HOUR))


@pytest.mark.parametrize("how", ["respaced", "other_record", "unsigned"])
def test_a_forged_message_that_leads_to_requests_is_found(how: str) -> None:
    assert rules(disturbed(Confiding, "quickbooks_online", "forge_webhook", payment(), SYNC, HOUR, how=how)) == {
        "INV-58"
    }


def test_a_message_that_only_reads_alike_is_not_taken_for_genuine() -> None:
    steps = (payment(), SYNC, HOUR)
    assert rules(disturbed(Rewriting, "quickbooks_online", "forge_webhook", *steps, how="respaced")) == {"INV-58"}


def test_a_forged_message_that_is_believed_is_found() -> None:
    verdict = disturbed(Gullible, "xero", "forge_webhook", payment(), SYNC, HOUR, how="unsigned")
    assert rules(verdict) == {"INV-58"}
    assert "the transaction is completed, no longer pending" in verdict.findings[0].title


def test_a_handshake_that_takes_what_is_signed_wrongly_is_found() -> None:
    verdict = judged(Confiding, "xero", payment(), SYNC, HOUR)
    assert rules(verdict) == {"INV-58"}
    assert "signed wrongly on purpose was answered with 200" in verdict.findings[0].title


def test_a_client_that_only_waits_to_be_told_is_found_when_a_message_is_lost_for_good() -> None:
    verdict = disturbed(Waiting, "xero", "lose_webhook", payment(), SYNC, HOUR, for_good=True)
    assert rules(verdict) == {"INV-53"}


def test_a_client_that_any_message_wakes_is_found_where_none_comes_any_more() -> None:
    subject = subject_of_class(Eager)
    menu = Menu("xero", subject.verbs, subject.through_hub)
    found = {
        example.about: [finding.invariants for finding in Judge(subject).judge(scenario_of(example.data)).findings]
        for example in heard(menu)
        if "lost for good" in example.about
    }
    assert found["a webhook lost for good"] == []
    assert found["a webhook lost for good, and all after it"]


@pytest.mark.parametrize(("driver", "rule"), [(Believing, "INV-03"), (Selective, "INV-53")])
def test_who_believes_the_last_message_or_knows_other_statuses_is_found(driver: type[Any], rule: str) -> None:
    subject = subject_of_class(driver)
    judge = Judge(subject)
    wanted = ("a webhook of a failure", "first a failure, then a success, told of the other way round")
    examples = [one for one in heard(Menu("xero", subject.verbs, through_hub=True)) if one.about in wanted]
    assert rule in set().union(*(rules(judge.judge(scenario_of(one.data, "xero"))) for one in examples))
    assert not rules(judged(driver, "xero", payment(), SYNC, HOUR))


def test_a_campaign_asks_only_those_that_hear() -> None:
    verbs = frozenset({"receive", "attach"})
    assert [heard in ASKED_ONCE, list(heard(Menu("xero", frozenset())))] == [True, []]
    kinds = {
        kind for example in heard(Menu("xero", verbs)) for s in example.data["steps"] for kind in s.get("fault", {})
    }
    assert kinds == KINDS


# Promises


def test_a_transfer_that_a_platform_does_not_offer_is_refused_unless_the_driver_says_otherwise() -> None:
    class Beyond(GALLERY["P40"].driver):  # type: ignore[misc,name-defined]  # a class that is found by its name
        beyond = ("transfer",)

    moved: Data = {"transfer": "r-01", "date": "2026-03-16"}
    moved |= {"from": {"checking": "150.25 GBP"}, "to": {"visa_card": "150.25 GBP"}}
    assert rules(judged(GALLERY["P40"].driver, "netsuite", {"push": moved}, SYNC)) == {"INV-35", "INV-05"}
    assert not rules(judged(Beyond, "netsuite", {"push": moved}, SYNC))
    assert judged(NetSuiteDriver, "netsuite", {"push": moved}, SYNC).told == {"r-01": "ValidationError"}
