"""The Web Connector's window: its applications, their runs, and the state of the company file on its machine."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from sandbooks import exact_json
from sandbooks.kit.call import Call, UnreadableBody, json_reply
from sandbooks.kit.surface import Operation
from sandbooks.platforms.quickbooks_desktop.circumstances import STATUSES
from sandbooks.platforms.quickbooks_desktop.file import CompanyFile
from sandbooks.platforms.quickbooks_desktop.hresults import SITUATIONS
from sandbooks.platforms.quickbooks_desktop.refusals import ApplicationInvalid, Unknown
from sandbooks.platforms.quickbooks_desktop.schema.messages import messages
from sandbooks.platforms.quickbooks_desktop.switches import SWITCHES, switch
from sandbooks.platforms.quickbooks_desktop.web_connector import applications, qwc
from sandbooks.wire import Cut, Request, Response

_SECONDS_MAX = 10_000_000
INVALID = "invalid"


def _invalid(reason: str) -> ApplicationInvalid:
    return ApplicationInvalid(INVALID, reason)


def _body(call: Call) -> dict[str, Any]:
    """The JSON object of a request."""
    try:
        given = call.json() if call.body.strip() else {}
    except (exact_json.MalformedJson, UnreadableBody) as error:
        raise _invalid(f"the body is no JSON object: {error}") from error
    if not isinstance(given, dict):
        raise _invalid("the body is no JSON object")
    return given


# Applications


def add_application(call: Call) -> Response:
    """Add an application by its .qwc file, as a user does who double-clicks it and types the password."""
    try:
        raw = call.body
    except UnreadableBody as error:
        raise ApplicationInvalid(qwc.INVALID, str(error)) from error
    introduction = qwc.parse(raw, strict=bool(switch(call.company, "strict_app_url")))
    if switch(call.company, "addresses_asked"):
        _ask_addresses(call, introduction)
    password = call.query.get("password") or _own_password(call)
    with call.unit():
        made = applications.add(call.company, introduction, password=password)
    return json_reply(made.shown(), status=201)


def _ask_addresses(call: Call, introduction: qwc.Introduction) -> None:
    """Whether what a .qwc file names beside the application answers. Raises ``ApplicationInvalid``."""
    # Source: QuickBooks Web Connector Programmer's Guide (appendix A: the support URL cannot be reached).
    # Unconfirmed: which of 1003 and 1004 is for no answer and which for an error, and the code of CertURL.
    for name, silent, broken in (("AppSupport", "QBWC1003", "QBWC1004"), ("CertURL", "QBWC1048", "QBWC1048")):
        address = introduction.texts.get(name)
        answer = call.world.deliver(Request("GET", address)) if address else None
        if isinstance(answer, Cut):
            raise ApplicationInvalid(silent, f"{name} {address} does not answer")
        if answer is not None and answer.status >= 400:
            raise ApplicationInvalid(broken, f"{name} {address} answers with {answer.status}")


def _own_password(call: Call) -> str:
    """The password that stands among the company's credentials, for applications that were given it."""
    return call.world.ids.fixed_token(f"quickbooks_desktop/password/{call.company.id}", length=16)


def list_applications(call: Call) -> Response:
    """Every application of this company file."""
    return json_reply({"applications": [each.shown() for each in applications.of_company(call.company)]})


def show_application(call: Call) -> Response:
    """One application."""
    return json_reply(applications.lookup(call.company, call.args["id"]).shown())


def change_application(call: Call) -> Response:
    """Change the password, the Auto-Run box or the minutes between runs."""
    application, given = applications.lookup(call.company, call.args["id"]), _body(call)
    known = {"password": str, "auto_run": bool, "every_minutes": int, "every_seconds": int}
    for name, value in given.items():
        if name not in known or not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise _invalid(f"{name} is not a member of this kind; there are {', '.join(known)}")
    every = given.get("every_seconds", given.get("every_minutes", 0) * 60) or application.every_seconds
    if not 0 <= every <= _SECONDS_MAX:
        raise _invalid(f"the time between runs is at most {_SECONDS_MAX} seconds")
    changed = replace(
        application,
        password=given.get("password", application.password),
        auto_run=given.get("auto_run", application.auto_run),
        every_seconds=every,
    )
    with call.unit():
        planned = applications.plan(call.world, changed)
    return json_reply(planned.shown())


def remove_application(call: Call) -> Response:
    """Take an application off the list."""
    application = applications.lookup(call.company, call.args["id"])
    with call.unit():
        applications.drop(call.world, application)
    return Response(204)


# Runs


def update_application(call: Call) -> Response:
    """Update Selected: run the application now. The run goes on after this answer; read it until it has ended."""
    application = applications.lookup(call.company, call.args["id"])
    if not switch(call.company, "web_connector_running"):
        raise _invalid("the Web Connector is not running")
    with call.unit():
        run = applications.queue(call.world, application, why="user")
    return json_reply(applications.shown(run), status=202)


