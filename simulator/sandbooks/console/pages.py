"""The console's pages: ``/`` for the world ``default`` (or the first), ``/w/<world>/`` for any other.

A page shows credentials, so it is open on loopback only; elsewhere the browser asks for the control token.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from sandbooks import exact_json
from sandbooks.console.views import HUB, world_links, world_view
from sandbooks.control.api import LOOPBACK
from sandbooks.control.worlds import Worlds
from sandbooks.platform import platforms
from sandbooks.world.files import DEFAULT_WORLD

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'"


def console_app(worlds: Worlds, *, token: str = "") -> Flask:
    """The console over the worlds of a process. ``token`` admits browsers that do not come by a loopback name."""
    app = Flask("sandbooks.console", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def default_page() -> Response:
        found = worlds.world(DEFAULT_WORLD) or next(iter(worlds.worlds()), None)
        return _page(worlds, found.name if found else "")

    def world_page(world: str) -> Response:
        return _page(worlds, world) if worlds.world(world) else _missing(404)

    for rule, view in (("/", default_page), ("/w/<world>/", world_page)):
        app.add_url_rule(rule, endpoint=rule, view_func=_admitted(view, token), methods=["GET"])
    app.register_error_handler(HTTPException, _http_error)
    return app


def _admitted(view: Callable[..., Response], token: str) -> Callable[..., Response]:
    def admitted(**args: str) -> Response:
        if not _may_enter(token):
            text = "The console is open on loopback only. Elsewhere, sign in with the control token as the password.\n"
            challenge = {"WWW-Authenticate": 'Basic realm="Sandbooks control token"'}
            return Response(text, status=401, headers=challenge, mimetype="text/plain")
        return view(**args)

    return admitted


def _may_enter(token: str) -> bool:
    if request.host in LOOPBACK or request.host.rpartition(":")[0] in LOOPBACK:
        return True
    given = request.authorization
    secret = (given.password if given.type == "basic" else given.token) if given else None
    return bool(token) and hmac.compare_digest((secret or "").encode(), token.encode())


def _page(worlds: Worlds, name: str) -> Response:
    world = worlds.world(name)
    origin = f"{request.scheme}://{request.host}"
    base_url = origin if name == DEFAULT_WORLD else f"{origin}/w/{name}"
    view = world_view(world, base_url) if world else None
    page = render_template("console.html", worlds=world_links(worlds.worlds(), name), view=view, origin=origin)
    return _safely(make_response(page))


def _safely(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _http_error(error: HTTPException) -> Response:
    """Redirects stay; everything else that no page answers is said in the form that the caller asked for."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    return _missing(error.code)


def _missing(status: int) -> Response:
    surfaces = sorted([*platforms(), HUB])
    said = f"nothing is served at {request.path}; platforms: {', '.join(surfaces)}"
    if status == 405:
        said = f"{request.method} is not served at {request.path}; the console is for reading"
    if "text/html" not in request.headers.get("Accept", ""):
        return Response(exact_json.dumps({"error": said}), status=status, content_type="application/json")
    return _safely(make_response(render_template("missing.html", said=said), status))
