"""What a request says before anybody has looked at it: its text, its token, its company, the record that it reads.

Faults that act before routing and admission are addressed by this.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.company import companies
from sandbooks.kit.surface import call_of
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.world import Exchange


class Content:
    """The content of one exchange, read once however many faults ask."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    @property
    def call(self) -> Call:
        return call_of(self.exchange)

    @cached_property
    def path(self) -> str:
        """The vendor's own path, decoded."""
        prefix = urlsplit(self.exchange.base_url).path
        return unquote(self.exchange.request.path.removeprefix(prefix)) or "/"

    @cached_property
    def text(self) -> str:
        """URL and body in lower case, as sent and with the escapes of URLs, forms, JSON and XML undone."""
        url, body = self.exchange.request.url, self._body
        parts = [unquote(url), unquote_plus(url), body]
        if self.call.content_type == "application/x-www-form-urlencoded":
            parts.append(unquote_plus(body))
        if "\\" in body:
            parts.append(_json_text(body))
        if "&" in body:
            parts.append(html.unescape(body))
        return "\n".join(parts).lower()

    @cached_property
    def _body(self) -> str:
        try:
            raw = self.call.body
        except UnreadableBody:
            raw = self.exchange.request.body
        return raw.decode("utf-8", "replace")

    @cached_property
    def token(self) -> Token | None:
        """The access token that the request carries: as its bearer, or anywhere in header, URL or body."""
        request = self.exchange.request
        tokens = Tokens(self.exchange.world, self.exchange.surface)
        header = request.header("Authorization")
        found = tokens.find("access", header.rpartition(" ")[2]) if header else None
        if found is not None:
            return found
        sent = "\n".join([request.url, self._body, *(value for _, value in request.headers)])
        return next((token for token in tokens.of_kind("access") if token.value in sent), None)

    def is_of_company(self, wanted: str) -> bool | None:
        """Whether it concerns a company, by id or name; None while only admission can tell."""
        ids = {_plain(wanted)}
        for company in companies(self.exchange.world, self.exchange.surface):
            if company.name.lower() == wanted.lower():
                ids.add(_plain(company.id))
        found = self._companies
        return bool(ids & found) if found else None

    @property
    def company_named(self) -> str:
        """The native id of the one company that the request names or that its token reaches; empty if in doubt."""
        known = {_plain(company.id): company.id for company in companies(self.exchange.world, self.exchange.surface)}
        named = known.keys() & self._companies_named
        return known[named.pop()] if len(named) == 1 else ""

    @property
    def _companies(self) -> set[str]:
        if self.exchange.company:
            return {_plain(self.exchange.company)}
        return self._companies_named

    @cached_property
    def _companies_named(self) -> set[str]:
        """The companies that URL or headers name, else the only one that the token reaches, else those of the body."""
        known = {_plain(company.id) for company in companies(self.exchange.world, self.exchange.surface)}
        request = self.exchange.request
        named = {*self.call.args.values(), *request.host.split("."), *(value for _, value in request.headers)}
        named |= {value for _, value in parse_qsl(request.query)}
        mentioned = known & set(map(_plain, named))
        if mentioned:
            return mentioned
        if self.token is not None and len(self.token.grant.companies) == 1:
            return {_plain(self.token.grant.companies[0])}
        return {id for id in known if re.search(rf"(?<!\w){re.escape(id)}(?!\w)", self.text)}

    def reads_record_with(self, patterns: Sequence[re.Pattern[str]]) -> bool:
        """Whether the path names a record that was written by, or that holds, one of the patterns."""
        return any(self._holds(id, patterns) for id in self.call.args.values())

    def _holds(self, id: str, patterns: Sequence[re.Pattern[str]]) -> bool:
        world, surface = self.exchange.world, self.exchange.surface
        rows = world.store.all("tape.versions_of_id", platform=surface, id=id)
        if len({kind for kind, _, _ in rows}) > 1:
            rows = [row for row in rows if _letters(row[0]) in _letters(self.path + self.exchange.operation)]
        return any(self._shows(raw, number, patterns) for _, number, raw in rows)

    def _shows(self, raw: bytes, number: int, patterns: Sequence[re.Pattern[str]]) -> bool:
        text = raw.decode("utf-8").lower()
        entry = self.exchange.world.tape.entry(number) if number else None
        if entry is not None:
            text += "\n" + entry.request_body.decode("utf-8", "replace").lower()
        return any(pattern.search(text) for pattern in patterns)


def _plain(id: str) -> str:
    return id.lower().replace("_", "-")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _json_text(body: str) -> str:
    try:
        return exact_json.dumps(exact_json.loads(body)).decode("utf-8")
    except exact_json.MalformedJson:
        return ""
