"""Categories: the chart of accounts in four sets."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent import chart
from sandbooks.platforms.freeagent.records import categories
from sandbooks.platforms.freeagent.refusals import Missing
from sandbooks.platforms.freeagent.wire import absolute, root
from sandbooks.wire import Response


def list_categories(call: Call) -> Response:
    """``GET /v2/categories``: all of them, in one answer."""
    with_sub_accounts = call.query.get("sub_accounts") == "true"
    sets: dict[str, list[dict[str, Any]]] = {name: [] for name in chart.SETS}
    for record in sorted(call.company.records.scan("category", lag=call.exchange.lag), key=lambda r: r.id):
        below = categories.sub_accounts(call.company, record) if with_sub_accounts else []
        for document in below or [record.body]:
            sets[chart.set_of(record.id)].append(categories.visible(document))
    return json_reply(absolute(call, sets))


def _one(call: Call, record: Record) -> Any:
    return {chart.set_of(record.id): absolute(call, categories.visible(record.body))}


def get_category(call: Call) -> Response:
    """``GET /v2/categories/:nominal_code``"""
    code = call.args["code"]
    record = categories.find_live(call.company, code)
    if "-" not in code:
        return json_reply(_one(call, record))
    named = [d for d in categories.sub_accounts(call.company, record) if d["nominal_code"] == code]
    if not named:
        raise Missing("categories", code)
    return json_reply({chart.set_of(record.id): absolute(call, categories.visible(named[0]))})


def create_category(call: Call) -> Response:
    """``POST /v2/categories``"""
    with call.unit():
        record = categories.create(call.company, root(call, "category"))
    return json_reply(_one(call, record), status=201, headers=(("Location", call.link(record.body["url"])),))


def update_category(call: Call) -> Response:
    """``PUT /v2/categories/:nominal_code``"""
    with call.unit():
        record = categories.find_live(call.company, call.args["code"])
        record = categories.update(call.company, record, root(call, "category"))
    return json_reply(_one(call, record))


def delete_category(call: Call) -> Response:
    """``DELETE /v2/categories/:nominal_code``: answers with what went."""
    with call.unit():
        record = categories.find_live(call.company, call.args["code"])
        categories.delete(call.company, record)
    return json_reply(_one(call, record))


OPERATIONS = (
    Operation("list_categories", "GET", "/v2/categories", list_categories, scope="2"),
    Operation("get_category", "GET", "/v2/categories/<code>", get_category, scope="2"),
    Operation("create_category", "POST", "/v2/categories", create_category, writes=True, scope="8"),
    Operation("update_category", "PUT", "/v2/categories/<code>", update_category, writes=True, scope="8"),
    Operation("delete_category", "DELETE", "/v2/categories/<code>", delete_category, writes=True, scope="8"),
)
