"""Where a program that polls calls the hub: it signs in, fetches requests one at a time and brings their answers.

The words of the calls are the connector's; what is fetched are the errands of the connection, in their order. Every
answer is durable before it is acknowledged, and its operation goes on at once, so that the next request is there when
the program asks for it.
"""

from __future__ import annotations

import hmac
from typing import Any

from sandbooks.connector import Heard, NeedsConsent, Polled, Program, Refused, Told
from sandbooks.hub import connections, errands, records
from sandbooks.hub.errands import SESSIONS, Errand
from sandbooks.hub.errors import not_found
from sandbooks.hub.integrations import connector_of, integration_of
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.platform import load
from sandbooks.wire import Cut, Response
from sandbooks.world import World

HOST = "link-api.codat.io"
PLACE = "/poll/"
EVERY_SECONDS = 5
NAME = "Expense sync"
LINK = "link/"
LINK_RUN = "sandbooks.hub.programs:carry_link"

Connection = dict[str, Any]


# What the program is told to begin with


def program(world: World, connection: Connection, *, url: str) -> Program:
    """What the program of a connection needs to know, its password aside."""
    return Program(
        url=url,
        user=f"hub-{connection['id'][:8]}",
        owner=world.ids.fixed_uuid("codat/poller"),
        company=connection["id"],
        name=f"{NAME} {connection['id'][:8]}",
        every_seconds=int(records.setting(world, "poll_seconds", EVERY_SECONDS)),
    )


def password(world: World, connection: Connection) -> str:
    """What the company's user types into the program."""
    return world.ids.fixed_token(f"codat/poller/{connection['id']}", length=16)


def polled(connection: Connection) -> Polled | None:
    """The connector of a connection whose platform is polled for; None for any other."""
    integration = integration_of(connection["platformKey"])
    if integration is None or integration.platform is None:
        return None
    connector = connector_of(integration.platform)
    return connector if isinstance(connector, Polled) else None


# Linking


def ask_to_link(world: World, connection: Connection) -> None:
    """Somebody wants the connection linked: an unlinked one is linked by the next session.

    Writes: call it in a unit of work.
    """
    world.put(connections.LINK_ASKED, connection["id"], True)


def is_linkable(world: World, connection: Connection) -> bool:
    """Whether a session links the connection. A program that goes on polling is no reason to link what was unlinked."""
    if connection["status"] == "Unlinked":
        return world.get(connections.LINK_ASKED, connection["id"]) is not None
    return connection["status"] in ("PendingAuth", "Deauthorized")


# The service


def about(call: Call) -> Response:
    """What a browser sees at the address that the program polls."""
    _called(call)
    text = "This address is for the program beside your accounting software, which polls it."
    return Response(200, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())


def poll(call: Call) -> Response:
    """One call of the program."""
    connection, connector = _called(call)
    try:
        heard = connector.heard(call.body)
    except UnreadableBody as error:
        return connector.misheard(Refused(str(error)))
    except Refused as refused:
        return connector.misheard(refused)
    call.exchange.company = connection["companyId"]
    return connector.told(heard, _reply(call.world, connection, heard))


def _called(call: Call) -> tuple[Connection, Polled]:
    id = call.args["connection_id"]
    owner = call.world.get("codat/connections", id)
    found = records.get(call.world, connections.KIND, id, company=str(owner)) if owner else None
    connector = polled(found) if found else None
    if found is None or connector is None:
        raise not_found(f"Data connection {id} not found")
    return found, connector


def _reply(world: World, connection: Connection, heard: Heard) -> Told:
    match heard.word:
        case "greeting":
            return Told()
        case "sign_in":
            return _sign_in(world, connection, heard)
    session = world.get(SESSIONS, connection["id"])
    if session is None or session["ticket"] != heard.ticket:
        return Told(text="This session has ended.")
    match heard.word:
        case "fetch":
            return _fetch(world, connection, session)
        case "answer":
            return _answered(world, connection, session, heard)
        case "trouble":
            return _trouble(world, connection, session, heard)
        case "last_error":
            return Told(text=session["error"])
        case _:
            _end(world, connection, session)
            return Told(text=session["error"] or "OK")


