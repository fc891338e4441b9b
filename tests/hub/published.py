"""A published OpenAPI description read from a folder outside the project: its operations and what their answers may be.

Nothing of a description is kept here: the folder is named on the command line (``--codat-specs``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sandbooks.settings import read_document

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Published:
    """One operation of one description."""

    file: str
    id: str
    method: str
    path: str

    @property
    def key(self) -> str:
        return f"{self.method.upper()} {self.path}"


@cache
def document(folder: Path, file: str) -> dict[str, Any]:
    """A description with ``nullable`` spelt as JSON Schema spells it."""
    loaded: dict[str, Any] = _nulls_spelt(read_document(folder / file).data)
    return loaded


def _nulls_spelt(node: Any) -> Any:
    if isinstance(node, list):
        return [_nulls_spelt(each) for each in node]
    if not isinstance(node, dict):
        return node
    spelt = {name: _nulls_spelt(each) for name, each in node.items()}
    if "allOf" in spelt and spelt.get("additionalProperties") is False:
        # Taken by the letter, such a schema has no instance: what is meant is that nothing else is known.
        spelt["unevaluatedProperties"] = spelt.pop("additionalProperties")
    if "enum" in spelt:
        spelt.pop("maxLength", None)  # types of up to 14 letters beside a length of 8: the list of words is meant
    if spelt.get("nullable") is not True:
        return spelt
    if "$ref" in spelt:
        return {"anyOf": [{"$ref": spelt.pop("$ref")}, {"type": "null"}], "x-was": spelt}
    if isinstance(spelt.get("type"), str):
        spelt["type"] = [spelt["type"], "null"]
    if "enum" in spelt:
        spelt["enum"] = [*spelt["enum"], None]
    return spelt


def operations(folder: Path, file: str) -> Iterator[Published]:
    """Every operation of a description."""
    for path, item in document(folder, file)["paths"].items():
        for method in METHODS:
            if method in item:
                yield Published(file, item[method]["operationId"], method, path)


def successes(folder: Path, operation: Published) -> dict[int, str | None]:
    """The successful statuses of an operation, each with the place of its body's schema (None: no body)."""
    found: dict[int, str | None] = {}
    place = f"/paths/{_escaped(operation.path)}/{operation.method}/responses"
    responses = document(folder, operation.file)["paths"][operation.path][operation.method]["responses"]
    for status, answer in responses.items():
        if str(status).startswith("2"):
            at, answer = _followed(folder, operation.file, f"{place}/{status}", answer)
            content = answer.get("content", {}).get("application/json")
            found[int(status)] = f"{at}/content/application~1json/schema" if content else None
    return found


def request_schema(folder: Path, operation: Published) -> str | None:
    """The place of the schema of an operation's JSON body."""
    described = document(folder, operation.file)["paths"][operation.path][operation.method]
    if "application/json" not in described.get("requestBody", {}).get("content", {}):
        return None
    place = f"/paths/{_escaped(operation.path)}/{operation.method}/requestBody"
    return f"{place}/content/application~1json/schema"


def parameters(folder: Path, operation: Published) -> set[str]:
    """The names of an operation's own parameters."""
    item = document(folder, operation.file)["paths"][operation.path]
    listed = [*item.get("parameters", ()), *item[operation.method].get("parameters", ())]
    return {_followed(folder, operation.file, "", each)[1]["name"] for each in listed}


def events(folder: Path, file: str) -> dict[str, str]:
    """The events of a description, each with the place of its body's schema."""
    described = document(folder, file).get("webhooks") or {}
    return {name: f"/webhooks/{_escaped(name)}/post/requestBody/content/application~1json/schema" for name in described}


def _followed(folder: Path, file: str, place: str, node: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    while "$ref" in node:
        place = str(node["$ref"]).removeprefix("#")
        node = _at(document(folder, file), place)
    return place, node


def _at(node: Any, place: str) -> Any:
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        node = node[int(name)] if isinstance(node, list) else node[name] if name in node else node[int(name)]
    return node


def _escaped(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


@cache
def _registry(folder: Path, file: str) -> Registry[Any]:
    resource = Resource(contents=document(folder, file), specification=DRAFT202012)
    return Registry().with_resource("urn:published", resource)


def problems(folder: Path, file: str, place: str, body: Any) -> list[str]:
    """What is wrong with a body, and which of its members the description does not know."""
    validator = Draft202012Validator(
        {"$ref": f"urn:published#{place}"}, registry=_registry(folder, file), format_checker=FormatChecker(("uuid",))
    )
    wrong = [f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(body)]
    return [*wrong, *_unknown(folder, file, {"$ref": f"#{place}"}, body, at="$")]


def _unknown(folder: Path, file: str, schema: Any, body: Any, *, at: str) -> Iterator[str]:
    parts = list(_parts(folder, file, schema))
    if isinstance(body, list):
        inner = next((part["items"] for part in parts if "items" in part), None)
        for place, each in enumerate(body if inner is not None else ()):
            yield from _unknown(folder, file, inner, each, at=f"{at}[{place}]")
    if not isinstance(body, dict):
        return
    known = {name: each for part in parts for name, each in (part.get("properties") or {}).items()}
    free = any(part.get("additionalProperties") not in (None, False) for part in parts) or not known
    for name, each in body.items():
        if name in known:
            yield from _unknown(folder, file, known[name], each, at=f"{at}.{name}")
        elif not free:
            yield f"{at}.{name}: the description knows no such member"


def _parts(folder: Path, file: str, schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and everything that it is made of."""
    if not isinstance(schema, dict):
        return
    yield schema
    if "$ref" in schema:
        yield from _parts(folder, file, _at(document(folder, file), str(schema["$ref"]).removeprefix("#")))
    for word in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(word, ()):
            yield from _parts(folder, file, each)
