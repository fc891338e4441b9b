"""What the hub may ask of any accounting platform, and how a platform's client answers: one native request at a time.

A connector is a client of a platform's native HTTP API. It never sends anything itself: every operation is a generator
that yields the next ``Request`` and receives the answer, so that whoever drives it (the hub's sync, a test, a desktop
program that polls) decides how a request travels, and may stop for good between any two steps. It knows its platform
from the outside only: nothing of the emulator of that platform, of worlds, books or the hub's own records. Ids, keys
and time arrive as arguments.

Rules that every connector keeps
- An operation starts from nothing but its arguments: closed at any yield it may be started anew, by another process.
- ``push`` is a pure function of document and company: resent with the same key it sends the same bytes.
- Every mutating request carries the document's ``key`` where the platform has an idempotency key, and the document's
  ``id`` in a text that the platform keeps and that ``look_up`` finds again.
- An answer that cannot be read after a mutating request is ``Unknown``, never a success and never a refusal.
- Amounts are ``Decimal`` and written digit for digit; nothing passes through a float.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from sandbooks import exact_json
from sandbooks.wire import Answer, Cut, Headers, Response

__all__ = [
    "Account",
    "Adjustment",
    "AdjustmentLine",
    "Application",
    "Asked",
    "AsksCredentials",
    "Attached",
    "Base",
    "Company",
    "CompanyUnavailable",
    "Connector",
    "Consent",
    "Contact",
    "ContactKind",
    "Document",
    "Done",
    "Expense",
    "ExpenseKind",
    "Failure",
    "File",
    "Heard",
    "Line",
    "Native",
    "NeedsConsent",
    "NewAccount",
    "PaymentAccount",
    "Polled",
    "Program",
    "Refused",
    "Reimbursable",
    "Request",
    "SignsAddress",
    "Steps",
    "TaxRate",
    "Told",
    "TrackingOption",
    "TrackingRef",
    "Transfer",
    "TransferSide",
    "Unavailable",
    "Unknown",
    "Wait",
    "ask",
    "json_of",
    "kind_of",
    "marked",
    "plain",
]

Base: TypeAlias = Literal["api", "auth", "consent", "link"]
ExpenseKind: TypeAlias = Literal["Payment", "Refund", "Reward", "Chargeback"]
ContactKind: TypeAlias = Literal["supplier", "customer"]
AccountClass: TypeAlias = Literal["Asset", "Liability", "Income", "Expense", "Equity"]

T = TypeVar("T")


# Steps


@dataclass(frozen=True, slots=True)
class Request:
    """One native HTTP request, before the driver addresses and signs it.

    ``path`` is the vendor's own raw path with its query, below the base that ``base`` names (``link``: a whole address
    that the vendor gave); ``purpose`` says for a human what it is for; ``mutates``: it may change the company's books
    or lists; ``reference`` is the id of the transaction that it carries, empty for none; ``signed`` False leaves the
    credential off (sign-in requests); ``consent`` signs it in place of the one that is kept: a credential is tried
    before it is.
    """

    method: str
    path: str
    _: KW_ONLY
    purpose: str
    headers: Headers = ()
    body: bytes = b""
    base: Base = "api"
    mutates: bool = False
    reference: str = ""
    signed: bool = True
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing more to send before so many seconds have passed on the world's clock.

    The driver either resumes then or closes the generator and starts the operation anew: both must come out right.
    """

    seconds: int
    reason: Literal["throttled", "unanswered"] = "unanswered"


Step: TypeAlias = Request | Wait
Steps: TypeAlias = Generator[Step, Answer | None, T]
"""An operation under way: yields steps, is sent the answer of each ``Request`` (None after a ``Wait``), returns ``T``
or raises a ``Failure``."""


# How an operation can end without success


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


# Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The hub's registration with a platform."""

    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a company's consent gave. ``company`` is the native id of the one company that this connection is for
    (realm, tenant, organisation); it is pinned when the consent is given and never changes.

    ``facts`` hold what else the platform needs with each request (a region host, a subdomain).
    """

    company: str
    access_token: str
    refresh_token: str = ""
    access_expires: datetime.datetime | None = None
    refresh_expires: datetime.datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that a user types in to sign in; ``secret``: it is not shown while it is typed."""

    name: str
    label: str
    secret: bool = False


