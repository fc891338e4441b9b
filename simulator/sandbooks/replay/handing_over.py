"""A scenario's transactions, bills and companies as a driver takes them: the shapes of ``contracts/driver.yaml``.

Names have become ids by then: native ones, or the hub's for a driver that is a client of the hub.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sandbooks.money import Money
from sandbooks.replay.script_steps import Adjustment, Bill, Expense, Line, Pay, Reimbursable, Transaction, Transfer

Ids = Callable[[str, str], str]
Json = dict[str, Any]


def text_of(money: Money) -> str:
    """An amount as decimal text, with the digits of its currency."""
    return str(money).split(" ")[0]


def transaction_json(transaction: Transaction, *, id: str, ids: Ids) -> Json:
    """One transaction. ``ids(part, key)`` gives the id behind a name."""
    head = {"id": id, "kind": transaction.kind, "date": transaction.date.isoformat()}
    if isinstance(transaction, Transfer):
        return {**head, **_transfer(transaction, ids)}
    head["currency"] = transaction.currency
    head["rate"] = str(transaction.rate.value) if transaction.rate else None  # type: ignore[assignment]  # null is told
    if isinstance(transaction, Adjustment):
        return {**head, "reference": transaction.reference, "lines": [_adjusted(x, ids) for x in transaction.lines]}
    body: Json = {**head, "lines": [_line(line, ids) for line in transaction.lines]}
    body |= {"reference": transaction.reference, "notes": transaction.notes}
    if isinstance(transaction, Reimbursable):
        return {
            **body,
            "due_date": transaction.due_date.isoformat(),
            "contact": ids("suppliers", transaction.contact),
        }
    return {**body, **_card(transaction, ids)}


def _card(expense: Expense, ids: Ids) -> Json:
    return {
        "bank_account": ids("accounts", expense.bank_account) if expense.bank_account else None,
        "contact": ids("suppliers", expense.contact) if expense.contact else None,
        "merchant": expense.merchant,
    }


def _line(line: Line, ids: Ids) -> Json:
    return {
        "net": text_of(line.net),
        "tax": text_of(line.tax_amount),
        "account": ids("accounts", line.account),
        "tax_code": ids("taxes", line.tax) if line.tax else None,
        "tracking": [ids("tracking", f"{category}/{option}") for category, option in line.tracking.items()],
        "description": line.description,
    }


def _adjusted(line: Any, ids: Ids) -> Json:
    return {
        "amount": text_of(line.amount),
        "account": ids("accounts", line.account),
        "tracking": [ids("tracking", f"{category}/{option}") for category, option in line.tracking.items()],
        "description": line.description,
    }


def _transfer(transfer: Transfer, ids: Ids) -> Json:
    def side(account: str, amount: Money) -> Json:
        return {"account": ids("accounts", account), "amount": text_of(amount), "currency": amount.currency}

    return {
        "from": side(transfer.from_account, transfer.from_amount),
        "to": side(transfer.to_account, transfer.to_amount),
        "notes": transfer.notes,
    }


def bill_json(bill: Bill, *, id: str, ids: Ids) -> Json:
    """One bill."""
    return {
        "id": id,
        "date": bill.date.isoformat(),
        "due_date": bill.due_date.isoformat(),
        "currency": bill.lines[0].net.currency,
        "rate": str(bill.rate.value) if bill.rate else None,
        "contact": ids("suppliers", bill.supplier),
        "reference": bill.reference,
        "lines": [_line(line, ids) for line in bill.lines],
        "notes": bill.notes,
    }


def payment_json(pay: Pay, *, id_of: Callable[[str], str], ids: Ids) -> Json:
    """One payment of bills."""
    return {
        "id": id_of(pay.label),
        "date": pay.date.isoformat(),
        "currency": next(iter(pay.bills.values())).currency,
        "rate": str(pay.rate.value) if pay.rate else None,
        "bank_account": ids("accounts", pay.account),
        "reference": pay.reference,
        "bills": [{"id": id_of(label), "amount": text_of(amount)} for label, amount in pay.bills.items()],
    }


def attachment_json(*, id: str, transaction: str, name: str, type: str, content: bytes) -> Json:
    """One file."""
    encoded = base64.b64encode(content).decode()
    return {"id": id, "transaction": transaction, "name": name, "type": type, "content": encoded}


def environment_json(facts: Mapping[str, Any], *, keys: Mapping[str, Mapping[str, str]], defaults: Json) -> Json:
    """What ``connect`` is told: ``facts`` as the control API lists a company, ``keys`` the ids behind the names."""
    told = {name: facts[name] for name in ("platform", "base_url", "company_id", "credentials", "environment")}
    company = {name: facts[name] for name in ("currency", "country", "timezone")}
    connected = {"connected_platform": facts["connected_platform"]} if facts.get("connected_platform") else {}
    return {
        **told,
        "name": facts.get("name", ""),
        **connected,
        "company": {**company, **{part: dict(named) for part, named in keys.items()}},
        "defaults": defaults,
    }
