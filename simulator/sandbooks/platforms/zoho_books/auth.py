"""The accounts server: consent, codes, access tokens, refresh tokens that do not rotate, and the token quotas.

A browser sees a page that asks; any other client is taken as consenting, so that sign-in can be scripted.
Source: https://www.zoho.com/books/api/v3/oauth/, https://www.zoho.com/accounts/protocol/oauth.html
"""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import Any

from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.company import Company, companies, find_company
from sandbooks.kit.limits import Window, take
from sandbooks.kit.redirects import is_web_address, redirect_location
from sandbooks.kit.tokens import Grant, Token, Tokens
from sandbooks.platforms.zoho_books.access import FULL_ACCESS, PLATFORM, data_center_of
from sandbooks.platforms.zoho_books.refusals import EmptyBody, OAuthDenied, OAuthThrottled
from sandbooks.platforms.zoho_books.wire import form_fields
from sandbooks.wire import Response
from sandbooks.world import World

CODE_LIFETIME = timedelta(seconds=60)
ACCESS_LIFETIME = timedelta(hours=1)
# Source: https://help.zoho.com/portal/en/community/topic/kaizen-43 (limits of tokens)
ACCESS_PER_REFRESH = Window("zoho_books/access_tokens", 10, 600)
REFRESH_PER_USER = Window("zoho_books/refresh_tokens", 5, 60)
ACCESS_LIVE_MAX = 30
REFRESH_LIVE_MAX = 20
_DENIAL_STATUS = "zoho_books/token_denial_status"


def authorize(call: Call) -> Response:
    """``GET /oauth/v2/auth``: the consent page for a browser, consent itself for a script."""
    asked = {name: call.query.get(name, "") for name in _ASKED}
    if "text/html" in call.header("Accept") and not call.query.get("decision"):
        _checked(call, asked)
        return Response(200, (("Content-Type", "text/html; charset=utf-8"),), _page(call, asked).encode())
    return _decide(call, asked, call.query.get("decision") or "accept", call.query.get("organization_id", ""))


def decide(call: Call) -> Response:
    """``POST /oauth/v2/auth``: what the page's form sends."""
    form = call.readable_form
    asked = {name: form.get(name, "") for name in _ASKED}
    return _decide(call, asked, form.get("decision", ""), form.get("organization_id", ""))


_ASKED = ("client_id", "redirect_uri", "scope", "state", "access_type", "prompt", "response_type")


def _checked(call: Call, asked: dict[str, str]) -> None:
    if asked["client_id"] != Tokens(call.world, PLATFORM).client()[0]:
        raise OAuthDenied("invalid_client")
    if not is_web_address(asked["redirect_uri"]):
        raise OAuthDenied("invalid_redirect_uri")
    if asked["response_type"] != "code":
        raise OAuthDenied("invalid_response_type")
    if not _scopes(asked["scope"]):
        raise OAuthDenied("invalid_scope")


def _scopes(text: str) -> tuple[str, ...]:
    """The scopes of a list with commas (or blanks); empty where one is no scope of Zoho Books."""
    named = tuple(scope for scope in text.replace(" ", ",").split(",") if scope)
    known = all(scope.lower().startswith("zohobooks.") and scope.count(".") == 2 for scope in named)
    return named if known else ()


def _page(call: Call, asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in asked.items())
    offered = "".join(
        f'<label><input type="radio" name="organization_id" value="{escape(c.id)}"{" checked" if not n else ""}> '
        f"{escape(c.name)}</label><br>"
        for n, c in enumerate(companies(call.world, PLATFORM))
    )
    return (
        "<!doctype html><title>Allow access</title><h1>Allow access to Zoho Books</h1>"
        f"<p>An application asks for {escape(asked['scope'])}.</p>"
        f'<form method="post" action="{escape(call.link("/oauth/v2/auth"))}">{hidden}{offered}'
        '<button name="decision" value="accept">Accept</button> '
        '<button name="decision" value="reject">Reject</button></form>'
    )


