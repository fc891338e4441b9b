"""A client's request by the contract: does the address exist, are parameters, headers and body as described."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from sandbooks import exact_json
from sandbooks.harness.contracts.bodies import XML, media_of, reading_of
from sandbooks.harness.contracts.description import Described, Description, Parameter, description_of
from sandbooks.harness.contracts.values import Answered, Judge, Mistake, members_of
from sandbooks.kit.surface import UNMATCHED, Dialect, Operation, Routes, flask_app
from sandbooks.platform import load, platforms
from sandbooks.recording.canonical import decoded
from sandbooks.recording.conformance import contract_of
from sandbooks.settings import nearest
from sandbooks.wire import Request

HUB = "codat"


def operation_at(surface: str, request: Request, path: str) -> tuple[Described | None, list[Mistake]]:
    """The operation that a request means, or why there is none. ``path`` is the vendor's own, percent-encoded."""
    description = description_of(surface)
    plain = unquote(path).rstrip("/") or "/"
    found = description.at(request.method, plain)
    if found is not None:
        return found, []
    routed = _routed_to(surface, request.method, path)
    aliased = description.named(routed.name) if routed else None
    if aliased or (routed and routed.public):
        return aliased, []  # pages that are open to everybody need no description
    return None, [_nowhere(description, request.method, plain, exists=routed is not None)]


def _routed_to(surface: str, method: str, path: str) -> Operation | None:
    """The operation that the platform has at an address, described or not.

    Some addresses have other spellings: a tenant before the environment, an entity below its parent.
    """
    dialect = _dialect(surface)
    operation = _routes(surface).find(method, unquote(dialect.route(path)))[0]
    return None if operation is UNMATCHED else operation


@cache
def _dialect(surface: str) -> Dialect:
    if surface == HUB:
        hub: Dialect = load("sandbooks.hub.api:DIALECT")
        return hub
    return platforms()[surface].load_dialect()


@cache
def _routes(surface: str) -> Routes:
    return Routes(flask_app(_dialect(surface)), _dialect(surface))


def _nowhere(description: Description, method: str, path: str, *, exists: bool) -> Mistake:
    taken = description.methods_at(path)
    if taken:
        return Mistake("method", f"{path} does not take {method}", f"send {', '.join(taken)}")
    if exists:
        return Mistake(
            "path", f"{method} {path} exists, and Sandbooks does not simulate it", "leave it out of this check"
        )
    return Mistake(
        "path", f"there is no {method} {path}", nearest(path, (each.path for each in description.operations))
    )


def mistakes_in(operation: Described, request: Request, path: str) -> Iterator[Mistake]:
    """What is wrong with a request to an operation, at the vendor's own path.

    Where nobody signs in yet, a server adds parameters of its own as it pleases: there only the body is judged.
    """
    judge = Judge(operation.surface, _sent_back(operation))
    if not operation.public:
        yield from _query(operation, request, judge)
        yield from _headers(operation, request)
    yield from _body(operation, request, path, judge=judge)


def _sent_back(operation: Described) -> Answered:
    return answered_by(operation.surface, operation.id)


@cache
def answered_by(surface: str, id: str) -> Answered:
    """Every member that the answers of an operation have, by name."""
    found = description_of(surface).named(id)
    return members_of(surface, {"answers": found.responses}) if found else {}


def _query(operation: Described, request: Request, judge: Judge) -> Iterator[Mistake]:
    declared = {each.name: each for each in operation.parameters if each.place == "query"}
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    if judge.any_case:
        spelt = {name.lower(): name for name in declared}
        given = {spelt.get(name.lower(), name): value for name, value in given.items()}
    for name, value in given.items():
        if name in declared:
            yield from judge.mistakes(_typed(value, declared[name]), declared[name].schema, f"query {name}")
        elif declared:
            yield Mistake(f"query {name}", f"{operation.id} knows no such parameter", nearest(name, declared))
    for name, parameter in declared.items():
        if parameter.required and name not in given:
            yield Mistake(f"query {name}", "is missing", f"send {name}")


def _typed(value: str, parameter: Parameter) -> Any:
    """A parameter's text as the type that its schema wants, where it is one."""
    wanted = parameter.schema.get("type")
    if wanted in ("integer", "number"):
        try:
            return exact_json.loads(value)
        except exact_json.MalformedJson:
            return value
    if wanted == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def _headers(operation: Described, request: Request) -> Iterator[Mistake]:
    if not request.header("Authorization"):
        yield Mistake("header Authorization", "is missing", "sign in, and send the credential with every request")
    for each in operation.parameters:
        if each.place == "header" and each.required and not request.header(each.name):
            yield Mistake(f"header {each.name}", "is missing", f"send {each.name}")


def _body(operation: Described, request: Request, path: str, *, judge: Judge) -> Iterator[Mistake]:
    if not request.body:
        if operation.body_required:
            yield Mistake("body", "is missing", f"send {' or '.join(operation.bodies)}")
        return
    media = media_of(request)
    if media in XML:
        media = next((each for each in XML if each in operation.bodies), media)
    known = (*operation.bodies, *contract_of(operation.surface).get("x-also-as", ()))
    if operation.bodies and media and media not in known and "*/*" not in operation.bodies:
        yield Mistake("header Content-Type", f"{operation.id} takes no {media}", f"send {', '.join(operation.bodies)}")
        return
    reading = reading_of(operation, request, path)
    if reading is not None:
        yield from reading(judge)
    if operation.batch and "json" in media:
        yield from _batched(operation, request, path)


def is_read(surface: str, request: Request, path: str) -> bool:
    """Whether the members of a body are looked at: not those of files. What goes nowhere is told as that."""
    operation = operation_at(surface, request, path)[0]
    return operation is None or reading_of(operation, request, path) is not None


def _batched(operation: Described, request: Request, path: str) -> Iterator[Mistake]:
    """What is wrong with the requests that stand in a body; their addresses are seen from that of the whole."""
    told = operation.batch
    try:
        document = exact_json.loads(decoded(request.body, request.headers))
    except exact_json.MalformedJson:
        return  # told with the body
    items = document.get(told["requests"]) if isinstance(document, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, dict) or not isinstance(item.get(told["url"]), str) or told["body"] not in item:
            continue
        method, place = str(item.get(told["method"])).upper(), urlsplit(urljoin(path, item[told["url"]])).path
        at = f"body.{told['requests']}[{index}]"
        inner, nowhere = operation_at(operation.surface, Request(method, place), place)
        for each in nowhere:
            yield Mistake(f"{at}.{told['url']}", each.message, each.remedy)
        if inner is not None:
            schema, own = inner.body_at(unquote(place), "application/json"), Judge(inner.surface, _sent_back(inner))
            yield from own.mistakes(item[told["body"]], schema, f"{at}.{told['body']}")
