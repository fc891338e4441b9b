"""Each platform against a model of a few lines: whatever is sent, and whatever goes wrong, balances are simple sums.

A draw is a day's spend on card and bank, each transaction perhaps under a fault. The model adds the amounts up; the
platform's books, reached through the hub over the wire, must say the same, with one document for each transaction
(INV-01, 13, 14, 70).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.suite.cells import ACCOUNTS, Place

from sandbooks import capabilities
from sandbooks.capabilities import LATEST
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import parse_scenario

TABLES = capabilities.load()
NAMES = [name for name, platform in platforms().items() if platform.connector and name in TABLES.platforms]
KINDS = ("Payment", "Refund", "Reward", "Chargeback")
FAULTS = (
    "",
    "drop_response: {{at: {{write: {label}}}, phase: commit}}",
    "drop_response: {{at: {{write: {label}}}, phase: validate, how: closed}}",
    "server_error: {{at: {{write: {label}}}, phase: commit, status: 503}}",
    "html_error_page: {{at: {{write: {label}}}, phase: send}}",
    "truncate: {{at: {{write: {label}}}, keep: 9}}",
    "throttle: {{at: {{write: {label}}}, retry_after: 41}}",
    "expire_token: {{at: {{write: {label}}}, may_rest: true}}",  # a token may have no end
    "reset: {{at: {{write: {label}}}, phase: render}}",
)


@dataclass(frozen=True)
class Spend:
    """One transaction: what kind, on which class of account, how much, and what goes wrong."""

    kind: str
    account_class: str
    cents: int
    fault: str

    @property
    def amount(self) -> str:
        return f"{Decimal(self.cents) / 100:.2f} GBP"

    @property
    def sign(self) -> int:
        return 1 if self.kind == "Payment" else -1


def spends(platform: str) -> st.SearchStrategy[list[Spend]]:
    """What the platform's capability table offers, under any fault."""
    cells = [(k, c) for k in KINDS for c in ACCOUNTS if TABLES.allows(platform, f"expense.{k}", c)]  # type: ignore[arg-type]  # the two classes, as text
    one = st.builds(
        lambda cell, cents, fault: Spend(*cell, cents, fault),
        st.sampled_from(cells),
        st.integers(min_value=1, max_value=9_999_999),
        st.sampled_from(FAULTS),
    )
    return st.lists(one, min_size=1, max_size=5)


def scenario_of(platform: str, drawn: list[Spend]) -> str:
    """The draw as a scenario, with the model's balances as its expectation."""
    text = Place(platform, LATEST).head
    balances = dict.fromkeys(("travel", *ACCOUNTS.values()), 0)
    for number, spend in enumerate(drawn):
        label, account = f"t-{number}", ACCOUNTS[spend.account_class]
        if spend.fault:
            text += f"  - fault: {{{spend.fault.format(label=label)}}}\n"
        text += (
            f'  - push: {{{spend.kind.lower()}: {label}, date: "2026-03-16", amount: {spend.amount}, '
            f"account: travel, bank_account: {account}, notes: Drawn}}\n  - sync: until idle\n"
        )
        balances["travel"] += spend.sign * spend.cents
        balances[account] -= spend.sign * spend.cents
    told = ", ".join(f"t-{number}: Completed" for number in range(len(drawn)))
    books = ", ".join(f"{name}: [{_booking(cents)}]" for name, cents in balances.items())
    return text + f"  - expect:\n      transactions: {{{told}}}\n      books: {{{books}}}\n      nothing_else: true\n"


def _booking(cents: int) -> str:
    return f"{'Dr' if cents >= 0 else 'Cr'} {Decimal(abs(cents)) / 100:.2f} GBP"


@pytest.mark.parametrize("platform", NAMES)
def test_the_books_are_the_sums_of_what_was_sent_whatever_goes_wrong(platform: str) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(drawn=spends(platform))
    def holds(drawn: list[Spend]) -> None:
        (run,) = parse_scenario(scenario_of(platform, drawn)).runs()
        result = play(run)
        assert result.passed, "\n".join(result.problems)

    holds()
