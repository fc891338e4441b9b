"""An organisation of its own for each test, and a client that speaks plain wire requests through the edge."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.opened import opened

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Request, Response
from sandbooks.world import World

ROOT = "/api.xro/2.0"
PLAN = CompanyPlan(
    name="Acme",
    country="GB",
    currency="GBP",
    accounts={
        "bank": {"type": "bank", "name": "Current", "code": "090"},
        "savings": {"type": "bank", "name": "Savings", "code": "091"},
        "visa": {"type": "credit_card", "name": "Visa USD", "currency": "USD", "code": "092"},
        "travel": {"type": "expense", "name": "Travel", "code": "501"},
        "meals": {"type": "expense", "name": "Meals", "code": "502"},
    },
    suppliers={"airline": {"name": "Contoso Air"}, "baker": {"name": "Northwind Bakery"}},
    customers={"shop": {"name": "Wide World Shop"}},
    taxes={"half": {"rate": "20%", "recoverable": "50%", "name": "Half back"}, "fifteen": {"rate": "15%"}},
    tracking={"region": {"name": "Region", "options": ["North", "South"]}},
)


class Client:
    """An application signed in to one organisation."""

    def __init__(self, app: App, world: World, company: Company, credentials: Mapping[str, str]) -> None:
        self.app, self.world, self.company, self.credentials = app, world, company, dict(credentials)
        self.labels: Mapping[str, Mapping[str, str]] = {}

    def headers(self, extra: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
        given: dict[str, str | None] = {
            "Authorization": f"Bearer {self.credentials['access_token']}",
            "Xero-Tenant-Id": self.company.id,
            "Accept": "application/json",
            "Content-Type": "application/json",
            **extra,
        }
        return tuple((name, value) for name, value in given.items() if value is not None)

    def send(
        self, method: str, path: str, body: Any = b"", headers: Mapping[str, str | None] | None = None
    ) -> Response:
        content = body if isinstance(body, bytes) else exact_json.dumps(body)
        place = path if path.startswith("/") else f"{ROOT}/{path}"
        request = Request(method, f"http://127.0.0.1:9/xero{place}", self.headers(headers or {}), content)
        answer = self.app.edge.dispatch(request, raises=True)
        assert isinstance(answer, Response)
        return answer

    def json(self, method: str, path: str, body: Any = b"", **headers: str | None) -> Any:
        """The document of a successful answer."""
        answer = self.send(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def one(self, method: str, path: str, body: Any = b"") -> dict[str, Any]:
        """The only element of a successful answer."""
        document = self.json(method, path, body)
        (element,) = next(value for value in document.values() if isinstance(value, list))
        found: dict[str, Any] = element
        return found

    def problems(self, method: str, path: str, body: Any) -> list[str]:
        """The messages of a refused write; asserts that it posted nothing."""
        before = self.balances()
        answer = self.send(method, path, body)
        assert answer.status == 400, answer.body
        assert self.balances() == before
        document = exact_json.loads(answer.body)
        assert document["Type"] == "ValidationException"
        return [error["Message"] for element in document["Elements"] for error in element["ValidationErrors"]]

    def balances(self) -> dict[str, str]:
        """The trial balance by account name."""
        return {row.account.name: str(row.balance.base) for row in self.company.book.trial_balance()}

    def form(self, path: str, **fields: str) -> tuple[int, Any]:
        """A form posted to the identity server."""
        from urllib.parse import urlencode

        media = (("Content-Type", "application/x-www-form-urlencoded"),)
        request = Request("POST", f"http://127.0.0.1:9/xero{path}", media, urlencode(fields).encode())
        answer = self.app.edge.dispatch(request, raises=True)
        assert isinstance(answer, Response)
        return answer.status, exact_json.loads(answer.body) if answer.body else None


def signed_in(app: App, plan: CompanyPlan = PLAN) -> Client:
    """A client of a new organisation in the app's default world."""
    made = opened(app, "xero", plan)
    world = made.company.world
    with world.unit():
        credentials = platform_named("xero").load_seed().credentials(world, made.company)
    client = Client(app, world, made.company, credentials)
    client.labels = made.labels
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(App())


@pytest.fixture
def open_organisation() -> Callable[[CompanyPlan], Client]:
    """Open an organisation by a plan, in a world of its own."""
    return lambda plan: signed_in(App(), plan)


def line(amount: str, *, account: str = "501", tax: str = "NONE", **more: Any) -> dict[str, Any]:
    return {"Description": "Line", "UnitAmount": amount, "AccountCode": account, "TaxType": tax, **more}


def spend(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    document = {
        "Type": "SPEND",
        "Contact": {"Name": "Contoso Air"},
        "BankAccount": {"Code": "090"},
        "Date": "2026-03-01",
    }
    return {**document, "LineItems": list(lines), **more}


def bill(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    document = {"Type": "ACCPAY", "Contact": {"Name": "Contoso Air"}, "Date": "2026-03-01", "DueDate": "2026-03-20"}
    return {**document, "Status": "AUTHORISED", "LineItems": list(lines), **more}
