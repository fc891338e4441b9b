"""The canonical tape: one JSON line for each exchange, the same bytes for the same seed and the same calls.

What differs between a socket and an intercepted connection (addresses, transport headers, multipart boundaries) is
brought to one form; what the world decides (times, ids, amounts) stays, because it is the same for a seed.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sandbooks import exact_json
from sandbooks.recording.redaction import redact_body, redact_headers, redact_url
from sandbooks.wire import Headers, header_of
from sandbooks.world import TapeEntry, instant

# What a platform looks at or says on purpose. Everything else (Host, User-Agent, Connection, ...) belongs to the client
# library or the transport.
SHOWN_HEADERS = frozenset({
    "accept", "accept-language", "authorization", "codat-signature", "company-id", "content-disposition",
    "content-encoding", "content-type", "etag", "idempotency-key", "if-match", "if-modified-since", "if-none-match",
    "intuit_tid", "intuit-signature", "last-modified", "link", "location", "prefer", "preference-applied", "range",
    "request-id", "retry-after", "soapaction", "webhook-id", "webhook-signature", "webhook-timestamp",
    "www-authenticate", "xero-correlation-id", "xero-tenant-id", "x-api-key", "x-api-version",
    "x-appminlimit-remaining", "x-com-zoho-books-organizationid", "x-daylimit-remaining", "x-http-method-override",
    "x-minlimit-remaining", "x-netsuite-idempotency-key", "x-netsuite-propertyvalidation", "x-rate-limit-problem",
    "x-xero-signature",
})  # fmt: skip
SHOWN_PREFIXES = ("x-sandbooks-", "x-rate-limit", "x-ratelimit", "ratelimit")
BOUNDARY = "boundary"


class TapeUnreadable(ValueError):
    """A line is not a canonical exchange; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line} of the tape: {reason}")
        self.line = line


