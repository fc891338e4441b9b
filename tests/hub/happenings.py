"""Each event of the hub, made to happen: what a consumer would be sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.hub.desk import Desk, open_desk

from sandbooks import exact_json
from sandbooks.kit import outbox


def body_of(event: str) -> dict[str, Any]:
    """The body of an event that was made to happen in a new world. Raises ``AssertionError`` when it did not."""
    desk = open_desk()
    made = desk.send("POST", "/webhooks", {"url": "https://receiver.example/hook"})
    assert made.status == 201
    event = event.replace("{dataType}", "suppliers")
    HAPPENINGS[event](desk)
    found = [d for d in outbox.deliveries(desk.world) if d["event"] == event]
    assert found, f"{event} did not happen"
    body: dict[str, Any] = exact_json.loads(found[-1]["body"])
    return body


def _synced(desk: Desk, **changes: Any) -> None:
    desk.push(desk.expense(1, **changes))
    desk.world.settle()


def _company(desk: Desk) -> str:
    return str(desk.send("POST", "/companies", {"name": "Globex", "tags": {"region": "north"}}).body["id"])


def _company_deleted(desk: Desk) -> None:
    desk.send("DELETE", f"/companies/{_company(desk)}")


def _connection(desk: Desk) -> tuple[str, str]:
    company = _company(desk)
    made = desk.send("POST", f"/companies/{company}/connections", {"platformKey": "gbol"}).body["id"]
    return company, made


def _cancelled(desk: Desk) -> None:
    company, connection = _connection(desk)
    desk.send_form(f"/companies/{company}/connections/{connection}/start", {"choice": "cancel"})


def _unlinked(desk: Desk) -> None:
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 200


def _relinked(desk: Desk) -> None:
    _unlinked(desk)
    desk.authorise()


def _read(desk: Desk) -> None:
    desk.send("POST", "{c}/data/all")
    desk.world.settle()


def _supplier(desk: Desk, name: str = "Fabrikam") -> None:
    desk.send("POST", "{c}/connections/{k}/push/suppliers", {"supplierName": name})
    desk.world.settle()


def _refused_supplier(desk: Desk) -> None:
    _supplier(desk)
    _supplier(desk)


def _quota(desk: Desk) -> None:
    desk.spend_quota()


def _quota_reset(desk: Desk) -> None:
    desk.spend_quota()
    desk.world.advance(by=timedelta(days=1))


HAPPENINGS: dict[str, Callable[[Desk], Any]] = {
    "expenses.sync.successful": _synced,
    "expenses.sync.unsuccessful": lambda desk: _synced(desk, currency="JPY"),
    "company.created": _company,
    "company.deleted": _company_deleted,
    "company.product.added": lambda desk: desk.send("PUT", "{c}/products/spend-insights"),
    "company.product.removed": lambda desk: desk.send("DELETE", "{c}/products/expenses"),
    "connection.created": _connection,
    "connection.connected": lambda desk: desk.linked_company(),
    "connection.failed": _cancelled,
    "connection.disconnected": _unlinked,
    "connection.reconnected": _relinked,
    "connection.deleted": lambda desk: desk.send("DELETE", "{c}/connections/{k}"),
    "read.completed": _read,
    "read.completed.initial": lambda desk: desk.linked_company(),
    "suppliers.write.successful": _supplier,
    "suppliers.write.unsuccessful": _refused_supplier,
    "client.rateLimit.reached": _quota,
    "client.rateLimit.reset": _quota_reset,
}
