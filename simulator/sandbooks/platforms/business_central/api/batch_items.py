"""The items of a ``$batch`` in JSON: what each asks for, what it waits for, and whose address it begins with.

Everything here is checked before the first item runs, so that a batch that cannot be read changes nothing.
Source: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html (Batch Request);
ODataJsonLightBatchReader and ODataBatchReader of github.com/OData/odata.net (forward references and unknown members)
Unconfirmed: atomicity groups, which Business Central does not document: they are those of the standard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sandbooks.platforms.business_central.refusals import BadBody

MOST = 100  # Source: learn.microsoft.com/dynamics365/business-central, operational limits online (max batch size)
_MEMBERS = {name.lower(): name for name in ("id", "method", "url", "headers", "body", "dependsOn", "atomicityGroup")}
_REFERENCE = re.compile(r"/?\$(?P<id>[^/?]+)(?P<rest>.*)", re.DOTALL)
_RESOURCES = frozenset(["metadata", "batch"])


class Item(Struct, frozen=True):
    """One request of a batch. ``reference`` is the id of the item whose address stands where its own begins, and
    ``rest`` what follows; both are empty where the address is its own. ``group`` names those that stand or fall
    together with it; empty where it stands by itself."""

    id: str | int | None
    method: Any
    url: Any
    headers: Any
    body: Any
    after: tuple[str, ...]
    reference: str = ""
    rest: str = ""
    group: str = ""


def items_of(body: Any) -> list[Item]:
    """The items of a batch. Raises ``BadBody``."""
    given = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise BadBody("The batch request must be an object with an array 'requests'.")
    check_count(len(given))
    items: list[Item] = []
    seen: set[str] = set()
    for each in given:
        item = _item(_members(each), seen, items)
        items.append(item)
        if item.id is not None:
            seen.add(str(item.id))
        if item.group:
            seen.add(item.group)
    return items


def check_count(operations: int) -> None:
    """Refuse a batch of too many operations. Raises ``BadBody``."""
    if operations > MOST:
        raise BadBody(f"The batch request holds more than {MOST} operations.")


def _members(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name.lower() not in _MEMBERS:
            raise BadBody(f"Unknown property name '{name[:40]}' for a message in the batch.")
        if _MEMBERS[name.lower()] in found:
            raise BadBody(f"The property '{name[:40]}' stands twice in a message of the batch.")
        found[_MEMBERS[name.lower()]] = value
    return found


def _item(members: Mapping[str, Any], seen: set[str], before: list[Item]) -> Item:
    id, url = members.get("id"), members.get("url")
    if isinstance(id, bool) or not isinstance(id, (str, int, type(None))):
        raise BadBody("The 'id' of a batch request must be a text.")
    if id is not None and str(id) in seen:
        raise BadBody(f"The request id '{str(id)[:40]}' was found more than once in the batch.")
    group = _group(members.get("atomicityGroup"), id, seen, before)
    after = _after(members.get("dependsOn"), str(id), seen)
    reference, rest = _reference(url, after) if isinstance(url, str) else ("", "")
    headers, body = members.get("headers"), members.get("body")
    return Item(id, members.get("method"), url, headers, body, after, reference=reference, rest=rest, group=group)


def _group(given: Any, id: str | int | None, seen: set[str], before: list[Item]) -> str:
    """The atomicity group of an item: its items stand beside each other, and none has the group's name for an id."""
    if given is None:
        return ""
    if not isinstance(given, str) or not given:
        raise BadBody("The 'atomicityGroup' of a batch request must be a text.")
    goes_on = bool(before) and before[-1].group == given
    if not goes_on and (given in seen or given == id):
        raise BadBody(
            f"The atomicityGroup '{given[:40]}' is the id of a request, or its requests do not stand together."
        )
    return given


def _after(given: Any, id: str, seen: set[str]) -> tuple[str, ...]:
    """The items that must have succeeded first: all of them stand before this one."""
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadBody("The 'dependsOn' of a batch request must be an array of request ids.")
    for each in given:
        if each not in seen:
            raise BadBody(
                f"The dependsOn id '{each[:40]}' of request '{id[:40]}' is none of the ids before it; a forward "
                "reference is not allowed."
            )
    return tuple(dict.fromkeys(given))


def reference_of(url: str) -> tuple[str, str]:
    """``$1/purchaseInvoiceLines``: the item referred to and what follows; both empty where a url refers to none."""
    found = _REFERENCE.fullmatch(url)
    return ("", "") if found is None or found["id"].lower() in _RESOURCES else (found["id"], found["rest"])


def _reference(url: str, after: tuple[str, ...]) -> tuple[str, str]:
    """The item that a url refers to must be one that this one depends on."""
    id, rest = reference_of(url)
    if id and id not in after:
        raise BadBody(f"The url '{url[:60]}' refers to a request that is not named in 'dependsOn'.")
    return id, rest
