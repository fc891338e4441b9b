"""Requests that the platform of the run does not offer although the scenario expects no refusal."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.capabilities import AccountClass, PlatformCapabilities
from sandbooks.replay.lint_rules.run import Run
from sandbooks.replay.script_steps import (
    Attach,
    Expense,
    Step,
    Transaction,
    Transfer,
    Update,
)
from sandbooks.settings import Problem


def check_offered(run: Run) -> Iterator[Problem]:
    """Requests outside the platform's capabilities whose refusal is not expected."""
    for step, transaction in run.transactions:
        if transaction.label in run.refused:
            continue
        reason = _not_offered(run, step, transaction)
        if reason:
            yield run.problem(transaction.path, reason, _expect_refusal(transaction.label, run))
    for step, action in run.actions():
        if isinstance(action, Update) and action.transaction.label not in run.refused:
            yield from _update_offered(run, step, action)
        elif isinstance(action, Attach) and action.file not in run.refused:
            yield from _file_offered(run, step, action)


def _not_offered(run: Run, step: Step, transaction: Transaction) -> str | None:
    company, offered = run.company(step), run.offered
    if not isinstance(transaction, Expense):
        if isinstance(transaction, Transfer) and offered.allows("transfer"):
            currencies = transaction.from_amount.currency, transaction.to_amount.currency
            rule = offered.transfer_currency(base=company.currency, source=currencies[0], target=currencies[1])
            if rule == "refused":
                return f"{offered.title} takes no transfer from {currencies[0]} to {currencies[1]}."
        return offered.refusal(transaction.operation)
    account = company.accounts.get(run.bank_account(step, transaction) or "")
    if account is None:
        return offered.refusal(transaction.operation)
    kind: AccountClass = "card" if account["type"] == "credit_card" else "bank"
    if (reason := offered.refusal(transaction.operation, kind)) is not None:
        return reason
    rule = offered.expense_currency(
        kind, base=company.currency, account=account["currency"], transaction=transaction.currency
    )
    if rule == "refused":
        return f"{offered.title} takes no {transaction.currency} expense on an account in {account['currency']}."
    return _limits_broken(transaction, offered)


def _limits_broken(transaction: Expense, offered: PlatformCapabilities) -> str | None:
    limits = offered.limits_of("expense")
    if limits.lines_max is not None and len(transaction.lines) > limits.lines_max:
        return f"{offered.title} takes at most {limits.lines_max} line(s)."
    if limits.notes_required and not (transaction.notes or transaction.merchant):
        return f"{offered.title} needs `notes`."
    return None


def _update_offered(run: Run, step: Step, action: Update) -> Iterator[Problem]:
    transaction = action.transaction
    operation = "expense" if isinstance(transaction, Expense) else transaction.operation
    reason = None if operation == "adjustment" else run.offered.refusal(f"update.{operation}")
    if operation == "adjustment":
        reason = "An adjustment cannot be changed; the hub has no such operation."
    elif reason is None and isinstance(transaction, Expense) and transaction.kind != "payment":
        reason = f"A {transaction.kind} cannot be changed; only a payment can."
    if reason:
        yield run.problem(step.path, reason, _expect_refusal(transaction.label, run))


def _file_offered(run: Run, step: Step, action: Attach) -> Iterator[Problem]:
    attachments, title = run.offered.attachments, run.offered.title
    kinds = {transaction.label: transaction.kind.capitalize() for _, transaction in run.transactions}
    kind = kinds.get(action.transaction)
    if kind and not attachments.takes(kind):
        reason = f"{title} takes no files for a {kind}."
    elif not attachments.takes_size(action.size):
        reason = f"{title} takes files up to {attachments.bytes_max} bytes, not {action.size}."
    elif not attachments.takes_name(action.name):
        reason = f"{title} does not take files like {action.name}."
    else:
        return
    yield run.problem(step.path, reason, _expect_refusal(action.file, run))


def _expect_refusal(label: str, run: Run) -> str:
    return f"Expect `refused: {{{label}: {{}}}}`, or leave {run.scenario.platform} out (`only`)."
