"""A simulated company file of QuickBooks Desktop, and documents for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree
from tests.opened import opened as opened_once
from tests.platforms.connectors.books import bench
from tests.platforms.connectors.books.bench import DAY, standing, supplier, travel
from tests.platforms.connectors.driver import Driver

from sandbooks import exact_json, wire
from sandbooks.app import App
from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Connector,
    Consent,
    Document,
    Expense,
    ExpenseKind,
    Line,
    Reimbursable,
    Request,
    Transfer,
    TransferSide,
    with_headers,
)
from sandbooks.platform import CompanyPlan, load, platform_named

NAME = "quickbooks_desktop"
KINDS = ("Check", "CreditCardCharge", "CreditCardCredit", "Bill", "Transfer", "JournalEntry")
PLAN: dict[str, Any] = {
    "name": "Harbour Street",
    "accounts": {
        "travel": {"type": "expense", "name": "Travel Sundry"},
        "meals": {"type": "expense", "name": "Staff Meals"},
        "rewards": {"type": "other_income", "name": "Card Rewards"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "dollars": {"type": "credit_card", "name": "Card USD", "currency": "USD"},
        "current": {"type": "bank", "name": "Main Account"},
        "reserve": {"type": "bank", "name": "Reserve"},
    },
    "suppliers": {
        "contoso": {"name": "Contoso"},
        "employee": {"name": "Ines Duarte"},
        "boston": {"name": "Boston Cabs", "currency": "USD"},
    },
    "customers": {"mill": {"name": "Old Mill"}},
    "taxes": {"standard": {"name": "Standard", "rate": "20%"}},
    "tracking": {"region": {"name": "Region", "options": {"north": "North", "south": "South"}}},
}


@dataclass
class Desktop(Driver):
    """A company file, and documents that go straight to its request processor: no program polls here."""

    token: str = ""
    answers: list[bytes] = field(default_factory=list)

    def send(self, request: Request) -> wire.Answer:
        signed = with_headers(request, ("Authorization", f"Bearer {self.token}"), ("Content-Type", "text/xml"))
        answer = super().send(signed)
        if isinstance(answer, wire.Response):
            self.answers.append(answer.body)
            if answer.status == 422:
                told = exact_json.loads(answer.body)
                return wire.Response(400, (("X-HRESULT", told["hresult"]),), told["message"].encode())
        return answer

    def ask(self, requests: str) -> list[etree._Element]:
        """What somebody else reads or writes in the file."""
        raw = (
            '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError">'
            f"{requests}</QBXMLMsgsRq></QBXML>"
        )
        answer = self.send(Request("POST", "/qbxml", purpose="test", body=raw.encode()))
        assert isinstance(answer, wire.Response)
        assert answer.status == 200, answer.body
        return list(etree.fromstring(answer.body)[0])


def opened(country: str = "GB", currency: str = "GBP", **more: Any) -> Desktop:
    app = App()
    declared = platform_named(NAME)
    plan = CompanyPlan(country=country, currency=currency, **{**PLAN, **more})
    made = opened_once(app, NAME, plan, seed=11)
    world = made.company.world
    with world.unit():
        credentials = declared.load_seed().credentials(world, made.company)
    connector: Connector = load(declared.connector)
    consent = Consent(company="0f7c", access_token="", facts={"owner": "90a44fb7-33d9-4815-ac85-bc87a7e7d1eb"})
    token = credentials["access_token"]
    application: Any = None
    return Desktop(app, world, connector, NAME, made.company, made.labels, consent, application, token=token)


def expense(driver: Driver, *, id: str = "t-01", account: str = "card", kind: ExpenseKind = "Payment") -> Expense:
    foreign, home = account == "dollars", driver.books.currency
    meals, standard = driver.labels["accounts"]["meals"], driver.labels["taxes"]["standard"]
    payee = supplier(driver, "boston" if foreign else "contoso", name="Contoso", currency="USD" if foreign else home)
    return bench.expense(
        driver,
        travel(driver, tax_rate=standard),
        Line(net=Decimal("3.50"), tax=Decimal(0), account=meals, description="Coffee"),
        id=id,
        kind=kind,
        account=account,
        pays="bank" if account in ("current", "reserve") else "card",
        rate=Decimal("0.781") if foreign and home != "USD" else None,
        contact=payee,
        merchant="Contoso Store",
        notes="To the fair",
        reference="R-77",
    )


def reimbursable(driver: Driver) -> Reimbursable:
    train = {"tax_rate": driver.labels["taxes"]["standard"]}
    return bench.reimbursable(driver, train=train, lunch={"tax": Decimal(0)})


def transfer(driver: Desktop, *, amount: str = "310.40") -> Transfer:
    def side(label: str) -> TransferSide:
        id, home = driver.labels["accounts"][label], driver.books.currency
        return TransferSide(account=id, currency=home, amount=Decimal(amount), pays="bank")

    ends = {"source": side("current"), "target": side("reserve")}
    return Transfer(id="t-04", key="key-t-04-1", version=1, date=DAY, description="Set aside", **ends)


def adjustment(driver: Desktop) -> Adjustment:
    accounts, home = driver.labels["accounts"], driver.books.currency
    lines = (
        AdjustmentLine(amount=Decimal("17.85"), account=accounts["travel"], description="Moved here"),
        AdjustmentLine(amount=Decimal("-17.85"), account=accounts["meals"], description="From there"),
    )
    return Adjustment(id="t-05", key="key-t-05-1", version=1, date=DAY, currency=home, lines=lines, reference="ADJ-1")


def documents(driver: Desktop) -> list[Document]:
    """One of every kind that is offered."""
    return [
        expense(driver),
        expense(driver, account="current"),
        expense(driver, kind="Refund"),
        expense(driver, kind="Reward"),
        expense(driver, kind="Chargeback"),
        reimbursable(driver),
        transfer(driver),
        adjustment(driver),
    ]


PLACES = range(8)
# What each document does to the books of a British company, in the order of ``documents``.
MOVED: list[dict[str, str]] = [
    {"travel": "41.23", "meals": "3.50", "input_tax": "8.25", "card": "-52.98"},
    {"travel": "41.23", "meals": "3.50", "input_tax": "8.25", "current": "-52.98"},
    *([{"travel": "-41.23", "meals": "-3.50", "input_tax": "-8.25", "card": "52.98"}] * 3),
    {"travel": "22.10", "meals": "9.61", "input_tax": "4.42", "payables": "-36.13"},
    {"current": "-310.40", "reserve": "310.40"},
    {"travel": "17.85", "meals": "-17.85"},
]


def balances(driver: Desktop) -> dict[str, str]:
    """What moved, by label, in home currency."""
    usual = load(platform_named(NAME).usual_accounts)(driver.books)
    named: Mapping[str, str] = {"payables": usual["payables"], "input_tax": usual["input_tax"]}
    moved = {}
    for label, id in {**driver.labels["accounts"], **named}.items():
        amount = driver.books.book.balance(id).base.amount
        if amount:
            moved[label] = f"{amount:.2f}"
    return moved


def live(driver: Desktop) -> int:
    return standing(driver, *KINDS)


def record(driver: Desktop, kind: str) -> dict[str, Any]:
    (made,) = driver.books.records.scan(kind)
    return dict(made.body)
