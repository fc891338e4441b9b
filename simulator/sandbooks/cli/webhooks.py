"""A receiver for the hub's webhooks on this machine: shows each delivery and whether its signature holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import click
from msgspec import Struct

from sandbooks import exact_json
from sandbooks.cli.place import Place, at_place
from sandbooks.hub.webhooks import signature


@click.group()
def webhooks() -> None:
    """Receive what a hub or a platform sends."""


class Delivery(Struct, frozen=True):
    """One delivery as it came. ``verdict``: the signature holds, does not, cannot be checked, or there is none."""

    event: str
    id: str
    verdict: str
    body: Any

    def as_json(self) -> dict[str, Any]:
        return {"event": self.event, "id": self.id, "signature": self.verdict, "body": self.body}

    def __str__(self) -> str:
        shown = exact_json.dumps(self.body).decode()
        return f"{self.event:<34} {self.verdict:<12} {self.id}\n  {shown}"


def delivery_of(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """What a request delivers; headers are taken in the spelling of the hub and in that of the service behind it."""
    given = {name.lower(): value for name, value in headers.items()}

    def header(name: str) -> str:
        return given.get(f"webhook-{name}") or given.get(f"svix-{name}") or ""

    try:
        shown = exact_json.loads(body)
    except exact_json.MalformedJson:
        shown = body.decode("utf-8", "replace")
    told = shown if isinstance(shown, dict) else {}
    event = str(told.get("eventType") or told.get("RuleType") or "unknown")
    id = header("id") or str(told.get("AlertId") or "")
    return Delivery(event, id, _verdict(header, body, secret), shown)


def _verdict(header: Callable[[str], str], body: bytes, secret: str) -> str:
    if not header("signature"):
        return "not signed"
    if not secret:
        return "not checked"
    seconds = header("timestamp")
    if not (seconds.isascii() and seconds.isdigit()):
        return "wrong"
    wanted = signature(secret, header("id"), int(seconds), body)
    return "holds" if wanted in header("signature").split() else "wrong"


@webhooks.command()
@at_place
@click.option(
    "--company", default="", help="A hub company to subscribe to (its id, or the platform it is connected to)."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8899, show_default=True, help="0 takes a free one.")
@click.option("--secret", default="", help="The signing secret, when the consumer was created by other means.")
@click.option("--status", default=200, show_default=True, help="What to answer: 500 shows the retries.")
@click.option("--count", default=0, help="End after so many deliveries; 0 never ends.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each delivery.")
def listen(
    place: Place, company: str, host: str, port: int, secret: str, status: int, count: int, as_json: bool
) -> None:
    """Show every delivery and check its signature.

    With --company the receiver subscribes to that company of the server and leaves when it ends; without, create a
    consumer of your own and pass its --secret. Ends with 1 when a signature was wrong.
    """
    seen: list[Delivery] = []

    def take(headers: Mapping[str, str], body: bytes) -> int:
        delivery = delivery_of(headers, body, known["secret"])
        seen.append(delivery)
        click.echo(exact_json.dumps(delivery.as_json()).decode() if as_json else str(delivery))
        return status

    known = {"secret": secret}
    with _server(host, port, _handler(take)) as server:
        url = f"http://{host}:{server.server_address[1]}/"
        path, made = _subscribed(place, company, url)
        known["secret"] = made.get("secret") or secret
        click.echo(f"listening at {url}", err=True)
        try:
            while not count or len(seen) < count:
                server.handle_request()
        except KeyboardInterrupt:
            click.echo(f"{len(seen)} deliveries", err=True)
        finally:
            if made:
                place.call("DELETE", f"{path}/{made['id']}")
    if any(delivery.verdict == "wrong" for delivery in seen):
        raise click.exceptions.Exit(1)


def _subscribed(place: Place, company: str, url: str) -> tuple[str, dict[str, Any]]:
    """The path of the company's subscriptions and the one that was made; nothing without a company."""
    if not company:
        return "", {}
    listed: list[dict[str, Any]] = [c for c in place.call("GET", "/companies") if c["platform"] == "codat"]
    found = [c for c in listed if company in (c["company_id"], c["connected_to"]["platform"], c["name"])]
    if not found:
        known = ", ".join(c["connected_to"]["platform"] for c in listed) or "none"
        raise click.ClickException(f"no hub company {company!r}; there is one connected to {known}")
    path = f"/companies/codat/{found[0]['company_id']}/webhooks"
    made: dict[str, Any] = place.call("POST", path, {"url": url})
    return path, made


def _server(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> HTTPServer:
    try:
        return HTTPServer((host, port), handler)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


def _handler(take: Callable[[Mapping[str, str], bytes], int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Takes one delivery."""

        def do_POST(self) -> None:  # the name that http.server looks for
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(take(dict(self.headers.items()), body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """What comes is shown by the command itself."""

    return Handler
