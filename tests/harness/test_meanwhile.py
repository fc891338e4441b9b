"""What people do meanwhile and two workers at once: bugs that show only then, and clients that are right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.harness import meanwhile_clients as clients
from tests.harness.conftest import SYNC, payment
from tests.harness.gallery.bugs import GALLERY
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.hub import HubDriver
from tests.harness.small_clients import Careful

from sandbooks.harness.campaign import Campaign, Options
from sandbooks.harness.driven_run import DrivenRun
from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.meanwhile import by_hand, meanwhile
from sandbooks.harness.stage import Stage
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import TWO_WORKERS, Example, bill, receipt
from sandbooks.ledger import Book
from sandbooks.platform import platform_named
from sandbooks.replay.native_edits import NotEditable, edit_members
from sandbooks.settings import PLATFORMS


def examples(driver: type[Any], platform: str) -> Iterator[Example]:
    subject = subject_of_class(driver)
    return meanwhile(Menu(platform, subject.verbs, subject.through_hub))


def verdict_of(driver: type[Any], platform: str, about: str) -> Verdict:
    example = next(example for example in examples(driver, platform) if example.about == about)
    return Judge(subject_of_class(driver)).judge(scenario_of(example.data, platform))


@pytest.mark.parametrize(
    ("driver", "platform", "about", "rule"),
    [
        (clients.ChecksThenActs, "quickbooks_online", "two workers, one transaction", "INV-01"),
        (clients.PutsBack, "quickbooks_online", "recoded by hand, then the same again", "INV-52"),
        (clients.DropsTracking, "quickbooks_online", "a line with a dimension", "INV-36"),
        (clients.ChangesWithoutTracking, "quickbooks_online", "a line with a dimension, changed", "INV-36"),
        (GALLERY["P44"].driver, "quickbooks_online", "half a bill paid by hand, then the whole", "INV-30"),
    ],
)
def test_a_bug_shows_only_while_somebody_else_is_at_work(
    driver: type[Any], platform: str, about: str, rule: str
) -> None:
    verdict = verdict_of(driver, platform, about)
    assert not verdict.trouble
    assert rule in verdict.findings[0].invariants


@pytest.mark.parametrize("driver", [clients.Claims, clients.Locks])
def test_workers_that_keep_out_of_each_others_way_are_left_alone(driver: type[Any]) -> None:
    for example in examples(driver, "quickbooks_online"):
        if TWO_WORKERS in str(example.data["steps"]) and not any("fault" in step for step in example.data["steps"]):
            verdict = Judge(subject_of_class(driver)).judge(scenario_of(example.data, "quickbooks_online"))
            assert set(verdict.told.values()) == {"Completed"}
            assert not verdict.findings, example.about


def test_two_workers_give_the_same_run_every_time() -> None:
    runs = [verdict_of(clients.ChecksThenActs, "quickbooks_online", "two workers, several transactions") for _ in "ab"]
    one, other = ([(e.operation, e.status, e.response_body) for e in run.entries] for run in runs)
    assert one == other


def test_a_driver_that_says_nothing_of_workers_settles_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    campaign = Campaign(subject_of_class(Careful), "quickbooks_online", Options())
    monkeypatch.setattr(campaign, "_try", lambda example: seen.append(example.about))
    for example in campaign._asked_late():
        if campaign._fits(example):
            campaign._try(example)
    assert seen
    assert not any("two workers" in about for about in seen)


@pytest.mark.parametrize("platform", ["quickbooks_online", "xero"])
@pytest.mark.parametrize("driver", [Driver, HubDriver])
def test_clients_that_are_right_are_left_alone(driver: type[Any], platform: str) -> None:
    judge = Judge(subject_of_class(driver))
    played = 0
    for example in examples(driver, platform):
        verdict = judge.judge(scenario_of(example.data, platform))
        assert not verdict.findings, example.about
        played += not verdict.trouble
    assert played >= 20


# The bookkeeper's edits and payments


def opened(driver: type[Any], platform: str, *steps: Data) -> tuple[DrivenRun, Stage]:
    subject = subject_of_class(driver)
    data = with_steps(base(Menu(platform, subject.verbs, subject.through_hub)), *steps)
    stage = Stage()
    run = DrivenRun(scenario_of(data, platform), stage, subject)
    run.open()
    with run.client():
        for step in run.scenario.steps:
            failures = run.play(step)
            assert not failures, failures
    return run, stage


def balances(book: Book) -> dict[str, str]:
    return {row.account.id: str(row.balance.base) for row in book.trial_balance()}


ARCHIVE_OWED = "archive_owed"
NOT_BY_HAND = {p: platform_named(p).not_by_hand for p in PLATFORMS}
EDITED = sorted(p for p in PLATFORMS if not {"account", "amount"} & NOT_BY_HAND[p])


@pytest.mark.parametrize("platform", EDITED)
def test_an_edit_moves_the_amount_to_another_account(platform: str) -> None:
    edit = by_hand(edit={"transaction": "r-01", "account": "meals", "amount": "400.11 GBP", "date": "2026-03-15"})
    run, stage = opened(Hub, platform, payment(notes="Fares"), SYNC, edit)
    names, book = run.places["acme"].names, run.company("acme").book
    moved = balances(book)
    assert moved == {names.book_id("meals"): "400.11 GBP", names.book_id("visa_card"): "-400.11 GBP"}
    assert {str(line.date) for line in book.lines() if line.account == names.book_id("meals")} == {"2026-03-15"}
    stage.close()


@pytest.mark.parametrize(
    ("platform", "act"), [(p, a) for p in PLATFORMS for a in sorted(NOT_BY_HAND[p] - {ARCHIVE_OWED})]
)
def test_what_the_screens_of_a_platform_lack_is_really_lacking(platform: str, act: str) -> None:
    values = {"notes": "x", "account": "meals", "amount": "1.00 GBP"}
    done = by_hand(**({act: "r-01"} if act not in values else {"edit": {"transaction": "r-01", act: values[act]}}))
    subject = subject_of_class(Hub)
    data = with_steps(base(Menu(platform, subject.verbs, True)), payment(notes="Fares"), SYNC, done)
    assert Judge(subject).judge(scenario_of(data, platform)).trouble


@pytest.mark.parametrize("platform", ["quickbooks_online", "xero"])
def test_a_payment_by_hand_stands_in_the_books_and_is_nobodys_transaction(platform: str) -> None:
    hand = by_hand(pay={"bill": "b-01", "from": "checking", "amount": "140.25 GBP", "date": "2026-03-17"})
    run, stage = opened(Driver, platform, bill("b-01", "240.60 GBP"), SYNC, hand)
    book, names = run.company("acme").book, run.places["acme"].names
    assert balances(book)[names.book_id("checking")] == "-140.25 GBP"
    assert {entry.actor for entry in run.world.tape.entries()} == {"client", "person"}
    assert run.judge() == []
    stage.close()


def test_what_is_edited_by_hand_after_a_receipt_is_not_taken_for_undone_by_the_client() -> None:
    recoded = by_hand(edit={"transaction": "r-01", "account": "meals"})
    run, stage = opened(Driver, "xero", payment(), SYNC, receipt("f-01"), recoded)
    assert run.judge() == []
    stage.close()


def test_whoever_dies_before_reading_how_long_to_wait_need_not_wait() -> None:
    limits: list[Data] = [{"fault": {"throttle": {"at": {"nth": nth}, "phase": "admit"}}} for nth in (2, 1)]
    killed: Data = {"kill": {"at": {"nth": 2}, "phase": "deliver"}}
    verdict = Judge(subject_of_class(Driver)).judge(
        scenario_of(with_steps(base(Menu("xero", frozenset())), *limits, killed, payment(), SYNC), "xero")
    )
    assert not verdict.trouble
    assert not verdict.findings


def test_faults_do_not_meet_what_people_do() -> None:
    fault: Data = {"fault": {"server_error": {"at": {"every": True}, "phase": "send", "may_rest": True}}}
    hand = by_hand(pay={"bill": "b-01", "from": "checking", "amount": "140.25 GBP"})
    run, stage = opened(Driver, "xero", bill("b-01", "240.60 GBP"), SYNC, fault, hand)
    assert not run.fired
    stage.close()


def test_what_is_drawn_holds_doings_relations_and_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = clients.Claims
    seen: list[Data] = []
    campaign = Campaign(subject_of_class(driver), "quickbooks_online", Options(examples=150, seed=5))
    monkeypatch.setattr(campaign, "_try", lambda example: seen.append(example.data))
    campaign._draw()
    steps = [step for data in seen for step in data["steps"][2:]]
    acts = {next(iter(step["bookkeeper"])) for step in steps if "bookkeeper" in step}
    assert len(acts) >= 2
    assert {"sync": TWO_WORKERS} in steps
    assert len({data["relation"] for data in seen if "relation" in data}) >= 4


def test_somebody_who_is_owed_cannot_be_archived_where_it_is_said() -> None:
    for platform in [p for p in PLATFORMS if ARCHIVE_OWED in NOT_BY_HAND[p]]:
        with pytest.raises(AssertionError, match="open balance"):
            opened(Driver, platform, bill("b-01", "240.60 GBP"), SYNC, by_hand(archive_contact="airline"))


def test_more_than_is_open_is_not_paid_by_hand() -> None:
    hand = by_hand(pay={"bill": "b-01", "from": "checking", "amount": "999.00 GBP"})
    with pytest.raises(AssertionError, match="not paid"):
        opened(Driver, "xero", bill("b-01", "240.60 GBP"), SYNC, hand)


def test_a_document_of_several_lines_has_no_one_account() -> None:
    native = {"Line": [{"Amount": "1.00"}, {"Amount": "2.00"}]}
    with pytest.raises(NotEditable, match="several lines"):
        edit_members("quickbooks_online", native, {"account": "7"})
    assert edit_members("quickbooks_online", native, {"notes": "Seen"}) == {"PrivateNote": "Seen"}
    with pytest.raises(NotEditable, match="no AccountBasedExpenseLineDetail"):
        edit_members("quickbooks_online", {"Line": [{"Amount": "1.00", "DepositLineDetail": {}}]}, {"account": "7"})
