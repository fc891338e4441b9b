"""Companies, connections, Link in a browser and without one."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.hub.desk import Answer, Desk, open_desk

from sandbooks.hub import browser, data, link
from sandbooks.kit.errors import NotSimulated
from sandbooks.wire import Request, Response
from sandbooks.world import World


def made(desk: Desk, **body: Any) -> dict[str, Any]:
    answer = desk.send("POST", "/companies", {"name": "Globex", **body})
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.body
    return found


def test_a_company_is_created_changed_replaced_and_deleted(desk: Desk) -> None:
    company = made(desk, description="Rockets", tags={"region": "north"})
    path = f"/companies/{company['id']}"
    changed = desk.send("PATCH", path, {"description": "Cars"}).body
    assert (changed["name"], changed["description"], changed["tags"]) == ("Globex", "Cars", {"region": "north"})
    replaced = desk.send("PUT", path, {"name": "Initech"}).body
    assert (replaced["name"], "description" in replaced, replaced["tags"]) == ("Initech", False, {})
    assert desk.send("DELETE", path).status == 204
    assert desk.send("GET", path).status == 404


def test_what_a_company_or_connection_lacks_is_absent_and_still_answers_queries(desk: Desk) -> None:
    """Typed clients refuse a null where the public schemas know none."""
    company = made(desk)
    connection = desk.send("POST", f"/companies/{company['id']}/connections", {"platformKey": "gbol"}).body
    listed = desk.send("GET", f"/companies?query=id={company['id']}%26%26lastSync!=2026-01-01").body["results"]
    for body in (company, connection, *listed, *listed[0]["dataConnections"]):
        assert not {"lastSync", "description", "referenceParentCompany"} & set(body)
    shown = desk.send("GET", "/integrations").body["results"]
    assert not any("dataProvidedBy" in each for each in shown)


def test_a_name_loses_the_characters_that_a_name_cannot_have(desk: Desk) -> None:
    assert made(desk, name="Example Company (Codat[1])")["name"] == "Example Company Codat1"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"name": 7}',
        b'{"name": ""}',
        b"{}",
        b'{"name": "A", "tags": {"k": 1}}',
        b'{"name":"\\u0000\\u0001"}',
        b"\xff\xfe",
    ],
)
def test_a_company_with_a_bad_body_is_refused_and_not_stored(desk: Desk, body: bytes) -> None:
    before = desk.get("/companies")["totalResults"]
    answer = desk.send("POST", "/companies", body)
    assert answer.status == 400
    assert answer.body["validation"]["errors"]
    assert desk.get("/companies")["totalResults"] == before


@pytest.mark.parametrize("header", ["", "Basic", "Basic nonsense", "Bearer abc", "Basic ="])
def test_a_wrong_key_is_401_in_the_hubs_envelope(desk: Desk, header: str) -> None:
    answer = desk.send("GET", "/companies", headers=(("Authorization", header),))
    assert (answer.status, answer.body["error"], answer.body["canBeRetried"]) == (401, "Unauthorized", "Unknown")


def test_every_answer_tells_what_is_left_of_the_daily_quota(desk: Desk) -> None:
    first, second = desk.send("GET", "/companies"), desk.send("GET", "/companies")
    assert first.headers["X-Rate-Limit-Limit"] == "2000"
    assert int(first.headers["X-Rate-Limit-Remaining"]) == int(second.headers["X-Rate-Limit-Remaining"]) + 1
    assert first.headers["X-Rate-Limit-Reset"] == "2026-03-24T00:00:00.0000000Z"


def test_unknown_paths_methods_and_companies_answer_in_the_envelope(desk: Desk) -> None:
    assert desk.send("GET", "/nowhere").status == 404
    assert desk.send("PATCH", "/companies", {}).status == 405
    missing = desk.send("GET", "/companies/8a210b68-6988-11ed-a1eb-0242ac120002")
    assert missing.body["error"] == "No company was found with ID 8a210b68-6988-11ed-a1eb-0242ac120002"


def test_companies_are_found_by_a_query_and_come_in_pages(desk: Desk) -> None:
    for name in ("Alpha Ltd", "Beta Ltd", "Gamma plc"):
        made(desk, name=name)
    assert [c["name"] for c in desk.get("/companies", query="name~Ltd")["results"]] == ["Alpha Ltd", "Beta Ltd"]
    assert [c["name"] for c in desk.get("/companies", orderBy="-name", pageSize="1")["results"]] == ["Gamma plc"]
    page = desk.get("/companies", pageSize="2", page="1")
    assert (page["totalResults"], len(page["results"])) == (4, 2)
    assert page["_links"]["self"] == {"href": "/companies"}
    following = desk.send("GET", page["_links"]["next"]["href"]).body
    assert [c["name"] for c in following["results"]] == ["Beta Ltd", "Gamma plc"]
    assert "next" not in following["_links"]


def test_companies_are_found_by_the_status_of_their_connections(desk: Desk) -> None:
    lonely = made(desk, name="Lonely")
    linked = desk.get("/companies", query="dataConnections.status=Linked")["results"]
    assert [c["id"] for c in linked] == [desk.company]
    without = desk.get("/companies", query="dataConnections.status!=Linked")["results"]
    assert [c["id"] for c in without] == [lonely["id"]]


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("name", "ClientsApi"),
        ("name=", "ClientsApi"),
        ("{name=A", "ClientsApi"),
        ("nme=A", "PullApi"),
        ("&&", "ClientsApi"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(desk: Desk, query: str, service: str) -> None:
    answer = desk.send("GET", "/companies?query=" + query.replace("&", "%26").replace("{", "%7B"))
    assert (answer.status, answer.body["service"]) == (400, service)


@pytest.mark.parametrize("text", ["page=0", "page=x", "pageSize=5001", "pageSize=-1", "page=99999999999999999999"])
def test_a_page_out_of_range_is_refused(desk: Desk, text: str) -> None:
    assert desk.send("GET", f"/companies?{text}").status == 400


def test_a_repeated_key_gives_the_first_answer_and_another_body_is_refused(desk: Desk) -> None:
    key = (("Idempotency-Key", "a0f5"),)
    first = desk.send("POST", "/companies", {"name": "Once"}, headers=key)
    again = desk.send("POST", "/companies", {"name": "Once"}, headers=key)
    assert first.body == again.body
    assert desk.send("POST", "/companies", {"name": "Twice"}, headers=key).status == 422
    assert len(desk.get("/companies", query="name=Once")["results"]) == 1


# Connections


def test_a_connection_begins_pending_and_needs_a_known_key(desk: Desk) -> None:
    company = made(desk)
    path = f"/companies/{company['id']}/connections"
    connection = desk.send("POST", path, {"platformKey": "qhyg"}).body
    assert (connection["status"], connection["sourceType"]) == ("PendingAuth", "Accounting")
    assert desk.send("POST", path, {"platformKey": "zzzz"}).status == 400
    bare = desk.send("POST", path, "qhyg")
    assert (bare.status, bare.body["error"]) == (400, "Push object DataConnectionArgs must be provided")


def test_only_a_linked_connection_can_be_unlinked(desk: Desk) -> None:
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Linked"}).status == 400
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).body["status"] == "Unlinked"
    assert desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"}).status == 400


def test_a_deleted_connection_is_gone(desk: Desk) -> None:
    assert desk.send("DELETE", "{c}/connections/{k}").status == 200
    assert desk.send("GET", "{c}/connections/{k}").status == 404


def test_the_partner_expense_connection_is_linked_at_once_and_made_once(desk: Desk) -> None:
    company = made(desk)
    path = f"/companies/{company['id']}/sync/expenses/connections/partnerExpense"
    first, second = desk.send("POST", path), desk.send("POST", path)
    assert (first.body["status"], first.body["sourceType"]) == ("Linked", "Expense")
    assert first.body["id"] == second.body["id"]


def test_another_companys_connection_is_not_found(desk: Desk) -> None:
    company = made(desk)
    assert desk.send("GET", f"/companies/{company['id']}/connections/{desk.connection}").status == 404


# Link


class Browser:
    """A person with a browser: keeps no cookies, follows what it is told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def open(self, url: str, form: str | None = None) -> Response:
        headers = (("Content-Type", "application/x-www-form-urlencoded"),) if form is not None else ()
        method = "GET" if form is None else "POST"
        answer = self.desk.app.edge.dispatch(
            Request(method, url, headers, (form or "").encode()), world=self.desk.world, raises=True
        )
        assert isinstance(answer, Response)
        return answer


