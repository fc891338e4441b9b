"""Late webhook: the delivery is made later than it was due; its own timestamp stays that of the event."""

from __future__ import annotations

from sandbooks.faults.fault import Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox
from sandbooks.world.clock import parse_duration


def act(sending: Sending) -> bool:
    due = sending.world.clock.now() + parse_duration(sending.parameter("by"))
    outbox.resume(sending.world, sending.delivery["id"], due=due)
    return False


KIND = WebhookKind(
    name="delay_webhook",
    phases=("render",),
    default_phase="render",
    parameters={"by": Parameter(type="duration", default="10m")},
    act=act,
)
