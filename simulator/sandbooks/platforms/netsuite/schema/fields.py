"""Fields, sublists and record types as values: what the metadata catalog of an account describes.

Knows no company and no wire; reading, rendering, search tables and the catalog are all derived from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct, field

Kind: TypeAlias = Literal["text", "flag", "integer", "number", "amount", "date", "datetime", "ref", "refs", "enum"]

NUMBERS = frozenset({"integer", "number", "amount"})


class Field(Struct, frozen=True, kw_only=True):
    """One field. ``targets`` are the record types a reference may name; ``choices`` an enumeration's ids and texts."""

    name: str
    kind: Kind
    label: str = ""
    targets: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    read_only: bool = False
    length: int = 999
    custom: bool = False

    @property
    def title(self) -> str:
        """The label as screens and messages show it."""
        return self.label or "".join(f" {c}" if c.isupper() else c for c in self.name).strip().title()


class Sublist(Struct, frozen=True, kw_only=True, dict=True):
    """A list of lines. ``fields`` are those of one line; ``line`` is its key. A body cannot give one that is
    ``read_only``."""

    name: str
    fields: tuple[Field, ...]
    read_only: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {f.name.lower(): f for f in self.fields}


class RecordType(Struct, frozen=True, kw_only=True, dict=True):
    """One record type. ``series`` is the counter of its ids; ``name_field`` what references show; ``table`` and
    ``code`` how SuiteQL knows it; ``writable`` is false for records that only screens change, ``in_rest`` for those
    that REST does not even show."""

    name: str
    label: str
    fields: tuple[Field, ...]
    sublists: tuple[Sublist, ...] = ()
    series: str = ""
    name_field: str = "name"
    table: str = ""
    code: str = ""
    writable: bool = True
    in_rest: bool = True
    permission: str = ""

    @property
    def is_transaction(self) -> bool:
        return self.series == "transaction"

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by name in lower case: bodies may spell them in any case."""
        return {f.name.lower(): f for f in self.fields}

    @cached_property
    def sublist_by_name(self) -> Mapping[str, Sublist]:
        return {s.name.lower(): s for s in self.sublists}


def text(name: str, label: str = "", *, required: bool = False, read_only: bool = False, length: int = 999) -> Field:
    return Field(name=name, kind="text", label=label, required=required, read_only=read_only, length=length)


def flag(name: str, label: str = "") -> Field:
    return Field(name=name, kind="flag", label=label)


def day(name: str, label: str = "", *, read_only: bool = False) -> Field:
    return Field(name=name, kind="date", label=label, read_only=read_only)


def moment(name: str) -> Field:
    return Field(name=name, kind="datetime", read_only=True)


def amount(name: str, label: str = "", *, required: bool = False, read_only: bool = False) -> Field:
    return Field(name=name, kind="amount", label=label, required=required, read_only=read_only)


def number(name: str, label: str = "", *, read_only: bool = False) -> Field:
    return Field(name=name, kind="number", label=label, read_only=read_only)


def integer(name: str, label: str = "", *, read_only: bool = False) -> Field:
    return Field(name=name, kind="integer", label=label, read_only=read_only)


def ref(name: str, *targets: str, label: str = "", required: bool = False, read_only: bool = False) -> Field:
    return Field(name=name, kind="ref", label=label, targets=targets, required=required, read_only=read_only)


def refs(name: str, *targets: str, label: str = "") -> Field:
    return Field(name=name, kind="refs", label=label, targets=targets)


def choice(name: str, choices: Mapping[str, str], label: str = "", *, read_only: bool = False) -> Field:
    return Field(name=name, kind="enum", label=label, choices=choices, read_only=read_only)
