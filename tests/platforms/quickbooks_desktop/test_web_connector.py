"""The Web Connector polls an application: the calls, their order, and what becomes of every answer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.quickbooks_desktop.desk import (
    ConnectedDesk,
    Desk,
    Feeder,
    bill,
    charge,
    document,
    line,
    qwc,
    soap_answer,
    soap_fault,
)

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.web_connector.update import begin
from sandbooks.sandbox import FaultNeverFired
from sandbooks.wire import Cut, Request, Response


def test_a_document_goes_from_the_application_into_the_books_and_its_answer_back() -> None:
    feeder = Feeder([document(charge(line("41.20")))])
    desk = ConnectedDesk(feeder)
    run = desk.update()
    assert (run["state"], run["status"], run["percent"]) == ("done", "OK", 100)
    assert feeder.methods == [
        "serverVersion",
        "clientVersion",
        "authenticate",
        "sendRequestXML",
        "receiveResponseXML",
        "closeConnection",
    ]
    assert 'statusCode="0"' in feeder.answers[0]
    assert desk.books()["Visa"] == "-41.20"


def test_user_and_password_are_those_of_the_qwc_file_and_of_the_window() -> None:
    feeder = Feeder()
    ConnectedDesk(feeder).update()
    assert feeder.calls[2][1] == {"strUserName": "feeder", "strPassword": "secret-7"}


def test_only_the_first_request_is_told_about_host_company_and_preferences() -> None:
    feeder = Feeder([document(charge(line("1.10"))), document(charge(line("2.20")))])
    desk = ConnectedDesk(feeder)
    desk.update()
    told = [given for method, given in feeder.calls if method == "sendRequestXML"]
    assert all(f"<{name}Ret>" in told[0]["strHCPResponse"] for name in ("Host", "Company", "Preferences"))
    assert told[1]["strHCPResponse"] == ""
    assert (told[0]["qbXMLCountry"], told[0]["qbXMLMajorVers"], told[0]["ticket"]) == ("US", "16", "ticket-1")
    assert told[0]["strCompanyFileName"].endswith("Acme Boats.qbw")
    assert "57F3B9B6" in told[0]["strHCPResponse"]


def test_an_application_without_work_is_closed_at_once() -> None:
    feeder = Feeder()
    run = ConnectedDesk(feeder).update()
    assert (run["state"], run["status"]) == ("done", "No data exchange required")
    assert feeder.methods[-2:] == ["authenticate", "closeConnection"]


def test_a_refused_password_fails_the_run() -> None:
    feeder = Feeder(overrides={"authenticate": lambda *_: ["", "nvu"]})
    assert ConnectedDesk(feeder).update()["state"] == "failed"
    assert "sendRequestXML" not in feeder.methods


def test_a_fault_on_a_version_call_is_passed_over() -> None:
    lacking = {"serverVersion": lambda *_: soap_fault("unknown"), "clientVersion": lambda *_: soap_fault("unknown")}
    feeder = Feeder([document(charge(line("3.30")))], overrides=lacking)
    assert ConnectedDesk(feeder).update()["state"] == "done"


def test_an_application_that_wants_another_web_connector_ends_the_run() -> None:
    feeder = Feeder([document(charge(line("3.30")))], overrides={"clientVersion": lambda *_: "E:too old"})
    run = ConnectedDesk(feeder).update()
    assert (run["state"], feeder.methods[-1]) == ("failed", "clientVersion")
    assert "too old" in run["status"]


def test_a_document_that_does_not_parse_comes_back_as_an_hresult() -> None:
    feeder = Feeder([document("<CheckAddRq><Nonsense/></CheckAddRq>")])
    run = ConnectedDesk(feeder).update()
    assert feeder.hresults == ["0x80040400"]
    assert feeder.methods[-2:] == ["getLastError", "closeConnection"]
    assert run["status"].startswith("QuickBooks found an error when parsing")


def test_what_is_not_simulated_is_told_to_the_application_and_to_the_test() -> None:
    feeder = Feeder([document("<InvoiceAddRq><InvoiceAdd/></InvoiceAddRq>")])
    with pytest.raises(NotSimulated, match="InvoiceAddRq"):
        ConnectedDesk(feeder).update()
    assert (feeder.hresults, feeder.methods[-1]) == (["0x80040402"], "closeConnection")


def test_a_run_that_was_cut_short_by_a_kill_begins_again() -> None:
    feeder = Feeder([document(charge(line("6.60")))])
    desk = ConnectedDesk(feeder)
    run = desk.update()
    begin(desk.sandbox.world, {"run": run["id"]})
    assert (feeder.methods.count("authenticate"), desk.books()["Visa"]) == (2, "-6.60")
    assert desk.shown(run["id"])["status"] == "No data exchange required"


def test_wrapped_and_prefixed_results_are_read_by_their_text() -> None:
    def wrapped(method: str, _: dict[str, str]) -> Response:
        inner = "<x:int>100</x:int>"
        body = (
            f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://developer.intuit.com/">'
            f"<e:Body><x:{method}Response><x:{method}Result>{inner}</x:{method}Result></x:{method}Response></e:Body>"
            "</e:Envelope>"
        )
        return Response(200, (), body.encode())

    feeder = Feeder([document(charge(line("3.30")))], overrides={"receiveResponseXML": wrapped})
    assert ConnectedDesk(feeder).update()["state"] == "done"


def test_a_percentage_with_decimals_fails_the_run() -> None:
    feeder = Feeder([document(charge(line("3.30")))], overrides={"receiveResponseXML": lambda *_: "33.3"})
    run = ConnectedDesk(feeder).update()
    assert (run["state"], feeder.methods[-1]) == ("failed", "closeConnection")


def test_noop_waits_five_seconds_of_the_world_and_asks_again() -> None:
    feeder = Feeder([document(charge(line("7.70")))])
    waits = ["NoOp"]
    first = [""]
    feeder.overrides["sendRequestXML"] = lambda m, g: first.pop() if first else feeder.sendRequestXML(g)
    feeder.overrides["getLastError"] = lambda *_: waits.pop()
    desk = ConnectedDesk(feeder)
    run = desk.update()
    assert (run["state"], "Visa" in desk.books()) == ("waiting", False)
    desk.sandbox.clock.advance(seconds=5)
    assert (desk.shown(run["id"])["state"], desk.books()["Visa"]) == ("done", "-7.70")


def test_no_more_requests_ends_with_what_the_application_says() -> None:
    feeder = Feeder([document(charge(line("7.70")))], overrides={"receiveResponseXML": lambda *_: "10"})
    feeder.error = "Nothing else to do"
    run = ConnectedDesk(feeder).update()
    assert (run["state"], run["status"]) == ("done", "Nothing else to do")
    assert feeder.methods[-2:] == ["getLastError", "closeConnection"]


def test_an_application_that_does_not_answer_fails_the_run() -> None:
    for trouble in (Cut("refused"), Cut("timeout"), Response(404), Response(200, (), b"<html/>"), Response(200)):
        feeder = Feeder(overrides={"authenticate": lambda *_, trouble=trouble: trouble})
        run = ConnectedDesk(feeder).update()
        assert (run["state"], run["status"][:8]) == ("failed", "QBWC1012")


# The company file


def test_a_dialog_box_over_quickbooks_is_told_by_connection_error_and_posts_nothing() -> None:
    feeder = Feeder([document(charge(line("9.90")))])
    desk = ConnectedDesk(feeder)
    before = desk.books()
    assert desk.http("PATCH", "/company_file", '{"file_state": "modal_dialog"}').status == 200
    run = desk.update()
    assert feeder.hresults == ["0x80040414"]
    assert feeder.methods[-2:] == ["connectionError", "closeConnection"]
    assert (run["state"], desk.books()) == ("failed", before)
    desk.http("PATCH", "/company_file", '{"file_state": "open"}')
    assert (desk.update()["state"], desk.books()["Visa"]) == ("done", "-9.90")


def test_a_wrong_company_file_is_followed_by_the_one_that_the_application_names_next() -> None:
    feeder = Feeder([document(charge(line("9.90")))], overrides={"authenticate": lambda *_: ["t", "C:\\Other.qbw"]})
    feeder.overrides["connectionError"] = lambda m, g: feeder.connectionError(g) and ""
    run = ConnectedDesk(feeder).update()
    assert (feeder.hresults, run["state"]) == (["0x80040403"], "done")


def test_an_application_whose_permission_was_removed_gets_no_further() -> None:
    feeder = Feeder([document(charge(line("9.90")))])
    desk = ConnectedDesk(feeder)
    with desk.sandbox.world.unit():
        from sandbooks.platforms.quickbooks_desktop.bookkeeper import BOOKKEEPER

        BOOKKEEPER.disconnect(desk.acme._company)
    assert (desk.update()["state"], feeder.hresults) == ("failed", ["0x8004041A"])


def test_an_answer_that_is_lost_after_the_commit_is_recovered_by_its_message_set() -> None:
    add = document(charge(line("64.30")), more='newMessageSetID="set-1"')
    ask = document("", more='oldMessageSetID="set-1"')
    feeder = Feeder([add])
    desk = ConnectedDesk(feeder)
    at = {"platform": "quickbooks_desktop", "operation": "change_company_file"}
    with desk.sandbox.fault("drop_response", phase="commit", at=at):
        assert desk.update()["state"] == "failed"
    assert feeder.hresults == ["0x80040402"]
    feeder.documents.append(ask)
    assert desk.update()["state"] == "done"
    assert ('messageSetStatusCode="0"' in feeder.answers[-1], "CreditCardChargeRet" in feeder.answers[-1]) == (
        True,
        True,
    )
    assert desk.books()["Visa"] == "-64.30"


def test_an_answer_that_is_lost_before_the_commit_leaves_nothing_to_recover() -> None:
    add = document(charge(line("64.30")), more='newMessageSetID="set-1"')
    feeder = Feeder([add])
    desk = ConnectedDesk(feeder)
    at = {"platform": "quickbooks_desktop", "operation": "change_company_file"}
    with desk.sandbox.fault("drop_response", phase="validate", at=at):
        desk.update()
    feeder.documents.append(document("", more='oldMessageSetID="set-1"'))
    desk.update()
    assert "CreditCardChargeRet" not in feeder.answers[-1]
    assert "Visa" not in desk.books()


@pytest.mark.parametrize(
    ("kind", "hresult"),
    [
        ("reset", "0x80040402"),
        ("truncate", "0x80040402"),
        ("html_error_page", "0x80040402"),
        ("server_error", "0x80040402"),
        ("revoke_token", "0x8004041A"),
    ],
)
def test_whatever_becomes_of_quickbooks_the_application_is_told_and_closed(kind: str, hresult: str) -> None:
    feeder = Feeder([document(charge(line("64.30")))])
    desk = ConnectedDesk(feeder)
    at = {"platform": "quickbooks_desktop", "operation": "change_company_file"}
    with desk.sandbox.fault(kind, at=at):
        assert desk.update()["state"] == "failed"
    assert (feeder.hresults, feeder.methods[-1]) == ([hresult], "closeConnection")


def test_the_permission_of_an_application_does_not_run_out() -> None:
    feeder = Feeder([document(charge(line("64.30")))])
    desk = ConnectedDesk(feeder)
    at = {"platform": "quickbooks_desktop", "operation": "change_company_file"}
    with pytest.raises(FaultNeverFired), desk.sandbox.fault("expire_token", at=at):
        assert desk.update()["state"] == "done"
    assert desk.books()["Visa"] == "-64.30"


def test_a_blind_repeat_after_a_lost_answer_is_found_in_the_books() -> None:
    feeder = Feeder([document(charge(line("41.20")))])
    desk = ConnectedDesk(feeder)
    with desk.sandbox.fault("drop_response", phase="commit", at=desk.acme.write("r-1")):
        desk.update()
    assert desk.acme.findings() == []
    feeder.documents.append(document(charge(line("41.20"))))
    desk.update()
    assert [finding.failure_modes for finding in desk.acme.findings()] == [("FM-01",)]


# The clock


def test_auto_run_polls_on_the_worlds_clock() -> None:
    feeder = Feeder()
    desk = ConnectedDesk(feeder, more="<Scheduler><RunEveryNMinutes>15</RunEveryNMinutes></Scheduler>")
    desk.sandbox.clock.advance(hours=1)
    assert feeder.calls == []
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    desk.sandbox.clock.advance(minutes=46)
    assert feeder.methods.count("authenticate") == 3
    desk.http("PATCH", "/company_file", '{"web_connector_running": false}')
    desk.sandbox.clock.advance(minutes=45)
    assert feeder.methods.count("authenticate") == 3


def test_settling_ends_when_an_application_has_been_asked_a_few_times_for_nothing() -> None:
    feeder = Feeder()
    desk = ConnectedDesk(feeder, more="<Scheduler><RunEveryNMinutes>15</RunEveryNMinutes></Scheduler>")
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    desk.sandbox.settle()
    assert feeder.methods.count("authenticate") == 3
    feeder.documents.append(document(charge(line("41.20"))))
    desk.sandbox.settle()
    assert desk.books()["Visa"] == "-41.20"
    assert feeder.methods.count("authenticate") == 3 + 1 + 3


def test_settling_waits_for_an_application_that_looks_in_seldom() -> None:
    often, seldom = Feeder(), Feeder([document(charge(line("37.90")))])
    desk = ConnectedDesk(often, more="<Scheduler><RunEveryNMinutes>15</RunEveryNMinutes></Scheduler>")
    desk.sandbox.app.receivers.append(("https://seldom.example/", seldom))
    four_hours = "<Scheduler><RunEveryNMinutes>240</RunEveryNMinutes></Scheduler>"
    file = qwc("https://seldom.example/qbwc", more=four_hours).replace("Expense Feeder", "Night Feeder")
    file = file.replace("57F3B9B6", "61AC0D42").replace("90A44FB7", "7D10E2B3")
    added = json.loads(desk.http("POST", "/web_connector/applications?password=secret-8", file).body)
    for application in (desk.application, added["id"]):
        desk.http("PATCH", f"/web_connector/applications/{application}", '{"auto_run": true}')
    desk.sandbox.settle()
    assert desk.books()["Visa"] == "-37.90"
    assert seldom.methods.count("authenticate") == 1 + 3


def test_an_application_may_put_its_next_automatic_run_off() -> None:
    feeder = Feeder(overrides={"authenticate": lambda *_: ["t", "none", "3600"]})
    desk = ConnectedDesk(feeder, more="<Scheduler><RunEveryNMinutes>10</RunEveryNMinutes></Scheduler>")
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    desk.sandbox.clock.advance(minutes=11)
    assert feeder.methods.count("authenticate") == 1
    desk.sandbox.clock.advance(minutes=55)
    assert feeder.methods.count("authenticate") == 1
    desk.sandbox.clock.advance(minutes=10)
    assert feeder.methods.count("authenticate") == 2


def test_a_removed_application_is_not_polled_any_more() -> None:
    feeder = Feeder()
    desk = ConnectedDesk(feeder, more="<Scheduler><RunEveryNSeconds>90</RunEveryNSeconds></Scheduler>")
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    assert desk.http("DELETE", f"/web_connector/applications/{desk.application}").status == 204
    desk.sandbox.world.advance(by=timedelta(hours=1))
    assert feeder.calls == []


# The .qwc file


def test_a_qwc_file_with_a_fault_is_refused_with_the_web_connectors_code(desk: Desk) -> None:
    for text, code in (
        (qwc("http://feeder.example/qbwc"), "QBWC1010"),
        (qwc("https://203.0.113.9/qbwc"), "QBWC1001"),
        (qwc(support="https://elsewhere.example/"), "QBWC1000"),
        (qwc(support="https://203.0.113.9/"), "QBWC1002"),
        (qwc("https://[/"), "QBWC1039"),
        (qwc().replace("{90A44FB7", "{9"), "QBWC1039"),
        (qwc().replace("QBFS", "QBXX"), "QBWC1039"),
        (qwc().replace("UserName", "User"), "QBWC1039"),
        (qwc(more="<Scheduler><RunEveryNMinutes>often</RunEveryNMinutes></Scheduler>"), "QBWC1039"),
        ("not xml", "QBWC1039"),
        ("", "QBWC1039"),
    ):
        answer = desk.http("POST", "/web_connector/applications", text)
        assert (answer.status, json.loads(answer.body)["error"]) == (400, code), text
    assert json.loads(desk.http("GET", "/web_connector/applications").body) == {"applications": []}


def test_what_a_qwc_file_asks_for_beyond_this_web_connector_is_told_loudly(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="Point of Sale"):
        desk.http("POST", "/web_connector/applications", qwc().replace("QBFS", "QBPOS"))
    assert json.loads(desk.http("GET", "/web_connector/applications").body) == {"applications": []}


def test_an_application_on_this_machine_may_do_without_https(desk: Desk) -> None:
    for url in ("http://localhost:8000/qbwc", "http://127.0.0.1:8000/qbwc"):
        text = qwc(url, support="https://elsewhere.example/")
        assert desk.http("POST", "/web_connector/applications", text).status == 201


def test_a_qwc_file_is_made_for_an_address(desk: Desk) -> None:
    made = desk.http("GET", "/web_connector/qwc?app_url=http://localhost:8000/qbwc&every_minutes=5")
    assert made.status == 200
    added = json.loads(desk.http("POST", "/web_connector/applications", made.body).body)
    assert (added["url"], added["every_seconds"]) == ("http://localhost:8000/qbwc", 300)


def test_an_application_that_asked_to_read_only_cannot_write() -> None:
    feeder = Feeder([document("<HostQueryRq/>" + charge(line("3.30")))])
    desk = ConnectedDesk(feeder, more="<IsReadOnly>true</IsReadOnly>")
    before = desk.books()
    desk.update()
    assert ('statusCode="0"' in feeder.answers[0], 'statusCode="3263"' in feeder.answers[0]) == (True, True)
    assert desk.books() == before


def test_iterators_end_with_the_connection() -> None:
    start = '<VendorQueryRq iterator="Start"><MaxReturned>1</MaxReturned></VendorQueryRq>'
    feeder = Feeder([document(start)])
    desk = ConnectedDesk(feeder)
    desk.update()
    id = feeder.answers[0].partition('iteratorID="')[2].partition('"')[0]
    go_on = f'<VendorQueryRq iterator="Continue" iteratorID="{id}"><MaxReturned>1</MaxReturned></VendorQueryRq>'
    feeder.documents.append(document(go_on))
    desk.update()
    assert 'statusCode="3240"' in feeder.answers[1]


def test_a_bill_that_the_application_sends_twice_is_two_bills() -> None:
    feeder = Feeder([document(bill(line("12.30"))), document(bill(line("12.30")))])
    desk = ConnectedDesk(feeder)
    desk.update()
    assert desk.books()["Accounts Payable"] == "-24.60"


def test_an_answer_array_may_hold_the_ticket_alone() -> None:
    feeder = Feeder([document(charge(line("5.05")))], overrides={"authenticate": lambda m, _: soap_answer(m, ["t"])})
    assert ConnectedDesk(feeder).update()["state"] == "done"


def test_a_wsgi_application_in_this_process_is_polled_at_the_address_that_it_is_given() -> None:
    feeder = Feeder([document(charge(line("18.40")))])

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        headers = (("SOAPAction", environ["HTTP_SOAPACTION"]),)
        answer = feeder(Request("POST", "https://feeder.example/qbwc", headers, body))
        assert isinstance(answer, Response)
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [answer.body]

    desk = Desk()
    url = desk.acme.webhooks.deliver_to(application, path="/qbwc").url
    made = desk.http("GET", f"/web_connector/qwc?app_url={url}").body
    id = json.loads(desk.http("POST", "/web_connector/applications", made).body)["id"]
    run = json.loads(desk.http("POST", f"/web_connector/applications/{id}/update").body)["id"]
    assert json.loads(desk.http("GET", f"/web_connector/runs/{run}").body)["state"] == "done"
    assert desk.books()["Visa"] == "-18.40"
    told = {name: given for name, given in feeder.calls if name == "authenticate"}
    credentials = desk.acme.credentials
    assert told["authenticate"] == {"strUserName": "sandbooks", "strPassword": credentials["password"]}


@pytest.mark.parametrize("text", ["%00", "%01", "%EF%BF%BF", "%EF%BF%BE"])
def test_a_qwc_file_is_not_made_of_what_xml_cannot_hold(desk: Desk, text: str) -> None:
    assert desk.http("GET", f"/web_connector/qwc?app_url=http://localhost/{text}").status == 400
    assert desk.http("GET", f"/web_connector/qwc?app_url=http://localhost&app_name=a{text}").status == 400
