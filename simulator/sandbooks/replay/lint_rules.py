"""The rules of ``lint``: each is a function from one run to what is wrong with it.

The schema has been satisfied and every step understood. The rules look at names that are not declared, amounts in the
wrong currency, faults that cannot act, books that cannot balance, and requests that the platform of the run does not
offer although the scenario expects no refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sandbooks.capabilities import AccountClass, PlatformCapabilities
from sandbooks.money import Money
from sandbooks.platform import CompanyPlan
from sandbooks.replay.script_steps import (
    RESERVED_ACCOUNTS,
    Action,
    AddFault,
    Adjustment,
    Attach,
    Bill,
    Bookkeeper,
    Configure,
    Expect,
    Expense,
    Line,
    Pay,
    Push,
    Reimbursable,
    Remember,
    Scenario,
    Step,
    Transaction,
    Transfer,
    Update,
)
from sandbooks.settings import Document, NodePath, Problem, nearest, read_contract

_CALLING_VERBS = {"connect", "push", "sync", "attach", "update", "unlink", "http", "bill", "pay", "advance"}
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


def check_names(run: Run) -> Iterator[Problem]:
    """Accounts, contacts, taxes and dimensions that no company declares."""
    for step, action in run.actions():
        company = run.company(step)
        for kind, name, path in _names(action, step.path):
            known = _known(company, kind)
            if name is not None and name not in known:
                yield run.problem(run.placed(path), f"`{step.company}` has no {kind} `{name}`.", nearest(name, known))


def _known(company: CompanyPlan, kind: str) -> Collection[str]:
    if kind == "account":
        return company.accounts.keys()
    if kind == "account of the books":
        return (*company.accounts, *RESERVED_ACCOUNTS)
    if kind == "supplier":
        return company.suppliers.keys()
    if kind == "customer":
        return company.customers.keys()
    if kind == "contact":
        return (*company.suppliers, *company.customers)
    if kind == "tax":
        return company.taxes.keys()
    return [f"{key}: {option}" for key, category in company.tracking.items() for option in category["options"]]


def _names(action: Action, path: NodePath) -> Iterator[tuple[str, str | None, NodePath]]:
    """(kind, name, place) of every name that an action uses."""
    if isinstance(action, Configure):
        yield "account", action.bank_account, (*path, "bank_account")
        yield "supplier", action.supplier, (*path, "supplier")
        yield "customer", action.customer, (*path, "customer")
    elif isinstance(action, Push):
        for transaction in action.transactions:
            yield from _names_of_transaction(transaction)
    elif isinstance(action, Update):
        yield from _names_of_transaction(action.transaction)
    elif isinstance(action, Bill):
        yield "supplier", action.supplier, (*path, "supplier")
        yield from _names_of_lines(action.lines, path)
    elif isinstance(action, Pay):
        yield "account", action.account, (*path, "from")
    elif isinstance(action, Bookkeeper):
        yield from _names_of_bookkeeper(action, path)
    elif isinstance(action, Expect):
        for account in action.books:
            yield "account of the books", account, (*path, "books", account)
        for label, lines in action.lines.items():
            for index, line in enumerate(lines):
                yield "account of the books", line.account, (*path, "lines", label, index)


def _names_of_transaction(transaction: Transaction) -> Iterator[tuple[str, str | None, NodePath]]:
    path = transaction.path
    if isinstance(transaction, Transfer):
        yield "account", transaction.from_account, (*path, "from", transaction.from_account)
        yield "account", transaction.to_account, (*path, "to", transaction.to_account)
        return
    if isinstance(transaction, Expense):
        yield "account", transaction.bank_account, (*path, "bank_account")
    if isinstance(transaction, Expense | Reimbursable):
        yield "supplier", transaction.contact, (*path, "contact")
        yield from _names_of_lines(transaction.lines, path)
        return
    for index, line in enumerate(transaction.lines):
        yield "account", line.account, (*path, "lines", index, "account")
        for category, option in line.tracking.items():
            yield "tracking", f"{category}: {option}", (*path, "lines", index, "tracking", category)


def _names_of_lines(lines: tuple[Line, ...], path: NodePath) -> Iterator[tuple[str, str | None, NodePath]]:
    for index, line in enumerate(lines):
        yield "account", line.account, (*path, "lines", index, "account")
        yield "tax", line.tax, (*path, "lines", index, "tax")
        for category, option in line.tracking.items():
            yield "tracking", f"{category}: {option}", (*path, "lines", index, "tracking", category)


def _names_of_bookkeeper(action: Bookkeeper, path: NodePath) -> Iterator[tuple[str, str | None, NodePath]]:
    where = (*path, action.action)
    if action.action in ("archive_account", "restore_account"):
        yield "account", action.value, where
    elif action.action == "archive_contact":
        yield "contact", action.value, where
    elif action.action == "rename_contact":
        yield "contact", next(iter(action.value)), where
    elif action.action == "pay":
        yield "account", action.value["from"], (*where, "from")
    elif action.action == "edit":
        yield "account", action.value.get("account"), (*where, "account")
        yield "supplier", action.value.get("contact"), (*where, "contact")


def check_labels(run: Run) -> Iterator[Problem]:
    """Labels that nothing carries."""
    seen: set[str] = set()
    for step, action in run.actions():
        for what, label, path, known in _labels(run, action, step.path, seen):
            if label not in known:
                yield run.problem(path, f"No {what} `{label}` is known here.", nearest(label, known))
        if isinstance(action, Push):
            seen |= {transaction.label for transaction in action.transactions}
        elif isinstance(action, Bill | Pay):
            seen.add(action.label)


def _labels(
    run: Run, action: Action, path: NodePath, seen: set[str]
) -> Iterator[tuple[str, str, NodePath, Collection[str]]]:
    if isinstance(action, Push):
        for transaction in action.transactions:
            if isinstance(transaction, Expense) and transaction.of:
                yield "transaction", transaction.of, (*transaction.path, "of"), seen
    elif isinstance(action, Attach):
        yield "transaction", action.transaction, (*path, "transaction"), seen
    elif isinstance(action, Pay):
        for label in action.bills:
            yield "bill", label, (*path, "bills", label), seen
    elif isinstance(action, AddFault):
        for key in ("write", "read", "reference"):
            if key in action.at:
                yield "transaction", action.at[key], (*path, action.kind, "at", key), run.labels | run.files
    elif isinstance(action, Bookkeeper) and action.action in ("edit", "delete", "void"):
        label = action.value["transaction"] if action.action == "edit" else action.value
        yield "transaction", label, (*path, action.action), seen
    elif isinstance(action, Remember):
        for name, source in action.sources.items():
            if source.startswith("native "):
                yield "transaction", source.rpartition(" ")[2], (*path, name), seen
    elif isinstance(action, Expect):
        yield from _labels_expected(run, action, path, seen)


def _labels_expected(
    run: Run, action: Expect, path: NodePath, seen: set[str]
) -> Iterator[tuple[str, str, NodePath, Collection[str]]]:
    for section in ("transactions", "lines", "attachments"):
        for label in getattr(action, section):
            yield "transaction", label, (*path, section, label), seen
    for label in action.native:
        yield "transaction", label, (*path, "native", run.scenario.platform, label), seen
    for label in action.refused:
        yield "transaction or file", label, (*path, "refused", label), seen | run.files
    for label, files in action.attachments.items():
        for index, file in enumerate(files):
            yield "file", file, (*path, "attachments", label, index), run.files
    for index, item in enumerate(action.tape):
        for key in ("write", "read", "reference"):
            if key in item.at:
                yield "transaction", item.at[key], (*path, "tape", index, key), seen | run.files


def check_remembered(run: Run) -> Iterator[Problem]:
    """Names in `unchanged` that nothing was remembered under."""
    known: set[str] = set()
    for step, action in run.actions():
        if isinstance(action, Remember):
            known |= action.sources.keys()
        elif isinstance(action, Expect):
            for index, name in enumerate(action.unchanged):
                if name not in known:
                    path = (*step.path, "unchanged", index)
                    yield run.problem(path, f"Nothing is remembered as `{name}`.", nearest(name, known))


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


Rule = Callable[[Run], Iterable[Problem]]
# Rules that look at one step each, and rules that need every step to have been understood.
STEP_RULES: tuple[Rule, ...] = (check_names, check_currencies, check_balance, check_offered)
WHOLE_RULES: tuple[Rule, ...] = (check_labels, check_remembered, check_faults, check_expectations, check_order)
