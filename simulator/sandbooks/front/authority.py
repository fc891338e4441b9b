"""A certificate authority that lives as long as its process: made anew, valid for a day, for named hosts only.

Its key never leaves memory and its certificate is never put into a system store: a client is told to trust it by an
environment variable of its own process.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=1)
PEM = serialization.Encoding.PEM


class Authority:
    """Issues certificates for ``hosts`` and what lies below them; a wildcard ``*.example.com`` names its suffix."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._suffixes = sorted({host.removeprefix("*.") for host in hosts})
        self._key = ec.generate_private_key(ec.SECP256R1())
        # TLS peers judge validity by the wall clock, whatever the time in any world.
        self._begins = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251 - peers judge by it
        self._contexts: dict[str, ssl.SSLContext] = {}

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate, constrained to its hosts."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandbooks throw-away authority")])
        permitted = [x509.DNSName(suffix) for suffix in self._suffixes]
        return (
            self._builder(name, self._key)
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The authority's certificate, for a client to trust."""
        return self.certificate.public_bytes(PEM)

    def context(self, host: str) -> ssl.SSLContext:
        """A server's TLS context that shows a certificate for a host."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            self._load(context, host)
            self._contexts[host] = context
        return self._contexts[host]

    def _load(self, context: ssl.SSLContext, host: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
        issued = (
            self._builder(name, key)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        with tempfile.TemporaryDirectory() as folder:  # ssl loads a chain from a file only
            file = Path(folder) / "host.pem"
            file.touch(mode=0o600)
            file.write_bytes(secret + issued.public_bytes(PEM))
            context.load_cert_chain(file)

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._begins)
            .not_valid_after(self._begins + LIFETIME)
        )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
