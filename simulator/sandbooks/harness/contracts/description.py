"""What a contract says of requests: operations by address, parameters, bodies, and what a credential fills in.

The answering half of a contract is ``sandbooks.recording.conformance``; both read the same file.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from sandbooks.recording.conformance import METHODS, contract_of, resolved

_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Parameter:
    """One parameter; ``place`` is ``path``, ``query`` or ``header``."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Described:
    """One operation. ``bodies`` are the schemas of its request body by media type; where the path says what the body
    is, ``body_by`` names its schema, with parameters of the path in braces. ``batch`` says where a body holds requests
    of their own."""

    surface: str
    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Mapping[str, Any]]
    body_required: bool
    responses: Mapping[str, Any]
    public: bool
    names: tuple[str, ...] = ()
    body_by: str = ""
    batch: Mapping[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The addresses of the operation."""
        parts = _PLACE.split(self.path)
        made = (f"([^/]+?){re.escape(text)}" for text in parts[2::2])
        return re.compile(re.escape(parts[0]) + "".join(made))

    @cached_property
    def pattern_in_any_case(self) -> re.Pattern[str]:
        """The same for paths in any casing."""
        return re.compile(self.pattern.pattern, re.IGNORECASE)

    @property
    def path_names(self) -> list[str]:
        """The names of the path parameters, in order."""
        return _PLACE.findall(self.path)

    def filled(self, values: Mapping[str, str]) -> str:
        """The path with its parameters; raises ``KeyError`` for one without a value."""
        return _PLACE.sub(lambda found: quote(values[found[1]], safe=""), self.path)

    def body_at(self, path: str, media: str) -> Mapping[str, Any]:
        """The schema of a body that is sent to a path."""
        found = self.pattern.fullmatch(path) or self.pattern_in_any_case.fullmatch(path)
        if self.body_by and found:
            schemas = _schemas_in_any_case(self.surface)
            wanted = _PLACE.sub(lambda place: found[self.path_names.index(place[1]) + 1], self.body_by)
            name = schemas.get(wanted.lower())
            if name is not None:
                return {"$ref": f"#/components/schemas/{name}"}
        return self.bodies.get(media, {})

    def parameter(self, name: str, place: str) -> Parameter | None:
        """A parameter by name; header names in any case."""
        for each in self.parameters:
            alike = each.name.lower() == name.lower() if place == "header" else each.name == name
            if alike and each.place == place:
                return each
        return None


@dataclass(frozen=True)
class Description:
    """All requests of one surface."""

    surface: str
    operations: tuple[Described, ...]

    def at(self, method: str, path: str) -> Described | None:
        """The operation at an address; the most literal one where several fit. Platforms take paths in any casing."""
        here = [each for each in self.operations if each.method == method]
        found = [each for each in here if each.pattern.fullmatch(path)]
        found = found or [each for each in here if each.pattern_in_any_case.fullmatch(path)]
        return min(found, key=lambda each: (len(each.path_names), -len(each.path)), default=None)

    def methods_at(self, path: str) -> list[str]:
        """The methods that an address takes."""
        return sorted({each.method for each in self.operations if each.pattern.fullmatch(path)})

    def named(self, name: str) -> Described | None:
        """An operation by its id, or by a name that the tape gives it."""
        return next((each for each in self.operations if name == each.id or name in each.names), None)


@cache
def _schemas_in_any_case(surface: str) -> dict[str, str]:
    """The names of a contract's schemas, in lower case and as they are."""
    return {name.lower(): name for name in contract_of(surface).get("components", {}).get("schemas", {})}


@cache
def description_of(surface: str) -> Description:
    """The requests that the contract of a surface describes."""
    document = contract_of(surface)
    found = []
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                found.append(_described(surface, path, item, method, operation))
    return Description(surface, tuple(found))


def _described(
    surface: str, path: str, item: Mapping[str, Any], method: str, operation: Mapping[str, Any]
) -> Described:
    given = [resolved(surface, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    parameters = tuple(
        Parameter(each["name"], each["in"], bool(each.get("required")), each.get("schema", {})) for each in given
    )
    body = resolved(surface, operation.get("requestBody", {}))
    security = operation.get("security", contract_of(surface).get("security", []))
    return Described(
        surface,
        operation["operationId"],
        method.upper(),
        path,
        parameters,
        {media: content.get("schema", {}) for media, content in body.get("content", {}).items()},
        bool(body.get("required")),
        operation["responses"],
        security == [],
        tuple(operation.get("x-names", ())),
        operation.get("x-body-by", ""),
        operation.get("x-batch", {}),
    )


@dataclass(frozen=True)
class Access:
    """What a credential fills in: the Authorization header, and parameters that name the company."""

    authorization: str
    parameters: Mapping[str, str]


def access_of(surface: str, credentials: Mapping[str, str]) -> Access:
    """How a contract (``x-access``) wants these credentials to be shown. What they lack stays unfilled."""
    told = contract_of(surface).get("x-access", {})
    values = {name: _filled(text, credentials) for name, text in told.get("parameters", {}).items()}
    kept = {name: value for name, value in values.items() if value is not None}
    return Access(_filled(told.get("authorization", ""), credentials) or "", kept)


def credentials_named(surface: str) -> set[str]:
    """The credentials that requests to a surface cannot do without."""
    told = contract_of(surface).get("x-access", {})
    templates = (told.get("authorization", ""), *told.get("parameters", {}).values())
    return {place.partition(":")[0] for template in templates for place in _PLACE.findall(template)}


def _filled(template: str, credentials: Mapping[str, str]) -> str | None:
    """A template such as ``Basic {api_key:base64}`` with its values; None where one is missing."""
    try:
        return _PLACE.sub(lambda found: _credential(found[1], credentials), template)
    except KeyError:
        return None


def _credential(place: str, credentials: Mapping[str, str]) -> str:
    name, _, form = place.partition(":")
    value = credentials[name]
    return base64.b64encode(value.encode()).decode() if form == "base64" else value
