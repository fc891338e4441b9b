"""Around people: the contacts that stand behind vendors and customers, and the hours that employees register.

A contact is made with each vendor and customer, as its company; it has no page of its own here.
Source: pages Contacts Information and Time Registration Entries of API v2.0, tables Contact Information Buffer and
Employee Time Reg. Buffer, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sandbooks.kit.records import Record
from sandbooks.platforms.business_central.fields import choice, code, day, instant, number, shown, text, uid, whole
from sandbooks.platforms.business_central.names import BLANK_DATE, BLANK_ID, encoded, entity_tag
from sandbooks.platforms.business_central.refusals import Dialog, FieldRule, Unrelated
from sandbooks.platforms.business_central.sets.entity import (
    EntitySet,
    Given,
    Pair,
    Parent,
    Row,
    Scope,
    StoredSet,
    pair,
    stamp,
)
from sandbooks.platforms.business_central.sets.masters import record_of

_RELATED = {"vendor": "Vendor", "customer": "Customer"}


class ContactsInformation(EntitySet):
    """The contact behind a vendor or customer. Its key is the contact's, under a name of its own."""

    name, type, caption = "contactsInformation", "contactInformation", "Contact Information"
    tracked = identified = False
    lacks = ("contact",)
    parents: ClassVar[Mapping[str, str]] = {"vendors": "relatedId", "customers": "relatedId"}
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {
        "vendor": ("vendors", "relatedId"),
        "customer": ("customers", "relatedId"),
    }
    fields = shown(
        uid("contactId"),
        code("contactNumber"),
        text("contactName"),
        choice("contactType", "Company", "Person"),
        uid("relatedId"),
        choice("relatedType", "", "Customer", "Vendor", "Bank Account", "Employee"),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered >= {"relatedId", "relatedType"}:
            raise Dialog("id type not specified.")

    def rows(self, scope: Scope, parent: Parent | None = None) -> Iterator[Row]:
        for kind, related in _RELATED.items():
            found = scope.records.scan(kind, lag=scope.lag)
            if parent is not None:
                one = scope.get(kind, parent.id)
                found = iter([one] if one is not None else [])
            for record in found:
                yield self._of(scope, record, related)

    def _of(self, scope: Scope, party: Record, related: str) -> Row:
        id = scope.world.ids.fixed_uuid(f"business_central/{scope.company.id}/contact/{party.id}")
        body = {
            "contactId": id,
            "contactNumber": party.body.get("_contact", ""),
            "contactName": party.body["displayName"],
            "contactType": party.body.get("type", "Company"),
            "relatedId": party.id,
            "relatedType": encoded(related),
        }
        return Row(id, self.shown(id, body), entity_tag(self.type, id, party.version))


EMPLOYEE = pair("employeeId", "employeeNumber", "employee", "number", table="Employee")
JOB = Pair(
    "jobId",
    "jobNumber",
    "project",
    "number",
    'The "jobId" does not match to a Job.',
    'The "jobNumber" does not match to a Job.',
    "The employee values do not match to a specific Employee.",  # so the page has it
)


class TimeRegistrationEntries(StoredSet):
    """Hours of an employee on a day, in an open time sheet. Nothing of them is posted."""

    name, type, caption = "timeRegistrationEntries", "timeRegistrationEntry", "Employee Time Reg Buffer"
    inserts = modifies = deletes = True
    tracked = False
    parents: ClassVar[Mapping[str, str]] = {"employees": "employeeId"}
    children = ("dimensionSetLines",)
    to_one: ClassVar[Mapping[str, tuple[str, str]]] = {"employee": ("employees", "employeeId")}
    keys = ("date",)
    fields = (
        uid("employeeId"),
        code("employeeNumber"),
        uid("jobId"),
        code("jobNumber"),
        code("jobTaskNumber"),
        *shown(code("absence", 10), whole("lineNumber")),
        day("date"),
        number("quantity"),
        *shown(
            choice("status", "Open", "Submitted", "Rejected", "Approved", "All"),
            uid("unitOfMeasureId"),
            code("unitOfMeasureCode", 10),
            instant("lastModfiedDateTime"),  # so the page spells it
        ),
    )

    def check_list(self, scope: Scope, parent: Parent | None, filtered: frozenset[str]) -> None:
        if parent is None and not filtered & {"date", "employeeId", "id"}:
            raise Dialog("A filter must be specified. The filter could be for the date, employeeId or id.")

    def computed(self, scope: Scope, record: Record) -> dict[str, Any]:
        return {"lastModfiedDateTime": stamp(record.updated)}

    def create(self, scope: Scope, given: Given, parent: Parent | None) -> Row:
        values = {f.name: given.values.get(f.name, f.blank) for f in self.fields}
        if parent is not None:
            if values["employeeId"] not in (BLANK_ID, parent.id):
                raise Dialog('The value for "employeeId" cannot be modified.')
            named = EMPLOYEE.settle(scope, given, dict(values))
            if named is not None and named.id != parent.id:
                raise Dialog("The value for employee number cannot be modified.")
            given = Given({**given.values, "employeeId": parent.id}, given.parts, given.id)
        if EMPLOYEE.settle(scope, given, values) is None:
            raise Dialog("You must specify an Employee ID or Employee number to get the time registration entries.")
        if values["date"] == BLANK_DATE:
            raise FieldRule("Date must be filled in. Enter a value.")
        self._settle_job(scope, given, values)
        lines = scope.records.find(self.type, "parent", values["employeeId"])
        values["lineNumber"] = max((int(line.body["lineNumber"]) for line in lines), default=0) + 10000
        unit = scope.by("unitOfMeasure", "code", "hour")
        if unit is not None:
            values.update(unitOfMeasureId=unit.id, unitOfMeasureCode=unit.body["code"])
        values["_dimensions"] = []
        return self.render(scope, self.save(scope, self.new_id(scope, given), values))

    def update(self, scope: Scope, row: Row, given: Given) -> Row:
        record = record_of(row)
        values = {**record.copy(), **given.values}
        EMPLOYEE.settle(scope, given, values)
        if values["employeeId"] != record.body["employeeId"]:
            raise Dialog('The "employeeId" cannot be modified.')
        if values["date"] != record.body["date"]:
            raise Dialog("The date cannot be modified.")
        self._settle_job(scope, given, values)
        return self.render(scope, self.save(scope, record.id, values))

    def delete(self, scope: Scope, row: Row) -> None:
        self.remove(scope, record_of(row))

    def _settle_job(self, scope: Scope, given: Given, values: dict[str, Any]) -> None:
        JOB.settle(scope, given, values)
        if values["jobTaskNumber"]:
            # There are no tasks of projects here.
            raise Unrelated("Job Task No.", self.caption, values["jobTaskNumber"], "Job Task")


SETS = (ContactsInformation(), TimeRegistrationEntries())
