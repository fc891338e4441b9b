"""Sign-in: grants, scopes and connections behind Xero's OAuth 2 endpoints, and admission of every API call.

# Source: https://developer.xero.com/documentation/guides/oauth2/overview/ and .../oauth2/scopes/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.tokens import Grant, Token, Tokens
from sandbooks.platforms.xero import jwt, limits
from sandbooks.platforms.xero.refusals import (
    PreconditionFailed,
    ScopeMissing,
    SignInRefused,
    TenantForbidden,
    Unauthenticated,
)
from sandbooks.platforms.xero.wire.dates import stored_instant
from sandbooks.platforms.xero.wire.reading import guid
from sandbooks.world import World

ACCESS = timedelta(minutes=30)
REFRESH = timedelta(days=60)
GRACE = timedelta(minutes=30)  # Source: https://developer.xero.com/faq/oauth2 (a lost refresh answer may be retried)
CODE = timedelta(minutes=5)
USER = "owner"
CUSTOM = "custom connection"  # whom a grant by client credentials acts for
CONNECTIONS = "xero/connection"
CONSENTS = "xero/consent"

IDENTITY_SCOPES = ("openid", "profile", "email", "offline_access")
_READABLE = (
    "accounting.transactions",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.classicexpenses",
    "accounting.settings",
    "accounting.contacts",
    "accounting.attachments",
    "files",
)
# Of products that are not simulated: an application may hold them all the same, and asks for them in one list with the
# others. Those of the Finance API need a certification and are refused as Xero refuses them without.
# Source: https://developer.xero.com/documentation/guides/oauth2/scopes/
_OTHER_PRODUCTS = (
    "payroll.employees",
    "payroll.payruns",
    "payroll.payslip",
    "payroll.settings",
    "payroll.timesheets",
    "assets",
    "projects",
)
BROAD = ("accounting.transactions", "accounting.transactions.read", "accounting.reports.read")
# Unconfirmed: the names of the budget summary and tax report scopes.
_REPORTS = (
    "aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss", "taxreports",
    "tenninetynine", "trialbalance",
)  # fmt: skip
SCOPES = frozenset(
    (
        *IDENTITY_SCOPES,
        *_READABLE,
        *(f"{scope}.read" for scope in _READABLE),
        "accounting.reports.read",
        *(f"accounting.reports.{name}.read" for name in _REPORTS),
        "accounting.journals.read",
        "accounting.budgets.read",
        "paymentservices",
        "bankfeeds",
        *_OTHER_PRODUCTS,
        *(f"{scope}.read" for scope in _OTHER_PRODUCTS),
    )
)


def tokens_of(world: World) -> Tokens:
    return Tokens(world, "xero")


def client(world: World) -> tuple[str, str]:
    """Client id and secret of the world's own application."""
    id, secret = tokens_of(world).client()
    return id[:32], secret


# Connections


def connect(world: World, company: Company, *, client_id: str, event: str) -> None:
    """The application may reach an organisation from now on."""
    now = stored_instant(world.clock.now())
    key = f"{client_id}/{company.id}"
    kept = world.get(CONNECTIONS, key) or {"id": world.ids.uuid("xero/connection"), "createdDateUtc": now}
    kept |= {"authEventId": event, "tenantId": company.id, "updatedDateUtc": now, "client_id": client_id}
    world.put(CONNECTIONS, key, kept)


def connections(world: World, client_id: str) -> list[dict[str, Any]]:
    """The connections of an application, oldest first."""
    found = [kept for kept in world.kept(CONNECTIONS).values() if kept["client_id"] == client_id]
    return sorted(found, key=lambda kept: (kept["createdDateUtc"], kept["id"]))


def connected(world: World, client_id: str, company: str) -> bool:
    return world.get(CONNECTIONS, f"{client_id}/{company}") is not None


def disconnect(world: World, client_id: str, companies: Iterable[str]) -> None:
    for company in companies:
        world.put(CONNECTIONS, f"{client_id}/{company}", None)


# Scopes and tokens


def checked_scopes(world: World, text: str) -> tuple[str, ...]:
    """The scopes of a request. Raises SignInRefused for one that does not exist, or is closed to this application."""
    scopes = tuple(dict.fromkeys(text.split()))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise SignInRefused("invalid_scope", "Invalid scope for client")
    # Applications made since 2 March 2026 may not ask for broad scopes; the world setting `xero_broad_scopes` is `off`
    # to play one. Source: https://developer.xero.com/documentation/guides/oauth2/scopes/
    if world.get("settings", "xero_broad_scopes") == "off" and set(scopes) & set(BROAD):
        raise SignInRefused("invalid_scope", "Invalid scope for client")
    # Journals are for applications of the advanced tier since 2026; the world setting `xero_journals` is `off` to play
    # another one. Unconfirmed: how such an application is refused.
    if world.get("settings", "xero_journals") == "off" and "accounting.journals.read" in scopes:
        raise SignInRefused("invalid_scope", "Invalid scope for client")
    return scopes