def list_runs(call: Call) -> Response:
    """The runs over this company file, oldest first, without their logs."""
    runs = applications.runs_of(call.company, call.query.get("application", ""))
    rows = [{k: v for k, v in applications.shown(run).items() if k != "log"} for run in runs]
    return json_reply({"runs": rows})


def show_run(call: Call) -> Response:
    """One run with its log: every call to the application and every document."""
    run = applications.find_run(call.world, call.args["id"])
    if run is None or run["company"] != call.company.id:
        raise Unknown("run", call.args["id"])
    return json_reply(applications.shown(run))


# The .qwc file and the company file


_NOT_XML = re.compile("[\x00-\x1f\ufffe\uffff]")


def make_qwc(call: Call) -> Response:
    """A .qwc file for an application at a URL, with ids of its own."""
    url = call.query.get("app_url", "")
    name = call.query.get("app_name", "") or "Sandbooks application"
    minutes = call.query.get("every_minutes", "0")
    if not minutes.isascii() or not minutes.isdigit() or len(minutes) > 5:
        raise _invalid("every_minutes is a whole number")
    ids = call.world.ids
    texts = {
        "AppName": name,
        "AppID": "",
        "AppURL": url,
        "AppDescription": name[:80],
        "AppSupport": url,
        "UserName": call.query.get("user_name", "") or "sandbooks",
        "OwnerID": "{" + ids.fixed_uuid(f"qwc/owner/{name}") + "}",
        "FileID": "{" + ids.fixed_uuid(f"qwc/file/{name}/{call.company.id}") + "}",
        "QBType": "QBFS",
    }
    if any(_NOT_XML.search(text) for text in texts.values()):
        raise _invalid("a .qwc file has no control characters")
    written = qwc.write(texts, every_minutes=int(minutes))
    qwc.parse(written, strict=bool(switch(call.company, "strict_app_url")))
    return Response(200, (("Content-Type", "application/xml"),), written)


_FILE_SETTINGS = ("file_state", "file_mode", "locked_objects", "next_statuses", "user", "web_connector_running")


def show_company_file(call: Call) -> Response:
    """The company file on its machine: its path, whether it can be reached, what is locked."""
    return json_reply(_company_file(call))


def _company_file(call: Call) -> dict[str, Any]:
    settings = {name: switch(call.company, name) for name in _FILE_SETTINGS}
    lists = {name: list(settings[name]) for name in ("locked_objects", "next_statuses")}
    return {"path": CompanyFile(call.company).path, **settings, **lists}


def set_company_file(call: Call) -> Response:
    """Close the file, open a dialog over it, lock records: whatever may be the matter on that machine."""
    given = _body(call)
    checks = {
        "file_state": lambda value: isinstance(value, str) and value in SITUATIONS,
        "file_mode": lambda value: value in ("MultiUser", "SingleUser"),
        "locked_objects": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
        "next_statuses": lambda value: isinstance(value, list) and all(map(_is_status, value)),
        "user": lambda value: value in SWITCHES["user"].choices,
        "web_connector_running": lambda value: isinstance(value, bool),
    }
    for name, value in given.items():
        if name not in checks or not checks[name](value):
            raise _invalid(f"{name} cannot be that; file_state is one of {', '.join(SITUATIONS)}")
    with call.unit():
        call.company.change_settings(**given)
    return json_reply(_company_file(call))


def _is_status(value: Any) -> bool:
    """Whether something is a status to come: its code, and perhaps the request that it waits for and a value."""
    if not isinstance(value, dict) or "status" not in value or not value.keys() <= {"status", "request", "value"}:
        return False
    texts = [value[name] for name in ("request", "value") if name in value]
    is_code = isinstance(value["status"], int) and not isinstance(value["status"], bool)
    is_request = value.get("request", "") in ("", *messages())
    return is_code and value["status"] in STATUSES and is_request and all(isinstance(text, str) for text in texts)


_APPS = "/web_connector/applications"
OPERATIONS = (
    Operation("add_application", "POST", _APPS, add_application, by_hand=True),
    Operation("list_applications", "GET", _APPS, list_applications, by_hand=True),
    Operation("show_application", "GET", f"{_APPS}/<id>", show_application, by_hand=True),
    Operation("change_application", "PATCH", f"{_APPS}/<id>", change_application, by_hand=True),
    Operation("remove_application", "DELETE", f"{_APPS}/<id>", remove_application, by_hand=True),
    Operation("update_application", "POST", f"{_APPS}/<id>/update", update_application, by_hand=True),
    Operation("list_runs", "GET", "/web_connector/runs", list_runs, by_hand=True),
    Operation("show_run", "GET", "/web_connector/runs/<id>", show_run, by_hand=True),
    Operation("make_qwc", "GET", "/web_connector/qwc", make_qwc, by_hand=True),
    Operation("show_company_file", "GET", "/company_file", show_company_file, by_hand=True),
    Operation("set_company_file", "PATCH", "/company_file", set_company_file, by_hand=True),
)
