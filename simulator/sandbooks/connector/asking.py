"""Sending one request until its answer says something: a part that most connectors are built from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.connector.steps import NeedsConsent, Refused, Request, Steps, Unavailable, Unknown, Wait
from sandbooks.wire import Answer, Cut, Response

T = TypeVar("T")
_READS_MOST = 4


def ask(request: Request, *, throttled: Sequence[int] = (429,), throttle_seconds: int = 60) -> Steps[Response]:
    """Send a request until its answer says something: waits where the platform says so, reads again what was cut.

    Returns any answer below 500 that is not a throttle. A mutating request that gets no such answer is ``Unknown``,
    a reading one ``Unavailable`` after a few tries, 401 is ``NeedsConsent`` (the driver has refreshed by then).
    """
    tries = 0
    while True:
        answer = yield request
        if isinstance(answer, Response) and answer.status in throttled:
            yield Wait(_retry_after(answer, throttle_seconds), "throttled")
        elif isinstance(answer, Response) and answer.status < 500:
            if answer.status == 401 and request.signed:
                raise NeedsConsent("the platform no longer accepts the credential of this connection")
            return answer
        elif request.mutates:
            raise Unknown(f"no readable answer to: {request.purpose}")
        else:
            tries += 1
            if tries >= _READS_MOST:
                raise Unavailable(f"no answer to: {request.purpose}")
            yield Wait(_retry_after(answer, 2**tries), "unanswered")


def unless_refused(read: Steps[T]) -> Steps[T | None]:
    """What a read shows, None where it is refused: for looking at what was just written, which stands all the same."""
    try:
        found = yield from read
    except Refused:
        return None
    return found


def _retry_after(answer: Answer | None, default: int) -> int:
    said = answer.header("Retry-After") if isinstance(answer, Response) else ""
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else default


def json_of(response: Response, request: Request) -> Any:
    """The JSON body of an answer. An unreadable one is ``Unknown`` after a mutating request, else ``Unavailable``."""
    try:
        return exact_json.loads(response.body)
    except exact_json.MalformedJson as error:
        if request.mutates:
            raise Unknown(f"unreadable answer to: {request.purpose}") from error
        raise Unavailable(f"unreadable answer to: {request.purpose}") from error


def with_headers(request: Request, *headers: tuple[str, str]) -> Request:
    """The request with more headers."""
    return replace(request, headers=(*request.headers, *headers))


def cut_of(answer: Answer | None) -> str:
    """How an answer was cut; empty when it came whole."""
    return answer.how if isinstance(answer, Cut) else ""
