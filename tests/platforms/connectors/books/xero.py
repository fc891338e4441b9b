"""Documents for a simulated Xero organisation, and what its connector and its books make of them."""

from __future__ import annotations

from decimal import Decimal

from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import BACK, DAY, DOLLAR_CARD, REGION, Books, plan, transfer, travel
from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Adjustment, AdjustmentLine, Contact, Document, Expense, ExpenseKind, Line

PLAN = plan(
    {"cashback": {"type": "other_income", "name": "Card Cashback"}, "dollars": DOLLAR_CARD},
    suppliers={"airline": {"name": "Contoso Air"}},
    customers={"bank": {"name": "Card Provider"}},
    tracking=REGION,
)
KINDS: tuple[ExpenseKind, ...] = ("Payment", *BACK)


def expense(driver: Driver, kind: ExpenseKind = "Payment", *, id: str = "t-01", account: str = "card") -> Expense:
    labels = driver.labels
    airline = Contact(kind="supplier", name="", id=labels["suppliers"]["airline"])
    bank = Contact(kind="customer", name="", id=labels["customers"]["bank"])
    return bench.expense(
        driver,
        travel(driver, tax_rate="INPUT2"),
        Line(net=Decimal("7.19"), tax=Decimal(0), account=labels["accounts"]["meals"], tax_rate="NONE"),
        id=id,
        kind=kind,
        account=account,
        pays="bank" if account == "current" else "card",
        rate=Decimal("0.7741") if account == "dollars" else None,
        contact=airline if kind == "Payment" else bank,
        notes="To the fair",
        reference="R-77",
    )


def adjustment(driver: Driver) -> Adjustment:
    accounts = driver.labels["accounts"]
    return Adjustment(
        id="t-03",
        key="key-t-03-1",
        version=1,
        date=DAY,
        currency="GBP",
        lines=(
            AdjustmentLine(amount=Decimal("17.85"), account=accounts["travel"], description="Moved"),
            AdjustmentLine(amount=Decimal("-17.85"), account=accounts["meals"], description="Moved"),
        ),
    )


def documents(driver: Driver) -> list[Document]:
    return [*(expense(driver, kind) for kind in KINDS), transfer(driver), adjustment(driver)]


def live(driver: Driver) -> int:
    """How many documents stand in the books."""
    return sum(
        record.body.get("Status") in ("AUTHORISED", "POSTED")
        for kind in ("BankTransaction", "BankTransfer", "ManualJournal")
        for record in driver.books.records.scan(kind)
        if not str(record.body.get("Type", "")).endswith("-TRANSFER")
    )


BOOKS = Books(
    platform="xero", plan=PLAN, documents=documents, live=live, labels=("card", "current", "travel", "meals"), steps=8
)
balances = BOOKS.balances


def archive(driver: Driver, name: str) -> None:
    one = next(option for option in driver.tracking() if option.name == name)
    path = f"/api.xro/2.0/TrackingCategories/{one.parent}/Options/{one.id}"
    driver.native("POST", path, {"Name": one.name, "Status": "ARCHIVED"})
