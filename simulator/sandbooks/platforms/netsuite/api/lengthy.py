"""How long a request may take: what it was about is finished, but nobody is told.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_1559222360.html (15 minutes),
section_4078474279.html (the operation on a record is allowed to finish; no response is sent)
Unconfirmed: that a gateway answers in place of the service; lists that take as long are terminated there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite import errors
from sandbooks.platforms.netsuite.access import LATE, RESTLETS
from sandbooks.wire import Response

MINUTES_MAX = 15
_MICROS = 60 * 1_000_000


def within(run: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """An operation whose answer comes in time, or not at all."""

    @wraps(run)
    def limited(call: Call) -> Response:
        answer = run(call)
        if _micros_under_way(call) >= MINUTES_MAX * _MICROS and call.exchange.actor != LATE:
            told, script = f"The request took longer than {MINUTES_MAX} minutes.", call.operation.scope == RESTLETS
            failed = errors.failure(told, status=504, script=script)
            return errors.in_form_of(failed, call.header("Content-Type"), call.header("Accept")) if script else failed
        return answer

    return limited


def _micros_under_way(call: Call) -> int:
    """Microseconds of the world's clock since the first phase of the request."""
    now = call.world.clock.micros()
    return now - (call.exchange.reached[0][1] if call.exchange.reached else now)
