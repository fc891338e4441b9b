"""The sign-in service: discovery, the consent page, tokens and keys, as the Microsoft identity platform has them.

Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.certificates import certificate, key_pair
from sandbooks.kit.company import Company, companies
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.redirects import is_web_address
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Grant, Token, Tokens, basic_credentials, challenge_holds
from sandbooks.platforms.business_central import certificates, entra
from sandbooks.platforms.business_central.access import AUDIENCE, PLATFORM, tenant_of
from sandbooks.platforms.business_central.api import device_code
from sandbooks.platforms.business_central.refusals import SignInRefused
from sandbooks.wire import Response
from sandbooks.world import World

HOST = "login.microsoftonline.com"
JSON = (("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store"))
SHARED = ("organizations", "common")
CODE = timedelta(minutes=10)
ACCESS = timedelta(seconds=3599)
REFRESH = timedelta(days=90)
DELEGATED = ("Financials.ReadWrite.All", "user_impersonation")


def _json(value: object) -> Response:
    return Response(200, JSON, exact_json.dumps(value))


def _tenant(call: Call) -> str:
    """The tenant that the path names. Raises ``SignInRefused``."""
    named = call.args["tenant"].lower()
    own = tenant_of(call.world)
    if named == own or named in SHARED or "." in named:
        return own
    raise SignInRefused("invalid_request", 90002, f"Tenant '{call.args['tenant'][:60]}' not found.")


def discovery(call: Call) -> Response:
    """OpenID Connect discovery."""
    named = call.args["tenant"]
    tenant = _tenant(call)
    base = call.link(f"/{named}", host=HOST)
    issued = "{tenantid}" if named.lower() in SHARED else tenant
    return _json(
        {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{call.link('', host=HOST)}/{issued}/v2.0",
            "request_uri_parameter_supported": False,
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "claims_supported": [
                "sub",
                "iss",
                "aud",
                "exp",
                "iat",
                "nonce",
                "preferred_username",
                "name",
                "tid",
                "oid",
            ],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }
    )


def instance_discovery(call: Call) -> Response:
    """``GET /common/discovery/instance``: which hosts belong together."""
    host = urlsplit(call.link("", host=HOST)).netloc
    authority = call.query.get("authorization_endpoint") or f"{call.link('', host=HOST)}/common/oauth2/v2.0/authorize"
    tenant_part = authority.partition("/oauth2")[0]
    return _json(
        {
            "tenant_discovery_endpoint": f"{tenant_part}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    )


def keys(_: Call) -> Response:
    return _json(entra.SIGNER.key_set())


def authorize(call: Call) -> Response:
    """The consent page, or the way back when the decision comes with the request."""
    try:
        asked = call.form if call.request.method == "POST" else call.query
    except UnreadableBody as error:
        raise SignInRefused("invalid_request", 900144, "The request body cannot be read.") from error
    given = {name: str(value) for name, value in asked.items()}
    tenant = _tenant(call)
    if given.get("client_id", "").lower() not in entra.secrets(call.world):
        text = f"Application with identifier '{given.get('client_id', '')[:60]}' was not found in the directory."
        raise SignInRefused("unauthorized_client", 700016, text)
    if not is_web_address(given.get("redirect_uri", "")):
        raise SignInRefused("invalid_request", 50011, "The redirect URI specified in the request is not valid.")
    if given.get("response_type") != "code":
        return _back(given, error="unsupported_response_type", error_description="AADSTS700054: response_type")
    decision = given.get("sandbox_decision", "")
    if decision == "cancel":
        return _back(given, error="access_denied", error_description="AADSTS65004: User declined to consent.")
    if decision != "approve" and "text/html" in call.header("Accept"):
        return _page(call, given)
    return _approved(call, given, tenant)


def _approved(call: Call, given: Mapping[str, str], tenant: str) -> Response:
    reached = [company.id for company in companies(call.world, PLATFORM)]
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        scopes = given.get("scope", "").split()
        grant = tokens.new_grant(
            client_id=entra.client(call.world)[0], scopes=scopes, companies=reached, user=entra.user_id(call.world)
        )
        kept = ("redirect_uri", "code_challenge", "code_challenge_method", "nonce")
        facts: dict[str, Any] = {name: given[name] for name in kept if name in given}
        code = tokens.issue("code", grant, lifetime=CODE, facts={**facts, "tenant": tenant})
    return _back(given, code=code.value, session_state=call.world.ids.uuid("business_central/session"))


def _back(given: Mapping[str, str], **answer: str) -> Response:
    members = {**answer, **({"state": given["state"]} if given.get("state") else {})}
    uri = given["redirect_uri"]
    joint = "#" if given.get("response_mode") == "fragment" else "&" if urlsplit(uri).query else "?"
    safe = "".join(letter for letter in f"{uri}{joint}{urlencode(members)}" if letter.isprintable())
    return Response(302, (("Location", safe.encode("ascii", "ignore").decode()),))


def _page(call: Call, given: Mapping[str, str]) -> Response:
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in given.items())
    listed = "".join(f"<li>{escape(company.name)}</li>" for company in companies(call.world, PLATFORM))
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in given.get("scope", "").split())
    action = escape(call.link(f"/{call.args['tenant']}/oauth2/v2.0/authorize", host=HOST))
    body = (
        "<!doctype html><title>Permissions requested</title><h1>Permissions requested</h1>"
        f"<p>The application asks for:</p><ul>{scopes}</ul><p>It will reach these companies:</p><ul>{listed}</ul>"
        f'<form method="post" action="{action}">{hidden}'
        '<button name="sandbox_decision" value="approve">Accept</button> '
        '<button name="sandbox_decision" value="cancel">Cancel</button></form>'
    )
    return Response(200, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


# Tokens


def token(call: Call) -> Response:
    """``POST /{tenant}/oauth2/v2.0/token``."""
    try:
        given = {name: str(value) for name, value in call.form.items()}
    except UnreadableBody as error:
        raise SignInRefused("invalid_request", 900144, "The request body cannot be read.") from error
    kind = given.get("grant_type", "")
    if not kind:
        text = "The request body must contain the following parameter: 'grant_type'."
        raise SignInRefused("invalid_request", 900144, text)
    tenant = _tenant(call)
    _check_client(call, given)
    if kind == "client_credentials":
        return _by_client(call, given, tenant)
    if kind == "refresh_token":
        return _by_refresh(call, given, tenant)
    if kind == "authorization_code":
        return _by_code(call, given, tenant)
    if kind == device_code.GRANT_TYPE:
        return _by_device(call, given, tenant)
    if kind in ("password", "urn:ietf:params:oauth:grant-type:jwt-bearer"):
        raise NotSimulated(f"grant type {kind}")
    raise SignInRefused("unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{kind[:60]}'.")


def _check_client(call: Call, given: Mapping[str, str]) -> None:
    named = basic_credentials(call.header("Authorization"))
    id, secret = named or (given.get("client_id", ""), given.get("client_secret", ""))
    expected = entra.secrets(call.world).get(id.lower())
    if expected is None:
        text = f"Application with identifier '{id[:60]}' was not found in the directory."
        raise SignInRefused("unauthorized_client", 700016, text)
    if given.get("client_assertion"):
        tenants = (call.args["tenant"].lower(), tenant_of(call.world))
        certificates.check_assertion(call.world, given, client=id.lower(), tenants=tenants)
        return
    if not secret and _is_public(call, given):
        return
    if secret != expected:
        told = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{id.lower()}'."
            if secret
            else "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        )
        raise SignInRefused("invalid_client", 7000215 if secret else 7000218, told)


def _is_public(call: Call, given: Mapping[str, str]) -> bool:
    """Whether a client needs no secret: it signs a person in by device code, or renews what came of that."""
    if given.get("grant_type") == device_code.GRANT_TYPE:
        return True
    refresh = Tokens(call.world, PLATFORM).find("refresh", given.get("refresh_token", ""))
    return given.get("grant_type") == "refresh_token" and refresh is not None and bool(refresh.facts.get("public"))


def _by_client(call: Call, given: Mapping[str, str], tenant: str) -> Response:
    if call.args["tenant"].lower() in SHARED:
        # Unconfirmed: organizations is refused for application tokens by the real service in most cases.
        tenant = tenant_of(call.world)
    scope = given.get("scope", "")
    if not scope.endswith("/.default"):
        text = f"The 'scope' parameter must end in /.default. The value '{scope[:80]}' is not valid."
        raise SignInRefused("invalid_scope" if scope else "invalid_request", 1002012 if scope else 900144, text)
    audience = scope.removesuffix("/.default")
    if audience.rstrip("/") != AUDIENCE:
        text = f"The resource principal named {audience[:80]} was not found in the tenant."
        raise SignInRefused("invalid_resource", 500011, text)
    tokens = Tokens(call.world, PLATFORM)
    with call.unit():
        reached = [company.id for company in companies(call.world, PLATFORM)]
        client_id = entra.client(call.world)[0]
        grant = tokens.new_grant(client_id=client_id, scopes=(scope,), companies=reached, user=f"app/{client_id}")
        access = issue_access(call.world, grant, tenant=tenant, delegated=False)
    seconds = ACCESS // timedelta(seconds=1)
    return _json(
        {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": access.value}
    )


def _by_code(call: Call, given: Mapping[str, str], tenant: str) -> Response:
    tokens = Tokens(call.world, PLATFORM)
    code = tokens.find("code", given.get("code", ""))
    if code is None or "user_code" in code.facts or not code.is_live(call.world.clock.now()):
        raise SignInRefused("invalid_grant", 70008, "The provided authorization code or refresh token has expired.")
    if code.facts.get("redirect_uri") != given.get("redirect_uri"):
        raise SignInRefused("invalid_grant", 500112, "The reply address does not match the one of the request.")
    challenge = code.facts.get("code_challenge", "")
    method = code.facts.get("code_challenge_method", "plain")
    if challenge and not challenge_holds(given.get("code_verifier", ""), challenge=challenge, method=method):
        raise SignInRefused("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
    with call.unit():
        tokens.spend(code)
        answer = _delegated(call, code.grant, tenant, nonce=str(code.facts.get("nonce", "")))
    return _json(answer)


def _by_device(call: Call, given: Mapping[str, str], tenant: str) -> Response:
    code = device_code.granted(call, given)
    with call.unit():
        Tokens(call.world, PLATFORM).spend(code)
        answer = _delegated(call, code.grant, tenant, nonce="", public=True)
    return _json(answer)


def _by_refresh(call: Call, given: Mapping[str, str], tenant: str) -> Response:
    tokens = Tokens(call.world, PLATFORM)
    refresh = tokens.find("refresh", given.get("refresh_token", ""))
    if refresh is None or not refresh.is_live(call.world.clock.now()):
        text = "The refresh token has expired, was revoked or is not valid."
        raise SignInRefused("invalid_grant", 70008, text)
    # Refresh tokens are not spent by use. Source: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
    with call.unit():
        answer = _delegated(call, refresh.grant, tenant, nonce="", public=bool(refresh.facts.get("public")))
    return _json(answer)


def _delegated(call: Call, grant: Grant, tenant: str, *, nonce: str, public: bool = False) -> dict[str, Any]:
    """Tokens of a person; ``public``: for a client without a secret, which renews them without one."""
    tokens = Tokens(call.world, PLATFORM)
    access = issue_access(call.world, grant, tenant=tenant, delegated=True)
    seconds = ACCESS // timedelta(seconds=1)
    answer: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": " ".join(f"{AUDIENCE}/{scope}" for scope in DELEGATED),
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": access.value,
    }
    named = set(grant.scopes)
    if "offline_access" in named:
        facts = {"public": True} if public else {}
        answer["refresh_token"] = tokens.issue("refresh", grant, lifetime=REFRESH, facts=facts).value
    if "openid" in named:
        issuer = f"{call.link('', host=HOST)}/{tenant}/v2.0"
        answer["id_token"] = entra.id_token(call.world, grant, tenant=tenant, issuer=issuer, nonce=nonce)
    return answer


def issue_access(world: World, grant: Grant, *, tenant: str, delegated: bool) -> Token:
    """An access token for the API. Called inside a unit of work."""
    value = entra.access_token(world, grant, tenant=tenant, audience=AUDIENCE, delegated=delegated, lifetime=ACCESS)
    return Tokens(world, PLATFORM).issue("access", grant, lifetime=ACCESS, value=value, facts={"audience": AUDIENCE})


def _certificate() -> dict[str, str]:
    """The application's certificate, for clients that sign in by one."""
    own = certificate()
    return {
        "private_key": key_pair().private,
        "certificate": own.public_certificate,
        "certificate_thumbprint": own.sha1,
    }


