"""A page of a list and one record with its sums cost the same however many documents a company has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.platforms.connectors.books import sage_intacct, xero, zoho_books
from tests.platforms.connectors.books.bench import Books
from tests.platforms.connectors.driver import Driver


def zoho(path: str) -> Callable[[Driver], object]:
    return lambda driver: driver.native("GET", f"/books/v3/{path}?organization_id={driver.books.id}&per_page=2")


def xero_page(path: str) -> Callable[[Driver], object]:
    return lambda driver: driver.native("GET", f"/api.xro/2.0/{path}?page=1&pageSize=2")


READS: dict[str, tuple[Books, Callable[[Driver], object]]] = {
    "contacts of Zoho Books": (zoho_books.BOOKS, zoho("contacts")),
    "bills of Zoho Books": (zoho_books.BOOKS, zoho("bills")),
    "expenses of Zoho Books": (zoho_books.BOOKS, zoho("expenses")),
    "bank transactions of Xero": (xero.BOOKS, xero_page("BankTransactions")),
    "manual journals of Xero": (xero.BOOKS, xero_page("ManualJournals")),
    "suppliers of Sage Intacct": (sage_intacct.BOOKS, Driver.suppliers),
}


def fill(driver: Driver, books: Books, rounds: range) -> None:
    company = driver.company
    for number in rounds:
        for place, document in enumerate(books.documents(driver)):
            driver.push(replace(document, id=f"c-{number}-{place}", key=f"c-{number}-{place}"), company)


@pytest.mark.parametrize("what", READS)
def test_a_read_gets_as_many_rows_however_many_documents_there_are(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    books, read = READS[what]
    driver = books.opened()
    driver.world.put("settings", "limits", "off")

    def rows() -> int:
        counts: list[int] = []
        every = driver.world.store.all

        def counted(query: str, /, **given: object) -> list[Any]:
            found = every(query, **given)
            counts.append(len(found))
            return found

        with monkeypatch.context() as patch:
            patch.setattr(driver.world.store, "all", counted)
            read(driver)
        return sum(counts)

    fill(driver, books, range(3))
    before = rows()
    fill(driver, books, range(3, 8))
    assert rows() == before
