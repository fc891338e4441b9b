"""Every rule is proved by a test in which it fires and one in which it stays silent: the table of rules cannot rot.

Where a rule is decided stands in ``sandbooks.audit.rules``; here stands which tests show it. A test that is renamed or
dropped, or that no longer names its rule, is told at once.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from sandbooks.audit.invariants import STRICT_RULES
from sandbooks.audit.rules import RULES, decided_in
from sandbooks.harness.relating import SHAPES

TESTS = Path(__file__).parents[2]
RELATIONS = (
    "harness/test_relations.py::test_a_bug_that_a_plain_run_hides_shows_in_its_other_shape",
    "harness/test_relations.py::test_clients_that_are_right_keep_every_relation",
)

# The test that shows a rule broken, and the one that shows it kept. Names without a folder stand beside this file.
PROVED: dict[str, tuple[str, str]] = {
    "INV-01": (
        "exactly_once::test_completed_and_posted_twice_is_found_even_when_every_answer_was_whole",
        "exactly_once::test_completed_and_posted_once_is_right",
    ),
    "INV-02": (
        "exactly_once::test_a_document_that_nobody_submitted_is_an_orphan",
        "exactly_once::test_what_the_company_enters_itself_is_no_orphan",
    ),
    "INV-03": (
        "exactly_once::test_what_is_not_completed_must_not_be_posted",
        "exactly_once::test_what_failed_and_is_not_posted_is_right",
    ),
    "INV-04": (
        "exactly_once::test_completed_and_not_posted_is_found",
        "exactly_once::test_a_native_id_may_be_reported_with_its_kind",
    ),
    "INV-05": (
        "exactly_once::test_what_was_refused_is_neither_sent_nor_posted",
        "hub_inputs::test_a_request_that_was_refused_whole_is_known_as_refused",
    ),
    "INV-06": (
        "updates::test_what_is_handed_over_twice_stands_once",
        "harness/test_relations.py::test_clients_that_are_right_keep_every_relation",
    ),
    "INV-07": (
        "updates::test_another_body_under_the_same_id_is_never_posted_beside_the_first",
        "updates::test_an_update_that_reached_the_books_is_right",
    ),
    "INV-08": (
        "harness/test_kills.py::test_whoever_forgets_what_was_begun_breaks_inv_08_at_each_kill_between_posting_and_writing_it_down",
        "harness/test_kills.py::test_whoever_looks_up_what_was_begun_loses_and_doubles_nothing",
    ),
    "INV-09": (
        "retries::test_a_blind_repeat_that_did_no_harm_is_still_blind",
        "retries::test_a_look_up_before_the_repeat_keeps_silent",
    ),
    "INV-10": (
        "limits::test_two_writes_of_one_transaction_at_one_time_are_found",
        "harness/test_meanwhile.py::test_workers_that_keep_out_of_each_others_way_are_left_alone",
    ),
    "INV-11": (
        "money::test_an_entry_that_does_not_balance_is_found",
        "money::test_each_kind_has_its_direction",
    ),
    "INV-12": (
        "money::test_a_trial_balance_that_is_not_what_the_lines_add_up_to_is_found",
        "money::test_each_kind_has_its_direction",
    ),
    "INV-13": (
        "money::test_another_amount_on_the_card_is_found",
        "money::test_each_kind_has_its_direction",
    ),
    "INV-14": (
        "money::test_another_expense_account_is_found_with_both_accounts",
        "amounts::test_a_residual_cent_may_lie_on_any_line",
    ),
    "INV-15": (
        "amounts::test_a_tax_code_that_is_dropped_or_replaced_is_found",
        "amounts::test_where_the_books_name_codes_otherwise_nothing_is_said_of_them",
    ),
    "INV-16": RELATIONS,
    "INV-17": (
        "money::test_money_coming_back_that_is_booked_as_spend_is_found",
        "money::test_an_adjustment_has_the_sign_of_each_line",
    ),
    "INV-18": (
        "updates::test_an_update_that_was_told_as_done_and_never_came_is_found",
        "updates::test_an_update_that_reached_the_books_is_right",
    ),
    "INV-19": RELATIONS,
    "INV-20": RELATIONS,
    "INV-21": (
        "amounts::test_an_amount_that_is_no_plain_decimal_is_found",
        "amounts::test_plain_decimals_rates_and_ids_are_in_order",
    ),
    "INV-22": (
        "amounts::test_a_currency_of_three_decimals_keeps_its_digits",
        "amounts::test_plain_decimals_rates_and_ids_are_in_order",
    ),
    "INV-23": (
        "money::test_tax_added_twice_is_found_on_the_card",
        "money::test_tax_is_recovered_whole_in_part_or_not_at_all",
    ),
    "INV-24": (
        "amounts::test_tax_that_is_computed_again_from_the_sum_is_found_and_half_a_unit_for_each_line_is_not",
        "money::test_tax_is_recovered_whole_in_part_or_not_at_all",
    ),
    "INV-25": (
        "currency::test_a_rate_turned_round_and_a_rate_of_one_are_found",
        "currency::test_a_rounding_unit_is_no_other_rate",
    ),
    "INV-26": (
        "money::test_two_foreign_currencies_in_one_transaction_are_found",
        "money::test_one_foreign_currency_and_transfers_between_two_are_none",
    ),
    "INV-27": (
        "currency::test_a_transfer_that_posts_one_amount_on_both_sides_is_found",
        "currency::test_a_transfer_may_leave_an_exchange_difference",
    ),
    "INV-28": RELATIONS,
    "INV-29": (
        "payables::test_a_reimbursable_is_owed_to_the_one_it_names",
        "money::test_each_kind_has_its_direction",
    ),
    "INV-30": (
        "payables::test_a_payment_of_what_somebody_has_paid_meanwhile_is_found",
        "payables::test_a_payment_of_what_is_open_is_right_in_parts_and_whole",
    ),
    "INV-31": (
        "money::test_another_date_is_found",
        "money::test_a_date_that_was_moved_out_of_a_closed_period_and_recorded_is_right",
    ),
    "INV-32": (
        "money::test_a_balance_of_a_closed_period_that_changes_is_found",
        "money::test_what_is_posted_before_after_or_beside_a_closing_leaves_it_alone",
    ),
    "INV-33": (
        "harness/test_active_references.py::test_nothing_is_posted_to_an_account_that_is_archived_and_whoever_sent_it_is_told",
        "harness/test_active_references.py::test_an_account_that_came_back_is_posted_to_as_ever",
    ),
    "INV-34": (
        "reads::test_a_list_that_was_not_read_to_its_end_is_found_by_what_came_of_it",
        "reads::test_whoever_read_the_whole_list_has_reasons_of_its_own",
    ),
    "INV-35": (
        "exactly_once::test_what_the_hub_does_not_offer_on_a_platform_must_not_go_through",
        "harness/test_hub_clients.py::test_a_change_that_is_not_offered_is_refused_or_made",
    ),
    "INV-36": (
        "references::test_tracking_that_is_dropped_in_silence_is_found",
        "references::test_tracking_that_arrives_is_right_whether_in_the_books_or_in_the_document",
    ),
    "INV-37": (
        "references::test_one_merchant_that_ends_at_two_contacts_is_found",
        "references::test_a_twin_of_a_contact_that_somebody_renamed_is_none",
    ),
    "INV-38": (
        "references::test_a_reference_that_is_cut_off_by_the_text_before_it_is_found",
        "references::test_a_digest_behind_a_text_is_a_reference_of_another_make",
    ),
    "INV-39": (
        "references::test_two_transactions_under_one_cut_reference_are_found",
        "references::test_any_scheme_that_keeps_references_apart_is_in_order",
    ),
    "INV-40": (
        "attachments::test_a_receipt_that_was_read_as_text_is_found",
        "attachments::test_a_name_that_was_made_fit_is_in_order",
    ),
    "INV-41": (
        "attachments::test_a_receipt_that_hangs_there_twice_is_found",
        "attachments::test_a_receipt_that_arrives_once_and_unchanged_is_right",
    ),
    "INV-42": (
        "attachments::test_an_update_that_loses_the_receipt_is_found",
        "attachments::test_a_receipt_of_what_was_never_posted_is_not_asked_for",
    ),
    "INV-43": (
        "attachments::test_a_part_of_a_file_is_no_file",
        "attachments::test_a_receipt_that_the_platform_refused_is_not_lost",
    ),
    "INV-44": (
        "tokens::test_a_refresh_token_that_was_turned_into_a_new_one_is_not_used_again",
        "tokens::test_a_client_that_stores_what_it_gets_is_right",
    ),
    "INV-45": (
        "tokens::test_a_request_with_another_companys_token_is_found",
        "limits::test_another_company_need_not_wait",
    ),
    "INV-46": RELATIONS,
    "INV-47": (
        "limits::test_a_wait_is_kept_whatever_the_pace_of_retries",
        "limits::test_signing_in_is_not_held_back",
    ),
    "INV-48": (
        "limits::test_what_was_refused_is_not_sent_again_as_it_is",
        "limits::test_what_was_refused_may_be_sent_changed",
    ),
    "INV-49": RELATIONS,
    "INV-50": (
        "harness/test_pauses.py::test_a_change_in_the_second_of_the_last_read_that_is_missed_is_found",
        "harness/test_pauses.py::test_a_client_that_reads_with_an_overlap_is_not_flagged",
    ),
    "INV-51": (
        "reads::test_a_search_that_trails_the_books_is_outlasted",
        "reads::test_a_search_that_trails_the_books_is_outlasted",
    ),
    "INV-52": (
        "updates::test_who_was_told_of_somebody_elses_change_and_forces_its_own_is_found",
        "updates::test_who_was_told_of_somebody_elses_change_reads_before_changing_again",
    ),
    "INV-53": (
        "harness/test_driven_runs.py::test_work_that_nothing_takes_up_again_is_found",
        "exactly_once::test_what_is_pending_may_be_posted_while_work_goes_on",
    ),
    "INV-54": (
        "hub_inputs::test_the_code_of_a_sync_that_does_not_fit_its_transactions_is_found",
        "hub_inputs::test_a_lost_answer_that_the_hub_recovers_from_is_silent",
    ),
    "INV-55": (
        "reads::test_good_work_that_goes_down_with_bad_work_is_found",
        "reads::test_good_work_beside_bad_work_that_is_done_is_right",
    ),
    "INV-56": (
        "statuses::test_work_that_is_done_for_each_copy_of_a_message_is_found",
        "statuses::test_a_second_copy_of_a_message_is_acted_on_once",
    ),
    "INV-57": (
        "hub_inputs::test_a_status_that_was_announced_is_one_that_it_had",
        "hub_inputs::test_every_kind_and_outcome_is_read_as_it_was_submitted",
    ),
    "INV-58": (
        "harness/test_webhooks.py::test_a_forged_message_that_is_believed_is_found",
        "harness/test_webhooks.py::test_clients_that_receive_well_are_not_flagged",
    ),
    "INV-59": (
        "statuses::test_late_success_is_told_as_success",
        "statuses::test_late_success_is_told_as_success",
    ),
    "INV-60": (
        "statuses::test_a_failure_is_explained_in_words_of_its_own",
        "statuses::test_a_failure_that_is_explained_is_right",
    ),
    "INV-61": (
        "tokens::test_a_consent_that_is_gone_is_not_asked_for_without_end",
        "tokens::test_a_refresh_that_failed_and_kept_the_pair_is_right",
    ),
    "INV-62": (
        "comparing::test_the_first_difference_of_two_tapes_is_found",
        "comparing::test_equal_tapes_are_right",
    ),
    "INV-63": (
        "statuses::test_every_line_leads_back_to_a_request",
        "exactly_once::test_completed_and_posted_once_is_right",
    ),
    "INV-64": RELATIONS,
    "INV-65": (
        "relations::test_accounts_of_another_platform_are_mapped_and_some_may_differ",
        "properties/test_platforms_agree.py::test_two_platforms_agree_on_what_both_can_carry",
    ),
    "INV-66": (
        "relations::test_the_same_work_in_another_shape_moves_the_same",
        "relations::test_amounts_scale",
    ),
    "INV-67": (
        "harness/test_relations.py::test_a_bug_in_the_run_itself_is_told_before_its_relation_is_asked",
        "harness/test_relations.py::test_clients_that_are_right_keep_every_relation",
    ),
    "INV-68": RELATIONS,
    "INV-69": RELATIONS,
    "INV-70": (
        "comparing::test_what_a_fault_added_is_found_with_the_fault_named",
        "comparing::test_the_same_books_with_and_without_a_fault_are_right",
    ),
    "INV-71": (
        "honesty::test_a_document_whose_write_was_answered_with_an_error_is_found",
        "honesty::test_a_refusal_that_wrote_nothing_is_honest",
    ),
    "INV-72": (
        "payables::test_what_the_rates_left_over_is_found_once_nothing_is_owed",
        "payables::test_an_exchange_difference_that_was_realised_leaves_nothing",
    ),
    "INV-73": RELATIONS,
    "INV-74": RELATIONS,
}


@cache
def functions_in(file: str) -> dict[str, str]:
    """The test functions of a file with their source, decorators included."""
    text = (TESTS / file).read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found[node.name] = "\n".join(lines[first - 1 : node.end_lineno])
    return found


def source(test: str) -> str:
    """The source of a test as the table names it. Raises ``KeyError`` for one that does not exist."""
    module, _, name = test.partition("::")
    return functions_in(module if "/" in module else f"unit/audit/test_{module}.py")[name]


def test_every_rule_is_proved() -> None:
    assert list(PROVED) == list(RULES)


@pytest.mark.parametrize("number", PROVED)
def test_a_rule_fires_in_a_test_that_names_it_and_stays_silent_in_another(number: str) -> None:
    fires, silent = PROVED[number]
    assert number in source(fires)
    assert "assert" in source(silent)
    assert silent != fires or "== []" in source(fires)


def test_every_rule_is_claimed_by_the_audit_by_a_relation_by_runs_or_by_a_contract() -> None:
    audited = {number for rule in STRICT_RULES for number in RULES if number in (rule.__doc__ or "")}
    by_runs = set(decided_in("check")) | set(decided_in("sweep")) | set(decided_in("contract"))
    assert set(decided_in("audit")) >= audited
    assert set(RULES) == set(decided_in("audit")) | by_runs
    assert by_runs >= set(SHAPES)
