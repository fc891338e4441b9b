"""A Hypothesis state machine for code that posts to one platform: extended by functions, judged by the audit.

The machine hands transactions over, hands the same over again, loses answers before and after the commit, throttles,
lets time pass, and, where you give it, restarts your code. After each run everything settles and the books are audited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sandbooks.audit import Finding, Work, raise_findings
from sandbooks.audit import audit as audit_world
from sandbooks.harness.strategies import Transaction, transactions
from sandbooks.sandbox import Sandbox
from sandbooks.sandbox.company import PlatformCompany

CHART: Mapping[str, Any] = {
    "country": "GB",
    "currency": "GBP",
    "accounts": {
        "travel": {"type": "expense", "name": "Travel"},
        "meals": {"type": "expense", "name": "Meals & Drinks"},
        "card": {"type": "credit_card", "name": "Company Card"},
        "checking": {"type": "bank", "name": "Current Account"},
    },
    "suppliers": {"airline": {"name": "Contoso Air"}, "jane": {"name": "Jane Doe"}},
    "customers": {"card_provider": {"name": "Card Provider"}},
}
LOSSES = ("drop_response", "server_error", "html_error_page", "reset")


class Export(Protocol):
    """Your code: posts transactions of a company, and says of each what became of it.

    Returns ``{id: {"status": "completed" | "failed" | "pending", "native_id": …, "message": …}}``.
    """

    def __call__(
        self, company: PlatformCompany, transactions: list[Transaction], /
    ) -> Mapping[str, Mapping[str, Any]]: ...


def machine_for(
    platform: str,
    export: Export,
    *,
    settle: Callable[[PlatformCompany], Mapping[str, Mapping[str, Any]]] | None = None,
    begin: Callable[[PlatformCompany], None] | None = None,
    restart: Callable[[PlatformCompany], None] | None = None,
    kinds: tuple[str, ...] = ("payment",),
    chart: Mapping[str, Any] = CHART,
) -> type[RuleBasedStateMachine]:
    """A state machine class for a platform; its ``TestCase`` is what pytest runs.

    ``export`` gets what is handed over; ``settle`` is called when all faults are over, and tries again what is left;
    ``begin`` is called once for each run with the fresh company; ``restart`` forgets what a killed process would.
    ``chart`` is the company's; ``kinds`` are those that your code takes. Outcomes are as in contracts/driver.yaml.
    """
    functions = {"export": staticmethod(export)}
    optional: dict[str, Any] = {"settle": settle, "begin": begin, "restart": restart}
    functions |= {name: staticmethod(one) for name, one in optional.items() if one is not None}
    facts = {"platform": platform, "kinds": kinds, "chart": chart}
    made = type(f"{platform.title().replace('_', '')}Machine", (PlatformMachine,), {**functions, **facts})
    made.TestCase.settings = SETTINGS  # type: ignore[attr-defined]  # made by Hypothesis for each machine
    return made


SETTINGS = settings(
    deadline=None,
    max_examples=25,
    stateful_step_count=8,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class PlatformMachine(RuleBasedStateMachine):
    """One run: a company, your code, accidents. Add rules of your own in a subclass."""

    platform = ""
    kinds: tuple[str, ...] = ("payment",)
    chart: Mapping[str, Any] = CHART
    export: Export
    settle: Callable[[PlatformCompany], Mapping[str, Mapping[str, Any]]] | None = None
    begin: Callable[[PlatformCompany], None] | None = None
    restart: Callable[[PlatformCompany], None] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox(seed=7, clock="2026-03-16T09:30:00 Europe/London")
        self.sandbox.audit_at_end = False
        self.company = self.sandbox.company(self.platform, **self.chart)
        self.work = Work(platform=self.company.platform, company_id=self.company.id)
        self.handed_over: list[Transaction] = []
        self._drawn = transactions(self.company, kinds=self.kinds)
        self._entered = self.sandbox._stack
        self._entered.enter_context(self.sandbox.intercept())
        self._entered.enter_context(self.sandbox.client_time())

    @initialize()
    def a_company(self) -> None:
        if self.begin is not None:
            self.begin(self.company)

    @rule(data=st.data())
    def hand_over(self, data: st.DataObject) -> None:
        """Something new."""
        given = data.draw(self._drawn, label="transaction")
        self.handed_over.append(given)
        self._export([given])

    @precondition(lambda self: self.handed_over)
    @rule(data=st.data())
    def hand_over_again(self, data: st.DataObject) -> None:
        """The same id once more, with the same content."""
        self._export([data.draw(st.sampled_from(self.handed_over), label="again")])

    @rule(kind=st.sampled_from(LOSSES), committed=st.booleans())
    def lose_an_answer(self, kind: str, *, committed: bool) -> None:
        """The next write is carried out or not, and its answer does not come."""
        phase = "commit" if committed else "send"
        at = {"operation": "* /**", "platform": self.company.platform}
        with self.sandbox.world.unit():
            self.sandbox.plan.add(kind, at=at, phase=phase)

    @rule(minutes=st.integers(1, 180))
    def let_time_pass(self, minutes: int) -> None:
        """The world goes on."""
        self.sandbox.clock.advance(minutes=minutes)

    @precondition(lambda self: self.restart is not None)
    @rule()
    def die_and_start_again(self) -> None:
        """As after a kill between two pieces of work."""
        assert self.restart is not None
        self.restart(self.company)

    @invariant()
    def nothing_stands_twice(self) -> None:
        """At any moment, whatever went wrong."""
        raise_findings([found for found in self.findings(quiet=False) if "INV-01" in found.invariants])

    def teardown(self) -> None:
        """All faults end, what is left is tried again, and the books must be right."""
        try:
            self.sandbox.plan.clear()
            if self.settle is not None:
                self.work.reported(self.settle(self.company))
            raise_findings(self.findings(quiet=True))
        finally:
            self.sandbox.close()

    def findings(self, *, quiet: bool) -> list[Finding]:
        """What is wrong with the books by now."""
        return audit_world(self.sandbox.world, self.work, quiet=quiet)

    def _export(self, given: Iterable[Transaction]) -> None:
        listed = list(given)
        self.work.submitted(listed)
        self.work.reported(self.export(self.company, listed))
