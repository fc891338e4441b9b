"""Tax on a line: exclusive, inclusive, given, recoverable in part, reverse charge, compound, and none at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.ledger.builders import gbp

from sandbooks.ledger import TaxCode, TaxComponent, TaxNotCharged, TaxResult, WrongPrecision, tax_on
from sandbooks.money import CurrencyMismatch, Money

VAT = TaxCode("20S", "Standard", (TaxComponent("VAT", Decimal(20), "vat"),))
ZERO = TaxCode("0", "Zero rated", (TaxComponent("VAT", Decimal(0), "vat"),))
NONE = TaxCode("NONE", "No purchase tax")
HALF = TaxCode("car", "Car lease", (TaxComponent("VAT", Decimal(20), "vat", recoverable=Decimal("0.5")),))
REVERSE = TaxCode(
    "RC", "Reverse charge", (TaxComponent("VAT", Decimal(20), "in", reverse_charge=True, output_account="out"),)
)
QUEBEC = TaxCode(
    "QC", "GST and QST", (TaxComponent("GST", Decimal(5), "gst"), TaxComponent("QST", Decimal("9.975"), "qst"))
)
COMPOUND = TaxCode(
    "OLD",
    "GST, then QST on it",
    (TaxComponent("GST", Decimal(5), "gst"), TaxComponent("QST", Decimal("7.5"), "qst", compound=True)),
)


def told(result: TaxResult) -> tuple[str, str, str]:
    return str(result.net.rounded().amount), str(result.tax.rounded().amount), str(result.gross.rounded().amount)


def parts(result: TaxResult) -> list[tuple[str, str, str]]:
    return [
        (p.account, str(p.recoverable.rounded().amount), str(p.unrecoverable.rounded().amount)) for p in result.parts
    ]


@pytest.mark.parametrize(
    ("amount", "code", "inclusive", "expected"),
    [
        ("100.00", VAT, False, ("100.00", "20.00", "120.00")),
        ("120.00", VAT, True, ("100.00", "20.00", "120.00")),
        ("0.12", VAT, False, ("0.12", "0.02", "0.14")),
        ("0.13", VAT, False, ("0.13", "0.03", "0.16")),
        ("47.99", ZERO, False, ("47.99", "0.00", "47.99")),
        ("47.99", ZERO, True, ("47.99", "0.00", "47.99")),
        ("47.99", NONE, False, ("47.99", "0.00", "47.99")),
        ("47.99", NONE, True, ("47.99", "0.00", "47.99")),
        ("100.00", QUEBEC, False, ("100.00", "14.98", "114.98")),
        ("114.98", QUEBEC, True, ("100.00", "14.98", "114.98")),
        ("100.00", COMPOUND, False, ("100.00", "12.88", "112.88")),
        ("112.88", COMPOUND, True, ("100.00", "12.88", "112.88")),
        ("100.00", REVERSE, False, ("100.00", "0.00", "100.00")),
        ("100.00", REVERSE, True, ("100.00", "0.00", "100.00")),
    ],
)
def test_net_tax_and_gross(amount: str, code: TaxCode, inclusive: bool, expected: tuple[str, str, str]) -> None:
    assert told(tax_on(gbp(amount), code, inclusive=inclusive)) == expected
    negative = tuple(str(-Decimal(text)) if Decimal(text) else text for text in expected)
    assert told(tax_on(gbp("-" + amount), code, inclusive=inclusive)) == negative


def test_an_inclusive_price_that_no_net_reproduces_keeps_its_gross_and_bends_the_tax() -> None:
    # 20 percent of 0.02 is 0.00 and of 0.03 is 0.01: no net gives 0.03.
    assert told(tax_on(gbp("0.03"), VAT, inclusive=True)) == ("0.02", "0.01", "0.03")
    assert told(tax_on(gbp("-0.03"), VAT, inclusive=True)) == ("-0.02", "-0.01", "-0.03")


def test_an_unreachable_gross_over_several_taxes_is_shared_out_by_rate() -> None:
    reachable = {tax_on(Money.from_minor(n, "GBP"), QUEBEC, inclusive=False).gross.minor for n in range(1000)}
    odd = next(n for n in range(50, 900) if n not in reachable)
    result = tax_on(Money.from_minor(odd, "GBP"), QUEBEC, inclusive=True)
    assert result.gross.minor == odd
    assert sum(part.amount.minor for part in result.parts) == result.tax.minor
    exclusive = tax_on(result.net, QUEBEC, inclusive=False)
    assert abs(exclusive.tax.minor - result.tax.minor) == 1


def test_an_inclusive_price_finds_the_net_one_cent_beside_the_nearest_where_that_one_fits() -> None:
    three = TaxCode("3", "Three taxes", tuple(TaxComponent(f"T{n}", Decimal("1.5"), f"t{n}") for n in range(3)))
    for minor in range(1, 400):
        exclusive = tax_on(Money.from_minor(minor, "GBP"), three, inclusive=False)
        inclusive = tax_on(exclusive.gross, three, inclusive=True)
        again = tax_on(inclusive.net, three, inclusive=False)
        assert again.gross == exclusive.gross


def test_a_share_that_is_not_recoverable_is_cost_of_the_line() -> None:
    result = tax_on(gbp("100.05"), HALF, inclusive=False)
    assert parts(result) == [("vat", "10.01", "10.00")]
    assert (result.recoverable, result.unrecoverable) == (gbp("10.01"), gbp("10.00"))


def test_reverse_charge_debits_input_and_credits_output_while_the_supplier_gets_the_net() -> None:
    result = tax_on(gbp("100.00"), REVERSE, inclusive=False)
    assert parts(result) == [("in", "20.00", "0.00"), ("out", "-20.00", "0.00")]
    assert result.recoverable == gbp("0.00")


def test_reverse_charge_on_one_account_and_recoverable_in_part_leaves_the_rest_as_cost() -> None:
    component = TaxComponent("VAT", Decimal(20), "vat", recoverable=Decimal("0.25"), reverse_charge=True)
    result = tax_on(gbp("100.00"), TaxCode("RC", "Reverse charge", (component,)), inclusive=False)
    assert parts(result) == [("vat", "5.00", "15.00"), ("vat", "-20.00", "0.00")]
    assert (result.tax, result.recoverable, result.unrecoverable) == (gbp("0"), gbp("-15.00"), gbp("15.00"))


def test_charged_and_reverse_charged_components_keep_the_order_of_their_code() -> None:
    code = TaxCode("mix", "Mixed", (*REVERSE.components, *VAT.components))
    result = tax_on(gbp("50.00"), code, inclusive=False, given=gbp("9.99"))
    assert parts(result) == [("in", "10.00", "0.00"), ("out", "-10.00", "0.00"), ("vat", "9.99", "0.00")]


def test_a_given_tax_replaces_the_computed_one_and_is_shared_out_by_rate() -> None:
    assert told(tax_on(gbp("100.00"), QUEBEC, inclusive=False, given=gbp("14.97"))) == ("100.00", "14.97", "114.97")
    result = tax_on(gbp("114.97"), QUEBEC, inclusive=True, given=gbp("14.97"))
    assert told(result) == ("100.00", "14.97", "114.97")
    assert parts(result) == [("gst", "5.00", "0.00"), ("qst", "9.97", "0.00")]


def test_a_given_tax_of_zero_is_kept() -> None:
    assert told(tax_on(gbp("100.00"), VAT, inclusive=False, given=gbp("0.00"))) == ("100.00", "0.00", "100.00")
    assert told(tax_on(gbp("100.00"), NONE, inclusive=True, given=gbp("0.00"))) == ("100.00", "0.00", "100.00")


@pytest.mark.parametrize("code", [NONE, ZERO, REVERSE])
def test_tax_cannot_be_given_for_a_code_that_charges_none(code: TaxCode) -> None:
    with pytest.raises(TaxNotCharged) as caught:
        tax_on(gbp("100.00"), code, inclusive=False, given=gbp("3.10"))
    assert caught.value.facts == {"code": code.id, "given": gbp("3.10")}


def test_amounts_with_a_fraction_of_a_minor_unit_are_refused() -> None:
    with pytest.raises(WrongPrecision):
        tax_on(gbp("1.005"), VAT, inclusive=False)
    with pytest.raises(WrongPrecision):
        tax_on(gbp("1.00"), VAT, inclusive=False, given=gbp("0.205"))


def test_a_given_tax_in_another_currency_is_refused() -> None:
    for inclusive in (True, False):
        with pytest.raises(CurrencyMismatch):
            tax_on(gbp("1.00"), VAT, inclusive=inclusive, given=Money.of("0.20", "USD"))


def test_yen_have_no_decimals_to_round_to() -> None:
    code = TaxCode("JCT", "Consumption tax", (TaxComponent("JCT", Decimal(10), "jct"),))
    assert tax_on(Money.of(1005, "JPY"), code, inclusive=False).tax == Money.of(101, "JPY")


def test_a_code_tells_where_it_may_be_chosen() -> None:
    assert (VAT.purchases, VAT.sales) == (True, True)
    assert not TaxCode("IN", "Purchases only", sales=False).sales


@pytest.mark.parametrize(
    ("rate", "recoverable"), [("-100", "1"), ("NaN", "1"), ("20", "1.01"), ("20", "-0.1"), ("20", "NaN")]
)
def test_a_component_with_an_impossible_rate_or_share_is_refused(rate: str, recoverable: str) -> None:
    with pytest.raises(ValueError, match="VAT"):
        TaxComponent("VAT", Decimal(rate), "vat", recoverable=Decimal(recoverable))


def test_rates_and_shares_are_never_floats() -> None:
    with pytest.raises(TypeError):
        TaxComponent("VAT", 20.0, "vat")  # type: ignore[arg-type]  # what is refused here
    with pytest.raises(TypeError):
        TaxComponent("VAT", Decimal(20), "vat", recoverable=0.5)  # type: ignore[arg-type]  # what is refused here


def test_a_code_cannot_take_back_the_whole_price() -> None:
    with pytest.raises(ValueError, match="take back"):
        TaxCode("X", "X", (TaxComponent("A", Decimal(-60), "a"), TaxComponent("B", Decimal(-60), "b")))
