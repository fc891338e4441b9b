"""Refusals carry their facts as fields and a sentence for humans."""

from __future__ import annotations

import copy
import pickle
from datetime import date

import pytest

from sandbooks import ledger
from sandbooks.ledger import EmptyEntry, PeriodClosed, Refusal, Source, Unbalanced
from sandbooks.money import Money

REFUSALS = [
    ledger.EmptyEntry(),
    ledger.Unbalanced("USD", Money.of("0.02", "USD")),
    ledger.WrongPrecision(Money.of("1.5", "JPY")),
    ledger.AmountTooLarge(Money.of("99999999999999999", "JPY")),
    ledger.BaseCurrency("travel", Money.of("3", "USD"), "GBP"),
    ledger.BaseDiffers("travel", Money.of("3", "GBP"), Money.of("4", "GBP")),
    ledger.AccountUnknown("travel"),
    ledger.AccountExists("travel"),
    ledger.AccountInactive("travel", "Travel"),
    ledger.AccountCurrency("visa", "USD", "EUR"),
    ledger.PeriodClosed(date(2026, 3, 30), date(2026, 3, 31)),
    ledger.AlreadyPosted(Source("Bill", "145", 2)),
    ledger.NothingPosted(Source("Bill", "145", 2)),
    ledger.OverSettled(Money.of("10", "USD"), Money.of("11", "USD")),
    ledger.TaxNotCharged("NONE", Money.of("1", "GBP")),
]


def test_every_refusal_of_the_ledger_is_looked_at_here() -> None:
    offered = {value for value in vars(ledger).values() if isinstance(value, type) and issubclass(value, Refusal)}
    assert {type(refusal) for refusal in REFUSALS} == offered - {Refusal}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_the_sentence_names_every_fact_that_a_human_needs(refusal: Refusal) -> None:
    assert str(refusal) == refusal.message
    assert "{" not in refusal.message
    hidden = {"currency"} if isinstance(refusal, Unbalanced) else set()
    assert all(str(value) in refusal.message for name, value in refusal.facts.items() if name not in hidden)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_a_refusal_survives_copying_and_pickling(refusal: Refusal) -> None:
    assert copy.copy(refusal).facts == refusal.facts
    assert pickle.loads(pickle.dumps(refusal)).facts == refusal.facts  # noqa: S301 - made a line above


def test_a_refusal_above_the_ledger_is_declared_in_three_lines() -> None:
    class StaleVersion(Refusal):
        """Version {sent} is not the current one, {current}."""

        sent: int
        current: int

    refusal = StaleVersion(sent=3, current=4)
    assert refusal.message == "Version 3 is not the current one, 4."
    assert refusal.facts == {"sent": 3, "current": 4}
    assert refusal.args == (3, 4)


def test_a_refusal_can_be_raised_as_a_bare_class_and_told_apart_by_type() -> None:
    with pytest.raises(Refusal) as caught:
        raise EmptyEntry
    assert type(caught.value) is EmptyEntry
    assert str(Refusal()) == "The request is refused."
    assert (
        len({PeriodClosed(date(2026, 1, 1), date(2026, 1, 2)), PeriodClosed(date(2026, 1, 1), date(2026, 1, 2))}) == 2
    )
