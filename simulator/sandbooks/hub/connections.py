"""Connections: one company's tie to its accounting platform, and the partner expense connection beside it.

Source: github.com/codatio/oas, schema Connection; https://docs.codat.io/core-concepts/connections.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from sandbooks.connector import Consent
from sandbooks.hub import companies, one_time, profiles, records, wire
from sandbooks.hub.errors import Item, bad_request, not_found, not_valid
from sandbooks.hub.integrations import Integration, integration_of, partner_expense
from sandbooks.hub.webhooks import company_reference, emit
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "connection"
LINK_ASKED = "codat/link_asked"  # somebody wants it linked, where a program polls
EVENTS = {"Linked": "connection.connected", "Unlinked": "connection.disconnected"} | {
    "Deauthorized": "connection.disconnected"
}
# Source: https://docs.codat.io/expenses/configure-customer (its table of platform keys), and the sandbox key
FIRST_KEYS = ("trji", "fbrh", "akxx", "pqsw", "qhyg", "gbol", "ndsk")
# Source: https://docs.codat.io/updates/220825-string-request-deprecation
BODY_MISSING = "Push object DataConnectionArgs must be provided"

Connection = dict[str, Any]


class ConnectionRequest(msgspec.Struct):
    platformKey: Annotated[str, msgspec.Meta(pattern="^[a-z]{4}$")]


def of_company(world: World, company_id: str) -> list[Connection]:
    """A company's connections in order of creation."""
    return list(records.every(world, KIND, company=company_id))


def accounting_of(world: World, company_id: str) -> Connection | None:
    """A company's accounting connection: the linked one, else the newest."""
    found = [c for c in of_company(world, company_id) if c["sourceType"] == "Accounting"]
    linked = [c for c in found if c["status"] == "Linked"]
    return next(iter(linked or reversed(found)), None)


def connection_of(world: World, company_id: str, connection_id: str) -> Connection:
    """A connection; 404 when the company has none with this id."""
    found = records.get(world, KIND, connection_id, company=company_id)
    if found is None:
        raise not_found(f"Data connection {connection_id} not found")
    return found


def called(call: Call) -> tuple[dict[str, Any], Connection]:
    """The company and connection that the path names."""
    company = companies.called(call)
    return company, connection_of(call.world, company["id"], call.args["connection_id"])


def company_of_connection(world: World, connection_id: str) -> str:
    """Whose connection it is; raises ``LookupError``."""
    kept = world.get("codat/connections", connection_id)
    if kept is None:
        raise LookupError(f"no connection {connection_id!r}")
    return str(kept)


def keep(world: World, connection: Connection) -> None:
    """Store a connection as it is now."""
    records.put(world, KIND, connection["id"], connection, company=connection["companyId"])


def make(world: World, company: dict[str, Any], integration: Integration, *, status: str) -> Connection:
    """A new connection. Writes: call it in a unit of work."""
    connection: Connection = {
        "id": world.ids.uuid("codat/connection"),
        "companyId": company["id"],
        "platformKey": integration.key,
        "integrationId": integration.integration_id,
        "sourceId": integration.source_id,
        "platformName": integration.name,
        "sourceType": integration.source_type,
        "status": status,
        "created": records.now(world),
        "lastSync": None,
        "errors": [],
        "consent": None,
        "bases": {},
        "not_before": 0,
    }
    keep(world, connection)
    world.put("codat/connections", connection["id"], company["id"])
    tell(world, company, connection, "connection.created")
    return connection


def change_status(world: World, company: dict[str, Any], connection: Connection, status: str) -> None:
    """Move a connection to another status and tell. Writes: call it in a unit of work."""
    before, connection["status"] = connection["status"], status
    if before == status:
        keep(world, connection)
        return
    again = status == "Linked" and before in ("Unlinked", "Deauthorized")
    if status == "Linked":
        for error in connection["errors"]:
            error |= {"status": "Resolved", "resolvedOnUtc": records.now(world)}
    if status == "Unlinked":
        world.put(LINK_ASKED, connection["id"], None)
    keep(world, connection)
    _count_active(world, connection, before, status)
    tell(world, company, connection, "connection.reconnected" if again else EVENTS[status])


def note_error(world: World, connection: Connection, *, code: str, text: str, message: str) -> None:
    """Remember what went wrong with a connection. Writes: call it in a unit of work."""
    connection["errors"].append(
        {
            "statusCode": code,
            "statusText": text,
            "errorMessage": message,
            "erroredOnUtc": records.now(world),
            "status": "Active",
            "resolvedOnUtc": None,
        }
    )
    keep(world, connection)


def deauthorise(world: World, connection: Connection, message: str) -> None:
    """The platform has taken the consent back: no more requests until somebody authorises again."""
    with world.unit():
        company = companies.company_of(world, connection["companyId"])
        note_error(world, connection, code="401", text="Unauthorized", message=message)
        if connection["status"] == "Linked":
            change_status(world, company, connection, "Deauthorized")


def remove(world: World, company: dict[str, Any], connection: Connection) -> None:
    """Delete a connection. Writes: call it in a unit of work."""
    _count_active(world, connection, connection["status"], "")
    records.drop(world, KIND, connection["id"], company=company["id"])
    tell(world, company, connection, "connection.deleted")


