"""Bulk requests: many records of one object from a file, worked at later; the job is asked for its state and results.

Source: developer.sage.com/intacct (bulk requests; OpenAPI of core: job create and status). Unconfirmed: how long a job
waits, the form of its results, and what is posted to the callback; here the results too.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from sandbooks import exact_json
from sandbooks.exact_json import MalformedJson
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.outbox import Subscription, send
from sandbooks.platforms.sage_intacct.refusals import NotFound, RequestMalformed
from sandbooks.platforms.sage_intacct.rest.batches import MOST
from sandbooks.platforms.sage_intacct.rest.members import Resource
from sandbooks.platforms.sage_intacct.rest.resources import BY_PATH, resource_at
from sandbooks.wire import Answer, Request, Response
from sandbooks.world import World

RUN = "sandbooks.platforms.sage_intacct.rest.bulk:run"
JOBS = "sage_intacct/bulk_job"
WAIT = timedelta(seconds=5)
_METHODS = {"create": "POST", "update": "PATCH", "delete": "DELETE"}


def create(call: Call) -> Response:
    """``POST /services/bulk/job/create``"""
    asked, records = _upload(call)
    resource = _resource(str(asked.get("objectName", "")))
    operation = asked.get("operation")
    if operation not in _METHODS:
        raise RequestMalformed("operation is create, update or delete")
    if asked.get("fileContentType") != "json":
        raise RequestMalformed("fileContentType must be json")
    id = call.world.ids.uuid("sage_intacct/bulk_job")
    kept = [[name, value] for name, value in call.request.headers if name.lower() in _KEPT]
    job = {
        "company": call.company.id,
        "status": "queued",
        "url": f"{call.exchange.base_url}/ia/api/v1/objects/{resource.path}",
        "method": _METHODS[operation],
        "records": records,
        "results": [],
        "headers": [*kept, ["Content-Type", "application/json"]],
        "exchange": call.exchange.number,
        "callback": str(asked.get("callbackURL") or ""),
    }
    with call.unit():
        call.world.put(JOBS, id, job)
        call.world.jobs.put(RUN, {"id": id}, due=call.world.clock.now() + WAIT)
    told = {
        "jobId": id,
        "statusURL": f"/services/bulk/job/status?jobId={id}",
        "createdDateTime": call.world.clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
    }
    return json_reply({"ia::result": told, "ia::meta": _meta(job)})


_KEPT = ("authorization", "x-ia-api-param-entity", "host")


def _upload(call: Call) -> tuple[dict[str, Any], list[Any]]:
    """What is asked for, and the records of the file. Raises ``RequestMalformed``."""
    boundary = parse_options_header(call.header("Content-Type"))[1].get("boundary", "")
    try:
        body = call.body
        form, files = MultiPartParser(stream_factory=_in_memory).parse(io.BytesIO(body), boundary.encode(), len(body))
        told = form.get("ia::requestBody") or _read(files.get("ia::requestBody"))
        asked, records = exact_json.loads(told.encode() if isinstance(told, str) else told), None
        uploaded = next((file for name, file in files.items() if name != "ia::requestBody"), None)
        if uploaded is not None:
            records = exact_json.loads(_read(uploaded))
    except (ValueError, UnreadableBody, MalformedJson) as error:
        raise RequestMalformed("the upload cannot be read") from error
    if not isinstance(asked, dict) or not isinstance(records, list):
        raise RequestMalformed("a bulk request holds ia::requestBody and a file with an array of records")
    return asked, records


def _in_memory(*_args: Any, **_more: Any) -> io.BytesIO:
    return io.BytesIO()


def _read(file: Any) -> bytes:
    return bytes(file.stream.read()) if file is not None else b""


def _resource(name: str) -> Resource:
    """The object of a job, by its path or its name alone. Raises ``PathUnknown``, ``NotSimulated``."""
    found = next((each for each in BY_PATH.values() if each.name == name), None)
    return found or resource_at(name)


def status(call: Call) -> Response:
    """``GET /services/bulk/job/status``: how far a job is, or with ``download`` its results."""
    id = call.query.get("jobId") or ""
    job = call.world.get(JOBS, id) if id else None
    if job is None or job["company"] != call.company.id:
        raise NotFound("job", id[:60])
    if call.query.get("download") == "true" and job["status"] == "completed":
        return json_reply(job["results"])
    done = job["status"] == "completed"
    told = {"jobId": id, "status": job["status"], "percentComplete": 100 if done else 0}
    if done:
        told |= {
            "downloadURL": f"/services/bulk/job/status?jobId={id}&download=true",
            "jobStatusFile": f"{id}-response.json",
        }
    return json_reply({"ia::result": told, "ia::meta": _meta(job)})


def _meta(job: dict[str, Any]) -> dict[str, int]:
    errors = sum(1 for each in job["results"] if "ia::error" in each)
    return {
        "totalCount": len(job["records"]),
        "totalSuccess": len(job["results"]) - errors,
        "totalError": errors,
    }


def run(world: World, body: dict[str, Any]) -> None:
    """The job: its records go in batches, each record by itself. Raises ``NotSimulated`` once all of them are done."""
    job = world.get(JOBS, body["id"])
    results: list[Any] = []
    lacks: list[NotSimulated] = []
    for start in range(0, len(job["records"]), MOST):
        batch = job["records"][start : start + MOST]
        results += _batch(world, job, batch, key=f"{body['id']}/{start}", lacks=lacks)
    with world.unit():
        world.put(JOBS, body["id"], {**job, "status": "completed", "results": results})
        if job["callback"]:
            where = Subscription(
                id=body["id"], platform="sage_intacct", url=job["callback"], secret="", company=job["company"]
            )
            told = exact_json.dumps({"jobId": body["id"], "status": "completed", "ia::result": results})
            send(world, where, event="bulk", headers=(("Content-Type", "application/json"),), body=told)
    if lacks:
        raise lacks[0]


def _key(record: Any) -> str:
    """The key of a record as a path holds it; what is none names nothing."""
    key = str(record.get("key", "")) if isinstance(record, dict) else ""
    return key if key.isascii() and key.isdigit() else "-"


def _batch(world: World, job: dict[str, Any], records: list[Any], *, key: str, lacks: list[NotSimulated]) -> list[Any]:
    """What some records came to, in their order. A job may run twice after a kill: ``key`` makes one of both.

    Where a record says what is not simulated, each of them goes alone, so that the others are not lost with it.
    """
    request = _request(job, records, key=key)
    try:
        answer = world.call(request, actor="queue", parent=job["exchange"])
    except NotSimulated as lack:
        if len(records) == 1:
            lacks.append(lack)
        answer = Response(501)
    if isinstance(answer, Response) and answer.status == 501 and len(records) > 1:
        alone = (_batch(world, job, [each], key=f"{key}.{n}", lacks=lacks) for n, each in enumerate(records))
        return [result for results in alone for result in results]
    if isinstance(answer, Response) and answer.status == 204:
        return [{"ia::status": 204} for _ in records]
    status = answer.status if isinstance(answer, Response) else 503
    told = _told(answer)
    if isinstance(told, list) and len(told) == len(records):
        return [each if "ia::status" in each else {"ia::result": each, "ia::status": status} for each in told]
    code = "notImplemented" if status == 501 else "unprocessed"
    error = told.get("ia::error", told) if isinstance(told, dict) else {"code": code}
    return [{"ia::error": error, "ia::status": status} for _ in records]


def _request(job: dict[str, Any], records: list[Any], *, key: str) -> Request:
    headers = (*((name, value) for name, value in job["headers"]), ("Idempotency-Key", key))
    url, raw = job["url"], exact_json.dumps(records)
    if job["method"] == "DELETE":
        keys = [_key(each) for each in records]
        # A comma at the end makes one key a batch of one.
        url, raw = f"{url}/{','.join(keys)},", b""
    return Request(job["method"], url, headers, raw)


def _told(answer: Answer) -> Any:
    """The result of an answer, or the answer that holds an error without one; None where there is none."""
    try:
        body = exact_json.loads(answer.body) if isinstance(answer, Response) else None
    except MalformedJson:
        return None
    return body.get("ia::result", body) if isinstance(body, dict) else None
