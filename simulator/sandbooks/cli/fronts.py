"""A front before an app: what ``serve`` and ``exec`` share."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sandbooks.front import Authority, Front
from sandbooks.wire import Response

if TYPE_CHECKING:
    from sandbooks.app import App
    from sandbooks.wire import Answer, Request


def open_front(
    app: App,
    certificate: Path | None,
    *,
    host: str = "127.0.0.1",
    tls_port: int | None = 0,
    proxy_port: int | None = 0,
) -> Front:
    """Listen under the vendor host names of an app; the authority's certificate is written to a file to be trusted."""
    authority = Authority(app.edge.hosts())
    if certificate:
        certificate.write_bytes(authority.pem)
    return Front(
        partial(_dispatch, app), app.edge.knows_host, authority, host=host, tls_port=tls_port, proxy_port=proxy_port
    )


def _dispatch(app: App, request: Request, world: str) -> Answer:
    chosen = app.world(world) if world else None
    if world and chosen is None:
        headers = (("Content-Type", "text/plain; charset=utf-8"),)
        return Response(404, headers, f"the proxy's user name asks for a world {world!r}; there is none\n".encode())
    return app.edge.dispatch(request, world=chosen)
