"""The expense program that a scenario plays: a plain client of the hub's API."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbooks import exact_json
from sandbooks.replay.payables import Payable, look
from sandbooks.replay.transport import Control
from sandbooks.wire import Cut, Request, Response

Json = Any


class NoAnswer(Exception):
    """The hub gave no whole answer."""


@dataclass
class HubClient:
    """One hub company. ``syncs`` are the syncs that carry a transaction, by its id, newest last; ``handed`` are bills
    and payments by id."""

    control: Control
    api_key: str
    company_id: str
    connection_id: str
    syncs: dict[str, list[str]] = field(default_factory=dict)
    last_sync: str = ""
    handed: dict[str, Payable] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Json = None, *, key: str = "") -> tuple[int, Json]:
        """One call below the hub: status and decoded body. ``key`` is the client's own for a request it may repeat."""
        data = b"" if body is None else exact_json.dumps(body)
        answer = self.send(method, path, data, "application/json" if data else "", key=key)
        try:
            return answer.status, exact_json.loads(answer.body) if answer.body else None
        except exact_json.MalformedJson:
            return answer.status, answer.body.decode("utf-8", "replace")

    def send(self, method: str, path: str, data: bytes, content_type: str, *, key: str = "") -> Response:
        """One raw call below the hub."""
        headers = [("Authorization", "Basic " + base64.b64encode(self.api_key.encode()).decode())]
        if content_type:
            headers.append(("Content-Type", content_type))
        if key:
            headers.append(("Idempotency-Key", key))
        url = f"{self.control.base_url}/codat{path}"
        answer = self.control.transport.send(Request(method, url, tuple(headers), data))
        if isinstance(answer, Cut):
            raise NoAnswer(f"{method} {path}: {answer.how}")
        return answer

    @property
    def company(self) -> str:
        return f"/companies/{self.company_id}"

    @property
    def payables(self) -> str:
        return f"{self.company}/connections/{self.connection_id}/payables"

    @property
    def pushes(self) -> str:
        return f"{self.company}/connections/{self.connection_id}/push"

    @property
    def expenses(self) -> str:
        return f"{self.company}/sync/expenses"

    def push(self, operation: str, bodies: list[Json], ids: list[str]) -> tuple[int, Json]:
        """Create transactions of one operation."""
        if operation == "transfer":
            status, answer = self.call("PUT", f"{self.expenses}/transfer-transactions/{ids[0]}", bodies[0])
        else:
            path = {"reimbursable": "reimbursable-expense", "adjustment": "adjustment"}.get(operation, "expense")
            status, answer = self.call("POST", f"{self.expenses}/{path}-transactions", bodies)
        self._note(status, answer, ids)
        return status, answer

    def update(self, operation: str, id: str, body: Json) -> tuple[int, Json]:
        """Change one transaction."""
        path = {"reimbursable": "reimbursable-expense", "transfer": "transfer"}.get(operation, "expense")
        status, answer = self.call("PUT", f"{self.expenses}/{path}-transactions/{id}", body)
        self._note(status, answer, [id])
        return status, answer

    def _note(self, status: int, answer: Json, ids: list[str]) -> None:
        if status < 300 and isinstance(answer, dict) and "syncId" in answer:
            self.last_sync = str(answer["syncId"])
            for id in ids:
                self.syncs.setdefault(id, []).append(self.last_sync)

    def outcome(self, id: str) -> tuple[str, str]:
        """Status and message of a transaction in its newest sync."""
        payable = self.handed.get(id)
        if payable is not None:
            look(self, payable)
            return payable.status, payable.message
        if id not in self.syncs:
            return "", ""
        _, answer = self.call("GET", f"{self.expenses}/syncs/{self.syncs[id][-1]}/transactions/{id}")
        rows = answer if isinstance(answer, list) else [answer]
        row = next((r for r in rows if isinstance(r, dict) and r.get("transactionId") == id), {})
        return str(row.get("status", "")), str(row.get("message") or "")

    def sync_code(self) -> int:
        """The code of the newest sync."""
        _, answer = self.call("GET", f"{self.expenses}/syncs/latest/status")
        return int(answer["syncStatusCode"]) if isinstance(answer, dict) and "syncStatusCode" in answer else 0

    def connection_status(self) -> str:
        """The status of the accounting connection."""
        _, answer = self.call("GET", f"{self.company}/connections/{self.connection_id}")
        return str(answer.get("status", "")) if isinstance(answer, dict) else ""

    def attach(self, id: str, *, name: str, content_type: str, content: bytes) -> tuple[int, Json]:
        """Attach a file to a transaction."""
        boundary = "sandbooks-scenario-file"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        data = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        path = f"{self.expenses}/syncs/{self.syncs.get(id, ['none'])[-1]}/transactions/{id}/attachments"
        answer = self.send("POST", path, data, f"multipart/form-data; boundary={boundary}")
        try:
            return answer.status, exact_json.loads(answer.body)
        except exact_json.MalformedJson:
            return answer.status, None

    def mapping_options(self) -> Json:
        """Accounts, tax rates and tracking as the hub offers them."""
        return self.call("GET", f"{self.expenses}/mappingOptions")[1]

    def refresh(self) -> None:
        """Read every data type of the platform anew."""
        self.call("POST", f"{self.company}/data/all")

    def pages(self, path: str) -> Iterator[Json]:
        """Every row of a paged list."""
        page = 1
        while True:
            _, answer = self.call("GET", f"{self.company}/data/{path}?page={page}&pageSize=100")
            rows = answer.get("results", []) if isinstance(answer, dict) else []
            yield from rows
            if len(rows) < 100:
                return
            page += 1
