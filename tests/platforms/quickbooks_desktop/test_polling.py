"""What the Web Connector makes of each answer of an application, callback by callback, and what it says of trouble."""

import json
from collections.abc import Sequence

import pytest
from lxml import etree
from tests.platforms.quickbooks_desktop.desk import (
    ConnectedDesk,
    Desk,
    Feeder,
    charge,
    document,
    line,
    qwc,
    soap_answer,
    soap_fault,
)

from sandbooks.platforms.quickbooks_desktop.web_connector import soap
from sandbooks.wire import Cut, Request, Response

SPEND = document(charge(line("41.20")))
EVERY_TEN = "<Scheduler><RunEveryNMinutes>10</RunEveryNMinutes></Scheduler>"


Told = str | Sequence[str] | Response | Cut


def answering(method: str, told: Told, *, documents: Sequence[str] = (SPEND,)) -> Feeder:
    return Feeder(list(documents), overrides={method: lambda *_: told})


def scheduled(feeder: Feeder, more: str = EVERY_TEN) -> ConnectedDesk:
    desk = ConnectedDesk(feeder, more=more)
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    return desk


# Versions


@pytest.mark.parametrize("method", ["serverVersion", "clientVersion"])
@pytest.mark.parametrize("trouble", [soap_fault("unknown"), Response(404), Response(500, (), b"<html/>")])
def test_a_version_call_that_the_application_does_not_know_is_passed_over(method: str, trouble: Response) -> None:
    assert ConnectedDesk(answering(method, trouble)).update()["state"] == "done"


@pytest.mark.parametrize("answer", ["", "O:3.0", "W:rather old"])
def test_these_answers_to_the_version_let_the_run_go_on(answer: str) -> None:
    run = ConnectedDesk(answering("clientVersion", answer)).update()
    assert run["state"] == "done"
    assert answer in [row["got"] for row in run["log"] if row["call"] == "clientVersion"]


@pytest.mark.parametrize(
    ("answer", "user", "code"),
    [
        ("E:too old", "agrees", "QBWC1037"),
        ("W:rather old", "declines", "QBWC1037"),
        ("W:rather old", "away", "QBWC1037"),
        ("2.1", "agrees", "QBWC1046"),
    ],
)
def test_these_answers_to_the_version_end_the_run(answer: str, user: str, code: str) -> None:
    feeder = answering("clientVersion", answer)
    run = ConnectedDesk(feeder, user=user).update()
    assert (run["state"], run["status"][:8], feeder.methods[-1]) == ("failed", code, "clientVersion")


# Signing in


def test_a_refused_password_is_named_so() -> None:
    feeder = answering("authenticate", ["", "NVU"])
    run = ConnectedDesk(feeder).update()
    assert (run["status"][:8], feeder.methods[-2:]) == ("QBWC1040", ["authenticate", "closeConnection"])


def test_an_update_is_postponed_as_the_application_asks() -> None:
    delays = [["ticket-1", "", "90"], ["ticket-1", ""]]
    feeder = Feeder([SPEND], overrides={"authenticate": lambda *_: delays.pop(0)})
    desk = scheduled(feeder)
    desk.sandbox.clock.advance(minutes=10)
    (run,) = json.loads(desk.http("GET", "/web_connector/runs").body)["runs"]
    assert (run["state"], run["status"]) == ("done", "Update postponed by application")
    assert "sendRequestXML" not in feeder.methods
    desk.sandbox.clock.advance(seconds=75)
    assert feeder.methods.count("authenticate") == 1
    desk.sandbox.clock.advance(seconds=15)
    assert (feeder.methods.count("authenticate"), desk.books()["Visa"]) == (2, "-41.20")


def test_nothing_is_postponed_where_auto_run_is_off() -> None:
    feeder = answering("authenticate", ["ticket-1", "", "90", "1200"])
    assert ConnectedDesk(feeder, more=EVERY_TEN).update()["state"] == "done"
    assert "receiveResponseXML" in feeder.methods


