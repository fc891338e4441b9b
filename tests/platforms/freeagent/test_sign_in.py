"""Sign-in: consent, codes, tokens, and what an application may not do with them."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.platforms.freeagent import contract
from tests.platforms.freeagent.desk import BASE, Desk

from sandbooks import exact_json
from sandbooks.wire import Request, Response

REDIRECT = "https://app.example/cb"


def ask(desk: Desk, method: str, url: str, body: bytes = b"", **headers: str) -> Response:
    answer = desk.app.edge.dispatch(
        Request(method, url, tuple((k.replace("_", "-"), v) for k, v in headers.items()), body), raises=True
    )
    assert isinstance(answer, Response)
    return answer


def basic(desk: Desk) -> str:
    pair = f"{desk.credentials['client_id']}:{desk.credentials['client_secret']}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def consent(desk: Desk, **more: str) -> dict[str, list[str]]:
    asked = {
        "client_id": desk.credentials["client_id"],
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "state": "s1",
        **more,
    }
    answer = ask(desk, "GET", f"{BASE}/v2/approve_app?{urlencode(asked)}")
    assert answer.status == 302
    assert answer.header("Location").startswith(REDIRECT)
    return parse_qs(urlsplit(answer.header("Location")).query)


def token(desk: Desk, **members: str) -> Response:
    form = urlencode(members).encode()
    return ask(desk, "POST", f"{BASE}/v2/token_endpoint", form, Authorization=basic(desk))


def refresh(desk: Desk, value: str) -> Response:
    return token(desk, grant_type="refresh_token", refresh_token=value)


def test_a_code_becomes_tokens_that_open_the_company(desk: Desk) -> None:
    found = consent(desk)
    assert found["state"] == ["s1"]
    answer = token(desk, grant_type="authorization_code", code=found["code"][0], redirect_uri=REDIRECT)
    body = exact_json.loads(answer.body)
    assert (answer.status, body["token_type"], body["expires_in"]) == (200, "bearer", 3600)
    assert body["refresh_token_expires_in"] == 631151957
    desk.token = body["access_token"]
    assert desk.get("company")["company"]["name"] == "Larch and Finch Ltd"
    assert desk.get("users/me")["user"]["permission_level"] == 8


def test_a_code_works_once_and_only_for_its_redirect(desk: Desk) -> None:
    code = consent(desk)["code"][0]
    wrong = token(desk, grant_type="authorization_code", code=code, redirect_uri="https://other.example/cb")
    assert (wrong.status, exact_json.loads(wrong.body)["error"]) == (400, "invalid_grant")
    assert token(desk, grant_type="authorization_code", code=code, redirect_uri=REDIRECT).status == 200
    assert token(desk, grant_type="authorization_code", code=code, redirect_uri=REDIRECT).status == 400


def test_a_code_expires_after_fifteen_minutes(desk: Desk) -> None:
    code = consent(desk)["code"][0]
    desk.world.advance(by=timedelta(minutes=15))
    assert token(desk, grant_type="authorization_code", code=code).status == 400


def test_a_person_sees_a_page_and_may_cancel(desk: Desk) -> None:
    asked = {"client_id": desk.credentials["client_id"], "response_type": "code", "redirect_uri": REDIRECT}
    page = ask(desk, "GET", f"{BASE}/v2/approve_app?{urlencode(asked)}", Accept="text/html")
    assert (page.status, b"Larch and Finch Ltd" in page.body) == (200, True)
    form = urlencode({**asked, "state": "z", "decision": "cancel"}).encode()
    answer = ask(desk, "POST", f"{BASE}/v2/approve_app", form)
    assert (answer.status, answer.header("Location")) == (302, f"{REDIRECT}?error=access_denied&state=z")


@pytest.mark.parametrize(
    "wrong", [{"client_id": "nobody"}, {"redirect_uri": "javascript:1"}, {"response_type": "token"}]
)
def test_a_wrong_request_for_consent_sends_nobody_anywhere(desk: Desk, wrong: dict[str, str]) -> None:
    asked = {"client_id": desk.credentials["client_id"], "response_type": "code", "redirect_uri": REDIRECT, **wrong}
    assert ask(desk, "GET", f"{BASE}/v2/approve_app?{urlencode(asked)}").status == 400


def test_an_access_token_ends_after_an_hour_and_a_refresh_gives_another(desk: Desk) -> None:
    desk.world.advance(by=timedelta(hours=1))
    assert "not recognised" in desk.refused("GET", "company", status=401)
    desk.token = exact_json.loads(refresh(desk, desk.credentials["refresh_token"]).body)["access_token"]
    assert desk.get("company")["company"]["currency"] == "GBP"


def test_a_used_refresh_token_lives_until_its_successor_is_used(desk: Desk) -> None:
    first = desk.credentials["refresh_token"]
    second = exact_json.loads(refresh(desk, first).body)["refresh_token"]
    assert second != first
    assert refresh(desk, first).status == 200
    assert refresh(desk, second).status == 200
    again = refresh(desk, first)
    assert (again.status, exact_json.loads(again.body)["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("rotation", "status"), [("at_once", 400), ("never", 200)])
def test_other_rotations_are_a_setting(desk: Desk, rotation: str, status: int) -> None:
    desk.company.change_settings(refresh_rotation=rotation)
    assert refresh(desk, desk.credentials["refresh_token"]).status == 200
    assert refresh(desk, desk.credentials["refresh_token"]).status == status


@pytest.mark.parametrize("where", ["json", "query", "form"])
def test_token_parameters_come_in_any_of_the_forms_that_clients_send(desk: Desk, where: str) -> None:
    given = {"grant_type": "refresh_token", "refresh_token": desk.credentials["refresh_token"]}
    given |= {name: desk.credentials[name] for name in ("client_id", "client_secret")}
    body, query = b"", ""
    if where == "json":
        body = exact_json.dumps(given)
    elif where == "form":
        body = urlencode(given).encode()
    else:
        query = "?" + urlencode(given)
    assert ask(desk, "POST", f"{BASE}/v2/token_endpoint{query}", body).status == 200


def test_wrong_application_credentials_are_refused_in_their_own_words(desk: Desk) -> None:
    wrong = ask(desk, "POST", f"{BASE}/v2/token_endpoint", b"grant_type=x", Authorization="Basic Zm9vOmJhcg==")
    assert (wrong.status, wrong.body) == (401, b"HTTP Basic: Access denied.")
    answer = ask(desk, "POST", f"{BASE}/v2/token_endpoint", b"grant_type=x&client_id=a&client_secret=b")
    assert (answer.status, exact_json.loads(answer.body)) == (401, {"error": "invalid_client"})
    contract.check("token_endpoint", answer)
    assert exact_json.loads(token(desk, grant_type="password").body) == {"error": "unsupported_grant_type"}


def test_the_sixteenth_refresh_in_a_minute_is_refused_in_plain_text(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.company.change_settings(refresh_rotation="never")
    desk.world.clock.configure(mode="frozen")
    value = desk.credentials["refresh_token"]
    assert [refresh(desk, value).status for _ in range(15)] == [200] * 15
    answer = refresh(desk, value)
    assert (answer.status, answer.header("Retry-After")) == (429, "60")
    assert answer.body == b"You must not exceed 15 requests per 60 seconds"
    desk.world.advance(by=timedelta(minutes=1))
    assert refresh(desk, value).status == 200


def test_the_request_limit_and_its_test_header(desk: Desk) -> None:
    desk.world.put("settings", "limits", None)
    desk.world.clock.configure(mode="frozen")
    answers = [desk.send("GET", "company", headers={"X-RateLimit-Test": "true"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert answers[-1].body == b"You must not exceed 5 requests per 60 seconds"
    assert [desk.send("GET", "company").status for _ in range(121)] == [200] * 120 + [429]


def test_a_user_below_the_level_of_a_route_is_refused(desk: Desk) -> None:
    user = desk.company.records.get("user", desk.me().rpartition("/")[2])
    assert user is not None
    with desk.world.unit():
        desk.company.records.put("user", user.id, {**user.body, "permission_level": 5}, version=2)
    assert "not allowed" in desk.refused("GET", "bank_accounts", status=403)
    assert desk.get("bills") == {"bills": []}


@pytest.mark.parametrize("address", ["http://a.example/\r\nX: y", "http://[", "http://a b/", "javascript:1"])
def test_what_is_no_address_is_not_redirected_to(desk: Desk, address: str) -> None:
    asked = {"client_id": desk.credentials["client_id"], "response_type": "code", "redirect_uri": address}
    for decision in ("approve", "cancel"):
        answer = ask(desk, "GET", f"{BASE}/v2/approve_app?{urlencode({**asked, 'decision': decision})}")
        assert (answer.status, answer.header("Location")) == (400, "")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"grant_type": "\\ud800"}', b"\xff\xfe"])
def test_a_token_request_that_cannot_be_parsed_is_refused_as_oauth_refuses(desk: Desk, body: bytes) -> None:
    answer = ask(desk, "POST", f"{BASE}/v2/token_endpoint", body, Authorization=basic(desk))
    assert answer.status == 400
    assert "error" in exact_json.loads(answer.body)
    contract.check("token_endpoint", answer)
