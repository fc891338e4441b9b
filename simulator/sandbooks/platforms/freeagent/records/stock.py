"""Stock items: how many there are, what they cost, and what leaves the stock when some are sold.

Items are defined on the screens; the API reads them. What is sold is costed first in, first out; what is sold before it
was bought is costed at its sale price until the purchase is there. A movement after all others goes on from what they
left in stock; one that changes, goes or comes before others costs the sales of its item anew.
Source: https://dev.freeagent.com/docs/stock_items; https://support.freeagent.com article 115001224124 (stock valuation)
"""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import RESOURCES, Fields
from sandbooks.platforms.freeagent.posting import costs
from sandbooks.platforms.freeagent.records import sub_accounts, sums
from sandbooks.platforms.freeagent.records.storing import is_locked, new_id, refer, remove, save, touch
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

KIND, SALE = "stock_item", "stock_sale"
EXPLANATION = "bank_transaction_explanation"
MOVERS = ("bill", "expense", EXPLANATION, "journal_set")


def write(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """A stock item, new or changed, as a person defines it. Raises ``Invalid``."""
    fields = Fields({"opening_quantity": "0", "opening_balance": "0", **given} if record is None else given, None)
    fields.standing = record.body if record else {}
    description = fields.text("description", required=True)
    quantity = fields.decimal("opening_quantity", required=True)
    balance = fields.money("opening_balance", company.currency, required=True)
    cost = fields.record("cost_of_sale_category", company, "category", required=True)
    if cost is not None and not 96 <= int(cost.id) <= 399:
        fields.wrong("cost_of_sale_category", "is not included in the list")
    fields.check()
    if description is None or quantity is None or balance is None or cost is None:
        raise AssertionError("checked above")
    id = record.id if record else new_id(company, KIND)
    sub_code = record.body["sub_code"] if record else str(company.records.next_number("stock_item_sub_code"))
    document = {
        "url": path("stock_items", id),
        "description": description,
        "opening_quantity": decimal_text(quantity),
        "opening_balance": decimal_text(balance.amount),
        "cost_of_sale_category": refer(cost),
        "sub_code": sub_code,
    }
    start = str(company.settings["freeagent_start_date"])
    account = sub_accounts.opened(company, sub_accounts.STOCK, document)
    facts = {"posts": "opening", "dated_on": start, "stock": account, "base": company.currency}
    saved = save(company, KIND, id, document=document, facts=facts)
    sub_accounts.rename(company, saved)
    bring(company, saved)
    return saved


def on_hand(company: Company, record: Record) -> Decimal:
    """How many units there are. Unconfirmed: whether the live service leaves out what is dated after today."""
    return Decimal(record.body["opening_quantity"]) + sums.stock(company, record.id)


# First in, first out


class Stock(Struct):
    """What is in stock of an item after its movements: units and unit prices, the oldest first, and what the units
    sold so far cost. ``last`` is the place of the last movement."""

    layers: deque[tuple[Decimal, Fraction]]
    spent: Fraction = Fraction(0)
    last: tuple[str, int] = ("", 0)


class Movement(Struct, frozen=True, kw_only=True):
    """What a document did to the stock of an item: units in (positive) or out, and their value; ``sale`` if sold."""

    dated_on: str
    order: int
    quantity: Decimal
    value: Money
    sale: Record | None = None


def follow(company: Company, before: dict[str, Any], now: dict[str, Any] | None = None) -> None:
    """Cost the sales of every item that a document moves, before or after its change; nothing is before a new one."""
    items: dict[str, None] = {}
    for document in (before, now or {}):
        for line in (document, *document.get("bill_items", ()), *document.get("journal_entries", ())):
            if "stock_item" in line:
                items[tail(line["stock_item"], "stock_items")] = None
    arrived = _mover(company, now) if now and not before else None
    for id in items:
        record = company.records.get(KIND, id)
        if record is not None:
            if arrived is None or not _goes_on(company, record, arrived):
                bring(company, record)
            # What is on hand counts as a change of the item, for those who poll for changes.
            touch(company, record, record.body)


def _mover(company: Company, document: dict[str, Any]) -> Record | None:
    found = ((kind, tail(document["url"], RESOURCES[kind])) for kind in MOVERS)
    return next((company.records.get(kind, id) for kind, id in found if id), None)


def _goes_on(company: Company, item: Record, arrived: Record) -> bool:
    """Cost what a document does after all other movements of an item; False where it is not the last."""
    stock = _kept(company, item)
    moved = _of(company, item, arrived)
    if stock is None or any((movement.dated_on, movement.order) <= stock.last for movement in moved):
        return False
    _move(company, item, stock, moved)
    return True


def bring(company: Company, record: Record) -> None:
    """Bring the cost of every sale of an item in step with its movements. Sales in a locked period stay as they are."""
    stock = Stock(deque())
    _add(stock.layers, Decimal(record.body["opening_quantity"]), Decimal(record.body["opening_balance"]))
    sold = _move(company, record, stock, movements(company, record))
    for standing in company.records.find(SALE, KIND, record.id):
        if standing.id not in sold:
            remove(company, standing)


def _move(company: Company, item: Record, stock: Stock, moved: list[Movement]) -> set[str]:
    """Cost movements in their order, and keep what they leave in stock; the ids of the sales."""
    sold: set[str] = set()
    for movement in moved:
        stock.last = (movement.dated_on, movement.order)
        if movement.quantity > 0:
            _add(stock.layers, movement.quantity, movement.value.amount)
            continue
        cost, short = _take(stock.layers, -movement.quantity)
        if movement.sale is not None:
            sold.add(movement.sale.id)
            price = Fraction(movement.value.amount) / Fraction(-movement.quantity)
            before, stock.spent = stock.spent, stock.spent + cost + price * Fraction(short)
            # The difference of two rounded totals, so that what is sold to the last unit leaves nothing in the stock.
            _cost(company, item, movement.sale, _rounded(company, stock.spent) - _rounded(company, before))
    layers = [[str(quantity), str(price)] for quantity, price in stock.layers]
    company.world.put(_scope(company), item.id, {"layers": layers, "spent": str(stock.spent), "last": stock.last})
    return sold


def _kept(company: Company, item: Record) -> Stock | None:
    """What is in stock of an item after its last movement."""
    kept = company.world.get(_scope(company), item.id)
    if kept is None:
        return None
    layers = deque((Decimal(quantity), Fraction(price)) for quantity, price in kept["layers"])
    return Stock(layers, Fraction(kept["spent"]), (kept["last"][0], kept["last"][1]))


def _scope(company: Company) -> str:
    return f"freeagent/stock/{company.id}"


def _add(layers: deque[tuple[Decimal, Fraction]], quantity: Decimal, value: Decimal) -> None:
    if quantity > 0:
        layers.append((quantity, Fraction(value) / Fraction(quantity)))


def _take(layers: deque[tuple[Decimal, Fraction]], wanted: Decimal) -> tuple[Fraction, Decimal]:
    """The cost of so many units, the oldest first, and how many were not there."""
    cost = Fraction(0)
    while wanted and layers:
        quantity, price = layers.popleft()
        taken = min(quantity, wanted)
        cost, wanted = cost + Fraction(taken) * price, wanted - taken
        if taken < quantity:
            layers.appendleft((quantity - taken, price))
    return cost, wanted


def _rounded(company: Company, value: Fraction) -> Money:
    return Money(Decimal(1), company.currency).portion(value)


def _cost(company: Company, item: Record, sale: Record, cost: Money) -> None:
    document = {
        "url": refer(sale),
        "dated_on": sale.body["dated_on"],
        "description": f"Cost of sale: {item.body['description']}",
        "stock_item": refer(item),
        "cost": decimal_text(cost.amount),
    }
    facts = {
        "posts": "stock_sale",
        "base": company.currency,
        "account": tail(item.body["cost_of_sale_category"], "categories"),
        "stock": sub_accounts.account_of(sub_accounts.STOCK, item.body),
    }
    standing = company.records.get(SALE, sale.id)
    if standing is not None and not standing.deleted:
        if standing.body == document:
            return
        if is_locked(company, standing.body["dated_on"]):
            return
    save(company, SALE, sale.id, document=document, facts=facts)


def movements(company: Company, item: Record) -> list[Movement]:
    """What moved the stock of an item, oldest first."""
    found = [
        movement
        for kind in MOVERS
        for record in {each.id: each for each in company.records.find(kind, KIND, item.id)}.values()
        for movement in _of(company, item, record)
    ]
    return sorted(found, key=lambda movement: (movement.dated_on, movement.order))


def _of(company: Company, item: Record, record: Record) -> list[Movement]:
    facts = company.records.facts(record.kind, record.id)
    dated, order = record.body["dated_on"], record.sequence
    if record.kind == "journal_set":
        return [
            Movement(
                dated_on=dated, order=order, quantity=quantity, value=Money.of(line["debit_value"], company.currency)
            )
            for line in record.body["journal_entries"]
            for quantity in sums.stock_moved(record.kind, line, item.id)
        ]
    lines = record.body["bill_items"] if record.kind == "bill" else [record.body]
    values = costs(record.kind, record.body, facts)
    sale = record if record.kind == EXPLANATION and record.body["is_money_in"] else None
    return [
        Movement(dated_on=dated, order=order, quantity=quantity, value=abs(value), sale=sale)
        for line, value in zip(lines, values, strict=True)
        for quantity in sums.stock_moved(record.kind, line, item.id)
    ]
