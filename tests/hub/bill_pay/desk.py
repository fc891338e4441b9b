"""A hub company that pays bills, and what tests of bill pay ask of it and of the platform's own books."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from tests.hub.desk import Answer, Desk, open_desk

from sandbooks.platform import load, platforms
from sandbooks.settings import read_contract
from sandbooks.wire import Request, Response

PAYABLES = "{c}/connections/{k}/payables"
KEY = "7c1f0000-0000-4000-8000-{:012d}"


def key(number: int) -> str:
    """An idempotency key of the client's."""
    return KEY.format(number)


def payer(platform: str, **plan: Any) -> Desk:
    """A desk over a platform with the usual chart."""
    return open_desk(platform=platform, **plan)


def bill(desk: Desk, number: int, **changes: Any) -> dict[str, Any]:
    """A bill of its own amount: twice 100 and the number."""
    line = {"description": f"Seat {number}", "unitAmount": 100 + number, "quantity": 2, "taxAmount": 0}
    body = {
        "reference": f"INV-{number}",
        "supplierRef": {"id": desk.supplier("airline")},
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-19",
        "currency": "GBP",
        "status": "Open",
        "lineItems": [{**line, "accountRef": {"id": desk.account("travel")}}],
    }
    return {**body, **changes}


def untaxed(desk: Desk) -> str:
    """A tax rate of nothing, as the mapping options list it."""
    rates = desk.get(f"{PAYABLES}/mappingOptions/bills")["taxRates"]
    return str(next(one["id"] for one in rates if not one["totalTaxRate"]))


def changed_bill(desk: Desk, number: int, **changes: Any) -> dict[str, Any]:
    """What a bill is changed to: each line names a tax rate where the platform needs it."""
    body = bill(desk, number, **changes)
    row = read_contract("hub", "bill_pay_platforms.yaml")["platforms"][desk.native.platform]
    if {"tax_rate_needed", "tax_rate_with_amount"} & set(row.get("rules", ())):
        rate = {"id": untaxed(desk)}
        body["lineItems"] = [{"taxRateRef": rate, **line} for line in body["lineItems"]]
    return body


def post(desk: Desk, path: str, body: Any, *, token: str = "") -> Answer:
    """A POST below the payables of the connection."""
    headers = (("Idempotency-Key", token),) if token else ()
    return desk.send("POST", f"{PAYABLES}/{path}", body, headers=headers)


def created(desk: Desk, number: int, **changes: Any) -> dict[str, Any]:
    """A bill as the hub answered its creation."""
    answer = post(desk, "bills", bill(desk, number, **changes), token=key(number))
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.body
    return found


def pay(desk: Desk, bill: str, amount: Any, *, account: str = "bank", token: str = "", **changes: Any) -> Answer:
    """A payment of a bill."""
    body = {"amount": amount, "date": "2026-03-21", "accountRef": {"id": desk.account(account)}, **changes}
    return post(desk, f"bills/{bill}/payment", body, token=token)


def listed(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    """The bills that the hub lists."""
    found: list[dict[str, Any]] = desk.get(f"{PAYABLES}/bills", **({"query": query} if query else {}))["results"]
    return found


def standing(desk: Desk, id: str) -> dict[str, Any]:
    """A bill as the platform has it, whatever its state."""
    wanted = "status=Open||status=PartiallyPaid||status=Paid||status=Void||status=Draft"
    (found,) = [one for one in listed(desk, wanted) if one["id"] == id]
    return found


def balance(desk: Desk, label: str) -> Decimal:
    """What stands on an account of the books, debit positive, in base currency."""
    return desk.native.book.balance(desk.account(label)).base.amount


def usual(desk: Desk, name: str) -> Decimal:
    """What stands on one of the usual accounts (payables, exchange_differences ...), in base currency."""
    ids = load(platforms()[desk.native.platform].usual_accounts)(desk.native)
    return desk.native.book.balance(ids[name]).base.amount if name in ids else Decimal(0)


def free_code(desk: Desk) -> str:
    """A code for a new bank account: a free one, or that of the ledger account beneath it."""
    row = read_contract("hub", "bill_pay_platforms.yaml")["platforms"][desk.native.platform]
    if "bank_account_over_ledger_account" not in row.get("rules", ()):
        return "0951"
    assets = desk.get("{c}/data/accounts", query="type=Asset&&isBankAccount=false&&nominalCode!=none")["results"]
    return str(assets[0]["nominalCode"])


def raw(desk: Desk, method: str, path: str) -> Response:
    """An answer whose body is no JSON."""
    authorization = "Basic " + base64.b64encode(desk.api_key.encode()).decode()
    url = "https://api.codat.io" + desk.filled(path)
    answer = desk.app.edge.dispatch(
        Request(method, url, (("Authorization", authorization),), b""), world=desk.world, raises=True
    )
    assert isinstance(answer, Response)
    return answer


def upload(name: str, content: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The body and headers of a file sent as a form."""
    head = (
        f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = head.encode() + content + b"\r\n--part--\r\n"
    return body, (("Content-Type", "multipart/form-data; boundary=part"),)
