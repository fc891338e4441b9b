"""What the company's own user does in QuickBooks Online's screens: past the API, over the same rules and books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import StoredFile
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.draft import Draft, check_open, store
from sandbooks.platforms.quickbooks_online.realm import NAME_KINDS, Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES


class QuickBooksOnlineBookkeeper:
    """The company's administrator. Called inside a unit of work."""

    def lock_period(self, company: Company, through: str) -> None:
        """Set the closing date; preferences tell it, and writes into the period are refused."""
        on = date.fromisoformat(through) if through else None
        realm = Realm(company)
        record = self._found(realm, "Preferences", "1")
        body = record.copy()
        accounting = dict(body["AccountingInfoPrefs"])
        accounting.pop("BookCloseDate", None)
        if on is not None:
            accounting["BookCloseDate"] = on.isoformat()
        body["AccountingInfoPrefs"] = accounting
        store(Draft(realm, ENTITIES["Preferences"], "1", body, record), action="update")
        company.book.lock(on)

    def archive_account(self, company: Company, account: str) -> None:
        """Make an account inactive."""
        self._change(company, "Account", self._account(company, account), {"Active": False})

    def restore_account(self, company: Company, account: str) -> None:
        """Make an inactive account active again."""
        self._change(company, "Account", self._account(company, account), {"Active": True})

    def archive_contact(self, company: Company, contact: str) -> None:
        """Make a vendor, customer or employee inactive."""
        record = self._contact(company, contact)
        self._change(company, record.kind, record.id, {"Active": False})

    def rename_contact(self, company: Company, contact: str, name: str) -> None:
        """Give a vendor, customer or employee another display name."""
        record = self._contact(company, contact)
        self._change(company, record.kind, record.id, {"DisplayName": name})

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        """The files that hang on a document, in the order in which they came."""
        return [
            StoredFile(
                name=str(record.body.get("FileName", "")),
                content_type=str(record.body.get("ContentType", "")),
                content=company.records.blob(record.id) or b"",
            )
            for record in company.records.scan("Attachable")
            if any(_hangs_on(ref, kind, id) for ref in record.body.get("AttachableRef", []))
        ]

    def edit(self, company: Company, kind: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change members of a document, by their native names."""
        self._change(company, writing.entity_named(kind).name, id, dict(changes))

    def delete(self, company: Company, kind: str, id: str) -> None:
        """Delete a document."""
        writing.delete(Realm(company), writing.entity_named(kind), {"Id": id}, any_token=True)

    def void(self, company: Company, kind: str, id: str) -> None:
        """Void a document. The screens can void what the API cannot: it stays, with amounts of zero."""
        realm, entity = Realm(company), writing.entity_named(kind)
        if entity.voidable:
            writing.void(realm, entity, {"Id": id}, any_token=True)
            return
        if not entity.transaction:
            raise no.UnsupportedOperation(f"void {entity.name}")
        record = self._found(realm, entity.name, id)
        check_open(realm, record.body["TxnDate"])
        store(Draft(realm, entity, id, _zeroed(record), record, facts={"void": True}), action="void")

    def disconnect(self, company: Company) -> None:
        """Withdraw the consent of every application: all tokens of the company end."""
        tokens = Tokens(company.world, company.platform)
        for grant in {token.grant.id: token.grant for token in tokens.of_company(company.id)}.values():
            tokens.revoke(grant)

    def _change(self, company: Company, kind: str, id: str, changes: dict[str, Any]) -> None:
        realm, entity = Realm(company), ENTITIES[kind]
        record = self._found(realm, kind, id)
        kept = {name: record.body[name] for name in entity.kept if name in record.body}
        document = {**kept, **changes, "Id": id, "sparse": True}
        writing.update(realm, entity, document, any_token=True)

    def _found(self, realm: Realm, kind: str, id: str) -> Record:
        record = realm.get(kind, id)
        if record is None:
            raise no.NotFound(kind, id)
        return record

    def _account(self, company: Company, account: str) -> str:
        """An account by id, else by name."""
        if company.records.get("Account", account) is not None:
            return account
        named = company.records.find("Account", "FullyQualifiedName", account.lower())
        if not named:
            raise no.NotFound("Account", account)
        return named[0].id

    def _contact(self, company: Company, contact: str) -> Record:
        """A vendor, customer or employee by id, else by display name."""
        record = Realm(company).name(contact)
        if record is not None:
            return record
        for kind in NAME_KINDS:
            named = company.records.find(kind, "DisplayName", contact.lower())
            if named:
                return named[0]
        raise no.NotFound("Vendor", contact)


def _hangs_on(ref: Mapping[str, Any], kind: str, id: str) -> bool:
    entity = ref.get("EntityRef", {})
    return str(entity.get("type", "")).lower() == kind.lower() and str(entity.get("value")) == id


def _zeroed(record: Record) -> dict[str, Any]:
    """A voided document: lines and totals of zero, the note marked."""
    body = record.copy()
    note = body.get("PrivateNote", "")
    body["PrivateNote"] = f"Voided - {note}"[:4000] if note else "Voided"
    body["_void"] = True
    for name in ("TotalAmt", "HomeTotalAmt", "Balance", "HomeBalance", "Amount"):
        if name in body:
            body[name] = 0
    body["Line"] = [{**line, "Amount": 0} for line in body.get("Line", [])]
    body.pop("TxnTaxDetail", None)
    return body


BOOKKEEPER = QuickBooksOnlineBookkeeper()
