"""How a run reaches the simulator: in this process, or over a socket; by HTTP alone, so that both are the same.

Knows wire values and the control API's shapes; nothing of scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.wire import Answer, Cut, Headers, Request, Response

IN_PROCESS = "http://127.0.0.1:8787"
LIMITED_MOST = 7


class Refused(Exception):
    """The control API said no: the run cannot be played as written."""


class Transport(Protocol):
    """Sends requests to one server."""

    @property
    def base_url(self) -> str: ...

    def send(self, request: Request) -> Answer: ...

    def close(self) -> None: ...


class InProcess:
    """A server of its own in this process, gone at the end."""

    def __init__(self) -> None:
        self.base_url = IN_PROCESS
        self._app = App()

    def send(self, request: Request) -> Answer:
        return self._app.edge.dispatch(request)

    def close(self) -> None:
        self._app.close()


class OverSocket:
    """A running server. ``patient``: what is refused for its limits is asked again after the wait that it names."""

    def __init__(self, base_url: str, *, patient: bool = False) -> None:
        import requests

        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        if patient:
            self._wait_for_limits()
        self._session.trust_env = False
        self._session.headers.clear()  # what a run sends is what the scenario says, over a socket too
        self._errors = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

    def _wait_for_limits(self) -> None:
        from requests.adapters import HTTPAdapter
        from urllib3 import Retry

        # Where no wait is named: 1 to 64 seconds, longer than the minute by which platforms count.
        limits = Retry(
            connect=0,
            read=0,
            other=0,
            redirect=0,
            status=LIMITED_MOST,
            status_forcelist=(429,),
            allowed_methods=None,
            backoff_factor=1,
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=limits))

    def send(self, request: Request) -> Answer:
        import requests

        headers = dict(request.headers)
        try:
            got = self._session.request(
                request.method, request.url, data=request.body, headers=headers, timeout=60, allow_redirects=False
            )
        except requests.Timeout:
            return Cut("timeout")
        except self._errors:
            return Cut("closed")
        return Response(got.status_code, tuple(got.raw.headers.items()), got.content)

    def close(self) -> None:
        self._session.close()


class Control:
    """The control API for one world of a server."""

    def __init__(self, transport: Transport, world: str) -> None:
        self.transport = transport
        self.world = world

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call below the world; the decoded answer. Raises ``Refused``."""
        raw = self.raw(method, f"/_control/worlds/{self.world}{path}", body)
        return exact_json.loads(raw) if raw else None

    def create(self, **wanted: Any) -> None:
        """Make the world."""
        self.raw("POST", "/_control/worlds", {"name": self.world, **wanted})

    def drop(self) -> None:
        """Delete the world."""
        self.raw("DELETE", f"/_control/worlds/{self.world}")

    def raw(self, method: str, path: str, body: Any = None) -> bytes:
        """One call; the bytes of the answer. Raises ``Refused``."""
        data = b"" if body is None else exact_json.dumps(body)
        headers: Headers = (("Content-Type", "application/json"),) if data else ()
        answer = self.transport.send(Request(method, self.transport.base_url + path, headers, data))
        if isinstance(answer, Cut):
            raise Refused(f"{self.transport.base_url} does not answer")
        if answer.status >= 400:
            raise Refused(_reason(answer))
        return answer.body

    @property
    def base_url(self) -> str:
        """What the paths of this world begin with."""
        return f"{self.transport.base_url}/w/{self.world}"


def _reason(answer: Response) -> str:
    try:
        error = exact_json.loads(answer.body)
    except exact_json.MalformedJson:
        return f"HTTP {answer.status}"
    if isinstance(error, Mapping) and "message" in error:
        return f"{error['message']}; {error.get('remedy', '')}"
    return f"HTTP {answer.status}: {error}"
