"""Each refusal that a published description lists for an operation is brought about on purpose, and is as described.

Runs with ``--codat-specs DIR``, as ``test_against_published_specs`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hub import published
from tests.hub.desk import Answer
from tests.hub.published import Published
from tests.hub.specs import needs_specs
from tests.hub.tour import BODIES, BOUNDARY, PATHS, Tour

NOBODY = "11111111-2222-4333-8444-555555555555"
# Listed for operations whose request says nothing that could be wrong, or names nothing that could be missing.
MEANINGLESS = {(400, "create-partner-expense-connection"), (400, "list-webhook-consumers")} | {
    (404, name)
    for name in (
        "list-companies",
        "get-cors-settings",
        "set-cors-settings",
        "get-connection-management-cors-settings",
        "set-connection-management-cors-settings",
    )
}


@dataclass(frozen=True)
class Lawful:
    """An operation that could be called on a company with data, before anything stands in its way."""

    tour: Tour
    operation: Published
    path: str
    body: Any

    @staticmethod
    def of(tour: Tour, operation: Published) -> Lawful:
        body = BODIES[operation.key](tour) if operation.key in BODIES else None
        path = PATHS[operation.key](tour) if operation.key in PATHS else tour.path_of(operation.path)
        return Lawful(tour, operation, path, body)

    def sent(self, *, path: str = "", body: Any = None, **headers: str) -> Answer:
        """Its answer; what is named is sent instead."""
        body = self.body if body is None else body
        kind = (("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),) if isinstance(body, bytes) else ()
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return self.tour.desk.send(self.operation.method.upper(), path or self.path, body, headers=(*kind, *named))


Way = Callable[[Lawful], Iterator[Answer]]


def _bad(call: Lawful) -> Iterator[Answer]:
    """What cannot be understood, what cannot be done now."""
    yield call.sent(path=f"{call.path.partition('?')[0]}?query=%7Bid%3D&page=0")
    yield call.sent(body=b"{", Content_Type="application/json")
    yield call.sent(body=[])
    call.tour.desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    yield call.sent()


def _unauthorized(call: Lawful) -> Iterator[Answer]:
    yield call.sent(Authorization="Basic d3Jvbmc=")


def _expired(call: Lawful) -> Iterator[Answer]:
    call.tour.desk.choose(account="expired")
    yield call.sent()


def _ended_key(call: Lawful) -> Iterator[Answer]:
    desk = call.tour.desk
    made = desk.send("POST", "/apiKeys", {"name": "ended"}).body
    assert desk.send("DELETE", f"/apiKeys/{made['id']}").status == 204
    desk.api_key = made["apiKey"]
    yield call.sent()


def _missing(call: Lawful) -> Iterator[Answer]:
    """A platform, a record or a company that there is not."""
    tour = call.tour
    company = tour.desk.company
    tour.names = dict.fromkeys(tour.names, NOBODY) | {"platformKey": "zzzz"}
    yield call.sent(path=tour.path_of(call.operation.path))
    yield call.sent(path=call.path.replace(company, NOBODY))


def _not_ready(call: Lawful) -> Iterator[Answer]:
    """More of something than there may be; and a company of which nothing was asked to be read."""
    desk = call.tour.desk
    if call.operation.key == "POST /apiKeys":
        yield [desk.send("POST", "/apiKeys", {"name": f"key {number}"}) for number in range(11)][-1]
        return
    settings = desk.get("/profile/syncSettings")
    never = [{**each, "fetchOnFirstLink": False} for each in settings["settings"]]
    answer = desk.send("POST", "/profile/syncSettings", {**settings, "settings": never, "overridesDefaults": True})
    assert answer.status == 204, answer.body
    before = {one["id"] for one in desk.get("/companies")["results"]}
    desk.linked_company()
    made = next(one for one in desk.get("/companies")["results"] if one["id"] not in before)
    desk.choose("payables_need_a_read")
    path = call.path.replace("{c}", f"/companies/{desk.company}").replace("{k}", desk.connection)
    link = made["dataConnections"][0]["id"]
    yield call.sent(path=path.replace(desk.company, made["id"]).replace(desk.connection, link))


def _unprocessable(call: Lawful) -> Iterator[Answer]:
    """An update that is not offered; a key of a request that comes with another one."""
    call.tour.desk.choose("updates_as_in_2023")
    key = "7c1f0000-0000-4000-8000-000000000001"
    yield call.sent(Idempotency_Key=key)
    yield call.sent(body={"datasetIds": [NOBODY]}, Idempotency_Key=key)


def _too_many(call: Lawful) -> Iterator[Answer]:
    call.tour.desk.choose(daily_quota=1)
    yield call.sent()
    yield call.sent()


def _unavailable_by_law(call: Lawful) -> Iterator[Answer]:
    call.tour.desk.choose(unavailable_platforms=["qhyg"])
    yield call.sent()


def _failing(status: int) -> Way:
    def way(call: Lawful) -> Iterator[Answer]:
        plan: Any = call.tour.desk.world.plan
        plan.add("server_error", at={"platform": "codat", "every": True}, phase="send", status=status)
        yield call.sent()

    return way


WAYS: dict[int, Way] = {
    400: _bad,
    401: _unauthorized,
    402: _expired,
    403: _ended_key,
    404: _missing,
    409: _not_ready,
    422: _unprocessable,
    429: _too_many,
    451: _unavailable_by_law,
    500: _failing(500),
    503: _failing(503),
}


def refusals(specs: Path, operation: Published) -> list[int]:
    """The statuses from 400 that a description lists for an operation."""
    described = published.document(specs, operation.file)["paths"][operation.path][operation.method]
    return sorted(int(status) for status in described["responses"] if int(status) >= 400)


@needs_specs
def test_every_refusal_that_an_operation_lists_can_be_brought_about(specs: Path, operation: Published) -> None:
    first_version = "v1" in operation.file
    for status in refusals(specs, operation):
        if (status, operation.id) in MEANINGLESS:
            continue
        tour = Tour(first_version=first_version and "Expenses" in operation.file)
        found = []
        for answer in WAYS[status](Lawful.of(tour, operation)):
            found.append(answer.status)
            if answer.status == status:
                assert published.problems(specs, operation.file, "/components/schemas/ErrorMessage", answer.body) == []
                break
        assert found[-1:] == [status], (status, found)
