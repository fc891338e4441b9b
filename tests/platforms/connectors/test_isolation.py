"""A connector shares no code with the emulator beside it: a mistake in one must not cancel a mistake in the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbooks
from sandbooks.platform import platforms

SHARED = ("sandbooks.connector", "sandbooks.exact_json", "sandbooks.payables", "sandbooks.wire")
ROOT = Path(sandbooks.__file__).parent


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("sandbooks"))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            module = node.module or ""
            if module.startswith("sandbooks"):
                yield from (f"{module}.{alias.name}" for alias in node.names)


def connectors() -> list[str]:
    return sorted(p.connector.partition(":")[0] for p in platforms().values() if p.connector)


@pytest.mark.parametrize("module", connectors())
def test_a_connector_imports_nothing_of_its_platform_and_nothing_of_worlds(module: str) -> None:
    place = ROOT.joinpath(*module.split(".")[1:])
    files = sorted(place.glob("**/*.py")) if place.is_dir() else [place.with_suffix(".py")]
    assert files
    allowed = (*SHARED, module)
    for file in files:
        for name in imported(file):
            assert any(f"{name}.".startswith(f"{part}.") for part in allowed), f"{file.name} imports {name}"
