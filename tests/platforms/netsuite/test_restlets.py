"""RESTlets: functions and record types that stand for scripts, and the errors of scripts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.netsuite.desk import PLAN, Desk, open_desk
from tests.platforms.netsuite.test_sign_in import Signer

from sandbooks import Sandbox, exact_json
from sandbooks.platforms.netsuite.refusals import BadContent
from sandbooks.platforms.netsuite.restlets import Reply, Script, ScriptFailed, restlet
from sandbooks.wire import Response

JSON = {"Content-Type": "application/json"}
ADDRESS = "/app/site/hosting/restlet.nl"
HOST = "https://4810021-sb1.restlets.api.netsuite.com"


@restlet("test: card charges")
def charge(script: Script) -> object:
    """Charges in the members of SOAP, as an expense product's own script takes them."""
    given = script.body
    if not given.get("expenses"):
        raise ScriptFailed("NO_EXPENSES", "A charge needs expenses.")
    lines = [{**line, "account": {"id": str(line["account"]["internalId"])}} for line in given["expenses"]]
    heads = {name: {"id": str(given[name]["internalId"])} for name in ("account", "entity")}
    id = script.create("creditCardCharge", {**heads, "memo": given["memo"], "expense": {"items": lines}})
    if given.get("thenFail"):
        raise ScriptFailed("TOO_LATE", "The charge is not wanted after all.")
    (row,) = script.query("SELECT foreigntotal FROM transaction WHERE type = 'CardChrg'")
    return {"success": True, "internalId": id, "total": row["foreigntotal"]}


@restlet("test: echo")
def echo(script: Script) -> object:
    return {"parameters": script.parameters, "body": script.body} if script.parameters else f"<{script.body}>"


@restlet("test: reports")
def report(script: Script) -> object:
    """The memo of an XML document, answered as its query asks."""
    if script.parameters.get("as") == "csv":
        return Reply("memo\nTaxi, 2\n", "text/csv")
    found = script.body.findtext("memo") if script.body is not None else "none"
    if script.parameters.get("as") == "object":
        return {"memo": found}
    script.body.find("memo").text = f"{found} & more"
    return script.body.find("memo") if script.parameters.get("as") == "part" else script.body


DEPLOYED = {
    "9/1": "test: reports",
    "customscript_card/customdeploy_card": "test: card charges",
    "5/1": "test: echo",
    "customscript_bill/customdeploy_bill": "vendorBill",
}


@pytest.fixture
def desk(open_with: Callable[..., Desk]) -> Desk:
    return open_with(restlets=DEPLOYED)


def address(name: str, **query: object) -> str:
    extra = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{ADDRESS}?script=customscript_{name}&deploy=customdeploy_{name}{extra}"


def call(desk: Desk, method: str, path: str, body: Any = None) -> Any:
    answer = desk.send(method, path, body, headers=JSON)
    assert answer.status == 200, answer.body
    return exact_json.loads(answer.body)


def code_of(answer: Response) -> Any:
    return exact_json.loads(answer.body)["error"]["code"]


def failed_with(desk: Desk, method: str, path: str, body: bytes, headers: dict[str, str]) -> str:
    """Code and sentence of a script's error, as one text."""
    answer = desk.send(method, path, body, headers=headers)
    assert answer.status == 400
    assert (answer.header("Content-Type"), answer.body[:13]) == ("application/xml", b"<error><code>")
    return answer.body.decode()


def failed(desk: Desk, method: str, path: str, body: Any = None, *, status: int = 400) -> tuple[str, str]:
    """Code and sentence of a script's error, which left nothing behind."""
    before = desk.posted()
    answer = desk.send(method, path, body, headers=JSON)
    assert (answer.status, desk.posted()) == (status, before), answer.body
    error = exact_json.loads(answer.body)["error"]
    inner = exact_json.loads(error["message"])
    assert (inner["type"], inner["name"]) == ("error.SuiteScriptError", error["code"])
    return error["code"], inner["message"]


def charged(desk: Desk, amount: object = "25.50", **members: object) -> dict[str, object]:
    inner = {name: {"internalId": desk.id(label)["id"]} for name, label in (("account", "visa"), ("entity", "acme"))}
    line = {"account": {"internalId": desk.id("travel")["id"]}, "amount": amount}
    return {**inner, "memo": "Taxi", "expenses": [line], **members}


def test_a_function_answers_at_its_deployment_and_writes_through_the_rules_of_the_account(desk: Desk) -> None:
    made = call(desk, "POST", address("card"), charged(desk))
    assert (made["success"], made["total"]) == (True, "25.5")
    assert desk.books() == {"travel": "25.50", "visa": "-25.50"}
    assert desk.get(f"creditCardCharge/{made['internalId']}")["memo"] == "Taxi"


