"""The world behind the fixtures of one test: set up as its markers say, intercepted, judged when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from sandbooks.audit import BooksWrong
from sandbooks.pytest_plugin.closing import counts_of
from sandbooks.pytest_plugin.marker import Options, options_of
from sandbooks.pytest_plugin.runs import RUN, Outcome, Run
from sandbooks.sandbox import FaultNeverFired, Sandbox

if TYPE_CHECKING:
    from sandbooks.sandbox import HubCompany
    from sandbooks.wire import Answer, Request
    from sandbooks.world import TapeEntry

OUTCOME: pytest.StashKey[Outcome] = pytest.StashKey()
DEFAULT_PLATFORM = "quickbooks_online"


def remember_outcome(item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]) -> None:
    """Keep how the test went, for the judgement when its world ends."""
    outcome = item.stash.setdefault(OUTCOME, Outcome())
    if report.when == "setup":
        outcome = item.stash[OUTCOME] = Outcome()
    if report.failed or report.skipped:
        outcome.failed = True
    if call.excinfo is not None and outcome.error is None:
        outcome.error = call.excinfo.value


def world_of(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The world of a test, from set-up to audit."""
    item = request.node
    options = options_of(item)
    run = item.stash.get(RUN, None)
    with ExitStack() as stack:
        world = Sandbox(seed=options.seed, clock=options.clock, mode=options.mode, network=options.network)
        stack.enter_context(world)
        if options.strict:
            world.inspect = _inspecting(world)
            world.app.witness = _witnessing(world)
        network = "pass" if "sandbox_server" in item.fixturenames else options.network
        try:
            with ExitStack() as connected:
                connected.enter_context(world.intercept(network=network))
                if options.client_time or run is not None:
                    connected.enter_context(world.client_time())
                planned = [_plan(world, fault) for fault in options.faults]
                if run is not None:
                    run.begin(world)
                yield world
                outcome = item.stash.get(OUTCOME, Outcome())
                try:
                    if not outcome.failed or run is not None:
                        _judge(world, planned, run)
                finally:
                    if run is not None:
                        run.end(world, outcome)
        finally:
            _count(item, world, run)  # a test whose books are wrong counts too


def _plan(world: Sandbox, fault: Any) -> tuple[str, str]:
    """Plan a fault of the marker; its id and its kind. A mistake in it is told as the user's."""
    facts = dict(fault)
    kind = facts.pop("kind")
    try:
        with world.world.unit():
            return world.plan.add(kind, **facts).id, kind
    except (ValueError, TypeError) as error:
        raise pytest.UsageError(f"the sandbooks marker's fault {dict(fault)}: {error}") from error


def _judge(world: Sandbox, planned: list[tuple[str, str]], run: Run | None) -> None:
    """Say what is wrong now that the test has ended. The first thing found is the test's error."""
    if not world.audit_at_end:
        return
    world.settle()
    troubles = [t for t in (_trouble(e, lacking=not world.allow_not_simulated) for e in world.tape()) if t]
    findings = world.findings()
    if run is not None and not run.is_first:
        run.findings = findings
        run.trouble = "\n".join([*troubles, *map(repr, world.receiver_errors)])
        return
    if world.receiver_errors:
        raise world.receiver_errors[0]
    if troubles:
        pytest.fail(troubles[0], pytrace=False)
    if world.inspect is not None:
        _judge_requests(world)
    if findings:
        pytest.fail(str(BooksWrong(findings)), pytrace=False)
    fired = {fault.id for fault in world.plan.list() if fault.fired}
    for id_, kind in planned:
        if id_ not in fired:
            raise FaultNeverFired(f"{kind} of the sandbooks marker never met an exchange that fits its address")


def _inspecting(world: Sandbox) -> Callable[[Request], None]:
    """What raises for a request outside the contract, and remembers that it did."""
    from sandbooks.harness.contracts.checking import OutsideContract, inspect

    def inspecting(request: Request) -> None:
        try:
            inspect(request)
        except OutsideContract as outside:
            world.outside_contract.append(outside)
            raise

    return inspecting


def _witnessing(world: Sandbox) -> Callable[[Request, Answer], None]:
    """What remembers an answer outside the contract, where the platform calls a service of the user's."""
    from sandbooks.harness.contracts.checking import outside_of

    def witnessing(request: Request, answer: Answer) -> None:
        outside = outside_of(request, answer)
        if outside is not None:
            world.outside_contract.append(outside)

    return witnessing


def _judge_requests(world: Sandbox) -> None:
    """Under ``strict``: what came over a socket, or what a client did not let through to the test."""
    from sandbooks.harness.contracts.checking import problems_of

    if world.outside_contract:
        pytest.fail(str(world.outside_contract[0]), pytrace=False)
    for entry in world.tape():
        problems = problems_of(entry) if entry.actor == "client" else []
        if problems:
            pytest.fail("outside the contract\n" + "\n".join(map(str, problems)), pytrace=False)


def _trouble(entry: TapeEntry, *, lacking: bool) -> str:
    """What no test should pass over: a bug of the simulator, or a feature that it lacks."""
    asked = f"exchange #{entry.number} {entry.method} {entry.url}"
    if entry.bug:
        return f"a bug of Sandbooks, not of the code under test, in {asked}\n{entry.bug}"
    if entry.not_simulated and lacking:
        return f"not simulated: {entry.not_simulated}; {asked} was answered {entry.status}"
    return ""


def _count(item: pytest.Item, world: Sandbox, run: Run | None) -> None:
    counts = counts_of(item.config)
    counts.tests += run is None or run.is_first
    counts.swept += run is not None and not run.is_first
    counts.note(world.tape(), network=world.network_exchanges)


def hub_of(request: pytest.FixtureRequest, world: Sandbox) -> HubCompany:
    """A hub company on the platform of the test."""
    options: Options = options_of(request.node)
    if "platform" in request.fixturenames:
        platform = request.getfixturevalue("platform")
    else:
        platform = options.platforms[0] if options.platforms else DEFAULT_PLATFORM
    return world.hub(world.company(platform))
