"""Answer cut short: the head announces the full length, the first bytes of the body arrive, the connection ends.

An answer without a body (a 204) is cut in its head: the client gets nothing that it could read.
"""

from __future__ import annotations

from sandbooks.faults.fault import Effect, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Cut, Response


def act(firing: Firing) -> Effect | None:
    answer = firing.exchange.answer
    if not isinstance(answer, Response):
        return None
    if not answer.body:
        return Effect(note="no body, cut in the head", answer=Cut("closed"))
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
