"""Webhooks that come twice, late, or in another order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.unit.faults.toy import Bench

from sandbooks.kit import outbox
from sandbooks.wire import Answer, Request, Response

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
