"""Purchase orders: what is ordered of a vendor. They post nothing; bills that link to them receive their lines.

Source: QuickBooks Desktop SDK, Onscreen Reference (PurchaseOrder; LinkToTxnID and LinkToTxn of bills)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.quickbooks_desktop import drafts, values
from sandbooks.platforms.quickbooks_desktop.drafts import Draft
from sandbooks.platforms.quickbooks_desktop.file import ITEMS, CompanyFile
from sandbooks.platforms.quickbooks_desktop.money import decimal, foreign_fields, money, rate_of
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.refusals import CannotModify, InvalidAmount, ObjectNotFound
from sandbooks.platforms.quickbooks_desktop.rules.ready import Ready, facts, id_of, keys_of

KIND = "PurchaseOrder"
_LINES = "PurchaseOrderLineRet"
_NEW = ("PurchaseOrderLineAdd", "PurchaseOrderLineMod")
# What a bill's line takes of the order's line that it receives.
_TAKEN = ("ItemRef", "Desc", "UnitOfMeasure", "ClassRef", "CustomerRef", "OverrideItemAccountRef", "SalesTaxCodeRef")


def draft_of(file: CompanyFile, kind: str, node: Node, standing: Record | None) -> Draft:
    """The draft that an Add says, or that a Mod makes of what stands."""
    before: Mapping[str, Any] = standing.body if standing else {}
    draft = drafts.merged(before, drafts.fields(file, node, kind, skip=_NEW))
    given = [child for child in node.children if child.name in _NEW]
    if given:
        draft[_LINES] = drafts.lines(file, given, kind, standing=before.get(_LINES, ()))
    return draft


def ready(file: CompanyFile, kind: str, draft: Draft, *, id: str, standing: Record | None) -> Ready:
    """The order with its totals. Raises what the rules refuse."""
    draft.setdefault("TxnDate", file.today().isoformat())
    vendor = file.find(("Vendor",), id_of(draft, "VendorRef"))
    currency = file.currency_of(vendor) if vendor else file.home
    rate = rate_of(file, draft, currency)
    for line in draft[_LINES]:
        _price(file, line, currency)
    _check_received(file, draft, standing)
    total = sum((decimal(line, "Amount") for line in draft[_LINES]), Decimal(0))
    if total < 0:
        raise InvalidAmount("Amount", values.amount(total), "The transaction amount cannot be negative.")
    body = {**draft, "TotalAmount": values.amount(total)}
    body |= foreign_fields(file, money(total, currency), rate, "TotalAmountInHomeCurrency")
    return Ready(body, facts(file, rate, ()), keys_of(body))


def _price(file: CompanyFile, line: Draft, currency: str) -> None:
    """The rate and amount of a line: as given, else those of its item."""
    quantity = _ordered(line)
    if quantity < 0:
        raise InvalidAmount("Quantity", f"{quantity:f}", "An order cannot be for less than nothing.")
    if "Rate" not in line and "Amount" not in line and "ItemRef" in line:
        line["Rate"] = item_cost(file, line)
    if "Amount" not in line:
        line["Amount"] = values.amount(Money.of(Decimal(line.get("Rate") or 0) * quantity, currency).rounded().amount)
    money(decimal(line, "Amount"), currency)


def item_cost(file: CompanyFile, line: Mapping[str, Any]) -> str:
    """What the item of a line costs to buy."""
    item = file.lookup(ITEMS, id_of(line, "ItemRef"))
    both, one = item.body.get("SalesAndPurchase", {}), item.body.get("SalesOrPurchase", {})
    return str(both.get("PurchaseCost") or one.get("Price") or "0")


def _check_received(file: CompanyFile, draft: Draft, standing: Record | None) -> None:
    """What bills have received of an order stays on it, with its vendor."""
    if standing is None:
        return
    received = _received(file, standing.id)
    left = {str(line["TxnLineID"]): _ordered(line) for line in draft[_LINES]}
    if any(left.get(line, Decimal(0)) < quantity for line, quantity in received.items() if quantity):
        raise CannotModify(KIND, "Less cannot be ordered than has been received.")
    items = {str(line["TxnLineID"]): line.get("ItemRef") for line in standing.body[_LINES]}
    if any(line.get("ItemRef") != items[line["TxnLineID"]] for line in draft[_LINES] if line["TxnLineID"] in received):
        raise CannotModify(KIND, "ItemRef cannot change once the item has been received.")
    if received and id_of(standing.body, "VendorRef") != id_of(draft, "VendorRef"):
        raise CannotModify(KIND, "VendorRef cannot change once items have been received.")


# What is received


def bills_of(file: CompanyFile, order: str) -> list[Record]:
    """The live bills that received something of an order."""
    return file.records.find("Bill", "applied", order)


def _received(file: CompanyFile, order: str, *, without: str = "") -> dict[str, Decimal]:
    """How much of each line of an order bills have received."""
    found: dict[str, Decimal] = {}
    for bill in bills_of(file, order):
        for place, quantity in _quantities(bill.body, order) if bill.id != without else ():
            found[place] = found.get(place, Decimal(0)) + quantity
    return found


def _quantities(bill: Mapping[str, Any], order: str) -> Iterator[tuple[str, Decimal]]:
    """The lines of an order that a bill received, with how much of each."""
    for line in bill.get("ItemLineRet", ()):
        if (line.get("_link") or {}).get("TxnID") == order:
            yield str(line["_link"]["TxnLineID"]), _ordered(line)


def _left(line: Mapping[str, Any], received: Mapping[str, Decimal]) -> Decimal:
    """What is still to come of a line."""
    if line.get("IsManuallyClosed") == "true":
        return Decimal(0)
    return max(_ordered(line) - received.get(str(line["TxnLineID"]), Decimal(0)), Decimal(0))


def is_closed(file: CompanyFile, order: Record) -> bool:
    """Whether nothing more is to come of an order."""
    received = _received(file, order.id)
    by_hand = order.body.get("IsManuallyClosed") == "true"
    return by_hand or not any(_left(line, received) for line in order.body[_LINES])


# Links of bills


def receive(file: CompanyFile, draft: Draft, *, bill: str) -> Draft:
    """Put into a bill what it links to: whole orders, and the orders' lines behind single lines of its own.

    ``linked`` and ``closed_links`` of what comes back are the orders that are linked, and those that were closed.
    """
    orders = dict.fromkeys(draft.pop("LinkToTxnID", None) or [])
    closed: list[str] = []
    for line in draft.get("ItemLineRet", ()):
        link = line.pop("LinkToTxn", None)
        if link:
            _link_line(file, draft, line, link, closed, bill=bill)
        elif line.get("_link"):
            _check_linked(file, draft, line)
    for order in (_order(file, id, draft) for id in orders):
        closed += [order.id] if is_closed(file, order) else []
        draft["ItemLineRet"] = [*draft.get("ItemLineRet", ()), *_open_lines(file, order, draft, bill=bill)]
    if not draft.get("ItemLineRet"):
        draft.pop("ItemLineRet", None)
    linked = [str(line["_link"]["TxnID"]) for line in draft.get("ItemLineRet", ()) if line.get("_link")]
    return {"linked": list(dict.fromkeys(linked)), **({"closed_links": closed} if closed else {})}


def _order(file: CompanyFile, id: str, draft: Mapping[str, Any]) -> Record:
    """An order of the bill's own vendor."""
    order = file.lookup((KIND,), id)
    if id_of(order.body, "VendorRef") != id_of(draft, "VendorRef"):
        raise InvalidAmount("LinkToTxnID", id, "The transaction belongs to another vendor.")
    return order