def sign_in(world: World, company: Company) -> dict[str, str]:
    """Fresh credentials without a browser, for one company. Called inside a unit of work."""
    tokens = Tokens(world, PLATFORM)
    client_id, secret = entra.client(world)
    grant = tokens.new_grant(
        client_id=client_id,
        scopes=("openid", "offline_access", *(f"{AUDIENCE}/{scope}" for scope in DELEGATED)),
        companies=(company.id,),
        user=entra.user_id(world),
    )
    access = issue_access(world, grant, tenant=tenant_of(world), delegated=True)
    refresh = tokens.issue("refresh", grant, lifetime=REFRESH)
    return {
        "client_id": client_id,
        "client_secret": secret,
        **_certificate(),
        "tenant_id": tenant_of(world),
        "environment": str(company.settings["environment"]),
        "company_id": company.id,
        "access_token": access.value,
        "refresh_token": refresh.value,
    }


def begin_device_code(call: Call) -> Response:
    """``POST /{tenant}/oauth2/v2.0/devicecode``."""
    try:
        given = {name: str(value) for name, value in call.form.items()}
    except UnreadableBody as error:
        raise SignInRefused("invalid_request", 900144, "The request body cannot be read.") from error
    _tenant(call)
    client_id = given.get("client_id", "").lower()
    if client_id not in entra.secrets(call.world):
        text = f"Application with identifier '{client_id[:60]}' was not found in the directory."
        raise SignInRefused("unauthorized_client", 700016, text)
    if not given.get("scope"):
        text = "The request body must contain the following parameter: 'scope'."
        raise SignInRefused("invalid_request", 900144, text)
    page = call.link(f"/{call.args['tenant']}/oauth2/deviceauth", host=HOST)
    return device_code.begin(call, client_id=client_id, scopes=given["scope"].split(), page=page)


