"""A company's native records: the documents as the platform's API shows them, with every version kept as bytes.

``keys`` are the lookup values of a record (a name in lower case, a document number, an account reference): equality
look-ups go through them and stay fast however many records there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, overload

from msgspec import Struct
from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.storage import Row
from sandbooks.world import Exchange, World, Written, instant
from sandbooks.world.clock import micros

Keys = Mapping[str, str | Iterable[str]]


class Record(Struct, frozen=True, dict=True):
    """One native record. ``sequence`` is its place in order of creation; ``raw`` its JSON document."""

    kind: str
    id: str
    version: int
    active: bool
    deleted: bool
    created: datetime
    updated: datetime
    sequence: int
    exchange: int
    raw: bytes

    @cached_property
    def body(self) -> dict[str, Any]:
        """The document, decoded. Treat it as read-only: change a copy and put that."""
        decoded: dict[str, Any] = exact_json.loads(self.raw)
        return decoded

    def copy(self) -> dict[str, Any]:
        """A fresh copy of the document, free to change."""
        decoded: dict[str, Any] = exact_json.loads(self.raw)
        return decoded


class Version(Struct, frozen=True, dict=True):
    """One version of a record: the change feed, and what the books can be rebuilt from."""

    number: int
    kind: str
    id: str
    version: int
    action: str
    at: datetime
    exchange: int
    raw: bytes
    facts: dict[str, Any]

    @cached_property
    def body(self) -> dict[str, Any]:
        decoded: dict[str, Any] = exact_json.loads(self.raw)
        return decoded


class Records:
    """The records of one company on one platform. Writes belong inside the caller's unit of work."""

    def __init__(self, world: World, platform: str, company: str) -> None:
        self._world = world
        self._store = world.store
        self._where = {"platform": platform, "company": company}
        self.exchange: Exchange | None = None

    def next_number(self, series: str, *, start: int = 1) -> int:
        """The next number of a series of this company."""
        return self._world.ids.number(f"{self._where['platform']}/{self._where['company']}/{series}", start=start)

    def next_uuid(self, series: str) -> str:
        """The next UUID of a series of this company."""
        return self._world.ids.uuid(f"{self._where['platform']}/{self._where['company']}/{series}")

    def get(self, kind: str, id: str) -> Record | None:
        """A record by its id, deleted ones included (see ``Record.deleted``)."""
        row = self._store.one("records.get", kind=kind, id=id, **self._where)
        return _record(row) if row else None

    def find(self, kind: str, key: str, value: str, *, deleted: bool = False) -> list[Record]:
        """Records by a lookup key, in order of creation; ``deleted`` adds tombstones."""
        rows = self._store.all("records.by_key", kind=kind, name=key, value=value, **self._where)
        return [record for record in map(_record, rows) if deleted or not record.deleted]

    def count_found(self, kind: str, key: str, value: str) -> int:
        """How many live records a lookup key finds, without reading them."""
        row = self._store.one("records.count_by_key", kind=kind, name=key, value=value, **self._where)
        return int(row[0]) if row else 0

    def has_found(self, kind: str, key: str, value: str) -> bool:
        """Whether a lookup key finds any live record."""
        return self._store.one("records.any_by_key", kind=kind, name=key, value=value, **self._where) is not None

    def last_value(self, kind: str, key: str) -> str | None:
        """The last of the values, in the order of text, that a lookup key has; None where no record has it."""
        row = self._store.one("records.last_value", kind=kind, name=key, **self._where)
        return str(row[0]) if row else None

    def listed(self, kind: str, *, key: str = "", value: str = "", deleted: bool = False) -> Sequence[Record]:
        """The live records of a kind (with a lookup key, those that it finds) in order of creation. Counting them and
        taking a slice read no more than that slice. ``deleted`` adds tombstones, where no lookup key is given."""
        return _Listing(self, kind, key=key, value=value, deleted=deleted)

    def scan(
        self, kind: str, *, since: datetime | None = None, deleted: bool = False, lag: timedelta = timedelta(0)
    ) -> Iterator[Record]:
        """Records of a kind in order of creation.

        ``since`` keeps those changed at or after an instant; ``deleted`` adds tombstones; ``lag`` answers as an index
        would that trails the books: what changed within ``lag`` of now shows its older version or not at all.
        """
        if since:
            rows = self._store.all("records.changed", kind=kind, since=micros(since), **self._where)
        else:
            rows = self._store.all("records.scan" if deleted or lag else "records.scan_live", kind=kind, **self._where)
        horizon = self._world.clock.now() - lag
        for record in map(_record, rows):
            seen = record if not lag or record.updated <= horizon else self._as_of(record, horizon)
            if seen is not None and (deleted or not seen.deleted):
                yield seen

    def _as_of(self, record: Record, horizon: datetime) -> Record | None:
        older = [v for v in self.versions(record.kind, record.id) if v.at <= horizon]
        if not older:
            return None
        last = older[-1]
        return replace(record, version=last.version, updated=last.at, raw=last.raw, deleted=last.action == "delete")

    def page(
        self, kind: str, *, skip: int, most: int, newest: bool = False, inactive: bool = True, deleted: bool = False
    ) -> list[Record]:
        """A slice of the live records of a kind in order of creation, or the newest first; ``deleted`` adds tombstones
        to the former."""
        query = "records.page_newest" if newest else "records.page_all" if deleted else "records.page"
        rows = self._store.all(query, kind=kind, skip=skip, most=most, active=0 if inactive else 1, **self._where)
        return [_record(row) for row in rows]

    def page_found(self, kind: str, key: str, value: str, *, skip: int, most: int) -> list[Record]:
        """A slice of the live records that a lookup key finds, in order of creation."""
        given = {"kind": kind, "name": key, "value": value, "skip": skip, "most": most}
        return [_record(row) for row in self._store.all("records.page_by_key", **given, **self._where)]

    def count(self, kind: str, *, deleted: bool = False) -> int:
        """How many live records of a kind there are; ``deleted`` adds tombstones."""
        row = self._store.one("records.count_all" if deleted else "records.count", kind=kind, **self._where)
        return int(row[0]) if row else 0

    def kinds(self) -> list[str]:
        """The kinds that have records."""
        return [row[0] for row in self._store.all("records.kinds", **self._where)]

    def put(
        self,
        kind: str,
        id: str,
        body: Mapping[str, Any],
        *,
        version: int,
        action: str = "create",
        active: bool = True,
        deleted: bool = False,
        keys: Keys | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Record:
        """Store a new version of a record, its lookup keys and its change event.

        ``facts`` are what its posting rests on beside the document itself.
        """
        now = self._world.clock.micros()
        number = self._world.ids.number("version")
        raw = exact_json.dumps(body)
        exchange = self.exchange.number if self.exchange else 0
        known = self.get(kind, id)
        self._store.run(
            "records.put",
            kind=kind,
            id=id,
            version=version,
            active=active,
            deleted=deleted,
            created=now,
            updated=now,
            sequence=number,
            exchange=exchange,
            body=raw,
            **self._where,
        )
        self._put_keys(kind, id, keys or {}, fresh=known is None)
        self._store.run(
            "records.add_version",
            number=number,
            kind=kind,
            id=id,
            version=version,
            action=action,
            at=now,
            exchange=exchange,
            body=raw,
            facts=exact_json.dumps(facts or {}),
            **self._where,
        )
        self._note(kind, id, version, action)
        created, sequence = (known.created, known.sequence) if known else (instant(now), number)
        return Record(kind, id, version, active, deleted, created, instant(now), sequence, exchange, raw)

    def _put_keys(self, kind: str, id: str, keys: Keys, *, fresh: bool) -> None:
        if not fresh:
            self._store.run("records.drop_keys", kind=kind, id=id, **self._where)
        pairs = [(n, v) for n, given in keys.items() for v in ([given] if isinstance(given, str) else given)]
        if pairs:
            rows = [{"kind": kind, "id": id, "name": n, "value": v, **self._where} for n, v in pairs]
            self._store.run_many("records.add_key", rows)

    def _note(self, kind: str, id: str, version: int, action: str) -> None:
        if self.exchange is not None:
            written = Written(self._where["platform"], self._where["company"], kind, id, version, action)
            self.exchange.written.append(written)

    def versions(self, kind: str, id: str) -> list[Version]:
        """Every version of one record, oldest first."""
        return [_version(r) for r in self._store.all("records.versions", kind=kind, id=id, **self._where)]

    def facts(self, kind: str, id: str) -> dict[str, Any]:
        """What the newest version of a record rests on; the older ones are not read. Raises KeyError for no record."""
        row = self._store.one("records.last_facts", kind=kind, id=id, **self._where)
        if row is None:
            raise KeyError(f"{kind} {id}")
        kept: dict[str, Any] = exact_json.loads(row[0])
        return kept

    def changes(self, *, since: datetime | None = None, after: int = 0) -> list[Version]:
        """The change feed of the company: versions since an instant, or after a change number."""
        if since:
            return [_version(r) for r in self._store.all("records.versions_since", since=micros(since), **self._where)]
        return [_version(r) for r in self._store.all("records.versions_after", after=after, **self._where)]

    def put_blob(self, key: str, content: bytes) -> None:
        """Keep the bytes of a file."""
        self._store.run("records.put_blob", key=key, content=content, **self._where)

    def blob(self, key: str) -> bytes | None:
        """The bytes of a file."""
        row = self._store.one("records.get_blob", key=key, **self._where)
        return bytes(row[0]) if row else None

    def drop_blob(self, key: str) -> None:
        self._store.run("records.drop_blob", key=key, **self._where)


class _Listing(Sequence[Record]):
    """Live records in order of creation, read when they are asked for."""

    def __init__(self, records: Records, kind: str, *, key: str, value: str, deleted: bool) -> None:
        self._records, self._kind, self._key, self._value, self._deleted = records, kind, key, value, deleted

    def __len__(self) -> int:
        if self._key:
            return self._records.count_found(self._kind, self._key, self._value)
        return self._records.count(self._kind, deleted=self._deleted)

    def __iter__(self) -> Iterator[Record]:
        return iter(self[:])

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...

    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, int):
            return self._slice(range(len(self))[place], 1)[0]
        first, last, step = place.indices(len(self))
        return self._slice(first, max(0, last - first))[::step]

    def _slice(self, skip: int, most: int) -> list[Record]:
        if self._key:
            return self._records.page_found(self._kind, self._key, self._value, skip=skip, most=most)
        return self._records.page(self._kind, skip=skip, most=most, deleted=self._deleted)


def _record(row: Row) -> Record:
    kind, id_, version, active, deleted, created, updated, sequence, exchange, raw = row
    return Record(
        kind, id_, version, bool(active), bool(deleted), instant(created), instant(updated), sequence, exchange, raw
    )


def _version(row: Row) -> Version:
    number, kind, id_, version, action, at, exchange, raw, facts = row
    return Version(number, kind, id_, version, action, instant(at), exchange, raw, exact_json.loads(facts))
