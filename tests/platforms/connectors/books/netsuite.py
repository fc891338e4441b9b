"""The books of a simulated NetSuite account, and documents for them."""

from __future__ import annotations

from decimal import Decimal

from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import (
    DOLLAR_ACCOUNT,
    EMPLOYEE,
    REGION,
    Books,
    nothing,
    plan,
    standing,
    supplier,
    travel,
)
from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Document, Expense, ExpenseKind, Line, Reimbursable

PLAN = plan(
    {"rewards": {"type": "income", "name": "Card Rewards"}, "dollars": DOLLAR_ACCOUNT},
    suppliers={"contoso": {"name": "Contoso"}, **EMPLOYEE},
    customers={"mill": {"name": "Old Mill"}},
    taxes={"standard": {"name": "Standard", "rate": "20"}},
    tracking=REGION,
)
RECORD = "/services/rest/record/v1"
LABELS = ("card", "current", "travel", "meals", "input_tax", "payables")
NOTHING = nothing(*LABELS)
PLACES = range(5)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", kind: ExpenseKind = "Payment") -> Expense:
    meals, standard = driver.labels["accounts"]["meals"], driver.labels["taxes"]["standard"]
    return bench.expense(
        driver,
        travel(driver, tax_rate=standard),
        Line(net=Decimal("3.50"), tax=Decimal(0), account=meals, description="Coffee"),
        id=id,
        kind=kind,
        account=account,
        pays="card" if account == "card" else "bank",
        contact=supplier(driver, "contoso"),
        notes="To the fair",
        reference="R-77",
    )


def reimbursable(driver: Driver) -> Reimbursable:
    train = {"tax_rate": driver.labels["taxes"]["standard"]}
    return bench.reimbursable(driver, train=train, lunch={"tax": Decimal(0)})


def documents(driver: Driver) -> list[Document]:
    return [
        expense(driver),
        expense(driver, account="current"),
        expense(driver, kind="Refund"),
        expense(driver, kind="Refund", account="current"),
        reimbursable(driver),
    ]


def live(driver: Driver) -> int:
    """How many transactions stand in the books."""
    return standing(driver, "check", "creditCardCharge", "creditCardRefund", "deposit", "vendorBill")


BOOKS = Books(platform="netsuite", plan=PLAN, documents=documents, live=live, labels=LABELS, steps=3)
balances = BOOKS.balances


def spent(account: str) -> dict[str, str]:
    cost = {"travel": "41.23 GBP", "meals": "3.50 GBP", "input_tax": "8.25 GBP"}
    return NOTHING | cost | {account: "-52.98 GBP"}
