"""Contacts of a company as the audit sees them: who they are, under which name, and which exchange made them.

Which kinds of record are contacts, and which member is the name, the platform declares.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Version
from sandbooks.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One supplier, customer or employee. ``made_by`` is the exchange that created it, 0 for the company's own people;
    ``touched`` tells that they renamed, archived or deleted it later; ``role`` says which it is where
    one kind has several."""

    kind: str
    id: str
    name: str
    live: bool
    made_by: int
    touched: bool = False
    role: str = ""

    @property
    def key(self) -> str:
        """The name as people compare it."""
        return normalised(self.name)


def normalised(name: str) -> str:
    """A name without regard to case and width; to platforms a space more is another name."""
    return unicodedata.normalize("NFKC", name).casefold()


def contacts_of(platform: Platform, company: Company) -> list[Contact]:
    """The contacts of a company, kind by kind as the platform declares them."""
    found = []
    for declared in platform.contacts:
        kind, members, role = [*declared.split(":"), ""][:3]
        for record in company.records.scan(kind, deleted=True):
            versions = company.records.versions(kind, record.id)
            found.append(
                Contact(
                    kind=kind,
                    id=record.id,
                    name=_name(record.body, members.split()),
                    role=str(record.body.get(role) or ""),
                    live=record.active and not record.deleted,
                    made_by=versions[0].exchange if versions else record.exchange,
                    touched=_is_touched(versions),
                )
            )
    return found


def _name(body: Mapping[str, Any], members: list[str]) -> str:
    """The first member that says something; names in two parts are put together."""
    parts = [str(body.get(member) or "") for member in members]
    if len(members) > 2 and not parts[0]:
        return " ".join(filter(None, parts[1:]))
    return next(filter(None, parts), "")


def _is_touched(versions: list[Version]) -> bool:
    return any(version.exchange == 0 for version in versions[1:])
