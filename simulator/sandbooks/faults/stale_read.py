"""Search lags behind: lists, queries and searches answer as the records stood some time ago."""

from __future__ import annotations

from sandbooks.faults.content import Content
from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.world.clock import parse_duration


def act(firing: Firing) -> Effect:
    lag = firing.parameter("lag")
    firing.exchange.lag = parse_duration(lag)
    return Effect(note=str(lag))


def _reads(content: Content) -> bool:
    return not content.exchange.writes


KIND = Kind(
    name="stale_read",
    phases=("admit",),
    default_phase="admit",
    parameters={"lag": Parameter(type="duration", default="30s")},
    act=act,
    concerns=_reads,
)
