"""Contacts, projects and notes."""

from __future__ import annotations

from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.freeagent.access import user_of
from sandbooks.platforms.freeagent.api import shapes
from sandbooks.platforms.freeagent.api.listing import changed, ordered, paged, reference, view
from sandbooks.platforms.freeagent.records import people
from sandbooks.platforms.freeagent.records.storing import find, remove
from sandbooks.platforms.freeagent.refusals import Malformed
from sandbooks.platforms.freeagent.wire import created, root, shown
from sandbooks.wire import Response

# Source: https://dev.freeagent.com/docs/contacts (views, sort orders)
CONTACT_VIEWS = [
    "active",
    "all",
    "clients",
    "suppliers",
    "active_projects",
    "completed_projects",
    "open_clients",
    "open_suppliers",
    "hidden",
]
_BY = {
    "name": lambda record: people.contact_name(record.body).lower(),
    "created_at": lambda record: record.created,
    "updated_at": lambda record: record.updated,
}


def list_contacts(call: Call) -> Response:
    """``GET /v2/contacts``"""
    chosen = view(call, CONTACT_VIEWS, "active")
    found = [record for record in changed(call, "contact") if _in_view(call, record, chosen)]
    return paged(call, "contacts", ordered(call, found, _BY), shapes.contact)


def _in_view(call: Call, record: Record, chosen: str) -> bool:
    company = call.company
    active = record.body["status"] == "Active"
    if chosen in ("all", "active", "hidden"):
        return chosen == "all" or active == (chosen == "active")
    if chosen == "suppliers":
        return active and people.is_supplier(company, record)
    if chosen == "open_suppliers":
        return any(bill.body["due_value"] != "0.0" for bill in company.records.find("bill", "contact", record.id))
    projects = [project.body["status"] for project in company.records.find("project", "contact", record.id)]
    if chosen in ("active_projects", "completed_projects"):
        return ("Active" if chosen == "active_projects" else "Completed") in projects
    if chosen == "open_clients":
        found = company.records.find("invoice", "contact", record.id)
        return any(invoice.body["due_value"] != "0.0" and invoice.body["state"] == "Sent" for invoice in found)
    # Unconfirmed: that a project makes a contact a client as well.
    return active and (bool(projects) or people.is_client(company, record))


def get_contact(call: Call) -> Response:
    """``GET /v2/contacts/:id``"""
    return shown(call, "contact", shapes.contact(call, find(call.company, "contact", call.args["id"])))


def create_contact(call: Call) -> Response:
    """``POST /v2/contacts``"""
    with call.unit():
        record = people.write_contact(call.company, root(call, "contact"))
    return created(call, "contact", shapes.contact(call, record))


def update_contact(call: Call) -> Response:
    """``PUT /v2/contacts/:id``"""
    with call.unit():
        record = find(call.company, "contact", call.args["id"])
        record = people.write_contact(call.company, root(call, "contact"), record)
    return shown(call, "contact", shapes.contact(call, record))


def delete_contact(call: Call) -> Response:
    """``DELETE /v2/contacts/:id``"""
    with call.unit():
        people.delete_contact(call.company, find(call.company, "contact", call.args["id"]))
    return json_reply({})


def list_projects(call: Call) -> Response:
    """``GET /v2/projects``"""
    chosen = view(call, ("all", "active", "completed", "cancelled", "hidden"), "all")
    contact = reference(call, "contact", "contact")
    found = [
        record
        for record in changed(call, "project")
        if chosen in ("all", record.body["status"].lower())
        and (contact is None or shapes.refers_to(record, "contact", contact))
    ]
    by = {"name": lambda record: record.body["name"].lower(), **{n: _BY[n] for n in ("created_at", "updated_at")}}
    return paged(call, "projects", ordered(call, found, by), shapes.plain)


def get_project(call: Call) -> Response:
    """``GET /v2/projects/:id``"""
    return shown(call, "project", shapes.plain(call, find(call.company, "project", call.args["id"])))


