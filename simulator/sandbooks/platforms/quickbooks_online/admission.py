"""From a bearer token to a realm: who may act here, and whether the quota still allows it."""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.tokens import Tokens
from sandbooks.ledger import Refusal
from sandbooks.platforms.quickbooks_online import refusals as no
from sandbooks.platforms.quickbooks_online.limits import draw
from sandbooks.platforms.quickbooks_online.switches import switch

NAME = "quickbooks_online"
ACCOUNTING = "com.intuit.quickbooks.accounting"


_CLOSED: Mapping[str, type[Refusal]] = {
    "user_removed": no.UserRemoved,
    "wrong_cluster": no.WrongCluster,
    "locked_out": no.CompanyLockedOut,
    "maintenance": no.UnderMaintenance,
    "reset": no.CompanyReset,
}


def _check_access(call: Call) -> None:
    """Refuse a company that cannot be reached, as its setting ``company_access`` says."""
    refusal = _CLOSED.get(switch(call.company.settings, "company_access"))
    if refusal is not None:
        raise refusal


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
    _check_access(call)
    draw(call, client=token.grant.client_id)
    if call.operation.writes and company.settings.get("subscription") == "ended":
        raise no.SubscriptionEnded
