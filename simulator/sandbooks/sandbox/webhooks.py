"""Webhooks of a company, delivered to an application in this process and kept for reading."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from sandbooks.edge import call_wsgi
from sandbooks.kit import outbox
from sandbooks.wire import Answer, Request, Response

if TYPE_CHECKING:
    from sandbooks.sandbox.sandbox import Sandbox

Receiver: TypeAlias = Callable[[Request], Answer]

RECEIVER = "https://receiver.sandbooks.test"


class Webhooks:
    """What one company's platform (or the hub) tells the world outside."""

    def __init__(self, sandbox: Sandbox, platform: str, company: str, *, secret: str = "") -> None:
        self._sandbox = sandbox
        self._platform = platform
        self._company = company
        self._secret = secret

    def deliver_to(
        self, app: Any, *, path: str = "/webhooks", secret: str = "", events: tuple[str, ...] = ()
    ) -> outbox.Subscription:
        """Send every event from now on to a WSGI or ASGI application; the subscription carries the signing secret.

        Without ``secret`` events are signed with the key among the company's credentials, where the platform has one.
        An error that the application raises answers 500 to the platform, which tries again as it does; the error is
        kept in ``sandbox.receiver_errors``, and the pytest plugin raises it when the test ends.
        """
        number = self._sandbox.world.ids.number("receiver")
        url = f"{RECEIVER}/{number}{path}"
        prefix = f"{RECEIVER}/{number}"
        call = _asgi if _is_asgi(app) else _wsgi
        self._sandbox.app.receivers.append((prefix + "/", self._receiver(lambda inner: call(app, inner), prefix)))
        world = self._sandbox.world
        told: dict[str, Any] = {
            "url": url,
            "secret": secret or self._secret,
            "events": events,
            "company": self._company,
        }
        with world.unit():
            return outbox.subscribe(world, self._platform, **told)

    def _receiver(self, call: Receiver, prefix: str) -> Receiver:
        def receive(request: Request) -> Answer:
            try:
                return call(_inside(request, prefix))
            except Exception as error:  # noqa: BLE001 - the user's own code: the platform sees a 500, the test the error
                self._sandbox.receiver_errors.append(error)
                return Response(500)

        return receive

    def deliveries(self) -> list[dict[str, Any]]:
        """What was sent, with every attempt and its status."""
        return [d for d in outbox.deliveries(self._sandbox.world) if d["platform"] == self._platform]


def _is_asgi(app: Any) -> bool:
    called = app if inspect.isroutine(app) else getattr(app, "__call__", app)  # noqa: B004 - a look at its signature
    return inspect.iscoroutinefunction(called)


def _inside(request: Request, prefix: str) -> Request:
    place = urlsplit(request.url)
    path = request.url.removeprefix(prefix) or "/"
    return Request(request.method, f"{place.scheme}://{place.netloc}{path}", request.headers, request.body)


def _wsgi(app: Any, request: Request) -> Answer:
    return call_wsgi(app, request, request.path)


_home: ContextVar[asyncio.AbstractEventLoop | None] = ContextVar("loop of ASGI applications", default=None)


@contextmanager
def in_running_loop() -> Iterator[None]:
    """Within this, ASGI applications are called in the event loop that is running now, from whatever thread."""
    token = _home.set(asyncio.get_running_loop())
    try:
        yield
    finally:
        _home.reset(token)


def _asgi(app: Any, request: Request) -> Answer:
    """Call an ASGI application: in the loop that waits for it, else in a loop of its own."""
    home = _home.get()
    if home is not None:
        return asyncio.run_coroutine_threadsafe(_call_asgi(app, request), home).result()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_call_asgi(app, request))
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(_call_asgi(app, request))).result()


async def _call_asgi(app: Any, request: Request) -> Response:
    place = urlsplit(request.url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": place.scheme,
        "path": place.path,
        "raw_path": place.path.encode(),
        "query_string": place.query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in request.headers],
        "server": (place.hostname, 443),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status = next((m["status"] for m in sent if m["type"] == "http.response.start"), 500)
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return Response(status, (), body)
