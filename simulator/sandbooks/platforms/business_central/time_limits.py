"""How long a request may wait, be worked at, and be under way.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from sandbooks.kit.call import Call
from sandbooks.ledger import Refusal
from sandbooks.platforms.business_central import errors, places
from sandbooks.platforms.business_central.refusals import OperationTooLong, QueuedTooLong, RequestTooLong
from sandbooks.wire import Response

OPERATION_MINUTES = QUEUE_MINUTES = 8
REQUEST_MINUTES = 10
_MICROS = 60 * 1_000_000


def _placed(call: Call) -> places.Place:
    """The place of a request that comes to its turn, or comes to it again after it was held up before its commit.

    Raises ``QueuedTooLong``, ``OperationTooLong``, ``RequestTooLong``.
    """
    place = places.own(call)
    if place is None:
        begun = places.begins(call)
        waited = begun - call.exchange.came
        _check(waited, waited, QueuedTooLong(QUEUE_MINUTES))
        return places.take(call, begun)
    worked = call.world.clock.micros() - place.since
    _check(_since_it_came(call, place), worked, OperationTooLong(OPERATION_MINUTES))
    return place


def _check(since_it_came: int, part: int, late: Refusal) -> None:
    """Refuse what is under way too long, then what took too long of its part. Both in microseconds."""
    if since_it_came >= REQUEST_MINUTES * _MICROS:
        raise RequestTooLong(REQUEST_MINUTES)
    if part >= OPERATION_MINUTES * _MICROS:
        raise late


def _since_it_came(call: Call, place: places.Place) -> int:
    """How long a request has been under way, had five been worked at together."""
    return place.begun - call.exchange.came + call.world.clock.micros() - place.since


def within(run: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """An operation as the service runs it: not after too long a wait; and whatever it did, the gateway answers no later
    than its own limit."""

    @wraps(run)
    def limited(call: Call) -> Response:
        place = _placed(call)
        try:
            answer = run(call)
        finally:
            places.leave(call, place)
        if _since_it_came(call, place) >= REQUEST_MINUTES * _MICROS:
            return errors.refused(call, RequestTooLong(REQUEST_MINUTES))
        return answer

    return limited