def test_the_least_time_between_runs_raises_the_interval_and_never_lowers_it() -> None:
    for least, shown in (("1200", 1200), ("60", 600)):
        feeder = answering("authenticate", ["ticket-1", "none", "", least])
        desk = scheduled(feeder)
        desk.update()
        found = json.loads(desk.http("GET", f"/web_connector/applications/{desk.application}").body)
        assert found["every_seconds"] == shown
        desk.sandbox.clock.advance(seconds=shown - 15)
        assert feeder.methods.count("authenticate") == 1
        desk.sandbox.clock.advance(seconds=15)
        assert feeder.methods.count("authenticate") == 2


def test_the_company_file_may_be_named_in_the_answer() -> None:
    feeder = Feeder([SPEND])
    desk = ConnectedDesk(feeder)
    path = json.loads(desk.http("GET", "/company_file").body)["path"]
    feeder.overrides["authenticate"] = lambda *_: ["ticket-1", path.upper()]
    assert desk.update()["state"] == "done"


# Trouble has a code of its own in each callback


@pytest.mark.parametrize("trouble", [soap_fault("oops"), Response(503), Response(200, (), b"<html/>"), Cut("refused")])
@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("authenticate", "QBWC1012"),
        ("sendRequestXML", "QBWC1041"),
        ("receiveResponseXML", "QBWC1042"),
        ("getLastError", "QBWC1043"),
    ],
)
def test_trouble_in_a_callback_ends_the_run_with_its_code(method: str, code: str, trouble: Response | Cut) -> None:
    documents = [SPEND] if method != "getLastError" else [document("<Nonsense/>")]
    run = ConnectedDesk(answering(method, trouble, documents=documents)).update()
    assert (run["state"], run["status"][:8]) == ("failed", code)


def test_trouble_in_the_connection_error_callback_has_its_code() -> None:
    run = ConnectedDesk(answering("connectionError", soap_fault("oops")), file_state="closed").update()
    assert (run["state"], run["status"][:8]) == ("failed", "QBWC1045")


def test_trouble_while_closing_is_written_down_and_changes_nothing() -> None:
    run = ConnectedDesk(answering("closeConnection", soap_fault("oops"))).update()
    assert run["state"] == "done"
    assert "QBWC1044" in run["log"][-1]["got"]


def test_a_percentage_that_is_no_whole_number_is_trouble_in_its_callback() -> None:
    assert ConnectedDesk(answering("receiveResponseXML", "50.5")).update()["status"][:8] == "QBWC1042"


def test_a_file_that_does_not_open_is_tried_twice_and_told_with_its_code() -> None:
    feeder = Feeder([SPEND])
    run = ConnectedDesk(feeder, file_state="modal_dialog").update()
    assert [row["call"] for row in run["log"]].count("open company file") == 2
    assert (run["status"][:8], feeder.hresults) == ("QBWC1013", ["0x80040414"])


def test_a_file_that_tells_nothing_of_itself_ends_the_run() -> None:
    feeder = Feeder([SPEND])
    desk = ConnectedDesk(feeder)
    at = {"platform": "quickbooks_desktop", "operation": "query_company_file"}
    with desk.sandbox.fault("server_error", at=at):
        run = desk.update()
    assert (run["state"], run["status"][:8], feeder.methods[-1]) == ("failed", "QBWC1014", "closeConnection")
    assert "sendRequestXML" not in feeder.methods


# Answers to documents


def test_more_than_a_hundred_per_cent_is_done_too() -> None:
    feeder = answering("receiveResponseXML", "101", documents=[SPEND, SPEND])
    run = ConnectedDesk(feeder).update()
    assert (run["state"], run["percent"], feeder.methods.count("sendRequestXML")) == ("done", 100, 1)


def test_any_negative_answer_asks_for_the_last_error_and_closes() -> None:
    feeder = answering("receiveResponseXML", "-7", documents=[SPEND, SPEND])
    feeder.error = "The queue is broken"
    run = ConnectedDesk(feeder).update()
    assert (run["state"], run["status"]) == ("failed", "The queue is broken")
    assert feeder.methods[-3:] == ["receiveResponseXML", "getLastError", "closeConnection"]


