"""Names that are not declared, transactions that were never pushed, values that were never remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sandbooks.platform import CompanyPlan
from sandbooks.replay.lint_rules.run import Run
from sandbooks.replay.script_steps import (
    RESERVED_ACCOUNTS,
    Action,
    AddFault,
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
    Transaction,
    Transfer,
    Update,
)
from sandbooks.settings import DataMissing, NodePath, Problem, known_platforms, nearest, read_contract


def check_names(run: Run) -> Iterator[Problem]:
    """Accounts, contacts, taxes and dimensions that no company declares."""
    for step, action in run.actions():
        company = run.company(step)
        for kind, name, path in _names(action, step.path):
            known = _known(company, kind)
            if name is not None and name not in known:
                yield run.problem(run.placed(path), f"`{step.company}` has no {kind} `{name}`.", nearest(name, known))


def check_settings(run: Run) -> Iterator[Problem]:
    """Settings for what is no platform, or that the platform does not have."""
    platforms = known_platforms()
    for key, company in run.document.data["companies"].items():
        for platform, settings in company.get("settings", {}).items():
            path: NodePath = ("companies", key, "settings", platform)
            if platform not in platforms:
                yield run.problem(path, f"`{platform}` is no platform.", nearest(platform, platforms))
                continue
            known = _settings_of(platform)
            for name in settings if known else ():
                if name not in known:
                    yield run.problem((*path, name), f"`{platform}` has no setting `{name}`.", nearest(name, known))


def _settings_of(platform: str) -> Collection[str]:
    """The settings of a company that a platform's contract lists; none where it has no such list."""
    try:
        told = read_contract("platforms", platform, "switches.yaml")
    except DataMissing:
        return ()
    return {**told.get("company", {}), **told.get("organisation", {})}


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
