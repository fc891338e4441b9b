"""The price list, types of capital assets, verified addresses, and what documents make: assets and hire purchases.

Source: https://dev.freeagent.com/docs/price_list_items, https://dev.freeagent.com/docs/capital_asset_types,
https://dev.freeagent.com/docs/capital_assets, https://dev.freeagent.com/docs/stock_items,
https://dev.freeagent.com/docs/hire_purchases, https://dev.freeagent.com/docs/email_addresses,
https://dev.freeagent.com/docs/cis_bands
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import refuse
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import changed, held, ordered, paged, view
from sandbooks.platforms.freeagent.records import capital_assets, cis, hire_purchases, lists, stock
from sandbooks.platforms.freeagent.records.storing import find, remove
from sandbooks.platforms.freeagent.wire import created, root, shown
from sandbooks.wire import Response

_ASSET = capital_assets.KIND
_Answer = Callable[[Call], Response]
_Delete = Callable[[Company, Record], None]


class _Write(Protocol):
    def __call__(self, company: Company, given: dict[str, Any], record: Record | None = None) -> Record: ...


_BY: dict[str, Callable[[Record], Any]] = {
    "created_at": lambda record: record.created,
    "code": lambda record: record.body["code"].lower(),
    "updated_at": lambda record: record.updated,
}


def list_price_list_items(call: Call) -> Response:
    """``GET /v2/price_list_items``"""
    found = ordered(call, list(changed(call, lists.PRICE)), _BY)
    return paged(call, "price_list_items", found, shapes.plain)


def list_capital_asset_types(call: Call) -> Response:
    """``GET /v2/capital_asset_types``: those of the system first."""
    return paged(call, "capital_asset_types", list(changed(call, lists.ASSET_TYPE)), shapes.plain)


def _kept(kind: str, scope: str, listing: _Answer, write: _Write, delete: _Delete) -> tuple[Operation, ...]:
    """The five operations on the records of a kind, at ``/v2/<kind>s`` and ``/v2/<kind>s/:id``."""

    def get(call: Call) -> Response:
        return shown(call, kind, shapes.plain(call, find(call.company, kind, call.args["id"])))

    def create(call: Call) -> Response:
        with call.unit():
            record = write(call.company, root(call, kind))
        return created(call, kind, shapes.plain(call, record))

    def update(call: Call) -> Response:
        with call.unit():
            record = find(call.company, kind, call.args["id"])
            record = write(call.company, root(call, kind), record)
        return shown(call, kind, shapes.plain(call, record))

    def remove_one(call: Call) -> Response:
        with call.unit():
            record = find(call.company, kind, call.args["id"])
            delete(call.company, record)
        # Source: https://dev.freeagent.com/docs/capital_asset_types (delete: answers with what went)
        return shown(call, kind, shapes.plain(call, record)) if kind == lists.ASSET_TYPE else json_reply({})

    whole, one = f"/v2/{kind}s", f"/v2/{kind}s/<id>"
    return (
        Operation(f"list_{kind}s", "GET", whole, listing, scope=scope),
        Operation(f"get_{kind}", "GET", one, get, scope=scope),
        Operation(f"create_{kind}", "POST", whole, create, writes=True, scope=scope),
        Operation(f"update_{kind}", "PUT", one, update, writes=True, scope=scope),
        Operation(f"delete_{kind}", "DELETE", one, remove_one, writes=True, scope=scope),
    )


def list_capital_assets(call: Call) -> Response:
    """``GET /v2/capital_assets``"""
    chosen = view(call, ("all", "disposed", "disposable"), "all")
    found = held(call, _ASSET)
    if chosen != "all":
        found = [asset for asset in found if ("disposed_on" in asset.body) == (chosen == "disposed")]
    return paged(call, "capital_assets", found, shapes.capital_asset)


def get_capital_asset(call: Call) -> Response:
    """``GET /v2/capital_assets/:id``"""
    return shown(call, _ASSET, shapes.capital_asset(call, find(call.company, _ASSET, call.args["id"])))


_STOCK_BY: dict[str, Callable[[Record], Any]] = {
    "created_at": lambda record: record.created,
    "description": lambda record: record.body["description"].lower(),
    "updated_at": lambda record: record.updated,
}


def list_stock_items(call: Call) -> Response:
    """``GET /v2/stock_items``"""
    found = held(call, stock.KIND)
    if call.query.get("sort") not in (None, "", "created_at"):
        found = ordered(call, list(found), _STOCK_BY)
    return paged(call, "stock_items", found, shapes.stock_item)


def get_stock_item(call: Call) -> Response:
    """``GET /v2/stock_items/:id``"""
    return shown(call, stock.KIND, shapes.stock_item(call, find(call.company, stock.KIND, call.args["id"])))


def list_hire_purchases(call: Call) -> Response:
    """``GET /v2/hire_purchases``"""
    return paged(call, "hire_purchases", held(call, hire_purchases.KIND), shapes.timeless)


def get_hire_purchase(call: Call) -> Response:
    """``GET /v2/hire_purchases/:id``"""
    record = find(call.company, hire_purchases.KIND, call.args["id"])
    return shown(call, hire_purchases.KIND, shapes.timeless(call, record))


def list_cis_bands(call: Call) -> Response:
    """``GET /v2/cis_bands``: of companies in the scheme for subcontractors."""
    if not cis.is_subcontractor(call.company):
        # Unconfirmed: how the live service tells a company that is not in the scheme.
        refuse(call)
    return json_reply({"available_bands": cis.bands()})


def email_addresses(call: Call) -> Response:
    """``GET /v2/email_addresses``: those of the users. Unconfirmed: which of them the live service has verified."""
    users = call.company.records.scan("user")
    named = [f"{u.body['first_name']} {u.body['last_name']} <{u.body['email']}>" for u in users]
    return json_reply({"email_addresses": named})


OPERATIONS = (
    *_kept(lists.PRICE, "4", list_price_list_items, lists.write_price, remove),
    *_kept(lists.ASSET_TYPE, "8", list_capital_asset_types, lists.write_asset_type, lists.delete_asset_type),
    Operation("list_capital_assets", "GET", "/v2/capital_assets", list_capital_assets, scope="6"),
    Operation("get_capital_asset", "GET", "/v2/capital_assets/<id>", get_capital_asset, scope="6"),
    Operation("list_stock_items", "GET", "/v2/stock_items", list_stock_items, scope="4"),
    Operation("get_stock_item", "GET", "/v2/stock_items/<id>", get_stock_item, scope="4"),
    Operation("list_hire_purchases", "GET", "/v2/hire_purchases", list_hire_purchases, scope="5"),
    Operation("get_hire_purchase", "GET", "/v2/hire_purchases/<id>", get_hire_purchase, scope="5"),
    Operation("list_cis_bands", "GET", "/v2/cis_bands", list_cis_bands, scope="4"),
    Operation("list_email_addresses", "GET", "/v2/email_addresses", email_addresses, scope="1"),
)