def test_what_a_script_refuses_is_answered_as_its_error_and_leaves_nothing(desk: Desk) -> None:
    assert failed(desk, "POST", address("card"), charged(desk, expenses=[])) == (
        "NO_EXPENSES",
        "A charge needs expenses.",
    )
    assert failed(desk, "POST", address("card"), charged(desk, thenFail=True))[0] == "TOO_LATE"
    assert failed(desk, "POST", address("card"), charged(desk, account={"internalId": 99}))[0] == "INVALID_FLD_VALUE"
    assert desk.books() == {}


def test_a_record_type_stands_for_a_script_that_works_on_its_records(desk: Desk) -> None:
    body = {"entity": desk.id("acme"), "expense": {"items": [desk.line("7.25"), desk.line("1.75")]}}
    id = call(desk, "POST", address("bill"), body)["internalId"]
    assert call(desk, "GET", address("bill", id=id))["total"] == 9
    call(desk, "PUT", address("bill"), {"id": id, "memo": "later", "expense": {"items": [desk.line("3.00")]}})
    shown = call(desk, "GET", address("bill", id=id))
    assert (shown["memo"], shown["total"]) == ("later", 3)
    assert call(desk, "DELETE", address("bill", id=id)) == {"success": True, "internalId": id}
    assert failed(desk, "GET", address("bill", id=id)) == (
        "RCRD_DSNT_EXIST",
        f"That record does not exist. path: vendorBill/{id}",
    )
    assert failed(desk, "GET", address("bill"))[0] == "SSS_MISSING_REQD_ARGUMENT"
    assert failed(desk, "PUT", address("bill"), {"memo": "x"})[0] == "SSS_MISSING_REQD_ARGUMENT"
    assert failed(desk, "POST", address("bill"), {"memo": "x"}) == ("USER_ERROR", "Please enter value(s) for: Vendor.")


@pytest.mark.parametrize("place", ["script=5&deploy=2", "script=6&deploy=1", "script=customscript_card&deploy=1"])
def test_an_address_where_nothing_is_deployed_says_so(desk: Desk, place: str) -> None:
    answer = desk.send("POST", f"{ADDRESS}?{place}", {})
    assert (answer.status, exact_json.loads(answer.body)["error"]) == (
        404,
        {
            "code": "SSS_INVALID_SCRIPTLET_ID",
            "message": "That Suitelet is invalid, disabled, or no longer exists.",
        },
    )


