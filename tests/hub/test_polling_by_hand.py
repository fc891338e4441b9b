"""Linking by hand where a program polls, and a program of one's own that does it."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from tests.hub.desk import Desk, open_desk
from tests.hub.polled import POLLED, live, machine, offered, program_of, qbxml, synced, unlinked

from sandbooks import exact_json
from sandbooks.hub import connections, polling
from sandbooks.hub.browser import NoConsent
from sandbooks.hub.link import authorize
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Request, Response


@pytest.fixture
def polled() -> Desk:
    return open_desk(platform=POLLED)


def test_the_link_page_gives_out_a_file_and_a_password_and_the_first_poll_links() -> None:
    desk = unlinked()
    start = f"https://link-api.codat.io/companies/{desk.company}/connections/{desk.connection}/start"
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    page = desk.app.edge.dispatch(Request("POST", start, headers, b"choice=approve"), world=desk.world)
    assert isinstance(page, Response)
    told = offered(desk)
    assert told["password"] in page.body.decode()
    assert "password" not in base64.b64decode(told["file"]).decode().lower()
    program = program_of(desk)
    assert program.session(lambda document: qbxml(desk, document)) > 5
    assert desk.world_connection()["status"] == "Linked"
    read = {pull["dataType"]: pull["status"] for pull in desk.get("{c}/data/history")["results"][:7]}
    assert set(read.values()) == {"Complete"}
    assert program.sign_in() == "none"


def test_the_file_of_the_link_page_opened_with_the_simulated_program_links_and_goes_on_by_itself() -> None:
    desk = unlinked()
    told = offered(desk)
    with desk.world.unit():
        token = Tokens(desk.world, POLLED).of_company(desk.native.id)[0].value
    window = f"https://sandbooks.invalid/{POLLED}/web_connector/applications"

    def click(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        headers = (("Authorization", f"Bearer {token}"),)
        answer = desk.app.edge.dispatch(Request(method, window + path, headers, body), world=desk.world)
        assert isinstance(answer, Response)
        assert answer.status in (200, 201, 202), answer.body
        shown: dict[str, Any] = exact_json.loads(answer.body)
        return shown

    added = click("POST", f"?password={told['password']}", base64.b64decode(told["file"]))
    click("PATCH", f"/{added['id']}", b'{"auto_run": true}')
    click("POST", f"/{added['id']}/update")
    assert desk.world_connection()["status"] == "Linked"
    desk.push(desk.expense(1))
    assert synced(desk)["syncStatusCode"] == 2000
    assert len(live(desk)) == 1


def test_credentials_brought_along_add_the_hub_to_the_program_of_their_company() -> None:
    desk = unlinked()
    given = {"accessToken": "any", "companyId": desk.native.id}
    answer = desk.send("PUT", "{c}/connections/{k}/authorization", given)
    assert (answer.status, answer.body["status"]) == (200, "Linked")
    assert desk.get("{c}/sync/expenses/mappingOptions")["accounts"]


def test_a_company_that_there_is_not_cannot_be_brought_along() -> None:
    desk = unlinked()
    answer = desk.send("PUT", "{c}/connections/{k}/authorization", {"companyId": "nobody"})
    assert (answer.status, "nobody" in answer.body["error"]) == (400, True)


def test_a_wrong_password_is_not_let_in() -> None:
    program = program_of(unlinked())
    assert program.sign_in(password="guess") == "nvu"
    assert program.sign_in() == ""


def test_another_company_file_than_the_one_that_was_connected_is_not_linked() -> None:
    desk = unlinked()
    other = "00000000-0000-4000-8000-000000000009"
    assert program_of(desk).session(lambda document: qbxml(desk, document, file=other)) == 1
    assert desk.world_connection()["status"] == "PendingAuth"
    assert "not the one" in desk.world_connection()["errors"][-1]["errorMessage"]


def test_a_program_that_is_not_let_in_is_told_of_when_linking_without_a_person(polled: Desk) -> None:
    machine(polled, file_state="denied")
    desk_connection = polled.world_connection()
    with polled.world.unit():
        desk_connection["status"] = "PendingAuth"
        connections.keep(polled.world, desk_connection)
    with pytest.raises(NoConsent, match="was not linked"):
        authorize(polled.world, polled.connection, company=polled.native.id)


def test_a_second_session_takes_over_and_what_the_first_fetched_is_not_lost(polled: Desk) -> None:
    machine(polled, web_connector_running=False)
    polled.push(polled.expense(1))
    program = program_of(polled)
    assert program.sign_in() == ""
    (document,) = program.fetch()
    assert 'statusCode="0"' in qbxml(polled, document)
    assert program.sign_in() in ("", "none")
    assert program.fetch() == [""]
    machine(polled, web_connector_running=True)
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


def test_an_answer_under_a_ticket_that_has_ended_is_not_taken(polled: Desk) -> None:
    machine(polled, web_connector_running=False)
    polled.push(polled.expense(1))
    program = program_of(polled)
    program.sign_in()
    program.fetch()
    late = program.ticket
    program.call("closeConnection", ("ticket", late))
    told = ("response", "<QBXML/>"), ("hresult", ""), ("message", "")
    assert program.call("receiveResponseXML", ("ticket", late), *told) == ["100"]
    assert live(polled) == []


@pytest.mark.parametrize("body", [b"", b"<a/>", b"no xml at all", b"<!DOCTYPE x><x/>"])
def test_what_is_no_soap_call_is_answered_with_a_fault(polled: Desk, body: bytes) -> None:
    url = offered(polled)["url"]
    answer = polled.app.edge.dispatch(Request("POST", url, (), body), world=polled.world, raises=True)
    assert isinstance(answer, Response)
    assert answer.status == 500
    assert re.search(rb"<faultstring>[^<]+</faultstring>", answer.body)


def test_a_browser_is_told_what_the_address_is_for(polled: Desk) -> None:
    answer = polled.app.edge.dispatch(Request("GET", offered(polled)["url"]), world=polled.world, raises=True)
    assert isinstance(answer, Response)
    assert (answer.status, b"program" in answer.body) == (200, True)


def test_a_connection_to_a_platform_of_another_kind_has_no_program() -> None:
    desk = open_desk()
    url = f"https://api.codat.io{polling.PLACE}{desk.connection}"
    answer = desk.app.edge.dispatch(Request("POST", url, (), b"<a/>"), world=desk.world, raises=True)
    assert isinstance(answer, Response)
    assert answer.status == 404
