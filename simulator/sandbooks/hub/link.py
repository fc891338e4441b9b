"""Link: how a company's user ties the company to its accounting platform, in a browser or without one.

The page asks, then walks the platform's own consent page over HTTP and exchanges what comes back. Nothing is known of
the platform but its connector. Source: https://docs.codat.io/auth-flow (hosted Link, redirects and their placeholders).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, select_autoescape

from sandbooks.connector import Asked, AsksCredentials, Consent, Failure, Refused
from sandbooks.hub import browser, companies, connections, one_time, programs, records, wire
from sandbooks.hub.completing import complete, linked, note_failure
from sandbooks.hub.errors import Item, bad_request, not_valid
from sandbooks.hub.integrations import connector_of, integration_of, integrations
from sandbooks.hub.native import INSIDE, Parked, Session, application
from sandbooks.hub.polling import HOST, polled
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import companies as companies_of
from sandbooks.platform import Platform
from sandbooks.wire import Request, Response
from sandbooks.world import World

STATES = "codat/link"
CALLBACK = "/link/callback"

_ENVIRONMENT = Environment(autoescape=select_autoescape(default=True))
_PAGE = _ENVIRONMENT.from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><style>
body{font:16px/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1c1f3b}
button{font:inherit;padding:.5rem 1.25rem;margin:.25rem .25rem .25rem 0;border-radius:6px;border:1px solid #888;
background:#fff;cursor:pointer}label{display:block;margin:.5rem 0}input{font:inherit;display:block;width:100%}
.go{background:#3a2bd9;color:#fff;border-color:#3a2bd9}</style></head>
<body><h1>{{ title }}</h1><p>{{ text }}</p>{% if form %}<form method="post">
{% for field in asked %}<label>{{ field.label }}<input name="{{ field.name }}" autocomplete="off"
type="{{ 'password' if field.secret else 'text' }}"></label>
{% endfor %}
{% for value, label in choices %}<p><button class="go" name="choice" value="{{ value }}">{{ label }}</button></p>
{% endfor %}<p><button name="choice" value="cancel">Cancel</button></p></form>{% endif %}</body></html>"""
)


def _page(
    status: int,
    title: str,
    text: str,
    choices: list[tuple[str, str]] | None = None,
    *,
    asked: Sequence[Asked] = (),
) -> Response:
    body = _PAGE.render(title=title, text=text, choices=choices or [], form=choices is not None, asked=asked)
    return Response(status, (("Content-Type", "text/html; charset=utf-8"),), body.encode("utf-8"))


# Pages


def start_page(call: Call) -> Response:
    """What the link URL shows: the platform, with a button to go there and one to cancel; or the steps to take where
    the platform has no page."""
    company, connection = connections.called(call)
    answer = _not_now(call, company, connection)
    if answer is None and polled(connection):
        return programs.steps_page(call, connection)
    return answer or _asking(company, connection)


def _not_now(call: Call, company: dict[str, Any], connection: dict[str, Any]) -> Response | None:
    """Why there is nothing to ask: the link has expired, is linked already, or leads to no platform. None: go on."""
    if not one_time.holds(call, connection["id"]):
        return _page(410, "This link has expired", "Go back to the application and ask for a new one.")
    if connection["status"] == "Linked":
        return _back(call, company, connection, code=201, text="Already linked", message="")
    if integration_of(connection["platformKey"]) is None:
        text = f"{connection['platformName']} needs no authorisation"
        return _back(call, company, connection, code=501, text="Not supported", message=text)
    return None


def _asking(
    company: Mapping[str, Any], connection: Mapping[str, Any], *, status: int = 200, said: str = ""
) -> Response:
    """The page that asks; what a platform without a consent page of its own needs to know is typed in here."""
    name = connection["platformName"]
    asks = said or f"{company['name']} will share its books in {name} with this application."
    return _page(status, f"Connect {name}", asks, [("approve", f"Connect {name}")], asked=_asked(connection))


