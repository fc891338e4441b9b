"""Linking a platform that serves nothing: its user adds the hub to the program that polls, and the first poll links.

The hub gives out a file and a password; the user opens the file with the program and types the password in. Nothing is
known of the program but what the connector writes into that file.
"""

from __future__ import annotations

import base64
from typing import Any

from jinja2 import Environment, select_autoescape

from sandbooks.connector import Failure, File
from sandbooks.hub import companies, connections, errands, polling, records
from sandbooks.hub.browser import NoConsent
from sandbooks.hub.completing import linked, note_failure
from sandbooks.hub.errands import Awaiting, Parked, Work
from sandbooks.hub.errors import not_found
from sandbooks.hub.integrations import integration_of
from sandbooks.hub.native import INSIDE, Session, application
from sandbooks.hub.polling import HOST, LINK, LINK_RUN
from sandbooks.hub.records import HUB
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import companies as companies_of
from sandbooks.platform import AddsApplications, Platform
from sandbooks.wire import Response
from sandbooks.world import World

_PAGE = Environment(autoescape=select_autoescape(default=True)).from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Connect {{ name }}</title><style>
body{font:16px/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1c1f3b}
code{background:#eee;padding:.1rem .4rem;border-radius:4px}li{margin:.5rem 0}</style></head>
<body><h1>Connect {{ name }}</h1><p>{{ name }} is connected from the computer that it runs on.</p><ol data-steps>
<li>On that computer, open the company file and <a href="{{ file }}">download the connection file</a>.</li>
<li>Open the file, and allow the access that it asks for.</li>
<li>Type in this password: <code>{{ password }}</code></li>
<li>Let it run. The connection is ready after the first run.</li></ol></body></html>"""
)


def steps_page(call: Call, connection: dict[str, Any]) -> Response:
    """What the company's user has to do, with the file and the password."""
    path = f"/companies/{connection['companyId']}/connections/{connection['id']}/program"
    with call.unit():
        polling.ask_to_link(call.world, connection)
    body = _PAGE.render(
        name=connection["platformName"],
        file=call.link(path, host=HOST),
        password=polling.password(call.world, connection),
    )
    return Response(200, (("Content-Type", "text/html; charset=utf-8"),), body.encode("utf-8"))


def program_file(call: Call) -> Response:
    """The file to add the hub with; with ``Accept: application/json`` also what to type in."""
    _, connection = connections.called(call)
    if polling.polled(connection) is None:
        raise not_found(f"{connection['platformName']} is not connected by a program of its own")
    address = call.link(polling.address("", connection), host=HOST)
    file = _introduced(call.world, connection, address)
    if "application/json" in call.header("Accept"):
        shown = {
            "url": address,
            "userName": polling.program(call.world, connection, url=address).user,
            "password": polling.password(call.world, connection),
            "fileName": file.name,
            "file": base64.b64encode(file.content).decode(),
        }
        return json_reply(shown)
    named = ("Content-Disposition", f'attachment; filename="{file.name}"')
    return Response(200, (("Content-Type", file.content_type), named), file.content)


def _introduced(world: World, connection: dict[str, Any], address: str) -> File:
    """The file for an address; from now on it rings when there is something to fetch."""
    connector = polling.polled(connection)
    if connector is None:
        raise LookupError(f"connection {connection['id']} is to no platform that is polled for")
    with world.unit():
        errands.hang(world, connection["id"], address)
        polling.ask_to_link(world, connection)
    return connector.introduction(polling.program(world, connection, url=address))


def add(world: World, connection: dict[str, Any], *, company: str, awaited: bool = True) -> None:
    """Do what the company's user would do, and let the program run once, which may be ``awaited``.

    Raises ``NoConsent``.
    """
    integration = integration_of(connection["platformKey"])
    platform = integration.platform if integration else None
    if platform is None:
        raise NoConsent("this connection is to no accounting platform")
    file = _introduced(world, connection, polling.address(f"{INSIDE}/{HUB}", connection))
    _person(platform, world, company, file, password=polling.password(world, connection))
    if not awaited:
        return
    world.jobs.run_due()
    fresh = connections.connection_of(world, connection["companyId"], connection["id"])
    if fresh["status"] != "Linked":
        said = fresh["errors"][-1]["errorMessage"] if fresh["errors"] else "the program did not come"
        raise NoConsent(f"{platform.title} was not linked: {said}")
    connection.update(fresh)


def _person(platform: Platform, world: World, company: str, file: File, *, password: str) -> None:
    native = next((held for held in companies_of(world, platform.name) if company in ("", held.id)), None)
    person = platform.load_bookkeeper()
    if native is None or not isinstance(person, AddsApplications):
        raise NoConsent(f"there is no company {company!r} whose user could add an application")
    with world.unit():
        person.add_application(native, file.content, password=password)


def carry_link(world: World, body: dict[str, Any]) -> None:
    """The job: find out in the program's session which native company this is, and link it."""
    connection = records.get(world, connections.KIND, body["connection"], company=body["company"])
    key = f"{LINK}{body['connection']}"
    if connection is None or not polling.is_linkable(world, connection):
        with world.unit():
            errands.forget(world, body["connection"], begins=key)
        return
    session = Session(world, connection)
    known = polling.program(world, connection, url="")
    steps = session.connector.exchange_code(
        application(world, session.platform),
        {"owner": known.owner, "company": known.company},
        now=world.clock.now(),
    )
    try:
        consent = session.run(steps, work=Work(key, LINK_RUN, body))
    except (Awaiting, Parked):
        return
    except Failure as failure:
        note_failure(world, companies.company_of(world, body["company"]), connection, code="403", text=failure.message)
    else:
        linked(world, connection, consent)
    with world.unit():
        errands.forget(world, body["connection"], begins=key)
