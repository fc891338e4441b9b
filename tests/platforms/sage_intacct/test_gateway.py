"""The gateway: sign-in, sessions, control ids, several functions, and failures at their three levels."""

from datetime import timedelta
from typing import Any

import pytest
from lxml import etree
from tests.platforms.sage_intacct.desk import GATEWAY, Desk, day, errors, function, open_desk

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.wire import Cut, Request, Response


def sign_in(desk: Desk, location: str | None = None) -> tuple[str, str]:
    asked = {"getAPISession": {"locationid": location} if location is not None else None}
    api = desk.run(asked).find("data/api")
    return str(api.findtext("sessionid")), str(api.findtext("endpoint"))


def vendors(desk: Desk, **how: Any) -> etree._Element:
    query = {"query": {"object": "VENDOR", "select": {"field": "VENDORID"}}}
    return etree.fromstring(desk.post(desk.request(query, **how)).body)


def test_a_session_answers_with_the_address_that_the_client_used(desk: Desk) -> None:
    session, endpoint = sign_in(desk)
    assert endpoint == GATEWAY
    body = desk.request({"getAPISession": None})
    local = desk.post(body, url="http://127.0.0.1:8019/w/default/sage_intacct/ia/xml/xmlgw.phtml")
    endpoint = etree.fromstring(local.body).findtext("operation/result/data/api/endpoint")
    assert endpoint == "http://127.0.0.1:8019/w/default/sage_intacct/ia/xml/xmlgw.phtml"
    answer = vendors(desk, authentication={"sessionid": session})
    assert answer.findtext("operation/authentication/status") == "success"


def test_a_session_lives_on_with_every_call_and_ends_when_it_is_left_alone(desk: Desk) -> None:
    session, _ = sign_in(desk)
    for _ in range(3):
        desk.world.advance(by=timedelta(minutes=90))
        assert vendors(desk, authentication={"sessionid": session}).find("operation/result") is not None
    desk.world.advance(by=timedelta(hours=3))
    answer = vendors(desk, authentication={"sessionid": session})
    assert answer.findtext("control/status") == "success"
    assert answer.findtext("operation/authentication/status") == "failure"
    assert [number for number, _ in errors(answer.find("operation"))] == ["XL03000006"]


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"control": {"password": "wrong"}}, "control"),
        ({"authentication": {"login": {"userid": "xml_gateway", "companyid": "nobody", "password": "x"}}}, "operation"),
        ({"authentication": {"sessionid": "made up"}}, "operation"),
    ],
)
def test_wrong_credentials_fail_at_their_own_level(desk: Desk, change: dict[str, object], level: str) -> None:
    answer = vendors(desk, **change)
    assert (answer.findtext("control/status") == "failure") == (level == "control")
    holder = answer if level == "control" else answer.find("operation")
    assert errors(holder)[0][0] == "XL03000006"
    assert answer.find("operation/result") is None


def test_a_withdrawn_consent_ends_sessions_and_passwords(desk: Desk) -> None:
    from sandbooks.kit.tokens import Tokens
    from sandbooks.platforms.sage_intacct import signing

    session, _ = sign_in(desk)
    with desk.world.unit():
        Tokens(desk.world, "sage_intacct").revoke(signing.consent(desk.world, desk.company))
    for way in ({"sessionid": session}, desk.login()):
        assert vendors(desk, authentication=way).findtext("operation/authentication/status") == "failure"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<request>",
        b"not xml",
        b"\xff\xfe\x00",
        b"<!DOCTYPE r [<!ENTITY a 'b'>]><request>&a;</request>",
        b"<request/>",
        b"<other/>",
        b"<request><control/><operation/></request>",
        b"<a>" * 300 + b"</a>" * 300,
        "<request xmlns='urn:x'><control/></request>".encode("utf-16"),
    ],
)
def test_a_document_that_is_no_request_is_refused_in_its_control(desk: Desk, body: bytes) -> None:
    answer = desk.post(body)
    root = etree.fromstring(answer.body)
    assert (answer.status, root.findtext("control/status")) == (200, "failure")
    assert errors(root)[0][0] == "XL03000003"


def test_an_unknown_function_and_a_header_out_of_order_are_schema_errors(desk: Desk) -> None:
    unknown = etree.fromstring(desk.post(desk.request({"make_tea": None})).body)
    assert errors(unknown)[0][0] == "XL03000003"
    fields = {"datecreated": {"year": "2026", "month": "3", "day": "2"}, "vendorid": "V-10001"}
    disordered = etree.fromstring(desk.post(desk.request({"create_bill": fields})).body)
    assert disordered.findtext("control/status") == "failure"
    assert "Parse schema error" in errors(disordered)[0][1]