def test_no_operation_is_asked_about_before_it_is_waited_for() -> None:
    words, said = ["NoOp"], ["NoOp"]
    feeder = Feeder([SPEND])
    feeder.overrides["sendRequestXML"] = lambda _, given: words.pop() if words else feeder.sendRequestXML(given)
    feeder.overrides["getLastError"] = lambda *_: said.pop()
    desk = ConnectedDesk(feeder)
    run = desk.update()
    assert (run["state"], feeder.methods[-1]) == ("waiting", "getLastError")
    desk.sandbox.clock.advance(seconds=5)
    assert desk.shown(run["id"])["state"] == "done"


def test_no_operation_without_a_wait_ends_the_run() -> None:
    feeder = answering("sendRequestXML", "NoOp")
    feeder.error = "Nothing to wait for"
    run = ConnectedDesk(feeder).update()
    assert (run["state"], run["status"], feeder.methods[-1]) == ("done", "Nothing to wait for", "closeConnection")


def test_runs_of_one_application_never_overlap() -> None:
    words = ["NoOp", "NoOp"]
    feeder = Feeder([SPEND])
    feeder.overrides["sendRequestXML"] = lambda _, given: words.pop() if words else feeder.sendRequestXML(given)
    feeder.overrides["getLastError"] = lambda *_: "NoOp"
    desk = ConnectedDesk(feeder)
    first = desk.update()
    second = desk.update()
    assert (first["state"], second["state"], feeder.methods.count("authenticate")) == ("waiting", "queued", 1)
    desk.sandbox.clock.advance(seconds=20)
    assert [desk.shown(run["id"])["state"] for run in (first, second)] == ["done", "done"]
    assert (feeder.methods.count("authenticate"), feeder.methods.count("closeConnection")) == (2, 2)


def test_a_run_that_an_application_broke_off_by_a_bug_keeps_no_later_one_waiting() -> None:
    bugs = [RuntimeError("a bug of the application")]
    feeder = Feeder([SPEND])

    def broken(*_: object) -> Sequence[str]:
        if bugs:
            raise bugs.pop()
        return ["ticket-1", ""]

    feeder.overrides["authenticate"] = broken
    desk = ConnectedDesk(feeder)
    with pytest.raises(RuntimeError):
        desk.update()
    assert (desk.update()["state"], desk.books()["Visa"]) == ("done", "-41.20")


def test_an_application_that_is_added_again_is_polled_once_for_each_interval() -> None:
    feeder = Feeder()
    desk = scheduled(feeder)
    again = desk.http("POST", "/web_connector/applications?password=secret-8", qwc(more=EVERY_TEN))
    assert json.loads(again.body)["id"] == desk.application
    desk.http("PATCH", f"/web_connector/applications/{desk.application}", '{"auto_run": true}')
    desk.sandbox.clock.advance(minutes=10)
    assert feeder.methods.count("authenticate") == 1
    assert feeder.calls[2][1]["strPassword"] == "secret-8"


# Interactive mode


def interactive(user: str, *, done: Sequence[str] = ("no", "no", "Done")) -> tuple[Feeder, ConnectedDesk]:
    asked, left = ["Interactive mode"], list(done)
    feeder = Feeder()
    feeder.overrides = {
        "authenticate": lambda *_: ["ticket-1", ""],
        "getLastError": lambda *_: asked.pop() if asked else "Nothing else to do",
        "getInteractiveURL": lambda *_: "https://feeder.example/choose",
        "interactiveDone": lambda *_: left.pop(0) if left else "no",
        "interactiveRejected": lambda *_: "Another time, then",
    }
    return feeder, ConnectedDesk(feeder, user=user)


