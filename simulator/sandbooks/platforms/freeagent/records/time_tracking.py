"""Tasks of projects, and the time that users spend on them. Neither moves money.

Source: https://dev.freeagent.com/docs/tasks, https://dev.freeagent.com/docs/timeslips
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.records.storing import new_id, refer, remove, save
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail
from sandbooks.world.clock import parse_instant

TASK_STATUSES = ("Active", "Completed", "Hidden")
HOURS_MAX = 24


def write_task(company: Company, given: dict[str, Any], *, project: Record, record: Record | None = None) -> Record:
    """A task of a project, new or changed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    rate = fields.decimal("billing_rate")
    document = {
        "project": refer(project),
        "name": fields.text("name", required=True),
        "currency": project.body["currency"],
        "is_billable": fields.flag("is_billable", default=True),
        "billing_rate": decimal_text(rate if rate is not None else Decimal(project.body["normal_billing_rate"])),
        "billing_period": fields.choice("billing_period", ("hour", "day"), default=project.body["billing_period"]),
        "status": fields.choice("status", TASK_STATUSES, default="Active"),
    }
    fields.check()
    id = record.id if record else new_id(company, "task")
    return save(company, "task", id, document={"url": path("tasks", id), **document})


def project_of(company: Company, task: Record) -> Record:
    """The project that a task belongs to."""
    found = company.records.get("project", tail(task.body["project"], "projects"))
    if found is None:
        raise AssertionError("a task has a project")
    return found


def is_deletable(company: Company, task: Record) -> bool:
    """Whether no time was spent on a task."""
    return not company.records.find("timeslip", "task", task.id)


def delete_task(company: Company, task: Record) -> None:
    """Delete a task that no time was spent on. Raises ``Invalid``."""
    if not is_deletable(company, task):
        raise Invalid(("Task has timeslips and can't be deleted",))
    remove(company, task)


def write_timeslip(company: Company, given: dict[str, Any], record: Record | None = None) -> Record:
    """Time spent, new or changed. Raises ``Invalid``."""
    fields = Fields(given, record.body if record else None)
    user = fields.record("user", company, "user", required=True)
    project = fields.record("project", company, "project", required=True)
    task = fields.record("task", company, "task", required=True)
    if task is not None and project is not None and task.body["project"] != refer(project):
        fields.wrong("task", "is not a task of the project")
    dated_on = fields.date("dated_on", required=True)
    hours = fields.decimal("hours", required=True)
    if hours is not None and not 0 <= hours <= HOURS_MAX:
        # Unconfirmed: the live bound; a day has no more.
        fields.wrong("hours", f"must be between 0 and {HOURS_MAX}")
    comment = fields.text("comment", limit=65535)
    fields.check()
    if user is None or project is None or task is None or dated_on is None or hours is None:
        raise AssertionError("checked above")
    document: dict[str, Any] = {
        "user": refer(user),
        "project": refer(project),
        "task": refer(task),
        "dated_on": dated_on.isoformat(),
        "hours": decimal_text(hours),
    }
    if comment is not None:
        document["comment"] = comment
    if record is not None and "timer_from" in record.body:
        document["timer_from"] = record.body["timer_from"]
    id = record.id if record else new_id(company, "timeslip")
    return save(company, "timeslip", id, document={"url": path("timeslips", id), **document})


def start_timer(company: Company, record: Record, now: datetime) -> Record:
    """Let the time run on from what is recorded; a running timer runs on."""
    if "timer_from" in record.body:
        return record
    began = now - timedelta(seconds=float(Decimal(record.body["hours"]) * 3600))
    return save(company, "timeslip", record.id, document={**record.body, "timer_from": began.isoformat()})


def stop_timer(company: Company, record: Record, now: datetime) -> Record:
    """Record the time run so far, in hundredths of an hour. Nothing happens where no timer runs."""
    if "timer_from" not in record.body:
        return record
    document = record.copy()
    seconds = (now - parse_instant(document.pop("timer_from"))) // timedelta(seconds=1)
    document["hours"] = decimal_text((Decimal(seconds) / 3600).quantize(Decimal("0.01")))
    return save(company, "timeslip", record.id, document=document)
