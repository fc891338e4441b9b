"""What the exchanges alone can show to be wrong: a write sent again blindly, posted twice, or sent against a limit.

Pure functions over the tape of one company. They know no platform: a repeat is a request with the same content, or one
that carries the same known reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbooks.wire import header_of
from sandbooks.world import TapeEntry, instant

KEY_HEADERS = ("Idempotency-Key", "X-NetSuite-Idempotency-Key")
KEY_PARAMETERS = ("requestid", "idempotencyKey")

_BOUNDARY = re.compile(r'^multipart/.*?boundary="?([^";]+)', re.I)


@dataclass(frozen=True)
class Repeat:
    """A write whose outcome the client could not know, and the same write sent again. ``looked`` is the read between.

    ``same_key``: both carry the same idempotency key, so that the platform can tell.
    """

    first: TapeEntry
    again: TapeEntry
    looked: TapeEntry | None
    same_key: bool

    @property
    def blind(self) -> bool:
        return self.looked is None and not self.same_key

    @property
    def posted_twice(self) -> bool:
        return bool(created(self.first)) and bool(created(self.again))


def created(entry: TapeEntry) -> list[tuple[str, str]]:
    """Kind and id of the records that an exchange made."""
    return [(kind, id_) for _, _, kind, id_, _, action in entry.written if action == "create"]


def outcome_unknown(entry: TapeEntry) -> bool:
    """Whether the client cannot tell from what it saw if the write happened."""
    html = header_of(entry.response_headers, "Content-Type").lower().startswith("text/html")
    return bool(entry.cut) or entry.status >= 500 or html


def repeats(entries: Iterable[TapeEntry], *, texts: Sequence[str] = ()) -> Iterator[Repeat]:
    """Every write that was sent again after an unknown outcome. ``texts`` narrows to writes that carry one of them."""
    ours = [entry for entry in entries if entry.actor != "late"]
    for place, first in enumerate(ours):
        if not (first.writes and outcome_unknown(first) and carries(first, texts)):
            continue
        looked: TapeEntry | None = None
        for later in ours[place + 1 :]:
            if later.writes and _same_write(first, later, texts):
                yield Repeat(first, later, looked, _key(first) == _key(later) != "")
                break
            if _is_look_up(first, later):
                looked = later


def carries(entry: TapeEntry, texts: Sequence[str]) -> bool:
    """Whether a request carries one of the texts as a word of its own; true when there is none to carry."""
    content = (entry.url.encode() + b"\n" + entry.request_body).lower()
    return not texts or any(
        re.search(rb"(?<![^\W_])" + re.escape(text.lower().encode()) + rb"(?![^\W_])", content) for text in texts
    )


def _is_look_up(first: TapeEntry, entry: TapeEntry) -> bool:
    answered = entry.answered and 200 <= entry.status < 300
    return not entry.writes and entry.company == first.company != "" and answered


def _same_write(first: TapeEntry, later: TapeEntry, texts: Sequence[str]) -> bool:
    """The same address and the same content; with ``texts``, the same reference however the rest was put."""
    if (first.surface, first.method, _path(first)) != (later.surface, later.method, _path(later)):
        return False
    return carries(later, texts) if texts else _content(first) == _content(later)


def _path(entry: TapeEntry) -> str:
    return urlsplit(entry.url).path


def _content(entry: TapeEntry) -> bytes:
    """The body without the multipart boundary, which clients draw afresh for each attempt."""
    boundary = _BOUNDARY.search(header_of(entry.request_headers, "Content-Type"))
    return entry.request_body.replace(boundary[1].strip().encode(), b"") if boundary else entry.request_body


def _key(entry: TapeEntry) -> str:
    """The idempotency key of a write, if it carries one."""
    sent = next((v for v in (header_of(entry.request_headers, name) for name in KEY_HEADERS) if v), "")
    query = parse_qs(urlsplit(entry.url).query)
    return sent or next((query[name][0] for name in KEY_PARAMETERS if name in query), "")


def too_early(entries: Iterable[TapeEntry]) -> Iterator[tuple[TapeEntry, TapeEntry]]:
    """Pairs of a request that was told to wait and one that did not: same surface and company."""
    waits: dict[tuple[str, str], TapeEntry] = {}
    for entry in entries:
        key = (entry.surface, entry.company)
        told = waits.get(key)
        if told is not None and entry.at < told.until + announced(told) * 1_000_000:
            yield told, entry
        if entry.status in (429, 503) and entry.answered and announced(entry):
            waits[key] = entry


def announced(entry: TapeEntry) -> int:
    """The announced wait in seconds; 0 when there is no number of seconds."""
    text = header_of(entry.response_headers, "Retry-After").strip()
    return int(text) if text.isdigit() else 0


def shown(entry: TapeEntry) -> str:
    """One exchange in one line: what was asked, how far it got, what the client saw."""
    reached = entry.phases[-1] if entry.phases else "connect"
    saw = f"no answer ({entry.cut})" if entry.cut else f"status {entry.status}"
    at = instant(entry.at).strftime("%H:%M:%S")
    return f"#{entry.number} {at} {entry.method} {urlsplit(entry.url).path} reached {reached}; the client saw {saw}"