# What is read from a platform, in neutral words


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company behind a connection. ``facts`` are the platform's own settings that its documents depend on."""

    id: str
    name: str
    currency: str
    country: str = ""
    legal_name: str = ""
    multicurrency: bool = True
    time_zone: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the chart, or a bank or card account.

    ``category`` is the fully qualified native category, parts joined by dots (``Liability.Credit Card.CreditCard``).
    ``pays`` tells what kind of payment account it can be: ``card``, ``bank``, or empty for none. ``lines`` are the
    document kinds that may name it on a line: the four of ``ExpenseKind``, ``Reimbursable``, ``Adjustment``;
    ``transfers``: it may be a side of a transfer.
    """

    id: str
    name: str
    account_class: AccountClass
    category: str
    currency: str
    nominal_code: str = ""
    description: str = ""
    pays: Literal["card", "bank", ""] = ""
    lines: tuple[str, ...] = ()
    transfers: bool = False
    active: bool = True
    balance: Decimal | None = None
    updated: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A supplier or a customer. ``currency`` empty: any. With ``id`` empty it is one to be created.

    ``replaces``: in a change, what is empty here is cleared; otherwise it is left as it stands.
    """

    kind: ContactKind
    name: str
    id: str = ""
    currency: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    registration_number: str = ""
    tax_number: str = ""
    addresses: tuple[Mapping[str, str], ...] = ()
    active: bool = True
    version: str = ""
    updated: datetime.datetime | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A tax that a line may carry. Rates are per cent; ``effective`` includes compounding, ``total`` is the plain sum.
    ``kinds`` are the document kinds that may use it."""

    id: str
    name: str
    code: str = ""
    effective: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    kinds: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingOption:
    """A class, department, location, project or tracking option that a line may carry."""

    id: str
    name: str
    parent: str = ""
    has_children: bool = False
    active: bool = True
    updated: datetime.datetime | None = None


# What is written to a platform


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingRef:
    """A tag of a line: a tracking option, or a contact where the platform takes one."""

    id: str
    kind: Literal["tracking", "customer", "supplier"] = "tracking"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """The account that money leaves or reaches, with what the platform's document choice depends on."""

    id: str
    pays: Literal["card", "bank"]
    currency: str
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an expense or a reimbursable. ``net`` and ``tax`` are in the document's currency; ``tax`` None leaves
    the amount to the platform. ``invoice_to`` is the customer whom it is billed on to."""

    net: Decimal
    tax: Decimal | None = None
    account: str = ""
    item: str = ""
    tax_rate: str = ""
    description: str = ""
    tracking: tuple[TrackingRef, ...] = ()
    invoice_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """Money spent or received back on a card or bank account. Amounts are positive as sent: ``kind`` has the sign.

    ``id`` is the transaction's id at the hub, which the native document must carry; ``key`` the idempotency key of
    this version, stable over resends; ``version`` counts from 1 with each update. ``rate``: base units per ONE unit
    of ``currency``, None where no conversion takes part.
    """

    kind: ExpenseKind
    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    account: PaymentAccount
    lines: tuple[Line, ...]
    rate: Decimal | None = None
    contact: Contact | None = None
    reference: str = ""
    merchant: str = ""
    notes: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reimbursable:
    """What is owed to an employee: a bill whose supplier is the employee."""

    id: str
    key: str
    version: int
    date: datetime.date
    due: datetime.date
    currency: str
    contact: Contact
    lines: tuple[Line, ...]
    rate: Decimal | None = None
    reference: str = ""
    notes: str = ""
    payables_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSide:
    """One end of a transfer; the amount is in the account's own currency."""

    account: str
    currency: str
    amount: Decimal
    pays: Literal["card", "bank", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money moved between two accounts; the rate follows from the two amounts."""

    id: str
    key: str
    version: int
    date: datetime.date
    source: TransferSide
    target: TransferSide
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentLine:
    """A journal line: ``amount`` above zero is a debit, below zero a credit."""

    amount: Decimal
    account: str
    description: str = ""
    tracking: tuple[TrackingRef, ...] = ()
    invoice_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A journal entry; its lines sum to zero."""

    id: str
    key: str
    version: int
    date: datetime.date
    currency: str
    lines: tuple[AdjustmentLine, ...]
    rate: Decimal | None = None
    reference: str = ""


Document: TypeAlias = Expense | Reimbursable | Transfer | Adjustment


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """A document as the platform knows it. ``version`` is its version token, empty where there is none; ``data_type``
    the hub's word for that kind of record (``directCosts``, ``bills`` ...)."""

    kind: str
    id: str
    version: str = ""
    data_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The document stands in the platform's books. ``found``: it was there already, from an earlier attempt."""

    native: Native
    found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to attach. ``key`` is stable over resends."""

    name: str
    content_type: str
    content: bytes
    key: str
    include_when_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file as the platform knows it."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to be created. ``category`` and ``account_class`` as in ``Account``; for a bank account ``pays``."""

    name: str
    account_class: AccountClass
    category: str = ""
    currency: str = ""
    nominal_code: str = ""
    description: str = ""
    pays: Literal["card", "bank", ""] = ""
    institution: str = ""
    account_number: str = ""
    sort_code: str = ""
    iban: str = ""


class Connector(Protocol):
    """The client of one platform. ``sandbooks.platform.Platform.connector`` names an instance as ``module:CONNECTOR``.

    ``bases`` are the vendor's own hosts per base, without a trailing slash; the driver may put others in their place.
    ``look_up_waits``: seconds to let pass before each look-up after an unknown outcome; the last one is longer than
    the longest lag of the platform's search. When all have found nothing the document is sent again, same key.
    """

    @property
    def bases(self) -> Mapping[Base, str]: ...

    @property
    def look_up_waits(self) -> Sequence[int]: ...

    # Sign-in

    def consent_path(self, application: Application, *, state: str) -> str:
        """Path and query of the page where the company's user says yes, below base ``consent``."""

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime.datetime, company: str = ""
    ) -> Steps[Consent]:
        """The consent behind the parameters that came back to the redirect URI.

        ``company`` picks one native company where the user may give several; empty takes the first. Raises ``Refused``
        (the user said no, the code is spent) or ``Unavailable``.
        """

    def refresh(self, application: Application, consent: Consent, *, now: datetime.datetime) -> Steps[Consent]:
        """The consent with fresh tokens, everything else kept. Raises ``NeedsConsent`` when the platform refuses the
        refresh token for good; ``Unavailable`` when it did not answer: the old consent may still be good."""

    def signed(self, request: Request, consent: Consent, *, now: datetime.datetime, nonce: str) -> Request:
        """The request with the headers that carry the credential. Pure; called anew for each sending."""

    # Reads. Each follows the platform's pages to the end and includes inactive records. Raise ``Unavailable``.

    def company(self, consent: Consent) -> Steps[Company]: ...

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        """The chart of accounts, bank and card accounts included, in the platform's own order."""

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]: ...

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]: ...

    def tax_rates(self, consent: Consent) -> Steps[Sequence[TaxRate]]: ...

    def tracking(self, consent: Consent) -> Steps[Sequence[TrackingOption]]: ...

    # Documents. Raise ``Refused``, ``NeedsConsent``, ``Unknown``; ``NotImplementedError`` is no answer.

    def push(self, document: Document, consent: Consent, company: Company) -> Steps[Done]:
        """Create the native document."""

    def look_up(self, document: Document, consent: Consent, company: Company) -> Steps[Done | None]:
        """One search for a native document that carries the document's id; None when the search shows none."""

    def update(self, document: Document, native: Native, consent: Consent, company: Company) -> Steps[Done]:
        """Bring an existing native document to the state of ``document``, own fields only, on its newest version."""

    def attach(self, file: File, native: Native, consent: Consent) -> Steps[Attached]:
        """Attach a file to a document; finds its own earlier upload by ``file.key`` or name and size first."""

    # Lists. ``key`` is the idempotency key.

    def create_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]: ...

    def update_contact(self, contact: Contact, consent: Consent, company: Company, *, key: str) -> Steps[Contact]: ...

    def create_account(
        self, account: NewAccount, consent: Consent, company: Company, *, key: str
    ) -> Steps[Account]: ...


