"""Server error: the platform fails in its own error format."""

from __future__ import annotations

from math import ceil

from sandbooks.faults import dress
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.world.clock import parse_duration


def act(firing: Firing) -> Effect:
    status, wait = firing.parameter("status"), firing.parameter("retry_after")
    retry_after = None if wait is None else ceil(parse_duration(wait).total_seconds())
    answer = dress.server_error(firing.exchange, status=status, retry_after=retry_after)
    return Effect(note=str(status), answer=answer)


KIND = Kind(
    name="server_error",
    phases=("send", "admit", "validate", "commit", "render"),
    default_phase="validate",
    parameters={
        "status": Parameter(type="integer", default=500, choices=(500, 502, 503, 504)),
        "retry_after": Parameter(type="duration", default=None, nullable=True),
    },
    act=act,
    ends=True,
)
