"""What is told. INV-53, INV-59, INV-60; deliveries, INV-56 and INV-58; tracing, INV-63."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.audit.box import Bench, bought, rules

from sandbooks.kit import outbox
from sandbooks.wire import Answer, Request, Response

DONE, UNDONE, OPEN = ("completed", ""), ("failed", "no"), ("pending", "")


@pytest.mark.parametrize(
    ("told", "facts", "right"),
    [
        ((OPEN, DONE), {}, True),
        ((UNDONE, DONE), {}, True),
        ((DONE, UNDONE, DONE), {}, False),
        ((DONE, OPEN, DONE), {}, False),
        ((UNDONE, OPEN, DONE), {}, False),
        ((UNDONE, OPEN, DONE), {"submissions": 2}, True),
        ((DONE, OPEN, DONE), {"updated": True}, True),
    ],
)
def test_what_is_done_stays_done(bench: Bench, told: Any, facts: Any, right: bool) -> None:
    bench.post("r-01")
    assert rules(bench.audit(bought("r-01", told=told, **facts))) == (set() if right else {"INV-53"})


def test_late_success_is_told_as_success(bench: Bench) -> None:
    with bench.fault("late_commit", "validate", after="60s"):
        bench.post("r-01")
    bench.world.settle()
    assert bench.audit(bought("r-01")) == []
    assert rules(bench.audit(bought("r-01", status="failed"))) == {"INV-03", "INV-59"}
    bench.post("r-01")
    assert {"INV-01", "INV-59"} <= rules(bench.audit(bought("r-01")))


@pytest.mark.parametrize("message", ["", "  ", "<html><body>502 Bad Gateway</body></html>", "no room at Globex GmbH"])
def test_a_failure_is_explained_in_words_of_its_own(bench: Bench, message: str) -> None:
    assert rules(bench.audit(bought("r-01", status="failed", message=message))) == {"INV-60"}


def test_a_message_with_a_token_in_it_is_found(bench: Bench) -> None:
    token = bench.sign_in()["access_token"]
    given = bought("r-01", status="failed", message=f"401 for Bearer {token}")
    assert rules(bench.audit(given)) == {"INV-60"}


@pytest.mark.parametrize("message", ["6240: The name <Contoso> exists already.", "Account 41 & 42 are not known."])
def test_a_failure_that_is_explained_is_right(bench: Bench, message: str) -> None:
    assert bench.audit(bought("r-01", status="failed", message=message)) == []


class Receiver:
    """Answers deliveries, and does what a test says at each."""

    def __init__(self, bench: Bench, *, status: int = 200, work: Any = None) -> None:
        self.bench, self.status, self.work = bench, status, work
        self.forward: Any = bench.app.edge
        bench.world.gateway = self

    def call(self, *given: Any, **named: Any) -> Answer:
        answer: Answer = self.forward.call(*given, **named)
        return answer

    def deliver(self, request: Request) -> Answer:
        if self.work:
            self.work()
        return Response(self.status)


def told(bench: Bench, *, copies: int = 1) -> None:
    world = bench.world
    with world.unit():
        subscription = outbox.subscribe(world, "box", url="https://client.example/hook", company="acme")
        id_ = outbox.send(
            world, subscription, event="spend.created", headers=(), body=b"{}", retries=(timedelta(minutes=5),) * 2
        )
        for copy in range(1, copies):
            delivery = {"id": id_}
            outbox.again(world, delivery, due=world.clock.now() + timedelta(minutes=copy))
    world.settle()


def test_a_second_copy_of_a_message_is_acted_on_once(bench: Bench) -> None:
    bench.post("r-01")
    Receiver(bench)
    told(bench, copies=2)
    assert bench.alone(strict=True) == []


def test_work_that_is_done_for_each_copy_of_a_message_is_found(bench: Bench) -> None:
    bench.post("r-01")
    Receiver(bench, work=lambda: bench.attach("1", b"receipt"))
    told(bench, copies=2)
    assert rules(bench.alone()) == {"INV-56"}


@pytest.mark.parametrize(("status", "right"), [(200, True), (500, True), (401, False)])
def test_a_genuine_delivery_is_not_turned_away(bench: Bench, status: int, right: bool) -> None:
    Receiver(bench, status=status)
    told(bench)
    assert rules(bench.alone()) == (set() if right else {"INV-58"})


def test_every_line_leads_back_to_a_request(bench: Bench) -> None:
    bench.post("r-01")
    tape = list(bench.world.tape.entries())
    assert bench.audit(bought("r-01"), tape=tape) == []
    assert "INV-63" in rules(bench.audit(bought("r-01"), tape=[]))
