"""Sign-in: OAuth 2 with an authorisation code, and refresh tokens that give way to their successors.

A browser sees a page that asks; any other client is taken as consenting, so that sign-in can be scripted.
Source: https://dev.freeagent.com/docs/oauth
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import Any

from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.company import Company, companies
from sandbooks.kit.redirects import is_web_address, redirect_location
from sandbooks.kit.tokens import Grant, Token, Tokens, basic_credentials
from sandbooks.platforms.freeagent.access import PLATFORM, REFRESHES, draw
from sandbooks.platforms.freeagent.refusals import InvalidClient, InvalidGrant, Malformed, UnsupportedGrant
from sandbooks.wire import Response
from sandbooks.world import World

CODE_LIFETIME = timedelta(minutes=15)
ACCESS_LIFETIME = timedelta(hours=1)
REFRESH_LIFETIME = timedelta(seconds=631151957)
ROTATIONS = ("on_use", "at_once", "never")


def approve_page(call: Call) -> Response:
    """``GET /v2/approve_app``: the consent page for a browser, consent itself for a script."""
    asked = _asked(call, dict(call.query.items()))
    decision = call.query.get("decision") or ""
    if decision or "text/html" not in call.header("Accept"):
        return _decide(call, asked, decision or "approve", call.query.get("company") or "")
    return Response(200, (("Content-Type", "text/html; charset=utf-8"),), _page(call, asked).encode())


def approve(call: Call) -> Response:
    """``POST /v2/approve_app``: what the page's form sends."""
    form = dict(call.readable_form.items())
    return _decide(call, _asked(call, form), form.get("decision", ""), form.get("company", ""))


def _asked(call: Call, given: dict[str, str]) -> dict[str, str]:
    """The request for consent. Raises ``Malformed``, as there is nowhere safe to send the browser."""
    client_id, _ = Tokens(call.world, PLATFORM).client()
    if given.get("client_id") != client_id:
        raise Malformed("Unknown client_id")
    if given.get("response_type", "code") != "code":
        raise Malformed("response_type must be code")
    if not is_web_address(given.get("redirect_uri", "")):
        raise Malformed("redirect_uri is missing or not an http address")
    return {name: given.get(name, "") for name in ("client_id", "redirect_uri", "state")}


def _page(call: Call, asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in asked.items())
    offered = "".join(
        f'<label><input type="radio" name="company" value="{escape(c.id)}"{" checked" if not n else ""}> '
        f"{escape(c.name)}</label><br>"
        for n, c in enumerate(companies(call.world, PLATFORM))
    )
    return (
        "<!doctype html><title>Approve this application</title><h1>Approve this application</h1>"
        "<p>It asks for access to one of these companies.</p>"
        f'<form method="post" action="{escape(call.link("/v2/approve_app"))}">{hidden}{offered}'
        '<button name="decision" value="approve">Approve</button> '
        '<button name="decision" value="cancel">Cancel</button></form>'
    )


def _decide(call: Call, asked: dict[str, str], decision: str, chosen: str) -> Response:
    state = {"state": asked["state"]} if asked["state"] else {}
    if decision != "approve":
        return _redirect(asked["redirect_uri"], {"error": "access_denied", **state})
    company = _chosen(call.world, chosen)
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        grant = tokens.new_grant(
            client_id=asked["client_id"], scopes=(), companies=(company.id,), user=owner_of(company)
        )
        code = tokens.issue("code", grant, lifetime=CODE_LIFETIME, facts={"redirect_uri": asked["redirect_uri"]})
    return _redirect(asked["redirect_uri"], {"code": code.value, **state})


def _chosen(world: World, id: str) -> Company:
    offered = companies(world, PLATFORM)
    found = [company for company in offered if company.id == id] if id else offered
    if not found:
        raise Malformed("There is no such company to approve for")
    return found[0]


def owner_of(company: Company) -> str:
    """The user who gives consent: the first of the company."""
    return next(iter(company.records.scan("user"))).id


def _redirect(uri: str, members: dict[str, str]) -> Response:
    return Response(302, (("Location", redirect_location(uri, members)),))


# Tokens


def token_endpoint(call: Call) -> Response:
    """``POST /v2/token_endpoint``: parameters in the body as a form or as JSON, or in the query."""
    given = _parameters(call)
    client_id = _check_client(call, given)
    kind = given.get("grant_type", "")
    if kind == "authorization_code":
        return _by_code(call, given, client_id)
    if kind == "refresh_token":
        return _by_refresh(call, given, client_id)
    raise UnsupportedGrant(kind[:100])


