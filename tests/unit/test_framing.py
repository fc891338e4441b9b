import http.client
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbooks.framing import (
    MalformedRequest,
    Received,
    RequestReader,
    absolute_url,
    origin_of,
    write_response,
    write_truncated,
)
from sandbooks.wire import Cut, Request, Response

ORIGIN = "https://api.example.test"


def read(data: bytes, *, step: int | None = None) -> list[Received]:
    reader = RequestReader(ORIGIN)
    size = step or len(data)
    return [got for start in range(0, len(data), size) for got in reader.feed(data[start : start + size])]


class ReplaySocket:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, *_args: Any, **_options: Any) -> io.BytesIO:
        return io.BytesIO(self.data)


def parse(data: bytes, method: str) -> http.client.HTTPResponse:
    response = http.client.HTTPResponse(ReplaySocket(data), method=method)  # type: ignore[arg-type]  # it is asked for a file alone
    response.begin()
    return response


@pytest.mark.parametrize("step", [1, 7, None])
def test_a_request_is_whole_however_its_bytes_arrive(step: int | None) -> None:
    sent = b"POST /bills?x=1 HTTP/1.1\r\nHost: api.example.test\r\nContent-Length: 5\r\n\r\nab\0\r\n"
    assert read(sent, step=step) == [
        Received(
            Request(
                "POST",
                "https://api.example.test/bills?x=1",
                (("Host", "api.example.test"), ("Content-Length", "5")),
                b"ab\0\r\n",
            ),
            keep_alive=True,
        )
    ]


def test_the_path_keeps_the_encoding_of_the_client() -> None:
    (got,) = read(b"GET /a%2fb//c/..%20?q=%E2%82%AC+1&&z HTTP/1.1\r\nHost: h\r\n\r\n")
    assert got.request.url == "https://h/a%2fb//c/..%20?q=%E2%82%AC+1&&z"


def test_headers_keep_their_order_their_casing_and_their_repetition() -> None:
    (got,) = read(b"GET / HTTP/1.1\r\nx-B: 2\r\nHOST: h\r\nX-a: 1\r\nx-B:  3 \r\n\r\n")
    assert got.request.headers == (("x-B", "2"), ("HOST", "h"), ("X-a", "1"), ("x-B", "3"))


@pytest.mark.parametrize("step", [1, None])
def test_a_chunked_body_arrives_whole_and_is_described_by_its_length(step: int | None) -> None:
    sent = (
        b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nab\n\r\n2;e=1\r\ncd\r\n0\r\n\r\n"
    )
    (got,) = read(sent, step=step)
    assert got.request.body == b"ab\ncd"
    assert got.request.headers == (("Host", "h"), ("Content-Length", "5"), ("X", "y"))


def test_requests_that_arrive_together_are_read_one_after_the_other() -> None:
    one = b"POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
    two = b"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
    assert [(got.request.path, got.request.body) for got in read(one + two + one)] == [
        ("/1", b"one"),
        ("/2", b""),
        ("/1", b"one"),
    ]


