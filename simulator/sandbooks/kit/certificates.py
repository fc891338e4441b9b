"""The certificate by which applications sign in without a secret, where a platform knows such sign-in.

An application has one certificate in every world. Its key pair is the simulator's own and public: it protects nothing.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

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


class KeyPair(Struct, frozen=True, kw_only=True):
    """Both halves in PEM."""

    private: str
    public: str


class Certificate(Struct, frozen=True, kw_only=True):
    """A certificate in PEM; thumbprints are upper-case hex."""

    public_certificate: str
    sha1: str
    sha256: str


@cache
def rsa_key() -> RSAPrivateKey:
    """The private key, 2,048 bits."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    d = pow(_E, -1, (_P - 1) * (_Q - 1))
    numbers = RSAPrivateNumbers(_P, _Q, d, d % (_P - 1), d % (_Q - 1), pow(_Q, -1, _P), RSAPublicNumbers(_E, _P * _Q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # these are known to be right


@cache
def key_pair() -> KeyPair:
    """The same key, for who signs by it and for who checks."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = rsa_key()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private=private.decode(), public=public.decode())


@cache
def certificate() -> Certificate:
    """The certificate of every world's application: the same bytes each time, as its signature is deterministic."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    key = rsa_key()
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
    return Certificate(
        public_certificate=made.public_bytes(serialization.Encoding.PEM).decode(),
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(),
        sha256=hashlib.sha256(der).hexdigest().upper(),
    )
