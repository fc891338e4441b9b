"""A small client of NetSuite: card spend as charges and refunds, by SuiteTalk REST with token-based authentication.

Each record is put under the transaction's own id as its external id: what is sent again finds itself. Kinds that it
does not post are refused at the door.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec
import requests

Json = dict[str, Any]
RECORD = "services/rest/record/v1"
KINDS = {"payment": "creditCardCharge", **dict.fromkeys(("refund", "reward", "chargeback"), "creditCardRefund")}
TRIES = 5
MEMO_MOST = 900
_json = msgspec.json.Encoder()


class NetSuiteDriver:
    """Keeps what it was given in ``stored``, as a database would; everything else is lost in a restart."""

    platforms: tuple[str, ...] = ("netsuite",)

    def connect(self, environment: Json) -> None:
        self.environment = environment
        self.stored: dict[str, Json] = {}
        self.sent = 0
        self.restart()

    def restart(self) -> None:
        self.http = requests.Session()

    def submit(self, transactions: list[Json]) -> list[Json]:
        return [self._take(given) for given in transactions]

    def _take(self, given: Json) -> Json:
        why = self.why_not(given)
        if not why:
            self.stored.setdefault(
                given["id"], {"given": given, "status": "pending", "native_id": None, "message": None}
            )
        return {"id": given["id"], "accepted": not why, "message": why or None}

    def why_not(self, given: Json) -> str:
        """Why a transaction cannot be posted here; empty when it can."""
        company = self.environment["company"]
        if given["kind"] not in KINDS:
            return f"a {given['kind']} is not taken for NetSuite"
        if (
            given["currency"] != company["currency"]
            or self.account(given) != self.environment["defaults"]["bank_account"]
        ):
            return "only spend on the company card in the company's own currency is taken"
        if any(
            line["tax_code"] or float(line["tax"]) or line["tracking"] or float(line["net"]) <= 0
            for line in given["lines"]
        ):
            return "tax, dimensions and discounts are not taken"
        return ""

    def account(self, given: Json) -> str:
        return str(given.get("bank_account") or self.environment["defaults"]["bank_account"])

    def settle(self) -> None:
        for row in self.stored.values():
            for attempt in range(TRIES):
                if row["status"] != "pending" or not self.post(row):
                    break
                time.sleep(2**attempt)

    def outcomes(self) -> dict[str, Json]:
        return {id: {name: row[name] for name in ("status", "native_id", "message")} for id, row in self.stored.items()}

    # NetSuite

    def post(self, row: Json) -> bool:
        """One attempt; whether there should be another one soon."""
        kind, body = self.record(row["given"])
        try:
            answer = self.call("PUT", f"{RECORD}/{kind}/eid:{row['given']['id']}", body)
            said = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError):
            return True
        if answer.status_code == 204:
            row.update(status="completed", native_id=answer.headers["Location"].rpartition("/")[2])
        elif answer.status_code == 429 or answer.status_code >= 500:
            time.sleep(float(answer.headers.get("Retry-After") or 10))
            return True
        elif answer.status_code != 401:
            details = said.get("o:errorDetails") or [{}]
            row.update(status="failed", message=str(details[0].get("detail") or said.get("title") or "refused"))
        return False

    def record(self, given: Json) -> tuple[str, Json]:
        """The native record of a transaction, by its kind."""
        memo = f"{(given.get('notes') or given.get('merchant') or '')[:MEMO_MOST]} [{given['id']}]"
        lines = [
            {"account": ref(line["account"]), "amount": number(line["net"]), "taxCode": self.untaxed()}
            for line in given["lines"]
        ]
        body = {"externalId": given["id"], "tranDate": given["date"], "subsidiary": ref("1"), "memo": memo.strip()}
        contact = given.get("contact") or self.environment["defaults"]["supplier"]
        own = {"account": ref(self.account(given)), "entity": ref(contact), "expense": {"items": lines}}
        return KINDS[given["kind"]], {**body, **own}

    def untaxed(self) -> Json:
        return ref(self.environment["company"]["taxes"]["none"])

    def call(self, method: str, path: str, body: Json) -> requests.Response:
        url = f"{self.environment['environment']['NETSUITE_BASE_URL']}/{path}"
        headers = {"Authorization": self.signed(method, url), "Content-Type": "application/json"}
        return self.http.request(method, url, data=_json.encode(body), headers=headers, timeout=60)

    def signed(self, method: str, url: str) -> str:
        """The header of one request. Source: RFC 5849; docs.oracle.com, token-based authentication (HMAC-SHA256)"""
        keys = self.environment["credentials"]
        self.sent += 1
        parts = {
            "oauth_consumer_key": keys["consumer_key"],
            "oauth_nonce": f"{self.sent:012d}{int(time.time())}",
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(time.time())),
            "oauth_token": keys["token_id"],
            "oauth_version": "1.0",
        }
        place = urlsplit(url)
        pairs = sorted((_quoted(n), _quoted(v)) for n, v in [*parts.items(), *parse_qsl(place.query)])
        where = f"{place.scheme}://{place.netloc}{place.path}"
        text = "&".join((method, _quoted(where), _quoted("&".join(f"{n}={v}" for n, v in pairs))))
        key = f"{_quoted(keys['consumer_secret'])}&{_quoted(keys['token_secret'])}"
        proof = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
        told = {"realm": keys["account"], **parts, "oauth_signature": proof}
        return "OAuth " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in told.items())


def ref(id: str) -> Json:
    return {"id": id}


def number(text: str) -> msgspec.Raw:
    """Decimal text as a JSON number, digit for digit."""
    return msgspec.Raw(text.encode())


def encoded(body: Json) -> bytes:
    """A body whose numbers keep their digits."""
    return _json.encode(body)


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
