"""A project of a user, run by pytest inside this process with no plugins but those that are named."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[3]
PATHS = (ROOT / "simulator", ROOT)
NAMES = ("sandbooks.pytest_plugin", "pytest_asyncio.plugin", "xdist.plugin", "no:cacheprovider")
PLUGINS = [option for name in NAMES for option in ("-p", name)]
# A run inside this process forgets the modules that it was the first to import; what it shares with us comes before.
for module in ("httpx", "tests.toy_client", "sandbooks.pytest_plugin.sweep", "sandbooks.pytest_plugin.worlds"):
    import_module(module)

PREFACE = """
import pytest
from tests.toy_client import ToyClient

def export(company, *refs, careful=True):
    with ToyClient(company.credentials, careful=careful) as client:
        for number, ref in enumerate(refs, 1):
            client.export(ref, f"{number}2.3{number}")

"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run one test file of a user."""
    pytester._monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(PREFACE + dedent(source))
    return pytester.runpytest_inprocess(*PLUGINS, *options)
