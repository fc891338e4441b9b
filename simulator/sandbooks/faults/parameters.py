"""The parameters of a fault: their types, defaults, and what is said of a value that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from sandbooks.world.clock import parse_duration

ParameterType: TypeAlias = Literal["string", "integer", "boolean", "duration"]

ZERO = timedelta(0)


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter. ``nullable`` ones may be None; ``choices`` empty means any value of the type."""

    type: ParameterType
    default: Any
    choices: tuple[Any, ...] = ()
    nullable: bool = False
    minimum: int | None = None


def chosen(declared: Mapping[str, Parameter], given: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
    """Every parameter with the value given or its default. Raises ``ValueError`` with a remedy."""
    for name in given:
        if name not in declared:
            raise ValueError(f"{kind} has no parameter {name!r}{remedy(name, declared)}")
    return {
        name: _checked(name, given[name], declared[name]) if name in given else p.default
        for name, p in declared.items()
    }


def remedy(name: object, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """``: did you mean X?`` or the list of what there is."""
    near = get_close_matches(str(name), list(known), n=1)
    if near:
        return f": did you mean {near[0]!r}?"
    return f"; there is {', '.join(known)}" if known else "; it has none"


def _checked(name: str, value: Any, parameter: Parameter) -> Any:
    if value is None and parameter.nullable:
        return None
    if parameter.choices and value not in parameter.choices:
        raise ValueError(f"{name} is {value!r}; give one of {', '.join(map(str, parameter.choices))}")
    if not _fits(value, parameter.type):
        raise ValueError(f"{name} is {value!r}; give {_WORDS[parameter.type]}")
    if parameter.minimum is not None and value < parameter.minimum:
        raise ValueError(f"{name} is {value}; give at least {parameter.minimum}")
    return value


_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "duration": "a length of time such as '30s', '2h', 'P1D' or a number of seconds",
}


def _fits(value: Any, type_: ParameterType) -> bool:
    if type_ == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if type_ == "duration":
        return _is_duration(value)
    return isinstance(value, str if type_ == "string" else int)


def _is_duration(value: Any) -> bool:
    try:
        return parse_duration(value) >= ZERO
    except ValueError:
        return False
