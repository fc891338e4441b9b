"""Webhook about something else: well signed, of the usual form, about another company or a record that is not there."""

from __future__ import annotations

from sandbooks.faults import altering, uninvited
from sandbooks.faults.fault import Sending, WebhookKind
from sandbooks.faults.parameters import Parameter
from sandbooks.kit import outbox

ALTERATIONS = {
    "other_company": altering.about_other_company,
    "missing_record": altering.about_missing_record,
}


def act(sending: Sending) -> bool:
    delivery = sending.delivery
    body = ALTERATIONS[sending.parameter("about")](sending.world, delivery)
    if body != delivery["body"]:
        other = {**delivery, "body": body, "message": altering.another(delivery.get("message") or "")}
        headers = outbox.headers_of(sending.world, other)
        uninvited.send(sending, kind="stray", headers=headers, body=body)
    return True


KIND = WebhookKind(
    name="stray_webhook",
    phases=("deliver",),
    default_phase="deliver",
    parameters={
        "about": Parameter(type="string", default="other_company", choices=("other_company", "missing_record")),
    },
    act=act,
)
