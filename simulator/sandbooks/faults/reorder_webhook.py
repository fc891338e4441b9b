"""Webhooks in another order: a delivery is held until later ones of the same subscription have been made."""

from __future__ import annotations

from typing import Any

from sandbooks.faults.fault import Fault, Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox
from sandbooks.world import World

HELD = "held"


def act(sending: Sending) -> bool:
    delivery = sending.delivery
    subscription = [delivery["platform"], delivery["subscription"]]
    held = {"delivery": delivery["id"], "subscription": subscription, "overtaken_by": []}
    sending.fault.state = {HELD: [*sending.fault.state.get(HELD, []), held]}
    return False


def passed(sending: Sending) -> bool:
    """Count a delivery that was made, and let go what enough others have overtaken."""
    delivery, fault = sending.delivery, sending.fault
    subscription = [delivery["platform"], delivery["subscription"]]
    overtaken = [held for held in fault.state.get(HELD, []) if held["subscription"] == subscription]
    for held in overtaken:
        if delivery["id"] not in (held["delivery"], *held["overtaken_by"]):
            held["overtaken_by"].append(delivery["id"])
        if len(held["overtaken_by"]) >= sending.parameter("behind"):
            _let_go(fault, held, sending.world)
    return bool(overtaken)


def ended(fault: Fault, world: World) -> None:
    """What is still held goes out now."""
    for held in list(fault.state.get(HELD, [])):
        _let_go(fault, held, world)


def _let_go(fault: Fault, held: dict[str, Any], world: World) -> None:
    fault.state[HELD].remove(held)
    outbox.resume(world, held["delivery"], due=world.clock.now())


KIND = WebhookKind(
    name="reorder_webhook",
    phases=("render",),
    default_phase="render",
    parameters={"behind": Parameter(type="integer", default=1, minimum=1)},
    act=act,
    passed=passed,
    ended=ended,
)
