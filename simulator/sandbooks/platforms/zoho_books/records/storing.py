"""Keeping record versions: each with its facts, its lookup keys and its entry, in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.ledger import AccountInactive, PeriodClosed
from sandbooks.platforms.zoho_books import webhooks
from sandbooks.platforms.zoho_books.fields import WORDS
from sandbooks.platforms.zoho_books.posting import entry_of
from sandbooks.platforms.zoho_books.refusals import NoSuch

# Ids are whole numbers of 15 to 19 digits, unique over all organisations and kinds.
FIRST_ID = 460000000026001
_KEYED = (
    "account_id",
    "bill_id",
    "contact_id",
    "currency_id",
    "customer_id",
    "employee_id",
    "from_account_id",
    "item_id",
    "location_id",
    "parent_id",
    "paid_through_account_id",
    "payment_id",
    "project_id",
    "recurring_bill_id",
    "recurring_expense_id",
    "statement_id",
    "to_account_id",
    "vendor_credit_id",
    "vendor_id",
)
# Parts of documents, and the ids that they are found by.
_PARTS = {"documents": "document_id", "contact_persons": "contact_person_id"}
_TAXES = ("tax_id", "reverse_charge_tax_id", "reverse_charge_vat_id", "acquisition_vat_id")
# The documents whose open balance a contact shows.
_OPEN = ("bill", "vendorcredit", "vendorpayment")


def new_id(company: Company) -> str:
    """The next id in the whole world: no two records share one."""
    return str(company.world.ids.number("zoho_books/id", start=FIRST_ID))


def find(company: Company, kind: str, id: str) -> Record:
    """A live record. Raises ``NoSuch``."""
    record = company.records.get(kind, id)
    if record is None or record.deleted:
        raise NoSuch(WORDS[kind], id)
    return record


def keys_of(document: Mapping[str, Any]) -> dict[str, Iterable[str]]:
    """Lookup keys: the ids that a document and its lines refer to, its name and its number."""
    keys: dict[str, list[str]] = {}
    lines = [line for line in document.get("line_items", ()) if isinstance(line, dict)]
    for part in (document, *lines):
        for name in _KEYED:
            if part.get(name):
                keys.setdefault(name, []).append(str(part[name]))
    for name, value in document.get("_keys", {}).items():
        keys.setdefault(name, []).append(str(value))
    for name, value in _of_parts(document, lines):
        keys.setdefault(name, []).append(value)
    return {name: tuple(dict.fromkeys(values)) for name, values in keys.items()}


def _of_parts(document: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Lookup keys of what a document has within it: files, people, custom fields, taxes, matched transactions."""
    for root, name in _PARTS.items():
        yield from ((name, str(part[name])) for part in document.get(root, ()))
    for field in document.get("custom_fields", ()):
        yield custom_key(field["api_name"]), str(field["value"])
    for part in (document, *lines, *document.get("taxes", ())):
        yield from (("tax_id", str(part[name])) for name in _TAXES if part.get(name))
    if isinstance(document.get("_matched"), list):
        yield from (("matched", str(id)) for _, id in document["_matched"])


def custom_key(api_name: str) -> str:
    """The lookup key of a custom field."""
    return f"custom/{api_name}"


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
    _follow(company, kind, known, document)
    record = company.records.put(
        kind,
        id,
        document,
        version=version,
        action="update" if known else "create",
        active=active,
        keys=keys_of(document),
        facts=facts or {},
    )
    company.post(record, entry_of(kind, id, version, facts=facts or {}))
    webhooks.announce(company, record, "updated" if known else "created")
    return record


def touch(company: Company, record: Record, **changes: Any) -> Record:
    """Store what follows from another record's change (a payment, a file): the entry stays as it is."""
    document = {**record.copy(), **changes}
    facts = facts_of(company, record)
    _follow(company, record.kind, record, document)
    return company.records.put(
        record.kind,
        record.id,
        document,
        version=record.version + 1,
        action="update",
        active=record.active,
        keys=keys_of(document),
        facts=facts,
    )


def _follow(company: Company, kind: str, before: Record | None, document: Mapping[str, Any] | None) -> None:
    """Bring what contacts show of their documents in step with one that changes (None: it is deleted)."""
    standing = None if before is None or before.deleted else before.body
    Sums(company).move(_open(kind, standing), _open(kind, document))


def _open(kind: str, document: Mapping[str, Any] | None) -> dict[str, Decimal]:
    if document is None or kind not in _OPEN or not document.get("vendor_id"):
        return {}
    return {f"{kind}/{document['vendor_id']}": Decimal(str(document.get("balance") or 0))}


def open_of(company: Company, vendor: str, *, kind: str) -> Decimal:
    """What is open of a vendor's documents of a kind."""
    return Sums(company).of(f"{kind}/{vendor}")


def facts_of(company: Company, record: Record) -> dict[str, Any]:
    """What the entry of a record rests on."""
    return company.records.facts(record.kind, record.id)


def remove(company: Company, record: Record) -> None:
    """Delete a record: its entry goes too, dated as it was."""
    _follow(company, record.kind, record, None)
    gone = company.records.put(
        record.kind, record.id, record.body, version=record.version + 1, action="delete", deleted=True
    )
    company.post(gone, None)
    webhooks.announce(company, gone, "deleted")


def check_open(company: Company, day: str) -> None:
    """Refuse a change to what is dated in a locked period, even where nothing would be posted."""
    through = company.book.closed_through
    if through is not None and day <= through.isoformat():
        raise PeriodClosed(date.fromisoformat(day), through)


def check_active(account: Record) -> None:
    """Refuse new transactions on an inactive account."""
    if not account.active:
        raise AccountInactive(account.id, str(account.body["account_name"]))
