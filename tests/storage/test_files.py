"""A world in a file belongs to one process at a time, for as long as that lives; others may look at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbooks.app import App
from sandbooks.storage import SqliteStore, StoreInUse, image_of

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbooks", *arguments]


def serving(file: Path) -> tuple[str, ...]:
    return ("serve", "--db", str(file), "--platform", "freeagent", "--port", "0", "--json")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "simulator")}


@contextmanager
def served(file: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server over a file, and what it told; it ends by SIGKILL."""
    with subprocess.Popen(
        command(*serving(file)), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def ran(*arguments: str) -> tuple[int, str, str]:
    """How a command ended, and what it said."""
    done = subprocess.run(command(*arguments), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_second_server_over_a_file_is_refused_until_the_first_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    with served(file) as (_, told):
        code, _, said = ran(*serving(file))
        assert (code, "is in use by another process" in said) == (2, True), said
        assert requests.get(f"{told['url']}/_control/health", timeout=10).status_code == 200
    with served(file) as (_, again):
        assert again["companies"][0]["company_id"] == told["companies"][0]["company_id"]


def test_a_file_that_is_served_can_be_looked_at_but_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    with served(file) as (_, told):
        requests.get(f"{told['companies'][0]['base_url']}/v2/company", timeout=10)
        code, listed, said = ran("companies", "--at", str(file), "--json")
        assert (code, [one["platform"] for one in json.loads(listed)]) == (0, ["freeagent", "codat"]), said
        code, tape, said = ran("tape", "--at", str(file))
        assert (code, "/v2/company" in tape) == (0, True), said
        code, _, said = ran("clock", "--at", str(file), "+1d")
        assert (code, "is in use by another process" in said) == (2, True), said
    code, moved, said = ran("clock", "--at", str(file), "+1d")
    assert (code, "stepped" in moved or "live" in moved) == (0, True), said


def test_who_looks_at_a_file_leaves_what_a_server_is_running_alone(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    app = App()
    world = app.create_world(path=file)
    world.jobs.put("nowhere:run", {})
    assert world.jobs._claimed() is not None
    looking = App()
    looking.adopt_image("default", image_of(file))
    looking.close()
    assert world.store.one("jobs.next", now=world.clock.micros()) is None
    app.close()


def test_a_file_is_free_when_its_store_was_closed(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    first = SqliteStore(file)
    with pytest.raises(StoreInUse):
        SqliteStore(file)
    first.close()
    SqliteStore(file).close()


def asked_for(url: str, path: str, body: dict[str, Any] | None = None, *, method: str = "POST") -> Any:
    answer = requests.request(method, f"{url}/_control/worlds{path}", json=body, timeout=30)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def test_worlds_beside_the_default_one_survive_a_kill_in_files_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    with served(file) as (_, told):
        asked_for(told["url"], "", {"name": "acme", "seed": 7, "companies": [{"platform": "xero"}]})
        asked_for(told["url"], "", {"name": "given-up"})
        asked_for(told["url"], "/acme/fork", {"name": "copy"})
        asked_for(told["url"], "/acme/snapshots", {"name": "then"})
        asked_for(told["url"], "/given-up", method="DELETE")
        listed = asked_for(told["url"], "/acme/companies", method="GET")
    assert not (tmp_path / "world.given-up.db").exists()
    with served(file) as (_, told):
        again = asked_for(told["url"], "/acme/companies", method="GET")
        assert [one["company_id"] for one in again] == [one["company_id"] for one in listed]
        names = [world["name"] for world in asked_for(told["url"], "", method="GET")]
        assert sorted(names) == ["acme", "copy", "default"]
        asked_for(told["url"], "/acme/snapshots/then/restore", {})
        asked_for(told["url"], "/acme/reset", {})
    code, found, said = ran("companies", "--at", str(file), "--world", "acme", "--json")
    assert (code, [one["platform"] for one in json.loads(found)]) == (0, ["xero"]), said


def test_a_file_beside_a_world_that_is_no_world_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "world.notes.db").write_text("nothing of ours", encoding="utf-8")
    app = App(file=tmp_path / "world.db")
    app.create_world()
    assert ["notes" in str(error) for error in app.open_others()] == [True]
    assert [world.name for world in app.worlds()] == ["default"]
    app.close()
    assert (tmp_path / "world.notes.db").read_text(encoding="utf-8") == "nothing of ours"