def _decide(call: Call, asked: dict[str, str], decision: str, chosen: str) -> Response:
    _checked(call, asked)
    state = {"state": asked["state"]} if asked["state"] else {}
    if decision != "accept":
        return _redirect(asked["redirect_uri"], {"error": "access_denied", **state})
    company = _chosen(call.world, chosen)
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        grant = tokens.new_grant(
            client_id=asked["client_id"], scopes=_scopes(asked["scope"]), companies=(company.id,), user=user_of(company)
        )
        # Source: https://www.zoho.com/books/api/v3/oauth/ (a refresh token comes with access_type=offline, and after
        # the first consent of a user only where prompt=consent asks for it anew)
        anew = asked["prompt"] == "consent" or not _consented(call.world, grant)
        facts = {"redirect_uri": asked["redirect_uri"], "offline": asked["access_type"] == "offline" and anew}
        code = tokens.issue("code", grant, lifetime=CODE_LIFETIME, value=_value(call.world, "code"), facts=facts)
    center = company.settings["data_center"]
    given = {
        "code": code.value,
        "location": _location(center),
        "accounts-server": call.link("", host=_accounts(center)),
    }
    return _redirect(asked["redirect_uri"], {**state, **given})


def _consented(world: World, grant: Grant) -> bool:
    """Whether the user has consented to the application before, and what that gave still lives."""
    now = world.clock.now()
    asked = (grant.client_id, grant.user)
    held = (
        token
        for token in Tokens(world, PLATFORM).of_kind("refresh")
        if token.facts.get("consented") and token.is_live(now)
    )
    return any((token.grant.client_id, token.grant.user) == asked for token in held)


def _chosen(world: World, id: str) -> Company:
    for company in companies(world, PLATFORM):
        if id in ("", company.id):
            return company
    raise OAuthDenied("access_denied")


def _location(center: str) -> str:
    return {"com": "us", "com.au": "au", "com.cn": "cn"}.get(center, center)


def _accounts(center: str) -> str:
    return "accounts.zohocloud.ca" if center == "ca" else f"accounts.zoho.{center}"


def api_host(center: str) -> str:
    """The host of the API in a data centre."""
    return f"www.zohoapis.{center}"


def user_of(company: Company) -> str:
    """The user who gives consent: the first of the organisation."""
    return next(iter(company.records.scan("user"))).id


def _redirect(uri: str, members: dict[str, str]) -> Response:
    return Response(302, (("Location", redirect_location(uri, members)),))


# Tokens


def token(call: Call) -> Response:
    """``POST /oauth/v2/token``: parameters in the query or in a form. Errors come with status 200."""
    given = _parameters(call)
    _check_client(call, given)
    kind = given.get("grant_type", "")
    if kind == "authorization_code":
        return _by_code(call, given)
    if kind == "refresh_token":
        return _by_refresh(call, given)
    if kind == "client_credentials":
        return _by_credentials(call, given)
    raise OAuthDenied("unsupported_grant_type")


def _parameters(call: Call) -> dict[str, str]:
    try:
        return dict(call.query.items()) | form_fields(call)
    except (UnreadableBody, EmptyBody) as error:
        raise OAuthDenied("invalid_request") from error


def _check_client(call: Call, given: dict[str, str]) -> None:
    client_id, secret = Tokens(call.world, PLATFORM).client()
    if given.get("client_id") != client_id:
        raise OAuthDenied("invalid_client")
    if given.get("client_secret") != secret:
        raise OAuthDenied("invalid_client_secret")


def _by_code(call: Call, given: dict[str, str]) -> Response:
    tokens = Tokens(call.world, PLATFORM)
    code = tokens.find("code", given.get("code", ""))
    if code is None or not code.is_live(call.world.clock.now()) or not _here(call, code):
        raise OAuthDenied("invalid_code")
    if given.get("redirect_uri", "") != code.facts.get("redirect_uri", ""):
        raise OAuthDenied("invalid_redirect_uri")
    with call.unit():
        tokens.spend(code)
        refresh = _new_refresh(call.world, code.grant) if code.facts.get("offline") else None
        return _answer(call, code.grant, refresh, tell_refresh=True)


def _by_refresh(call: Call, given: dict[str, str]) -> Response:
    refresh = Tokens(call.world, PLATFORM).find("refresh", given.get("refresh_token", ""))
    if refresh is None or not refresh.is_live(call.world.clock.now()) or not _here(call, refresh):
        raise OAuthDenied("invalid_code")
    _draw(call, refresh.value, ACCESS_PER_REFRESH)
    with call.unit():
        return _answer(call, refresh.grant, refresh, tell_refresh=False)


def _by_credentials(call: Call, given: dict[str, str]) -> Response:
    """A self client: the organisation is named in ``soid`` (``ZohoBooks.<organization_id>``)."""
    company = find_company(call.world, PLATFORM, given.get("soid", "").partition(".")[2])
    scopes = _scopes(given.get("scope", ""))
    if company is None:
        raise OAuthDenied("invalid_soid")
    if not scopes:
        raise OAuthDenied("invalid_scope")
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        grant = tokens.new_grant(
            client_id=given["client_id"], scopes=scopes, companies=(company.id,), user=user_of(company)
        )
        return _answer(call, grant, None, tell_refresh=False)


