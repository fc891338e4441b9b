"""Contacts, their persons and addresses, users, employees."""

from __future__ import annotations

from msgspec.structs import replace

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.access import PREFIX
from sandbooks.platforms.zoho_books.api.comments import comments
from sandbooks.platforms.zoho_books.api.parts import Resource, action, read, stamped, write
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import contact_openings, contacts, lists
from sandbooks.platforms.zoho_books.records.storing import find, new_id, remove, save
from sandbooks.platforms.zoho_books.refusals import NoSuch, broken
from sandbooks.platforms.zoho_books.wire import Body, read_body, reply
from sandbooks.wire import Response

_COLUMNS = (
    *("contact_id", "contact_name", "company_name", "contact_type", "status", "payment_terms", "payment_terms_label"),
    *("currency_id", "currency_code", "outstanding_receivable_amount", "outstanding_payable_amount"),
    *("unused_credits_receivable_amount", "unused_credits_payable_amount", "first_name", "last_name", "email"),
    *("phone", "mobile", "website", "notes", "track_1099", "custom_fields", "tags", "vat_reg_no", "gst_no"),
    *("created_time", "last_modified_time"),
)
_RULES = ListRules(
    root="contacts",
    report="Contacts",
    columns=_COLUMNS,
    texts=("contact_name", "company_name", "first_name", "last_name", "email", "phone", "contact_type"),
    ids=("contact_id",),
    keys={"contact_id": "contact_id", "contact_name": "name"},
    search=("contact_name", "company_name", "notes", "email"),
    order=("contact_name", "first_name", "last_name", "email", "outstanding_payable_amount"),
    filters={
        "Status.Active": lambda body: body["status"] == "active",
        "Status.Inactive": lambda body: body["status"] == "inactive",
        "Status.Customers": lambda body: body["contact_type"] == "customer",
        "Status.Vendors": lambda body: body["contact_type"] == "vendor",
        "Status.Duplicate": lambda _: False,
        "Status.Crm": lambda _: False,
    },
)


def _show(call: Call, record: Record) -> Body:
    shown = contacts.shown(call.company, record) | {"opening_balances": contact_openings.shown(call.company, record)}
    return stamped(call, record, shown)


CONTACTS = Resource(
    kind="contact",
    path="contacts",
    one="contact",
    many="contacts",
    root="contact",
    module="contacts",
    rules=_RULES,
    show=_show,
    created="The contact has been created.",
    updated="Contact information has been saved.",
    deleted="The contact has been deleted.",
    create=lambda call, given: contact_openings.create(call.company, given),
    update=lambda call, record, given: contact_openings.update(call.company, record, given),
    delete=contacts.delete,
    by_key=True,
)


def _vendor(call: Call, id: str) -> Record:
    record = find(call.company, "contact", id)
    if record.body["contact_type"] != "vendor":
        raise NoSuch("Vendor", id)
    return record


def _vendor_given(given: Body) -> Body:
    named = {"contact_name": given["vendor_name"]} if given.get("vendor_name") else {}
    return {**given, **named, "contact_type": "vendor"}


# Unconfirmed: the alias and its root; public clients use it.
VENDORS = Resource(
    kind="contact",
    path="vendors",
    one="vendor",
    many="vendors",
    root="contact",
    module="contacts",
    rules=replace(_RULES, root="contacts", report="Vendors"),
    show=_show,
    created="The contact has been created.",
    updated="Contact information has been saved.",
    deleted="The contact has been deleted.",
    create=lambda call, given: contact_openings.create(call.company, _vendor_given(given)),
    update=lambda call, record, given: contact_openings.update(call.company, record, _vendor_given(given)),
    delete=contacts.delete,
    chosen=lambda _call, record: bool(record.body["contact_type"] == "vendor"),
    found=_vendor,
)

_PERSON_RULES = ListRules(root="contact_persons", report="Contact Persons", order=("first_name", "last_name"))


def list_persons(call: Call) -> Response:
    """``GET /contacts/{id}/contactpersons``"""
    contact = find(call.company, "contact", call.args["id"])
    return listing.answer(call, _PERSON_RULES, [dict(person) for person in contact.body["contact_persons"]])


def get_person(call: Call) -> Response:
    """``GET /contacts/{id}/contactpersons/{contact_person_id}``"""
    contact, person = contacts.of_person(call.company, call.args["person"])
    if contact.id != call.args["id"]:
        raise NoSuch("Contact person", call.args["person"])
    return reply(contact_person=person)


