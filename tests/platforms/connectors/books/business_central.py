"""The books of a simulated Business Central company, and documents for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import DAY, DOLLAR_ACCOUNT, REGION, Books, nothing, plan, travel
from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Adjustment, AdjustmentLine, Document, Expense, ExpenseKind, TrackingRef

PLAN = plan(
    {"rewards": {"type": "income", "name": "Card Rewards"}, "dollars": DOLLAR_ACCOUNT},
    suppliers={"contoso": {"name": "Contoso"}},
    customers={"mill": {"name": "Old Mill"}},
    taxes={"standard": {"name": "Standard", "rate": "20"}},
    tracking=REGION,
)
BANK = "Asset.Bank Account"
LABELS = ("card", "current", "travel", "meals", "input_tax", "payables")
NOTHING = nothing(*LABELS)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", kind: ExpenseKind = "Payment") -> Expense:
    fare = travel(driver, tax_rate=driver.labels["taxes"]["standard"], description="Fare")
    return bench.expense(driver, fare, id=id, account=account, kind=kind, pays="bank", category=BANK, reference="R-77")


def adjustment(driver: Driver, *, id: str = "t-03") -> Adjustment:
    accounts, tracking = driver.labels["accounts"], driver.labels["tracking"]
    north = TrackingRef(id=f"{tracking['region']}_{tracking['region/North']}")
    lines = (
        AdjustmentLine(amount=Decimal("17.85"), account=accounts["travel"], tracking=(north,)),
        AdjustmentLine(amount=Decimal("-17.85"), account=accounts["meals"], description="Moved"),
    )
    return Adjustment(id=id, key=f"key-{id}-1", version=1, date=DAY, currency="GBP", lines=lines)


def documents(driver: Driver) -> list[Document]:
    return [expense(driver), expense(driver, kind="Refund", account="current"), adjustment(driver)]


def path(driver: Driver, rest: str) -> str:
    return f"/v2.0/Production/api/v2.0/companies({driver.books.id})/{rest}"


def live(driver: Driver) -> int:
    """How many documents the ledger shows."""
    rows = driver.native("GET", path(driver, "generalLedgerEntries"))["value"]
    return len({row["documentNumber"] for row in rows})


def journals(driver: Driver) -> list[dict[str, Any]]:
    """The journals that the connector left."""
    rows = driver.native("GET", path(driver, "journals"))["value"]
    return [row for row in rows if row["code"].startswith("SB")]


BOOKS = Books(platform="business_central", plan=PLAN, documents=documents, live=live, labels=LABELS)
balances = BOOKS.balances
