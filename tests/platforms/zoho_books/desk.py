"""A Zoho Books organisation behind the edge, and a client of plain wire requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.opened import opened
from tests.platforms.zoho_books import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Request, Response
from sandbooks.world import World

API = "https://www.zohoapis.eu/books/v3"
ACCOUNTS = "https://accounts.zoho.eu"
TODAY = "2026-03-02"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(90))


def multipart(field: str, name: str, content: bytes, **parts: str) -> tuple[bytes, dict[str, str]]:
    """A multipart body with one file and plain parts, and its headers."""
    edge = "edge-4417"
    rows = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in parts.items()]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    body = b"".join(rows) + head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={edge}"}


class Desk:
    """One organisation, signed in."""

    def __init__(self, app: App, world: World, company: Company, labels: Mapping[str, Mapping[str, str]]) -> None:
        self.app, self.world, self.company, self.labels = app, world, company, labels
        self._seen = 0
        self.sign_in()

    def sign_in(self) -> None:
        """Fresh tokens, as after a new consent."""
        with self.world.unit():
            self.credentials = platform_named("zoho_books").load_seed().credentials(self.world, self.company)
        self.token = self.credentials["access_token"]

    def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: object
    ) -> Response:
        """One request. A path that begins with ``http`` is sent as it is, without the organisation."""
        url = path
        if not path.startswith("http"):
            url = f"{API}/{path}?{urlencode({'organization_id': self.company.id, **query})}"
        elif query:
            url = f"{path}?{urlencode(query)}"
        sent = {"Authorization": f"Zoho-oauthtoken {self.token}", **(headers or {})}
        raw = body if isinstance(body, bytes) else b"" if body is None else exact_json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self.app.edge.dispatch(Request(method, url, tuple(sent.items()), raw), raises=True)
        assert isinstance(answer, Response)
        *_, last = self.world.tape.entries(after=self._seen)
        self._seen = last.number
        contract.check(last.operation, answer)
        return answer

    def get(self, path: str, **query: object) -> Any:
        answer = self.send("GET", path, **query)
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)

    def make(self, path: str, root: str, /, **members: object) -> Any:
        answer = self.send("POST", path, members)
        assert answer.status in (200, 201), answer.body
        return exact_json.loads(answer.body)[root]

    def change(self, path: str, root: str, /, **members: object) -> Any:
        answer = self.send("PUT", path, members)
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)[root]

    def act(self, path: str, body: Any = None, *, method: str = "POST", **query: object) -> str:
        """An operation that answers with a message."""
        answer = self.send(method, path, body, **query)
        assert answer.status in (200, 201), answer.body
        said: str = exact_json.loads(answer.body)["message"]
        return said

    def refused(
        self, method: str, path: str, body: Any = None, *, status: int = 400, **query: object
    ) -> tuple[int, str]:
        """The code and text of a refusal, which wrote nothing and posted nothing."""
        before = self.posted()
        answer = self.send(method, path, body, **query)
        assert answer.status == status, answer.body
        assert self.posted() == before
        said = exact_json.loads(answer.body)
        return said["code"], said["message"]

    def posted(self) -> tuple[int, int]:
        return len(list(self.company.book.lines())), len(self.company.records.changes())

    def expense(self, value: object, *, account: str = "travel", paid: str = "visa", **members: object) -> Any:
        given: dict[str, object] = {
            "account_id": self.account(account),
            "paid_through_account_id": self.account(paid),
            "date": TODAY,
            "amount": value,
        }
        return self.make("expenses", "expense", **{**given, **members})

    def line(self, rate: object, *, account: str = "office", **members: object) -> dict[str, object]:
        return {"account_id": self.account(account), "rate": rate, "quantity": 1, **members}

    def bill(self, *lines: Mapping[str, object], number: str = "INV-1", vendor: str = "acme", **members: object) -> Any:
        given = {"vendor_id": self.vendor(vendor), "bill_number": number, "date": TODAY, "line_items": list(lines)}
        return self.make("bills", "bill", **{**given, **members})

    def pay(
        self, value: object, *bills: tuple[Any, object], paid: str = "bank", vendor: str = "acme", **more: object
    ) -> Any:
        rows = [{"bill_id": bill["bill_id"], "amount_applied": applied} for bill, applied in bills]
        given = {
            "vendor_id": self.vendor(vendor),
            "amount": value,
            "date": TODAY,
            "paid_through_account_id": self.account(paid),
            "bills": rows,
        }
        return self.make("vendorpayments", "vendorpayment", **{**given, **more})

    def credit(self, *lines: Mapping[str, object], vendor: str = "acme", **members: object) -> Any:
        given = {"vendor_id": self.vendor(vendor), "date": TODAY, "line_items": list(lines)}
        return self.make("vendorcredits", "vendor_credit", **{**given, **members})

    def account(self, label: str) -> str:
        named = self.labels["accounts"].get(label)
        return named or self.company.records.find("account", "name", label.lower())[0].id

    def vendor(self, label: str) -> str:
        return self.labels["suppliers"][label]

    def tax(self, name: str) -> str:
        return self.company.records.find("tax", "name", name.lower())[0].id

    def currency(self, code: str) -> str:
        return self.company.records.find("currency", "code", code)[0].id

    def books(self) -> dict[str, str]:
        """What every account holds in base currency, under the plan's labels."""
        names = {id: label for label, id in reversed(self.labels["accounts"].items())}
        rows = self.company.book.trial_balance()
        return {names.get(r.account.id, r.account.name): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}

    def held(self, label: str) -> list[str]:
        """What an account holds in each currency."""
        return sorted(str(money) for money in self.company.book.balance(self.account(label)).by_currency.values())


PLAN = CompanyPlan(
    name="Larch and Finch Ltd",
    country="GB",
    accounts={
        "travel": {"type": "expense", "name": "Site Travel"},
        "office": {"type": "expense", "name": "Office Sundries"},
        "sales": {"type": "income", "name": "Workshop Sales"},
        "cashback": {"type": "other_income", "name": "Card Cashback"},
        "capital": {"type": "equity", "name": "Partner Capital"},
        "bank": {"type": "bank", "name": "Current Account"},
        "reserve": {"type": "bank", "name": "Reserve Account"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
        "dollar_visa": {"type": "credit_card", "name": "Dollar Visa", "currency": "USD"},
        "euros": {"type": "bank", "name": "Euro Account", "currency": "EUR"},
    },
    suppliers={
        "acme": {"name": "Acme Timber"},
        "zenith": {"name": "Zenith Rail"},
        "usco": {"name": "Pacific Steel", "currency": "USD"},
    },
    customers={"client": {"name": "Elm Clients"}},
    tracking={"site": {"name": "Site", "options": ["North", "South"]}},
    settings={"exchange_rates": {"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}, "EUR": "0.8512"}},
)


def open_desk(app: App, plan: CompanyPlan = PLAN) -> Desk:
    made = opened(app, "zoho_books", plan, limits="off")
    return Desk(app, made.company.world, made.company, made.labels)
