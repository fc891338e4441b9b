"""What a company really has, learned by reading it: ids for the path parameters of a contract, values for members.

Lists are read first; what looks like an id in them is tried at the addresses below. A surface whose lists have no
address of their own (a query language) names them in its contract (``x-lists``: by collection, the address to read).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from sandbooks import exact_json
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.description import Described
from sandbooks.recording.conformance import contract_of
from sandbooks.wire import Response

_ID = re.compile(r"(^|[_a-z.])(id|Id|ID|code|Code|key|Key|number|Number|url|href|name|Name)$")
_NAMES_ID = re.compile(r"(id|Id|ID)$")
_LAST_PLACE = re.compile(r"^(.*)\{([^{}]+)\}[^{}]*$")
MOST_TRIED = 12
MOST_KEPT = 4
MOST_VALUES = 12
TEXT_MAX = 200


@dataclass
class Known:
    """``bindings``: for a path with its parameters, lists of values that exist. ``values``: by member name, values
    seen."""

    bindings: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)
    documents: dict[str, list[Any]] = field(default_factory=dict)

    def of(self, operation: Described) -> list[dict[str, str]]:
        """Values for the path parameters of an operation; none where the company has nothing there."""
        place = _LAST_PLACE.match(operation.path)
        return self.bindings.get(_collection(operation.path), []) if place else [{}]


def learn(client: Client, *, tried: int = MOST_TRIED) -> Known:
    """Read the company of a client; only GET requests are sent, at most ``tried`` for each kind of address."""
    return _Learning(client, tried).all()


class _Learning:
    def __init__(self, client: Client, tried: int) -> None:
        self.client = client
        self.tried = tried
        self.known = Known()
        self._lists: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
        self._told = contract_of(client.surface).get("x-lists", {})

    def all(self) -> Known:
        reads = [each for each in self.client.description.operations if each.method == "GET" and not each.public]
        for operation in sorted(reads, key=lambda each: len(each.path_names)):
            for binding in self.bindings(operation.path)[:MOST_KEPT]:
                self._read(operation, binding)
        for operation in self.client.description.operations:
            self.bindings(operation.path)
        return self.known

    def bindings(self, path: str) -> list[dict[str, str]]:
        """Values for every parameter of a path, innermost last."""
        key = _collection(path)
        if not key:
            return [{}]
        if key not in self.known.bindings:
            self.known.bindings[key] = []  # a path that needs itself finds nothing
            self.known.bindings[key] = self._find(key)
        return self.known.bindings[key]

    def _find(self, key: str) -> list[dict[str, str]]:
        match = _LAST_PLACE.match(key)
        assert match is not None
        before, name = match[1], match[2]
        outer = self.bindings(before)
        own = self.client.access.parameters.get(name)
        if own is not None:
            return [{**binding, name: own} for binding in outer]
        found = []
        for binding in outer[:MOST_KEPT]:
            found += self._confirmed(key, name, binding, self._candidates(key, before, name, binding))
        return found

    def _confirmed(
        self, key: str, name: str, binding: Mapping[str, str], candidates: list[str]
    ) -> list[dict[str, str]]:
        """The candidates that can be read; all of them where nothing reads them."""
        reader = next(
            (o for o in self.client.description.operations if o.method == "GET" and o.path == key and not o.public),
            None,
        )
        possible = [{**binding, name: value} for value in dict.fromkeys(candidates)]
        if reader is None:
            return possible[:MOST_KEPT]
        found = []
        for each in possible[: self.tried]:
            if self._read(reader, each).status == 200:
                found.append(each)
            if len(found) == MOST_KEPT:
                break
        return found

    def _candidates(self, key: str, before: str, name: str, binding: Mapping[str, str]) -> list[str]:
        known = [str(each) for each in self._named_in_contract(key, name)]
        if known:
            return known
        collection = before.rstrip("/(")
        if collection in self._told:
            address = self._filled(self._told[collection], binding)
            path, _, query = address.partition("?")
            return self._ids(self.client.call("GET", path, query=query))
        lister = next(
            (o for o in self.client.description.operations if o.method == "GET" and o.path == collection), None
        )
        if lister is None:
            return []
        return self._ids(self._read(lister, binding))

    def _named_in_contract(self, key: str, name: str) -> list[Any]:
        """The values that the contract itself lists for a parameter."""
        for operation in self.client.description.operations:
            if operation.path.startswith(key):
                parameter = operation.parameter(name, "path")
                if parameter is not None:
                    return [*parameter.schema.get("enum", ()), *parameter.schema.get("examples", ())]
        return []

    def _filled(self, address: str, binding: Mapping[str, str]) -> str:
        for name, value in {**self.client.access.parameters, **binding}.items():
            address = address.replace(f"{{{name}}}", value)
        return address

    def _read(self, operation: Described, binding: Mapping[str, str]) -> Response:
        answer = self.client.ask(operation, binding)
        body = holds_json(answer) if answer.status == 200 else None
        if body is not None:
            kept = self.known.documents.setdefault(operation.id, [])
            if len(kept) < MOST_KEPT:
                kept.append(body)
            for name, value in _leaves(body, ""):
                self._keep(name, value)
        return answer

    def _keep(self, name: str, value: Any) -> None:
        values = self.known.values.setdefault(name, [])
        if len(values) < MOST_VALUES and value not in values:
            values.append(value)

    def _ids(self, answer: Response) -> list[str]:
        body = holds_json(answer) if answer.status == 200 else None
        if body is None:
            return []
        for name, value in _leaves(body, ""):
            self._keep(name, value)
        return ids_in(body)


def holds_json(answer: Response) -> Any:
    """The JSON body of an answer; None where it has none."""
    media = answer.header("Content-Type").partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        return None
    try:
        return exact_json.loads(answer.body)
    except exact_json.MalformedJson:
        return None


def items_of(body: Any) -> list[Any]:
    """The items of a list answer: the body itself, or the first list of objects inside it."""
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        return []
    for value in body.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value
    nested = (items_of(value) for value in body.values() if isinstance(value, dict))
    return next((found for found in nested if found), [])


def ids_in(body: Any) -> list[str]:
    """What looks like an id in an answer, the likeliest first."""
    found = [(name, value) for name, value in _leaves(body, "") if _ID.search(name) and str(value)]
    ranked = sorted(
        found, key=lambda each: 0 if each[0].lower() in ("id", "url") else 1 if _NAMES_ID.search(each[0]) else 2
    )
    return list(dict.fromkeys(_tail(str(value)) for _, value in ranked))


def _collection(path: str) -> str:
    """A path up to and including its last parameter (with a bracket that closes it); empty without one."""
    end = path.rfind("}")
    return path[: end + 1] + (")" if path[end + 1 : end + 2] == ")" else "") if end >= 0 else ""


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every plain value with the name of the member that holds it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif value is not None and not isinstance(value, bool) and len(str(value)) <= TEXT_MAX:
        yield name, value


def _tail(value: str) -> str:
    """An id out of a value: the last segment of an address, else the value."""
    if "://" not in value:
        return value
    last = unquote(urlsplit(value).path.rstrip("/").rpartition("/")[2])
    return last.partition("(")[2].rstrip(")") or last
