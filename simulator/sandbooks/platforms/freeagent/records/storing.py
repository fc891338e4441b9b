"""Keeping record versions: each with its facts, its lookup keys and its entry, in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import AccountInactive, PeriodClosed
from sandbooks.platforms.freeagent.fields import RESOURCES
from sandbooks.platforms.freeagent.posting import entry_of
from sandbooks.platforms.freeagent.records import sums
from sandbooks.platforms.freeagent.refusals import Missing
from sandbooks.platforms.freeagent.wire import path, tail

# Ids are whole numbers, unique over all companies. They begin above every nominal code, so that the id of a bank
# account and a nominal code never look alike. Source: https://dev.freeagent.com/docs (ids in sample URLs)
FIRST_ID = 10001
# The value of the key ``foreign`` of a document in another currency of which something is due.
OPEN = "open"

_KEYED = (
    "bank_account",
    "bank_transaction",
    "bill",
    "contact",
    "paid_bill",
    "paid_invoice",
    "invoice",
    "credit_note",
    "parent_url",
    "paid_user",
    "user",
    "project",
    "task",
    "capital_asset",
    "capital_asset_type",
    "stock_item",
    "property",
)
# Members of the lines of a document that are looked up as if they were its own.
_OF_LINES = ("capital_asset_type", "stock_item", "property")
# Members that are keys as they are.
_PLAIN = ("sub_code", "bought_by")
_WITH_CATEGORIES = ("items", "bill_items", "invoice_items", "credit_note_items", "journal_entries")
_TARGET = {
    "parent_url": ("contacts", "projects"),
    "paid_bill": ("bills",),
    "paid_invoice": ("invoices", "credit_notes"),
    "paid_user": ("users",),
}


def new_id(company: Company, kind: str) -> str:
    """The next id of a kind of resource, in the whole world: no two companies share one."""
    return str(company.world.ids.number(f"freeagent/{RESOURCES.get(kind, kind)}", start=FIRST_ID))


def find(company: Company, kind: str, id: str) -> Record:
    """A live record. Raises ``Missing``."""
    record = company.records.get(kind, id)
    if record is None or record.deleted:
        raise Missing(RESOURCES[kind], id)
    return record


def keys_of(document: Mapping[str, Any]) -> dict[str, Iterable[str]]:
    """Lookup keys: the ids that a document refers to."""
    keys: dict[str, Iterable[str]] = {}
    for name in _KEYED:
        if name in document:
            value = document[name]
            resources = _TARGET.get(name) or (RESOURCES.get(name, f"{name}s"),)
            keys[name] = [found for found in (tail(value, resource) for resource in resources) if found]
    for name in _WITH_CATEGORIES:
        lines = document.get(name, ())
        if lines:
            keys["category"] = [code for item in lines for code in _codes(item.get("category"))]
        for member in _OF_LINES:
            named = [tail(item[member], RESOURCES[member]) for item in lines if member in item]
            keys |= {member: named} if named else {}
    keys |= {name: [str(document[name])] for name in _PLAIN if name in document}
    if "item_type" in document and "code" in document:
        keys["code"] = [str(document["code"]).lower()]
    if isinstance(document.get("category"), str):
        keys["category"] = _codes(document["category"])
    return keys


def _stored_keys(company: Company, document: Mapping[str, Any]) -> dict[str, Iterable[str]]:
    """The same, that a document is open in another currency, and the reference where it counts."""
    keys = keys_of(document)
    if document.get("due_value", "0.0") != "0.0" and document["currency"] != company.currency:
        keys["foreign"] = OPEN
    if company.settings.get("unique_bill_references") and "bill_items" in document:
        keys["reference"] = [str(document["reference"]).lower()]
    return keys


def _codes(reference: object) -> list[str]:
    """A nominal code, and for that of a sub account the main one too."""
    code = tail(reference, "categories")
    return list(dict.fromkeys([code, code.partition("-")[0]]))


def save(
    company: Company,
    kind: str,
    id: str,
    *,
    document: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    active: bool = True,
) -> Record:
    """Store a new version of a record and bring the books in step with it."""
    known = company.records.get(kind, id)
    version = known.version + 1 if known else 1
    sums.follow(company, kind, known, document)
    record = company.records.put(
        kind,
        id,
        document,
        version=version,
        action="update" if known else "create",
        active=active,
        keys=_stored_keys(company, document),
        facts=facts or {},
    )
    company.post(record, entry_of(kind, id, version, document=document, facts=facts or {}))
    return record


def touch(company: Company, record: Record, document: Mapping[str, Any]) -> Record:
    """Store what follows from another record's change (a payment, an attachment): the entry stays as it is."""
    facts = company.records.facts(record.kind, record.id)
    sums.follow(company, record.kind, record, document)
    return company.records.put(
        record.kind,
        record.id,
        document,
        version=record.version + 1,
        action="update",
        active=record.active,
        keys=_stored_keys(company, document),
        facts=facts,
    )


def remove(company: Company, record: Record) -> None:
    """Delete a record: its entry goes too, dated as it was."""
    # Entries of a deleted document leave the ledger; there is no void. Refused when its period is locked.
    sums.follow(company, record.kind, record, None)
    gone = company.records.put(
        record.kind, record.id, record.body, version=record.version + 1, action="delete", deleted=True
    )
    company.post(gone, None)


def refer(record: Record) -> str:
    """The stored reference to a record."""
    return path(RESOURCES[record.kind], record.id)


def check_open(company: Company, dated_on: str) -> None:
    """Refuse a change to what is dated in a locked period, even where nothing would be posted."""
    through = company.book.closed_through
    if through is not None and dated_on <= through.isoformat():
        from datetime import date

        raise PeriodClosed(date.fromisoformat(dated_on), through)


def is_locked(company: Company, dated_on: str) -> bool:
    """Whether a day is in a locked period."""
    through = company.book.closed_through
    return through is not None and dated_on <= through.isoformat()


def check_visible(record: Record) -> None:
    """Refuse new items on an account that is hidden."""
    if not record.active:
        raise AccountInactive(record.id, str(record.body.get("name") or record.body.get("description")))
