"""From a bearer token to a realm: who may act here, and whether the quota still allows it."""

from __future__ import annotations

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.tokens import Tokens
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.limits import draw

NAME = "quickbooks_online"
ACCOUNTING = "com.intuit.quickbooks.accounting"


def admit(call: Call) -> None:
    """Admit a call to a realm. Raises TokenMissing, NotAuthenticated, NotAuthorized, Throttled."""
    scheme, _, value = call.header("Authorization").partition(" ")
    value = value.strip()
    if not value:
        raise no.TokenMissing
    token = Tokens(call.world, NAME).find("access", value) if scheme.lower() == "bearer" else None
    if token is None:
        raise no.NotAuthenticated("Token invalid: the access token is malformed or unknown")
    if token.revoked:
        raise no.NotAuthenticated("Token revoked: the access token was revoked")
    if not token.is_live(call.world.clock.now()):
        raise no.NotAuthenticated("Token expired: the access token has expired")
    realm = call.args["realm"]
    company = find_company(call.world, NAME, realm)
    if company is None or realm not in token.grant.companies or ACCOUNTING not in token.grant.scopes:
        raise no.NotAuthorized(realm)
    call.company = company
    call.token = token
    call.exchange.caller = token.grant.client_id
    draw(call, client=token.grant.client_id)
    if call.operation.writes and company.settings.get("subscription") == "ended":
        raise no.SubscriptionEnded
