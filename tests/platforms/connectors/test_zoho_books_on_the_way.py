"""The connector of Zoho Books over a bad line: whatever happens to the write, one document stands in the end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.connectors import test_zoho_books_in_books as books
from tests.platforms.connectors.driver import connected
from tests.platforms.connectors.test_faults_on_the_way import FAULTS, attached, settled

from sandbooks.connector import Unknown


@pytest.mark.parametrize(("kind", "phase", "parameters"), FAULTS)
@pytest.mark.parametrize("place", range(3))
def test_a_fault_at_the_write_leaves_exactly_one_document(
    place: int, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = connected("zoho_books", books.PLAN)
    document = books.documents(driver)[place]
    plan: Any = driver.world.plan
    fault = plan.add(kind, at={"write": document.id}, phase=phase, **parameters)
    done = settled(driver, document)
    assert fault not in plan.unfired()
    assert books.live(driver) == 1
    assert books.found(driver, document) == done.native.id
    driver.books.book.verify()


@pytest.mark.parametrize("lag", ["20s", "50s"])
@pytest.mark.parametrize("place", range(3))
def test_a_search_that_lags_behind_leaves_exactly_one_document(place: int, lag: str) -> None:
    driver = connected("zoho_books", books.PLAN)
    document = books.documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag=lag)
    settled(driver, document)
    assert books.live(driver) == 1


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize("place", [0, 2])
def test_an_update_that_is_lost_is_sent_again_without_harm(place: int, phase: str) -> None:
    driver = connected("zoho_books", books.PLAN)
    document = books.documents(driver)[place]
    done = driver.push(document)
    before = books.balances(driver)
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase=phase)
    company = driver.company
    with pytest.raises(Unknown):
        driver.update(document, done.native, company)
    again = driver.update(document, done.native, company)
    assert again.native.id == done.native.id
    assert books.live(driver) == 1
    assert books.balances(driver) == before


@pytest.mark.parametrize(("kind", "phase", "parameters"), [fault for fault in FAULTS if fault[2] != {"status": 413}])
def test_a_fault_at_an_upload_leaves_exactly_one_file(kind: str, phase: str, parameters: dict[str, Any]) -> None:
    driver = connected("zoho_books", books.PLAN)
    done = driver.push(books.expense(driver))
    plan: Any = driver.world.plan
    at = {"operation": "POST /books/v3/expenses/*/attachment"}
    fault = plan.add(kind, at=at, phase=phase, **parameters)
    first = attached(driver, books.FILE, done)
    assert fault not in plan.unfired()
    assert driver.attach(books.FILE, done.native) == first
