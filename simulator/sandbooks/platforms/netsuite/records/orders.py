"""Purchase orders: what is ordered moves no money; bills that name its lines bill it.

Source: NetSuite REST API Browser, record v1 2026.1 (purchaseOrder, and orderDoc and orderLine on the lines of a bill);
docs.oracle.com, section_157901123882.html (a purchase order is transformed into a bill)
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.posting import id_of, lines_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.header import APPROVED, Draft
from sandbooks.platforms.netsuite.refusals import UserError

Body = dict[str, Any]

ORDER = "purchaseOrder"
SUBLISTS = ("expense", "item")
_SHARED = ("entity", "subsidiary", "currency")


def check_orders(draft: Draft) -> None:
    """Each line of a bill that names an order names a line of it, of the same vendor, subsidiary and currency."""
    kept = _named(draft.before.body) if draft.before is not None else set()
    for sublist, n, line in _with_order(draft.body):
        path = f"{sublist}.items[{n}].orderDoc"
        order = _order_of(draft.company, draft.body, line)
        if order is None:
            raise _invalid(id_of(line["orderDoc"]), "orderdoc", path)
        if "orderLine" not in line:
            line["orderLine"] = _first_open(draft.company, order, sublist, but=_named(draft.body))
        ordered = _line(order, sublist, line["orderLine"])
        if ordered is None:
            raise _invalid(str(line["orderLine"]), "orderline", path)
        if (order.id, sublist, line["orderLine"]) not in kept and not _may_bill(order, ordered):
            # Unconfirmed: the sentence.
            raise UserError("This purchase order cannot be billed: it is not approved, or the line is closed.", path)


def are_standing(company: Company, body: Body) -> bool:
    """Whether every line of a bill that names an order names one that is there, and a line that it has."""
    for sublist, _, line in _with_order(body):
        order = _order_of(company, body, line)
        if order is None or _line(order, sublist, line["orderLine"]) is None:
            return False
    return True


def _order_of(company: Company, body: Body, line: Body) -> Record | None:
    """The order that a line of a bill names, of the bill's own vendor, subsidiary and currency."""
    order = store.get(company, ORDER, id_of(line["orderDoc"]))
    same = order is not None and all(id_of(order.body.get(n)) == id_of(body.get(n)) for n in _SHARED)
    return order if same else None


def _invalid(value: str, field: str, path: str) -> UserError:
    return UserError(f"You have entered an Invalid Field Value {value[:40]} for the following field: {field}", path)


def _with_order(body: Body) -> Iterator[tuple[str, int, Body]]:
    for sublist in SUBLISTS:
        for n, line in enumerate(lines_of(body, sublist)):
            if line.get("orderDoc"):
                yield sublist, n, line


def _named(body: Body) -> set[tuple[str, str, int]]:
    named = ((sublist, line) for sublist, _, line in _with_order(body) if "orderLine" in line)
    return {(id_of(line["orderDoc"]), sublist, line["orderLine"]) for sublist, line in named}


def _may_bill(order: Record, line: Body) -> bool:
    approved = (order.body.get("approvalStatus") or {}).get("id") == APPROVED
    return approved and not order.body.get("voided") and not line.get("isClosed")


def _line(order: Record, sublist: str, number: int) -> Body | None:
    return next((line for line in lines_of(order.body, sublist) if line["line"] == number), None)


def _first_open(company: Company, order: Record, sublist: str, *, but: set[tuple[str, str, int]]) -> int:
    """The first line that is open, and that no other line of the same bill names where there is such a one."""
    every = lines_of(order.body, sublist)
    left = open_lines(company, order, sublist)
    unnamed = [line for line in left if (order.id, sublist, line["line"]) not in but]
    return int((unnamed or left or every or [{"line": 0}])[0]["line"])


def check_billed(draft: Draft, before: Record) -> None:
    """An order that was billed keeps whose it is, and the lines that were billed. Raises ``UserError``."""
    if not bills_of(draft.company, before):
        return
    for name in _SHARED:
        if draft.body.get(name) != before.body.get(name):
            raise UserError(f"You cannot change {name}: this purchase order has been billed.", name)
    for sublist in SUBLISTS:
        kept = {line["line"] for line in lines_of(draft.body, sublist)}
        for line in lines_of(before.body, sublist):
            if line["line"] not in kept and billed(draft.company, before, sublist, line["line"]):
                # Unconfirmed: the sentence.
                raise UserError(f"You cannot remove line {line['line']}: it has been billed.", sublist)


def bills_of(company: Company, order: Record) -> list[Record]:
    """The bills that bill an order, oldest first."""
    found = company.records.find("vendorBill", "order", order.id)
    return [bill for bill in found if not bill.body.get("voided")]


def billed(company: Company, order: Record, sublist: str, number: int) -> Decimal:
    """How much of a line of an order is billed, net of tax."""
    lines = (line for bill in bills_of(company, order) for line in lines_of(bill.body, sublist))
    own = (line for line in lines if id_of(line.get("orderDoc")) == order.id and line.get("orderLine") == number)
    return sum((Decimal(line["amount"]) for line in own), Decimal(0))


def open_lines(company: Company, order: Record, sublist: str) -> list[Body]:
    """The lines that are still to be billed, each with the amount that is left."""
    found = []
    for line in lines_of(order.body, sublist):
        left = Decimal(line["amount"]) - billed(company, order, sublist, line["line"])
        if left * Decimal(line["amount"]) > 0 and not line.get("isClosed"):
            found.append({**line, "amount": left})
    return found


def status(company: Company, order: Record) -> str:
    """How far an approved order is: its lines billed, closed, or still to be billed."""
    if any(open_lines(company, order, sublist) for sublist in SUBLISTS):
        # Unconfirmed: an order whose items are received; here nothing has to be received before it is billed.
        return "pendingBilling"
    return "fullyBilled" if bills_of(company, order) else "closed"


def bill_of(company: Company, order: Record) -> Body:
    """What a bill takes over from an order: its head, and what is left of its lines."""
    drawn: Body = {n: order.body[n] for n in ("entity", "subsidiary", "currency", "memo", "terms") if order.body.get(n)}
    for sublist in SUBLISTS:
        drawn[sublist] = [_taken_over(order, line) for line in open_lines(company, order, sublist)]
    return drawn


def _taken_over(order: Record, line: Body) -> Body:
    dropped = ("line", "tax1Amt", "grossAmt", "taxRate1", "isClosed", "quantity", "rate")
    kept = {name: value for name, value in line.items() if name not in dropped}
    return {**kept, "orderDoc": {"id": order.id}, "orderLine": line["line"]}
