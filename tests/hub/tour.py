"""One lawful request for each operation of the hub's public API, on a company that has data to answer with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.hub.bill_pay import tour as bill_pay
from tests.hub.desk import Answer, open_desk, transaction_id

from sandbooks.hub import profiles

C = "/companies/{companyId}"
E = f"{C}/sync/expenses"
K = f"{C}/connections/{{connectionId}}"
S = f"{E}/syncs/{{syncId}}"
T = "/transactions/{transactionId}"
BOUNDARY = "tour-of-the-hub"

Body = Callable[["Tour"], Any]


class Tour:
    """A company with a finished sync, a receipt, reads and writes; and what the operations' paths are filled with."""

    def __init__(self, *, first_version: bool = False) -> None:
        self.desk = desk = open_desk(tracking={"area": {"kind": "class", "name": "North"}})
        if first_version:
            with desk.world.unit():
                profiles.choose(desk.world, ["sync_for_expenses_v1"])
        answer = desk.send("POST", "/webhooks", {"url": ""} | {"url": "https://receiver.example/hook"})
        assert answer.status == 201
        self.sync = desk.push(desk.expense(1))
        desk.world.settle()
        self.other = desk.send("POST", "/companies", {"name": "Globex"}).body["id"]
        pending = desk.send("POST", f"/companies/{self.other}/connections", {"platformKey": "gbol"}).body["id"]
        contact = {"supplierName": "Fabrikam"}
        pushed = desk.send("POST", "{c}/connections/{k}/push/suppliers", contact).body["pushOperationKey"]
        desk.send("POST", "{c}/data/all")
        desk.world.settle()
        self.names = {
            **bill_pay.NAMES,
            "companyId": desk.company,
            "connectionId": desk.connection,
            "syncId": self.sync,
            "transactionId": transaction_id(1),
            "customerId": desk.labels["customers"]["client"],
            "supplierId": desk.supplier("airline"),
            "dataType": "suppliers",
            "datasetId": desk.get("{c}/data/history")["results"][0]["id"],
            "pushOperationKey": pushed,
            "platformKey": "qhyg",
            "productIdentifier": "expenses",
            "customDataIdentifier": "accounts-of-ours",
            "webhookId": answer.body["id"],
            "apiKeyId": "11111111-2222-4333-8444-555555555555",
        }
        self.pending = pending

    def path_of(self, template: str) -> str:
        changed = CHANGED.get(template, lambda tour: {})(self)
        filled = {**self.names, **changed}
        return re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], template)

    def visit(self, method: str, template: str) -> tuple[Any, Answer]:
        """Prepare and call an operation: the body that was sent, and the answer."""
        if template.endswith(bill_pay.BINARY):
            return None, bill_pay.downloaded(self, template)
        key = f"{method} {template}"
        body = BODIES[key](self) if key in BODIES else None
        path = PATHS[key](self) if key in PATHS else self.path_of(template)
        if isinstance(body, bytes):
            kind = (("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),)
            return None, self.desk.send(method, path, body, headers=kind)
        return body, self.desk.send(method, path, body)


CHANGED: dict[str, Callable[[Tour], dict[str, str]]] = {}


def _line(tour: Tour, amount: int = 7) -> dict[str, Any]:
    return {"netAmount": amount, "taxAmount": 0, "accountRef": {"id": tour.desk.account("travel")}}


def _update(tour: Tour) -> dict[str, Any]:
    body = tour.desk.expense(1, lines=[_line(tour, 8)])
    return {name: body[name] for name in ("type", "issueDate", "currency", "merchantName", "notes", "lines")}


def _reimbursable(tour: Tour, number: int) -> dict[str, Any]:
    return {
        "id": transaction_id(number),
        "contactRef": {"id": tour.desk.supplier("employee")},
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "notes": "Hotel",
        "lines": [_line(tour)],
    }


def _without_id(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "id"}


def _reimbursable_update(tour: Tour) -> dict[str, Any]:
    tour.desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [_reimbursable(tour, 8)])
    tour.desk.world.settle()
    return _without_id(_reimbursable(tour, 8))


def _adjustment(tour: Tour) -> list[dict[str, Any]]:
    lines = [
        {"amount": 5, "accountRef": {"id": tour.desk.account("travel")}, "description": "Moved"},
        {"amount": -5, "accountRef": {"id": tour.desk.account("meals")}, "description": "Moved"},
    ]
    return [{"id": transaction_id(6), "date": "2026-03-20", "currency": "GBP", "lines": lines}]


def _transfer(tour: Tour) -> dict[str, Any]:
    return {
        "date": "2026-03-20",
        "from": {"accountRef": {"id": tour.desk.account("bank")}, "amount": 25},
        "to": {"accountRef": {"id": tour.desk.account("reserve")}, "amount": 25},
        "description": "Reserve",
    }


def _receipt(_: Tour) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="receipt.png"\r\n'
    return f"{head}Content-Type: image/png\r\n\r\nPNG\r\n--{BOUNDARY}--\r\n".encode()


def _dataset(tour: Tour, number: int = 21) -> dict[str, Any]:
    item = tour.desk.expense(number)
    return {"items": [{**item, "lines": [_line(tour, 9)]}]}


def _initiated(tour: Tour) -> dict[str, Any]:
    made = tour.desk.send("POST", "{c}/sync/expenses/data/expense-transactions", _dataset(tour)).body["datasetId"]
    return {"datasetIds": [made]}


SETTING = {"dataType": "suppliers", "fetchOnFirstLink": True, "syncSchedule": 24, "syncOrder": 0, "syncFromWindow": 24}
CUSTOM = {
    "dataSource": "/query?query=select * from Account",
    "requiredData": {"name": "$.Name", "kind": "$.AccountType"},
    "keyBy": ["$.Id"],
    "sourceModifiedDate": ["$.MetaData.LastUpdatedTime"],
}
SUPPLEMENTAL = {"supplementalDataConfig": {"ours": {"dataSource": "/Vendor", "pullData": {"shown": "DisplayName"}}}}
CUSTOM_PATH = "/integrations/qhyg/dataTypes/custom/accounts-of-ours"


def _with_custom_type(tour: Tour) -> None:
    assert tour.desk.send("PUT", CUSTOM_PATH, CUSTOM).status == 200


def _with_custom_records(tour: Tour) -> str:
    _with_custom_type(tour)
    assert tour.desk.send("POST", "{c}/connections/{k}/data/queue/custom/accounts-of-ours").status == 200
    tour.desk.world.settle()
    return "{c}/connections/{k}/data/custom/accounts-of-ours"


def _custom_queue(tour: Tour) -> str:
    _with_custom_type(tour)
    return "{c}/connections/{k}/data/queue/custom/accounts-of-ours"


def _custom_configuration(tour: Tour) -> str:
    _with_custom_type(tour)
    return CUSTOM_PATH


def _supplemental_path(tour: Tour) -> str:
    path = "/integrations/qhyg/dataTypes/suppliers/supplementalDataConfig"
    assert tour.desk.send("PUT", path, SUPPLEMENTAL).status == 200
    return path


def _key_path(tour: Tour) -> str:
    made = tour.desk.send("POST", "/apiKeys", {"name": "to be deleted"}).body["id"]
    return f"/apiKeys/{made}"


def _reimbursable_path(_: Tour) -> str:
    return f"{{c}}/sync/expenses/reimbursable-expense-transactions/{transaction_id(8)}"


BODIES: dict[str, Body] = {
    "POST /companies": lambda tour: {"name": "Initech", "tags": {"region": "north"}},
    f"PUT {C}": lambda tour: {"name": "Acme", "description": "All of it"},
    f"PATCH {C}": lambda tour: {"description": "Some of it"},
    f"POST {C}/connections": lambda tour: {"platformKey": "gbol"},
    f"PATCH {K}": lambda tour: {"status": "Unlinked"},
    f"PUT {K}/authorization": lambda tour: {"accessToken": "given", "companyId": tour.desk.native.id},
    f"POST {E}/config": lambda tour: {
        "bankAccount": {"id": tour.desk.account("visa")},
        "supplier": {"id": tour.desk.supplier("airline")},
        "customer": {"id": tour.desk.labels["customers"]["client"]},
    },
    f"POST {E}/expense-transactions": lambda tour: [tour.desk.expense(2), tour.desk.expense(3, "Refund")],
    f"PUT {E}/expense-transactions/{{transactionId}}": _update,
    f"PUT {E}/transfer-transactions/{{transactionId}}": _transfer,
    f"POST {E}/adjustment-transactions": _adjustment,
    f"POST {E}/reimbursable-expense-transactions": lambda tour: [_reimbursable(tour, 7)],
    f"PUT {E}/reimbursable-expense-transactions/{{transactionId}}": _reimbursable_update,
    f"POST {E}/syncs/{{syncId}}{T}/attachments": _receipt,
    f"POST {E}/data/expense-transactions": _dataset,
    f"POST {E}/syncs": _initiated,
    f"POST {K}/push/accounts": lambda tour: {"name": "Parking", "type": "Expense", "currency": "GBP"},
    f"POST {K}/push/bankAccounts": lambda tour: {"accountName": "Savings", "accountType": "Debit", "currency": "GBP"},
    f"POST {K}/push/customers": lambda tour: {"customerName": "Tailspin", "status": "Active"},
    f"PUT {K}/push/customers/{{customerId}}": lambda tour: {"customerName": "Northwind Ltd", "status": "Active"},
    f"POST {K}/push/suppliers": lambda tour: {"supplierName": "Litware", "status": "Active"},
    f"PUT {K}/push/suppliers/{{supplierId}}": lambda tour: {"supplierName": "Contoso Airways", "status": "Active"},
    f"POST {C}/products/{{productIdentifier}}/refresh": lambda tour: {"dataTypes": ["suppliers"]},
    f"POST {C}/syncSettings": lambda tour: {
        "companyId": tour.desk.company,
        "settings": [SETTING],
        "overridesDefaults": True,
    },
    "POST /profile/syncSettings": lambda tour: {
        "clientId": tour.desk.world.ids.fixed_uuid("codat/client"),
        "settings": [SETTING],
        "overridesDefaults": True,
    },
    "POST /corsSettings": lambda tour: {"allowedOrigins": ["https://app.example"]},
    "POST /connectionManagement/corsSettings": lambda tour: {"allowedOrigins": ["https://app.example"]},
    "POST /webhooks": lambda tour: {"url": "https://receiver.example/hook", "eventTypes": ["read.completed"]},
    "PUT /profile": lambda tour: {"name": "Ours", "redirectUrl": "https://app.example/{companyId}"},
    "POST /apiKeys": lambda tour: {"name": "second"},
    "PUT /integrations/{platformKey}/dataTypes/{dataType}/supplementalDataConfig": lambda tour: SUPPLEMENTAL,
    "PUT /integrations/{platformKey}/dataTypes/custom/{customDataIdentifier}": lambda tour: CUSTOM,
}
PATHS: dict[str, Callable[[Tour], str]] = {
    f"POST {C}/connections": lambda tour: f"/companies/{tour.other}/connections",
    f"PUT {K}/authorization": lambda tour: "{c}/connections/{k}/authorization",
    f"PUT {E}/transfer-transactions/{{transactionId}}": lambda tour: (
        f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(5)}"
    ),
    f"PUT {E}/reimbursable-expense-transactions/{{transactionId}}": _reimbursable_path,
    f"PUT {C}/products/{{productIdentifier}}": lambda tour: "{c}/products/spend-insights",
    f"GET {K}/options/{{dataType}}": lambda tour: "{c}/connections/{k}/options/suppliers",
    "DELETE /apiKeys/{apiKeyId}": _key_path,
    "GET /integrations/{platformKey}/dataTypes/{dataType}/supplementalDataConfig": _supplemental_path,
    "GET /integrations/{platformKey}/dataTypes/custom/{customDataIdentifier}": _custom_configuration,
    f"POST {K}/data/queue/custom/{{customDataIdentifier}}": _custom_queue,
    f"GET {K}/data/custom/{{customDataIdentifier}}": _with_custom_records,
}
BODIES |= bill_pay.BODIES
PATHS |= bill_pay.PATHS
