"""The books of a simulated Zoho Books organisation, and documents for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import (
    DOLLAR_CARD,
    EMPLOYEE,
    Books,
    nothing,
    plan,
    standing,
    supplier,
    travel,
)
from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Document, Expense, Line, Reimbursable

PLAN = plan(
    {"dollars": DOLLAR_CARD},
    suppliers={**EMPLOYEE, "shop": {"name": "Fabrikam Stores"}},
    customers={"client": {"name": "Northwind"}},
)
LABELS = ("card", "dollars", "current", "travel", "meals", "input_tax", "payables")
NOTHING = nothing(*LABELS)


def tax(driver: Driver, percent: int = 20) -> str:
    return next(rate.id for rate in driver.tax_rates() if rate.effective == percent)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", taxed: bool = True) -> Expense:
    line = travel(driver)
    return bench.expense(
        driver,
        replace(line, tax_rate=tax(driver)) if taxed else replace(line, tax=None),
        id=id,
        account=account,
        pays="bank" if account == "current" else "card",
        rate=Decimal("0.781") if account == "dollars" else None,
        contact=supplier(driver, "shop", name="Fabrikam Stores"),
        notes="To the fair",
        reference="R-77",
    )


def several(driver: Driver) -> Expense:
    lunch = Line(net=Decimal("9.61"), tax=Decimal(0), account=driver.labels["accounts"]["meals"], description="Lunch")
    one = expense(driver, id="t-02")
    return replace(one, lines=(*one.lines, replace(lunch, tax_rate=tax(driver, 0))))


def reimbursable(driver: Driver) -> Reimbursable:
    return bench.reimbursable(driver, train={"tax_rate": tax(driver), "description": "Train"}, lunch={})


def documents(driver: Driver) -> list[Document]:
    return [expense(driver), several(driver), reimbursable(driver)]


def live(driver: Driver) -> int:
    return standing(driver, "expense", "bill")


def record(driver: Driver, kind: str, id: str) -> Any:
    """A record as the API shows it."""
    path = f"/books/v3/{kind}s/{id}?organization_id={driver.consent.company}"
    return driver.native("GET", path)[kind]


BOOKS = Books(platform="zoho_books", plan=PLAN, documents=documents, live=live, labels=LABELS, steps=3)
balances = BOOKS.balances
