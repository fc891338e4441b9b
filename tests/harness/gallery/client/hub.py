"""The reference client of the hub: the same verbs over a Codat-compatible Expenses API.

The hub knows a transaction by its id, so that a push can be repeated: what it has already is answered as such. A push
without an answer is looked for among the syncs before it is sent again. The hub tells of the end of a sync by a signed
webhook; whoever misses one finds the same by asking.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import requests
from tests.harness.gallery.client import transport
from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, SignInLost, Unavailable
from tests.harness.gallery.client.engine import COMPLETE, FAILED, IN_PROGRESS, QUEUED
from tests.harness.gallery.client.store import Store
from tests.harness.gallery.client.transport import Answer

Json = dict[str, Any]
ATTEMPTS = 6
ROUNDS = 20
PAUSE_S = 30
PATHS = {"reimbursable": "reimbursable-expense-transactions", "adjustment": "adjustment-transactions"}
ENDED = ("Completed", "PushError", "ValidationError")
SUCCESS = "expenses.sync.successful"
KEYS = UUID("6f9f2e62-9d3c-4c4e-8f38-1d2f3a8d5b10")


class HubDriver:
    """A product that posts expenses through the hub."""

    platforms: tuple[str, ...] = ("codat",)
    Transport: type[transport.Transport] = transport.Transport

    # Life

    def connect(self, environment: Json) -> None:
        self.store = Store()
        self.environment = environment
        self.begin()

    def begin(self) -> None:
        self.http = requests.Session()
        credentials = self.environment["credentials"]
        key = base64.b64encode(credentials["api_key"].encode()).decode()
        self.transport = self.Transport(self, None, {"Authorization": f"Basic {key}"})  # type: ignore[arg-type]  # not a product but its hub: the transport asks it for no more
        self.root = f"{self.environment['base_url']}/companies/{self.environment['company_id']}"
        self.expenses = f"{self.root}/sync/expenses"

    def restart(self) -> None:
        self.http.close()
        self.begin()

    # Taking

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._submit(given) for given in transactions]

    def _submit(self, given: Json) -> Json:
        known = self.store.get("transactions", given["id"])
        if known is not None and known["given"] != given:
            return _receipt(given, "the id was used for another transaction")
        foreign = given["kind"] != "transfer" and given["currency"] != self.environment["company"]["currency"]
        if foreign and not given.get("rate"):
            return _receipt(given, "a rate is needed")
        if known is None or known["status"] == FAILED:
            row = {"id": given["id"], "given": given, "status": QUEUED, "message": "", "sync": None, "tries": 0}
            self.store.put("transactions", given["id"], {**row, "push": self.store.number("push")})
        return _receipt(given)

    def update(self, given: Json) -> Json:
        known = self.store.get("transactions", given["id"])
        if known is None or known["status"] != COMPLETE or given["kind"] not in ("payment", "reimbursable"):
            return _receipt(given, "only what is in the books can be changed")
        body = self.body(given)
        body.pop("id")
        if given["kind"] == "payment":
            body.pop("reference", None)
        path = f"{PATHS.get(given['kind'], 'expense-transactions')}/{given['id']}"
        for attempt in range(ATTEMPTS):
            try:
                answer = self.transport.write("PUT", f"{self.expenses}/{path}", body=body)
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(2**attempt)  # the same state once more does no harm
            else:
                if answer.status not in (200, 202):
                    return _receipt(given, said(answer))
                row = {"given": given, "status": IN_PROGRESS, "sync": answer.body["syncId"]}
                self.store.change("transactions", given["id"], **row)
                return _receipt(given)
        return _receipt(given, "the hub could not be reached")

    def attach(self, attachment: Json) -> None:
        if self.store.get("files", attachment["id"]) is None:
            self.store.put("files", attachment["id"], {**attachment, "status": "waiting"})
        for file in self.ready():
            if file["id"] == attachment["id"]:
                self.upload(file)
        if self.store.get("files", attachment["id"])["status"] == "not taken":
            raise Refused("the file is not taken")

    # Working

    def settle(self) -> None:
        for _ in range(ROUNDS):
            try:
                self.configure()
                self.push_all()
                self.poll_all()
                self.upload_all()
            except Unavailable:
                pass
            except SignInLost as lost:
                self.lost(str(lost))
                return
            if not self.under_way():
                return
            time.sleep(PAUSE_S)

    def under_way(self) -> bool:
        waits = [row for row in self.store.rows("transactions") if row["status"] in (QUEUED, IN_PROGRESS)]
        return bool(waits) or bool(self.ready())

    def lost(self, message: str) -> None:
        for row in self.store.rows("transactions"):
            if row["status"] == QUEUED and not row["tries"]:
                self.store.change("transactions", row["id"], status=FAILED, message=message)

    def configure(self) -> None:
        """Tell the hub the defaults, once."""
        defaults = self.environment.get("defaults") or {}
        if not defaults or self.store.get("state", "configured"):
            return
        names = {"bank_account": "bankAccount", "supplier": "supplier", "customer": "customer"}
        body = {theirs: {"id": defaults[ours]} if defaults.get(ours) else {} for ours, theirs in names.items()}
        try:
            answer = self.transport.write("POST", f"{self.expenses}/config", body=body)
        except RateLimited as limited:
            time.sleep(limited.wait_s)
            raise Unavailable("limited") from limited
        except OutcomeUnknown as error:
            raise Unavailable(str(error)) from error
        if answer.status == 200:
            self.store.put("state", "configured", True)

    # Pushing

    def push_all(self) -> None:
        queued = [row for row in self.store.rows("transactions") if row["status"] == QUEUED]
        for operation in dict.fromkeys(operation_of(row["given"]) for row in queued):
            group = [row for row in queued if operation_of(row["given"]) == operation]
            if operation == "transfer":
                for row in group:
                    self.push([row])
            else:
                self.push(group)

    def push(self, rows: Sequence[Json]) -> None:
        """Hand transactions to the hub. A dataset that is turned away is handed over one by one."""
        if any(row["tries"] for row in rows):
            rows = [row for row in rows if not self.adopted(row)]
        for row in rows:
            self.store.change("transactions", row["id"], tries=row["tries"] + 1)
        if not rows:
            return
        try:
            answer = self.sent(rows)
        except RateLimited as limited:
            time.sleep(limited.wait_s)
            return
        except OutcomeUnknown:
            return
        if answer.status == 200:
            for row in rows:
                self.store.change("transactions", row["id"], status=IN_PROGRESS, sync=answer.body["syncId"])
        elif len(rows) > 1:
            for row in rows:
                self.push([row])
        elif not self.adopted(rows[0]):
            self.store.change("transactions", rows[0]["id"], status=FAILED, message=said(answer))

    def sent(self, rows: Sequence[Json]) -> Answer:
        given = [row["given"] for row in rows]
        if given[0]["kind"] == "transfer":
            url = f"{self.expenses}/transfer-transactions/{given[0]['id']}"
            return self.transport.write("PUT", url, body=self.body(given[0]))
        url = f"{self.expenses}/{PATHS.get(given[0]['kind'], 'expense-transactions')}"
        key = "-".join(f"{row['id']}-{row['push']}-{row['tries']}" for row in rows)
        headers = {"Idempotency-Key": str(uuid5(KEYS, key))}
        return self.transport.write("POST", url, body=[self.body(one) for one in given], headers=headers)

    def adopted(self, row: Json) -> bool:
        """Whether the hub has the transaction in one of its syncs; then that sync is followed."""
        answer = self.transport.read(f"{self.expenses}/syncs/list/status")
        for sync in reversed(answer.body if isinstance(answer.body, list) else []):
            found = self.row_of(sync["syncId"], row["id"])
            if found and found["status"] not in ("PushError", "ValidationError"):
                self.store.change("transactions", row["id"], status=IN_PROGRESS, sync=sync["syncId"])
                return True
        return False

    # Following

    def poll_all(self) -> None:
        for row in self.store.rows("transactions"):
            if row["status"] == IN_PROGRESS:
                self.poll(row)

    def poll(self, row: Json) -> None:
        found = self.row_of(row["sync"], row["id"])
        if found and found["status"] in ENDED:
            status = COMPLETE if found["status"] == "Completed" else FAILED
            message = "" if status == COMPLETE else found.get("message") or found["status"]
            self.store.change("transactions", row["id"], status=status, message=message)

    def row_of(self, sync: str, id: str) -> Json | None:
        answer = self.transport.read(f"{self.expenses}/syncs/{sync}/transactions/{id}")
        rows = answer.body if isinstance(answer.body, list) else [answer.body]
        return next((r for r in rows if isinstance(r, dict) and r.get("transactionId") == id), None)

    # Files

    def ready(self) -> list[Json]:
        done = {row["id"] for row in self.store.rows("transactions") if row["status"] == COMPLETE}
        return [f for f in self.store.rows("files") if f["status"] == "waiting" and f["transaction"] in done]

    def upload_all(self) -> None:
        for file in self.ready():
            self.upload(file)

    def upload(self, file: Json) -> None:
        sync = self.store.get("transactions", file["transaction"])["sync"]
        url = f"{self.expenses}/syncs/{sync}/transactions/{file['transaction']}/attachments"
        boundary = f"part-{file['id']}"
        name = json.dumps(file["name"], ensure_ascii=False)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename={name}\r\n'
        data = f"{head}Content-Type: {file['type']}\r\n\r\n".encode() + base64.b64decode(file["content"])
        data += f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": self.file_key(file)}
        try:
            answer = self.transport.write("POST", url, data=data, headers=headers)
        except RateLimited as limited:
            time.sleep(limited.wait_s)
            return
        except OutcomeUnknown:
            return
        self.store.change("files", file["id"], status="stored" if answer.status == 200 else "not taken")

    def file_key(self, file: Json) -> str:
        return str(file["id"])

    # Webhooks

    def receive(self, delivery: Json) -> Json:
        """One delivery. The same message may come again; what it says is asked for anew."""
        told = {name.lower(): value for name, value in delivery["headers"].items()}
        id, at = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
        body = base64.b64decode(delivery["body"])
        signed = self.signature(delivery["secret"], id, at, body)
        if not hmac.compare_digest(signed, told.get("webhook-signature", "")):
            return {"status": 401}
        if self.is_new(id):
            self.heard(json.loads(body))
            self.store.put("messages", id, True)  # now: whoever dies before this hears it again
        return {"status": 200}

    def is_new(self, message: str) -> bool:
        return self.store.get("messages", message) is None

    def signature(self, secret: str, id: str, at: str, body: bytes) -> str:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        return "v1," + base64.b64encode(hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()).decode()

    def heard(self, event: Json) -> None:
        company = event.get("payload", {}).get("referenceCompany", {}).get("id")
        if event.get("eventType") == SUCCESS and company == self.environment["company_id"]:
            self.poll_all()
            self.upload_all()

    # Telling

    def outcomes(self) -> dict[str, Json]:
        status = {COMPLETE: "completed", FAILED: "failed"}
        return {
            row["id"]: {
                "status": status.get(row["status"], "pending"),
                "native_id": row["id"] if row["status"] == COMPLETE else None,
                "message": row["message"] or None,
            }
            for row in self.store.rows("transactions")
        }

    # Bodies

    def body(self, given: Json) -> Json:
        match given["kind"]:
            case "transfer":
                sides = {
                    name: {"accountRef": {"id": given[name]["account"]}, "amount": Decimal(given[name]["amount"])}
                    for name in ("from", "to")
                }
                return _told({"date": given["date"], **sides, "description": given.get("notes")})
            case "adjustment":
                lines = [_adjusted(line) for line in given["lines"]]
                own = {"date": given["date"], "currency": given["currency"], "currencyRate": _rate(given)}
                return _told({"id": given["id"], **own, "reference": given.get("reference"), "lines": lines})
            case "reimbursable":
                own = {"contactRef": {"id": given["contact"]}, "dueDate": given["due_date"]}
                return _told({**self._spent(given), **own})
            case kind:
                account, contact = given.get("bank_account"), given.get("contact")
                own = {"type": kind.capitalize(), "merchantName": given.get("merchant")}
                own |= {"bankAccountRef": {"id": account} if account else None}
                own |= {"contactRef": {"id": contact, "type": "Supplier"} if contact else None}
                return _told({**self._spent(given), **own})

    def _spent(self, given: Json) -> Json:
        return {
            "id": given["id"],
            "issueDate": given["date"],
            "currency": given["currency"],
            "currencyRate": _rate(given),
            "reference": given.get("reference"),
            "notes": given.get("notes"),
            "lines": [self._line(line) for line in given["lines"]],
        }

    def _line(self, line: Json) -> Json:
        tax = line.get("tax_code") or self.environment["company"].get("taxes", {}).get("none")
        tracking = [{"id": id, "dataType": "trackingCategories"} for id in line.get("tracking") or ()]
        return _told(
            {
                "netAmount": Decimal(line["net"]),
                "taxAmount": Decimal(line.get("tax") or "0"),
                "accountRef": {"id": line["account"]},
                "taxRateRef": {"id": tax} if tax else None,
                "trackingRefs": tracking or None,
                "description": line.get("description"),
            }
        )


def operation_of(given: Json) -> str:
    return str(given["kind"]) if given["kind"] in ("transfer", "reimbursable", "adjustment") else "expense"


def _adjusted(line: Json) -> Json:
    tracking = [{"id": id, "dataType": "trackingCategories"} for id in line.get("tracking") or ()]
    body = {"amount": Decimal(line["amount"]), "accountRef": {"id": line["account"]}}
    return _told({**body, "trackingRefs": tracking or None, "description": line.get("description")})


def _rate(given: Json) -> Decimal | None:
    return Decimal(given["rate"]) if given.get("rate") else None


def _told(body: Json) -> Json:
    return {name: value for name, value in body.items() if value is not None}


def said(answer: Answer) -> str:
    """What an error answer says, never empty."""
    body = answer.body if isinstance(answer.body, dict) else {}
    errors = (body.get("validation") or {}).get("errors") or []
    words = [str(error.get("message")) for error in errors if isinstance(error, dict) and error.get("message")]
    return "; ".join(words) or str(body.get("error") or f"status {answer.status}")


def _receipt(given: Mapping[str, Any], message: str | None = None) -> Json:
    return {"id": given["id"], "accepted": message is None, "message": message}
