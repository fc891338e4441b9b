"""Money, rates and shares: exact, currency-safe, and indifferent to the process's decimal context."""

from __future__ import annotations

import subprocess
import sys
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, Inexact, localcontext
from fractions import Fraction
from pathlib import Path

import pytest

from sandbooks.money import (
    CurrencyMismatch,
    Money,
    Rate,
    UnknownCurrency,
    allocate,
    digits,
    known_currency,
    parse_money,
    parse_rate,
    total,
)


def gbp(text: str) -> Money:
    return Money.of(text, "GBP")


@pytest.mark.parametrize(
    ("code", "count"),
    [("GBP", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("IQD", 3), ("LBP", 2), ("HUF", 2), ("CLF", 4)],
)
def test_minor_units_follow_iso_4217_also_where_cash_habits_differ(code: str, count: int) -> None:
    assert digits(code) == count


@pytest.mark.parametrize("code", ["ZZZ", "gbp", "", "XXX", "POUND"])
def test_a_code_that_iso_4217_does_not_know_is_refused(code: str) -> None:
    assert not known_currency(code)
    with pytest.raises(UnknownCurrency, match="ISO 4217") as caught:
        Money.of("1", code)
    assert caught.value.code == code


def test_a_currency_that_is_no_text_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money.of("1", 826)  # type: ignore[arg-type]  # what is refused here


def test_a_withdrawn_currency_is_known_because_old_books_carry_it() -> None:
    assert known_currency("HRK")


def test_importing_money_does_not_load_babel() -> None:
    source = Path(__file__).parents[2] / "simulator"
    script = f"import sys; sys.path.insert(0, {str(source)!r}); import sandbooks.ledger; print('babel' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize("value", ["412.37", Decimal("412.37"), "+412.37", " 412.370 "])
def test_money_is_made_of_text_and_decimals(value: str | Decimal) -> None:
    assert Money.of(value, "USD") == Money(Decimal("412.37"), "USD")


def test_money_is_made_of_whole_units() -> None:
    assert Money.of(7, "USD") == Money.from_minor(700, "USD")


@pytest.mark.parametrize("value", [0.1, True, None, b"1"])
def test_money_is_never_made_of_a_float_or_another_type(value: object) -> None:
    with pytest.raises(TypeError, match="never"):
        Money.of(value, "USD")  # type: ignore[arg-type]  # what is refused here


def test_the_constructor_takes_decimals_only() -> None:
    with pytest.raises(TypeError, match="never float"):
        Money(12.3, "GBP")  # type: ignore[arg-type]  # what is refused here


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e3", "1_000", "1,000.00", "", "twelve", "0x10", "١٢"])
def test_text_that_is_no_plain_decimal_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a decimal number"):
        Money.of(value, "GBP")


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_nan_and_infinity_are_no_amounts(value: Decimal) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.of(value, "GBP")


@pytest.mark.parametrize("value", ["1E+24", "1E+999999", "1E-999999", "1." + "0" * 70 + "1"])
def test_hostile_exponents_and_lengths_are_refused_before_they_cost_anything(value: str) -> None:
    with pytest.raises(ValueError, match="at most"):
        Money.of(Decimal(value), "GBP")


@pytest.mark.parametrize("value", ["-0", "-0.00", "0E+999999", "-0E-999999"])
def test_zero_has_no_sign_and_no_exponent(value: str) -> None:
    assert str(Money.of(Decimal(value), "GBP")) == "0.00 GBP"


def test_negating_and_subtracting_to_zero_leaves_no_minus() -> None:
    assert str(-gbp("0.00").amount) in {"0", "0.00"}
    assert not (gbp("3.30") - gbp("3.3")).amount.is_signed()


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money.of("12.3", "GBP"), "12.30 GBP"),
        (Money.of("-1234567.5", "USD"), "-1234567.50 USD"),
        (Money.of(Decimal("1E+3"), "JPY"), "1000 JPY"),
        (Money.of("1.234", "KWD"), "1.234 KWD"),
        (Money.of("0.12345", "GBP"), "0.12345 GBP"),
    ],
)
def test_money_is_written_with_the_decimals_of_its_currency(money: Money, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(1230, "GBP", "12.30"), (1230, "JPY", "1230"), (-5, "KWD", "-0.005")]
)
def test_minor_units_go_both_ways(minor: int, currency: str, text: str) -> None:
    money = Money.from_minor(minor, currency)
    assert money == Money.of(text, currency)
    assert money.minor == minor


def test_a_fraction_of_a_minor_unit_has_no_minor_count() -> None:
    money = Money.of("1.5", "JPY")
    assert not money.is_exact
    with pytest.raises(ValueError, match="more than 0 decimals"):
        _ = money.minor


