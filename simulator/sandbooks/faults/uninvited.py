"""Messages that no platform has sent, or that are none of their receiver's business: sent once, and what was answered.

They stand apart from the deliveries of the outbox, because nothing that holds for those holds for them.
"""

from __future__ import annotations

from typing import Any

from sandbooks.faults.fault import Sending
from sandbooks.wire import Cut, Headers, Request
from sandbooks.world import World

MESSAGES = "webhook/uninvited"
RUN = "sandbooks.faults.uninvited:deliver"


def send(sending: Sending, *, kind: str, headers: Headers, body: str) -> None:
    """Queue one message of a kind (``forged``, ``stray``) that is made after a delivery."""
    world, delivery = sending.world, sending.delivery
    message = {
        "kind": kind,
        "fault": sending.fault.kind,
        "how": str(next(iter(sending.fault.parameters.values()))),
        "platform": delivery["platform"],
        "event": delivery["event"],
        "url": delivery["url"],
        "headers": [list(pair) for pair in headers],
        "body": body,
    }
    world.jobs.put(RUN, message, due=world.clock.now())


def deliver(world: World, body: dict[str, Any]) -> None:
    """The job: the message goes out, and what came of it is written down. ``exchanges`` lie between the two numbers."""
    if world.plan is not None and world.plan.holds(RUN, body):
        return
    before = world.tape.count()
    headers = tuple((name, value) for name, value in body["headers"])
    request = Request("POST", body["url"], headers, body["body"].encode("utf-8"))
    answer = world.deliver(request) if body["url"] else Cut("refused")
    told = {**body, "at": world.clock.now().isoformat(), "status": 0 if isinstance(answer, Cut) else answer.status}
    told["exchanges"] = [before, world.tape.count()]
    with world.unit():
        world.put(MESSAGES, f"{world.ids.number('uninvited'):06d}", told)


def messages(world: World) -> list[dict[str, Any]]:
    """Every such message with what was answered, in order."""
    kept = world.kept(MESSAGES)
    return [kept[key] for key in sorted(kept)]
