"""Rate limit reached: the platform's own answer, alike for the whole company until the announced wait is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from math import ceil

from sandbooks.faults import dress
from sandbooks.faults.fault import Effect, Fault, Firing, Kind
from sandbooks.faults.parameters import Parameter
from sandbooks.wire import Response
from sandbooks.world import Exchange, World
from sandbooks.world.clock import instant, micros, parse_duration

FORMS = ("seconds", "date")  # Source: RFC 9110, section 10.2.3 (Retry-After)
LIMITS = ("minute", "day", "concurrent", "app")
WAITS = {"minute": 60, "concurrent": 1, "app": 60}  # seconds; the day ends at midnight UTC


def act(firing: Firing) -> Effect:
    exchange, fault = firing.exchange, firing.fault
    now = exchange.world.clock.now()
    if lingers(fault, exchange):
        wait = instant(fault.state["until"]) - now
    else:
        wait = _wait(firing)
        if firing.parameter("until_over"):
            fault.state = {"surface": exchange.surface, "company": exchange.company, "until": micros(now + wait)}
    seconds = max(1, ceil(wait.total_seconds()))
    limit = firing.parameter("limit")
    answer = dress.throttled(exchange, limit=limit, retry_after=seconds, announce=firing.parameter("announce"))
    if firing.parameter("form") == "date":
        answer = _dated(answer, now + timedelta(seconds=seconds))
    return Effect(note=f"{limit} limit, {seconds} s", answer=answer)


def _dated(answer: Response, until: datetime) -> Response:
    """The answer with its Retry-After, if it has one, as a moment."""
    moment = format_datetime(until.replace(microsecond=0), usegmt=True)
    headers = [(name, moment if name.lower() == "retry-after" else value) for name, value in answer.headers]
    return Response(answer.status, tuple(headers), answer.body)


def _wait(firing: Firing) -> timedelta:
    given, limit = firing.parameter("retry_after"), firing.parameter("limit")
    if given is not None:
        return parse_duration(given)
    return _rest_of_day(firing.exchange.world) if limit == "day" else timedelta(seconds=WAITS[limit])


def _rest_of_day(world: World) -> timedelta:
    now = world.clock.now()
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - now


def lingers(fault: Fault, exchange: Exchange) -> bool:
    """Whether an earlier throttling of the same company still holds."""
    state = fault.state
    return (
        bool(state)
        and (state["surface"], state["company"]) == (exchange.surface, exchange.company)
        and exchange.world.clock.micros() < state["until"]
    )


KIND = Kind(
    name="throttle",
    phases=("admit",),
    default_phase="admit",
    parameters={
        "limit": Parameter(type="string", default="minute", choices=LIMITS),
        "retry_after": Parameter(type="duration", default=None, nullable=True),
        "announce": Parameter(type="boolean", default=True),
        "form": Parameter(type="string", default="seconds", choices=FORMS),
        "until_over": Parameter(type="boolean", default=True),
    },
    act=act,
    ends=True,
    lingers=lingers,
)
