"""Answer lost: the exchange ends after its phase and the client gets nothing."""

from __future__ import annotations

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Cut

HOW = Parameter(type="string", default="timeout", choices=("closed", "timeout", "reset"))


def act(firing: Firing) -> Effect:
    how = firing.parameter("how")
    return Effect(note=how, answer=Cut(how))


KIND = Kind(
    name="drop_response",
    phases=("send", "admit", "validate", "commit", "render"),
    default_phase="commit",
    parameters={"how": HOW},
    act=act,
    ends=True,
)
