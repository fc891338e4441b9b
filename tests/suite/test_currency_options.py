"""Every option of currencies that a platform's table has a word on: spend and money back, cards and banks, transfers.

Base currency, currency of the account, currency of the transaction: five options each. What is allowed stands in the
books at the rate that was sent, what is not is refused and leaves nothing. No platform is named here.
Source: https://docs.codat.io/expenses/fx-management.
"""

from __future__ import annotations

from itertools import product

import pytest

from sandbooks import capabilities
from sandbooks.capabilities import PlatformCapabilities
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import parse_scenario

TABLES = capabilities.load()
NAMES = [name for name, platform in platforms().items() if platform.connector]
# option: currency of the account, currency of the transaction, its rate in home currency
SPEND = {
    "home_account_home_spend": ("GBP", "GBP", ""),
    "foreign_account_same_spend": ("USD", "USD", "1 USD = 0.781 GBP"),
    "foreign_account_home_spend": ("USD", "GBP", "1 GBP = 1 GBP"),
    "home_account_foreign_spend": ("GBP", "USD", "1 USD = 0.781 GBP"),
    "two_foreign": ("USD", "EUR", "1 EUR = 0.852 GBP"),
}
# option: from, to, and what leaves and arrives
MOVED = {
    "home_to_home": ("current", "reserve", "64.40 GBP", "64.40 GBP"),
    "foreign_to_foreign": ("dollars", "dollars_two", "35.10 USD", "35.10 USD"),
    "foreign_to_home": ("dollars", "current", "20.00 USD", "15.62 GBP"),
    "home_to_foreign": ("current", "dollars", "16.00 GBP", "20.00 USD"),
    "two_foreign": ("dollars", "euros", "21.50 USD", "19.80 EUR"),
}
HEAD = """
scenario: What a platform makes of two currencies
platforms: [{platform}]
seed: 7710
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {{type: expense, name: Travel Sundry}}
      card: {{type: credit_card, name: Company Card}}
      dollar_card: {{type: credit_card, name: Card USD, currency: USD}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
      dollars: {{type: bank, name: Dollar Account, currency: USD}}
      dollars_two: {{type: bank, name: Dollar Reserve, currency: USD}}
      euros: {{type: bank, name: Euro Account, currency: EUR}}
    suppliers:
      shop: {{name: Fabrikam Stores}}
      usshop: {{name: Fabrikam Inc, currency: USD}}
    customers:
      card_provider: {{name: Card Provider}}
      usprovider: {{name: Card Provider US, currency: USD}}
steps:
  - connect: acme
"""
ACCOUNTS = {
    ("card", "GBP"): "card",
    ("card", "USD"): "dollar_card",
    ("bank", "GBP"): "current",
    ("bank", "USD"): "dollars",
}
KINDS = ("Payment", "Refund")


def expense_places() -> list[tuple[str, str, str, str]]:
    """Every option of every class and direction that the platform takes at all."""
    return [
        (name, kind, account_class, option)
        for name, kind, account_class, option in product(NAMES, KINDS, ("card", "bank"), SPEND)
        if TABLES[name].allows(f"expense.{kind}", "card" if account_class == "card" else "bank")
    ]


def holds(text: str) -> None:
    (run,) = parse_scenario(text).runs()
    result = play(run)
    assert result.passed, "\n".join(result.problems)


def refused(label: str) -> str:
    return f"      refused: {{{label}: {{}}}}\n      tape: [{{write: {label}, count: 0}}]\n      nothing_else: true\n"


@pytest.mark.parametrize(("platform", "kind", "account_class", "option"), expense_places())
def test_spend_and_money_back_follow_the_table_of_currencies(
    platform: str, kind: str, account_class: str, option: str
) -> None:
    table = TABLES[platform]
    held, spent, rate = SPEND[option]
    account = ACCOUNTS[account_class, held]
    contacts = "supplier: usshop, customer: usprovider" if held == "USD" else "supplier: shop, customer: card_provider"
    price = f"20.00 {spent}" + (f", rate: {rate}" if rate else "")
    text = HEAD.format(platform=platform) + f"  - configure: {{bank_account: {account}, {contacts}}}\n"
    text += f'  - push: {{{kind.lower()}: t, date: "2026-03-16", amount: {price}, account: travel, notes: Taxi}}\n'
    text += "  - sync: until idle\n  - expect:\n"
    rule = table.expense_currencies["card" if account_class == "card" else "bank"][option]
    if rule not in ("allowed", "as_account"):
        holds(text + refused("t"))
        return
    booked = ", ".join(moves(table, kind, account, held=held, spent=spent, rule=rule))
    holds(f"{text}      transactions: {{t: Completed}}\n      books: {{{booked}}}\n")


def moves(table: PlatformCapabilities, kind: str, account: str, *, held: str, spent: str, rule: str) -> list[str]:
    """What the account and the line move by. A rate that the platform leaves out says nothing of home amounts."""
    own, other = ("Cr", "Dr") if kind == "Payment" else ("Dr", "Cr")
    if rule == "as_account" or held == spent:
        rates_count = "ignored_fields" not in table.rules
        line = "20.00" if held == "GBP" else "15.62" if spent == "USD" else ""
        known = line and (held == "GBP" or rates_count)
        return [f"{account}: [{own} 20.00 {held}]"] + ([f"travel: [{other} {line} GBP]"] if known else [])
    return [f"{account}: [{own} 15.62 GBP]", f"travel: [{other} 15.62 GBP]"]


@pytest.mark.parametrize("option", MOVED)
@pytest.mark.parametrize("platform", [name for name in NAMES if TABLES[name].allows("transfer")])
def test_transfers_follow_the_table_of_currencies(platform: str, option: str) -> None:
    source, target, out, arrives = MOVED[option]
    text = HEAD.format(platform=platform) + "  - configure: {bank_account: card, supplier: shop}\n"
    text += f'  - push: {{transfer: t, date: "2026-03-16", from: {{{source}: {out}}}, to: {{{target}: {arrives}}}}}\n'
    text += "  - sync: until idle\n  - expect:\n"
    if TABLES[platform].transfer_currencies[option] != "allowed":
        holds(text + refused("t"))
        return
    booked = f"{source}: [Cr {out}], {target}: [Dr {arrives}]"
    holds(f"{text}      transactions: {{t: Completed}}\n      books: {{{booked}}}\n")
