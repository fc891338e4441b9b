"""Documents for a simulated Xero organisation, and what its connector and its books make of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.platforms.connectors.driver import Driver

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Contact,
    Document,
    Expense,
    ExpenseKind,
    Line,
    PaymentAccount,
    Transfer,
    TransferSide,
)
from sandbooks.platform import CompanyPlan

PLAN = CompanyPlan(
    name="Harbour Street Ltd",
    country="GB",
    currency="GBP",
    accounts={
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "cashback": {"type": "other_income", "name": "Card Cashback"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "credit_card", "name": "Dollar Card", "currency": "USD"},
        "current": {"type": "bank", "name": "Current Account"},
    },
    suppliers={"airline": {"name": "Contoso Air"}},
    customers={"bank": {"name": "Card Provider"}},
    tracking={"region": {"name": "Region", "options": ["North", "South"]}},
)
DAY = date(2026, 3, 2)
KINDS: tuple[ExpenseKind, ...] = ("Payment", "Refund", "Reward", "Chargeback")


def expense(driver: Driver, kind: ExpenseKind = "Payment", *, id: str = "t-01", account: str = "card") -> Expense:
    who = "supplier" if kind == "Payment" else "customer"
    contact = driver.labels["suppliers"]["airline"] if kind == "Payment" else driver.labels["customers"]["bank"]
    foreign = account == "dollars"
    return Expense(
        kind=kind,
        id=id,
        key=f"key-{id}-1",
        version=1,
        date=DAY,
        currency="USD" if foreign else "GBP",
        rate=Decimal("0.7741") if foreign else None,
        account=PaymentAccount(
            id=driver.labels["accounts"][account],
            pays="bank" if account == "current" else "card",
            currency="USD" if foreign else "GBP",
        ),
        contact=Contact(kind=who, name="", id=contact),  # type: ignore[arg-type]
        lines=(
            Line(
                net=Decimal("41.23"),
                tax=Decimal("8.25"),
                account=driver.labels["accounts"]["travel"],
                tax_rate="INPUT2",
            ),
            Line(net=Decimal("7.19"), tax=Decimal(0), account=driver.labels["accounts"]["meals"], tax_rate="NONE"),
        ),
        merchant="Contoso",
        notes="To the fair",
        reference="R-77",
    )


def transfer(driver: Driver) -> Transfer:
    accounts = driver.labels["accounts"]
    return Transfer(
        id="t-02",
        key="key-t-02-1",
        version=1,
        date=DAY,
        source=TransferSide(account=accounts["current"], currency="GBP", amount=Decimal("310.40"), pays="bank"),
        target=TransferSide(account=accounts["card"], currency="GBP", amount=Decimal("310.40"), pays="card"),
        description="Card paid down",
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


def pushed(driver: Driver, document: Document) -> str:
    return driver.run(driver.connector.push(document, driver.consent, driver.company)).native.id


def found(driver: Driver, document: Document) -> str | None:
    done = driver.run(driver.connector.look_up(document, driver.consent, driver.company))
    return done.native.id if done else None


def live(driver: Driver) -> int:
    """How many documents stand in the books."""
    return sum(
        record.body.get("Status") in ("AUTHORISED", "POSTED")
        for kind in ("BankTransaction", "BankTransfer", "ManualJournal")
        for record in driver.books.records.scan(kind)
        if not str(record.body.get("Type", "")).endswith("-TRANSFER")
    )


def balances(driver: Driver) -> dict[str, str]:
    return {name: driver.balance(driver.labels["accounts"][name]) for name in ("card", "current", "travel", "meals")}


def archive(driver: Driver, name: str) -> None:
    tracking = driver.run(driver.connector.tracking(driver.consent))
    one = next(option for option in tracking if option.name == name)
    path = f"/api.xro/2.0/TrackingCategories/{one.parent}/Options/{one.id}"
    driver.native("POST", path, {"Name": one.name, "Status": "ARCHIVED"})
