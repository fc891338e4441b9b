"""The worked example and the tutorial run as a user would run them: pytest in a process and a folder of their own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.plugin.users import PATHS, ROOT

EXAMPLE = ROOT / "docs" / "example"
TUTORIAL = ROOT / "docs" / "pytest.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the example, without its tests."""
    copy = shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(copy / "tests")
    (copy / "tests").mkdir()
    return copy


def run_pytest(folder: Path, *options: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PATHS[0]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "sandbooks.pytest_plugin", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    return done.stdout + done.stderr


def test_the_example_passes_its_own_tests() -> None:
    told = run_pytest(EXAMPLE)
    assert re.search(r"=+ 16 passed in", told), told
    assert re.search(r"sandbooks: 16 tests, \d+ exchanges \(\d+ swept runs\), 0 to the network", told), told


def test_every_test_of_the_tutorial_passes(project: Path) -> None:
    files = re.findall(r"```python\n# (tests/\w+\.py)\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    for name, text in files:
        (project / name).write_text(text, encoding="utf-8")
    told = run_pytest(project)
    assert len(files) == 8
    assert re.search(r"=+ 11 passed in", told), told


def test_the_naive_exporter_is_caught_without_a_claim_and_by_the_sweep(project: Path) -> None:
    tested = (EXAMPLE / "tests" / "test_export.py").read_text(encoding="utf-8")
    naive = tested.replace("    export(software", "    export_naively(software")
    (project / "tests" / "test_export.py").write_text(naive, encoding="utf-8")
    told = run_pytest(project, "-k", "no_single_fault and xero")
    assert "smallest failing schedule: drop_response after commit" in told
    assert re.search(r"=+ 1 failed, 15 deselected in", told), told
