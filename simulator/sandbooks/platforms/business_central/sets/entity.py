"""What an entity set is: its members, where it hangs, and how it is read and changed.

Sets know companies and records, never HTTP; the ``api`` reads and answers for all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from msgspec import Struct, field

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.business_central import webhooks
from sandbooks.platforms.business_central.fields import Field
from sandbooks.platforms.business_central.names import BLANK_ID, entity_tag, guid
from sandbooks.platforms.business_central.refusals import (
    BadBody,
    BlankMember,
    Dialog,
    KeyExists,
    MethodNotAllowed,
    ReadOnlyMember,
    RecordMissing,
    UnknownMember,
)
from sandbooks.platforms.business_central.sets.booking import book


def stamp(moment: datetime) -> str:
    """An instant as answers carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Scope:
    """One company as one request sees it. ``lag`` is how far lists trail the books; ``language`` is the one that the
    client asks for, blank where it asks for none; ``inserting`` is the document whose lines come with it in one
    request, so that they are counted together at the end."""

    def __init__(self, company: Company, *, lag: timedelta = timedelta(0), language: str = "") -> None:
        self.company = company
        self.records = company.records
        self.world = company.world
        self.lag = lag
        self.language = language
        self.kept: dict[str, Any] = {}
        self.inserting = ""

    @cached_property
    def today(self) -> date:
        """The work date."""
        return self.world.clock.today(self.company.time_zone)

    @property
    def posting(self) -> dict[str, str]:
        """Ledger accounts of the posting groups, by their role."""
        roles: dict[str, str] = self.company.settings["posting"]
        return roles

    @property
    def uses_vat(self) -> bool:
        """Whether tax codes are VAT product posting groups; else sales tax groups."""
        return bool(self.company.settings["tax_type"] == "VAT")

    def get(self, kind: str, id: str) -> Record | None:
        """A live record by its id."""
        if not id or id == BLANK_ID:
            return None
        record = self.records.get(kind, id)
        return None if record is None or record.deleted else record

    def by(self, kind: str, key: str, value: str) -> Record | None:
        """The first live record with a lookup value."""
        found = self.records.find(kind, key, value)
        return found[0] if found else None


def single(name: str) -> str:
    """What the entity of a set is called, as navigation to it is: ``purchaseInvoices`` gives ``purchaseInvoice``."""
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


class Row(Struct, frozen=True):
    """One entity as it is answered: every member, and its entity tag."""

    id: str
    values: dict[str, Any]
    tag: str
    record: Record | None = None


class Parent(Struct, frozen=True):
    """The entity under which a set is addressed."""

    set: EntitySet
    id: str


class Given(Struct, frozen=True):
    """What a client gave: members by name, lines and other parts by navigation name, and a chosen id."""

    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[Any]] = field(default_factory=dict)
    id: str = ""

    def has(self, *members: str) -> bool:
        return any(member in self.values for member in members)


Action = Callable[[Scope, Row], "tuple[str, str]"]


