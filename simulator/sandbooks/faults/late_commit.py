"""Posted after the client gave up: no answer now, and the checked request commits by itself some time later."""

from __future__ import annotations

import base64
from typing import Any

from sandbooks.faults.content import Content
from sandbooks.faults.drop_response import HOW
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Cut, Request
from sandbooks.world import Exchange, World
from sandbooks.world.clock import parse_duration

RUN = "sandbooks.faults.late_commit:commit"
LATE = "late"


def act(firing: Firing) -> Effect:
    exchange, how, after = firing.exchange, firing.parameter("how"), firing.parameter("after")
    due = exchange.world.clock.now() + parse_duration(after)

    def schedule() -> None:
        exchange.world.jobs.put(RUN, _packed(exchange), due=due)

    return Effect(note=f"{how}, commits after {after}", answer=Cut(how), afterwards=schedule)


def commit(world: World, body: dict[str, Any]) -> None:
    """The job: the request goes its way once more, met by no fault."""
    headers = tuple((name, value) for name, value in body["headers"])
    request = Request(body["method"], body["url"], headers, base64.b64decode(body["body"]))
    world.call(request, actor=LATE, parent=body["exchange"])


def _packed(exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(pair) for pair in request.headers],
        "body": base64.b64encode(request.body).decode("ascii"),
        "exchange": exchange.number,
    }


def _writes(content: Content) -> bool:
    return content.exchange.writes


KIND = Kind(
    name="late_commit",
    phases=("validate",),
    default_phase="validate",
    parameters={"after": Parameter(type="duration", default="90s"), "how": HOW},
    act=act,
    concerns=_writes,
    ends=True,
)
