"""Scenario files played through a driver, for ``replay --driver``: the same judgement as in a campaign."""

from __future__ import annotations

from dataclasses import replace

from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import Subject
from sandbooks.replay.result import Result
from sandbooks.replay.script_steps import Expect, Scenario


def play_driven(scenario: Scenario, subject: Subject, *, seed: int | None = None) -> Result:
    """One run through a driver, to a result like any other. Raises ``DriverFailed`` and ``DriverUnusable``."""
    wanted = scenario if seed is None else replace(scenario, seed=seed)
    command = f"sandbooks replay {scenario.file} --driver {subject.text} --platform {scenario.platform}"
    verdict = Judge(subject).judge(wanted, command=command, report=True)
    if verdict.result is None:
        return Result(wanted, error=verdict.trouble)
    verdict.result.failures += [*verdict.never_met, *_unexpected(verdict)]
    return verdict.result


def _unexpected(verdict: Verdict) -> list[str]:
    """Transactions that did not end as completed and of which no ``expect`` speaks, where some ``expect`` does speak.

    A scenario without any leaves it to the program what it can do; its books are judged all the same.
    """
    claims = [step.action for step in verdict.scenario.steps if isinstance(step.action, Expect)]
    named = {label for claim in claims for label in (*claim.transactions, *claim.refused)}
    if not named:
        return []
    return [
        f"{label} ended as {status or 'nothing'} and no expect says so"
        for label, status in verdict.told.items()
        if label not in named and status != "Completed"
    ]
