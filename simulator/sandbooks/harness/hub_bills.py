"""The bundled hub's bill pay as a driver uses it: bills and payments handed over once, however often it must ask.

A bill, and the payment of a single one, go through the synchronous API where the platform has that; everything else is
a push operation of the first version. The id is the client's own key, so that asking again writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbooks.replay.payables import is_synchronous, rules

Json = dict[str, Any]
Send = Callable[..., tuple[int, Any]]

ENDED = {"Success": "completed", "Failed": "failed", "TimedOut": "failed"}


class Bills:
    """Bills and payments of one company. ``stored`` outlives a restart; ``send`` is one call of the hub below it."""

    def __init__(self, environment: Mapping[str, Any], stored: dict[str, Json], *, send: Send, no_tax: str) -> None:
        self._stored = stored
        self._send = send
        self._no_tax = no_tax
        self._platform = str(environment.get("connected_platform") or "")
        place = f"companies/{environment['company_id']}/connections/{environment['credentials']['connection_id']}"
        self._payables, self._pushes = f"{place}/payables", f"{place}/push"
        self._history = f"companies/{environment['company_id']}/push"

    def bill(self, given: Json) -> None:
        """Hand a bill over."""
        base = self._payables if is_synchronous(self._platform) else self._pushes
        self._hand(given["id"], f"{base}/bills", self._bill_body(given))

    def payment(self, given: Json) -> str:
        """Hand a payment over; why it is refused at the door, or nothing. Its bills are written or have failed."""
        bills = [self._stored.get(part["id"], {}) for part in given["bills"]]
        if any(not bill.get("document") for bill in bills):
            return "a bill that it pays was not written"
        if len(bills) == 1 and is_synchronous(self._platform):
            path, body = f"{self._payables}/bills/{bills[0]['document']}/payment", _payment_body(given)
        else:
            path, body = f"{self._pushes}/billPayments", self._payments_body(given, bills)
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
        elif 400 <= status < 500:  # by the hub or, when it had been sent there, by the platform
            row["status"], row["message"] = "failed", _said(answer)

    def _bill_body(self, given: Json) -> Json:
        return _given(
            reference=given.get("reference") or _number(given["id"]),
            supplierRef={"id": given["contact"]},
            issueDate=given["date"],
            dueDate=given["due_date"],
            currency=given["currency"],
            currencyRate=Decimal(given["rate"]) if given.get("rate") else None,
            status="Open",
            lineItems=[self._line(line, given) for line in given["lines"]],
        )

    def _line(self, line: Json, bill: Json) -> Json:
        tax = line.get("tax_code") or self._no_tax
        return _given(
            description=line.get("description") or bill.get("notes"),
            unitAmount=Decimal(line["net"]),
            quantity=1,
            taxAmount=Decimal(line.get("tax") or "0"),
            accountRef={"id": line["account"]},
            taxRateRef={"id": tax} if tax else None,
            trackingRefs=[{"id": value} for value in line.get("tracking") or []],
        )

    def _payments_body(self, given: Json, bills: Sequence[Json]) -> Json:
        """The body of a push operation; some platforms take one line with a link for each bill."""
        amounts = [Decimal(part["amount"]) for part in given["bills"]]
        links = [
            {"type": "Bill", "id": bill["document"], "amount": -amount}
            for bill, amount in zip(bills, amounts, strict=True)
        ]
        total = sum(amounts, Decimal(0))
        each = [{"amount": amount, "links": [link]} for amount, link in zip(amounts, links, strict=True)]
        suppliers = list(dict.fromkeys(bill["body"]["supplierRef"]["id"] for bill in bills))
        return _given(
            supplierRef={"id": suppliers[0]} if len(suppliers) == 1 else None,
            accountRef={"id": given["bank_account"]},
            totalAmount=total,
            currency=given["currency"],
            currencyRate=Decimal(given["rate"]) if given.get("rate") else None,
            date=given["date"],
            reference=given.get("reference"),
            lines=[{"amount": total, "links": links}] if "one_line" in rules(self._platform) else each,
        )


def _number(id: str) -> str:
    """A number for a bill that came without one: some platforms post none that has no number of its supplier's."""
    return id.replace("-", "")[:20]


def _payment_body(given: Json) -> Json:
    (part,) = given["bills"]
    return _given(
        amount=Decimal(part["amount"]),
        date=given["date"],
        accountRef={"id": given["bank_account"]},
        reference=given.get("reference"),
        currencyRate=Decimal(given["rate"]) if given.get("rate") else None,
    )


def _given(**members: Any) -> Json:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _said(answer: Any) -> str:
    told = answer if isinstance(answer, dict) else {}
    return str(told.get("error") or told.get("errorMessage") or "refused")
