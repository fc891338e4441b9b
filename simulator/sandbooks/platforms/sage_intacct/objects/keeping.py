"""Keeping records: numbers, versions, lookup keys, and the entry of each version, in the caller's unit of work.

A document is kept under its RECORDNO, a list entry under its own key. Every version keeps the facts that its posting
rests on, so that the books can be rebuilt from the versions alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.sums import Sums
from sandbooks.platforms.sage_intacct import triggers
from sandbooks.platforms.sage_intacct.objects.catalogue import ObjectType
from sandbooks.platforms.sage_intacct.posting import entry_of
from sandbooks.platforms.sage_intacct.refusals import NotFound, UniqueValueTaken
from sandbooks.platforms.sage_intacct.wire.scalars import native_instant

# Record numbers of documents are unique over AR, AP, CM and EE records of a company; lists count for themselves.
FIRST_DOCUMENT = 3001
RECORD_URL = "https://www.intacct.com/ia/acct/ur.phtml?.r="
KEYED = (
    "VENDORID",
    "RECORDID",
    "NAME",
    "RECORDKEY",
    "EMPLOYEEID",
    "FINANCIALENTITY",
    "SUPDOCID",
    "GLACCOUNTNO",
    "REVERSEDKEY",
    "PAYOFFKEY",
    "PRBATCHKEY",
    "EXTERNALID",
)
# What a detail of a payment pays, and the credits that it uses.
_PAYS = (
    *("RECORDKEY", "POSADJKEY", "ADJUSTMENTKEY", "INLINEKEY", "NEGATIVEBILLINVKEY"),
    *("ADVANCEKEY", "POSTEDADVANCEKEY", "OVERPAYMENTKEY"),
)
USER = "1"


def new_number(company: Company, kind: ObjectType) -> str:
    """The next RECORDNO."""
    if kind.is_document:
        return str(company.records.next_number("document", start=FIRST_DOCUMENT))
    return str(company.records.next_number(f"list/{kind.name}"))


def find(company: Company, name: str, key: str) -> Record | None:
    """A live list entry by its own key (exact, as ids are), or a document by its RECORDNO."""
    record = company.records.get(name, key)
    return None if record is None or record.deleted else record


def need(company: Company, name: str, key: str) -> Record:
    """As ``find``. Raises ``NotFound``."""
    record = find(company, name, key)
    if record is None:
        raise NotFound(name, key[:80])
    return record


def by_number(company: Company, kind: ObjectType, number: str) -> Record | None:
    """A live record by its RECORDNO."""
    if kind.is_document:
        return find(company, kind.name, number)
    return next(iter(company.records.find(kind.name, "RECORDNO", number)), None)


def by_name(company: Company, kind: ObjectType, name: str) -> Record | None:
    """A live record by its own key: the id of a list entry, the document number of a transaction."""
    if kind.is_document:
        return next(iter(company.records.find(kind.name, "RECORDID", name)), None) or find(company, kind.name, name)
    return find(company, kind.name, name)


def by_external_key(company: Company, name: str, key: str) -> Record | None:
    """A live record by the id that its client gave it."""
    return next((each for each in company.records.find(name, "EXTERNALID", key) if not each.deleted), None)


def check_external_id(company: Company, name: str, given: str, *, id: str = "") -> str:
    """An id of the client's own, one of its kind. Raises ``UniqueValueTaken``."""
    # Unconfirmed: that an id that is taken is refused.
    standing = by_external_key(company, name, given) if given else None
    if standing is not None and standing.id != id:
        raise UniqueValueTaken(name, "EXTERNALID", given[:80])
    return given


