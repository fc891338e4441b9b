"""Calls that a platform makes of the user's own service: what that answers is the user's, and is judged.

Source: QuickBooks Web Connector Programmer's Guide (the program asks a service of the user's for its requests)
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.contracts.bodies import elements_of
from sandbooks.harness.contracts.documents import request_mistakes, way_to
from sandbooks.harness.contracts.elements import NotXml, parsed
from sandbooks.harness.contracts.values import Mistake
from sandbooks.kit.elements import Schemas
from sandbooks.recording.canonical import decoded
from sandbooks.wire import Request, Response


def callback_of(surface: str, request: Request) -> str:
    """The name of the call that a request is; empty where it is none of the platform's to a user."""
    known = elements_of(surface)
    if not isinstance(known, Schemas) or known.callbacks is None:
        return ""
    return known.callbacks.method({name.lower(): value for name, value in request.headers})


def callback_mistakes(surface: str, call: str, answer: Response) -> Iterator[Mistake]:
    """What is wrong with a user's answer to a call: its frame, its values, and the requests that it hands over."""
    known = elements_of(surface)
    if not isinstance(known, Schemas) or known.callbacks is None:
        return
    try:
        root = parsed(decoded(answer.body, answer.headers))
    except NotXml as error:
        yield Mistake("body", f"is no XML: {error}", "answer with one SOAP envelope")
        return
    for doubt in known.callbacks.doubts(call, root):
        yield Mistake(way_to(doubt.element, "body"), doubt.message, doubt.remedy)
    for element, document in known.callbacks.documents(call, root):
        yield from request_mistakes(known, document, way_to(element, "body"))
