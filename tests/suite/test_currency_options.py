"""Every option of currencies that a platform's table has a word on: money spent and back, cards and banks, transfers.

Base currency, currency of the account, currency of the transaction: five options each. What is allowed stands in the
books at the rate that was sent, in base currency and in the account's own; what is not is refused, says which
currencies do not go together and leaves nothing. No platform is named here.
Source: https://docs.codat.io/expenses/fx-management; rewards and chargebacks, which it does not list, go by refunds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from tests.suite.cells import DAY, NAMES, TYPES, held

from sandbooks import capabilities
from sandbooks.capabilities import AccountClass, PlatformCapabilities

TABLES = capabilities.load()


@dataclass(frozen=True)
class Option:
    """An expense of an amount in ``spent`` on an account in ``held``, and the rate that is sent with it."""

    name: str
    held: str
    spent: str
    amount: Decimal
    rate: Decimal | None

    def price(self) -> str:
        """The amount as a scenario writes it, with its rate."""
        return f"{self.amount} {self.spent}" + (f", rate: 1 {self.spent} = {self.rate} GBP" if self.rate else "")

    def base(self) -> Decimal:
        """The amount at the rate, in base currency."""
        return (self.amount * (self.rate or 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)


OPTIONS = (
    Option("home_account_home_spend", "GBP", "GBP", Decimal("21.35"), None),
    Option("foreign_account_same_spend", "USD", "USD", Decimal("20.00"), Decimal("0.781")),
    Option("foreign_account_home_spend", "USD", "GBP", Decimal("22.15"), Decimal(1)),
    Option("home_account_foreign_spend", "GBP", "USD", Decimal("23.45"), Decimal("0.781")),
    Option("two_foreign", "USD", "EUR", Decimal("24.70"), Decimal("0.852")),
)
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
      card: {{type: credit_card, name: Company Card}}
      dollar_card: {{type: credit_card, name: Card USD, currency: USD}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
      dollars: {{type: bank, name: Dollar Account, currency: USD}}
      dollars_two: {{type: bank, name: Dollar Reserve, currency: USD}}
      euros: {{type: bank, name: Euro Account, currency: EUR}}
{lines}
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
CONTACTS = {"USD": "supplier: usshop, customer: usprovider", "GBP": "supplier: shop, customer: card_provider"}


def places() -> list[tuple[str, str, AccountClass]]:
    """Every type on every class of account that the platform takes it on."""
    classes: tuple[AccountClass, ...] = ("card", "bank")
    every = product(NAMES, TYPES, classes)
    return [(name, kind, place) for name, kind, place in every if TABLES[name].allows(f"expense.{kind}", place)]


@pytest.mark.parametrize(("platform", "kind", "account_class"), places())
def test_spend_and_money_back_follow_the_table_of_currencies(
    platform: str, kind: str, account_class: AccountClass
) -> None:
    table = TABLES[platform]
    text = HEAD.format(platform=platform, lines="\n".join(line_accounts(kind)))
    told, refused, books = [], [], Books(table, kind)
    for option in OPTIONS:
        account = ACCOUNTS[account_class, option.held]
        text += pushed(kind, option.name, option.price(), account, option.held)
        rule = table.expense_currencies[account_class][option.name]
        if rule in ("allowed", "as_account"):
            told.append(f"{option.name}: Completed")
            books.add(option, account, converted=rule == "allowed" and option.held == "GBP")
        else:
            refused.append(f"{option.name}: {{message_contains: '{option.spent} on an account in {option.held}'}}")
        if rule in ("allowed", "as_account") and option.rate:
            text += pushed(kind, f"{option.name}_unrated", f"{option.amount} {option.spent}", account, option.held)
            refused.append(f"{option.name}_unrated: {{message_contains: currencyRate is required}}")
    text += f"  - expect:\n      transactions: {{{', '.join(told)}}}\n"
    if refused:
        labels = ", ".join(f"{{write: {one.partition(':')[0]}, count: 0}}" for one in refused)
        text += f"      refused: {{{', '.join(refused)}}}\n      tape: [{labels}]\n"
    held(text + books.expected())


def line_accounts(kind: str) -> list[str]:
    """An account of its own for the line of each option, by the option's name."""
    type = "other_income" if kind == "Reward" else "expense"
    return [f"      {option.name}: {{type: {type}, name: Line {place}}}" for place, option in enumerate(OPTIONS, 1)]


def pushed(kind: str, label: str, price: str, account: str, currency: str) -> str:
    """An expense on an account, with contacts in its currency."""
    line = label.removesuffix("_unrated")
    return (
        f"  - configure: {{bank_account: {account}, {CONTACTS[currency]}}}\n"
        f"  - push: {{{kind.lower()}: {label}, {DAY}, amount: {price}, account: {line}, notes: Taxi}}\n"
        "  - sync: until idle\n"
    )


class Books:
    """How far each account moves, in base currency and in its own.

    A rate that a platform leaves out says nothing of base amounts: there only the account's own currency is told.
    """

    def __init__(self, table: PlatformCapabilities, kind: str) -> None:
        self._rates_count = "ignored_fields" not in table.rules
        self._own, self._other = ("Cr", "Dr") if kind == "Payment" else ("Dr", "Cr")
        self._lines: dict[str, Decimal] = {}
        self._accounts: dict[str, tuple[str, Decimal, Decimal]] = {}
        self._open = False

    def add(self, option: Option, account: str, *, converted: bool) -> None:
        """An option that goes through. ``converted``: foreign spend that a home account pays for."""
        own = option.base() if converted else option.amount
        base = option.amount if option.held == "GBP" and not converted else option.base()
        known = option.held == "GBP" or self._rates_count
        self._open = self._open or not known
        if known:
            self._lines[option.name] = base
        before = self._accounts.get(account, (option.held, Decimal(0), Decimal(0)))
        self._accounts[account] = (option.held, before[1] + own, before[2] + base)

    def expected(self) -> str:
        """The books of an ``expect``; nothing else moves where all is told."""
        parts = [f"{name}: [{self._other} {base} GBP]" for name, base in self._lines.items()]
        for account, (currency, own, base) in self._accounts.items():
            amounts = [f"{self._own} {own} {currency}"]
            if currency != "GBP" and self._rates_count:
                amounts.append(f"{self._own} {base} GBP")
            parts.append(f"{account}: [{', '.join(amounts)}]")
        return f"      books: {{{', '.join(parts)}}}\n" + ("" if self._open else "      nothing_else: true\n")


@pytest.mark.parametrize("option", MOVED)
@pytest.mark.parametrize("platform", [name for name in NAMES if TABLES[name].allows("transfer")])
def test_transfers_follow_the_table_of_currencies(platform: str, option: str) -> None:
    source, target, out, arrives = MOVED[option]
    text = HEAD.format(platform=platform, lines="\n".join(line_accounts("Payment")))
    text += "  - configure: {bank_account: card, supplier: shop}\n"
    text += f"  - push: {{transfer: t, {DAY}, from: {{{source}: {out}}}, to: {{{target}: {arrives}}}}}\n"
    text += "  - sync: until idle\n  - expect:\n"
    if TABLES[platform].transfer_currencies[option] != "allowed":
        between = f"does not transfer from {out[-3:]} to {arrives[-3:]}"
        refused = f"      refused: {{t: {{message_contains: {between}}}}}\n      tape: [{{write: t, count: 0}}]\n"
        held(f"{text}{refused}      nothing_else: true\n")
        return
    held(
        f"{text}      transactions: {{t: Completed}}\n      books: {{{source}: [Cr {out}], {target}: [Dr {arrives}]}}\n"
    )