def test_rounding_is_half_up_away_from_zero_so_that_a_refund_mirrors_its_payment() -> None:
    assert gbp("2.345").rounded() == gbp("2.35")
    assert gbp("-2.345").rounded() == gbp("-2.35")


def test_rounding_takes_another_mode_when_a_platform_has_one() -> None:
    assert gbp("2.345").rounded(ROUND_HALF_EVEN) == gbp("2.34")
    assert gbp("2.349").rounded(ROUND_DOWN) == gbp("2.34")


@pytest.mark.parametrize(("amount", "expected"), [("10.00", "3.33"), ("-10.00", "-3.33"), ("0.00", "0.00")])
def test_a_portion_is_exact_until_it_is_rounded(amount: str, expected: str) -> None:
    assert gbp(amount).portion(Fraction(1, 3)) == gbp(expected)


def test_half_a_minor_unit_of_a_portion_goes_away_from_zero() -> None:
    assert gbp("0.05").portion(Fraction(1, 2)) == gbp("0.03")
    assert gbp("0.05").portion(Fraction(-1, 2)) == gbp("-0.03")


def test_sums_differences_and_products_are_exact() -> None:
    assert gbp("0.10") + gbp("0.20") == gbp("0.30")
    assert gbp("5.00") - gbp("7.25") == gbp("-2.25")
    assert abs(gbp("-2.25")) == gbp("2.25")
    assert gbp("1.10") * Decimal("0.075") == gbp("0.0825")
    assert 3 * gbp("1.10") == gbp("3.30")


def test_order_and_truth() -> None:
    assert gbp("1.00") < gbp("1.01") <= gbp("1.010")
    assert gbp("2.00") > gbp("1.99")
    assert gbp("2.00") >= gbp("2")
    assert gbp("0.01")
    assert not gbp("0.00")


def test_equal_amounts_are_equal_however_many_zeros_they_carry() -> None:
    assert len({gbp("1.5"), gbp("1.50"), Money.of("1.5", "USD")}) == 2


def test_two_currencies_never_meet_without_a_rate() -> None:
    usd = Money.of("1", "USD")
    for operation in (
        lambda: gbp("1") + usd,
        lambda: gbp("1") - usd,
        lambda: gbp("1") < usd,
        lambda: gbp("1") <= usd,
        lambda: total([gbp("1"), usd], "GBP"),
    ):
        with pytest.raises(CurrencyMismatch, match="GBP and USD"):
            operation()
    assert gbp("1") != usd


def test_money_meets_only_money_and_is_multiplied_only_by_exact_numbers() -> None:
    for operation in (
        lambda: gbp("1") + 1,  # type: ignore[operator]  # what is refused here
        lambda: gbp("1") - 1,  # type: ignore[operator]  # what is refused here
        lambda: gbp("1") < 1,  # type: ignore[operator]  # what is refused here
        lambda: gbp("1") <= 1,  # type: ignore[operator]  # what is refused here
        lambda: gbp("1") * 0.5,  # type: ignore[operator]  # what is refused here
        lambda: gbp("1") * True,
    ):
        with pytest.raises(TypeError):
            operation()


def test_a_total_of_nothing_is_zero_in_its_currency() -> None:
    assert total([], "JPY") == Money.zero("JPY")
    assert total([gbp("1.10"), gbp("2.25")], "GBP") == gbp("3.35")


def test_arithmetic_ignores_the_decimal_context_of_the_process() -> None:
    with localcontext(Context(prec=3, rounding=ROUND_DOWN, traps=[Inexact])):
        money = gbp("1234567.89") + gbp("0.01")
        assert money == Money.from_minor(123456790, "GBP")
        assert (money * Decimal("0.2")).rounded() == Money.from_minor(24691358, "GBP")
        assert str(Rate(Decimal("0.774123456789"), "USD", "GBP").inverse) == "1 GBP = 1.291783618 USD"
        assert [share.minor for share in allocate(money, [Decimal(1), Decimal(2)])] == [41152263, 82304527]


def test_a_rate_turns_one_foreign_unit_into_base_half_up() -> None:
    rate = Rate(Decimal("0.7741"), "USD", "GBP")
    assert rate.to_base(Money.of("412.37", "USD")) == gbp("319.22")
    assert rate.to_base(Money.of("-412.37", "USD")) == gbp("-319.22")
    assert Rate(Decimal("191.35"), "GBP", "JPY").to_base(gbp("10.01")) == Money.of(1915, "JPY")


def test_a_rate_refuses_money_of_another_currency_base_too() -> None:
    with pytest.raises(CurrencyMismatch):
        Rate(Decimal("0.7741"), "USD", "GBP").to_base(gbp("1.00"))


