"""Every cell of the capability matrix, on every platform, in both directions: no platform is named here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.suite import cells

from sandbooks import capabilities
from sandbooks.capabilities import PlatformCapabilities
from sandbooks.platform import platforms
from sandbooks.replay.playing import play
from sandbooks.replay.script import parse_scenario

TABLES = capabilities.load()
NAMES = [name for name, platform in platforms().items() if platform.connector and name in TABLES.platforms]
TYPES = ("Payment", "Refund", "Reward", "Chargeback")


def expense_cells() -> Iterator[tuple[str, str, str]]:
    for name in NAMES:
        for kind in TYPES:
            for account_class in ("card", "bank"):
                yield name, kind, account_class


def holds(text: str) -> None:
    """The scenario holds, on its one platform."""
    (run,) = parse_scenario(text).runs()
    result = play(run)
    assert result.passed, "\n".join(result.problems)


@pytest.fixture
def table(platform_name: str) -> PlatformCapabilities:
    return TABLES[platform_name]


@pytest.mark.parametrize(("platform_name", "kind", "account_class"), list(expense_cells()))
def test_an_expense_type_is_posted_where_it_is_offered_and_refused_where_it_is_not(
    table: PlatformCapabilities, platform_name: str, kind: str, account_class: str
) -> None:
    offered = table.allows(f"expense.{kind}", account_class)  # type: ignore[arg-type]  # the two classes, as text
    holds(cells.expense(platform_name, kind=kind, account_class=account_class, offered=offered))


@pytest.mark.parametrize("platform_name", NAMES)
def test_reimbursable_spend_becomes_a_bill_or_is_refused(table: PlatformCapabilities, platform_name: str) -> None:
    holds(cells.reimbursable(platform_name, offered=table.allows("reimbursable")))


@pytest.mark.parametrize("platform_name", NAMES)
def test_a_transfer_moves_money_between_banks_or_is_refused(table: PlatformCapabilities, platform_name: str) -> None:
    holds(cells.transfer(platform_name, offered=table.allows("transfer")))


@pytest.mark.parametrize("platform_name", NAMES)
def test_an_adjustment_is_a_journal_or_is_refused(table: PlatformCapabilities, platform_name: str) -> None:
    holds(cells.adjustment(platform_name, offered=table.allows("adjustment")))
