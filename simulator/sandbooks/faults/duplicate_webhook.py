"""Webhook delivered twice: what succeeded is sent again, with the same message id."""

from __future__ import annotations

from sandbooks.faults.fault import Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox
from sandbooks.world.clock import parse_duration


def act(sending: Sending) -> bool:
    pause, due = parse_duration(sending.parameter("after")), sending.world.clock.now()
    for _ in range(sending.parameter("copies")):
        due += pause
        outbox.again(sending.world, sending.delivery, due=due)
    return True


KIND = WebhookKind(
    name="duplicate_webhook",
    phases=("deliver",),
    default_phase="deliver",
    parameters={
        "copies": Parameter(type="integer", default=1, minimum=1),
        "after": Parameter(type="duration", default="0s"),
    },
    act=act,
)
