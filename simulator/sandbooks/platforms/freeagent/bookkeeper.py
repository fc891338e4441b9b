"""What the company's own people do on FreeAgent's screens, past the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.ledger import Account
from sandbooks.platform import StoredFile
from sandbooks.platforms.freeagent.records import (
    attachments,
    bank_accounts,
    bank_transactions,
    bills,
    categories,
    expenses,
    explanations,
    invoices,
    journal_sets,
    lists,
    people,
    properties,
    stock,
    users,
)
from sandbooks.platforms.freeagent.records.storing import find, save
from sandbooks.platforms.freeagent.refusals import Invalid


def _untagged(record: Record) -> Record:
    """A journal set, unless an application tagged it: those are changed by the API alone. Raises ``Invalid``."""
    # Source: https://dev.freeagent.com/docs/journal_sets (tag). Unconfirmed: the words.
    if "tag" in record.body:
        raise Invalid(("Journal set is tagged and can only be changed by the API",))
    return record


_EDITS: dict[str, Callable[[Company, Record, dict[str, Any]], Record]] = {
    "bank_account": bank_accounts.update,
    "bank_transaction_explanation": explanations.update,
    "bill": bills.update,
    "category": categories.update,
    "contact": lambda company, record, given: people.write_contact(company, given, record),
    "expense": expenses.update,
    "invoice": invoices.update,
    "credit_note": invoices.update,
    "capital_asset_type": lambda company, record, given: lists.write_asset_type(company, given, record),
    "journal_set": lambda company, record, given: journal_sets.update(company, _untagged(record), given),
    "project": lambda company, record, given: people.write_project(company, given, record),
    "property": lambda company, record, given: properties.write(company, given, record),
    "stock_item": lambda company, record, given: stock.write(company, given, record),
    "user": users.update,
}
_DELETES: dict[str, Callable[[Company, Record], None]] = {
    "bank_account": bank_accounts.delete,
    "bank_transaction": bank_transactions.delete,
    "bank_transaction_explanation": explanations.delete,
    "bill": bills.delete,
    "category": categories.delete,
    "contact": people.delete_contact,
    "expense": expenses.delete,
    "invoice": invoices.delete,
    "credit_note": invoices.delete,
    "capital_asset_type": lists.delete_asset_type,
    "journal_set": lambda company, record: journal_sets.delete(company, _untagged(record)),
    "property": properties.delete,
    "project": people.delete_project,
    "user": users.delete,
}


class FreeAgentBookkeeper:
    """The screens of FreeAgent, by what they do."""

    def lock_period(self, company: Company, through: str) -> None:
        """Lock the accounting period up to a date."""
        company.book.lock(date.fromisoformat(through) if through else None)

    def archive_account(self, company: Company, account: str) -> None:
        """Hide a bank account, or take a category out of use."""
        record = company.records.get("bank_account", account)
        if record is not None:
            bank_accounts.update(company, record, {"status": "hidden"})
            return
        category = find(company, "category", account)
        held = company.book.account(account)
        company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=False))
        save(company, "category", account, document=category.body, active=False)

    def restore_account(self, company: Company, account: str) -> None:
        """Show a bank account again, or take a category back into use."""
        record = company.records.get("bank_account", account)
        if record is not None:
            bank_accounts.update(company, record, {"status": "active"})
            return
        category = find(company, "category", account)
        held = company.book.account(account)
        company.book.change_account(Account(held.id, held.name, held.kind, held.currency, active=True))
        save(company, "category", account, document=category.body, active=True)

    def archive_contact(self, company: Company, contact: str) -> None:
        """Hide a contact."""
        people.write_contact(company, {"status": "Hidden"}, find(company, "contact", contact))

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        """The attachments of a bill, an expense or an explanation."""
        parent = company.records.get(kind, id)
        if parent is None or kind not in attachments.PARENTS:
            return []
        return [
            StoredFile(
                name=record.body["file_name"],
                content_type=record.body["content_type"],
                content=company.records.blob(f"attachment/{record.id}") or b"",
            )
            for record in attachments.of(company, parent)
        ]

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a contact another organisation name."""
        people.write_contact(company, {"organisation_name": name}, find(company, "contact", contact))

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

    def void(self, _company: Company, kind: str, _id: str) -> None:
        """FreeAgent has no void: what is wrong is deleted."""
        raise NotSimulated(f"voiding {kind}", instead="delete")


BOOKKEEPER = FreeAgentBookkeeper()
