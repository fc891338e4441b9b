"""What the four types that only the first version has become on a platform.

``TransferIn`` and ``AdjustmentIn`` raise a bank account or lower what is owed on a card, ``…Out`` the opposite. Money
that moves between two accounts of the company's own is a transfer; anything else is posted as money spent or received.
Unconfirmed: the native documents; the guide of that time told only which contact each type carries.
"""

from __future__ import annotations

from typing import Literal

from sandbooks.connector import ExpenseKind

Direction = Literal["in", "out"]

POSTED_AS: dict[str, ExpenseKind] = {
    "TransferIn": "Refund",
    "TransferOut": "Payment",
    "AdjustmentIn": "Refund",
    "AdjustmentOut": "Payment",
    "Payment": "Payment",
    "Refund": "Refund",
    "Reward": "Reward",
    "Chargeback": "Chargeback",
}
TRANSFERS: dict[str, Direction] = {"TransferIn": "in", "TransferOut": "out"}
