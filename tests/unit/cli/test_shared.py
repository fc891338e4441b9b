"""``serve`` and ``worker`` over a database that several processes share, and what is refused without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.databases import Databases

from sandbooks.app import App
from sandbooks.cli import serve
from sandbooks.cli.main import main
from sandbooks.storage.postgresql import PostgresDatabase
from sandbooks.world import World

RAN: list[str] = []


def work(world: World, body: dict[str, str]) -> None:
    """What a job does here."""
    RAN.append(body["name"])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["serve", "--workers", "2"], "a world in memory belongs to one process"),
        (["serve", "--workers", "3", "--db", "sqlite:///world.db"], "a world in the file sqlite:///world.db belongs"),
        (["serve", "--db", "mysql://x/y"], "give a path, sqlite:///path or postgresql://"),
        (["serve", "--workers", "0"], "at least one process"),
        (["serve", "--leave-jobs"], "no other process can work on a world in memory"),
        (["serve", "--db", "postgresql://x/y", "--workers", "2", "--ca", "ca.pem"], "use --workers 1"),
        (["worker", "--db", "world.db"], "belongs to one process; workers need postgresql://"),
        (["worker"], "--db"),
    ],
)
def test_what_needs_a_shared_database_says_so(arguments: list[str], why: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, why in result.output) == (2, True), result.output


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_that_is_not_there_is_named(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--db", "postgresql://nobody@127.0.0.1:1/none"])
    assert (result.exit_code, "the database cannot be reached" in result.output) == (2, True), result.output


def test_a_worker_does_what_is_due_in_live_worlds_and_ends_when_asked_to_once(databases: Databases) -> None:
    url = databases.new()
    app = App(database=PostgresDatabase(url))
    live, stepped = app.create_world("live"), app.create_world("stepped")
    live.clock.configure(mode="live", at=live.clock.wall())
    for world in (live, stepped):
        world.jobs.put(f"{__name__}:work", {"name": world.name})
    result = CliRunner().invoke(main, ["worker", "--db", url, "--once"])
    assert (result.exit_code, RAN) == (0, ["live"]), result.output
    assert (live.jobs.waiting(), len(stepped.jobs.waiting())) == ([], 1)
    app.close()


def test_commands_look_into_a_shared_database_without_a_server(databases: Databases) -> None:
    url = databases.new()
    app = App(database=PostgresDatabase(url))
    serve.begin(app, app.create_world(), clock="frozen@2026-03-28T17:40:00Z", only=("freeagent",))
    app.close()
    result = CliRunner().invoke(main, ["clock", "--at", url])
    assert (result.exit_code, "2026-03-28T17:40:00Z" in result.output) == (0, True), result.output
    moved = CliRunner().invoke(main, ["clock", "--at", url, "+1d"])
    assert (moved.exit_code, "2026-03-29T17:40:00Z" in moved.output) == (0, True), moved.output
