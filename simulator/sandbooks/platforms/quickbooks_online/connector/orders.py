"""Purchase orders of QuickBooks Online, as far as bills bill them.

A link that QuickBooks Online cannot make is left out of the bill without a word, so the order is looked at first.
Source: developer.intuit.com, entities PurchaseOrder, Bill (LinkedTxn with TxnLineId); github.com/simstudioai/sim pull
6194 (links that are left out)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbooks.connector import Consent, Refused, Steps
from sandbooks.payables import NewBill
from sandbooks.platforms.quickbooks_online.connector.native import every, read, ref

ORDER = "PurchaseOrder"
_NAMED_MOST = 100  # orders that one query names; of more, all there are are read

Body = dict[str, Any]


def link(body: Body, record: NewBill, consent: Consent, *, bill: str = "") -> Steps[Body]:
    """The body of a bill, each line linked to the line of an order that it bills. ``bill`` is the id of one that stands
    already. Raises ``Refused``."""
    known: dict[str, Body] = {}
    lines = []
    for line, (id, number) in zip(body["Line"], record.orders, strict=True):
        if id and id not in known:
            known[id] = yield from _order(id, record, consent, bill=bill)
        lines.append({**line, "LinkedTxn": [_link(known[id], number)]} if id else line)
    return {**body, "Line": lines}


def _order(id: str, record: NewBill, consent: Consent, *, bill: str) -> Steps[Body]:
    if not id.isdigit():
        raise Refused(f"QuickBooks Online has no purchase order {id}", element="purchaseOrderRefs")
    found = yield from read(consent, f"purchaseorder/{id}", ORDER, reference=record.id)
    if ref(found.get("VendorRef")) != record.supplier.id:
        raise Refused(f"purchase order {id} is of another supplier", element="purchaseOrderRefs")
    if ref(found.get("CurrencyRef")) not in ("", record.currency):
        raise Refused(f"purchase order {id} is in another currency", element="purchaseOrderRefs")
    if found.get("POStatus") == "Closed" and not (yield from _is_billed_by(found, record, consent, bill=bill)):
        raise Refused(f"purchase order {id} is closed", element="purchaseOrderRefs")
    return found


def _is_billed_by(order: Mapping[str, Any], record: NewBill, consent: Consent, *, bill: str) -> Steps[bool]:
    """Whether it is this very bill that closed an order: the one that is changed, or one whose answer was lost."""
    bills = [str(link["TxnId"]) for link in order.get("LinkedTxn") or () if link.get("TxnType") == "Bill"]
    if bill:
        return bill in bills
    for id in bills:
        found = yield from read(consent, f"bill/{id}", "Bill", reference=record.id)
        if str(found.get("PrivateNote") or "").endswith(f"[{record.id}]"):
            return True
    return False


def _link(order: Mapping[str, Any], number: int) -> Body:
    lines = [line for line in order.get("Line") or () if line.get("Id")]
    if not 1 <= number <= len(lines):
        raise Refused(f"purchase order {order['Id']} has no line {number}", element="purchaseOrderLineRef")
    return {"TxnId": str(order["Id"]), "TxnType": ORDER, "TxnLineId": str(lines[number - 1]["Id"])}


def numbers(bodies: Sequence[Mapping[str, Any]], consent: Consent) -> Steps[dict[str, str]]:
    """The numbers of orders by id, where a bill names one."""
    ids = sorted({id for body in bodies for id in _ids(body)})
    if not ids:
        return {}
    named = ", ".join(f"'{id}'" for id in ids)
    found = yield from every(consent, ORDER, where=f"Id IN ({named})" if len(ids) <= _NAMED_MOST else "")
    return {str(order["Id"]): str(order.get("DocNumber") or "") for order in found}


def of_bill(body: Mapping[str, Any], known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The orders that a bill bills, each with its number."""
    return tuple((id, known.get(id, "")) for id in _ids(body))


def _ids(body: Mapping[str, Any]) -> list[str]:
    links = [link for link in body.get("LinkedTxn") or () if link.get("TxnType") == ORDER]
    return [str(link["TxnId"]) for link in links]
