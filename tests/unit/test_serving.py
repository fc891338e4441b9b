from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from types import SimpleNamespace

import pytest
import requests

from sandbooks.serving import Server
from sandbooks.serving.listener import BODY_BYTES_MAX, Workers
from sandbooks.wire import CONTINUES, Answer, Cut, Request, Response


def echo(request: Request) -> Answer:
    return Response(200, (), f"{request.method} {request.url} ".encode() + request.body)


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def read_to_end(sock: socket.socket) -> bytes:
    return b"".join(iter(lambda: sock.recv(65536), b""))


def talk(server: Server, sent: bytes) -> bytes:
    """Send raw bytes, and read until the server closes."""
    with closing(connect(server)) as sock:
        sock.sendall(sent)
        return read_to_end(sock)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(echo) as server:
        yield server


def test_the_url_names_the_free_port_that_was_taken(server: Server) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert server.port > 0


def test_the_request_target_is_not_normalised(server: Server) -> None:
    answer = talk(server, b"GET //a/../%2e%2F?x=1&&y HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"GET http://api.test//a/../%2e%2F?x=1&&y ")


def test_requests_on_one_connection_are_answered_in_their_order(server: Server) -> None:
    answer = talk(
        server,
        b"POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"
        b"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
        b"GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    )
    bodies = [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"POST http://h/1 ab", b"GET http://h/2 ", b"GET http://h/3 "]


def test_a_client_that_waits_is_told_to_continue(server: Server) -> None:
    with closing(connect(server)) as sock:
        sock.sendall(
            b"POST /w HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
        )
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"ok")
        assert read_to_end(sock).endswith(b"POST http://h/w ok")


def test_an_http_1_0_client_without_host_is_answered_and_let_go(server: Server) -> None:
    answer = talk(server, b"GET /old HTTP/1.0\r\n\r\n")
    assert b"Connection: close\r\n" in answer
    assert answer.endswith(f"GET {server.url}/old ".encode())


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [bad\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h:port\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h:99999\r\n\r\n",
        b"GET http://[bad/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    ],
)
def test_bytes_that_are_no_request_get_400_and_the_server_lives_on(server: Server, sent: bytes) -> None:
    assert talk(server, sent).startswith(b"HTTP/1.1 400 ") or talk(server, sent).startswith(b"HTTP/1.0 400 ")
    assert requests.get(f"{server.url}/next", timeout=10).status_code == 200


def test_a_defect_in_the_dispatch_is_answered_with_its_class_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: Request) -> Answer:
        raise KeyError("SyncToken")

    with caplog.at_level(logging.ERROR, "sandbooks.serving"), Server(broken) as server:
        answer = requests.get(f"{server.url}/x", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert "KeyError" in answer.text
    assert "SyncToken" not in answer.text
    assert "SyncToken" in caplog.text


def test_as_many_requests_are_under_way_together_as_platforms_count() -> None:
    together = threading.Barrier(101, timeout=20)

    def meet(request: Request) -> Answer:
        together.wait()
        return Response(200, (), b"met")

    with Server(meet) as server, ExitStack() as stack:
        coming = [stack.enter_context(closing(connect(server))) for _ in range(101)]
        for sock in coming:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        for sock in coming:
            sock.settimeout(20)
            assert sock.recv(100).startswith(b"HTTP/1.1 200")


class StoppedMeanwhile(Workers):
    """Workers whose server stops at the moment when they are made more."""

    def set_thread_count(self, count: int) -> None:
        self.stopping = threading.Thread(target=super().set_thread_count, args=(0,))
        self.stopping.start()
        self.stopping.join(0.2)
        super().set_thread_count(count)


def test_no_worker_is_started_once_the_server_stops() -> None:
    workers, done = StoppedMeanwhile(4), threading.Event()
    Workers.set_thread_count(workers, 1)
    for _ in range(2):
        workers.add_task(SimpleNamespace(service=lambda: done.wait(5), cancel=done.set))
    workers.stopping.join(5)
    assert len(workers.threads) == workers.stop_count
    done.set()


def test_a_held_connection_holds_no_thread() -> None:
    def hold(request: Request) -> Answer:
        return Cut("timeout") if request.path == "/hold" else Response(200, (), b"served")

    with Server(hold, threads=1) as server:
        held = [connect(server) for _ in range(3)]
        for sock in held:
            sock.sendall(b"GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
        assert requests.get(f"{server.url}/other", timeout=10).text == "served"
        for sock in held:
            sock.close()


def test_a_held_connection_answers_nothing_that_is_sent_after() -> None:
    seen: list[str] = []

    def hold(request: Request) -> Answer:
        seen.append(request.path)
        return Cut("timeout")

    with Server(hold) as server, closing(connect(server)) as sock:
        sock.sendall(b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.sendall(b"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
        with pytest.raises(TimeoutError):
            sock.recv(1)
    assert seen == ["/1"]


def test_stopping_closes_held_connections_and_frees_the_port() -> None:
    server = Server(lambda request: Cut("timeout")).start()
    with closing(connect(server)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        server.stop()
        sock.settimeout(10)
        assert sock.recv(1) == b""
    server.stop()
    with Server(echo, port=server.port) as again:
        assert requests.get(again.url, timeout=10).status_code == 200


def test_a_reset_is_a_reset_on_the_wire() -> None:
    with Server(lambda request: Cut("reset")) as server, pytest.raises(ConnectionResetError):
        talk(server, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")


def test_a_closed_connection_ends_in_order_without_a_byte() -> None:
    with Server(lambda request: Cut("closed")) as server:
        assert talk(server, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n") == b""


def test_a_truncated_answer_closes_after_the_bytes_that_are_kept() -> None:
    with Server(lambda request: Cut("truncated", Response(200, (), b"abcdefgh"), 3)) as server:
        head, _, body = talk(server, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").partition(b"\r\n\r\n")
    assert b"Content-Length: 8" in head
    assert body == b"abc"


def test_an_upload_that_its_client_breaks_off_does_no_harm(server: Server) -> None:
    with closing(connect(server)) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 2_000_000)
    assert requests.get(f"{server.url}/next", timeout=10).status_code == 200


def test_the_largest_attachments_of_the_platforms_fit() -> None:
    assert BODY_BYTES_MAX > 350 * 1024**2


def test_a_taken_port_is_an_error_at_once(server: Server) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(echo, port=server.port)


def test_a_server_that_never_started_can_be_stopped() -> None:
    server = Server(echo)
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(server)


def test_importing_the_module_loads_no_http_server() -> None:
    program = "import sys, sandbooks.serving; sys.exit('waitress' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    assert done.returncode == 0


def test_an_answer_that_goes_on_is_sent_as_it_comes_and_holds_no_thread() -> None:
    def counting(request: Request) -> Answer:
        number = int(request.url.rpartition("=")[2])
        following = ((CONTINUES, f"/tape?after={number + 1}"),) if number < 3 else ()
        return Response(200, following, f"line {number}\n".encode())

    with Server(counting, threads=1) as server:
        with requests.get(f"{server.url}/tape?after=1", stream=True, timeout=10) as answer:
            assert requests.get(f"{server.url}/other?after=9", timeout=10).text == "line 9\n"
            assert list(answer.iter_lines()) == [b"line 1", b"line 2", b"line 3"]


def test_stopping_ends_an_answer_that_goes_on() -> None:
    def endless(request: Request) -> Answer:
        return Response(200, ((CONTINUES, "/more"),), b"more\n")

    with Server(endless) as server:
        answer = requests.get(f"{server.url}/first", stream=True, timeout=10)
        lines = answer.iter_lines()
        assert next(lines) == b"more"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        list(lines)
