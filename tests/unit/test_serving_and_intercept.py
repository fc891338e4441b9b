"""What a client sees is the same over a socket and in process: one table of cases, every client, both ways in."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from tests.unit.http_clients import CLIENTS, Client

from sandbooks.intercept import intercept
from sandbooks.serving import Server
from sandbooks.wire import Answer, Cut, CutHow, Request, Response

pytestmark = [pytest.mark.parametrize("client", CLIENTS, ids=repr)]


@dataclass
class Far:
    """The far end: what it received, and what it answers."""

    base: str = ""
    received: list[Request] = field(default_factory=list)
    answer: Callable[[Request], Answer] = lambda request: Response(200, (), request.body)

    def dispatch(self, request: Request) -> Answer:
        self.received.append(request)
        return self.answer(request)


@pytest.fixture(params=["served", "intercepted"])
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    far = Far()
    if request.param == "served":
        with Server(far.dispatch) as server:
            far.base = server.url
            yield far
    else:
        far.base = "https://api.vendor.test"
        with intercept(far.dispatch, {"api.vendor.test"}, network="refuse"):
            yield far


def test_a_request_arrives_as_it_was_sent(far: Far, client: Client) -> None:
    client.send("GET", f"{far.base}/v3/a%2Fb/c%20d?q=%27x%27&page=2", headers={"X-Mixed-CASE": "kept", "x_under": "1"})
    (got,) = far.received
    assert got.url == f"{far.base}/v3/a%2Fb/c%20d?q=%27x%27&page=2"
    assert ("X-Mixed-CASE", "kept") in got.headers
    assert ("x_under", "1") in got.headers


def test_an_answer_arrives_as_it_was_given(far: Far, client: Client) -> None:
    far.answer = lambda request: Response(
        418, (("intuit_tid", "t-1"), ("X-Rate-Limit-Problem", "minute"), ("X-Two", "a"), ("X-Two", "b")), b'{"n": 1.10}'
    )
    got = client.send("GET", f"{far.base}/")
    assert (got.status, got.body) == (418, b'{"n": 1.10}')
    assert got.values("intuit_tid") == ["t-1"]
    assert got.values("X-Two") == ["a", "b"]


def test_header_names_of_an_answer_keep_their_casing(far: Far, client: Client) -> None:
    far.answer = lambda request: Response(200, (("intuit_tid", "t"), ("ETag", "e"), ("x-Odd-CASE", "o")))
    names = [name for name, _ in client.send("GET", f"{far.base}/").headers]
    assert names[:3] == ["intuit_tid", "ETag", "x-Odd-CASE"]


def test_an_upload_arrives_byte_for_byte(far: Far, client: Client) -> None:
    boundary = b"--frontier"
    body = (
        boundary + b"\nContent-Type: image/png\n\n\x00\x89PNG\r\n\r\n0\r\n\r\n" + bytes(range(256)) + boundary + b"--\n"
    )
    client.send(
        "POST", f"{far.base}/upload", body=body, headers={"Content-Type": "multipart/form-data; boundary=frontier"}
    )
    assert far.received[0].body == body


def test_a_gzipped_request_body_is_left_gzipped(far: Far, client: Client) -> None:
    body = gzip.compress(b"a receipt", mtime=0)
    client.send("POST", f"{far.base}/", body=body, headers={"Content-Encoding": "gzip"})
    assert far.received[0].body == body


def test_a_body_of_many_megabytes_goes_there_and_back(far: Far, client: Client) -> None:
    body = bytes(range(256)) * 20_000 + b"end"
    assert client.send("PUT", f"{far.base}/", body=body).body == body
    assert far.received[0].body == body


def test_a_streamed_body_arrives_whole_with_its_length(far: Far, client: Client) -> None:
    headers = {"Transfer-Encoding": "chunked"} if client.name == "urllib3" else None
    client.send("POST", f"{far.base}/", body=iter([b"one,", b"\r\n", b"three"]), headers=headers)
    (got,) = far.received
    assert got.body == b"one,\r\nthree"
    assert got.header("Content-Length") == "11"
    assert got.header("Transfer-Encoding") == ""


def test_a_head_request_gets_the_length_and_no_body(far: Far, client: Client) -> None:
    far.answer = lambda request: Response(200, (), b"seventeen letters")
    got = client.send("HEAD", f"{far.base}/")
    assert (got.values("Content-Length"), got.body) == (["17"], b"")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_body_ends_at_its_head(far: Far, client: Client, status: int) -> None:
    far.answer = lambda request: Response(status, (("X", "y"),))
    got = client.send("GET", f"{far.base}/")
    assert (got.status, got.body, got.values("X")) == (status, b"", ["y"])


def test_the_host_header_of_the_client_is_the_host_of_the_request(far: Far, client: Client) -> None:
    client.send("GET", f"{far.base}/x", headers={"Host": "quickbooks.vendor.test"})
    scheme = far.base.partition(":")[0]
    assert far.received[0].url == f"{scheme}://quickbooks.vendor.test/x"


def test_forwarding_headers_are_data_and_change_no_address(far: Far, client: Client) -> None:
    forwarded = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.test"}
    client.send("GET", f"{far.base}/x", headers=forwarded)
    (got,) = far.received
    assert got.url == f"{far.base}/x"
    assert got.header("X-Forwarded-Host") == "evil.test"


def test_a_client_that_expects_100_continue_gets_its_final_answer(far: Far, client: Client) -> None:
    got = client.send("POST", f"{far.base}/", body=b"patient", headers={"Expect": "100-continue"})
    assert (got.status, got.body) == (200, b"patient")


@pytest.mark.parametrize("how", ["refused", "closed", "reset", "timeout", "truncated"])
def test_a_cut_raises_the_error_that_production_code_catches(far: Far, client: Client, how: CutHow) -> None:
    far.answer = lambda request: Cut(how, Response(200, (), b"abcdefgh"), keep=3)
    with pytest.raises(client.errors[how]):
        client.send("POST", f"{far.base}/", body=b"x", timeout=0.1 if how == "timeout" else 30)
    assert len(far.received) == 1


def test_the_next_request_after_a_cut_is_answered(far: Far, client: Client) -> None:
    far.answer = lambda request: Cut("reset")
    with pytest.raises(client.errors["reset"]):
        client.send("GET", f"{far.base}/1")
    far.answer = lambda request: Response(200, (), b"back")
    assert client.send("GET", f"{far.base}/2").body == b"back"


def test_eight_threads_each_get_their_own_answer(far: Far, client: Client) -> None:
    far.answer = lambda request: Response(200, (), request.path.encode() + b":" + request.body)

    def call(number: int) -> bool:
        got = client.send("POST", f"{far.base}/{number}", body=b"%d" % (number * 7))
        return got.body == b"/%d:%d" % (number, number * 7)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(call, range(40)))
    assert len(far.received) == 40
