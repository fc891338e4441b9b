"""Laws of money, tax and settlement that hold for any amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sandbooks.ledger import (
    Account,
    AccountClass,
    Book,
    Entry,
    MemoryRows,
    Posting,
    Source,
    TaxCode,
    TaxComponent,
    balanced,
    credit,
    debit,
    settle,
    tax_on,
)
from sandbooks.money import Money, Rate, allocate, digits, parse_money, parse_rate, total

DAY = date(2026, 3, 28)
currencies = st.sampled_from(["GBP", "USD", "JPY", "KWD", "CLF"])
minors = st.integers(-(10**12), 10**12)
prices = st.integers(-(10**9), 10**9)
positives = st.integers(1, 10**9)
rates = st.decimals("0.0001", "9999", places=4).filter(bool).map(lambda value: Rate(value, "USD", "GBP"))
percents = st.decimals("0", "35", places=3)
moneys = st.builds(Money.from_minor, minors, currencies)


def component(draw_rate: Decimal, recoverable: Decimal, *, compound: bool, index: int) -> TaxComponent:
    return TaxComponent(f"T{index}", draw_rate, f"t{index}", recoverable=recoverable, compound=compound)


@st.composite
def codes(draw: st.DrawFn) -> TaxCode:
    count = draw(st.integers(0, 3))
    shares = st.decimals("0", "1", places=2)
    parts = [
        component(draw(percents), draw(shares), compound=draw(st.booleans()), index=index) for index in range(count)
    ]
    if draw(st.booleans()):
        parts.append(TaxComponent("RC", draw(percents), "in", reverse_charge=True, output_account="out"))
    return TaxCode("any", "Any", tuple(parts))


def book_of(*names: str) -> Book:
    book = Book(MemoryRows(), "GBP")
    for name in names:
        book.open_account(Account(name, name.title(), AccountClass.ASSET))
    return book


@given(moneys)
def test_money_is_written_and_read_back_and_counted_in_minor_units(money: Money) -> None:
    assert parse_money(str(money)) == money
    assert Money.from_minor(money.minor, money.currency) == money
    assert money + -money == Money.zero(money.currency)
    assert "E" not in str(money)
    assert not str(money).startswith("-0 ")


@given(minors, st.lists(st.decimals("0", "1000", places=3), min_size=1, max_size=7).filter(any), currencies)
def test_shares_sum_to_the_total_and_are_within_one_unit_of_proportion(
    minor: int, weights: Sequence[Decimal], currency: str
) -> None:
    money = Money.from_minor(minor, currency)
    shares = allocate(money, weights)
    assert total(shares, currency) == money
    assert [-share for share in shares] == allocate(-money, weights)
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(Decimal(share.minor) - Decimal(minor) * weight / whole) < 1


@given(rates)
def test_a_rate_is_written_as_an_equation_and_read_back(rate: Rate) -> None:
    assert parse_rate(str(rate)) == rate


@given(rates, minors)
def test_conversion_is_within_half_a_minor_unit_and_symmetric(rate: Rate, minor: int) -> None:
    money = Money.from_minor(minor, "USD")
    base = rate.to_base(money)
    assert abs(base.amount - money.amount * rate.value) <= Decimal("0.005")
    assert rate.to_base(-money) == -base


@given(minors, codes(), st.booleans(), currencies)
def test_net_and_tax_make_the_gross_and_the_parts_make_the_tax(
    minor: int, code: TaxCode, inclusive: bool, currency: str
) -> None:
    money = Money.from_minor(minor, currency)
    result = tax_on(money, code, inclusive=inclusive)
    assert result.net + result.tax == result.gross
    assert (result.gross if inclusive else result.net) == money
    assert total((part.amount for part in result.parts), currency) == result.tax
    assert result.recoverable + result.unrecoverable == result.tax
    assert all(part.recoverable + part.unrecoverable == part.amount for part in result.parts)
    assert tax_on(-money, code, inclusive=inclusive).tax == -result.tax


@given(minors, codes(), currencies)
def test_the_tax_inside_a_price_is_the_tax_on_its_net_give_or_take_one_unit_per_component(
    minor: int, code: TaxCode, currency: str
) -> None:
    result = tax_on(Money.from_minor(minor, currency), code, inclusive=True)
    again = tax_on(result.net, code, inclusive=False)
    assert abs(again.tax.minor - result.tax.minor) <= max(1, len(code.charged))


@given(minors, percents)
def test_a_price_made_by_one_tax_is_taken_apart_into_the_same_net(minor: int, percent: Decimal) -> None:
    code = TaxCode("one", "One", (TaxComponent("VAT", percent, "vat"),))
    exclusive = tax_on(Money.from_minor(minor, "GBP"), code, inclusive=False)
    inclusive = tax_on(exclusive.gross, code, inclusive=True)
    assert (inclusive.net, inclusive.tax) == (exclusive.net, exclusive.tax)


@given(minors, codes(), st.booleans(), st.integers(-500, 500))
def test_a_given_tax_is_kept_to_the_cent(minor: int, code: TaxCode, inclusive: bool, given_minor: int) -> None:
    given_tax = Money.from_minor(given_minor if code.factor else 0, "GBP")
    money = Money.from_minor(minor, "GBP")
    result = tax_on(money, code, inclusive=inclusive, given=given_tax)
    assert result.tax == given_tax
    assert (result.gross if inclusive else result.net) == money


@given(positives, positives, st.lists(st.integers(1, 100), min_size=1, max_size=6), rates, st.sampled_from([1, -1]))
def test_any_part_payments_relieve_exactly_what_was_booked(
    minor: int, base_minor: int, weights: list[int], rate: Rate, sign: int
) -> None:
    booked, booked_base = Money.from_minor(sign * minor, "USD"), Money.from_minor(sign * base_minor, "GBP")
    amount, base, relieved, gains = booked, booked_base, Money.zero("GBP"), Money.zero("GBP")
    cash = Money.zero("GBP")
    for part in allocate(booked, [Decimal(weight) for weight in weights]):
        settled = settle(amount, base, paid=part, paid_base=rate.to_base(part))
        relieved, gains, cash = relieved + settled.relieved_base, gains + settled.gain, cash + rate.to_base(part)
        assert abs(settled.relieved_base) <= abs(base)
        amount, base = settled.open_amount, settled.open_base
    assert (amount, base, relieved) == (Money.zero("USD"), Money.zero("GBP"), booked_base)
    assert gains == cash - booked_base


@given(rates, st.lists(prices, min_size=1, max_size=6))
def test_lines_converted_one_by_one_post_with_their_residual_and_lose_nothing(rate: Rate, amounts: list[int]) -> None:
    lines = [Money.from_minor(minor, "USD") for minor in amounts]
    whole = total(lines, "USD")
    parts = [debit("travel", line, rate.to_base(line)) for line in lines]
    postings = balanced([*parts, credit("visa", whole, rate.to_base(whole))], "rounding")
    book = book_of("travel", "visa", "rounding")
    book.post(Entry(DAY, Source("Purchase", "r-01", 1), postings))
    assert book.balance("visa").base == -rate.to_base(whole)
    assert abs(book.balance("rounding").base.minor) * 2 <= len(lines) + 1
    per_currency = total((m for row in book.trial_balance() for m in row.balance.by_currency.values()), "USD")
    assert not per_currency


def purchase(id_: str, minor: int, rate: Rate, *, code: TaxCode, version: int = 1) -> Entry:
    net = tax_on(Money.from_minor(minor, "USD"), code, inclusive=True)
    cost = net.net + net.unrecoverable
    parts = [debit("travel", cost, rate.to_base(cost))]
    parts += [debit(part.account, part.recoverable, rate.to_base(part.recoverable)) for part in net.parts]
    parts.append(credit("visa", net.gross, rate.to_base(net.gross)))
    return Entry(DAY, Source("Purchase", id_, version), balanced(parts, "rounding"))


NAMES = ("travel", "visa", "rounding", "t0", "t1", "t2", "in", "out")


@given(prices, rates, codes())
def test_a_payment_and_its_refund_leave_no_trace_on_any_account(minor: int, rate: Rate, code: TaxCode) -> None:
    book = book_of(*NAMES)
    book.post(purchase("r-01", minor, rate, code=code))
    book.post(purchase("r-02", -minor, rate, code=code))
    assert book.trial_balance() == []


@given(prices, prices, rates, rates, codes(), codes())
def test_an_update_leaves_the_books_as_if_only_the_new_version_had_been_created(
    first: int, second: int, old: Rate, new: Rate, old_code: TaxCode, new_code: TaxCode
) -> None:
    updated, created = book_of(*NAMES), book_of(*NAMES)
    updated.post(purchase("r-01", first, old, code=old_code))
    updated.replace(purchase("r-01", second, new, code=new_code, version=2))
    created.post(purchase("r-01", second, new, code=new_code, version=2))
    assert updated.trial_balance() == created.trial_balance()
    updated.verify()


@given(st.permutations([(f"r-{n}", 1000 * n + 7) for n in range(1, 7)]))
def test_the_order_of_entries_does_not_change_any_balance(order: list[tuple[str, int]]) -> None:
    rate = parse_rate("1 USD = 0.7741 GBP")
    code = TaxCode("20S", "Standard", (TaxComponent("VAT", Decimal(20), "t0"),))
    book = book_of(*NAMES)
    for id_, minor in order:
        book.post(purchase(id_, minor, rate, code=code))
    balances = {row.account.id: str(row.balance.base) for row in book.trial_balance()}
    assert balances["visa"] == str(-total((rate.to_base(Money.from_minor(m, "USD")) for _, m in order), "GBP"))
    assert sum(1 for _ in book.lines(account="visa")) == len(order)


@given(positives, positives)
def test_a_transfer_there_and_back_restores_both_balances(dollars: int, pounds: int) -> None:
    book = book_of("bank", "visa")
    there = (
        Posting("visa", Money.from_minor(dollars, "USD"), Money.from_minor(pounds, "GBP")),
        credit("bank", Money.from_minor(pounds, "GBP")),
    )
    book.post(Entry(DAY, Source("Transfer", "t-01", 1), there))
    assert book.balance("visa").by_currency["USD"].minor == dollars
    book.post(Entry(DAY, Source("Transfer", "t-02", 1), tuple(posting.reversed() for posting in there)))
    assert book.trial_balance() == []


@given(minors, currencies)
def test_a_currency_keeps_exactly_its_digits_through_the_books(minor: int, currency: str) -> None:
    book = Book(MemoryRows(), currency)
    for name in ("left", "right"):
        book.open_account(Account(name, name, AccountClass.ASSET, currency))
    money = Money.from_minor(minor, currency)
    book.post(Entry(DAY, Source("Journal", "j-01", 1), (debit("left", money), credit("right", money))))
    assert book.balance("left").base == money
    decimals = str(book.balance("left").base).partition(" ")[0].partition(".")[2]
    assert len(decimals) == digits(currency)
