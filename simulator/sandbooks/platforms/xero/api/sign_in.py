"""Xero's identity server: discovery, the consent page, tokens, revocation, keys.

The consent page can be approved by a person; a client without a browser adds ``sandbox_decision=approve`` (or
``cancel``) to the authorize address and is sent on at once.

# Source: https://developer.xero.com/documentation/guides/oauth2/auth-flow/
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.company import Company, companies
from sandbooks.kit.redirects import redirect_location
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Grant, Token, basic_credentials, challenge_holds
from sandbooks.platforms.xero import auth, jwt
from sandbooks.platforms.xero.refusals import SignInRefused
from sandbooks.wire import Response

JSON = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
GRANTS = ("authorization_code", "refresh_token", "client_credentials")


def _json(value: object) -> Response:
    return Response(200, JSON, exact_json.dumps(value))


def discovery(call: Call) -> Response:
    """OpenID Connect discovery; every address begins with the base that the client used."""
    issuer = call.link("", host="identity.xero.com")
    login = call.link("/identity/connect/authorize", host="login.xero.com")
    return _json(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": login,
            "token_endpoint": f"{issuer}/connect/token",
            "userinfo_endpoint": f"{issuer}/connect/userinfo",
            "end_session_endpoint": f"{issuer}/connect/endsession",
            "revocation_endpoint": f"{issuer}/connect/revocation",
            "scopes_supported": sorted(auth.SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANTS),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


def keys(_: Call) -> Response:
    return _json(jwt.SIGNER.key_set())


def authorize(call: Call) -> Response:
    """The consent page, or the way back when the decision comes with the request."""
    asked = _form(call) if call.request.method == "POST" else call.query
    parameters = {name: str(value) for name, value in asked.items()}
    client_id, _ = auth.client(call.world)
    if parameters.get("client_id", "").lower() != client_id.lower():
        return _page(400, "<h1>Sorry, something went wrong</h1><p>Error: unauthorized_client</p>")
    if not _is_address(parameters.get("redirect_uri", "")):
        return _page(400, "<h1>Sorry, something went wrong</h1><p>Error: invalid_request. Invalid redirect_uri</p>")
    if parameters.get("response_type") != "code":
        return _back(parameters, error="unsupported_response_type")
    try:
        auth.checked_scopes(call.world, parameters.get("scope", ""))
    except SignInRefused as refusal:
        return _back(parameters, error=refusal.error)
    return _decided(call, parameters)


def _is_address(text: str) -> bool:
    """Whether the browser can be sent there: an absolute address without wildcards or control characters."""
    try:
        place = urlsplit(text)
    except ValueError:
        return False
    return bool(place.scheme) and "*" not in text and text.isprintable() and " " not in text


def _form(call: Call) -> MultiDict[str, str]:
    """The form of a sign-in request. Raises SignInRefused when it cannot be read."""
    try:
        return call.form
    except UnreadableBody as error:
        raise SignInRefused("invalid_request") from error


def _decided(call: Call, parameters: Mapping[str, str]) -> Response:
    decision = parameters.get("sandbox_decision", "")
    if decision == "cancel":
        return _back(parameters, error="access_denied")
    if decision != "approve":
        return _consent(call, parameters)
    chosen = [c for c in companies(call.world, "xero") if parameters.get("tenant_id", c.id) in (c.id, "")]
    if not chosen:
        return _back(parameters, error="access_denied")
    return _approved(call, parameters, chosen)


def _approved(call: Call, parameters: Mapping[str, str], chosen: list[Company]) -> Response:
    world = call.world
    with call.unit():
        event = world.ids.uuid("xero/authentication_event")
        client_id, _ = auth.client(world)
        asked = auth.checked_scopes(world, parameters["scope"])
        scopes = auth.added_scopes(world, client_id, asked, redirect_uri=parameters["redirect_uri"])
        for company in chosen:
            auth.connect(world, company, client_id=client_id, event=event)
        reached = [c["tenantId"] for c in auth.connections(world, client_id)]
        tokens = auth.tokens_of(world)
        grant = tokens.new_grant(client_id=client_id, scopes=scopes, companies=reached, user=auth.USER)
        kept = ("redirect_uri", "code_challenge", "code_challenge_method", "nonce")
        facts: dict[str, Any] = {name: parameters[name] for name in kept if name in parameters}
        code = tokens.issue("code", grant, lifetime=auth.CODE, facts={**facts, "event": event})
    return _back(parameters, code=code.value)


def _back(parameters: Mapping[str, str], **answer: str) -> Response:
    """Send the browser back to the application."""
    given = dict(answer)
    if "state" in parameters:
        given["state"] = parameters["state"]
    location = redirect_location(parameters["redirect_uri"], given)
    return Response(302, (("Location", location), ("Content-Type", "text/html; charset=utf-8")), b"")


def _page(status: int, content: str) -> Response:
    page = f"<!doctype html><html lang='en'><title>Xero (simulated)</title><body>{content}</body></html>"
    return Response(status, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def _consent(call: Call, parameters: Mapping[str, str]) -> Response:
    hidden = "".join(
        f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>" for name, value in parameters.items()
    )
    options = "".join(
        f"<option value='{company.id}'>{escape(company.name)}</option>" for company in companies(call.world, "xero")
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in parameters["scope"].split())
    return _page(
        200,
        "<h1>A simulated Xero: allow access?</h1><p>The application asks for:</p>"
        f"<ul>{scopes}</ul><form method='post' action='{escape(call.link('/identity/connect/authorize'))}'>{hidden}"
        f"<label>Organisation <select name='tenant_id'>{options}</select></label> "
        "<button name='sandbox_decision' value='approve'>Allow access</button> "
        "<button name='sandbox_decision' value='cancel'>Cancel</button></form>",
    )


def token(call: Call) -> Response:
    """The token endpoint. Raises SignInRefused."""
    kind = _form(call).get("grant_type", "")
    if kind not in GRANTS:
        raise SignInRefused("unsupported_grant_type")
    with call.unit():
        if kind == "authorization_code":
            return _json(_exchange(call))
        if kind == "refresh_token":
            return _json(_refresh(call))
        return _json(_custom_connection(call))


def _authenticated(call: Call, *, public: bool) -> str:
    """The client id of a token request; ``public`` lets an application without a secret pass. Raises SignInRefused."""
    basic = basic_credentials(call.header("Authorization"))
    given_id, given_secret = basic or (_form(call).get("client_id", ""), _form(call).get("client_secret", ""))
    client_id, secret = auth.client(call.world)
    if given_id.lower() != client_id.lower() or (given_secret != secret and (given_secret or not public)):
        raise SignInRefused("invalid_client")
    return client_id


def _exchange(call: Call) -> dict[str, Any]:
    """A code for tokens: single use, five minutes, same redirect address, PKCE where it was begun with it."""
    tokens = auth.tokens_of(call.world)
    code = tokens.find("code", _form(call).get("code", ""))
    _authenticated(call, public=code is not None and "code_challenge" in code.facts)
    if code is None or not code.is_live(call.world.clock.now()):
        raise SignInRefused("invalid_grant")
    if code.facts.get("redirect_uri") != _form(call).get("redirect_uri") or not _proven(call, code):
        raise SignInRefused("invalid_grant")
    tokens.spend(code)
    facts = {"event": code.facts["event"], "public": "code_challenge" in code.facts}
    return auth.token_answer(call, code.grant, {**facts, "nonce": code.facts.get("nonce", "")})


def _proven(call: Call, code: Token) -> bool:
    challenge = code.facts.get("code_challenge")
    if not challenge:
        return True
    method = code.facts.get("code_challenge_method", "plain")
    return challenge_holds(_form(call).get("code_verifier", ""), challenge=challenge, method=method)


def _refresh(call: Call) -> dict[str, Any]:
    found = auth.tokens_of(call.world).find("refresh", _form(call).get("refresh_token", ""))
    _authenticated(call, public=found is not None and bool(found.facts.get("public")))
    if found is None or not found.is_live(call.world.clock.now()):
        raise SignInRefused("invalid_grant")
    return auth.rotated(call, found)


def _custom_connection(call: Call) -> dict[str, Any]:
    """Client credentials: one organisation, no refresh token."""
    client_id = _authenticated(call, public=False)
    scopes = tuple(s for s in auth.checked_scopes(call.world, _form(call).get("scope", "") or " ".join(DEFAULT)))
    reached = companies(call.world, "xero")[:1]
    if not reached:
        raise SignInRefused("unauthorized_client")
    event = call.world.ids.uuid("xero/authentication_event")
    auth.connect(call.world, reached[0], client_id=client_id, event=event)
    grant = Grant(
        call.world.ids.uuid("xero/grant"), client_id, scopes, tuple(company.id for company in reached), auth.CUSTOM
    )
    return auth.token_answer(call, grant, {"event": event}, with_refresh=False)


DEFAULT = tuple(sorted(auth.SCOPES - set(auth.IDENTITY_SCOPES)))


def revoke(call: Call) -> Response:
    """Revoke a refresh token and with it the application's connections: 200 whether or not it was known."""
    tokens = auth.tokens_of(call.world)
    value = _form(call).get("token", "")
    found = tokens.find("refresh", value) or tokens.find("access", value)
    _authenticated(call, public=True)
    if found is not None:
        with call.unit():
            auth.forget_consent(call.world, found.grant)
    return Response(200, JSON, b"")


def userinfo(call: Call) -> Response:
    grant = auth.bearer(call).grant
    id = jwt.user_id(call.world, grant.user)
    return _json({"sub": id, "xero_userid": id, "email": "owner@example.com", "name": "Robin Owner"})


OPERATIONS = (
    Operation("discovery", "GET", "/.well-known/openid-configuration", discovery, public=True),
    Operation("keys", "GET", "/.well-known/openid-configuration/jwks", keys, public=True),
    Operation("authorize", "GET", "/identity/connect/authorize", authorize, public=True),
    Operation("decide", "POST", "/identity/connect/authorize", authorize, public=True),
    Operation("token", "POST", "/connect/token", token, public=True),
    Operation("revoke", "POST", "/connect/revocation", revoke, public=True),
    Operation("userinfo", "GET", "/connect/userinfo", userinfo, public=True),
)
