"""A hub company over a platform company for each test, and the published descriptions when their folder was named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.hub import published
from tests.hub.desk import Desk, open_desk
from tests.hub.specs import SPECS

OPTION = "--codat-specs"


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def pytest_report_header(config: pytest.Config) -> str:
    folder = config.getoption(OPTION)
    return f"published descriptions: {folder}" if folder else f"published descriptions: {OPTION} was not given"


def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.getoption(OPTION) and session.config.option.verbose < 0:
        session.config.get_terminal_writer().line(f"published descriptions: {OPTION} was not given")


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[Any] | None:
    """A test that compares with published descriptions is not there when no folder was named."""
    absent = getattr(obj, "needs_specs", False) and not collector.config.getoption(OPTION)
    return [] if absent else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = metafunc.config.getoption(OPTION)
    if not folder or not getattr(metafunc.function, "needs_specs", False):
        return
    specs = Path(folder)
    built = [spec for spec in SPECS if spec.built and (specs / spec.file).exists()]
    found = [(each, spec.first_version) for spec in built for each in published.operations(specs, spec.file)]
    if "first_version" in metafunc.fixturenames:
        metafunc.parametrize(("operation", "first_version"), found, ids=[_id(each) for each, _ in found])
    elif "operation" in metafunc.fixturenames:
        metafunc.parametrize("operation", [each for each, _ in found], ids=_id)
    elif "company_operation" in metafunc.fixturenames:
        owned = [each for each, _ in found if each.path.startswith("/companies/{companyId}")]
        metafunc.parametrize("company_operation", owned, ids=_id)
    elif "list_operation" in metafunc.fixturenames:
        lists = [each for each, _ in found if "query" in published.parameters(specs, each)]
        metafunc.parametrize("list_operation", lists, ids=_id)
    elif "event" in metafunc.fixturenames:
        pairs = [(spec.file, name) for spec in built for name in published.events(specs, spec.file)]
        metafunc.parametrize("event", pairs, ids=[f"{file}: {name}" for file, name in pairs])


def _id(operation: published.Published) -> str:
    return f"{operation.file.removesuffix('.yaml')}: {operation.id}"


@pytest.fixture
def specs(request: pytest.FixtureRequest) -> Path:
    """The folder of the published descriptions."""
    return Path(request.config.getoption(OPTION))
