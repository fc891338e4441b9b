"""The sign-in endpoints: the consent page, the token endpoint, revocation, keys, and what a token stands for.

A browser sees a page that asks; any other client is taken as consenting, so that sign-in can be scripted.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_160855590788.html
"""

from __future__ import annotations

from html import escape
from typing import Any

from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.company import Company, companies
from sandbooks.kit.redirects import is_web_address, redirect_location
from sandbooks.kit.tokens import Grant, Token, basic_credentials, challenge_holds
from sandbooks.platforms.netsuite import integrations
from sandbooks.platforms.netsuite.access import PLATFORM, slug
from sandbooks.platforms.netsuite.auth import oauth2
from sandbooks.platforms.netsuite.refusals import OAuthRefused
from sandbooks.wire import Response

AUTHORIZE = "/app/login/oauth2/authorize.nl"
ENDPOINT = "/services/rest/auth/oauth2/v1/token"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_PRIVATE = (("Cache-Control", "no-store"),)


def authorize_page(call: Call) -> Response:
    """``GET /app/login/oauth2/authorize.nl``."""
    asked = _asked(call, dict(call.query.items()))
    decision = call.query.get("decision") or ""
    if decision or "text/html" not in call.header("Accept"):
        return _decide(call, asked, decision or "allow", call.query.get("company") or "")
    return Response(200, (("Content-Type", "text/html; charset=utf-8"),), _page(call, asked).encode())


def authorize(call: Call) -> Response:
    """``POST /app/login/oauth2/authorize.nl``: what the page's form sends."""
    form = _form(call)
    return _decide(call, _asked(call, form), form.get("decision", ""), form.get("company", ""))


def _form(call: Call) -> dict[str, str]:
    try:
        return dict(call.form.items())
    except UnreadableBody as error:
        raise OAuthRefused("invalid_request") from error


_KEPT = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "response_type")


def _asked(call: Call, given: dict[str, str]) -> dict[str, str]:
    """The request for consent. Raises ``OAuthRefused``, named as the vendor's page names it."""
    client_id, _ = oauth2.tokens_of(call.world).client()
    if given.get("client_id") != client_id:
        raise OAuthRefused("UnknownIntegration")
    if not is_web_address(given.get("redirect_uri", "")):
        raise OAuthRefused("InvalidRedirectURI")
    if given.get("response_type") != "code":
        raise OAuthRefused("unsupported_response_type")
    if oauth2.scopes_of(given.get("scope", "")) is None:
        raise OAuthRefused("ScopeMismatched")
    if given.get("code_challenge") and given.get("code_challenge_method", "S256") != "S256":
        raise OAuthRefused("invalid_request")
    return {name: given[name] for name in _KEPT if given.get(name)}


def _page(call: Call, asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in asked.items())
    offered = "".join(
        f'<label><input type="radio" name="company" value="{escape(c.id)}"{" checked" if not n else ""}> '
        f"{escape(c.name)} ({escape(c.id)})</label><br>"
        for n, c in enumerate(_offered(call))
    )
    return (
        "<!doctype html><title>Application access</title><h1>Allow this application to use your account?</h1>"
        f'<form method="post" action="{escape(call.link(AUTHORIZE))}">{hidden}{offered}'
        '<button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Deny</button></form>'
    )


def _offered(call: Call) -> list[Company]:
    """The accounts to choose from: on an account's own host only that account."""
    every = companies(call.world, PLATFORM)
    first = call.request.host.partition(".")[0]
    own = [company for company in every if slug(company.id) == first]
    return own if call.exchange.surface_by_host and first != "system" else every


def _decide(call: Call, asked: dict[str, str], decision: str, chosen: str) -> Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    if decision != "allow":
        return _redirect(asked["redirect_uri"], {**state, "error": "access_denied"})
    offered = [company for company in _offered(call) if chosen in ("", company.id)]
    if not offered:
        return _redirect(asked["redirect_uri"], {**state, "error": "access_denied"})
    company = offered[0]
    if not integrations.is_enabled(company):
        raise OAuthRefused("IntegrationBlocked")
    tokens = oauth2.tokens_of(call.world)
    with call.unit():
        grant = tokens.new_grant(
            client_id=asked["client_id"],
            scopes=oauth2.scopes_of(asked["scope"]) or (),
            companies=(company.id,),
            user=oauth2.user_of(company),
        )
        facts: dict[str, Any] = {n: asked[n] for n in ("redirect_uri", "code_challenge") if n in asked}
        code = tokens.issue("code", grant, lifetime=oauth2.CODE_LIFETIME, facts=facts)
    # Source: Oracle connector guide, "OAuth2.0 Flow to Generate the User-Level Tokens" (parameters of the redirect)
    role, _, entity = grant.user.partition(";")
    members = {**state, "role": role, "entity": entity, "company": company.id, "code": code.value}
    return _redirect(asked["redirect_uri"], members)


def _redirect(uri: str, members: dict[str, str]) -> Response:
    return Response(302, (("Location", redirect_location(uri, members)),))


# Tokens


