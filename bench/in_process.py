"""What happens inside one process: forks, resets, start-up, imports, and the cost of a posting as the books grow."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

from sandbooks.ledger import Account, AccountClass, Book, Entry, Source, credit, debit
from sandbooks.money import Money
from sandbooks.storage import SqliteStore
from sandbooks.storage.book_rows import StoredRows


def in_process(rounds: int) -> None:
    """Print every figure with its goal beside it."""
    print(f"\n{'in process':<52} {'median':>10}   goal")
    flask_import = _median(rounds, lambda: _python("import flask"))
    print(f"{'import of Flask (for scale)':<52} {flask_import * 1e3:8.0f} ms")
    pytest_alone = _median(rounds, lambda: _python("import pytest"))
    plugin = _median(rounds, lambda: _python("import pytest, sandbooks.pytest_plugin")) - pytest_alone
    print(f"{'import of the pytest plugin, beside pytest itself':<52} {plugin * 1e3:8.0f} ms   25 ms")
    store = SqliteStore()
    book = _book(store)
    first = _posting(book, store, 1, 1_000)
    last = _posting(book, store, 1_001, 20_000)
    print(f"{'posting, first thousand':<52} {first * 1e6:8.0f} us")
    print(f"{'posting, up to twenty thousand; ratio to the first':<52} {last / first:8.2f} x    1 x")
    balance = _median(rounds, lambda: _timed(lambda: book.balance("card")))
    print(f"{'balance of an account after twenty thousand entries':<52} {balance * 1e6:8.0f} us")
    image = store.image()
    fork = _median(rounds, lambda: _timed(lambda: SqliteStore.of_image(image).close()))
    print(f"{f'fork of a world of {len(image) / 1e6:.0f} MB':<52} {fork * 1e3:8.1f} ms   2 ms for 5 MB")


def _median(rounds: int, measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(rounds))


def _timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _python(code: str) -> float:
    return _timed(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def _book(store: SqliteStore) -> Book:
    book = Book(StoredRows(store, "bench", "GBP"), "GBP")
    book.open_account(Account("travel", "Travel", AccountClass.EXPENSE))
    book.open_account(Account("card", "Card", AccountClass.LIABILITY))
    return book


def _posting(book: Book, store: SqliteStore, first: int, last: int) -> float:
    """Seconds per posting for a run of entries."""
    amount = Money.of("12.35", "GBP")
    begun = time.perf_counter()
    for number in range(first, last + 1):
        with store.unit():
            day = date(2026, 1 + number % 12, 1 + number % 28)
            book.post(Entry(day, Source("Spend", str(number), 1), (debit("travel", amount), credit("card", amount))))
    return (time.perf_counter() - begun) / (last - first + 1)
