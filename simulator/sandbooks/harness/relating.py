"""Relations between two runs, played: what the other run of a scenario is, and with what it must agree.

A scenario that names a rule under ``relation`` is played once more in another shape: in another order, with other
names, on another platform, in another size, or with everything undone. Both ends are compared by ``audit.relations``.
Works on scenarios alone, so that a file is enough to see a finding again; knows no driver and no platform.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from msgspec import structs

from sandbooks.money import Money
from sandbooks.platform import CompanyPlan
from sandbooks.replay.script_steps import (
    EXPENSE_KINDS,
    Adjustment,
    AdjustmentLine,
    Bookkeeper,
    Configure,
    Connect,
    Expense,
    Line,
    Push,
    Reimbursable,
    Scenario,
    Step,
    Sync,
    Transaction,
    Transfer,
    Update,
)

FACTOR = 3
ASIDE = ("exchange_differences", "rounding")  # accounts that platforms round to, each in its own way
OTHER_COMPANY = "other_company"
ACCOUNT_CLOSED = "closed_account"
UNDO = "undo"  # delete, or void where the platform has no delete
LISTED = 105  # more than the pages of a hundred that most clients ask for
PLAIN_NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Ivy")
BAD, EARLIER = "x-01", "o-01"
# The zones that are the first and the last to begin a day, and an hour at which it is another day there than in Europe.
EAST, WEST = ("Pacific/Kiritimati", 18), ("Pacific/Pago_Pago", 5)
TAX_MODES = ("inclusive", "exclusive")
TURNED = {"payment": "refund", "refund": "payment", "reward": "payment", "chargeback": "payment"}
PLAIN_STEPS = (Connect, Configure, Push, Sync)


@dataclass(frozen=True, kw_only=True)
class Related:
    """The two runs of a relation. None stands for the scenario as it is.

    ``factor``, ``days`` and ``parties`` as in ``compare_related``; ``zone`` is the process's time zone in the
    other run; ``tax_modes`` are those of the program in the two runs;
    ``whole``: there is no telling unless every transaction ends as completed in both; ``aside``: accounts, by their
    labels, that may differ.
    """

    run: Scenario | None = None
    control: Scenario | None = None
    factor: int = 1
    days: bool = False
    parties: bool = False
    zone: str = ""
    tax_modes: tuple[str, str] = ("", "")
    whole: bool = True
    aside: tuple[str, ...] = ()


def related_of(scenario: Scenario, *, others: tuple[str, ...] = ()) -> Related | None:
    """The two runs of the relation that a scenario names; None where its steps leave nothing to compare.

    ``others`` are further platforms that the driver takes. A relation speaks of undisturbed runs: a scenario with
    faults, kills or a bookkeeper of its own has no other shape here.
    """
    shape = SHAPES.get(scenario.relation)
    allowed = (*PLAIN_STEPS, Update) if scenario.relation == "INV-18" else PLAIN_STEPS
    if shape is None or not all(isinstance(step.action, allowed) for step in scenario.steps):
        return None
    if not pushed(scenario):
        return None
    return _on_another_platform(scenario, others) if scenario.relation == "INV-65" else shape(scenario)


def pushed(scenario: Scenario) -> list[Transaction]:
    """Every transaction that a scenario hands over, in order."""
    return [t for step in scenario.steps if isinstance(step.action, Push) for t in step.action.transactions]


# Shapes


def _again(scenario: Scenario) -> Related:
    """INV-06: everything twice before any work, and once more when it is done."""
    steps: list[Step] = []
    for step in scenario.steps:
        steps += [step, step] if isinstance(step.action, Push) else [step]
    late = [_pushing(scenario, pushed(scenario)), _settling(scenario)]
    return Related(run=_with(scenario, [*steps, *late]), whole=False)


def _given_back(scenario: Scenario) -> Related | None:
    """INV-16 and INV-28: each transaction is followed by what takes it back; the books before both are the control."""
    back = [_turned(transaction) for transaction in pushed(scenario)]
    if None in back:
        return None
    late = [_pushing(scenario, [one]) for one in back if one is not None]
    return Related(
        run=_with(scenario, [*scenario.steps, *late, _settling(scenario)]), control=_before(scenario), aside=ASIDE
    )


def _changed(scenario: Scenario) -> Related | None:
    """INV-18: what was changed, sent once in its last version."""
    last = {transaction.label: transaction for transaction in pushed(scenario)}
    updates = [step.action.transaction for step in scenario.steps if isinstance(step.action, Update)]
    if not updates:
        return None
    last |= {transaction.label: transaction for transaction in updates}
    kept = [step for step in scenario.steps if not isinstance(step.action, Update)]
    return Related(control=_mapped(_with(scenario, kept), lambda one: last[one.label]))


def _not_changed(scenario: Scenario) -> Related | None:
    """INV-19: an update that says what stands already."""
    if not all(isinstance(one, Expense) and one.kind == "payment" for one in pushed(scenario)):
        return None
    late = [_step(scenario, "update", Update(one, ())) for one in pushed(scenario)]
    return Related(run=_with(scenario, [*scenario.steps, *late, _settling(scenario)]))


def _regrouped(scenario: Scenario) -> Related | None:
    """INV-20: the last first, and alone what went together or together what went alone."""
    given = pushed(scenario)
    if len(given) < 2 or len({one.label for one in given}) < len(given):
        return None
    alone = any(len(step.action.transactions) > 1 for step in scenario.steps if isinstance(step.action, Push))
    head = [step for step in scenario.steps if isinstance(step.action, Connect | Configure)]
    groups = [[one] for one in reversed(given)] if alone else list(_groups(given))
    steps = [step for group in groups for step in (_pushing(scenario, group), _settling(scenario))]
    return Related(run=_with(scenario, [*head, *steps]), parties=True, whole=False)


def _groups(given: list[Transaction]) -> Iterator[list[Transaction]]:
    """One group, the last first; transfers are handed over one by one."""
    together: list[Transaction] = [one for one in reversed(given) if not isinstance(one, Transfer)]
    if together:
        yield together
    for one in given:
        if isinstance(one, Transfer):
            yield [one]


def _beside_another_company(scenario: Scenario) -> Related | None:
    """INV-46: a second company under the same program does other work in between."""
    if len(scenario.companies) != 1:
        return None
    ((key, plan),) = scenario.companies.items()
    steps: list[Step] = []
    for step in scenario.steps:
        steps.append(step)
        action = step.action
        if isinstance(action, Connect):
            steps.append(replace(step, action=replace(action, company=OTHER_COMPANY), company=OTHER_COMPANY))
        elif isinstance(action, Push):
            others = tuple(replace(_times(one, FACTOR), label=f"{one.label}-2") for one in action.transactions)
            steps.append(replace(step, action=Push(others), company=OTHER_COMPANY))
        else:
            steps.append(replace(step, company=OTHER_COMPANY))
    companies = {key: plan, OTHER_COMPANY: structs.replace(plan, name=f"{plan.name} Holding")}
    return Related(run=replace(_with(scenario, steps), companies=companies), parties=True, whole=False)


def _of_plain_names(scenario: Scenario) -> Related:
    """INV-37: the same with merchants whose names are short and plain; who is told apart there is told apart here."""
    named = dict.fromkeys(one.merchant for one in pushed(scenario) if isinstance(one, Expense) and one.merchant)
    plain = dict(zip(named, PLAIN_NAMES, strict=False))

    def renamed(one: Transaction) -> Transaction:
        return replace(one, merchant=plain.get(one.merchant or "")) if isinstance(one, Expense) else one

    return Related(control=_mapped(scenario, renamed), parties=True)


def _in_long_lists(scenario: Scenario) -> Related:
    """INV-49: the company has many more accounts and suppliers, before and after those that are used."""

    def more(plan: CompanyPlan) -> dict[str, object]:
        return {
            "accounts": {**_more("A cost centre", type="expense"), **plan.accounts},  # charts have room for so many
            "suppliers": {**_more("A branch"), **plan.suppliers, **_more("Z branch")},
        }

    return Related(run=_with_plan(scenario, more), parties=True)


def _more(name: str, **facts: object) -> dict[str, dict[str, object]]:
    """Records to stand before or after those that are used, whether a list begins with the oldest or with A."""
    return {f"{name.lower().replace(' ', '_')}_{n}": {**facts, "name": f"{name} {n:03d}"} for n in range(LISTED)}


def _beside_a_bad_one(scenario: Scenario) -> Related | None:
    """INV-55: among the transactions one that cannot be posted, because its account is archived."""
    first = pushed(scenario)[0]
    if not isinstance(first, Expense | Reimbursable):
        return None
    bad = replace(first, label=BAD, lines=tuple(replace(line, account=ACCOUNT_CLOSED) for line in first.lines))
    closed = {"type": "expense", "name": "Closed department", "currency": _plan(scenario).currency}
    archived = _step(scenario, "bookkeeper", Bookkeeper("archive_account", ACCOUNT_CLOSED))
    steps: list[Step] = []
    for step in scenario.steps:
        if isinstance(step.action, Push) and archived not in steps:
            one, *rest = step.action.transactions
            steps += [archived, replace(step, action=Push((one, bad, *rest)))]
        else:
            steps.append(step)
    wider = _with_plan(_with(scenario, steps), lambda plan: {"accounts": {**plan.accounts, ACCOUNT_CLOSED: closed}})
    return Related(run=wider, whole=False)


def _beside_a_bookkeeper(scenario: Scenario) -> Related | None:
    """INV-64: an earlier document of the same kind is deleted by the bookkeeper while the work goes on."""
    first = pushed(scenario)[0]
    earlier = replace(_times(first, FACTOR), label=EARLIER)
    deleted = _step(scenario, "bookkeeper", Bookkeeper(UNDO, EARLIER))
    steps: list[Step] = []
    for step in scenario.steps:
        if isinstance(step.action, Push) and deleted not in steps:
            steps += [_pushing(scenario, [earlier]), _settling(scenario), step, deleted]
        else:
            steps.append(step)
    return Related(run=_with(scenario, steps), whole=False)


def _on_another_platform(scenario: Scenario, others: tuple[str, ...]) -> Related | None:
    """INV-65: the same work on the next platform that the driver takes; tax and rates follow each platform's own
    rules and are left out."""
    plain = all(_is_plain(one) for one in pushed(scenario))
    if not others or not plain:
        return None
    return Related(control=replace(scenario, platform=others[0]), aside=ASIDE)


def _is_plain(one: Transaction) -> bool:
    if isinstance(one, Transfer):
        return one.from_amount == one.to_amount
    if isinstance(one, Adjustment):
        return one.rate is None
    return one.rate is None and all(line.tax is None for line in one.lines)


def _multiplied(scenario: Scenario) -> Related | None:
    """INV-66: every amount times a whole number. Tax and base amounts are computed and rounded anew, and left out."""
    if not all(_is_plain(one) for one in pushed(scenario)):
        return None
    return Related(run=_mapped(scenario, lambda one: _times(one, FACTOR)), factor=FACTOR)


def _split(scenario: Scenario) -> Related | None:
    """INV-67: each line as a transaction of its own; a line that takes away becomes one that gives back."""
    steps: list[Step] = []
    for step in scenario.steps:
        if not isinstance(step.action, Push):
            steps.append(step)
            continue
        for one in step.action.transactions:
            if not isinstance(one, Expense) or not _is_plain(one):
                return None  # tax and base amounts are rounded by document on some platforms, by line on others
            steps += [_pushing(scenario, [part]) for part in _parts(one)]
    return Related(control=_with(scenario, steps)) if len(pushed(_with(scenario, steps))) > 1 else None


def _parts(one: Expense) -> Iterator[Expense]:
    for number, line in enumerate(one.lines, 1):
        takes = line.gross.amount < 0
        kept = _line_times(line, -1) if takes else line
        kind = TURNED[one.kind] if takes else one.kind
        if kept.gross.amount:
            yield replace(one, label=f"{one.label}-{number}", kind=kind, lines=(kept,))


def _renamed(scenario: Scenario) -> Related:
    """INV-68: accounts and contacts have other names, and the contacts are renamed once more while the work goes on."""

    def names(plan: CompanyPlan) -> dict[str, object]:
        return {
            part: {key: {**facts, "name": f"{facts.get('name', key)} {word}"} for key, facts in given.items()}
            for part, given, word in (("accounts", plan.accounts, "two"), ("suppliers", plan.suppliers, "two"))
        }

    suppliers = _plan(scenario).suppliers
    acts = [
        _step(scenario, "bookkeeper", Bookkeeper("rename_contact", {key: f"{facts.get('name', key)} three"}))
        for key, facts in suppliers.items()
    ]
    steps: list[Step] = []
    begun = False
    for step in scenario.steps:
        steps.append(step)
        if isinstance(step.action, Sync) and not begun:
            steps += acts
            begun = True
    return Related(run=_with_plan(_with(scenario, steps), names), whole=False)


def _elsewhere(scenario: Scenario) -> Related:
    """INV-69: the program runs at another hour, in a zone where it is the day before or the day after.

    The seed chooses which: an even one goes east of the company, an odd one west.
    """
    zone, hour = EAST if scenario.seed % 2 == 0 else WEST
    return Related(run=replace(scenario, clock=scenario.clock.replace(hour=hour)), days=True, zone=zone, whole=False)


def _in_tax_mode(scenario: Scenario) -> Related | None:
    """INV-74: the program sends amounts that include their tax, and amounts without it."""
    taxed = any(line.tax is not None for one in pushed(scenario) if isinstance(one, Expense) for line in one.lines)
    return Related(run=scenario, control=scenario, tax_modes=TAX_MODES) if taxed else None


def _undone(scenario: Scenario) -> Related:
    """INV-73: the bookkeeper deletes everything; the books before it was done are the control."""
    late = [_step(scenario, "bookkeeper", Bookkeeper(UNDO, one.label)) for one in pushed(scenario)]
    again = [*late, _settling(scenario)]
    return Related(run=_with(scenario, [*scenario.steps, *again]), control=_before(scenario), aside=ASIDE)


SHAPES: dict[str, Callable[[Scenario], Related | None]] = {
    "INV-06": _again,
    "INV-16": _given_back,
    "INV-18": _changed,
    "INV-19": _not_changed,
    "INV-20": _regrouped,
    "INV-28": _given_back,
    "INV-37": _of_plain_names,
    "INV-46": _beside_another_company,
    "INV-49": _in_long_lists,
    "INV-55": _beside_a_bad_one,
    "INV-64": _beside_a_bookkeeper,
    "INV-65": lambda scenario: _on_another_platform(scenario, ()),
    "INV-66": _multiplied,
    "INV-67": _split,
    "INV-68": _renamed,
    "INV-69": _elsewhere,
    "INV-73": _undone,
    "INV-74": _in_tax_mode,
}
"""The other run of each relation, by rule."""


# Parts


def _plan(scenario: Scenario) -> CompanyPlan:
    return next(iter(scenario.companies.values()))


def _with(scenario: Scenario, steps: list[Step]) -> Scenario:
    return replace(scenario, steps=tuple(replace(step, number=number) for number, step in enumerate(steps, 1)))


def _with_plan(scenario: Scenario, changed: Callable[[CompanyPlan], dict[str, object]]) -> Scenario:
    companies = {key: structs.replace(plan, **changed(plan)) for key, plan in scenario.companies.items()}
    return replace(scenario, companies=companies)


def _step(scenario: Scenario, verb: str, action: Push | Sync | Update | Bookkeeper) -> Step:
    return Step(number=0, verb=verb, action=action, company=next(iter(scenario.companies)))


def _pushing(scenario: Scenario, transactions: list[Transaction]) -> Step:
    return _step(scenario, "push", Push(tuple(transactions)))


def _settling(scenario: Scenario) -> Step:
    return _step(scenario, "sync", Sync())


def _before(scenario: Scenario) -> Scenario:
    """The company as it was opened, and nothing else."""
    return _with(scenario, [])


def _mapped(scenario: Scenario, change: Callable[[Transaction], Transaction]) -> Scenario:
    steps = [
        replace(step, action=Push(tuple(change(one) for one in step.action.transactions)))
        if isinstance(step.action, Push)
        else step
        for step in scenario.steps
    ]
    return _with(scenario, steps)


def _turned(one: Transaction) -> Transaction | None:
    """What takes a transaction back; None for what has nothing of the kind."""
    label = f"{one.label}-back"
    if isinstance(one, Transfer):
        sides = {"from_account": one.to_account, "from_amount": one.to_amount}
        return replace(one, label=label, **sides, to_account=one.from_account, to_amount=one.from_amount)  # type: ignore[arg-type]  # the members of a transfer
    if isinstance(one, Adjustment):
        return replace(one, label=label, lines=tuple(_booking_times(line, -1) for line in one.lines))
    if isinstance(one, Expense) and one.kind in EXPENSE_KINDS:
        return replace(one, label=label, kind=TURNED[one.kind])
    return None


def _times(one: Transaction, factor: int) -> Transaction:
    """A transaction of another size."""
    if isinstance(one, Transfer):
        return replace(one, from_amount=one.from_amount * factor, to_amount=one.to_amount * factor)
    if isinstance(one, Adjustment):
        return replace(one, lines=tuple(_booking_times(line, factor) for line in one.lines))
    return replace(one, lines=tuple(_line_times(line, factor) for line in one.lines))


def _line_times(line: Line, factor: int) -> Line:
    return replace(line, net=_product(line.net, factor), tax_amount=_product(line.tax_amount, factor))


def _booking_times(line: AdjustmentLine, factor: int) -> AdjustmentLine:
    return replace(line, amount=_product(line.amount, factor))


def _product(money: Money, factor: int) -> Money:
    return money * factor
