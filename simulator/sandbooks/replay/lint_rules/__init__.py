"""The rules of ``lint``: each is a function from one run to what is wrong with it.

The schema has been satisfied and every step understood. The rules look at names that are not declared, amounts in the
wrong currency, faults that cannot act, books that cannot balance, and requests that the platform of the run does not
offer although the scenario expects no refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sandbooks.replay.lint_rules.amounts import check_balance, check_currencies
from sandbooks.replay.lint_rules.course import check_expectations, check_faults, check_order
from sandbooks.replay.lint_rules.names import check_labels, check_names, check_remembered, check_settings
from sandbooks.replay.lint_rules.offers import check_offered
from sandbooks.replay.lint_rules.run import Run
from sandbooks.settings import Problem

__all__ = ["STEP_RULES", "WHOLE_RULES", "Rule", "Run"]

Rule = Callable[[Run], Iterable[Problem]]
# Rules that look at one step each, and rules that need every step to have been understood.
STEP_RULES: tuple[Rule, ...] = (check_settings, check_names, check_currencies, check_balance, check_offered)
WHOLE_RULES: tuple[Rule, ...] = (check_labels, check_remembered, check_faults, check_expectations, check_order)
