"""Comparing values of JSON documents: dotted paths, numbers by value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def at_path(value: Any, path: str) -> Any:
    """What stands at a dotted path into objects and arrays; None where the path leads nowhere."""
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.lstrip("-").isdigit() and -len(value) <= int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def differs(found: Any, wanted: Any) -> bool:
    """Whether two values differ: numbers (also as text) compare as decimals, objects by the members that are wanted."""
    if isinstance(wanted, Mapping):
        return not isinstance(found, Mapping) or any(differs(found.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return not isinstance(found, list) or len(found) != len(wanted) or any(map(differs, found, wanted))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is not wanted and str(found).lower() != str(wanted).lower()
    a, b = _number(found), _number(wanted)
    return a != b if a is not None and b is not None else found != wanted


def _number(value: Any) -> Decimal | None:
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
