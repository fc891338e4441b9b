"""The bundled hub as a driver: a small, careful client of its expense API and its bill pay.

It hands transactions over as the contract has them, sends again whatever was not answered (an id is posted once), and
reports what the hub tells. For trying the harness, and for judging the hub itself by it.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any

from sandbooks import exact_json
from sandbooks.harness.hub_bills import Bills
from sandbooks.replay.hub_bodies import said, transaction_body, update_body

Json = dict[str, Any]

TRIES = 6
POLLS = 60
POLL_S = 15
CONFLICT = 409
STATUSES = {"Completed": "completed", "PushError": "failed", "ValidationError": "failed"}
PATHS = {"reimbursable": "reimbursable-expense-transactions", "adjustment": "adjustment-transactions"}
EXPENSES = "expense-transactions"


class NoAnswer(Exception):
    """The hub gave no whole answer, however often it was asked."""


class Hub:
    """A client of the hub. ``stored`` is what outlives a restart."""

    platforms = ("codat",)

    def connect(self, environment: Json) -> None:
        self.environment = environment
        self.stored: dict[str, Json] = {}
        self.restart()
        self._configure()

    def restart(self) -> None:
        import requests

        self._session = requests.Session()
        self._session.trust_env = False
        key = base64.b64encode(self.environment["credentials"]["api_key"].encode()).decode()
        self._session.headers["Authorization"] = f"Basic {key}"

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._hand_over(given) for given in transactions]

    def update(self, transaction: Json) -> Json:
        kind = transaction["kind"]
        if kind in ("adjustment", "transfer"):
            return _receipt(transaction, f"{kind} transactions cannot be changed")
        body = update_body(transaction, no_tax=self._no_tax)
        status, answer = self._call("PUT", f"{PATHS.get(kind, EXPENSES)}/{transaction['id']}", body)
        known, newest = self.stored.get(transaction["id"], {}).get("sync"), ""
        if status == CONFLICT:  # it is being written: by an earlier try of this one, whose answer was lost?
            newest = self._sync_of(transaction["id"])
        if newest and newest != known:
            return self._noted(transaction, newest)
        return self._noted(transaction, "" if status >= 400 else str(answer["syncId"]), why=said(answer))

    def attach(self, attachment: Json) -> None:
        sync = self.stored.get(attachment["transaction"], {}).get("sync", "none")
        path = f"syncs/{sync}/transactions/{attachment['transaction']}/attachments"
        content = base64.b64decode(attachment["content"])
        files = {"file": (attachment["name"], content, attachment["type"])}
        status, answer = self._send("POST", f"{self._expenses}/{path}", files=files)
        if status >= 400:
            raise ValueError(f"the hub does not take {attachment['name']}: {said(answer)}")

    def submit_bills(self, given: Json) -> list[Json]:
        for bill in given["bills"]:
            self._bills.bill(bill)
        if given["payments"]:
            self.settle()  # a payment names its bills by what they are called in the books
        return [_receipt(bill) for bill in given["bills"]] + [
            _receipt(payment, self._bills.payment(payment)) for payment in given["payments"]
        ]

    def settle(self) -> None:
        for _ in range(POLLS):
            waiting = [id for id, row in self.stored.items() if row["status"] == "pending"]
            for id in waiting:
                self._look(id)
            if all(self.stored[id]["status"] != "pending" for id in waiting):
                return
            time.sleep(POLL_S)  # noqa: TID251 - a client's own waiting; the harness turns it into the world's time

    def outcomes(self) -> dict[str, Json]:
        return {id: {name: row[name] for name in ("status", "native_id", "message")} for id, row in self.stored.items()}

    # The hub's API

    @property
    def _bills(self) -> Bills:
        return Bills(self.environment, self.stored, send=self._below, no_tax=self._no_tax)

    @property
    def _expenses(self) -> str:
        return f"{self.environment['base_url']}/companies/{self.environment['company_id']}/sync/expenses"

    @property
    def _no_tax(self) -> str:
        """The hub's tax rate that means none, where a platform must be told one."""
        return str(self.environment["company"].get("taxes", {}).get("none", ""))

    def _configure(self) -> None:
        defaults: Mapping[str, str] = self.environment.get("defaults") or {}
        members = {"bankAccount": "bank_account", "supplier": "supplier", "customer": "customer"}
        body = {member: {"id": defaults[name]} if name in defaults else {} for member, name in members.items()}
        self._call("POST", "config", body)

    def _hand_over(self, given: Json) -> Json:
        if given["kind"] == "transfer":
            status, answer = self._call(
                "PUT", f"transfer-transactions/{given['id']}", transaction_body(given, no_tax=self._no_tax)
            )
        else:
            status, answer = self._call(
                "POST", PATHS.get(given["kind"], EXPENSES), [transaction_body(given, no_tax=self._no_tax)]
            )
        return self._taken(given, status, answer)

    def _taken(self, given: Json, status: int, answer: Any) -> Json:
        if status >= 400 and given["id"] in self.stored:
            return _receipt(given)  # what was handed over before stands as it is
        sync = str(answer.get("syncId") or "") if status < 400 else self._sync_of(given["id"])
        return self._noted(given, sync, why=said(answer))

    def _noted(self, given: Json, sync: str, *, why: str = "") -> Json:
        """What was taken waits for the end of its sync."""
        if not sync:
            return _receipt(given, why or "refused")
        row = {"status": "pending", "native_id": None, "message": None, "sync": sync}
        self.stored[given["id"]] = row
        return _receipt(given)

    def _sync_of(self, id: str) -> str:
        """The sync that holds a transaction: the hub may have taken it although its answer was lost."""
        _, syncs = self._call("GET", "syncs/list/status")
        for sync in syncs if isinstance(syncs, list) else []:
            _, answer = self._call("GET", f"syncs/{sync['syncId']}/transactions/{id}")
            rows = answer if isinstance(answer, list) else [answer]
            if any(isinstance(row, dict) and row.get("transactionId") == id for row in rows):
                return str(sync["syncId"])
        return ""

    def _look(self, id: str) -> None:
        if "path" in self.stored[id]:
            self._bills.look(id)
            return
        status, answer = self._call("GET", f"syncs/{self.stored[id]['sync']}/transactions/{id}")
        rows = answer if isinstance(answer, list) else [answer]
        row = next((r for r in rows if isinstance(r, dict) and r.get("transactionId") == id), None)
        if status != 200 or row is None:
            return
        told = STATUSES.get(str(row.get("status")), "pending")
        self.stored[id] |= {"status": told, "native_id": None, "message": row.get("message") or None}

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else exact_json.dumps(body)
        return self._send(method, f"{self._expenses}/{path}", data=data)

    def _below(self, method: str, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        data = None if body is None else exact_json.dumps(body)
        return self._send(method, f"{self.environment['base_url']}/{path}", data=data, key=key)

    def _send(
        self, method: str, url: str, *, data: bytes | None = None, files: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """One request, sent again until it is answered: the hub knows an id that it has seen, or the key."""
        import requests

        headers = {"Content-Type": "application/json"} if data is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        for attempt in range(TRIES):
            try:
                answer = self._session.request(method, url, data=data, files=files, headers=headers, timeout=60)
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer.status_code, exact_json.loads(answer.content) if answer.content else None
                wait = float(answer.headers.get("Retry-After", 2**attempt))
            except (requests.RequestException, exact_json.MalformedJson):
                wait = float(2**attempt)
            time.sleep(wait)  # noqa: TID251 - waits as a client does; the harness turns it into the world's time
        raise NoAnswer(f"{method} {url} was not answered {TRIES} times")


def _receipt(given: Json, why: str = "") -> Json:
    return {"id": given["id"], "accepted": not why, "message": why or None}
