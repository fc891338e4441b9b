"""Outcomes that a test has asked for: the next sync of a company ends with a code of its choice, nothing of it sent.

For what a platform never brings about by itself: an error of the hub's own servers, a sync that stays in progress.
"""

from __future__ import annotations

from sandbooks.hub.syncs import rows
from sandbooks.world import World

SCOPE = "codat/next-sync"
OPEN = (rows.IN_PROGRESS, rows.IN_PROGRESS_LONG)
# Source: docs.codat.io, expenses/sync-process/syncing-expenses has the codes. Unconfirmed: the texts; only Complete and
# PushError are attested.
TEXTS = {
    rows.IN_PROGRESS: "InProgress",
    rows.IN_PROGRESS_LONG: "InProgress",
    rows.WRITTEN: "Complete",
    rows.NOTHING_WRITTEN: "Complete",
    rows.CONFIGURATION: "ConfigurationError",
    rows.COMPANY_GONE: "CompanyDeleted",
    rows.DEAUTHORISED: "Deauthorized",
    rows.BILLING_EXPIRED: "BillingExpired",
    rows.SERVER_ERROR: "ServerError",
    rows.DUPLICATE: "DuplicateError",
    rows.PROCESSING: "ValidationError",
    rows.PUSH: "PushError",
}
_MESSAGES = {
    rows.NOTHING_WRITTEN: "",
    rows.CONFIGURATION: "The company's configuration cannot be used.",
    rows.COMPANY_GONE: "The company was deleted or is no longer authorised.",
    rows.DEAUTHORISED: "The connection is no longer authorised.",
    rows.BILLING_EXPIRED: "The subscription of the accounting software has expired.",
    rows.SERVER_ERROR: "An unexpected error has occurred.",
    rows.DUPLICATE: "One or more transactions have previously been processed.",
    rows.PROCESSING: "The transactions could not be worked on.",
    rows.PUSH: "An error occurred in a downstream service.",
}
_STATUS = {
    rows.IN_PROGRESS: "Pending",
    rows.IN_PROGRESS_LONG: "Pending",
    rows.NOTHING_WRITTEN: "Unknown",
    rows.SERVER_ERROR: "Unknown",
    rows.PUSH: "PushError",
    rows.BILLING_EXPIRED: "PushError",
}


def ask(world: World, company: str, code: int, *, message: str = "") -> None:
    """Let the next sync of a company end with a code. Writes: call it in a unit of work. Raises ``ValueError``."""
    if code not in TEXTS or code == rows.WRITTEN:
        known = ", ".join(str(each) for each in TEXTS if each != rows.WRITTEN)
        raise ValueError(f"there is no sync status {code} to ask for; there is {known}")
    waiting = world.get(SCOPE, company) or []
    world.put(SCOPE, company, [*waiting, {"code": code, "message": message}])


def wanted(world: World, company: str) -> bool:
    """Whether an outcome was asked for."""
    return bool(world.get(SCOPE, company))


def take(world: World, company: str) -> tuple[int, str, str]:
    """The outcome that comes next: the code, a message, and the status of each transaction."""
    first, *rest = world.get(SCOPE, company)
    with world.unit():
        world.put(SCOPE, company, rest or None)
    code = int(first["code"])
    return code, first["message"] or _MESSAGES.get(code, ""), _STATUS.get(code, "ValidationError")
