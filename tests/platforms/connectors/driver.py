"""Drives a connector against the emulator of its platform, in process: addresses, signs, sends, feeds the answers back.

May stop for good at any step, as a process that is killed would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from tests.opened import opened

from sandbooks import exact_json, wire
from sandbooks.app import App
from sandbooks.connector import (
    Account,
    Application,
    Attached,
    Company,
    Connector,
    Consent,
    Contact,
    Document,
    Done,
    File,
    Native,
    NewAccount,
    Request,
    SignsAddress,
    Steps,
    TaxRate,
    TrackingOption,
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

    # The operations of the connector, each under the consent of the day. ``company``: one that was read before.

    @property
    def company(self) -> Company:
        return self.run(self.connector.company(self.consent))

    def push(self, document: Document, company: Company | None = None, **course: Any) -> Done:
        """A document pushed; ``course``: what ``run`` takes, such as ``kill``."""
        return self.run(self.connector.push(document, self.consent, company or self.company), **course)

    def look_up(self, document: Document, company: Company | None = None) -> Done | None:
        return self.run(self.connector.look_up(document, self.consent, company or self.company))

    def update(self, document: Document, native: Native, company: Company | None = None) -> Done:
        return self.run(self.connector.update(document, native, self.consent, company or self.company))

    def attach(self, file: File, native: Native, **course: Any) -> Attached:
        return self.run(self.connector.attach(file, native, self.consent), **course)

    def accounts(self) -> Sequence[Account]:
        return self.run(self.connector.accounts(self.consent))

    def suppliers(self) -> Sequence[Contact]:
        return self.run(self.connector.suppliers(self.consent))

    def customers(self) -> Sequence[Contact]:
        return self.run(self.connector.customers(self.consent))

    def tax_rates(self) -> Sequence[TaxRate]:
        return self.run(self.connector.tax_rates(self.consent))

    def tracking(self) -> Sequence[TrackingOption]:
        return self.run(self.connector.tracking(self.consent))

    def create_contact(self, contact: Contact, company: Company | None = None, *, key: str) -> Contact:
        return self.run(self.connector.create_contact(contact, self.consent, company or self.company, key=key))

    def update_contact(self, contact: Contact, company: Company | None = None, *, key: str) -> Contact:
        return self.run(self.connector.update_contact(contact, self.consent, company or self.company, key=key))

    def create_account(self, account: NewAccount, company: Company | None = None, *, key: str) -> Account:
        return self.run(self.connector.create_account(account, self.consent, company or self.company, key=key))

    def exchange_code(self, callback: Mapping[str, str], application: Application | None = None) -> Consent:
        now = self.world.clock.now()
        return self.run(self.connector.exchange_code(application or self.application, callback, now=now))

    def refresh(self, consent: Consent | None = None) -> Consent:
        now = self.world.clock.now()
        return self.run(self.connector.refresh(self.application, consent or self.consent, now=now))

    def consent_given(self, decision: str = "") -> dict[str, str]:
        """What the platform sends to the application's own page once its user has consented; ``decision``: what the
        consent page's own form adds to the query."""
        path = self.connector.consent_path(self.application, state="s-1")
        url = f"{ADDRESS}/{self.platform}{path}{decision}"
        answer = self.app.edge.dispatch(wire.Request("GET", url), world=self.world, raises=True)
        assert isinstance(answer, wire.Response)
        assert answer.status == 302, answer
        callback = dict(parse_qsl(urlsplit(answer.header("Location")).query))
        assert callback["state"] == "s-1"
        return callback

    # What goes on in the books besides the connector.

    @contextmanager
    def bookkeeper(self) -> Iterator[Any]:
        """The platform's bookkeeper at work in these books, all in one unit."""
        with self.world.unit():
            yield platform_named(self.platform).load_bookkeeper()

    def lock(self, until: str) -> None:
        """Closes the books up to a day, or with no day opens them again."""
        with self.bookkeeper() as bookkeeper:
            bookkeeper.lock_period(self.books, until)

    def archive(self, *, contacts: Sequence[str] = (), accounts: Sequence[str] = ()) -> None:
        """Takes suppliers and accounts, given by their labels, out of use."""
        with self.bookkeeper() as bookkeeper:
            for label in contacts:
                bookkeeper.archive_contact(self.books, self.labels["suppliers"][label])
            for label in accounts:
                bookkeeper.archive_account(self.books, self.labels["accounts"][label])

    def files(self, native: Native) -> list[tuple[str, bytes]]:
        """The names and contents of the files that the books show with a document."""
        bookkeeper = platform_named(self.platform).load_bookkeeper()
        return [(file.name, file.content) for file in bookkeeper.files(self.books, native.kind, native.id)]

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

    def balances(self, *labels: str) -> dict[str, str]:
        """The balances of accounts in base currency, by label."""
        return {label: self.balance(self.labels["accounts"][label]) for label in labels}


def connected(platform: str, plan: CompanyPlan, *, seed: int = 11) -> Driver:
    """A fresh world with one company, and a consent for it."""
    app = App()
    declared = platform_named(platform)
    made = opened(app, platform, plan, seed=seed)
    world = made.company.world
    with world.unit():
        credentials = declared.load_seed().credentials(world, made.company)
    connector: Connector = load(declared.connector)
    consent = Consent(
        company=made.company.id,
        access_token=credentials["access_token"],
        refresh_token=credentials["refresh_token"],
    )
    application = Application(
        client_id=credentials["client_id"],
        client_secret=credentials["client_secret"],
        redirect_uri="https://hub.example/callback",
    )
    driver = Driver(app, world, connector, platform, made.company, made.labels, consent, application)
    if isinstance(connector, SignsAddress):
        driver.consent = driver.run(connector.exchange_code(application, credentials, now=world.clock.now()))
        driver.requests.clear()
    return driver
