"""Grants and tokens: who may act for which companies, until when. The store side of every platform's sign-in.

Knows no HTTP: each platform renders its own endpoints and errors over this.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from sandbooks import exact_json
from sandbooks.storage import Row
from sandbooks.world import World, instant
from sandbooks.world.clock import micros

TokenKind: TypeAlias = Literal["code", "access", "refresh"]


class Grant(Struct, frozen=True):
    """A consent: one application may act for some companies with some scopes on behalf of a user."""

    id: str
    client_id: str
    scopes: tuple[str, ...]
    companies: tuple[str, ...]
    user: str


class Token(Struct, frozen=True):
    """A code, access token or refresh token of a grant. ``facts`` carry what its use must match (redirect, PKCE)."""

    kind: TokenKind
    value: str
    grant: Grant
    issued: datetime
    expires: datetime | None
    revoked: datetime | None
    facts: dict[str, Any]

    def is_live(self, now: datetime) -> bool:
        return self.revoked is None and (self.expires is None or now < self.expires)


class Tokens:
    """The tokens of one platform in one world. Writes belong inside a unit of work."""

    def __init__(self, world: World, platform: str) -> None:
        self._world = world
        self._platform = platform

    def client(self) -> tuple[str, str]:
        """Client id and secret of the world's own application on this platform."""
        ids = self._world.ids
        return (
            ids.fixed_token(f"{self._platform}/client_id", length=32).upper(),
            ids.fixed_token(f"{self._platform}/client_secret", length=40),
        )

    def new_grant(
        self, *, client_id: str, scopes: Sequence[str], companies: Sequence[str], user: str = "owner"
    ) -> Grant:
        """A new consent."""
        return Grant(self._world.ids.uuid(f"{self._platform}/grant"), client_id, tuple(scopes), tuple(companies), user)

    def issue(
        self,
        kind: TokenKind,
        grant: Grant,
        *,
        lifetime: timedelta | None,
        value: str = "",
        facts: dict[str, Any] | None = None,
    ) -> Token:
        """A new token of a grant; ``lifetime`` None never expires."""
        now = self._world.clock.now()
        made = value or self._world.ids.token(f"{self._platform}/{kind}", length=64)
        token = Token(kind, made, grant, now, now + lifetime if lifetime else None, None, facts or {})
        self._put(token)
        return token

    def _put(self, token: Token) -> None:
        grant = token.grant
        body = {
            "client_id": grant.client_id,
            "scopes": grant.scopes,
            "companies": grant.companies,
            "user": grant.user,
            "facts": token.facts,
        }
        self._world.store.run(
            "tokens.put",
            platform=self._platform,
            kind=token.kind,
            value=token.value,
            grant_id=grant.id,
            issued=micros(token.issued),
            expires=micros(token.expires) if token.expires else None,
            revoked=micros(token.revoked) if token.revoked else None,
            body=exact_json.dumps(body),
        )

    def find(self, kind: TokenKind, value: str) -> Token | None:
        """A token by its value, live or not."""
        row = self._world.store.one("tokens.get", platform=self._platform, kind=kind, value=value)
        return _token(row) if row else None

    def of_grant(self, grant_id: str) -> list[Token]:
        rows = self._world.store.all("tokens.of_grant", platform=self._platform, grant_id=grant_id)
        return [_token(row) for row in rows]

    def of_company(self, company: str, *, kind: TokenKind = "access") -> list[Token]:
        """The tokens of a kind that reach a company, oldest first."""
        return [token for token in self.of_kind(kind) if company in token.grant.companies]

    def of_kind(self, kind: TokenKind) -> list[Token]:
        """Every token of a kind, live or not, oldest first."""
        return [_token(row) for row in self._world.store.all("tokens.of_kind", platform=self._platform, kind=kind)]

    def spend(self, token: Token, *, after: timedelta = timedelta(0)) -> None:
        """End one token (now, or after a grace period)."""
        end = self._world.clock.now() + after
        self._put(Token(token.kind, token.value, token.grant, token.issued, end, token.revoked, token.facts))

    def mark(self, token: Token, **facts: Any) -> None:
        """Add facts to a token."""
        merged = {**token.facts, **facts}
        self._put(Token(token.kind, token.value, token.grant, token.issued, token.expires, token.revoked, merged))

    def expire_access(self, grant: Grant) -> None:
        """Every access token of a grant expires now; refresh tokens stay."""
        at = micros(self._world.clock.now())
        self._world.store.run("tokens.expire_grant", platform=self._platform, grant_id=grant.id, kind="access", at=at)

    def withdraw(self, token: Token) -> None:
        """Revoke one token; the others of its grant stay."""
        now = self._world.clock.now()
        self._put(Token(token.kind, token.value, token.grant, token.issued, token.expires, now, token.facts))

    def revoke(self, grant: Grant) -> None:
        """The whole grant ends now."""
        at = micros(self._world.clock.now())
        self._world.store.run("tokens.revoke_grant", platform=self._platform, grant_id=grant.id, at=at)


def challenge_holds(verifier: str, *, challenge: str, method: str) -> bool:
    """Whether a PKCE verifier fits its challenge. Source: RFC 7636 section 4.6."""
    if method.lower() == "plain":
        return verifier == challenge
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


def basic_credentials(header: str) -> tuple[str, str] | None:
    """User and password of an ``Authorization: Basic`` header; None when it is absent or ill-formed."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except ValueError:
        return None
    user, colon, password = decoded.partition(":")
    return (user, password) if colon else None


def _token(row: Row) -> Token:
    kind, value, grant_id, issued, expires, revoked, raw = row
    body = exact_json.loads(raw)
    grant = Grant(grant_id, body["client_id"], tuple(body["scopes"]), tuple(body["companies"]), body["user"])
    return Token(
        kind,
        value,
        grant,
        instant(issued),
        instant(expires) if expires is not None else None,
        instant(revoked) if revoked is not None else None,
        body["facts"],
    )
