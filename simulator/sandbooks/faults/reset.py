"""Connection reset after a phase."""

from __future__ import annotations

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.wire import Cut


def act(_: Firing) -> Effect:
    return Effect(answer=Cut("reset"))


KIND = Kind(
    name="reset",
    phases=("connect", "send", "admit", "validate", "commit", "render"),
    default_phase="send",
    act=act,
    ends=True,
)
