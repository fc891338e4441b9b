"""What every connector can do, and what only some can."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from sandbooks.connector.consent import Application, Asked, Consent
from sandbooks.connector.documents import Attached, Document, Done, File, Native, NewAccount
from sandbooks.connector.lists import Account, Company, Contact, TaxRate, TrackingOption
from sandbooks.connector.steps import Base, Request, Steps
from sandbooks.wire import Response


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


@runtime_checkable
class TakesBackDoubles(Protocol):
    """A connector of a platform that keeps no key, or not for long: a request that was given up may still be carried
    out, long after its repeat was."""

    def take_back_doubles(
        self, document: Document, native: Native, consent: Consent, company: Company
    ) -> Steps[Sequence[str]]:
        """Remove every other native document that is exactly this one, id included, while ``native`` itself stands; the
        ids of those that were. Raises ``Refused`` where one must stay."""


@runtime_checkable
class TakesBackFiles(Protocol):
    """A connector of a platform where a file is first made and then filled: the late making of one leaves it empty."""

    def take_back_empty(self, file: File, native: Native, consent: Consent) -> Steps[Sequence[str]]:
        """Remove every empty file of this name from a document; the ids of those that were."""
