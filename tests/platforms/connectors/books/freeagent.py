"""The books of a simulated FreeAgent company, and documents for them."""

from __future__ import annotations

from decimal import Decimal

from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import DOLLAR_CARD, EMPLOYEE, Books, nothing, plan, transfer, travel
from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Document, Expense, Reimbursable

PLAN = plan({"dollars": DOLLAR_CARD}, suppliers=EMPLOYEE)
LABELS = ("card", "current", "travel", "meals", "input_tax", "payables")
NOTHING = nothing(*LABELS)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card") -> Expense:
    return bench.expense(driver, travel(driver), id=id, account=account, pays="card", notes="To the fair")


def reimbursable(driver: Driver) -> Reimbursable:
    return bench.reimbursable(driver, train={"description": "Train"}, lunch={"tax": Decimal(0)})


def documents(driver: Driver) -> list[Document]:
    return [expense(driver), transfer(driver), reimbursable(driver)]


def live(driver: Driver) -> int:
    """How many documents stand in the books; both sides of a transfer are one."""
    records = driver.books.records
    sides = [record.body for record in records.scan("bank_transaction_explanation")]
    transfers = sum("linked_transfer_account" in body for body in sides)
    return len(sides) - transfers // 2 + sum(1 for _ in records.scan("bill"))


BOOKS = Books(platform="freeagent", plan=PLAN, documents=documents, live=live, labels=LABELS, steps=4)
balances = BOOKS.balances