def _asked(connection: Mapping[str, Any]) -> Sequence[Asked]:
    """What the user types in on our own page; nothing where the platform asks by itself."""
    integration = integration_of(connection["platformKey"])
    if integration is None or integration.platform is None:
        return ()
    connector = connector_of(integration.platform)
    return connector.asked if isinstance(connector, AsksCredentials) else ()


def start_choice(call: Call) -> Response:
    """The button that was pressed on the link page."""
    company, connection = connections.called(call)
    answer = _not_now(call, company, connection)
    if answer is not None:
        return answer
    if call.readable_form.get("choice") != "approve":
        return _cancelled(call, company, connection)
    if polled(connection):
        return programs.steps_page(call, connection)
    asked = _asked(connection)
    if asked:
        return _typed(call, company, connection, {field.name: _as_typed(call, field) for field in asked})
    return _to_platform(call, connection)


def _as_typed(call: Call, field: Asked) -> str:
    """What stands in a field; blanks around it are a slip, but may belong to a secret."""
    text = call.readable_form.get(field.name, "")
    return text if field.secret else text.strip()


def _typed(call: Call, company: dict[str, Any], connection: dict[str, Any], params: Mapping[str, str]) -> Response:
    """Sign in with what was typed; a refusal asks again, in the platform's words."""
    try:
        complete(call.world, connection, params, redirect_uri=call.link(CALLBACK, host=HOST))
    except Refused as refused:
        note_failure(call.world, company, connection, code="403", text=refused.message)
        return _asking(company, connection, status=403, said=refused.message)
    except (Failure, Parked) as failure:
        return _failed(call, company, connection, failure)
    with call.unit():
        one_time.spend(call, connection["id"])
    return _back(call, company, connection, code=200, text="Success", message="")


def choose_page(call: Call) -> Response:
    """What a company's own link shows: the platforms to choose from."""
    company = companies.called(call)
    offered = [(found.key, found.name) for found in integrations()]
    return _page(200, f"Connect {company['name']}", "Which accounting software do you use?", offered)


def choice(call: Call) -> Response:
    """The platform that was chosen: a connection to it, and on to its consent page."""
    company = companies.called(call)
    integration = integration_of(call.readable_form.get("choice", ""))
    if integration is None:
        return _page(200, "Cancelled", "Nothing was connected. You can close this page.")
    present = connections.accounting_of(call.world, company["id"])
    if present is not None and present["status"] == "Linked":
        return _back(call, company, present, code=201, text="Already linked", message="")
    with call.unit():
        connection = connections.make(call.world, company, integration, status="PendingAuth")
    if _asked(connection) or polled(connection):
        path = f"/companies/{company['id']}/connections/{connection['id']}/start"
        query = f"?{call.request.query}" if call.request.query else ""
        return Response(302, (("Location", call.link(path, host=HOST) + query),))
    return _to_platform(call, connection)


def _to_platform(call: Call, connection: dict[str, Any]) -> Response:
    platform = _platform(connection)
    session = Session(call.world, connection)
    redirect = call.link(CALLBACK, host=HOST)
    custom = _custom(call)
    with call.unit():
        one_time.spend(call, connection["id"])
        state = call.world.ids.token("codat/state", length=32)
        kept = {"connection": connection["id"], "company": connection["companyId"], "custom": custom}
        call.world.put(STATES, state, kept)
    path = session.connector.consent_path(application(call.world, platform, redirect_uri=redirect), state=state)
    base = connection["bases"].get("consent") or _seen_from_outside(call, session)
    return Response(302, (("Location", base + path),))


def _seen_from_outside(call: Call, session: Session) -> str:
    """Where the user's browser finds the platform: its own host names, or this server's prefix."""
    if call.exchange.surface_by_host:
        return session.connector.bases["consent"]
    return f"{call.exchange.base_url.rpartition('/')[0]}/{session.platform.name}"


def _platform(connection: Mapping[str, Any]) -> Platform:
    integration = integration_of(connection["platformKey"])
    if integration is None or integration.platform is None:
        raise bad_request("This connection needs no authorisation.")
    return integration.platform


