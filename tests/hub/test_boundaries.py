"""The hub names no platform, and a connector shares no code with the emulator beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from sandbooks.platform import platforms

PACKAGE = Path(str(resources.files("sandbooks")))
FORBIDDEN = (
    "sandbooks.kit",
    "sandbooks.ledger",
    "sandbooks.world",
    "sandbooks.storage",
    "sandbooks.hub",
    "sandbooks.edge",
)
CONNECTED = [name for name, platform in platforms().items() if platform.connector]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, file
            yield node.module or ""


def files_of(name: str) -> list[Path]:
    folder = PACKAGE / "platforms" / name
    single = folder / "connector.py"
    return [single] if single.exists() else sorted((folder / "connector").rglob("*.py"))


@pytest.mark.parametrize("name", CONNECTED)
def test_a_connector_imports_nothing_of_its_platform_or_of_the_simulator(name: str) -> None:
    files = files_of(name)
    assert files
    own = f"sandbooks.platforms.{name}.connector"
    for file in files:
        for module in imports(file):
            assert not module.startswith(FORBIDDEN), (file, module)
            assert not module.startswith("sandbooks.platforms") or module.startswith(own), (file, module)


def test_the_hub_names_no_platform_in_its_code() -> None:
    for file in (PACKAGE / "hub").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert [name for name in platforms() if name in text] == [], file
