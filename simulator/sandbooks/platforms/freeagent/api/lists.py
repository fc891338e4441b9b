"""The price list, types of capital assets, verified addresses, and lists that hold nothing here.

Assets, stock and hire purchases come of documents that say that they are not simulated, so that no company has any.
Source: https://dev.freeagent.com/docs/price_list_items, https://dev.freeagent.com/docs/capital_asset_types,
https://dev.freeagent.com/docs/capital_assets, https://dev.freeagent.com/docs/stock_items,
https://dev.freeagent.com/docs/hire_purchases, https://dev.freeagent.com/docs/email_addresses
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import changed, ordered, paged, view
from sandbooks.platforms.freeagent.records import lists
from sandbooks.platforms.freeagent.records.storing import find, remove
from sandbooks.platforms.freeagent.refusals import Missing
from sandbooks.platforms.freeagent.wire import created, page_of, root, shown
from sandbooks.wire import Response

_BY: dict[str, Callable[[Record], Any]] = {
    "created_at": lambda record: record.created,
    "code": lambda record: record.body["code"].lower(),
    "updated_at": lambda record: record.updated,
}


def list_price_list_items(call: Call) -> Response:
    """``GET /v2/price_list_items``"""
    found = ordered(call, list(changed(call, lists.PRICE)), _BY)
    return paged(call, "price_list_items", found, shapes.plain)


def get_price_list_item(call: Call) -> Response:
    """``GET /v2/price_list_items/:id``"""
    return shown(call, lists.PRICE, shapes.plain(call, find(call.company, lists.PRICE, call.args["id"])))


def create_price_list_item(call: Call) -> Response:
    """``POST /v2/price_list_items``"""
    with call.unit():
        record = lists.write_price(call.company, root(call, lists.PRICE))
    return created(call, lists.PRICE, shapes.plain(call, record))


def update_price_list_item(call: Call) -> Response:
    """``PUT /v2/price_list_items/:id``"""
    with call.unit():
        record = find(call.company, lists.PRICE, call.args["id"])
        record = lists.write_price(call.company, root(call, lists.PRICE), record)
    return shown(call, lists.PRICE, shapes.plain(call, record))


def delete_price_list_item(call: Call) -> Response:
    """``DELETE /v2/price_list_items/:id``"""
    with call.unit():
        remove(call.company, find(call.company, lists.PRICE, call.args["id"]))
    return json_reply({})


def list_capital_asset_types(call: Call) -> Response:
    """``GET /v2/capital_asset_types``: those of the system first."""
    return paged(call, "capital_asset_types", list(changed(call, lists.ASSET_TYPE)), shapes.plain)


def get_capital_asset_type(call: Call) -> Response:
    """``GET /v2/capital_asset_types/:id``"""
    return shown(call, lists.ASSET_TYPE, shapes.plain(call, find(call.company, lists.ASSET_TYPE, call.args["id"])))


def create_capital_asset_type(call: Call) -> Response:
    """``POST /v2/capital_asset_types``"""
    with call.unit():
        record = lists.write_asset_type(call.company, root(call, lists.ASSET_TYPE))
    return created(call, lists.ASSET_TYPE, shapes.plain(call, record))


def update_capital_asset_type(call: Call) -> Response:
    """``PUT /v2/capital_asset_types/:id``"""
    with call.unit():
        record = find(call.company, lists.ASSET_TYPE, call.args["id"])
        record = lists.write_asset_type(call.company, root(call, lists.ASSET_TYPE), record)
    return shown(call, lists.ASSET_TYPE, shapes.plain(call, record))


def delete_capital_asset_type(call: Call) -> Response:
    """``DELETE /v2/capital_asset_types/:id``"""
    with call.unit():
        lists.delete_asset_type(call.company, find(call.company, lists.ASSET_TYPE, call.args["id"]))
    return json_reply({})


def list_capital_assets(call: Call) -> Response:
    """``GET /v2/capital_assets``: none, as buying one is not simulated."""
    view(call, ("all", "disposed", "disposable"), "all")
    return _none(call, "capital_assets")


def list_stock_items(call: Call) -> Response:
    """``GET /v2/stock_items``: read only; none is defined."""
    return _none(call, "stock_items")


def list_hire_purchases(call: Call) -> Response:
    """``GET /v2/hire_purchases``: none, as paying a bill by one is not simulated."""
    return _none(call, "hire_purchases")


def _none(call: Call, resource: str) -> Response:
    nothing: list[Any] = page_of(call, [])
    return json_reply({resource: nothing})


def missing(call: Call) -> Response:
    """One of what there is none of."""
    raise Missing(call.request.path.split("/")[-2], call.args["id"][:40])


def email_addresses(call: Call) -> Response:
    """``GET /v2/email_addresses``: those of the users. Unconfirmed: which of them the live service has verified."""
    users = call.company.records.scan("user")
    named = [f"{u.body['first_name']} {u.body['last_name']} <{u.body['email']}>" for u in users]
    return json_reply({"email_addresses": named})


_PRICE, _TYPE = "/v2/price_list_items", "/v2/capital_asset_types"
OPERATIONS = (
    Operation("list_price_list_items", "GET", _PRICE, list_price_list_items, scope="4"),
    Operation("get_price_list_item", "GET", f"{_PRICE}/<id>", get_price_list_item, scope="4"),
    Operation("create_price_list_item", "POST", _PRICE, create_price_list_item, writes=True, scope="4"),
    Operation("update_price_list_item", "PUT", f"{_PRICE}/<id>", update_price_list_item, writes=True, scope="4"),
    Operation("delete_price_list_item", "DELETE", f"{_PRICE}/<id>", delete_price_list_item, writes=True, scope="4"),
    Operation("list_capital_asset_types", "GET", _TYPE, list_capital_asset_types, scope="8"),
    Operation("get_capital_asset_type", "GET", f"{_TYPE}/<id>", get_capital_asset_type, scope="8"),
    Operation("create_capital_asset_type", "POST", _TYPE, create_capital_asset_type, writes=True, scope="8"),
    Operation("update_capital_asset_type", "PUT", f"{_TYPE}/<id>", update_capital_asset_type, writes=True, scope="8"),
    Operation(
        "delete_capital_asset_type", "DELETE", f"{_TYPE}/<id>", delete_capital_asset_type, writes=True, scope="8"
    ),
    Operation("list_capital_assets", "GET", "/v2/capital_assets", list_capital_assets, scope="6"),
    Operation("get_capital_asset", "GET", "/v2/capital_assets/<id>", missing, scope="6"),
    Operation("list_stock_items", "GET", "/v2/stock_items", list_stock_items, scope="4"),
    Operation("get_stock_item", "GET", "/v2/stock_items/<id>", missing, scope="4"),
    Operation("list_hire_purchases", "GET", "/v2/hire_purchases", list_hire_purchases, scope="5"),
    Operation("get_hire_purchase", "GET", "/v2/hire_purchases/<id>", missing, scope="5"),
    Operation("list_email_addresses", "GET", "/v2/email_addresses", email_addresses, scope="1"),
)
