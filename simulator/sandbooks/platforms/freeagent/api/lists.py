"""The price list, types of capital assets, verified addresses, and lists that hold nothing here.

Assets, stock and hire purchases come of documents that say that they are not simulated, so that no company has any.
Source: https://dev.freeagent.com/docs/price_list_items, https://dev.freeagent.com/docs/capital_asset_types,
https://dev.freeagent.com/docs/capital_assets, https://dev.freeagent.com/docs/stock_items,
https://dev.freeagent.com/docs/hire_purchases, https://dev.freeagent.com/docs/email_addresses
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import changed, ordered, paged, view
from sandbooks.platforms.freeagent.records import lists
from sandbooks.platforms.freeagent.records.storing import find, remove
from sandbooks.platforms.freeagent.refusals import Missing
from sandbooks.platforms.freeagent.wire import created, page_of, root, shown
from sandbooks.wire import Response

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
            delete(call.company, find(call.company, kind, call.args["id"]))
        return json_reply({})

    whole, one = f"/v2/{kind}s", f"/v2/{kind}s/<id>"
    return (
        Operation(f"list_{kind}s", "GET", whole, listing, scope=scope),
        Operation(f"get_{kind}", "GET", one, get, scope=scope),
        Operation(f"create_{kind}", "POST", whole, create, writes=True, scope=scope),
        Operation(f"update_{kind}", "PUT", one, update, writes=True, scope=scope),
        Operation(f"delete_{kind}", "DELETE", one, remove_one, writes=True, scope=scope),
    )


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


OPERATIONS = (
    *_kept(lists.PRICE, "4", list_price_list_items, lists.write_price, remove),
    *_kept(lists.ASSET_TYPE, "8", list_capital_asset_types, lists.write_asset_type, lists.delete_asset_type),
    Operation("list_capital_assets", "GET", "/v2/capital_assets", list_capital_assets, scope="6"),
    Operation("get_capital_asset", "GET", "/v2/capital_assets/<id>", missing, scope="6"),
    Operation("list_stock_items", "GET", "/v2/stock_items", list_stock_items, scope="4"),
    Operation("get_stock_item", "GET", "/v2/stock_items/<id>", missing, scope="4"),
    Operation("list_hire_purchases", "GET", "/v2/hire_purchases", list_hire_purchases, scope="5"),
    Operation("get_hire_purchase", "GET", "/v2/hire_purchases/<id>", missing, scope="5"),
    Operation("list_email_addresses", "GET", "/v2/email_addresses", email_addresses, scope="1"),
)
