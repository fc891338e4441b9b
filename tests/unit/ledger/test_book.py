"""The law of the book, in both directions: lawful entries are posted, others are refused and post nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.unit.ledger.builders import (
    APRIL,
    CHART,
    MARCH,
    MARCH_END,
    bought,
    flight,
    gbp,
    held,
    lunch,
    new_book,
    trial,
    usd,
)

from sandbooks.ledger import (
    Account,
    AccountClass,
    AccountCurrency,
    AccountExists,
    AccountInactive,
    AccountUnknown,
    AlreadyPosted,
    AmountTooLarge,
    BaseCurrency,
    BaseDiffers,
    Book,
    EmptyEntry,
    Entry,
    MemoryRows,
    NothingPosted,
    PeriodClosed,
    Posting,
    Refusal,
    Source,
    Unbalanced,
    WrongPrecision,
    credit,
    debit,
)
from sandbooks.money import UnknownCurrency, parse_rate


def test_a_book_has_a_known_base_currency() -> None:
    assert new_book().base_currency == "GBP"
    with pytest.raises(UnknownCurrency):
        Book(MemoryRows(), "ZZZ")


def test_an_entry_moves_balances_in_its_currency_and_in_base() -> None:
    book = new_book()
    assert book.post(flight("r-01")) == 1
    assert book.post(lunch("r-02")) == 2
    assert held(book, "travel") == ["412.37 USD", "319.22 GBP"]
    assert held(book, "visa") == ["-412.37 USD", "-319.22 GBP"]
    assert trial(book) == {"travel": "319.22 GBP", "meals": "31.20 GBP", "visa": "-319.22 GBP", "bank": "-31.20 GBP"}


def test_balances_are_taken_at_the_end_of_a_day() -> None:
    book = new_book()
    book.post(lunch("r-01", "31.20 GBP", on=MARCH))
    book.post(lunch("r-02", "8.05 GBP", on=APRIL))
    assert held(book, "meals", as_of=MARCH - timedelta(days=1)) == ["0.00 GBP"]
    assert held(book, "meals", as_of=MARCH) == ["31.20 GBP", "31.20 GBP"]
    assert held(book, "meals", as_of=APRIL) == ["39.25 GBP", "39.25 GBP"]
    assert trial(book, as_of=MARCH_END) == {"meals": "31.20 GBP", "bank": "-31.20 GBP"}
    assert trial(book, since=APRIL) == {"meals": "8.05 GBP", "bank": "-8.05 GBP"}
    assert trial(book, since=MARCH, as_of=MARCH) == {"meals": "31.20 GBP", "bank": "-31.20 GBP"}


def test_a_transfer_between_currencies_balances_in_base() -> None:
    book = new_book()
    book.post(bought("t-01", debit("visa", usd("100.00"), gbp("77.41")), credit("bank", gbp("77.41"))))
    assert held(book, "visa") == ["100.00 USD", "77.41 GBP"]
    assert held(book, "bank") == ["-77.41 GBP", "-77.41 GBP"]


def test_a_revaluation_moves_base_value_alone() -> None:
    book = new_book()
    book.post(flight("r-01"))
    book.post(bought("rv-1", Posting("visa", usd("0"), gbp("-4.10")), Posting("fx", usd("0"), gbp("4.10"))))
    assert held(book, "visa") == ["-412.37 USD", "-323.32 GBP"]
    assert held(book, "fx") == ["4.10 GBP"]


def test_an_entry_of_zero_amounts_is_a_document_without_money_and_is_kept() -> None:
    book = new_book()
    book.post(bought("z-01", debit("meals", gbp("0.00")), credit("bank", gbp("0.00"))))
    assert trial(book) == {}
    assert len(list(book.lines())) == 2


UNLAWFUL: list[tuple[Entry, type[Refusal]]] = [
    (bought("x"), EmptyEntry),
    (bought("x", debit("meals", gbp("5.02")), credit("bank", gbp("5.00"))), Unbalanced),
    (bought("x", debit("travel", usd("5.02"), gbp("4.00")), credit("visa", usd("5.00"), gbp("4.00"))), Unbalanced),
    (bought("x", debit("travel", usd("5.00"), gbp("4.01")), credit("visa", usd("5.00"), gbp("4.00"))), Unbalanced),
    (bought("x", debit("visa", usd("5.00"), gbp("4.01")), credit("bank", gbp("4.00"))), Unbalanced),
    (bought("x", debit("meals", gbp("5.001")), credit("bank", gbp("5.001"))), WrongPrecision),
    (bought("x", debit("travel", usd("5"), gbp("4.001")), credit("visa", usd("5"), gbp("4.001"))), WrongPrecision),
    (bought("x", debit("travel", usd("5.005"), gbp("4")), credit("visa", usd("5.005"), gbp("4"))), WrongPrecision),
    (bought("x", debit("meals", gbp("10000000000001")), credit("bank", gbp("10000000000001"))), AmountTooLarge),
    (bought("x", debit("travel", usd("5.00")), credit("visa", usd("5.00"))), BaseCurrency),
    (bought("x", debit("meals", gbp("5"), gbp("4")), credit("bank", gbp("5"), gbp("4"))), BaseDiffers),
    (bought("x", debit("lost", gbp("5.00")), credit("bank", gbp("5.00"))), AccountUnknown),
    (bought("x", debit("meals", usd("5"), gbp("4")), credit("visa", usd("5"), gbp("4"))), AccountCurrency),
    (bought("x", debit("travel", gbp("5.00")), credit("visa", gbp("5.00"))), AccountCurrency),
    (bought("x", Posting("visa", gbp("0"), gbp("0")), debit("meals", gbp("0"))), AccountCurrency),
    (bought("x", debit("travel", gbp("5.00")), credit("bank", gbp("5.00")), on=date(2025, 12, 31)), PeriodClosed),
    (lunch("r-00"), AlreadyPosted),
    (lunch("r-00", version=2), AlreadyPosted),
]


@pytest.mark.parametrize(("entry", "reason"), UNLAWFUL, ids=lambda value: getattr(value, "__name__", ""))
def test_an_unlawful_entry_is_refused_and_posts_nothing(entry: Entry, reason: type[Refusal]) -> None:
    book = new_book()
    book.post(lunch("r-00"))
    book.lock(date(2025, 12, 31))
    before = (list(book.lines()), book.trial_balance())
    with pytest.raises(reason) as caught:
        book.post(entry)
    assert type(caught.value) is reason
    assert (list(book.lines()), book.trial_balance()) == before
    book.verify()


def test_what_is_out_of_balance_is_told_in_its_currency() -> None:
    with pytest.raises(Unbalanced) as caught:
        new_book().post(bought("x", debit("travel", usd("5.02"), gbp("4")), credit("visa", usd("5.00"), gbp("4"))))
    assert caught.value.facts == {"currency": "USD", "difference": usd("0.02")}


# Accounts


def test_accounts_are_found_by_id_and_listed_in_the_order_of_opening() -> None:
    book = new_book()
    assert book.account("visa").name == "Visa USD"
    assert book.accounts() == list(CHART)


def test_an_unknown_account_is_refused_wherever_it_is_named() -> None:
    book = new_book()
    calls: list[Callable[[], object]] = [
        lambda: book.account("lost"),
        lambda: book.balance("lost"),
        lambda: book.change_account(Account("lost", "Lost", AccountClass.ASSET)),
    ]
    for call in calls:
        with pytest.raises(AccountUnknown, match="no account lost"):
            call()


def test_an_account_is_opened_once() -> None:
    book = new_book()
    with pytest.raises(AccountExists):
        book.open_account(Account("travel", "Other", AccountClass.ASSET))
    assert book.account("travel").name == "Travel"


def test_a_renamed_account_keeps_its_place_and_its_balance() -> None:
    book = new_book()
    book.post(flight("r-01"))
    book.change_account(replace(book.account("visa"), name="Visa dollars"))
    assert [account.id for account in book.accounts()] == [account.id for account in CHART]
    assert book.trial_balance()[1].account.name == "Visa dollars"


def test_an_archived_account_takes_no_posting_until_it_is_revived() -> None:
    book = new_book()
    book.change_account(replace(book.account("meals"), active=False))
    with pytest.raises(AccountInactive) as caught:
        book.post(lunch("r-01"))
    assert caught.value.facts == {"account": "meals", "name": "Meals"}
    book.change_account(replace(book.account("meals"), active=True))
    book.post(lunch("r-01"))


def test_an_account_with_postings_cannot_change_to_a_currency_that_they_are_not_in() -> None:
    book = new_book()
    book.post(flight("r-01"))
    with pytest.raises(AccountCurrency):
        book.change_account(replace(book.account("visa"), currency="EUR"))
    book.change_account(replace(book.account("visa"), currency=None))
    book.change_account(replace(book.account("travel"), currency="USD"))
    book.change_account(replace(book.account("bank"), currency="EUR"))
    assert [book.account(id_).currency for id_ in ("visa", "travel", "bank")] == [None, "USD", "EUR"]


# Reversal and replacement


def test_a_reversal_is_dated_as_the_original_and_restores_every_balance() -> None:
    book = new_book()
    book.post(flight("r-01"))
    assert book.reverse("Purchase", "r-01") == 2
    assert trial(book) == {}
    assert held(book, "visa", as_of=MARCH) == ["0.00 GBP"]
    reversal = [line for line in book.lines() if line.reverses == 1]
    assert {line.date for line in reversal} == {MARCH}
    assert [str(line.amount) for line in reversal] == ["-412.37 USD", "412.37 USD"]


def test_what_is_not_live_cannot_be_reversed_or_replaced() -> None:
    book = new_book()
    with pytest.raises(NothingPosted):
        book.reverse("Purchase", "r-01")
    with pytest.raises(NothingPosted):
        book.replace(lunch("r-01"))
    book.post(lunch("r-01"))
    book.reverse("Purchase", "r-01")
    with pytest.raises(NothingPosted):
        book.reverse("Purchase", "r-01")
    assert len(list(book.lines())) == 4


def test_a_reversed_document_may_be_posted_again_in_a_new_version_only() -> None:
    book = new_book()
    book.post(lunch("r-01"))
    book.reverse("Purchase", "r-01")
    with pytest.raises(AlreadyPosted):
        book.post(lunch("r-01"))
    assert book.post(lunch("r-01", "8.05 GBP", version=2)) == 3
    assert trial(book) == {"meals": "8.05 GBP", "bank": "-8.05 GBP"}


def test_a_replacement_leaves_the_books_as_if_only_the_new_version_had_been_posted() -> None:
    book, other = new_book(), new_book()
    book.post(lunch("r-01", "31.20 GBP", on=MARCH))
    assert book.replace(lunch("r-01", "8.05 GBP", version=2, on=APRIL)) == 3
    other.post(lunch("r-01", "8.05 GBP", version=2, on=APRIL))
    assert book.trial_balance() == other.trial_balance()
    assert book.trial_balance(as_of=MARCH_END) == other.trial_balance(as_of=MARCH_END) == []
    live = book.current("Purchase", "r-01")
    assert live is not None
    assert (live.number, live.entry.source.version, live.reverses) == (3, 2, None)


def test_a_replacement_that_is_unlawful_leaves_the_old_version_live() -> None:
    book = new_book()
    book.post(lunch("r-01"))
    for entry, reason in (
        (lunch("r-01"), AlreadyPosted),
        (bought("r-01", debit("meals", gbp("5")), credit("bank", gbp("4")), version=2), Unbalanced),
    ):
        with pytest.raises(reason):
            book.replace(entry)
    assert len(list(book.lines())) == 2
    assert book.current("Purchase", "r-01") is not None
    book.verify()


def test_an_account_archived_since_does_not_stop_a_reversal_or_a_move_to_another_account() -> None:
    book = new_book()
    book.post(lunch("r-01"))
    book.post(lunch("r-02", "8.05 GBP"))
    book.change_account(replace(book.account("meals"), active=False))
    book.reverse("Purchase", "r-01")
    with pytest.raises(AccountInactive):
        book.replace(lunch("r-02", "9.99 GBP", version=2))
    book.replace(bought("r-02", debit("travel", gbp("9.99")), credit("bank", gbp("9.99")), version=2))
    assert trial(book) == {"travel": "9.99 GBP", "bank": "-9.99 GBP"}


def test_payment_and_refund_at_different_rates_leave_only_the_exchange_difference_in_base() -> None:
    book = new_book()
    book.post(flight("r-01", "96.14 USD"))
    book.post(flight("r-02", "-96.14 USD", on=APRIL, rate=parse_rate("1 USD = 0.7859 GBP")))
    assert held(book, "travel") == ["-1.14 GBP"]
    assert held(book, "visa") == ["1.14 GBP"]


# Periods


def test_a_closed_period_takes_no_entry_and_gives_none_back() -> None:
    book = new_book()
    book.post(lunch("r-01", on=MARCH))
    book.lock(MARCH_END)
    assert book.closed_through == MARCH_END
    calls: list[Callable[[], object]] = [
        lambda: book.post(lunch("r-02", on=MARCH_END)),
        lambda: book.reverse("Purchase", "r-01"),
        lambda: book.replace(lunch("r-01", version=2, on=APRIL)),
    ]
    for call in calls:
        with pytest.raises(PeriodClosed) as caught:
            call()
        assert caught.value.closed_through == MARCH_END
    assert len(list(book.lines())) == 2


def test_an_entry_of_an_open_day_cannot_be_moved_into_a_closed_one() -> None:
    book = new_book()
    book.post(lunch("r-01", on=APRIL))
    book.lock(MARCH_END)
    with pytest.raises(PeriodClosed) as caught:
        book.replace(lunch("r-01", version=2, on=MARCH))
    assert caught.value.date == MARCH
    assert trial(book) == {"meals": "31.20 GBP", "bank": "-31.20 GBP"}


def test_the_day_after_the_closed_one_is_open() -> None:
    book = new_book()
    book.lock(MARCH_END)
    assert book.post(lunch("r-01", on=MARCH_END + timedelta(days=1))) == 1


def test_a_privileged_reversal_reaches_into_a_closed_period() -> None:
    book = new_book()
    book.post(lunch("r-01"))
    book.lock(MARCH_END)
    book.reverse("Purchase", "r-01", allow_closed=True)
    assert trial(book) == {}


def test_a_book_remembers_after_which_entry_each_period_was_closed() -> None:
    book = new_book()
    book.lock(MARCH_END - timedelta(days=3))
    book.lock(MARCH_END)
    book.post(lunch("r-01", on=APRIL))
    book.lock(None)
    assert [tuple(closing) for closing in book.closings()] == [(0, MARCH_END), (1, None)]


def test_a_period_can_be_reopened() -> None:
    book = new_book()
    book.lock(MARCH_END)
    book.lock(None)
    assert book.closed_through is None
    book.post(lunch("r-01"))


# Reading


def test_lines_are_found_by_account_document_version_and_date() -> None:
    book = new_book()
    book.post(lunch("r-01", on=MARCH))
    book.post(flight("r-02", on=APRIL))
    book.replace(lunch("r-01", "8.05 GBP", version=2, on=APRIL))

    def found(**wanted: Any) -> list[tuple[int, int]]:
        return [(line.number, line.index) for line in book.lines(**wanted)]

    assert found() == [(n, i) for n in (1, 2, 3, 4) for i in (0, 1)]
    assert found(account="meals") == [(1, 0), (3, 0), (4, 0)]
    assert found(account="vat") == []
    assert found(source=("Purchase", "r-01")) == [(1, 0), (1, 1), (3, 0), (3, 1), (4, 0), (4, 1)]
    assert found(source=Source("Purchase", "r-01", 2)) == [(4, 0), (4, 1)]
    assert found(source=("Bill", "r-01")) == []
    assert found(account="bank", source=("Purchase", "r-01"), since=APRIL) == [(4, 1)]
    assert found(through=MARCH_END) == [(1, 0), (1, 1), (3, 0), (3, 1)]


def test_a_line_carries_what_its_document_said() -> None:
    book = new_book()
    book.post(
        bought(
            "r-01",
            debit("travel", gbp("5.10"), tax_code="20S", party="contoso", dimensions=(("Team", "North"),), memo="Taxi"),
            credit("bank", gbp("5.10")),
            memo="Trip",
        )
    )
    line = next(book.lines(account="travel"))
    assert (line.account, line.amount, line.base, line.entry_memo) == ("travel", gbp("5.10"), gbp("5.10"), "Trip")
    assert (line.posting.tax_code, line.posting.party, line.posting.memo) == ("20S", "contoso", "Taxi")
    assert line.posting.dimensions == (("Team", "North"),)


def test_a_document_that_was_never_posted_has_no_current_entry() -> None:
    assert new_book().current("Bill", "145") is None


def test_one_entry_may_post_to_one_account_twice() -> None:
    book = new_book()
    book.post(bought("r-01", debit("meals", gbp("3.10")), debit("meals", gbp("4.05")), credit("bank", gbp("7.15"))))
    assert held(book, "meals") == ["7.15 GBP", "7.15 GBP"]
    assert [line.index for line in book.lines(account="meals")] == [0, 1]
