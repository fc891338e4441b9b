"""What may happen to a request on its way, and what the hub does about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.platforms.connectors.driver import Driver

from sandbooks.connector import Attached, Document, Done, File, Unavailable, Unknown

ROUNDS_MOST = 3
Fault = tuple[str, str, dict[str, Any]]  # its kind, the phase of the exchange, its parameters
FAULTS: list[Fault] = [
    *(("drop_response", phase, {"how": "closed"}) for phase in ("send", "validate", "commit", "render")),
    ("drop_response", "commit", {"how": "timeout"}),
    ("reset", "connect", {}),
    ("reset", "commit", {}),
    ("truncate", "render", {"keep": 40}),
    ("truncate", "render", {"keep": 0}),
    *(("html_error_page", phase, {"status": 200}) for phase in ("validate", "commit")),
    *(("html_error_page", phase, {"status": 413}) for phase in ("validate", "commit")),
    *(("server_error", phase, {"status": 503}) for phase in ("validate", "commit")),
    ("throttle", "admit", {}),
    ("late_commit", "validate", {"after": "20s"}),
]
# A proxy that finds a file too large has a lawful no, and no file.
OF_UPLOADS: list[Fault] = [fault for fault in FAULTS if fault[2] != {"status": 413}]


def without_truncation(faults: list[Fault]) -> list[Fault]:
    """The faults that befall an answer without a body too."""
    return [fault for fault in faults if fault[0] != "truncate"]


def planned(driver: Driver, fault: Fault, **at: Any) -> Any:
    """A fault put on the way of the request that ``at`` tells."""
    kind, phase, parameters = fault
    plan: Any = driver.world.plan
    return plan.add(kind, at=at, phase=phase, **parameters)


def happened(driver: Driver, fault: Any) -> bool:
    """Whether a fault that was put on the way has met its request."""
    plan: Any = driver.world.plan
    return fault not in plan.unfired()


def lagging(driver: Driver, lag: str, **at: Any) -> None:
    """The answer to a write is lost, and every search lags behind."""
    plan: Any = driver.world.plan
    plan.add("drop_response", at=at, phase="commit")
    plan.add("stale_read", at={"every": True}, lag=lag)


def settled(driver: Driver, document: Document) -> Done:
    """What the hub does: send; after an unknown outcome look several times, then send again under the same key."""
    company = driver.company
    for _ in range(ROUNDS_MOST):
        try:
            return driver.push(document, company)
        except Unknown:
            found = looked_up(driver, document)
            if found:
                return found
    raise AssertionError("not settled")


def looked_up(driver: Driver, document: Document) -> Done | None:
    company = driver.company
    for seconds in driver.connector.look_up_waits:
        driver.world.advance(by=timedelta(seconds=seconds))
        try:
            found = driver.look_up(document, company)
        except Unavailable:
            continue
        if found:
            return found
    return None


def attached(driver: Driver, file: File, done: Done) -> Attached:
    """What the hub does with a file: send it, and after an unknown outcome once more."""
    try:
        return driver.attach(file, done.native)
    except Unknown:
        return driver.attach(file, done.native)
