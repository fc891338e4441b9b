"""Asynchronous requests: ``Prefer: respond-async`` makes a job of a request; the key that guards against repeats.

A job runs on the world's clock, as the request that it came from. The idempotency key counts only here: a synchronous
request that carries one is not protected by it.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/subsect_161278579295.html,
subsect_161252896355.html, subsect_164494900632.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.platforms.netsuite import rendering
from sandbooks.platforms.netsuite.access import LATE
from sandbooks.platforms.netsuite.api import answers
from sandbooks.platforms.netsuite.refusals import JobUnknown, Repeated
from sandbooks.wire import Request, Response
from sandbooks.world import World

Job = dict[str, Any]

ROOT = "/services/rest/async/v1/job"
KEY = "X-NetSuite-Idempotency-Key"
RUN = "sandbooks.platforms.netsuite.api.asynchronous:perform"
# Unconfirmed: how long a job takes; the setting ``async_delay_seconds`` chooses.
DELAY_SECONDS = 2


def _scope(company: str) -> str:
    return f"netsuite/async/{company}"


def asynchronous(run: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """An operation that may also be asked for asynchronously."""

    def either(call: Call) -> Response:
        if call.exchange.actor != LATE and answers.prefers(call, "respond-async"):
            return _accept(call)
        return run(call)

    return either


def _accept(call: Call) -> Response:
    company, key = call.company.id, call.header(KEY)
    standing = call.world.get(f"netsuite/idempotency/{company}", key) if key else None
    if standing is not None:
        raise Repeated(call.link(f"{ROOT}/{standing}"))
    delay = timedelta(seconds=int(call.company.settings.get("async_delay_seconds", DELAY_SECONDS)))
    with call.unit():
        id = str(call.company.records.next_number("async"))
        job: Job = {"id": id, "progress": "pending", "started": rendering.stamp(call.world.clock.now())}
        call.world.put(_scope(company), id, job)
        if key:
            call.world.put(f"netsuite/idempotency/{company}", key, id)
        packed = {"company": company, "job": id, "request": _packed(call)}
        call.world.jobs.put(RUN, packed, due=call.world.clock.now() + delay)
    headers = (("Location", call.link(f"{ROOT}/{id}")), ("Preference-Applied", "respond-async"))
    return Response(202, headers)


def _packed(call: Call) -> dict[str, Any]:
    request = call.request
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(pair) for pair in request.headers],
        "body": base64.b64encode(request.body).decode("ascii"),
        "exchange": call.exchange.number,
    }


def perform(world: World, body: dict[str, Any]) -> None:
    """The job: the request goes its way, and its answer is kept as the job's result."""
    kept, scope = body["request"], _scope(body["company"])
    job: Job = world.get(scope, body["job"])
    world.put(scope, body["job"], {**job, "progress": "processing"})
    headers = tuple((name, value) for name, value in kept["headers"])
    request = Request(kept["method"], kept["url"], headers, base64.b64decode(kept["body"]))
    answer = world.call(request, actor=LATE, parent=kept["exchange"])
    if not isinstance(answer, Response):
        raise AssertionError("no fault meets a request that runs later")
    done = {
        "progress": "succeeded" if answer.status < 400 else "failed",
        "ended": rendering.stamp(world.clock.now()),
        "status": answer.status,
        "headers": [list(pair) for pair in answer.headers],
        "body": base64.b64encode(answer.body).decode("ascii"),
    }
    world.put(scope, body["job"], {**job, **done})


# Looking at jobs


def _job(call: Call) -> Job:
    job: Job | None = call.world.get(_scope(call.company.id), call.args["job"])
    if job is None or call.args.get("task", "1") != "1":
        raise JobUnknown(call.args["job"][:60])
    return job


def _done(job: Job) -> bool:
    return job["progress"] in ("succeeded", "failed")


def get_job(call: Call) -> Response:
    """``GET /async/v1/job/{id}``."""
    job = _job(call)
    path = f"{ROOT}/{job['id']}"
    return answers.singular(
        {
            "links": [rendering.link(call, path)],
            "completed": _done(job),
            "id": job["id"],
            "progress": job["progress"],
            "task": {"links": [rendering.link(call, f"{path}/task")]},
        }
    )


def list_tasks(call: Call) -> Response:
    """``GET /async/v1/job/{id}/task``: a job has one task."""
    path = f"{ROOT}/{_job(call)['id']}/task"
    items = [{"links": [rendering.link(call, f"{path}/1")], "id": "1"}]
    body = {"links": [rendering.link(call, path)], "count": 1, "hasMore": False, "items": items}
    return answers.collection({**body, "offset": 0, "totalResults": 1})


def get_task(call: Call) -> Response:
    """``GET /async/v1/job/{id}/task/{task}``."""
    job = _job(call)
    path = f"{ROOT}/{job['id']}/task/1"
    body: dict[str, Any] = {
        "links": [rendering.link(call, path), rendering.link(call, f"{path}/result", rel="related")],
        "completed": _done(job),
        "id": "1",
        "progress": job["progress"],
        "startTime": job["started"],
    }
    return answers.singular({**body, "endTime": job["ended"]} if _done(job) else body)


def get_result(call: Call) -> Response:
    """``GET /async/v1/job/{id}/task/{task}/result``: the answer that a synchronous request would have had."""
    job = _job(call)
    if not _done(job):
        raise JobUnknown(f"{job['id']} has no result yet")
    headers = tuple((name, value) for name, value in job["headers"] if name.lower() != "x-n-operationid")
    return Response(job["status"], headers, base64.b64decode(job["body"]))