def callback(call: Call) -> Response:
    """Where the platform's consent page sends the user back to."""
    kept = call.world.get(STATES, call.query.get("state", ""))
    connection = kept and records.get(call.world, connections.KIND, kept["connection"], company=kept["company"])
    if not connection:
        return _page(400, "This link has expired", "Go back to the application and begin again.")
    company = companies.company_of(call.world, kept["company"])
    with call.unit():
        call.world.put(STATES, call.query["state"], None)
    if "error" in call.query:
        return _cancelled(call, company, connection, custom=kept["custom"])
    redirect = call.link(CALLBACK, host=HOST)
    try:
        complete(call.world, connection, call.query.to_dict(), redirect_uri=redirect)
    except (Failure, Parked) as failure:
        return _failed(call, company, connection, failure, custom=kept["custom"])
    return _back(call, company, connection, code=200, text="Success", message="", custom=kept["custom"])


def _failed(
    call: Call,
    company: dict[str, Any],
    connection: dict[str, Any],
    failure: Failure | Parked,
    *,
    custom: Mapping[str, str] | None = None,
) -> Response:
    text = failure.message if isinstance(failure, Failure) else "The platform asks to wait."
    note_failure(call.world, company, connection, code="500", text=text)
    return _back(call, company, connection, code=500, text="Error", message=text, custom=custom)


def _cancelled(
    call: Call, company: dict[str, Any], connection: dict[str, Any], *, custom: Mapping[str, str] | None = None
) -> Response:
    text = "User cancelled linking"
    with call.unit():
        one_time.spend(call, connection["id"])
    note_failure(call.world, company, connection, code="403", text=text)
    return _back(call, company, connection, code=403, text="User cancelled", message=text, custom=custom)


def _back(
    call: Call,
    company: dict[str, Any],
    connection: dict[str, Any],
    *,
    code: int,
    text: str,
    message: str,
    custom: Mapping[str, str] | None = None,
) -> Response:
    """To the application's redirect URL with its placeholders filled, or a page that says how it went."""
    url = records.setting(call.world, "redirect_url", "")
    if not url:
        good = code in (200, 201)
        told = "You can close this page." if good else (message or text)
        return _page(200, "Connected" if good else "Not connected", told)
    facts = {
        "clientId": call.world.ids.fixed_uuid("codat/client"),
        "connectionId": connection["id"],
        "companyId": company["id"],
        "integrationId": connection["integrationId"],
        "sourceId": connection["sourceId"],
        "platform": connection["platformKey"],
        "platformName": connection["platformName"],
        "sourceType": connection["sourceType"],
        "statusCode": str(code),
        "statusText": text,
        "errorMessage": message,
        "data.company.companyName": company["name"],
    }
    given = custom if custom is not None else _custom(call)
    return Response(302, (("Location", filled(url, {**given, **facts})),))


def _custom(call: Call) -> dict[str, str]:
    """Parameters of the application's own on the link, which come back on the redirect."""
    return {name: value for name, value in one_time.parameters(call).items() if name != "otp"}


def filled(url: str, facts: Mapping[str, str]) -> str:
    """A redirect URL with ``{placeholder}`` replaced, url-encoded; what is unknown becomes empty.

    >>> filled("https://app.example/?c={companyId}&s={statusCode}&x={other}", {"companyId": "1", "statusCode": "200"})
    'https://app.example/?c=1&s=200&x='
    """
    return re.sub(r"\{([\w.]+)\}", lambda m: urlencode({"": facts.get(m[1], "")})[1:], url)


# Without a person


