"""The end of linking: the consent stands, the connection is linked, its first read begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.connector import Consent
from sandbooks.hub import companies, connections, data
from sandbooks.hub.errands import session_is_open
from sandbooks.hub.native import Session, application
from sandbooks.hub.platform.sync_settings import first_read, schedule
from sandbooks.hub.syncs import rows
from sandbooks.world import World


def complete(
    world: World, connection: dict[str, Any], params: Mapping[str, str], *, redirect_uri: str, company: str = ""
) -> None:
    """Exchange what the consent page gave back and mark the connection linked. Raises a connector's ``Failure``."""
    session = Session(world, connection)
    registered = application(world, session.platform, redirect_uri=redirect_uri)
    steps = session.connector.exchange_code(registered, params, now=world.clock.now(), company=company)
    linked(world, connection, session.run(steps))


def linked(world: World, connection: dict[str, Any], consent: Consent) -> None:
    """A consent stands: the connection is linked, its first read queued, waiting syncs go on.

    A program that is here to fetch requests finds those of the first read at once.
    """
    company = companies.company_of(world, connection["companyId"])
    with world.unit():
        fresh = connections.connection_of(world, company["id"], connection["id"])
        connections.put_consent(fresh, consent)
        fresh["not_before"] = 0
        connections.change_status(world, company, fresh, "Linked")
        kept = data.types_of(fresh)
        wanted = tuple(name for name in first_read(world, company["id"]) if name in kept)
        pulls = data.queue(world, company["id"], fresh["id"], wanted, initial=True)
        schedule(world, company["id"])
        rows.resume(world, company["id"])
    connection.update(fresh)
    if session_is_open(world, fresh["id"]):
        data.pull(world, {"company": company["id"], "pulls": pulls, "initial": True, "parks": 0})


def note_failure(world: World, company: dict[str, Any], connection: dict[str, Any], *, code: str, text: str) -> None:
    """Remember that linking failed, and tell."""
    with world.unit():
        connections.note_error(world, connection, code=code, text=text, message=text)
        connections.tell(world, company, connection, "connection.failed")
