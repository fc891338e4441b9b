"""What a rule looks at: one run of a scenario, and what its platform offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sandbooks.capabilities import PlatformCapabilities
from sandbooks.platform import CompanyPlan
from sandbooks.replay.script_steps import (
    Action,
    Attach,
    Bill,
    Configure,
    Expect,
    Expense,
    Pay,
    Push,
    Scenario,
    Step,
    Transaction,
)
from sandbooks.settings import Document, NodePath, Problem

_REFUSED_WORDS = {"ValidationError"}


@dataclass(frozen=True)
class Run:
    """One run, and what its platform offers."""

    document: Document
    scenario: Scenario
    offered: PlatformCapabilities

    def problem(self, path: NodePath, message: str, remedy: str) -> Problem:
        return self.document.problem(path, message, remedy=remedy)

    def placed(self, path: NodePath) -> NodePath:
        """The place of a line's member, which in the shorthand stands in the transaction itself."""
        return path if path in self.document.positions else (*path[:-3], *path[-1:])

    def company(self, step: Step) -> CompanyPlan:
        return self.scenario.companies[step.company]

    def actions(self) -> Iterator[tuple[Step, Action]]:
        for step in self.scenario.steps:
            yield step, step.action

    @cached_property
    def transactions(self) -> tuple[tuple[Step, Transaction], ...]:
        """Every transaction that is handed over, updates not counted."""
        return tuple((s, t) for s, a in self.actions() if isinstance(a, Push) for t in a.transactions)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of a transaction, bill or payment."""
        own = {transaction.label for _, transaction in self.transactions}
        return frozenset(own | {a.label for _, a in self.actions() if isinstance(a, Bill | Pay)})

    @cached_property
    def files(self) -> frozenset[str]:
        """Every label of a file."""
        return frozenset(a.file for _, a in self.actions() if isinstance(a, Attach))

    @cached_property
    def refused(self) -> frozenset[str]:
        """Every label whose refusal is expected somewhere."""
        found: set[str] = set()
        for _, action in self.actions():
            if isinstance(action, Expect):
                found |= action.refused.keys()
                found |= {label for label, told in action.transactions.items() if told.status in _REFUSED_WORDS}
        return frozenset(found)

    def bank_account(self, step: Step, transaction: Expense) -> str | None:
        """The card or bank account of an expense: its own, or the company's default at that step."""
        default = None
        for earlier, action in self.actions():
            if earlier.number >= step.number:
                break
            if isinstance(action, Configure) and earlier.company == step.company:
                default = action.bank_account or default
        return transaction.bank_account or default