def test_a_user_who_agrees_is_shown_a_page_until_the_application_is_done() -> None:
    feeder, desk = interactive("agrees")
    run = desk.update()
    assert run["state"] == "waiting"
    assert ("open browser", "https://feeder.example/choose") in [(row["call"], row["sent"]) for row in run["log"]]
    desk.sandbox.clock.advance(minutes=1)
    assert (desk.shown(run["id"])["state"], desk.shown(run["id"])["status"]) == ("done", "Nothing else to do")
    asked = [given for method, given in feeder.calls if method == "getInteractiveURL"]
    assert [set(given) for given in asked] == [{"wcTicket", "sessionID"}]
    assert [given["wcTicket"] for method, given in feeder.calls if method == "interactiveDone"] == ["ticket-1"] * 3
    assert feeder.methods[-3:] == ["sendRequestXML", "getLastError", "closeConnection"]


@pytest.mark.parametrize("user", ["declines", "away"])
def test_a_user_who_does_not_agree_is_told_to_the_application(user: str) -> None:
    feeder, desk = interactive(user)
    run = desk.update()
    assert (run["state"], run["status"]) == ("done", "Another time, then")
    assert feeder.methods[-2:] == ["interactiveRejected", "closeConnection"]
    assert set(feeder.calls[-2][1]) == {"wcTicket", "reason"}
    assert "getInteractiveURL" not in feeder.methods


def test_a_page_that_nobody_finishes_with_is_given_up() -> None:
    feeder, desk = interactive("agrees", done=())
    run = desk.update()
    desk.sandbox.clock.advance(hours=2)
    assert (desk.shown(run["id"])["state"], desk.shown(run["id"])["status"]) == ("done", "Another time, then")
    assert feeder.methods[-2:] == ["interactiveRejected", "closeConnection"]


# SOAP


def test_every_call_is_of_the_published_service() -> None:
    seen: list[Request] = []
    feeder = Feeder([SPEND])
    desk = ConnectedDesk(feeder)
    desk.sandbox.app.receivers[:] = [
        ("https://feeder.example/", lambda request: (seen.append(request), feeder(request))[1])
    ]
    desk.update()
    parts = {}
    for request in seen:
        envelope = etree.fromstring(request.body)
        assert envelope.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
        call = envelope[0][0]
        method = etree.QName(call)
        assert method.namespace == "http://developer.intuit.com/"
        assert request.header("SOAPAction") == f'"http://developer.intuit.com/{method.localname}"'
        assert request.header("Content-Type") == "text/xml; charset=utf-8"
        parts[method.localname] = [etree.QName(part).localname for part in call]
    assert parts == {
        "serverVersion": [],
        "clientVersion": ["strVersion"],
        "authenticate": ["strUserName", "strPassword"],
        "sendRequestXML": [
            *("ticket", "strHCPResponse", "strCompanyFileName", "qbXMLCountry", "qbXMLMajorVers", "qbXMLMinorVers"),
        ],
        "receiveResponseXML": ["ticket", "response", "hresult", "message"],
        "closeConnection": ["ticket"],
    }


def test_an_application_in_rpc_style_is_called_in_that_style() -> None:
    seen: list[etree._Element] = []

    def axis(request: Request) -> Response:
        call = etree.fromstring(request.body)[0][0]
        seen.append(call)
        method = etree.QName(call).localname
        inner = "<string>ticket-1</string><string>none</string>" if method == "authenticate" else ""
        return Response(
            200,
            (),
            (
                '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
                f'<n:{method}Response xmlns:n="http://developer.intuit.com/"><{method}Return href="#id0"/>'
                f'</n:{method}Response><multiRef id="id0">{inner}</multiRef></e:Body></e:Envelope>'
            ).encode(),
        )

    desk = ConnectedDesk(Feeder(), more="<Style>RPC</Style>")
    desk.sandbox.app.receivers[:] = [("https://feeder.example/", axis)]
    assert desk.update()["status"] == "No data exchange required"
    signed = seen[2]
    body = next(signed.iterancestors())
    assert body.get("{http://schemas.xmlsoap.org/soap/envelope/}encodingStyle") is not None
    kind = "{http://www.w3.org/2001/XMLSchema-instance}type"
    assert [(part.tag, part.get(kind), part.text) for part in signed] == [
        ("strUserName", "xsd:string", "feeder"),
        ("strPassword", "xsd:string", "secret-7"),
    ]


