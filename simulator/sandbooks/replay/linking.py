"""Connecting a company in the hub, as its own user does it: the link page, then the platform's consent page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from sandbooks.hub import browser
from sandbooks.hub.link import CALLBACK
from sandbooks.replay.hub_client import HubClient
from sandbooks.replay.transport import Control, Refused
from sandbooks.wire import Answer, Request, Response

if TYPE_CHECKING:
    from sandbooks.replay.run import Place, Run

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def link(run: Run, place: Place, *, consent: str) -> None:
    """Link a company for the first time, or link the same connection anew."""
    if place.hub is None:
        place.hub = _opened(run.control, place)
        if consent == "approve":
            return
    hub = place.hub
    _, connection = hub.call("GET", f"{hub.company}/connections/{hub.connection_id}")
    _walk(run.control, place, str(connection["linkUrl"]), consent)


def _opened(control: Control, place: Place) -> HubClient:
    """A hub company that is linked already, and its webhooks kept in the world."""
    connected = {"platform": place.platform, "company_id": place.company_id}
    made = control.call("POST", "/companies", {"platform": "codat", "connected_to": connected})
    credentials = made["credentials"]
    control.call("POST", f"/companies/codat/{made['company_id']}/webhooks", {})
    return HubClient(control, credentials["api_key"], made["company_id"], credentials["connection_id"])


def _walk(control: Control, place: Place, link_url: str, consent: str) -> None:
    """Press the button on the link page; on yes, walk the consent page and come back.

    Where the platform has no such page, the link page asks for keys: they are typed in. Where it says which steps to
    take beside a browser, the control API takes them.
    """
    start = urlsplit(link_url)
    page = f"{control.base_url}/codat{start.path.removeprefix(urlsplit(control.base_url).path + '/codat')}"
    pressed = "approve" if consent == "approve" else "cancel"
    shown = control.transport.send(Request("GET", page)) if consent == "approve" else None
    if isinstance(shown, Response) and b"data-steps" in shown.body:
        assert place.hub is not None
        control.call("POST", f"/companies/codat/{place.hub.company_id}/link")
        return
    asked = browser.blanks(shown) if shown is not None else ()
    typed = _keys(control, place, asked) if asked else {}
    answer = control.transport.send(Request("POST", page, FORM, urlencode({"choice": pressed, **typed}).encode()))
    if consent != "approve":
        return
    if asked:
        if not isinstance(answer, Response) or answer.status >= 400:
            raise Refused(f"the link page did not take {place.platform}'s keys")
        return
    location = answer.header("Location") if isinstance(answer, Response) else ""
    if not location:
        raise Refused(f"the link page did not lead to {place.platform}'s consent page")
    back = f"{control.base_url}/codat"

    def send(asked: Request) -> Answer:
        return control.transport.send(asked)

    try:
        params = browser.consent(send, location, until=back, company=place.company_id)
    except browser.NoConsent as error:
        raise Refused(f"the consent could not be given: {error}") from error
    control.transport.send(Request("GET", f"{back}{CALLBACK}?{urlencode(params)}"))


def _keys(control: Control, place: Place, asked: Sequence[str]) -> dict[str, str]:
    """Keys that the company's administrator has just made."""
    made = control.call("POST", f"/companies/{place.platform}/{place.company_id}/tokens")["credentials"]
    return {name: made[name] for name in asked}
