"""Connecting a company in the hub, as the company's own user does it: by the link page, headless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbooks.replay.hub_client import HubClient

if TYPE_CHECKING:
    from sandbooks.replay.run import Place, Run


def link(run: Run, place: Place, *, consent: str) -> None:
    """Link a company for the first time, or link the same connection anew."""
    if place.hub is None:
        connected = {"platform": place.platform, "company_id": place.company_id}
        made = run.control.call("POST", "/companies", {"platform": "codat", "connected_to": connected})
        credentials = made["credentials"]
        place.hub = HubClient(run.control, credentials["api_key"], made["company_id"], credentials["connection_id"])
        run.control.call("POST", f"/companies/codat/{made['company_id']}/webhooks", {})
        if consent == "approve":
            return
    hub = place.hub
    _, connection = hub.call("GET", f"{hub.company}/connections/{hub.connection_id}")
    _follow(run, hub, connection["linkUrl"], consent)


def _follow(run: Run, hub: HubClient, url: str, consent: str) -> None:
    raise NotImplementedError
