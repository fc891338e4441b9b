"""Documents of the hub, to be pushed through a connector that is fed with answers written by hand.

The same on every platform but for what only the platform can name: its accounts, contacts and tax codes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from sandbooks.connector import (
    Adjustment,
    AdjustmentLine,
    Application,
    Contact,
    Expense,
    Line,
    PaymentAccount,
    Reimbursable,
    Transfer,
    TransferSide,
)

DAY = date(2026, 3, 28)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
APPLICATION = Application(client_id="app", client_secret="secret", redirect_uri="https://hub.example/callback")
T1 = "6c1a4a4e-0000-4000-8000-000000000001"
T2 = "6c1a4a4e-0000-4000-8000-000000000002"


def payment(*lines: Line, account: str, pays: Literal["card", "bank"] = "card", **more: Any) -> Expense:
    """Money out of an account of British pounds, at Contoso."""
    own = PaymentAccount(id=account, pays=pays, currency="GBP", category=more.pop("category", ""))
    usual = {"id": "t-01", "key": "key-1", "version": 1, "date": DAY, "currency": "GBP", "merchant": "Contoso"}
    return Expense(**{"kind": "Payment", "account": own, "lines": lines, **usual, **more})


def bill(*lines: Line, contact: Contact, **more: Any) -> Reimbursable:
    """What an employee laid out."""
    usual = {"id": "t-03", "key": "key-3", "version": 1, "date": DAY, "due": date(2026, 4, 28), "currency": "GBP"}
    return Reimbursable(**{"contact": contact, "lines": lines, **usual, **more})


def transfer(source: str = "41", target: str = "42") -> Transfer:
    """310.40 from a bank account to a card."""
    amount = Decimal("310.40")
    return Transfer(
        id="t-02",
        key="key-2",
        version=1,
        date=DAY,
        source=TransferSide(account=source, currency="GBP", amount=amount, pays="bank"),
        target=TransferSide(account=target, currency="GBP", amount=amount, pays="card"),
    )


def adjustment(*lines: AdjustmentLine, id: str = "t-03", key: str = "key-3") -> Adjustment:
    return Adjustment(id=id, key=key, version=1, date=DAY, currency="GBP", lines=lines)
