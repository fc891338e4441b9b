"""The rules, each a small named function from the evidence of one company to findings.

Kinds of rule: S holds after every step, Q when all work is done, W over the wire log, D between two runs (those stand
in ``audit.comparing``). The order is that of the story: who knows the cause comes before those that see effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.invariants.exactly_once import (
    belongs_to_a_transaction,
    completed_exists,
    in_its_own_company,
    not_posted_unless_completed,
    posted_once,
    refused_is_never_sent,
    within_capabilities,
)
from sandbooks.audit.invariants.honesty import rejected_changes_nothing, writes_to_its_own_company, written_exists
from sandbooks.audit.invariants.money import (
    accounts_move_by_their_lines,
    card_moves_by_what_was_charged,
    dated_as_submitted,
    documents_balance,
    one_foreign_currency,
    trial_balance_balances,
)
from sandbooks.audit.invariants.periods import closed_period_stands
from sandbooks.audit.invariants.retries import blind_retry, posted_again

Rule = Callable[[Evidence], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    posted_again,
    in_its_own_company,
    posted_once,
    completed_exists,
    not_posted_unless_completed,
    refused_is_never_sent,
    within_capabilities,
    one_foreign_currency,
    card_moves_by_what_was_charged,
    accounts_move_by_their_lines,
    dated_as_submitted,
    belongs_to_a_transaction,
    closed_period_stands,
    documents_balance,
    trial_balance_balances,
    rejected_changes_nothing,
    written_exists,
    writes_to_its_own_company,
)

STRICT_RULES: tuple[Rule, ...] = (*RULES, blind_retry)
"""With the rules over how a client works that found the books right this time."""

__all__ = ["RULES", "STRICT_RULES", "Rule"]
