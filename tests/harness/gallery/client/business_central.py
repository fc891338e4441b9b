"""A small client of Business Central: card spend as journals of one line, by API v2.0.

Each transaction has a journal of its own under an id that follows from its own id, and a document number that the
ledger keeps: what was posted is found there. Kinds and shapes that it does not post are refused at the door.
"""

from __future__ import annotations

import base64
import hashlib
import time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import requests
from tests.harness.gallery.client.netsuite import encoded, number

Json = dict[str, Any]
KINDS = {"payment": 1, "refund": -1, "reward": -1, "chargeback": -1}
IDS = UUID("0b1a7a52-52a0-5b0e-9b39-6b6f0d8f7c11")
ROUNDS = 8
PAUSE_S = 45
LAG_S = 8
WAIT_S = 60
CENT = Decimal("0.01")
PER_CENT = {"GB": 20, "NZ": 15, "AU": 10}


class Refused(Exception):
    """The platform does not take it."""


class Unclear(Exception):
    """What became of the request is not known, or it could not be made yet."""


class SignedOut(Exception):
    """The consent is gone: what is left waits for the customer."""


class BusinessCentralDriver:
    """Keeps what it was given in ``stored``, as a database would; everything else is lost in a restart."""

    platforms: tuple[str, ...] = ("business_central",)

    def connect(self, environment: Json) -> None:
        self.environment = environment
        self.variables = environment["environment"]
        self.company = environment["company"]
        self.tokens = dict(environment["credentials"])
        self.stored: dict[str, Json] = {}
        self.restart()

    def restart(self) -> None:
        self.http = requests.Session()

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._take(given) for given in transactions]

    def _take(self, given: Json) -> Json:
        why = self.why_not(given)
        if not why:
            row = {"given": given, "status": "pending", "sent": False, "native_id": None, "message": None}
            self.stored.setdefault(given["id"], row)
        return {"id": given["id"], "accepted": not why, "message": why or None}

    def why_not(self, given: Json) -> str:
        """Why a transaction cannot be posted here; empty when it can."""
        if given["kind"] not in KINDS or len(given["lines"]) != 1:
            return "only card spend of one line is taken for Business Central"
        names = {id: name for name, id in self.company["accounts"].items()}
        if given["currency"] != self.company["currency"] or names[self.account(given)] in ("foreign_card", "dollars"):
            return "only the company's own currency is taken"
        (line,) = given["lines"]
        net, tax = Decimal(line["net"]), Decimal(line.get("tax") or 0)
        share = Decimal(PER_CENT.get(self.company["country"], 0)) / 100
        if net <= 0 or line["tracking"] or (tax and tax != (net * share).quantize(CENT, "ROUND_HALF_UP")):
            return "discounts, dimensions and taxes other than the rate's are not taken"
        return ""

    def account(self, given: Json) -> str:
        return str(given.get("bank_account") or self.environment["defaults"]["bank_account"])

    def settle(self) -> None:
        for _ in range(ROUNDS):
            try:
                for row in self.stored.values():
                    if row["status"] == "pending":
                        self.work(row)
            except SignedOut:
                return
            if all(row["status"] != "pending" for row in self.stored.values()):
                return
            time.sleep(PAUSE_S)

    def outcomes(self) -> dict[str, Json]:
        return {id: {name: row[name] for name in ("status", "native_id", "message")} for id, row in self.stored.items()}

    # Business Central

    def work(self, row: Json) -> None:
        """One attempt; what an earlier one left is looked for first."""
        try:
            if not (row["sent"] and self.is_posted(row["given"])):
                self.post(row)
            row.update(status="completed", native_id=self.document_number(row["given"]))
        except Refused as refused:
            row.update(status="failed", message=str(refused))
        except Unclear:
            pass

    def is_posted(self, given: Json) -> bool:
        time.sleep(LAG_S)
        wanted = f"documentNumber eq '{self.document_number(given)}'"
        return bool(self.call("GET", "generalLedgerEntries", query={"$filter": wanted})["value"])

    def post(self, row: Json) -> None:
        journal = self.journal(row["given"])
        place = f"journals({journal['id']})"
        if row["sent"]:
            self.begin_anew(place)
        row["sent"] = True
        self.call("POST", "journals", journal)
        self.finish(place)

    def finish(self, place: str) -> None:
        """Post the journal; of one that is refused nothing is left."""
        try:
            self.call("POST", f"{place}/Microsoft.NAV.post")
        except Refused:
            self.call("DELETE", place)
            raise

    def begin_anew(self, place: str) -> None:
        """Remove what an earlier attempt left; a journal without lines was posted, though the ledger lags."""
        try:
            lines = self.call("GET", f"{place}/journalLines")["value"]
        except Refused:
            return
        if not lines:
            raise Unclear("posted, and the ledger does not show it yet")
        self.call("DELETE", place)

    def document_number(self, given: Json) -> str:
        digest = hashlib.sha256(given["id"].encode()).digest()
        return f"E{base64.b32encode(digest).decode()}"[:20]

    def journal(self, given: Json) -> Json:
        """The journal of a transaction with its one line: the gross against the card, tax by the line's code."""
        (line,) = given["lines"]
        gross = Decimal(line["net"]) + Decimal(line.get("tax") or 0)
        text = " - ".join(part for part in (given.get("merchant"), given.get("notes")) if part)
        posted = {
            "lineNumber": 10000,
            "accountType": "G/L Account",
            "accountId": line["account"],
            "postingDate": given["date"],
            "documentNumber": self.document_number(given),
            "amount": number(f"{self.sign(given) * gross:f}"),
            "taxCode": self.tax_code(line),
            "description": text[:100] or given["kind"],
            "balanceAccountType": "Bank Account",
            "balancingAccountId": self.account(given),
        }
        id = str(uuid5(IDS, given["id"]))
        code = self.document_number(given)[:10]
        return {"id": id, "code": code, "displayName": given["id"], "journalLines": [posted]}

    def sign(self, given: Json) -> int:
        return KINDS[given["kind"]]

    def tax_code(self, line: Json) -> str:
        return str(self.call("GET", f"taxGroups({line['tax_code']})")["code"]) if line.get("tax_code") else ""

    # Requests

    def call(self, method: str, path: str, body: Json | None = None, *, query: Json | None = None) -> Json:
        answer = self.sent(method, path, body, query)
        if answer.status_code == 401:
            self.renew()
            answer = self.sent(method, path, body, query)
        if answer.status_code == 429:
            time.sleep(float(answer.headers.get("Retry-After") or WAIT_S))
        if answer.status_code in (401, 408, 429) or answer.status_code >= 500:
            raise Unclear(f"status {answer.status_code}")
        if answer.status_code == 204:
            return {}
        try:
            said: Json = answer.json()
        except ValueError as error:
            raise Unclear("no JSON") from error
        if answer.status_code not in (200, 201):
            raise Refused(str((said.get("error") or {}).get("message") or f"status {answer.status_code}"))
        return said

    def sent(self, method: str, path: str, body: Json | None, query: Json | None) -> requests.Response:
        url = f"{self.variables['BC_BASE_URL']}/companies({self.variables['BC_COMPANY_ID']})/{path}"
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", "Content-Type": "application/json"}
        data = b"" if body is None else encoded(body)
        try:
            return self.http.request(method, url, data=data, params=query, headers=headers, timeout=120)
        except requests.RequestException as error:
            raise Unclear(str(error)) from error

    def renew(self) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        form |= {name: self.tokens[name] for name in ("client_id", "client_secret")}
        try:
            answer = self.http.post(self.variables["BC_TOKEN_URL"], data=form, timeout=60)
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unclear(str(error)) from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unclear(f"status {answer.status_code}")
        if answer.status_code != 200 or "access_token" not in said:
            raise SignedOut(str(said.get("error")))
        self.tokens.update({name: said[name] for name in ("access_token", "refresh_token") if name in said})
