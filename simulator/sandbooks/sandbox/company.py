"""One platform company in a test's hands: credentials, books, bookkeeper, webhooks, and addresses for faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sandbooks.control import books as book_views
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.control.companies import credentials_of, labels_of, reach_of
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.records import Record
from sandbooks.sandbox.assertions import Assertions
from sandbooks.sandbox.books import Books
from sandbooks.sandbox.webhooks import Webhooks
from sandbooks.world import TapeEntry, World

if TYPE_CHECKING:
    from sandbooks.audit import Finding
    from sandbooks.sandbox.sandbox import Sandbox

SIGNING_KEYS = ("webhook_key", "verifier_token", "webhook_secret")  # Xero, QuickBooks Online, any other


class PlatformCompany(Assertions):
    """A company on an accounting platform.

    ``credentials`` are what code under test signs in with, ``environment`` the same as variables, ``labels`` the native
    ids behind the labels that the company was opened with.
    """

    def __init__(self, sandbox: Sandbox, company: Company) -> None:
        self._sandbox = sandbox
        self._company = company
        self.platform = company.platform
        self.id = company.id
        self._expected = sandbox.expected.setdefault((company.platform, company.id), {})
        self.bookkeeper = Bookkeeping(company)
        self.webhooks = Webhooks(sandbox, company.platform, company.id, secret=self._signing_key)

    def __repr__(self) -> str:
        return f"<{self.platform} company {self.id} {self.name!r}>"

    @property
    def company_id(self) -> str:
        """The id as the control API and the driver call it: realm, tenant, organisation, account."""
        return self.id

    def _company_in(self, world: World) -> Company:
        """The same company in a fork of its world."""
        found = find_company(world, self.platform, self.id)
        if found is None:
            raise LookupError(f"the fork has no company {self.id}")
        return found

    @property
    def name(self) -> str:
        return self._company.name

    @property
    def currency(self) -> str:
        return self._company.currency

    @property
    def credentials(self) -> dict[str, str]:
        return credentials_of(self._company)

    @property
    def _signing_key(self) -> str:
        """The key that the platform's own portal shows for signing webhooks; empty where it has none."""
        credentials = self.credentials
        return next((credentials[name] for name in SIGNING_KEYS if name in credentials), "")

    @property
    def environment(self) -> dict[str, str]:
        return reach_of(self._company, self._sandbox.base_url).environment

    @property
    def base_url(self) -> str:
        """What stands in place of the vendor's host where no interception is used."""
        return reach_of(self._company, self._sandbox.base_url).base_url

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        return labels_of(self._company)

    def native_id(self, label: str) -> str:
        """The native id of an account, supplier, customer, tax or tracking option by its label."""
        for ids in self.labels.values():
            if label in ids:
                return ids[label]
        return Books(self._company).account(label).id

    def books(self, *, as_of: str | date | None = None) -> Books:
        """The balances now, or at the end of a day."""
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        return Books(self._company, as_of=day)

    def documents(self, kind: str = "", *, reference: str = "") -> list[dict[str, Any]]:
        """Native records that moved money, deleted ones included, as the control API lists them."""
        return book_views.documents(self._company, kind=kind, transaction=reference)

    def records(self, kind: str) -> list[Record]:
        """Live native records of a kind, as the platform keeps them."""
        return list(self._company.records.scan(kind))

    def write(self, reference: str, *, nth: int = 1) -> dict[str, Any]:
        """The nth native write that carries a reference: an address for a fault."""
        return {"platform": self.platform, "company": self.id, "write": reference, "nth": nth}

    def read(self, reference: str, *, nth: int = 1) -> dict[str, Any]:
        """The nth native look-up that carries a reference: an address for a fault."""
        return {"platform": self.platform, "company": self.id, "read": reference, "nth": nth}

    def operation(self, name: str, *, nth: int = 1) -> dict[str, Any]:
        """The nth call of a native operation: an address for a fault."""
        return {"platform": self.platform, "company": self.id, "operation": name, "nth": nth}

    def findings(self, *, tape: Sequence[TapeEntry] | None = None) -> list[Finding]:
        """What is wrong with these books, in accounting words: by what was expected, else by what the hub was given,
        else by tape and books alone. What was not expected may stand beside it. ``tape`` spares reading it again."""
        from sandbooks.audit import audit_company

        return audit_company(self._company, self._given(), tape=tape, partly=bool(self._expected))

    def audit(self) -> None:
        """Raise ``BooksWrong`` with every finding, if there is one."""
        from sandbooks.audit import raise_findings

        raise_findings(self.findings())
