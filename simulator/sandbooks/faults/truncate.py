"""Answer cut short: the head announces the full length, the first bytes of the body arrive, the connection ends."""

from __future__ import annotations

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Cut, Response


def act(firing: Firing) -> Effect | None:
    answer = firing.exchange.answer
    if not isinstance(answer, Response) or not answer.body:
        return None
    keep = min(firing.parameter("keep"), len(answer.body) - 1)  # something is always missing
    return Effect(note=f"{keep} of {len(answer.body)} bytes", answer=Cut("truncated", answer, keep))


KIND = Kind(
    name="truncate",
    phases=("render",),
    default_phase="render",
    parameters={"keep": Parameter(type="integer", default=64, minimum=0)},
    act=act,
    ends=True,
)
