"""The connectors over a bad line: whatever happens to the write, exactly one document stands in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.platforms.connectors.books.bench import FILE, found
from tests.platforms.connectors.books.platforms import BOOKS
from tests.platforms.connectors.faults import (
    FAULTS,
    OF_UPLOADS,
    Fault,
    attached,
    happened,
    lagging,
    planned,
    settled,
    without_truncation,
)

from sandbooks.connector import Unknown

# Which of its documents a platform is tried with. Business Central writes a document in two requests: its own file.
PLACES = {
    "xero": (0, 1, 4, 5),
    "freeagent": range(3),
    "zoho_books": range(3),
    "sage_intacct": range(3),
    "netsuite": range(5),
}
CASES = [(platform, place) for platform, places in PLACES.items() for place in places]
# NetSuite answers a write without a body.
FAULTS_OF = {platform: without_truncation(FAULTS) if platform == "netsuite" else FAULTS for platform in PLACES}


@pytest.mark.parametrize(
    ("platform", "place", "fault"), [(*case, fault) for case in CASES for fault in FAULTS_OF[case[0]]]
)
def test_a_fault_at_the_write_leaves_exactly_one_document(platform: str, place: int, fault: Fault) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    document = books.documents(driver)[place]
    planted = planned(driver, fault, write=document.id)
    done = settled(driver, document)
    assert happened(driver, planted)
    assert books.live(driver) == 1
    assert found(driver, document) == done.native.id
    driver.books.book.verify()


LAGS = [
    (platform, place, lag, 5 if platform == "netsuite" else 0)
    for platform, place in CASES
    for lag in (("50s",) if platform == "netsuite" else ("20s", "50s"))
]


@pytest.mark.parametrize(("platform", "place", "lag", "minutes"), LAGS)
def test_a_search_that_lags_behind_leaves_exactly_one_document(
    platform: str, place: int, lag: str, minutes: int
) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    driver.world.advance(by=timedelta(minutes=minutes))
    document = books.documents(driver)[place]
    lagging(driver, lag, write=document.id)
    settled(driver, document)
    assert books.live(driver) == 1


UPDATED = [("xero", 0), ("freeagent", 0), ("zoho_books", 0), ("zoho_books", 2), ("sage_intacct", 0), ("netsuite", 0)]


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize(("platform", "place"), UPDATED)
def test_an_update_that_is_lost_is_sent_again_without_harm(platform: str, place: int, phase: str) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    document = books.documents(driver)[place]
    done = driver.push(document)
    before = books.balances(driver)
    planned(driver, ("drop_response", phase, {}), write=document.id)
    company = driver.company
    with pytest.raises(Unknown):
        driver.update(document, done.native, company)
    again = driver.update(document, done.native, company)
    assert again.native.id == done.native.id
    assert books.live(driver) == 1
    assert books.balances(driver) == before


UPLOADS = [
    ("xero", "PUT /api.xro/2.0/BankTransactions/*/Attachments/*"),
    ("freeagent", "PUT /v2/bank_transaction_explanations/*"),
    ("zoho_books", "POST /books/v3/expenses/*/attachment"),
    ("sage_intacct", "create_supdoc"),
    ("sage_intacct", "update_cctransaction"),
    ("netsuite", "POST /**/document/v1/folder"),
    ("netsuite", "POST /**/document/v1/file"),
    ("netsuite", "POST /**/!attach/**"),
]


@pytest.mark.parametrize(
    ("platform", "operation", "fault"),
    [
        (platform, operation, fault)
        for platform, operation in UPLOADS
        for fault in (without_truncation(OF_UPLOADS) if platform == "netsuite" else OF_UPLOADS)
    ],
)
def test_a_fault_at_an_upload_leaves_exactly_one_file(platform: str, operation: str, fault: Fault) -> None:
    books = BOOKS[platform]
    driver = books.opened()
    done = driver.push(books.documents(driver)[0])
    planted = planned(driver, fault, operation=operation)
    first = attached(driver, FILE, done)
    assert happened(driver, planted)
    assert driver.attach(FILE, done.native) == first
    if platform in ("sage_intacct", "netsuite"):
        assert [content for _, content in driver.files(done.native)] == [FILE.content]
