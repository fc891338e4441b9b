"""The frame of requests and answers: several operations, white space, ways to name a company, answers told later."""

from copy import deepcopy

import pytest
from lxml import etree
from tests.platforms.sage_intacct.desk import GATEWAY, Desk, errors, open_desk

from sandbooks.app import App
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.outbox import deliveries
from sandbooks.platform import CompanyPlan

CLASS = {"create": {"CLASS": {"CLASSID": "K1", "NAME": "One"}}}
DEPARTMENT = {"create": {"DEPARTMENT": {"DEPARTMENTID": "D1", "TITLE": "Works"}}}
LATER = {"includewhitespace": None, "policyid": "nightly"}


def both(desk: Desk, *bodies: bytes) -> etree._Element:
    """One request with the operations of several."""
    first, *others = map(etree.fromstring, bodies)
    for other in others:
        first.append(deepcopy(other.find("operation")))
    return etree.fromstring(desk.post(etree.tostring(first)).body)


def test_each_operation_of_a_request_is_answered_in_a_block_of_its_own(desk: Desk) -> None:
    bad = {"create": {"CLASS": {"NAME": "No id"}}}
    answer = both(desk, desk.request(CLASS, bad, transaction=True), desk.request(DEPARTMENT, ids=("second",)))
    first, second = answer.findall("operation")
    assert [result.findtext("status") for result in first.findall("result")] == ["aborted", "failure"]
    assert [result.findtext("controlid") for result in second.findall("result")] == ["second"]
    assert desk.query("CLASS", "CLASSID") == []
    assert [row["DEPARTMENTID"] for row in desk.query("DEPARTMENT", "DEPARTMENTID")][-1] == "D1"
    (*_, entry) = (each for each in desk.world.tape.entries() if each.writes)
    assert entry.operation == "create.CLASS"


def test_each_operation_signs_in_for_itself(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK", "IE": "Larch Ireland"}}))
    made = []
    for place in ("UK", "IE"):
        desk.location = place
        made.append(desk.request({"create": {"VENDOR": {"VENDORID": place, "NAME": place}}}))
    wrong = desk.request(CLASS, authentication={"sessionid": "made up"})
    blocks = both(desk, made[0], wrong, made[1]).findall("operation")
    assert [block.findtext("authentication/status") for block in blocks] == ["success", "failure", "success"]
    assert [block.findtext("authentication/locationid") for block in blocks] == ["UK", "", "IE"]
    assert errors(blocks[1])[0][0] == "XL03000006"
    desk.location = "IE"
    assert [row["VENDORID"] for row in desk.query("VENDOR", "VENDORID")] == ["IE"]


def test_operations_of_one_request_may_be_for_several_companies(app: App) -> None:
    here, there = open_desk(app), open_desk(app, CompanyPlan(name="Other Ltd", country="GB"))
    blocks = both(here, here.request(CLASS), there.request(DEPARTMENT), here.request(DEPARTMENT)).findall("operation")
    companies = [block.findtext("authentication/companyid") for block in blocks]
    assert companies == [here.company.id, there.company.id, here.company.id]
    assert [block.findtext("result/status") for block in blocks] == ["success"] * 3
    assert [len(desk.query("CLASS", "CLASSID")) for desk in (here, there)] == [1, 0]
    assert [desk.query("DEPARTMENT", "DEPARTMENTID")[-1]["DEPARTMENTID"] for desk in (here, there)] == ["D1", "D1"]
    (*_, entry) = (each for each in here.world.tape.entries() if each.writes)
    assert entry.company == here.company.id
    there.company.change_settings(authorized_senders=[])
    before = here.posted()
    root = both(here, here.request({"create": {"CLASS": {"CLASSID": "K9", "NAME": "n"}}}), there.request(CLASS))
    assert (root.findtext("operation/authentication/status"), here.posted()) == ("failure", before)


def test_a_session_is_asked_for_alone_in_the_whole_request(desk: Desk) -> None:
    answer = both(desk, desk.request({"getAPISession": None}), desk.request(CLASS))
    assert errors(answer)[0][0] == "XL03000003"


@pytest.mark.parametrize(("said", "lines"), [(None, True), ("true", True), ("false", False)])
def test_an_answer_has_white_space_unless_the_request_forgoes_it(desk: Desk, said: str | None, lines: bool) -> None:
    for asked in (CLASS, {"make_tea": None}):
        body = desk.post(desk.request(asked, control={"includewhitespace": said})).body
        assert (b"\n  <control>\n    <status>" in body) == lines


def test_a_user_of_a_console_names_the_client_company_and_its_entity(app: App) -> None:
    desk = open_desk(app, CompanyPlan(country="GB", settings={"entities": {"UK": "Larch UK"}}))
    login = desk.login()["login"]
    bars = {**login, "companyid": f"console|{desk.company.id}|UK"}
    apart = {**login, "companyid": "console"}
    password = apart.pop("password")
    apart |= {"password": password, "clientid": desk.company.id, "locationid": "UK"}
    for way in (bars, apart):
        answer = desk.send({"getDimensions": None}, authentication={"login": way})
        block = answer.find("operation/authentication")
        assert [block.findtext(name) for name in ("status", "companyid", "locationid")] == [
            "success",
            desk.company.id,
            "UK",
        ]


def test_more_about_errors_is_not_simulated(desk: Desk) -> None:
    with pytest.raises(NotSimulated, match="showadditionalerrorinfo"):
        desk.send(CLASS, control={"showadditionalerrorinfo": "true"})
    desk.run(CLASS, control={"showadditionalerrorinfo": "false"})


def test_a_create_that_fails_answers_with_no_objects(desk: Desk) -> None:
    result = desk.send({"create": {"CLASS": {"NAME": "No id"}}}).find("operation/result")
    assert [child.tag for child in result] == ["status", "function", "controlid", "data", "errormessage"]
    assert dict(result.find("data").attrib) == {"listtype": "objects", "count": "0"}


def test_the_answer_to_an_asynchronous_request_goes_to_the_address_of_its_policy(desk: Desk) -> None:
    desk.company.change_settings(transport_policies={"nightly": "https://client.example/answers", "quiet": ""})
    desk.send(CLASS, control=LATER)
    assert deliveries(desk.world) == []
    desk.world.settle()
    (told,) = deliveries(desk.world)
    assert (told["url"], told["event"], told["company"]) == (
        "https://client.example/answers",
        "asynchronous",
        desk.company.id,
    )
    answer = etree.fromstring(told["body"].encode())
    assert answer.findtext("operation/result/data/class/CLASSID") == "K1"
    assert answer.findtext("control/controlid") == "2026-03-02 09:00:00.1"
    desk.send(DEPARTMENT, control={**LATER, "policyid": "quiet"})
    desk.world.settle()
    assert len(deliveries(desk.world)) == 1
    refused = desk.send(DEPARTMENT, control={**LATER, "policyid": "weekly"})
    assert "is not a valid transport policy" in errors(refused)[0][1]


def test_what_an_asynchronous_request_is_refused_is_told_to_its_policy_too(desk: Desk) -> None:
    desk.company.change_settings(transport_policies={"nightly": "https://client.example/answers"})
    desk.send({"create": {"CLASS": {"NAME": "No id"}}}, control=LATER)
    desk.world.settle()
    (told,) = deliveries(desk.world)
    assert "Required field CLASSID" in told["body"]
    assert GATEWAY not in told["body"]
