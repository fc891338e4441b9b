"""The faults of a plan that act on webhooks: which deliveries they mean, and when they act.

A delivery is matched once, when it is first about to leave; its retries are the same delivery.
"""

from __future__ import annotations

from typing import Any

from sandbooks.faults import stored
from sandbooks.faults.fault import Fault, Sending
from sandbooks.faults.kinds import WEBHOOK_KINDS
from sandbooks.world import World

MET = "faults"  # in a delivery: the faults that are still to act on it


def departing(world: World, delivery: dict[str, Any]) -> bool:
    """Whether a delivery may leave now; faults that hold it back see to its later departure.

    A handshake is no event: no fault means it.
    """
    if delivery.get("handshake"):
        return True
    if MET not in delivery:
        delivery[MET] = [fault.id for fault in _faults(world) if _meets(world, fault, delivery)]
    for fault in _met(world, delivery, "render"):
        delivery[MET].remove(fault.id)
        if not _act(world, fault, delivery):
            return False
    return True


def arrived(world: World, delivery: dict[str, Any]) -> None:
    """An attempt was made; what follows a success happens once."""
    if delivery.get("handshake"):
        return
    for fault in _faults(world):
        if WEBHOOK_KINDS[fault.kind].passed(Sending(fault, world, delivery)):
            stored.keep(world, fault)
    if delivery["state"] == "delivered":
        for fault in _met(world, delivery, "deliver"):
            _act(world, fault, delivery)


def ended(world: World, fault: Fault) -> None:
    """A fault is taken out of the plan."""
    if fault.kind in WEBHOOK_KINDS:
        WEBHOOK_KINDS[fault.kind].ended(fault, world)


def _faults(world: World) -> list[Fault]:
    return [fault for fault in stored.faults_of(world) if fault.kind in WEBHOOK_KINDS]


def _meets(world: World, fault: Fault, delivery: dict[str, Any]) -> bool:
    if not fault.at.means_delivery(world, delivery):
        return False
    fault.matches += 1
    stored.keep(world, fault)
    return fault.acts_now


def _met(world: World, delivery: dict[str, Any], phase: str) -> list[Fault]:
    return [fault for fault in _faults(world) if fault.phase == phase and fault.id in delivery[MET]]


def _act(world: World, fault: Fault, delivery: dict[str, Any]) -> bool:
    leaves = WEBHOOK_KINDS[fault.kind].act(Sending(fault, world, delivery))
    fault.fired += 1
    stored.keep(world, fault)
    return leaves
