"""A world in this process: companies, clock, faults, interception, forks and sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from sandbooks.app import App
from sandbooks.control.charts import native_answer
from sandbooks.control.companies import open_described, open_hub_company
from sandbooks.faults.plan import Plan
from sandbooks.kit.company import companies
from sandbooks.platform import platform_named
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.sandbox.hub import HubCompany
from sandbooks.sandbox.webhooks import in_running_loop
from sandbooks.wire import Answer, Request
from sandbooks.world import ClockMode, TapeEntry, World, parse_instant

if TYPE_CHECKING:
    from sandbooks.audit import Finding, Submitted
    from sandbooks.intercept import Interception
    from sandbooks.serving import Server

IN_PROCESS = "http://sandbooks.test"


class FaultNeverFired(AssertionError):
    """A planned fault met no exchange: the test did not show what it meant to show."""


class SandboxClock:
    """The world's time. Nothing else moves it but each exchange's step."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        return self._world.clock.now()

    def advance(self, **by: float) -> None:
        """Let time pass (``days=1``, ``minutes=30``, ... as ``timedelta`` takes them); due work is done on the way.

        Raises ``ValueError`` for a time that lies behind.
        """
        passed = timedelta(**by)
        if passed < timedelta(0):
            raise ValueError(f"time moves forward only, not by {passed}")
        self._world.advance(by=passed)

    async def aadvance(self, **by: float) -> None:
        """``advance`` for async code: ASGI applications receive their webhooks in the running event loop."""
        with in_running_loop():
            await asyncio.to_thread(partial(self.advance, **by))

    def to(self, moment: str | datetime) -> None:
        """Let time pass until an instant."""
        self._world.advance(to=parse_instant(moment) if isinstance(moment, str) else moment)


