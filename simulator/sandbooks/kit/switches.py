"""The settings of a company that a platform has: each name with its shape, so that a misspelt or wrong one is refused.

What each setting means, and its default, stands in the platform's ``switches.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from sandbooks.money import known_currency
from sandbooks.settings import nearest


class Shape(Struct, frozen=True):
    """What the value of a setting is: in words, and as a test."""

    words: str
    holds: Callable[[Any], bool]


def check(platform: str, settings: Mapping[str, Any], known: Mapping[str, Shape]) -> None:
    """Refuse a setting that a platform does not have, or of another shape. Raises ``ValueError``."""
    for name, value in settings.items():
        if name not in known:
            raise ValueError(f"{platform} has no setting {name!r}. {nearest(name, known)}")
        if not known[name].holds(value):
            raise ValueError(f"{name} is {known[name].words}, not {value!r}")


def one_of(*words: str) -> Shape:
    """One of a fixed list of words."""
    return Shape(f"one of {', '.join(words)}", lambda value: isinstance(value, str) and value in words)


def list_of(shape: Shape) -> Shape:
    """A list of values that are all of one shape."""
    return Shape(
        f"a list, each of which is {shape.words}",
        lambda value: isinstance(value, list | tuple) and all(map(shape.holds, value)),
    )


def mapping_of(shape: Shape, *, keys: Callable[[str], bool] = lambda _: True, named: str = "name") -> Shape:
    """A mapping from text to values that are all of one shape."""
    return Shape(
        f"a mapping from a {named} to {shape.words}",
        lambda value: isinstance(value, Mapping) and all(keys(str(k)) and shape.holds(v) for k, v in value.items()),
    )


def parts(*required: str, **shapes: Shape) -> Shape:
    """A mapping with the required and some of the other members."""
    words = ", ".join(f"{name} ({shape.words})" for name, shape in shapes.items())

    def holds(value: Any) -> bool:
        named = isinstance(value, Mapping) and all(name in value for name in required)
        return named and all(n in shapes and shapes[n].holds(v) for n, v in value.items())

    return Shape(f"a mapping of {words}", holds)


def either(*shapes: Shape) -> Shape:
    """A value of any of these shapes."""
    return Shape(
        " or ".join(shape.words for shape in shapes), lambda value: any(shape.holds(value) for shape in shapes)
    )


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and isinstance(value, str | int | Decimal) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


FLAG = Shape("true or false", lambda value: isinstance(value, bool))
TEXT = Shape("text", lambda value: isinstance(value, str))
WHOLE = Shape("a whole number from 0", lambda value: type(value) is int and value >= 0)
STATUS = Shape("an HTTP status of an error", lambda value: type(value) is int and 400 <= value <= 599)
NUMBER = Shape("a number", _is_number)
RATE = Shape("a rate above 0", lambda value: _is_number(value) and Decimal(value) > 0)
DAY = Shape("a day (2026-03-31)", _is_day)
RATES = mapping_of(either(RATE, mapping_of(RATE, keys=_is_day, named="day")), keys=known_currency, named="currency")
