"""A driver for QuickBooks Desktop: a SOAP service that the Web Connector polls every five minutes.

``Polled`` sends each transaction as a message set of its own, named by the transaction, so that QuickBooks carries it
out once; ``Forgets`` names none, and sends again what was not answered.
"""

from __future__ import annotations

import base64
import time
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

import requests
from lxml import etree
from tests.harness.small_clients import TAKEN, Careful

Json = dict[str, Any]

CALLS = {
    "serverVersion": "server_version",
    "clientVersion": "client_version",
    "authenticate": "authenticate",
    "sendRequestXML": "send_request",
    "receiveResponseXML": "receive_response",
    "connectionError": "connection_error",
    "getLastError": "last_error_of",
    "closeConnection": "close_connection",
}
SERVICE = "http://developer.intuit.com/"
USED = "9004"
LOCKED = {"3175", "3176"}


class Polled(Careful):
    """Keeps what it was given in ``stored``, as a database would; everything else is lost in a restart."""

    platforms = ("quickbooks_desktop",)

    def connect(self, environment: Json) -> None:
        self.environment = environment
        self.stored: dict[str, Json] = {}
        self.restart()
        settings, url = environment["environment"], environment["webhooks"]["url"]
        headers = {"Authorization": f"Bearer {settings['QBWC_ACCESS_TOKEN']}"}
        control = settings["QBWC_CONTROL_URL"]
        wanted = {"app_url": url, "app_name": "Card feed", "user_name": "feed"}
        file = requests.get(f"{control}/qwc", params=wanted, headers=headers, timeout=20)
        file.raise_for_status()
        added = requests.post(
            f"{control}/applications", params={"password": "secret"}, data=file.content, headers=headers, timeout=20
        )
        added.raise_for_status()
        schedule = {"auto_run": True, "every_minutes": 5}
        changed = requests.patch(
            f"{control}/applications/{added.json()['id']}", json=schedule, headers=headers, timeout=20
        )
        changed.raise_for_status()

    def restart(self) -> None:
        self.accounts: dict[str, str] = {}
        self.asked = ""
        self.last_error = ""

    def _why_not(self, given: Json) -> str:
        if given["kind"] not in TAKEN or given["currency"] != self.environment["company"]["currency"]:
            return f"{given['kind']} in another currency or of another kind is not taken"
        if any(float(line["tax"]) or line["tax_code"] or line["tracking"] for line in given["lines"]):
            return "tax and dimensions are not taken"
        return ""

    def settle(self) -> None:
        for _ in range(12):
            if not self._waiting():
                return
            time.sleep(300)

    def _waiting(self) -> list[str]:
        return [id for id, row in self.stored.items() if row["status"] == "pending"]

    # The SOAP service

    def receive(self, delivery: Json) -> Json:
        call = etree.fromstring(base64.b64decode(delivery["body"]))[0][0]
        method = etree.QName(call).localname
        parts = {etree.QName(part).localname: part.text or "" for part in call}
        body = getattr(self, CALLS[method])(parts)
        answer = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f'<{method}Response xmlns="{SERVICE}"><{method}Result>{body}</{method}Result></{method}Response>'
            "</soap:Body></soap:Envelope>"
        )
        return {
            "status": 200,
            "headers": {"Content-Type": "text/xml"},
            "body": base64.b64encode(answer.encode()).decode(),
        }

    def server_version(self, parts: Json) -> str:
        return "1.0"

    def client_version(self, parts: Json) -> str:
        return ""

    def authenticate(self, parts: Json) -> str:
        if parts["strPassword"] != "secret":
            return "<string></string><string>nvu</string>"
        self.put_off: set[str] = set()  # until the next session
        return f"<string>ticket</string><string>{'' if self._waiting() else 'none'}</string>"

    def send_request(self, parts: Json) -> str:
        self.last_error = ""
        if not self.accounts:
            self.asked = "accounts"
            return escape(
                message_set('<AccountQueryRq requestID="1"><ActiveStatus>All</ActiveStatus></AccountQueryRq>')
            )
        waiting = [id for id in self._waiting() if id not in self.put_off]
        if not waiting:
            return ""
        self.asked = waiting[0]
        return escape(self._document(self.stored[self.asked]))

    def _document(self, row: Json) -> str:
        if row.get("recover"):
            return message_set("", old=self._set(row))
        return message_set(self._add(row["given"]), new=self._set(row))

    def _set(self, row: Json) -> str:
        return "{" + str(uuid5(NAMESPACE_URL, f"{row['given']['id']}/{row.get('attempt', 0)}")).upper() + "}"

    def receive_response(self, parts: Json) -> str:
        if parts.get("hresult") or not parts.get("response"):
            self.last_error = parts.get("message") or "no answer"
            return "-1"
        told = next(etree.fromstring(parts["response"].encode()).iter("QBXMLMsgsRs"))
        if self.asked == "accounts":
            for account in told.iter("AccountRet"):
                self.accounts[account.findtext("ListID", "")] = account.findtext("AccountType", "")
        elif self.asked:
            self._note(self.stored[self.asked], told)
        return "50" if set(self._waiting()) - self.put_off else "100"

    def _note(self, row: Json, told: etree._Element) -> None:
        code = told.get("messageSetStatusCode", "0")
        if code not in ("", "0"):
            row["recover"] = code == USED
            return
        answer = next(iter(told), None)
        row["recover"] = False
        if answer is None:  # nothing was done under this name, and it cannot be used again
            row["attempt"] = row.get("attempt", 0) + 1
            return
        if answer.get("statusCode") == "0":
            row.update(status="completed", native_id=answer.findtext("*/TxnID"))
        elif answer.get("statusCode") in LOCKED:
            self.put_off.add(row["given"]["id"])
            row["attempt"] = row.get("attempt", 0) + 1
        else:
            row.update(status="failed", message=answer.get("statusMessage"))

    def connection_error(self, parts: Json) -> str:
        return "done"

    def last_error_of(self, parts: Json) -> str:
        return escape(self.last_error)

    def close_connection(self, parts: Json) -> str:
        return "OK"

    # qbXML

    def _add(self, given: Json) -> str:
        defaults = self.environment["defaults"]
        account = given["bank_account"] or defaults["bank_account"]
        card = self.accounts.get(account) == "CreditCard"
        if given["kind"] == "refund":
            kind = "CreditCardCredit" if card else "Deposit"
        else:
            kind = "CreditCardCharge" if card else "Check"
        if kind == "Deposit":
            lines = "".join(
                f"<DepositLineAdd>{ref('AccountRef', line['account'])}<Amount>{line['net']}</Amount></DepositLineAdd>"
                for line in given["lines"]
            )
            inner = (
                f"<TxnDate>{given['date']}</TxnDate>{ref('DepositToAccountRef', account)}"
                f"<Memo>{escape(given['id'])}</Memo>{lines}"
            )
        else:
            lines = "".join(
                f"<ExpenseLineAdd>{ref('AccountRef', line['account'])}<Amount>{line['net']}</Amount></ExpenseLineAdd>"
                for line in given["lines"]
            )
            payee = ref("PayeeEntityRef", given["contact"] or defaults["supplier"])
            inner = (
                f"{ref('AccountRef', account)}{payee}<TxnDate>{given['date']}</TxnDate>"
                f"<Memo>{escape(given['id'])}</Memo>{lines}"
            )
        return f'<{kind}AddRq requestID="1"><{kind}Add>{inner}</{kind}Add></{kind}AddRq>'


def ref(name: str, id: str) -> str:
    return f"<{name}><ListID>{id}</ListID></{name}>"


def message_set(requests: str, *, new: str = "", old: str = "") -> str:
    named = (f' newMessageSetID="{new}"' if new else "") + (f' oldMessageSetID="{old}"' if old else "")
    return (
        '<?xml version="1.0" encoding="utf-8"?><?qbxml version="13.0"?>'
        f'<QBXML><QBXMLMsgsRq onError="stopOnError"{named}>{requests}</QBXMLMsgsRq></QBXML>'
    )


class Forgets(Polled):
    """Message sets without a name: QuickBooks cannot know that it has seen them."""

    def _document(self, row: Json) -> str:
        return message_set(self._add(row["given"]))


class Believes(Polled):
    """Takes a document that could not be run for one that was."""

    def receive_response(self, parts: Json) -> str:
        if parts.get("hresult") and self.asked in self.stored:
            self.stored[self.asked].update(status="completed", native_id="")
            return "100"
        return super().receive_response(parts)


class Overlooks(Polled):
    """Reads no status codes: whatever was answered stands."""

    def _note(self, row: Json, told: etree._Element) -> None:
        row.update(status="completed", native_id=told.findtext("*/*/TxnID", ""))
