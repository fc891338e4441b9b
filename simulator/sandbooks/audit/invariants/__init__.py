"""The rules, each a small named function from the evidence of one company to findings.

Kinds of rule: S holds after every step, Q when all work is done, W over the wire log, D between two runs (those stand
in ``audit.comparing``). The order is that of the story: who knows the cause comes before those that see effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.invariants.addressing import carries_nothing_foreign, nothing_without_consent
from sandbooks.audit.invariants.amounts import every_digit_arrives, gross_is_kept, plain_on_the_wire
from sandbooks.audit.invariants.attachments import (
    files_are_kept_once,
    files_arrive_unchanged,
    refused_files_leave_nothing,
)
from sandbooks.audit.invariants.currency import base_follows_the_rate, transfer_moves_both_sides
from sandbooks.audit.invariants.drafts import nothing_is_left_beside
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
from sandbooks.audit.invariants.limits import a_wait_is_no_refusal, refused_is_not_repeated, waits_are_kept
from sandbooks.audit.invariants.money import (
    accounts_move_by_their_lines,
    card_moves_by_what_was_charged,
    dated_as_submitted,
    documents_balance,
    due_as_submitted,
    one_foreign_currency,
    trial_balance_balances,
)
from sandbooks.audit.invariants.payables import (
    control_account_is_its_parts,
    nobody_is_paid_too_much,
    owed_to_the_right_person,
    paid_as_submitted,
    settled_to_nothing,
)
from sandbooks.audit.invariants.periods import closed_period_stands
from sandbooks.audit.invariants.reads import good_work_is_not_turned_away, lag_is_outlasted, lists_are_read_to_the_end
from sandbooks.audit.invariants.references import (
    names_keep_their_letters,
    nobody_else_is_booked,
    one_contact_for_each_name,
    one_merchant_one_contact,
    the_contact_that_was_named,
    tracking_is_kept,
    who_is_there_is_found,
)
from sandbooks.audit.invariants.retries import blind_retry, posted_again
from sandbooks.audit.invariants.statuses import (
    announcements_agree,
    done_stays_done,
    failures_are_explained,
    late_success_is_found,
    syncs_tell_what_happened,
)
from sandbooks.audit.invariants.tax import codes_are_kept, no_tax_is_invented, recomputed_tax_is_near, tax_is_booked
from sandbooks.audit.invariants.text import characters_are_whole, references_are_whole, references_stay_apart
from sandbooks.audit.invariants.tokens import tokens_are_kept, tokens_are_used_while_they_last
from sandbooks.audit.invariants.tracing import lines_have_a_request, one_write_at_a_time
from sandbooks.audit.invariants.updates import (
    accounts_are_left_to_people,
    again_changes_nothing,
    nobody_is_overruled,
    others_edits_stand,
    updates_reach_the_books,
)
from sandbooks.audit.invariants.webhooks import (
    a_second_delivery_changes_nothing,
    forged_deliveries_are_not_acted_on,
    genuine_deliveries_are_taken,
)

Rule = Callable[[Evidence], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    posted_again,
    lag_is_outlasted,
    in_its_own_company,
    posted_once,
    again_changes_nothing,
    completed_exists,
    not_posted_unless_completed,
    late_success_is_found,
    refused_is_never_sent,
    within_capabilities,
    lists_are_read_to_the_end,
    good_work_is_not_turned_away,
    one_foreign_currency,
    base_follows_the_rate,
    updates_reach_the_books,
    every_digit_arrives,
    card_moves_by_what_was_charged,
    gross_is_kept,
    accounts_move_by_their_lines,
    tax_is_booked,
    recomputed_tax_is_near,
    codes_are_kept,
    no_tax_is_invented,
    transfer_moves_both_sides,
    owed_to_the_right_person,
    nobody_is_paid_too_much,
    paid_as_submitted,
    control_account_is_its_parts,
    settled_to_nothing,
    dated_as_submitted,
    due_as_submitted,
    tracking_is_kept,
    one_contact_for_each_name,
    one_merchant_one_contact,
    who_is_there_is_found,
    nobody_else_is_booked,
    names_keep_their_letters,
    the_contact_that_was_named,
    characters_are_whole,
    references_are_whole,
    references_stay_apart,
    files_arrive_unchanged,
    refused_files_leave_nothing,
    files_are_kept_once,
    others_edits_stand,
    accounts_are_left_to_people,
    nobody_is_overruled,
    done_stays_done,
    syncs_tell_what_happened,
    announcements_agree,
    failures_are_explained,
    belongs_to_a_transaction,
    nothing_is_left_beside,
    closed_period_stands,
    documents_balance,
    trial_balance_balances,
    tokens_are_kept,
    carries_nothing_foreign,
    nothing_without_consent,
    a_second_delivery_changes_nothing,
    genuine_deliveries_are_taken,
    forged_deliveries_are_not_acted_on,
    plain_on_the_wire,
    rejected_changes_nothing,
    written_exists,
    writes_to_its_own_company,
    lines_have_a_request,
)

STRICT_RULES: tuple[Rule, ...] = (
    *RULES,
    blind_retry,
    one_write_at_a_time,
    waits_are_kept,
    a_wait_is_no_refusal,
    refused_is_not_repeated,
    tokens_are_used_while_they_last,
)
"""With the rules over how a client works that found the books right this time."""

__all__ = ["RULES", "STRICT_RULES", "Rule"]