class Sandbox:
    """One isolated world. The same ``seed`` and the same calls give the same ids, documents and tape.

    ``clock`` is where time begins; ``mode`` is ``stepped`` (each exchange adds a step), ``frozen`` or ``live``;
    ``path`` keeps the world in a file; ``network`` says what becomes of hosts that are not emulated while intercepting.
    Under pytest, ``audit_at_end = False`` leaves out all judgement when the test ends, ``allow_not_simulated = True``
    lets a test meet what is not simulated.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: str | datetime | None = None,
        mode: ClockMode = "stepped",
        path: str | Path | None = None,
        network: Literal["pass", "refuse"] = "pass",
        name: str = "default",
    ) -> None:
        self.app = App()
        self.world = self.app.create_world(name, seed=seed, path=Path(path) if path else None)
        at = parse_instant(clock) if isinstance(clock, str) else clock
        self.world.clock.configure(mode=mode, at=at)
        self._begin(network)

    def _begin(self, network: Literal["pass", "refuse"]) -> None:
        self.clock = SandboxClock(self.world)
        self.network = network
        self.hubs: list[HubCompany] = []
        self.expected: dict[tuple[str, str], dict[str, Submitted]] = {}
        self.network_exchanges = 0
        self.receiver_errors: list[Exception] = []
        self.audit_at_end = True
        self.allow_not_simulated = False
        self.inspect: Callable[[Request], None] | None = None
        self.outside_contract: list[Exception] = []
        self._intercepting = 0
        self._server: Server | None = None
        self._stack = ExitStack()
        self._snapshots: dict[str, bytes] = {}

    # Companies

    def company(self, platform: str, **plan: Any) -> PlatformCompany:
        """Open a company on a platform.

        ``country``, ``currency``, ``timezone``, ``name``; ``accounts``, ``suppliers``, ``customers``, ``taxes``,
        ``tracking`` by label; ``chart``: a native export to take the lists from, as a path (JSON or XML), as its JSON
        value, or as a list of these. A company for which nothing is listed is a demo company, with bank and card
        accounts, contacts and dimensions; ``accounts={}`` leaves it with the platform's usual lists.
        """
        name = platform_named(platform).name
        if "chart" in plan:
            plan["chart"] = _exported(plan["chart"])
        opened = open_described(self.world, name, **plan)
        return PlatformCompany(self, opened.company)

    def companies(self) -> list[PlatformCompany]:
        """Every platform company of the world."""
        return [PlatformCompany(self, company) for company in companies(self.world)]

    def hub(self, company: PlatformCompany) -> HubCompany:
        """A hub company that is connected to a platform company."""
        made = open_hub_company(self.world, company._company)
        opened = HubCompany(self, company, made)
        self.hubs.append(opened)
        return opened

    # The way in

    @property
    def base_url(self) -> str:
        """Where the world is served: a socket once ``serve`` was called, else a name that ``intercept`` answers."""
        return self._server.url if self._server else IN_PROCESS

    def dispatch(self, request: Request) -> Answer:
        """Answer one request as the code under test would see it; bugs and what is not simulated are raised.

        ``inspect`` sees it first and may raise.
        """
        if self.inspect is not None:
            self.inspect(request)
        return self.app.edge.dispatch(request, world=self.world, raises=True)

    @contextmanager
    def intercept(self, *, network: Literal["pass", "refuse"] | None = None) -> Iterator[Interception]:
        """While this lasts, connections of urllib3 and httpx to emulated hosts end in this world."""
        from sandbooks.intercept import intercept

        own = IN_PROCESS.partition("//")[2]
        with intercept(
            self.dispatch,
            lambda host: host == own or self.app.edge.knows_host(host),
            network=network or self.network,
        ) as interception:
            self._intercepting += 1
            try:
                yield interception
            finally:
                self._intercepting -= 1
                self.network_exchanges += len(interception.network_exchanges)

    def serve(self, *, host: str = "127.0.0.1", port: int = 0) -> Server:
        """Serve the world on a socket too, until the sandbox closes; gives the server with its ``url``."""
        from sandbooks.serving import Server

        if self._server is None:
            dispatch = partial(self.app.edge.dispatch, world=self.world)
            self._server = Server(dispatch, host, port).start()
            self._stack.callback(self._server.stop)
        return self._server

    def client_time(self) -> AbstractContextManager[None]:
        """While this lasts, the client's clock reads the world's time and its sleeping moves the world instead."""
        from sandbooks.sandbox.client_time import client_time

        return client_time(self.world)

    # Faults

    @property
    def plan(self) -> Plan:
        """The fault plan of the world."""
        if not isinstance(self.world.plan, Plan):
            raise AssertionError("a world of an app has a plan")
        return self.world.plan

    @contextmanager
    def fault(
        self, kind: str, *, at: Mapping[str, Any] | None = None, phase: str | None = None, **parameters: Any
    ) -> Iterator[Any]:
        """A fault for as long as this lasts. Raises ``FaultNeverFired`` at the end when it met no exchange."""
        with self.world.unit():
            fault = self.plan.add(kind, at=at or {}, phase=phase, **parameters)
        try:
            yield fault
        except BaseException:
            self.plan.remove(fault.id)
            raise
        fired = any(f.id == fault.id and f.fired for f in self.plan.list())
        self.plan.remove(fault.id)
        if not fired:
            raise FaultNeverFired(f"{kind} never met an exchange that fits {dict(at or {})}")

    # Time and state

    def settle(self) -> None:
        """Let everything under way come to rest: syncs, retries, webhooks, late commits."""
        self.world.settle()

    async def asettle(self) -> None:
        """``settle`` for async code: ASGI applications receive their webhooks in the running event loop."""
        with in_running_loop():
            await asyncio.to_thread(self.settle)

    def snapshot(self, name: str = "snapshot") -> None:
        """Keep the world as it stands under a name."""
        self._snapshots[name] = self.world.image()

    def restore(self, name: str = "snapshot") -> None:
        """Put the world back as it stood; raises ``LookupError`` when nothing was kept under the name."""
        if name not in self._snapshots:
            raise LookupError(f"there is no snapshot {name!r}; there is {', '.join(self._snapshots) or 'none'}")
        self.world.restore(self._snapshots[name])
        self.world.clock.moved()

    @contextmanager
    def fork(self) -> Iterator[Sandbox]:
        """A copy of this world that goes its own way; for ``@given``, one fork for each example.

        Where this world is being intercepted, the fork answers instead of it while this lasts. ``copy_of`` finds a
        company in the fork.
        """
        copy = Sandbox.__new__(Sandbox)
        copy.app = App()
        copy.world = copy.app.adopt_image(self.world.name, self.world.image())
        copy._begin(self.network)
        copy._snapshots = dict(self._snapshots)
        copy.expected = {place: dict(given) for place, given in self.expected.items()}
        copy.app.receivers = list(self.app.receivers)
        copy.hubs = [
            HubCompany(copy, PlatformCompany(copy, hub.platform_company._company_in(copy.world)), hub.credentials)
            for hub in self.hubs
        ]
        with copy, ExitStack() as stack:
            if self._intercepting:
                stack.enter_context(copy.intercept())
            yield copy

    def copy_of(self, company: PlatformCompany) -> PlatformCompany:
        """The same company in this world, which is a fork of its own; raises ``LookupError``."""
        return PlatformCompany(self, company._company_in(self.world))

    def tape(self) -> list[TapeEntry]:
        """Every exchange so far."""
        return list(self.world.tape.entries())

    def findings(self) -> list[Finding]:
        """What is wrong with the books of any company of this world."""
        tape = self.tape()
        return [finding for company in self.companies() for finding in company.findings(tape=tape)]

    def audit(self) -> None:
        """Raise ``BooksWrong`` with every finding of every company, if there is one."""
        from sandbooks.audit import raise_findings

        raise_findings(self.findings())

    def assert_isolated(self, one: PlatformCompany, other: PlatformCompany) -> None:
        """No request to one company carried the other's credentials or id, either way round. INV-45."""
        from sandbooks.audit import raise_findings
        from sandbooks.sandbox.assertions import isolated

        pair = (one._company, other._company)
        raise_findings([*isolated(self.world, *pair), *isolated(self.world, *reversed(pair))])

    def assert_fault_transparent(
        self, run: Callable[[Sandbox], object], kind: str, *, at: Mapping[str, Any], **fault: Any
    ) -> None:
        """``run`` ends with the same books with a fault as without it. INV-70.

        ``run`` is called with a fork of this world, twice, and takes its companies from there (``copy_of``). An error
        that it raises is its answer to the fault; the books are compared all the same.
        """
        from sandbooks.sandbox.transparency import check

        check(self, run, kind, at=at, **fault)

    # Life

    def close(self) -> None:
        """Stop serving and let the world go."""
        self._stack.close()
        self.app.close()

    def __enter__(self) -> Sandbox:
        return self

    async def __aenter__(self) -> Sandbox:
        return self

    async def __aexit__(self, *raised: object) -> None:
        self.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _exported(chart: Any) -> Any:
    """A platform's own answers, read from their files where they are named by path."""
    if isinstance(chart, list):
        return [_exported(part) for part in chart]
    if isinstance(chart, Path) or (isinstance(chart, str) and not chart.lstrip().startswith("<")):
        return native_answer(Path(chart))
    return chart
