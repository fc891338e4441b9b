"""Drives a connector against the emulator of its platform, in process: addresses, signs, sends, feeds the answers back.

May stop for good at any step, as a process that is killed would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from sandbooks import exact_json, wire
from sandbooks.app import App
from sandbooks.connector import (
    Application,
    Company,
    Connector,
    Consent,
    Request,
    SignsAddress,
    Steps,
    Wait,
    with_headers,
)
from sandbooks.kit.company import Company as Books
from sandbooks.platform import CompanyPlan, load, platform_named
from sandbooks.world import World

T = TypeVar("T")
ADDRESS = "https://sandbooks.invalid"


class Killed(Exception):
    """The process ended at a step; ``sent``: after its request had been answered, unseen."""


@dataclass
class Driver:
    """One company of one platform, and a connection to it."""

    app: App
    world: World
    connector: Connector
    platform: str
    books: Books
    labels: Mapping[str, Mapping[str, str]]
    consent: Consent
    application: Application
    requests: list[Request] = field(default_factory=list)
    nonces: Iterator[int] = field(default_factory=count)

    def send(self, request: Request) -> wire.Answer:
        """One request into the emulator, signed."""
        url = f"{ADDRESS}/{self.platform}{request.path}"
        signed = self._signed(request, url) if request.signed else request
        self.requests.append(signed)
        raw = wire.Request(signed.method, url, signed.headers, signed.body)
        return self.app.edge.dispatch(raw, world=self.world, actor="hub", raises=True)

    def _signed(self, request: Request, url: str) -> Request:
        consent, now, nonce = request.consent or self.consent, self.world.clock.now(), f"n-{next(self.nonces)}"
        if isinstance(self.connector, SignsAddress):
            return self.connector.signed_at(request, consent, url=url, now=now, nonce=nonce)
        return self.connector.signed(request, consent, now=now, nonce=nonce)

    def run(
        self,
        steps: Steps[T],
        *,
        kill: int = 0,
        after: bool = False,
        before_write: Callable[[], object] | None = None,
        change: Callable[[wire.Answer], wire.Answer] | None = None,
    ) -> T:
        """An operation to its end. ``kill`` stops at that request (from 1), before it is sent or ``after``;
        ``before_write`` happens before the first mutating request, ``change`` turns its answer into another."""
        answer: wire.Answer | None = None
        count = 0
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as stop:
                result: T = stop.value
                return result
            answer = None
            if isinstance(step, Wait):
                self.world.advance(by=timedelta(seconds=step.seconds))
                continue
            count += 1
            if count == kill and not after:
                steps.close()
                raise Killed
            if step.mutates and before_write is not None:
                before_write()
                before_write = None
            answer = self.send(step)
            if count == kill:
                steps.close()
                raise Killed
            if change is not None and step.mutates:
                answer = change(answer)

    @property
    def company(self) -> Company:
        return self.run(self.connector.company(self.consent))

    def native(self, method: str, path: str, body: Any = None) -> Any:
        """What the company's own user, or another program, does with the API."""
        raw = b"" if body is None else exact_json.dumps(body)
        headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
        answer = self.send(with_headers(Request(method, path, purpose="test", body=raw), *headers))
        assert isinstance(answer, wire.Response)
        assert answer.status < 300, answer
        return exact_json.loads(answer.body) if answer.body else None

    def balance(self, account: str) -> str:
        """The balance of an account in base currency."""
        return str(self.books.book.balance(account).base)


def connected(platform: str, plan: CompanyPlan, *, seed: int = 11) -> Driver:
    """A fresh world with one company, and a consent for it."""
    app = App()
    world = app.create_world(seed=seed)
    declared = platform_named(platform)
    with world.unit():
        opened = declared.load_seed().open(world, plan)
        credentials = declared.load_seed().credentials(world, opened.company)
    connector: Connector = load(declared.connector)
    consent = Consent(
        company=opened.company.id,
        access_token=credentials["access_token"],
        refresh_token=credentials["refresh_token"],
    )
    application = Application(
        client_id=credentials["client_id"],
        client_secret=credentials["client_secret"],
        redirect_uri="https://hub.example/callback",
    )
    driver = Driver(app, world, connector, platform, opened.company, opened.labels, consent, application)
    if isinstance(connector, SignsAddress):
        driver.consent = driver.run(connector.exchange_code(application, credentials, now=world.clock.now()))
        driver.requests.clear()
    return driver
