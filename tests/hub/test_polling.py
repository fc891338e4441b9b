"""A platform that serves nothing: a program polls the hub for what is to be done, and may be killed or refused."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from tests.hub.desk import Desk, open_desk, transaction_id
from tests.hub.test_kills import Killed, Reaper

from sandbooks import exact_json
from sandbooks.hub import connections, errands, polling
from sandbooks.hub.browser import NoConsent
from sandbooks.hub.link import authorize
from sandbooks.kit.tokens import Tokens
from sandbooks.platform import platform_named
from sandbooks.wire import Request, Response

POLLED = "quickbooks_desktop"
TNS = "http://developer.intuit.com/"
Work = Callable[[Desk], None]


@pytest.fixture
def polled() -> Desk:
    return open_desk(platform=POLLED)


def live(desk: Desk, number: int = 1) -> list[Any]:
    """The native documents that carry a transaction's id."""
    records, mark = desk.native.records, f"[{transaction_id(number)}]"
    return [r for kind in records.kinds() for r in records.scan(kind) if mark in exact_json.dumps(r.body).decode()]


def synced(desk: Desk) -> dict[str, Any]:
    """The latest sync after everything has come to rest."""
    desk.world.settle()
    latest: dict[str, Any] = desk.get("{c}/sync/expenses/syncs/latest/status")
    return latest


# Killed anywhere


def _expense(kind: str, account: str) -> Work:
    return lambda desk: _pushed(desk, desk.expense(1, kind, bankAccountRef={"id": desk.account(account)}))


def _pushed(desk: Desk, body: dict[str, Any]) -> None:
    desk.push(body)


def _reimbursable(desk: Desk) -> None:
    body = {
        "id": transaction_id(1),
        "issueDate": "2026-03-20",
        "dueDate": "2026-04-20",
        "currency": "GBP",
        "contactRef": {"id": desk.supplier("employee")},
        "lines": [{"netAmount": 17, "accountRef": {"id": desk.account("meals")}}],
    }
    assert desk.send("POST", "{c}/sync/expenses/reimbursable-expense-transactions", [body]).status == 200


def _transfer(desk: Desk) -> None:
    sides = {
        "from": {"accountRef": {"id": desk.account("bank")}, "amount": 41},
        "to": {"accountRef": {"id": desk.account("reserve")}, "amount": 41},
    }
    path = f"{{c}}/sync/expenses/transfer-transactions/{transaction_id(1)}"
    assert desk.send("PUT", path, {"date": "2026-03-20", **sides}).status == 200


def _adjustment(desk: Desk) -> None:
    lines = [
        {"amount": 23, "accountRef": {"id": desk.account("travel")}},
        {"amount": -23, "accountRef": {"id": desk.account("meals")}},
    ]
    body = {"id": transaction_id(1), "date": "2026-03-20", "currency": "GBP", "lines": lines}
    assert desk.send("POST", "{c}/sync/expenses/adjustment-transactions", [body]).status == 200


def _update(desk: Desk) -> None:
    body = {
        "type": "Payment",
        "issueDate": "2026-03-20",
        "currency": "GBP",
        "bankAccountRef": {"id": desk.account("visa")},
        "lines": [{"netAmount": 77, "taxAmount": 0, "accountRef": {"id": desk.account("meals")}}],
    }
    answer = desk.send("PUT", f"{{c}}/sync/expenses/expense-transactions/{transaction_id(1)}", body)
    assert answer.status == 202, answer.body


WORK: dict[str, Work] = {
    "Payment on visa": _expense("Payment", "visa"),
    "Payment on bank": _expense("Payment", "bank"),
    "Refund on visa": _expense("Refund", "visa"),
    "Reimbursable": _reimbursable,
    "Transfer": _transfer,
    "Adjustment": _adjustment,
}


def killed(desk: Desk, image: bytes, work: Work, point: int) -> Desk:
    """The desk as a new process finds it, when the one before ended at that point of the work and its sync."""
    doomed = desk.reopened(image)
    reaper = Reaper(doomed.world, point)

    def live_on() -> None:
        work(doomed)
        doomed.world.settle()

    with pytest.raises(Killed):
        live_on()
    return doomed.reopened(reaper.image)


def points(desk: Desk, image: bytes, work: Work) -> int:
    """How many points there are to be killed at."""
    whole = desk.reopened(image)
    reaper = Reaper(whole.world)
    work(whole)
    whole.world.settle()
    return reaper.passed


