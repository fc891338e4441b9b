"""Requests drawn from a surface's own contract, lawful and not, sent to a company with a day's work behind it.

Schemathesis draws them: its coverage phase walks the boundaries of every parameter and member one by one, its fuzzing
phase draws whole requests. They are signed in with good credentials, most name what the company really has, and each
operation is tried on a fork of its own. The simulator may refuse anything, in its own dialect: it may not break, nor
answer what its contract does not describe.
"""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis.config import GenerationConfig
from schemathesis.core import NOT_SET
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override
from schemathesis.schemas import APIOperation

from sandbooks import exact_json
from sandbooks.harness.contracts.answers import entry_differences
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.day import Place, day_at
from sandbooks.harness.contracts.description import Described
from sandbooks.harness.contracts.learning import Known, learn
from sandbooks.recording.conformance import CONTROL, contract_of, judged
from sandbooks.wire import Headers, Request, Response
from sandbooks.world import World

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
SWAPPED = 0.7  # how often a value gives way to one that the company has


@dataclass
class Fuzzing:
    """One surface under fuzzing. ``drawn`` and ``covered`` bound the cases of each operation and mode."""

    place: Place
    known: Known
    drawn: int
    covered: int
    seed: int = 1
    wrong: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)

    @property
    def surface(self) -> str:
        return self.place.surface

    def all(self) -> list[str]:
        """Try every operation; what was found wrong, a line each."""
        document = json.loads(json.dumps(contract_of(self.surface), default=float))
        schema = schemathesis.openapi.from_dict(document)
        for number, made in enumerate(schema.get_all_operations()):
            self._operation(made.ok(), number)
        return list(self.wrong.values())

    def reached(self) -> float:
        """The share of operations that did what they were asked at least once."""
        done = sum(any(status < 400 for status in counted) for counted in self.statuses.values())
        return done / len(self.statuses)

    def _operation(self, operation: APIOperation[Any, Any, Any, Any], number: int) -> None:
        described = self.place.client().description.at(operation.method.upper(), operation.path)
        assert described is not None
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311 - drawn requests, not secrets
        name = f"fuzz-{number}"
        self.place.reach["credentials"]["world"] = name
        for case in cases(operation, drawn=self.drawn, covered=self.covered, seed=self.seed):
            world = self.place.app.world(name) or self.place.app.fork_world(self.place.world.name, name)
            self._try(described, case, world, chance)
            if self.surface == CONTROL:
                self._forget(name)  # control can reset a world and delete it
        self._forget(name)

    def _forget(self, name: str) -> None:
        if self.place.app.world(name) is not None:
            self.place.app.delete_world(name)

    def _try(self, described: Described, case: Case[Any], world: World, chance: random.Random) -> None:
        request = self._request(described, case, self.place.client(world), chance)
        status, found = self._control(described, request) if self.surface == CONTROL else self._surface(world, request)
        counted = self.statuses.setdefault(described.id, {})
        counted[status] = counted.get(status, 0) + 1
        for text in found:
            told = f"{text}\n    {request.method} {request.url} {request.body[:400]!r}"
            self.wrong.setdefault(f"{described.id} {text[:90]}", told)

    def _surface(self, world: World, request: Request) -> tuple[int, list[str]]:
        """The status of the answer and what is wrong with it, by the operation that the tape names."""
        before = world.tape.count()
        answer = self.place.app.edge.dispatch(request, world=world)
        assert isinstance(answer, Response)
        entry = next(each for each in world.tape.entries(after=before) if not each.parent)
        return answer.status, [f"BUG {entry.bug.strip().splitlines()[-1]}"] if entry.bug else entry_differences(entry)

    def _control(self, described: Described, request: Request) -> tuple[int, list[str]]:
        """The same for control, which is on no tape: a bug leaves it as an exception."""
        try:
            answer = self.place.app.edge.dispatch(request)
        except Exception as bug:  # noqa: BLE001 - whatever comes out of control is a finding
            return 500, [f"BUG {bug!r} {traceback.format_exc()[-400:]}"]
        assert isinstance(answer, Response)
        if request.method != described.method:
            return answer.status, []
        return answer.status, [
            f"{described.id} answered {answer.status}{t}" for t in judged(CONTROL, described.id, answer)
        ]

    def _request(self, described: Described, case: Case[Any], client: Client, chance: random.Random) -> Request:
        names = {**case.path_parameters}
        bindings = self.known.of(described)
        if bindings and chance.random() < SWAPPED:
            names.update(chance.choice(bindings))
        names.update({n: v for n, v in client.access.parameters.items() if n in names and chance.random() < 0.95})
        path = case.path
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", quote(_text(value), safe=""))
        query = dict(case.query or {})
        for parameter in described.parameters:
            if parameter.place == "query" and parameter.name in client.access.parameters:
                query[parameter.name] = client.access.parameters[parameter.name]
        drawn = tuple((n, _header(v)) for n, v in (case.headers or {}).items() if n.lower() not in _OWN_HEADERS)
        headers, body = _body(case, lambda value, name: self._swapped(value, name, chance))
        wanted = (
            *client.own_headers(described),
            *headers,
            *((n, v) for n, v in drawn if n not in client.access.parameters),
        )
        signed = (("Authorization", client.access.authorization),) if client.access.authorization else ()
        url = client.base_url + path + (f"?{urlencode(query, doseq=True, errors='replace')}" if query else "")
        return Request(case.method.upper(), url, (*signed, *wanted), body)

    def _swapped(self, value: Any, name: str, chance: random.Random) -> Any:
        """The value with plain members replaced, now and then, by ones that the company has under that name."""
        if isinstance(value, dict):
            return {key: self._swapped(inner, key, chance) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._swapped(inner, name, chance) for inner in value]
        seen = self.known.values.get(name)
        return chance.choice(seen) if seen and chance.random() < SWAPPED else value