def token(call: Call) -> Response:
    """``POST /services/rest/auth/oauth2/v1/token``, form-encoded."""
    form = _form(call)
    kind = form.get("grant_type", "")
    if kind == "client_credentials":
        return _by_assertion(call, form)
    client_id = _client(call)
    if kind == "authorization_code":
        return _by_code(call, form, client_id)
    if kind == "refresh_token":
        return _by_refresh(call, form, client_id)
    raise OAuthRefused("unsupported_grant_type" if kind else "invalid_request")


def _client(call: Call) -> str:
    expected = oauth2.tokens_of(call.world).client()
    if basic_credentials(call.header("Authorization")) != expected:
        raise OAuthRefused("invalid_client", 401)
    return expected[0]


def _by_assertion(call: Call, form: dict[str, str]) -> Response:
    if form.get("client_assertion_type") != _ASSERTION or not form.get("client_assertion"):
        raise OAuthRefused("invalid_request")
    at = call.request.url.partition("?")[0]
    with call.unit():
        grant = oauth2.by_assertion(call.world, form["client_assertion"], endpoints=_endpoints(call, at))
        _check_enabled(call, grant)
        answer = oauth2.issue(call.world, grant, refresh=False)
    return json_reply(answer, headers=_PRIVATE)


def _endpoints(call: Call, at: str) -> tuple[str, ...]:
    """The names of this endpoint that an assertion may give: as it was called, and on the accounts' own hosts."""
    hosts = (f"https://{slug(c.id)}.suitetalk.api.netsuite.com{ENDPOINT}" for c in companies(call.world, PLATFORM))
    return (at, *hosts)


def _live(call: Call, found: Token | None, client_id: str) -> Token:
    if found is None or not found.is_live(call.world.clock.now()) or found.grant.client_id != client_id:
        raise OAuthRefused("invalid_grant")
    _check_enabled(call, found.grant)
    return found


def _check_enabled(call: Call, grant: Grant) -> None:
    """The account of a grant has not blocked the application."""
    # Unconfirmed: the error of the token endpoint; the consent page names IntegrationBlocked.
    every = companies(call.world, PLATFORM)
    if any(not integrations.is_enabled(company) for company in every if company.id in grant.companies):
        raise OAuthRefused("invalid_client", 401)


def _by_code(call: Call, form: dict[str, str], client_id: str) -> Response:
    tokens = oauth2.tokens_of(call.world)
    code = _live(call, tokens.find("code", form.get("code", "")), client_id)
    challenge = code.facts.get("code_challenge")
    verifier = form.get("code_verifier", "")
    if form.get("redirect_uri") != code.facts.get("redirect_uri"):
        raise OAuthRefused("invalid_grant")
    if challenge and not challenge_holds(verifier, challenge=challenge, method="S256"):
        raise OAuthRefused("invalid_grant")
    with call.unit():
        tokens.spend(code)
        answer = oauth2.issue(call.world, code.grant, refresh=True)
    return json_reply(answer, headers=_PRIVATE)


def _by_refresh(call: Call, form: dict[str, str], client_id: str) -> Response:
    tokens = oauth2.tokens_of(call.world)
    refresh = _live(call, tokens.find("refresh", form.get("refresh_token", "")), client_id)
    with call.unit():
        # Unconfirmed: rotation. Confidential clients keep their refresh token for its seven days by default; the
        # setting ``refresh_rotation`` gives a new one with each use and ends the old.
        if _rotates(call, refresh.grant):
            tokens.spend(refresh)
            answer = oauth2.issue(call.world, refresh.grant, refresh=True)
        else:
            answer = oauth2.issue(call.world, refresh.grant, refresh=False, keep=refresh)
    return json_reply(answer, headers=_PRIVATE)


def _rotates(call: Call, grant: Grant) -> bool:
    return any(c.settings.get("refresh_rotation") for c in companies(call.world, PLATFORM) if c.id in grant.companies)


def revoke(call: Call) -> Response:
    """``POST /services/rest/auth/oauth2/v1/revoke``: the refresh token's whole grant ends."""
    client_id = _client(call)
    tokens = oauth2.tokens_of(call.world)
    found = _live(call, tokens.find("refresh", _form(call).get("token", "")), client_id)
    with call.unit():
        tokens.revoke(found.grant)
    return Response(200, _PRIVATE)


def keys(_call: Call) -> Response:
    """``GET /services/rest/auth/oauth2/v1/keys``: what verifies access tokens."""
    return json_reply(oauth2.SIGNER.key_set())


def token_info(call: Call) -> Response:
    """``GET /rest/tokeninfo``: account and role behind the credential. Unconfirmed: the members beyond these."""
    body: dict[str, Any] = {
        "companyName": call.company.name,
        "companyId": call.company.id,
        "roleName": oauth2.ROLE_NAME,
        "roleId": oauth2.ROLE,
        "scriptId": "ADMINISTRATOR",
        "domains": {
            "restDomain": f"https://{slug(call.company.id)}.suitetalk.api.netsuite.com",
            "systemDomain": f"https://{slug(call.company.id)}.app.netsuite.com",
        },
    }
    return json_reply(body)
