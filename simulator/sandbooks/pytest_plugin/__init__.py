"""The pytest plugin: worlds as fixtures, the audit when a test ends, one line when the run ends.

Loaded at the start of every pytest run in an environment that has Sandbooks, so it imports nothing but pytest: what a
test does not use costs it nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandbooks.sandbox import HubCompany, Sandbox

MARKER = """\
sandbooks(platforms=[...], clock=..., seed=..., mode=..., faults=[...], network=..., client_time=..., strict=...): a
fresh world for the test; connections to emulated hosts end in it. platforms parametrize the `platform` fixture; faults
are dicts such as {"kind": "drop_response", "phase": "commit", "at": {"operation": "create_purchase"}}; strict fails the
test on the first request that a platform's contract does not describe."""
NOTHING_SWEPT = (
    "sandbooks: nothing was swept: no test that ran asks for the `sandbox` fixture or is marked @pytest.mark.sandbooks"
)
SWEEP_MARKER = """\
sandbooks_sweep(faults=[...], stateless=[...]): run the test again with each fault at each exchange of its first run;
stateless names fixtures of wider scope that a repeated run may share."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sandbooks", "accounting sandbox")
    group.addoption(
        "--sandbooks-sweep",
        action="store_true",
        help="run every test that uses `sandbox` again with each fault at each of its exchanges",
    )
    group.addoption(
        "--sandbooks-sweep-faults", metavar="FAULT,...", help="sweep with these faults only (implies --sandbooks-sweep)"
    )
    group.addoption("--sandbooks-seed", type=int, metavar="N", help="the seed of worlds whose test names none")
    group.addoption(
        "--sandbooks-network",
        choices=["pass", "refuse"],
        help="what becomes of hosts that are not emulated while a test is intercepted",
    )
    parser.addini("sandbooks_network", "pass (default) or refuse: hosts that are not emulated", default="pass")
    parser.addini("sandbooks_seed", "the seed of worlds whose test names none", default="1")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER.replace("\n", " "))
    config.addinivalue_line("markers", SWEEP_MARKER.replace("\n", " "))


def pytest_itemcollected(item: pytest.Item) -> None:
    """A marked test that asks for no fixture of ours is intercepted all the same."""
    if isinstance(item, pytest.Function) and item.get_closest_marker("sandbooks"):
        from sandbooks.pytest_plugin.marker import options_of

        options_of(item)
        if "sandbox" not in item.fixturenames:
            item.fixturenames.append("sandbox")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "platform" in metafunc.fixturenames:
        from sandbooks.pytest_plugin.marker import parametrize_platform

        parametrize_platform(metafunc)


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A fresh world. Connections to emulated hosts end in it; the books of its companies are audited at the end."""
    from sandbooks.pytest_plugin.worlds import world_of

    yield from world_of(request)


@pytest.fixture
def async_sandbox(sandbox: Sandbox) -> Sandbox:
    """The same world for async tests: await ``asettle()`` and ``clock.aadvance()`` in place of their twins."""
    return sandbox


@pytest.fixture
def sandbox_server(sandbox: Sandbox) -> Sandbox:
    """The world of the test served on a port of this machine too; see ``base_url`` of sandbox and companies."""
    sandbox.serve()
    return sandbox


@pytest.fixture
def async_sandbox_server(sandbox_server: Sandbox) -> Sandbox:
    """``sandbox_server`` for async tests."""
    return sandbox_server


@pytest.fixture
def sandbox_hub(request: pytest.FixtureRequest, sandbox: Sandbox) -> HubCompany:
    """A hub company, connected to a company on the test's platform: ``platform``, else the first it is marked for."""
    from sandbooks.pytest_plugin.worlds import hub_of

    return hub_of(request, sandbox)


@pytest.fixture
def async_sandbox_hub(sandbox_hub: HubCompany) -> HubCompany:
    """``sandbox_hub`` for async tests."""
    return sandbox_hub


@pytest.fixture
def platform(request: pytest.FixtureRequest) -> str:
    """Each platform that the test is marked for, one after the other."""
    name: str = request.param
    return name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if isinstance(item, pytest.Function) and "sandbox" in item.fixturenames:
        from sandbooks.pytest_plugin.worlds import remember_outcome

        remember_outcome(item, report, call)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A test that is to be swept runs many times; any other runs as ever."""
    asked = (
        item.config.getoption("--sandbooks-sweep")
        or item.config.getoption("--sandbooks-sweep-faults")
        or item.get_closest_marker("sandbooks_sweep")
    )
    if not asked or not isinstance(item, pytest.Function) or "sandbox" not in item.fixturenames:
        return None
    from sandbooks.pytest_plugin.sweep import sweep

    return sweep(item, nextitem)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """What happened before the test itself is its set-up, and no part of a sweep."""
    if isinstance(item, pytest.Function) and "sandbox" in item.fixturenames:
        from sandbooks.pytest_plugin.runs import RUN

        if RUN in item.stash:
            item.stash[RUN].set_up_done()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist has ended: add what it counted."""
    counted = getattr(node, "workeroutput", {}).get("sandbooks")
    if counted:
        from sandbooks.pytest_plugin.closing import Counts, counts_of

        counts_of(node.config).add(Counts.from_plain(counted))


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        from sandbooks.pytest_plugin.closing import counts_of

        output["sandbooks"] = counts_of(session.config).as_plain()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    from sandbooks.pytest_plugin.closing import counts_of

    counts = counts_of(config)
    if counts.tests:
        terminalreporter.write_line(counts.line())
    elif config.getoption("--sandbooks-sweep") or config.getoption("--sandbooks-sweep-faults"):
        terminalreporter.write_line(NOTHING_SWEPT)