def canonical(entries: Iterable[TapeEntry], *, hosts: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """One line of sorted JSON, newline included, for each exchange; secrets are redacted.

    ``hosts`` maps vendor host names to surfaces, so that links to them read the same as links under a prefix.
    """
    kept = list(entries)
    # A request may name another way in than its own (a redirect back to where the user's browser is).
    prefixed = dict.fromkeys(origin for entry in kept if (origin := _prefixed_origin(entry)))
    for entry in kept:
        addresses = Addresses(entry, hosts or {}, prefixed=prefixed)
        yield exact_json.canonical(_line(entry, addresses)) + b"\n"


def tape_lines(source: Path | bytes | Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The exchanges of a canonical tape, from a file or its bytes. Raises ``TapeUnreadable``."""
    data = source.read_bytes() if isinstance(source, Path) else source
    lines = data.splitlines() if isinstance(data, bytes) else data
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            exchange = exact_json.loads(line)
        except exact_json.MalformedJson as error:
            raise TapeUnreadable(number, str(error)) from error
        if not isinstance(exchange, dict) or "number" not in exchange or "surface" not in exchange:
            raise TapeUnreadable(number, "an exchange has a number and a surface")
        yield exchange


def _prefixed_origin(entry: TapeEntry) -> str:
    """The origin of an exchange that came by a prefix of this server; empty when it came by a vendor host."""
    place = urlsplit(entry.base_url or entry.url)
    return "" if place.path in ("", "/") else f"{place.scheme}://{place.netloc}"


class Addresses:
    """Every address of this simulator in one public form: ``https://<surface>.sandbooks.test``."""

    def __init__(self, entry: TapeEntry, hosts: Mapping[str, str], *, prefixed: Iterable[str] = ()) -> None:
        self._rules: list[tuple[re.Pattern[str], str]] = []
        place = urlsplit(entry.base_url or entry.url)
        origin = f"{place.scheme}://{place.netloc}"
        if place.path in ("", "/"):
            self._add(re.escape(origin), entry.surface, quote(origin, safe=""))
        for known in prefixed:
            self._add_prefixes(known)
        for host, surface in hosts.items():
            self._add(rf"https?://{re.escape(host)}(?::\d+)?", surface, f"https%3A%2F%2F{host}")

    def _add(self, plain: str, surface: str, encoded: str) -> None:
        public = f"https://{surface}.sandbooks.test"
        self._rules.append((re.compile(plain + r"(?![\w.\-])"), public))
        self._rules.append((re.compile(re.escape(encoded) + r"(?![\w.\-])", re.IGNORECASE), quote(public, safe="")))

    def _add_prefixes(self, origin: str) -> None:
        """One origin serves every surface under its prefix, and other worlds under ``/w/<world>``."""
        rules = (
            (re.escape(origin) + r"(?:/w/[\w.\-]+)?/([a-z][a-z0-9_]*)", r"https://\1.sandbooks.test"),
            (re.escape(origin) + r"(?=$|[^\w.\-])", "https://sandbooks.test"),
            (
                re.escape(quote(origin, safe="")) + r"(?:%2Fw%2F[\w.\-]+)?%2F([a-z][a-z0-9_]*)",
                r"https%3A%2F%2F\1.sandbooks.test",
            ),
        )
        self._rules += [(re.compile(pattern), public) for pattern, public in rules]

    def public(self, text: str) -> str:
        for pattern, replacement in self._rules:
            text = pattern.sub(replacement, text)
        return text


def _line(entry: TapeEntry, addresses: Addresses) -> dict[str, Any]:
    line: dict[str, Any] = {
        "number": entry.number,
        "at": instant(entry.at).isoformat(),
        "surface": entry.surface,
        "client": entry.actor,
        "operation": entry.operation,
        "company": entry.company,
        "phases": [[phase, (at - entry.at) // 1000] for phase, at in entry.reached],
        "request": {
            "method": entry.method,
            "url": redact_url(addresses.public(entry.url)),
            **_message(entry.request_headers, entry.request_body, addresses),
        },
    }
    if entry.status:
        answer = _message(entry.response_headers, entry.response_body, addresses)
        line["response"] = {"status": entry.status, **answer}
    line.update(_happenings(entry))
    return line


def _happenings(entry: TapeEntry) -> dict[str, Any]:
    """What befell the exchange; what did not happen is left out."""
    written = [
        {"platform": p, "company": c, "kind": kind, "id": id_, "version": version, "action": action}
        for p, c, kind, id_, version, action in entry.written
    ]
    happened = {
        "parent": entry.parent,
        "written": written,
        "faults": entry.faults,
        "cut": entry.cut,
        "bug": entry.bug.strip().rpartition("\n")[2],
        "not_simulated": entry.not_simulated,
    }
    return {name: value for name, value in happened.items() if value}


def _message(headers: Headers, body: bytes, addresses: Addresses) -> dict[str, Any]:
    plain = decoded(body, headers)
    kept = [(name.lower(), value) for name, value in redact_headers(headers) if _is_shown(name.lower())]
    boundary = _boundary(header_of(headers, "Content-Type"))
    if boundary:
        plain = plain.replace(boundary.encode(), BOUNDARY.encode())
        kept = [(name, value.replace(boundary, BOUNDARY)) for name, value in kept]
    shown: dict[str, Any] = {"headers": sorted([name, addresses.public(value)] for name, value in kept)}
    if plain:
        shown["body"] = _body(redact_body(plain), addresses)
    return shown


def _is_shown(name: str) -> bool:
    return name in SHOWN_HEADERS or name.startswith(SHOWN_PREFIXES)


def _boundary(content_type: str) -> str:
    found = re.search(r'^multipart/.*?boundary="?([^";]+)"?', content_type.strip(), re.IGNORECASE)
    return found[1].strip() if found else ""


def _body(data: bytes, addresses: Addresses) -> Any:
    """Text as it stands; anything else by its size and hash."""
    try:
        return addresses.public(data.decode("utf-8"))
    except UnicodeDecodeError:
        return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def decoded(body: bytes, headers: Headers) -> bytes:
    """A body with its content encoding taken off, as far as it can be."""
    encoding = header_of(headers, "Content-Encoding").strip().lower()
    if encoding in ("", "identity"):
        return body
    try:
        return gzip.decompress(body) if "gzip" in encoding else zlib.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body
