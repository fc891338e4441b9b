"""Signing in: consent, tokens, their end."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.platforms.quickbooks_online.builders import Client

from sandbooks import exact_json
from sandbooks.wire import Request, Response

D = Decimal
XML = "{http://schema.intuit.com/finance/v3}"
REDIRECT = "https://app.example/done"


def sign_in(client: Client, path: str, form: dict[str, str] | None = None, *, basic: bool = True) -> Response:
    keys = f"{client.credentials['client_id']}:{client.credentials['client_secret']}"
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    if basic:
        headers.append(("Authorization", "Basic " + base64.b64encode(keys.encode()).decode()))
    body = urlencode(form or {}).encode()
    method = "POST" if form is not None else "GET"
    url = f"https://oauth.platform.intuit.com{path}"
    answer = client.app.edge.dispatch(Request(method, url, tuple(headers), body), raises=True)
    assert isinstance(answer, Response)
    return answer


def consent(client: Client, scope: str, **more: str) -> Response:
    asked = {"client_id": client.credentials["client_id"], "response_type": "code", "redirect_uri": REDIRECT}
    return sign_in(client, "/connect/oauth2?" + urlencode({**asked, "scope": scope, "state": "s", **more}))


def code_of(client: Client, scope: str = "com.intuit.quickbooks.accounting openid") -> str:
    answer = consent(client, scope, decision="approve", realmId=client.realm)
    told = parse_qs(urlsplit(answer.header("Location")).query)
    assert told["realmId"] == [client.realm]
    return told["code"][0]


def grant(client: Client, **form: str) -> Any:
    return exact_json.loads(sign_in(client, "/oauth2/v1/tokens/bearer", form).body)


def test_a_code_is_good_once(gb: Client) -> None:
    form = {"grant_type": "authorization_code", "code": code_of(gb), "redirect_uri": REDIRECT}
    told = grant(gb, **form)
    assert (told["token_type"], told["expires_in"], told["x_refresh_token_expires_in"]) == ("bearer", 3600, 8726400)
    assert "realmId" not in told
    again = sign_in(gb, "/oauth2/v1/tokens/bearer", form)
    assert (again.status, again.body) == (400, b'{"error":"invalid_grant"}')


def test_the_id_token_is_signed_by_the_published_key(gb: Client) -> None:
    told = grant(gb, grant_type="authorization_code", code=code_of(gb), redirect_uri=REDIRECT)
    discovery = exact_json.loads(sign_in(gb, "/.well-known/openid_configuration/").body)
    keys = KeySet.import_key_set(exact_json.loads(sign_in(gb, "/op/v1/jwks").body))
    claims = jwt.decode(told["id_token"], keys).claims
    assert (claims["iss"], claims["aud"]) == (discovery["issuer"], [gb.credentials["client_id"]])
    assert claims["iss"] == "https://oauth.platform.intuit.com/op/v1"


def test_the_issuer_is_the_name_that_clients_compare_with_wherever_the_endpoints_are(gb: Client) -> None:
    url = "http://127.0.0.1:9/quickbooks_online/.well-known/openid_sandbox_configuration/"
    answer = gb.app.edge.dispatch(Request("GET", url), raises=True)
    assert isinstance(answer, Response)
    told = exact_json.loads(answer.body)
    assert told["issuer"] == "https://oauth.platform.intuit.com/op/v1"
    assert told["jwks_uri"] == "http://127.0.0.1:9/quickbooks_online/op/v1/jwks"


def test_a_person_may_cancel_and_a_wrong_request_is_not_redirected(gb: Client) -> None:
    assert "error=access_denied" in consent(gb, "openid", decision="cancel").header("Location")
    assert b'value="approve"' in consent(gb, "openid").body
    assert consent(gb, "no.such.scope").status == 400
    assert consent(gb, "openid", client_id="nobody").status == 400


@pytest.mark.parametrize("address", ["http://a.example/\r\nX: y", "http://[", "http://a b/", "javascript:1", "//a"])
def test_what_is_no_address_is_not_redirected_to(gb: Client, address: str) -> None:
    for decision in ("approve", "cancel"):
        answer = consent(gb, "openid", redirect_uri=address, decision=decision)
        assert (answer.status, answer.header("Location")) == (400, "")


def test_a_redirect_address_beyond_ascii_is_encoded(gb: Client) -> None:
    answer = consent(gb, "openid", redirect_uri="http://a.example/\u20ac?x=1", decision="cancel")
    assert answer.header("Location").startswith("http://a.example/%E2%82%AC?x=1&error=access_denied")


def test_a_refresh_token_changes_after_a_day_and_the_old_one_overlaps(gb: Client) -> None:
    old = gb.credentials["refresh_token"]
    assert grant(gb, grant_type="refresh_token", refresh_token=old)["refresh_token"] == old
    gb.company.world.advance(by=timedelta(hours=25))
    new = grant(gb, grant_type="refresh_token", refresh_token=old)["refresh_token"]
    assert new != old
    assert grant(gb, grant_type="refresh_token", refresh_token=old)["refresh_token"] == new
    gb.company.world.advance(by=timedelta(hours=25))
    assert grant(gb, grant_type="refresh_token", refresh_token=old)["error"] == "invalid_grant"


def test_an_expired_token_is_refused_and_a_revoked_grant_ends(gb: Client) -> None:
    gb.company.world.advance(by=timedelta(hours=1))
    fault = exact_json.loads(gb.send("GET", "preferences").body)["fault"]
    assert (fault["type"], fault["error"][0]["code"]) == ("AUTHENTICATION", "3200")
    told = grant(gb, grant_type="refresh_token", refresh_token=gb.credentials["refresh_token"])
    gb.token = told["access_token"]
    assert gb.send("GET", "preferences").status == 200
    assert sign_in(gb, "/v2/oauth2/tokens/revoke", {"token": told["refresh_token"]}).status == 200
    assert gb.send("GET", "preferences").status == 401
    assert sign_in(gb, "/v2/oauth2/tokens/revoke", {"token": told["refresh_token"]}).status == 400


@pytest.mark.parametrize(
    ("form", "basic", "status", "error"),
    [
        ({"grant_type": "password"}, True, 400, "unsupported_grant_type"),
        ({}, True, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, False, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "code": "x"}, True, 400, "invalid_grant"),
    ],
)
def test_token_errors(gb: Client, form: dict[str, str], basic: bool, status: int, error: str) -> None:
    answer = sign_in(gb, "/oauth2/v1/tokens/bearer", form, basic=basic)
    assert (answer.status, exact_json.loads(answer.body)["error"]) == (status, error)


def test_an_empty_token_has_its_own_code(gb: Client) -> None:
    answer = gb.send("GET", "preferences", headers={"Authorization": "Bearer "})
    assert exact_json.loads(answer.body)["fault"]["error"][0]["code"] == "3202"


def test_a_grant_ends_five_years_after_the_consent_however_often_it_is_refreshed(gb: Client) -> None:
    gb.company.world.clock.configure(mode="frozen")
    form = {"grant_type": "authorization_code", "code": code_of(gb), "redirect_uri": REDIRECT}
    kept = grant(gb, **form)["refresh_token"]
    for _ in range(18):
        gb.company.world.advance(by=timedelta(days=100))
        told = grant(gb, grant_type="refresh_token", refresh_token=kept)
        assert told["refresh_token"] != kept
        kept = told["refresh_token"]
    assert told["x_refresh_token_expires_in"] == 25 * 86400
    gb.company.world.advance(by=timedelta(days=25))
    assert grant(gb, grant_type="refresh_token", refresh_token=kept)["error"] == "invalid_grant"
