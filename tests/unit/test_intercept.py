from __future__ import annotations

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from tests.unit.http_clients import CLIENTS, Client
from urllib3.util import Retry

from sandbooks.intercept import DispatchFailed, Interception, intercept
from sandbooks.serving import Server
from sandbooks.wire import Answer, Cut, CutHow, Request, Response

VENDOR = "https://api.vendor.test"
every_client = pytest.mark.parametrize("client", CLIENTS, ids=repr)


class Script:
    """A dispatch that gives its answers in turn and repeats the last; remembers the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers) or [Response(200, (), b"emulated")]
        self.received: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.received.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def vendor(dispatch: Callable[[Request], Answer], **options: Any) -> Interception:
    return intercept(dispatch, {"api.vendor.test"}, **options)


def retrying_session(**options: Any) -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=Retry(total=3, allowed_methods=None, **options)))
    return session


@pytest.fixture
def network() -> Iterator[tuple[Server, Script]]:
    """A real server on loopback: the network that is not emulated."""
    script = Script(Response(200, (), b"from the network"))
    with Server(script) as server:
        yield server, script


def test_a_retry_policy_works_above_the_interception() -> None:
    script = Script(Response(503), Response(200, (), b"second"))
    with vendor(script), retrying_session(status_forcelist=[503]) as session:
        assert session.post(f"{VENDOR}/bills", data=b"b").text == "second"
    assert [request.body for request in script.received] == [b"b", b"b"]


@pytest.mark.parametrize("how", ["closed", "reset", "timeout", "truncated"])
def test_a_retry_policy_repeats_what_a_cut_lost(how: CutHow) -> None:
    script = Script(Cut(how, Response(200, (), b"lost answer"), 4), Response(200, (), b"second"))
    with vendor(script), retrying_session() as session:
        if how == "truncated":  # the head has arrived: urllib3 gives the body to its caller and retries no more
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                session.post(f"{VENDOR}/bills")
        else:
            assert session.post(f"{VENDOR}/bills").text == "second"
    assert len(script.received) == (1 if how == "truncated" else 2)


def test_a_refused_connection_counts_as_a_connect_error_and_sends_nothing() -> None:
    script = Script()
    cuts: list[Cut | None] = [Cut("refused"), None]
    with (
        vendor(script, connect=lambda host, port: cuts.pop(0)),
        retrying_session(connect=1, read=0, other=0) as session,
    ):
        assert session.post(f"{VENDOR}/bills").text == "emulated"
    assert len(script.received) == 1


@every_client
@pytest.mark.parametrize(("how", "error"), [("refused", "connect"), ("timeout", "connect timeout")])
def test_a_connection_may_fail_before_any_request(client: Client, how: CutHow, error: str) -> None:
    script, asked = Script(), []

    def connect(host: str, port: int) -> Cut:
        asked.append((host, port))
        return Cut(how)

    with vendor(script, connect=connect), pytest.raises(client.errors[error]):
        client.send("POST", f"{VENDOR}/bills")
    assert (asked, script.received) == ([("api.vendor.test", 443)], [])


def test_a_session_keeps_its_connection() -> None:
    connects: list[str] = []
    with vendor(Script(), connect=lambda host, port: connects.append(host)), requests.Session() as session:
        for _ in range(3):
            session.get(VENDOR)
    assert connects == ["api.vendor.test"]


def test_a_client_that_closes_connects_anew() -> None:
    connects: list[str] = []
    with vendor(Script(), connect=lambda host, port: connects.append(host)), requests.Session() as session:
        for _ in range(2):
            session.get(VENDOR, headers={"Connection": "close"})
    assert len(connects) == 2


class Lacking(Exception):
    pass


@every_client
def test_an_error_of_the_dispatch_reaches_the_caller_as_it_is(client: Client) -> None:
    lack = Lacking("budgets")

    def dispatch(request: Request) -> Answer:
        raise lack

    with vendor(dispatch), pytest.raises(Lacking) as raised:
        client.send("POST", VENDOR)
    assert raised.value is lack


@pytest.mark.parametrize("bug", [FileNotFoundError("chart"), TimeoutError("db"), http.client.IncompleteRead(b"")])
def test_an_error_that_clients_would_retry_is_wrapped_and_not_retried(bug: Exception) -> None:
    calls: list[str] = []

    def dispatch(request: Request) -> Answer:
        calls.append(request.url)
        raise bug

    with vendor(dispatch), retrying_session() as session, pytest.raises(DispatchFailed) as raised:
        session.post(f"{VENDOR}/bills")
    assert raised.value.__cause__ is bug
    assert calls == [f"{VENDOR}/bills"]


def test_a_session_works_on_after_an_error_of_the_dispatch() -> None:
    fail = [True, False]

    def dispatch(request: Request) -> Answer:
        if fail.pop(0):
            raise Lacking
        return Response(200, (), b"fine")

    with vendor(dispatch), requests.Session() as session:
        with pytest.raises(Lacking):
            session.get(VENDOR)
        assert session.get(VENDOR).text == "fine"


@every_client
def test_other_hosts_pass_to_the_network_and_are_counted(client: Client, network: tuple[Server, Script]) -> None:
    server, _ = network
    with vendor(Script()) as interception:
        assert client.send("GET", server.url).body == b"from the network"
        assert client.send("GET", VENDOR).body == b"emulated"
    assert interception.network_exchanges == ["127.0.0.1"]


@every_client
def test_with_the_network_refused_another_host_fails_by_name(client: Client, network: tuple[Server, Script]) -> None:
    server, script = network
    with vendor(Script(), network="refuse") as interception:
        with pytest.raises(client.errors["connect"], match=r"127\.0\.0\.1 is not an emulated host"):
            client.send("GET", server.url)
        assert client.send("GET", VENDOR).body == b"emulated"
    assert (script.received, interception.network_exchanges) == ([], [])


@pytest.mark.parametrize("pooled", ["requests", "httpx"])
def test_a_refused_network_refuses_open_connections_too(pooled: str, network: tuple[Server, Script]) -> None:
    server, script = network
    client = requests.Session() if pooled == "requests" else httpx.Client()
    with client:
        client.get(server.url)
        with vendor(Script(), network="refuse"), pytest.raises((requests.ConnectionError, httpx.ConnectError)):
            client.get(server.url)
        client.get(server.url)
    assert len(script.received) == 2


def test_a_client_that_is_not_intercepted_cannot_reach_the_vendor() -> None:
    with vendor(Script()), pytest.raises(socket.gaierror, match=r"api\.vendor\.test is emulated"):
        socket.create_connection(("api.vendor.test", 443))


async def test_an_event_loop_cannot_reach_the_vendor_either() -> None:
    with vendor(Script()), pytest.raises(socket.gaierror, match=r"api\.vendor\.test is emulated"):
        await asyncio.open_connection("api.vendor.test", 443)


@pytest.mark.parametrize("scheme", ["http", "https"])
@every_client
def test_proxy_variables_do_not_divert_an_emulated_host(
    client: Client, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    script = Script()
    with vendor(script, network="refuse"):
        assert client.send("GET", f"{scheme}://api.vendor.test/x").body == b"emulated"
    assert script.received[0].url == f"{scheme}://api.vendor.test/x"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_set_in_code_does_not_divert_an_emulated_host(scheme: str) -> None:
    proxy, url, script = "http://127.0.0.1:9", f"{scheme}://api.vendor.test/x", Script()
    with vendor(script, network="refuse"):
        with urllib3.ProxyManager(proxy) as pool:
            assert [pool.request("GET", url, retries=False).data for _ in range(2)] == [b"emulated"] * 2
        with httpx.Client(proxy=proxy) as client:
            assert client.get(url).content == b"emulated"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({scheme: proxy}))
        with opener.open(url) as answer:
            assert answer.read() == b"emulated"
    assert [request.url for request in script.received] == [url] * 4


def test_a_forwarding_proxy_is_still_used_for_other_hosts(network: tuple[Server, Script]) -> None:
    server, script = network
    with vendor(Script()) as interception, urllib3.ProxyManager(server.url) as pool:
        assert pool.request("GET", "http://api.vendor.test/").data == b"emulated"
        assert pool.request("GET", "http://elsewhere.test/a").data == b"from the network"
        assert pool.request("GET", "http://api.vendor.test/").data == b"emulated"
    assert [request.url for request in script.received] == ["http://elsewhere.test/a"]
    assert interception.network_exchanges == ["elsewhere.test"]


Getter = tuple[Callable[[], bytes], Callable[[], None]]


def pooled_requests(url: str) -> Getter:
    session = requests.Session()
    return lambda: session.get(url).content, session.close


def pooled_http_client(url: str) -> Getter:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))

    def get() -> bytes:
        connection.request("GET", "/")
        return connection.getresponse().read()

    return get, connection.close


def pooled_httpx(url: str) -> Getter:
    client = httpx.Client()
    return lambda: client.get(url).content, client.close


def pooled_httpx_async(url: str) -> Getter:
    client, runner = httpx.AsyncClient(), asyncio.Runner()

    async def get() -> bytes:
        return (await client.get(url)).content

    def close() -> None:
        runner.run(client.aclose())
        runner.close()

    return lambda: runner.run(get()), close


@pytest.mark.parametrize("pooled", [pooled_requests, pooled_http_client, pooled_httpx, pooled_httpx_async])
def test_no_connection_crosses_the_border_of_an_interception(
    pooled: Callable[[str], Getter], network: tuple[Server, Script]
) -> None:
    server, _ = network
    get, close = pooled(server.url)
    assert get() == b"from the network"
    with intercept(Script(), ["127.0.0.1"]):
        assert get() == b"emulated"
        assert get() == b"emulated"
        with intercept(Script(Response(200, (), b"inner")), ["127.0.0.1"]):
            assert get() == b"inner"
        assert get() == b"emulated"
    if pooled is pooled_http_client:  # a connection held by hand fails once, then connects again
        with pytest.raises(OSError):  # noqa: PT011  broken pipe, or closed by the remote end
            get()
        close()
    assert get() == b"from the network"
    close()


def test_the_innermost_interception_that_knows_a_host_answers() -> None:
    outer, inner = Script(Response(200, (), b"outer")), Script(Response(200, (), b"inner"))
    with intercept(outer, ["a.test", "b.test"]), intercept(inner, ["b.test"], network="refuse"):
        assert requests.get("https://a.test").content == b"outer"
        assert requests.get("https://b.test").content == b"inner"


def test_interceptions_may_close_in_any_order() -> None:
    before = http.client.HTTPConnection.connect
    first, second = intercept(Script(Response(200, (), b"1")), ["a.test"]), vendor(Script())
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert requests.get(VENDOR).content == b"emulated"
    second.__exit__(None, None, None)
    assert http.client.HTTPConnection.connect is before


def test_one_interception_may_be_entered_again_while_it_is_open() -> None:
    interception = vendor(Script(), network="refuse")
    with interception:
        with interception:
            requests.get(VENDOR)
        assert requests.get(VENDOR).content == b"emulated"


def test_a_passing_exchange_is_counted_once_by_each_interception(network: tuple[Server, Script]) -> None:
    server, _ = network
    with vendor(Script()) as outer, outer, intercept(Script(), ["b.test"]) as inner:
        requests.get(server.url)
    assert (outer.network_exchanges, inner.network_exchanges) == (["127.0.0.1"], ["127.0.0.1"])


def test_everything_is_put_back() -> None:
    owners: list[tuple[Any, str]] = [
        (socket, "getaddrinfo"),
        (http.client.HTTPConnection, "connect"),
        (http.client.HTTPConnection, "putrequest"),
        (http.client.HTTPSConnection, "connect"),
        (urllib3.connection.HTTPConnection, "connect"),
        (urllib3.connection.HTTPSConnection, "connect"),
        (httpcore.ConnectionPool, "handle_request"),
        (httpcore.AsyncConnectionPool, "handle_async_request"),
    ]
    before = [vars(owner)[name] for owner, name in owners]
    finders = list(sys.meta_path)
    with vendor(Script()):
        during = [vars(owner)[name] for owner, name in owners]
    assert not any(ours is theirs for ours, theirs in zip(during, before, strict=True))
    assert [vars(owner)[name] for owner, name in owners] == before
    assert sys.meta_path == finders


def test_a_tool_that_patches_over_us_keeps_its_patch(monkeypatch: pytest.MonkeyPatch) -> None:
    original = urllib3.connection.HTTPSConnection.connect
    with vendor(Script()):
        ours = urllib3.connection.HTTPSConnection.connect

        def theirs(connection: Any) -> None:
            ours(connection)

        urllib3.connection.HTTPSConnection.connect = theirs  # type: ignore[method-assign]  # as a tool does
        assert requests.get(VENDOR).content == b"emulated"
    assert urllib3.connection.HTTPSConnection.connect is theirs
    urllib3.connection.HTTPSConnection.connect = original  # type: ignore[method-assign]  # put back


def test_a_host_may_be_told_by_a_predicate_in_any_casing() -> None:
    script = Script()
    with intercept(script, lambda host: host.endswith(".vendor.test"), network="refuse"):
        requests.get("https://12345_SB1.API.Vendor.TEST/x")
        httpx.get("https://Two.Vendor.Test/x")
    assert len(script.received) == 2


def test_a_port_other_than_the_usual_stays_in_the_url() -> None:
    script = Script()
    with vendor(script):
        requests.get("http://api.vendor.test:8443/x")
        httpx.get("http://api.vendor.test:8443/x")
    assert [request.url for request in script.received] == ["http://api.vendor.test:8443/x"] * 2


def test_unverified_https_to_an_emulated_host_warns_of_nothing() -> None:
    with vendor(Script()):
        assert requests.get(VENDOR, verify=False).content == b"emulated"  # noqa: S501  there is no TLS to verify


def test_redirects_between_emulated_hosts_are_followed() -> None:
    script = Script(Response(302, (("Location", "https://b.test/next"),)), Response(200, (), b"there"))
    with intercept(script, ["a.test", "b.test"], network="refuse"):
        assert requests.post("https://a.test/", data=b"x").content == b"there"
    assert [(request.method, request.url) for request in script.received] == [
        ("POST", "https://a.test/"),
        ("GET", "https://b.test/next"),
    ]


def test_bytes_that_are_no_request_get_400() -> None:
    with vendor(Script()):
        connection = http.client.HTTPSConnection("api.vendor.test")
        connection.putrequest("GET", "nowhere")
        connection.endheaders()
        with connection.getresponse() as answer:
            assert answer.status == 400


def test_answers_can_be_streamed() -> None:
    body = bytes(range(256)) * 1000
    with vendor(Script(Response(200, (), body))):
        with requests.get(VENDOR, stream=True) as answer:
            assert b"".join(answer.iter_content(1000)) == body
        with httpx.stream("GET", VENDOR) as streamed:
            assert b"".join(streamed.iter_bytes(1000)) == body


async def test_many_calls_of_one_event_loop_share_a_client() -> None:
    def dispatch(request: Request) -> Answer:
        return Response(200, (), request.path.encode())

    with vendor(dispatch):
        async with httpx.AsyncClient() as client:
            answers = await asyncio.gather(*(client.get(f"{VENDOR}/{number}") for number in range(30)))
    assert [answer.text for answer in answers] == [f"/{number}" for number in range(30)]


def test_threads_share_a_session_while_others_enter_and_leave() -> None:
    def dispatch(request: Request) -> Answer:
        return Response(200, (), request.path.encode())

    def call(number: int) -> bool:
        with intercept(Script(), [f"{number}.test"]):
            return session.get(f"{VENDOR}/{number}").text == f"/{number}"

    with vendor(dispatch, network="refuse"), requests.Session() as session, ThreadPoolExecutor(8) as threads:
        assert all(threads.map(call, range(200)))


def test_a_dispatch_may_call_an_emulated_host_itself() -> None:
    def dispatch(request: Request) -> Answer:
        if request.path == "/inner":
            return Response(200, (), b"inner")
        return Response(200, (), b"outer of " + requests.get(f"{VENDOR}/inner").content)

    with vendor(dispatch):
        assert requests.get(f"{VENDOR}/outer").content == b"outer of inner"


def test_httpx_retries_connecting_as_its_transport_was_told() -> None:
    cuts: list[Cut | None] = [Cut("refused"), None]
    interception = vendor(Script(), connect=lambda host, port: cuts.pop(0))
    with interception, httpx.Client(transport=httpx.HTTPTransport(retries=1)) as client:
        assert client.get(VENDOR).content == b"emulated"
    assert cuts == []


def test_it_serves_as_a_decorator() -> None:
    @vendor(Script())
    def test_of_a_user() -> bytes:
        return requests.get(VENDOR).content

    assert test_of_a_user() == b"emulated"


def run(program: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True, check=False
    )


def test_importing_it_loads_no_http_library() -> None:
    libraries = "{'http', 'h11', 'urllib3', 'httpcore', 'ssl'}"
    done = run(f"import sys, sandbooks.intercept; print(sorted({libraries} & set(sys.modules)))")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_clients_imported_while_it_is_open_are_intercepted() -> None:
    done = run(
        """
from sandbooks.intercept import intercept
from sandbooks.wire import Response
with intercept(lambda request: Response(200, (), b"emulated"), ["api.vendor.test"], network="refuse"):
    import sys
    assert "urllib3" not in sys.modules and "httpcore" not in sys.modules
    import httpx, requests
    print(requests.get("https://api.vendor.test").text, httpx.get("https://api.vendor.test").text)
"""
    )
    assert (done.stdout.strip(), done.stderr) == ("emulated emulated", "")