def _count_active(world: World, connection: Connection, before: str, after: str) -> None:
    """Companies with a linked accounting connection decide the daily quota."""
    counts = connection["sourceType"] == "Accounting"
    change = ((after == "Linked") - (before == "Linked")) * counts
    if change:
        world.put(records.SETTINGS, "active_companies", int(records.setting(world, "active_companies", 0)) + change)


def tell(world: World, company: dict[str, Any], connection: Connection, event: str) -> None:
    """Emit a connection's event. Writes: call it in a unit of work."""
    payload = {"referenceCompany": company_reference(company), "connection": shown(connection, link="")}
    emit(world, event, payload, company=company["id"])


# Consent


def consent_of(connection: Connection) -> Consent | None:
    """What the company's consent gave, if it stands."""
    kept = connection["consent"]
    return msgspec.convert(kept, Consent) if kept else None


def put_consent(connection: Connection, consent: Consent) -> None:
    """Set the consent on a connection that is about to be kept."""
    connection["consent"] = msgspec.to_builtins(consent)


def is_stale(consent: Consent, now: datetime) -> bool:
    """Whether the access token has run out by the clock."""
    return consent.access_expires is not None and consent.access_expires <= now


# Operations


def list_connections(call: Call) -> Response:
    company = companies.called(call)
    rows = [rendered(call, connection) for connection in of_company(call.world, company["id"])]
    return wire.page_reply(call, rows, what="Connection", nulls=False)


def create_connection(call: Call) -> Response:
    company = companies.called(call)
    body = wire.raw_body(call)
    if not isinstance(body, dict) or "platformKey" not in body:
        raise bad_request(BODY_MISSING)
    wanted = wire.parsed(body, ConnectionRequest)
    integration = integration_of(wanted.platformKey)
    listed = wanted.platformKey in FIRST_KEYS or not profiles.on(call.world, "platform_keys_six")
    if integration is None or not listed:
        raise not_valid(Item("platformKey", f"there is no integration {wanted.platformKey!r} here", "PlatformKey"))
    present = accounting_of(call.world, company["id"])
    if present is not None and present["status"] == "Linked":
        # Source: https://docs.codat.io/expenses/faq (a company has one accounting connection)
        raise bad_request(f"The company is connected to {present['platformName']} already: unlink or delete that first")
    with call.unit():
        connection = make(call.world, company, integration, status="PendingAuth")
        password = one_time.issue(call.world, connection["id"])
    shown = rendered(call, connection)
    return json_reply(wire.without_nulls({**shown, "linkUrl": f"{shown['linkUrl']}?otp={password}"}))


def get_connection(call: Call) -> Response:
    _, connection = called(call)
    return json_reply(wire.without_nulls(rendered(call, connection)))


def delete_connection(call: Call) -> Response:
    company, connection = called(call)
    with call.unit():
        remove(call.world, company, connection)
    return Response(200)


class UnlinkRequest(msgspec.Struct):
    status: str


def unlink_connection(call: Call) -> Response:
    company, connection = called(call)
    wanted = wire.parsed(wire.raw_body(call), UnlinkRequest)
    if wanted.status != "Unlinked":
        raise not_valid(Item("status", f"status can be set to Unlinked, not to {wanted.status[:40]!r}", "Status"))
    if connection["status"] != "Linked":
        raise bad_request(f"Only a Linked connection can be unlinked; this one is {connection['status']}")
    with call.unit():
        change_status(call.world, company, connection, "Unlinked")
    return json_reply(wire.without_nulls(rendered(call, connection)))


def create_partner_expense(call: Call) -> Response:
    company = companies.called(call)
    return json_reply(wire.without_nulls(rendered(call, partner_of(call, company))))


def partner_of(call: Call, company: dict[str, Any]) -> Connection:
    """The partner expense connection, made when there is none yet.

    Unconfirmed: whether a second call gives the same connection; it does here, so that a repeat makes no second one.
    """
    again = profiles.on(call.world, "partner_expense_again")
    for connection in of_company(call.world, company["id"]):
        if connection["sourceType"] == "Expense" and not again:
            return connection
    with call.unit():
        return make(call.world, company, partner_expense(), status="Linked")


def rendered(call: Call, connection: Connection) -> dict[str, Any]:
    """A connection as the hub shows it."""
    path = f"/companies/{connection['companyId']}/connections/{connection['id']}/start"
    return shown(connection, link=call.link(path, host="link-api.codat.io"))


def shown(connection: Connection, *, link: str) -> dict[str, Any]:
    """A connection with the given link, or the hub's public one."""
    path = f"https://link-api.codat.io/companies/{connection['companyId']}/connections/{connection['id']}/start"
    names = ("id", "integrationId", "sourceId", "sourceType", "platformName", "status", "lastSync", "created")
    body = {name: connection[name] for name in names}
    native = (connection["consent"] or {}).get("company")
    return body | {
        "integrationKey": connection["platformKey"],
        "linkUrl": link or path,
        "dataConnectionErrors": connection["errors"],
        "connectionInfo": {"companyId": native} if native else {},
    }
