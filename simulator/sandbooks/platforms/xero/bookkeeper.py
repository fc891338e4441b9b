"""What a person does in Xero's own screens: past the API, under the same lock dates and the same books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platform import StoredFile
from sandbooks.platforms.xero import contacts, lookup
from sandbooks.platforms.xero.api import accounts
from sandbooks.platforms.xero.refusals import NotFound
from sandbooks.platforms.xero.screens import change_document


class XeroBookkeeper:
    """The organisation's own user. Called inside a unit of work."""

    def lock_period(self, company: Company, through: str) -> None:
        """Set the lock date for all users (the end of year lock date)."""
        day = date.fromisoformat(through) if through else None
        company.change_settings(EndOfYearLockDate=day.isoformat() if day else None)
        if day is None:
            company.change_settings(PeriodLockDate=None)
        company.book.lock(day)

    def archive_account(self, company: Company, account: str) -> None:
        record = _found(company.records.get("Account", account) or lookup.account_by_code(company, account))
        accounts.keep_account(company, {**record.copy(), "Status": "ARCHIVED"})

    def restore_account(self, company: Company, account: str) -> None:
        record = _found(company.records.get("Account", account) or lookup.account_by_code(company, account))
        accounts.keep_account(company, {**record.copy(), "Status": "ACTIVE"})

    def archive_contact(self, company: Company, contact: str) -> None:
        record = _found(company.records.get("Contact", contact))
        contacts.keep(company, {**record.copy(), "ContactStatus": "ARCHIVED"})

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        found = company.records.find("Attachment", "parent", f"{kind}/{id}")
        return [
            StoredFile(
                name=record.body["FileName"],
                content_type=record.body["MimeType"],
                content=company.records.blob(record.id) or b"",
            )
            for record in found
        ]

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        record = _found(company.records.get("Contact", contact))
        body = {**record.copy(), "Name": name}
        contacts.check(company, body, record)
        contacts.keep(company, body)

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        change_document(company, kind, id, changes)

    def delete(self, company: Company, kind: str, id: str) -> None:
        record = _found(company.records.get(kind, id))
        status = "VOIDED" if record.body.get("Status") in ("AUTHORISED", "POSTED") and _voids(kind) else "DELETED"
        change_document(company, kind, id, {"Status": status})

    def void(self, company: Company, kind: str, id: str) -> None:
        change_document(company, kind, id, {"Status": "VOIDED" if _voids(kind) else "DELETED"})


def _voids(kind: str) -> bool:
    """Approved invoices, credit notes and posted journals are voided; other documents are deleted."""
    return kind in ("Invoice", "CreditNote", "ManualJournal")


def _found(record: Record | None) -> Record:
    if record is None:
        raise NotFound
    return record


BOOKKEEPER = XeroBookkeeper()
