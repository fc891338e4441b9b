"""Consent, tokens and their quotas, scopes, data centres, organisations and request limits."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.platforms.zoho_books.desk import ACCOUNTS, Desk

from sandbooks import Sandbox, exact_json
from sandbooks.kit.limits import Window, take
from sandbooks.platforms.zoho_books import access
from sandbooks.wire import Request, Response


def sent(desk: Desk, path: str, **form: str) -> Response:
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": ""}
    return desk.send("POST", f"{ACCOUNTS}/oauth/v2/{path}", body, headers=headers)


def said(answer: Response) -> Any:
    return exact_json.loads(answer.body)


def client(desk: Desk) -> dict[str, str]:
    return {name: desk.credentials[name] for name in ("client_id", "client_secret")}


def refresh(desk: Desk, **changes: str) -> Response:
    given = {"grant_type": "refresh_token", "refresh_token": desk.credentials["refresh_token"], **client(desk)}
    return sent(desk, "token", **{**given, **changes})


def consent(desk: Desk, scope: str = "ZohoBooks.fullaccess.all", **more: str) -> dict[str, str]:
    asked = {
        "client_id": desk.credentials["client_id"],
        "redirect_uri": "https://app.example.com/back",
        "response_type": "code",
        "scope": scope,
        "access_type": "offline",
        "state": "s-1",
        **more,
    }
    answer = desk.send("GET", f"{ACCOUNTS}/oauth/v2/auth", **asked)
    assert answer.status == 302, answer.body
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.header("Location")).query).items()}


def exchange(desk: Desk, code: str, **changes: str) -> Response:
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://app.example.com/back"}
    return sent(desk, "token", **{**given, **client(desk), **changes})


def test_a_consent_gives_a_code_and_the_code_tokens(desk: Desk) -> None:
    back = consent(desk)
    assert (back["state"], back["location"], back["accounts-server"]) == ("s-1", "eu", ACCOUNTS)
    tokens = said(exchange(desk, back["code"]))
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert (tokens["api_domain"], tokens["access_token"][:5]) == ("https://www.zohoapis.eu", "1000.")
    desk.token = tokens["access_token"]
    assert desk.get("organizations")["organizations"]


def test_a_refresh_token_comes_with_the_first_consent_or_when_consent_is_asked_for_anew(desk: Desk) -> None:
    def refreshed(**asked: str) -> str:
        return str(said(exchange(desk, consent(desk, **asked)["code"])).get("refresh_token", ""))

    first = refreshed()
    assert first
    assert refreshed() == ""
    asked_anew = refreshed(prompt="consent")
    assert asked_anew not in ("", first)
    assert refreshed(prompt="consent", access_type="online") == ""
    for token in (first, asked_anew):
        assert said(sent(desk, "token/revoke", token=token)) == {"status": "success"}
    assert refreshed()


def test_a_code_is_used_once_and_lives_a_minute(desk: Desk) -> None:
    code = consent(desk)["code"]
    assert "access_token" in said(exchange(desk, code))
    again = exchange(desk, code)
    assert (again.status, said(again)) == (200, {"error": "invalid_code"})
    late = consent(desk)["code"]
    desk.world.advance(by=timedelta(seconds=61))
    assert said(exchange(desk, late)) == {"error": "invalid_code"}


def test_a_browser_sees_a_page_and_may_say_no(desk: Desk) -> None:
    asked = {
        "client_id": desk.credentials["client_id"],
        "redirect_uri": "https://app.example.com/back",
        "response_type": "code",
        "scope": "ZohoBooks.bills.ALL",
    }
    page = desk.send("GET", f"{ACCOUNTS}/oauth/v2/auth", headers={"Accept": "text/html"}, **asked)
    assert (page.status, b"Larch and Finch" in page.body) == (200, True)
    refused = desk.send("GET", f"{ACCOUNTS}/oauth/v2/auth", decision="reject", **asked)
    assert refused.header("Location") == "https://app.example.com/back?error=access_denied"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client_secret"),
        ({"refresh_token": "1000.x.y"}, "invalid_code"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_errors_of_the_accounts_server_come_with_status_200(desk: Desk, changes: dict[str, str], error: str) -> None:
    answer = refresh(desk, **changes)
    assert (answer.status, said(answer)) == (200, {"error": error})


def test_a_refresh_token_stays_the_same_and_the_old_access_token_lives(desk: Desk) -> None:
    fresh = said(refresh(desk))
    assert "refresh_token" not in fresh
    desk.get("organizations")
    desk.token = fresh["access_token"]
    desk.get("organizations")
    assert said(refresh(desk))["access_token"] != fresh["access_token"]


def test_the_eleventh_access_token_in_ten_minutes_is_denied_with_status_200(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    for _ in range(10):
        assert "access_token" in said(refresh(desk))
    denied = refresh(desk)
    assert (denied.status, said(denied)["error"], said(denied)["status"]) == (200, "Access Denied", "failure")
    desk.world.put("settings", "zoho_books/token_denial_status", 400)
    assert refresh(desk).status == 400
    desk.world.advance(by=timedelta(minutes=10))
    assert "access_token" in said(refresh(desk))


def test_the_oldest_access_token_gives_way_to_the_thirty_first(desk: Desk) -> None:
    desk.world.advance(by=timedelta(seconds=1))
    for _ in range(30):
        refresh(desk)
    assert desk.refused("GET", "organizations", status=401)[0] == 57


def test_a_refresh_token_is_pushed_out_by_the_twenty_first(desk: Desk) -> None:
    for _ in range(20):
        assert "refresh_token" in said(exchange(desk, consent(desk, prompt="consent")["code"]))
    assert said(refresh(desk)) == {"error": "invalid_code"}


def test_revoking_a_refresh_token_ends_its_access_tokens(desk: Desk) -> None:
    assert said(sent(desk, "token/revoke", token=desk.credentials["refresh_token"])) == {"status": "success"}
    assert desk.refused("GET", "organizations", status=401)[0] == 57
    assert said(refresh(desk)) == {"error": "invalid_code"}
    assert sent(desk, "token/revoke", token="1000.no.no").status == 400


def test_an_expired_token_is_refused_and_the_number_can_be_chosen(desk: Desk) -> None:
    desk.world.advance(by=timedelta(minutes=61))
    assert desk.refused("GET", "bills", status=401)[0] == 57
    desk.world.put("settings", "zoho_books/expired_token_code", 14)
    assert desk.refused("GET", "bills", status=401)[0] == 14


@pytest.mark.parametrize("scheme", ["Zoho-oauthtoken", "Bearer", "zoho-oauthtoken"])
def test_both_words_before_a_token_are_known(desk: Desk, scheme: str) -> None:
    answer = desk.send("GET", "bills", headers={"Authorization": f"{scheme} {desk.token}"})
    assert answer.status == 200
    assert desk.send("GET", "bills", headers={"Authorization": f"Basic {desk.token}"}).status == 401


def test_a_scope_allows_its_module_and_operation_alone(desk: Desk) -> None:
    code = consent(desk, "ZohoBooks.bills.READ,ZohoBooks.contacts.ALL")["code"]
    desk.token = said(exchange(desk, code))["access_token"]
    desk.get("bills")
    desk.make("contacts", "contact", contact_name="Made by scope")
    assert desk.refused("GET", "expenses", status=401)[0] == 57
    assert desk.refused("POST", "bills", {}, status=401)[0] == 57


def test_an_organisation_of_somebody_else_is_refused(desk: Desk) -> None:
    code, text = desk.refused("GET", "bills", organization_id="999")
    assert (code, text) == (6041, "This user is not associated with the CompanyID/CompanyName:999.")


def test_a_call_without_an_organisation_falls_back_on_the_default_one(desk: Desk) -> None:
    url = "https://www.zohoapis.eu/books/v3/bills"
    assert desk.send("GET", url).status == 200
    header = {"X-com-zoho-books-organizationid": "999"}
    assert desk.send("GET", url, headers=header).status == 400
    with desk.world.unit():
        desk.company.change_settings(require_organization_id=True)
    assert said(desk.send("GET", url))["code"] == 1001


def test_a_token_works_in_its_own_data_centre_alone(desk: Desk) -> None:
    query = f"?organization_id={desk.company.id}"
    assert desk.send("GET", f"https://www.zohoapis.com/books/v3/bills{query}").status == 401
    assert desk.send("GET", f"https://books.zoho.eu/api/v3/bills{query}").status == 200
    assert desk.send("GET", f"http://127.0.0.1:9/zoho_books/api/v3/bills{query}").status == 200
    answer = desk.send(
        "POST",
        "https://accounts.zoho.com/oauth/v2/token",
        f"grant_type=refresh_token&refresh_token={desk.credentials['refresh_token']}"
        f"&client_id={desk.credentials['client_id']}&client_secret={desk.credentials['client_secret']}".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert said(answer) == {"error": "invalid_code"}


def test_the_hundred_and_first_call_of_a_minute_is_refused(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.world.clock.configure(mode="frozen")
    for left in range(99, -1, -1):
        assert desk.send("GET", "users/me").header("X-Rate-Limit-Remaining") == str(left)
    answer = desk.send("GET", "users/me")
    assert (answer.status, said(answer)["code"]) == (429, 44)
    assert said(answer)["message"].startswith("For security reasons your organization has been blocked")
    desk.world.advance(by=timedelta(seconds=60))
    assert desk.send("GET", "users/me").status == 200


def exceed_a_minute(desk: Desk) -> Response:
    """More calls than a minute has; the answer to the last."""
    for _ in range(100):
        take(desk.world, desk.company.id, access.MINUTE)
    return desk.send("GET", "users/me")


def test_an_organisation_that_exceeds_its_minutes_again_and_again_is_blocked_for_longer(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.world.clock.configure(mode="frozen")
    for _ in range(2):
        assert int(exceed_a_minute(desk).header("X-Rate-Limit-Reset")) <= 60
        desk.world.advance(by=timedelta(seconds=60))
    answer = exceed_a_minute(desk)
    assert (answer.status, said(answer)["code"], answer.header("X-Rate-Limit-Reset")) == (429, 44, "600")
    desk.world.advance(by=timedelta(seconds=599))
    given = {"contact_name": "Too Soon", "contact_type": "vendor"}
    assert desk.refused("POST", "contacts", given, status=429)[0] == 44
    desk.world.advance(by=timedelta(seconds=1))
    assert desk.send("POST", "contacts", given).status == 201


def test_minutes_long_apart_block_nobody(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.world.clock.configure(mode="frozen")
    for _ in range(4):
        assert int(exceed_a_minute(desk).header("X-Rate-Limit-Reset")) <= 60
        desk.world.advance(by=timedelta(hours=1))
        desk.sign_in()


def test_an_organisation_says_how_long_it_is_blocked_or_that_it_never_is(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.world.clock.configure(mode="frozen")
    with desk.world.unit():
        desk.company.change_settings(minute_block={"minutes": 1, "seconds": 90})
    assert exceed_a_minute(desk).header("X-Rate-Limit-Reset") == "90"
    desk.world.advance(by=timedelta(seconds=90))
    with desk.world.unit():
        desk.company.change_settings(minute_block={"minutes": 0})
    for _ in range(4):
        assert int(exceed_a_minute(desk).header("X-Rate-Limit-Reset")) <= 60
        desk.world.advance(by=timedelta(seconds=60))


def test_the_calls_of_a_day_are_bounded_by_the_plan(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    with desk.world.unit():
        desk.company.change_settings(plan_name="FREE")
    for _ in range(1000):
        take(desk.world, desk.company.id, Window("zoho_books/day", 1000, 86400))
    answer = desk.send("GET", "bills")
    assert (answer.status, said(answer)["code"]) == (429, 45)
    assert said(answer)["message"].endswith("has exceeded the maximum call rate limit of 1000.")


def under_way(desk: Desk, organization: str, count: int) -> ExitStack:
    """So many calls of an organisation that have no answer yet."""
    stack = ExitStack()
    for number in range(count):
        url = f"https://www.zohoapis.eu/books/v3/bills?organization_id={organization}&page={number + 1}"
        stack.enter_context(desk.world.traffic.joined("zoho_books", Request("GET", url)))
    return stack


@pytest.mark.parametrize(("plan", "most"), [("FREE", 5), ("PREMIUM", 10)])
def test_more_calls_at_once_than_the_plan_has_are_refused_and_write_nothing(desk: Desk, plan: str, most: int) -> None:
    desk.world.put("settings", "limits", None)
    with desk.world.unit():
        desk.company.change_settings(plan_name=plan)
    given = {"contact_name": "Tenth", "contact_type": "vendor"}
    with under_way(desk, desk.company.id, most):
        code, text = desk.refused("POST", "contacts", given, status=429)
    assert (code, text.startswith("You have reached the maximum number of in process requests")) == (1070, True)
    with under_way(desk, desk.company.id, most - 1), under_way(desk, "20070019999", most):
        assert desk.send("POST", "contacts", given).status == 201


@pytest.mark.parametrize(("limit", "code"), [("minute", 44), ("day", 45), ("concurrent", 1070)])
def test_a_fault_reports_the_limit_that_it_names(limit: str, code: int) -> None:
    with Sandbox(seed=7) as sandbox:
        acme = sandbox.company("zoho_books")
        url = f"https://www.zohoapis.com/books/v3/bills?organization_id={acme.credentials['organization_id']}"
        headers = (("Authorization", f"Zoho-oauthtoken {acme.credentials['access_token']}"),)
        with sandbox.fault("throttle", limit=limit):
            answer = sandbox.dispatch(Request("GET", url.replace(".com/", ".eu/"), headers))
    assert isinstance(answer, Response)
    assert (answer.status, said(answer)["code"]) == (429, code)


def test_unknown_addresses_and_methods_are_answered_natively(desk: Desk) -> None:
    assert desk.refused("GET", "nowhere", status=404) == (5, "Invalid URL Passed")
    assert desk.refused("DELETE", "users/me/photo", status=404)[0] == 5
    assert desk.refused("PUT", "bankstatements", {}, status=405)[0] == 5


def test_a_document_travels_in_a_form_in_the_query_or_as_json(desk: Desk) -> None:
    text = '{"contact_name": "By Form", "contact_type": "vendor"}'
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.send("POST", "contacts", f"JSONString={text}".encode(), headers=form).status == 201
    assert desk.send("POST", "contacts", JSONString=text.replace("Form", "Query")).status == 201
    assert desk.refused("POST", "contacts")[0] == 11
    assert desk.refused("POST", "contacts", b"{", status=400)[0] == 11


@pytest.mark.parametrize(
    "address", ["http://[bad", "http://a.example/\r\nX: y", "http://a.example/a b", "http://", "javascript:x", ""]
)
def test_a_consent_goes_back_to_web_addresses_only(desk: Desk, address: str) -> None:
    asked = {"client_id": desk.credentials["client_id"], "response_type": "code", "scope": "ZohoBooks.fullaccess.all"}
    answer = desk.send("GET", f"{ACCOUNTS}/oauth/v2/auth", **asked, redirect_uri=address)
    assert answer.status != 302
    assert answer.header("Location") == ""


def test_a_consent_form_that_cannot_be_decoded_decides_nothing(desk: Desk) -> None:
    packed = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    answer = desk.send("POST", f"{ACCOUNTS}/oauth/v2/auth", b"not gzip", headers=packed)
    assert answer.header("Location") == ""
