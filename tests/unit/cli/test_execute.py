"""`sandbooks exec`: a program in another process, its vendor hosts answered here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sandbooks import exact_json
from sandbooks.settings import scenarios_root

PROGRAM = """
import os, sys
import requests

bearer = {"Authorization": "Bearer " + os.environ["FREEAGENT_ACCESS_TOKEN"]}
company = requests.get("https://api.freeagent.com/v2/company", headers=bearer, timeout=10)
print(company.status_code, company.json()["company"]["name"])
try:
    requests.get("https://api.unknown.example/", timeout=10)
except requests.exceptions.ProxyError:
    print("refused")
sys.exit(7)
"""


def execute(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbooks", "exec", *arguments]
    source = scenarios_root().parent / "simulator"
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=source, check=False)


def test_a_program_works_unmodified_and_its_exit_code_is_kept(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    tape = tmp_path / "run.har"
    done = execute("--platform", "freeagent", "--tape", str(tape), "--", sys.executable, str(program))
    assert done.stdout.splitlines() == ["200 Demo FreeAgent", "refused"], done.stderr
    assert done.returncode == 7
    entries = exact_json.loads(tape.read_bytes())["log"]["entries"]
    assert entries[-1]["request"]["url"] == "https://api.freeagent.com/v2/company"


def test_a_command_that_is_not_there_is_a_clear_error() -> None:
    done = execute("--", "no-such-command")
    assert done.returncode == 2
    assert "there is no command 'no-such-command'" in done.stderr
