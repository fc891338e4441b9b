"""Answers written by hand, to drive a connector's generators without any platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sandbooks import exact_json
from sandbooks.connector import Request, Step, Steps
from sandbooks.wire import Answer, Response

T = TypeVar("T")


def reply(body: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer; header names with underscores for dashes."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status, (("Content-Type", "application/json"), *named), exact_json.dumps(body))


def page(status: int) -> Response:
    """A proxy's HTML page."""
    return Response(status, (("Content-Type", "text/html"),), b"<html><h1>Bad gateway</h1></html>")


class Played:
    """An operation that was fed answers: its steps, and how it ended."""

    def __init__(self, steps: Steps[T], answers: Iterable[Answer]) -> None:
        self.steps: list[Step] = []
        self.result: Any = None
        self.ended = False
        left = iter(answers)
        answer: Answer | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as stop:
                self.result, self.ended = stop.value, True
                assert next(left, None) is None, "answers were left over"
                return
            self.steps.append(step)
            if isinstance(step, Request):
                answer = next(left, None)
                if answer is None:
                    steps.close()
                    return
            else:
                answer = None

    @property
    def requests(self) -> list[Request]:
        return [step for step in self.steps if isinstance(step, Request)]

    @property
    def last(self) -> Request:
        return self.requests[-1]


def sent(request: Request) -> Any:
    """The JSON body of a request."""
    return exact_json.loads(request.body)
