"""Both connectors over a bad line: whatever happens to the write, exactly one document stands in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.platforms.connectors import test_freeagent_in_books as freeagent
from tests.platforms.connectors import test_xero_in_books as xero
from tests.platforms.connectors.driver import Driver, connected

from sandbooks.connector import Document, Done, File, Unavailable, Unknown

ROUNDS_MOST = 3
FAULTS: list[tuple[str, str, dict[str, Any]]] = [
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
CASES: list[tuple[str, Any, int]] = [
    *(("xero", xero, place) for place in (0, 1, 4, 5)),
    *(("freeagent", freeagent, place) for place in range(3)),
]


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


@pytest.mark.parametrize(("kind", "phase", "parameters"), FAULTS)
@pytest.mark.parametrize(("platform", "cases", "place"), CASES)
def test_a_fault_at_the_write_leaves_exactly_one_document(
    platform: str, cases: Any, place: int, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = connected(platform, cases.PLAN)
    document = cases.documents(driver)[place]
    plan: Any = driver.world.plan
    fault = plan.add(kind, at={"write": document.id}, phase=phase, **parameters)
    done = settled(driver, document)
    assert fault not in plan.unfired()
    assert cases.live(driver) == 1
    assert cases.found(driver, document) == done.native.id
    driver.books.book.verify()


@pytest.mark.parametrize("lag", ["20s", "50s"])
@pytest.mark.parametrize(("platform", "cases", "place"), CASES)
def test_a_search_that_lags_behind_leaves_exactly_one_document(platform: str, cases: Any, place: int, lag: str) -> None:
    driver = connected(platform, cases.PLAN)
    document = cases.documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag=lag)
    settled(driver, document)
    assert cases.live(driver) == 1


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize(("platform", "cases"), [("xero", xero), ("freeagent", freeagent)])
def test_an_update_that_is_lost_is_sent_again_without_harm(platform: str, cases: Any, phase: str) -> None:
    driver = connected(platform, cases.PLAN)
    document = cases.expense(driver)
    done = driver.push(document)
    before = cases.balances(driver)
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase=phase)
    company = driver.company
    with pytest.raises(Unknown):
        driver.update(document, done.native, company)
    again = driver.update(document, done.native, company)
    assert again.native.id == done.native.id
    assert cases.live(driver) == 1
    assert cases.balances(driver) == before


@pytest.mark.parametrize(("kind", "phase", "parameters"), [fault for fault in FAULTS if fault[2] != {"status": 413}])
@pytest.mark.parametrize(("platform", "cases"), [("xero", xero), ("freeagent", freeagent)])
def test_a_fault_at_an_upload_leaves_exactly_one_file(
    platform: str, cases: Any, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = connected(platform, cases.PLAN)
    done = driver.push(cases.expense(driver))
    file = File(name="till.png", content_type="image/png", content=b"\x89PNG\x00", key="f-1")
    plan: Any = driver.world.plan
    operation = {
        "xero": "PUT /api.xro/2.0/BankTransactions/*/Attachments/*",
        "freeagent": "PUT /v2/bank_transaction_explanations/*",
    }[platform]
    fault = plan.add(kind, at={"operation": operation}, phase=phase, **parameters)
    first = attached(driver, file, done)
    assert fault not in plan.unfired()
    again = driver.attach(file, done.native)
    assert again == first


def attached(driver: Driver, file: File, done: Done) -> Any:
    try:
        return driver.attach(file, done.native)
    except Unknown:
        return driver.attach(file, done.native)
