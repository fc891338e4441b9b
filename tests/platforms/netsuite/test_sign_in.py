"""Signing in: requests signed byte for byte, the code flow, signed assertions, and whom a credential reaches."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.platforms.netsuite.desk import BASE, RECORD, Desk, open_desk

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.control.bookkeeping import Bookkeeping
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite.bookkeeper import BOOKKEEPER
from sandbooks.platforms.netsuite.refusals import BadContent
from sandbooks.wire import Request, Response

HOST = "https://4810021-sb1.suitetalk.api.netsuite.com"
TOKEN = "/services/rest/auth/oauth2/v1/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Signer:
    """A client of token-based authentication, with each part open to tampering."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count = 0
        self.realm = desk.company.id
        self.consumer_secret = desk.credentials["consumer_secret"]
        self.token_secret = desk.credentials["token_secret"]
        self.method = "HMAC-SHA256"
        self.age = 0
        self.extra: dict[str, str] = {}

    def parameters(self) -> dict[str, str]:
        self.count += 1
        return {
            "oauth_consumer_key": self.desk.credentials["consumer_key"],
            "oauth_token": self.desk.credentials["token_id"],
            "oauth_signature_method": self.method,
            "oauth_timestamp": str(int(self.desk.world.clock.now().timestamp()) - self.age),
            "oauth_nonce": f"n{self.count}",
            "oauth_version": "1.0",
            **self.extra,
        }

    def header(self, verb: str, url: str, parameters: dict[str, str]) -> str:
        place = urlsplit(url)
        pairs = sorted(
            (quote(k, safe="~"), quote(v, safe="~"))
            for k, v in [*parameters.items(), *parse_qsl(place.query, keep_blank_values=True)]
        )
        text = "&".join(f"{k}={v}" for k, v in pairs)
        base = "&".join([verb, quote(f"{place.scheme}://{place.netloc}{place.path}", safe="~"), quote(text, safe="~")])
        secret = f"{quote(self.consumer_secret, safe='~')}&{quote(self.token_secret, safe='~')}"
        made = base64.b64encode(hmac.new(secret.encode(), base.encode(), hashlib.sha256).digest()).decode()
        shown = {"realm": self.realm, **parameters, "oauth_signature": made}
        return "OAuth " + ", ".join(f'{k}="{quote(v, safe="")}"' for k, v in shown.items())

    def send(self, verb: str, url: str, body: bytes = b"", *, header: str = "") -> Response:
        sent = header or self.header(verb, url, self.parameters())
        headers = (("Authorization", sent), ("Content-Type", "application/json"), ("Prefer", "transient"))
        answer = self.desk.app.edge.dispatch(Request(verb, url, headers, body), raises=True)
        assert isinstance(answer, Response)
        return answer


@pytest.fixture
def signer(desk: Desk) -> Signer:
    return Signer(desk)


LIST = f"{BASE}{RECORD}/account?limit=5&q=acctName%20CONTAIN%20%22Site%20T%22&offset=0"


def test_a_signed_request_is_answered_under_any_address(signer: Signer) -> None:
    for url in (LIST, f"{HOST}{RECORD}/account?limit=5", f"http://127.0.0.1:8019/w/default/netsuite{RECORD}/vendor"):
        assert signer.send("GET", url).status == 200
    assert exact_json.loads(signer.send("GET", LIST).body)["totalResults"] == 1


@pytest.mark.parametrize(
    ("kind", "id", "host"),
    [
        ("production", "4810021", "4810021"),
        ("test_drive", "TSTDRV4810021", "tstdrv4810021"),
        ("release_preview", "4810021_RP", "4810021-rp"),
    ],
)
def test_an_account_id_tells_what_the_account_is(open_with: Callable[..., Desk], kind: str, id: str, host: str) -> None:
    signer = Signer(open_with(account_kind=kind))
    assert signer.realm == id
    assert signer.send("GET", f"https://{host}.suitetalk.api.netsuite.com{RECORD}/vendor").status == 200
    assert signer.send("GET", f"{HOST}{RECORD}/vendor").status == 401
    with pytest.raises(BadContent):
        open_with(account_kind="real")


