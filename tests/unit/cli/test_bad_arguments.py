"""Whatever a command is given, it says in a line or two what is wrong: no traceback, and an exit code that tells."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbooks.app import App
from sandbooks.cli import main


def told(*arguments: str, code: int) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--port", "99999"), "0<=x<=65535"),
        (("--port", "-1"), "0<=x<=65535"),
        (("--ca", "ca.pem", "--proxy-port", "70000"), "0<=x<=65535"),
        (("--clock", "frozen@2026-02-30"), "is not a time"),
        (("--clock", "stepped@9999-01-01"), "a clock runs from 1970 to 9000"),
        (("--clock", "tomorrow"), "write live, stepped"),
        (("--platform", "sap"), "no platform 'sap'; there are business_central"),
    ],
)
def test_a_server_with_wrong_options_does_not_start(arguments: tuple[str, ...], text: str) -> None:
    assert text in told("serve", *arguments, code=2)


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", "0"), ("192.0.2.1", "0")])
def test_a_server_that_cannot_listen_says_where(host: str, port: str) -> None:
    assert f"cannot listen on {host}:{port}" in told("serve", "--host", host, "--port", port, code=2)


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("", ":1:1: The file lists no worlds", "Write `worlds:`"),
        ("- 1", ":1:1: The file lists no worlds", "Write `worlds:`"),
        ("worlds: []\nworld: 3", ":2:1: Unknown key `world`", "Use `worlds`"),
        ("worlds:\n- name: a\n  sed: 3", ":2:3: Additional properties", "WorldRequest"),
        ("worlds:\n- 7", ":2:3: 7 is not of type", "WorldRequest"),
        ("worlds: [", ":1:10: Is not YAML", "Check indentation"),
    ],
)
def test_a_config_file_with_a_mistake_is_named_with_line_and_remedy(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    file = tmp_path / "worlds.yaml"
    file.write_text(text)
    output = told("serve", "--platform", "xero", "--port", "0", "--config", str(file), code=2)
    assert place in output
    assert remedy in output


def test_a_world_of_a_config_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    file = tmp_path / "worlds.yaml"
    file.write_text("worlds:\n- name: second\n  companies: [{platform: qbo, timezone: Nowhere/City}]")
    output = told("serve", "--platform", "xero", "--port", "0", "--config", str(file), code=2)
    assert "worlds.yaml:2:3: World `second`: no time zone 'Nowhere/City'." in output


def test_a_world_that_is_listed_twice_is_named_with_its_second_line(tmp_path: Path) -> None:
    file = tmp_path / "sandbooks.yaml"
    file.write_text("worlds:\n  - name: second\n  - name: second\n")
    output = told("serve", "--platform", "xero", "--port", "0", "--config", str(file), code=2)
    assert "sandbooks.yaml:3:" in output
    assert "remedy: Take another name." in output


@pytest.mark.parametrize("command", [("companies", "--at"), ("serve", "--platform", "xero", "--port", "0", "--db")])
def test_a_file_that_is_no_world_is_left_as_it_is(tmp_path: Path, command: tuple[str, ...]) -> None:
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"no database at all")
    assert "cannot be opened as a world" in told(*command, str(junk), code=2)
    assert junk.read_bytes() == b"no database at all"
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database, database:
        database.execute("CREATE TABLE customers (name TEXT)")
    assert "is a database of another program" in told(*command, str(other), code=2)
    with closing(sqlite3.connect(other)) as database, database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]


def test_a_world_of_another_version_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    app = App()
    app.create_world(path=file)
    app.close()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("ALTER TABLE records ADD COLUMN colour TEXT")
    assert "another version of Sandbooks (table records)" in told("companies", "--at", str(file), code=2)


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "world.db"
    assert "there is no folder" in told("serve", "--platform", "xero", "--db", str(path), code=2)


@pytest.mark.parametrize("world", ["", "../x", "Large", "a/b"])
def test_a_name_that_no_world_can_have_is_refused(world: str) -> None:
    assert "small letters" in told("companies", "--world", world, code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("capabilities", "--platform", "sap"),
        ("evidence", "--platform", "sap"),
        ("exec", "--platform", "sap", "--", "true"),
    ],
)
def test_an_unknown_platform_is_named_with_those_there_are(arguments: tuple[str, ...]) -> None:
    assert "no platform 'sap'; there are business_central" in told(*arguments, code=2)


@pytest.mark.parametrize("move", ["+99999999d", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_clock_does_not_leave_the_calendar(tmp_path: Path, move: str) -> None:
    file = tmp_path / "world.db"
    app = App()
    app.create_world(path=file)
    app.close()
    output = told("clock", "--at", str(file), move, code=2)
    assert "write 2026-03-28T17:40:00Z" in output


def test_a_report_that_cannot_be_written_is_told_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    scenario = "quickstart"
    output = told("replay", scenario, "--platform", "freeagent", "--quiet", "--report", str(file / "x"), code=2)
    assert f"{file}" in output


def test_nothing_to_explain_is_a_usage_error() -> None:
    assert "TRANSACTION is empty" in told("explain", " ", code=2)


def test_a_webhook_listener_names_a_port_that_it_cannot_have() -> None:
    assert "0<=x<=65535" in told("webhooks", "listen", "--port", "70000", code=2)
    assert "cannot listen on 192.0.2.1:8899" in told("webhooks", "listen", "--host", "192.0.2.1", code=2)


def test_a_command_whose_extra_is_not_installed_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop.py").write_text("class Driver:\n    connect = submit = settle = outcomes = lambda *_: {}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    for name in [name for name in sys.modules if name.startswith(("sandbooks.harness", "hypothesis."))]:
        monkeypatch.delitem(sys.modules, name)
    output = told("check", "shop:Driver", "--platform", "xero", "--examples", "1", code=2)
    assert "pip install 'sandbooks[harness]'" in output
