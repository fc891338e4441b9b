"""Findings: what is wrong with the books, who was told what, and how to see it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbooks.kit.company import Company
from sandbooks.money import Money


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row of an accountant's table: an account, what it should hold, what it holds; debit is positive."""

    account: str
    expected: Money
    actual: Money


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong. ``title`` says it in one sentence; ``message`` who was told what and what follows."""

    title: str
    message: str
    invariants: tuple[str, ...]
    failure_modes: tuple[str, ...] = ()
    transaction: str = ""
    exchanges: tuple[int, ...] = ()
    table: tuple[Difference, ...] = ()
    assumption: str = ""
    remedy: str = ""
    command: str = ""


class BooksWrong(AssertionError):
    """The books do not say what happened. ``findings`` has each reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n\n".join(f"{f.title}\n{f.message}\n{' '.join(f.invariants)}" for f in findings))


def audit_company(company: Company) -> list[Finding]:
    """Every invariant that tape and books of one company can decide."""
    company.book.verify()
    return []


def raise_findings(findings: Sequence[Finding]) -> None:
    """Raise ``BooksWrong`` if there is a finding."""
    if findings:
        raise BooksWrong(findings)
