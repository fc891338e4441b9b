"""Lost webhook: attempts that never reach their receiver. The sender tries again as it does, or gives up."""

from __future__ import annotations

from datetime import timedelta

from sandbooks.faults.fault import Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox


def act(sending: Sending) -> bool:
    delivery, due = sending.delivery, sending.world.clock.now()
    if sending.parameter("for_good"):
        delivery["state"] = "failed"
        return False
    for _ in range(sending.parameter("attempts")):
        delivery["attempts"].append({"at": due.isoformat(), "status": 0})
        if not delivery["waits"]:
            delivery["state"] = "failed"
            return False
        due += timedelta(seconds=delivery["waits"].pop(0))
    outbox.resume(sending.world, delivery["id"], due=due)
    return False


KIND = WebhookKind(
    name="lose_webhook",
    phases=("render",),
    default_phase="render",
    parameters={
        "attempts": Parameter(type="integer", default=1, minimum=1),
        "for_good": Parameter(type="boolean", default=False),
    },
    act=act,
)
