"""Errands: operations on a platform that serves nothing, carried on from one fetched request to the next.

A program beside the platform polls the hub, fetches one request and brings its answer, perhaps days later. So an
operation waits in rows: the answers that came so far, and the request that waits to be fetched. Whoever carries it on
starts its generator anew, feeds it those answers, and is back where it stopped: a kill anywhere loses nothing.
Knows generators and answers, not what the requests are for nor how the program speaks.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any, Literal, TypeVar

from msgspec import Struct

from sandbooks.connector import Request, Steps, Wait
from sandbooks.platform import load
from sandbooks.wire import Answer, Cut, Response
from sandbooks.world import World

T = TypeVar("T")

BELL = "codat/bell"
SESSIONS = "codat/polling"


class Parked(Exception):
    """The operation has to begin anew, not before ``seconds`` from now; ``throttled``: by the platform's own word."""

    def __init__(self, seconds: int, *, throttled: bool) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.throttled = throttled


class Awaiting(Exception):
    """The operation's next request waits to be fetched: nothing more can be done for it before its answer comes."""


class Work(Struct, frozen=True):
    """One operation. ``key`` names this attempt at it, stable over kills; ``run`` and ``body`` are the job that carries
    it on when an answer has come."""

    key: str
    run: str
    body: dict[str, Any]


class Errand(Struct, frozen=True):
    """One operation under way. ``state`` tells of its request number ``count`` (from 0): it waits to be fetched, was
    fetched in the session ``ticket``, or its answer came and the operation can go on."""

    key: str
    number: int
    run: str
    body: dict[str, Any]
    document: str
    digest: str
    count: int
    state: Literal["waiting", "out", "answered"] = "waiting"
    ticket: str = ""

    def row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "key"}


def _scope(connection: str) -> str:
    return f"codat/errands/{connection}"


def _answers(connection: str, key: str) -> str:
    return f"codat/errands/{connection}/{key}"


def of_connection(world: World, connection: str) -> list[Errand]:
    """Every errand of a connection, in the order of their requests."""
    kept = world.kept(_scope(connection))
    return sorted((Errand(key=key, **row) for key, row in kept.items()), key=lambda errand: errand.number)


def keep(world: World, connection: str, errand: Errand) -> None:
    """Store an errand as it is now. Writes: call it in a unit of work."""
    world.put(_scope(connection), errand.key, errand.row())


def forget(world: World, connection: str, *, begins: str) -> None:
    """Drop the errands whose keys begin so: their outcome is kept elsewhere. Writes: call it in a unit of work."""
    for key in world.kept(_scope(connection)):
        if key.startswith(begins):
            world.put(_scope(connection), key, None)
            _drop_from(world, connection, key, 0)


def _drop_from(world: World, connection: str, key: str, first: int) -> None:
    for count in world.kept(_answers(connection, key)):
        if int(count) >= first:
            world.put(_answers(connection, key), count, None)


# Carrying on


def carry(world: World, connection: str, steps: Steps[T], work: Work) -> T:
    """Drive an operation as far as answers have come.

    Raises what the operation raises, ``Awaiting`` when its next request waits to be fetched, and ``Parked`` when it
    asks to wait: it begins anew then, and its answers are forgotten.
    """
    kept = list(_played(world, connection, work.key))
    answer: Answer | None = None
    count = 0
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if isinstance(step, Wait):
            steps.close()
            with world.unit():
                forget(world, connection, begins=work.key)
            raise Parked(step.seconds, throttled=step.reason == "throttled")
        if count < len(kept) and kept[count][0] != _digest(step):
            # What the operation rests on has changed in the meantime: it goes its new way from here.
            with world.unit():
                _drop_from(world, connection, work.key, count)
            del kept[count:]
        if count == len(kept):
            steps.close()
            with world.unit():
                _offer(world, connection, step, work, count=count)
            raise Awaiting
        answer = kept[count][1]
        count += 1


def _digest(request: Request) -> str:
    return hashlib.sha256(request.body).hexdigest()[:32]


def _offer(world: World, connection: str, request: Request, work: Work, *, count: int) -> None:
    """Lay a request ready, unless it lies there already."""
    digest = _digest(request)
    standing = world.get(_scope(connection), work.key)
    if standing and (standing["count"], standing["digest"]) == (count, digest) and standing["state"] != "answered":
        return
    number = world.ids.number("codat/errand")
    text = request.body.decode("utf-8")
    keep(world, connection, Errand(work.key, number, work.run, work.body, text, digest, count))
    ring(world, connection)


def _played(world: World, connection: str, key: str) -> Iterator[tuple[str, Answer]]:
    """The answers that came so far, with the digests of their requests."""
    kept = world.kept(_answers(connection, key))
    for count in range(len(kept)):
        row = kept.get(str(count))
        if row is None:
            return
        yield row["digest"], _loaded(row)


def _loaded(row: dict[str, Any]) -> Answer:
    if row["cut"]:
        return Cut(row["cut"])
    headers = tuple((str(name), str(value)) for name, value in row["headers"])
    return Response(row["status"], headers, base64.b64decode(row["body"]))


# What came of a request


def answered(world: World, connection: str, errand: Errand, answer: Answer) -> None:
    """Keep the answer to an errand's request, and see to it that the errand is carried on."""
    row: dict[str, Any] = {"digest": errand.digest, "cut": "", "status": 0, "headers": [], "body": ""}
    if isinstance(answer, Response):
        body = base64.b64encode(answer.body).decode()
        row |= {"status": answer.status, "headers": [list(pair) for pair in answer.headers], "body": body}
    else:
        row["cut"] = answer.how
    with world.unit():
        world.put(_answers(connection, errand.key), str(errand.count), row)
        kept = {**errand.row(), "state": "answered", "ticket": ""}
        world.put(_scope(connection), errand.key, kept)
        world.jobs.put(errand.run, errand.body)
    carried_on(world, errand)


def carried_on(world: World, errand: Errand) -> None:
    """Let the operation go on at once: its next request should be ready before the program asks again.

    The same job stands in the queue as well, for a process that ends here; and where another process is at work on the
    same company, that job is left to do it.
    """
    if not world.jobs.runs_elsewhere(errand.run, errand.body):
        load(errand.run)(world, errand.body)


# The bell


def hang(world: World, connection: str, address: str) -> None:
    """The program that polls for a connection looks in at this address. Writes: call it in a unit of work."""
    world.put(BELL, connection, address)
    world.bells.hang(address)


def ring(world: World, connection: str) -> None:
    """Call the program, unless it is here already."""
    address = world.get(BELL, connection)
    if address and not session_is_open(world, connection):
        world.bells.ring(address)


def session_is_open(world: World, connection: str) -> bool:
    """Whether the program is here."""
    return world.get(SESSIONS, connection) is not None
