"""Amounts as such: how they are written on the wire, and whether every digit of them arrives. INV-21 to INV-23."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from sandbooks.audit.documents import Document
from sandbooks.audit.effects import checks, takes_account_currency
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import added, dr_cr, listed, step, steps_of, table, told
from sandbooks.ledger import AccountClass
from sandbooks.money import Money, digits, total

# A value that stands by itself in JSON, XML or a form: after one of these, before one of those.
_BEFORE, _AFTER = r"(?<=[:,\[\">=])\s*", r"\s*(?=[,\]}\"<&]|$)"
_ARTEFACT = re.compile(_BEFORE + r"(-?\d+\.\d*?(?:0{5,}[1-9]\d?|9{6,}\d{0,2}))" + _AFTER)
_EXPONENT = re.compile(_BEFORE + r"(-?\d+(?:\.\d+)?[eE][+-]\d{1,4})" + _AFTER)  # ids of lists look alike, with more
_MINUS_ZERO = re.compile(_BEFORE + r"(-0(?:\.0+)?)" + _AFTER)
_LONG = 12  # digits after the point from which on a run of zeros or nines comes from binary arithmetic


def plain_on_the_wire(evidence: Evidence) -> Iterator[Finding]:
    """INV-21 (W): every amount on the wire is a plain decimal with no more digits than its currency has: no exponent,
    no minus zero, no trace of binary arithmetic."""
    for sent in evidence.writes:
        wrong = next(_ill_written(evidence, sent), None)
        if wrong is not None:
            text, why = wrong
            owner = next(iter(evidence.carried(sent)), "")
            yield Finding(
                title=f"#{sent.number} sent the amount {text}: {why}.",
                message="Platforms round it, refuse it, or keep a digit that nobody ever entered.",
                invariants=("INV-21",),
                failure_modes=("FM-68",) if why == _WHY[2] else ("FM-62",),
                transaction=owner if owner in evidence.by_id else "",
                exchanges=(sent.number,),
                steps=(step(sent),),
                control="The same amount computed and written as a decimal has the digits of its currency.",
                remedy="Compute with decimals, round once, and write the text of the decimal.",
                assumption="The value stands by itself in the body of the request.",
            )


_WHY = (
    "it carries the trace of binary arithmetic",
    "it is written with an exponent",
    "it is minus zero",
    "its currency has fewer digits",
)


def _ill_written(evidence: Evidence, sent: Sent) -> Iterator[tuple[str, str]]:
    body = sent.content
    for found in _ARTEFACT.findall(body):
        if len(found.partition(".")[2]) >= _LONG:
            yield found, _WHY[0]
    for pattern, why in ((_EXPONENT, _WHY[1]), (_MINUS_ZERO, _WHY[2])):
        for found in pattern.findall(body):
            yield found, why
    for owner in evidence.carried(sent):
        if owner in evidence.by_id:
            yield from _beyond_the_currency(evidence.by_id[owner], sent)


def _beyond_the_currency(given: Submitted, sent: Sent) -> Iterator[tuple[str, str]]:
    """Values that round to an amount of the transaction but have digits beyond those of its currency."""
    places = digits(given.currency)
    known = {abs(m.amount) for line in given.lines for m in (line.net, line.tax, line.gross)} | {given.gross.amount}
    for _, text in sent.leaves:
        if "." not in text or len(text.partition(".")[2]) <= places:
            continue
        try:
            value = abs(Decimal(text))
        except InvalidOperation:
            continue
        rounded = round(value, places)
        if value.is_finite() and value != rounded and rounded in known and abs(value - rounded) < Decimal("0.00001"):
            yield text, _WHY[3]


def every_digit_arrives(evidence: Evidence) -> Iterator[Finding]:
    """INV-22 (S): an amount of a currency without or with three decimals is booked with exactly its own digits."""
    for given in evidence.submitted or ():
        places = digits(given.currency)
        documents = evidence.standing(given.id)
        if places == 2 or given.status != "completed" or not documents or given.amended or not given.lines:
            continue
        wrong = [c for c in checks(evidence, given, documents) if not c.right and c.expected.currency == given.currency]
        if not wrong:
            continue
        names = listed([evidence.account_name(check.account) for check in wrong])
        yield Finding(
            title=f"The {given} was booked with other digits: {given.currency} has "
            f"{'no decimals' if not places else f'{places} decimals'}.",
            message=f"{told(given)} {names}: {listed([dr_cr(check.actual) for check in wrong])} "
            f"instead of {listed([dr_cr(check.expected) for check in wrong])}.",
            invariants=("INV-22",),
            failure_modes=("FM-80",),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=tuple(
                Difference(account=evidence.account_name(c.account), expected=c.expected, actual=c.actual)
                for c in wrong
            ),
            control="The same figures in a currency of two decimals are booked as they are.",
            remedy="Take the number of decimals from the currency (ISO 4217), zero included.",
            assumption="Decimals of the currency as in ISO 4217.",
        )


def gross_is_kept(evidence: Evidence) -> Iterator[Finding]:
    """INV-23 (Q): the documents of a transaction owe or pay exactly its gross, whatever the tax mode."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.status != "completed" or not given.direction or not documents or given.amended:
            continue
        if takes_account_currency(evidence, given):
            continue
        actual = _paid_or_owed(evidence, given, documents)
        expected = given.gross * -given.direction
        if actual is None or abs(actual) == abs(expected) or len(documents) > given.objects:
            continue  # right, turned round or posted twice: the latter two are other rules' to tell
        tax = total((line.tax for line in given.lines), given.currency)
        if given.kind in CARD_KINDS and not tax:
            continue  # the charge itself is wrong
        rounded = abs(actual.amount - expected.amount) <= Decimal(len(given.lines) + 1).scaleb(-digits(given.currency))
        by_tax = bool(tax) and abs(actual.amount - expected.amount) == abs(tax.amount)
        why = " Tax was added to amounts that held it, or left out." if by_tax else ""
        yield Finding(
            title=f"The {given} stands in the books with {abs(actual)} in all.",
            message=f"{told(given)}{why}",
            invariants=("INV-23",),
            failure_modes=("FM-64",) if by_tax else ("FM-63",) if rounded else (),
            transaction=given.id,
            steps=steps_of(evidence, given.id, documents),
            table=table(evidence, {}, added(document.moves() for document in documents)),
            control="Without tax the same transaction is booked with the amount that was charged.",
            remedy="Send net amounts with the exclusive mode and gross amounts with the inclusive one; "
            "where the platform computes the tax, let a line take the residual.",
            assumption="What the card, the bank or the supplier's account moved is the gross of the document.",
        )


def _paid_or_owed(evidence: Evidence, given: Submitted, documents: list[Document]) -> Money | None:
    """What the other side of the lines moved, in the transaction's currency; None where it cannot be told."""
    lines = {line.account for line in given.lines}
    moved: list[Money] = []
    for posting in (p for document in documents for p in document.postings):
        account = evidence.accounts.get(posting.account)
        if account is None or posting.account in lines or posting.amount.currency != given.currency:
            continue
        is_card = given.kind in CARD_KINDS and posting.account == given.bank_account
        owes = given.kind not in CARD_KINDS and account.kind is AccountClass.LIABILITY
        if is_card or (owes and posting.party and not posting.tax_code):
            moved.append(posting.amount)
    return total(moved, given.currency) if moved else None
