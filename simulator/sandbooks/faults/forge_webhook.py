"""Forged webhook: before a delivery comes a message whose signature does not fit its bytes."""

from __future__ import annotations

from sandbooks.faults import altering, uninvited
from sandbooks.faults.fault import Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox
from sandbooks.wire import Headers


def act(sending: Sending) -> bool:
    delivery, how = sending.delivery, sending.parameter("how")
    headers = outbox.headers_of(sending.world, delivery)
    body, signed = delivery["body"], headers
    if how == "respaced":
        body = altering.respaced(body)
    elif how == "other_record":
        body = altering.about_missing_record(sending.world, delivery)
    else:
        headers = _unsigned(headers)
    if _unsigned(signed) == signed or (body == delivery["body"] and headers == signed):
        return True  # nothing that a signature could tell
    uninvited.send(sending, kind="forged", headers=headers, body=body)
    outbox.resume(sending.world, delivery["id"], due=sending.world.clock.now())
    return False


def _unsigned(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if "signature" not in name.lower())


KIND = WebhookKind(
    name="forge_webhook",
    phases=("render",),
    default_phase="render",
    parameters={
        "how": Parameter(type="string", default="other_record", choices=("respaced", "other_record", "unsigned")),
    },
    act=act,
)
