"""A QuickBooks Online company in process, reached over plain wire requests, and documents to send to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from tests.platforms.quickbooks_online import contract

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit.company import Company
from sandbooks.platforms.quickbooks_online.api.operations import OPERATIONS
from sandbooks.wire import Request, Response

HOST = "https://quickbooks.api.intuit.com"


class Client:
    """A company and its credentials: speaks JSON, expects answers."""

    def __init__(self, app: App, company: Company, labels: Any, credentials: dict[str, str]) -> None:
        self.app = app
        self.company = company
        self.labels = labels
        self.credentials = credentials
        self.realm = company.id
        self.token = credentials["access_token"]

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
        **query: str,
    ) -> Response:
        url = f"{HOST}/v3/company/{self.realm}/{path}"
        if query:
            url += "?" + urlencode(query)
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **(headers or {})}
        if raw is None:
            raw = b"" if body is None else exact_json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        answer = self.app.edge.dispatch(Request(method, url, tuple(sent.items()), raw), raises=True)
        assert isinstance(answer, Response)
        contract.check(operation_of(method, path), answer)
        return answer

    def get(self, path: str, **query: str) -> Any:
        return exact_json.loads(self.send("GET", path, **query).body)

    def post(self, path: str, body: Any, **query: str) -> Any:
        answer = self.send("POST", path, body, **query)
        told = exact_json.loads(answer.body)
        assert answer.status == 200, told
        return told

    def make(self, kind: str, body: Any, **query: str) -> Any:
        """Create or change one record; the record as answered."""
        return self.post(kind.lower(), body, **query)[kind]

    def fault(self, path: str, body: Any, *, method: str = "POST", **query: str) -> tuple[int, str, str]:
        """Status, code and detail of a refusal."""
        answer = self.send(method, path, body, **query)
        error = exact_json.loads(answer.body)["Fault"]["Error"][0]
        return answer.status, error["code"], error["Detail"]

    def query(self, statement: str) -> Any:
        return self.get("query", query=statement)["QueryResponse"]

    def account(self, label: str) -> str:
        return str(self.labels["accounts"][label])

    def balance(self, label: str) -> Decimal:
        """What an account holds in home currency; debit > 0."""
        id = self.labels["accounts"].get(label, label)
        return self.company.book.balance(id).base.amount

    def trial(self) -> dict[str, Decimal]:
        return {row.account.name: row.balance.base.amount for row in self.company.book.trial_balance()}

    def named(self, kind: str, name: str) -> str:
        """The id of a list record by its name."""
        field = "DisplayName" if kind in ("Vendor", "Customer", "Employee") else "Name"
        return str(self.company.records.find(kind, field, name.lower())[0].id)


def operation_of(method: str, path: str) -> str:
    """The operation that a path below the realm means."""
    wanted = path.partition("?")[0].lower().split("/")
    for operation in OPERATIONS:
        rule = operation.rule.removeprefix("/v3/company/<realm>/").split("/")
        same = len(rule) == len(wanted) and all(
            (r.startswith("<") and w) or r == w for r, w in zip(rule, wanted, strict=True)
        )
        if same and operation.method == method:
            return operation.name
    return ""


def line(account: str, amount: str, **detail: Any) -> dict[str, Any]:
    """An account line of a purchase or bill."""
    return {
        "Amount": Decimal(amount),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": account}, **detail},
    }


ACCOUNTS = {
    "bank": {"type": "bank", "name": "Main bank"},
    "card": {"type": "credit_card", "name": "Corporate card"},
    "usd_card": {"type": "credit_card", "name": "Dollar card", "currency": "USD"},
    "eur_bank": {"type": "bank", "name": "Euro bank", "currency": "EUR"},
    "travel": {"type": "expense", "name": "Flights"},
    "meals": {"type": "expense", "name": "Meals"},
    "income": {"type": "income", "name": "Rebates"},
}
SUPPLIERS = {
    "airline": {"name": "Contoso Airways"},
    "hotel": {"name": "Fabrikam Inn", "currency": "EUR"},
}


def journal_line(account: str, amount: str, way: str, **detail: Any) -> dict[str, Any]:
    """A line of a journal entry."""
    return {
        "Amount": Decimal(amount),
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": {"PostingType": way, "AccountRef": {"value": account}, **detail},
    }


def bill_payment(
    client: Client, supplier: str, total: str, paid: Any, amount: str, *, kind: str = "Bill", **members: Any
) -> dict[str, Any]:
    """A payment by bank of one bill (or what else is open)."""
    return {
        "VendorRef": {"value": client.labels["suppliers"][supplier]},
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": client.account("bank")}},
        "TotalAmt": Decimal(total),
        "Line": [{"Amount": Decimal(amount), "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": kind}]}],
        **members,
    }


def purchase(client: Client, amount: str = "4.05", **members: Any) -> dict[str, Any]:
    """An untaxed card charge on travel."""
    return {
        "AccountRef": {"value": client.account("card")},
        "PaymentType": "CreditCard",
        "Line": [line(client.account("travel"), amount)],
        "GlobalTaxCalculation": "NotApplicable",
        **members,
    }
