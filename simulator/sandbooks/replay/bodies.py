"""A scenario's transactions as the hub's API takes them. Names have become native ids by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.replay.script_steps import Adjustment, AdjustmentLine, Expense, Line, Reimbursable, Transaction, Transfer

Lookup = Callable[[str, str], str]


def body_of(transaction: Transaction, *, id: str, native: Lookup) -> dict[str, Any]:
    """The request body of one transaction. ``native(part, key)`` gives the hub's id of a name."""
    if isinstance(transaction, Expense):
        return _expense(transaction, id, native)
    if isinstance(transaction, Reimbursable):
        return _reimbursable(transaction, id, native)
    if isinstance(transaction, Transfer):
        return _transfer(transaction, native)
    return _adjustment(transaction, id, native)


def update_body(transaction: Transaction, *, native: Lookup) -> dict[str, Any]:
    """The request body that changes one transaction."""
    body = body_of(transaction, id="", native=native)
    for name in ("id", "reference") if isinstance(transaction, Expense) else ("id",):
        body.pop(name, None)
    return body


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _rate(value: Any) -> Decimal | None:
    return value.value if value is not None else None


def _expense(expense: Expense, id: str, native: Lookup) -> dict[str, Any]:
    return _given(
        id=id,
        type=expense.kind.capitalize(),
        issueDate=expense.date.isoformat(),
        currency=expense.currency,
        currencyRate=_rate(expense.rate),
        bankAccountRef={"id": native("accounts", expense.bank_account)} if expense.bank_account else None,
        contactRef={"id": native("contacts", expense.contact), "type": "Supplier"} if expense.contact else None,
        merchantName=expense.merchant,
        reference=expense.reference,
        notes=expense.notes,
        lines=[_line(line, native) for line in expense.lines],
    )


def _line(line: Line, native: Lookup) -> dict[str, Any]:
    return _given(
        netAmount=line.net.amount,
        taxAmount=line.tax_amount.amount,
        accountRef={"id": native("accounts", line.account)},
        taxRateRef=_tax(line.tax, native),
        trackingRefs=_tracking(line.tracking, native),
    )


def _tax(tax: str | None, native: Lookup) -> dict[str, Any] | None:
    known = native("taxes", tax or "none")
    return {"id": known} if known else None


def _tracking(tracking: Mapping[str, str], native: Lookup) -> list[dict[str, Any]] | None:
    refs = [{"id": native("tracking", f"{k}/{v}"), "dataType": "trackingCategories"} for k, v in tracking.items()]
    return refs or None


def _reimbursable(spend: Reimbursable, id: str, native: Lookup) -> dict[str, Any]:
    lines = [{**_line(line, native), **_given(description=line.description)} for line in spend.lines]
    return _given(
        id=id,
        contactRef={"id": native("contacts", spend.contact)},
        issueDate=spend.date.isoformat(),
        dueDate=spend.due_date.isoformat(),
        currency=spend.currency,
        currencyRate=_rate(spend.rate),
        reference=spend.reference,
        notes=spend.notes,
        lines=lines,
    )


def _transfer(transfer: Transfer, native: Lookup) -> dict[str, Any]:
    def side(account: str, amount: Decimal) -> dict[str, Any]:
        return {"accountRef": {"id": native("accounts", account)}, "amount": amount}

    return {
        "date": transfer.date.isoformat(),
        "from": side(transfer.from_account, transfer.from_amount.amount),
        "to": side(transfer.to_account, transfer.to_amount.amount),
        **_given(description=transfer.notes),
    }


def _adjustment(adjustment: Adjustment, id: str, native: Lookup) -> dict[str, Any]:
    return _given(
        id=id,
        date=adjustment.date.isoformat(),
        currency=adjustment.currency,
        currencyRate=_rate(adjustment.rate),
        reference=adjustment.reference,
        lines=[_adjustment_line(line, native) for line in adjustment.lines],
    )


def _adjustment_line(line: AdjustmentLine, native: Lookup) -> dict[str, Any]:
    return _given(
        amount=line.amount.amount,
        accountRef={"id": native("accounts", line.account)},
        description=line.description,
        trackingRefs=_tracking(line.tracking, native),
    )
