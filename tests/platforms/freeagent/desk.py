"""A FreeAgent company behind the edge, and a client of plain wire requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.opened import opened
from tests.platforms.freeagent import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.wire import Request, Response
from sandbooks.world import World

BASE = "https://api.sandbox.freeagent.com"


class Desk:
    """One company, signed in."""

    def __init__(self, app: App, world: World, company: Company, labels: Mapping[str, Mapping[str, str]]) -> None:
        self.app, self.world, self.company, self.labels = app, world, company, labels
        with world.unit():
            self.credentials = platform_named("freeagent").load_seed().credentials(world, company)
        self.token = self.credentials["access_token"]
        self._seen = 0

    def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: object
    ) -> Response:
        url = path if path.startswith("http") else f"{BASE}/v2/{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        sent = {"Authorization": f"Bearer {self.token}", "User-Agent": "test", **(headers or {})}
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

    def make(self, resource: str, root: str, /, **members: object) -> Any:
        answer = self.send("POST", resource, {root: members})
        assert answer.status == 201, answer.body
        made = exact_json.loads(answer.body)[root]
        assert answer.header("Location") == made["url"]
        return made

    def change(self, url: str, root: str, /, **members: object) -> Any:
        answer = self.send("PUT", url, {root: members})
        assert answer.status == 200, answer.body
        return exact_json.loads(answer.body)[root]

    def drop(self, url: str) -> None:
        answer = self.send("DELETE", url)
        assert answer.status == 200, answer.body

    def refused(self, method: str, path: str, body: Any = None, *, status: int = 422) -> str:
        """The messages of a refusal, which wrote nothing and posted nothing."""
        before = self.posted()
        answer = self.send(method, path, body)
        assert answer.status == status, answer.body
        assert self.posted() == before
        errors = exact_json.loads(answer.body)["errors"]
        return "; ".join(e["message"] for e in errors) if isinstance(errors, list) else str(errors["error"]["message"])

    def posted(self) -> tuple[int, int]:
        return len(list(self.company.book.lines())), len(self.company.records.changes())

    def explain(self, account: str, value: str, **members: object) -> Any:
        given = {"bank_account": self.account(account), "dated_on": "2026-03-02", "gross_value": value}
        if (
            not {"paid_bill", "paid_invoice", "paid_user", "transfer_bank_account", "category", "nominal_code"}
            & members.keys()
        ):
            members["category"] = self.category("travel")
        members.setdefault("description", "" if "paid_invoice" in members else "Spend")
        return self.make("bank_transaction_explanations", "bank_transaction_explanation", **{**given, **members})

    def bill(self, *items: Mapping[str, object], **members: object) -> Any:
        given: dict[str, object] = {
            "contact": self.contact("acme"),
            "reference": "INV-1",
            "dated_on": "2026-03-02",
            "due_on": "2026-04-01",
            "bill_items": list(items),
        }
        return self.make("bills", "bill", **{**given, **members})

    def item(self, total: str, *, category: str = "office", **members: object) -> dict[str, object]:
        return {"category": self.category(category), "total_value": total, **members}

    def account(self, label: str) -> str:
        return f"{BASE}/v2/bank_accounts/{self.labels['accounts'][label]}"

    def category(self, label: str) -> str:
        return f"{BASE}/v2/categories/{self.labels['accounts'].get(label, label)}"

    def contact(self, label: str) -> str:
        return f"{BASE}/v2/contacts/{self.labels['suppliers'][label]}"

    def me(self) -> str:
        return str(self.get("users/me")["user"]["url"])

    def me_account(self) -> str:
        """The expense account of the user who is signed in."""
        return f"905-{self.me().rpartition('/')[2]}"

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
        "office": {"type": "expense", "name": "Office Sundries"},
        "sales": {"type": "income", "name": "Workshop Sales"},
        "bank": {"type": "bank", "name": "Current Account"},
        "visa": {"type": "credit_card", "name": "Visa"},
        "dollars": {"type": "bank", "name": "Dollar Account", "currency": "USD"},
        "dollar_visa": {"type": "credit_card", "name": "Dollar Visa", "currency": "USD"},
    },
    suppliers={"acme": {"name": "Acme Timber"}, "zenith": {"name": "Zenith Rail"}},
    tracking={"site": {"name": "North Site"}},
    settings={"exchange_rates": {"USD": {"2026-01-01": "0.7741", "2026-04-01": "0.7859"}, "EUR": "0.8512"}},
)


def open_desk(app: App, plan: CompanyPlan = PLAN) -> Desk:
    made = opened(app, "freeagent", plan, limits="off")
    return Desk(app, made.company.world, made.company, made.labels)
