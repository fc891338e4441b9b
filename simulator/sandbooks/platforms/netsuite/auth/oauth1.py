"""Token-based authentication: an OAuth 1.0a header, verified byte for byte against the request as it was sent.

Source: RFC 5849 section 3.4; https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4389727047.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from msgspec import Struct

from sandbooks.wire import Request

METHOD = "HMAC-SHA256"
_PAIR = re.compile(r'\s*([A-Za-z0-9_.~%-]+)\s*=\s*"([^"]*)"\s*(?:,|$)')
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Signed(Struct, frozen=True):
    """The parameters of an ``Authorization: OAuth`` header, decoded. ``realm`` is no part of the signature."""

    realm: str
    parameters: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        return next((value for key, value in self.parameters if key == name), "")


def parse(header: str) -> Signed | None:
    """The parameters of a header; None when it is not one of OAuth 1."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "oauth":
        return None
    pairs, at = [], 0
    while at < len(rest):
        match = _PAIR.match(rest, at)
        if match is None:
            return None
        pairs.append((unquote(match[1]), unquote(match[2])))
        at = match.end()
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        return None
    realm = next((value for name, value in pairs if name == "realm"), "")
    return Signed(realm, tuple(pair for pair in pairs if pair[0] != "realm"))


def _enc(text: str) -> str:
    return quote(text, safe="-._~")


def base_uri(request: Request) -> str:
    """Scheme and host in lower case, the default port dropped, the path as sent."""
    place = urlsplit(request.url)
    host, _, port = request.host.partition(":")
    if port and port != _DEFAULT_PORTS.get(place.scheme.lower()):
        host = f"{host}:{port}"
    return f"{place.scheme.lower()}://{host}{place.path or '/'}"


def base_string(request: Request, signed: Signed) -> str:
    """The text that is signed."""
    pairs: list[tuple[str, str]] = [pair for pair in signed.parameters if pair[0] != "oauth_signature"]
    pairs += parse_qsl(request.query, keep_blank_values=True)
    media = request.header("Content-Type").partition(";")[0].strip().lower()
    if media == "application/x-www-form-urlencoded":
        pairs += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return "&".join((request.method.upper(), _enc(base_uri(request)), _enc(_normalized(pairs))))


def _normalized(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted((_enc(n), _enc(v)) for n, v in pairs))


def signature(request: Request, signed: Signed, *, consumer_secret: str, token_secret: str) -> str:
    """The HMAC-SHA256 signature that the request should carry."""
    key = f"{_enc(consumer_secret)}&{_enc(token_secret)}".encode()
    return base64.b64encode(hmac.new(key, base_string(request, signed).encode(), hashlib.sha256).digest()).decode()


def body_hash_holds(request: Request, signed: Signed) -> bool:
    """Whether ``oauth_body_hash`` (sent by some clients, SHA-1 by its draft) is that of the body, where it is sent."""
    given = signed.get("oauth_body_hash")
    if not given:
        return True
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False
    hashes = (hashlib.sha1(request.body, usedforsecurity=False), hashlib.sha256(request.body))
    return any(hmac.compare_digest(raw, made.digest()) for made in hashes)
