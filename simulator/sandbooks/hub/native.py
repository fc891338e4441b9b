"""Driving a connector: each request addressed, signed, sent over the wire, its credential refreshed once when it must.

The hub never calls a platform's code: a request goes back in through the edge, or out to a vendor's own host where the
connection names one. Knows HTTP and consents, not what the requests are for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from sandbooks import wire
from sandbooks.connector import (
    Application,
    AsksCredentials,
    Consent,
    NeedsConsent,
    Polled,
    Request,
    SignsAddress,
    Steps,
    Wait,
)
from sandbooks.hub import connections, errands, records
from sandbooks.hub.errands import Parked, Work
from sandbooks.hub.integrations import connector_of, integration_of
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import Platform, load
from sandbooks.world import World

if TYPE_CHECKING:
    from sandbooks.connector import Connector

__all__ = ["INSIDE", "Parked", "Seen", "Session", "Work", "application", "is_keyed", "watched"]

T = TypeVar("T")

INSIDE = "https://sandbooks.invalid"  # where the hub addresses platforms of its own world: never a real host


def application(world: World, platform: Platform, *, redirect_uri: str = "") -> Application:
    """The hub's registration with a platform: the world's own, unless its settings name another."""
    named = records.setting(world, "applications", {}).get(platform.name)
    if named:
        return Application(
            client_id=named["client_id"], client_secret=named["client_secret"], redirect_uri=redirect_uri
        )
    client_id, secret = Tokens(world, platform.name).client()
    return Application(client_id=client_id, client_secret=secret, redirect_uri=redirect_uri)


REFUSALS_MOST = 3


@cache  # looking at every member of a protocol would cost as much as a request
def _kinds(path: str) -> tuple[AsksCredentials | None, SignsAddress | None, bool]:
    """What else a connector is, and whether its platform serves nothing, so that requests wait to be fetched."""
    connector: object = load(path)
    asking = connector if isinstance(connector, AsksCredentials) else None
    signing = connector if isinstance(connector, SignsAddress) else None
    return asking, signing, isinstance(connector, Polled)


def is_keyed(request: Request, idempotency: Sequence[str]) -> bool:
    """Whether a request carries one of the keys that its platform declares (``header:…``, ``query:…`` and so on)."""
    for entry in idempotency:
        place, _, name = entry.partition(":")
        found = {
            "header": any(header.lower() == name.lower() for header, _ in request.headers),
            "query": f"{name}=" in request.path,
            "path": name in request.path,
            "body": f'"{name}"'.encode() in request.body,
        }
        if found[place]:
            return True
    return False


class Seen(Struct):
    """What an operation has asked for so far: how many requests that write, and whether the last one was such."""

    writes: int = 0
    last_writes: bool = False

    @property
    def turned_away(self) -> bool:
        """Whether what ended the operation was said to the one request that writes: then it has written nothing."""
        return self.writes == 1 and self.last_writes


def watched(steps: Steps[T], seen: Seen) -> Steps[T]:
    """The operation, with what it asks for told."""
    answer: wire.Answer | None = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as stop:
            done: T = stop.value
            return done
        if isinstance(step, Request):
            seen.writes += step.mutates
            seen.last_writes = step.mutates
        answer = yield step


class Session:
    """One connection in use. ``parent`` is the exchange on the tape that this work was asked for in."""

    def __init__(self, world: World, connection: dict[str, Any], *, parent: int = 0) -> None:
        integration = integration_of(connection["platformKey"])
        if integration is None or integration.platform is None:
            raise LookupError(f"connection {connection['id']} is to no accounting platform")
        self.world = world
        self.platform: Platform = integration.platform
        self.connector: Connector = connector_of(self.platform)
        self._asking, self._signing, self.is_polled = _kinds(self.platform.connector)
        self._company = connection["companyId"]
        self._id = connection["id"]
        self._bases: dict[str, str] = connection["bases"]
        self._parent = parent
        self._refusals = 0

    @property
    def connection(self) -> dict[str, Any]:
        """The connection as it is stored now."""
        return connections.connection_of(self.world, self._company, self._id)

    @property
    def consent(self) -> Consent:
        """The consent as it is stored now; raises ``NeedsConsent`` when there is none."""
        consent = connections.consent_of(self.connection)
        if consent is None:
            raise NeedsConsent("the connection was never authorised")
        return consent

    def run(
        self, steps: Steps[T], *, work: Work | None = None, before_write: Callable[[Request], None] | None = None
    ) -> T:
        """Drive an operation to its end. ``before_write`` is told of each mutating request before it is sent.

        ``work`` names the operation where requests wait to be fetched: there every request and answer is durable
        anyway, and nobody is told. Raises what the operation raises, ``Parked`` when it asks to wait, and ``Awaiting``
        when its next request waits to be fetched.
        """
        if self.is_polled:
            return errands.carry(self.world, self._id, steps, work or Work("", "", {}))
        answer: wire.Answer | None = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if isinstance(step, Wait):
                steps.close()
                raise Parked(step.seconds, throttled=step.reason == "throttled")
            if step.mutates and before_write is not None:
                before_write(step)
            answer = self._wait_told(self.send(step))

    def _wait_told(self, answer: wire.Answer) -> wire.Answer:
        """The answer with its Retry-After in seconds: a connector has no clock to hold the other form against.

        Source: RFC 9110, section 10.2.3 (a number of seconds, or a date)
        """
        said = answer.header("Retry-After") if isinstance(answer, wire.Response) else ""
        if not isinstance(answer, wire.Response) or not said or said.strip().isdigit():
            return answer
        try:
            until = parsedate_to_datetime(said)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)  # ``-0000``: no zone is told
        except ValueError:
            return answer
        seconds = max(1, ceil((until - self.world.clock.now()).total_seconds()))
        others = tuple((name, value) for name, value in answer.headers if name.lower() != "retry-after")
        return wire.Response(answer.status, (*others, ("Retry-After", str(seconds))), answer.body)

    def send(self, request: Request) -> wire.Answer:
        """Send one request; a refused credential is refreshed and the request sent again, a few times in a session: a
        platform that takes none of the fresh ones has ended the consent."""
        if not request.signed:
            return self._out(request)
        if request.consent is not None:
            return self._out(self._signed(request, request.consent))
        consent = self.consent
        if connections.is_stale(consent, self.world.clock.now()):
            consent = self._refresh(consent)
        answer = self._out(self._signed(request, consent))
        while self._refusals < REFUSALS_MOST and self._is_refused(answer):
            self._refusals += 1
            consent = self._refresh(consent)
            answer = self._out(self._signed(request, consent))
        return answer

    def _is_refused(self, answer: wire.Answer) -> bool:
        """Whether the platform did not take the credential; some say so under a status that says yes."""
        if not isinstance(answer, wire.Response):
            return False
        told = self._asking is not None and self._asking.credential_refused(answer)
        return answer.status == 401 or told

    def _signed(self, request: Request, consent: Consent) -> Request:
        # Counted in the world: a process that takes up what a killed one had sent must not sign it alike.
        seed = f"{self._id}/{self.world.ids.number('codat/nonce')}/{request.path}"
        nonce = hashlib.sha256(seed.encode()).hexdigest()[:32]
        now = self.world.clock.now()
        if self._signing is not None:
            return self._signing.signed_at(request, consent, url=self._address(request), now=now, nonce=nonce)
        return self.connector.signed(request, consent, now=now, nonce=nonce)

    def _refresh(self, used: Consent) -> Consent:
        """Fresh tokens, kept before they are used; what somebody else refreshed meanwhile is taken as it is."""
        stands = self.consent
        if stands.access_token != used.access_token:
            return stands
        steps = self.connector.refresh(application(self.world, self.platform), stands, now=self.world.clock.now())
        try:
            fresh = self.run(steps)
        except NeedsConsent:
            again = self.consent
            if again.refresh_token == stands.refresh_token:
                raise
            return again
        with self.world.unit():
            connection = self.connection
            connections.put_consent(connection, fresh)
            connections.keep(self.world, connection)
        return fresh

    def _out(self, request: Request) -> wire.Answer:
        if request.base == "link":
            return self._follow(request)
        sent = wire.Request(request.method, self._address(request), request.headers, request.body)
        if self._bases.get(request.base):
            return self.world.deliver(sent)
        return self.world.call(sent, actor="hub", parent=self._parent)

    def _address(self, request: Request) -> str:
        """Where a request goes: the address that the connection was given, else this world's own platform."""
        base = self._bases.get(request.base) or f"{INSIDE}/{self.platform.name}"
        return f"{base}{request.path}"

    def _follow(self, request: Request) -> wire.Answer:
        """Send a request to the absolute address that an earlier answer gave."""
        sent = wire.Request(request.method, request.path, request.headers, request.body)
        if self._bases.get("api"):
            return self.world.deliver(sent)
        return self.world.call(sent, actor="hub", parent=self._parent)
