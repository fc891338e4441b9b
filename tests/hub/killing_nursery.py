"""Processes of ``sandbooks`` that die by SIGKILL at a chosen step of their work.

This one loads the code and then begins such a process for each line that it reads: ``["NAME", ["serve", "--db", …]]``
in JSON, answered with its process number. What it prints goes to ``NAME.out`` and ``NAME.err`` in the folder; all of
them end with the input.

A step is whatever lasts or leaves the process: a transaction that is about to commit or has, a statement that changed
rows by itself, a request of the hub or a webhook that is about to go or was answered. Steps are counted in one file by
all processes together, while it names a target; whoever takes the step of that number is killed there. What a client
only reads counts for nothing. ``requests`` counts those that go and were answered, ``lasting`` what lasts, ``every``
all steps.

Usage: killing_nursery.py FOLDER every|lasting|requests PLATFORM…
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import pkgutil
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests  # noqa: F401 - sends webhooks

import sandbooks
from sandbooks.app import App
from sandbooks.cli import serve
from sandbooks.cli.main import main
from sandbooks.edge import Edge
from sandbooks.storage import SqliteStore
from sandbooks.storage.postgresql import PostgresDatabase, PostgresStore
from sandbooks.storage.store import queries
from sandbooks.wire import Request

COUNTER = struct.Struct("<QQ")
CHANGING = {name for name, text in queries().items() if not text.startswith(("SELECT", "WITH"))}


class Steps:
    """The steps of all processes, and the one at which to die."""

    def __init__(self, folder: Path) -> None:
        self._counter = os.open(folder / "steps", os.O_RDWR | os.O_CREAT, 0o600)
        self._log = os.open(folder / "steps.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._threads = threading.Lock()
        self._reading = threading.local()

    def passed(self, what: str) -> None:
        """Count a step, if any is wanted; perhaps the last."""
        if getattr(self._reading, "depth", 0):
            return
        with self._threads:
            fcntl.lockf(self._counter, fcntl.LOCK_EX)
            target, count = COUNTER.unpack(os.pread(self._counter, COUNTER.size, 0).ljust(COUNTER.size, b"\0"))
            if target:
                os.write(self._log, f"{count + 1} {os.getpid()} {what}\n".encode())  # first: who counts, reads it
                os.pwrite(self._counter, COUNTER.pack(target, count + 1), 0)
            fcntl.lockf(self._counter, fcntl.LOCK_UN)
            if target and count + 1 == target:
                os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """In here nothing counts."""
        self._reading.depth = getattr(self._reading, "depth", 0) + 1
        try:
            yield
        finally:
            self._reading.depth -= 1

    def count_in(self, store: type[Any]) -> None:
        """Count what one kind of database makes last."""
        unit, run, one, restore = store.unit, store.run, store.one, store.restore

        def lasts(self: Any) -> bool:
            return bool(self.durable) and not self.in_unit

        @contextmanager
        def counted_unit(self: Any) -> Iterator[None]:
            with unit(self):
                yield
                if self.durable and self._depth == 1:
                    steps.passed("before commit")
            if lasts(self):
                steps.passed("after commit")

        def counted_run(self: Any, query: str, /, **parameters: Any) -> int:
            changed: int = run(self, query, **parameters)
            if changed > 0 and lasts(self):
                steps.passed(query)
            return changed

        def counted_one(self: Any, query: str, /, **parameters: Any) -> Any:
            row = one(self, query, **parameters)
            if query in CHANGING and lasts(self):
                steps.passed(query)
            return row

        def counted_restore(self: Any, image: bytes) -> None:
            restore(self, image)
            if lasts(self):
                steps.passed("after restore")

        steps, store.unit, store.run = self, counted_unit, counted_run
        store.one, store.restore = counted_one, counted_restore

    def count_around(self, owner: type[Any], name: str) -> None:
        """Count before and after a method: what an app sends, what a database makes of a whole world."""
        inner: Callable[..., Any] = getattr(owner, name)

        def counted(own: Any, *given: Any, **more: Any) -> Any:
            self.passed(f"before {name}")
            answer = inner(own, *given, **more)
            self.passed(f"after {name}")
            return answer

        setattr(owner, name, counted)

    def leave_out_reading(self) -> None:
        dispatch = Edge.dispatch

        def dispatched(edge: Edge, request: Any, **how: Any) -> Any:
            if request.method == "GET" and how.get("actor", "client") == "client":
                with self.reading():
                    return dispatch(edge, request, **how)
            return dispatch(edge, request, **how)

        Edge.dispatch = dispatched  # type: ignore[method-assign]  # this process is killed, so nothing is put back


def begin(folder: Path, name: str, arguments: list[str]) -> int:
    """A process of the command; its number."""
    process = os.fork()
    if process:
        return process
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, suffix in ((1, "out"), (2, "err")):
        file = os.open(folder / f"{name}.{suffix}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
    os.close(0)
    status = 1
    try:
        main(arguments, standalone_mode=True)
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os._exit(status)


def run(folder: Path, kinds: str, *platforms: str) -> None:
    begun = []
    steps = Steps(folder)
    if kinds != "requests":
        steps.count_in(SqliteStore)
        steps.count_in(PostgresStore)
        for name in ("create", "_made", "put_snapshot"):
            steps.count_around(PostgresDatabase, name)
    if kinds != "lasting":
        steps.count_around(App, "call")
        steps.count_around(App, "deliver")
    steps.leave_out_reading()
    load(*platforms)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a process that ended is gone at once
    print("ready", flush=True)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        begun.append(begin(folder, name, arguments))
        print(begun[-1], flush=True)
    for process in begun:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def load(*platforms: str) -> None:
    """Load what is loaded when it is first asked for, so that each process has it when it begins."""
    for module in pkgutil.walk_packages(sandbooks.__path__, "sandbooks."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    app = App()
    serve.begin(app, app.create_world(), clock="stepped", only=platforms)
    for path in ("/codat/", *(f"/{name}/" for name in platforms), "/_control/worlds/default/companies"):
        app.edge.dispatch(Request("GET", f"http://127.0.0.1{path}", (), b""))
    app.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]), *sys.argv[2:])
