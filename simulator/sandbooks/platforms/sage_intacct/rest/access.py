"""Who may call REST: the access token, its company, the entity that a header names, and the limits.

Source: developer.sage.com/intacct (OAuth 2.0, X-IA-API-Param-Entity)
"""

from __future__ import annotations

from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.tokens import Grant, Tokens
from sandbooks.platforms.sage_intacct import limits, signing
from sandbooks.platforms.sage_intacct.refusals import CompanyExpired, TokenRefused
from sandbooks.world import World


def issue(world: World, grant: Grant, *, entity: str, refreshes: bool = True) -> dict[str, Any]:
    """An access token and, where wanted, a refresh token. Called inside a unit of work."""
    tokens = Tokens(world, signing.PLATFORM)
    facts = {"entity": entity, "rest": True}
    access = tokens.issue("access", grant, lifetime=signing.ACCESS_LIFETIME, facts=facts)
    answer: dict[str, Any] = {"token_type": "Bearer", "access_token": access.value}
    if refreshes:
        refresh = tokens.issue("refresh", grant, lifetime=signing.REFRESH_LIFETIME, facts=facts)
        answer["refresh_token"] = refresh.value
    return {**answer, "expires_in": int(signing.ACCESS_LIFETIME.total_seconds())}


def admit(call: Call) -> None:
    """Turn the bearer token into a company and an entity. Raises ``TokenRefused``, ``CompanyExpired``."""
    # Source: developer.sage.com/intacct (asynchronous requests)
    if "respond-async" in call.header("Prefer").lower():
        raise NotSimulated("Prefer: respond-async", instead="the same request without it")
    scheme, _, value = call.header("Authorization").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise TokenRefused("Invalid Authorization Header", "GW-0034")
    token = Tokens(call.world, signing.PLATFORM).find("access", value.strip())
    if token is None or not token.is_live(call.world.clock.now()) or not token.facts.get("rest"):
        # Source: PyPI sageintacctrestsdk 1.4.3 (an ended token is known by status 400 and this text)
        raise TokenRefused("The token is not valid. Invalid token", "GW-0031", 400)
    company = find_company(call.world, signing.PLATFORM, token.grant.companies[0])
    if company is None:
        raise TokenRefused("The token is not valid. Invalid token", "GW-0031", 400)
    call.token, call.company = token, company
    if company.settings.get("demo_expired"):
        raise CompanyExpired
    call.exchange.caller = token.grant.user
    wanted = call.header("X-IA-API-Param-Entity")
    call.facts["entity"] = signing.entity_named(company, wanted) if wanted else str(token.facts.get("entity", ""))
    limits.draw(call)
