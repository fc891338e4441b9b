"""What the company's own people do on Sage Intacct's screens, past the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from mimetypes import guess_type
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platform import StoredFile
from sandbooks.platforms.sage_intacct.documents import attachments, registry
from sandbooks.platforms.sage_intacct.documents.headers import posted_on
from sandbooks.platforms.sage_intacct.objects import lists
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find, need
from sandbooks.platforms.sage_intacct.refusals import NotFound

_CASH = ("CHECKINGACCOUNT", "SAVINGSACCOUNT", "CREDITCARD")


class SageIntacctBookkeeper:
    """The screens of Sage Intacct, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """Close the books up to a date."""
        company.book.lock(date.fromisoformat(through) if through else None)

    def archive_account(self, company: Company, account: str) -> None:
        """Make an account inactive, and the bank account or card that has its id."""
        self._set_status(company, account, "inactive")

    def restore_account(self, company: Company, account: str) -> None:
        """Make an account active again."""
        self._set_status(company, account, "active")

    def _set_status(self, company: Company, account: str, status: str) -> None:
        touched = [record for kind in ("GLACCOUNT", *_CASH) if (record := find(company, kind, account)) is not None]
        if not touched:
            raise NotFound("GLACCOUNT", account)
        for record in touched:
            lists.update(company, object_named(record.kind), record, {"STATUS": status})

    def archive_contact(self, company: Company, contact: str) -> None:
        """Make a vendor or customer inactive."""
        record = _party(company, contact)
        lists.update(company, object_named(record.kind), record, {"STATUS": "inactive"})

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a vendor or customer another name."""
        record = _party(company, contact)
        lists.update(company, object_named(record.kind), record, {"NAME": name, "DISPLAYCONTACT": {"PRINTAS": name}})

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        """The files of the attachment record that a document points at."""
        record = company.records.get(kind, id)
        held = find(company, "SUPDOC", str(record.body.get("SUPDOCID", "") or "")) if record else None
        if held is None:
            return []
        return [_stored(file, content) for file, content in attachments.contents(company, held)]

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change fields of a document or a list entry, under the same rules as the API."""
        registry.update(company, kind, {name: _text(value) for name, value in changes.items()}, need(company, kind, id))

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a document, under the same rules as the API."""
        registry.delete(company, need(company, kind, id))

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a payment or reverse a document, today (or on its own date, if that is later)."""
        record = need(company, kind, id)
        if kind in ("OTHERRECEIPTS", "FUNDSTRANSFER", "GLBATCH"):
            raise NotSimulated(f"voiding {kind}", instead="delete")
        today = company.world.clock.today(company.time_zone)
        dated = record.body.get("WHENPOSTED") or record.body.get("WHENCREATED")
        registry.reverse(company, record, max(today, posted_on(record)) if dated else today)


def _party(company: Company, id: str) -> Record:
    record = find(company, "VENDOR", id) or find(company, "CUSTOMER", id)
    if record is None:
        raise NotFound("VENDOR", id)
    return record


def _text(value: Any) -> Any:
    """Neutral values as the wire has them."""
    if isinstance(value, Mapping):
        return {name: _text(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_text(inner) for inner in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _stored(file: dict[str, Any], content: bytes) -> StoredFile:
    name = f"{file['NAME']}.{file['TYPE']}"
    return StoredFile(name=name, content_type=guess_type(name)[0] or "application/octet-stream", content=content)


BOOKKEEPER = SageIntacctBookkeeper()
