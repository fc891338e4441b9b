"""The lines of bills and vendor credits: rate times quantity, on an account or an item, with tax and tags.

Source: https://www.zoho.com/books/api/v3/bills/, https://www.zoho.com/books/api/v3/vendor-credits/ (line_items)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger.taxes import TaxCode
from sandbooks.money import Money, Rate
from sandbooks.platforms.zoho_books import chart
from sandbooks.platforms.zoho_books.fields import NOTE_MAX, Fields
from sandbooks.platforms.zoho_books.records import accounts, contacts, tags
from sandbooks.platforms.zoho_books.records.storing import check_active, new_id
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, broken
from sandbooks.platforms.zoho_books.taxation import Taxed, code_of, notional, taxed
from sandbooks.platforms.zoho_books.wire import Body, amount

REVERSE = ("reverse_charge_tax_id", "reverse_charge_vat_id", "acquisition_vat_id")
_LINES_MAX = 1000
# How tax is rounded to the decimals of the currency.
# Unconfirmed: the words beside the usual one; no public page of the API lists them.
ROUNDINGS = {
    "round_half_up": ROUND_HALF_UP,
    "round_half_down": ROUND_HALF_DOWN,
    "round_half_even": ROUND_HALF_EVEN,
    "round_up": ROUND_UP,
    "round_down": ROUND_DOWN,
}


class Line(Struct, frozen=True, kw_only=True):
    """One line as read: what it shows, its account, its amount before tax is taken off or added, its tax."""

    document: Body
    account: Record
    amount: Money
    code: TaxCode
    tax: Record | None


class Lines(Struct, frozen=True, kw_only=True):
    """The lines of a document: what it shows of them, their totals, and the facts of its entry."""

    documents: list[Body]
    taxes: list[Body]
    sub_total: Money
    tax_total: Money
    facts: Body

    @property
    def total(self) -> Money:
        return self.sub_total + self.tax_total


def read(company: Company, fields: Fields, *, currency: str, rate: Rate) -> Lines:
    """The lines of a bill or a vendor credit. Raises ``no_line_items`` where there are none."""
    standing = {line["line_item_id"]: line for line in fields.standing.get("line_items", ())}
    rows = fields.rows("line_items")
    if not rows:
        raise broken("no_line_items")
    if len(rows) > _LINES_MAX:
        raise InvalidValue("line_items")
    held = [Fields(row, standing.get(str(row.get("line_item_id", "")))) for row in rows]
    mode = ROUNDINGS[rounding(fields)]
    found = [_line(company, line, currency, index, mode) for index, line in enumerate(held, 1)]
    inclusive = fields.flag("is_inclusive_tax")
    given = stated(company, fields, currency, found)
    done = taxed(
        [(line.amount, line.code) for line in found],
        inclusive=inclusive,
        item_level=fields.flag("is_item_level_tax_calc"),
        given=given,
        rounding=mode,
    )
    shown = [_shown(line, done, place, rate) for place, line in enumerate(found)]
    return Lines(
        documents=shown,
        taxes=summary(company, done),
        sub_total=done.net(currency),
        tax_total=done.tax(currency),
        facts={"costs": _costs(found, done), "charges": charges(done)},
    )


def rounding(fields: Fields) -> str:
    """How a document rounds its tax, half up where it does not say. Raises ``InvalidValue``."""
    return fields.choice("rounding_mode", tuple(ROUNDINGS), default="round_half_up")


def adjustment(fields: Fields, currency: str) -> Money:
    """What a document adds to its total, or takes off it: a rounding, a fee."""
    return fields.money("adjustment", currency) or Money.zero(currency)


def adjustment_costs(company: Company, money: Money) -> list[Body]:
    """The cost that an adjustment is, as a fact of an entry."""
    # Unconfirmed: the account that takes the adjustment of a bill or a vendor credit.
    account = accounts.named(company, chart.OTHER_EXPENSES).id
    return [{"account": account, "amount": str(money.amount)}] if money else []


def _line(company: Company, fields: Fields, currency: str, index: int, mode: str) -> Line:
    if fields.decimal("discount"):
        raise NotSimulated("discounts on purchase lines")
    item = fields.record("item_id", company, "item")
    account = _account(company, fields, item)
    price = _price(fields, item)
    quantity = fields.decimal("quantity")
    quantity = Decimal(1) if quantity is None else quantity
    tax = fields.record("tax_id", company, "tax")
    code = code_of(company, tax, reverse=reverse_of(company, fields))
    money = (Money.of(price, currency) * quantity).rounded()
    chosen = tags.read(company, fields)
    if not fields.standing:
        tags.check_mandatory(company, chosen)
    document: Body = {
        "line_item_id": fields.standing.get("line_item_id") or new_id(company),
        "item_id": item.id if item else "",
        "name": fields.text("name", limit=200) or (str(item.body["name"]) if item else ""),
        **accounts.members(account),
        "description": fields.text("description", limit=NOTE_MAX),
        "rate": price,
        "quantity": quantity,
        "unit": fields.text("unit"),
        "item_order": fields.whole("item_order", default=index),
        **tax_members(tax),
        **reverse_members(fields, money, code, mode),
        "is_billable": fields.flag("is_billable"),
        **contacts.members(contacts.customer(company, fields), "customer"),
        **_project(company, fields),
        **_location(company, fields),
        "tags": chosen,
    }
    return Line(document=document, account=account, amount=money, code=code, tax=tax)


def _account(company: Company, fields: Fields, item: Record | None) -> Record:
    found = fields.record("account_id", company, accounts.KIND)
    if found is None and item is not None and item.body.get("purchase_account_id"):
        found = company.records.get(accounts.KIND, item.body["purchase_account_id"])
    if found is None:
        raise Required("account_id")
    if found.body["account_type"] in (*chart.CONTROL_TYPES, *chart.BANK_TYPES):
        raise broken("account_type", str(found.body["account_name"]))
    if fields.standing.get("account_id") != found.id:
        check_active(found)
    return found


def _price(fields: Fields, item: Record | None) -> Decimal:
    price = fields.decimal("rate")
    if price is None and item is not None:
        price = Decimal(str(item.body.get("purchase_rate") or 0))
    if price is None:
        raise Required("rate")
    return price


def tax_members(tax: Record | None) -> Body:
    """What a line shows of its tax."""
    if tax is None:
        return {"tax_id": "", "tax_name": "", "tax_type": "", "tax_percentage": 0}
    return {name: tax.body[name] for name in ("tax_name", "tax_type", "tax_percentage")} | {"tax_id": tax.id}


def reverse_members(fields: Fields, money: Money, code: TaxCode, mode: str = ROUND_HALF_UP) -> Body:
    """What a line shows of the tax that the buyer accounts for."""
    shown: Body = {}
    for name in REVERSE:
        if fields.has(name):
            prefix = name.removesuffix("_id")
            owed = next((c for c in code.components if c.reverse_charge), None)
            shown[name] = fields.id(name)
            shown[f"{prefix}_name"] = owed.name if owed else ""
            shown[f"{prefix}_percentage"] = owed.rate if owed else 0
            shown[f"{prefix}_amount"] = amount(notional(money, code, mode).amount, money.currency)
    return shown


def reverse_of(company: Company, fields: Fields) -> Record | None:
    """The tax that the buyer accounts for, under any of the names of the editions."""
    found = (fields.record(name, company, "tax") for name in REVERSE)
    return next((record for record in found if record is not None), None)


def _project(company: Company, fields: Fields) -> Body:
    project = fields.record("project_id", company, "project")
    return {
        "project_id": project.id if project else "",
        "project_name": project.body["project_name"] if project else "",
    }


def _location(company: Company, fields: Fields) -> Body:
    found = location(company, fields)
    return {"location_id": found.id, "location_name": found.body["location_name"]} if found else {}


def location(company: Company, fields: Fields) -> Record | None:
    """The location that a document names: by ``location_id``, or ``branch_id`` as it was called before."""
    name = "branch_id" if fields.gives("branch_id") else "location_id"
    found = fields.record(name, company, "location")
    if found is not None and not found.active:
        raise InvalidValue(name)
    return found


def stated(company: Company, fields: Fields, currency: str, found: Sequence[Line]) -> dict[str, Money]:
    """Tax as the document states it in ``taxes``, by id of a tax that one of its lines charges."""
    charged = {line.tax.id for line in found if line.tax is not None and line.code.charged}
    most = max(sum((line.amount.amount for line in found), Decimal(0)), Decimal(0))
    given = {}
    for row in (Fields(row) for row in Fields(fields.given).rows("taxes")):
        money = row.money("tax_amount", currency)
        if row.id("tax_id") in charged and money is not None:
            if not 0 <= money.amount <= most:
                raise InvalidValue("tax_amount")
            given[row.id("tax_id")] = money
    return given


def summary(company: Company, done: Taxed) -> list[Body]:
    """The ``taxes`` of a document."""
    shown = []
    for id, money in done.by_tax.items():
        tax = company.records.get("tax", id)
        name = f"{tax.body['tax_name']} ({tax.body['tax_percentage']}%)" if tax else ""
        shown.append({"tax_id": id, "tax_name": name, "tax_amount": amount(money.amount, money.currency)})
    return shown


def _shown(line: Line, done: Taxed, place: int, rate: Rate) -> Body:
    result = done.lines[place]
    currency = line.amount.currency
    return line.document | {
        "bcy_rate": rate.to_base(Money.of(line.document["rate"], currency).rounded()).amount,
        "item_total": amount(result.net.amount, currency),
        "item_total_inclusive_of_tax": amount(result.gross.amount, currency),
    }


def _costs(found: Sequence[Line], done: Taxed) -> list[Body]:
    return [
        cost(
            line.account.id, result.cost, tax=line.tax, chosen=line.document["tags"], memo=line.document["description"]
        )
        for line, result in zip(found, done.lines, strict=True)
    ]


def cost(id: str, money: Money, *, tax: Record | None, chosen: list[Body], memo: str) -> Body:
    """What an account bears, as a fact of an entry."""
    found: Body = {"account": id, "amount": str(money.amount)}
    if tax is not None:
        found["tax"] = tax.id
    if chosen:
        found["dimensions"] = tags.dimensions(chosen)
    if memo:
        found["memo"] = memo[:200]
    return found


def charges(done: Taxed) -> list[Mapping[str, Any]]:
    """What goes to tax accounts, as facts of an entry."""
    return [{"account": charge.account, "amount": str(charge.amount.amount)} for charge in done.charges]
