"""Contacts behind vendors and customers, and the hours of employees."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.business_central.desk import BLANK_ID, Desk


@pytest.fixture
def employee(desk: Desk) -> Any:
    return desk.make("employees", givenName="Ada", surname="Fell")


def test_a_vendor_and_a_customer_have_a_contact_behind_them(desk: Desk) -> None:
    vendor, customer = desk.labels["suppliers"]["shop"], desk.make("customers", displayName="Robin", type="Person")
    (of_vendor,) = desk.list(f"vendors({vendor})/contactsInformation")
    (of_customer,) = desk.list(f"customers({customer['id']})/contactsInformation")
    members = ("contactName", "contactType", "relatedId", "relatedType")
    assert [of_vendor[name] for name in members] == ["Fabrikam Stores", "Company", vendor, "Vendor"]
    assert [of_customer[name] for name in members] == ["Robin", "Person", customer["id"], "Customer"]
    assert of_vendor["contactNumber"] != of_customer["contactNumber"]
    assert "id" not in of_vendor
    (brought,) = desk.get(f"vendors({vendor})", expand="contactsInformation")["contactsInformation"]
    assert brought["contactId"] == of_vendor["contactId"]
    assert desk.get(f"contactsInformation({of_vendor['contactId']})/vendor")["id"] == vendor


def test_contacts_are_found_by_what_they_belong_to(desk: Desk) -> None:
    vendor = desk.labels["suppliers"]["shop"]
    (found,) = desk.list("contactsInformation", filter=f"relatedId eq {vendor} and relatedType eq 'Vendor'")
    assert found["relatedId"] == vendor
    assert desk.refused("GET", "contactsInformation") == "id type not specified."
    desk.refused("POST", f"vendors({vendor})/contactsInformation", {}, status=405, code="BadRequest_MethodNotAllowed")


def test_an_employee_registers_hours(desk: Desk, employee: Any) -> None:
    project = desk.make("projects", displayName="Shed")
    path = f"employees({employee['id']})/timeRegistrationEntries"
    made = desk.make(path, date="2026-03-04", quantity=7, jobNumber=project["number"])
    assert [made[name] for name in ("employeeNumber", "jobId", "quantity", "status", "unitOfMeasureCode")] == [
        employee["number"],
        project["id"],
        7,
        "Open",
        "HOUR",
    ]
    later = desk.make("timeRegistrationEntries", employeeNumber=employee["number"], date="2026-03-05", quantity=3)
    assert later["lineNumber"] > made["lineNumber"]
    one = f"timeRegistrationEntries({made['id']})"
    assert desk.change(one, quantity=6)["quantity"] == 6
    desk.make(f"{one}/dimensionSetLines", code="AREA", valueCode="NORTH")
    assert [row["valueCode"] for row in desk.list(f"{one}/dimensionSetLines")] == ["NORTH"]
    assert [row["id"] for row in desk.list("timeRegistrationEntries", filter="date gt 2026-03-04")] == [later["id"]]
    desk.drop(one)
    assert [row["id"] for row in desk.list(path)] == [later["id"]]
    assert desk.books() == {}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"employeeId": BLANK_ID[:-1] + "1"}, 'The value for "employeeId" cannot be modified.'),
        ({"employeeNumber": "E99"}, 'The "employeeNumber" does not match to an Employee.'),
        ({"jobId": BLANK_ID[:-1] + "1"}, 'The "jobId" does not match to a Job.'),
        ({"jobNumber": "NONE"}, 'The "jobNumber" does not match to a Job.'),
    ],
)
def test_hours_that_fit_nobody_are_refused(desk: Desk, employee: Any, changes: dict[str, str], told: str) -> None:
    path = f"employees({employee['id']})/timeRegistrationEntries"
    assert desk.refused("POST", path, {"date": "2026-03-04", "quantity": 7, **changes}) == told


def test_hours_need_a_day_an_employee_and_a_filter(desk: Desk, employee: Any) -> None:
    path = f"employees({employee['id']})/timeRegistrationEntries"
    desk.refused("POST", path, {"quantity": 7}, code="Application_FieldValidationException")
    told = "You must specify an Employee ID or Employee number to get the time registration entries."
    assert desk.refused("POST", "timeRegistrationEntries", {"date": "2026-03-04"}) == told
    assert desk.refused("GET", "timeRegistrationEntries").startswith("A filter must be specified.")
    made = desk.make(path, date="2026-03-04", quantity=7)
    one = f"timeRegistrationEntries({made['id']})"
    assert desk.refused("PATCH", one, {"date": "2026-03-05"}) == "The date cannot be modified."
    other = desk.make("employees", givenName="Ben")
    body = {"date": "2026-03-04", "employeeNumber": other["number"]}
    assert desk.refused("POST", path, body) == "The value for employee number cannot be modified."
    assert desk.refused("PATCH", one, {"employeeId": other["id"]}) == 'The "employeeId" cannot be modified.'
    body = {"jobTaskNumber": "100"}
    desk.refused("PATCH", one, body, code="Internal_InvalidTableRelation")
