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
from sandbooks.wire import Headers, Request, Response
from sandbooks.world import World

Job = dict[str, Any]

ROOT = "/services/rest/async/v1/job"
KEY = "X-NetSuite-Idempotency-Key"
# Which record of a batch a task is for: between a job and its own requests, never a client's.
ITEM = "X-Sandbooks-Batch-Item"
RUN = "sandbooks.platforms.netsuite.api.asynchronous:perform"
# Unconfirmed: how long a job takes; the setting ``async_delay_seconds`` chooses.
DELAY_SECONDS = 2


def _scope(company: str) -> str:
    return f"netsuite/async/{company}"


def asynchronous(run: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """An operation that may also be asked for asynchronously."""

    def either(call: Call) -> Response:
        if call.exchange.actor != LATE and answers.prefers(call, "respond-async"):
            return accept(call)
        return run(call)

    return either


def accept(call: Call, *, tasks: int = 1, items: bool = False) -> Response:
    """Make a job of a request: of one task, or of one for each record of a batch. Raises ``Repeated``."""
    company, key = call.company.id, call.header(KEY)
    standing = call.world.get(f"netsuite/idempotency/{company}", key) if key else None
    if standing is not None:
        raise Repeated(call.link(f"{ROOT}/{standing}"))
    delay = timedelta(seconds=int(call.company.settings.get("async_delay_seconds", DELAY_SECONDS)))
    with call.unit():
        id = str(call.company.records.next_number("async"))
        started = rendering.stamp(call.world.clock.now())
        call.world.put(_scope(company), id, {"id": id, "tasks": tasks})
        for number in range(1, tasks + 1):
            task = {"id": str(number), "progress": "pending", "started": started}
            call.world.put(_scope(company), f"{id}/{number}", task)
        if key:
            call.world.put(f"netsuite/idempotency/{company}", key, id)
        packed = {"company": company, "job": id, "tasks": tasks, "items": items, "request": _packed(call)}
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
    """The job: the request goes its way, once for each task, and its answers are kept as the tasks' results.

    Begun again after a kill, it goes on with the first task that has no result.
    """
    for number in range(1, body["tasks"] + 1):
        key = f"{body['job']}/{number}"
        if not _done(world.get(_scope(body["company"]), key)):
            _perform_task(world, body, key, ((ITEM, str(number - 1)),) if body["items"] else ())


def _perform_task(world: World, body: dict[str, Any], key: str, extra: Headers) -> None:
    kept, scope = body["request"], _scope(body["company"])
    task: Job = world.get(scope, key)
    world.put(scope, key, {**task, "progress": "processing"})
    headers = (*((name, value) for name, value in kept["headers"] if name.lower() != ITEM.lower()), *extra)
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
    world.put(scope, key, {**task, **done})


# Looking at jobs


def _job(call: Call) -> Job:
    """The job with its tasks. A job is as far as the least of them, and failed where one of them did."""
    scope = _scope(call.company.id)
    job: Job | None = call.world.get(scope, call.args["job"])
    if job is None or "tasks" not in job:
        raise JobUnknown(call.args["job"][:60])
    tasks = [call.world.get(scope, f"{job['id']}/{number}") for number in range(1, job["tasks"] + 1)]
    stages = {task["progress"] for task in tasks}
    # Unconfirmed: the progress of a batch of which some records failed.
    if stages <= {"succeeded", "failed"}:
        progress = "failed" if "failed" in stages else "succeeded"
    else:
        progress = "pending" if stages == {"pending"} else "processing"
    return {**job, "tasks": tasks, "progress": progress}


def _task(call: Call) -> Job:
    task: Job | None = next((t for t in _job(call)["tasks"] if t["id"] == call.args["task"]), None)
    if task is None:
        raise JobUnknown(call.args["task"][:60])
    return task


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
    """``GET /async/v1/job/{id}/task``: a job has one task, that of a batch one for each record."""
    job = _job(call)
    path = f"{ROOT}/{job['id']}/task"
    items = [{"links": [rendering.link(call, f"{path}/{task['id']}")], "id": task["id"]} for task in job["tasks"]]
    body = {"links": [rendering.link(call, path)], "count": len(items), "hasMore": False, "items": items}
    return answers.collection({**body, "offset": 0, "totalResults": len(items)})


def get_task(call: Call) -> Response:
    """``GET /async/v1/job/{id}/task/{task}``."""
    task = _task(call)
    path = f"{ROOT}/{_job(call)['id']}/task/{task['id']}"
    body: dict[str, Any] = {
        "links": [rendering.link(call, path), rendering.link(call, f"{path}/result", rel="related")],
        "completed": _done(task),
        "id": task["id"],
        "progress": task["progress"],
        "startTime": task["started"],
    }
    return answers.singular({**body, "endTime": task["ended"]} if _done(task) else body)


def get_result(call: Call) -> Response:
    """``GET /async/v1/job/{id}/task/{task}/result``: the answer that a synchronous request would have had."""
    task = _task(call)
    if not _done(task):
        raise JobUnknown(f"{call.args['job'][:60]} has no result yet")
    headers = tuple((name, value) for name, value in task["headers"] if name.lower() != "x-n-operationid")
    return Response(task["status"], headers, base64.b64decode(task["body"]))
