"""Where a fault acts: an address by content, so that a schedule survives a change of call order.

A transaction is known by its reference and by whatever else stands for it on the wire (``remember_reference``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from sandbooks.faults.content import Content
from sandbooks.faults.parameters import remedy
from sandbooks.world import World

HUB = "codat"
REFERENCES = "reference"


class Address(Struct, frozen=True, kw_only=True):
    """Every given key must match; see ``contracts/faults.yaml``."""

    platform: str = ""
    company: str = ""
    operation: str = ""
    write: str = ""
    read: str = ""
    reference: str = ""
    event: str = ""
    nth: int = 1
    every: bool = False

    @classmethod
    def of(cls, at: Mapping[str, Any], *, webhooks: bool = False) -> Address:
        """An address of exchanges (of webhook deliveries) from plain data. Raises ``ValueError`` with a remedy."""
        names = cls.__struct_fields__
        for name, value in at.items():
            if name not in names:
                raise ValueError(f"an address has no key {name!r}{remedy(name, names)}")
            _check(name, value)
        told = [name for name in ("write", "read", "reference") if name in at]
        if len(told) > 1:
            raise ValueError(f"an address has at most one of write, read, reference; it has {' and '.join(told)}")
        if webhooks and "operation" in at:
            raise ValueError("a webhook has no operation; name its event instead, such as 'expenses.sync.*'")
        if not webhooks and "event" in at:
            raise ValueError("only webhook faults have an event; name an operation instead")
        return cls(**at)

    def as_dict(self) -> dict[str, Any]:
        """The keys that say something, and ``nth`` and ``every`` always."""
        named = asdict(self)
        return {name: value for name, value in named.items() if value != "" or name in ("nth", "every")}

    @property
    def carries(self) -> str:
        """The reference that an exchange must carry, if any."""
        return self.write or self.read or self.reference

    def means(self, content: Content) -> bool | None:
        """Whether an exchange is meant; None while its company cannot be known yet."""
        exchange = content.exchange
        if not self._means_surface(exchange.surface):
            return False
        if (self.write and not exchange.writes) or (self.read and exchange.writes):
            return False
        if self.operation and not _names_operation(self.operation, content):
            return False
        if content.call.operation.by_hand and self.operation != exchange.operation:
            return False
        if self.carries and not self._is_carried(content):
            return False
        return content.is_of_company(self.company) if self.company else True

    def means_delivery(self, world: World, delivery: Mapping[str, Any]) -> bool:
        """Whether a webhook delivery is meant. An event that is named may be the hub's own."""
        if not (self._means_surface(delivery["platform"]) or (self.event and not self.platform)):
            return False
        if self.event and not fnmatchcase(delivery["event"], self.event):
            return False
        if self.company and self.company.lower() != str(delivery["company"]).lower():
            return False
        text = str(delivery["body"]).lower()
        return not self.carries or any(_word(t).search(text) for t in tokens_of(world, self.carries))

    def _means_surface(self, surface: str) -> bool:
        return surface == self.platform if self.platform else surface != HUB

    def _is_carried(self, content: Content) -> bool:
        patterns = [_word(token) for token in tokens_of(content.exchange.world, self.carries)]
        if any(pattern.search(content.text) for pattern in patterns):
            return True
        return not content.exchange.writes and content.reads_record_with(patterns)


def _check(name: str, value: Any) -> None:
    if name == "every":
        if not isinstance(value, bool):
            raise ValueError(f"every is {value!r}; give true or false")
    elif name == "nth":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"nth is {value!r}; give a whole number from 1 on")
    elif not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {value!r}; give a text, or leave the key out")
    elif name == "operation" and " " in value and not re.fullmatch(r"[A-Za-z*]+ /\S*", value):
        raise ValueError(f"operation is {value!r}; give a name such as 'create_purchase' or 'POST /v3/company/*/bill'")


def remember_reference(world: World, reference: str, tokens: Iterable[str]) -> None:
    """Keep what else stands for a reference on the wire: the hub transaction's id, native ids, document numbers."""
    known = list(world.get(REFERENCES, reference) or [])
    world.put(REFERENCES, reference, known + [token for token in dict.fromkeys(tokens) if token not in known])


def tokens_of(world: World, reference: str) -> list[str]:
    """A reference and everything that is known to stand for it; UUIDs also without hyphens."""
    tokens = [reference, *(world.get(REFERENCES, reference) or [])]
    return tokens + [bare for token in tokens if (bare := _bare_uuid(token))]


def _bare_uuid(token: str) -> str:
    try:
        return UUID(token).hex
    except ValueError:
        return ""


@cache
def _word(token: str) -> re.Pattern[str]:
    """The token as a word of its own: ``r-1`` is not found in ``r-12``."""
    return re.compile(rf"(?<![^\W_]){re.escape(token.lower())}(?![^\W_])")


def _names_operation(wanted: str, content: Content) -> bool:
    method, blank, path = wanted.partition(" ")
    if not blank:
        return content.exchange.operation == wanted
    if method != "*" and method.upper() != content.exchange.request.method.upper():
        return False
    return _path_pattern(path).fullmatch(content.path) is not None


@cache
def _path_pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", glob.rstrip("/") or "/")
    source = "".join({"**": ".*", "*": "[^/]*"}.get(part) or re.escape(part) for part in parts)
    return re.compile(source.replace("/.*", "(?:/.*)?") + "/?", re.IGNORECASE)