def create_person(call: Call) -> Response:
    """``POST /contacts/contactpersons``"""
    given = read_body(call)
    with call.unit():
        contact = Fields(given).record("contact_id", call.company, "contact", required=True)
        if contact is None:
            raise NoSuch("Contact", "")
        person = contacts.person(call.company, given, contact.id)
        contacts.update(call.company, contact, {"contact_persons": [*contact.body["contact_persons"], person]})
    return reply("The contact person has been created.", status=201, contact_person=person)


def update_person(call: Call) -> Response:
    """``PUT /contacts/contactpersons/{contact_person_id}``"""
    given = read_body(call)
    with call.unit():
        contact, standing = contacts.of_person(call.company, call.args["person"])
        person = contacts.person(
            call.company, {**standing, **given, "contact_person_id": call.args["person"]}, contact.id
        )
        _put_persons(call, contact, person)
    return reply("The contact person has been updated.", contact_person=person)


def _put_persons(call: Call, contact: Record, changed: Body) -> None:
    rows = [
        changed if row["contact_person_id"] == changed["contact_person_id"] else row
        for row in contact.body["contact_persons"]
    ]
    contacts.update(call.company, contact, {"contact_persons": rows})


def delete_person(call: Call) -> Response:
    """``DELETE /contacts/contactpersons/{contact_person_id}``"""
    with call.unit():
        contact, _ = contacts.of_person(call.company, call.args["person"])
        kept = [r for r in contact.body["contact_persons"] if r["contact_person_id"] != call.args["person"]]
        contacts.update(call.company, contact, {"contact_persons": kept})
    return reply("The contact person has been deleted.")


def make_person_primary(call: Call) -> Response:
    """``POST /contacts/contactpersons/{contact_person_id}/primary``"""
    with call.unit():
        contact, _ = contacts.of_person(call.company, call.args["person"])
        rows = [
            {**row, "is_primary_contact": row["contact_person_id"] == call.args["person"]}
            for row in contact.body["contact_persons"]
        ]
        contacts.update(call.company, contact, {"contact_persons": rows})
    return reply("The contact person is now the primary one.")


def list_addresses(call: Call) -> Response:
    """``GET /contacts/{id}/address``"""
    body = find(call.company, "contact", call.args["id"]).body
    rows = [body["billing_address"], body["shipping_address"], *body["addresses"]]
    return reply(addresses=rows)


def create_address(call: Call) -> Response:
    """``POST /contacts/{id}/address``"""
    given = read_body(call)
    with call.unit():
        contact = find(call.company, "contact", call.args["id"])
        address = {**contacts.address(given), "address_id": new_id(call.company)}
        rows = [*contact.body["addresses"], address]
        document = {**contact.copy(), "addresses": rows}
        save(call.company, "contact", contact.id, document=document, active=contact.active)
    return reply("The address has been created.", address_info=address)


def _addresses(call: Call) -> tuple[Record, list[Body]]:
    """The further addresses of a contact; the one that the path names stands among them. Raises ``NoSuch``."""
    contact = find(call.company, "contact", call.args["id"])
    rows = [dict(row) for row in contact.body["addresses"]]
    if not any(row["address_id"] == call.args["address"] for row in rows):
        raise NoSuch("Address", call.args["address"])
    return contact, rows


def update_address(call: Call) -> Response:
    """``PUT /contacts/{id}/address/{address_id}``"""
    given = read_body(call)
    with call.unit():
        contact, rows = _addresses(call)
        place = next(n for n, row in enumerate(rows) if row["address_id"] == call.args["address"])
        rows[place] = {**contacts.address({**rows[place], **given}), "address_id": call.args["address"]}
        document = {**contact.copy(), "addresses": rows}
        save(call.company, "contact", contact.id, document=document, active=contact.active)
    return reply("The address has been updated.", address_info=rows[place])


def delete_address(call: Call) -> Response:
    """``DELETE /contacts/{id}/address/{address_id}``"""
    with call.unit():
        contact, rows = _addresses(call)
        kept = [row for row in rows if row["address_id"] != call.args["address"]]
        save(call.company, "contact", contact.id, document={**contact.copy(), "addresses": kept}, active=contact.active)
    return reply("The address has been deleted.")


# Users and employees

