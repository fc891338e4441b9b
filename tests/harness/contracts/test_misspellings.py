"""A misspelt member is named wherever it stands: in what clients send, and in every document that a contract describes.

Where a contract is open on purpose stands in ``OPEN``, with the reason; nothing else may pass.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import pytest

from sandbooks import exact_json
from sandbooks.harness.contracts.checking import HUB, path_on, problems_of
from sandbooks.harness.contracts.day import day_at
from sandbooks.harness.contracts.description import Described, description_of
from sandbooks.harness.contracts.requests import answered_by, mistakes_in, operation_at
from sandbooks.harness.contracts.values import members_of
from sandbooks.harness.contracts.writing import examples_of
from sandbooks.platform import platforms
from sandbooks.recording.conformance import contract_of, resolved
from sandbooks.wire import Request

OPEN: Mapping[tuple[str, str], str] = {
    ("business_central", "requests[].headers"): "headers of a request within a batch may be any",
    ("sage_intacct", "filters[]."): "the members that a query asks for are those of the object that it names",
    ("sage_intacct", "filterParameters"): "settings of a query",
    ("sage_intacct", "orderBy[]"): "the members that a query sorts by are those of the object that it names",
    ("freeagent", "payment_methods"): "the ways to pay an invoice are named by the payment services",
    (HUB, "tags"): "the user's own names",
    (HUB, "facts"): "what a platform's sign-in needs, by the platform's own names",
    (HUB, "requiredData"): "the user's own names",
}
KINDS_MOST = 12
APART = 4  # of so many members side by side one is misspelt at a time
JSON = (("Authorization", "Bearer x"), ("Content-Type", "application/json"))


def misspelt(name: str, chance: random.Random, known: set[str]) -> str:
    """A name with two letters the other way round, one doubled, or one left out, that is no other name."""
    at = chance.randrange(len(name))
    doubled = name[: at + 1] + name[at:]
    turned = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    wrong = chance.choice([doubled, turned, name[:at] + name[at + 1 :] if len(name) > 3 else doubled])
    return f"{name}{name[-1]}" if wrong.lower() in known else wrong


@cache
def names_of(surface: str) -> set[str]:
    """Every name that a contract knows, in lower case."""
    return {name.lower() for name in members_of(surface, contract_of(surface))}


def members(value: Any, at: str = "") -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every member of a document: the object that holds it, its name, and the way to it."""
    if isinstance(value, dict):
        for name, inner in list(value.items()):
            yield value, name, f"{at}.{name}".lstrip(".")
            yield from members(inner, f"{at}.{name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, f"{at}[]")


def passing(operation: Described, path: str, document: Any) -> set[str]:
    """The ways to the members of a document that nobody misses when they are misspelt."""
    chance = random.Random(f"{operation.id} {path}")  # noqa: S311 - which letters, not secrets
    found = []
    for holder, name, at in list(members(document)):
        wrong = misspelt(name, chance, names_of(operation.surface))
        if wrong not in holder and ":" not in name:
            found.append(
                Misspelling(at, wrong, (at.count(".") + at.count("[]"), list(holder).index(name)), holder, name)
            )

    def judged() -> list[str]:
        request = Request(operation.method, f"https://x{path}", JSON, exact_json.dumps(document))
        return [each.at for each in mistakes_in(operation, request, path)]

    return unnamed(found, lambda wrong: (f".{wrong}",), judged)


@dataclass(frozen=True)
class Misspelling:
    """One name of a document that can be written wrong; ``place`` is its depth and where it stands among its like."""

    at: str
    wrong: str
    place: tuple[int, int]
    holder: dict[str, Any]
    name: str

    def make(self) -> Callable[[], None]:
        """Write it wrong; what is answered puts it right."""
        before = dict(self.holder)
        self.holder[self.wrong] = self.holder.pop(self.name)

        def undo() -> None:
            self.holder.clear()
            self.holder.update(before)

        return undo


class Mistake(Protocol):
    @property
    def at(self) -> str: ...
    @property
    def wrong(self) -> str: ...
    @property
    def place(self) -> tuple[int, int]: ...
    def make(self) -> Callable[[], None]: ...


def unnamed(
    mistakes: Sequence[Mistake], ends: Callable[[str], tuple[str, ...]], judged: Callable[[], list[str]]
) -> set[str]:
    """The ways to mistakes that are not named, each by itself if it is not named beside others.

    Those beside each other differ in their wrong names, do not stand in one another, and leave most of each object be.
    """
    rounds: dict[tuple[int, int, int], list[Mistake]] = {}
    used: Counter[tuple[int, int, str]] = Counter()
    for each in mistakes:
        depth, place = each.place[0], each.place[1] % APART
        rounds.setdefault((depth, place, used[depth, place, each.wrong]), []).append(each)
        used[depth, place, each.wrong] += 1
    return {
        each.at
        for beside in rounds.values()
        for each in not_told(beside, ends, judged)
        if len(beside) == 1 or not_told([each], ends, judged)
    }


def not_told(
    made: Sequence[Mistake], ends: Callable[[str], tuple[str, ...]], judged: Callable[[], list[str]]
) -> list[Mistake]:
    undo = [each.make() for each in made]
    ways = judged()
    for right in reversed(undo):
        right()
    return [each for each in made if not any(way.endswith(ends(each.wrong)) for way in ways)]


def told(surface: str, found: set[str]) -> set[str]:
    """What of it is not open on purpose."""
    own = [way for place, way in OPEN if place == surface]
    return {at for at in found if not any(f"{way}" in at for way in own)}


def path_of(operation: Described, parameters: Mapping[str, str]) -> str:
    return operation.filled({**dict.fromkeys(operation.path_names, "x"), **parameters})


@pytest.mark.parametrize("surface", [*platforms(), HUB])
def test_a_misspelt_member_of_what_the_examples_send_is_named(surface: str) -> None:
    for name, example in examples_of(surface).items():
        operation = description_of(surface).named(name.partition("/")[0])
        assert operation is not None
        path = path_of(operation, {key: str(value) for key, value in example.get("path", {}).items()})
        assert told(surface, passing(operation, path, example["body"])) == set(), name


@pytest.mark.parametrize("surface", [*(name for name, each in platforms().items() if each.connector), HUB])
def test_a_misspelt_member_of_what_a_client_sends_in_a_day_is_named(surface: str) -> None:
    sent = [each for each in day_at(surface).world.tape.entries() if each.surface == surface and each.request_body]
    judged = 0
    for entry in sent:
        request = Request(entry.method, entry.url, entry.request_headers, entry.request_body)
        path = path_on(surface, request, base_url=entry.base_url)
        operation = operation_at(surface, request, path)[0] if path else None
        if operation is None or operation.public or "json" not in request.header("Content-Type"):
            continue
        assert [str(each) for each in problems_of(entry)] == []
        assert told(surface, passing(operation, path or "", exact_json.loads(request.body))) == set(), entry.operation
        judged += 1
    assert judged or surface in ("quickbooks_desktop", "sage_intacct")  # these speak XML


def whole(surface: str, schema: Mapping[str, Any], seen: set[str]) -> Any:
    """A document with every member that a schema lists; each schema that has a name stands in it once."""
    name = str(schema.get("$ref", ""))
    if name in seen:
        return "x"
    seen |= {name} - {""}
    schema = resolved(surface, schema)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        made = [(each, set(seen)) for each in options]
        document, best = max(((whole(surface, each, own), own) for each, own in made), key=lambda pair: size(pair[0]))
        seen |= best
        return document
    declared: dict[str, Any] = {}
    for part in (*schema.get("allOf", ()), schema):
        declared |= resolved(surface, part).get("properties", {})
    if declared:
        return {name: whole(surface, inner, seen) for name, inner in declared.items()}
    if "items" in schema:
        return [whole(surface, schema["items"], seen)]
    types = schema.get("type", ())
    holds = "object" in ([types] if isinstance(types, str) else types) and "string" not in types
    return {"anything": "x"} if holds else "x"


def size(document: Any) -> int:
    return len(list(members(document)))


def bodies(surface: str) -> Iterator[tuple[Described, str, Any]]:
    """Every JSON body that a contract describes, whole, with a path that it is sent to. Operations that take the same
    and answer with the same members are judged alike: one of them stands for all."""
    seen = set()
    for operation in description_of(surface).operations:
        if not operation.writes or operation.public:
            continue
        values: list[dict[str, str]] = [{}]
        if operation.body_by:
            name = operation.body_by.partition("}")[0].strip("{")
            types = (operation.parameter("type", "path") or operation.parameters[0]).schema["examples"]
            values = [{name: each} for each in types]
        for each in values:
            path = path_of(operation, each)
            schema = operation.body_at(path, "application/json")
            judged_by = repr((schema, operation.batch, answered_by(surface, operation.id)))
            if schema and judged_by not in seen:
                seen.add(judged_by)
                yield from ((operation, path, body) for body in apart(whole(surface, schema, set())))


def apart(document: Any) -> Iterator[Any]:
    """A document by itself; one whose only item may be of many kinds, once for each kind, as items are."""
    for name, value in document.items() if isinstance(document, dict) else ():
        item = value[0] if isinstance(value, list) and value else None
        kinds = [each for each, inner in item.items() if isinstance(inner, dict)] if isinstance(item, dict) else []
        if len(kinds) > KINDS_MOST:
            rest = {each: inner for each, inner in item.items() if each not in kinds}
            yield from ({**document, name: [{**rest, kind: item[kind]}]} for kind in kinds)
            return
    yield document


@pytest.mark.parametrize("surface", [*platforms(), HUB])
def test_a_misspelt_member_of_any_document_of_a_contract_is_named(surface: str) -> None:
    found = [(path, told(surface, passing(operation, path, body))) for operation, path, body in bodies(surface)]
    assert [(path, sorted(ways)) for path, ways in found if ways] == []


def test_every_opening_is_still_needed() -> None:
    for surface in {surface for surface, _ in OPEN}:
        ways = {at for operation, path, body in bodies(surface) for at in passing(operation, path, body)}
        unused = [way for place, way in OPEN if place == surface and not any(way in at for at in ways)]
        assert unused == [], f"these of {surface} are closed by now"
