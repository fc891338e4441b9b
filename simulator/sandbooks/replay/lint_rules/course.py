"""Faults that cannot act, transactions nobody speaks of, and steps in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.replay.lint_rules.run import Run
from sandbooks.replay.script_steps import (
    AddFault,
    Expect,
    Push,
)
from sandbooks.settings import NodePath, Problem, nearest, read_contract

_CALLING_VERBS = {"connect", "push", "sync", "attach", "update", "unlink", "http", "bill", "pay", "advance"}


def check_faults(run: Run) -> Iterator[Problem]:
    """Faults that can never act."""
    catalogue = read_contract("faults.yaml")["faults"]
    for step, action in run.actions():
        if not isinstance(action, AddFault):
            continue
        path = (*step.path, action.kind)
        later = [s for s in run.scenario.steps if s.number > step.number and s.verb in _CALLING_VERBS]
        if not later and not action.may_rest:
            yield run.problem(path, "No exchange follows this fault.", "Plan it before the step that it should hit.")
        phase = action.phase or catalogue[action.kind]["default_phase"]
        if phase not in catalogue[action.kind]["phases"]:
            allowed = ", ".join(catalogue[action.kind]["phases"])
            yield run.problem((*path, "phase"), f"`{action.kind}` cannot act after {phase}.", f"Use {allowed}.")
        yield from _fault_address(run, action, path)


def _fault_address(run: Run, action: AddFault, path: NodePath) -> Iterator[Problem]:
    where = (*path, "at")
    if "event" in action.at and not action.kind.endswith("_webhook"):
        remedy = "Name an operation, or a transaction with `write` or `read`."
        yield run.problem((*where, "event"), f"`{action.kind}` acts on calls, not on webhooks.", remedy)
    if action.kind.endswith("_webhook") and action.at.keys() & {"operation", "write", "read"}:
        remedy = "Name the `event`, or the transaction with `reference`."
        yield run.problem(where, f"`{action.kind}` acts on webhooks, not on calls.", remedy)
    platform = action.at.get("platform")
    if platform not in (None, "codat", run.scenario.platform) and not action.may_rest:
        remedy = f"Remove `platform`, or give the step `only: [{platform}]`."
        yield run.problem((*where, "platform"), f"A run on {run.scenario.platform} never meets it.", remedy)
    company = action.at.get("company")
    if company is not None and company not in run.scenario.companies:
        remedy = nearest(str(company), run.scenario.companies)
        yield run.problem((*where, "company"), f"There is no company `{company}`.", remedy)
    label, phase = action.at.get("write"), action.phase
    if label in run.refused and phase in ("commit", "render", "deliver"):
        message = f"`{label}` is refused by the hub; no platform is asked to write it."
        yield run.problem((*where, "write"), message, "Remove the fault, or the refusal.")


def check_expectations(run: Run) -> Iterator[Problem]:
    """A scenario that expects nothing proves nothing; a transaction that is not spoken of may be lost unseen."""
    expectations = [(step, action) for step, action in run.actions() if isinstance(action, Expect)]
    checked = any(
        getattr(action, "expect_json", None) or getattr(action, "expect_status", None) for _, action in run.actions()
    )
    if not expectations and not checked:
        yield run.problem(("steps",), "Nothing is expected.", "End with an `expect` step.")
        return
    named = run.refused | {label for _, action in expectations for label in action.transactions}
    for _, transaction in run.transactions:
        if transaction.label not in named:
            message = f"No `expect` says what becomes of `{transaction.label}`."
            yield run.problem(transaction.path, message, f"Add `transactions: {{{transaction.label}: Completed}}`.")


def check_order(run: Run) -> Iterator[Problem]:
    """Transactions before there is a connection."""
    connected: set[str] = set()
    for step, action in run.actions():
        if step.verb == "connect":
            connected.add(step.company)
        elif isinstance(action, Push) and step.company not in connected:
            message = f"`{step.company}` is not connected yet."
            yield run.problem(step.path, message, f"Begin with `connect: {step.company}`.")
            return
