"""A Business Central company behind the edge, and a client of plain wire requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.opened import opened
from tests.platforms.business_central import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Request, Response
from sandbooks.world import World

HOST = "https://api.businesscentral.dynamics.com"
ROOT = f"{HOST}/v2.0/Production/api/v2.0"
BLANK_ID = "00000000-0000-0000-0000-000000000000"


class Desk:
    """One company, signed in."""

    def __init__(self, app: App, world: World, company: Company, labels: Mapping[str, Mapping[str, str]]) -> None:
        self.app, self.world, self.company, self.labels = app, world, company, labels
        with world.unit():
            self.credentials = platform_named("business_central").load_seed().credentials(world, company)
        self.token = self.credentials["access_token"]
        self._seen = 0

    @property
    def root(self) -> str:
        return f"{ROOT}/companies({self.company.id})"

    def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: object
    ) -> Response:
        url = path if path.startswith("http") else f"{self.root}/{path}"
        if query:
            url += "?" + "&".join(f"${name}={quote(str(value), safe='')}" for name, value in query.items())
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        raw = body if isinstance(body, bytes) else b"" if body is None else exact_json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        answer = self.app.edge.dispatch(Request(method, url, tuple(sent.items()), raw), world=self.world, raises=True)
        assert isinstance(answer, Response)
        *_, last = self.world.tape.entries(after=self._seen)
        self._seen = last.number
        contract.check(last.operation, answer)
        return answer

    def get(self, path: str, **query: object) -> Any:
        answer = self.send("GET", path, **query)
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)

    def list(self, path: str, **query: object) -> list[Any]:
        rows: list[Any] = self.get(path, **query)["value"]
        return rows

    def make(self, path: str, **members: object) -> Any:
        answer = self.send("POST", path, members)
        assert answer.status == 201, answer.body
        made = exact_json.loads(answer.body)
        assert answer.header("Location").endswith(f"({made['id']})")
        return made

    def change(self, path: str, /, tag: str = "*", **members: object) -> Any:
        answer = self.send("PATCH", path, members, headers={"If-Match": tag})
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)

    def drop(self, path: str) -> None:
        answer = self.send("DELETE", path)
        assert answer.status == 204, answer.body

    def act(self, path: str, action: str = "post") -> None:
        answer = self.send("POST", f"{path}/Microsoft.NAV.{action}")
        assert (answer.status, answer.body) == (204, b""), answer.body

    def refused(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 400,
        code: str = "Application_DialogException",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """The text of a refusal, which wrote nothing and posted nothing."""
        before = self.posted()
        answer = self.send(method, path, body, headers={"If-Match": "*", **(headers or {})})
        error = exact_json.loads(answer.body)["error"]
        assert (answer.status, error["code"]) == (status, code), answer.body
        assert self.posted() == before
        text, mark, correlation = error["message"].partition("  CorrelationId:  ")
        assert mark
        assert len(correlation) == 37
        return str(text)

    def posted(self) -> tuple[int, int]:
        return len(list(self.company.book.lines())), len(self.company.records.changes())

    def account(self, label: str) -> str:
        return self.labels["accounts"][label]

    def number(self, label: str) -> str:
        record = self.company.records.get("account", self.account(label)) or self.company.records.get(
            "bankAccount", self.account(label)
        )
        assert record is not None
        return str(record.body["number"])

    def batch(self, code: str = "DEFAULT") -> str:
        (found,) = self.list("journals", filter=f"code eq '{code}'")
        return str(found["id"])

    def line(self, amount: Any, *, account: str = "travel", balancing: str = "visa", **members: Any) -> Any:
        given: dict[str, Any] = {
            "accountType": "G/L Account",
            "accountId": self.account(account),
            "postingDate": "2026-03-02",
            "amount": amount,
        }
        if balancing:
            given |= {"balanceAccountType": "Bank Account", "balancingAccountNumber": self.number(balancing)}
        return self.make(f"journals({self.batch()})/journalLines", **{**given, **members})

    def post(self, code: str = "DEFAULT") -> None:
        self.act(f"journals({self.batch(code)})")

    def spend(self, amount: Any, **members: Any) -> Any:
        """A journal line that is posted at once."""
        made = self.line(amount, **members)
        self.post()
        return made

    def invoice(self, *lines: Mapping[str, Any], vendor: str = "shop", **members: Any) -> Any:
        given: dict[str, Any] = {
            "vendorId": self.labels["suppliers"][vendor],
            "vendorInvoiceNumber": "INV-77",
            "invoiceDate": "2026-03-02",
            "postingDate": "2026-03-02",
            "purchaseInvoiceLines": list(lines),
        }
        return self.make("purchaseInvoices", **{**given, **members})

    def item(self, cost: Any, *, account: str = "office", **members: Any) -> dict[str, Any]:
        return {"lineType": "Account", "accountId": self.account(account), "unitCost": cost, "quantity": 1, **members}

    def books(self) -> dict[str, str]:
        """What every account holds in base currency, under the plan's labels."""
        names = {id: label for label, id in reversed(self.labels["accounts"].items())}
        rows = self.company.book.trial_balance()
        return {names.get(r.account.id, r.account.id): f"{r.balance.base.amount:.2f}" for r in rows if r.balance.base}


PLAN = CompanyPlan(
    name="Larch and Finch Ltd",
    country="GB",
    accounts={
        "travel": {"type": "expense", "name": "Site Travel"},
        "office": {"type": "expense", "name": "Office Sundries", "tax": "standard"},
        "rebates": {"type": "other_income", "name": "Card Rebates"},
        "accruals": {"type": "current_liability", "name": "Project Accruals"},
        "current": {"type": "bank", "name": "Current Account"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
        "dollar_visa": {"type": "credit_card", "name": "Dollar Visa", "currency": "USD"},
    },
    suppliers={"shop": {"name": "Fabrikam Stores"}, "airline": {"name": "Contoso Air", "currency": "USD"}},
    customers={"provider": {"name": "Card Provider"}},
    taxes={"standard": {"rate": "20%"}, "half": {"rate": "20%", "recoverable": "50%", "name": "Half back"}},
    tracking={"site": {"name": "Site", "options": ["Harbour", "Mill"]}},
    settings={"exchange_rates": {"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}}},
)


def open_desk(app: App, plan: CompanyPlan = PLAN) -> Desk:
    standing = app.world("default")
    limits = {} if standing and standing.get("settings", "limits") is not None else {"limits": "off"}
    made = opened(app, "business_central", plan, **limits)
    return Desk(app, made.company.world, made.company, made.labels)
