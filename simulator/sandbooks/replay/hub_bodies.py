"""Transactions, bills and payments as the hub's API takes them, and what it says when it does not.

What comes in has the shapes of ``contracts/driver.yaml``, with the hub's ids: a scenario's steps and a driver's work
are written by the same words. Knows no transport and no platform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Json = dict[str, Any]


def transaction_body(given: Mapping[str, Any], *, no_tax: str) -> Json:
    """The body that creates a transaction. ``no_tax`` is the tax rate that means none, empty where there is none."""
    kind = given["kind"]
    if kind == "transfer":
        return _transfer(given)
    common = told(
        id=given["id"],
        currency=given["currency"],
        currencyRate=_rate(given),
        reference=given.get("reference"),
        notes=given.get("notes"),
    )
    if kind == "adjustment":
        return {**common, "date": given["date"], "lines": [_adjusted(line) for line in given["lines"]]}
    body = {**common, "issueDate": given["date"], "lines": [_line(line, no_tax) for line in given["lines"]]}
    contact = given.get("contact")
    if kind == "reimbursable":
        for line, one in zip(body["lines"], given["lines"], strict=True):
            line |= told(description=one.get("description"))
        return {**body, "dueDate": given["due_date"], "contactRef": {"id": contact}}
    return {
        **body,
        "type": kind.capitalize(),
        **told(
            bankAccountRef=_ref(given.get("bank_account")),
            contactRef={"id": contact, "type": "Supplier"} if contact else None,
            merchantName=given.get("merchant"),
        ),
    }


def update_body(given: Mapping[str, Any], *, no_tax: str) -> Json:
    """The body that changes an expense or a reimbursable expense."""
    body = transaction_body(given, no_tax=no_tax)
    for name in ("id",) if given["kind"] == "reimbursable" else ("id", "reference"):
        body.pop(name, None)
    return body


def _transfer(given: Mapping[str, Any]) -> Json:
    sides = {
        name: {"accountRef": {"id": given[name]["account"]}, "amount": Decimal(given[name]["amount"])}
        for name in ("from", "to")
    }
    return {"date": given["date"], **sides, **told(description=given.get("notes"))}


def _line(line: Mapping[str, Any], no_tax: str) -> Json:
    return told(
        netAmount=Decimal(line["net"]),
        taxAmount=Decimal(line.get("tax") or "0"),
        accountRef={"id": line["account"]},
        taxRateRef=_ref(line.get("tax_code") or no_tax),
        trackingRefs=_tracking(line),
    )


def _adjusted(line: Mapping[str, Any]) -> Json:
    return told(
        amount=Decimal(line["amount"]),
        accountRef={"id": line["account"]},
        description=line.get("description"),
        trackingRefs=_tracking(line),
    )


def _tracking(line: Mapping[str, Any]) -> list[Json]:
    return [{"id": value, "dataType": "trackingCategories"} for value in line.get("tracking") or ()]


# Bill pay


def bill_body(given: Mapping[str, Any], *, no_tax: str) -> Json:
    """The body that creates a bill, in either generation."""
    return told(
        reference=given.get("reference"),
        supplierRef={"id": given["contact"]},
        issueDate=given["date"],
        dueDate=given["due_date"],
        currency=given["currency"],
        currencyRate=_rate(given),
        status="Open",
        lineItems=[_bill_line(line, given, no_tax) for line in given["lines"]],
    )


def _bill_line(line: Mapping[str, Any], bill: Mapping[str, Any], no_tax: str) -> Json:
    return told(
        description=line.get("description") or bill.get("notes"),
        unitAmount=Decimal(line["net"]),
        quantity=1,
        taxAmount=Decimal(line.get("tax") or "0"),
        accountRef={"id": line["account"]},
        taxRateRef=_ref(line.get("tax_code") or no_tax),
        trackingRefs=[{"id": value} for value in line.get("tracking") or ()],
    )


def payment_body(given: Mapping[str, Any]) -> Json:
    """The body of a payment of one bill, in the synchronous API."""
    (part,) = given["bills"]
    return told(
        amount=Decimal(part["amount"]),
        date=given["date"],
        accountRef={"id": given["bank_account"]},
        reference=given.get("reference"),
        currencyRate=_rate(given),
    )


def payments_body(given: Mapping[str, Any], *, bills: Sequence[Mapping[str, Any]], one_line: bool) -> Json:
    """The body of a payment by a push operation; ``bills`` tell ``id`` and ``supplier`` of each bill that it pays.

    ``one_line``: the platform takes one line with a link for each bill, instead of a line for each.
    """
    amounts = [Decimal(part["amount"]) for part in given["bills"]]
    links = [{"type": "Bill", "id": bill["id"], "amount": -amount} for bill, amount in zip(bills, amounts, strict=True)]
    total = sum(amounts, Decimal(0))
    each = [{"amount": amount, "links": [link]} for amount, link in zip(amounts, links, strict=True)]
    suppliers = list(dict.fromkeys(str(bill["supplier"]) for bill in bills))
    return told(
        supplierRef={"id": suppliers[0]} if len(suppliers) == 1 else None,
        accountRef={"id": given["bank_account"]},
        totalAmount=total,
        currency=given["currency"],
        currencyRate=_rate(given),
        date=given["date"],
        reference=given.get("reference"),
        lines=[{"amount": total, "links": links}] if one_line else each,
    )


# Parts


def told(**members: Any) -> Json:
    """The members that say something."""
    return {name: value for name, value in members.items() if value not in (None, [])}


def _rate(given: Mapping[str, Any]) -> Decimal | None:
    return Decimal(given["rate"]) if given.get("rate") else None


def _ref(id: str | None) -> Json | None:
    return {"id": id} if id else None


def said(answer: Any) -> str:
    """What an error answer of the hub says."""
    if not isinstance(answer, Mapping):
        return str(answer or "")
    errors = (answer.get("validation") or {}).get("errors") or []
    texts = [str(answer.get("error") or ""), *(str(e.get("message", "")) for e in errors if isinstance(e, Mapping))]
    return "; ".join(text for text in texts if text)
