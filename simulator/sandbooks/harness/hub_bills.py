"""The bundled hub's bill pay as a driver uses it: bills and payments handed over once, however often it must ask.

A bill, and the payment of a single one, go through the synchronous API where the platform has that; everything else is
a push operation of the first version. The id is the client's own key, so that asking again writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbooks.replay.hub_bodies import bill_body, payment_body, payments_body, said
from sandbooks.replay.payables import is_synchronous, rules

Json = dict[str, Any]
Send = Callable[..., tuple[int, Any]]

ENDED = {"Success": "completed", "Failed": "failed"}


class Bills:
    """Bills and payments of one company. ``stored`` outlives a restart; ``send`` is one call of the hub below it."""

    def __init__(self, environment: Mapping[str, Any], stored: dict[str, Json], *, send: Send, no_tax: str) -> None:
        self._stored = stored
        self._send = send
        self._no_tax = no_tax
        self._platform = str(environment.get("connected_platform") or "")
        ids = environment["company_id"], environment["credentials"]["connection_id"]
        self._connection = "companies/{}/connections/{}".format(*ids)
        self._payables, self._pushes = f"{self._connection}/payables", f"{self._connection}/push"
        self._history = f"companies/{environment['company_id']}/push"

    def bill(self, given: Json) -> None:
        """Hand a bill over."""
        base = self._payables if is_synchronous(self._platform) else self._pushes
        self._hand(
            given["id"],
            f"{base}/bills",
            bill_body({**given, "reference": given.get("reference") or _number(given["id"])}, no_tax=self._no_tax),
        )

    def payment(self, given: Json) -> str:
        """Hand a payment over; why it is refused at the door, or nothing. Its bills are written or have failed."""
        bills = [self._stored.get(part["id"], {}) for part in given["bills"]]
        if any(not bill.get("document") for bill in bills):
            return "a bill that it pays was not written"
        if len(bills) == 1 and is_synchronous(self._platform):
            path, body = f"{self._payables}/bills/{bills[0]['document']}/payment", payment_body(given)
        else:
            known = [{"id": bill["document"], "supplier": bill["body"]["supplierRef"]["id"]} for bill in bills]
            one_line = "one_line" in rules(self._platform)
            path, body = f"{self._pushes}/billPayments", payments_body(given, bills=known, one_line=one_line)
        self._hand(given["id"], path, body)
        return ""

    def look(self, id: str) -> None:
        """See what has become of a bill or payment; ask again where nobody knows."""
        row = self._stored[id]
        if not row["push"]:
            self._take(row, *self._send("POST", row["path"], row["body"], key=id))
            return
        _, answer = self._send("GET", f"{self._history}/{row['push']}")
        told = answer if isinstance(answer, dict) else {}
        if told.get("status") == "TimedOut":
            row["push"] = ""  # nobody can tell whether it was written: it is asked for again, under the same key
            return
        row["status"] = ENDED.get(str(told.get("status")), "pending")
        if row["status"] == "completed":
            row["document"] = str(told["changes"][0]["recordRef"]["id"])
        elif row["status"] == "failed":
            row["message"] = str(told.get("errorMessage") or "failed")

    def _hand(self, id: str, path: str, body: Json) -> None:
        if id in self._stored:
            return
        row: Json = {"status": "pending", "native_id": None, "message": None}
        row |= {"path": path, "body": body, "push": "", "document": ""}
        self._stored[id] = row
        self._take(row, *self._send("POST", path, body, key=id))

    def _take(self, row: Json, status: int, answer: Any) -> None:
        if status == 201:
            row["status"], row["document"] = "completed", str(answer["id"])
        elif status == 200:
            row["push"] = str(answer["pushOperationKey"])
        elif 400 <= status < 500 and self._is_linked():  # by the hub or, when it had been sent there, by the platform
            row["status"], row["message"] = "failed", said(answer) or "refused"

    def _is_linked(self) -> bool:
        """Whether a no is one to the request: without consent nobody can tell what an earlier try has done."""
        status, answer = self._send("GET", self._connection)
        return status == 200 and isinstance(answer, dict) and answer.get("status") == "Linked"


def _number(id: str) -> str:
    """A number for a bill that came without one: some platforms post none that has no number of its supplier's."""
    return id.replace("-", "")[:20]
