"""Sign-in by a certificate: an assertion that the application has signed takes the place of its secret."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwk, jwt
from tests.platforms.business_central.desk import Desk

from sandbooks import exact_json
from sandbooks.wire import Request, Response

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = "https://api.businesscentral.dynamics.com/.default"


def endpoint(desk: Desk) -> str:
    return f"https://login.microsoftonline.com/{desk.credentials['tenant_id']}/oauth2/v2.0/token"


def signed(desk: Desk, *, algorithm: str = "RS256", header: Any = None, key: str = "", **claims: object) -> str:
    own, now = desk.credentials["client_id"], int(desk.world.clock.now().timestamp())
    thumbprint = base64.urlsafe_b64encode(bytes.fromhex(desk.credentials["certificate_thumbprint"])).decode()
    head = {"alg": algorithm, **({"x5t": thumbprint.rstrip("=")} if header is None else header)}
    body = {"iss": own, "sub": own, "aud": endpoint(desk), "nbf": now, "exp": now + 600, "jti": "j-1", **claims}
    private = jwk.import_key(key or desk.credentials["private_key"], "RSA")
    return jwt.encode(head, body, private, algorithms=[algorithm])


def ask(desk: Desk, assertion: str, **form: str) -> tuple[int, Any]:
    given = {"grant_type": "client_credentials", "scope": SCOPE, "client_id": desk.credentials["client_id"]}
    given |= {"client_assertion": assertion, "client_assertion_type": TYPE, **form}
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    answer = desk.app.edge.dispatch(Request("POST", endpoint(desk), headers, urlencode(given).encode()), raises=True)
    assert isinstance(answer, Response)
    desk._seen = desk.world.tape.count()
    return answer.status, exact_json.loads(answer.body)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_signed_assertion_is_answered_with_a_token_that_works(desk: Desk, algorithm: str) -> None:
    status, answer = ask(desk, signed(desk, algorithm=algorithm))
    assert (status, answer["token_type"]) == (200, "Bearer")
    desk.token = answer["access_token"]
    assert desk.list("vendors")


def test_a_client_may_send_its_certificate_along_and_times_with_fractions(desk: Desk) -> None:
    whole = "".join(desk.credentials["certificate"].splitlines()[1:-1])
    sha1 = base64.urlsafe_b64encode(bytes.fromhex(desk.credentials["certificate_thumbprint"])).decode().rstrip("=")
    now = float(desk.world.clock.now().timestamp()) + 0.25
    own, endpoint_ = desk.credentials["client_id"], endpoint(desk)
    claims = {"iss": own, "sub": own, "aud": endpoint_, "iat": now, "exp": now + 600.5, "jti": "j-2"}
    parts = [{"alg": "RS256", "typ": "JWT", "x5t": sha1, "x5c": [whole]}, claims]
    message = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    key = serialization.load_pem_private_key(desk.credentials["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    mark = base64.urlsafe_b64encode(key.sign(message.encode(), PKCS1v15(), SHA256())).decode().rstrip("=")
    assert ask(desk, f"{message}.{mark}")[0] == 200


def test_the_certificate_is_named_by_either_thumbprint(desk: Desk) -> None:
    found = x509.load_pem_x509_certificate(desk.credentials["certificate"].encode())
    named = base64.urlsafe_b64encode(found.fingerprint(SHA256())).decode().rstrip("=")
    assert ask(desk, signed(desk, header={"x5t#S256": named}))[0] == 200
    assert ask(desk, signed(desk, header={"kid": desk.credentials["certificate_thumbprint"]}))[0] == 200


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "https://login.microsoftonline.com/elsewhere/oauth2/v2.0/token"}, 700023),
        ({"aud": 4}, 700023),
        ({"iss": "someone"}, 700021),
        ({"sub": None}, 700021),
        ({"exp": 1000, "nbf": 900}, 700024),
        ({"exp": "soon"}, 700024),
        ({"header": {"x5t": "AAAA"}}, 700027),
        ({"header": {}}, 700027),
    ],
)
def test_another_claim_or_certificate_is_refused(desk: Desk, claims: dict[str, Any], code: int) -> None:
    status, answer = ask(desk, signed(desk, **claims))
    assert (status, answer["error"], answer["error_codes"]) == (401, "invalid_client", [code])


def test_what_another_key_has_signed_or_is_no_assertion_is_refused(desk: Desk) -> None:
    other = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    status, answer = ask(desk, signed(desk, key=other.decode()))
    assert (status, answer["error_codes"]) == (401, [700027])
    for text in ("nonsense", "a.b.c", "\u20ac"):
        assert ask(desk, text)[1]["error_codes"] == [50027]
    assert ask(desk, signed(desk), client_assertion_type="other")[1]["error_codes"] == [900144]
