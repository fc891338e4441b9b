"""Blind repeats and double posting, told from tape and books alone."""

from __future__ import annotations

import pytest
from tests.unit.audit.box import DAY, TAXI, Bench, rules

from sandbooks.audit.reading import Sent
from sandbooks.world import TapeEntry

LOST = ["timeout", "reset", "closed"]


@pytest.mark.parametrize("how", LOST)
def test_a_write_repeated_blindly_after_a_lost_answer_is_posted_twice(bench: Bench, how: str) -> None:
    bench.lose("r-01", how=how)
    bench.post("r-01")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-01", "INV-09")
    assert finding.failure_modes == ("FM-01",)
    assert finding.exchanges == (1, 2)
    assert (
        finding.title == "One Spend of 12.30 GBP, dated 28 March 2026, stands in the books twice: Spend 1 and Spend 2."
    )
    rows = [(row.account, str(row.expected), str(row.actual)) for row in finding.table]
    assert rows == [("Travel", "12.30 GBP", "24.60 GBP"), ("Company Card", "-12.30 GBP", "-24.60 GBP")]


def test_a_blind_repeat_that_did_no_harm_is_still_blind(bench: Bench) -> None:
    bench.lose("r-01", phase="validate")
    bench.post("r-01")
    assert bench.alone() == []
    (finding,) = bench.alone(strict=True)
    assert (finding.invariants, finding.failure_modes) == (("INV-09",), ("FM-02",))
    assert finding.table == ()


def test_the_same_key_on_every_try_is_no_blind_repeat(bench: Bench) -> None:
    for phase in ("commit", "validate"):
        bench.lose(f"r-{phase}", key=phase, phase=phase)
        bench.post(f"r-{phase}", key=phase)
    assert bench.alone(strict=True) == []


def test_a_new_key_for_each_try_protects_nobody(bench: Bench) -> None:
    bench.lose("r-01", key="a-1")
    bench.post("r-01", key="a-2")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-01", "INV-09")
    assert "header Idempotency-Key: a-1 -> a-2" in finding.repeat


@pytest.mark.parametrize("phase", ["commit", "validate"])
def test_a_look_up_before_the_repeat_keeps_silent(bench: Bench, phase: str) -> None:
    bench.lose("r-01", phase=phase)
    bench.look_up("r-01")
    if phase == "validate":
        bench.post("r-01")
    assert bench.alone(strict=True) == []


def test_reading_accounts_is_no_look_up(bench: Bench) -> None:
    bench.lose("r-01")
    bench.send("GET", "/acme/accounts")
    bench.post("r-01")
    assert rules(bench.alone()) == {"INV-01", "INV-09"}


def test_a_look_up_for_another_transaction_is_none_for_this_one(bench: Bench) -> None:
    for name in ("r-01", "r-02"):
        bench.world.put("reference", name, [])
    bench.lose("r-01")
    bench.look_up("r-02")
    bench.post("r-01")
    assert rules(bench.alone()) == {"INV-01", "INV-09"}


def test_a_look_up_that_did_not_find_what_was_posted_ends_in_a_double_posting_that_is_not_blind(bench: Bench) -> None:
    bench.lose("r-01")
    with bench.fault("stale_read", "admit", lag="1h"):
        bench.look_up("r-01")
    bench.post("r-01")
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-01", "INV-51"), ("FM-44",))


