"""Slow answer: the exchange stands still while the world's time passes; what falls due meanwhile is done first."""

from __future__ import annotations

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.world import Postponed
from sandbooks.world.clock import parse_duration


def act(firing: Firing) -> Effect:
    given, world = firing.parameter("by"), firing.exchange.world
    by = parse_duration(given)
    if world.store.in_unit:  # others must not see, nor commit, what this unit has written
        return Effect(note=str(given), error=Postponed(by))
    world.advance(by=by)
    return Effect(note=str(given))


KIND = Kind(
    name="delay",
    phases=("connect", "send", "admit", "validate", "commit", "render"),
    default_phase="admit",
    parameters={"by": Parameter(type="duration", default="30s")},
    act=act,
)
