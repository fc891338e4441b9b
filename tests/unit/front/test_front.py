"""Vendor host names over TLS: by name resolution and through a proxy, with an authority of the process's own."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509

from sandbooks.app import App
from sandbooks.cli.fronts import open_front
from sandbooks.front import Authority, Front
from sandbooks.wire import Answer, Request

HOST = "api.freeagent.com"


class Setting:
    """A front before an app, and a client's way to it."""

    def __init__(self, folder: Path) -> None:
        self.app = App(raises=False)
        self.app.create_world(seed=1)
        self.authority = Authority(self.app.edge.hosts())
        self.certificate = folder / "ca.pem"
        self.certificate.write_bytes(self.authority.pem)
        self.front = Front(self.dispatch, self.app.edge.knows_host, self.authority)

    def dispatch(self, request: Request, world: str) -> Answer:
        return self.app.edge.dispatch(request, world=self.app.world(world) if world else None)

    def get(self, url: str, *, user: str = "") -> requests.Response:
        """Through the proxy, as a client that is told of it would."""
        proxy = f"http://{user and user + ':x@'}127.0.0.1:{self.front.proxy_port}"
        proxies = {"https": proxy, "http": proxy}
        return requests.get(url, proxies=proxies, verify=str(self.certificate), timeout=10)

    def close(self) -> None:
        self.front.close()
        self.app.close()


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    made = Setting(tmp_path)
    yield made
    made.close()


def test_an_emulated_host_answers_through_the_proxy(setting: Setting) -> None:
    answer = setting.get(f"https://{HOST}/v2/company")
    assert answer.status_code == 401
    assert "Access token" in answer.text
    assert [entry.url for entry in setting.app.worlds()[0].tape.entries()] == [f"https://{HOST}/v2/company"]


def test_a_plain_request_through_the_proxy_reaches_the_same_surface(setting: Setting) -> None:
    assert setting.get(f"http://{HOST}/v2/company").status_code == 401


def test_any_other_host_is_refused_by_name(setting: Setting) -> None:
    answer = setting.get("http://api.unknown.example/v1")
    assert answer.status_code == 403
    assert "api.unknown.example is not emulated" in answer.text
    with pytest.raises(requests.exceptions.ProxyError, match=r"403 api\.unknown\.example is not emulated by Sandbooks"):
        setting.get("https://api.unknown.example/v1")


def test_a_tunnel_to_another_host_is_refused_with_its_name(setting: Setting) -> None:
    with socket.create_connection(("127.0.0.1", setting.front.proxy_port), timeout=5) as connection:
        connection.sendall(b"CONNECT api.unknown.example:443 HTTP/1.1\r\nHost: api.unknown.example:443\r\n\r\n")
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"api.unknown.example" in answer


def test_the_user_of_the_proxy_chooses_the_world(setting: Setting) -> None:
    other = setting.app.create_world("other", seed=2)
    setting.get(f"https://{HOST}/v2/company", user="other")
    assert len(list(other.tape.entries())) == 1
    assert list(setting.app.worlds()[0].tape.entries()) == []


def test_a_name_that_resolves_here_is_answered_under_its_own_certificate(setting: Setting) -> None:
    context = ssl.create_default_context(cafile=str(setting.certificate))
    with (
        socket.create_connection(("127.0.0.1", setting.front.tls_port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        secured.sendall(f"GET /v2/company HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        assert secured.recv(65536).startswith(b"HTTP/1.1 401")


def test_no_certificate_is_made_for_a_host_that_is_not_emulated(setting: Setting) -> None:
    context = ssl.create_default_context(cafile=str(setting.certificate))
    with (
        socket.create_connection(("127.0.0.1", setting.front.tls_port), timeout=5) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized"),
    ):
        context.wrap_socket(plain, server_hostname="bank.example")


def test_two_requests_share_a_connection(setting: Setting) -> None:
    with requests.Session() as session:
        session.proxies = {"https": f"http://127.0.0.1:{setting.front.proxy_port}"}
        session.verify = str(setting.certificate)
        session.trust_env = False
        answers = [session.get(f"https://{HOST}/v2/company", timeout=10) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_peer_that_speaks_no_tls_harms_nobody(setting: Setting) -> None:
    with socket.create_connection(("127.0.0.1", setting.front.tls_port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            connection.recv(65536)
    assert setting.get(f"https://{HOST}/v2/company").status_code == 401


def test_the_authority_is_bound_to_its_hosts_and_differs_each_time() -> None:
    one, two = Authority(["api.example.com", "*.example.org"]), Authority(["api.example.com"])
    constraints = one.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = [name.value for name in constraints.permitted_subtrees or []]
    assert permitted == ["api.example.com", "example.org"]
    assert one.pem != two.pem


@pytest.mark.parametrize(
    "sent",
    [
        b"X\r\n\r\n",
        b"GET\r\n\r\n",
        b"CONNECT\r\n\r\n",
        b"CONNECT \x00:443 HTTP/1.1\r\n\r\n",
        b"CONNECT \xff\xfe:443 HTTP/1.1\r\n\r\n",
        b"GET http://a\x00b/ HTTP/1.1\r\n\r\n",
        b"GET http://[bad/ HTTP/1.1\r\nHost: [bad\r\n\r\n",
    ],
)
def test_a_proxy_request_that_names_no_host_is_refused_in_words(setting: Setting, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", setting.front.proxy_port), timeout=10) as raw:
        raw.sendall(sent)
        assert raw.recv(4096).startswith(b"HTTP/1.1 403 ")
    assert setting.get(f"https://{HOST}/v2/company").status_code == 401


def test_a_user_name_that_is_no_world_is_not_served_by_another_world(setting: Setting, tmp_path: Path) -> None:
    front = open_front(setting.app, tmp_path / "own.pem", tls_port=None)
    try:
        proxies = {"http": f"http://nowhere:x@127.0.0.1:{front.proxy_port}"}
        answer = requests.get(f"http://{HOST}/v2/company", proxies=proxies, timeout=10)
    finally:
        front.close()
    assert (answer.status_code, "a world 'nowhere'" in answer.text) == (404, True)
    assert setting.app.worlds()[0].tape.count() == 0
