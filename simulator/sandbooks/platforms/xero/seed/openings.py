"""Opening balances: one entry per account against historical adjustment."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.ledger import Entry, Posting, Source
from sandbooks.money import Money
from sandbooks.platforms.xero import lookup
from sandbooks.platforms.xero.posting.money import converted
from sandbooks.platforms.xero.wire.dates import day_of


def post_opening(company: Company, account: str, money: Money) -> None:
    """Post what an account holds at the start; debit > 0, in the account's own currency."""
    from sandbooks.platforms.xero.seed.opening import opened_on

    rate = lookup.currency_rate(company, None, money.currency)
    base = converted(money, rate, company.currency)
    against = Posting(lookup.system_account(company, "HISTORICAL"), -money, -base, memo="Opening balance")
    postings = (Posting(account, money, base, memo="Opening balance"), against)
    company.book.post(Entry(day_of(opened_on(company)), Source("OpeningBalance", account, 1), postings))
