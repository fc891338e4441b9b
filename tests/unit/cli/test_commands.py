"""The command line on a world in a file: the same control API as a server's."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sandbooks import exact_json
from sandbooks.app import App
from sandbooks.cli import main
from sandbooks.cli.judge import _headings
from sandbooks.cli.serve import open_demo
from sandbooks.control.worlds import CREATION
from sandbooks.settings import scenarios_root


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    """A world with a demo company on Xero and its hub company."""
    file = tmp_path / "demo.db"
    app = App()
    open_demo(app.create_world(seed=3, path=file), ("xero",))
    app.close()
    return file


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_companies_are_listed_with_their_addresses(world_file: Path) -> None:
    listed = exact_json.loads(run("companies", "--at", str(world_file), "--json").stdout)
    assert [company["platform"] for company in listed] == ["xero", "codat"]
    assert listed[1]["connected_to"] == {"platform": "xero", "company_id": listed[0]["company_id"]}


def test_variables_fill_a_dotenv_file(world_file: Path) -> None:
    lines = run("env", "xero", "--at", str(world_file)).stdout.splitlines()
    assert all("=" in line for line in lines)
    assert any(line.startswith("XERO_TENANT_ID=") for line in lines)


def test_a_shell_that_reads_the_dotenv_file_has_a_key_of_many_lines_whole(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    app = App()
    open_demo(app.create_world(seed=3, path=file), ("netsuite",))
    app.close()
    key = exact_json.loads(run("env", "netsuite", "--at", str(file), "--json").stdout)["NETSUITE_PRIVATE_KEY"]
    (tmp_path / ".env").write_text(run("env", "netsuite", "--at", str(file)).stdout)
    script = f'. {tmp_path}/.env; printf %s "$NETSUITE_PRIVATE_KEY"'
    read = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert read == key
    assert len(read.splitlines()) > 2


def test_an_unknown_company_is_named_with_what_there_is(world_file: Path) -> None:
    assert "there is xero, codat" in run("env", "acme", "--at", str(world_file), code=2).output


def test_the_clock_moves_forward_only(world_file: Path) -> None:
    before = exact_json.loads(run("clock", "--at", str(world_file), "--json").stdout)["now"]
    after = exact_json.loads(run("clock", "+31d", "--at", str(world_file), "--json").stdout)["now"]
    assert after > before
    assert "does not run backwards" in run("clock", before, "--at", str(world_file), code=2).output


def test_books_are_printed_as_debits_and_credits(world_file: Path) -> None:
    totals = exact_json.loads(run("books", "xero", "--at", str(world_file), "--json").stdout)["totals"]["base"]
    assert totals["debit"] == totals["credit"]


def test_a_fault_is_planned_listed_and_cleared(world_file: Path) -> None:
    at = ("--at", str(world_file))
    told = run("fault", "add", "drop_response", "--at-write", "r-02", "--phase", "commit", *at).output
    assert "drop_response after commit" in told
    assert "r-02" in run("fault", "list", *at).output
    run("fault", "clear", *at)
    assert run("fault", "list", *at).output == ""


def test_a_fault_with_an_impossible_phase_says_what_is_possible(world_file: Path) -> None:
    told = run("fault", "add", "truncate", "--phase", "connect", "--at", str(world_file), code=2).output
    assert "it acts after render" in told


def test_native_answers_become_a_company(world_file: Path, tmp_path: Path) -> None:
    account = {"Code": "4711", "Name": "Taxis", "Type": "EXPENSE", "TaxType": "NONE", "Status": "ACTIVE"}
    contact = {"Name": "Contoso Cabs", "ContactStatus": "ACTIVE"}
    accounts, contacts = tmp_path / "accounts.json", tmp_path / "contacts.json"
    accounts.write_bytes(exact_json.dumps({"Accounts": [account]}))
    contacts.write_bytes(exact_json.dumps({"Contacts": [contact]}))
    told = run("import", str(accounts), str(contacts), "--platform", "xero", "--at", str(world_file)).output
    assert told.startswith("xero ")


def test_scenarios_are_replayed_and_judged_by_the_exit_code(tmp_path: Path) -> None:
    good = scenarios_root() / "quickstart" / "8_platform_says_no.yaml"
    assert "1 passed, 0 failed" in run("replay", str(good), "--quiet").output
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text().replace("count: 0", "count: 3"))
    assert "0 passed, 1 failed" in run("replay", str(bad), "--quiet", code=1).output


def test_a_scenario_with_an_error_names_file_line_and_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    good = scenarios_root() / "quickstart" / "1_card_payment.yaml"
    broken.write_text(good.read_text().replace("  - configure:", "  - configur:"))
    told = run("replay", str(broken), code=2).output
    assert f"{broken}:" in told
    assert "remedy" in told
    assert "configure" in told
    assert run("lint", str(broken), code=1).output.count("remedy") >= 1


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_capabilities_have_four_forms(form: str) -> None:
    told = run("capabilities", "--format", form, "--edition", "2025-12").stdout
    assert "freeagent" in told.lower()


def test_the_matrix_is_json_by_either_flag() -> None:
    assert run("capabilities", "--json").stdout == run("capabilities", "--format", "json").stdout


def test_an_unknown_edition_is_a_usage_error() -> None:
    assert "2025-12" in run("capabilities", "--edition", "1999", code=2).output


@pytest.mark.parametrize("command", ["platforms", "faults", "evidence"])
def test_what_there_is_to_know_is_printed_for_people_and_machines(command: str) -> None:
    assert run(command).stdout
    assert exact_json.loads(run(command, "--json").stdout)


@pytest.mark.parametrize(
    ("width", "headings"),
    [(140, ["quickbooks_online", "business_central", "xero"]), (70, ["1", "2", "3"])],
)
def test_platforms_leave_room_for_what_a_scenario_says(width: int, headings: list[str]) -> None:
    platforms = ["quickbooks_online", "business_central", "xero"]
    shown, key = _headings(platforms, width)
    assert shown == headings
    assert key is None or key == "1 quickbooks_online  2 business_central  3 xero"


def test_a_fault_is_told_by_alias_and_takes_every_kind_of_parameter(world_file: Path) -> None:
    place = ("--at", str(world_file))
    run("fault", "add", "throttle", "--on", "qbo", "--set", "announce=false", "--set", "retry_after=null", *place)
    run("fault", "add", "delay", "--at-read", "r-07", "--every", "--set", "by=90", *place)
    throttled, delayed = exact_json.loads(run("fault", "list", "--json", *place).stdout)
    assert throttled["at"]["platform"] == "quickbooks_online"
    assert throttled["parameters"]["announce"] is False
    assert (delayed["at"]["read"], delayed["at"]["every"]) == ("r-07", True)


def test_a_parameter_without_a_value_is_a_usage_error(world_file: Path) -> None:
    told = run("fault", "add", "throttle", "--set", "announce", "--at", str(world_file), code=2).output
    assert "NAME=VALUE" in told


@pytest.mark.parametrize("variable", ["SANDBOOKS_AT", "SANDBOOKS_COMPANIES_AT"])
def test_every_flag_is_a_variable_for_all_commands_or_for_one(
    world_file: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(world_file))
    monkeypatch.setenv("SANDBOOKS_JSON", "1")
    assert exact_json.loads(run("companies").stdout)[0]["platform"] == "xero"


def test_the_variable_of_one_command_goes_before_that_of_all(world_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOOKS_AT", "http://127.0.0.1:1")
    monkeypatch.setenv("SANDBOOKS_FAULT_ADD_AT", str(world_file))
    monkeypatch.setenv("SANDBOOKS_ON", "qbd")
    assert "throttle after admit" in run("fault", "add", "throttle").stdout


def test_a_server_that_is_not_there_is_no_finding() -> None:
    assert "nothing answers at http://127.0.0.1:1" in run("clock", "--at", "http://127.0.0.1:1", code=2).output


def test_verdicts_are_printed_for_machines(tmp_path: Path) -> None:
    shipped = scenarios_root() / "quickstart" / "1_card_payment.yaml"
    (told,) = exact_json.loads(run("replay", str(shipped), "--platform", "xero", "--json").stdout)
    assert (told["platform"], told["passed"], told["problems"]) == ("xero", True, [])
    broken = tmp_path / "broken.yaml"
    broken.write_text("scenario: A file without steps\nplatforms: [xero]\n")
    assert {"file", "line", "column", "message", "remedy"} == set(
        exact_json.loads(run("lint", str(broken), "--json", code=1).stdout)[0]
    )


def test_a_snapshot_of_a_world_in_a_file_is_there_for_the_next_command(world_file: Path) -> None:
    place = ("--at", str(world_file))
    before = exact_json.loads(run("clock", "--json", *place).stdout)["now"]
    run("snapshot", "save", "monday", *place)
    run("clock", "+31d", *place)
    run("snapshot", "restore", "monday", *place)
    assert exact_json.loads(run("clock", "--json", *place).stdout)["now"] == before
    assert "monday" in run("snapshot", "restore", "tuesday", *place, code=2).output


def test_a_fork_of_a_world_in_a_file_is_a_world_of_its_own(world_file: Path) -> None:
    place = ("--at", str(world_file))
    copy = run("snapshot", "fork", "tuesday", *place).stdout.strip()
    run("clock", "+31d", *place, "--world", "tuesday")
    now = [exact_json.loads(run("clock", "--json", *at).stdout)["now"] for at in (place, ("--at", copy))]
    assert now[0] < now[1]
    assert "take another name" in run("snapshot", "fork", "tuesday", *place, code=2).output
    assert "snapshot fork friday" in run("companies", *place, "--world", "friday", code=2).output


def test_a_server_goes_back_to_the_beginning_of_a_file_that_an_earlier_one_made(world_file: Path) -> None:
    first = App()
    first.create_world(path=world_file)
    first.save_snapshot("default", CREATION)
    first.close()
    second = App()
    world = second.create_world(path=world_file)
    before = world.clock.now()
    world.advance(by=timedelta(days=31))
    second.restore_snapshot("default", CREATION)
    assert (world.clock.now(), second.snapshots("default")) == (before, [CREATION])
    second.drop_snapshot("default", CREATION)
    assert second.snapshots("default") == []
    second.close()


def test_a_long_line_of_a_failure_is_not_broken_where_it_would_be_copied_from(tmp_path: Path) -> None:
    shipped = (scenarios_root() / "quickstart" / "1_card_payment.yaml").read_text()
    bad = tmp_path / f"{'a_very_long_name_' * 8}.yaml"
    bad.write_text(shipped.replace("Completed", "PushError"))
    told = run("replay", str(bad), "--platform", "xero", "--quiet", code=1).output.splitlines()
    assert f"failed {bad} on xero" in told
