"""References inside a transaction: active, and fit for its subsidiary, entity and currency.

The sentences are those that public integrations match.
Source: github.com/fylein/fyle-netsuite-api (apps/netsuite error matcher: pairs of reference and owner)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite.posting import id_of, lines_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.refusals import BadContent, BadReference
from sandbooks.platforms.netsuite.schema.fields import Field, RecordType

Body = dict[str, Any]
Place = tuple[str, Field, str]

_OWN_SUBSIDIARY = frozenset(
    {
        "account",
        "department",
        "classification",
        "location",
        "expenseCategory",
        "nonInventoryPurchaseItem",
        "servicePurchaseItem",
    }
)
_ENTITIES = frozenset({"vendor", "employee", "customer", "job"})


def invalid_key(field: str, id: str, owner: str, owner_id: str, *, path: str = "") -> BadReference:
    """``Invalid <field> reference key <id> for <owner> <id>.``"""
    return BadReference(f"Invalid {field.lower()} reference key {id} for {owner} {owner_id}.", path or field)


def places(type: RecordType, body: Body) -> Iterator[Place]:
    """Every reference of a document: where it stands, its field, and the id."""
    for field in type.fields:
        if field.kind == "ref" and body.get(field.name):
            yield field.name, field, id_of(body[field.name])
    for sublist in type.sublists:
        fields = [f for f in sublist.fields if f.kind == "ref"]
        for n, line in enumerate((body.get(sublist.name) or {}).get("items", [])):
            for field in fields:
                if line.get(field.name):
                    yield f"{sublist.name}.items[{n}].{field.name}", field, id_of(line[field.name])


def check(company: Company, type: RecordType, body: Body, before: Record | None) -> None:
    """Every reference is active (or stood there before) and belongs to the document's subsidiary."""
    kept = {(field.targets, id) for _, field, id in places(type, before.body)} if before else set()
    lines = {f"line.items[{n}]": id_of(line.get("lineSubsidiary")) for n, line in enumerate(lines_of(body, "line"))}
    for path, field, id in places(type, body):
        subsidiary = lines.get(path.rpartition(".")[0]) or id_of(body["subsidiary"])
        found = store.refer(company, field.targets, id=id)
        if found is None or (found.body.get("isInactive") and (field.targets, id) not in kept):
            raise BadContent(
                f"You have entered an Invalid Field Value {id} for the following field: {field.name}", path
            )
        if not fits(company, found, subsidiary):
            raise invalid_key(field.name, id, *_owner(field, body, subsidiary), path=path)


def _owner(field: Field, body: Body, subsidiary: str) -> tuple[str, str]:
    """Whose reference it is in the sentence: categories and customers of lines are said not to fit the entity."""
    entity = id_of(body.get("entity"))
    return ("entity", entity) if field.name in ("category", "customer") and entity else ("subsidiary", subsidiary)


def fits(company: Company, record: Record, subsidiary: str) -> bool:
    """Whether a record may be used in a subsidiary."""
    if record.kind in _ENTITIES:
        return subsidiary in entity_subsidiaries(company, record)
    if record.kind not in _OWN_SUBSIDIARY:
        return True
    named = [item["id"] for item in (record.body.get("subsidiary") or {}).get("items", [])]
    if not named or subsidiary in named:
        return True
    return bool(record.body.get("includeChildren")) and any(up in named for up in _above(company, subsidiary))


def _above(company: Company, subsidiary: str) -> Iterator[str]:
    record = store.get(company, "subsidiary", subsidiary)
    while record is not None and record.body.get("parent"):
        above = id_of(record.body["parent"])
        yield above
        record = store.get(company, "subsidiary", above)


def entity_subsidiaries(company: Company, entity: Record) -> list[str]:
    """The primary subsidiary of an entity, and those that relationships add."""
    added = company.records.find("vendorSubsidiaryRelationship", "entity", entity.id)
    return [id_of(entity.body.get("subsidiary")), *(id_of(relation.body["subsidiary"]) for relation in added)]


def entity_currencies(entity: Record) -> list[str]:
    """The currencies that an entity trades in."""
    listed = [id_of(line["currency"]) for line in (entity.body.get("currencyList") or {}).get("items", [])]
    return listed or [id_of(entity.body["currency"])]