def authorize(world: World, connection_id: str, *, company: str = "", awaited: bool = True) -> None:
    """Authorise a connection without a person: the platform's own consent page, over the wire, answered with yes.

    ``company`` is the native company to choose; where the platform has no such page, its credentials as the world's
    own are typed in, or the hub is added to the program that polls; where that is not ``awaited``, a job that is due
    at once lets the program come. Raises ``browser.NoConsent`` or a connector's ``Failure``.
    """
    owner = connections.company_of_connection(world, connection_id)
    connection = connections.connection_of(world, owner, connection_id)
    if polled(connection):
        programs.add(world, connection, company=company, awaited=awaited)
        return
    session = Session(world, connection)
    redirect = f"https://{HOST}{CALLBACK}"
    asked = _asked(connection)
    if asked:
        params = _credentials(world, session.platform, asked, company=company)
        complete(world, connection, params, redirect_uri=redirect, company=company)
        return
    with world.unit():
        state = world.ids.token("codat/state", length=32)
    registered = application(world, session.platform, redirect_uri=redirect)
    path = session.connector.consent_path(registered, state=state)

    def send(request: Request) -> Any:
        return world.call(request, actor="hub")

    url = f"{INSIDE}/{session.platform.name}{path}"
    params = browser.consent(send, url, until=redirect, company=company)
    if params.get("state") != state:
        raise browser.NoConsent("the consent page gave back another state")
    complete(world, connection, params, redirect_uri=redirect, company=company)


def _credentials(world: World, platform: Platform, asked: Sequence[Asked], *, company: str) -> dict[str, str]:
    """What a user of the native company would type in."""
    found = next((held for held in companies_of(world, platform.name) if company in ("", held.id)), None)
    if found is None:
        raise browser.NoConsent(f"there is no company {company!r} to sign in to")
    with world.unit():
        known = platform.load_seed().credentials(world, found)
    return {field.name: known[field.name] for field in asked}


# Names under which applications keep what they bring along. Unconfirmed: which names the real service reads; the
# published schema is an open object of texts.
_ACCESS = ("accesstoken",)
_REFRESH = ("refreshtoken",)
_COMPANY = ("companyid", "realmid", "tenantid", "organisationid", "organizationid", "accountid", "subdomain")


def put_authorization(call: Call) -> Response:
    """Credentials obtained elsewhere become the connection's consent.

    Tokens with the native company; a refresh token alone is exchanged at once; where the platform has no consent page,
    what its user would type in; where a program polls, the hub is added to it for ``companyId``.
    """
    _, connection = connections.called(call)
    _platform(connection)
    body = wire.raw_body(call)
    given = wire.parsed(body, dict[str, Any])
    facts = wire.parsed(given.pop("facts", None) or {}, dict[str, str], at="body.facts")
    texts = wire.parsed(given, dict[str, str])
    try:
        asked = _asked(connection)
        if polled(connection):
            company = next((text for name, text in texts.items() if name.lower() in _COMPANY), "")
            programs.add(call.world, connection, company=company)
        elif asked:
            params = {field.name: texts.get(field.name, "") for field in asked}
            complete(call.world, connection, params, redirect_uri=f"https://{HOST}{CALLBACK}")
        else:
            linked(call.world, connection, _brought(call.world, connection, texts, facts))
    except browser.NoConsent as failure:
        raise bad_request(f"The platform does not let the hub in: {failure}") from failure
    except (Failure, Parked) as failure:
        text = failure.message if isinstance(failure, Failure) else "The platform asks to wait."
        raise bad_request(f"The platform does not take these credentials: {text}") from failure
    return json_reply(wire.without_nulls(connections.rendered(call, connection)))


def _brought(world: World, connection: dict[str, Any], texts: Mapping[str, str], facts: Mapping[str, str]) -> Consent:
    """The consent that was brought along. Raises a 400, or a connector's ``Failure`` when its refresh is refused."""
    plain = {name.replace("_", "").lower(): value for name, value in texts.items()}

    def first(names: Sequence[str]) -> str:
        return next((plain[name] for name in names if plain.get(name)), "")

    access, refresh, company = first(_ACCESS), first(_REFRESH), first(_COMPANY)
    if not company or not (access or refresh):
        raise not_valid(Item("body", "companyId and one of accessToken and refreshToken are not empty", "Required"))
    known = {*_ACCESS, *_REFRESH, *_COMPANY}
    more = {name: value for name, value in texts.items() if name.replace("_", "").lower() not in known}
    consent = Consent(company=company, access_token=access, refresh_token=refresh, facts={**more, **facts})
    if access:
        return consent
    session = Session(world, connection)
    fresh = session.connector.refresh(application(world, session.platform), consent, now=world.clock.now())
    return session.run(fresh)
