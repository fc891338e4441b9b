"""The steps of an operation, and the ways in which it can end without success."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from msgspec import Struct

from sandbooks.wire import Answer, Headers

if TYPE_CHECKING:
    from sandbooks.connector.consent import Consent

Base: TypeAlias = Literal["api", "auth", "consent", "link"]

T = TypeVar("T")


class Request(Struct, frozen=True):
    """One native HTTP request, before the driver addresses and signs it.

    ``path`` is the vendor's own raw path with its query, below the base that ``base`` names (``link``: a whole address
    that the vendor gave); ``purpose`` says for a human what it is for; ``mutates``: it may change the company's books
    or lists; ``reference`` is the id of the transaction that it carries, empty for none; ``signed`` False leaves the
    credential off (sign-in requests); ``consent`` signs it in place of the one that is kept: a credential is tried
    before it is.
    """

    method: str
    path: str
    purpose: str
    headers: Headers = ()
    body: bytes = b""
    base: Base = "api"
    mutates: bool = False
    reference: str = ""
    signed: bool = True
    consent: Consent | None = None


class Wait(Struct, frozen=True):
    """Nothing more to send before so many seconds have passed on the world's clock.

    The driver either resumes then or closes the generator and starts the operation anew: both must come out right.
    """

    seconds: int
    reason: Literal["throttled", "unanswered"] = "unanswered"


Step: TypeAlias = Request | Wait
Steps: TypeAlias = Generator[Step, Answer | None, T]
"""An operation under way: yields steps, is sent the answer of each ``Request`` (None after a ``Wait``), returns ``T``
or raises a ``Failure``."""


class Failure(Exception):
    """An operation ended without success. ``message`` is for the customer: native words, no secrets, no markup."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(Failure):
    """The platform said a definite no: nothing was written, and the same request would be refused again."""

    def __init__(self, message: str, *, native_code: str = "", status: int = 0, element: str = "") -> None:
        super().__init__(message)
        self.native_code = native_code
        self.status = status
        self.element = element


class CompanyUnavailable(Refused):
    """Refused because the company's subscription has lapsed or the plan lacks the feature, whatever is sent."""


class NeedsConsent(Failure):
    """The consent is gone: somebody must authorise the connection again."""


class Unknown(Failure):
    """No readable answer came to a mutating request: it may or may not have been carried out."""


class Unavailable(Failure):
    """The platform did not answer a reading request usefully, however often it was asked; nothing was written."""