_OWN_HEADERS = ("authorization", "user-agent", "accept-encoding", "x-schemathesis-testcaseid", "content-type")


def fuzzed(surface: str, *, drawn: int, covered: int, seed: int = 1) -> Fuzzing:
    """Fuzz a surface. ``drawn``: whole requests per operation and mode; ``covered``: cases of the coverage phase."""
    place = day_at("xero" if surface == CONTROL else surface)
    if surface == CONTROL:
        place.surface = surface
        place.reach = {**place.reach, "base_url": "http://127.0.0.1:8787/_control", "credentials": {"platform": "xero"}}
    place.reach["credentials"]["world"] = "reading"
    known = learn(place.client(place.app.fork_world(place.world.name, "reading")))
    place.app.delete_world("reading")
    fuzzing = Fuzzing(place, known, drawn, covered, seed)
    fuzzing.all()
    return fuzzing


def cases(operation: APIOperation[Any, Any, Any, Any], *, drawn: int, covered: int, seed: int) -> Iterator[Case[Any]]:
    """The cases of one operation, the same for a seed in every run."""
    generator = CoverageGenerator(
        operation=operation,
        generation_modes=list(MODES),
        generation_config=GenerationConfig(),
        auth_storage=None,
        override=Override(query={}, headers={}, cookies={}, path_parameters={}),
        feedback=NO_FEEDBACK,
    )
    yield from islice(iter(generator), covered)
    for mode in MODES[:drawn]:  # one draw is a lawful one: the coverage phase has both
        yield from _drawn(operation, mode, drawn, seed=seed)


def _drawn(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, most: int, *, seed: int
) -> list[Case[Any]]:
    found: list[Case[Any]] = []

    @seeded(seed)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def draw(case: Case[Any]) -> None:
        found.append(case)

    try:
        draw()
    except Unsatisfiable:
        return found  # nothing unlawful can be drawn for an operation that takes nothing
    return found[:most]


def _body(case: Case[Any], swap: Any) -> tuple[Headers, bytes]:
    """The body as it goes out, with its content type."""
    if case.body is NOT_SET:
        return (), b""
    media = case.media_type or "application/json"
    if media == "application/x-www-form-urlencoded" and isinstance(case.body, dict):
        return (("Content-Type", media),), urlencode(swap(case.body, ""), doseq=True, errors="replace").encode()
    if media == "multipart/form-data":
        return (("Content-Type", f"{media}; boundary=sandbooks"),), _multipart(case.body)
    if isinstance(case.body, bytes):
        return (("Content-Type", media),), case.body
    if "json" in media or not isinstance(case.body, str):
        text = json.dumps(swap(case.body, ""), default=str).encode("utf-8", "surrogatepass")
        return (("Content-Type", media),), text
    return (("Content-Type", media),), case.body.encode("utf-8", "surrogatepass")


def _multipart(body: Any) -> bytes:
    parts = body.items() if isinstance(body, dict) else [("file", body)]
    lines = []
    for name, value in parts:
        head = f'--sandbooks\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
        content = value if isinstance(value, bytes) else _text(value).encode("utf-8", "surrogatepass")
        lines.append(head.encode("utf-8", "replace") + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n")
    return b"".join(lines) + b"--sandbooks--\r\n"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else exact_json.dumps(value).decode() if value is not None else ""


def _header(value: Any) -> str:
    return "".join(c for c in _text(value) if c.isascii() and c.isprintable())
