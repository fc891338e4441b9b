"""Exchanges as a program's own log holds them, read by a mapping; as good as an archive, as far as the log tells.

Request and answer may stand in records of their own that share an id. A request whose answer is not in the log was not
answered, as far as anybody knows.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbooks import exact_json
from sandbooks.harness.incidents.mapping import NEEDED, LogMapping, Record
from sandbooks.harness.incidents.seen import Seen, seen_of


class NotALog(Exception):
    """No record of the log is an exchange by the mapping. The message says what was found instead."""


@dataclass(frozen=True)
class Read:
    """What a log tells. ``left_out``: how many of its records are no exchange."""

    seen: list[Seen]
    left_out: int


def read_log(content: bytes, mapping: LogMapping, *, surfaces: Mapping[str, str]) -> Read:
    """The exchanges of a log with hosts that are known, in the order of their times.

    ``surfaces``: platform (or ``codat``) by vendor host name; the mapping may name more. Raises ``NotALog``.
    """
    known = {**surfaces, **mapping.hosts}
    records = list(mapping.records(content.decode("utf-8", "replace")))
    whole = list(_joined(record for record in records if record))
    seen: list[Seen] = []
    refused = ""
    for record in whole:
        lacking = [name for name in NEEDED if not record.get(name)]
        if lacking:
            refused = refused or f"a record has no {lacking[0]}"
            continue
        try:
            one = _seen(record, mapping, known)
        except ValueError as error:
            refused = refused or str(error)
            continue
        if one is not None:
            seen.append(one)
    if not seen:
        raise NotALog(_why(records, refused))
    return Read(sorted(seen, key=lambda one: one.at), len(records) - sum(bool(record) for record in records))


def _why(records: list[Record | None], refused: str) -> str:
    if not any(records):
        return f"none of the {len(records)} record(s) is one by the mapping; try it on a single line"
    if refused:
        return f"no record could be read: {refused}"
    return "no record is a request to a host that is known; name hosts of your own under `hosts` in the mapping"


def _joined(records: Iterator[Record]) -> Iterator[Record]:
    """Records of one id as one: of each part the first that is told."""
    by_id: dict[str, Record] = {}
    for record in records:
        id = str(record.get("id") or "")
        known = by_id.get(id)
        if id and known is not None:
            known.update({name: value for name, value in record.items() if name not in known})
            continue
        if id:
            by_id[id] = record
        yield record


def _seen(record: Record, mapping: LogMapping, surfaces: Mapping[str, str]) -> Seen | None:
    url = str(record["url"])
    if record.get("host") and not urlsplit(url).netloc:
        url = f"https://{record['host']}{url}"
    return seen_of(
        at=mapping.instant(record["at"]),
        method=str(record["method"]),
        url=url,
        request=_body(record.get("request"), encoded=mapping.encoded),
        status=_status(record.get("status")),
        response=_body(record.get("response"), encoded=mapping.encoded),
        surfaces=surfaces,
    )


def _status(value: Any) -> int:
    """The status; 0 where the log has none."""
    text = str(value if value is not None else "").strip()
    return int(text) if text.isdecimal() else 0


def _body(value: Any, *, encoded: bool) -> bytes:
    if value is None or value == "-":
        return b""
    if not isinstance(value, str):
        return exact_json.dumps(value)
    if not encoded:
        return value.encode()
    try:
        return base64.b64decode(value)
    except binascii.Error as error:
        raise ValueError("a body is not base64") from error