def sign_out(call: Call) -> Response:
    """``GET /{tenant}/oauth2/v2.0/logout``: ends the session in the browser; tokens stay as they are.

    Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc (send a sign-out request)
    """
    _tenant(call)
    back, state = call.query.get("post_logout_redirect_uri", ""), call.query.get("state", "")
    if not is_web_address(back):
        page = "<!doctype html><title>Sign out</title><h1>You signed out of your account</h1>"
        return Response(200, (("Content-Type", "text/html; charset=utf-8"),), page.encode())
    members = urlencode({"state": state}) if state else ""
    joint = "&" if urlsplit(back).query else "?"
    safe = "".join(letter for letter in f"{back}{joint if members else ''}{members}" if letter.isprintable())
    return Response(302, (("Location", safe.encode("ascii", "ignore").decode()),))


def _lacking(feature: str) -> Callable[[Call], Response]:
    def lacking(_: Call) -> Response:
        raise NotSimulated(feature, instead="client credentials, or consent by code")

    return lacking


OPERATIONS = (
    *(
        Operation(name, method, f"/<tenant>/oauth2/{path}", _lacking(feature), public=True)
        for name, method, path, feature in (
            ("token_v1", "POST", "token", "version 1.0 of the token endpoint"),
            ("authorize_v1", "GET", "authorize", "version 1.0 of the consent page"),
        )
    ),
    Operation("instance_discovery", "GET", "/common/discovery/instance", instance_discovery, public=True),
    Operation("openid_configuration", "GET", "/<tenant>/v2.0/.well-known/openid-configuration", discovery, public=True),
    Operation("signing_keys", "GET", "/<tenant>/discovery/v2.0/keys", keys, public=True),
    Operation("authorize", "GET", "/<tenant>/oauth2/v2.0/authorize", authorize, public=True),
    Operation("authorize_decision", "POST", "/<tenant>/oauth2/v2.0/authorize", authorize, public=True),
    Operation("token", "POST", "/<tenant>/oauth2/v2.0/token", token, public=True),
    Operation("device_code", "POST", "/<tenant>/oauth2/v2.0/devicecode", begin_device_code, public=True),
    Operation("device_page", "GET", "/<tenant>/oauth2/deviceauth", device_code.decide, public=True),
    Operation("device_decision", "POST", "/<tenant>/oauth2/deviceauth", device_code.decide, public=True),
    Operation("sign_out", "GET", "/<tenant>/oauth2/v2.0/logout", sign_out, public=True),
)
