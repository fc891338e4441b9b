"""What leaves a world carries no secret, and is otherwise what it was."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbooks import exact_json
from sandbooks.recording import redact_body, redact_headers, redact_url

SECRET = "s3cr3t-Vhq7/+=="


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Authorization", f"Bearer {SECRET}", "Bearer REDACTED"),
        ("authorization", f"Basic {SECRET}", "Basic REDACTED"),
        ("Authorization", f'OAuth realm="1", oauth_signature="{SECRET}"', "OAuth REDACTED"),
        ("Authorization", SECRET, "REDACTED"),
        ("X-Api-Key", SECRET, "REDACTED"),
        ("Cookie", f"session={SECRET}", "REDACTED"),
        ("Set-Cookie", f"session={SECRET}; HttpOnly", "REDACTED"),
        ("intuit-signature", SECRET, "REDACTED"),
        ("x-xero-signature", SECRET, "REDACTED"),
        ("Location", f"https://app.test/back?code={SECRET}&state=x7", "https://app.test/back?code=REDACTED&state=x7"),
        ("Xero-tenant-id", "9f0c", "9f0c"),
        ("intuit_tid", "1-66f", "1-66f"),
    ],
)
def test_headers_keep_what_is_no_secret(name: str, value: str, kept: str) -> None:
    assert redact_headers(((name, value),)) == ((name, kept),)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.test/x?code=s3&state=7", "https://a.test/x?code=REDACTED&state=7"),
        ("https://a.test/x?access_token=s3#frag", "https://a.test/x?access_token=REDACTED#frag"),
        (
            "https://a.test/x#access_token=s3&token_type=Bearer",
            "https://a.test/x#access_token=REDACTED&token_type=Bearer",
        ),
        ("https://me:s3@a.test/x", "https://REDACTED@a.test/x"),
        ("https://a.test/x?client%5Fsecret=s3", "https://a.test/x?client%5Fsecret=REDACTED"),
        ("https://a.test/x?nextPageToken=s3&requestid=r1", "https://a.test/x?nextPageToken=s3&requestid=r1"),
        (
            "https://a.test/v3/company/4/purchase?minorversion=75",
            "https://a.test/v3/company/4/purchase?minorversion=75",
        ),
    ],
)
def test_urls_keep_what_is_no_secret(url: str, kept: str) -> None:
    assert redact_url(url) == kept


@pytest.mark.parametrize(
    "body",
    [
        '{"access_token": "%s", "expires_in": 3600}',
        '{ "refresh_token" :"%s"}',
        '{"a": {"clientSecret": "%s"}}',
        '[{"apiKey":"%s"}]',
        '{"message": "{\\"access_token\\":\\"%s\\"}"}',
        "grant_type=refresh_token&refresh_token=%s",
        "grant_type=authorization_code&code=%s&redirect_uri=https%%3A%%2F%%2Fa.test",
        "client_id=app&client_secret=%s",
        "<login><userid>me</userid><password>%s</password></login>",
        "<ns:request xmlns:ns='urn:x'><ns:sessionid>%s</ns:sessionid></ns:request>",
        '<control senderid="me" password="%s"/>',
        '<input type="hidden" name="client_secret" value="%s">',
        '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n%s\r\n--b--\r\n',
        '{"broken": true, "access_token": "%s", ',
        '\ufeff{"verifier_token": "%s"}',
    ],
)
def test_a_body_in_any_format_loses_its_secret(body: str) -> None:
    redacted = redact_body((body % "s3cr3tVhq7").encode()).decode()
    assert "s3cr3tVhq7" not in redacted
    assert redacted == (body % "REDACTED")


def test_a_signed_token_is_redacted_wherever_it_stands() -> None:
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"
    assert redact_body(f"note: {token} end".encode()) == b"note: REDACTED end"
    assert redact_body(b'{"text": "sent Bearer abcdefgh12345 today"}') == b'{"text": "sent Bearer REDACTED today"}'


def test_a_gzip_body_is_redacted_inside() -> None:
    body = gzip.compress(b'{"refresh_token": "s3cr3t", "n": 4}')
    assert gzip.decompress(redact_body(body)) == b'{"refresh_token": "REDACTED", "n": 4}'
    plain = gzip.compress(b'{"n": 4}')
    assert redact_body(plain) is plain
    assert redact_body(plain[:12]) == plain[:12]


@pytest.mark.parametrize(
    "body",
    [
        b'{"SyncToken": "3", "Id": "71", "Fault": {"Error": [{"code": "5010"}]}}',
        b'{"nextPageToken": "abc", "ErrorNumber": 17, "token_type": "bearer"}',
        b"<Purchase><SyncToken>3</SyncToken><TotalAmt>12.30</TotalAmt></Purchase>",
        b"\x89PNG\r\n\x1a\n\x00secret\xff\xfe",
        b"",
    ],
)
def test_versions_places_in_lists_and_error_codes_are_no_secrets(body: bytes) -> None:
    assert redact_body(body) == body


@given(st.text(min_size=4), st.sampled_from(["access_token", "Password", "clientSecret", "api_key"]))
def test_no_json_string_survives_under_a_secret_name(secret: str, name: str) -> None:
    body = exact_json.dumps({"before": 1, name: secret, "after": [secret[:0], "kept"]})
    assert exact_json.loads(redact_body(body)) == {"before": 1, name: "REDACTED", "after": ["", "kept"]}