@runtime_checkable
class AsksCredentials(Protocol):
    """A connector whose platform has no consent page: the hub asks the user itself.

    What was typed, by the names in ``asked``, is the callback of ``exchange_code``; ``consent_path`` leads nowhere.
    """

    @property
    def asked(self) -> Sequence[Asked]: ...

    def credential_refused(self, answer: Response) -> bool:
        """Whether an answer says, under any status, that the credential is no longer good: the driver refreshes it."""


@runtime_checkable
class SignsAddress(Protocol):
    """A connector whose signature covers where a request goes: the driver tells it."""

    def signed_at(
        self, request: Request, consent: Consent, *, url: str, now: datetime.datetime, nonce: str
    ) -> Request: ...


@runtime_checkable
class ReadsAnything(Protocol):
    """A connector that can address a native path that the hub's client has named."""

    def anything(self, source: str, consent: Consent) -> Request:
        """The reading request of a native path with its query, as the vendor's own pages write it."""


# Platforms that serve nothing: a program beside them polls


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a program that polls is told to begin with: where, as whom, how often, and for which company of the hub.

    ``owner`` and ``company`` are GUIDs without braces: the hub's own, and the one that the native company is known by.
    """

    url: str
    user: str
    owner: str
    company: str
    name: str
    every_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One call of the program. ``answer``: what came of the document that it fetched last; ``failure``: why it could
    not reach the native company at all."""

    word: Literal["greeting", "sign_in", "fetch", "answer", "trouble", "last_error", "end"]
    call: str
    ticket: str = ""
    user: str = ""
    password: str = ""
    answer: Answer | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
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


