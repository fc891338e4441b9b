"""Sign-in: consent, codes, refresh with rotation and grace, scopes, connections."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from joserfc import jwk, jwt
from tests.platforms.xero.conftest import Client, line, spend

from sandbooks import exact_json
from sandbooks.wire import Request, Response

CALLBACK = "https://app.example/callback"


def authorize(client: Client, **parameters: str) -> Response:
    asked = {"response_type": "code", "client_id": client.credentials["client_id"], "redirect_uri": CALLBACK}
    asked |= {"scope": "openid offline_access accounting.contacts", "state": "abc", **parameters}
    request = Request("GET", f"http://127.0.0.1:9/xero/identity/connect/authorize?{urlencode(asked)}")
    answer = client.app.edge.dispatch(request, raises=True)
    assert isinstance(answer, Response)
    return answer


def code_of(answer: Response) -> str:
    assert answer.status == 302, answer.body
    return parse_qs(urlsplit(answer.header("Location")).query)["code"][0]


def exchange(client: Client, code: str, **more: str) -> tuple[int, dict[str, str]]:
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    return client.form("/connect/token", **{**given, **secrets, **more})


def refresh(client: Client, token: str) -> tuple[int, dict[str, str]]:
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    return client.form("/connect/token", grant_type="refresh_token", refresh_token=token, **secrets)


def test_the_consent_page_offers_approval_and_cancellation(client: Client) -> None:
    page = authorize(client)
    assert page.status == 200
    assert b"value='approve'" in page.body
    assert b"value='cancel'" in page.body
    cancelled = parse_qs(urlsplit(authorize(client, sandbox_decision="cancel").header("Location")).query)
    assert cancelled == {"error": ["access_denied"], "state": ["abc"]}


def test_a_code_is_worth_tokens_once(client: Client) -> None:
    code = code_of(authorize(client, sandbox_decision="approve"))
    status, tokens = exchange(client, code)
    assert status == 200
    assert set(tokens) == {"id_token", "access_token", "expires_in", "token_type", "refresh_token", "scope"}
    assert exchange(client, code) == (400, {"error": "invalid_grant"})


def test_a_code_lives_five_minutes(client: Client) -> None:
    code = code_of(authorize(client, sandbox_decision="approve"))
    client.world.advance(by=timedelta(minutes=6))
    assert exchange(client, code) == (400, {"error": "invalid_grant"})


def test_a_code_begun_with_pkce_needs_its_verifier_and_no_secret(client: Client) -> None:
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    pkce = {"sandbox_decision": "approve", "code_challenge": challenge, "code_challenge_method": "S256"}
    code = code_of(authorize(client, **pkce))
    assert exchange(client, code, code_verifier="wrong", client_secret="") == (400, {"error": "invalid_grant"})
    status, tokens = exchange(client, code, code_verifier=verifier, client_secret="")
    assert status == 200
    given = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert client.form("/connect/token", **given, client_id=client.credentials["client_id"])[0] == 200


def test_the_id_token_verifies_against_the_key_set(client: Client) -> None:
    _, tokens = exchange(client, code_of(authorize(client, sandbox_decision="approve", nonce="n-7")))
    found = exact_json.loads(client.send("GET", "/.well-known/openid-configuration").body)
    keys = exact_json.loads(client.send("GET", "/.well-known/openid-configuration/jwks").body)
    claims = jwt.decode(tokens["id_token"], jwk.KeySet.import_key_set(keys)).claims
    assert (claims["iss"], claims["nonce"]) == (found["issuer"], "n-7")


def test_a_refresh_rotates_and_the_old_token_has_thirty_minutes_of_grace(client: Client) -> None:
    first = client.credentials["refresh_token"]
    status, tokens = refresh(client, first)
    assert status == 200
    assert tokens["refresh_token"] != first
    client.world.advance(by=timedelta(minutes=29))
    assert refresh(client, first)[0] == 200
    client.world.advance(by=timedelta(minutes=2))
    assert refresh(client, first) == (400, {"error": "invalid_grant"})
    assert refresh(client, tokens["refresh_token"])[0] == 200


def test_a_refresh_token_ends_after_sixty_days(client: Client) -> None:
    client.world.advance(by=timedelta(days=61))
    assert refresh(client, client.credentials["refresh_token"]) == (400, {"error": "invalid_grant"})


def test_an_access_token_ends_after_thirty_minutes(client: Client) -> None:
    client.world.advance(by=timedelta(minutes=31))
    answer = client.send("GET", "Organisation")
    assert answer.status == 401
    assert exact_json.loads(answer.body)["Detail"].startswith("TokenExpired: token expired at ")


def test_wrong_credentials_are_refused_in_the_dress_of_oauth(client: Client) -> None:
    assert refresh(client, "unknown") == (400, {"error": "invalid_grant"})
    client.credentials["client_secret"] = "wrong"
    assert refresh(client, client.credentials["refresh_token"]) == (400, {"error": "invalid_client"})
    assert client.form("/connect/token", grant_type="password") == (400, {"error": "unsupported_grant_type"})


def test_client_credentials_reach_one_organisation_without_a_refresh_token(client: Client) -> None:
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    status, tokens = client.form(
        "/connect/token", grant_type="client_credentials", scope="accounting.settings", **secrets
    )
    assert status == 200
    assert "refresh_token" not in tokens
    client.credentials["access_token"] = tokens["access_token"]
    assert client.json("GET", "Organisation")["Organisations"][0]["Name"] == "Acme"


@pytest.mark.parametrize("tenant", [None, ""])
def test_a_custom_connection_need_not_name_its_organisation(client: Client, tenant: str | None) -> None:
    assert client.send("GET", "Organisation", headers={"Xero-Tenant-Id": tenant}).status == 403
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    _, tokens = client.form("/connect/token", grant_type="client_credentials", scope="accounting.settings", **secrets)
    client.credentials["access_token"] = tokens["access_token"]
    answer = client.send("GET", "Organisation", headers={"Xero-Tenant-Id": tenant})
    assert exact_json.loads(answer.body)["Organisations"][0]["Name"] == "Acme"
    assert client.send("GET", "Organisation", headers={"Xero-Tenant-Id": "nobody"}).status == 403


def test_revocation_ends_the_tokens_and_the_connection(client: Client) -> None:
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    assert client.form("/connect/revocation", token=client.credentials["refresh_token"], **secrets)[0] == 200
    assert client.send("GET", "Organisation").status == 401
    assert refresh(client, client.credentials["refresh_token"]) == (400, {"error": "invalid_grant"})


def test_a_scope_opens_its_routes_alone(client: Client) -> None:
    _, tokens = exchange(
        client, code_of(authorize(client, sandbox_decision="approve", scope="accounting.contacts.read"))
    )
    assert "refresh_token" not in tokens
    client.credentials["access_token"] = tokens["access_token"]
    assert client.send("GET", "Contacts").status == 200
    refused = client.send("PUT", "Contacts", {"Name": "New"})
    assert (refused.status, exact_json.loads(refused.body)["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert "insufficient_scope" in refused.header("WWW-Authenticate")
    assert client.send("GET", "Invoices").status == 401


def test_granular_scopes_open_what_the_broad_one_does(client: Client) -> None:
    scope = "accounting.banktransactions"
    _, tokens = exchange(client, code_of(authorize(client, sandbox_decision="approve", scope=scope)))
    client.credentials["access_token"] = tokens["access_token"]
    assert client.send("PUT", "BankTransactions", spend(line("4.10"))).status == 200
    assert client.send("GET", "Invoices").status == 401


def test_a_newer_application_may_not_ask_for_broad_scopes(client: Client) -> None:
    client.world.put("settings", "xero_broad_scopes", "off")
    answer = authorize(client, sandbox_decision="approve", scope="accounting.transactions")
    assert parse_qs(urlsplit(answer.header("Location")).query)["error"] == ["invalid_scope"]


def test_an_unknown_scope_is_refused(client: Client) -> None:
    answer = authorize(client, sandbox_decision="approve", scope="accounting.everything")
    assert parse_qs(urlsplit(answer.header("Location")).query)["error"] == ["invalid_scope"]


def test_scopes_add_up_over_consents_that_come_back_to_the_same_address(client: Client) -> None:
    def told(scope: str, redirect_uri: str) -> set[str]:
        code = code_of(authorize(client, sandbox_decision="approve", scope=scope, redirect_uri=redirect_uri))
        return set(exchange(client, code, redirect_uri=redirect_uri)[1]["scope"].split())

    own, other = "https://app.example/callback", "https://other.example/callback"
    assert told("accounting.contacts", own) == {"accounting.contacts"}
    assert told("files", other) == {"files"}
    assert told("accounting.settings", own) == {"accounting.contacts", "accounting.settings"}


def test_scopes_of_products_that_are_not_simulated_are_granted_beside_the_others(client: Client) -> None:
    asked = "accounting.settings payroll.settings payroll.employees.read payroll.timesheets assets projects.read"
    secrets = {name: client.credentials[name] for name in ("client_id", "client_secret")}
    status, tokens = client.form("/connect/token", grant_type="client_credentials", scope=asked, **secrets)
    assert (status, tokens["scope"]) == (200, asked)
    client.credentials["access_token"] = tokens["access_token"]
    assert client.send("GET", "Organisation").status == 200


def test_connections_are_a_bare_array_and_can_be_deleted(client: Client) -> None:
    (connection,) = exact_json.loads(client.send("GET", "/Connections", headers={"Xero-Tenant-Id": None}).body)
    assert (connection["tenantId"], connection["tenantType"]) == (client.company.id, "ORGANISATION")
    assert client.send("DELETE", f"/connections/{connection['id']}").status == 204
    assert client.send("DELETE", f"/connections/{connection['id']}").status == 404
    assert client.send("GET", "Organisation").status == 403


def test_a_missing_or_foreign_tenant_is_forbidden(client: Client) -> None:
    for tenant in (None, "nonsense", "11111111-1111-4111-8111-111111111111"):
        answer = client.send("GET", "Organisation", headers={"Xero-Tenant-Id": tenant})
        assert (answer.status, exact_json.loads(answer.body)["Title"]) == (403, "Forbidden")


def test_a_missing_or_wrong_token_is_unauthorised(client: Client) -> None:
    for credential in (None, "Bearer nonsense", "Basic abc", f"Bearer {quote('é')}"):
        answer = client.send("GET", "Organisation", headers={"Authorization": credential})
        assert (answer.status, exact_json.loads(answer.body)["Detail"]) == (401, "AuthenticationUnsuccessful")


def test_a_strange_address_or_form_is_refused_without_a_crash(client: Client) -> None:
    for address in ("", "http://[", "https://a.example/\r\nX: y", "nowhere", "https://*.example/"):
        assert authorize(client, redirect_uri=address, sandbox_decision="approve").status == 400
    assert authorize(client, client_id="someone-else").status == 400
    assert authorize(client, response_type="token").status == 302
    packed = (("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", "gzip"))
    request = Request("POST", "http://127.0.0.1:9/xero/connect/token", packed, b"not gzip")
    answer = client.app.edge.dispatch(request, raises=True)
    assert isinstance(answer, Response)
    assert (answer.status, exact_json.loads(answer.body)) == (400, {"error": "invalid_request"})


def test_a_redirect_address_beyond_ascii_is_encoded_and_one_with_line_breaks_is_refused(client: Client) -> None:
    back = authorize(client, redirect_uri="http://a.example/\u20ac?x=1", sandbox_decision="cancel")
    assert back.header("Location").startswith("http://a.example/%E2%82%AC?x=1&error=access_denied")
    for address in ("http://a.example/\r\nX: y", "http://[", "nowhere"):
        assert authorize(client, redirect_uri=address, sandbox_decision="cancel").status == 400
