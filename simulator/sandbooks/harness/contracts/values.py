"""What is wrong with a value by a schema of a contract, in words with a remedy: one line for each member.

A schema library says that a value is "not valid under any of the given schemas"; here the alternative that fits best is
chosen and its own mistakes are told. Members that a contract does not list are mistakes too, even where the platform
passes over them in silence: that is how a misspelt member loses money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.harness.contracts.elements import Members, Part, Several, Text
from sandbooks.recording.conformance import contract_of, resolved
from sandbooks.settings import nearest

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, Decimal),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
Answered: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
SHOWN_MAX = 60


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a value: ``at`` is the way to the member."""

    at: str
    message: str
    remedy: str


class Stranger(Mistake):
    """A member that a document does not have."""


class Judge:
    """Judges values of requests. ``also`` are members that answers have, by name, which a request may send back.

    For values of ``answers`` only those members are strange that a schema shuts out.
    """

    def __init__(self, surface: str, also: Answered | None = None, *, answers: bool = False) -> None:
        self._answers = answers
        self._surface = surface
        self.any_case = bool(contract_of(surface).get("x-any-case"))
        self._annotations = contract_of(surface).get("x-annotations", "")
        self._null_is_blank = bool(contract_of(surface).get("x-null-is-blank"))
        self._also: Answered = also or {}

    def mistakes(self, value: Any, schema: Mapping[str, Any], at: str = "body") -> Iterator[Mistake]:
        """What is wrong with a value."""
        schema = resolved(self._surface, schema)
        if value is None and self._null_is_blank:
            return
        options = list(self._options(schema))
        if options:
            yield from self._best(value, options, at)
            return
        types = _types(schema)
        given, value = value, self._seen(value, schema)
        if value is None and isinstance(given, (Part, Text)):
            return  # an empty element is as good as none
        repeated = isinstance(given, Several) and not (given.may_repeat and "array" in self._wanted(schema))
        if repeated or (types and not _is_a(value, types)):
            yield _unlike(given, value, types, at)
            return
        if isinstance(given, Part):
            yield from self._strange(given, value, at)
        if isinstance(given, Part) and "x-pattern-in-xml" in schema:
            schema = {**schema, "pattern": schema["x-pattern-in-xml"]}
        yield from self._plain(value, schema, at)
        yield from self._inside(value, schema, at)

    def _best(self, value: Any, options: list[Mapping[str, Any]], at: str) -> Iterator[Mistake]:
        """The mistakes by the alternative that fits best."""
        likely = [each for each in options if self._fits(value, each)] or options
        if not self._answers:
            meant = min(self._strangers(value, each) for each in likely)
            likely = [each for each in likely if self._strangers(value, each) == meant]
        yield from min(([*self.mistakes(value, each, at)] for each in likely), key=len)

    def _inside(self, value: Any, schema: Mapping[str, Any], at: str) -> Iterator[Mistake]:
        if isinstance(value, dict) and "items" in schema and "properties" not in schema:
            yield from self.mistakes(value, schema["items"], at)  # one item may stand for a list of one
        elif isinstance(value, dict):
            yield from self._members(value, schema, at)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                yield from self.mistakes(item, schema["items"], f"{at}[{index}]")

    def _seen(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """A value as what a schema wants: an element or a text may stand for several things."""
        if isinstance(value, Part) and value.form.item and "items" in schema:
            return value.as_one_of(["array"])  # a list of one is written as a list, too
        if isinstance(value, (Part, Text)):
            return value.as_one_of(self._wanted(schema))
        return value

    def _wanted(self, schema: Mapping[str, Any]) -> list[str]:
        """The types that a schema wants, also where only its keywords tell."""
        types = _types(schema)
        if types:
            return types
        values = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if values:
            return ["string"] if any(isinstance(each, str) for each in values) else ["number", "boolean"]
        if "items" in schema:
            types = [*types, "array"]
        if any(True for _ in self._declared(schema)) or "additionalProperties" in schema:
            types = [*types, "object"]
        return types

    def _strange(self, part: Part, value: Any, at: str) -> Iterator[Mistake]:
        """Items of another name, and attributes where there are no members."""
        if self._answers:
            return
        if isinstance(value, list):
            for index, name, wanted in part.strange_items():
                yield Stranger(f"{at}[{index}].{name}", "is no item of this list", f"Did you mean `{wanted}`?")
        if not isinstance(value, dict):
            for name in part.strange_attributes() if not (isinstance(value, list) and value == [part]) else ():
                yield Stranger(f"{at}.{name}", "is no attribute of this element", "leave it out")

    def _options(self, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The alternatives of a schema, those of its alternatives in their place; none where it has none."""
        for each in schema.get("anyOf") or schema.get("oneOf") or ():
            own = list(self._options(resolved(self._surface, each)))
            yield from own or [each]

    def _fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        schema = resolved(self._surface, schema)
        types, seen = _types(schema), self._seen(value, schema)
        if seen is None and isinstance(value, (Part, Text)):
            return True
        return not types or _is_a(seen, types)

    def _strangers(self, value: Any, schema: Mapping[str, Any]) -> int:
        """How many members of a value an alternative does not list, those that only answers have among them."""
        value = self._seen(value, resolved(self._surface, schema))
        if not isinstance(value, dict):
            return 0
        declared = {name.lower() for name, _ in self._declared(resolved(self._surface, schema))}
        return sum(name.lower() not in declared for name in value) if declared else 0

    def _plain(self, value: Any, schema: Mapping[str, Any], at: str) -> Iterator[Mistake]:
        allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if allowed is not None and value is not None and not self._among(value, allowed):
            yield Mistake(at, f"{_shown(value)} is not among its values", nearest(str(value), filter(None, allowed)))
        if not isinstance(value, str):
            return
        if "maxLength" in schema and len(value) > schema["maxLength"]:
            most = schema["maxLength"]
            yield Mistake(at, f"is {len(value)} characters long", f"send {most} at most")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield Mistake(at, f"{_shown(value)} has not its form", f"send what fits {schema['pattern']}")

    def _among(self, value: Any, allowed: list[Any]) -> bool:
        if self.any_case and isinstance(value, str):
            return value.lower() in (str(each).lower() for each in allowed)
        return value in allowed

    def _members(self, value: Mapping[str, Any], schema: Mapping[str, Any], at: str) -> Iterator[Mistake]:
        declared = dict(self._declared(schema))
        for name in schema.get("required", ()):
            if isinstance(value, Members) and value.repeats and declared.get(name, {}).get("type") == "array":
                continue
            if name not in value and not (self.any_case and name.lower() in map(str.lower, value)):
                yield Mistake(f"{at}.{name}", "is missing", f"send {name}")
        closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
        open_ended = not declared and not closed
        folded = {name.lower(): name for name in declared}
        for name, inner in value.items():
            found = name if name in declared else folded.get(name.lower(), "") if self.any_case else ""
            if found and (_says_something(declared[found]) or name not in self._also):
                yield from self.mistakes(inner, declared[found], f"{at}.{found}")
            elif found or name in self._also:
                yield from self._sent_back(inner, self._also[name], f"{at}.{name}")
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from self.mistakes(inner, schema["additionalProperties"], f"{at}.{name}")
            elif (
                not (open_ended or (self._answers and not closed))
                and not self._patterned(name, schema)
                and not schema.get("additionalProperties")
            ):
                yield Stranger(f"{at}.{name}", "is no member of this document", nearest(name, declared))

    def _sent_back(self, value: Any, schemas: Sequence[Mapping[str, Any]], at: str) -> Iterator[Mistake]:
        """Members that no answer has inside of one that some answer has; its values are the platform's own."""
        found = [[m for m in self.mistakes(value, each, at) if isinstance(m, Stranger)] for each in schemas]
        yield from min(found, key=len, default=[])

    def _patterned(self, name: str, schema: Mapping[str, Any]) -> bool:
        """Whether a name fits one of the patterns that a schema has, as those of custom fields do."""
        parts = (resolved(self._surface, part) for part in schema.get("allOf", ()))
        if self._annotations and re.search(self._annotations, name):
            return True
        found = any(re.search(pattern, name) for pattern in schema.get("patternProperties", ()))
        return found or any(self._patterned(name, part) for part in parts)

    def _declared(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for part in schema.get("allOf", ()):
            yield from self._declared(resolved(self._surface, part))
        yield from schema.get("properties", {}).items()


def _says_something(schema: Mapping[str, Any]) -> bool:
    """Whether a schema bounds its values at all."""
    return any(not name.startswith("x-") for name in schema)


def members_of(surface: str, schema: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Every member anywhere in a schema: its name, and what it may hold."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    seen: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, list):
            for each in part:
                walk(each)
        elif isinstance(part, Mapping):
            reference = part.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                walk(resolved(surface, part))
            for name, inner in part.get("properties", {}).items():
                if inner not in found.setdefault(name, []):
                    found[name].append(inner)
            for each in part.values():
                walk(each)

    walk(schema)
    return found


def _types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _unlike(given: Any, value: Any, types: list[str], at: str) -> Mistake:
    if isinstance(given, Several):
        return Mistake(at, f"stands {len(given)} times", "send it once")
    wanted = " or ".join(types if len(types) == 1 else [each for each in types if each != "null"])
    return Mistake(at, f"{_shown(value)} is no {wanted}", f"send {wanted}")


def _is_a(value: Any, types: list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    return any(isinstance(value, _TYPES[each]) for each in types)


def _shown(value: Any) -> str:
    text = (
        f"{value}" if not isinstance(value, (dict, list)) else f"a {'list' if isinstance(value, list) else 'document'}"
    )
    return f"`{text[:SHOWN_MAX]}`" if not isinstance(value, (dict, list)) else text
