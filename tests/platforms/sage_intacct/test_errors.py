"""Every number and every text of the published errors that clients know can be brought about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from msgspec.structs import replace
from tests.platforms.sage_intacct.desk import PLAN, Desk, day, errors, function, open_desk
from tests.platforms.sage_intacct.documents import employee

from sandbooks.app import App
from sandbooks.platform import platform_named
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named

FORM = "application/x-www-form-urlencoded"


def with_settings(app: App, **settings: Any) -> Desk:
    return open_desk(app, replace(PLAN, settings={**PLAN.settings, **settings}))


def bill(desk: Desk, **line: Any) -> dict[str, Any]:
    entry = {"ACCOUNTNO": desk.account("office"), "TRX_AMOUNT": "9.00", **line}
    return {"create": {"APBILL": {**desk.bill_fields("B-9"), "APBILLITEMS": {"APBILLITEM": entry}}}}


def charge(desk: Desk, **line: Any) -> etree._Element:
    item = {"glaccountno": desk.account("travel"), "paymentamount": "9.00", **line}
    given = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02"), "ccpayitems": {"ccpayitem": item}}
    return function("record_cctransaction", given)


def payment(desk: Desk, *details: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {"PAYMENTMETHOD": "EFT", "FINANCIALENTITY": desk.account("bank"), "CURRENCY": "GBP"}
    given |= {"VENDORID": desk.labels["suppliers"]["acme"], "PAYMENTDATE": "03/09/2026"}
    if details:
        given["APPYMTDETAILS"] = {"APPYMTDETAIL": list(details)}
    return {"create": {"APPYMT": given}}


def report(desk: Desk, **line: Any) -> etree._Element:
    expense = {"glaccountno": desk.account("travel"), "amount": "9.00", "expensedate": day("2026-03-01"), **line}
    given = {"employeeid": "E-1", "datecreated": day("2026-03-02"), "expenses": {"expense": expense}}
    return function("create_expensereport", given)


def again(desk: Desk) -> dict[str, Any]:
    employee(desk)
    return {"create": {"EMPLOYEE": {"EMPLOYEEID": "E-1", "PERSONALINFO": {"CONTACTNAME": "Ana Bell"}}}}


def same_class(desk: Desk) -> dict[str, Any]:
    desk.create("CLASS", CLASSID="UT01", NAME="One")
    return {"create": {"CLASS": {"CLASSID": "UT01", "NAME": "Two"}}}


def without(desk: Desk, name: str) -> dict[str, Any]:
    given = bill(desk)
    given["create"]["APBILL"].pop(name)
    return given


def repeated(desk: Desk) -> dict[str, Any]:
    desk.bill("9.00", number="B-9")
    return bill(desk)


def inactive(desk: Desk) -> dict[str, Any]:
    desk.run({"update": {"VENDOR": {"VENDORID": desk.labels["suppliers"]["acme"], "STATUS": "inactive"}}})
    return bill(desk)


def demanding(desk: Desk) -> dict[str, Any]:
    desk.run({"update": {"GLACCOUNT": {"ACCOUNTNO": desk.account("office"), "REQUIREDEPT": "true"}}})
    return bill(desk)


def closed(desk: Desk) -> dict[str, Any]:
    with desk.world.unit():
        platform_named("sage_intacct").load_bookkeeper().lock_period(desk.company, "2026-03-31")
    return bill(desk)


def someone_elses_vendor(desk: Desk) -> dict[str, Any]:
    given = bill(desk)
    given["create"]["APBILL"]["VENDORID"] = "V-404"
    return given


def unbalanced(desk: Desk) -> dict[str, Any]:
    sides = [("1", "9.00"), ("-1", "8.00")]
    entries = [{"ACCOUNTNO": desk.account("office"), "TR_TYPE": side, "TRX_AMOUNT": amount} for side, amount in sides]
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/02/2026", "BATCH_TITLE": "t"}
    return {"create": {"GLBATCH": {**head, "ENTRIES": {"GLENTRY": entries}}}}


def too_much(desk: Desk) -> dict[str, Any]:
    return payment(desk, {"RECORDKEY": desk.bill("9.00"), "TRX_PAYMENTAMOUNT": "10.00"})


Ask = Callable[[Desk], Any]
REFUSALS: dict[str, tuple[Ask, str, str]] = {
    "class exists": (same_class, "BL34000061", "Another Class with the given value(s) UT01  already exists"),
    "employee exists": (again, "PL05000104", "Another Employee with the given value(s) E-1  already exists"),
    "bill line": (lambda desk: bill(desk, TRX_AMOUNT=""), "BL03002101", "Remove the extra line item in the request"),
    "bill number": (lambda desk: without(desk, "RECORDID"), "BL03002128", "Enter a Bill number, and try again."),
    "bill exists": (repeated, "BL03002185", "Another record with the value"),
    "no vendor": (lambda desk: without(desk, "VENDORID"), "BL03000018", ""),
    "no record": (lambda desk: {"read": {"object": "GADGET", "keys": "1", "fields": "*"}}, "Query Failed", "not found"),
    "record": (
        lambda desk: {"delete": {"object": "APBILL", "keys": "999"}},
        "DL02000001",
        "There was an error processing the request",
    ),
    "vendor": (someone_elses_vendor, "BL01001973", "Vendor 'V-404' specified is not valid."),
    "inactive vendor": (inactive, "BL01001973", "Activate the vendor V-10001, then try again."),
    "customer": (lambda desk: bill(desk, CUSTOMERID="C-404"), "BL01001973", "Customer 'C-404' specified is not valid."),
    "project": (lambda desk: bill(desk, PROJECTID="P-404"), "BL01001973", "Project 'P-404' specified is not valid."),
    "department": (lambda desk: bill(desk, DEPARTMENTID="D4"), "BL01001973", "The department 'D4' is invalid."),
    "location": (lambda desk: bill(desk, LOCATIONID="L4"), "BL01001973", "The location 'L4' is invalid."),
    "employee": (lambda desk: bill(desk, EMPLOYEEID="E-4"), "BL01001973", "The employee 'E-4' is invalid."),
    "missing dimension": (
        demanding,
        "BL01001973",
        "This transaction is missing the Department dimension for the Account ",
    ),
    "closed": (closed, "BL01001973", "is within a period that's been closed. Date must be on or after "),
    "unbalanced": (unbalanced, "BL01001973", "Transactions do not balance"),
    "charge": (lambda desk: charge(desk, projectid="10064"), "BL01001973", "Invalid Project '10064' specified."),
    "overpaid": (too_much, "BL01001973", "exceeds total amount due (9)"),
    "lost bill": (
        lambda desk: payment(desk, {"RECORDKEY": "999", "TRX_PAYMENTAMOUNT": "1.00"}),
        "BL01001973",
        "Oops, we can't find this transaction; enter a valid ",
    ),
    "nothing to pay": (payment, "BL01001973", "No line items found"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_the_number_and_the_text_that_clients_know(desk: Desk, name: str) -> None:
    ask, number, text = REFUSALS[name]
    (cause, *_) = desk.refused(ask(desk))
    assert cause[0] == number
    assert text in cause[1]


def test_what_could_not_be_done_comes_after_its_cause(desk: Desk) -> None:
    cause, *wrapper = desk.refused(charge(desk, projectid="10064"))
    assert cause[1].startswith("Invalid Project '10064' specified.")
    assert {number for number, _ in wrapper} == {"BL01001973"}
    said = " ".join(text for _, text in wrapper)
    assert "Currently, we can't create the transaction" in said
    assert "Could not create cctransaction record!" in said


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("due", "exceeds total amount due (0)"),
        ("empty_due", "exceeds total amount due ()"),
        ("already_paid", "Payment cannot be processed because one or more bills are already paid"),
        ("were_paid", "The payment cannot be processed because one or more bills were paid"),
        ("no_due", "There is no due on the bill"),
    ],
)
def test_a_paid_bill_takes_no_more(app: App, words: str, text: str) -> None:
    desk = with_settings(app, paid_bill_text=words)
    key = desk.bill("9.00")
    desk.payment(key, "9.00")
    again = payment(desk, {"RECORDKEY": key, "TRX_PAYMENTAMOUNT": "1.00"})
    assert text in desk.refused(again)[0][1]


def test_projects_say_who_may_claim_on_them(app: App) -> None:
    desk = with_settings(app, projects_without_expenses=["Closed"], project_resources={"P-2": ["E-2"]})
    employee(desk)
    for id, status in (("P-1", "Closed"), ("P-2", "In Progress"), ("P-3", "In Progress")):
        desk.create("PROJECT", PROJECTID=id, NAME=id, PROJECTCATEGORY="Contract", PROJECTSTATUS=status)
    told = desk.refused(report(desk, projectid="P-1"))[0][1]
    assert told.startswith("The Project 'P-1' has a project status that prevents expense submittal.")
    told = desk.refused(report(desk, projectid="P-2"))[0][1]
    assert told.startswith("The employee isn’t a resource of the project 'P-2'.")
    assert desk.run(report(desk, projectid="P-3")).findtext("key")


def two_departments(desk: Desk) -> None:
    for id in ("D-1", "D-2"):
        desk.create("DEPARTMENT", DEPARTMENTID=id, TITLE=f"Dept {id}")
        desk.create("LOCATION", LOCATIONID=id.replace("D", "L"), NAME=f"Place {id}")


def test_what_does_not_go_together_is_refused_from_either_side(app: App) -> None:
    office = open_desk(App()).account("office")
    rules = {"GLACCOUNT": {office: {"DEPARTMENT": ["D-1"]}}, "LOCATION": {"L-2": {"GLACCOUNT": ["6200"]}}}
    desk = with_settings(app, dimension_restrictions=rules)
    two_departments(desk)
    by_account = desk.refused(bill(desk, DEPARTMENTID="D-2"))[0][1]
    assert by_account.startswith("Department 'D-2': 'Dept D-2' specified is not valid.")
    assert "is restricted by GL account." in by_account
    by_place = desk.refused(bill(desk, LOCATIONID="L-2"))[0][1]
    assert by_place.startswith(
        f"GL account '{office}': 'Office Sundries' specified is not valid. GL account is restricted "
    )
    desk.run(bill(desk, DEPARTMENTID="D-1", LOCATIONID="L-1"))


def test_a_department_brings_its_location_along(app: App) -> None:
    desk = with_settings(app, auto_filled={"DEPARTMENT": {"D-1": {"LOCATION": "L-1"}}})
    two_departments(desk)
    told = desk.refused(bill(desk, DEPARTMENTID="D-1", LOCATIONID="L-2"))[0][1]
    assert told.startswith("Location must be L-1. This value is auto-filled ")
    desk.run(bill(desk, DEPARTMENTID="D-1"))
    line = desk.query("APBILLITEM", "LOCATIONID", "LOCATIONNAME")[0]
    assert line == {"LOCATIONID": "L-1", "LOCATIONNAME": "Place D-1"}


# Before any function


@pytest.mark.parametrize(("status", "number"), [(200, "XL03000006"), (400, "GW-0011"), (401, "GW-0011")])
def test_a_wrong_sender_is_told_in_either_way(desk: Desk, status: int, number: str) -> None:
    with desk.world.unit():
        desk.world.put("settings", "sender_failure_status", status)
    answer = desk.post(desk.request({"getAPISession": {}}, control={"password": "wrong"}))
    told = errors(etree.fromstring(answer.body))
    assert (answer.status, told[0][0]) == (status, number)


@pytest.mark.parametrize(
    ("setting", "status", "number"),
    [
        ("sign_in_failure_status", 200, "XL03000006"),
        ("sign_in_failure_status", 401, "UJPP0002"),
        ("session_failure_status", 400, "invalidRequest"),
    ],
)
def test_a_wrong_user_and_an_ended_session_are_told_in_either_way(
    app: App, setting: str, status: int, number: str
) -> None:
    desk = with_settings(app, **{setting: status})
    login = desk.login()["login"]
    given: dict[str, Any] = {"login": {**login, "password": "wrong"}}
    if setting == "session_failure_status":
        given = {"sessionid": str(desk.run({"getAPISession": {}}).findtext("data/api/sessionid"))}
        desk.world.advance(by=timedelta(days=1))
    answer = desk.post(desk.request({"getAPISession": {}}, authentication=given))
    root = etree.fromstring(answer.body)
    told = errors(root) or errors(root.find("operation"))
    assert (answer.status, told[0][0]) == (status, number)


def test_a_demo_that_is_over_refuses_every_request(app: App) -> None:
    assert with_settings(app, demo_expired=True).stopped({"getAPISession": {}})[0] == "PL04000055"


# Tokens of REST


def client(desk: Desk) -> dict[str, str]:
    return {name: desk.credentials[name] for name in ("client_id", "client_secret")}


GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize(
    ("form", "kind", "status", "code", "message"),
    [
        ({}, "", 400, "GW-0035", "Missing Token Payload"),
        ({**GRANT, "username": "u@c"}, "text/csv", 400, "GW-0014", "Invalid Content Type"),
        ({**GRANT, "username": "u@c", "client_id": ""}, FORM, 400, "GW-0037", "Missing Client ID"),
        ({**GRANT, "username": "u@c", "client_secret": "x"}, FORM, 401, "GW-0011", "Invalid Request"),
        ({"username": "u@c"}, FORM, 400, "GW-0015", "Missing grant_type Attribute"),
        ({"grant_type": "magic"}, FORM, 400, "GW-0032", "Invalid Token Payload"),
        (GRANT, FORM, 400, "GW-0036", "Missing User Name"),
        ({**GRANT, "username": "only-a-name"}, FORM, 400, "GW-0012", "Missing Tenant Data"),
        ({**GRANT, "client_id": ["a", "b"]}, FORM, 400, "GW-0038", "Multiple Client IDs"),
        ({**GRANT, "username": ["u@c", "u@c"]}, FORM, 400, "GW-0039", "Multiple Usernames"),
        ({**GRANT, "username": "nobody@nowhere"}, FORM, 401, "UJPP0002", "Sign-in information is incorrect"),
        ({"grant_type": "refresh_token", "refresh_token": "old"}, FORM, 400, "GW-0031", "Invalid token"),
    ],
)
def test_a_token_is_refused_with_the_code_of_its_cause(
    desk: Desk, form: dict[str, Any], kind: str, status: int, code: str, message: str
) -> None:
    body = urlencode({**client(desk), **form}, doseq=True).encode() if form else b""
    told, answer = desk.rest("POST", "oauth2/token", body, Content_Type=kind or FORM)
    error = answer.get("ia::error") or answer["ia::result"]["ia::error"]
    assert (told, error["code"]) == (status, code)
    assert message in error["message"]


def test_a_call_without_or_with_a_wrong_token_is_refused_with_its_code(desk: Desk) -> None:
    for sent, status, code in (("", 401, "GW-0034"), ("Basic x", 401, "GW-0034"), ("Bearer x", 400, "GW-0031")):
        told, answer = desk.rest("GET", "objects/accounts-payable/vendor", Authorization=sent)
        assert (told, answer["ia::result"]["ia::error"]["code"]) == (status, code)


def test_an_address_beside_that_of_tokens_is_none(desk: Desk) -> None:
    status, answer = desk.rest("POST", "oauth2/tokens", b"x")
    assert (status, answer["ia::result"]["ia::error"]["code"]) == (404, "GW-0033")


def test_an_error_stands_in_the_result_or_above_it(desk: Desk) -> None:
    with desk.world.unit():
        desk.world.put("settings", "rest_error_place", "top")
    status, answer = desk.rest("GET", "objects/accounts-payable/vendor/999")
    assert (status, sorted(answer), answer["ia::error"]["code"]) == (404, ["ia::error", "ia::meta"], "invalidKey")
    steps = [{"method": "GET", "path": "/objects/accounts-payable/vendor/999"}] * 2
    status, answer = desk.rest("POST", "services/core/composite", steps)
    told = answer["ia::result"][0]
    assert (status, told["ia::status"], told["ia::error"]["code"]) == (207, 404, "invalidKey")


def test_what_the_user_may_not_touch_is_forbidden(app: App) -> None:
    desk = with_settings(app, denied_objects=["VENDOR"])
    asked = {"object": "accounts-payable/vendor", "fields": ["id"]}
    for method, path, body in (
        ("GET", "objects/accounts-payable/vendor", None),
        ("POST", "objects/accounts-payable/vendor", {"id": "V-9", "name": "Nine"}),
        ("POST", "services/core/query", asked),
    ):
        status, answer = desk.rest(method, path, body)
        assert (status, answer["ia::result"]["ia::error"]["code"]) == (403, "GW-0042")
    assert desk.rest("GET", "objects/accounts-receivable/customer")[0] == 200
    desk.company.change_settings(demo_expired=True)
    assert desk.rest("GET", "objects/accounts-receivable/customer")[0] == 403


# Objects

KEPT = """
GLACCOUNT VENDOR EMPLOYEE CONTACT DEPARTMENT LOCATION LOCATIONENTITY CLASS PROJECT CUSTOMER ITEM TASK COSTTYPE
CHECKINGACCOUNT SAVINGSACCOUNT CREDITCARD EXPENSEPAYMENTTYPE EEACCOUNTLABEL TAXDETAIL TAXSOLUTION TRXCURRENCIES
APBILL APPYMT APPAYMENTREQUEST APPAYMENT EEXPENSES CCTRANSACTION GLBATCH GLENTRY GLDETAIL APDETAIL USERINFO
REPORTINGPERIOD COMPANYPREF EXCHANGERATE
"""


@pytest.mark.parametrize("name", KEPT.split())
def test_each_object_that_the_product_publishes_for_sync_is_kept_and_queried(desk: Desk, name: str) -> None:
    kept = object_named(name)
    assert desk.run({"lookup": {"object": name}}).find("data") is not None
    asked = {"object": name, "query": "", "fields": "*", "pagesize": "10"}
    assert desk.run({"readByQuery": asked}).find("data").get("listtype") is not None
    assert kept.fields
