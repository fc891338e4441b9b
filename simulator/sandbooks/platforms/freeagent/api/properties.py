"""Properties, for the companies that have them: those of unincorporated landlords."""

from __future__ import annotations

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import refuse
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import held, paged
from sandbooks.platforms.freeagent.records import properties
from sandbooks.platforms.freeagent.records.storing import find
from sandbooks.platforms.freeagent.wire import created, root, shown
from sandbooks.wire import Response

_KIND = properties.KIND


def _offered(call: Call) -> None:
    if not properties.offered(call.company):
        # Source: https://dev.freeagent.com/docs/properties (only of landlords). Unconfirmed: the status.
        refuse(call)


def list_properties(call: Call) -> Response:
    """``GET /v2/properties``"""
    _offered(call)
    return paged(call, "properties", held(call, _KIND), shapes.timeless)


def get_property(call: Call) -> Response:
    """``GET /v2/properties/:id``"""
    _offered(call)
    return shown(call, _KIND, shapes.timeless(call, find(call.company, _KIND, call.args["id"])))


def create_property(call: Call) -> Response:
    """``POST /v2/properties``"""
    _offered(call)
    with call.unit():
        record = properties.write(call.company, root(call, _KIND))
    return created(call, _KIND, shapes.timeless(call, record))


def update_property(call: Call) -> Response:
    """``PUT /v2/properties/:id``"""
    _offered(call)
    with call.unit():
        record = find(call.company, _KIND, call.args["id"])
        record = properties.write(call.company, root(call, _KIND), record)
    return shown(call, _KIND, shapes.timeless(call, record))


def delete_property(call: Call) -> Response:
    """``DELETE /v2/properties/:id``"""
    _offered(call)
    with call.unit():
        properties.delete(call.company, find(call.company, _KIND, call.args["id"]))
    return json_reply({})


_ALL, _ONE = "/v2/properties", "/v2/properties/<id>"
OPERATIONS = (
    Operation("list_properties", "GET", _ALL, list_properties, scope="7"),
    Operation("get_property", "GET", _ONE, get_property, scope="7"),
    Operation("create_property", "POST", _ALL, create_property, writes=True, scope="7"),
    Operation("update_property", "PUT", _ONE, update_property, writes=True, scope="7"),
    Operation("delete_property", "DELETE", _ONE, delete_property, writes=True, scope="7"),
)
