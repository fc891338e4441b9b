"""One call of a native operation, as an ``api`` function sees it: parsed on demand, tied to exchange and company."""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from sandbooks import exact_json
from sandbooks.kit.company import Company
from sandbooks.wire import Request, Response
from sandbooks.world import Exchange, World

if TYPE_CHECKING:
    from sandbooks.kit.surface import Operation
    from sandbooks.kit.tokens import Token


INFLATED_BYTES_MAX = 256 * 1024**2
_GZIP_OR_ZLIB = zlib.MAX_WBITS + 32


class UnreadableBody(ValueError):
    """The body does not decode with the content encoding that the request names."""


class Call:
    """What an operation needs: arguments, query, body, company, and the unit of work.

    ``company`` and ``token`` are set by the dialect's ``admit``. ``args`` are the path arguments of the rule.
    """

    def __init__(self, exchange: Exchange, operation: Operation, args: dict[str, str]) -> None:
        self.exchange = exchange
        self.world: World = exchange.world
        self.operation = operation
        self.args = args
        self.request: Request = exchange.request
        self.token: Token | None = None
        self._company: Company | None = None
        self.facts: dict[str, Any] = {}
        self.reply_headers: list[tuple[str, str]] = []

    @property
    def company(self) -> Company:
        if self._company is None:
            raise AssertionError(f"{self.operation.name} needs a company, but nothing admitted one")
        return self._company

    @company.setter
    def company(self, company: Company) -> None:
        company.exchange = self.exchange
        self._company = company
        self.exchange.company = company.id

    @property
    def has_company(self) -> bool:
        return self._company is not None

    @cached_property
    def query(self) -> MultiDict[str, str]:
        """Query parameters, decoded; blank values are kept."""
        return _parameters(self.request.query)

    @cached_property
    def form(self) -> MultiDict[str, str]:
        """Parameters of an ``application/x-www-form-urlencoded`` body. Raises ``UnreadableBody``."""
        return _parameters(self.body.decode("utf-8", "replace"))

    @property
    def readable_form(self) -> MultiDict[str, str]:
        """The same of a page's own form, which a browser sends: nothing was filled in where it cannot be decoded."""
        try:
            return self.form
        except UnreadableBody:
            return MultiDict()

    @cached_property
    def body(self) -> bytes:
        """The body with its content encoding taken off. Raises ``UnreadableBody``."""
        encoding = self.header("Content-Encoding").strip().lower()
        if encoding in ("", "identity"):
            return self.request.body
        try:
            return _inflated(self.request.body)
        except zlib.error as error:
            raise UnreadableBody(f"body is not {encoding}") from error

    def json(self) -> Any:
        """The body as JSON with exact numbers. Raises ``exact_json.MalformedJson``."""
        return exact_json.loads(self.body)

    def header(self, name: str, default: str = "") -> str:
        return self.request.header(name, default)

    @property
    def content_type(self) -> str:
        """The media type of the body, lower case, without parameters."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def unit(self) -> AbstractContextManager[None]:
        """The unit of work: reaches ``validate`` before it commits and ``commit`` after."""
        return self.world.unit(self.exchange)

    def today(self) -> date:
        """Today in the company's time zone."""
        return self.world.clock.today(self.company.time_zone)

    def link(self, path: str, *, host: str = "") -> str:
        """An absolute URL to this platform as the client addresses it.

        ``host`` is the vendor's host for that path; it counts only where the client used vendor host names.
        """
        base = self.exchange.base_url
        if host and self.exchange.surface_by_host:
            base = f"{self.request.scheme}://{host}"
        return iri_to_uri(base + quote(path, safe="/%?&=:@,;+$!*'()~#[]{}"))


def _inflated(data: bytes) -> bytes:
    """What gzip or zlib has packed, in one member or several. A little may hold more than any memory: it is not read
    beyond ``INFLATED_BYTES_MAX``. Raises ``zlib.error``."""
    found, room = [], INFLATED_BYTES_MAX
    while True:
        member = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
        found.append(member.decompress(data, room))
        room -= len(found[-1])
        if not member.eof:
            raise zlib.error("the body ends too early" if room else "the body is too large")
        data = member.unused_data.lstrip(b"\0")
        if not data:
            return b"".join(found)
        if not room:
            raise zlib.error("the body is too large")


def _parameters(text: str) -> MultiDict[str, str]:
    from urllib.parse import parse_qsl

    return MultiDict(parse_qsl(text, keep_blank_values=True))


def json_reply(value: object, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """An answer with a JSON body."""
    return Response(status, (("Content-Type", "application/json"), *headers), exact_json.dumps(value))
