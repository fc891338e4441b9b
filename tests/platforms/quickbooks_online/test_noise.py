"""Noise where text, XML, files or forms are expected: a native answer, never a crash, nothing posted."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.platforms.quickbooks_online.builders import HOST, Client

from sandbooks.wire import Request, Response

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

SPOKEN = """select * from Vendor Purchase where and or DisplayName Id = like in ( ) ' '' \\ 5 -1 orderby by desc
maxresults not startposition count(*) MetaData.LastUpdatedTime TxnDate Active true , > TotalAmt Line != 'x'
'2026-13-45' AttachableRef.EntityRef.value Balance '1e400' 'NaN' % \u2603 99999999999999999999"""
WORDS = st.sampled_from([*SPOKEN.split(), "\n"])


@quick
@given(words=st.lists(WORDS, max_size=14), text=st.text(max_size=12))
@example(words=["select", "*", "from", "Vendor", "where", "Balance", ">", "'NaN'"], text="")
@example(words=["select", "*", "from", "Vendor", "maxresults", "99999999999999999999"], text="")
def test_any_statement_is_answered_or_refused(gb: Client, words: list[str], text: str) -> None:
    statement = " ".join([*words, text]) if text else " ".join(words)
    answer = gb.send("GET", "query", query=statement)
    assert answer.status in (200, 400), answer.body


@quick
@given(
    statement=st.builds(
        "select * from {} where {} {} {}".format,
        st.sampled_from(["Vendor", "Purchase", "Account", "Attachable", "ExchangeRate", "Preferences", "TaxCode"]),
        st.sampled_from(
            ["Id", "Active", "TxnDate", "Balance", "Metadata.CreateTime", "DisplayName", "AsOfDate", "Name"]
        ),
        st.sampled_from(["=", "<", ">=", "!=", "like", "in"]),
        st.sampled_from(["'x'", "true", "5", "('1', '2')", "'2026-01-01'", "'2026-01-01T00:00:00Z'", "''", "(true)"]),
    )
)
def test_any_condition_is_answered_or_refused(gb: Client, statement: str) -> None:
    assert gb.send("GET", "query", query=statement).status in (200, 400)


@quick
@given(body=st.binary(max_size=60), kind=st.sampled_from(["vendor", "purchase", "batch", "upload", "query"]))
def test_any_bytes_are_answered_natively(gb: Client, body: bytes, kind: str) -> None:
    for content_type in ("application/json", "application/xml", "multipart/form-data; boundary=b", "text/plain"):
        answer = gb.send("POST", kind, raw=body, headers={"Content-Type": content_type})
        assert answer.status in (200, 400), answer.body
    assert gb.trial() == {}


@quick
@given(
    names=st.lists(st.sampled_from(["Line", "Amount", "AccountRef", "PaymentType", "Id", "x", "Vendor"]), max_size=6),
    text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
def test_any_xml_is_answered_natively(gb: Client, names: list[str], text: str) -> None:
    from xml.sax.saxutils import escape

    inside = "".join(f"<{name}>" for name in names) + escape(text) + "".join(f"</{name}>" for name in reversed(names))
    answer = gb.send(
        "POST", "purchase", raw=f"<Purchase>{inside}</Purchase>".encode(), headers={"Content-Type": "application/xml"}
    )
    assert answer.status == 400, answer.body


@quick
@given(
    form=st.dictionaries(
        st.sampled_from(["grant_type", "code", "refresh_token", "redirect_uri", "client_id", "client_secret", "token"]),
        st.one_of(st.text(max_size=10), st.sampled_from(["authorization_code", "refresh_token"])),
    ),
    header=st.one_of(st.text(alphabet="Basic =:abc", max_size=12), st.just("Basic !!!"), st.just("Bearer x")),
    path=st.sampled_from(["/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke", "/connect/oauth2"]),
)
def test_any_sign_in_request_is_answered(gb: Client, form: dict[str, str], header: str, path: str) -> None:
    request = Request("POST", HOST + path, (("Authorization", header),), urlencode(form).encode())
    answer = gb.app.edge.dispatch(request, raises=True)
    assert isinstance(answer, Response)
    assert answer.status in (400, 401), answer.body


def test_any_path_is_answered(gb: Client) -> None:
    for path in (
        "purchase/",
        "purchase//1",
        "purchase/%2F",
        "purchase/-1",
        "purchase/1/2",
        "query/x",
        "reports",
        "%00",
    ):
        assert gb.send("GET", path).status in (400, 404, 405), path
