"""Whether an answer is as its surface's contract describes it: status, media type, headers, JSON body, per operation.

The contract of a platform is ``contracts/platforms/<name>/api.yaml``, the hub's are those in ``contracts/hub``,
control's is ``contracts/control.yaml``; an operation is found by its ``operationId``, which is the name on the tape.
What a fault did to an answer is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sandbooks import exact_json
from sandbooks.settings import DataMissing, read_contract
from sandbooks.wire import Response, header_of
from sandbooks.world import TapeEntry

HUB = "codat"
CONTROL = "control"
HUB_CONTRACTS = ("expenses.yaml", "expenses_v1.yaml", "platform.yaml", "bill_pay.yaml", "bill_pay_v1.yaml")
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")

Check = Callable[[Any], Iterator[str]]


def differences(entry: TapeEntry) -> list[str]:
    """What an answer has that its contract does not allow, in words; nothing for what no contract describes."""
    if entry.cut or entry.faults or entry.bug or entry.not_simulated or not entry.operation:
        return []
    answer = Response(entry.status, entry.response_headers, entry.response_body)
    return [
        f"{entry.operation} answered {entry.status}{text}" for text in judged(entry.surface, entry.operation, answer)
    ]


def judged(surface: str, operation: str, answer: Response) -> list[str]:
    """The same for an answer that is on no tape; the texts go on where ``<operation> answered <status>`` ends."""
    if operation not in operations_of(surface):
        return []
    described = _described(surface, operation, answer.status)
    if described is None:
        return [", which its contract does not know"]
    headers = described.get("headers", {})
    missing = [name for name, facts in headers.items() if facts.get("required") and not answer.header(name)]
    found = [f" without the header {name}" for name in missing]
    content = described.get("content", {})
    if not content or not answer.body:
        return found
    media = header_of(answer.headers, "Content-Type").partition(";")[0].strip().lower()
    if media not in {*content, *contract_of(surface).get("x-also-as", ())} and "*/*" not in content:
        return [*found, f" as {media or 'no media type'}, which its contract does not know"]
    if media == "application/json" or media.endswith("+json"):
        found += _body_differences(surface, operation, answer)
    return found


def _body_differences(surface: str, operation: str, answer: Response) -> list[str]:
    media = header_of(answer.headers, "Content-Type").partition(";")[0].strip().lower()
    check = _check(surface, operation, answer.status, media)
    try:
        return [f": {text}" for text in check(exact_json.loads(answer.body))]
    except exact_json.MalformedJson:
        return [" with a body that is not JSON"]


@cache
def contract_of(surface: str) -> dict[str, Any]:
    """The OpenAPI description of a surface, one document of all its files; empty when there is none."""
    hub: list[tuple[str, ...]] = [("hub", name) for name in HUB_CONTRACTS]
    places: dict[str, list[tuple[str, ...]]] = {HUB: hub, CONTROL: [("control.yaml",)]}
    try:
        first, *others = (read_contract(*place) for place in places.get(surface, [("platforms", surface, "api.yaml")]))
    except DataMissing:
        return {}
    whole: dict[str, Any] = first
    for number, other in enumerate(others, start=2):
        whole = _joined(whole, _renamed(other, f"{number}."))
    return whole


def _joined(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two descriptions as one. What a path says of all its methods is said by each of them."""
    paths = {path: dict(item) for path, item in first.get("paths", {}).items()}
    for path, item in other.get("paths", {}).items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method in METHODS:
                parameters = [*shared, *operation.get("parameters", ())]
                paths.setdefault(path, {})[method] = {**operation, "parameters": parameters}
    sections = {*first.get("components", {}), *other.get("components", {})}
    parts = (first.get("components", {}), other.get("components", {}))
    components = {name: {**parts[0].get(name, {}), **parts[1].get(name, {})} for name in sections}
    return {**first, "paths": paths, "components": components}


def _renamed(document: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """A description whose components have names of their own."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {name: _reference(inner, prefix) if name == "$ref" else walk(inner) for name, inner in value.items()}

    components = {
        section: {prefix + name: walk(each) for name, each in parts.items()}
        for section, parts in document.get("components", {}).items()
    }
    return {**document, "paths": walk(document.get("paths", {})), "components": components}


def _reference(value: str, prefix: str) -> str:
    head, _, name = value.rpartition("/")
    return f"{head}/{prefix}{name}"


def resolved(surface: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference inside a contract points at; anything else as it is."""
    while "$ref" in value:
        target: Any = contract_of(surface)
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


@cache
def operations_of(surface: str) -> dict[str, dict[str, Any]]:
    """The operations of a contract by their ids, and by the other names that the tape gives them (``x-names``)."""
    paths = contract_of(surface).get("paths", {})
    described = [item for path in paths.values() for method, item in path.items() if method in METHODS]
    named = {name: operation for operation in described for name in operation.get("x-names", ())}
    return named | {operation["operationId"]: operation for operation in described}


@cache
def _described(surface: str, operation: str, status: int) -> Mapping[str, Any] | None:
    """The contract of one answer; None when it does not know the status."""
    answers = operations_of(surface)[operation]["responses"]
    keys = (str(status), f"{status // 100}XX", "default")
    answer = next((answers[key] for key in keys if key in answers), None)
    return None if answer is None else resolved(surface, answer)


@cache
def _check(surface: str, operation: str, status: int, media: str) -> Check:
    """What judges an answer's JSON body."""
    return _shared(surface, exact_json.dumps(schema_of(surface, operation, status, media)))


def schema_of(surface: str, operation: str, status: int, media: str = "application/json") -> Mapping[str, Any]:
    """The schema of an answer's body; empty where its contract says nothing of it."""
    described = (_described(surface, operation, status) if operation in operations_of(surface) else None) or {}
    content = described.get("content", {})
    found: Mapping[str, Any] = content.get(media, content.get("application/json", {})).get("schema", {})
    return found


@cache
def _shared(surface: str, schema: bytes) -> Check:
    """The one judge of all answers of a schema: most refusals of a surface share theirs."""
    return checker(surface, exact_json.loads(schema))


def checker(surface: str, schema: Mapping[str, Any]) -> Check:
    """A judge of values by a schema of a contract: jsonschema-rs where it is installed, for speed; jsonschema is the
    reference."""
    whole = {**schema, "components": _reached(surface, schema)}
    if find_spec("jsonschema_rs") is not None:
        fast = import_module("jsonschema_rs").Draft202012Validator(whole)
        return lambda body: (f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in fast.iter_errors(body))
    from jsonschema import Draft202012Validator

    slow = Draft202012Validator(whole)
    return lambda body: (f"{'/'.join(map(str, e.path))}: {e.message}" for e in slow.iter_errors(body))


def _reached(surface: str, schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The components that a schema points at, and those that they do: a judge keeps what it is given."""
    components = contract_of(surface).get("components", {})
    found: dict[str, dict[str, Any]] = {}
    left = list(_pointed_at(schema))
    while left:
        _, _, section, name = left.pop().split("/")[:4]
        if name not in found.setdefault(section, {}):
            found[section][name] = components[section][name]
            left += _pointed_at(found[section][name])
    return found


def _pointed_at(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _pointed_at(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pointed_at(inner)
