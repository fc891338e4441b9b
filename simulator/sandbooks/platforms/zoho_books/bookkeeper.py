"""What the organisation's own people do on Zoho's screens, past the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platform import StoredFile
from sandbooks.platforms.zoho_books.records import (
    accounts,
    banking,
    bills,
    contacts,
    expenses,
    journals,
    lists,
    payments,
    vendor_credits,
)
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.wire import Body

_EDITS: dict[str, Callable[[Company, Record, Body], Record]] = {
    "account": accounts.update,
    "banktransaction": banking.update,
    "bill": bills.update,
    "contact": contacts.update,
    "expense": expenses.update,
    "item": lambda company, record, given: lists.write_item(company, given, record),
    "journal": journals.update,
    "project": lambda company, record, given: lists.write_project(company, given, record),
    "vendorcredit": vendor_credits.update,
    "vendorpayment": payments.update,
}
_DELETES: dict[str, Callable[[Company, Record], None]] = {
    "account": accounts.delete,
    "banktransaction": banking.delete,
    "bill": bills.delete,
    "contact": contacts.delete,
    "expense": expenses.delete,
    "item": lists.delete_item,
    "journal": journals.delete,
    "project": lists.delete_project,
    "vendorcredit": vendor_credits.delete,
    "vendorpayment": payments.delete,
}


class ZohoBooksBookkeeper:
    """The screens of Zoho Books, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """Lock transactions of every module up to a date."""
        company.book.lock(date.fromisoformat(through) if through else None)

    def archive_account(self, company: Company, account: str) -> None:
        """Mark an account as inactive."""
        accounts.set_active(company, find(company, "account", account), active=False)

    def restore_account(self, company: Company, account: str) -> None:
        """Mark an account as active again."""
        accounts.set_active(company, find(company, "account", account), active=True)

    def archive_contact(self, company: Company, contact: str) -> None:
        """Mark a contact as inactive."""
        contacts.set_active(company, find(company, "contact", contact), active=False)

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a contact another name."""
        contacts.update(company, find(company, "contact", contact), {"contact_name": name})

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        """The files of a document."""
        record = company.records.get(kind, id)
        if record is None or record.deleted:
            return []
        return [
            StoredFile(
                name=document["file_name"],
                content_type=document["content_type"],
                content=company.records.blob(f"document/{document['document_id']}") or b"",
            )
            for document in record.body.get("documents", ())
            if "content_type" in document
        ]

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a document, under the same rules as the API."""
        if kind not in _EDITS:
            raise NotSimulated(f"editing {kind}")
        _EDITS[kind](company, find(company, kind, id), dict(changes))

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a document."""
        if kind not in _DELETES:
            raise NotSimulated(f"deleting {kind}")
        _DELETES[kind](company, find(company, kind, id))

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a bill or a vendor credit; other documents are deleted."""
        if kind == "bill":
            bills.set_state(company, find(company, kind, id), "void")
        elif kind == "vendorcredit":
            vendor_credits.set_state(company, find(company, kind, id), "void")
        else:
            raise NotSimulated(f"voiding {kind}", instead="delete")


BOOKKEEPER = ZohoBooksBookkeeper()