def pending(desk: Desk) -> dict[str, Any]:
    company = made(desk)
    desk.company = company["id"]
    answer: Answer = desk.send("POST", "{c}/connections", {"platformKey": "qhyg"})
    desk.connection = answer.body["id"]
    found: dict[str, Any] = answer.body
    return found


@pytest.mark.parametrize("by_host", [True, False])
def test_a_person_links_a_company_through_the_pages(desk: Desk, by_host: bool) -> None:
    connection = pending(desk)
    desk.send(
        "PUT", "/profile", {"redirectUrl": "https://app.example/done?company={companyId}&is={statusCode}&t={ref}"}
    )
    url = connection["linkUrl"]
    if not by_host:
        url = url.replace("https://link-api.codat.io", "http://127.0.0.1:8787/codat")
    person = Browser(desk)
    shown = person.open(f"{url}?ref=77")
    assert "Connect QuickBooks Online" in shown.body.decode()
    to_platform = person.open(f"{url}?ref=77", "choice=approve").header("Location")
    assert to_platform.startswith("https://appcenter.intuit.com/" if by_host else "http://127.0.0.1:8787/")
    callback = to_platform_and_back(person, to_platform, desk.native.id)
    done = person.open(callback)
    assert done.header("Location") == f"https://app.example/done?company={desk.company}&is=200&t=77"
    assert desk.get("{c}/connections/{k}")["status"] == "Linked"
    assert {row["currentStatus"] for row in desk.get("{c}/dataStatus").values()} == {"Complete"}


