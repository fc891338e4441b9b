"""Somebody who listens to the hub's events, and a file on its way to a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.hub.desk import Answer, Desk

from sandbooks import exact_json
from sandbooks.wire import Request, Response

BOUNDARY = "hub-test-file"


class Receiver:
    """Answers every delivery with one status, or with nothing; keeps what came, and when."""

    def __init__(self, desk: Desk, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.requests: list[Request] = []
        self.times: list[datetime] = []
        self.status = status
        self._headers = headers
        self._world = desk.world
        desk.app.receivers += [(f"https://{host}.example/", self.receive) for host in ("receiver", "rules")]

    def receive(self, request: Request) -> Response:
        self.requests.append(request)
        self.times.append(self._world.clock.now())
        return Response(self.status, self._headers)

    def bodies(self) -> list[dict[str, Any]]:
        return [exact_json.loads(request.body) for request in self.requests]

    def events(self) -> list[str]:
        return [body["eventType"] for body in self.bodies()]


def consumer(desk: Desk, *events: str, **more: Any) -> dict[str, Any]:
    """A webhook consumer as it was created."""
    body = {"url": "https://receiver.example/hook", **({"eventTypes": list(events)} if events else {}), **more}
    answer = desk.send("POST", "/webhooks", body)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.body
    return made


def attach(desk: Desk, sync: str, transaction: str, *, name: str = "receipt.png", size: int = 9) -> Answer:
    """Send a file along with a transaction."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + b"x" * size + f"\r\n--{BOUNDARY}--\r\n".encode()
    path = f"{{c}}/sync/expenses/syncs/{sync}/transactions/{transaction}/attachments"
    return desk.send("POST", path, body, headers=(("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),))
