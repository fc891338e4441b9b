"""Assertions for tests: each passes on right books and fails on wrong ones."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.audit.box import DAY, Bench, bought, gbp

from sandbooks.audit import BooksWrong
from sandbooks.audit.oracles import (
    assert_card_balance,
    assert_exactly_once,
    assert_no_blind_retry,
    assert_nothing_posted,
    assert_respects_limits,
    assert_trial_balance,
)


def test_exactly_once_by_reference_by_input_and_alone(bench: Bench) -> None:
    bench.world.put("reference", "r-01", [])
    bench.post("r-01")
    assert_exactly_once(bench.company(), "r-01")
    assert_exactly_once(bench.company(), submitted=[bought("r-01")])
    bench.post("r-01")
    assert_exactly_once(bench.company())
    with pytest.raises(BooksWrong, match="r-01 stands in the books twice: Spend 1 and Spend 2"):
        assert_exactly_once(bench.company(), "r-01")
    with pytest.raises(BooksWrong, match="INV-01"):
        assert_exactly_once(bench.company(), submitted=[bought("r-01")])


def test_exactly_once_needs_no_reference_to_be_known_beforehand(bench: Bench) -> None:
    bench.post("r-01")
    assert_exactly_once(bench.company(), "r-01")
    with pytest.raises(BooksWrong, match="r-02 stands in the books not at all"):
        assert_exactly_once(bench.company(), "r-01", "r-02")


def test_exactly_once_forgives_a_blind_repeat_that_did_no_harm(bench: Bench) -> None:
    bench.lose("r-01", phase="validate")
    bench.post("r-01")
    assert_exactly_once(bench.company(), "r-01")
    with pytest.raises(BooksWrong, match="INV-09"):
        assert_no_blind_retry(bench.company())


def test_blind_retries_are_asked_for_by_reference(bench: Bench) -> None:
    bench.lose("r-01")
    bench.post("r-01")
    assert_no_blind_retry(bench.company(), "r-02")
    with pytest.raises(BooksWrong):
        assert_no_blind_retry(bench.company(), "r-01")


def test_nothing_posted(bench: Bench) -> None:
    bench.lose("r-01", phase="validate")
    assert_nothing_posted(bench.company())
    bench.post("r-02")
    assert_nothing_posted(bench.company(), "r-01")
    with pytest.raises(BooksWrong, match="INV-05"):
        assert_nothing_posted(bench.company(), "r-02")
    with pytest.raises(BooksWrong):
        assert_nothing_posted(bench.company())


def test_trial_balance_holds_what_is_expected_at_a_day(bench: Bench) -> None:
    bench.post("r-01")
    bench.post("r-02", ("travel", "5.10"), ("bank", "-5.10"), date="2026-04-02")
    assert_trial_balance(bench.company(), {"travel": gbp("17.40"), "bank": gbp("-5.10")})
    assert_trial_balance(bench.company(), {"travel": gbp("12.30")}, as_of=DAY)
    with pytest.raises(BooksWrong, match=r"Travel holds Dr 12.30 GBP instead of Dr 17.40 GBP"):
        assert_trial_balance(bench.company(), {"travel": gbp("17.40")}, as_of=date(2026, 3, 31))


def test_card_balance(bench: Bench) -> None:
    bench.post("r-01")
    assert_card_balance(bench.company(), "card", gbp("-12.30"), submitted=[bought("r-01")])
    with pytest.raises(BooksWrong, match=r"Company Card holds Cr 12.30 GBP instead of 0.00 GBP"):
        assert_card_balance(bench.company(), "card", gbp("0"))
    with pytest.raises(BooksWrong, match="INV-13"):
        assert_card_balance(bench.company(), "card", submitted=[bought("r-01", kind="refund")])


@pytest.mark.parametrize(("wait", "fits"), [(36, False), (37, True)])
def test_an_announced_wait_is_kept(bench: Bench, wait: int, fits: bool) -> None:
    from datetime import timedelta

    with bench.fault("throttle", "admit", retry_after="37s", until_over=False):
        bench.post("r-01")
    bench.world.clock.reach(bench.world.clock.now() + timedelta(seconds=wait - 1))
    bench.post("r-01")
    if fits:
        assert_respects_limits(bench.company())
    else:
        with pytest.raises(BooksWrong, match="was sent 1 s before the wait was over"):
            assert_respects_limits(bench.company())