def test_a_rate_keeps_nine_decimals() -> None:
    assert str(Rate(Decimal("0.7741123456789"), "USD", "GBP")) == "1 USD = 0.774112346 GBP"
    assert str(Rate(Decimal("0.774100"), "USD", "GBP")) == "1 USD = 0.774100 GBP"


def test_the_inverse_of_a_rate_names_its_currencies_the_other_way_round() -> None:
    assert Rate(Decimal("0.8"), "USD", "GBP").inverse == Rate(Decimal("1.25"), "GBP", "USD")


@pytest.mark.parametrize("value", ["0", "-0.5", "0.0000000004", "NaN"])
def test_a_rate_is_a_number_above_zero(value: str) -> None:
    with pytest.raises(ValueError, match=r"rate|amount"):
        Rate(Decimal(value), "USD", "GBP")


def test_a_rate_is_no_float_and_has_known_currencies() -> None:
    with pytest.raises(TypeError, match="never float"):
        Rate(0.7741, "USD", "GBP")  # type: ignore[arg-type]  # what is refused here
    with pytest.raises(UnknownCurrency):
        Rate(Decimal(1), "ZZZ", "GBP")
    with pytest.raises(UnknownCurrency):
        Rate(Decimal(1), "GBP", "ZZZ")


def test_a_currency_is_worth_itself() -> None:
    assert Rate(Decimal(1), "GBP", "GBP").to_base(gbp("4.20")) == gbp("4.20")
    with pytest.raises(ValueError, match="1 GBP is 1 GBP"):
        Rate(Decimal("1.1"), "GBP", "GBP")


def test_money_is_read_from_an_amount_with_its_currency() -> None:
    assert parse_money(" 412.37  USD ") == Money.of("412.37", "USD")
    assert parse_money("-5 JPY") == Money.of(-5, "JPY")


@pytest.mark.parametrize("text", ["412.37", "USD 412.37", "412,37 EUR", "412.37USD", "412.37 usd", "1e3 USD", ""])
def test_money_without_a_plain_amount_and_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"like '412\.37 USD'"):
        parse_money(text)


@pytest.mark.parametrize("text", ["1 USD = 0.7741 GBP", "0.7741 GBP = 1 USD", "1.00 USD=0.7741 GBP"])
def test_a_rate_is_read_from_an_equation_written_from_either_side(text: str) -> None:
    assert parse_rate(text) == Rate(Decimal("0.7741"), "USD", "GBP")


def test_a_rate_is_turned_so_that_it_ends_in_the_base_currency() -> None:
    assert parse_rate("1 GBP = 1.25 USD", base="GBP") == Rate(Decimal("0.8"), "USD", "GBP")
    assert parse_rate("1 USD = 0.8 GBP", base="GBP") == Rate(Decimal("0.8"), "USD", "GBP")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.7741", "equation"),
        ("1 USD = 0.7741 GBP = 2 EUR", "equation"),
        ("2 USD = 1.5482 GBP", "no 1"),
        ("1 USD = GBP", "not an amount"),
        ("1 USD = 0 GBP", "more than zero"),
    ],
)
def test_a_rate_that_could_be_misread_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_rate(text)


def test_a_rate_between_two_other_currencies_is_refused_for_a_base() -> None:
    with pytest.raises(ValueError, match="does not name GBP"):
        parse_rate("1 USD = 0.92 EUR", base="GBP")


def shares(text: str, *weights: str) -> list[str]:
    return [str(share.amount) for share in allocate(gbp(text), [Decimal(weight) for weight in weights])]


def test_shares_sum_exactly_and_the_largest_remainder_gets_the_odd_cent() -> None:
    assert shares("10.00", "1", "1", "1") == ["3.34", "3.33", "3.33"]
    assert shares("0.05", "1", "2", "2") == ["0.01", "0.02", "0.02"]
    assert shares("1.00", "1", "5") == ["0.17", "0.83"]


def test_shares_of_a_refund_are_the_negated_shares_of_its_payment() -> None:
    assert shares("-10.00", "1", "1", "1") == ["-3.34", "-3.33", "-3.33"]


def test_a_zero_weight_gets_nothing_and_a_discount_gets_the_opposite_sign() -> None:
    assert shares("0.01", "0", "1", "1") == ["0.00", "0.01", "0.00"]
    assert shares("8.00", "100", "-20") == ["10.00", "-2.00"]


def test_nothing_is_shared_out_to_anyone() -> None:
    assert shares("0.00", "0", "0") == ["0.00", "0.00"]
    assert shares("0.00") == []


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(1), Decimal(-1)]])
def test_weights_that_sum_to_zero_cannot_share_out_an_amount(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights sum to zero"):
        allocate(gbp("1.00"), weights)


def test_an_amount_with_a_fraction_of_a_minor_unit_cannot_be_shared_out() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        allocate(gbp("1.001"), [Decimal(1)])
