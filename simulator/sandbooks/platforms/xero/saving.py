"""Putting a document: its version, its facts, its posting and its event together, inside the caller's unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Entry
from sandbooks.platforms.xero import posting
from sandbooks.platforms.xero.records import DEAD_STATUS, ID_FIELD, keys_of
from sandbooks.platforms.xero.webhooks import announce
from sandbooks.platforms.xero.wire.dates import stored_instant

Body = dict[str, Any]
# Kinds that Xero shows without the instant of their last change.
_UNDATED = frozenset({"TaxRate", "Currency", "TrackingCategory", "ContactGroup", "Allocation", "BrandingTheme"})


def facts_of(company: Company, kind: str, id: str) -> dict[str, Any]:
    """The facts that the latest version of a document rests on."""
    versions = company.records.versions(kind, id)
    return versions[-1].facts if versions else {}


def save(company: Company, kind: str, body: Body, *, facts: Mapping[str, Any] | None = None) -> Record:
    """Store a new version of a record and bring the book in step; ``facts`` None keeps those of the last version.

    Raises the ledger's refusals.
    """
    id = str(body[ID_FIELD[kind]])
    known = company.records.get(kind, id)
    version = known.version + 1 if known else 1
    if kind not in _UNDATED:
        body["UpdatedDateUTC"] = stored_instant(company.world.clock.now())
    resting = dict(facts) if facts is not None else facts_of(company, kind, id) if known else {}
    status = str(body.get("Status") or body.get("ContactStatus") or "")
    dead = status in DEAD_STATUS or bool(body.get("IsDeleted"))
    record = company.records.put(
        kind,
        id,
        body,
        version=version,
        action=_action(known, dead=dead, status=status),
        active=not dead and status != "ARCHIVED",
        deleted=dead,
        keys=keys_of(kind, body),
        facts=resting,
    )
    _post(company, record, posting.entry_of(kind, id, version, body=body, facts=resting))
    announce(company, record, created=known is None)
    return record


def _action(known: Record | None, *, dead: bool, status: str) -> str:
    if dead and (known is None or not known.deleted):
        return "void" if status == "VOIDED" else "delete"
    return "update" if known else "create"


def _post(company: Company, record: Record, entry: Entry | None) -> None:
    """Post unless what stands already says the same: a paid bill is the bill it was."""
    if record.kind not in posting.POSTING_KINDS:
        return
    standing = company.book.current(record.kind, record.id)
    if standing is not None and entry is not None and _effect(standing.entry) == _effect(entry):
        return
    company.post(record, entry)


def _effect(entry: Entry) -> tuple[Any, ...]:
    """What an entry does to the books: everything but its words."""
    return entry.date, [(p.account, p.amount, p.base, p.tax_code, p.party, p.dimensions) for p in entry.postings]
