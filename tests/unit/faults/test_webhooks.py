"""Webhooks that come twice, late, in another order, not at all, forged, or about something else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.faults.toy import Bench

from sandbooks import exact_json
from sandbooks.faults import uninvited
from sandbooks.kit import outbox
from sandbooks.wire import Answer, Request, Response
from sandbooks.world import World

URL = "https://receiver.example/hook"
Send = Callable[..., None]


class Receiver:
    """Notes what arrives and when, and answers as told."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.start = bench.world.clock.now()
        self.seen: list[tuple[str, int]] = []
        self.statuses: list[int] = []
        bench.app.receivers.append((URL, self))
        self.subscription = outbox.subscribe(bench.world, "toy", url=URL, company="acme")
        self.other = outbox.subscribe(bench.world, "toy", url=URL, company="borealis")

    def __call__(self, request: Request) -> Answer:
        after = (self.bench.world.clock.now() - self.start) // timedelta(seconds=1)
        self.seen.append((f"{request.body.decode()}/{request.header('message-id')}", after))
        return Response(self.statuses.pop(0) if self.statuses else 200)

    def send(self, text: str, *, event: str = "bill.created", other: bool = False) -> None:
        to = self.other if other else self.subscription
        headers = (("message-id", f"m-{text}"),)
        waits = [timedelta(seconds=5)]
        outbox.send(self.bench.world, to, event=event, headers=headers, body=text.encode(), retries=waits)
        self.bench.world.jobs.run_due()

    @property
    def order(self) -> list[str]:
        return [seen.partition("/")[0] for seen, _ in self.seen]


@pytest.fixture
def receiver(bench: Bench) -> Receiver:
    return Receiver(bench)


def test_a_delivery_comes_again_with_its_message_id(bench: Bench, receiver: Receiver) -> None:
    fault = bench.plan.add("duplicate_webhook", copies=2, after="3s")
    receiver.send("a")
    receiver.send("b")
    bench.world.settle()
    assert receiver.seen == [("a/m-a", 0), ("b/m-b", 0), ("a/m-a", 3), ("a/m-a", 6)]
    assert fault.fired == 1
    assert [len(d["attempts"]) for d in outbox.deliveries(bench.world)] in ([3, 1], [1, 3])


