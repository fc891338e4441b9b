"""The claims of the tokens of Xero's identity server: JWT access tokens and id tokens."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

from sandbooks.kit.signing import Signer
from sandbooks.kit.tokens import Grant
from sandbooks.world import World

SIGNER = Signer("SANDBOOKS1")


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
        "idp": "local",
        "xero_userid": user_id(world, grant.user),
        "global_session_id": world.ids.fixed_uuid(f"xero/session/{grant.id}").replace("-", ""),
        "jti": world.ids.uuid("xero/jti").replace("-", "").upper(),
        "authentication_event_id": event,
        "scope": list(grant.scopes),
        "amr": ["pwd"],
    }
    return SIGNER.signed(claims)


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
    return SIGNER.signed(claims)
