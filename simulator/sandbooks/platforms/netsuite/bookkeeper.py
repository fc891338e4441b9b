"""What the company's own people do on NetSuite's screens, past the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountUnknown
from sandbooks.platform import StoredFile
from sandbooks.platforms.netsuite import custom, files, integrations, periods
from sandbooks.platforms.netsuite.reading import Reader
from sandbooks.platforms.netsuite.records import revaluation, store, writing
from sandbooks.platforms.netsuite.records.lists import ENTITY_KINDS
from sandbooks.platforms.netsuite.refusals import RecordMissing
from sandbooks.platforms.netsuite.schema import TYPES


class NetSuiteBookkeeper:
    """The screens of NetSuite, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """Close the accounting periods that end by a date, and lock the days up to it."""
        company.book.lock(date.fromisoformat(through) if through else None)

    def archive_account(self, company: Company, account: str) -> None:
        """Make an account inactive."""
        self._change(company, self._account(company, account), {"isInactive": True})

    def restore_account(self, company: Company, account: str) -> None:
        """Make an account active again."""
        self._change(company, self._account(company, account), {"isInactive": False})

    def _account(self, company: Company, account: str) -> Record:
        record = store.get(company, "account", account)
        if record is None:
            raise AccountUnknown(account)
        return record

    def archive_contact(self, company: Company, contact: str) -> None:
        """Make a vendor, customer, employee or project inactive."""
        self._change(company, self._contact(company, contact), {"isInactive": True})

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a vendor or customer another name."""
        record = self._contact(company, contact)
        members = {"entityId": name}
        self._change(company, record, {**members, "companyName": name} if "companyName" in record.body else members)

    def _contact(self, company: Company, contact: str) -> Record:
        record = store.refer(company, ENTITY_KINDS, id=contact)
        if record is None:
            raise RecordMissing("entity", contact)
        return record

    def _change(self, company: Company, record: Record, changes: dict[str, Any]) -> None:
        writing.update(company, TYPES[record.kind], record, changes)

    def files(self, company: Company, kind: str, id: str) -> Sequence[StoredFile]:
        """The files that are attached to a record."""
        return files.stored(company, kind, id)

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a record by their native names; sublists are replaced as a whole. The integration record's
        ``state`` blocks the application; the members of ``customFields`` are custom fields by id; an accounting
        period's ``revalueOpenBalances`` runs that task of its checklist."""
        if kind == integrations.KIND:
            integrations.change(company, changes)
            return
        if kind == custom.KIND:
            custom.change(company, changes)
            return
        record = self._found(company, kind, id)
        if kind == periods.KIND and changes == {"revalueOpenBalances": True}:
            revaluation.revalue(company, record)
            return
        type = custom.type_of(company, kind)
        given = Reader(company, names="error").document(type, dict(changes))
        writing.update(company, type, record, given, replace=list(given))

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a record."""
        writing.delete(company, TYPES[kind], self._found(company, kind, id))

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a transaction."""
        writing.void(company, TYPES[kind], self._found(company, kind, id))

    def _found(self, company: Company, kind: str, id: str) -> Record:
        record = store.get(company, kind, id) if kind in TYPES else None
        if record is None:
            raise RecordMissing(kind, id)
        return record


BOOKKEEPER = NetSuiteBookkeeper()
