"""A platform more is a folder more: tables, lists and surfaces read its declaration, and no file lists it by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests import toy_hub
from tests.suite.cells import Place, expense_cells, other_cells, proved
from tests.toy import registered

from sandbooks import capabilities, settings
from sandbooks.app import App
from sandbooks.cli import main
from sandbooks.cli.simulated import table
from sandbooks.hub import caps
from sandbooks.platform import platforms
from sandbooks.recording.conformance import contract_of
from sandbooks.replay import script_schema
from sandbooks.settings import PLATFORMS, contracts_root, known_platforms, read_contract
from sandbooks.wire import Request, Response

CODE = Path(settings.__file__).parent
# Where a platform may be named outside its own folders: the order of tables, what a reader of foreign requests knows,
# and defaults of our own.
NAMED_IN = {"settings.py", "harness/incidents/natives.py", "harness/contracts/day.py", "pytest_plugin/worlds.py"}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The toy with a contract folder of its own beside the shipped ones."""
    shipped = contracts_root()
    for path in shipped.iterdir():
        if path.name != "platforms":
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "platforms").mkdir()
    for path in (shipped / "platforms").iterdir():
        (tmp_path / "platforms" / path.name).symlink_to(path)
    own = tmp_path / "platforms" / "toy"
    own.mkdir()
    cells = (shipped / "platforms" / "freeagent" / "capabilities.yaml").read_text()
    cells = cells.replace("platform: freeagent", "platform: toy").replace("title: FreeAgent", "title: Toy Books")
    cells = cells.replace(
        "{expense: any, reimbursable: any, transfer: any", "{expense: any, reimbursable: none, transfer: none"
    )
    cells = cells.replace("types: {Payment: any", "types: {Payment: card").replace(
        "bank_transaction_explanation", "Charge"
    )
    (own / "capabilities.yaml").write_text(cells)
    rows = "[{name: create_spend, kind: operation, status: assumed, source: a test}]"
    (own / "evidence.yaml").write_text(f"platform: toy\nnot_simulated: [everything else]\nevidence: {rows}\n")
    monkeypatch.setattr(settings, "contracts_root", lambda: tmp_path)
    forget()
    with registered():
        yield
    forget()


def forget() -> None:
    """Whatever was read from the contracts is read anew."""
    for kept in (read_contract, contract_of, caps._tables, script_schema.validator):
        kept.cache_clear()


@pytest.mark.usefixtures("toy")
def test_tables_and_lists_have_the_ninth_platform_last() -> None:
    assert known_platforms() == (*PLATFORMS, "toy")
    assert [*capabilities.load().platforms] == [*PLATFORMS, "toy"]
    rows = [line for line in table().splitlines() if line.startswith("|")]
    assert rows[-1].startswith("| Toy Books | 1 | 0 |")
    assert "<summary>Toy Books</summary>" in table()


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("command", [["platforms"], ["capabilities"], ["evidence"], ["evidence", "--platform", "tb"]])
def test_the_command_line_knows_it(command: list[str]) -> None:
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert re.search(r"\btoy\b|Toy Books", result.output)


@pytest.mark.usefixtures("toy")
def test_control_opens_its_companies_the_edge_serves_them_and_the_console_shows_them() -> None:
    app = App()
    app.create_world(seed=5)

    def ask(method: str, path: str, body: object = None, **headers: str) -> Response:
        data = b"" if body is None else json.dumps(body).encode()
        answer = app.edge.dispatch(Request(method, f"http://127.0.0.1:8787{path}", tuple(headers.items()), data))
        assert isinstance(answer, Response)
        return answer

    assert "toy" in json.loads(ask("GET", "/_control/health").body)["platforms"]
    opened = ask("POST", "/_control/worlds/default/companies", {"platform": "toy", "name": "Acme"})
    assert opened.status == 201, opened.body
    made = json.loads(opened.body)
    token = made["credentials"]["access_token"]
    listed = ask("GET", f"/toy/companies/{made['company_id']}/spend", Authorization=f"Bearer {token}")
    assert (listed.status, json.loads(listed.body)) == (200, {"spend": []})
    assert b"Acme" in ask("GET", "/", Accept="text/html").body
    fault = {"kind": "throttle", "at": {"platform": "toy"}}
    assert ask("POST", "/_control/worlds/default/faults", fault).status == 201


@pytest.mark.usefixtures("toy")
def test_the_suite_proves_its_cells_through_the_hub() -> None:
    with toy_hub.connected():
        place = Place("toy", capabilities.LATEST)
        cells = [*expense_cells(place.table), *other_cells(place.table)]
        assert [cell.label for cell in cells if cell.offered] == ["payment-card"]
        proved(place, cells)


def test_without_it_nothing_knows_it() -> None:
    assert "toy" not in platforms()
    assert "Toy Books" not in table()


def test_no_file_outside_the_platforms_names_one_in_code() -> None:
    names = "|".join(PLATFORMS)
    word = re.compile(rf"""["']({names})["']""")
    found = set()
    for file in CODE.rglob("*.py"):
        path = file.relative_to(CODE).as_posix()
        if not path.startswith("platforms/") and any(
            word.search(line) and ">>>" not in line and 'sandbox.company("' not in line and "e.g." not in line
            for line in file.read_text(encoding="utf-8").splitlines()
            if not line.lstrip().startswith(("#", "A driver class"))
        ):
            found.add(path)
    assert found <= NAMED_IN


LOADED = """
import sys
{program}
loaded = (name.split(".") for name in sys.modules if name.startswith("sandbooks.platforms."))
print(sorted({{parts[2] for parts in loaded if len(parts) > 3}}))
"""


def loaded_by(program: str) -> str:
    """The platforms whose code a new process has loaded after a program."""
    source = LOADED.format(program=program)
    path = {"PYTHONPATH": str(CODE.parent)}
    return subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True, env=path
    ).stdout.strip()


@pytest.mark.parametrize("used", ["freeagent", "xero"])
def test_a_process_loads_the_code_of_no_platform_but_those_that_it_uses(used: str) -> None:
    assert loaded_by(f"from sandbooks import Sandbox; Sandbox().company({used!r})") == f"[{used!r}]"


def test_a_process_that_uses_no_platform_loads_none() -> None:
    assert loaded_by("from sandbooks.app import App; app = App(); app.create_world(); app.edge.hosts()") == "[]"
