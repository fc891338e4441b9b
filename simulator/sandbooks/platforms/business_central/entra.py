"""The claims of the tokens of the sign-in service: JWT access tokens and id tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbooks.kit.signing import Signer
from sandbooks.kit.tokens import Grant, Tokens
from sandbooks.world import World

SIGNER = Signer("SANDBOOKSBC1")


def client(world: World) -> tuple[str, str]:
    """Id and secret of the world's own application."""
    ids = world.ids
    return ids.fixed_uuid("business_central/client"), ids.fixed_token("business_central/client_secret", length=40)


def secrets(world: World) -> dict[str, str]:
    """The secret of each application that is registered, by its id in lower case: the company's own and the hub's."""
    own, hub = client(world), Tokens(world, "business_central").client()
    return {own[0]: own[1], hub[0].lower(): hub[1]}


def user_id(world: World) -> str:
    """The signed-in person's object id."""
    return world.ids.fixed_uuid("business_central/user")


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def access_token(
    world: World, grant: Grant, *, tenant: str, audience: str, delegated: bool, lifetime: timedelta
) -> str:
    """An access token. Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"""
    now = world.clock.now()
    claims: dict[str, Any] = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{tenant}/",
        "iat": _seconds(now),
        "nbf": _seconds(now),
        "exp": _seconds(now + lifetime),
        "appid": grant.client_id,
        "appidacr": "1",
        "idtyp": "user" if delegated else "app",
        "oid": user_id(world) if delegated else world.ids.fixed_uuid("business_central/service_principal"),
        "tid": tenant,
        "uti": world.ids.token("business_central/uti", length=22),
        "ver": "1.0",
    }
    if delegated:
        claims |= {"scp": "Financials.ReadWrite.All user_impersonation", "upn": "owner@example.com"}
    else:
        claims["roles"] = ["API.ReadWrite.All", "Automation.ReadWrite.All"]
    return SIGNER.signed(claims)


def id_token(world: World, grant: Grant, *, tenant: str, issuer: str, nonce: str) -> str:
    """An OpenID Connect id token."""
    now = world.clock.now()
    claims: dict[str, Any] = {
        "aud": grant.client_id,
        "iss": issuer,
        "iat": _seconds(now),
        "nbf": _seconds(now),
        "exp": _seconds(now + timedelta(hours=1)),
        "name": "Robin Owner",
        "oid": user_id(world),
        "preferred_username": "owner@example.com",
        "sub": world.ids.fixed_token("business_central/sub", length=43),
        "tid": tenant,
        "ver": "2.0",
    }
    if nonce:
        claims["nonce"] = nonce
    return SIGNER.signed(claims)
