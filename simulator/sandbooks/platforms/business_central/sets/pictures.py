"""Pictures of vendors, customers, employees and items: their size and kind beside their bytes.

Each master has one entity, which is empty where there is no picture. Source: page Pictures, table Picture Entity and
tests Pictures E2E of API v2.0, github.com/microsoft/BCApps;
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/resources/dynamics_picture
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import choice, shown, text, whole
from sandbooks.platforms.business_central.names import encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog
from sandbooks.platforms.business_central.sets.entity import EntitySet, Parent, Row, Scope, StoredSet, single
from sandbooks.platforms.business_central.sets.masters import SETS as MASTERS
from sandbooks.platforms.business_central.sets.masters import record_of

_OWNERS: dict[str, StoredSet] = {
    each.type: each for each in MASTERS if each.type in ("customer", "item", "vendor", "employee")
}
_NO_PARENT = "You must get to the parent first to get to the picture."


class Pictures(EntitySet):
    """The picture of a master, under the master's own id. A change of it is a change of the master."""

    name, type, caption = "pictures", "picture", "Picture"
    tracked = False
    deletes = writes_streams = True
    parents: ClassVar[Mapping[str, str]] = {owner.name: "id" for owner in _OWNERS.values()}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {single(name): (name, "id") for name in parents}
    streams = ("pictureContent",)
    fields = shown(
        choice("parentType", "", "Customer", "Item", "Vendor", "Employee", "Contact", "Item Variant"),
        whole("width"),
        whole("height"),
        text("contentType"),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered >= {"id", "parentType"}:
            raise Dialog(_NO_PARENT)

    def check_root(self) -> None:
        raise Dialog(_NO_PARENT)

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        if parent is not None:
            yield self.row(scope, parent.id)
            return
        for kind in _OWNERS:
            for record in scope.records.scan(kind):
                yield self._shown(record)

    def known(self, scope: Scope, id: str) -> Row | None:
        owner = _owner(scope, id)
        return self._shown(owner) if owner is not None else None

    def place(self, scope: Scope, id: str) -> str:
        owner = _owner(scope, id)
        if owner is None:
            raise self.missing(id)
        return f"{_OWNERS[owner.kind].name}({id})/picture"

    def delete(self, scope: Scope, row: Row) -> None:
        owner = record_of(row)
        body = {name: value for name, value in owner.copy().items() if name != "_picture"}
        scope.records.drop_blob(f"picture/{row.id}")
        _OWNERS[owner.kind].save(scope, owner.id, body)

    def content(self, scope: Scope, row: Row) -> tuple[bytes, str]:
        held = record_of(row).body.get("_picture", {}).get("contentType", "")
        return scope.records.blob(f"picture/{row.id}") or b"", held

    def store(self, scope: Scope, row: Row, content: bytes, content_type: str) -> None:
        del content_type  # the image says what it is
        kind, width, height = measured(content)
        owner = record_of(row)
        scope.records.put_blob(f"picture/{row.id}", content)
        picture = {"contentType": kind, "width": width, "height": height}
        _OWNERS[owner.kind].save(scope, owner.id, {**owner.copy(), "_picture": picture})

    def _shown(self, owner: Record) -> Row:
        body: dict[str, Any] = {
            "parentType": encoded(_OWNERS[owner.kind].caption),
            **owner.body.get("_picture", {}),
        }
        tag = entity_tag(self.type, owner.id, owner.version)
        return Row(owner.id, self.shown(owner.id, body), tag, owner)


def _owner(scope: Scope, id: str) -> Record | None:
    """The master with an id, of whichever kind."""
    return next((record for kind in _OWNERS if (record := scope.get(kind, id)) is not None), None)


def measured(content: bytes) -> tuple[str, int, int]:
    """Media type, width and height of an image, in pixels; of what is none, an unknown type and no size."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return "image/png", *struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return "image/gif", *struct.unpack("<HH", content[6:10])
    if content[:2] == b"BM" and len(content) >= 26:
        width, height = struct.unpack("<ii", content[18:26])
        return "image/bmp", width, abs(height)
    if content[:2] == b"\xff\xd8":
        return "image/jpeg", *_jpeg_size(content)
    # Unconfirmed: what the media type of a file is that is no image.
    return "application/octet-stream", 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height out of the first frame header; zeros where there is none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


SETS = (Pictures(),)
