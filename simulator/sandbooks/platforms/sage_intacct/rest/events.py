"""The queue of trigger events: how many wait, a batch of them, and the word that a batch was taken.

Source: https://developer.sage.com/intacct/docs/developer-portal/guides/events; github.com/control-air-enterprises/
intacct-php-sdk (an empty queue as it was seen). Unconfirmed: the body of an acknowledgement, which the page leaves out
(the client above sends the id of the batch), how many events a batch has, and what an unknown batch is answered with.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.platforms.sage_intacct import triggers
from sandbooks.platforms.sage_intacct.refusals import FieldMissing, NotFound, RequestMalformed
from sandbooks.platforms.sage_intacct.rest.objects import ONE, body_of
from sandbooks.wire import Response

BATCHES = "sage_intacct/event_batch"
MOST = 100


def count(call: Call) -> Response:
    """``GET /services/delivery/event/count``"""
    return _reply({"count": len(triggers.queued(call.world, call.company.id))})


def batch(call: Call) -> Response:
    """``GET /services/delivery/event/list``: the oldest events, which stay until their batch is acknowledged."""
    waiting = triggers.queued(call.world, call.company.id)
    found = dict(islice(waiting.items(), MOST))
    id = call.world.ids.uuid("sage_intacct/event_batch") if found else ""
    with call.unit():
        _forget(call, waiting)
        if not found:
            return _reply([])
        call.world.put(BATCHES, f"{call.company.id}/{id}", list(found))
    return _reply({"events": list(found.values()), "ackId": id})


def _forget(call: Call, waiting: Mapping[str, Any]) -> None:
    """Drop events whose time is over, and batches of which no event waits any more."""
    mine = f"{call.company.id}/"
    for place in call.world.kept(triggers.QUEUE):
        if place.startswith(mine) and place not in waiting:
            call.world.put(triggers.QUEUE, place, None)
    for batch, places in call.world.kept(BATCHES).items():
        if batch.startswith(mine) and waiting.keys().isdisjoint(places):
            call.world.put(BATCHES, batch, None)


def acknowledge(call: Call) -> Response:
    """``POST /services/delivery/event/ack``: the events of a batch leave the queue."""
    body = body_of(call)
    if not isinstance(body, dict):
        raise RequestMalformed("the body is no object")
    id = body.get("ackId")
    if not isinstance(id, str) or not id.strip():
        raise FieldMissing("event", "ackId")
    places = call.world.get(BATCHES, f"{call.company.id}/{id}")
    if places is None:
        raise NotFound("event batch", id[:60])
    with call.unit():
        for place in places:
            call.world.put(triggers.QUEUE, place, None)
    return _reply({"ackId": id, "status": "success"})


def _reply(result: Any) -> Response:
    return json_reply({"ia::result": result, "ia::meta": ONE})