def to_platform_and_back(person: Browser, url: str, company: str) -> str:
    redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
    seen: list[str] = []

    def send(request: Request) -> Response:
        form = request.body.decode() if request.method == "POST" else None
        answer = person.open(request.url, form)
        seen.append(answer.header("Location"))
        return answer

    browser.consent(send, url, until=redirect, company=company)
    return seen[-1]


def test_a_person_who_cancels_leaves_the_connection_pending_with_the_reason(desk: Desk) -> None:
    connection = pending(desk)
    page = Browser(desk).open(connection["linkUrl"], "choice=cancel")
    assert "User cancelled linking" in page.body.decode()
    found = desk.get("{c}/connections/{k}")
    assert found["status"] == "PendingAuth"
    assert [(e["statusCode"], e["errorMessage"]) for e in found["dataConnectionErrors"]] == [
        ("403", "User cancelled linking")
    ]


def test_a_company_link_lets_a_person_choose_the_platform(desk: Desk) -> None:
    company = made(desk)
    person = Browser(desk)
    offered = re.findall(r'value="([a-z]{4})"', person.open(company["redirect"]).body.decode())
    assert "qhyg" in offered
    assert person.open(company["redirect"], "choice=qhyg").status == 302
    found = desk.get(f"/companies/{company['id']}/connections")["results"]
    assert [c["platformName"] for c in found] == ["QuickBooks Online"]


def test_an_invented_state_at_the_callback_links_nothing(desk: Desk) -> None:
    answer = Browser(desk).open("https://link-api.codat.io/link/callback?state=nonsense&code=x&realmId=1")
    assert answer.status == 400


def test_a_consent_to_another_company_than_asked_is_refused(desk: Desk) -> None:
    from sandbooks.connector import Refused

    pending(desk)
    with pytest.raises(Refused):
        link.complete(
            desk.world,
            desk.world_connection(),
            {"code": "x", "realmId": "somebody else"},
            redirect_uri="https://link-api.codat.io/link/callback",
            company=desk.native.id,
        )


def test_tokens_brought_along_link_a_connection(desk: Desk) -> None:
    from sandbooks.control.companies import credentials_of

    native = credentials_of(desk.native)
    pending(desk)
    body = {
        "accessToken": native["access_token"],
        "refreshToken": native["refresh_token"],
        "companyId": desk.native.id,
    }
    assert desk.send("PUT", "{c}/connections/{k}/authorization", body).body["status"] == "Linked"
    assert desk.get("{c}/data/info")["companyName"] == "Acme"
    assert desk.send("PUT", "{c}/connections/{k}/authorization", {"accessToken": ""}).status == 400


def test_two_worlds_with_one_seed_give_one_tape() -> None:
    tapes = []
    for _ in range(2):
        desk = open_desk(seed=23)
        desk.push(desk.expense(1), desk.expense(2, "Refund"))
        tapes.append([(e.method, e.url, e.status, e.request_body, e.response_body) for e in desk.world.tape.entries()])
    assert tapes[0] == tapes[1]


@pytest.mark.parametrize("query", ["code=x", "code=x&realmId", "realmId=1", "code=&realmId="])
def test_a_sign_in_that_comes_back_without_a_company_links_nothing(desk: Desk, query: str) -> None:
    connection = pending(desk)
    consent = Browser(desk).open(connection["linkUrl"], "choice=approve").header("Location")
    state = parse_qs(urlsplit(consent).query)["state"][0]
    answer = Browser(desk).open(f"https://link-api.codat.io/link/callback?state={state}&{query}")
    assert "Not connected" in answer.body.decode()
    assert desk.get("{c}/connections/{k}")["status"] == "PendingAuth"


def test_what_rests_on_a_company_that_could_not_be_read_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = data.copy_of

    def without_company(world: World, company: str, data_type: str) -> dict[str, Any] | None:
        return None if data_type == "company" else real(world, company, data_type)

    monkeypatch.setattr(data, "copy_of", without_company)
    assert desk.send("GET", "{c}/data/accounts").status == 404
    desk.send("POST", "{c}/data/queue/bills")
    desk.world.settle()
    newest = desk.get("{c}/data/history")["results"][0]
    assert newest["dataType"] == "bills"
    assert newest["status"] != "Complete"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{c}/data/invoices"),
        ("GET", "{c}/data/financials/balanceSheet"),
        ("GET", "{c}/reports/enhancedBalanceSheet/accounts"),
        ("GET", "{c}/connections/{k}/data/commerce-orders"),
        ("POST", "{c}/connections/{k}/push/bankAccounts/7/bankTransactions"),
        ("GET", "{c}/connections/{k}/connectionInfo/bankFeedAccounts"),
    ],
)
def test_other_products_of_codat_say_that_they_are_not_simulated(desk: Desk, method: str, path: str) -> None:
    with pytest.raises(NotSimulated):
        desk.send(method, path)
