"""Platform triggers: signed webhooks that are tried again, and the queue of events that an application fetches."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.sage_intacct.desk import PLAN, Desk, open_desk
from tests.platforms.sage_intacct.rest_bodies import BILL, bill, made, refused

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.kit import outbox
from sandbooks.platform import platform_named
from sandbooks.platforms.sage_intacct import triggers
from sandbooks.platforms.sage_intacct.rest import events
from sandbooks.wire import Request, Response

EVENTS = "services/delivery/event"
CLASS = "objects/company-config/class"


def read(text: str) -> Any:
    return exact_json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def claims_of(token: str, body: bytes, secret: str) -> Any:
    """What a token says, when it is signed with the secret and over the body."""
    signed, _, seal = token.rpartition(".")
    head, claims = map(read, signed.split("."))
    fresh = base64.urlsafe_b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())
    assert (head["alg"], fresh.rstrip(b"=").decode()) == ("HS256", seal)
    assert claims["payload_signature"] == hashlib.sha256(body).hexdigest()
    return claims


def hearing(desk: Desk, *statuses: int, events: tuple[str, ...] = ()) -> list[Request]:
    """A receiver that answers so, then with 200; what reached it."""
    heard: list[Request] = []
    left = list(statuses)

    def receive(request: Request) -> Response:
        heard.append(request)
        return Response(left.pop(0) if left else 200)

    desk.app.receivers.append(("https://client.example/", receive))
    secret = desk.credentials["client_secret"]
    with desk.world.unit():
        outbox.subscribe(desk.world, "sage_intacct", url="https://client.example/hook", secret=secret, events=events)
    return heard


def changed(desk: Desk) -> None:
    key = made(desk, CLASS, {"id": "K-1", "name": "North"})
    desk.rest("PATCH", f"{CLASS}/{key}", {"name": "South"})
    desk.rest("DELETE", f"{CLASS}/{key}")


def test_a_webhook_tells_of_a_record_and_is_signed_with_the_secret_of_the_application(desk: Desk) -> None:
    heard = hearing(desk)
    desk.company.change_settings(trigger_template={"key": "key", "called": "name"})
    changed(desk)
    desk.world.settle()
    contexts = [exact_json.loads(base64.b64decode(each.header("X-ClientContext"))) for each in heard]
    assert [each["EVENT"] for each in contexts] == ["after_create", "after_update", "after_delete"]
    assert {(each["OBJECTNAME"], each["RESTOBJECTNAME"]) for each in contexts} == {("CLASS", "company-config/class")}
    key = contexts[0]["VID"]
    bodies = [exact_json.loads(each.body) for each in heard]
    assert bodies == [{"key": key, "called": name} for name in ("North", "South", "South")]
    assert len({each.header("Idempotency-Key") for each in heard}) == 3
    for each in heard:
        claims = claims_of(each.header("X-IA-Sage-Signature"), each.body, desk.credentials["client_secret"])
        assert (claims["iss"], claims["exp"] > claims["iat"] > 10**12) == ("Sage Intacct", True)
        assert (claims["tenant_id"], claims["app_id"]) == (desk.company.id, desk.credentials["client_id"])


def test_a_signature_may_come_in_an_envelope(desk: Desk) -> None:
    heard = hearing(desk)
    desk.company.change_settings(webhook_signature="envelope")
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    desk.world.settle()
    envelope = exact_json.loads(base64.b64decode(heard[0].header("X-IA-Sage-Signature")))
    assert claims_of(envelope["jwtData"], heard[0].body, desk.credentials["client_secret"])


WANTED: list[tuple[tuple[str, ...], int]] = [
    (("accounts-payable/bill",), 1),
    (("accounts-payable/bill.after_update",), 0),
    (("after_create",), 2),
    (("company-config/class.after_create", "accounts-payable/bill"), 2),
]


@pytest.mark.parametrize(("events", "number"), WANTED)
def test_a_trigger_is_deployed_for_an_object_an_event_or_both(desk: Desk, events: Any, number: int) -> None:
    heard = hearing(desk, events=events)
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    made(desk, BILL, bill(desk))
    desk.world.settle()
    assert len(heard) == number


def test_a_webhook_is_tried_four_times_with_one_key_and_waits_in_the_queue_then(desk: Desk) -> None:
    heard = hearing(desk, 503, 500, 429, 504)
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    start = desk.world.clock.now()
    desk.world.settle()
    (delivery,) = outbox.deliveries(desk.world)
    assert (len(heard), len({each.header("Idempotency-Key") for each in heard})) == (4, 1)
    assert desk.world.clock.now() - start >= timedelta(seconds=130)
    assert delivery["state"] == "failed"
    (event,) = desk.rest("GET", f"{EVENTS}/list")[1]["ia::result"]["events"]
    assert base64.b64decode(event["payload"]) == heard[0].body
    desk.world.advance(by=timedelta(days=8))
    assert triggers.queued(desk.world, desk.company.id) == {}


def test_a_webhook_that_its_receiver_refuses_is_not_tried_again(desk: Desk) -> None:
    heard = hearing(desk, 400)
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    desk.world.settle()
    assert (len(heard), desk.rest("GET", f"{EVENTS}/count")[1]["ia::result"]) == (1, {"count": 0})


def test_what_a_company_is_opened_with_is_not_told(app: App) -> None:
    desk = open_desk(app, replace(PLAN, settings={**PLAN.settings, "event_queue": ["after_create"]}))
    hearing(desk)
    with desk.world.unit():
        platform_named("sage_intacct").load_seed().open(desk.world, PLAN)
    assert outbox.deliveries(desk.world) == []
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    assert len(outbox.deliveries(desk.world)) == 1
    assert len(triggers.queued(desk.world, desk.company.id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_queue": "after_create"},
        {"event_queue": [["after_create"]]},
        {"event_queue": ["accounts-payable/bills"]},
        {"trigger_template": ["key"]},
        {"trigger_template": {"key": 5}},
        {"webhook_signature": "plain"},
        {"paid_bill_text": "gone"},
        {"auto_filled": ["D1"]},
        {"dimension_restrictions": {"DEPARTMENT": {"D1": {"LOCATION": "L1"}}}},
        {"project_resources": {"P1": "E1"}},
        {"projects_without_expenses": "Closed"},
    ],
)
def test_a_company_is_not_opened_with_a_setting_of_another_shape(app: App, wrong: Any) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        open_desk(app, replace(PLAN, settings={**PLAN.settings, **wrong}))


def test_a_trigger_of_purchasing_tax_details_fires_beside_that_of_all(desk: Desk) -> None:
    heard = hearing(desk, events=("tax/purchasing-tax-detail", "tax/tax-detail.after_delete"))
    key = made(desk, "objects/tax/purchasing-tax-detail", {"id": "D-1", "taxPercent": "12"})
    desk.rest("DELETE", f"objects/tax/purchasing-tax-detail/{key}")
    desk.world.settle()
    contexts = [exact_json.loads(base64.b64decode(each.header("X-ClientContext"))) for each in heard]
    assert [(each["RESTOBJECTNAME"], each["EVENT"]) for each in contexts] == [
        ("tax/purchasing-tax-detail", "after_create"),
        ("tax/purchasing-tax-detail", "after_delete"),
    ]


@pytest.fixture
def queue(desk: Desk) -> Callable[[], Any]:
    """The events that wait."""
    desk.company.change_settings(event_queue=["company-config/class", "accounts-payable/bill.after_create"])
    return lambda: desk.rest("GET", f"{EVENTS}/list")[1]["ia::result"]


def test_events_stay_in_the_queue_until_their_batch_is_acknowledged(desk: Desk, queue: Callable[[], Any]) -> None:
    assert queue() == []
    changed(desk)
    key = made(desk, BILL, bill(desk))
    desk.rest("PATCH", f"{BILL}/{key}", {"description": "Noted"})
    assert desk.rest("GET", f"{EVENTS}/count")[1]["ia::result"] == {"count": 4}
    first = queue()
    told = [exact_json.loads(base64.b64decode(each["clientContext"])) for each in first["events"]]
    assert [each["event"] for each in told] == ["after.create", "after.update", "after.delete", "after.create"]
    assert told[3] == {"object": "bill", "event": "after.create", "key": key, "id": "R-1"}
    assert {(each["eventType"], each["contentType"]) for each in first["events"]} == {("pull", "application/json")}
    assert queue()["events"] == first["events"]
    made(desk, CLASS, {"id": "K-2", "name": "East"})
    answer = desk.rest("POST", f"{EVENTS}/ack", {"ackId": first["ackId"]})[1]["ia::result"]
    assert answer == {"ackId": first["ackId"], "status": "success"}
    assert len(queue()["events"]) == 1


def test_batches_and_events_that_are_done_with_are_not_kept(desk: Desk, queue: Callable[[], Any]) -> None:
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    first = queue()
    for _ in range(2):  # whose answer was lost says it again
        assert desk.rest("POST", f"{EVENTS}/ack", {"ackId": first["ackId"]})[0] == 200
    made(desk, CLASS, {"id": "K-2", "name": "East"})
    second = queue()
    assert list(desk.world.kept(events.BATCHES)) == [f"{desk.company.id}/{second['ackId']}"]
    desk.world.advance(by=timedelta(days=8))
    with desk.world.unit():
        desk.credentials = platform_named("sage_intacct").load_seed().credentials(desk.world, desk.company)
    assert queue() == []
    assert (desk.world.kept(events.BATCHES), desk.world.kept(triggers.QUEUE)) == ({}, {})


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"ackId": 7}, 400), ([], 400), ({"ackId": "made up"}, 404)])
def test_a_batch_that_is_not_there_cannot_be_acknowledged(
    desk: Desk, queue: Callable[[], Any], body: Any, status: int
) -> None:
    made(desk, CLASS, {"id": "K-1", "name": "North"})
    refused(desk, "POST", f"{EVENTS}/ack", body, status=status)
    assert len(queue()["events"]) == 1


def test_what_is_taken_back_is_not_told(desk: Desk, queue: Callable[[], Any]) -> None:
    heard = hearing(desk)
    parts = [{"id": "K-1", "name": "North"}, {"id": "K-2"}]
    assert desk.rest("POST", CLASS, parts, X_IA_API_Param_Transaction="true")[0] == 207
    desk.world.settle()
    assert (heard, queue()) == ([], [])