def test_a_json_body_is_signed_only_through_its_hash(signer: Signer) -> None:
    url = f"{BASE}/services/rest/query/v1/suiteql?limit=5&offset=0"
    body = b'{"q":"SELECT id FROM account"}'
    assert signer.send("POST", url, body).status == 200
    signer.extra = {"oauth_body_hash": base64.b64encode(hashlib.sha1(body).digest()).decode()}  # noqa: S324 - OAuth's own
    assert signer.send("POST", url, body).status == 200
    assert signer.send("POST", url, b'{"q":"SELECT id FROM vendor"}').status == 401


@pytest.mark.parametrize(
    "tamper",
    [
        lambda s: setattr(s, "realm", s.realm.lower()),
        lambda s: setattr(s, "realm", "1234567"),
        lambda s: setattr(s, "token_secret", "x"),
        lambda s: setattr(s, "consumer_secret", "x"),
        lambda s: setattr(s, "method", "HMAC-SHA1"),
        lambda s: setattr(s, "age", 10**6),
        lambda s: s.extra.update(oauth_token="x"),
        lambda s: s.extra.update(oauth_consumer_key="x"),
        lambda s: s.extra.update(oauth_version="2.0"),
        lambda s: s.extra.update(oauth_timestamp="soon"),
        lambda s: s.extra.update(oauth_nonce=""),
    ],
)
def test_any_other_signature_is_an_invalid_login_whose_reason_only_the_tape_knows(
    signer: Signer, tamper: Callable[[Signer], None]
) -> None:
    tamper(signer)
    answer = signer.send("GET", LIST)
    assert answer.status == 401
    (detail,) = exact_json.loads(answer.body)["o:errorDetails"]
    assert detail["o:errorCode"] == "INVALID_LOGIN"
    assert detail["detail"].startswith("Invalid login attempt.")
    assert answer.header("WWW-Authenticate").startswith("OAuth ")
    *_, entry = signer.desk.world.tape.entries()
    assert entry.note.startswith("login audit trail: ")


def test_a_changed_query_path_or_verb_breaks_the_signature(signer: Signer) -> None:
    for verb, url in (("GET", LIST + "0"), ("GET", LIST.replace("account", "vendor")), ("POST", LIST)):
        header = signer.header("GET", LIST, signer.parameters())
        assert signer.send(verb, url, b"{}", header=header).status == 401


def test_a_nonce_serves_once(signer: Signer) -> None:
    header = signer.header("GET", LIST, signer.parameters())
    assert signer.send("GET", LIST, header=header).status == 200
    assert signer.send("GET", LIST, header=header).status == 401


@pytest.mark.parametrize(
    "header", ["OAuth", "OAuth realm", 'OAuth a="b" c', "Bearer", "Bearer x", "Basic eDp5", "", "OAuth " + "x" * 5000]
)
def test_a_header_that_is_no_credential_is_refused(desk: Desk, header: str) -> None:
    answer = desk.send("GET", f"{RECORD}/account", headers={"Authorization": header})
    assert answer.status == 401


def test_a_token_reaches_its_own_account_alone(app: App, desk: Desk) -> None:
    other = open_desk(app)
    vendor = desk.id("acme")["id"]
    bill = desk.bill(desk.line("5.00"))
    assert other.send("GET", f"{RECORD}/{bill}").status == 404
    assert other.books() == {}
    wrong = f"https://{other.company.id.lower().replace('_', '-')}.suitetalk.api.netsuite.com{RECORD}/vendor/{vendor}"
    assert desk.send("GET", wrong).status == 401
    assert desk.send("GET", f"{HOST}{RECORD}/vendor/{vendor}").status == 200


def test_a_revoked_token_signs_nobody_in(signer: Signer) -> None:
    from sandbooks.control.tokens import revoke

    revoke(signer.desk.company, signer.desk.credentials["token_id"])
    assert signer.send("GET", LIST).status == 401