USERS = Resource(
    kind="user",
    path="users",
    one="user",
    many="users",
    root="user",
    module="settings",
    rules=ListRules(
        root="users",
        report="Users",
        texts=("name", "email"),
        search=("name", "email"),
        order=("name", "email", "user_role", "status"),
        filters={
            "Status.Active": lambda body: body["status"] == "active",
            "Status.Inactive": lambda body: body["status"] == "inactive",
            "Status.Invited": lambda body: body["status"] == "invited",
            "Status.Unverified": lambda _: False,
            "Status.Deleted": lambda _: False,
        },
    ),
    show=lambda call, record: stamped(call, record, _user(call, record)),
    created="Your invitation has been sent.",
    updated="The user information has been updated.",
    deleted="The user has been removed from your organization.",
    created_status=200,
    create=lambda call, given: lists.write_user(call.company, given),
    update=lambda call, record, given: lists.write_user(call.company, given, record),
    delete=lambda company, record: _remove_user(company, record),
)


def _user(call: Call, record: Record) -> Body:
    return record.copy() | {"is_current_user": bool(call.token and call.token.grant.user == record.id)}


def _remove_user(company: Company, record: Record) -> None:
    if next(iter(company.records.scan("user"))).id == record.id:
        raise broken("has_dependents", str(record.body["name"]))
    remove(company, record)


def current_user(call: Call) -> Record:
    """The user whom the token speaks for."""
    if call.token is None:
        raise AssertionError("admitted calls have a token")
    return find(call.company, "user", call.token.grant.user)


def get_me(call: Call) -> Response:
    """``GET /users/me``"""
    return reply(user=USERS.show(call, current_user(call)))


_EMPLOYEE_RULES = ListRules(root="employees", report="Employees", search=("name", "email"), order=("name",))
EMPLOYEES = Resource(
    kind="employee",
    path="employees",
    one="employee",
    many="employees",
    root="employee",
    module="expenses",
    rules=_EMPLOYEE_RULES,
    create=lambda call, given: lists.write_employee(call.company, given),
    delete=lists.delete_employee,
    deleted="The employee has been deleted.",
)


def delete_employee_singular(call: Call) -> Response:
    """``DELETE /employee/{id}``, as the documentation has it."""
    return EMPLOYEES.run_delete(call)


OPERATIONS: tuple[Operation, ...] = (
    *CONTACTS.operations(),
    *VENDORS.operations(),
    action(
        CONTACTS,
        "activate_contact",
        "active",
        "The contact has been marked as active.",
        act=lambda call, record: contacts.set_active(call.company, record, active=True),
    ),
    action(
        CONTACTS,
        "deactivate_contact",
        "inactive",
        "The contact has been marked as inactive.",
        act=lambda call, record: contacts.set_active(call.company, record, active=False),
    ),
    action(
        CONTACTS,
        "track_1099",
        "track1099",
        "1099 tracking is enabled.",
        act=lambda call, record: contacts.update(call.company, record, {"track_1099": True}),
    ),
    action(
        CONTACTS,
        "untrack_1099",
        "untrack1099",
        "1099 tracking is disabled.",
        act=lambda call, record: contacts.update(call.company, record, {"track_1099": False}),
    ),
    read("list_contact_persons", "contacts/<id>/contactpersons", list_persons, module="contacts"),
    read("get_contact_person", "contacts/<id>/contactpersons/<person>", get_person, module="contacts"),
    write("create_contact_person", "POST", "contacts/contactpersons", create_person, module="contacts"),
    write("update_contact_person", "PUT", "contacts/contactpersons/<person>", update_person, module="contacts"),
    write("delete_contact_person", "DELETE", "contacts/contactpersons/<person>", delete_person, module="contacts"),
    write(
        "make_contact_person_primary",
        "POST",
        "contacts/contactpersons/<person>/primary",
        make_person_primary,
        module="contacts",
    ),
    read("list_contact_addresses", "contacts/<id>/address", list_addresses, module="contacts"),
    write("create_contact_address", "POST", "contacts/<id>/address", create_address, module="contacts"),
    write("update_contact_address", "PUT", "contacts/<id>/address/<address>", update_address, module="contacts"),
    write("delete_contact_address", "DELETE", "contacts/<id>/address/<address>", delete_address, module="contacts"),
    *comments(CONTACTS, writes=False),
    Operation("get_me", "GET", f"{PREFIX}/users/me", get_me, scope="settings.READ"),
    *USERS.operations(),
    action(
        USERS,
        "activate_user",
        "active",
        "The user has been marked as active.",
        act=lambda call, record: lists.set_active(call.company, record, active=True),
    ),
    action(
        USERS,
        "deactivate_user",
        "inactive",
        "The user has been marked as inactive.",
        act=lambda call, record: lists.set_active(call.company, record, active=False),
    ),
    action(USERS, "invite_user", "invite", "Your invitation has been sent.", act=lambda _call, record: record),
    *EMPLOYEES.operations(),
    write("delete_employee_singular", "DELETE", "employee/<id>", delete_employee_singular, module="expenses"),
)
