"""What no lawful client sends: damaged bytes, encodings, paths, methods and credentials, at every operation.

``test_contracts_fuzzed`` draws requests from the contracts; these do not fit into any. Each operation is sent some of
them, signed in to a company with a day's work behind it. A refusal must leave the books and the records alone,
and nothing may break.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import pytest

from sandbooks.harness.contracts.answers import entry_differences
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.day import day_at
from sandbooks.harness.contracts.description import Described
from sandbooks.kit.company import companies
from sandbooks.platform import platforms
from sandbooks.wire import Headers, Request, Response
from sandbooks.world import World

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
BODIES: Mapping[str, tuple[Headers, bytes]] = {
    "no body": ((("Content-Type", "application/json"),), b""),
    "nested without end": ((("Content-Type", "application/json"),), b'{"a":' * 3_000),
    "a far number": ((("Content-Type", "application/json"),), b'{"id":1e999999999,"amount":1e999999999}'),
    "half a character": ((("Content-Type", "application/json"),), b'{"id":"\\ud800","name":"\xed\xa0\x80"}'),
    "another alphabet": ((("Content-Type", "application/json"),), '{"id":"²","name":"٣"}'.encode("utf-16")),
    "a list": ((("Content-Type", "application/json"),), b"[null,[],{}]"),
    "entities": ((("Content-Type", "text/xml"),), f"<!DOCTYPE a [<!ENTITY l0 'l'>{LAUGHS}]><a>&l9;</a>".encode()),
    "a file of the machine": (
        (("Content-Type", "application/xml"),),
        b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
    ),
    "another encoding": ((("Content-Type", "text/xml"),), b"<?xml version='1.0' encoding='utf-7'?><a/>"),
    "a broken multipart": ((("Content-Type", "multipart/form-data; boundary="),), b"--\r\nContent-Disposition: x\r\n"),
    "a form": ((("Content-Type", "application/x-www-form-urlencoded"),), b"%zz=%ff&=&a=%00&grant_type=\xff"),
    "not gzip": ((("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", "gzip")), b"{}"),
}
ENDS = ("/", "//", "/..%2f..%2fx", "%00", "%ff", "/%F0%9F%92%A9", "?page=%C2%B2&limit=-1&$top=1e9&where=(((&q=%27&%zz")
EACH = 7  # an operation is sent every seventh of them, its neighbours the others
METHODS = ("OPTIONS", "HEAD", "TRACE", "PATCH", "PUT", "DELETE", "PURGE")


class Target:
    """One operation of a company, and a request to it that is signed in."""

    def __init__(self, client: Client, described: Described) -> None:
        own = client.access.parameters
        signed = (("Authorization", client.access.authorization),) if client.access.authorization else ()
        query = client.own_query(described)
        self.headers: Headers = (*signed, *client.own_headers(described))
        self.url = client.base_url + described.filled({**dict.fromkeys(described.path_names, "1"), **own})
        self.query = f"?{query}" if query else ""
        self.method = described.method

    def requests(self) -> Iterator[tuple[str, Request]]:
        """Every hostile request to the operation, with what is wrong with it."""
        whole = self.url + self.query
        for what, (headers, body) in BODIES.items():
            yield what, Request(self.method, whole, (*self.headers, *headers), body)
        for end in ENDS:
            yield end, Request(self.method, self.url + end, self.headers, b"{}")
        for method in METHODS:
            yield method, Request(method, whole, self.headers, b"{}")
        for token in ("", "Bearer", "Bearer \xff\x00", "Basic !", "OAuth realm=", "x" * 9000):
            yield f"signed {token[:12]!r}", Request(self.method, whole, (("Authorization", token),), b"{}")


def balanced(world: World) -> bool:
    """Whether debits and credits agree in every company's books."""
    totals = (company.book.trial_balance() for company in companies(world))
    return all(sum(row.balance.base.amount for row in rows) == 0 for rows in totals)


@pytest.mark.parametrize("surface", [*platforms(), "codat"])
def test_nothing_hostile_breaks_a_surface_or_touches_its_books(surface: str) -> None:
    place = day_at(surface)
    world, found = place.world, []
    world.put("settings", "limits", "off")
    image = world.image()
    client = place.client()
    for number, described in enumerate(client.description.operations):
        for what, request in islice(Target(client, described).requests(), number % EACH, None, EACH):
            seen = world.tape.count()
            answer = place.app.edge.dispatch(request, world=world)
            assert isinstance(answer, Response)
            entry = next(each for each in world.tape.entries(after=seen) if not each.parent)
            wrong = [entry.bug.strip().splitlines()[-1]] if entry.bug else entry_differences(entry)
            if entry.written:
                wrong += ["a refusal wrote records"] if answer.status >= 400 else []
                wrong += [] if balanced(world) else ["the books do not balance"]
                world.restore(image)
            found += [f"{described.id}, {what}: {text}" for text in wrong]
    assert found == []