def test_only_post_reaches_the_gateway(app: App, desk: Desk) -> None:
    answer = app.edge.dispatch(Request("GET", GATEWAY))
    assert isinstance(answer, Response)
    assert answer.status == 405
    assert desk.post(desk.request({"getAPISession": None}), url=f"{GATEWAY}x").status == 404


def test_functions_stand_alone_unless_they_are_a_transaction(desk: Desk) -> None:
    good, bad = {"create": {"CLASS": {"CLASSID": "K1", "NAME": "One"}}}, {"create": {"CLASS": {"NAME": "No id"}}}
    other = {"create": {"CLASS": {"CLASSID": "K2", "NAME": "Two"}}}
    before = desk.posted()
    answer = desk.send(good, bad, other, transaction=True)
    results = answer.findall("operation/result")
    assert [result.findtext("status") for result in results] == ["aborted", "failure", "aborted"]
    assert all(errors(result)[-1][0] == "XL03000009" for result in results)
    assert errors(results[1])[0][0] == "BL03000018"
    assert desk.posted() == before
    answer = desk.send(good, bad, other, transaction=False)
    assert [r.findtext("status") for r in answer.findall("operation/result")] == ["success", "failure", "success"]
    assert [r.findtext("controlid") for r in answer.findall("operation/result")] == ["f0", "f1", "f2"]
    assert [row["CLASSID"] for row in desk.query("CLASS", "CLASSID")] == ["K1", "K2"]


def test_a_unique_control_id_counts_once_and_only_for_what_was_kept(desk: Desk) -> None:
    made = {"create": {"CLASS": {"CLASSID": "K1", "NAME": "One"}}}
    unique = {"control": {"uniqueid": "true"}, "ids": ("send-1",)}
    desk.refused({"create": {"CLASS": {"NAME": "No id"}}}, **unique)
    desk.run(made, **unique)
    assert "already been used" in desk.refused({"create": {"CLASS": {"CLASSID": "K2", "NAME": "Two"}}}, **unique)[0][1]
    desk.run({"create": {"CLASS": {"CLASSID": "K2", "NAME": "Two"}}}, ids=("send-1",))


def test_control_ids_may_repeat_where_uniqueness_is_not_asked_for(desk: Desk) -> None:
    first, second = desk.charge("12.00"), desk.charge("12.00")
    assert first != second
    assert desk.books()["travel"] == "24.00"


def test_the_rate_limit_is_told_in_the_text_of_an_answer(app: App) -> None:
    desk = open_desk(app)
    desk.world.put("settings", "limits", "on")
    desk.world.clock.configure(mode="frozen")
    answers = [desk.post(desk.request({"getDimensions": None})) for _ in range(601)]
    assert (answers[0].status, answers[-1].status) == (200, 429)
    assert b"<errorno>GW-0010</errorno>" in answers[-1].body
    assert b"API rate limit exceeded" in answers[-1].body
    assert b"API rate limit exceeded" not in answers[0].body


def test_what_is_real_and_not_simulated_answers_loudly(desk: Desk) -> None:
    for body in (
        {"create_invoice": None},
        {"query": {"object": "ARINVOICE", "select": {"field": "RECORDNO"}}},
        {"lookup": {"object": "PROVIDERBANKACCOUNT"}},
        {"readByQuery": {"object": "GLBUDGETITEM", "fields": "*", "query": ""}},
        {"create": {"ARINVOICE": {"CUSTOMERID": "C"}}},
    ):
        with pytest.raises(NotSimulated):
            desk.send(body)


def test_what_is_not_simulated_leaves_nothing_of_the_functions_before_it(desk: Desk) -> None:
    good, absent = (
        {"create": {"CLASS": {"CLASSID": "K1", "NAME": "One"}}},
        {"create": {"ARINVOICE": {"CUSTOMERID": "C"}}},
    )
    before = desk.posted()
    for transaction in (False, True):
        with pytest.raises(NotSimulated, match="ARINVOICE"):
            desk.send(good, absent, transaction=transaction)
    two = etree.fromstring(desk.request(good))
    two.append(etree.fromstring(desk.request(absent)).find("operation"))
    with pytest.raises(NotSimulated, match="ARINVOICE"):
        desk.post(etree.tostring(two))
    assert desk.posted() == before
    assert desk.query("CLASS", "CLASSID") == []