def _here(call: Call, found: Token) -> bool:
    """Whether a token is known in the data centre that was asked."""
    if not call.exchange.surface_by_host:
        return True
    company = find_company(call.world, PLATFORM, found.grant.companies[0])
    return company is not None and company.settings["data_center"] == data_center_of(call.request.host)


def _draw(call: Call, key: str, window: Window) -> None:
    if take(call.world, key, window).exceeded:
        raise OAuthThrottled(int(call.world.get("settings", _DENIAL_STATUS) or 200))


def _new_refresh(world: World, grant: Grant) -> Token:
    """A refresh token; the oldest of the same user and application goes when there are too many."""
    tokens = Tokens(world, PLATFORM)
    now = world.clock.now()
    if take(world, f"{grant.client_id}/{grant.user}", REFRESH_PER_USER).exceeded:
        raise OAuthThrottled(int(world.get("settings", _DENIAL_STATUS) or 200))
    held = [t for t in tokens.of_kind("refresh") if t.grant.user == grant.user and t.is_live(now)]
    for oldest in held[: max(0, len(held) - REFRESH_LIVE_MAX + 1)]:
        tokens.withdraw(oldest)
    return tokens.issue("refresh", grant, lifetime=None, value=_value(world, "refresh"), facts={"consented": True})


def _new_access(world: World, grant: Grant, refresh: Token | None) -> Token:
    tokens = Tokens(world, PLATFORM)
    now = world.clock.now()
    held = [t for t in tokens.of_grant(grant.id) if t.kind == "access" and t.is_live(now)]
    for oldest in held[: max(0, len(held) - ACCESS_LIVE_MAX + 1)]:
        tokens.withdraw(oldest)
    facts = {"refresh": refresh.value} if refresh else {}
    return tokens.issue("access", grant, lifetime=ACCESS_LIFETIME, value=_value(world, "access"), facts=facts)


def _value(world: World, kind: str) -> str:
    """``1000.<32 characters>.<32 characters>``, as every token of the accounts server."""
    drawn = world.ids.token(f"zoho_books/{kind}", length=64)
    return f"1000.{drawn[:32]}.{drawn[32:]}"


def _answer(call: Call, grant: Grant, refresh: Token | None, *, tell_refresh: bool) -> Response:
    access = _new_access(call.world, grant, refresh)
    company = find_company(call.world, PLATFORM, grant.companies[0])
    center = str(company.settings["data_center"]) if company else "com"
    given: dict[str, Any] = {"access_token": access.value}
    if refresh is not None and tell_refresh:
        given["refresh_token"] = refresh.value
    given |= {
        "scope": " ".join(grant.scopes),
        "api_domain": call.link("", host=api_host(center)),
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFETIME // timedelta(seconds=1),
    }
    return json_reply(given)


def revoke(call: Call) -> Response:
    """``POST /oauth/v2/token/revoke``: ends a refresh token and its access tokens, or one access token."""
    tokens = Tokens(call.world, PLATFORM)
    try:
        value = _parameters(call).get("token", "")
    except OAuthDenied as denied:
        return json_reply({"error": denied.error}, status=400)
    refresh, access = tokens.find("refresh", value), tokens.find("access", value)
    with call.unit():
        if refresh is not None and refresh.revoked is None:
            tokens.withdraw(refresh)
            for issued in tokens.of_grant(refresh.grant.id):
                if issued.kind == "access" and issued.facts.get("refresh") == refresh.value:
                    tokens.withdraw(issued)
        elif access is not None and access.revoked is None:
            tokens.withdraw(access)
        else:
            return json_reply({"error": "invalid_token"}, status=400)
    return json_reply({"status": "success"})


def sign_in(world: World, company: Company) -> dict[str, str]:
    """Fresh credentials without a browser. Called inside a unit of work."""
    tokens = Tokens(world, PLATFORM)
    client_id, client_secret = tokens.client()
    grant = tokens.new_grant(client_id=client_id, scopes=(FULL_ACCESS,), companies=(company.id,), user=user_of(company))
    refresh = tokens.issue("refresh", grant, lifetime=None, value=_value(world, "refresh"))
    access = _new_access(world, grant, refresh)
    return {
        "client_id": client_id,
        "client_secret": client_secret,
        "access_token": access.value,
        "refresh_token": refresh.value,
        "organization_id": company.id,
        "data_center": _location(company.settings["data_center"]),
    }