def test_only_a_delivery_that_succeeded_comes_again(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("duplicate_webhook")
    receiver.statuses = [500]
    receiver.send("a")
    assert receiver.seen == [("a/m-a", 0)]
    bench.world.settle()
    assert receiver.seen == [("a/m-a", 0), ("a/m-a", 5), ("a/m-a", 5)]


def test_a_delivery_is_late(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("delay_webhook", by="10m")
    receiver.send("a")
    receiver.send("b")
    bench.world.settle()
    assert receiver.seen == [("b/m-b", 0), ("a/m-a", 600)]


def test_a_delivery_is_overtaken_by_later_ones_of_its_subscription(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("reorder_webhook", behind=2)
    receiver.send("a")
    receiver.send("x", other=True)
    receiver.send("b")
    assert receiver.order == ["x", "b"]
    receiver.send("c")
    assert receiver.order == ["x", "b", "c", "a"]


def test_what_is_held_goes_out_when_the_fault_ends(bench: Bench, receiver: Receiver) -> None:
    fault = bench.plan.add("reorder_webhook")
    receiver.send("a")
    assert (receiver.order, fault.fired) == ([], 1)
    bench.plan.remove(fault.id)
    bench.world.settle()
    assert receiver.order == ["a"]


def test_a_held_delivery_is_remembered_by_a_fork(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("reorder_webhook")
    receiver.send("a")
    fork = bench.app.fork_world("default", "other")
    outbox.send(fork, receiver.subscription, event="bill.created", headers=(), body=b"z")
    fork.jobs.run_due()
    assert receiver.order == ["z", "a"]
    assert bench.plan.list()[0].state["held"][0]["overtaken_by"] == []


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ({"event": "bill.*"}, ["a-1", "c-3"]),
        ({"event": "expense.*"}, ["b-2"]),
        ({"company": "borealis"}, ["c-3"]),
        ({"reference": "b-2"}, ["b-2"]),
        ({"platform": "codat"}, []),
        ({"platform": "toy", "nth": 2}, ["b-2"]),
    ],
)
def test_an_address_means_deliveries(bench: Bench, receiver: Receiver, at: dict[str, object], late: list[str]) -> None:
    bench.plan.add("delay_webhook", at={"every": "nth" not in at, **at}, by="1h")
    receiver.send("a-1")
    receiver.send("b-2", event="expense.synced")
    receiver.send("c-3", other=True)
    assert sorted({"a-1", "b-2", "c-3"} - set(receiver.order)) == late


def test_the_hubs_own_events_are_met_when_they_are_named(bench: Bench, receiver: Receiver) -> None:
    hub = outbox.subscribe(bench.world, "codat", url=URL)
    plain = bench.plan.add("delay_webhook", at={"nth": 1})
    named = bench.plan.add("delay_webhook", at={"event": "expenses.sync.*"})
    outbox.send(bench.world, hub, event="expenses.sync.successful", headers=(), body=b"s")
    bench.world.jobs.run_due()
    assert (plain.fired, named.fired, receiver.order) == (0, 1, [])


def test_exchanges_are_not_counted_by_webhook_faults(bench: Bench) -> None:
    fault = bench.plan.add("duplicate_webhook")
    bench.spend("r-1")
    assert (fault.matches, bench.plan.unfired()) == (0, [fault])


def test_an_attempt_is_lost_and_the_sender_tries_again(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("lose_webhook")
    receiver.send("a")
    receiver.send("b")
    bench.world.settle()
    assert receiver.seen == [("b/m-b", 0), ("a/m-a", 5)]
    lost = next(d for d in outbox.deliveries(bench.world) if d["body"] == "a")
    assert [attempt["status"] for attempt in lost["attempts"]] == [0, 200]


@pytest.mark.parametrize("parameters", [{"for_good": True}, {"attempts": 3}])
def test_what_is_lost_more_often_than_the_sender_tries_never_arrives(
    bench: Bench, receiver: Receiver, parameters: dict[str, Any]
) -> None:
    bench.plan.add("lose_webhook", **parameters)
    receiver.send("a")
    bench.world.settle()
    (lost,) = outbox.deliveries(bench.world)
    assert (receiver.seen, lost["state"]) == ([], "failed")


ID = "0a1b2c3d-0000-4000-8000-00000000000f"
OTHER = "1b2c3d4e-1111-5111-9111-11111111111a"
SIGN = "tests.unit.faults.test_webhooks:signed"


def signed(_: World, delivery: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Headers as a platform would sign them: here the length of the body."""
    return (("toy-signature", str(len(delivery["body"]))), ("toy-message", delivery["message"]))


def tell(bench: Bench, receiver: Receiver, body: dict[str, Any], *, sign: str = SIGN) -> list[Request]:
    """Everything that arrives when one event is sent."""
    arrived: list[Request] = []

    def note(request: Request) -> Answer:
        arrived.append(request)
        return Response(401 if len(arrived) == 1 else 200)

    bench.app.receivers.insert(0, (URL, note))
    sent = {"event": "bill.created", "headers": (), "body": exact_json.dumps(body), "sign": sign, "message": "m-1"}
    outbox.send(bench.world, receiver.subscription, retries=[timedelta(seconds=5)], **sent)
    bench.world.settle()
    return arrived


@pytest.mark.parametrize(
    ("how", "body", "headers"),
    [
        ("respaced", f'{{"bill_id": "108","ref":"{ID}"}}', {"toy-signature": "62", "toy-message": "m-1"}),
        ("other_record", f'{{"bill_id":"97108","ref":"{OTHER}"}}', {"toy-signature": "62", "toy-message": "m-1"}),
        ("unsigned", f'{{"bill_id":"108","ref":"{ID}"}}', {"toy-message": "m-1"}),
    ],
)
def test_a_forged_message_comes_before_the_genuine_one(
    bench: Bench, receiver: Receiver, how: str, body: str, headers: dict[str, str]
) -> None:
    bench.plan.add("forge_webhook", how=how)
    forged, genuine = tell(bench, receiver, {"bill_id": "108", "ref": ID})
    assert (forged.body.decode(), dict(forged.headers)) == (body, headers)
    assert genuine.body == f'{{"bill_id":"108","ref":"{ID}"}}'.encode()
    (message,) = uninvited.messages(bench.world)
    assert (message["kind"], message["how"], message["status"]) == ("forged", how, 401)


def test_what_is_not_signed_cannot_be_forged(bench: Bench, receiver: Receiver) -> None:
    bench.plan.add("forge_webhook")
    assert len(tell(bench, receiver, {"bill_id": "108"}, sign="")) == 2  # the genuine one, and its second try


@pytest.mark.parametrize(
    ("about", "body"),
    [
        ("other_company", f'{{"company":"{OTHER}","bill_id":"108"}}'),
        ("missing_record", f'{{"company":"{ID}","bill_id":"97108"}}'),
    ],
)
def test_a_stray_message_is_well_signed_and_of_its_own(bench: Bench, receiver: Receiver, about: str, body: str) -> None:
    receiver.subscription = outbox.subscribe(bench.world, "toy", url=URL, company=ID)
    bench.plan.add("stray_webhook", about=about)
    *_, stray = tell(bench, receiver, {"company": ID, "bill_id": "108"})
    headers = dict(stray.headers)
    assert (stray.body.decode(), headers["toy-signature"]) == (body, str(len(body)))
    assert headers["toy-message"] != "m-1"


def test_a_handshake_is_left_alone(bench: Bench, receiver: Receiver) -> None:
    fault = bench.plan.add("duplicate_webhook")
    outbox.send(bench.world, receiver.subscription, event="hello", headers=(), body=b"h", handshake="take")
    bench.world.settle()
    assert (receiver.order, fault.fired) == (["h"], 0)
