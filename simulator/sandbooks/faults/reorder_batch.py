"""Batch answered in another order: each element of the answer still carries the id of what it answers.

Source: OData JSON Format 4.01, section 19.5 (responses of a batch may stand in any order);
developer.intuit.com, batch (bId tells which item an answer belongs to).
"""

from __future__ import annotations

from typing import Any

from sandbooks import exact_json
from sandbooks.faults.content import Content
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.kit.surface import call_of
from sandbooks.wire import Response


def act(firing: Firing) -> Effect | None:
    answer, member = firing.exchange.answer, call_of(firing.exchange).operation.answers
    if not member or not isinstance(answer, Response) or answer.status != 200:
        return None
    told = _json(answer.body)
    elements = told.get(member) if isinstance(told, dict) else None
    if not isinstance(elements, list) or len(elements) < 2:
        return None
    body = exact_json.dumps({**told, member: elements[::-1]})
    return Effect(note=f"{len(elements)} elements", answer=Response(answer.status, answer.headers, body))


def _json(body: bytes) -> Any:
    try:
        return exact_json.loads(body)
    except exact_json.MalformedJson:
        return None


def _writes(content: Content) -> bool:
    return content.exchange.writes


KIND = Kind(
    name="reorder_batch",
    phases=("render",),
    default_phase="render",
    act=act,
    concerns=_writes,
    ends=True,
)
