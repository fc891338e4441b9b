"""The signed tokens of NetSuite's authorization server: PS256, with the key set that verifies them.

The signing key is the simulator's own and public: it protects nothing. The salt of each signature follows from what is
signed, so that the same world always signs the same bytes.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158255317571.html; RFC 8017 section 9.1.1
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from sandbooks import exact_json

_P = int(
    "ebd0319f36f54e60e9f220053d6a59a1b9d447f5db1ab56e44d474d4232aa46db5d8494167c725f24170b2b301afc8c7"
    "a02794aef3c121a7ef875e46f5d3395f3fe3800bec34681d48f61fc6b4d3185f5ac6da9e532b4c1172d3bb3c0e7872db"
    "9b84e0914bcaccc859b6cff9f0dfdee8d7b9865c969132a53293bd5781020ec5",
    16,
)
_Q = int(
    "bdb986bea13008b223a7ac287b7aac535402fe985f7f6d5526f61557d3dc7083e9c0ef5ce6bbcc0699e07cfd63058b40"
    "dac65efdf2824bb48f4328abd329de5155fa16e72a7cafb55c14778f5ea9684d3ad95d9a5ad5afc132cde3d46fc59466"
    "d956e9083b234743984908e114ddc3527c63806c6bc6bcda97e635535d690fcf",
    16,
)
_EXPONENT = 65537
_N = _P * _Q
_BITS = _N.bit_length() - 1
_LENGTH = (_BITS + 7) // 8
KEY_ID = "sandbooks-netsuite-1"


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def key_set() -> dict[str, Any]:
    """The public keys, as the JWKS endpoint answers."""
    key = {"kty": "RSA", "use": "sig", "alg": "PS256", "kid": KEY_ID}
    return {"keys": [{**key, "n": _number(_N), "e": _number(_EXPONENT)}]}


def _mask(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha256(seed + n.to_bytes(4, "big")).digest() for n in range(length // 32 + 1))
    return b"".join(blocks)[:length]


def _pss(message: bytes) -> bytes:
    """EMSA-PSS with SHA-256 and a salt of 32 bytes."""
    salt = hashlib.sha256(b"salt" + message).digest()
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    block = bytes(_LENGTH - 66) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * _LENGTH - _BITS)
    return bytes(masked) + digest + b"\xbc"


def signed(claims: dict[str, Any]) -> str:
    """A compact JWS over claims."""
    header = encoded(exact_json.dumps({"kid": KEY_ID, "typ": "JWT", "alg": "PS256"}))
    message = f"{header}.{encoded(exact_json.dumps(claims))}"
    secret = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    signature = pow(int.from_bytes(_pss(message.encode()), "big"), secret, _N)
    return f"{message}.{encoded(signature.to_bytes((_N.bit_length() + 7) // 8, 'big'))}"
