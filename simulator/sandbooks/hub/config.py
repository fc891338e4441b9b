"""A company's expense configuration: the bank account and contacts of transactions that name none.

Source: github.com/codatio/oas, schema CompanyConfiguration; https://docs.codat.io/expenses/config-and-categorize.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sandbooks.hub import companies, profiles, records, wire
from sandbooks.hub.errors import not_found
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

MEMBERS = ("bankAccount", "supplier", "customer")


class Ref(msgspec.Struct):
    id: str | None = None


class Configuration(msgspec.Struct):
    bankAccount: Ref
    supplier: Ref
    customer: Ref


def configured(world: World, company_id: str) -> dict[str, str] | None:
    """The configured ids by member, None when the company was never configured."""
    kept = records.get(world, "config", "config", company=company_id)
    return None if kept is None else {name: str((kept.get(name) or {}).get("id") or "") for name in MEMBERS}


def get_configuration(call: Call) -> Response:
    company = companies.called(call)
    kept = records.get(call.world, "config", "config", company=company["id"])
    if kept is None and profiles.on(call.world, "configuration_missing_404"):
        raise not_found("The company has no configuration yet", service="ExpenseSyncApi")
    # Unconfirmed: what is answered before any configuration; an empty one keeps the official client working.
    return json_reply(kept or {name: {} for name in MEMBERS})


def set_configuration(call: Call) -> Response:
    company = companies.called(call)
    wanted = wire.parsed(wire.raw_body(call), Configuration)
    body: dict[str, Any] = {name: _shown(getattr(wanted, name)) for name in MEMBERS}
    with call.unit():
        records.put(call.world, "config", "config", body, company=company["id"])
    return json_reply(body)


def _shown(ref: Ref) -> dict[str, str]:
    return {"id": ref.id} if ref.id else {}
