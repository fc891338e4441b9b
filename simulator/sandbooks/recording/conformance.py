"""Whether an exchange is as the surface's contract describes it: the answer's status and JSON body, per operation.

The contract of a platform is ``contracts/platforms/<name>/api.yaml``, the hub's are those in ``contracts/hub``; an
operation is found by its ``operationId``, which is the name on the tape. What a fault did to an answer is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sandbooks import exact_json
from sandbooks.settings import DataMissing, read_contract
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry

HUB = "codat"
HUB_CONTRACTS = ("expenses.yaml", "expenses_v1.yaml", "platform.yaml", "bill_pay.yaml", "bill_pay_v1.yaml")

Check = Callable[[Any], Iterator[str]]


def differences(entry: TapeEntry) -> list[str]:
    """What an answer has that its contract does not allow, in words; nothing for what no contract describes."""
    if entry.cut or entry.faults or entry.bug or entry.not_simulated or not entry.operation:
        return []
    operation = _operations(entry.surface).get(entry.operation)
    if operation is None or "json" not in header_of(entry.response_headers, "Content-Type"):
        return []
    check = _check(entry.surface, entry.operation, entry.status)
    if check is None:
        return [f"{entry.operation} answered {entry.status}, which its contract does not know"]
    try:
        body = exact_json.loads(entry.response_body)
    except exact_json.MalformedJson:
        return (
            [f"{entry.operation} answered {entry.status} with a body that is not JSON"] if entry.response_body else []
        )
    return [f"{entry.operation} answered {entry.status}: {text}" for text in check(body)]


@cache
def contracts_of(surface: str) -> tuple[dict[str, Any], ...]:
    """The OpenAPI descriptions of a surface; none when there is none."""
    hub = [("hub", name) for name in HUB_CONTRACTS]
    places = hub if surface == HUB else [("platforms", surface, "api.yaml")]
    try:
        return tuple(read_contract(*place) for place in places)
    except DataMissing:
        return ()


@cache
def _operations(surface: str) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each operation with the components of the description that it stands in."""
    found = {}
    for contract in contracts_of(surface):
        for path in contract.get("paths", {}).values():
            for name, item in path.items():
                if name != "parameters" and "operationId" in item:
                    found[item["operationId"]] = (item, contract.get("components", {}))
    return found


@cache
def _check(surface: str, operation: str, status: int) -> Check | None:
    """What judges an answer's body; None when the contract does not know the status."""
    known, components = _operations(surface)[operation]
    described = known["responses"]
    family = f"{status // 100}XX"
    answer = next((described[key] for key in (str(status), family, "default") if key in described), None)
    if answer is None:
        return None
    if "$ref" in answer:
        answer = components["responses"][answer["$ref"].rpartition("/")[2]]
    content = answer.get("content", {}).get("application/json", {})
    return _validator({**content.get("schema", {}), "components": components})


def _validator(schema: dict[str, Any]) -> Check:
    """A checker of one schema: jsonschema-rs where it is installed, for speed; jsonschema is the reference."""
    if find_spec("jsonschema_rs") is not None:
        fast = import_module("jsonschema_rs").Draft202012Validator(schema)
        return lambda body: (f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in fast.iter_errors(body))
    from jsonschema import Draft202012Validator

    slow = Draft202012Validator(schema)
    return lambda body: (f"{'/'.join(map(str, e.path))}: {e.message}" for e in slow.iter_errors(body))