def test_twins_with_references_of_their_own_are_two_purchases(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-02")
    assert bench.alone(strict=True) == []


def test_twins_of_which_the_first_was_answered_are_two_purchases(bench: Bench) -> None:
    bench.post("taxi")
    bench.post("taxi")
    assert bench.alone(strict=True) == []


def test_a_twin_sent_after_the_first_was_seen_in_the_books_is_a_second_purchase(bench: Bench) -> None:
    bench.lose("taxi")
    bench.send("GET", "/acme/spend")
    bench.post("taxi")
    assert bench.alone(strict=True) == []


def test_a_repeat_with_another_time_stamp_or_a_suffix_is_still_the_same_write(bench: Bench) -> None:
    bench.lose("r-01", sent="2026-03-28T17:40:00Z")
    bench.post("r-01-1", sent="2026-03-28T17:41:00Z")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-01", "INV-09")
    assert finding.repeat[:2] == ("ref: r-01 -> r-01-1", "sent: 2026-03-28T17:40:00Z -> 2026-03-28T17:41:00Z")


def test_a_known_reference_makes_a_repeat_whatever_else_has_changed(bench: Bench) -> None:
    bench.world.put("reference", "r-01", ["trip"])
    bench.lose("trip", note="first try")
    bench.post("trip", ("meals", "12.30"), ("card", "-12.30"), note="second try")
    (finding,) = bench.alone()
    assert (finding.transaction, finding.invariants) == ("r-01", ("INV-01", "INV-09"))


def test_the_same_write_to_another_company_repeats_nothing(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-01", company="globex")
    assert bench.alone(strict=True) == []


def test_three_tries_are_one_finding(bench: Bench) -> None:
    bench.lose("r-01")
    bench.lose("r-01")
    bench.post("r-01")
    (finding,) = bench.alone()
    assert finding.exchanges == (1, 2, 3)
    assert "three times" in finding.title


@pytest.mark.parametrize(
    ("kind", "phase", "mode"),
    [("server_error", "commit", "FM-01"), ("html_error_page", "commit", "FM-14"), ("truncate", "render", "FM-14")],
)
def test_an_answer_that_is_none_leaves_the_outcome_unknown(bench: Bench, kind: str, phase: str, mode: str) -> None:
    with bench.fault(kind, phase):
        bench.post("r-01")
    bench.post("r-01")
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-01", "INV-09"), (mode,))


def test_what_commits_late_counts_as_posted_by_the_first_try(bench: Bench) -> None:
    with bench.fault("late_commit", "validate", after="60s"):
        bench.post("r-01")
    bench.post("r-01")
    bench.world.settle()
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-01", "INV-09"), ("FM-15",))


def test_a_rejection_and_a_connection_refused_are_certain_and_may_be_sent_again(bench: Bench) -> None:
    with bench.fault("throttle", "admit", retry_after="0s", until_over=False):
        bench.post("r-01")
    with bench.fault("refuse", "connect"):
        bench.post("r-01")
    bench.post("r-01")
    assert bench.alone(strict=True) == []


def test_a_second_try_that_the_platform_refuses_for_the_first_ones_sake_did_no_harm(bench: Bench) -> None:
    bench.lose("r-01")
    bench.company().book.lock(bench.company().book.lines().__next__().date)
    bench.post("r-01")
    assert bench.alone(strict=True) == []


def test_a_double_posting_that_the_client_took_back_is_none(bench: Bench) -> None:
    bench.lose("r-01", phase="commit")
    bench.post("r-01")
    bench.send("DELETE", "/acme/spend/2")
    assert bench.alone() == []
    assert rules(bench.alone(strict=True)) == {"INV-09"}


def test_a_double_posting_that_the_bookkeeper_cleared_up_was_one_all_the_same(bench: Bench) -> None:
    from tests.unit.audit.box import drop

    bench.lose("r-01")
    bench.post("r-01")
    with bench.world.unit():
        drop(bench.company(), "2")
    assert rules(bench.alone()) == {"INV-01", "INV-09"}


def test_a_key_in_an_attribute_of_an_xml_body_is_read() -> None:
    body = b'<?xml version="1.0"?><Set onError="stop" newSetID="k-17"><Add><newSetName>other</newSetName></Add></Set>'
    entry = TapeEntry(
        number=1,
        at=0,
        until=0,
        surface="toy",
        method="POST",
        url="https://toy.example/change",
        request_headers=(),
        request_body=body,
    )
    assert Sent(entry).keys(["body:newSetID"]) == ["k-17"]
    assert Sent(entry).keys(["body:other"]) == []


def test_a_try_that_was_not_admitted_leaves_the_one_before_it_unclear(bench: Bench) -> None:
    bench.lose("r-01")
    again = {"ref": "r-01", "date": DAY.isoformat(), "lines": TAXI}
    bench.send("POST", "/acme/spend", again, Authorization="Bearer ended")
    bench.post("r-01")
    (finding,) = bench.alone()
    assert finding.invariants == ("INV-01", "INV-09")
    assert finding.exchanges == (1, 3)


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_an_id_that_the_client_chose_for_its_record_is_a_key(bench: Bench, phase: str) -> None:
    chosen = "4d5e8f60-7a1b-4c2d-9e3f-000000000001"
    bench.lose("r-01", phase=phase, id=chosen)
    bench.post("r-01", id=chosen)
    bench.post("r-01", id=chosen)  # refused, as the first of them may have been: it is there
    assert bench.alone(strict=True) == []
    bench.lose("r-02", phase=phase)
    bench.post("r-02")
    assert "INV-09" in rules(bench.alone(strict=True))
