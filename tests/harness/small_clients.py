"""Small drivers for QuickBooks Online: card payments and refunds without tax, in the company's own currency.

``Careful`` sends every attempt under the transaction's own request id; ``Hasty`` leaves the id out.
"""

from __future__ import annotations

import base64
import time
from typing import Any

import requests

Json = dict[str, Any]

TAKEN = {"payment", "refund"}
ABROAD = {"foreign_card", "dollars"}  # accounts that examples keep in other currencies
TRIES = 4


class Unanswered(Exception):
    """No answer came that says what became of the request."""


class Careful:
    """Keeps what it was given in ``stored``, as a database would; everything else is lost in a restart."""

    platforms = ("quickbooks_online",)

    def connect(self, environment: Json) -> None:
        self.environment = environment
        self.tokens = dict(environment["credentials"])
        self.stored: dict[str, Json] = {}
        self.restart()

    def restart(self) -> None:
        self.session = requests.Session()

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._take(given) for given in transactions]

    def _take(self, given: Json) -> Json:
        why = self._why_not(given)
        if why:
            return {"id": given["id"], "accepted": False, "message": why}
        self.stored.setdefault(given["id"], {"given": given, "status": "pending"})
        return {"id": given["id"], "accepted": True}

    def _why_not(self, given: Json) -> str:
        company = self.environment["company"]
        if given["kind"] not in TAKEN or given["currency"] != company["currency"]:
            return f"{given['kind']} in another currency or of another kind is not taken"
        names = {id: name for name, id in company["accounts"].items()}
        if names.get(given["bank_account"] or self.environment["defaults"]["bank_account"]) in ABROAD:
            return "accounts in other currencies are not taken"
        if any(float(line["tax"]) or line["tax_code"] or line["tracking"] for line in given["lines"]):
            return "tax and dimensions are not taken"
        return ""

    def settle(self) -> None:
        for row in self.stored.values():
            if row["status"] == "pending" and "refresh_token" in self.tokens:
                self._post(row)

    def outcomes(self) -> dict[str, Json]:
        return {
            id: {"status": row["status"], "native_id": row.get("native_id"), "message": row.get("message")}
            for id, row in self.stored.items()
        }

    def _post(self, row: Json) -> None:
        given = row["given"]
        for attempt in range(TRIES):
            try:
                status, answer = self._call("POST", self._path(given["id"]), self._purchase(given))
            except Unanswered:
                time.sleep(2**attempt)
                continue
            if status == 200:
                row.update(status="completed", native_id=answer["Purchase"]["Id"])
            else:
                row.update(status="failed", message=f"HTTP {status}: {answer}")
            return

    def _path(self, id: str) -> str:
        return f"purchase?requestid={id}"

    def _purchase(self, given: Json) -> Json:
        defaults = self.environment["defaults"]
        account = given["bank_account"] or defaults["bank_account"]
        accounts = {id: name for name, id in self.environment["company"]["accounts"].items()}
        return {
            "PaymentType": "CreditCard" if "card" in accounts[account] else "Cash",
            "Credit": given["kind"] == "refund",
            "AccountRef": {"value": account},
            "EntityRef": {"value": given["contact"] or defaults["supplier"], "type": "Vendor"},
            "TxnDate": given["date"],
            "PrivateNote": given["id"],
            "GlobalTaxCalculation": "NotApplicable",
            "Line": [
                {
                    "Amount": line["net"],
                    "DetailType": "AccountBasedExpenseLineDetail",
                    "AccountBasedExpenseLineDetail": {"AccountRef": {"value": line["account"]}},
                }
                for line in given["lines"]
            ],
        }

    def _call(self, method: str, path: str, body: Json) -> tuple[int, Json]:
        status, answer = self._send(method, path, body)
        if status == 401 and "refresh_token" in self.tokens and self._renewed():
            status, answer = self._send(method, path, body)
        if status == 401 or status >= 500:
            raise Unanswered
        return status, answer

    def _send(self, method: str, path: str, body: Json) -> tuple[int, Json]:
        url = f"{self.environment['base_url']}/v3/company/{self.environment['company_id']}/{path}"
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": "application/json"}
        try:
            answer = self.session.request(method, url, json=body, headers=headers, timeout=20)
            if answer.status_code == 429:
                time.sleep(float(answer.headers.get("Retry-After", "60")))
                raise Unanswered
            return answer.status_code, answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unanswered from error

    def _renewed(self) -> bool:
        credentials = self.environment["credentials"]
        pair = f"{credentials['client_id']}:{credentials['client_secret']}".encode()
        try:
            answer = self.session.post(
                self.environment["environment"]["QBO_TOKEN_URL"],
                data={"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]},
                headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}", "Accept": "application/json"},
                timeout=20,
            )
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unanswered from error
        if answer.status_code >= 500:
            raise Unanswered
        if answer.status_code != 200 or "access_token" not in told:
            self.tokens.pop("refresh_token")  # the consent is gone: what is left waits for the customer
            return False
        self.tokens.update(access_token=told["access_token"], refresh_token=told["refresh_token"])
        return True


class Hasty(Careful):
    """Sends again whatever was not answered, and nothing tells the platform that it is the same."""

    def _path(self, id: str) -> str:
        return "purchase"


class PaysAlone(Careful):
    """Takes payments, and turns every refund away."""

    def _why_not(self, given: Json) -> str:
        return "refunds are not taken" if given["kind"] == "refund" else super()._why_not(given)