def save(
    company: Company,
    kind: ObjectType,
    id: str,
    *,
    document: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> Record:
    """Store a new version of a record and bring the books in step with it."""
    known = company.records.get(kind.name, id)
    version = known.version + 1 if known else 1
    stamped = {**document, **_stamps(company, kind, known, document)}
    _follow(company, kind.name, known, stamped)
    record = company.records.put(
        kind.name,
        id,
        stamped,
        version=version,
        action="update" if known and not known.deleted else "create",
        active=str(stamped.get("STATUS", "active")) != "inactive",
        keys=_keys(stamped),
        facts=facts or {},
    )
    company.post(record, entry_of(kind.name, id, version, document=stamped, facts=facts or {}))
    triggers.announce(company, record, "after_update" if known and not known.deleted else "after_create")
    return record


def annotate(company: Company, record: Record, document: Mapping[str, Any]) -> Record:
    """Store what somebody changes beside the entry, which stays as it is."""
    changed = touch(company, record, document)
    triggers.announce(company, changed, "after_update")
    return changed


def touch(company: Company, record: Record, document: Mapping[str, Any]) -> Record:
    """Store what follows from another record's change (a payment, an attachment): the entry stays as it is."""
    # Unconfirmed: that no trigger tells of it, as the record itself was not saved.
    stamped = {**document, "WHENMODIFIED": native_instant(company.world.clock.now())}
    _follow(company, record.kind, record, stamped)
    return company.records.put(
        record.kind,
        record.id,
        stamped,
        version=record.version + 1,
        action="update",
        active=record.active,
        keys=_keys(stamped),
        facts=facts_of(company, record),
    )


def facts_of(company: Company, record: Record) -> dict[str, Any]:
    """The facts of a record's last version."""
    return company.records.versions(record.kind, record.id)[-1].facts


def remove(company: Company, record: Record) -> None:
    """Delete a record; an entry that stands goes too, dated as it was."""
    _follow(company, record.kind, record, None)
    gone = company.records.put(
        record.kind, record.id, record.body, version=record.version + 1, action="delete", deleted=True
    )
    company.post(gone, None)
    triggers.announce(company, gone, "after_delete")


def _follow(company: Company, kind: str, before: Record | None, document: Mapping[str, Any] | None) -> None:
    """Bring what vendors are owed in step with a bill that changes (None: it is deleted)."""
    standing = None if before is None or before.deleted else before.body
    Sums(company).move(_owed(kind, standing), _owed(kind, document))


def _owed(kind: str, document: Mapping[str, Any] | None) -> dict[str, Decimal]:
    if document is None or kind != "APBILL" or document["STATE"] == "Draft":
        return {}
    return {f"due/{document['VENDORID']}": Decimal(document["TOTALDUE"])}


def total_due(company: Company, vendor: str) -> Decimal:
    """What a vendor is owed on its bills, in the currencies of the bills as they are."""
    return Sums(company).of(f"due/{vendor}")


def _stamps(company: Company, kind: ObjectType, known: Record | None, document: Mapping[str, Any]) -> dict[str, str]:
    now: datetime = company.world.clock.now()
    # Documents carry their own date in WHENCREATED; the audit field of theirs has another name.
    created = "AUWHENCREATED" if "AUWHENCREATED" in kind.fields else "WHENCREATED"
    stamps = {"WHENMODIFIED": native_instant(now), "MODIFIEDBY": USER}
    stamps[created] = str(known.body.get(created, "")) if known else native_instant(now)
    stamps["CREATEDBY"] = str(document.get("CREATEDBY") or USER)
    return stamps


def _keys(document: Mapping[str, Any]) -> dict[str, str | Iterable[str]]:
    keys: dict[str, str | Iterable[str]] = {"RECORDNO": str(document.get("RECORDNO", ""))}
    for name in KEYED:
        value = document.get(name)
        if isinstance(value, str) and value:
            keys[name] = value
    paid = [str(line[name]) for line in document.get("LINES", ()) for name in _PAYS if line.get(name)]
    if paid:
        keys["PAYS"] = list(dict.fromkeys(paid))
    return keys


def session_entity(company: Company) -> str:
    """The entity that the caller is signed in to; empty at the top level."""
    call = company.exchange.call if company.exchange else None
    return str(call.facts.get("entity", "")) if call is not None else ""


def entity_fields(company: Company) -> dict[str, str]:
    """What is made inside an entity belongs to it: the fields that say so."""
    held = find(company, "LOCATIONENTITY", session_entity(company))
    if held is None:
        return {}
    return {
        "MEGAENTITYID": held.id,
        "MEGAENTITYNAME": str(held.body["NAME"]),
        "MEGAENTITYKEY": str(held.body["RECORDNO"]),
    }
