"""Webhooks: what their receiver does with them. INV-56 and INV-58."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sandbooks.audit.evidence import HUB, Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.wording import numbers, step, times
from sandbooks.faults import uninvited
from sandbooks.kit import outbox
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry, instant

SIGNATURE_REFUSED = (401, 403)
HUB_KEY = "Idempotency-Key"  # Source: https://docs.codat.io/using-the-api/idempotency
ANSWERING = timedelta(minutes=1)  # longer than any platform waits for an answer


def a_second_delivery_changes_nothing(evidence: Evidence) -> Iterator[Finding]:
    """INV-56 (D): a message that is delivered twice is acted on once: no write is sent again after the second copy."""
    doubled = [d for d in _deliveries(evidence) if len(_taken(d)) > 1]
    if not doubled:
        return
    creating: defaultdict[tuple[str, str, str], list[Sent]] = defaultdict(list)
    for sent in (*_creating(evidence.writes), *_handing_over(evidence)):
        creating[sent.entry.method, sent.path, sent.content].append(sent)
    for sends in creating.values():
        for first, again in pairwise(sends):
            message = next((d for d in doubled if _between(d, first, again)), None)
            if message is not None:
                yield _acted_twice(message, first, again)


def _creating(writes: Iterable[Sent]) -> Iterator[Sent]:
    return (s for s in writes if s.succeeded and any(action == "create" for *_, action in s.written))


def _handing_over(evidence: Evidence) -> Iterator[Sent]:
    """Transactions and files that a client gives to the hub: whatever the hub makes of a second one, it was sent as
    something new."""
    ids = [given.id.lower() for given in evidence.submitted or ()]
    seen: set[str] = set()
    for one in evidence.through_hub:
        key = header_of(one.entry.request_headers, HUB_KEY)
        new = one.entry.method == "POST" and (not key or key not in seen)
        if new and one.succeeded and one.entry.writes and any(id in one.text for id in ids):
            seen.add(key)
            yield one


def _between(delivery: dict[str, Any], first: Sent, again: Sent) -> bool:
    """Whether one write followed one copy of a message, and the other the next."""
    copies = _taken(delivery)
    slots = [_copy_before(copies, instant(sent.entry.at)) for sent in (first, again)]
    return None not in slots and slots[0] != slots[1]


def _copy_before(copies: Sequence[datetime], at: datetime) -> int | None:
    """Which copy led to a write: the one that was being answered then (it is noted when it is), else the last."""
    answering = next((place for place, copy in enumerate(copies) if copy >= at), None)
    if answering is not None and copies[answering] - at <= ANSWERING:
        return answering
    earlier = [place for place, copy in enumerate(copies) if copy <= at]
    return earlier[-1] if earlier else None


def _acted_twice(delivery: dict[str, Any], first: Sent, again: Sent) -> Finding:
    return Finding(
        title=f"{delivery['event']} was delivered {times(len(_taken(delivery)))}, and {numbers([first, again])} did "
        "the same work twice.",
        message="Deliveries come at least once: a second copy is nothing new.",
        invariants=("INV-56",),
        failure_modes=("FM-107",),
        exchanges=(first.number, again.number),
        steps=(step(first), step(again)),
        control="Delivered once, the message leads to one write.",
        remedy="Keep the ids of messages that were acted on, and act under a key that follows from the message.",
        assumption="Both writes are equal, and each followed a copy of the message.",
    )


def genuine_deliveries_are_taken(evidence: Evidence) -> Iterator[Finding]:
    """INV-58 (S): a receiver that checks signatures takes every genuine delivery: exact bytes are signed."""
    for delivery in _deliveries(evidence):
        statuses = [attempt["status"] for attempt in delivery["attempts"]]
        retried = bool(delivery["waits"]) or len(statuses) > 1  # a handshake that means to be refused is sent once
        if retried and statuses and all(status in SIGNATURE_REFUSED for status in statuses):
            yield _refused(delivery, statuses)


def _refused(delivery: dict[str, Any], statuses: Sequence[int]) -> Finding:
    return Finding(
        title=f"A genuine delivery of {delivery['event']} was answered with {statuses[0]}, {times(len(statuses))}.",
        message=f"It began with {delivery['body'][:80]!r}. What it tells is never seen.",
        invariants=("INV-58",),
        failure_modes=("FM-111",),
        control="A body of plain letters in the usual order is taken.",
        remedy="Verify the signature over the bytes as received, before anything parses them.",
        assumption="The platform signed it with the key that the subscription has.",
    )


def forged_deliveries_are_not_acted_on(evidence: Evidence) -> Iterator[Finding]:
    """INV-58 (S): what the platform did not sign leads to nothing; a handshake that tests it is passed."""
    for delivery in _deliveries(evidence):
        taken = [attempt["status"] for attempt in delivery["attempts"] if 200 <= attempt["status"] < 300]
        if delivery.get("handshake") == "refuse" and taken:
            yield _handshake_failed(delivery, taken[0])
    for message in uninvited.messages(evidence.company.world):
        led_to = _requests_between(evidence, *message["exchanges"])
        if message["kind"] == "forged" and 200 <= message["status"] < 300 and led_to:
            yield _believed(message, led_to)


def _requests_between(evidence: Evidence, before: int, after: int) -> list[TapeEntry]:
    return [entry for entry in evidence.world_tape if before < entry.number <= after and entry.actor == "client"]


FORGERIES = {
    "respaced": "with one more blank in its body than was signed",
    "other_record": "with another body than was signed",
    "unsigned": "without a signature",
}


def _believed(message: dict[str, Any], led_to: Sequence[TapeEntry]) -> Finding:
    first = led_to[0]
    return Finding(
        title=f"A delivery of {message['event']} {FORGERIES[message['how']]} was taken, and led to {first.operation}.",
        message=f"It was answered with {message['status']}. Whoever knows the address can make the program work.",
        invariants=("INV-58",),
        failure_modes=("FM-111",),
        exchanges=tuple(entry.number for entry in led_to),
        control="The genuine delivery carries a signature that fits its bytes.",
        remedy="Verify the signature over the bytes as received, and answer 401 before anything else is done.",
        assumption="The requests were made while the delivery was being answered.",
    )


def _handshake_failed(delivery: dict[str, Any], status: int) -> Finding:
    return Finding(
        title=f"A delivery that was signed wrongly on purpose was answered with {status}.",
        message="It is part of the handshake: a receiver that takes it is not enabled, and hears of nothing.",
        invariants=("INV-58",),
        failure_modes=("FM-111",),
        control="The deliveries of the handshake that are signed rightly get 200.",
        remedy="Answer 401 to every delivery whose signature does not fit its bytes.",
        assumption="The platform signs some deliveries of its handshake with another key.",
    )


def _deliveries(evidence: Evidence) -> list[dict[str, Any]]:
    """What was sent to receivers of this company's events, by the platform or by the hub in front of it."""
    company = evidence.company
    return [
        delivery
        for delivery in outbox.deliveries(company.world)
        if delivery["platform"] == HUB
        or (delivery["platform"] == company.platform and delivery["company"] in ("", company.id))
    ]


def _taken(delivery: dict[str, Any]) -> list[datetime]:
    """When copies of a delivery arrived, whatever the receiver answered."""
    return [datetime.fromisoformat(attempt["at"]) for attempt in delivery["attempts"] if attempt["status"]]
