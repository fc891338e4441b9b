"""Batches: one request for up to a hundred records of a type, done as a job with a task for each.

A batch is asynchronous by nature and needs ``Prefer: respond-async``. Each record stands or falls by itself; its
task keeps the answer that a request of its own would have had.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/article_0127092747.html; REST API Browser, record
service v1 2026.1 (methods and parameters of a collection)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite.access import LATE
from sandbooks.platforms.netsuite.api import answers, records
from sandbooks.platforms.netsuite.api.asynchronous import ITEM, accept
from sandbooks.platforms.netsuite.refusals import BadContent, BadHeader, BadParameter
from sandbooks.wire import Response

Body = dict[str, Any]

RECORDS_MAX = 100


def is_batch(call: Call) -> bool:
    """Whether the body is a collection, by its media type."""
    return "type=collection" in call.header("Content-Type").lower().replace(" ", "")


def create(one: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """``POST /record/v1/{type}``: a record, or a batch of them."""

    def either(call: Call) -> Response:
        return _batch(call, records.create, _as_sent) if is_batch(call) else one(call)

    return either


def update(call: Call) -> Response:
    """``PATCH /record/v1/{type}``: changes to records, each named by its internal or its external id."""
    return _batch(_collection(call), records.update, _addressed)


def upsert(call: Call) -> Response:
    """``PUT /record/v1/{type}``: records to create or change, each named by its external id."""
    return _batch(_collection(call), records.upsert, _external)


def delete(call: Call) -> Response:
    """``DELETE /record/v1/{type}?ids=1,2``."""
    records.check_type(call)
    ids = records.ids_of(call)
    if ids is None:
        raise BadParameter("The query parameter 'ids' is required.", "ids")
    return _perform(call, records.delete, [({"id": id}, None) for id in ids])


def _collection(call: Call) -> Call:
    if not is_batch(call):
        raise BadHeader(
            "A batch needs the content type application/vnd.oracle.resource+json; type=collection.", "Content-Type"
        )
    return call


Addressed = Callable[[Body, int], tuple[dict[str, str], Body]]


def _batch(call: Call, run: Callable[[Call], Response], addressed: Addressed) -> Response:
    records.check_type(call)
    items = answers.body_of(call).get("items")
    if not isinstance(items, list) or not items:
        raise BadContent("The request body must have an array of records in 'items'.", "items")
    if not all(isinstance(item, dict) for item in items):
        raise BadContent("Each of 'items' must be a JSON object.", "items")
    return _perform(call, run, [addressed(item, place) for place, item in enumerate(items)])


def _as_sent(item: Body, _place: int) -> tuple[dict[str, str], Body]:
    return {}, item


def _addressed(item: Body, place: int) -> tuple[dict[str, str], Body]:
    """By the internal id, else the external one."""
    for name, start in (("id", ""), ("externalId", "eid:")):
        value = item.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return {"id": f"{start}{value}"}, item
    raise BadContent("Each record of a batch needs an id or an externalId.", f"items[{place}]")


def _external(item: Body, place: int) -> tuple[dict[str, str], Body]:
    value = item.get("externalId")
    if not isinstance(value, str) or not value.strip():
        raise BadContent("Each record of a batch needs an externalId.", f"items[{place}]")
    return {"id": f"eid:{value}"}, item


def _perform(call: Call, run: Callable[[Call], Response], parts: list[tuple[dict[str, str], Body | None]]) -> Response:
    """The job, when the request comes; one record of it, when its turn comes."""
    if len(parts) > RECORDS_MAX:
        # Unconfirmed: status and sentence; the limit is documented.
        raise BadContent(f"A batch holds at most {RECORDS_MAX} records.", "items")
    item = call.header(ITEM)
    # A client may send the header too; a late commit of its request is no part of a job.
    if call.exchange.actor == LATE and item.isdecimal() and int(item) < len(parts):
        return run(_of_one(call, *parts[int(item)]))
    if not answers.prefers(call, "respond-async"):
        raise BadHeader("Batch operations need the header 'Prefer: respond-async'.", "Prefer")
    return accept(call, tasks=len(parts), items=True)


def _of_one(call: Call, args: dict[str, str], body: Body | None) -> Call:
    """The call that a request for one record would have been."""
    one = Call(call.exchange, call.operation, {**call.args, **args})
    one.company, one.token = call.company, call.token
    one.body = b"" if body is None else exact_json.dumps(body)
    if body is None:
        one.query.pop("ids", None)
    return one