def test_token_info_names_account_and_role(signer: Signer) -> None:
    answer = signer.send("GET", "https://4810021-sb1.restlets.api.netsuite.com/rest/tokeninfo")
    body = exact_json.loads(answer.body)
    assert (body["companyId"], body["roleName"]) == (signer.desk.company.id, "Administrator")


# OAuth 2.0


def form(desk: Desk, basic: bool = True, **members: str) -> tuple[int, Any]:
    pair = f"{desk.credentials['client_id']}:{desk.credentials['client_secret']}".encode()
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    if basic:
        headers.append(("Authorization", "Basic " + base64.b64encode(pair).decode()))
    request = Request("POST", BASE + TOKEN, tuple(headers), urlencode(members).encode())
    answer = desk.app.edge.dispatch(request, raises=True)
    assert isinstance(answer, Response)
    return answer.status, exact_json.loads(answer.body) if answer.body else None


def consent(desk: Desk, **more: str) -> dict[str, str]:
    """The parameters that come back to the application."""
    members = {
        "response_type": "code",
        "client_id": desk.credentials["client_id"],
        "redirect_uri": "https://app.example/back",
        "scope": "rest_webservices restlets",
        "state": "s1",
        **more,
    }
    url = f"{BASE}/app/login/oauth2/authorize.nl?{urlencode(members)}"
    answer = desk.app.edge.dispatch(Request("GET", url), raises=True)
    assert isinstance(answer, Response)
    if answer.status != 302:
        return {"error": exact_json.loads(answer.body)["error"]}
    return dict(parse_qsl(urlsplit(answer.header("Location")).query))


def test_the_code_flow_gives_tokens_that_work_and_refresh(desk: Desk) -> None:
    back = consent(desk)
    assert (back["state"], back["company"], back["role"]) == ("s1", desk.company.id, "3")
    asked = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": "https://app.example/back"}
    status, tokens = form(desk, **asked)
    assert (status, tokens["expires_in"], tokens["token_type"]) == (200, "3600", "bearer")
    desk.credentials["access_token"] = tokens["access_token"]
    desk.get("account")
    status, again = form(desk, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (status, again["access_token"] != tokens["access_token"]) == (200, True)
    assert form(desk, **asked) == (400, {"error": "invalid_grant"})
    assert form(desk, False, grant_type="refresh_token", refresh_token=tokens["refresh_token"])[0] == 401
    assert form(desk, grant_type="password")[1] == {"error": "unsupported_grant_type"}


def test_a_wrong_verifier_is_refused(desk: Desk) -> None:
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    for given, expected in ((verifier, 200), ("w" * 50, 400), ("", 400)):
        back = consent(desk, code_challenge=challenge, code_challenge_method="S256")
        redirect = {"redirect_uri": "https://app.example/back"}
        status, _ = form(desk, grant_type="authorization_code", code=back["code"], code_verifier=given, **redirect)
        assert status == expected


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"client_id": "x"}, "UnknownIntegration"),
        ({"redirect_uri": "nowhere"}, "InvalidRedirectURI"),
        ({"scope": "everything"}, "ScopeMismatched"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_wrong_request_for_consent_is_named_as_the_page_names_it(
    desk: Desk, more: dict[str, str], error: str
) -> None:
    assert consent(desk, **more) == {"error": error}


def test_an_access_token_is_a_jwt_that_the_key_set_verifies_and_that_ends_after_an_hour(desk: Desk) -> None:
    keys = desk.app.edge.dispatch(Request("GET", f"{BASE}/services/rest/auth/oauth2/v1/keys"))
    assert isinstance(keys, Response)
    (key,) = exact_json.loads(keys.body)["keys"]
    token = jwt.decode(desk.credentials["access_token"], RSAKey.import_key(key), algorithms=["PS256"])
    assert token.header["alg"] == "PS256"
    assert token.claims["iss"] == "https://system.netsuite.com"
    assert token.claims["aud"][1] == desk.credentials["client_id"]
    from datetime import timedelta

    desk.world.advance(by=timedelta(hours=1, seconds=1))
    answer = desk.send("GET", f"{RECORD}/account")
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.header("WWW-Authenticate")


def assertion(desk: Desk, key: Any = None, *, header: dict[str, Any] | None = None, **claims: Any) -> dict[str, str]:
    now = int(desk.world.clock.now().timestamp())
    whole = {
        "iss": desk.credentials["client_id"],
        "scope": ["rest_webservices"],
        "aud": BASE + TOKEN,
        "iat": now,
        "exp": now + 1800,
        **claims,
    }
    signing = key or ECKey.import_key(desk.credentials["private_key"])
    head = {"typ": "JWT", "alg": "ES256", "kid": desk.credentials["certificate_id"], **(header or {})}
    made = jwt.encode(head, whole, signing, algorithms=[head["alg"]])
    return {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": made}


def test_a_signed_assertion_signs_a_machine_in_without_a_refresh_token(desk: Desk) -> None:
    status, tokens = form(desk, False, **assertion(desk))
    assert (status, "refresh_token" in tokens, tokens["expires_in"]) == (200, False, "3600")
    desk.credentials["access_token"] = tokens["access_token"]
    desk.get("account")
    by_list = assertion(desk, scope="rest_webservices,restlets", aud=f"{HOST}{TOKEN}")
    assert form(desk, False, **by_list)[0] == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "x"},
        {"aud": "https://elsewhere.example"},
        {"exp": 1},
        {"iat": 1, "exp": 1801},
        {"scope": []},
        {"scope": "all"},
        {"iat": "now"},
        {"iat": True},
        {"iat": None},
    ],
)
def test_an_assertion_that_does_not_fit_is_refused(desk: Desk, claims: dict[str, Any]) -> None:
    status, answer = form(desk, False, **assertion(desk, **claims))
    assert status == 400
    assert answer["error"] in ("invalid_client", "invalid_request", "invalid_scope")


