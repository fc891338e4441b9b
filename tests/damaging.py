"""Lawful requests, damaged: what a test sent is sent again with one thing wrong, after the test has ended.

Off by default; ``make fuzz`` turns it on with ``DAMAGE``, the number of damaged copies of each request. The simulator
may refuse them all: it may not break, nor answer what its contract does not describe.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import psycopg
from lxml import etree

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.wire import Request
from sandbooks.world import Exchange, World

NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, -(10**18), Decimal("0.000000000000001"), Decimal("1E+40"), Decimal("-0.0"),
    "", " ",
    "\x00", "\ud7ff", "²", "٣", "x" * 300, "9" * 60, "1E+400", "-0", "NaN", "Infinity", "2026-02-30", "0001-01-01",
    "9999-12-31T23:59:59Z", "/Date(99999999999999999)/",
    "00000000-0000-0000-0000-000000000000", "' or 1=1 --", "%00",
    "{{", "<a>", "GBP", "ZZZ", "true", [], {}, [[]], [None], {"value": []}, {"value": {"value": "1"}}, ["a", "a"],
)  # fmt: skip
MOST_REQUESTS = 12  # of one test


def damage(exchanges: list[Exchange], copies: int, *, seed: str) -> None:
    """Send damaged copies of some of a test's requests to the world that they went to."""
    chance = random.Random(seed)  # noqa: S311 - which requests, not secrets
    asked = [each for each in exchanges if each.actor == "client" and not each.faults and each.operation]
    for exchange in chance.sample(asked, min(MOST_REQUESTS, len(asked))):
        for copy in _damaged(exchange.request, chance, copies):
            if not _send(exchange.world, copy):
                break


def _send(world: World, request: Request) -> bool:
    """Whether the world is still there, behind an app of the usual kind."""
    if not isinstance(world.gateway, App):
        return False
    try:
        world.gateway.edge.dispatch(request, world=world)
    except (sqlite3.ProgrammingError, psycopg.OperationalError):  # a test that has closed its world
        return False
    return True


def _damaged(request: Request, chance: random.Random, copies: int) -> Iterator[Request]:
    kinds: list[Callable[[Request, random.Random], Request]] = [_query, _path]
    body = request.body.lstrip()[:1]
    if body in (b"{", b"["):
        kinds = [_json] * 8 + [_raw, *kinds]
    elif body == b"<":
        kinds = [_xml] * 8 + [_raw, *kinds]
    elif body:
        kinds = [_raw] * 3 + kinds
    for _ in range(copies):
        yield chance.choice(kinds)(request, chance)


def _json(request: Request, chance: random.Random) -> Request:
    try:
        document = exact_json.loads(request.body)
    except exact_json.MalformedJson:
        return _raw(request, chance)
    places = list(_places(document))
    if not places:
        return _with(request, exact_json.dumps(chance.choice(NASTY)))
    holder, key = chance.choice(places)
    _hurt(holder, key, chance)
    return _with(request, exact_json.dumps(document))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _hurt(holder: Any, key: Any, chance: random.Random) -> None:
    how = chance.randrange(10)
    if how < 6:
        holder[key] = deepcopy(chance.choice(NASTY))
    elif how == 6:
        del holder[key]
    elif how == 7:
        holder[key] = [deepcopy(holder[key])] * 2
    elif how == 8 and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    elif isinstance(holder[key], (int, Decimal)) and not isinstance(holder[key], bool):
        holder[key] = -holder[key]
    else:
        holder[key] = {"value": deepcopy(holder[key])}


def _xml(request: Request, chance: random.Random) -> Request:
    try:
        root = etree.fromstring(request.body)
    except (etree.XMLSyntaxError, ValueError):
        return _raw(request, chance)
    element = chance.choice([each for each in root.iter() if isinstance(each.tag, str)])
    parent = element.getparent()
    how = chance.randrange(10)
    if how < 5 or parent is None:
        nasty = str(chance.choice(NASTY))
        element.text = "".join(c for c in nasty if c >= " ")
    elif how == 5:
        parent.remove(element)
    elif how == 6:
        parent.append(deepcopy(element))
    elif how == 7:
        element.tag = chance.choice(["x", str(parent.tag), "value"])
    elif how == 8:
        parent.insert(0, element)
    else:
        element.append(deepcopy(element))
    return _with(request, etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _raw(request: Request, chance: random.Random) -> Request:
    at = chance.randrange(len(request.body) + 1)
    junk = chance.choice([b"", b"\x00", b"\xff", b"}", b"<", b"&", b'"', b"%", b"=", b"[" * 5000])
    return _with(request, request.body[:at] + junk + request.body[at + chance.randrange(3) :])


def _query(request: Request, chance: random.Random) -> Request:
    head, _, query = request.url.partition("?")
    parts = [part for part in query.split("&") if part] or [chance.choice(["page=", "$filter=", "where=", "q="])]
    at = chance.randrange(len(parts))
    parts[at] = parts[at].partition("=")[0] + "=" + quote(str(chance.choice(NASTY)))
    return Request(request.method, f"{head}?{'&'.join(parts)}", request.headers, request.body)


def _path(request: Request, chance: random.Random) -> Request:
    head, _, query = request.url.partition("?")
    start, _, _last = head.rpartition("/")
    url = f"{start}/{quote(str(chance.choice(NASTY)), safe='')}" + (f"?{query}" if query else "")
    return Request(request.method, url, request.headers, request.body)


def _with(request: Request, body: bytes) -> Request:
    return Request(request.method, request.url, request.headers, body)
