"""The signed tokens of Xero's identity server: JWT access tokens, id tokens and the key set that verifies them.

The signing key is the simulator's own and public: it protects nothing, and the same world always signs the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sandbooks.kit.tokens import Grant
from sandbooks.world import World

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_P = int(
    "fd6f959a7ffa249b7e4ba154cd816e869bdea188a77e0befb1683ae90882e14786d0a322cd08bdac01d05be26e143f74"
    "dc0766bfdd00e340df8b09f38c58d68a9a162bbbd2d6540bdb22a4298e5bdb95f26d0fb308428c645e4b5632050d918c"
    "152bc36077bfc49815c70a0da551d361b4b3b303e5538dc83de60228a641913d",
    16,
)
_Q = int(
    "e4ecefdd6436b88b156fc3ffc7ffe8c1c5ba698544ab00837f9f69227a2c28a03c6326575f038a8d1825f9b550595453"
    "beddef6ace53b0089b0a430578aff1e161f161e3987fa0bbae91450c1d139cae3234e6e1d4ef565e78e3071cc78b10f5"
    "32c51a3e1fecadb72dde8e6fa5c1e812385f041ec0ee4e495a11e8d7d7e32a35",
    16,
)
_EXPONENT = 65537
KEY_ID = "SANDBOOKS1"


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _key() -> RSAKey:
    from joserfc.jwk import RSAKey  # 130 ms to import: only who signs in pays for it

    secret = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    parts = {"n": _P * _Q, "e": _EXPONENT, "d": secret, "p": _P, "q": _Q}
    parts |= {"dp": secret % (_P - 1), "dq": secret % (_Q - 1), "qi": pow(_Q, -1, _P)}
    numbers = {name: _number(value) for name, value in parts.items()}
    return RSAKey.import_key({"kty": "RSA", "kid": KEY_ID, "use": "sig", "alg": "RS256", **numbers})


def key_set() -> dict[str, Any]:
    """The public keys, as the JWKS endpoint answers."""
    return {"keys": [_key().as_dict(private=False)]}


def _signed(claims: dict[str, Any]) -> str:
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}, claims, _key())


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def user_id(world: World, user: str) -> str:
    return world.ids.fixed_uuid(f"xero/user/{user}")


def access_token(world: World, grant: Grant, *, issuer: str, event: str, lifetime: timedelta) -> str:
    """An access token. Source of the claims: https://github.com/XeroAPI/xero-node (XeroAccessToken)."""
    now = world.clock.now()
    claims = {
        "nbf": _seconds(now),
        "exp": _seconds(now + lifetime),
        "iss": issuer,
        "aud": f"{issuer}/resources",
        "client_id": grant.client_id,
        "sub": hashlib.md5(grant.user.encode(), usedforsecurity=False).hexdigest(),
        "auth_time": _seconds(now),
        "xero_userid": user_id(world, grant.user),
        "global_session_id": world.ids.fixed_uuid(f"xero/session/{grant.id}").replace("-", ""),
        "jti": world.ids.uuid("xero/jti").replace("-", "").upper(),
        "authentication_event_id": event,
        "scope": list(grant.scopes),
        "amr": ["pwd"],
    }
    return _signed(claims)


def id_token(world: World, grant: Grant, *, issuer: str, nonce: str, access: str) -> str:
    """An OpenID Connect id token."""
    now = world.clock.now()
    half = hashlib.sha256(access.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "nbf": _seconds(now),
        "exp": _seconds(now + timedelta(minutes=5)),
        "iat": _seconds(now),
        "iss": issuer,
        "aud": grant.client_id,
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        "sub": hashlib.md5(grant.user.encode(), usedforsecurity=False).hexdigest(),
        "auth_time": _seconds(now),
        "xero_userid": user_id(world, grant.user),
        "preferred_username": "owner@example.com",
        "email": "owner@example.com",
        "given_name": "Robin",
        "family_name": "Owner",
        "name": "Robin Owner",
    }
    if nonce:
        claims["nonce"] = nonce
    return _signed(claims)
