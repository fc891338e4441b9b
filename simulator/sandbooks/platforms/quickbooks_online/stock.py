"""Stock: how many of each inventory item are on hand, as purchases and bills bring them and credits take them back.

Source: QtyOnHand of https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/item
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.platforms.quickbooks_online.realm import Realm

_BRINGS = {"Purchase": 1, "Bill": 1, "VendorCredit": -1}
_DETAIL = "ItemBasedExpenseLineDetail"


def move_stock(realm: Realm, kind: str, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring what is on hand in step with a new version of a transaction; an empty document brings nothing."""
    if kind not in _BRINGS:
        return
    moved: dict[str, Decimal] = {}
    for body, sign in ((before, -1), (after, 1)):
        for item, quantity in _quantities(kind, body):
            moved[item] = moved.get(item, Decimal(0)) + quantity * sign
    for item, difference in moved.items():
        record = realm.get("Item", item)
        if difference and record is not None and record.body.get("Type") == "Inventory":
            scope = _scope(realm)
            realm.world.put(scope, item, str(Decimal(realm.world.get(scope, item) or 0) + difference))


def _quantities(kind: str, body: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    if body.get("_void"):
        return []
    sign = -_BRINGS[kind] if body.get("Credit") else _BRINGS[kind]
    details = [line[_DETAIL] for line in body.get("Line", []) if _DETAIL in line]
    return [(detail["ItemRef"]["value"], Decimal(detail["Qty"]) * sign) for detail in details]


def on_hand(realm: Realm, item: str, opening: Decimal) -> Decimal:
    """The quantity on hand: what there was at the beginning, and what came and went since."""
    return opening + Decimal(realm.world.get(_scope(realm), item) or 0)


def _scope(realm: Realm) -> str:
    return f"quickbooks_online/{realm.company.id}/stock"