def test_a_lost_answer_loses_none_of_the_functions_behind_it(desk: Desk) -> None:
    functions = [{"create": {"CLASS": {"CLASSID": id, "NAME": id}}} for id in ("K1", "K2")]
    refused = {"create": {"CLASS": {"CLASSID": "K1", "NAME": "Again"}}}
    desk.world.plan.add("drop_response", phase="commit")
    body = desk.request(functions[0], refused, functions[1])
    assert isinstance(
        desk.app.edge.dispatch(Request("POST", GATEWAY, (("Content-Type", "application/xml"),), body)), Cut
    )
    assert [row["CLASSID"] for row in desk.query("CLASS", "CLASSID")] == ["K1", "K2"]


@pytest.mark.parametrize(
    ("count", "transaction", "told"),
    [(2, None, ["failure", "failure"]), (2, True, ["failure", "aborted"]), (1, True, ["failure"])],
)
def test_what_is_refused_at_the_commit_is_told_by_its_functions(
    desk: Desk, count: int, transaction: bool | None, told: list[str]
) -> None:
    functions = [{"create": {"CLASS": {"CLASSID": id, "NAME": id}}} for id in ("K1", "K2")]
    desk.world.plan.add("refuse", phase="validate")
    root = desk.send(*functions[:count], transaction=transaction)
    assert root.findtext("operation/authentication/status") == "success"
    results = root.findall("operation/result")
    assert [each.findtext("status") for each in results] == told
    assert "Periods are closed" in errors(results[0])[0][1]
    assert desk.query("CLASS", "CLASSID") == []


def test_a_request_that_names_a_policy_is_acknowledged_and_worked_at_later(desk: Desk) -> None:
    asynchronous = {"policyid": "p", "includewhitespace": None}
    line = {"glaccountno": desk.account("travel"), "paymentamount": "41.20"}
    head = {"chargecardid": desk.account("visa"), "paymentdate": day("2026-03-02")}
    charge = function("record_cctransaction", {**head, "ccpayitems": {"ccpayitem": line}})
    answer = desk.send(charge, control=asynchronous)
    assert [child.tag for child in answer] == ["control", "acknowledgement"]
    assert (answer.findtext("control/status"), answer.findtext("acknowledgement/status")) == ("success", "success")
    assert desk.books() == {}
    desk.world.settle()
    assert desk.books() == {"travel": "41.20", "visa": "-41.20"}
    queued = [entry for entry in desk.world.tape.entries() if entry.actor == "queue"]
    assert [(entry.operation, entry.writes) for entry in queued] == [("record_cctransaction", True)]
    # What is refused then is told to nobody who waits, and posts nothing.
    desk.send({"create": {"CLASS": {"NAME": "x"}}}, control=asynchronous)
    desk.world.settle()
    assert b"Required field CLASSID" in list(desk.world.tape.entries())[-1].response_body
    long = desk.request({"create": {"CLASS": {"CLASSID": "A", "NAME": "n" * 500_000}}}, control=asynchronous)
    assert b"at most 500000 characters" in desk.post(long).body


def test_the_tape_names_what_a_request_does_and_whether_it_writes(desk: Desk) -> None:
    desk.query("VENDOR", "VENDORID")
    desk.charge("5.00")
    desk.create("CLASS", CLASSID="K", NAME="N")
    told = [(entry.operation, entry.writes) for entry in desk.world.tape.entries()]
    assert told == [("query.VENDOR", False), ("record_cctransaction", True), ("create.CLASS", True)]


def test_support_ids_change_from_answer_to_answer(desk: Desk) -> None:
    texts = [desk.refused({"create": {"CLASS": {"NAME": "x"}}})[0][1] for _ in range(2)]
    assert texts[0] != texts[1]
    assert [text.partition(" [Support ID: ")[0] for text in texts] == [
        "Required field CLASSID is missing for CLASS."
    ] * 2


def test_an_entity_sees_shared_records_and_its_own(app: App) -> None:
    from sandbooks.platform import CompanyPlan

    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}}))
    desk.create("VENDOR", VENDORID="SHARED", NAME="Shared")
    desk.location = "UK"
    desk.create("VENDOR", VENDORID="OURS", NAME="Ours")
    assert [row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")] == ["SHARED", "OURS"]
    desk.location = "IE"
    assert [row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")] == ["SHARED"]
    desk.location = ""
    assert [row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")] == ["SHARED"]
    private = desk.query("VENDOR", "VENDORID", options={"showprivate": "true"})
    assert [row["VENDORID"] for row in private] == ["SHARED", "OURS"]
    session, _ = sign_in(desk, "IE")
    answer = vendors(desk, authentication={"sessionid": session})
    assert answer.findtext("operation/authentication/locationid") == "IE"
