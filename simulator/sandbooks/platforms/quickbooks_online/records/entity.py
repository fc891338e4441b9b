"""What every record kind declares, and the members that all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import force_setattr

from sandbooks.platforms.quickbooks_online.fields import Field, group, ignored, text

# The frame of every record; read apart from its members.
FRAME = ignored("Id", "SyncToken", "MetaData", "domain", "sparse", "status", "time", "AttachableRef")


class Entity(Struct, frozen=True, dict=True):
    """One native record kind.

    ``name`` is the kind and the word in queries, ``path`` the segment of URLs, ``key`` the member in JSON envelopes.
    ``series`` is the id series (transactions share one, names share one). ``required`` is checked on create and full
    update, ``kept`` are members that a sparse update must repeat, ``fixed`` cannot change after creation.
    ``keys`` are the members that equality look-ups find fast. ``shown`` names members that only the platform writes,
    so that queries know them. A transaction that never ``posts`` needs no open period.
    """

    name: str
    path: str
    members: Mapping[str, Field]
    key: str = ""
    series: str = ""
    required: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    unfiltered: tuple[str, ...] = ()
    transaction: bool = False
    posts: bool = True
    deletable: bool = False
    voidable: bool = False
    writable: bool = True
    readable_by_id: bool = True
    list_name: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "key", self.key or self.name)
        if self.transaction:
            force_setattr(self, "keys", (*self.keys, "TxnDate"))

    @cached_property
    def rules(self) -> Mapping[str, Field]:
        """The rules of every member, the frame's among them."""
        return {**FRAME, **ignored(*self.shown), **self.members}

    @property
    def has_active(self) -> bool:
        """Whether records are made inactive instead of being deleted."""
        member = self.members.get("Active")
        return member is not None and member.kind == "flag"


def address() -> Field:
    """A physical address. Source: the XSD's PhysicalAddress and the entity pages."""
    lines = {f"Line{n}": text(500) for n in range(1, 6)}
    return group(
        **lines,
        City=text(255),
        Country=text(255),
        CountryCode=text(255),
        County=text(255),
        CountrySubDivisionCode=text(255),
        PostalCode=text(30),
        PostalCodeSuffix=text(30),
        Lat=text(100),
        Long=text(100),
        Tag=text(100),
        Note=text(100),
        **ignored("Id"),
    )


def telephone() -> Field:
    return group(
        FreeFormNumber=text(30),
        CountryCode=text(30),
        AreaCode=text(30),
        ExchangeCode=text(30),
        Extension=text(30),
        DeviceType=text(30),
        **ignored("Id", "Default", "Tag"),
    )


def email() -> Field:
    return group(Address=Field("email", most=100), **ignored("Id", "Default", "Tag"))


def website() -> Field:
    return group(URI=Field("url", most=1000), **ignored("Id", "Default", "Tag"))
