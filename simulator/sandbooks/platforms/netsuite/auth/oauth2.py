"""OAuth 2.0: tokens of the authorization code flow and of machine-to-machine sign-in with a signed assertion.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158255317571.html (token form),
section_162755359851.html and section_162790605110.html (client credentials), section_160855594402.html (refresh)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.signing import Signer
from sandbooks.kit.tokens import Grant, Token, Tokens
from sandbooks.platforms.netsuite.access import ANALYTICS, ASSISTANTS, PLATFORM, REST, RESTLETS, TOLERANCE_SECONDS
from sandbooks.platforms.netsuite.refusals import OAuthRefused
from sandbooks.world import World

SCOPES = (RESTLETS, REST, ANALYTICS)
ISSUER = "https://system.netsuite.com"
SIGNER = Signer("sandbooks-netsuite-1", "PS256")
ACCESS_LIFETIME = timedelta(hours=1)
REFRESH_LIFETIME = timedelta(days=7)
CODE_LIFETIME = timedelta(minutes=10)
ROLE = "3"
ROLE_NAME = "Administrator"
ALGORITHMS = ("PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
ASSERTION_MAX = timedelta(hours=1)
_MAPPINGS = "netsuite/certificates"


def tokens_of(world: World) -> Tokens:
    return Tokens(world, PLATFORM)


def user_of(company: Company) -> str:
    """The entity whom a grant speaks for: role and entity, as token claims write them."""
    return f"{ROLE};{company.settings['owner']}"


def issue(world: World, grant: Grant, *, refresh: bool, keep: Token | None = None) -> dict[str, Any]:
    """A fresh access token, with a refresh token where the flow gives one."""
    tokens = tokens_of(world)
    access = tokens.issue("access", grant, lifetime=ACCESS_LIFETIME, value=_jwt(world, grant, ACCESS_LIFETIME))
    # Unconfirmed: expires_in as text; public clients show it so.
    answer: dict[str, Any] = {"access_token": access.value}
    if keep is not None:
        answer["refresh_token"] = keep.value
    elif refresh:
        made = _jwt(world, grant, REFRESH_LIFETIME)
        answer["refresh_token"] = tokens.issue("refresh", grant, lifetime=REFRESH_LIFETIME, value=made).value
    return {**answer, "expires_in": str(ACCESS_LIFETIME // timedelta(seconds=1)), "token_type": "bearer"}


def _jwt(world: World, grant: Grant, lifetime: timedelta) -> str:
    now = int(world.clock.now().timestamp())
    application = world.ids.fixed_uuid("netsuite/application").upper()
    claims = {
        "sub": grant.user,
        "aud": [f"{application};{grant.companies[0]}", grant.client_id],
        "scope": list(grant.scopes),
        "iss": ISSUER,
        "oit": now,
        "exp": now + lifetime // timedelta(seconds=1),
        "iat": now,
        "jti": world.ids.uuid("netsuite/jti"),
    }
    return SIGNER.signed(claims)


def scopes_of(text: str) -> tuple[str, ...] | None:
    """The scopes of a request; None when one is unknown, none is named, or one does not go with the others."""
    named = tuple(dict.fromkeys(text.replace(",", " ").split()))
    # Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158255317571.html (only by itself)
    return named if named == (ASSISTANTS,) or (named and set(named) <= set(SCOPES)) else None


# Machine to machine


def map_certificate(world: World, company: Company, *, id: str, public_key: str) -> None:
    """A mapping of certificate, application, entity and role."""
    world.put(_MAPPINGS, id, {"company": company.id, "public_key": public_key, "user": user_of(company)})


def by_assertion(world: World, assertion: str, *, endpoints: tuple[str, ...]) -> Grant:
    """The grant behind a client assertion. Raises ``OAuthRefused``."""
    from joserfc import jwk, jws, jwt
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(assertion.encode("ascii", "replace")).headers()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OAuthRefused("invalid_request") from error
    mapping = world.get(_MAPPINGS, str(header.get("kid", "")))
    if mapping is None or header.get("alg") not in ALGORITHMS:
        raise OAuthRefused("invalid_client")
    try:
        key = jwk.import_key(mapping["public_key"], "EC" if header["alg"].startswith("ES") else "RSA")
        claims = jwt.decode(assertion, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError) as error:
        raise OAuthRefused("invalid_client") from error
    return _granted(world, claims, mapping, endpoints)


def _granted(world: World, claims: dict[str, Any], mapping: dict[str, str], endpoints: tuple[str, ...]) -> Grant:
    client_id, _ = tokens_of(world).client()
    if claims.get("iss") != client_id:
        raise OAuthRefused("invalid_client")
    named = claims.get("aud")
    audiences = [a for a in named if isinstance(a, str)] if isinstance(named, list) else [named]
    if not set(endpoints) & {a for a in audiences if isinstance(a, str)}:
        raise OAuthRefused("invalid_client")
    _check_times(world, claims)
    scope = claims.get("scope")
    joined = " ".join(s for s in scope if isinstance(s, str)) if isinstance(scope, list) else str(scope or "")
    scopes = scopes_of(joined)
    if scopes is None:
        raise OAuthRefused("invalid_scope")
    tokens = tokens_of(world)
    return tokens.new_grant(client_id=client_id, scopes=scopes, companies=(mapping["company"],), user=mapping["user"])


def _check_times(world: World, claims: dict[str, Any]) -> None:
    """Issued and not expired, by the world's clock or the process's own, and for no more than an hour."""
    issued, expires = _numeric_date(claims.get("iat")), _numeric_date(claims.get("exp"))
    if not 0 < expires - issued <= ASSERTION_MAX // timedelta(seconds=1):
        raise OAuthRefused("invalid_request")
    if not any(_holds(issued, expires, now) for now in (world.clock.now(), world.clock.wall())):
        raise OAuthRefused("invalid_client")


def _numeric_date(claim: object) -> Decimal:
    """Seconds since 1970; a fraction is lawful, and clients that send one are in use.

    Source: https://www.rfc-editor.org/rfc/rfc7519#section-2 ; PyPI netsuite-python 2.1.5
    """
    if isinstance(claim, bool) or not isinstance(claim, int | float | Decimal):
        raise OAuthRefused("invalid_request")
    seconds = Decimal(str(claim))
    if not seconds.is_finite():
        raise OAuthRefused("invalid_request")
    return seconds


def _holds(issued: Decimal, expires: Decimal, now: datetime) -> bool:
    seconds = int(now.timestamp())
    return issued - TOLERANCE_SECONDS <= seconds < expires
