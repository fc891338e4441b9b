"""Opening balances: one entry per account against historical adjustment."""

from __future__ import annotations

from datetime import date, timedelta

from sandbooks.kit.company import Company
from sandbooks.ledger import Entry, Posting, Source
from sandbooks.money import Money
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.posting.money import converted


def post_opening(company: Company, account: str, money: Money) -> None:
    """Post what an account holds at the start; debit > 0, in the account's own currency."""
    rate = lookup.currency_rate(company, None, money.currency)
    base = converted(money, rate, company.currency)
    against = Posting(lookup.system_account(company, "HISTORICAL"), -money, -base, memo="Opening balance")
    postings = (Posting(account, money, base, memo="Opening balance"), against)
    company.book.post(Entry(opened_on(company), Source("OpeningBalance", account, 1), postings))


def opened_on(company: Company) -> date:
    """The day that opening balances carry: the first of the month before the world began."""
    today = company.world.clock.today(company.time_zone)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
