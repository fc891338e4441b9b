"""How long a request may wait, be worked at, and be under way.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/operational-limits-online
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from sandbooks.kit.call import Call
from sandbooks.platforms.business_central import errors
from sandbooks.platforms.business_central.refusals import OperationTooLong, QueuedTooLong, RequestTooLong
from sandbooks.wire import Response

OPERATION_MINUTES = QUEUE_MINUTES = 8
REQUEST_MINUTES = 10


def check_operation(call: Call) -> None:
    """Refuse what comes to its turn too late, or was held up before its commit. Raises ``OperationTooLong``,
    ``RequestTooLong``."""
    _check(call, OperationTooLong(OPERATION_MINUTES))


def _check(call: Call, late: OperationTooLong | QueuedTooLong) -> None:
    under_way = call.minutes_under_way()
    if under_way >= REQUEST_MINUTES:
        raise RequestTooLong(REQUEST_MINUTES)
    if under_way >= OPERATION_MINUTES:
        raise late


def within(run: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """An operation as the service runs it: not after too long a wait; and whatever it did, the gateway answers no later
    than its own limit."""

    @wraps(run)
    def limited(call: Call) -> Response:
        _check(call, QueuedTooLong(QUEUE_MINUTES))
        answer = run(call)
        if call.minutes_under_way() >= REQUEST_MINUTES:
            return errors.refused(call, RequestTooLong(REQUEST_MINUTES))
        return answer

    return limited