def test_the_scope_of_assistants_stands_alone_and_opens_no_records(desk: Desk) -> None:
    assert form(desk, False, **assertion(desk, scope="mcp restlets"))[1]["error"] == "invalid_scope"
    asked = {"client_id": desk.credentials["client_id"], "redirect_uri": "https://app.example/back"}
    mixed = {**asked, "response_type": "code", "scope": "mcp rest_webservices"}
    answer = desk.send("GET", "/app/login/oauth2/authorize.nl", **mixed)
    assert (answer.status, exact_json.loads(answer.body)["error"]) == (400, "ScopeMismatched")
    assert desk.send("GET", "/app/login/oauth2/authorize.nl", **{**mixed, "scope": "mcp"}).status == 302
    status, tokens = form(desk, False, **assertion(desk, scope="mcp"))
    assert status == 200
    assert desk.send("POST", "/services/mcp/v1/all", {}).status == 401
    desk.credentials["access_token"] = tokens["access_token"]
    assert desk.send("GET", f"{RECORD}/account").status == 401
    with pytest.raises(NotSimulated, match="AI connector"):
        desk.send("POST", "/services/mcp/v1/all", {})


def test_restlets_refuse_in_a_dress_of_their_own(desk: Desk) -> None:
    path = "/app/site/hosting/restlet.nl?script=1&deploy=1"
    desk.credentials["access_token"] = "nobody's"
    refused = desk.send("POST", path, {})
    assert (refused.status, exact_json.loads(refused.body)["error"]) == (
        401,
        {"code": "INVALID_LOGIN_ATTEMPT", "message": "Invalid login attempt."},
    )


def test_the_test_request_of_clients_is_answered_without_a_body_when_its_signature_holds(desk: Desk) -> None:
    answer = desk.send("OPTIONS", "/services/rest/*")
    assert (answer.status, answer.body) == (204, b"")
    desk.credentials["access_token"] = "x"
    assert desk.send("OPTIONS", "/services/rest/*").status == 401


