"""Signed tokens (JWT) of the simulated sign-in services, and the key sets that verify them.

The key pair is the simulator's own and public: it protects nothing, so one pair serves every platform, each under its
own key id. The same world signs the same bytes: RS256 is deterministic, and the salt of a PS256 signature follows from
what is signed. PS256 is written out here because no library signs it with a given salt.

Source: RFC 7515 (JWS), RFC 7517 (key sets), RFC 8017 sections 8.1, 8.2, 9.1 and 9.2 (PSS and PKCS #1 v1.5)
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from sandbooks import exact_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["Signer"]

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
_E = 65537
_N = _P * _Q
_D = pow(_E, -1, (_P - 1) * (_Q - 1))
_Q_INVERSE = pow(_Q, -1, _P)
_OCTETS = (_N.bit_length() + 7) // 8
_DIGEST_OCTETS = 32


class Signer(Struct, frozen=True):
    """Signs as one platform's sign-in service does. ``type`` is the header's ``typ``; None leaves it out."""

    key_id: str
    algorithm: Literal["RS256", "PS256"] = "RS256"
    type: str | None = "JWT"

    def signed(self, claims: dict[str, Any]) -> str:
        """A compact JWS over claims."""
        header: dict[str, Any] = {"alg": self.algorithm, "kid": self.key_id}
        if self.type is not None:
            header["typ"] = self.type
        message = f"{_encoded(exact_json.dumps(header))}.{_encoded(exact_json.dumps(claims))}"
        signature = (_pss_signed if self.algorithm == "PS256" else _pkcs1_signed)(message.encode())
        return f"{message}.{_encoded(signature)}"

    def key_set(self) -> dict[str, Any]:
        """The public key, as a JWKS endpoint answers."""
        key = {"kty": "RSA", "use": "sig", "alg": self.algorithm, "kid": self.key_id}
        return {"keys": [{**key, "n": _encoded(_octets(_N)), "e": _encoded(_octets(_E))}]}


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _octets(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _pkcs1_signed(message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return _private_key().sign(message, PKCS1v15(), SHA256())


@cache
def _private_key() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    public = RSAPublicNumbers(_E, _N)
    numbers = RSAPrivateNumbers(_P, _Q, _D, _D % (_P - 1), _D % (_Q - 1), _Q_INVERSE, public)
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # these are known to be right


@lru_cache(maxsize=256)
def _pss_signed(message: bytes) -> bytes:
    """RSASSA-PSS: the private-key operation by the two primes is four times as fast as by their product.

    A signature is kept, as worlds of one seed sign the same at the same time of theirs.
    """
    padded = int.from_bytes(_pss(message), "big")
    by_p, by_q = pow(padded, _D % (_P - 1), _P), pow(padded, _D % (_Q - 1), _Q)
    return (by_q + (by_p - by_q) * _Q_INVERSE % _P * _Q).to_bytes(_OCTETS, "big")


def _pss(message: bytes) -> bytes:
    """EMSA-PSS with SHA-256 and a salt of 32 bytes, for a modulus of a whole number of octets."""
    salt = hashlib.sha256(b"salt" + message).digest()
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    block = bytes(_OCTETS - 2 * _DIGEST_OCTETS - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    masked[0] &= 0x7F
    return bytes(masked) + digest + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-256."""
    blocks = (hashlib.sha256(seed + n.to_bytes(4, "big")).digest() for n in range(length // _DIGEST_OCTETS + 1))
    return b"".join(blocks)[:length]
