"""Checks of client assertions: sign-in by the application's certificate in place of a client secret.

Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbooks import exact_json
from sandbooks.kit.certificates import certificate, rsa_key
from sandbooks.platforms.business_central.refusals import SignInRefused
from sandbooks.world import World

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256")
TOLERANCE_SECONDS = 300


def check_assertion(world: World, given: Mapping[str, str], *, client: str, tenants: tuple[str, ...]) -> None:
    """Refuse an assertion that is not by the application's certificate, for this service, at this time.

    Raises ``SignInRefused``.
    """
    if given.get("client_assertion_type") != ASSERTION_TYPE:
        text = "The request body must contain the following parameter: 'client_assertion_type'."
        raise SignInRefused("invalid_request", 900144, text)
    claims = _verified(given["client_assertion"])
    if claims.get("iss") != client or claims.get("sub") != client:
        text = "Client assertion contains an invalid issuer or subject: both must be the application's identifier."
        raise SignInRefused("invalid_client", 700021, text)
    if not _is_for(claims.get("aud"), tenants):
        text = "Client assertion audience claim does not match Realm issuer."
        raise SignInRefused("invalid_client", 700023, text)
    # A client signs by its own clock, which need not be that of the world.
    if not any(_is_timely(claims, int(now.timestamp())) for now in (world.clock.now(), world.clock.wall())):
        raise SignInRefused("invalid_client", 700024, "Client assertion is not within its valid time range.")


def _verified(assertion: str) -> dict[str, Any]:
    """The claims of an assertion that the certificate's key has signed."""
    # Written out here because a client may send its whole certificate in the header, which libraries hold too large.
    try:
        signed, _, signature = assertion.encode("ascii").rpartition(b".")
        header, claims = (_object(part) for part in signed.split(b"."))
        mark = _decoded(signature)
    except (ValueError, TypeError) as error:
        raise SignInRefused("invalid_request", 50027, "JWT token is invalid or malformed.") from error
    failed = "Client assertion failed signature validation."
    if header.get("alg") not in ALGORITHMS or not _names(header):
        told = "Reason - The key was not found."
        raise SignInRefused("invalid_client", 700027, f"{failed} [{told}]")
    if not _holds(signed, mark, str(header["alg"])):
        raise SignInRefused("invalid_client", 700027, failed)
    return claims


def _decoded(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _object(part: bytes) -> dict[str, Any]:
    found = exact_json.loads(_decoded(part))
    if not isinstance(found, dict):
        raise TypeError("a part of an assertion is an object")
    return found


def _holds(signed: bytes, signature: bytes, algorithm: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    padding = PKCS1v15() if algorithm == "RS256" else PSS(MGF1(SHA256()), PSS.DIGEST_LENGTH)
    try:
        rsa_key().public_key().verify(signature, signed, padding, SHA256())
    except InvalidSignature:
        return False
    return True


def _names(header: Mapping[str, Any]) -> bool:
    """Whether a header names the certificate: by either thumbprint, in base64url, or by its hex as a key id."""
    own = certificate()
    forms = {
        "x5t": _encoded(own.sha1),
        "x5t#S256": _encoded(own.sha256),
        "kid": own.sha1,
    }
    named = {name: str(header[name]) for name in forms if name in header}
    return bool(named) and all(value.rstrip("=") == forms[name] for name, value in named.items())


def _encoded(thumbprint: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(thumbprint)).decode().rstrip("=")


def _is_for(audience: object, tenants: tuple[str, ...]) -> bool:
    """Whether an audience is the token endpoint, or the issuer, of one of the tenants, on whatever host."""
    if not isinstance(audience, str):
        return False
    path = urlsplit(audience).path.lower().rstrip("/")
    return any(path.endswith((f"/{tenant}/oauth2/v2.0/token", f"/{tenant}/v2.0")) for tenant in tenants)


def _is_timely(claims: Mapping[str, Any], now: int) -> bool:
    """Whether a moment lies within an assertion's time; MSAL writes its times with fractions of a second."""
    begins, ends = claims.get("nbf", claims.get("iat", 0)), claims.get("exp")
    if not isinstance(begins, (int, Decimal)) or not isinstance(ends, (int, Decimal)):
        return False
    return begins - TOLERANCE_SECONDS <= now < ends + TOLERANCE_SECONDS
