"""The same transactions give the same trial balance on any two platforms that can carry them (INV-65).

A draw is a few weeks of a company: spend and money back on cards and bank accounts, at home and in dollars, taxed or
not, transfers and corrections. What is drawn is what both capability tables offer; no platform is named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbooks import capabilities
from sandbooks.capabilities import AccountClass, PlatformCapabilities
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.result import Result
from sandbooks.replay.script import parse_scenario

TABLES = capabilities.load()
NAMES = [name for name, platform in platforms().items() if platform.connector and name in TABLES.platforms]
ACCOUNTS = ("travel", "meals", "cashback", "card", "current", "reserve", "dollars", "input_tax", "payables")
HEAD = """
scenario: The same days on two platforms
platforms: [{platforms}]
seed: 6511
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {{type: expense, name: Travel Sundry}}
      meals: {{type: expense, name: Meals Out}}
      cashback: {{type: other_income, name: Card Cashback}}
      card: {{type: credit_card, name: Company Card}}
      dollars: {{type: credit_card, name: Dollar Card, currency: USD}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
    suppliers:
      shop: {{name: Fabrikam Stores}}
      usshop: {{name: Fabrikam Inc, currency: USD}}
      employee: {{name: Ada Byron}}
    customers:
      card_provider: {{name: Card Provider}}
      usprovider: {{name: Card Provider US, currency: USD}}
    taxes:
      standard: {{rate: 20%}}
steps:
  - connect: acme
"""
CONFIGURE = "  - configure: {{bank_account: {0}, supplier: {1}, customer: {2}}}\n"
KINDS = ("Payment", "Refund", "Reward", "Chargeback")
ACCOUNT_CLASSES: Mapping[str, AccountClass] = {"card": "card", "current": "bank", "dollars": "card"}
CONTACTS = {"dollars": ("usshop", "usprovider")}


@dataclass(frozen=True)
class Move:
    """One transaction as a scenario writes it, ``{n}`` standing for its label, and the account that it is made on."""

    text: str
    account: str


def money(low: int = 1) -> st.SearchStrategy[Decimal]:
    return st.integers(min_value=low, max_value=4_999_999).map(lambda cents: Decimal(cents) / 100)


def days() -> st.SearchStrategy[str]:
    return st.integers(min_value=2, max_value=27).map(lambda day: f'date: "2026-03-{day:02}"')


def _keeps_rates(table: PlatformCapabilities) -> bool:
    """Whether spend on a dollar card is carried in dollars at the rate that was sent."""
    same = table.expense_currencies["card"]["foreign_account_same_spend"]
    return same == "allowed" and "ignored_fields" not in table.rules


def _takes_tax(table: PlatformCapabilities) -> bool:
    return "ignored_fields" not in table.rules


def _expense(cell: tuple[str, str], day: str, amount: Decimal, line: str) -> Move:
    kind, account = cell
    line = "cashback" if kind == "Reward" else line
    price = f"{amount} USD, rate: 1 USD = 0.7741 GBP" if account == "dollars" else f"{amount} GBP"
    return Move(f"{{{{{kind.lower()}: {{n}}, {day}, amount: {price}, account: {line}, notes: Days}}}}", account)


def _taxed(cell: tuple[str, str], day: str, net: Decimal) -> Move:
    kind, account = cell
    tax = (net / 5).quantize(Decimal("0.01"))
    line = f"{{{{net: {net} GBP, tax_amount: {tax} GBP, tax: standard, account: meals, description: Lunch}}}}"
    return Move(f"{{{{{kind.lower()}: {{n}}, {day}, lines: [{line}]}}}}", account)


def _transfer(day: str, amount: Decimal) -> Move:
    way = f"from: {{{{current: {amount} GBP}}}}, to: {{{{reserve: {amount} GBP}}}}"
    return Move(f"{{{{transfer: {{n}}, {day}, {way}}}}}", "card")


def _reimbursable(day: str, amount: Decimal) -> Move:
    what = f'due_date: "2026-04-15", contact: employee, amount: {amount} GBP, account: travel, notes: Days'
    return Move(f"{{{{reimbursable: {{n}}, {day}, {what}}}}}", "card")


def _adjustment(day: str, amount: Decimal) -> Move:
    lines = f"{{{{amount: Dr {amount} GBP, account: travel}}}}, {{{{amount: Cr {amount} GBP, account: meals}}}}"
    return Move(f"{{{{adjustment: {{n}}, {day}, lines: [{lines}]}}}}", "card")


def offered(table: PlatformCapabilities) -> frozenset[str]:
    """What a table offers of all that is drawn."""
    spend = {
        f"{kind} on {account}"
        for kind in KINDS
        for account, account_class in ACCOUNT_CLASSES.items()
        if table.allows(f"expense.{kind}", account_class) and (account != "dollars" or _keeps_rates(table))
    }
    others = {name for name in ("transfer", "reimbursable", "adjustment") if table.allows(name)}
    return frozenset(spend | others | ({"tax"} if _takes_tax(table) else set()))


OFFERED = {name: offered(TABLES[name]) for name in NAMES}
SHARED = sorted({OFFERED[one] & OFFERED[two] for one, two in combinations(NAMES, 2)}, key=sorted)


def moves(shared: frozenset[str]) -> st.SearchStrategy[Move]:
    """Any of what is offered."""
    cells = [(kind, account) for kind in KINDS for account in ACCOUNT_CLASSES if f"{kind} on {account}" in shared]
    drawn = [st.builds(_expense, st.sampled_from(cells), days(), money(), st.sampled_from(("travel", "meals")))]
    if "tax" in shared:
        taxed = [(kind, account) for kind, account in cells if account != "dollars" and kind in ("Payment", "Refund")]
        drawn.append(st.builds(_taxed, st.sampled_from(taxed), days(), money(100)))
    if "transfer" in shared:
        drawn.append(st.builds(_transfer, days(), money()))
    if "reimbursable" in shared:
        drawn.append(st.builds(_reimbursable, days(), money()))
    if "adjustment" in shared:
        drawn.append(st.builds(_adjustment, days(), money()))
    return st.one_of(drawn)


def scenario_of(names: Sequence[str], drawn: list[Move]) -> str:
    """The draw as a scenario in which everything completes."""
    text = HEAD.format(platforms=", ".join(names))
    for number, move in enumerate(drawn):
        text += CONFIGURE.format(move.account, *CONTACTS.get(move.account, ("shop", "card_provider")))
        text += f"  - push: {move.text.format(n=f't{number}')}\n  - sync: until idle\n"
    completed = ", ".join(f"t{number}: Completed" for number in range(len(drawn)))
    return text + f"  - expect:\n      transactions: {{{completed}}}\n"


def trial_balance(result: Result) -> dict[str, Decimal]:
    """Base balances by the scenario's own words; what else moved under the ledger's name for it."""
    names = result.names["acme"]
    labels = {names.book_id(label): label for label in ACCOUNTS}
    rows = result.books_after["acme"]["accounts"]
    balances = {labels.get(row["account"], row["type"]): Decimal(row["base"]["amount"]) for row in rows}
    return {label: amount for label, amount in balances.items() if amount}


@pytest.mark.parametrize("shared", SHARED, ids=lambda shared: f"{len(shared)} kinds")
def test_two_platforms_agree_on_what_both_can_carry(shared: frozenset[str]) -> None:
    """Two platforms share some kinds of transactions; whoever offers these carries the same draws."""
    carriers = [name for name in NAMES if shared <= OFFERED[name]]

    @settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(drawn=st.lists(moves(shared), min_size=3, max_size=8))
    def agree(drawn: list[Move]) -> None:
        results = {run.platform: play(run) for run in parse_scenario(scenario_of(carriers, drawn)).runs()}
        assert {name: result.problems for name, result in results.items() if not result.passed} == {}
        balances = {name: trial_balance(result) for name, result in results.items()}
        assert [name for name in carriers if balances[name] != balances[carriers[0]]] == []

    agree()