def test_whole_numbers_are_whole_numbers_in_rpc_style_too() -> None:
    raw = soap.envelope("sendRequestXML", (("ticket", "t"), ("qbXMLMajorVers", "16")), rpc=True)
    kind = "{http://www.w3.org/2001/XMLSchema-instance}type"
    assert [part.get(kind) for part in etree.fromstring(raw)[0][0]] == ["xsd:string", "xsd:int"]


def test_an_empty_answer_is_an_empty_text_in_every_form() -> None:
    for form in ("<r:xResult/>", '<r:xResult i:nil="true"/>', "<r:xResult><string/></r:xResult>", ""):
        raw = soap_answer("x", "").body
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:r="http://developer.intuit.com/" '
            'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Body><r:xResponse>'
            f"{form}</r:xResponse></s:Body></s:Envelope>"
        )
        assert soap.result(body.encode(), "x") == soap.result(raw, "x") == [""]


# The .qwc file


@pytest.mark.parametrize(("flags", "hresults"), [("0x0", []), ("0x8", []), ("14", []), ("0x6", ["0x8004041F"])])
def test_an_application_names_the_editions_that_it_works_with(flags: str, hresults: list[str]) -> None:
    feeder = Feeder([SPEND])
    run = ConnectedDesk(feeder, more=f"<AuthFlags>{flags}</AuthFlags>").update()
    assert (feeder.hresults, run["state"]) == (hresults, "failed" if hresults else "done")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("<AuthFlags>0x1F</AuthFlags>", "QBWC1034"),
        ("<AuthFlags>Pro</AuthFlags>", "QBWC1034"),
        ("<AppName>Twice</AppName>", "QBWC1039"),
        ("<Style>Rest</Style>", "QBWC1039"),
        ("<Notify>true</Notify><Colour>red</Colour>", "QBWC1039"),
    ],
)
def test_an_element_that_says_nothing_sensible_is_refused(desk: Desk, more: str, code: str) -> None:
    answer = desk.http("POST", "/web_connector/applications", qwc(more=more))
    assert (answer.status, json.loads(answer.body)["error"]) == (400, code)


def test_every_element_may_be_given_and_in_any_order(desk: Desk) -> None:
    more = (
        "<Scheduler><RunEveryNSeconds>45</RunEveryNSeconds><RunEveryNMinutes>9</RunEveryNMinutes></Scheduler>"
        "<Style>DocWrapped</Style><IsReadOnly>false</IsReadOnly><UnattendedModePref>umpRequired</UnattendedModePref>"
        "<PersonalDataPref>pdpRequired</PersonalDataPref><AuthFlags>0x0</AuthFlags><AppUniqueName>one</AppUniqueName>"
        "<AppDisplayName>Feeder of Expenses</AppDisplayName><Notify>true</Notify><CertURL>https://feeder.example/"
        "</CertURL>"
    )
    root = etree.fromstring(qwc(more=more).encode())
    root[:] = reversed(root)
    answer = json.loads(desk.http("POST", "/web_connector/applications", etree.tostring(root)).body)
    assert (answer["name"], answer["every_seconds"]) == ("Feeder of Expenses", 45)


def test_a_run_whose_application_is_removed_while_it_waits_comes_to_an_end() -> None:
    desk = ConnectedDesk(answering("getLastError", "NoOp", documents=["NoOp"] * 9))
    run = desk.update()
    assert run["state"] == "waiting"
    desk.http("DELETE", f"/web_connector/applications/{desk.application}")
    asked = len(desk.feeder.calls)
    desk.sandbox.clock.advance(minutes=1)
    ended = desk.shown(run["id"])
    assert (ended["state"], ended["status"]) == ("failed", "The application was removed")
    assert ended["ended"]
    assert len(desk.feeder.calls) == asked
