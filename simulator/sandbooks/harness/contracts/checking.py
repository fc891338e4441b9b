"""A user's client judged by a contract: a HAR of its traffic, entry by entry, or the tape of a test.

Nothing is sent and nothing changes: what was recorded is compared with what the contract describes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandbooks.harness.contracts.answers import answer_differences
from sandbooks.harness.contracts.callbacks import callback_mistakes, callback_of
from sandbooks.harness.contracts.description import description_of
from sandbooks.harness.contracts.requests import HUB, is_read, mistakes_in, operation_at
from sandbooks.harness.contracts.values import Mistake
from sandbooks.platform import platforms
from sandbooks.wire import Answer, Headers, Request, Response
from sandbooks.world import TapeEntry

HUB_HOSTS = ("api.codat.io",)


class OutsideContract(AssertionError):
    """A client sent what a contract does not describe. ``problems`` says what, where, and what to send instead."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("outside the contract\n" + "\n".join(map(str, problems)))
        self.problems = problems


class NotAHar(ValueError):
    """A file is no HAR."""


@dataclass(frozen=True)
class Problem:
    """One thing outside the contract. ``place`` is the file and entry, or the exchange of a tape."""

    place: str
    asked: str
    operation: str
    side: str
    at: str
    message: str
    remedy: str

    def __str__(self) -> str:
        what = f" ({self.operation})" if self.operation else ""
        return (
            f"{self.place}: {self.asked}{what}\n    {self.side}: {self.at}: {self.message}\n    remedy: {self.remedy}"
        )

    def as_json(self) -> dict[str, str]:
        names = ("place", "asked", "operation", "side", "at", "message", "remedy")
        return {name: getattr(self, name) for name in names}


@dataclass
class Judgement:
    """``judged`` entries went to the platform or came from it, ``others`` elsewhere. Of the judged, ``unread`` have
    bodies that nobody can look into, such as files: path, query and headers are judged, and the answer."""

    problems: list[Problem] = field(default_factory=list)
    judged: int = 0
    others: int = 0
    unread: int = 0


def judge_har(file: Path, platform: str, *, base_url: str = "") -> Judgement:
    """Judge every entry of a HAR that goes to a platform. Raises ``NotAHar``."""
    try:
        document = json.loads(file.read_bytes(), parse_float=Decimal)
        entries = list(document["log"]["entries"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAHar(f"{file} is no HAR: {error!r}") from error
    found = Judgement()
    for number, entry in enumerate(entries, start=1):
        try:
            request = _request(entry["request"])
        except (KeyError, TypeError, ValueError) as error:
            raise NotAHar(f"{file}: entry {number} is no HAR entry: {error!r}") from error
        path = path_on(platform, request, base_url=base_url)
        place, call = f"{file}: entry {number}", callback_of(platform, request)
        if call:
            found.judged += 1
            found.problems += _answered(place, platform, call, request, _answer(entry))
            continue
        if path is None:
            found.others += 1
            continue
        found.judged += 1
        found.unread += bool(request.body) and not is_read(platform, request, path)
        found.problems += _judged(place, platform, path, request, _answer(entry))
    return found


def problems_of(entry: TapeEntry) -> list[Problem]:
    """What a client sent outside the contract in one exchange of a tape; the answer is the simulator's own."""
    request = Request(entry.method, entry.url, entry.request_headers, entry.request_body)
    path = path_on(entry.surface, request, base_url=entry.base_url)
    if path is None:
        return []
    return list(_judged(f"exchange #{entry.number}", entry.surface, path, request, None))


def inspect(request: Request) -> None:
    """Raise ``OutsideContract`` for a request to any surface that its contract does not describe."""
    for surface in (*platforms(), HUB):
        path = path_on(surface, request)
        if path is not None:
            problems = list(_judged(surface, surface, path, request, None))
            if problems:
                raise OutsideContract(problems)
            return


def outside_of(request: Request, answer: Answer) -> OutsideContract | None:
    """What a user's own service answered outside the contract to a call of a platform."""
    if not isinstance(answer, Response):
        return None
    for platform in platforms():
        call = callback_of(platform, request)
        problems = list(_answered(platform, platform, call, request, answer)) if call else []
        if problems:
            return OutsideContract(problems)
    return None


def path_on(platform: str, request: Request, *, base_url: str = "") -> str | None:
    """The vendor's own path of a request; None where it goes elsewhere."""
    if base_url and request.url.startswith(base_url.rstrip("/") + "/"):
        return "/" + request.url[len(base_url.rstrip("/")) + 1 :].partition("?")[0]
    host = request.host.partition(":")[0]
    if _is_host(platform, host):
        return request.path
    parts = request.path.split("/")
    for start in (1, 3):
        if len(parts) > start and parts[start] == platform and (start == 1 or parts[1] == "w"):
            return "/" + "/".join(parts[start + 1 :])
    return None


def _is_host(platform: str, host: str) -> bool:
    declared = platforms().get(platform)
    hosts = declared.hosts if declared else HUB_HOSTS if platform == HUB else ()
    return host in hosts or "*." + host.partition(".")[2] in hosts


def _judged(place: str, platform: str, path: str, request: Request, answer: Response | None) -> Iterator[Problem]:
    if not description_of(platform).operations:
        return  # a platform of the user's own may come without a contract
    operation, nowhere = operation_at(platform, request, path)
    asked, name = f"{request.method} {path}", operation.id if operation else ""
    mistakes = nowhere if operation is None else mistakes_in(operation, request, path)
    for mistake in mistakes:
        yield _problem(place, asked, name, "request", mistake)
    if operation is not None and answer is not None:
        for text in answer_differences(platform, operation.id, answer):
            told = Mistake(f"status {answer.status}", text.lstrip(" ,:"), "compare with the contract of the platform")
            yield _problem(place, asked, name, "answer", told)


def _answered(place: str, platform: str, call: str, request: Request, answer: Response | None) -> Iterator[Problem]:
    """What is wrong with the answer of a user's own service to a call of the platform."""
    for mistake in callback_mistakes(platform, call, answer) if answer is not None else ():
        yield _problem(place, f"{request.method} {urlsplit(request.url).path or '/'}", call, "answer", mistake)


def _problem(place: str, asked: str, operation: str, side: str, mistake: Mistake) -> Problem:
    return Problem(place, asked, operation, side, mistake.at, mistake.message, mistake.remedy)


def _request(told: Mapping[str, Any]) -> Request:
    posted = told.get("postData") or {}
    headers = _headers(told.get("headers", ()))
    if not urlsplit(told["url"]).netloc:
        raise ValueError("its url is not absolute")
    return Request(told["method"].upper(), told["url"], headers, _bytes(posted))


def _answer(entry: Mapping[str, Any]) -> Response | None:
    """The answer of an entry; None where none came whole, or where a fault made it."""
    told = entry.get("response") or {}
    own = entry.get("_sandbooks") or {}
    if not told.get("status") or told.get("_error") or own.get("faults") or own.get("not_simulated"):
        return None
    return Response(int(told["status"]), _headers(told.get("headers", ())), _bytes(told.get("content") or {}))


def _headers(told: Any) -> Headers:
    return tuple((str(each["name"]), str(each["value"])) for each in told)


def _bytes(told: Mapping[str, Any]) -> bytes:
    text = str(told.get("text") or "")
    return base64.b64decode(text) if told.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")
