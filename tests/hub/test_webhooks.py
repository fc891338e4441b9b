"""Events: each happens, is signed, repeated by the clock, kept from those it is not for; older rules tell the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.hub.desk import Desk
from tests.hub.happenings import HAPPENINGS, body_of
from tests.hub.receivers import Receiver, consumer

from sandbooks import exact_json
from sandbooks.hub import webhooks

RULED = {
    "connection.created": "DataConnectionStatusChanged",
    "connection.disconnected": "DataConnectionStatusChanged",
    "connection.reconnected": "DataConnectionStatusChanged",
    "read.completed": "Data sync completed",
    "read.completed.initial": "New company synchronized",
    "suppliers.write.successful": "Push Operation Status Changed()",
    "client.rateLimit.reached": "Rate Limit Reached",
    "client.rateLimit.reset": "Rate Limit Reset",
}


@pytest.mark.parametrize("event", HAPPENINGS)
def test_an_event_happens_in_its_envelope(event: str) -> None:
    body = body_of(event)
    assert set(body) == {"id", "eventType", "generatedDate", "payload"}
    assert body["eventType"] == event


@pytest.mark.parametrize("event", RULED)
def test_an_older_rule_tells_of_the_same(desk: Desk, event: str) -> None:
    receiver = Receiver(desk)
    notifiers = {"webhook": "https://rules.example/hook"}
    assert desk.send("POST", "/rules", {"type": RULED[event], "notifiers": notifiers}).status == 200
    HAPPENINGS[event](desk)
    desk.world.settle()
    told = receiver.bodies()
    assert told
    assert {each["RuleType"] for each in told} == {RULED[event]}
    assert all(each["Message"] for each in told)


def test_a_consumer_with_company_tags_hears_of_companies_with_one_of_them(desk: Desk) -> None:
    receiver = Receiver(desk)
    made = consumer(desk, "company.created", companyTags=["region:north", "size:small"])
    assert made["companyTags"] == ["region:north", "size:small"]
    for tags in ({"region": "north"}, {"region": "south"}, {"size": "small", "region": "south"}, {}):
        desk.send("POST", "/companies", {"name": "Globex", "tags": tags})
    desk.world.settle()
    assert [body["payload"]["tags"].get("region") for body in receiver.bodies()] == ["north", "south"]


@pytest.mark.parametrize("tags", [["region"], [":north"], ["region:"], ["a:" + "b" * 127], ["a:b"] * 11, "a:b", [7]])
def test_a_consumer_with_a_bad_company_tag_is_refused(desk: Desk, tags: object) -> None:
    body = {"url": "https://receiver.example/hook", "companyTags": tags}
    assert desk.send("POST", "/webhooks", body).status == 400


def test_a_delivery_is_repeated_on_the_published_schedule(desk: Desk) -> None:
    receiver = Receiver(desk, status=503)
    consumer(desk, "company.created")
    desk.send("POST", "/companies", {"name": "Globex"})
    desk.world.advance(by=timedelta(days=2))
    waits = [later - earlier for earlier, later in zip(receiver.times, receiver.times[1:], strict=False)]
    hours = [wait.total_seconds() / 3600 for wait in waits]
    assert len(receiver.requests) == 9
    assert [round(hour, 1) for hour in hours] == [0.0, 0.0, 0.1, 0.5, 2.0, 5.0, 10.0, 10.0]
    for request in receiver.requests:
        id, seconds = request.header("webhook-id"), int(request.header("webhook-timestamp"))
        secret = next(s.secret for s in webhooks.outbox.subscriptions(desk.world, "codat"))
        assert request.header("webhook-signature") == webhooks.signature(secret, id, seconds, request.body)


def test_a_consumer_that_fails_for_five_days_is_disabled_and_one_success_begins_them_anew(desk: Desk) -> None:
    receiver = Receiver(desk, status=500)
    consumer(desk, "company.created")

    def disabled_after(days: int) -> bool:
        for _ in range(days):
            desk.send("POST", "/companies", {"name": "Globex"})
            desk.world.advance(by=timedelta(days=1))
        (found,) = desk.get("/webhooks")["results"]
        return bool(found["disabled"])

    assert not disabled_after(4)
    receiver.status = 200
    assert not disabled_after(2)
    receiver.status = 500
    assert not disabled_after(4)
    assert disabled_after(3)
    heard = len(receiver.requests)
    desk.send("POST", "/companies", {"name": "Globex"})
    desk.world.advance(by=timedelta(days=1))
    later = [exact_json.loads(request.body)["generatedDate"] for request in receiver.requests[heard:]]
    assert len(set(later)) <= 1  # what was under way is tried to its end, nothing new is sent


def test_a_disabled_consumer_is_sent_nothing(desk: Desk) -> None:
    receiver = Receiver(desk)
    assert consumer(desk, disabled=True)["disabled"] is True
    desk.send("POST", "/companies", {"name": "Globex"})
    desk.world.settle()
    assert receiver.requests == []


def test_there_are_at_most_fifty_consumers(desk: Desk) -> None:
    for _ in range(50):
        consumer(desk)
    answer = desk.send("POST", "/webhooks", {"url": "https://receiver.example/hook"})
    assert answer.status == 400


def test_a_key_for_the_automation_service_is_new_each_time(desk: Desk) -> None:
    keys = [desk.send("POST", "/webhooks/integrationKeys/zapier").body["key"] for _ in range(2)]
    assert keys[0] != keys[1]
    assert all(key.startswith("sk_integ_") for key in keys)


def test_a_read_says_whether_anything_is_other_than_before(desk: Desk) -> None:
    receiver = Receiver(desk)
    consumer(desk, "read.completed")
    for _ in range(2):
        desk.send("POST", "{c}/data/queue/suppliers")
    desk.send("POST", "{c}/connections/{k}/push/suppliers", {"supplierName": "Fabrikam"})
    desk.send("POST", "{c}/data/queue/suppliers")
    desk.world.settle()
    modified = [body["payload"]["dataTypes"][0]["recordsModified"] for body in receiver.bodies()]
    assert modified == [False, False, True]
