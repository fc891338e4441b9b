"""Postings, their sides, reversals, and the rounding residual."""

from __future__ import annotations

import pytest
from tests.unit.ledger.builders import bought, gbp, new_book, usd

from sandbooks.ledger import EmptyEntry, Posting, Source, Unbalanced, WrongPrecision, balanced, credit, debit
from sandbooks.money import parse_rate


def test_a_debit_is_positive_and_a_credit_negative_from_the_same_positive_amount() -> None:
    assert debit("meals", gbp("5.10")) == Posting("meals", gbp("5.10"), gbp("5.10"))
    assert credit("bank", gbp("5.10")) == Posting("bank", gbp("-5.10"), gbp("-5.10"))


def test_a_base_amount_goes_to_the_side_of_its_amount() -> None:
    assert debit("travel", usd("10.00"), gbp("7.74")).base == gbp("7.74")
    assert credit("visa", usd("10.00"), gbp("7.74")).base == gbp("-7.74")


def test_a_posting_keeps_tax_code_party_dimensions_and_memo_through_a_reversal() -> None:
    posting = credit(
        "bank", gbp("5.10"), tax_code="20S", party="contoso", dimensions=(("Department", "Sales"),), memo="Taxi"
    )
    back = debit(
        "bank", gbp("5.10"), tax_code="20S", party="contoso", dimensions=(("Department", "Sales"),), memo="Taxi"
    )
    assert posting.reversed() == back


def test_a_reversed_entry_keeps_date_source_and_memo() -> None:
    entry = bought("r-01", debit("meals", gbp("5.10")), credit("bank", gbp("5.10")), memo="Lunch")
    assert entry.reversed().reversed() == entry
    assert (entry.reversed().date, entry.reversed().source, entry.reversed().memo) == (
        entry.date,
        entry.source,
        "Lunch",
    )


def test_a_source_is_written_as_its_document() -> None:
    assert str(Source("Bill", "145", 2)) == "Bill 145 version 2"


def test_the_residual_of_line_by_line_conversion_goes_to_the_rounding_account() -> None:
    rate = parse_rate("1 USD = 0.5 GBP")
    lines = [debit("travel", usd("0.01"), rate.to_base(usd("0.01"))) for _ in range(2)]  # 0.01 GBP each
    postings = balanced([*lines, credit("visa", usd("0.02"), rate.to_base(usd("0.02")))], "fx")
    assert postings[-1] == Posting("fx", usd("0"), gbp("-0.01"), memo="Rounding")
    book = new_book()
    book.post(bought("r-01", *postings))
    assert book.balance("fx").base == gbp("-0.01")
    assert book.balance("fx").by_currency == {}


def test_postings_that_balance_in_base_are_left_alone() -> None:
    postings = (debit("travel", usd("10.00"), gbp("7.74")), credit("visa", usd("10.00"), gbp("7.74")))
    assert balanced(postings, "fx") == postings


def test_a_difference_too_large_for_rounding_is_refused() -> None:
    with pytest.raises(Unbalanced) as caught:
        balanced([debit("travel", usd("10.00"), gbp("7.74")), credit("visa", usd("10.00"), gbp("7.72"))], "fx")
    assert caught.value.difference == gbp("0.02")


def test_a_difference_without_any_foreign_amount_is_no_rounding() -> None:
    with pytest.raises(Unbalanced):
        balanced([debit("meals", gbp("5.01")), credit("bank", gbp("5.00"))], "fx")


def test_a_residual_with_a_fraction_of_a_minor_unit_is_refused() -> None:
    with pytest.raises(WrongPrecision):
        balanced([debit("travel", usd("1"), gbp("0.774")), credit("visa", usd("1"), gbp("0.77"))], "fx")


def test_no_postings_cannot_be_balanced() -> None:
    with pytest.raises(EmptyEntry):
        balanced([], "fx")
