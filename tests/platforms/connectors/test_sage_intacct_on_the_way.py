"""The connector of Sage Intacct over a bad line: whatever happens to the write, one document stands in the end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.platforms.connectors import test_sage_intacct_in_books as books
from tests.platforms.connectors.test_faults_on_the_way import FAULTS, attached, settled

from sandbooks.connector import Refused, Unknown
from sandbooks.platform import platform_named


@pytest.mark.parametrize(("kind", "phase", "parameters"), FAULTS)
@pytest.mark.parametrize("place", range(3))
def test_a_fault_at_the_write_leaves_exactly_one_document(
    place: int, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = books.opened()
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
    driver = books.opened()
    document = books.documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag=lag)
    settled(driver, document)
    assert books.live(driver) == 1


@pytest.mark.parametrize("place", range(3))
def test_where_the_search_shows_nothing_at_all_the_control_id_keeps_a_second_document_out(place: int) -> None:
    driver = books.opened()
    document = books.documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="commit")
    plan.add("stale_read", at={"every": True}, lag="1h")
    with pytest.raises(AssertionError, match="not settled"):
        settled(driver, document)
    assert books.live(driver) == 1


@pytest.mark.parametrize("place", range(3))
def test_a_refusal_that_was_lost_is_heard_when_it_is_sent_again(place: int) -> None:
    driver = books.opened()
    with driver.world.unit():
        platform_named("sage_intacct").load_bookkeeper().lock_period(driver.books, "2026-03-31")
    document = books.documents(driver)[place]
    plan: Any = driver.world.plan
    plan.add("drop_response", at={"write": document.id}, phase="render")
    with pytest.raises(Refused, match="closed"):
        settled(driver, document)
    assert books.live(driver) == 0


@pytest.mark.parametrize("phase", ["validate", "commit"])
def test_an_update_that_is_lost_is_sent_again_without_harm(phase: str) -> None:
    driver = books.opened()
    document = books.expense(driver)
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
@pytest.mark.parametrize("operation", ["create_supdoc", "update_cctransaction"])
def test_a_fault_at_an_upload_leaves_exactly_one_file(
    operation: str, kind: str, phase: str, parameters: dict[str, Any]
) -> None:
    driver = books.opened()
    done = driver.push(books.expense(driver))
    plan: Any = driver.world.plan
    fault = plan.add(kind, at={"operation": operation}, phase=phase, **parameters)
    first = attached(driver, books.FILE, done)
    assert fault not in plan.unfired()
    assert driver.attach(books.FILE, done.native) == first
    bookkeeper = platform_named("sage_intacct").load_bookkeeper()
    assert len(bookkeeper.files(driver.books, done.native.kind, done.native.id)) == 1
