"""Sign-in by device code, and signing out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.business_central.desk import HOST, Desk
from tests.platforms.business_central.test_around import BACK, LOGIN, ask

from sandbooks import exact_json

SCOPE = f"{HOST}/Financials.ReadWrite.All offline_access openid"


def begun(desk: Desk, **form: str) -> Any:
    given = {"client_id": desk.credentials["client_id"], "scope": SCOPE, **form}
    return exact_json.loads(ask(desk, "POST", f"{LOGIN}/common/oauth2/v2.0/devicecode", given).body)


def polled(desk: Desk, code: str, **form: str) -> Any:
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    given = {"client_id": desk.credentials["client_id"], "grant_type": kind, "device_code": code, **form}
    return exact_json.loads(ask(desk, "POST", f"{LOGIN}/common/oauth2/v2.0/token", given).body)


def test_a_person_enters_the_code_and_the_client_is_signed_in_without_a_secret(desk: Desk) -> None:
    codes = begun(desk)
    assert (codes["interval"], codes["expires_in"]) == (5, 900)
    assert re.fullmatch("[A-Z2-9]{9}", codes["user_code"])
    assert codes["user_code"] in codes["message"]
    assert polled(desk, codes["device_code"])["error"] == "authorization_pending"
    page = ask(desk, "GET", codes["verification_uri"])
    assert b"Enter code" in page.body
    sent = {"user_code": codes["user_code"].lower(), "sandbox_decision": "approve"}
    assert ask(desk, "POST", codes["verification_uri"], sent).status == 200
    answer = polled(desk, codes["device_code"])
    desk.token = answer["access_token"]
    assert len(desk.list("vendors")) == 2
    assert polled(desk, codes["device_code"])["error"] == "expired_token"
    form = {
        "client_id": desk.credentials["client_id"],
        "grant_type": "refresh_token",
        "refresh_token": answer["refresh_token"],
    }
    renewed = exact_json.loads(ask(desk, "POST", f"{LOGIN}/common/oauth2/v2.0/token", form).body)
    assert renewed["refresh_token"]


def test_a_code_that_is_turned_down_or_too_old_gives_no_tokens(desk: Desk) -> None:
    first, second = begun(desk), begun(desk)
    sent = {"user_code": first["user_code"], "sandbox_decision": "cancel"}
    ask(desk, "POST", first["verification_uri"], sent)
    assert polled(desk, first["device_code"])["error"] == "authorization_declined"
    again = exact_json.loads(ask(desk, "POST", first["verification_uri"], sent).body)
    assert again["error_codes"] == [70018]
    desk.world.advance(by=timedelta(minutes=16))
    assert polled(desk, second["device_code"])["error"] == "expired_token"
    assert polled(desk, "unknown")["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("form", "error"), [({"client_id": "no"}, "unauthorized_client"), ({"scope": ""}, "invalid_request")]
)
def test_codes_are_given_to_known_clients_for_a_scope(desk: Desk, form: dict[str, str], error: str) -> None:
    assert begun(desk, **form)["error"] == error


def test_a_code_is_no_authorization_code_and_a_confidential_refresh_needs_its_secret(desk: Desk) -> None:
    codes = begun(desk)
    ask(desk, "POST", codes["verification_uri"], {"user_code": codes["user_code"], "sandbox_decision": "approve"})
    secret = {"client_secret": desk.credentials["client_secret"]}
    form = {
        "client_id": desk.credentials["client_id"],
        "grant_type": "authorization_code",
        "code": codes["device_code"],
    }
    answer = ask(desk, "POST", f"{LOGIN}/common/oauth2/v2.0/token", form | secret)
    assert exact_json.loads(answer.body)["error"] == "invalid_grant"
    form = {"client_id": desk.credentials["client_id"], "grant_type": "refresh_token"}
    form["refresh_token"] = desk.credentials["refresh_token"]
    answer = ask(desk, "POST", f"{LOGIN}/common/oauth2/v2.0/token", form)
    assert exact_json.loads(answer.body)["error_codes"] == [7000218]


def test_signing_out_leads_back_and_leaves_the_tokens(desk: Desk) -> None:
    url = f"{LOGIN}/common/oauth2/v2.0/logout"
    assert b"signed out" in ask(desk, "GET", url).body
    sent = ask(desk, "GET", f"{url}?post_logout_redirect_uri={BACK}&state=s-1")
    assert (sent.status, sent.header("Location")) == (302, f"{BACK}?state=s-1")
    assert len(desk.list("vendors")) == 2