def _parameters(call: Call) -> dict[str, str]:
    # Source: https://api-discuss.freeagent.com (parameters in the query string), https://dev.freeagent.com/docs/oauth
    # (Content-Type application/json over a form-encoded body)
    found = dict(call.query.items())
    try:
        body: Any = call.json() if call.body[:1] == b"{" else dict(call.form.items())
    except (MalformedJson, UnreadableBody):
        return found  # a body that cannot be parsed carries no parameters
    if isinstance(body, dict):
        found |= {name: value for name, value in body.items() if isinstance(value, str)}
    return found


def _check_client(call: Call, given: dict[str, str]) -> str:
    header = call.header("Authorization")
    named = basic_credentials(header)
    expected = Tokens(call.world, PLATFORM).client()
    if header.lower().startswith("basic"):
        if named != expected:
            raise InvalidClient(basic=True)
    elif (given.get("client_id", ""), given.get("client_secret", "")) != expected:
        raise InvalidClient(basic=False)
    return expected[0]


def _by_code(call: Call, given: dict[str, str], client_id: str) -> Response:
    tokens = Tokens(call.world, PLATFORM)
    code = tokens.find("code", given.get("code", ""))
    if code is None or not code.is_live(call.world.clock.now()) or code.grant.client_id != client_id:
        raise InvalidGrant("The authorization code is invalid or has expired")
    named = given.get("redirect_uri")
    if named is not None and named != code.facts.get("redirect_uri"):
        raise InvalidGrant("The redirect_uri does not match")
    with call.unit():
        tokens.spend(code)
        answer = _issue(tokens, code.grant)
    return json_reply(answer, headers=(("Cache-Control", "no-store"),))


def _by_refresh(call: Call, given: dict[str, str], client_id: str) -> Response:
    tokens = Tokens(call.world, PLATFORM)
    refresh = tokens.find("refresh", given.get("refresh_token", ""))
    if refresh is None or not refresh.is_live(call.world.clock.now()) or refresh.grant.client_id != client_id:
        raise InvalidGrant("The refresh token is invalid or has expired")
    draw(call, f"{client_id}/{refresh.grant.user}", REFRESHES)
    with call.unit():
        rotation = _rotation(call.world, refresh)
        if rotation == "never":
            answer = _issue(tokens, refresh.grant, keep=refresh)
        else:
            answer = _issue(tokens, refresh.grant, before=refresh)
            _retire(tokens, refresh, at_once=rotation == "at_once")
    return json_reply(answer, headers=(("Cache-Control", "no-store"),))


def _rotation(world: World, refresh: Token) -> str:
    # Unconfirmed: when a refresh token that has been used stops working. The default, "on_use", lets it live until its
    # successor is used for the first time; a company's setting "refresh_rotation" chooses another.
    for company in companies(world, PLATFORM):
        if company.id in refresh.grant.companies:
            return str(company.settings.get("refresh_rotation", ROTATIONS[0]))
    return ROTATIONS[0]


def _retire(tokens: Tokens, refresh: Token, *, at_once: bool) -> None:
    if at_once:
        tokens.spend(refresh)
    before = tokens.find("refresh", str(refresh.facts.get("before", "")))
    if before is not None and before.expires is not None:
        tokens.spend(before)


def _issue(tokens: Tokens, grant: Grant, *, before: Token | None = None, keep: Token | None = None) -> dict[str, Any]:
    access = tokens.issue("access", grant, lifetime=ACCESS_LIFETIME)
    facts = {"before": before.value} if before else {}
    refresh = keep or tokens.issue("refresh", grant, lifetime=REFRESH_LIFETIME, facts=facts)
    return {
        "access_token": access.value,
        "token_type": "bearer",
        "expires_in": ACCESS_LIFETIME // timedelta(seconds=1),
        "refresh_token": refresh.value,
        "refresh_token_expires_in": REFRESH_LIFETIME // timedelta(seconds=1),
    }


def sign_in(world: World, company: Company) -> dict[str, str]:
    """Fresh credentials without a browser. Called inside a unit of work."""
    tokens = Tokens(world, PLATFORM)
    client_id, client_secret = tokens.client()
    grant = tokens.new_grant(client_id=client_id, scopes=(), companies=(company.id,), user=owner_of(company))
    issued = _issue(tokens, grant)
    return {
        "client_id": client_id,
        "client_secret": client_secret,
        "access_token": issued["access_token"],
        "refresh_token": issued["refresh_token"],
    }
