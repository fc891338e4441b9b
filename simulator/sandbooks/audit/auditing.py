"""The audit of one company: every rule over its evidence, findings united by cause, raised as an assertion."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from sandbooks.audit.evidence import Evidence, gather
from sandbooks.audit.findings import Finding, united
from sandbooks.audit.hub_inputs import submitted_through_hub
from sandbooks.audit.invariants import RULES, STRICT_RULES, Rule
from sandbooks.audit.invariants.exactly_once import belongs_to_a_transaction
from sandbooks.audit.printing import print_findings
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import placed
from sandbooks.kit.company import Company
from sandbooks.world import TapeEntry


class BooksWrong(AssertionError):
    """The books do not say what happened. ``findings`` has each reason; the message prints them whole."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n" + print_findings(self.findings))


def audit_company(
    company: Company,
    submitted: Iterable[Submitted] | None = None,
    *,
    quiet: bool = True,
    edition: str = "",
    command: str = "",
    strict: bool = False,
    partly: bool = False,
    tape: Sequence[TapeEntry] | None = None,
) -> list[Finding]:
    """Everything that is wrong with one company's books, one finding for each cause, the worst known causes first.

    ``submitted`` is what should be in them, with what each customer was told; None asks the hub, if one is connected;
    else tape and books speak alone. ``quiet``: all work is done, so that what is pending counts as not done.
    ``edition`` names the capability tables (default: those that the world's hub uses). ``strict`` also finds a way of
    working that did no harm this time. ``partly``: other transactions may stand in the books beside those submitted.
    ``command`` shows it again; ``tape`` spares reading it for each company.
    """
    given = submitted_through_hub(company) if submitted is None else list(submitted)
    evidence = gather(company, given, quiet=quiet, edition=edition, tape=tape)
    rules = STRICT_RULES if strict else RULES
    if partly:
        rules = tuple(rule for rule in rules if rule is not belongs_to_a_transaction)
    return judged(evidence, rules, command=command)


def judged(evidence: Evidence, rules: Sequence[Rule], *, command: str = "") -> list[Finding]:
    """The findings of some rules over one company's evidence."""
    return complete(evidence, (finding for rule in rules for finding in rule(evidence)), command=command)


def complete(evidence: Evidence, findings: Iterable[Finding], *, command: str = "") -> list[Finding]:
    """The findings united by cause, each with its company and the command that shows it again."""
    again = command or _again(evidence.company)
    return [placed(finding, evidence, command=again) for finding in united(findings)]


def raise_findings(findings: Sequence[Finding]) -> None:
    """Raise ``BooksWrong`` if there is a finding."""
    if findings:
        raise BooksWrong(findings)


def _again(company: Company) -> str:
    """What shows a finding again: the test that is running, else the tape of the world."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    if test:
        return f"pytest '{test}'" if any(c in test for c in " []") else f"pytest {test}"
    return f"sandbooks tape --world {company.world.name}"
