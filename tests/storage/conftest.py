"""The same storage tests on every database: ``store`` is an empty world in memory, in a file, in PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbooks.app import App
from sandbooks.storage import SqliteStore, Store
from sandbooks.storage.postgresql import PostgresDatabase

NUMBERS = itertools.count(1)
KINDS = ("memory", "file", "postgresql")

NewStore = Callable[[], Store]
NewApp = Callable[[], App]


def new_name() -> str:
    return f"world-{next(NUMBERS)}"


@pytest.fixture(params=KINDS)
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    """Makes empty stores of one kind of database."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            database = PostgresDatabase(request.getfixturevalue("database_url"))
            stack.callback(database.close)

        def made() -> Store:
            store: Store
            if request.param == "memory":
                store = SqliteStore()
            elif request.param == "file":
                store = SqliteStore(tmp_path / f"{new_name()}.db")
            else:
                name = new_name()
                store = database.create(name, state={})
                kept = database.find(name)
                assert kept is not None
                stack.callback(database.drop, kept.number)
            stack.callback(store.close)
            return store

        yield made


@pytest.fixture
def store(new_store: NewStore) -> Store:
    return new_store()


@pytest.fixture
def database(database_url: str) -> Iterator[PostgresDatabase]:
    """A PostgreSQL database that is empty again afterwards."""
    database = PostgresDatabase(database_url)
    yield database
    for name in database.names():
        kept = database.find(name)
        assert kept is not None
        database.drop(kept.number)
    database.close()


@pytest.fixture
def new_app(database: PostgresDatabase, database_url: str) -> Iterator[NewApp]:
    """Makes apps over one database, each as a process of its own would."""
    with ExitStack() as stack:

        def made() -> App:
            app = App(database=PostgresDatabase(database_url))
            stack.callback(app.close)
            return app

        yield made