# Parts that connectors are built from


def kind_of(document: Document) -> str:
    """``Payment`` ``Refund`` ``Reward`` ``Chargeback`` ``Reimbursable`` ``Transfer`` ``Adjustment``."""
    return document.kind if isinstance(document, Expense) else type(document).__name__


def plain(amount: Decimal) -> str:
    """A decimal as plain text: no exponent, no minus zero."""
    return f"{amount if amount else abs(amount):f}"


def marked(text: str, id: str, *, most: int) -> str:
    """A note that ends with the transaction's id in brackets; the text is cut to fit ``most`` characters, never the id.

    >>> marked("Taxi to the airport", "r-01", most=14)
    'Taxi to [r-01]'
    """
    mark = f"[{id}]"
    kept = text.strip()[: max(0, most - len(mark) - 1)].rstrip()
    return f"{kept} {mark}" if kept else mark


_READS_MOST = 4


def ask(request: Request, *, throttled: Sequence[int] = (429,), throttle_seconds: int = 60) -> Steps[Response]:
    """Send a request until its answer says something: waits where the platform says so, reads again what was cut.

    Returns any answer below 500 that is not a throttle. A mutating request that gets no such answer is ``Unknown``,
    a reading one ``Unavailable`` after a few tries, 401 is ``NeedsConsent`` (the driver has refreshed by then).
    """
    tries = 0
    while True:
        answer = yield request
        if isinstance(answer, Response) and answer.status in throttled:
            yield Wait(_retry_after(answer, throttle_seconds), "throttled")
        elif isinstance(answer, Response) and answer.status < 500:
            if answer.status == 401 and request.signed:
                raise NeedsConsent("the platform no longer accepts the credential of this connection")
            return answer
        elif request.mutates:
            raise Unknown(f"no readable answer to: {request.purpose}")
        else:
            tries += 1
            if tries >= _READS_MOST:
                raise Unavailable(f"no answer to: {request.purpose}")
            yield Wait(_retry_after(answer, 2**tries), "unanswered")


def _retry_after(answer: Answer | None, default: int) -> int:
    said = answer.header("Retry-After") if isinstance(answer, Response) else ""
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else default


def json_of(response: Response, request: Request) -> Any:
    """The JSON body of an answer. An unreadable one is ``Unknown`` after a mutating request, else ``Unavailable``."""
    try:
        return exact_json.loads(response.body)
    except exact_json.MalformedJson as error:
        if request.mutates:
            raise Unknown(f"unreadable answer to: {request.purpose}") from error
        raise Unavailable(f"unreadable answer to: {request.purpose}") from error


def with_headers(request: Request, *headers: tuple[str, str]) -> Request:
    """The request with more headers."""
    return replace(request, headers=(*request.headers, *headers))


def cut_of(answer: Answer | None) -> str:
    """How an answer was cut; empty when it came whole."""
    return answer.how if isinstance(answer, Cut) else ""
