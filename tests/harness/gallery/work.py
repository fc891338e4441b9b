"""A company and the usual work in it, for the tests of the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sandbooks import Sandbox
from sandbooks.sandbox import PlatformCompany

Json = dict[str, Any]
CLOCK = "2026-03-28T17:40:00 Europe/London"
CURRENCIES = {"GB": "GBP", "US": "USD"}
ACCOUNTS: Json = {
    "visa": {"type": "credit_card", "name": "Visa"},
    "bank": {"type": "bank", "name": "Current account"},
    "savings": {"type": "bank", "name": "Savings"},
    "travel": {"type": "expense", "name": "Travel"},
    "meals": {"type": "expense", "name": "Meals"},
    "euros": {"type": "credit_card", "name": "Visa EUR", "currency": "EUR"},
}
PNG = "iVBORw0KGgo="  # the first eight bytes of every PNG, among them some that are no text


@contextmanager
def opened(platform: str, country: str = "GB") -> Iterator[PlatformCompany]:
    """A company that is reached by its vendor's addresses, in the world's time."""
    with Sandbox(seed=5, clock=CLOCK) as sandbox, sandbox.intercept(), sandbox.client_time():
        yield company_in(sandbox, platform, country)


def company_in(sandbox: Sandbox, platform: str, country: str = "GB") -> PlatformCompany:
    return sandbox.company(
        platform,
        country=country,
        currency=CURRENCIES[country],
        timezone="Europe/London",
        accounts=ACCOUNTS,
        suppliers={"airline": {"name": "Contoso Air"}, "jane": {"name": "Jane Doe"}},
        taxes={"standard": {"rate": "20"}} if country == "GB" else {},
    )


def environment_of(company: PlatformCompany) -> Json:
    """What a driver's ``connect`` is told of a company."""
    labels = company.labels
    told = {"platform": company.platform, "base_url": company.base_url, "company_id": company.id}
    told |= {"credentials": company.credentials, "environment": company.environment}
    facts = {"currency": company.currency, "country": company._company.country, "timezone": "Europe/London"}
    keys = {part: dict(labels.get(part, {})) for part in ("accounts", "suppliers", "customers", "taxes", "tracking")}
    defaults = {"bank_account": labels["accounts"]["visa"], "supplier": labels["suppliers"]["airline"]}
    return {**told, "company": {**facts, **keys}, "defaults": defaults}


class Work:
    """The usual transactions of a company, each with an amount of its own."""

    def __init__(self, environment: Json) -> None:
        self.environment = environment
        company = environment["company"]
        self.currency, self.accounts = company["currency"], company["accounts"]
        self.suppliers, self.taxes = company["suppliers"], company["taxes"]

    def id(self, number: int) -> str:
        return str(UUID(int=0x5EED << 96 | number))

    def expense(self, number: int, kind: str = "payment", **changes: Any) -> Json:
        """A card expense of one line without tax."""
        line = {"net": f"{40 + number}.37", "tax": "0", "account": self.accounts["travel"], "tax_code": None}
        own = {"bank_account": self.accounts["visa"], "contact": self.suppliers["airline"], "merchant": None}
        return {**self._head(number, kind), "lines": [line], **own, "reference": None, "notes": "Fares", **changes}

    def _head(self, number: int, kind: str) -> Json:
        day = {"date": "2026-03-27", "currency": self.currency, "rate": None}
        return {"id": self.id(number), "kind": kind, **day}

    def of_kind(self, kind: str) -> Json:
        """The usual transaction of a kind."""
        match kind:
            case "taxed payment":
                line = {"net": "100.00", "tax": "20.00", "account": self.accounts["travel"]}
                return self.expense(5, lines=[{**line, "tax_code": self.taxes["standard"]}])
            case "payment abroad":
                return self.expense(6, currency="EUR", rate="0.8612", bank_account=self.accounts["euros"])
            case "reimbursable":
                given = self.expense(7, "reimbursable", contact=self.suppliers["jane"], due_date="2026-04-20")
                return {name: given[name] for name in given if name not in ("bank_account", "merchant")}
            case "transfer":
                money = {"amount": "150.25", "currency": self.currency}
                sides = {"from": "bank", "to": "savings"}
                moved = {name: {"account": self.accounts[account], **money} for name, account in sides.items()}
                return {"id": self.id(8), "kind": "transfer", "date": "2026-03-27", **moved, "notes": None}
            case "adjustment":
                lines = [("44.70", "meals"), ("-44.70", "travel")]
                told = [{"amount": amount, "account": self.accounts[account]} for amount, account in lines]
                return {**self._head(9, "adjustment"), "reference": None, "lines": told}
            case _:
                return self.expense(len(kind), kind)

    def receipt(self, transaction: str) -> Json:
        facts = {"name": "receipt.png", "type": "image/png", "content": PNG}
        return {"id": self.id(77), "transaction": transaction, **facts}

    def bills(self) -> Json:
        """A bill and its payment in full."""
        given = self.expense(20)
        names = ("id", "date", "currency", "rate", "lines", "contact", "reference", "notes")
        bill = {**{name: given[name] for name in names}, "due_date": "2026-04-20"}
        paid = {"id": self.id(30), "date": "2026-03-28", "currency": self.currency, "rate": None, "reference": None}
        paid |= {"bank_account": self.accounts["bank"], "bills": [{"id": bill["id"], "amount": "60.37"}]}
        return {"bills": [bill], "payments": [paid]}

    def hand_over(self, driver: Any, kind: str) -> None:
        """Give a driver the usual work of a kind; ``receipt`` and ``bill`` are kinds too."""
        if kind == "bill":
            driver.submit_bills(self.bills())
        elif kind == "receipt":
            driver.submit([self.of_kind("payment")])
            driver.attach(self.receipt(self.of_kind("payment")["id"]))
        elif kind == "several":
            driver.submit([self.expense(number) for number in (1, 2, 3)])
        else:
            driver.submit([self.of_kind(kind)])