def test_a_gzipped_body_stays_as_it_was_sent() -> None:
    body = b"\x1f\x8b\x08\0\0\0\0\0"
    (got,) = read(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\n" + body)
    assert got.request.body == body


@pytest.mark.parametrize(
    ("head", "keep_alive"),
    [
        (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nHost: h\r\n\r\n", False),
    ],
)
def test_the_client_decides_whether_the_connection_is_kept(head: bytes, keep_alive: bool) -> None:
    assert [got.keep_alive for got in read(head)] == [keep_alive]


def test_a_client_that_waits_for_100_continue_is_told_once() -> None:
    reader = RequestReader(ORIGIN)
    head = b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert list(reader.feed(head)) == []
    assert reader.take_continue()
    assert not reader.take_continue()
    assert [got.request.body for got in reader.feed(b"ok")] == [b"ok"]


def test_a_client_that_sends_its_body_at_once_is_not_told_to_continue() -> None:
    reader = RequestReader(ORIGIN)
    list(reader.feed(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok"))
    assert not reader.take_continue()


def test_a_large_body_arrives_byte_for_byte() -> None:
    body = bytes(range(256)) * 40_000
    (got,) = read(b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert got.request.body == body


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a/b?c\r\n\r\n",
        b"GET bills HTTP/1.1\r\nHost: h\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1e3\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_bytes_that_are_no_request_are_refused_with_400(sent: bytes) -> None:
    with pytest.raises(MalformedRequest) as refused:
        read(sent)
    assert refused.value.as_response().status == 400


def test_a_head_without_end_is_refused_with_431() -> None:
    with pytest.raises(MalformedRequest) as refused:
        read(b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 300_000)
    assert refused.value.status == 431


def test_a_request_through_a_forwarding_proxy_carries_its_own_url() -> None:
    assert absolute_url("http://other.test/a?b", (("Host", "h"),), ORIGIN) == "http://other.test/a?b"


def test_without_a_host_header_the_connection_gives_the_host() -> None:
    assert absolute_url("/a", (), ORIGIN) == "https://api.example.test/a"


def test_a_request_about_the_server_itself_has_no_path() -> None:
    assert absolute_url("*", (("Host", "h:8080"),), ORIGIN) == "https://h:8080"


@pytest.mark.parametrize(
    ("scheme", "host", "port", "origin"),
    [
        ("https", "h.test", 443, "https://h.test"),
        ("https", "h.test", 80, "https://h.test:80"),
        ("http", "h.test", 80, "http://h.test"),
        ("http", "::1", 8080, "http://[::1]:8080"),
    ],
)
def test_an_origin_leaves_out_the_port_that_its_scheme_implies(scheme: str, host: str, port: int, origin: str) -> None:
    assert origin_of(scheme, host, port) == origin


def test_an_answer_keeps_its_headers_and_gains_its_length() -> None:
    response = Response(
        201, (("intuit_tid", "t"), ("ETag", '"7"'), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), b"xyz"
    )
    assert write_response(response, "POST", keep_alive=True) == (
        b'HTTP/1.1 201 Created\r\nintuit_tid: t\r\nETag: "7"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n'
        b"Content-Length: 3\r\n\r\nxyz"
    )


def test_framing_headers_of_an_answer_give_way_to_the_true_ones() -> None:
    response = Response(200, (("Content-Length", "99"), ("Transfer-Encoding", "chunked"), ("Connection", "x")), b"four")
    written = write_response(response, "GET", keep_alive=False)
    assert written == b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour"


def test_an_answer_to_head_announces_a_body_that_it_does_not_carry() -> None:
    assert write_response(Response(200, (), b"12345"), "HEAD", keep_alive=True).endswith(b"Content-Length: 5\r\n\r\n")
    named = Response(200, (("Content-Length", "812"),))
    assert write_response(named, "HEAD", keep_alive=True).endswith(b"Content-Length: 812\r\n\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_may_have_no_body_has_none_and_no_length(status: int) -> None:
    written = write_response(Response(status, (), b"stray"), "GET", keep_alive=True)
    assert b"stray" not in written
    assert b"Content-Length" not in written


def test_an_unusual_status_is_written_without_a_phrase() -> None:
    assert write_response(Response(499), "GET", keep_alive=True).startswith(b"HTTP/1.1 499 \r\n")


@pytest.mark.parametrize("header", [("X", "a\r\nY: b"), ("X\nY", "a"), ("X", "a\0b")])
def test_a_header_that_would_split_the_head_is_not_written(header: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="line break"):
        write_response(Response(200, (header,)), "GET", keep_alive=True)


def test_a_truncated_answer_announces_more_than_it_carries() -> None:
    written = write_truncated(Cut("truncated", Response(200, (), b"abcdefgh"), keep=3), "GET")
    response = parse(written, "GET")
    assert response.getheader("Content-Length") == "8"
    with pytest.raises(http.client.IncompleteRead) as short:
        response.read()
    assert short.value.partial == b"abc"


def test_a_truncated_answer_needs_an_answer_to_cut() -> None:
    with pytest.raises(ValueError, match="needs the response"):
        write_truncated(Cut("truncated"), "GET")


@given(body=st.binary(max_size=300), sizes=st.lists(st.integers(1, 40), min_size=1, max_size=8), chunked=st.booleans())
def test_reading_does_not_depend_on_where_the_bytes_are_split(body: bytes, sizes: list[int], chunked: bool) -> None:
    head = b"POST /x HTTP/1.1\r\nHost: h\r\n"
    if chunked:
        parts = [body[at : at + sizes[0]] for at in range(0, len(body), sizes[0])]
        framed = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + framed
    else:
        sent = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    reader, got, at = RequestReader(ORIGIN), [], 0
    while at < len(sent):
        size = sizes[at % len(sizes)]
        got += list(reader.feed(sent[at : at + size]))
        at += size
    assert [each.request.body for each in got] == [body]
    assert reader.idle


@given(body=st.binary(max_size=300), status=st.sampled_from([200, 201, 400, 404, 429, 503]))
def test_what_is_written_reads_back_the_same(body: bytes, status: int) -> None:
    response = parse(write_response(Response(status, (("X-A", "é"),), body), "GET", keep_alive=True), "GET")
    assert (response.status, response.getheader("X-A"), response.read()) == (status, "é", body)