def test_times_of_an_assertion_may_have_fractions(desk: Desk) -> None:
    now = desk.world.clock.now().timestamp()
    assert form(desk, False, **assertion(desk, iat=now + 0.25, exp=now + 3600.125))[0] == 200
    assert form(desk, False, **assertion(desk, iat=now + 0.25, exp=now + 3600.5))[0] == 400


def test_an_rsa_key_signs_in_beside_the_elliptic_one(desk: Desk) -> None:
    rsa = RSAKey.import_key(desk.credentials["rsa_private_key"])
    named = {"kid": desk.credentials["rsa_certificate_id"]}
    for algorithm in ("PS256", "PS512"):
        assert form(desk, False, **assertion(desk, rsa, header={"alg": algorithm, **named}))[0] == 200
    assert form(desk, False, **assertion(desk, header=named))[0] == 400, "a key of the other kind"


def test_an_assertion_signed_by_another_key_or_by_rs256_is_refused(desk: Desk, open_with: Callable[..., Desk]) -> None:
    assert form(desk, False, **assertion(desk, ECKey.generate_key("P-256")))[0] == 400
    assert form(desk, False, **assertion(desk, header={"kid": "unknown"}))[0] == 400
    rsa = RSAKey.generate_key(2048)
    mapped = [{"id": "rsa-1", "public_key": rsa.as_pem(private=False).decode()}]
    other = open_with(certificates=mapped)
    assert form(other, False, **assertion(other, rsa, header={"alg": "PS256", "kid": "rsa-1"}))[0] == 200
    assert form(other, False, **assertion(other, rsa, header={"alg": "RS256", "kid": "rsa-1"}))[0] == 400
    for text in ("", "x", "a.b.c", "é.é.é"):
        given = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": text}
        assert form(desk, False, **given)[0] == 400


def test_a_scope_that_was_not_granted_opens_nothing(desk: Desk) -> None:
    _, tokens = form(desk, False, **assertion(desk, scope=["suite_analytics"]))
    desk.credentials["access_token"] = tokens["access_token"]
    assert desk.send("GET", f"{RECORD}/account").status == 401


@pytest.mark.parametrize("state", ["blocked", "waitingForApproval"])
def test_an_integration_that_the_account_has_blocked_signs_nobody_in_until_it_is_enabled(
    desk: Desk, signer: Signer, state: str
) -> None:
    code = consent(desk)["code"]

    def set_state(to: str) -> None:
        with desk.world.unit():
            BOOKKEEPER.edit(desk.company, "integration", "1", {"state": to})

    set_state(state)
    refused = desk.send("GET", f"{RECORD}/vendor")
    assert (refused.status, b"INVALID_LOGIN" in refused.body) == (401, True)
    assert signer.send("GET", f"{BASE}{RECORD}/vendor").status == 401
    assert consent(desk) == {"error": "IntegrationBlocked"}
    exchanged = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://app.example/back"}
    refreshed = {"grant_type": "refresh_token", "refresh_token": desk.credentials["refresh_token"]}
    for members in (exchanged, refreshed):
        assert form(desk, **members) == (401, {"error": "invalid_client"})
    assert form(desk, basic=False, **assertion(desk))[0] == 401
    set_state("enabled")
    assert desk.send("GET", f"{RECORD}/vendor").status == 200
    assert form(desk, **refreshed)[0] == 200


def test_the_state_of_an_integration_is_one_of_three(desk: Desk) -> None:
    for wrong in ({"state": "off"}, {"name": "Other"}, {}):
        with pytest.raises(BadContent), desk.world.unit():
            BOOKKEEPER.edit(desk.company, "integration", "1", wrong)
    assert desk.send("GET", f"{RECORD}/vendor").status == 200


def test_control_blocks_and_enables_an_integration_as_the_account_s_administrator_would(desk: Desk) -> None:
    people = Bookkeeping(desk.company)
    record = {"kind": "integration", "native_id": "1"}
    for state, status in (("blocked", 401), ("enabled", 200)):
        people.act({"action": "edit", "document": record, "changes": {"state": state}})
        assert desk.send("GET", f"{RECORD}/vendor").status == status
