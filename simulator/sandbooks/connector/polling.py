"""Platforms that serve nothing: a program beside them polls."""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

from sandbooks.connector.documents import File
from sandbooks.connector.steps import Failure, Refused
from sandbooks.wire import Answer, Response


class Program(Struct, frozen=True, kw_only=True):
    """What a program that polls is told to begin with: where, as whom, how often, and for which company of the hub.

    ``owner`` and ``company`` are GUIDs without braces: the hub's own, and the one that the native company is known by.
    """

    url: str
    user: str
    owner: str
    company: str
    name: str
    every_seconds: int


class Heard(Struct, frozen=True, kw_only=True):
    """One call of the program. ``answer``: what came of the document that it fetched last; ``failure``: why it could
    not reach the native company at all."""

    word: Literal["greeting", "sign_in", "fetch", "answer", "trouble", "last_error", "end"]
    call: str
    ticket: str = ""
    user: str = ""
    password: str = ""
    answer: Answer | None = None
    failure: Failure | None = None


class Told(Struct, frozen=True, kw_only=True):
    """What the hub says to a call: a ticket and whether there is work, a document to run, how much is done in per cent,
    or a text."""

    ticket: str = ""
    state: Literal["work", "none", "refused"] = "work"
    document: bytes = b""
    percent: int = 100
    text: str = ""


@runtime_checkable
class Polled(Protocol):
    """A connector whose platform answers no requests: a program beside it polls the hub for them, one at a time.

    The body of each ``Request`` is then the document that the program fetches; its answer is a ``Response`` with
    status 200, or the status of the nearest HTTP failure where the platform could not run the document. A document that
    was fetched and never answered gives a ``Cut``. ``exchange_code`` is driven in the program's first session; its
    callback holds ``owner`` and ``company`` of the ``Program``. Neither ``consent_path`` nor ``signed`` is asked.
    """

    def introduction(self, program: Program) -> File:
        """The file by which the company's user adds the hub to the program."""

    def heard(self, body: bytes) -> Heard:
        """What a call of the program says. Raises ``Refused`` for what is no call."""

    def told(self, heard: Heard, told: Told) -> Response:
        """The answer to a call."""

    def misheard(self, refused: Refused) -> Response:
        """The answer to what is no call."""
