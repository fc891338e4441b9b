"""Faults as real HTTP clients meet them, on a socket and intercepted."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
import requests
from tests.unit.faults.toy import BASE, HOST, Bench

from sandbooks.intercept import intercept
from sandbooks.serving import Server

Sent = Callable[[str], object]
GOOD = {"Authorization": "Bearer good"}
WAITS = 0.3  # seconds that a client waits on a socket where nothing is going to come


@pytest.fixture(params=["socket", "intercepted"])
def base(request: pytest.FixtureRequest, bench: Bench) -> Iterator[str]:
    """Where the platform is reached."""
    with ExitStack() as stack:
        if request.param == "socket":
            yield f"{stack.enter_context(Server(bench.app.edge.dispatch)).url}/toy"
        else:
            stack.enter_context(intercept(bench.app.edge.dispatch, [HOST], network="refuse"))
            yield BASE


def body(ref: str) -> dict[str, str]:
    return {"ref": ref, "amount": "12.30"}


def by_requests(base: str, ref: str) -> requests.Response:
    with requests.Session() as session:
        return session.post(f"{base}/acme/spend", json=body(ref), headers=GOOD, timeout=WAITS)


def by_httpx(base: str, ref: str) -> httpx.Response:
    with httpx.Client(timeout=WAITS) as client:
        return client.post(f"{base}/acme/spend", json=body(ref), headers=GOOD)


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize(
    ("how", "error", "cause"),
    [
        ("timeout", requests.ReadTimeout, httpx.ReadTimeout),
        ("closed", requests.ConnectionError, httpx.RemoteProtocolError),
        ("reset", requests.ConnectionError, httpx.ReadError),
    ],
)
def test_a_lost_answer_raises_what_a_real_one_would(
    bench: Bench, base: str, phase: str, how: str, error: type[Exception], cause: type[Exception]
) -> None:
    bench.plan.add("drop_response", at={"write": "r-1"}, phase=phase, how=how)
    bench.plan.add("drop_response", at={"write": "r-2"}, phase=phase, how=how)
    with pytest.raises(error):
        by_requests(base, "r-1")
    with pytest.raises(cause):
        by_httpx(base, "r-2")
    assert bench.refs() == (["r-1", "r-2"] if phase == "commit" else [])
    assert bench.plan.unfired() == []


def test_a_truncated_answer_is_noticed_by_the_client(bench: Bench, base: str) -> None:
    bench.plan.add("truncate", at={"every": True}, keep=7)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        by_requests(base, "r-1")
    with pytest.raises(httpx.RemoteProtocolError):
        by_httpx(base, "r-2")
    assert bench.refs() == ["r-1", "r-2"]


def test_an_html_page_arrives_as_one(bench: Bench, base: str) -> None:
    bench.plan.add("html_error_page", at={"every": True}, phase="send", status=503)
    for answer in (by_requests(base, "r-1"), by_httpx(base, "r-2")):
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "<h1>503 Service Unavailable</h1>" in answer.text
    assert bench.refs() == []


def test_a_client_that_meets_no_fault_is_answered(bench: Bench, base: str) -> None:
    bench.plan.add("reset", at={"write": "r-9"})
    assert (by_requests(base, "r-1").status_code, by_httpx(base, "r-2").status_code) == (201, 201)
