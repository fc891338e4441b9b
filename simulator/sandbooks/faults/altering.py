"""Webhook bodies that are about something else: the same form, with other ids in it.

Pure text: an id is what looks like one (a UUID anywhere, digits under a key that ends in ``id``), and a company's id is
known from the world. Knows no platform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sandbooks import exact_json
from sandbooks.kit.company import companies
from sandbooks.world import World

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_NEXT = str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA")
UNUSED = "97"  # before a number: no world counts that far


def respaced(body: str) -> str:
    """The same JSON with one more blank."""
    return body.replace('":', '": ', 1)


def another(id: str) -> str:
    """An id of the same form that nothing has. Every digit of a UUID becomes the next; a number grows in front."""
    return f"{UNUSED}{id}" if id.isdigit() else id.translate(_NEXT)


def about_other_company(world: World, delivery: Mapping[str, Any]) -> str:
    """The body with another company in place of its own, as a message of its own."""
    text: str = delivery["body"]
    own = [id for id in _companies(world, delivery) if id in text]
    return _replaced(text, [*own, *_of_message(delivery)]) if own else text


def about_missing_record(world: World, delivery: Mapping[str, Any]) -> str:
    """The body with ids that nothing has, but for the company's and the subscription's."""
    text: str = delivery["body"]
    subscription = str(delivery.get("subscription") or "").lower()
    kept = {*(id.lower() for id in _companies(world, delivery)), subscription}
    found = [*_UUID.findall(text), *_numbers(exact_json.loads(text.encode("utf-8")))]
    return _replaced(text, [id for id in dict.fromkeys(found) if id.lower() not in kept])


def _companies(world: World, delivery: Mapping[str, Any]) -> set[str]:
    named = {company.id for company in companies(world)}
    return {id for id in {*named, str(delivery.get("company") or "")} if id}


def _of_message(delivery: Mapping[str, Any]) -> list[str]:
    return [str(delivery["message"])] if delivery.get("message") else []


def _replaced(text: str, ids: Iterable[str]) -> str:
    for id in ids:
        pattern = rf'"{id}"' if id.isdigit() else re.escape(id)
        new = f'"{another(id)}"' if id.isdigit() else another(id)
        text = re.sub(pattern, new, text)
    return text


def _numbers(value: Any, key: str = "") -> Iterator[str]:
    """Numbers in text under keys that end in ``id``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner, key)
    elif isinstance(value, str) and value.isdigit() and key.lower().endswith("id"):
        yield value
