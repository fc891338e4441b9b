"""Builders for ledger tests: a small chart, and entries written as an accountant would."""

from __future__ import annotations

from datetime import date

from sandbooks.ledger import Account, AccountClass, Book, Entry, MemoryRows, Posting, Source, credit, debit
from sandbooks.money import Money, Rate, parse_money, parse_rate

MARCH = date(2026, 3, 28)
APRIL = date(2026, 4, 3)
MARCH_END = date(2026, 3, 31)
DOLLAR: Rate = parse_rate("1 USD = 0.7741 GBP")

CHART = (
    Account("travel", "Travel", AccountClass.EXPENSE),
    Account("meals", "Meals", AccountClass.EXPENSE, "GBP"),
    Account("visa", "Visa USD", AccountClass.LIABILITY, "USD"),
    Account("bank", "Current account", AccountClass.ASSET, "GBP"),
    Account("vat", "VAT", AccountClass.LIABILITY),
    Account("fx", "Exchange gains and losses", AccountClass.INCOME, "GBP"),
)


def new_book(rows: MemoryRows | None = None) -> Book:
    book = Book(rows if rows is not None else MemoryRows(), "GBP")
    for account in CHART:
        book.open_account(account)
    return book


def bought(id_: str, *postings: Posting, version: int = 1, on: date = MARCH, memo: str = "") -> Entry:
    return Entry(on, Source("Purchase", id_, version), postings, memo)


def lunch(id_: str, amount: str = "31.20 GBP", *, version: int = 1, on: date = MARCH) -> Entry:
    money = parse_money(amount)
    return bought(id_, debit("meals", money, memo="Lunch"), credit("bank", money), version=version, on=on)


def flight(id_: str, amount: str = "412.37 USD", *, version: int = 1, on: date = MARCH, rate: Rate = DOLLAR) -> Entry:
    money = parse_money(amount)
    base = rate.to_base(money)
    return bought(id_, debit("travel", money, base), credit("visa", money, base), version=version, on=on)


def held(book: Book, account: str, *, as_of: date | None = None) -> list[str]:
    """What an account holds, the amounts by currency first and base last."""
    balance = book.balance(account, as_of=as_of)
    return [*(str(money) for money in balance.by_currency.values()), str(balance.base)]


def trial(book: Book, *, as_of: date | None = None, since: date | None = None) -> dict[str, str]:
    return {row.account.id: str(row.balance.base) for row in book.trial_balance(as_of=as_of, since=since)}


def gbp(text: str) -> Money:
    return Money.of(text, "GBP")


def usd(text: str) -> Money:
    return Money.of(text, "USD")
