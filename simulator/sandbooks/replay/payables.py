"""Bills and their payments as a scenario hands them over: through the hub's bill pay, once however often it must ask.

A bill goes through the synchronous API, and so does a payment of one bill; a payment of several is a push operation of
the first version, and so is everything where the platform has no synchronous API. Each carries the id of its label as
the client's own key, so that asking again writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbooks.settings import read_contract

if TYPE_CHECKING:
    from sandbooks.replay.hub_client import HubClient


@dataclass
class Payable:
    """A bill or payment on its way. ``native`` is its id in the accounting platform once it is Completed."""

    method: str
    path: str
    body: dict[str, Any]
    status: str = "Pending"
    message: str = ""
    native: str = ""
    push: str = ""


def rules(platform: str) -> Sequence[str]:
    """The further rules of a platform in the table of bill pay."""
    found: Sequence[str] = _row(platform).get("rules", ())
    return found


def is_synchronous(platform: str) -> bool:
    """Whether bills of a platform are written and paid while the client waits."""
    return bool(_row(platform).get("synchronous"))


def _row(platform: str) -> Mapping[str, Any]:
    rows: Mapping[str, Any] = read_contract("hub", "bill_pay_platforms.yaml")["platforms"]
    found: Mapping[str, Any] = rows.get(platform, {})
    return found


def send(hub: HubClient, id: str, payable: Payable) -> tuple[int, Any]:
    """Hand a bill or payment over, or ask again with the same key; the hub's answer."""
    status, answer = hub.call(payable.method, payable.path, payable.body, key=id)
    if status == 201:
        payable.status, payable.native = "Completed", str(answer["id"])
    elif status == 200 and isinstance(answer, dict):
        payable.push = str(answer["pushOperationKey"])
    return status, answer


def look(hub: HubClient, payable: Payable) -> None:
    """See how far a push operation has come."""
    if not payable.push or payable.status != "Pending":
        return
    _, answer = hub.call("GET", f"{hub.company}/push/{payable.push}")
    found = answer if isinstance(answer, dict) else {}
    if found.get("status") == "Success":
        payable.status, payable.native = "Completed", str(found["changes"][0]["recordRef"]["id"])
    elif found.get("status") in ("Failed", "TimedOut"):
        payable.status, payable.message = "PushError", str(found.get("errorMessage") or "")
