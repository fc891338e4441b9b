"""Certificates of applications: sign-in by a signed assertion in place of a client secret.

The application of a world has one certificate. Its key pair is the simulator's own and public: it protects nothing.
Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from sandbooks import exact_json
from sandbooks.platforms.business_central.refusals import SignInRefused
from sandbooks.world import World

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256")
TOLERANCE_SECONDS = 300
_P = int(
    "e0330344ba44349b7b3f59933ad4f82eb81f3ee63d1f3b3de02ff3cdf355abac519207011a4377ca7e0ea6a6b3f4ac91"
    "69295b9313ebeac03950ed3f81f8f4a30fda73e326633f95845ee80d63d47defad256d5d00c3969867f3f08bf6142757"
    "9a47f2a815108ce38398aafb21238e49cd232c1876698fb741b641ebd09af8c5",
    16,
)
_Q = int(
    "cb3e3afd0515073d4b851e2fac9bfc5e8193d82f7f29609c39b14d96614621bad683ef7dea4a57258eb60790fe93cdc4"
    "87e94898b70aa5b0352a98a1a4b8495be68ce9933d9c65af2bf977e234a0a46ea733f04c386831d88a041e1041973b47"
    "463852e4f18a907d4d664285a201831d6e853880bd08cbb42ed69ed218f856fd",
    16,
)
_E = 65537


class Certificate(Struct, frozen=True, kw_only=True):
    """A certificate in the forms that client libraries ask for; thumbprints are upper-case hex."""

    private_key: str
    public_certificate: str
    sha1: str
    sha256: str


def _key() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    d = pow(_E, -1, (_P - 1) * (_Q - 1))
    numbers = RSAPrivateNumbers(_P, _Q, d, d % (_P - 1), d % (_Q - 1), pow(_Q, -1, _P), RSAPublicNumbers(_E, _P * _Q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # these are known to be right


@cache
def certificate() -> Certificate:
    """The certificate of every world's application: the same bytes each time, as its signature is deterministic."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    key = _key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandbooks application")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(0x5A4DB0)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 12, 31, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    der = made.public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(
        private_key=private.decode(),
        public_certificate=made.public_bytes(serialization.Encoding.PEM).decode(),
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(),
        sha256=hashlib.sha256(der).hexdigest().upper(),
    )


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
        _key().public_key().verify(signature, signed, padding, SHA256())
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
