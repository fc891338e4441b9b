"""The company itself: what it is and what it prefers."""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.draft import Draft, store
from sandbooks.platforms.quickbooks_online.fields import Clear, Reading, raise_wrong
from sandbooks.platforms.quickbooks_online.idempotency import once
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES, Entity
from sandbooks.platforms.quickbooks_online.render import document
from sandbooks.platforms.quickbooks_online.wire.replies import document_of, reply
from sandbooks.wire import Response


def read_company_info(call: Call) -> Response:
    """CompanyInfo, asked for by the realm's id (or by its own, which is 1)."""
    if call.args["id"] not in (call.company.id, "1"):
        raise no.NotFound("CompanyInfo", call.args["id"])
    return _read(call, "CompanyInfo")


def read_preferences(call: Call) -> Response:
    return _read(call, "Preferences")


def _read(call: Call, kind: str) -> Response:
    realm = Realm(call.company)
    record = writing.found(realm, ENTITIES[kind], "1")
    return reply(call, {kind: document(realm, record)})


def update_company_info(call: Call) -> Response:
    return _update(call, "CompanyInfo")


def update_preferences(call: Call) -> Response:
    return _update(call, "Preferences")


def _update(call: Call, kind: str) -> Response:
    """Change members; groups are merged member by member, as absent ones keep their value."""
    entity = ENTITIES[kind]
    body = document_of(call, entity)
    with call.unit():
        return once(call, lambda: reply(call, {kind: _updated(Realm(call.company), entity, body)}))


def _updated(realm: Realm, entity: Entity, body: Any) -> dict[str, Any]:
    record = writing.stored(realm, entity, body)
    writing.check_token(realm, record, body, deleting=False)
    reading = Reading(entity.name)
    given = reading.members(entity.rules, body)
    raise_wrong(reading.wrong)
    merged = record.copy()
    for name, value in given.items():
        if isinstance(value, dict) and not isinstance(value, Clear):
            merged[name] = {**merged.get(name, {}), **value}
        else:
            merged[name] = value
    return document(realm, store(Draft(realm, entity, record.id, merged, record), action="update"))


OPERATIONS = (
    Operation("read_companyinfo", "GET", "/v3/company/<realm>/companyinfo/<id>", read_company_info),
    Operation("update_companyinfo", "POST", "/v3/company/<realm>/companyinfo", update_company_info, writes=True),
    Operation("read_preferences", "GET", "/v3/company/<realm>/preferences", read_preferences),
    Operation("update_preferences", "POST", "/v3/company/<realm>/preferences", update_preferences, writes=True),
)