def _link_line(
    file: CompanyFile, draft: Draft, line: Draft, link: Mapping[str, str], closed: list[str], *, bill: str
) -> None:
    order = _order(file, str(link["TxnID"]), draft)
    ordered = _ordered_line(order, str(link["TxnLineID"]))
    left = Decimal(0) if is_closed(file, order) else _left(ordered, _taken_up(file, order.id, draft, bill=bill))
    line |= {name: value for name, value in _taken(ordered, line, left).items() if name not in line}
    if left:
        line["_link"] = dict(link)
    else:
        closed.append(order.id)
    _check_received_line(ordered, line)


def _check_linked(file: CompanyFile, draft: Draft, line: Draft) -> None:
    """A line that received something of an order stays a line of that vendor and item."""
    # Unconfirmed: that QuickBooks refuses such a change, rather than taking the link off.
    order = file.lookup((KIND,), str(line["_link"]["TxnID"]))
    if id_of(order.body, "VendorRef") != id_of(draft, "VendorRef"):
        raise CannotModify("Bill", "VendorRef cannot change while lines are linked to a purchase order.")
    _check_received_line(_ordered_line(order, str(line["_link"]["TxnLineID"])), line)


def _ordered_line(order: Record, id: str) -> Mapping[str, Any]:
    found = next((line for line in order.body[_LINES] if line["TxnLineID"] == id), None)
    if found is None:
        raise ObjectNotFound(id)
    return dict(found)


