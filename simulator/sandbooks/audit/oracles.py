"""Assertions over one company's books and tape, for tests: each raises ``BooksWrong`` with its findings.

Each is a choice of rules from ``audit.invariants``. Given what was submitted, they judge by it; else by tape and books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from sandbooks.audit.auditing import complete, judged, raise_findings
from sandbooks.audit.comparing import RunBooks, compare_books
from sandbooks.audit.documents import Document
from sandbooks.audit.evidence import Evidence, gather
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.hub_inputs import submitted_through_hub
from sandbooks.audit.invariants import (
    Rule,
    amounts,
    attachments,
    currency,
    exactly_once,
    limits,
    money,
    retries,
    statuses,
    tax,
)
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import added, dr_cr, listed, steps_of, table, times
from sandbooks.kit.company import Company
from sandbooks.money import Money

Transactions = Iterable[Submitted] | None


def assert_exactly_once(company: Company, *references: str, submitted: Transactions = None) -> None:
    """INV-01 to INV-04. With ``references`` each of these stands in the books exactly once, whatever was submitted."""
    evidence = gather(company, submitted, asked=references)
    rules = (
        retries.posted_again,
        exactly_once.in_its_own_company,
        exactly_once.posted_once,
        exactly_once.completed_exists,
        exactly_once.not_posted_unless_completed,
        exactly_once.belongs_to_a_transaction,
    )
    found = judged(evidence, rules)
    told = {finding.transaction for finding in found}
    names = [name for name in map(evidence.transaction, references) if name not in told]
    found += complete(evidence, [finding for name in names for finding in _not_once(evidence, name)])
    raise_findings(found)


def _not_once(evidence: Evidence, name: str) -> Iterator[Finding]:
    documents = evidence.standing(name)
    if len(documents) == 1:
        return
    once = documents[0].moves() if documents else {}
    names = f": {listed([document.name for document in documents])}" if documents else ""
    yield Finding(
        title=f"{name} stands in the books {times(len(documents))}{names}.",
        message="It was to stand there once.",
        invariants=("INV-01",) if documents else ("INV-04",),
        transaction=name,
        steps=steps_of(evidence, name, documents),
        table=table(evidence, once, added(document.moves() for document in documents)) if documents else (),
        remedy=exactly_once.LOOK_UP,
        assumption=f"What carries {name} as a word of its own in its record or its request belongs to it.",
    )


def assert_nothing_posted(company: Company, *references: str) -> None:
    """INV-05: none of these references stands in the books; without references, no document of a client does."""
    evidence = gather(company, asked=references)
    names = {evidence.transaction(name) for name in references}
    documents = [d for d in evidence.documents if d.live]
    if references:
        documents = [d for d in documents if evidence.owners.get((d.kind, d.id)) in names]
    raise_findings(complete(evidence, [_posted(evidence, [document]) for document in documents]))


def _posted(evidence: Evidence, documents: list[Document]) -> Finding:
    owner = evidence.owners.get((documents[0].kind, documents[0].id), "")
    return Finding(
        title=f"{documents[0].name} stands in the books"
        + (f" for {owner}" if owner else "")
        + "; nothing was to be posted.",
        message="The client wrote it all the same.",
        invariants=("INV-05",),
        transaction=owner,
        steps=steps_of(evidence, owner, documents),
        table=table(evidence, {}, added(document.moves() for document in documents)),
    )


def assert_trial_balance(
    company: Company, expected: Mapping[str, Money] | None = None, *, as_of: date | None = None
) -> None:
    """INV-11 and INV-12: documents and trial balance balance; the accounts named (native ids) hold what is expected,
    in the currency of each amount, debit positive."""
    evidence = gather(company)
    found = judged(evidence, (money.documents_balance, money.trial_balance_balances))
    rows = tuple(_holds(evidence, account, amount, as_of) for account, amount in (expected or {}).items())
    raise_findings([*found, *_not_held(evidence, [row for row in rows if row.difference], "INV-12")])


def assert_card_balance(
    company: Company, account: str, expected: Money | None = None, *, submitted: Transactions = None
) -> None:
    """INV-13: the card or bank account (native id) holds exactly this, and each completed transaction moved it by its
    gross."""
    evidence = gather(company, submitted)
    found = judged(evidence, (money.card_moves_by_what_was_charged,))
    rows = [] if expected is None else [_holds(evidence, account, expected, None)]
    raise_findings([*found, *_not_held(evidence, [row for row in rows if row.difference], "INV-13")])


def _holds(evidence: Evidence, account: str, expected: Money, as_of: date | None) -> Difference:
    balance = evidence.company.book.balance(account, as_of=as_of)
    base = expected.currency == evidence.company.currency
    actual = balance.base if base else balance.by_currency.get(expected.currency, Money.zero(expected.currency))
    return Difference(account=evidence.account_name(account), expected=expected, actual=actual)


def _not_held(evidence: Evidence, rows: list[Difference], rule: str) -> list[Finding]:
    if not rows:
        return []
    words = [f"{row.account} holds {dr_cr(row.actual)} instead of {dr_cr(row.expected)}" for row in rows]
    finding = Finding(
        title=f"{listed(words)}.",
        message="This is what the test expected of the books.",
        invariants=(rule,),
        table=tuple(rows),
    )
    return complete(evidence, [finding])


def assert_no_blind_retry(company: Company, *references: str) -> None:
    """INV-09: no write was sent again after an answer that never came, without a look-up or the same key."""
    evidence = gather(company, asked=references)
    names = {evidence.transaction(name) for name in references}
    found = judged(evidence, (retries.blind_retry,))
    raise_findings([f for f in found if "INV-09" in f.invariants and (not references or f.transaction in names)])


def assert_respects_limits(company: Company) -> None:
    """INV-47, INV-48: nothing was sent to this company before an announced wait was over, and nothing again and again
    that it had refused."""
    raise_findings(judged(gather(company), (limits.waits_are_kept, limits.refused_is_not_repeated)))


def assert_fault_transparent(run: Callable[[], tuple[RunBooks, RunBooks]] | tuple[RunBooks, RunBooks]) -> None:
    """INV-70: the books of a run with faults equal those of the same run without; give both, or what makes both."""
    faulty, control = run() if callable(run) else run
    raise_findings(compare_books(faulty, control))


def assert_by(company: Company, rules: Sequence[Rule], submitted: Transactions, *, only: Sequence[str] = ()) -> None:
    """Some rules over what was submitted; with ``only`` what they find of these references.

    Raises ``LookupError`` when a reference was not submitted, so that no claim holds for want of a transaction.
    """
    evidence = gather(company, submitted_through_hub(company) if submitted is None else submitted)
    names = {evidence.transaction(name) for name in only}
    unknown = [name for name in only if evidence.transaction(name) not in evidence.by_id]
    if unknown or not evidence.submitted:
        raise LookupError(f"nothing is known of {listed(unknown) or 'any transaction'}: tell what was submitted first")
    raise_findings([f for f in judged(evidence, rules) if not only or f.transaction in names])


def assert_tax(company: Company, *references: str, submitted: Transactions = None) -> None:
    """INV-15, INV-23, INV-24: tax amounts, tax codes and gross are those that were submitted."""
    rules = (tax.tax_is_booked, tax.codes_are_kept, tax.recomputed_tax_is_near, amounts.gross_is_kept)
    assert_by(company, (exactly_once.completed_exists, *rules), submitted, only=references)


def assert_fx(company: Company, *references: str, submitted: Transactions = None) -> None:
    """INV-25 to INV-27: rates, one foreign currency at most, both sides of transfers."""
    rules = (currency.base_follows_the_rate, money.one_foreign_currency, currency.transfer_moves_both_sides)
    assert_by(company, (exactly_once.completed_exists, *rules), submitted, only=references)


def assert_attachments(company: Company, *references: str, submitted: Transactions = None) -> None:
    """INV-40 to INV-43: every file that was handed over hangs on its document once, byte by byte."""
    rules = (
        attachments.files_arrive_unchanged,
        attachments.files_are_kept_once,
        attachments.refused_files_leave_nothing,
    )
    assert_by(company, (exactly_once.completed_exists, *rules), submitted, only=references)


def assert_statuses(company: Company, *references: str, submitted: Transactions = None) -> None:
    """INV-53, INV-54, with INV-03, INV-04 and INV-60: what was told went one way and agrees with the books."""
    rules = (
        statuses.done_stays_done,
        statuses.syncs_tell_what_happened,
        statuses.failures_are_explained,
        exactly_once.completed_exists,
        exactly_once.not_posted_unless_completed,
    )
    assert_by(company, rules, submitted, only=references)
