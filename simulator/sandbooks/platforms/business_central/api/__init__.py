"""One function for each kind of native operation, and the table of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.surface import Operation
from sandbooks.platforms.business_central import paths
from sandbooks.platforms.business_central.api import (
    automation,
    batch,
    collections,
    environments,
    metadata,
    sign_in,
    streams,
    subscriptions,
)
from sandbooks.platforms.business_central.sets import SETS
from sandbooks.platforms.business_central.sets.entity import EntitySet
from sandbooks.platforms.business_central.time_limits import within
from sandbooks.wire import Response


def _operations_of(entity_set: EntitySet) -> Iterator[Operation]:
    name, one = f"/api/{entity_set.name}", f"/api/{entity_set.name}(-)"
    kind = entity_set.type
    yield Operation(f"list_{entity_set.name}", "GET", name, collections.list_rows, scope="company")
    yield Operation(f"count_{entity_set.name}", "GET", f"{name}/$count", collections.count_rows, scope="company")
    yield Operation(f"get_{kind}", "GET", one, collections.get_row, scope="company")
    if entity_set.inserts:
        yield Operation(f"create_{kind}", "POST", name, collections.create_row, writes=True, scope="company")
    if entity_set.modifies:
        yield Operation(f"update_{kind}", "PATCH", one, collections.update_row, writes=True, scope="company")
    if entity_set.deletes:
        yield Operation(f"delete_{kind}", "DELETE", one, collections.delete_row, writes=True, scope="company")
    for stream in entity_set.streams:
        rule = f"{one}/{stream}"
        yield Operation(f"read_{kind}_content", "GET", rule, streams.read, scope="company")
        if not entity_set.writes_streams:
            continue
        yield Operation(f"write_{kind}_content", "PATCH", rule, streams.write, writes=True, scope="company")
        yield Operation(f"put_{kind}_content", "PUT", rule, streams.write, writes=True, scope="company")
    for action in entity_set.actions:
        spelt = f"{action.rpartition('.')[2]}_{kind}"
        yield Operation(spelt, "POST", f"{one}/{action}", collections.run_action, writes=True, scope="company")


def _lacking() -> Iterator[Operation]:
    """What is real and not emulated, in any place of an address: one operation for each method and API."""
    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        verb, named = method.lower(), partial(_named, method.lower())
        yield Operation(f"{verb}_lacking", method, "/lacking/<name>", _absent(), scope="company", named=named)
        rule, instead = "/lacking/automation/<name>", "companies, users, userPermissions of the automation API"
        yield Operation(f"{verb}_automation", method, rule, _absent(instead), scope="tenant", named=named)


def _absent(instead: str = "") -> Callable[[Call], Response]:
    def lacking(call: Call) -> Response:
        raise NotSimulated(call.args["name"], instead=instead)

    return lacking


def _named(verb: str, call: Call) -> str:
    return f"{verb}_{call.args['name']}"


def _beside(door: str, feature: str) -> Iterator[Operation]:
    def lacking(_: Call) -> Response:
        raise NotSimulated(feature, instead="version 2.0 of the API")

    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        name = f"{method.lower()}_{door.replace('/', '_').replace('.', '_')}"
        yield Operation(name, method, f"/beside/{door}", lacking, scope="tenant")


_OPERATIONS: tuple[Operation, ...] = (
    *sign_in.OPERATIONS,
    *environments.OPERATIONS,
    *automation.OPERATIONS,
    *metadata.OPERATIONS,
    *subscriptions.OPERATIONS,
    Operation("batch", "POST", "/api/$batch", batch.run_batch, writes=True, scope="tenant", answers="responses"),
    *(operation for entity_set in SETS.values() for operation in _operations_of(entity_set)),
    *_lacking(),
    *(operation for door, feature in paths.BESIDE.items() for operation in _beside(door, feature)),
)

OPERATIONS = tuple(
    operation if operation.public else replace(operation, run=within(operation.run)) for operation in _OPERATIONS
)

paths.STREAMS.update((each.name, stream.lower()) for each in SETS.values() for stream in each.streams)
for _each in SETS.values():
    paths.LACKS.update((_each.name, name.lower()) for name in _each.lacks)
    paths.TO_ONE.update(((_each.name, name.lower()), target) for name, (target, _) in _each.to_one.items())
_SPELT = [
    *SETS,
    *(stream for each in SETS.values() for stream in each.streams),
    *(action for each in SETS.values() for action in each.actions),
    *("companies", "subscriptions", "$count", "$batch", "$metadata", "entityDefinitions"),
    *automation.NAMES,
]
SPELLING: dict[str, str] = {name.lower(): name for name in _SPELT}
batch.know(_OPERATIONS)
