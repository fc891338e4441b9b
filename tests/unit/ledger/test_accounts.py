"""Account classes and the currencies of accounts."""

from __future__ import annotations

import pytest

from sandbooks.ledger import Account, AccountClass
from sandbooks.money import UnknownCurrency


def test_assets_and_expenses_grow_by_debits_and_the_others_by_credits() -> None:
    assert [kind for kind in AccountClass if kind.debit_normal] == [AccountClass.ASSET, AccountClass.EXPENSE]


def test_an_account_takes_any_currency_or_one_that_exists() -> None:
    assert Account("a", "A", AccountClass.ASSET).currency is None
    with pytest.raises(UnknownCurrency):
        Account("a", "A", AccountClass.ASSET, "ZZZ")