@pytest.mark.parametrize("name", list(WORK))
def test_killed_at_any_call_or_commit_exactly_one_document_stands(name: str) -> None:
    desk = open_desk(platform=POLLED)
    image = desk.world.image()
    count = points(desk, image, WORK[name])
    assert count > 15
    for point in range(1, count + 1):
        after = killed(desk, image, WORK[name], point)
        if after.send("GET", "{c}/sync/expenses/syncs/latest/status").status != 200:
            WORK[name](after)  # the client had no answer and sends again
        sync = synced(after)
        assert (sync["syncStatusCode"], sync["dataPushed"]) == (2000, True), (point, sync)
        assert len(live(after)) == 1, point
        after.native.book.verify()
        assert errands.of_connection(after.world, after.connection) == []


def test_an_update_killed_at_any_call_or_commit_leaves_one_document_with_the_new_amount() -> None:
    desk = open_desk(platform=POLLED)
    _pushed(desk, desk.expense(1))
    synced(desk)
    first = desk.get("{c}/sync/expenses/syncs/latest/status")
    image = desk.world.image()
    for point in range(1, points(desk, image, _update) + 1):
        after = killed(desk, image, _update, point)
        if after.get("{c}/sync/expenses/syncs/latest/status")["syncId"] == first["syncId"]:
            _update(after)
        assert synced(after)["syncStatusCode"] == 2000
        (document,) = live(after)
        assert document.body["Amount"] == "77.00"


# Faults on the way to the program and back

FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    *(("drop_response", phase, {"how": "closed"}) for phase in ("send", "validate", "commit", "render")),
    ("reset", "connect", {}),
    ("truncate", "render", {"keep": 40}),
    *(("html_error_page", phase, {"status": 200}) for phase in ("validate", "commit")),
    *(("server_error", phase, {"status": 503}) for phase in ("validate", "commit")),
    ("late_commit", "validate", {"after": "20s"}),
]


@pytest.mark.parametrize(("kind", "phase", "parameters"), FAULTS)
def test_a_fault_at_the_write_leaves_exactly_one_document(
    polled: Desk, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    plan: Any = polled.world.plan
    fault = plan.add(kind, at={"platform": POLLED, "write": transaction_id(1)}, phase=phase, **parameters)
    polled.push(polled.expense(1))
    sync = synced(polled)
    assert fault not in plan.unfired()
    assert sync["syncStatusCode"] == 2000, sync
    assert len(live(polled)) == 1
    assert polled.balance("visa") == "-13.00 GBP"


@pytest.mark.parametrize("nth", range(1, 9))
@pytest.mark.parametrize("phase", ["send", "render"])
def test_a_lost_call_of_the_program_leaves_exactly_one_document(polled: Desk, nth: int, phase: str) -> None:
    plan: Any = polled.world.plan
    polled.push(polled.expense(1))
    fault = plan.add("drop_response", at={"platform": "codat", "operation": "poll", "nth": nth}, phase=phase)
    sync = synced(polled)
    assert (fault in plan.unfired()) == (nth > 6)  # two greetings, sign-in, fetch, answer, end
    assert sync["syncStatusCode"] == 2000, sync
    assert len(live(polled)) == 1


def test_a_search_that_lags_behind_leaves_exactly_one_document(polled: Desk) -> None:
    plan: Any = polled.world.plan
    plan.add("drop_response", at={"platform": POLLED, "write": transaction_id(1)}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag="50s")
    polled.push(polled.expense(1))
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


# The company's own machine


def machine(desk: Desk, **settings: Any) -> None:
    with desk.world.unit():
        desk.native.change_settings(**settings)


@pytest.mark.parametrize("state", ["modal_dialog", "closed", "single_user", "initializing"])
def test_a_company_file_that_cannot_be_opened_is_asked_for_again_until_it_can(polled: Desk, state: str) -> None:
    machine(polled, file_state=state)
    sync = polled.push(polled.expense(1))
    polled.world.settle(horizon=_minutes(30))
    assert polled.status(sync)["syncStatusCode"] in (1000, 1010)
    assert live(polled) == []
    machine(polled, file_state="open")
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


def test_a_week_of_a_closed_file_is_not_thousands_of_polls(polled: Desk) -> None:
    machine(polled, file_state="closed")
    polled.push(polled.expense(1))
    before = polled.world.tape.count()
    polled.world.settle()
    assert 20 < polled.world.tape.count() - before < 600


def test_a_week_without_work_is_not_polled_for_at_all(polled: Desk) -> None:
    before = polled.world.tape.count()
    polled.world.advance(by=_minutes(7 * 24 * 60))
    assert polled.world.tape.count() == before


def test_a_program_that_does_not_run_is_waited_for(polled: Desk) -> None:
    machine(polled, web_connector_running=False)
    sync = polled.push(polled.expense(1))
    polled.world.settle(horizon=_minutes(30))
    assert polled.status(sync)["syncStatusCode"] == 1010
    machine(polled, web_connector_running=True)
    assert synced(polled)["syncStatusCode"] == 2000


def test_a_document_that_somebody_holds_open_is_sent_again_later(polled: Desk) -> None:
    polled.push(polled.expense(1))
    synced(polled)
    (document,) = live(polled)
    machine(polled, locked_objects=[document.id])
    _update(polled)
    polled.world.advance(by=_minutes(2))
    assert document.version == live(polled)[0].version
    machine(polled, locked_objects=[])
    assert synced(polled)["syncStatusCode"] == 2000
    assert live(polled)[0].body["Amount"] == "77.00"


def test_an_application_that_is_no_longer_let_in_ends_the_connection_and_a_new_permission_goes_on(
    polled: Desk,
) -> None:
    platform: Any = platform_named(POLLED).load_bookkeeper()
    with polled.world.unit():
        platform.disconnect(polled.native)
    polled.push(polled.expense(1))
    assert synced(polled)["syncStatusCode"] == 4220
    assert polled.world_connection()["status"] == "Deauthorized"
    assert live(polled) == []
    authorize(polled.world, polled.connection, company=polled.native.id)
    assert synced(polled)["syncStatusCode"] == 2000
    assert len(live(polled)) == 1


def _minutes(count: int) -> Any:
    from datetime import timedelta

    return timedelta(minutes=count)


# Linking by hand, and a program of one's own


class Program:
    """A program that polls, in a few lines: what the company's user would run."""

    def __init__(self, desk: Desk, url: str, user: str, password: str) -> None:
        self.desk = desk
        self.url = url
        self.user = user
        self.password = password
        self.ticket = ""

    def call(self, method: str, *parts: tuple[str, str]) -> list[str]:
        inner = "".join(f"<{name}>{html.escape(text)}</{name}>" for name, text in parts)
        body = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f'<{method} xmlns="{TNS}">{inner}</{method}></soap:Body></soap:Envelope>'
        )
        headers = (("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", f'"{TNS}{method}"'))
        answer = self.desk.app.edge.dispatch(Request("POST", self.url, headers, body.encode()), world=self.desk.world)
        assert isinstance(answer, Response)
        assert answer.status == 200, answer.body
        (result,) = etree.fromstring(answer.body).iter(f"{{{TNS}}}{method}Result")
        return [child.text or "" for child in result] or [result.text or ""]

    def sign_in(self, *, password: str = "") -> str:
        """The word that the hub answers with; the ticket is kept."""
        given = ("strUserName", self.user), ("strPassword", password or self.password)
        self.ticket, word = self.call("authenticate", *given)
        return word

    def session(self, run: Callable[[str], str]) -> int:
        """A whole session; how many documents were run."""
        word = self.sign_in()
        if word:
            return 0
        count, percent = 0, 0
        while percent < 100:
            (document,) = self.fetch()
            assert document, "there was work, but nothing to fetch"
            count += 1
            told = ("response", run(document)), ("hresult", ""), ("message", "")
            percent = int(self.call("receiveResponseXML", ("ticket", self.ticket), *told)[0])
        self.call("closeConnection", ("ticket", self.ticket))
        return count

    def fetch(self) -> list[str]:
        return self.call("sendRequestXML", ("ticket", self.ticket), ("strHCPResponse", ""))


