"""The books of a simulated Sage Intacct company, signed in to as its user would, and documents for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import EMPLOYEE, Books, nothing, plan, standing, supplier, travel
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import Document, Expense, Line, Reimbursable
from sandbooks.platform import CompanyPlan, platform_named

PLAN = plan(
    {"amex": {"type": "credit_card", "name": "Directors Card"}},
    suppliers={**EMPLOYEE, "shop": {"name": "Fabrikam Stores"}},
    customers={"client": {"name": "Northwind"}},
)
TAX = "UK Purchase Goods Standard Rate Input"
LABELS = ("card", "amex", "current", "travel", "meals", "input_tax", "payables")
NOTHING = nothing(*LABELS)


def opened(plan: CompanyPlan = PLAN) -> Driver:
    """A fresh company, signed in to with what its user would type."""
    driver = connected("sage_intacct", plan)
    driver.consent = driver.exchange_code(typed(driver))
    driver.requests.clear()
    return driver


def typed(driver: Driver) -> dict[str, str]:
    with driver.world.unit():
        known = platform_named("sage_intacct").load_seed().credentials(driver.world, driver.books)
    return {name: known[name] for name in ("company_id", "user_id", "user_password")}


def expense(driver: Driver, *, id: str = "t-01", kind: Any = "Payment", account: str = "card") -> Expense:
    return bench.expense(
        driver,
        travel(driver, tax_rate=TAX),
        id=id,
        kind=kind,
        account=account,
        pays="card",
        contact=supplier(driver, "shop", name="Fabrikam Stores"),
        notes="To the fair",
        reference="R-77",
    )


def several(driver: Driver) -> Expense:
    meals = driver.labels["accounts"]["meals"]
    one = expense(driver, id="t-02", kind="Refund")
    lunch = Line(net=Decimal("9.61"), account=meals, tax_rate="NONE", description="Lunch")
    return replace(one, lines=(*one.lines, lunch))


def reimbursable(driver: Driver) -> Reimbursable:
    return bench.reimbursable(driver, train={"tax_rate": TAX, "description": "Train"}, lunch={"tax_rate": "NONE"})


def documents(driver: Driver) -> list[Document]:
    return [expense(driver), several(driver), reimbursable(driver)]


def live(driver: Driver) -> int:
    return standing(driver, "CCTRANSACTION", "APBILL")


def body(driver: Driver, kind: str, id: str) -> dict[str, Any]:
    record = driver.books.records.get(kind, id)
    assert record is not None
    return dict(record.body)


BOOKS = Books(platform="sage_intacct", plan=PLAN, documents=documents, live=live, labels=LABELS, steps=3, open=opened)
balances = BOOKS.balances
