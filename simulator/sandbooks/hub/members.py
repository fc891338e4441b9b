"""Which members the rows of a list have by its contract, so that a query may name one that no row has just now.

Source: contracts/hub, the answers of the list operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sandbooks.settings import read_contract

FILES = ("expenses.yaml", "expenses_v1.yaml", "platform.yaml", "bill_pay.yaml", "bill_pay_v1.yaml")

Schema = Mapping[str, Any]


class Rows:
    """The rows of one list operation, as its contract describes them."""

    def __init__(self, contract: Schema, schema: Schema) -> None:
        self._contract = contract
        self._schema = schema

    def has(self, path: Sequence[str]) -> bool:
        """Whether a row may have something at a path, each of whose names counts in whatever case."""
        found: list[Schema] = [self._schema]
        for name in path:
            parts = [part for schema in found for part in self._parts(schema)]
            if any(_is_open(part) for part in parts):
                return True
            found = [each for part in parts for each in _members(part, name)]
        return bool(found)

    def _parts(self, schema: Schema) -> Iterator[Schema]:
        """A schema, what it refers to, and what it is made of; the elements in the place of a list."""
        while "$ref" in schema:
            schema = self._referred(str(schema["$ref"]))
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                yield from self._parts(part)
        if "items" in schema:
            yield from self._parts(schema["items"])
        yield schema

    def _referred(self, reference: str) -> Schema:
        found: Any = self._contract
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        described: Schema = found
        return described


def _members(part: Schema, name: str) -> Iterator[Schema]:
    for known, schema in part.get("properties", {}).items():
        if known.lower() == name.lower():
            yield schema


def _is_open(part: Schema) -> bool:
    """An object whose members have no names of their own."""
    return isinstance(part.get("additionalProperties"), dict) or (
        part.get("type") == "object" and "properties" not in part and part.get("additionalProperties") is not False
    )


@cache
def of_operation(name: str) -> Rows | None:
    """What the rows of an operation may have; None where no contract describes a list of that name."""
    for file in FILES:
        contract = read_contract("hub", file)
        for item in contract["paths"].values():
            for method, operation in item.items():
                if method == "get" and operation["operationId"] == name:
                    return _rows(contract, operation)
    return None


def _rows(contract: Schema, operation: Schema) -> Rows | None:
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    whole = Rows(contract, content["schema"])
    found = [each for part in whole._parts(content["schema"]) for each in _members(part, "results")]
    return Rows(contract, {"allOf": found}) if found else None
