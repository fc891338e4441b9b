"""Bills and their payments as a scenario hands them over: through the hub's bill pay, once however often it must ask.

A bill goes through the synchronous API, and so does a payment of one bill; a payment of several is a push operation of
the first version, and so is everything where the platform has no synchronous API. Each carries the id of its label as
the client's own key, so that asking again writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbooks.replay.script_steps import Bill, Line, Pay
from sandbooks.settings import read_contract

if TYPE_CHECKING:
    from sandbooks.replay.hub_client import HubClient

Lookup = Callable[[str, str], str]


@dataclass
class Payable:
    """A bill or payment on its way. ``native`` is its id in the accounting platform once it is Completed."""

    method: str
    path: str
    body: dict[str, Any]
    status: str = "Pending"
    message: str = ""
    native: str = ""
    push: str = ""


def bill_body(bill: Bill, *, native: Lookup) -> dict[str, Any]:
    """The request body of a bill."""
    body = {
        "reference": bill.reference,
        "supplierRef": {"id": native("contacts", bill.supplier)},
        "issueDate": bill.date.isoformat(),
        "dueDate": bill.due_date.isoformat(),
        "currency": bill.lines[0].net.currency,
        "currencyRate": bill.rate.value if bill.rate is not None else None,
        "status": "Open",
        "lineItems": [_line(line, bill, native) for line in bill.lines],
    }
    return {name: value for name, value in body.items() if value is not None}


def _line(line: Line, bill: Bill, native: Lookup) -> dict[str, Any]:
    tax = native("taxes", line.tax or "none")  # empty where the platform has no rate that stands for none
    tracked = [{"id": native("tracking", f"{key}/{value}")} for key, value in line.tracking.items()]
    body = {
        "description": line.description or bill.notes,
        "unitAmount": line.net.amount,
        "quantity": 1,
        "taxAmount": line.tax_amount.amount,
        "accountRef": {"id": native("accounts", line.account)},
        "taxRateRef": {"id": tax} if tax else None,
        "trackingRefs": tracked or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def payment_body(pay: Pay, *, native: Lookup) -> dict[str, Any]:
    """The request body of a payment of one bill."""
    amount = next(iter(pay.bills.values()))
    body = {
        "amount": amount.amount,
        "date": pay.date.isoformat(),
        "accountRef": {"id": native("accounts", pay.account)},
        "reference": pay.reference,
        "currencyRate": pay.rate.value if pay.rate is not None else None,
    }
    return {name: value for name, value in body.items() if value is not None}


def payments_body(
    pay: Pay, *, native: Lookup, bills: Mapping[str, Mapping[str, Any]], one_line: bool
) -> dict[str, Any]:
    """The request body of a payment by a push operation; ``bills`` tell id and supplier of each bill, by label.

    ``one_line``: the platform takes one line with a link for each bill, instead of a line for each.
    """
    links = {
        label: {"type": "Bill", "id": bills[label]["id"], "amount": -amount.amount}
        for label, amount in pay.bills.items()
    }
    total = sum((amount.amount for amount in pay.bills.values()), Decimal(0))
    suppliers = list(dict.fromkeys(str(bills[label]["supplierRef"]["id"]) for label in pay.bills))
    alone = len(suppliers) == 1
    lines = [{"amount": amount.amount, "links": [links[label]]} for label, amount in pay.bills.items()]
    body = {
        "supplierRef": {"id": suppliers[0]} if alone else None,
        "accountRef": {"id": native("accounts", pay.account)},
        "totalAmount": total,
        "currency": next(iter(pay.bills.values())).currency,
        "currencyRate": pay.rate.value if pay.rate is not None else None,
        "date": pay.date.isoformat(),
        "reference": pay.reference,
        "lines": [{"amount": total, "links": list(links.values())}] if one_line else lines,
    }
    return {name: value for name, value in body.items() if value is not None}


def rules(platform: str) -> Sequence[str]:
    """The further rules of a platform in the table of bill pay."""
    found: Sequence[str] = _row(platform).get("rules", ())
    return found


def is_synchronous(platform: str) -> bool:
    """Whether bills of a platform are written and paid while the client waits."""
    return bool(_row(platform).get("synchronous"))


def _row(platform: str) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = read_contract("hub", "bill_pay_platforms.yaml")["platforms"]
    found: Mapping[str, Any] = rows.get(platform, {})
    return found


def send(hub: HubClient, id: str, payable: Payable) -> tuple[int, Any]:
    """Hand a bill or payment over, or ask again with the same key; the hub's answer."""
    status, answer = hub.call(payable.method, payable.path, payable.body, key=id)
    if status == 201:
        payable.status, payable.native = "Completed", str(answer["id"])
    elif status == 200 and isinstance(answer, dict):
        payable.push = str(answer["pushOperationKey"])
    return status, answer


def look(hub: HubClient, payable: Payable) -> None:
    """See how far a push operation has come."""
    if not payable.push or payable.status != "Pending":
        return
    _, answer = hub.call("GET", f"{hub.company}/push/{payable.push}")
    found = answer if isinstance(answer, dict) else {}
    if found.get("status") == "Success":
        payable.status, payable.native = "Completed", str(found["changes"][0]["recordRef"]["id"])
    elif found.get("status") in ("Failed", "TimedOut"):
        payable.status, payable.message = "PushError", str(found.get("errorMessage") or "")