def _sign_in(world: World, connection: Connection, heard: Heard) -> Told:
    """A session begins; what an earlier one fetched and never answered is answered by nobody."""
    asked = program(world, connection, url="").user
    known = hmac.compare_digest(heard.password.encode(), password(world, connection).encode())
    if heard.user != asked or not known:
        return Told(state="refused")
    _abandon(world, connection)
    with world.unit():
        ticket = world.ids.uuid("codat/polling")
        world.put(SESSIONS, connection["id"], {"ticket": ticket, "done": 0, "error": ""})
    _begin_link(world, connection)
    if _waiting(world, connection):
        return Told(ticket=ticket)
    with world.unit():
        world.put(SESSIONS, connection["id"], None)
    return Told(ticket=ticket, state="none")


def _abandon(world: World, connection: Connection) -> None:
    """End the session that stands, if one does."""
    with world.unit():
        world.put(SESSIONS, connection["id"], None)
    for errand in errands.of_connection(world, connection["id"]):
        if errand.state == "out":
            errands.answered(world, connection["id"], errand, Cut("closed"))
        elif errand.state == "answered":
            errands.carried_on(world, errand)


def _begin_link(world: World, connection: Connection) -> None:
    """A connection that is not linked is linked by the first session."""
    if is_linkable(world, _fresh(world, connection)):
        load(LINK_RUN)(world, {"company": connection["companyId"], "connection": connection["id"]})


def _fresh(world: World, connection: Connection) -> Connection:
    return connections.connection_of(world, connection["companyId"], connection["id"])


def _waiting(world: World, connection: Connection) -> list[Errand]:
    """The errands that can be fetched now: none but the link's own before the connection is linked."""
    fresh = _fresh(world, connection)
    open_ = [errand for errand in errands.of_connection(world, connection["id"]) if errand.state == "waiting"]
    if fresh["status"] == "Linked":
        return open_
    return [errand for errand in open_ if errand.key.startswith(LINK)] if is_linkable(world, fresh) else []


def _fetch(world: World, connection: Connection, session: dict[str, Any]) -> Told:
    waiting = _waiting(world, connection)
    if not waiting:
        return Told()
    first = waiting[0]
    with world.unit():
        out = {**first.row(), "state": "out", "ticket": session["ticket"]}
        errands.keep(world, connection["id"], Errand(key=first.key, **out))
    return Told(document=first.document.encode("utf-8"))


def _answered(world: World, connection: Connection, session: dict[str, Any], heard: Heard) -> Told:
    """Keep the answer, let its operation go on, and say how much is left: 100 ends the session."""
    for errand in errands.of_connection(world, connection["id"]):
        if errand.state == "out" and errand.ticket == session["ticket"] and heard.answer is not None:
            errands.answered(world, connection["id"], errand, heard.answer)
            break
    left = len(_waiting(world, connection))
    done = session["done"] + 1
    with world.unit():
        world.put(SESSIONS, connection["id"], {**session, "done": done})
    return Told(percent=100 if not left else min(99, 100 * done // (done + left)))


def _trouble(world: World, connection: Connection, session: dict[str, Any], heard: Heard) -> Told:
    """The program could not reach the company file: nothing was fetched."""
    failure = heard.failure
    text = failure.message if failure is not None else "The accounting software could not be reached."
    with world.unit():
        world.put(SESSIONS, connection["id"], {**session, "error": text})
    if isinstance(failure, NeedsConsent) and _fresh(world, connection)["status"] == "Linked":
        connections.deauthorise(world, _fresh(world, connection), text)
        for errand in errands.of_connection(world, connection["id"]):
            errands.carried_on(world, errand)
    return Told()


def _end(world: World, connection: Connection, session: dict[str, Any]) -> None:
    """The session is over; what came up in the meantime calls the program again."""
    _abandon(world, connection)
    if _waiting(world, connection) and not session["error"]:
        with world.unit():
            errands.ring(world, connection["id"])


def address(base: str, connection: Connection) -> str:
    """Where the program of a connection polls, below the hub's own address."""
    return f"{base}{PLACE}{connection['id']}"
