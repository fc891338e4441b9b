"""Signing in: OpenID discovery, consent, tokens, revocation, user info.

Source: https://github.com/intuit/oauth-pythonclient and the OAuth 2.0 pages of https://developer.intuit.com
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.company import companies, find_company
from sandbooks.kit.redirects import is_web_address, redirect_location
from sandbooks.kit.signing import Signer
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Grant, Token, Tokens, basic_credentials
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.pages import consent_page, error_page
from sandbooks.platforms.quickbooks_online.switches import switch
from sandbooks.platforms.quickbooks_online.wire.replies import body_of, frame, json_of
from sandbooks.wire import Response

NAME = "quickbooks_online"
ACCOUNTING = "com.intuit.quickbooks.accounting"
SCOPES = (
    ACCOUNTING,
    "com.intuit.quickbooks.payment",
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "intuit_name",
)
ACCESS = timedelta(hours=1)
REFRESH = timedelta(seconds=8_726_400)  # 101 days, as the token answer states it
# Counted from the consent, whatever is refreshed. Source: TokenClient.cs of intuit/QuickBooks-V3-DotNET-SDK
HARD_END = timedelta(days=5 * 365)
# A name, not a place to fetch from: clients compare it with the literal, wherever the endpoints are.
# Source: validateIdToken of https://github.com/intuit/oauth-jsclient
ISSUER = "https://oauth.platform.intuit.com/op/v1"
SIGNER = Signer("sandbooks-1", type=None)
CODE = timedelta(minutes=10)  # Unconfirmed: between five and ten minutes
ROTATION = timedelta(hours=24)
OVERLAP = timedelta(hours=24)  # Unconfirmed: how long the old refresh token still works


def tokens_of(call: Call) -> Tokens:
    return Tokens(call.world, NAME)


# Discovery


def discovery(call: Call) -> Response:
    """The OpenID configuration; clients read six of these members without a default."""
    sandbox = "sandbox" in call.request.path
    accounts = "sandbox-accounts.platform.intuit.com" if sandbox else "accounts.platform.intuit.com"
    return json_reply(
        {
            "issuer": ISSUER,
            "authorization_endpoint": call.link("/connect/oauth2", host="appcenter.intuit.com"),
            "token_endpoint": call.link("/oauth2/v1/tokens/bearer", host="oauth.platform.intuit.com"),
            "userinfo_endpoint": call.link("/v1/openid_connect/userinfo", host=accounts),
            "revocation_endpoint": call.link("/v2/oauth2/tokens/revoke", host="developer.api.intuit.com"),
            "jwks_uri": call.link("/op/v1/jwks", host="oauth.platform.intuit.com"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile", "address", "phone"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
        },
        headers=frame(call),
    )


def jwks(call: Call) -> Response:
    """The public half of the key that signs id tokens."""
    return json_reply(SIGNER.key_set(), headers=frame(call))


# Consent


def authorize(call: Call) -> Response:
    """The consent page. ``decision=approve`` or ``decision=cancel`` answers it without a person."""
    asked = call.readable_form if call.request.method == "POST" else call.query
    wrong = _wrong_request(call, asked)
    if wrong:
        return error_page(wrong)
    decision = asked.get("decision", "")
    if decision == "cancel":
        return _redirect(asked["redirect_uri"], {"error": "access_denied", "state": asked.get("state", "")})
    found = companies(call.world, NAME)
    chosen = asked.get("realmId", "") or asked.get("realm_id", "")
    if decision != "approve":
        return consent_page(asked, [(company.id, company.name) for company in found])
    company = next((c for c in found if chosen in ("", c.id)), None)
    if company is None:
        return error_page("There is no such company.")
    return _approve(call, asked, company.id)


def _wrong_request(call: Call, asked: Any) -> str:
    """What is wrong with a consent request, as the page says it. Unconfirmed: the sentences."""
    client_id, _ = tokens_of(call).client()
    if asked.get("client_id") != client_id:
        return "The client_id is not valid."
    if not is_web_address(asked.get("redirect_uri", "")):
        return "The redirect_uri query parameter value is invalid."
    if asked.get("response_type", "code") != "code":
        return "The response_type query parameter value is invalid."
    scopes = asked.get("scope", "").split()
    if not scopes or any(not _known(scope) for scope in scopes):
        return "The scope query parameter value is invalid."
    return ""


def _known(scope: str) -> bool:
    return scope in SCOPES or scope.startswith("com.intuit.quickbooks.")


def _approve(call: Call, asked: Any, realm: str) -> Response:
    scopes = asked["scope"].split()
    tokens = tokens_of(call)
    with call.world.unit():
        reached = [realm] if ACCOUNTING in scopes else []
        grant = tokens.new_grant(client_id=asked["client_id"], scopes=scopes, companies=reached)
        facts = {"redirect_uri": asked["redirect_uri"]}
        code = tokens.issue("code", grant, lifetime=CODE, facts=facts)
    told = {"code": code.value, "state": asked.get("state", "")}
    if reached:
        told["realmId"] = realm
    return _redirect(asked["redirect_uri"], told)


def _redirect(uri: str, told: dict[str, str]) -> Response:
    return Response(302, (("Location", redirect_location(uri, told)),), b"")


# Tokens


def token(call: Call) -> Response:
    """The token endpoint: authorization codes and refresh tokens."""
    try:
        kind = call.form.get("grant_type", "")
    except UnreadableBody as error:
        raise no.SignInRefused("invalid_request") from error
    _check_client(call)
    with call.world.unit():
        if kind == "authorization_code":
            return _exchange_code(call)
        if kind == "refresh_token":
            return _refresh(call)
    raise no.SignInRefused("invalid_request" if not kind else "unsupported_grant_type")


def _check_client(call: Call) -> None:
    given = basic_credentials(call.header("Authorization"))
    form = call.readable_form
    if given is None and form.get("client_id"):
        given = (form["client_id"], form.get("client_secret", ""))
    if given != tokens_of(call).client():
        raise no.SignInRefused("invalid_client", status=401)


def _exchange_code(call: Call) -> Response:
    tokens = tokens_of(call)
    code = tokens.find("code", call.form.get("code", ""))
    if code is None or not code.is_live(call.world.clock.now()):
        raise no.SignInRefused("invalid_grant")
    if call.form.get("redirect_uri", "") != code.facts["redirect_uri"]:
        raise no.SignInRefused("invalid_grant", "Invalid redirect_uri")
    tokens.spend(code)
    return _answer(call, code.grant, tokens.issue("refresh", code.grant, lifetime=REFRESH, facts=_birth(call)))


def _birth(call: Call) -> dict[str, str]:
    return {"granted": call.world.clock.now().isoformat()}


def _refresh(call: Call) -> Response:
    tokens = tokens_of(call)
    known = tokens.find("refresh", call.form.get("refresh_token", ""))
    if known is None or not known.is_live(call.world.clock.now()):
        raise no.SignInRefused("invalid_grant", "Incorrect Token type or clientID")
    return _answer(call, known.grant, _rotated(call, tokens, known))


def _rotated(call: Call, tokens: Tokens, known: Token) -> Token:
    """The refresh token to answer with: the same within a day, then a new one; the old one overlaps.

    Source: the authorization FAQ of the developer site; the policy is a switch.
    """
    policy = _policy(call, known.grant)
    successor = known.facts.get("successor")
    if successor:
        found = tokens.find("refresh", successor)
        if found is not None and found.is_live(call.world.clock.now()):
            return found
    old = call.world.clock.now() - known.issued >= ROTATION
    if policy == "never" or (policy == "daily" and not old):
        return known
    fresh = tokens.issue("refresh", known.grant, lifetime=REFRESH, facts={"granted": known.facts.get("granted", "")})
    tokens.mark(known, successor=fresh.value)
    marked = tokens.find("refresh", known.value)
    if marked is not None:
        tokens.spend(marked, after=OVERLAP if policy == "daily" else timedelta(0))
    return fresh


def _policy(call: Call, grant: Grant) -> str:
    company = find_company(call.world, NAME, grant.companies[0]) if grant.companies else None
    return str(switch(company.settings if company else {}, "refresh_rotation"))


def _answer(call: Call, grant: Grant, refresh: Token) -> Response:
    """The token answer; the realm is not part of it."""
    access = tokens_of(call).issue("access", grant, lifetime=ACCESS)
    left = (refresh.expires - call.world.clock.now()) // timedelta(seconds=1) if refresh.expires else 0
    body: dict[str, Any] = {
        "token_type": "bearer",
        "access_token": access.value,
        "expires_in": ACCESS // timedelta(seconds=1),
        "refresh_token": refresh.value,
        "x_refresh_token_expires_in": left,
    }
    if call.header("x-include-refresh-token-hard-expires-in").lower() == "true":
        ends = datetime.fromisoformat(refresh.facts.get("granted") or refresh.issued.isoformat()) + HARD_END
        body["x_refresh_token_hard_expires_in"] = (ends - call.world.clock.now()) // timedelta(seconds=1)
    if "openid" in grant.scopes:
        body["id_token"] = _id_token(call, grant)
    return json_reply(body, headers=(*frame(call), ("Cache-Control", "no-store")))


def _id_token(call: Call, grant: Grant) -> str:
    """A signed id token; ``aud`` is an array, as the vendor's client expects."""
    now = call.world.clock.micros() // 1_000_000
    claims = {
        "sub": subject(call, grant),
        "aud": [grant.client_id],
        "iss": ISSUER,
        "iat": now,
        "auth_time": now,
        "exp": now + 3600,
        **({"realmid": grant.companies[0]} if grant.companies else {}),
    }
    return SIGNER.signed(claims)


