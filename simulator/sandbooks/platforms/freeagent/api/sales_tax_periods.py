"""Sales tax periods, for companies that have them."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import refuse
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import paged
from sandbooks.platforms.freeagent.records import sales_tax_periods
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.wire import created, root, shown
from sandbooks.wire import Response

_KIND = sales_tax_periods.KIND


def _offered(call: Call) -> None:
    if not sales_tax_periods.offered(call.company):
        # Unconfirmed: how the live service tells a company of the United Kingdom that it has none.
        refuse(call)


def _shape(call: Call, record: Record) -> dict[str, Any]:
    through = call.company.book.closed_through
    locked = through is not None and record.body["effective_date"] <= through.isoformat()
    seen = {n: v for n, v in shapes.plain(call, record).items() if n not in ("created_at", "updated_at")}
    seen["is_locked"] = locked
    return seen | ({"locked_reason": "The accounting period is locked"} if locked else {})


def list_sales_tax_periods(call: Call) -> Response:
    """``GET /v2/sales_tax_periods``: the oldest first."""
    _offered(call)
    found = sorted(
        call.company.records.scan(_KIND, lag=call.exchange.lag), key=lambda record: record.body["effective_date"]
    )
    return paged(call, "sales_tax_periods", found, _shape)


def get_sales_tax_period(call: Call) -> Response:
    """``GET /v2/sales_tax_periods/:id``"""
    _offered(call)
    return shown(call, _KIND, _shape(call, find(call.company, _KIND, call.args["id"])))


def create_sales_tax_period(call: Call) -> Response:
    """``POST /v2/sales_tax_periods``"""
    _offered(call)
    with call.unit():
        record = sales_tax_periods.write(call.company, root(call, _KIND))
    return created(call, _KIND, _shape(call, record))


def update_sales_tax_period(call: Call) -> Response:
    """``PUT /v2/sales_tax_periods/:id``"""
    _offered(call)
    with call.unit():
        record = find(call.company, _KIND, call.args["id"])
        record = sales_tax_periods.write(call.company, root(call, _KIND), record)
    return shown(call, _KIND, _shape(call, record))


def delete_sales_tax_period(call: Call) -> Response:
    """``DELETE /v2/sales_tax_periods/:id``"""
    _offered(call)
    with call.unit():
        sales_tax_periods.delete(call.company, find(call.company, _KIND, call.args["id"]))
    return json_reply({})


_ALL, _ONE = "/v2/sales_tax_periods", "/v2/sales_tax_periods/<id>"
OPERATIONS = (
    Operation("list_sales_tax_periods", "GET", _ALL, list_sales_tax_periods, scope="4"),
    Operation("get_sales_tax_period", "GET", _ONE, get_sales_tax_period, scope="4"),
    Operation("create_sales_tax_period", "POST", _ALL, create_sales_tax_period, writes=True, scope="8"),
    Operation("update_sales_tax_period", "PUT", _ONE, update_sales_tax_period, writes=True, scope="8"),
    Operation("delete_sales_tax_period", "DELETE", _ONE, delete_sales_tax_period, writes=True, scope="8"),
)