class EntitySet:
    """A set that can be read. Members stand as class attributes."""

    name: ClassVar[str]
    type: ClassVar[str]
    caption: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    parents: ClassVar[Mapping[str, str]] = {}  # set above -> the member here that holds its id
    children: ClassVar[tuple[str, ...]] = ()  # sets below, by navigation name
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {}  # navigation -> (set, the member here that holds its id)
    lacks: ClassVar[tuple[str, ...]] = ()  # real navigations that are not emulated
    streams: ClassVar[tuple[str, ...]] = ()
    writes_streams: ClassVar[bool] = False
    inserts: ClassVar[bool] = False
    modifies: ClassVar[bool] = False
    deletes: ClassVar[bool] = False
    tracked: ClassVar[bool] = True  # whether rows tell when they were last changed
    identified: ClassVar[bool] = True  # whether the key is the member id; else it is the first member

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def actions(self) -> Mapping[str, Action]:
        """Bound actions by name; each gives the set and the id where its result is found."""
        return {}

    def acted_on(self, scope: Scope, parent: Parent | None, id: str) -> Row:
        """The row that a bound action is for. Raises ``RecordMissing``, or ``Dialog`` with the page's own words."""
        return self.under(scope, parent, id)

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        """Refuse a list that must be narrowed first; ``filtered`` are the members that the filter names."""

    def check_root(self) -> None:
        """Refuse one entity that is addressed without its parent, where it needs one."""

    def place(self, scope: Scope, id: str) -> str:
        """Where one entity is found in its company."""
        return f"{self.name}({id})"

    def content(self, scope: Scope, row: Row) -> tuple[bytes, str]:
        """The bytes of a row's stream and their media type; none where there are none."""
        raise NotImplementedError

    def store(self, scope: Scope, row: Row, content: bytes, content_type: str) -> None:
        """Put bytes into a row's stream."""
        raise NotImplementedError

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        """Every row, or those under a parent."""
        raise NotImplementedError

    def narrowed(self, scope: Scope, fixed: Mapping[str, str]) -> Iterator[Row] | None:
        """Rows that can pass a filter that pins members to values; None where there is no shorter way than all."""
        return None

    def known(self, scope: Scope, id: str) -> Row | None:
        """One row, None where there is none."""
        return next((row for row in self.rows(scope) if row.id == id), None)

    def row(self, scope: Scope, id: str) -> Row:
        """One row. Raises ``RecordMissing``."""
        found = self.known(scope, id)
        if found is None:
            raise self.missing(id)
        return found

    def missing(self, id: str) -> RecordMissing:
        return RecordMissing(self.caption, f"SystemId='{{{id.upper()}}}'")

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        raise MethodNotAllowed("POST", self.name)

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        raise MethodNotAllowed("PATCH", self.name)

    def delete(self, scope: Scope, row: Row) -> None:
        raise MethodNotAllowed("DELETE", self.name)

    def under(self, scope: Scope, parent: Parent | None, id: str) -> Row:
        """One row as addressed, under a parent or not. Raises ``RecordMissing``."""
        if parent is None:
            return self.row(scope, id)
        for row in self.rows(scope, parent):
            if row.id == id:
                return row
        raise self.missing(id)

    def create_under(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        """A new row as addressed."""
        return self.create(scope, given, parent)

    def parts_created(self, scope: Scope, parent: Parent) -> None:
        """The rows that came inside their parent stand."""

    def update_under(self, scope: Scope, given: Given, parent: Parent | None, id: str) -> Row:
        """Change a row as addressed."""
        return self.update(scope, self.under(scope, parent, id), given)

    def delete_under(self, scope: Scope, parent: Parent | None, id: str) -> None:
        """Delete a row as addressed."""
        self.delete(scope, self.under(scope, parent, id))

    def read(self, body: Any, *, strict: bool = False, null_flags: bool = True) -> Given:
        """A body as members of this set. Unknown members are refused; read-only ones are passed over, or refused where
        ``strict``. Null is blank, but no member that is on or off is null without ``null_flags``."""
        if not isinstance(body, dict):
            raise BadBody("The request body must be one JSON object.")
        values: dict[str, Any] = {}
        parts: dict[str, list[Any]] = {}
        for name, value in body.items():
            if "@" in name or name in ("id", "lastModifiedDateTime"):
                continue
            if name in self.children:
                parts[name] = _parts(name, value)
                continue
            known = self.by_name.get(name)
            if known is None:
                raise UnknownMember(self.type, name[:80])
            if value is None and known.type == "bool" and not null_flags:
                raise BlankMember(name)
            if known.writable:
                values[name] = known.read(value)
            elif strict:
                raise ReadOnlyMember(name)
        return Given(values, parts, _id_of(body))

    def shown(self, id: str, body: Mapping[str, Any], *, modified: datetime | None = None) -> dict[str, Any]:
        """All members of an entity, in the order of their declaration."""
        values = {f.name: body.get(f.name, f.blank) for f in self.fields}
        if self.identified:
            values = {"id": id, **values}
        if self.tracked:
            values["lastModifiedDateTime"] = stamp(modified) if modified else "0001-01-01T00:00:00Z"
        return values


def _parts(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadBody(f"The value of the navigation property '{name}' must be an array.")
    return value


def _id_of(body: Mapping[str, Any]) -> str:
    given = body.get("id")
    if given in (None, "", BLANK_ID):
        return ""
    found = guid(given) if isinstance(given, str) else None
    if found is None:
        raise BadBody(f"Cannot convert the literal '{str(given)[:80]}' to the expected type 'Edm.Guid'.")
    return found


class StoredSet(EntitySet):
    """A set of records that the company keeps."""

    keys: ClassVar[tuple[str, ...]] = ()  # members that records are looked up by
    order: ClassVar[str] = ""  # the member that the rows under one parent are sorted by; else as they were made

    def visible(self, scope: Scope, record: Record) -> bool:
        """Whether lists show a record."""
        return True

    def reachable(self, scope: Scope, record: Record) -> bool:
        """Whether a record can be addressed by its id."""
        return True

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        if parent is not None and not scope.lag:
            found: Any = scope.records.find(self.type, "parent", parent.id)
        else:
            found = scope.records.scan(self.type, lag=scope.lag)
        if parent is not None and self.order:
            found = sorted(found, key=lambda record: record.body[self.order])
        for record in found:
            if parent is not None and record.body.get(self.parents[parent.set.name]) != parent.id:
                continue
            if self.visible(scope, record):
                yield self.render(scope, record)

    def row(self, scope: Scope, id: str) -> Row:
        record = scope.get(self.type, id)
        if record is None or not self.reachable(scope, record):
            raise self.missing(id)
        return self.render(scope, record)

    def under(self, scope: Scope, parent: Parent | None, id: str) -> Row:
        row = self.row(scope, id)
        if parent is not None and row.values.get(self.parents[parent.set.name]) != parent.id:
            raise self.missing(id)
        return row

    def render(self, scope: Scope, record: Record) -> Row:
        values = self.shown(record.id, record.body, modified=record.updated)
        values.update(self.computed(scope, record))
        return Row(record.id, values, entity_tag(self.type, record.id, record.version), record)

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        """Members that follow from elsewhere."""
        return {}

    def new_id(self, scope: Scope, given: Given) -> str:
        """The id that the client chose, or the next of the company. Raises ``KeyExists``."""
        if given.id:
            known = scope.records.get(self.type, given.id)
            if known is not None and not known.deleted:
                raise KeyExists(self.caption, f"SystemId='{{{given.id.upper()}}}'")
            return given.id
        return scope.records.next_uuid(self.type)

    def save(
        self,
        scope: Scope,
        id: str,
        body: Mapping[str, Any],
        *,
        facts: Mapping[str, Any] | None = None,
        action: str = "",
    ) -> Record:
        """Store a version of a record: what its posting rests on stays, unless new ``facts`` are given."""
        known = scope.records.get(self.type, id)
        if facts is None and known is not None:
            facts = scope.records.versions(self.type, id)[-1].facts
        record = scope.records.put(
            self.type,
            id,
            body,
            version=known.version + 1 if known else 1,
            action=action or ("update" if known else "create"),
            active=body.get("blocked") not in (True, "All"),
            keys=self.lookup(body),
            facts=facts or {},
        )
        webhooks.announce(scope.company, self.name, id, "updated" if known else "created")
        return record

    def lookup(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Lookup values: the parent, and the members in ``keys``."""
        keys = {name: str(body[name]).lower() for name in self.keys if body.get(name)}
        for member in self.parents.values():
            if body.get(member):
                keys["parent"] = str(body[member])
        return keys

    def remove(self, scope: Scope, record: Record) -> Record:
        """Delete a record and the entry that it stands for, if any."""
        gone = scope.records.put(
            self.type,
            record.id,
            record.body,
            version=record.version + 1,
            action="delete",
            deleted=True,
            facts=scope.records.versions(self.type, record.id)[-1].facts,
        )
        book(scope.company, gone, None)
        webhooks.announce(scope.company, self.name, record.id, "deleted")
        return gone

    def one_of_a_kind(self, scope: Scope, member: str, value: str, *, but: str = "", label: str = "No.") -> None:
        """Refuse a second record with the same value of a key member. Raises ``KeyExists``."""
        for record in scope.records.find(self.type, member, value.lower()):
            if record.id != but:
                raise KeyExists(self.caption, f"{label}='{value}'")


class Pair(Struct, frozen=True):
    """Two members that name the same record, one by id and one by its number or code."""

    id_member: str
    other_member: str
    kind: str
    key: str
    no_id: str
    no_other: str
    conflict: str

    def settle(self, scope: Scope, given: Given, values: dict[str, Any]) -> Record | None:
        """Bring both members in step with what was given; the record, or None where neither was."""
        wanted_id, wanted = given.values.get(self.id_member), given.values.get(self.other_member)
        if wanted_id in (None, BLANK_ID) and not wanted:
            if given.has(self.id_member, self.other_member):
                values.update({self.id_member: BLANK_ID, self.other_member: ""})
            return None
        record = scope.get(self.kind, wanted_id) if wanted_id and wanted_id != BLANK_ID else None
        if wanted_id not in (None, BLANK_ID) and record is None:
            raise Dialog(self.no_id)
        if wanted:
            named = scope.by(self.kind, self.key, str(wanted).lower())
            if record is not None and (named is None or named.id != record.id):
                raise Dialog(self.conflict)
            if named is None:
                raise Dialog(self.no_other)
            record = named
        if record is not None:
            values.update({self.id_member: record.id, self.other_member: record.body[self.key]})
        return record


def pair(id_member: str, other_member: str, kind: str, key: str, *, table: str) -> Pair:
    """A pair with the application's usual texts."""
    article = "an" if table[0] in "AEIOU" else "a"
    return Pair(
        id_member,
        other_member,
        kind,
        key,
        f'The "{id_member}" does not match to {article} {table}.',
        f'The "{other_member}" does not match to {article} {table}.',
        f"The {table.lower()} values do not match to a specific {table}.",
    )