def unlinked() -> Desk:
    """A desk with a second connection that waits to be linked."""
    desk = open_desk(platform=POLLED)
    assert desk.send("DELETE", "{c}/connections/{k}").status == 200
    made = desk.send("POST", "{c}/connections", {"platformKey": "pqsw"})
    desk.connection = made.body["id"]
    return desk


def offered(desk: Desk) -> dict[str, str]:
    """What the link page gives out, as a program reads it."""
    url = f"https://link-api.codat.io/companies/{desk.company}/connections/{desk.connection}/program"
    answer = desk.app.edge.dispatch(Request("GET", url, (("Accept", "application/json"),)), world=desk.world)
    assert isinstance(answer, Response)
    told: dict[str, str] = exact_json.loads(answer.body)
    return told


def qbxml(desk: Desk, document: str, *, file: str = "") -> str:
    """QuickBooks itself, with what the program would have left in the company file at first contact."""
    with desk.world.unit():
        owner = desk.world.ids.fixed_uuid("codat/poller")
        desk.native.change_settings(file_ids={"{" + owner + "}": "{" + (file or desk.connection) + "}"})
        token = Tokens(desk.world, POLLED).of_company(desk.native.id)[0].value
    headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "text/xml"))
    url = f"https://sandbooks.invalid/{POLLED}/qbxml"
    answer = desk.app.edge.dispatch(Request("POST", url, headers, document.encode()), world=desk.world)
    assert isinstance(answer, Response)
    assert answer.status == 200, answer.body
    return answer.body.decode()


def program_of(desk: Desk) -> Program:
    told = offered(desk)
    return Program(desk, told["url"], told["userName"], told["password"])


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