def subject(call: Call, grant: Grant) -> str:
    return call.world.ids.fixed_uuid(f"{NAME}/user/{grant.user}")


def revoke(call: Call) -> Response:
    """End a grant by either of its tokens."""
    _check_client(call)
    value = _revoked_value(call)
    tokens = tokens_of(call)
    known = tokens.find("refresh", value) or tokens.find("access", value)
    if known is None or known.revoked:
        raise no.SignInRefused("invalid_request", "The token supplied is invalid")
    with call.world.unit():
        tokens.revoke(known.grant)
    return Response(200, frame(call), b"")


def _revoked_value(call: Call) -> str:
    """The token of a revocation: clients send it as JSON or as a form."""
    if "json" not in call.content_type:
        return str(call.readable_form.get("token", ""))
    body = json_of(body_of(call))
    value = body.get("token") if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def user_info(call: Call) -> Response:
    """Who consented. Source: UserInfoResponse of https://github.com/intuit/QuickBooks-V3-Java-SDK"""
    access = tokens_of(call).find("access", call.header("Authorization").partition(" ")[2].strip())
    if access is None or not access.is_live(call.world.clock.now()):
        raise no.SignInRefused("invalid_token", status=401)
    scopes = access.grant.scopes
    if "openid" not in scopes:
        raise no.SignInRefused("insufficient_scope", status=403)
    told: dict[str, Any] = {"sub": subject(call, access.grant)}
    if "email" in scopes:
        told |= {"email": "owner@books.example", "emailVerified": True}
    if "profile" in scopes:
        told |= {"givenName": "Robin", "familyName": "Owner"}
    if "phone" in scopes:
        told |= {"phoneNumber": "+1 555 0100", "phoneNumberVerified": False}
    if "address" in scopes:
        place = {"streetAddress": "1 Main Street", "locality": "Springfield", "region": "CA"}
        told["address"] = {**place, "postalCode": "94000", "country": "US"}
    return json_reply(told, headers=frame(call))


OPERATIONS = (
    Operation("discovery", "GET", "/.well-known/openid_configuration", discovery, public=True),
    Operation("discovery_sandbox", "GET", "/.well-known/openid_sandbox_configuration", discovery, public=True),
    Operation("jwks", "GET", "/op/v1/jwks", jwks, public=True),
    Operation("authorize", "GET", "/connect/oauth2", authorize, public=True),
    Operation("authorize_answer", "POST", "/connect/oauth2", authorize, public=True),
    Operation("token", "POST", "/oauth2/v1/tokens/bearer", token, public=True),
    Operation("revoke", "POST", "/v2/oauth2/tokens/revoke", revoke, public=True),
    Operation("user_info", "GET", "/v1/openid_connect/userinfo", user_info, public=True),
)