def _check_received_line(ordered: Mapping[str, Any], line: Draft) -> None:
    if line.get("ItemRef") != ordered.get("ItemRef"):
        raise InvalidAmount("ItemRef", id_of(line, "ItemRef"), "It is not the item of the linked line.")
    if _ordered(line) < 0:
        raise InvalidAmount("Quantity", str(line["Quantity"]), "Less than nothing cannot be received.")


def _taken_up(file: CompanyFile, order: str, draft: Mapping[str, Any], *, bill: str) -> dict[str, Decimal]:
    """How much of each line of an order other bills have received, and the lines of this one so far."""
    found = _received(file, order, without=bill)
    for place, quantity in _quantities(draft, order):
        found[place] = found.get(place, Decimal(0)) + quantity
    return found


def _taken(ordered: Mapping[str, Any], line: Mapping[str, Any], left: Decimal) -> Draft:
    """What a bill's line is where it says nothing itself. All of a line is for the amount that was ordered."""
    whole = _ordered(ordered)
    quantity = Decimal(line["Quantity"]) if line.get("Quantity") else left or whole
    found = {name: ordered[name] for name in _TAKEN if name in ordered} | {"Quantity": _digits(quantity)}
    if "Cost" in line or "Amount" in line:
        return found
    if quantity == whole:
        found["Amount"] = ordered["Amount"]
    each = Decimal(ordered["Amount"]) / whole if whole else Decimal(0)
    return {**found, "Cost": ordered.get("Rate") or f"{each.quantize(Decimal('0.00001')):f}"}


def _digits(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _open_lines(file: CompanyFile, order: Record, draft: Draft, *, bill: str) -> list[Draft]:
    """A line of a bill for each line of an order of which something is to come."""
    if is_closed(file, order):
        return []
    taken = _taken_up(file, order.id, draft, bill=bill)
    open = [(line, _left(line, taken)) for line in order.body[_LINES] if "ItemRef" in line]
    return [
        {
            "TxnLineID": file.next_txn_id(),
            **_taken(line, {}, left),
            "_link": {"TxnID": order.id, "TxnLineID": str(line["TxnLineID"])},
        }
        for line, left in open
        if left
    ]


# What answers show


def shown(file: CompanyFile, order: Record, *, links: bool) -> dict[str, Any]:
    """What is known of an order only now: what of it has come, and what brought it."""
    received = _received(file, order.id)
    by_hand = order.body.get("IsManuallyClosed", "false")
    lines = [_shown_line(line, received) for line in order.body[_LINES]]
    complete = all(received.get(str(line["TxnLineID"]), Decimal(0)) >= _ordered(line) for line in order.body[_LINES])
    found: dict[str, Any] = {"IsManuallyClosed": by_hand, "IsFullyReceived": values.write(complete), _LINES: lines}
    if links:
        found["LinkedTxn"] = [_link(bill, _amount(bill, order.id)) for bill in bills_of(file, order.id)]
    return found


def _ordered(line: Mapping[str, Any]) -> Decimal:
    return Decimal(line.get("Quantity") or 1)


def _shown_line(line: Mapping[str, Any], received: Mapping[str, Decimal]) -> Draft:
    come, ordered = received.get(str(line["TxnLineID"]), Decimal(0)), _ordered(line)
    return {
        **line,
        "ReceivedQuantity": f"{come:f}",
        # What bills received is billed. Unconfirmed: that it is told of what has not come, too.
        "UnbilledQuantity": f"{max(ordered - come, Decimal(0)):f}",
        "IsBilled": values.write(come >= ordered),
        "IsManuallyClosed": line.get("IsManuallyClosed", "false"),
    }


def links_of(file: CompanyFile, bill: Record) -> list[dict[str, Any]]:
    """The orders that a bill received, as it shows them."""
    linked = [str(line["_link"]["TxnID"]) for line in bill.body.get("ItemLineRet", ()) if line.get("_link")]
    orders = (file.records.get(KIND, id) for id in dict.fromkeys(linked))
    return [_link(order, _amount(bill, order.id)) for order in orders if order is not None]


def _amount(bill: Record, order: str) -> Decimal:
    lines: Iterable[Mapping[str, Any]] = bill.body.get("ItemLineRet", ())
    mine = (line for line in lines if (line.get("_link") or {}).get("TxnID") == order)
    return sum((decimal(line, "Amount") for line in mine), Decimal(0))


def _link(record: Record, amount: Decimal) -> dict[str, Any]:
    """A link by quantity. Unconfirmed: the sign of its amount."""
    return {
        "TxnID": record.id,
        "TxnType": record.kind,
        "TxnDate": record.body["TxnDate"],
        "RefNumber": record.body.get("RefNumber"),
        "LinkType": "QUANTYPE",
        "Amount": values.amount(-amount),
    }
