"""Links: one-time passwords, platforms without consent, credentials brought along, coming back after an end."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.hub.desk import Desk, open_desk

from sandbooks.hub import link
from sandbooks.wire import Request, Response

REDIRECT = (
    "https://app.example/done?code={statusCode}&text={statusText}&error={errorMessage}&who={customer}&k={connectionId}"
)


def pending(desk: Desk, key: str = "gbol") -> dict[str, Any]:
    """A connection of a new company, as it was answered."""
    company = desk.send("POST", "/companies", {"name": "Globex"}).body["id"]
    made: dict[str, Any] = desk.send("POST", f"/companies/{company}/connections", {"platformKey": key}).body
    return made


def page(desk: Desk, url: str, *, choice: str = "") -> Response:
    """Open a link, or press one of its buttons."""
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    request = Request("POST", url, form, f"choice={choice}".encode()) if choice else Request("GET", url)
    answer = desk.app.edge.dispatch(request, world=desk.world, raises=True)
    assert isinstance(answer, Response)
    return answer


def redirected(desk: Desk) -> None:
    assert desk.send("PUT", "/profile", {"name": "Ours", "redirectUrl": REDIRECT}).status == 200


def told(answer: Response) -> dict[str, str]:
    assert answer.status == 302
    found = parse_qs(urlsplit(answer.header("Location")).query, keep_blank_values=True)
    return {name: values[0] for name, values in found.items()}


def test_a_new_link_has_a_password_that_works_once(desk: Desk) -> None:
    url = pending(desk)["linkUrl"]
    assert re.fullmatch(r"https://link-api\.codat\.io/companies/[\w-]+/connections/[\w-]+/start\?otp=\d{6}", url)
    assert page(desk, url).status == 200
    assert page(desk, url).status == 200  # looking is not using
    assert page(desk, url, choice="approve").status == 302
    assert page(desk, url).status == 410
    assert page(desk, url, choice="approve").status == 410


def test_a_password_expires_after_a_day(desk: Desk) -> None:
    url = pending(desk)["linkUrl"]
    desk.world.advance(by=timedelta(hours=23, minutes=55))
    assert page(desk, url).status == 200
    desk.world.advance(by=timedelta(minutes=10))
    assert page(desk, url).status == 410


def test_a_wrong_password_is_refused_and_a_link_without_one_works(desk: Desk) -> None:
    url = pending(desk)["linkUrl"]
    bare, _, password = url.partition("?otp=")
    wrong = f"{(int(password) + 1) % 10**6:06d}"
    assert page(desk, f"{bare}?otp={wrong}").status == 410
    assert page(desk, bare).status == 200


@pytest.mark.parametrize("sign", ["&", "?"])
def test_a_cancelled_link_comes_back_with_403_and_its_own_parameters_and_is_used(desk: Desk, sign: str) -> None:
    redirected(desk)
    made = pending(desk)
    back = told(page(desk, f"{made['linkUrl']}{sign}customer=c-7", choice="cancel"))
    assert back == {
        "code": "403",
        "text": "User cancelled",
        "error": "User cancelled linking",
        "who": "c-7",
        "k": made["id"],
    }
    assert page(desk, made["linkUrl"]).status == 410


def test_a_linked_connection_comes_back_with_201(desk: Desk) -> None:
    redirected(desk)
    url = desk.get("{c}/connections/{k}")["linkUrl"]
    assert told(page(desk, url))["code"] == "201"


def test_a_connection_that_needs_no_consent_comes_back_with_501_once_it_was_unlinked(desk: Desk) -> None:
    redirected(desk)
    partner = desk.send("POST", "{c}/sync/expenses/connections/partnerExpense").body
    assert told(page(desk, partner["linkUrl"]))["code"] == "201"
    desk.send("PATCH", f"{{c}}/connections/{partner['id']}", {"status": "Unlinked"})
    assert told(page(desk, partner["linkUrl"]))["code"] == "501"


def test_an_unlinked_connection_is_linked_again_and_its_waiting_sync_goes_on(desk: Desk) -> None:
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert (desk.status(sync)["syncStatusCode"], desk.outcome(sync)[0]) == (4220, "Pending")
    desk.authorise()
    assert (desk.status(sync)["syncStatusCode"], desk.outcome(sync)[0]) == (2000, "Completed")


def test_a_refresh_token_alone_is_exchanged_and_links(desk: Desk) -> None:
    consent = desk.world_connection()["consent"]
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    body = {"refresh_token": consent["refresh_token"], "realmId": desk.native.id}
    answer = desk.send("PUT", "{c}/connections/{k}/authorization", body)
    assert (answer.status, answer.body["status"]) == (200, "Linked")
    desk.world.settle()
    assert desk.outcome(desk.push(desk.expense(1))) == ("Completed", "")


def test_a_refresh_token_that_the_platform_refuses_links_nothing(desk: Desk) -> None:
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    body = {"refreshToken": "invented", "companyId": desk.native.id}
    answer = desk.send("PUT", "{c}/connections/{k}/authorization", body)
    assert answer.status == 400
    assert desk.get("{c}/connections/{k}")["status"] == "Unlinked"


def test_an_access_token_that_does_not_work_deauthorises_with_the_first_read(desk: Desk) -> None:
    body = {"accessToken": "invented", "companyId": desk.native.id}
    assert desk.send("PUT", "{c}/connections/{k}/authorization", body).body["status"] == "Linked"
    desk.world.settle()
    shown = desk.get("{c}/connections/{k}")
    assert shown["status"] == "Deauthorized"
    assert shown["dataConnectionErrors"][-1]["status"] == "Active"


def test_what_a_user_would_type_links_a_platform_without_a_consent_page() -> None:
    desk = open_desk(platform="sage_intacct")
    from sandbooks.control.companies import credentials_of
    from sandbooks.hub.integrations import connector_of
    from sandbooks.platform import platform_named

    asked = [field.name for field in connector_of(platform_named("sage_intacct")).asked]  # type: ignore[attr-defined]  # a connector that asks for more
    credentials = credentials_of(desk.native)
    desk.send("PATCH", "{c}/connections/{k}", {"status": "Unlinked"})
    wrong = desk.send("PUT", "{c}/connections/{k}/authorization", dict.fromkeys(asked, "wrong"))
    assert wrong.status == 400
    body = {name: credentials[name] for name in asked}
    assert desk.send("PUT", "{c}/connections/{k}/authorization", body).body["status"] == "Linked"


@pytest.mark.parametrize("body", [{}, [], {"accessToken": 7}, {"accessToken": "a"}, {"companyId": "1"}, b"{"])
def test_credentials_that_lack_something_are_refused(desk: Desk, body: Any) -> None:
    assert desk.send("PUT", "{c}/connections/{k}/authorization", body).status == 400


def test_a_company_token_reaches_its_own_company_for_a_day(desk: Desk) -> None:
    token = desk.get("{c}/accessToken")
    assert (token["tokenType"], token["expiresIn"]) == ("Bearer", 86400)
    bearer = (("Authorization", f"Bearer {token['accessToken']}"),)
    other = pending(desk)["linkUrl"].split("/")[4]
    assert desk.send("GET", "{c}/connections", headers=bearer).status == 200
    assert desk.send("GET", f"/companies/{other}", headers=bearer).status == 403
    assert desk.send("GET", "/companies", headers=bearer).status == 403
    as_key = base64.b64encode(token["accessToken"].encode()).decode()
    assert desk.send("GET", "{c}", headers=(("Authorization", f"Basic {as_key}"),)).status == 401
    desk.world.advance(by=timedelta(days=1, seconds=1))
    assert desk.send("GET", "{c}/connections", headers=bearer).status == 403


def test_a_customer_is_configured_as_the_guide_writes_it_down_on_one_company(desk: Desk) -> None:
    """Source: https://docs.codat.io/expenses/configure-customer, call by call with the ids that it prints."""
    company = desk.send("POST", "/companies", {"name": "Sawayn Group"}).body
    assert (company["name"], company["dataConnections"]) == ("Sawayn Group", [])
    assert company["redirect"] == f"https://link.codat.io/company/{company['id']}"
    place = f"/companies/{company['id']}/connections"
    made = desk.send("POST", place, {"platformKey": "qhyg"}).body
    assert (made["integrationId"], made["sourceId"], made["platformName"], made["status"], made["sourceType"]) == (
        "6b113e06-e818-45d7-977b-8e6bb3d01269",
        "56e6575a-3f1f-4918-b009-f7535555f0d6",
        "QuickBooks Online",
        "PendingAuth",
        "Accounting",
    )
    assert made["linkUrl"].startswith(f"https://link-api.codat.io{place}/{made['id']}/start?otp=")
    answer = page(desk, made["linkUrl"], choice="approve")
    assert answer.status == 302
    link.authorize(desk.world, made["id"], company=desk.native.id)
    assert desk.get(f"{place}/{made['id']}")["status"] == "Linked"
    partner = desk.send("POST", f"/companies/{company['id']}/sync/expenses/connections/partnerExpense").body
    assert (partner["status"], partner["sourceType"]) == ("Linked", "Expense")
    both = {one["id"]: one["status"] for one in desk.get(place)["results"]}
    assert both == {made["id"]: "Linked", partner["id"]: "Linked"}
    unlinked = desk.send("PATCH", f"{place}/{made['id']}", {"status": "Unlinked"})
    assert (unlinked.status, unlinked.body["status"]) == (200, "Unlinked")
    assert desk.get(f"{place}/{partner['id']}")["status"] == "Linked"
