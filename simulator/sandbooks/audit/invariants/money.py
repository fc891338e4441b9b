"""Money: every document, every card and every account against what was submitted. INV-11 to INV-14, 17, 26 and 31."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import accumulate

from sandbooks.audit.documents import Document, leaves_of
from sandbooks.audit.effects import Check, checks, takes_account_currency
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import added, day, dr_cr, listed, steps_of, table, told
from sandbooks.ledger import AccountClass, Line
from sandbooks.money import Money, total

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SLASHED_DATE = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")


def documents_balance(evidence: Evidence) -> Iterator[Finding]:
    """INV-11 (S): the debits of every entry equal its credits: in base, and in its currency where it has only one."""
    by_entry: defaultdict[int, list[Line]] = defaultdict(list)
    for line in evidence.lines:
        by_entry[line.number].append(line)
    for number, lines in by_entry.items():
        off = _imbalance(lines, evidence.company.currency)
        if off:
            source = lines[0].source
            yield Finding(
                title=f"Entry {number} for {source.kind} {source.id} does not balance: it is out by {dr_cr(off)}.",
                message="The ledger takes no such entry: its storage was changed past it.",
                invariants=("INV-11",),
                exchanges=_writers(evidence, source.kind, source.id),
                table=_entry_table(evidence, lines),
                control="An entry that is posted through the ledger balances.",
                remedy="Restore the world from a snapshot, and report what wrote to its database.",
                assumption="Debits and credits of one entry, as stored.",
            )


def _imbalance(lines: Sequence[Line], base_currency: str) -> Money | None:
    base = sum(line.base.minor for line in lines)
    if base:
        return Money.from_minor(base, base_currency)
    amounts: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        if line.amount:
            amounts[line.amount.currency] += line.amount.minor
    if len(amounts) == 1:
        (currency, off), *_ = amounts.items()
        return Money.from_minor(off, currency) if off else None
    return None


def _entry_table(evidence: Evidence, lines: Sequence[Line]) -> tuple[Difference, ...]:
    names = [evidence.account_name(line.account) for line in lines]
    return tuple(
        Difference(account=name, expected=line.amount, actual=line.base)
        for name, line in zip(names, lines, strict=True)
        if line.amount.currency == line.base.currency
    )


def _writers(evidence: Evidence, kind: str, id_: str) -> tuple[int, ...]:
    document = evidence.made.get((kind, id_))
    return document.exchanges if document else ()


def trial_balance_balances(evidence: Evidence) -> Iterator[Finding]:
    """INV-12 (S): the trial balance is zero in base, and the balances that are kept are those that the lines give."""
    currency = evidence.company.currency
    added_up: defaultdict[str, int] = defaultdict(int)
    for line in evidence.lines:
        added_up[line.account] += line.base.minor
    kept = {row.account.id: row.balance.base for row in evidence.company.book.trial_balance()}
    off = sum(money.minor for money in kept.values())
    rows = []
    for account in evidence.accounts:
        expected = Money.from_minor(added_up[account], currency)
        actual = kept.get(account, Money.zero(currency))
        if expected != actual:
            rows.append(Difference(account=evidence.account_name(account), expected=expected, actual=actual))
    if off or rows:
        out = f" is out by {dr_cr(Money.from_minor(off, currency))}" if off else " is not what the entries add up to"
        yield Finding(
            title=f"The trial balance{out}.",
            message="Reports and balances show something else than the documents."
            if rows
            else "An entry is one-sided.",
            invariants=("INV-12",),
            table=tuple(rows),
            control="Balances that the ledger keeps are the sums of its lines.",
            remedy="Restore the world from a snapshot, and report what wrote to its database.",
            assumption="Every line of the book, added up by account, against the balances that are kept.",
        )


def card_moves_by_what_was_charged(evidence: Evidence) -> Iterator[Finding]:
    """INV-13 (Q), with INV-17: a completed card transaction moves its card or bank account by exactly its gross."""
    for given, documents, found in _compared(evidence):
        wrong = [check for check in found if check.is_bank and not check.right]
        if wrong:
            yield _wrong_amounts(evidence, given, documents, found, wrong, rule="INV-13")


def accounts_move_by_their_lines(evidence: Evidence) -> Iterator[Finding]:
    """INV-14 (Q), with INV-17: each account of a completed transaction moves by the net of its lines and the tax of
    them that is not recovered; no other income or expense account moves."""
    for given, documents, found in _compared(evidence):
        wrong = [check for check in found if not check.is_bank and not check.right]
        if wrong:
            yield _wrong_amounts(evidence, given, documents, found, wrong, rule="INV-14")


def _compared(evidence: Evidence) -> Iterator[tuple[Submitted, list[Document], list[Check]]]:
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        compared = given.status == "completed" and given.kind not in ("bill_payment", "transfer") and not given.amended
        if documents and compared:
            yield given, documents, checks(evidence, given, documents)


def _wrong_amounts(
    evidence: Evidence,
    given: Submitted,
    documents: Sequence[Document],
    found: Sequence[Check],
    wrong: Sequence[Check],
    *,
    rule: str,
) -> Finding:
    turned = _is_turned_round(given, wrong)
    expected = {(check.account, check.expected.currency): check.expected for check in found}
    names = listed([evidence.account_name(check.account) for check in wrong])
    verb = "moves" if len(wrong) == 1 else "move"
    what = "was booked the wrong way round" if turned else f"moved other amounts than were submitted: {names}"
    return Finding(
        title=f"The {given} {what}.",
        message=f"{told(given)} {names} {verb} {listed([dr_cr(check.actual) for check in wrong])} "
        f"instead of {listed([dr_cr(check.expected) for check in wrong])}. {_likely(given, wrong)}".rstrip(),
        invariants=(rule, "INV-17") if turned else (rule,),
        failure_modes=(("FM-73" if given.kind in ("reward", "chargeback") else "FM-69"),) if turned else (),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=table(evidence, expected, _shown(added(d.moves() for d in documents), found)),
        control="Payments debit their lines and credit the card or bank; money that comes back does the reverse."
        if turned
        else "The lines and their tax, as submitted, add up to what the card or bank account is charged.",
        remedy="Send what the platform takes for money coming back, with the amounts as submitted."
        if turned
        else "Send every amount as submitted, on the accounts that were submitted.",
        assumption="Card and bank accounts exactly; lines net, or with the tax that the platform does not recover.",
    )


def _likely(given: Submitted, wrong: Sequence[Check]) -> str:
    """What the difference on the card or bank account amounts to, where it amounts to something."""
    bank = next((check for check in wrong if check.is_bank and check.actual.currency == given.currency), None)
    if bank is None:
        return ""
    actual, expected = abs(bank.actual.amount), abs(bank.expected.amount)
    tax = abs(total((line.tax for line in given.lines), given.currency).amount)
    known = {2 * expected: "That is twice the amount."}
    if tax:
        known |= {expected - tax: "The tax is missing.", expected + tax: "The tax counts twice."}
    so_far = list(accumulate(abs(line.net.amount + line.tax.amount) for line in given.lines))
    known |= {part: f"That is the first {n} of its {len(so_far)} lines." for n, part in enumerate(so_far[:-1], 1)}
    return known.get(actual, "" if actual else "None of it is there.")


def _is_turned_round(given: Submitted, wrong: Sequence[Check]) -> bool:
    return given.kind in CARD_KINDS and all(check.expected and check.actual == -check.expected for check in wrong)


def _shown(moves: dict[tuple[str, str], Money], found: Iterable[Check]) -> dict[tuple[str, str], Money]:
    """The movements of the accounts that were compared, in the currency in which they were."""
    shown = {(check.account, check.actual.currency): check.actual for check in found}
    compared = {account for account, _ in shown}
    return {**{key: money for key, money in moves.items() if key[0] not in compared}, **shown}


def one_foreign_currency(evidence: Evidence) -> Iterator[Finding]:
    """INV-26 (S): two distinct foreign currencies in one transaction are refused, but for a platform that is known to
    take every transaction in the currency of its account."""
    for given in evidence.submitted or ():
        foreign = _foreign(evidence, given)
        if given.status == "completed" and len(foreign) > 1 and not takes_account_currency(evidence, given):
            documents = evidence.standing(given.id)
            yield _two_currencies(f"The {given}", foreign, evidence, documents, owner=given.id, said=told(given))
    for document in evidence.documents:
        foreign = _foreign_posted(evidence, document)
        owner = evidence.owners.get((document.kind, document.id), "")
        if document.live and len(foreign) > 1 and owner not in evidence.by_id:
            yield _two_currencies(document.name, foreign, evidence, [document], owner=owner, said="")


def _foreign(evidence: Evidence, given: Submitted) -> list[str]:
    named = {given.currency, *(money.currency for _, money in given.limbs())}
    account = evidence.accounts.get(given.bank_account)
    if account is not None and account.currency:
        named.add(account.currency)
    return sorted(named - {evidence.company.currency})


def _foreign_posted(evidence: Evidence, document: Document) -> list[str]:
    """The foreign currencies of a document that is no mere transfer between accounts of the company."""
    kinds = {a.kind for p in document.postings if (a := evidence.accounts.get(p.account)) is not None}
    if not kinds & {AccountClass.INCOME, AccountClass.EXPENSE}:
        return []
    return sorted({p.amount.currency for p in document.postings if p.amount} - {evidence.company.currency})


def _two_currencies(
    name: str, foreign: Sequence[str], evidence: Evidence, documents: Sequence[Document], *, owner: str, said: str
) -> Finding:
    return Finding(
        title=f"{name} was booked in two foreign currencies, {listed(foreign)}; the company's is "
        f"{evidence.company.currency}.",
        message=f"{said} No rate between the two was ever given.".strip(),
        invariants=("INV-26",),
        failure_modes=("FM-79",),
        transaction=owner,
        exchanges=tuple(n for document in documents for n in document.exchanges),
        steps=steps_of(evidence, owner, documents),
        table=table(evidence, {}, added(document.moves() for document in documents)),
        control="With a card in the company's currency, or in the transaction's, the same transaction is one currency.",
        remedy="Refuse a transaction whose currency and whose card's currency are both foreign and differ.",
        assumption="Currencies of the transaction and of its card or bank account.",
    )


def dated_as_submitted(evidence: Evidence) -> Iterator[Finding]:
    """INV-31 (S): the accounting date is the transaction's calendar date. Where a policy moved it out of a closed
    period, the document says the original date and its own date is open."""
    for given in evidence.submitted or ():
        for document in evidence.standing(given.id) if not given.amended else ():
            if document.date == given.date or _was_moved_openly(evidence, given.date, document):
                continue
            off = (document.date - given.date).days
            moved = abs(off) > 1
            span = "on the wrong day" if _same_month(given.date, document.date) else "in the wrong month"
            yield Finding(
                title=f"The {given} is dated {day(document.date)} in the books; it happened on {day(given.date)}.",
                message=f"{told(given)} It counts {span}.",
                invariants=("INV-31",),
                failure_modes=("FM-57",) if moved else ("FM-58",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, [document]),
                control="The date that was submitted is the date of the document, in every time zone.",
                remedy="Send the date that was submitted. Where its period is closed, refuse, or move it by a rule "
                "that the customer knows: with the original date in the text."
                if moved
                else "Carry the calendar date from end to end; never turn it into an instant.",
                assumption="No text of the document records the original date, as a policy of moving dates would.",
            )


def due_as_submitted(evidence: Evidence) -> Iterator[Finding]:
    """INV-31 (S): a bill falls due on the day that was submitted, where its native document says when."""
    for given in evidence.submitted or ():
        if given.due_date is None or given.status != "completed" or given.amended:
            continue
        for document in evidence.standing(given.id):
            says = _due_dates(document)
            if says and given.due_date not in says:
                away = {abs((other - given.due_date).days): other for other in sorted(says)}
                yield Finding(
                    title=f"The {given} falls due on {day(away[min(away)])} in the books; "
                    f"{day(given.due_date)} was submitted.",
                    message=f"{told(given)} It is paid too early or too late, and the list of what is due is wrong.",
                    invariants=("INV-31",),
                    failure_modes=("FM-58",) if min(away) == 1 else ("FM-59",),
                    transaction=given.id,
                    steps=steps_of(evidence, given.id, [document]),
                    control="A bill that is due on its own date hides the difference.",
                    remedy="Send the due date beside the date, as a calendar date; never leave it to payment terms.",
                    assumption=f"The members of {document.name} that speak of being due.",
                )


def _due_dates(document: Document) -> set[date]:
    """The dates in members of a native document whose name speaks of being due."""
    found: set[date] = set()
    for place, value in leaves_of(document.text):
        if "due" in place.rpartition(".")[2].lower():
            found |= _dates_of(value)
    return found


def _dates_of(text: str) -> set[date]:
    """The date that a text is, in every way in which it can be read: ``03/04/2026`` is in March, or in April."""
    if _ISO_DATE.match(text):
        return {date.fromisoformat(text[:10])}
    found: set[date] = set()
    if slashed := _SLASHED_DATE.fullmatch(text):
        one, other, year = map(int, slashed.groups())
        for month, of_month in ((one, other), (other, one)):
            with suppress(ValueError):
                found.add(date(year, month, of_month))
    return found


def _was_moved_openly(evidence: Evidence, original: date, document: Document) -> bool:
    """Whether a document left a period that was closed at some time for one that is open, and says where it was: an
    invoice that bears its own date beside another one of posting has not been moved by that alone."""
    book = evidence.company.book
    recorded = any(text in document.text for text in (original.isoformat(), f"{original:%d/%m/%Y}"))
    was_closed = any(closing.through is not None and original <= closing.through for closing in book.closings())
    return recorded and was_closed and (book.closed_through is None or document.date > book.closed_through)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)
