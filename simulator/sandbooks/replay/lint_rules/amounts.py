"""Amounts in the wrong currency, rates that say nothing, books that cannot balance."""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.money import Money
from sandbooks.platform import CompanyPlan
from sandbooks.replay.lint_rules.run import Run
from sandbooks.replay.script_steps import (
    RESERVED_ACCOUNTS,
    Adjustment,
    Expect,
    Expense,
    Reimbursable,
    Transfer,
)
from sandbooks.settings import NodePath, Problem


def check_currencies(run: Run) -> Iterator[Problem]:
    """Currencies that do not fit the accounts, and rates that are missing, superfluous or about another currency."""
    for step, transaction in run.transactions:
        company = run.company(step)
        if isinstance(transaction, Transfer):
            sides = (("from", transaction.from_account, transaction.from_amount),)
            for side, account, amount in (*sides, ("to", transaction.to_account, transaction.to_amount)):
                yield from _amount_in_account(run, company, account, amount, path=(*transaction.path, side, account))
            continue
        involved = {transaction.currency}
        if isinstance(transaction, Expense):
            bank = company.accounts.get(run.bank_account(step, transaction) or "")
            involved |= {bank["currency"]} if bank else set()
        yield from _rate_fits(run, transaction, involved - {company.currency}, base=company.currency)


def _amount_in_account(
    run: Run, company: CompanyPlan, account: str, amount: Money, *, path: NodePath
) -> Iterator[Problem]:
    facts = company.accounts.get(account)
    if facts and facts["currency"] != amount.currency:
        message = f"`{account}` is an account in {facts['currency']}, not in {amount.currency}."
        yield run.problem(path, message, f"Write the amount in {facts['currency']}.")


def _rate_fits(
    run: Run, transaction: Expense | Reimbursable | Adjustment, foreign: set[str], *, base: str
) -> Iterator[Problem]:
    rate, path = transaction.rate, (*transaction.path, "rate")
    if foreign and rate is None and transaction.label not in run.refused:
        currency = min(foreign)
        message = f"`{transaction.label}` involves {currency} and has no rate."
        yield run.problem(transaction.path, message, f"Add `rate: 1 {currency} = … {base}`.")
    if rate is not None and rate.foreign not in foreign:
        message = f"`{transaction.label}` has a rate for {rate.foreign}, which takes no part in it."
        remedy = f"Write `1 {min(foreign)} = … {base}`." if foreign else "Remove the rate."
        yield run.problem(path, message, remedy)


def check_balance(run: Run) -> Iterator[Problem]:
    """Adjustments, lines and books whose debits and credits cannot agree."""
    for _, transaction in run.transactions:
        if isinstance(transaction, Adjustment) and transaction.label not in run.refused:
            amounts = [line.amount for line in transaction.lines]
            yield from _balanced(run, amounts, (*transaction.path, "lines"), f"Adjustment `{transaction.label}`")
    for step, action in run.actions():
        if not isinstance(action, Expect):
            continue
        company = run.company(step)
        for label, lines in action.lines.items():
            bases = [line.base for line in lines]
            yield from _balanced(run, bases, (*step.path, "lines", label), f"The lines of `{label}`")
        for account, balances in action.books.items():
            yield from _books_currencies(run, company, account, balances, path=(*step.path, "books", account))
        if action.books and action.nothing_else:
            moved = [m for balances in action.books.values() for m in balances if m.currency == company.currency]
            yield from _balanced(run, moved, (*step.path, "books"), "The books")


def _balanced(run: Run, amounts: list[Money], path: NodePath, what: str) -> Iterator[Problem]:
    currencies = {amount.currency for amount in amounts}
    if len(currencies) > 1:
        message = f"{what}: amounts in {', '.join(sorted(currencies))} cannot be added."
        yield run.problem(
            path, message, "Give the amount in base currency after `=`, as in `Cr visa 10.00 USD = 8.00 GBP`."
        )
        return
    rest = sum((amount.amount for amount in amounts), start=Money.of(0, "GBP").amount)
    if rest:
        side = "debits" if rest > 0 else "credits"
        message = f"{what}: {side} exceed by {abs(rest)} {currencies.pop()}."
        yield run.problem(path, message, "Debits and credits in one currency are equal; add the missing account.")


def _books_currencies(
    run: Run, company: CompanyPlan, account: str, amounts: tuple[Money, ...], *, path: NodePath
) -> Iterator[Problem]:
    own = company.accounts.get(account, {}).get("currency", company.currency)
    allowed = {own, company.currency} if account not in RESERVED_ACCOUNTS else {m.currency for m in amounts}
    for index, amount in enumerate(amounts):
        if amount.currency not in allowed:
            message = f"`{account}` is kept in {own}; its balance cannot be in {amount.currency}."
            yield run.problem((*path, index), message, f"Write it in {' and '.join(sorted(allowed))}.")
        if amount.currency in {other.currency for other in amounts[:index]}:
            message = f"`{account}` has two balances in {amount.currency}."
            yield run.problem((*path, index), message, "Give one balance per currency.")
