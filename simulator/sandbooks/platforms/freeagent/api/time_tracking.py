"""Tasks, timeslips and their timers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import changed, dated, ordered, paged, reference, view
from sandbooks.platforms.freeagent.fields import RESOURCES
from sandbooks.platforms.freeagent.records import time_tracking
from sandbooks.platforms.freeagent.records.storing import find, remove
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import absolute, created, document, root, shown, tail, timestamp
from sandbooks.wire import Response
from sandbooks.world.clock import parse_instant

TIMESLIPS_MAX = 100


def _task(call: Call, record: Record) -> dict[str, Any]:
    return shapes.plain(call, record) | {"is_deletable": time_tracking.is_deletable(call.company, record)}


def list_tasks(call: Call) -> Response:
    """``GET /v2/tasks``"""
    chosen = view(call, ("all", "active", "completed", "hidden"), "all")
    project = reference(call, "project", "project")
    found = [
        record
        for record in changed(call, "task")
        if chosen in ("all", record.body["status"].lower())
        and (project is None or shapes.refers_to(record, "project", project))
    ]
    by = {
        "name": lambda record: record.body["name"].lower(),
        "project": lambda record: int(tail(record.body["project"], "projects")),
        "billing_rate": lambda record: Decimal(record.body["billing_rate"]),
        "created_at": lambda record: record.created,
        "updated_at": lambda record: record.updated,
    }
    return paged(call, "tasks", ordered(call, found, by), _task)


def get_task(call: Call) -> Response:
    """``GET /v2/tasks/:id``"""
    return shown(call, "task", _task(call, find(call.company, "task", call.args["id"])))


def create_task(call: Call) -> Response:
    """``POST /v2/tasks?project=…``"""
    project = reference(call, "project", "project", required=True)
    if project is None:
        raise AssertionError("a missing project is refused")
    with call.unit():
        record = time_tracking.write_task(call.company, root(call, "task"), project=project)
    return created(call, "task", _task(call, record))


def update_task(call: Call) -> Response:
    """``PUT /v2/tasks/:id``"""
    with call.unit():
        record = find(call.company, "task", call.args["id"])
        project = time_tracking.project_of(call.company, record)
        record = time_tracking.write_task(call.company, root(call, "task"), project=project, record=record)
    return shown(call, "task", _task(call, record))


def delete_task(call: Call) -> Response:
    """``DELETE /v2/tasks/:id``"""
    with call.unit():
        time_tracking.delete_task(call.company, find(call.company, "task", call.args["id"]))
    return json_reply({})


def _timeslip(call: Call, record: Record) -> dict[str, Any]:
    """A timeslip; with ``nested=true`` what it refers to stands in it whole."""
    seen = shapes.plain(call, record)
    began = seen.pop("timer_from", None)
    if began is not None:
        seen["timer"] = {"running": True, "start_from": timestamp(parse_instant(began))}
    if call.query.get("nested") == "true":
        for kind in ("user", "project", "task"):
            named = call.company.records.get(kind, tail(seen[kind], RESOURCES[kind]))
            if named is not None:
                seen[kind] = _task(call, named) if kind == "task" else shapes.plain(call, named)
    return seen


def list_timeslips(call: Call) -> Response:
    """``GET /v2/timeslips``"""
    chosen = view(call, ("all", "unbilled", "running"), "all")
    named = {kind: reference(call, kind, kind) for kind in ("user", "task", "project")}
    found = [
        record
        for record in dated(call, "timeslip")
        if (chosen != "running" or "timer_from" in record.body)
        and all(other is None or shapes.refers_to(record, kind, other) for kind, other in named.items())
    ]
    return paged(call, "timeslips", found, _timeslip)


def get_timeslip(call: Call) -> Response:
    """``GET /v2/timeslips/:id``"""
    return shown(call, "timeslip", _timeslip(call, find(call.company, "timeslip", call.args["id"])))


def create_timeslip(call: Call) -> Response:
    """``POST /v2/timeslips``: one, or several in one document, of which all are kept or none."""
    several = document(call).get("timeslips")
    if several is None:
        with call.unit():
            record = time_tracking.write_timeslip(call.company, root(call, "timeslip"))
        return created(call, "timeslip", _timeslip(call, record))
    listed = isinstance(several, list) and 0 < len(several) <= TIMESLIPS_MAX
    if not listed or not all(isinstance(given, dict) for given in several):
        raise Malformed("timeslips is invalid")
    with call.unit():
        records = [time_tracking.write_timeslip(call.company, given) for given in several]
    return json_reply({"timeslips": [absolute(call, _timeslip(call, record)) for record in records]}, status=201)


def update_timeslip(call: Call) -> Response:
    """``PUT /v2/timeslips/:id``"""
    with call.unit():
        record = find(call.company, "timeslip", call.args["id"])
        record = time_tracking.write_timeslip(call.company, root(call, "timeslip"), record)
    return shown(call, "timeslip", _timeslip(call, record))


def delete_timeslip(call: Call) -> Response:
    """``DELETE /v2/timeslips/:id``"""
    with call.unit():
        remove(call.company, find(call.company, "timeslip", call.args["id"]))
    return json_reply({})


def start_timer(call: Call) -> Response:
    """``POST /v2/timeslips/:id/timer``"""
    with call.unit():
        record = find(call.company, "timeslip", call.args["id"])
        record = time_tracking.start_timer(call.company, record, call.world.clock.now())
    return shown(call, "timeslip", _timeslip(call, record))


def stop_timer(call: Call) -> Response:
    """``DELETE /v2/timeslips/:id/timer``"""
    with call.unit():
        record = find(call.company, "timeslip", call.args["id"])
        record = time_tracking.stop_timer(call.company, record, call.world.clock.now())
    return shown(call, "timeslip", _timeslip(call, record))


OPERATIONS = (
    Operation("list_tasks", "GET", "/v2/tasks", list_tasks, scope="1"),
    Operation("get_task", "GET", "/v2/tasks/<id>", get_task, scope="1"),
    Operation("create_task", "POST", "/v2/tasks", create_task, writes=True, scope="1"),
    Operation("update_task", "PUT", "/v2/tasks/<id>", update_task, writes=True, scope="1"),
    Operation("delete_task", "DELETE", "/v2/tasks/<id>", delete_task, writes=True, scope="1"),
    Operation("list_timeslips", "GET", "/v2/timeslips", list_timeslips, scope="1"),
    Operation("get_timeslip", "GET", "/v2/timeslips/<id>", get_timeslip, scope="1"),
    Operation("create_timeslip", "POST", "/v2/timeslips", create_timeslip, writes=True, scope="1"),
    Operation("update_timeslip", "PUT", "/v2/timeslips/<id>", update_timeslip, writes=True, scope="1"),
    Operation("delete_timeslip", "DELETE", "/v2/timeslips/<id>", delete_timeslip, writes=True, scope="1"),
    Operation("start_timer", "POST", "/v2/timeslips/<id>/timer", start_timer, writes=True, scope="1"),
    Operation("stop_timer", "DELETE", "/v2/timeslips/<id>/timer", stop_timer, writes=True, scope="1"),
)
