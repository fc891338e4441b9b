"""Relations between two runs: what must hold of the second when the first is known. Pure functions over their books.

INV-70 and INV-62 stand in ``audit.comparing``. These here take the same work in another shape (other order, names or
zone), in another size, or done and undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from sandbooks.audit.comparing import RunBooks
from sandbooks.audit.findings import Difference, Finding
from sandbooks.money import Money

Sums = dict[tuple[str, str], tuple[Money, Money]]


@dataclass(frozen=True)
class Relation:
    """One relation: the sentence of its finding, the run in which all is right, and what to look for."""

    sentence: str
    control: str
    remedy: str


RELATIONS = {
    "INV-06": Relation(
        "Handed over several times, the work moves other amounts than handed over once",
        "Handed over once, it moves the expected amounts.",
        "Keep one row for each id under a unique key.",
    ),
    "INV-16": Relation(
        "A payment and its refund do not cancel",
        "Before both of them the accounts held the expected amounts.",
        "Send a refund with the payment's lines, tax and amounts, turned round.",
    ),
    "INV-18": Relation(
        "After an update the books hold something else than when its last version is sent alone",
        "The last version sent alone moves the expected amounts.",
        "Change the document that stands instead of adding another.",
    ),
    "INV-19": Relation(
        "An update that changes nothing changed the books",
        "Before the update the accounts held the expected amounts.",
        "Send what has changed and nothing else; leave out an update without a change.",
    ),
    "INV-20": Relation(
        "In another order or other batches the same work moves other amounts",
        "One after the other, by itself, each transaction moves the expected amounts.",
        "Keep nothing between transactions of a batch.",
    ),
    "INV-28": Relation(
        "A transfer and its return do not cancel",
        "Before both of them the accounts held the expected amounts.",
        "Send each side's amount in its account's own currency.",
    ),
    "INV-37": Relation(
        "Spend with merchants of awkward names is booked with other suppliers than spend with plain ones",
        "With short names of plain letters each merchant's spend is booked as expected.",
        "Quote names as the query language wants them, and tell merchants apart by the whole name.",
    ),
    "INV-46": Relation(
        "Beside another company the same work ends in other books",
        "Alone, the company ends with the expected amounts.",
        "Keep nothing in common between connections.",
    ),
    "INV-49": Relation(
        "In a company with longer lists the same work is booked otherwise",
        "With lists that fit on one page it is booked as expected.",
        "Read every list to its end, or ask for the one record by its name or id.",
    ),
    "INV-55": Relation(
        "One transaction that cannot be booked changes what becomes of the others beside it",
        "Without the one that cannot be booked the others move the expected amounts.",
        "Judge every transaction by itself: what is refused takes no other with it, and is not made to fit.",
    ),
    "INV-64": Relation(
        "Somebody's edits of other documents changed what the work moves",
        "Without those edits it moves the expected amounts.",
        "Find documents by their own ids, never by what stands beside them.",
    ),
    "INV-65": Relation(
        "On two platforms the same work moves different amounts",
        "The first platform has the expected amounts.",
        "Map kinds, signs and tax modes of each platform to the same entry.",
    ),
    "INV-66": Relation(
        "With every amount several times as large the books are not as many times as large",
        "The amounts of the smaller run, multiplied, are the expected ones.",
        "Compute with decimals, and round once at the end.",
    ),
    "INV-67": Relation(
        "Several lines in one document move other amounts than the same lines in documents of their own",
        "In documents of one line it moves the expected amounts.",
        "Keep the sign of every line; take the direction from the document's total.",
    ),
    "INV-68": Relation(
        "After accounts or contacts were renamed the same work is booked elsewhere",
        "Under the old names it moves the expected amounts.",
        "Refer to records by their ids.",
    ),
    "INV-69": Relation(
        "In another time zone or locale the same work ends in other books",
        "In the company's own zone it moves the expected amounts.",
        "Carry calendar dates as dates, and write numbers without the locale.",
    ),
    "INV-73": Relation(
        "What was booked and taken out again leaves something behind in the books",
        "Before it was done the accounts held the expected amounts.",
        "Undo with the platform's own void, delete or reversal.",
    ),
    "INV-74": Relation(
        "Sent with its tax and sent without it, the same work moves different amounts",
        "In the exclusive mode it moves the expected amounts.",
        "Send gross amounts with the inclusive mode, net amounts with the exclusive one.",
    ),
}
"""The relations by rule."""


def compare_related(
    rule: str,
    run: RunBooks,
    control: RunBooks,
    *,
    factor: int = 1,
    days: bool = False,
    parties: bool = False,
    aside: Collection[str] = (),
    account_of: Callable[[str], str] = lambda account: account,
    command: str = "",
) -> list[Finding]:
    """A finding of ``rule`` when the books of a run are not those of its control, or the whole ``factor`` of them.

    Accounts, currencies and amounts are compared, with ``days`` dates too, with ``parties`` also what was booked with
    each contact. ``aside`` are accounts that may differ (exchange differences, where rates do); ``account_of`` maps the
    run's accounts to the control's. For what is done and undone the control is the books before both. Raises
    ``KeyError`` for a rule that is no relation.
    """
    relation = RELATIONS[rule]
    actual = _sums(run, aside, days=days, account_of=account_of)
    expected = _sums(control, aside, days=days, account_of=lambda account: account)
    rows = list(_rows(control, actual, expected, factor))
    if parties and not rows:
        by_name = rule != "INV-37"
        rows = list(
            _rows(control, _with_each(run), _with_each(control), factor) if by_name else _shared_out(run, control)
        )
    if not rows:
        return []
    return [
        Finding(
            title=f"{relation.sentence}.",
            message="Nobody is told of the difference.",
            invariants=(rule,),
            company=run.company,
            platform=run.platform,
            exchanges=tuple(one.number for one in run.steps),
            steps=run.steps,
            table=tuple(rows),
            control=relation.control,
            remedy=relation.remedy,
            assumption="Both runs began with the same books, and were given the same work but for that.",
            command=command,
        )
    ]


def _with_each(books: RunBooks) -> Sums:
    """What was booked with each contact in each currency."""
    found: Sums = {}
    for (name, currency, _), (amount, base) in books.parties.items():
        before = found.get((f"Booked with {name}", currency), (Money.zero(currency), Money.zero(base.currency)))
        found[f"Booked with {name}", currency] = (before[0] + amount, before[1] + base)
    return found


def _shared_out(run: RunBooks, control: RunBooks) -> Iterator[Difference]:
    """How spend is shared out among contacts, whatever they are called: what only one of the runs has."""
    actual, expected = _with_each(run), _with_each(control)
    left = Counter(amount for amount, _ in expected.values())
    for (name, currency), (amount, _) in actual.items():
        if left[amount]:
            left[amount] -= 1
        else:
            yield Difference(account=name, expected=Money.zero(currency), actual=amount)
    for amount, count in left.items():
        for _ in range(count):
            yield Difference(account="Booked with one", expected=amount, actual=Money.zero(amount.currency))


def _sums(run: RunBooks, aside: Collection[str], *, days: bool, account_of: Callable[[str], str]) -> Sums:
    found: Sums = {}
    for (account, currency, day), (amount, base) in run.totals.items():
        if account in aside:
            continue
        name = f"{account_of(account)} on {day}" if days else account_of(account)
        before = found.get((name, currency))
        found[name, currency] = (before[0] + amount, before[1] + base) if before else (amount, base)
    return found


def _rows(control: RunBooks, actual: Sums, expected: Sums, factor: int) -> Iterator[Difference]:
    for place in sorted(actual.keys() | expected.keys()):
        name, currency = place
        zero = Money.zero(currency)
        moved, moved_base = actual.get(place, (zero, None))
        wanted, wanted_base = expected.get(place, (zero, None))
        account, _, day = name.partition(" on ")
        shown = control.account_names.get(account, account) + (f" on {day}" if day else "")
        if moved != wanted * factor:
            yield Difference(account=shown, expected=wanted * factor, actual=moved)
        elif factor == 1 and _minor(moved_base) != _minor(wanted_base):
            base = moved_base or wanted_base
            nothing = Money.zero(base.currency if base else currency)
            yield Difference(account=f"{shown} (base)", expected=wanted_base or nothing, actual=moved_base or nothing)


def _minor(money: Money | None) -> int:
    return money.minor if money else 0