def test_body_and_answer_follow_the_media_type(desk: Desk) -> None:
    assert call(desk, "POST", f"{ADDRESS}?script=5&deploy=1&page=2", {"a": 1}) == {
        "parameters": {"page": "2"},
        "body": {"a": 1},
    }
    text = desk.send("POST", f"{ADDRESS}?script=5&deploy=1", b"hello", headers={"Content-Type": "text/plain"})
    assert (text.status, text.body, text.header("Content-Type")) == (200, b"<hello>", "text/plain; charset=utf-8")
    for media, status, code in (
        ("text/plain", 400, "INVALID_RETURN_DATA_FORMAT"),
        ("application/json", 400, "INVALID_CONTENT"),
        ("image/png", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ):
        sent = {"Content-Type": media, "Accept": "application/json"}
        answer = desk.send("PUT", f"{ADDRESS}?script=5&deploy=1&page=2", b"{", headers=sent)
        assert (answer.status, exact_json.loads(answer.body)["error"]["code"]) == (status, code)
    assert failed(desk, "GET", f"{ADDRESS}?script=5&deploy=1&page=2", {"a": 1})[0] == "UNEXPECTED_ERROR"
    assert failed(desk, "GET", f"{ADDRESS}?deploy=1")[0] == "SSS_MISSING_REQD_ARGUMENT"
    answer = desk.send("PATCH", f"{ADDRESS}?script=5&deploy=1", {})
    assert (answer.status, exact_json.loads(answer.body)["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_xml_reaches_a_script_as_its_document_and_goes_back_as_one(desk: Desk) -> None:
    xml, place = {"Content-Type": "application/xml"}, f"{ADDRESS}?script=9&deploy=1"
    answer = desk.send("POST", place, "<bill><memo>Ren\u00e9</memo></bill>".encode(), headers=xml)
    assert (answer.status, answer.header("Content-Type")) == (200, "application/xml; charset=utf-8")
    assert answer.body.endswith("<bill><memo>Ren\u00e9 &amp; more</memo></bill>".encode())
    part = desk.send("POST", f"{place}&as=part", b"<bill><memo>A</memo> and no more</bill>", headers=xml)
    assert part.body == b"<memo>A &amp; more</memo>"
    outside = b"<!DOCTYPE b [<!ENTITY m SYSTEM 'file:///etc/passwd'>]><b><memo>&m;</memo></b>"
    assert b"root" not in desk.send("POST", place, outside, headers=xml).body
    for body, extra, code in (
        (b"<bill>", "", "INVALID_CONTENT"),
        (b"<bill><memo/></bill>", "&as=object", "INVALID_RETURN_DATA_FORMAT"),
    ):
        refused = failed_with(desk, "PUT", place + extra, body, xml)
        assert code in refused


def test_a_script_answers_in_a_media_type_of_its_own(desk: Desk) -> None:
    answer = desk.send("POST", f"{ADDRESS}?script=9&deploy=1&as=csv", {"a": 1})
    assert (answer.body, answer.header("Content-Type")) == (b"memo\nTaxi, 2\n", "text/csv")


@pytest.mark.parametrize("media", ["", "Application/JSON"])
def test_a_request_without_a_media_type_is_text_and_one_with_a_body_needs_one(desk: Desk, media: str) -> None:
    bill = desk.bill(desk.line("7.25")).rpartition("/")[2]
    place = address("bill", id=bill)
    assert desk.send("POST", f"{ADDRESS}?script=5&deploy=1", b"", headers={"Content-Type": ""}).body == b"<>"
    for method, target, body, status, code in (
        ("POST", address("bill"), b"{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("GET", place, None, 400, "INVALID_RETURN_DATA_FORMAT"),
        ("PATCH", place, b"{}", 405, "METHOD_NOT_ALLOWED"),
    ):
        sent = {"Content-Type": media} if body else {}
        answer = desk.send(method, target, body, headers=sent)
        assert (answer.status, answer.header("Content-Type")) == (status, "text/plain; charset=utf-8")
        first, second = answer.body.decode().split("\n")
        assert (first, second[:15]) == (f"error code: {code}", "error message: ")
        asked = desk.send(method, target, body, headers={**sent, "Accept": "application/json"})
        assert (asked.status, code_of(asked)) == (status, code)
    assert call(desk, "GET", place)["total"] == Decimal("7.25")


def test_script_and_deployment_are_signed_with_the_rest(desk: Desk) -> None:
    signer = Signer(desk)
    url, body = f"{HOST}{address('card')}", exact_json.dumps(charged(desk))
    assert signer.send("POST", url, body).status == 200
    header = signer.header("POST", f"{HOST}{address('bill')}", signer.parameters())
    assert signer.send("POST", url, body, header=header).status == 401
    assert desk.books() == {"travel": "25.50", "visa": "-25.50"}


def test_requests_of_restlets_count_with_all_others(open_with: Callable[..., Desk]) -> None:
    desk = open_with(restlets=DEPLOYED, concurrency_in_use=5)
    answer = desk.send("POST", address("card"), charged(desk))
    assert (answer.status, exact_json.loads(answer.body)["error"]) == (
        400,
        {"code": "SSS_REQUEST_LIMIT_EXCEEDED", "message": "Request Limit Exceeded!"},
    )


@pytest.mark.parametrize(
    ("fault", "given", "status", "code"),
    [
        ("throttle", {}, 400, "SSS_REQUEST_LIMIT_EXCEEDED"),
        ("server_error", {"phase": "commit"}, 500, "UNEXPECTED_ERROR"),
        ("delay", {"phase": "commit", "by": "16m"}, 504, "UNEXPECTED_ERROR"),
    ],
)
def test_faults_are_told_as_restlets_tell_them(fault: str, given: dict[str, str], status: int, code: str) -> None:
    with Sandbox(seed=7, network="refuse") as sandbox:
        desk = open_desk(sandbox.app, replace(PLAN, settings={**PLAN.settings, "restlets": DEPLOYED}))
        at = {"platform": "netsuite", "company": desk.company.id, "operation": "restlet_post", "nth": 1}
        with sandbox.fault(fault, at=at, **given):
            answer = desk.send("POST", address("card"), charged(desk))
        assert (answer.status, code_of(answer)) == (status, code)


def test_a_role_without_scripts_or_without_the_records_is_refused(open_with: Callable[..., Desk]) -> None:
    for lacks in ("Setup -> SuiteScript", "Transactions -> Credit Card"):
        desk = open_with(restlets=DEPLOYED, role_lacks=[lacks])
        code, sentence = failed(desk, "POST", address("card"), charged(desk))
        assert (code, lacks in sentence) == ("INSUFFICIENT_PERMISSION", True)


@pytest.mark.parametrize(
    "wrong",
    [
        ["5/1"],
        {"5": "vendorBill"},
        {"5/": "vendorBill"},
        {"5/1": "nobody knows"},
        {"5/1": ["vendorBill"]},
        {"5/1": "currencyRevaluation"},
    ],
)
def test_an_account_is_not_opened_with_deployments_of_nothing(open_with: Callable[..., Desk], wrong: Any) -> None:
    with pytest.raises(BadContent):
        open_with(restlets=wrong)


def test_a_function_cannot_take_the_name_of_a_record_type() -> None:
    with pytest.raises(ValueError, match="vendorBill"):
        restlet("vendorBill")
