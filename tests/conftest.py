"""What holds for every test: each exchange is as its surface's contract says."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings
from tests.databases import Databases

import sandbooks
from sandbooks.harness.contracts.answers import entry_differences
from sandbooks.world import Exchange, Tape
from sandbooks.world.tape import entry_of

# How long an example takes says how busy the machine is, nothing of the code.
settings.register_profile("sandbooks", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sandbooks")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--codat-specs",
        metavar="DIR",
        help="hold the hub against the published descriptions in this folder (the yaml of github.com/codatio/oas); "
        "without it those comparisons are not collected",
    )


@pytest.fixture(scope="session", autouse=True)
def _every_module_once() -> None:
    """Load the whole package before a test runs pytest in this process: what that loads, it also takes away again."""
    for module in pkgutil.walk_packages(sandbooks.__path__, "sandbooks."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Empty PostgreSQL databases, as many as are asked for."""
    with Databases() as databases:
        yield databases


@pytest.fixture(scope="session")
def database_url(databases: Databases) -> str:
    """A PostgreSQL database for all tests of this process that name their worlds apart."""
    return databases.new()


DAMAGE = int(os.environ.get("DAMAGE", "0"))
EXCHANGES: pytest.StashKey[list[Exchange]] = pytest.StashKey()


@pytest.fixture(autouse=True)
def _contracts_hold(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every answer of every surface in a test is one that its contract describes."""
    found: list[str] = []
    exchanges: list[Exchange] = []
    request.node.stash[EXCHANGES] = exchanges
    keep = Tape.keep

    def kept(tape: Tape, exchange: Exchange) -> None:
        keep(tape, exchange)
        found.extend(entry_differences(entry_of(exchange)))
        if DAMAGE:
            exchanges.append(exchange)
            if exchange.bug and request.node.stash.get(DAMAGING, False):
                found.append(f"{exchange.request}: {exchange.bug}")

    monkeypatch.setattr(Tape, "keep", kept)
    yield
    assert found == []


DAMAGING: pytest.StashKey[bool] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """With ``DAMAGE``, what a test sent is sent again with one thing wrong, while its worlds still stand."""
    yield
    # A world that several tests share has to stay as it is.
    if DAMAGE and EXCHANGES in item.stash and not getattr(getattr(item, "module", None), "SHARED_WORLD", False):
        from tests.damaging import damage

        item.stash[DAMAGING] = True
        damage(list(item.stash[EXCHANGES]), DAMAGE, seed=item.nodeid)