def added_scopes(world: World, client_id: str, scopes: Iterable[str], *, redirect_uri: str) -> tuple[str, ...]:
    """Scopes add up over consents; only revoking takes them away.

    The hub signs in as the world's one application too, and comes back to an address of its own: what is consented to
    there is not told to others, as it would be of two applications.
    """
    kept: dict[str, list[str]] = world.get(CONSENTS, client_id) or {}
    merged = list(dict.fromkeys([*kept.get(redirect_uri, []), *scopes]))
    world.put(CONSENTS, client_id, {**kept, redirect_uri: merged})
    return tuple(merged)


def forget_consent(world: World, grant: Grant) -> None:
    """Revocation: tokens, connections and scopes of the application end."""
    tokens_of(world).revoke(grant)
    disconnect(world, grant.client_id, grant.companies)
    world.put(CONSENTS, grant.client_id, None)


def token_answer(call: Call, grant: Grant, facts: Mapping[str, Any], *, with_refresh: bool = True) -> dict[str, Any]:
    """New tokens of a grant, as the token endpoint answers them."""
    issuer = call.link("", host="identity.xero.com")
    issued = issue(call.world, grant, issuer=issuer, facts=facts, with_refresh=with_refresh)
    answer: dict[str, Any] = {}
    if "openid" in grant.scopes:
        nonce = str(facts.get("nonce", ""))
        answer["id_token"] = jwt.id_token(call.world, grant, issuer=issuer, nonce=nonce, access=issued["access_token"])
    return {**answer, **issued, "scope": " ".join(grant.scopes)}


def issue(
    world: World, grant: Grant, *, issuer: str, facts: Mapping[str, Any], with_refresh: bool = True
) -> dict[str, Any]:
    """An access token (a JWT) and, with offline_access, a refresh token. Belongs inside a unit."""
    tokens = tokens_of(world)
    value = jwt.access_token(world, grant, issuer=issuer, event=str(facts.get("event", "")), lifetime=ACCESS)
    access = tokens.issue("access", grant, lifetime=ACCESS, value=value)
    issued = {
        "access_token": access.value,
        "expires_in": int(ACCESS.total_seconds()),
        "token_type": "Bearer",
    }
    if with_refresh and "offline_access" in grant.scopes:
        issued["refresh_token"] = tokens.issue("refresh", grant, lifetime=REFRESH, facts=dict(facts)).value
    return issued


def rotated(call: Call, token: Token) -> dict[str, Any]:
    """A refresh: new tokens; the one that was used stays good for the grace period, counted from its first use."""
    tokens = tokens_of(call.world)
    facts = {name: value for name, value in token.facts.items() if name != "used"}
    answer = token_answer(call, token.grant, facts)
    if not token.facts.get("used"):
        tokens.mark(token, used=True)
        again = tokens.find("refresh", token.value)
        if again is not None:
            tokens.spend(again, after=GRACE)
    return answer


# Admission


def admit(call: Call) -> None:
    """Token, organisation, quota and scope of an API call, in this order. Raises natively mapped refusals."""
    token = bearer(call)
    call.token = token
    call.exchange.caller = token.grant.client_id
    if call.operation.rule.lower().startswith("/connections"):
        return
    call.company = _tenant(call, token)
    limits.draw(call, token.grant.client_id)
    check_scope(call, token)
    if call.company.settings.get("precondition_failed"):
        raise PreconditionFailed(str(call.company.settings["precondition_failed"]))


def bearer(call: Call) -> Token:
    """The live access token of a call. Raises Unauthenticated."""
    scheme, _, value = call.header("Authorization").partition(" ")
    token = tokens_of(call.world).find("access", value.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.revoked is not None:
        raise Unauthenticated
    if not token.is_live(call.world.clock.now()):
        at = token.expires.strftime("%m/%d/%Y %H:%M:%S") if token.expires else ""
        raise Unauthenticated(f"TokenExpired: token expired at {at}")
    return token


def _tenant(call: Call, token: Token) -> Company:
    named = call.header("xero-tenant-id")
    if not named and token.grant.user == CUSTOM:
        # Source: https://github.com/XeroAPI/xero-node (custom connections: the tenant id can be an empty string)
        named = token.grant.companies[0]
    tenant = guid(named) or ""
    reached = tenant in token.grant.companies and connected(call.world, token.grant.client_id, tenant)
    company = find_company(call.world, "xero", tenant) if reached else None
    if company is None:
        raise TenantForbidden
    return company


def check_scope(call: Call, token: Token) -> None:
    """One of the operation's scopes, broad or granular; reading is also open to the ``.read`` ones."""
    wanted = call.operation.scope.split()
    if call.request.method == "GET":
        wanted += [f"{scope}.read" for scope in wanted if not scope.endswith(".read")]
    if wanted and not set(wanted) & set(token.grant.scopes):
        raise ScopeMissing