def create_project(call: Call) -> Response:
    """``POST /v2/projects``"""
    with call.unit():
        record = people.write_project(call.company, root(call, "project"))
    return created(call, "project", shapes.plain(call, record))


def update_project(call: Call) -> Response:
    """``PUT /v2/projects/:id``"""
    with call.unit():
        record = find(call.company, "project", call.args["id"])
        record = people.write_project(call.company, root(call, "project"), record)
    return shown(call, "project", shapes.plain(call, record))


def delete_project(call: Call) -> Response:
    """``DELETE /v2/projects/:id``"""
    with call.unit():
        people.delete_project(call.company, find(call.company, "project", call.args["id"]))
    return json_reply({})


def _parent(call: Call) -> Record:
    """The contact or project that notes belong to, from the query. Raises ``Missing``, ``Malformed``."""
    parent = reference(call, "contact", "contact") or reference(call, "project", "project")
    if parent is None:
        raise Malformed("param is missing or the value is empty: contact")
    return parent


def list_notes(call: Call) -> Response:
    """``GET /v2/notes?contact=…``"""
    parent = _parent(call)
    notes = call.company.records.scan("note", lag=call.exchange.lag)
    found = [note for note in notes if shapes.refers_to(note, "parent_url", parent)]
    return paged(call, "notes", found, shapes.plain)


def get_note(call: Call) -> Response:
    """``GET /v2/notes/:id``"""
    return shown(call, "note", shapes.plain(call, find(call.company, "note", call.args["id"])))


def create_note(call: Call) -> Response:
    """``POST /v2/notes?contact=…``"""
    user = user_of(call).body
    author = f"{user['first_name']} {user['last_name']}"
    with call.unit():
        record = people.write_note(call.company, root(call, "note"), parent=_parent(call), author=author)
    return created(call, "note", shapes.plain(call, record))


def update_note(call: Call) -> Response:
    """``PUT /v2/notes/:id``"""
    with call.unit():
        record = people.write_note(call.company, root(call, "note"), find(call.company, "note", call.args["id"]))
    return shown(call, "note", shapes.plain(call, record))


def delete_note(call: Call) -> Response:
    """``DELETE /v2/notes/:id``"""
    with call.unit():
        remove(call.company, find(call.company, "note", call.args["id"]))
    return json_reply({})


OPERATIONS = (
    Operation("list_contacts", "GET", "/v2/contacts", list_contacts, scope="1"),
    Operation("get_contact", "GET", "/v2/contacts/<id>", get_contact, scope="1"),
    Operation("create_contact", "POST", "/v2/contacts", create_contact, writes=True, scope="3"),
    Operation("update_contact", "PUT", "/v2/contacts/<id>", update_contact, writes=True, scope="3"),
    Operation("delete_contact", "DELETE", "/v2/contacts/<id>", delete_contact, writes=True, scope="3"),
    Operation("list_projects", "GET", "/v2/projects", list_projects, scope="3"),
    Operation("get_project", "GET", "/v2/projects/<id>", get_project, scope="3"),
    Operation("create_project", "POST", "/v2/projects", create_project, writes=True, scope="3"),
    Operation("update_project", "PUT", "/v2/projects/<id>", update_project, writes=True, scope="3"),
    Operation("delete_project", "DELETE", "/v2/projects/<id>", delete_project, writes=True, scope="3"),
    Operation("list_notes", "GET", "/v2/notes", list_notes, scope="3"),
    Operation("get_note", "GET", "/v2/notes/<id>", get_note, scope="3"),
    Operation("create_note", "POST", "/v2/notes", create_note, writes=True, scope="3"),
    Operation("update_note", "PUT", "/v2/notes/<id>", update_note, writes=True, scope="3"),
    Operation("delete_note", "DELETE", "/v2/notes/<id>", delete_note, writes=True, scope="3"),
)
