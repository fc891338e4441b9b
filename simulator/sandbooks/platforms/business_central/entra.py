"""The signed tokens of the sign-in service: JWT access tokens, id tokens and the key set that verifies them.

The signing key is the simulator's own and public: it protects nothing, and the same world always signs the same bytes.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sandbooks.kit.tokens import Grant, Tokens
from sandbooks.world import World

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_P = int(
    "e81950780341386e3aa267ae6e8167c520405f71233ff5524eb5726f01d48d793505aad4b6f426fee70d17344f1bbd8b"
    "e3c90265882e3c95fa58349bbd84f6ba33a0434c5d596eb4fbfdb901629716140e6e5d14a87cd0cbbece986c541e41f2"
    "7bf06704fbbd5f1df7d2bb67e4c6e2d391bcbbd8b3c62383fca06d02e124a1d5",
    16,
)
_Q = int(
    "bca15dd8e54bab95399e924541ce8dcdbd29280be2f3799af65b3975045bdba9d7d40ef96eb02daa8094d6eb7c36d260"
    "19aa689ab2e7b710bc660cde323da146cb0e0b23d6a71aa6afd7221591d794a1e23f7c2f6d7085e6322320a9ed1a2dd4"
    "cd254c7e66a45b10a08fe4d025ccee1f80b014d572a111ce2672b1a280a7823d",
    16,
)
_EXPONENT = 65537
KEY_ID = "SANDBOOKSBC1"


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


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _key() -> RSAKey:
    from joserfc.jwk import RSAKey  # slow to import: only who signs in pays for it

    secret = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    parts = {"n": _P * _Q, "e": _EXPONENT, "d": secret, "p": _P, "q": _Q}
    parts |= {"dp": secret % (_P - 1), "dq": secret % (_Q - 1), "qi": pow(_Q, -1, _P)}
    numbers = {name: _number(value) for name, value in parts.items()}
    return RSAKey.import_key({"kty": "RSA", "kid": KEY_ID, "use": "sig", "alg": "RS256", **numbers})


def key_set() -> dict[str, Any]:
    """The public keys, as the keys endpoint answers."""
    return {"keys": [_key().as_dict(private=False)]}


def _signed(claims: dict[str, Any]) -> str:
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}, claims, _key())


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
    return _signed(claims)


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
    return _signed(claims)
