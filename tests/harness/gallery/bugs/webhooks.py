"""Bugs in receiving webhooks."""

from __future__ import annotations

import json
from typing import Any

from tests.harness.gallery.client.hub import SUCCESS, HubDriver
from tests.harness.gallery.registry import bug


@bug(
    "A second delivery of one message is acted on again, and the receipts go out twice", severity="S2", origin="FM-107"
)
class P42(HubDriver):
    def is_new(self, message: str) -> bool:
        return True

    def heard(self, event: Any) -> None:
        if event["eventType"] == SUCCESS:
            self.poll_all()
            for told in event["payload"]["transactions"]:
                self.store.put("told", told["id"], told["status"])
                for file in self.store.rows("files"):
                    if file["transaction"] == told["id"]:
                        self.upload(file)

    def file_key(self, file: Any) -> str:
        return f"{file['id']}-{self.store.number('upload')}"

    def ready(self) -> list[dict[str, Any]]:
        """Receipts wait for the hub's word; those that come later go out at once."""
        return [file for file in super().ready() if self.store.get("told", file["transaction"])]


@bug("The signature is computed over the body as JSON writes it again", severity="S3", origin="FM-111")
class P51(HubDriver):
    def signature(self, secret: str, id: str, at: str, body: bytes) -> str:
        return super().signature(secret, id, at, json.dumps(json.loads(body), separators=(",", ":")).encode())
