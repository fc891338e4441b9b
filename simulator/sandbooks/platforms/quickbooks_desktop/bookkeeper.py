"""What the company's own people do on the screens of QuickBooks, past the Web Connector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import StoredFile
from sandbooks.platforms.quickbooks_desktop import writing
from sandbooks.platforms.quickbooks_desktop.file import ENTITIES, PLATFORM, CompanyFile
from sandbooks.platforms.quickbooks_desktop.schema.messages import LISTS
from sandbooks.platforms.quickbooks_desktop.web_connector import applications, qwc


class DesktopBookkeeper:
    """The screens of QuickBooks Desktop, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """Set the closing date. Where the switch lets writes pass in silence, the books stay open behind it."""
        day = date.fromisoformat(through) if through else None
        company.change_settings(closing_through=through or None)
        binds = CompanyFile(company).switch("closing_date") == "refused"
        company.book.lock(day if binds else None)

    def archive_account(self, company: Company, account: str) -> None:
        """Make an account inactive."""
        self._activity(company, ("Account",), account, active=False)

    def restore_account(self, company: Company, account: str) -> None:
        """Make an archived account active again."""
        self._activity(company, ("Account",), account, active=True)

    def archive_contact(self, company: Company, contact: str) -> None:
        """Make a name inactive."""
        self._activity(company, ENTITIES, contact, active=False)

    def _activity(self, company: Company, kinds: tuple[str, ...], id: str, *, active: bool) -> None:
        file = CompanyFile(company)
        record = file.lookup(kinds, id)
        writing.edit(file, record, {"IsActive": "true" if active else "false"})

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a name another name."""
        file = CompanyFile(company)
        writing.edit(file, file.lookup(ENTITIES, contact), {"Name": name})

    def files(self, _company: Company, _kind: str, _id: str) -> list[StoredFile]:
        """Nothing: qbXML has no message for attachments."""
        return []

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a record, under the same rules as a Mod request."""
        file = CompanyFile(company)
        writing.edit(file, self._record(file, kind, id), changes)

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a record. A person may delete what qbXML cannot: a transfer."""
        delete = writing.delete_list if kind in LISTS else writing.delete_transaction
        delete(CompanyFile(company), kind, id)

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a transaction."""
        if kind in LISTS:
            raise NotSimulated(f"voiding {kind}", instead="delete")
        writing.void_transaction(CompanyFile(company), kind, id)

    def add_application(self, company: Company, introduction: bytes, *, password: str) -> None:
        """Open an application's .qwc file with the Web Connector, allow it, tick Auto-Run, and Update Selected."""
        told = qwc.parse(introduction, strict=bool(CompanyFile(company).switch("strict_app_url")))
        added = applications.add(company, told, password=password)
        planned = applications.plan(company.world, replace(added, auto_run=True))
        applications.queue(company.world, planned, why="user")

    def disconnect(self, company: Company) -> None:
        """Remove every integrated application's permission in the company preferences."""
        tokens = Tokens(company.world, PLATFORM)
        for token in tokens.of_company(company.id):
            if token.grant.client_id != "web_connector":
                tokens.revoke(token.grant)

    @staticmethod
    def _record(file: CompanyFile, kind: str, id: str) -> Record:
        return file.lookup((kind,), id)


BOOKKEEPER = DesktopBookkeeper()
