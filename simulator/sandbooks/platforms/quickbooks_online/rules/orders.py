"""Purchase orders: what is ordered moves no money; lines of bills that link a line of an order bill it.

An order is open until every line of it is billed, then it closes by itself.
Source: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/purchaseorder (POStatus,
LinkedTxn) and .../bill (LinkedTxn with TxnLineId)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES

ORDER = "PurchaseOrder"
OPEN, CLOSED = "Open", "Closed"
_CHOSEN = "_status"  # of an order: the status that a client gave it, where its lines say another

Link = tuple[str, str]


def link_orders(draft: Draft) -> None:
    """Keep the links of a bill's lines to lines of orders that it can bill, and note the orders.

    A link that cannot be made is left out, and the bill is written without it.
    Source: github.com/simstudioai/sim pull 6194 (links that QuickBooks leaves out in silence)
    """
    before = set(_links(draft.old))
    for line in draft.body["Line"]:
        kept = [link for link in line.pop("LinkedTxn", []) if _can_bill(draft, link, before)]
        if kept:
            line["LinkedTxn"] = kept
    orders = list(dict.fromkeys(order for order, _ in _links(draft.body)))
    draft.body["_links"] = [[ORDER, order] for order in orders]
    touched = list(dict.fromkeys([*orders, *(order for order, _ in before)]))
    if touched:
        draft.after = lambda record: refresh(draft.realm, touched)


def _links(body: Mapping[str, Any]) -> Iterator[Link]:
    """The lines of orders that a bill's lines link."""
    for line in body.get("Line", []):
        for link in line.get("LinkedTxn", []):
            yield str(link.get("TxnId", "")), str(link.get("TxnLineId", ""))


def _can_bill(draft: Draft, link: Mapping[str, Any], before: set[Link]) -> bool:
    order = draft.realm.get(ORDER, str(link.get("TxnId", ""))) if link.get("TxnType") == ORDER else None
    if order is None or order.deleted:
        return False
    place = (order.id, str(link.get("TxnLineId", "")))
    if not any(line["Id"] == place[1] for line in order.body["Line"]):
        return False
    same = all(order.body[name]["value"] == draft.ref(name) for name in ("VendorRef", "CurrencyRef"))
    return same and (place in before or order.body["POStatus"] == OPEN)


def linked_orders(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """The orders that a bill bills, as its ``LinkedTxn`` shows them."""
    return [{"TxnId": id, "TxnType": kind} for kind, id in body.get("_links", []) if kind == ORDER]


def billed(realm: Realm, order: str, *, but: str = "") -> tuple[list[str], dict[str, Decimal]]:
    """The bills of an order, and how much they bill of each line; the bill ``but`` is left out."""
    bills: list[str] = []
    amounts: dict[str, Decimal] = {}
    for bill in realm.records.find("Bill", "linked", f"{ORDER}/{order}"):
        if bill.id == but:
            continue
        bills.append(bill.id)
        for line in bill.body["Line"]:
            for link in line.get("LinkedTxn", []):
                if link["TxnId"] == order:
                    place = link["TxnLineId"]
                    amounts[place] = amounts.get(place, Decimal(0)) + Decimal(line["Amount"])
    return bills, amounts


def refresh(realm: Realm, orders: list[str], *, but: str = "") -> None:
    """Bring status and links of orders in step with the bills that bill them."""
    for id in orders:
        order = realm.get(ORDER, id)
        if order is None or order.deleted:
            continue
        bills, amounts = billed(realm, id, but=but)
        body = order.copy()
        body.pop("LinkedTxn", None)
        if bills:
            body["LinkedTxn"] = [{"TxnId": bill, "TxnType": "Bill"} for bill in bills]
        body["POStatus"] = body.get(_CHOSEN) or _by_lines(body, amounts)
        if body != order.body:
            facts = realm.records.versions(ORDER, id)[-1].facts
            store(Draft(realm, ENTITIES[ORDER], id, body, order, facts=facts, posts=False), action="update")


def complete_status(draft: Draft) -> None:
    """The status of an order that is written: what its lines say, unless the client chose another.

    Unconfirmed: that a status which the client chose outlasts the next bill.
    """
    body, old = draft.body, draft.old.get("POStatus", OPEN)
    asked = body.get("POStatus", old)
    amounts = billed(draft.realm, draft.id)[1] if draft.before is not None else {}
    by_lines = _by_lines(body, amounts)
    chosen = asked if asked != old else draft.old.get(_CHOSEN, by_lines)
    body.pop(_CHOSEN, None)
    if chosen != by_lines:
        body[_CHOSEN] = chosen
    body["POStatus"] = chosen


def _by_lines(body: Mapping[str, Any], amounts: Mapping[str, Decimal]) -> str:
    ordered = [(Decimal(line["Amount"]), amounts.get(line["Id"], Decimal(0))) for line in body["Line"]]
    left = [amount for amount, taken in ordered if amount and (taken * amount <= 0 or abs(taken) < abs(amount))]
    return OPEN if left or not amounts else CLOSED


def undo_order(realm: Realm, record: Record, _: str) -> None:
    """An order that was billed stays. Unconfirmed: that this is error 800."""
    if billed(realm, record.id)[0]:
        raise no.InUse(record.kind, record.id)


def unlink(realm: Realm, record: Record) -> None:
    """Before a bill goes: what it billed of orders is open again."""
    refresh(realm, [id for kind, id in record.body.get("_links", []) if kind == ORDER], but=record.id)
