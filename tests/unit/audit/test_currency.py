"""Rates and transfers. INV-25 and INV-27."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.audit.box import DAY, Bench, bought, gbp, rules

from sandbooks.audit import Submitted, SubmittedLine
from sandbooks.money import Money, Rate

RATE = Rate(Decimal("0.781"), "USD", "GBP")


def abroad(id: str = "r-01", **facts: Any) -> Submitted:
    return bought(id, "20.00", currency="USD", **{"rate": RATE, "bank_account": "usd_card", **facts})


def spend(bench: Bench, base: str, **more: Any) -> None:
    bench.post("r-01", ("travel", "20.00 USD", base), ("usd_card", "-20.00 USD", f"-{base}"), **more)


def test_a_document_at_the_submitted_rate_is_right(bench: Bench) -> None:
    spend(bench, "15.62")
    assert bench.audit(abroad()) == []


def test_a_rounding_unit_is_no_other_rate(bench: Bench) -> None:
    spend(bench, "15.63")
    assert bench.audit(abroad()) == []


@pytest.mark.parametrize(("base", "mode"), [("25.61", "FM-77"), ("20.00", "FM-76")])
def test_a_rate_turned_round_and_a_rate_of_one_are_found(bench: Bench, base: str, mode: str) -> None:
    spend(bench, base)
    (finding,) = bench.audit(abroad())
    assert (finding.invariants, finding.failure_modes) == (("INV-25",), (mode,))
    assert "1 USD = 0.781 GBP was submitted" in finding.title


def test_another_rate_is_the_clients_doing_when_the_client_sent_it(bench: Bench) -> None:
    spend(bench, "14.20", rate="0.71")
    assert rules(bench.audit(abroad())) == {"INV-25"}


def test_another_rate_is_the_platforms_own_when_the_client_sent_none(bench: Bench) -> None:
    spend(bench, "14.20")
    assert bench.audit(abroad()) == []


@pytest.mark.parametrize("hub", [True, False])
def test_a_rate_that_the_document_could_have_said_was_left_out(bench: Bench, hub: bool) -> None:
    spend(bench, "14.20", at="0.71")
    (finding,) = bench.audit(abroad(through_hub=hub))
    assert finding.invariants == ("INV-25",)


def test_a_missing_rate_never_becomes_one(bench: Bench) -> None:
    spend(bench, "20.00")
    (finding,) = bench.audit(abroad(rate=None))
    assert (finding.invariants, finding.failure_modes) == (("INV-25",), ("FM-76",))
    assert bench.audit(abroad(rate=Rate(Decimal(1), "USD", "GBP"))) == []


def test_a_card_in_base_tells_the_rate_by_what_it_was_charged(bench: Bench) -> None:
    bench.post("r-01", ("travel", "15.62"), ("card", "-15.62"))
    assert bench.audit(abroad(bank_account="card")) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post("r-01", ("travel", "20.00"), ("card", "-20.00"))
    assert "INV-25" in rules(bench.audit(abroad(bank_account="card")))


def moved() -> Submitted:
    sides = (
        SubmittedLine(account="usd_card", net=Money.of("20.00", "USD"), tax=Money.zero("USD")),
        SubmittedLine(account="bank", net=gbp("-16.00"), tax=gbp("0")),
    )
    return Submitted(id="t-01", kind="transfer", date=DAY, currency="USD", lines=sides, status="completed")


def test_a_transfer_may_leave_an_exchange_difference(bench: Bench) -> None:
    left = ("differences", "0.00 USD", "0.38")
    bench.post("t-01", ("usd_card", "20.00 USD", "15.62"), ("bank", "-16.00"), left)
    assert bench.audit(moved()) == []


def test_a_transfer_that_posts_one_amount_on_both_sides_is_found(bench: Bench) -> None:
    bench.post("t-01", ("usd_card", "20.00 USD", "20.00"), ("bank", "-20.00"))
    (finding,) = bench.audit(moved())
    assert (finding.invariants, finding.failure_modes) == (("INV-27",), ("FM-82",))


def test_a_transfer_that_touches_spend_is_found(bench: Bench) -> None:
    bench.post("t-01", ("usd_card", "20.00 USD", "15.00"), ("bank", "-16.00"), ("travel", "1.00"))
    assert rules(bench.audit(moved())) == {"INV-27"}
