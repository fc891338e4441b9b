"""Fault transparency: what a client does ends with the same books, whether an answer was lost on the way or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sandbooks.audit import Difference, Finding, raise_findings
from sandbooks.money import Money
from sandbooks.sandbox.books import Books, dr_cr

if TYPE_CHECKING:
    from sandbooks.sandbox.sandbox import Sandbox

Balances = dict[tuple[str, str], dict[str, tuple[str, Money]]]


def check(
    sandbox: Sandbox, run: Callable[[Sandbox], object], kind: str, *, at: Mapping[str, Any], **fault: Any
) -> None:
    """Run twice in forks and compare. Raises ``BooksWrong``, or ``FaultNeverFired``."""
    with sandbox.fork() as calm, calm.intercept():
        run(calm)
        calm.settle()
        expected = balances(calm)
    with sandbox.fork() as rough, rough.intercept():
        with rough.fault(kind, at=at, **fault):
            error = _run(run, rough)
        rough.settle()
        raise_findings(rough.findings())
        found = list(differences(expected, balances(rough)))
    if found:
        raise_findings([_finding(kind, at, found, error)])


def _run(run: Callable[[Sandbox], object], sandbox: Sandbox) -> Exception | None:
    try:
        run(sandbox)
    except Exception as error:  # noqa: BLE001 - whatever code under test raises is how it answers the fault
        return error
    return None


def balances(sandbox: Sandbox) -> Balances:
    """Base balances of every company, by account."""
    return {
        (company.platform, company.id): {row.id: (row.name, row.base) for row in Books(company._company)}
        for company in sandbox.companies()
    }


def differences(expected: Balances, actual: Balances) -> Iterator[Difference]:
    """The accounts that hold something else."""
    for company, accounts in expected.items():
        there = actual.get(company, {})
        for account in dict.fromkeys([*accounts, *there]):
            name, _ = accounts.get(account) or there[account]
            currency = (accounts.get(account) or there[account])[1].currency
            left, right = (side.get(account, ("", Money.zero(currency)))[1] for side in (accounts, there))
            if left != right:
                yield Difference(account=name, expected=left, actual=right)


def _finding(kind: str, at: Mapping[str, Any], rows: list[Difference], error: Exception | None) -> Finding:
    lines = [f"{r.account}: {dr_cr(r.expected)} without the fault, {dr_cr(r.actual)} with it" for r in rows]
    told = (
        f"the code under test raised {type(error).__name__}: {error}" if error else "the code under test raised nothing"
    )
    return Finding(
        title=f"{kind} at {dict(at)} changes what the books end with",
        message="\n".join([*lines, told]),
        invariants=("INV-70",),
        table=tuple(rows),
    )
