"""Opening balances and base currency adjustments."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books.api.parts import Resource, plain, read, write
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import openings, revaluations
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response

_OPENING = "settings/openingbalances"


def get_opening(call: Call) -> Response:
    """``GET /settings/openingbalances``"""
    return reply(opening_balance=plain(call, openings.standing(call.company)))


def write_opening(call: Call) -> Response:
    """``POST`` and ``PUT /settings/openingbalances``"""
    given = read_body(call)
    with call.unit():
        record = openings.write(call.company, given)
    return reply("The opening balances are saved!", opening_balance=plain(call, record))


def delete_opening(call: Call) -> Response:
    """``DELETE /settings/openingbalances``"""
    with call.unit():
        openings.delete(call.company)
    return reply("The entered opening balance has been deleted.")


ADJUSTMENTS = Resource(
    kind="basecurrencyadjustment",
    path="basecurrencyadjustment",
    one="base_currency_adjustment",
    many="base_currency_adjustments",
    root="data",
    module="accountants",
    rules=ListRules(
        root="base_currency_adjustments",
        report="Base Currency Adjustment",
        dates=("adjustment_date",),
        order=("adjustment_date", "exchange_rate", "currency_code", "gain_or_loss"),
        default_filter="Date.All",
    ),
    created="The adjustment has been made. The account balances will now reflect the adjustment.",
    deleted="The selected base currency adjustment has been deleted.",
    created_status=200,
    create=lambda call, given: revaluations.create(call.company, given, only=_only(call)),
    delete=revaluations.delete,
)


def _only(call: Call) -> list[str]:
    return [id for id in (call.query.get("account_ids") or "").split(",") if id]


def list_adjustable(call: Call) -> Response:
    """``GET /basecurrencyadjustment/accounts``: what an adjustment would do."""
    asked: Body = {name: call.query.get(name) for name in ("currency_id", "adjustment_date", "exchange_rate")}
    _, currency, rate, day = revaluations.proposed(call.company, asked)
    shown: Body = {
        "currency_id": currency.id,
        "currency_code": rate.foreign,
        "adjustment_date": day.isoformat(),
        "exchange_rate": rate.value,
        "accounts": revaluations.lines(call.company, rate, day),
    }
    return reply(data=shown)


OPERATIONS: tuple[Operation, ...] = (
    read("get_opening_balances", _OPENING, get_opening, module="settings"),
    write("create_opening_balances", "POST", _OPENING, write_opening, module="settings"),
    write("update_opening_balances", "PUT", _OPENING, write_opening, module="settings"),
    write("delete_opening_balances", "DELETE", _OPENING, delete_opening, module="settings"),
    read("list_adjustable_accounts", "basecurrencyadjustment/accounts", list_adjustable, module="accountants"),
    *ADJUSTMENTS.operations(),
)
