"""A platform's own answers, given in its place: errors, throttling, refusals.

Asks the dialect of the exchange; knows no platform.
"""

from __future__ import annotations

from sandbooks.kit.surface import Dialect, call_of
from sandbooks.ledger import Refusal
from sandbooks.wire import Response
from sandbooks.world import Exchange


class ServerFailure(Exception):
    """The platform fails within. ``status`` is the HTTP status that a dialect may put into its body."""

    def __init__(self, status: int) -> None:
        super().__init__("internal error")
        self.status = status


def server_error(exchange: Exchange, *, status: int, retry_after: int | None) -> Response:
    """The platform's own server error under a status."""
    answer = _dialect(exchange).broken(call_of(exchange), ServerFailure(status))
    announced = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    return _complete(exchange, Response(status, (*answer.headers, *announced), answer.body))


def throttled(exchange: Exchange, *, limit: str, retry_after: int, announce: bool) -> Response:
    """The platform's own 'too many requests'. A dialect that names its limit finds it in ``call.facts["limit"]``."""
    call = call_of(exchange)
    call.facts["limit"] = limit
    answer = _complete(exchange, _dialect(exchange).throttled(call, retry_after=retry_after))
    if announce:
        return answer
    kept = tuple((name, value) for name, value in answer.headers if name.lower() != "retry-after")
    return Response(answer.status, kept, answer.body)


def refused(exchange: Exchange, refusal: Refusal) -> Response:
    """The platform's own answer to a refusal."""
    return _complete(exchange, _dialect(exchange).refused(call_of(exchange), refusal))


def _dialect(exchange: Exchange) -> Dialect:
    dialect: Dialect = exchange.dialect
    return dialect


def _complete(exchange: Exchange, answer: Response) -> Response:
    """With the headers that the platform puts on every answer of this call."""
    there = {name.lower() for name, _ in answer.headers}
    added = [(name, value) for name, value in call_of(exchange).reply_headers if name.lower() not in there]
    return Response(answer.status, (*answer.headers, *added), answer.body)
