"""What the company's own people do in the platform's screens, by label, name or native id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.control.books import documents
from sandbooks.control.companies import labels_of
from sandbooks.control.errors import ControlError, unknown
from sandbooks.kit.company import Company
from sandbooks.ledger import Refusal
from sandbooks.platform import Bookkeeper, platform_named


class Bookkeeping:
    """A person at work in one company. The platform's own rules hold: a closed period refuses an edit."""

    def __init__(self, company: Company) -> None:
        self._company = company

    @property
    def _person(self) -> Bookkeeper:
        return platform_named(self._company.platform).load_bookkeeper()

    def lock_period(self, through: str | date | None) -> None:
        """Close the books up to and including a date; None opens them."""
        day = through.isoformat() if isinstance(through, date) else through or ""
        if day:
            _check_day(day)
        self._act(lambda: self._person.lock_period(self._company, day))

    def archive_account(self, account: str) -> None:
        """Make an account inactive."""
        native = self.account_id(account)
        self._act(lambda: self._person.archive_account(self._company, native))

    def restore_account(self, account: str) -> None:
        """Make an archived account active again."""
        native = self.account_id(account)
        self._act(lambda: self._person.restore_account(self._company, native))

    def rename_contact(self, contact: str, name: str) -> None:
        """Give a supplier or customer another name."""
        native = self._labelled(contact, "suppliers", "customers")
        self._act(lambda: self._person.rename_contact(self._company, native, name))

    def archive_contact(self, contact: str) -> None:
        """Make a supplier or customer inactive."""
        native = self._labelled(contact, "suppliers", "customers")
        self._act(lambda: self._person.archive_contact(self._company, native))

    def edit(self, kind: str, native_id: str, **changes: Any) -> None:
        """Change members of a document, by their native names."""
        self._act(lambda: self._person.edit(self._company, kind, native_id, _checked(changes)))

    def delete(self, kind: str, native_id: str) -> None:
        """Delete a document."""
        self._act(lambda: self._person.delete(self._company, kind, native_id))

    def void(self, kind: str, native_id: str) -> None:
        """Void a document."""
        self._act(lambda: self._person.void(self._company, kind, native_id))

    def account_id(self, account: str) -> str:
        """The native id of an account by label, id or name."""
        wanted = self._labelled(account, "accounts")
        accounts = self._company.book.accounts()
        for found in accounts:
            if wanted in (found.id, found.name):
                return found.id
        raise unknown("account", account, [*labels_of(self._company).get("accounts", {}), *(a.name for a in accounts)])

    def act(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """One action as ``BookkeeperAction`` of the control contract writes it."""
        action = str(body["action"])
        if action in ("edit", "delete", "void"):
            return self._act_on_document(action, body)
        if action == "lock_period":
            self.lock_period(body["date"])
        elif action in ("archive_account", "restore_account"):
            (self.archive_account if action == "archive_account" else self.restore_account)(body["account"])
        elif action == "rename_contact":
            self.rename_contact(body["contact"], body["name"])
        else:
            self.archive_contact(body["contact"])
        return {"action": action, "document": None}

    def _act_on_document(self, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        kind, native_id = self._document(body["document"])
        if action == "edit":
            self.edit(kind, native_id, **body["changes"])
        else:
            (self.delete if action == "delete" else self.void)(kind, native_id)
        shown = [d for d in documents(self._company, kind=kind) if d["native_id"] == native_id]
        return {"action": action, "document": shown[0] if shown else None}

    def _document(self, choice: Mapping[str, str]) -> tuple[str, str]:
        if "transaction" not in choice:
            kind, native_id = choice["kind"], choice["native_id"]
            if self._company.records.get(kind, native_id) is None:
                raise unknown("document", f"{kind} {native_id}", map(_kind_and_id, documents(self._company)))
            return kind, native_id
        made = documents(self._company, transaction=choice["transaction"])
        if not made:
            raise unknown("document", choice["transaction"], [d["transaction"] or "" for d in documents(self._company)])
        return made[-1]["kind"], made[-1]["native_id"]

    def _labelled(self, name: str, *parts: str) -> str:
        labels = labels_of(self._company)
        return next((labels[part][name] for part in parts if name in labels.get(part, {})), name)

    def _act(self, action: Any) -> None:
        self._company.exchange = None
        try:
            with self._company.world.unit():
                action()
        except Refusal as refusal:
            remedy = "the platform's screens would not allow it either"
            raise ControlError("not_allowed", str(refusal), remedy=remedy, status=409) from refusal


def _kind_and_id(document: Mapping[str, Any]) -> str:
    return f"{document['kind']} {document['native_id']}"


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ControlError("invalid_date", f"{text!r} is no date", remedy="write it as 2026-03-31") from error


def _checked(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    if not changes:
        raise ControlError("nothing_to_change", "an edit changes nothing", remedy="name a member and its new value")
    return changes
