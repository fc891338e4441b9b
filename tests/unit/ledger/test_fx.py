"""Settlement in foreign currency: the gain or loss, and the last cent."""

from __future__ import annotations

import pytest
from tests.unit.ledger.builders import gbp, usd

from sandbooks.ledger import OverSettled, Settlement, WrongPrecision, settle
from sandbooks.money import CurrencyMismatch, Money


def paid(open_: str, open_base: str, amount: str, base: str) -> Settlement:
    return settle(usd(open_), gbp(open_base), paid=usd(amount), paid_base=gbp(base))


def test_a_receivable_paid_at_a_better_rate_is_a_gain() -> None:
    result = paid("100.00", "80.00", "100.00", "85.10")
    assert result == Settlement(usd("100.00"), gbp("80.00"), gbp("5.10"), usd("0"), gbp("0"))


def test_a_bill_paid_when_the_dollar_is_dearer_is_a_loss() -> None:
    result = paid("-100.00", "-80.00", "-100.00", "-85.10")
    assert result.gain == gbp("-5.10")
    assert (result.relieved, result.relieved_base) == (usd("-100.00"), gbp("-80.00"))


def test_a_part_payment_relieves_pro_rata_half_up() -> None:
    result = paid("-412.37", "-319.22", "-100.00", "-78.59")
    assert result.relieved_base == gbp("-77.41")
    assert result.gain == gbp("-1.18")
    assert (result.open_amount, result.open_base) == (usd("-312.37"), gbp("-241.81"))


def test_the_last_payment_takes_whatever_base_amount_is_left() -> None:
    amount, base = usd("0.10"), gbp("0.07")
    relieved = []
    for part in ("0.03", "0.03", "0.04"):
        result = settle(amount, base, paid=usd(part), paid_base=gbp("0.02"))
        relieved.append(str(result.relieved_base))
        amount, base = result.open_amount, result.open_base
    assert relieved == ["0.02 GBP", "0.02 GBP", "0.03 GBP"]
    assert (amount, base) == (usd("0"), gbp("0"))


def test_nothing_paid_relieves_nothing() -> None:
    assert paid("5.00", "4.00", "0.00", "0.00").relieved_base == gbp("0")
    assert paid("0.00", "0.00", "0.00", "0.00").open_base == gbp("0")


@pytest.mark.parametrize("amount", ["100.01", "-1.00"])
def test_more_than_what_is_open_or_the_other_side_is_refused(amount: str) -> None:
    with pytest.raises(OverSettled) as caught:
        paid("100.00", "80.00", amount, "1.00")
    assert caught.value.facts == {"open": usd("100.00"), "paid": usd(amount)}


def test_amounts_with_a_fraction_of_a_minor_unit_are_refused() -> None:
    with pytest.raises(WrongPrecision):
        paid("100.00", "80.00", "50.00", "40.005")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        settle(usd("1"), gbp("1"), paid=gbp("1"), paid_base=gbp("1"))
    with pytest.raises(CurrencyMismatch):
        settle(usd("1"), gbp("1"), paid=usd("1"), paid_base=Money.of("1", "EUR"))
