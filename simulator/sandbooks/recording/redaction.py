"""Secrets taken out of what leaves a world: headers, URLs, and bodies in JSON, XML, forms and multipart.

Names decide, not values, so that the rest of a message stays byte for byte as it was. A body is redacted by what it
looks like, because senders name content types wrongly and a malformed body may carry a secret too.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import unquote_plus

from sandbooks.wire import Headers

REDACTED = "REDACTED"

Redaction: TypeAlias = Callable[[bytes], bytes]

SECRET_NAMES = frozenset({
    "accesskey", "assertion", "clientassertion", "codeverifier", "credential", "credentials", "jwt", "passphrase",
    "pwd", "secretkey", "sessionid", "signingkey", "ticket",
})  # fmt: skip
SECRET_ENDINGS = ("token", "tokens", "secret", "password", "passwd", "signature", "apikey", "privatekey")
# Words of the platforms that end like a secret and are none: versions and places in a list.
OPEN_NAMES = frozenset({
    "synctoken", "pagetoken", "nextpagetoken", "continuationtoken", "skiptoken", "nexttoken", "requesttoken",
    "cancellationtoken",
})  # fmt: skip
# An authorization code is a secret where it travels as a parameter; in a JSON answer "code" names an error.
PARAMETER_NAMES = frozenset({"code", "oauthverifier", "oauthtoken", "authcode"})
ADDRESS_HEADERS = frozenset({"location", "referer", "content-location"})
COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
AUTHORIZATION_HEADERS = frozenset({"authorization", "proxy-authorization"})

_NAME = rb"[A-Za-z][\w.\-]{1,60}"
_HINTS = (
    b"token", b"secret", b"pass", b"pwd", b"signature", b"key", b"session", b"ticket", b"assertion", b"credential",
    b"verifier", b"cookie", b"jwt", b"code", b"bearer", b"eyj",
)  # fmt: skip
_JSON = re.compile(rb'("(' + _NAME + rb')"\s*:\s*)(?:"(?:[^"\\]|\\[\s\S])*(?:"|$)|\d+)')
_JSON_AS_TEXT = re.compile(rb'(\\"(' + _NAME + rb')\\"\s*:\s*)(?:\\"(?:[^"\\]|\\\\(?:\\"|[^"]))*\\"|\d+)')
_ELEMENT = re.compile(rb"(<(?:[\w.\-]+:)?(" + _NAME + rb")(?:\s[^<>]*)?>)([^<]+)(</)")
_ATTRIBUTE = re.compile(rb"([\s?](" + _NAME + rb")\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*')")
_INPUT = re.compile(rb"""(name=["'](""" + _NAME + rb""")["'][^<>]*?value=["'])([^"'<>]*)""")
_PART = re.compile(rb'(name="(' + _NAME + rb')"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^\r\n]*)')
_PAIR = re.compile(rb"(^|[?&;#])([^=&;?#\s]+)=([^&;#\s]*)")
_JWT = re.compile(rb"eyJ[\w\-]{8,}\.[\w\-]{8,}\.[\w\-]*")
_BEARER = re.compile(rb"(\bBearer\s+)[\w.~+/\-]{8,}=*", re.IGNORECASE)
_MARK = REDACTED.encode()
_KEPT_LENGTH = 16_384  # a longer body is not remembered


@lru_cache(maxsize=4096)
def is_secret(name: str, *, parameter: bool = False) -> bool:
    """Whether what stands under this name is a secret. ``parameter``: the name is one of a query or a form."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if plain in OPEN_NAMES:
        return False
    return plain in SECRET_NAMES or plain.endswith(SECRET_ENDINGS) or (parameter and plain in PARAMETER_NAMES)


def redact_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers without credentials, cookies and signatures; the scheme of an ``Authorization`` stays."""
    return tuple((name, _header(name, value)) for name, value in headers)


def _header(name: str, value: str) -> str:
    lower = name.lower()
    if lower in AUTHORIZATION_HEADERS:
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {REDACTED}" if space else REDACTED
    if is_secret(name) or lower in COOKIE_HEADERS:
        return REDACTED
    return redact_url(value) if lower in ADDRESS_HEADERS else value


def redact_url(url: str) -> str:
    """A URL without the secrets of its query, its fragment and its user part."""
    cleaned = re.sub(r"^([a-z][a-z0-9+.\-]*://)[^/?#@]*@", rf"\1{REDACTED}@", url, flags=re.IGNORECASE)
    place, mark, _ = cleaned.partition("?")
    if not mark:
        place = cleaned.partition("#")[0]
    return place + _pairs(cleaned[len(place) :].encode()).decode()


def redact_body(body: bytes) -> bytes:
    """A body without tokens, passwords, client secrets, keys and signatures; everything else stays as it was.

    A gzip body that holds a secret comes back as gzip of the redacted text.
    """
    return _known_redacted(body) if len(body) <= _KEPT_LENGTH else _redacted(body)


def _redacted(body: bytes) -> bytes:
    if body[:2] == b"\x1f\x8b":
        return _gzipped(body)
    lower = body.lower()
    if not any(hint in lower for hint in _HINTS):
        return body
    found = _JWT.sub(_MARK, body)
    if b"bearer" in lower:
        found = _BEARER.sub(rb"\1" + _MARK, found)
    for redact in _redactions(found):
        found = redact(found)
    return found


_known_redacted = lru_cache(maxsize=2048)(_redacted)  # a tape shows each body several times


def _gzipped(body: bytes) -> bytes:
    try:
        plain = gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
    redacted = redact_body(plain)
    return body if redacted == plain else gzip.compress(redacted, mtime=0)


def _redactions(body: bytes) -> Iterator[Redaction]:
    """What fits the look of a body. JSON comes last: other formats carry it as text."""
    head = body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"--"):
        yield _parts
    if b"<" in body:
        yield _xml
    if not head.startswith((b"{", b"[", b"<", b"--")):
        yield _pairs
    yield _json


def _json(body: bytes) -> bytes:
    """JSON, also JSON as a string of JSON."""

    def replace(found: re.Match[bytes]) -> bytes:
        quote = b'\\"' if found[1].startswith(b"\\") else b'"'
        return found[1] + quote + _MARK + quote if is_secret(found[2].decode()) else found[0]

    return _JSON_AS_TEXT.sub(replace, _JSON.sub(replace, body))


def _xml(body: bytes) -> bytes:
    def quoted(found: re.Match[bytes]) -> bytes:
        quote = found[3][:1]
        return found[1] + quote + _MARK + quote if is_secret(found[2].decode()) else found[0]

    def element(found: re.Match[bytes]) -> bytes:
        kept = not found[3].strip() or not is_secret(found[2].decode())
        return found[0] if kept else found[1] + _MARK + found[4]

    body = _ELEMENT.sub(element, body)
    return _INPUT.sub(_valued, _ATTRIBUTE.sub(quoted, body))


def _parts(body: bytes) -> bytes:
    return _PART.sub(_valued, body)


def _valued(found: re.Match[bytes]) -> bytes:
    secret = found[3] and is_secret(found[2].decode(), parameter=True)
    return found[1] + _MARK if secret else found[0]


def _pairs(body: bytes) -> bytes:
    def replace(found: re.Match[bytes]) -> bytes:
        secret = found[3] and is_secret(unquote_plus(found[2].decode("utf-8", "replace")), parameter=True)
        return found[1] + found[2] + b"=" + _MARK if secret else found[0]

    return _PAIR.sub(replace, body)
