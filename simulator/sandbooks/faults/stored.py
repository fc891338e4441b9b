"""The faults of a world as rows, so that a restart, a snapshot and a fork each have their own counters."""

from __future__ import annotations

from sandbooks import exact_json
from sandbooks.faults.address import Address
from sandbooks.faults.fault import Fault
from sandbooks.storage import Row
from sandbooks.world import World

CACHE = "faults"


def faults_of(world: World) -> list[Fault]:
    """The faults in the order of their making; read once, and again after the world was put back to an image."""
    kept: list[Fault] | None = world.local.get(CACHE)
    if kept is None:
        kept = world.local[CACHE] = [_fault(row) for row in world.store.all("tape.faults")]
    return kept


def put(world: World, fault: Fault) -> None:
    """A new fault."""
    known = faults_of(world)
    world.store.run("tape.put_fault", id=_number(fault.id), body=_body(fault))
    known.append(fault)


def keep(world: World, fault: Fault) -> None:
    """Store what a fault has counted. A fault that is no longer there stays away."""
    number = _number(fault.id)
    world.store.run("tape.keep_fault", id=number, body=_body(fault), matches=fault.matches, fired=fault.fired)


def drop(world: World, fault: Fault) -> None:
    """Forget a fault."""
    world.store.run("tape.drop_fault", id=_number(fault.id))
    faults_of(world).remove(fault)


def id_of(number: int) -> str:
    return f"f{number}"


def _number(id: str) -> int:
    return int(id[1:])


def _body(fault: Fault) -> bytes:
    return exact_json.dumps(
        {
            "kind": fault.kind,
            "phase": fault.phase,
            "at": fault.at.as_dict(),
            "parameters": fault.parameters,
            "exchanges": fault.exchanges,
            "state": fault.state,
        }
    )


def _fault(row: Row) -> Fault:
    number, raw, matches, fired = row
    body = exact_json.loads(raw)
    return Fault(
        id=id_of(number),
        kind=body["kind"],
        phase=body["phase"],
        at=Address(**body["at"]),
        parameters=body["parameters"],
        matches=matches,
        fired=fired,
        exchanges=body["exchanges"],
        state=body["state"],
    )
