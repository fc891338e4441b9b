"""Foreign currency: rates, and transfers between accounts. INV-25 and INV-27; two currencies at once stand in money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbooks import exact_json
from sandbooks.audit.documents import Document
from sandbooks.audit.effects import RATE_ERROR, leaves_members_out, takes_account_currency
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import dr_cr, listed, steps_of, told
from sandbooks.ledger import AccountClass, Posting
from sandbooks.money import Money, Rate, total

_EXCHANGE_RATE = re.compile(r"(?:exchange|currency|conversion)_?rate$", re.IGNORECASE)
FAR = Decimal("0.01")  # rates that differ by less than this share cannot be told apart on small amounts


def base_follows_the_rate(evidence: Evidence) -> Iterator[Finding]:
    """INV-25 (S): amounts in a foreign currency are valued at the rate that was submitted, in its direction; without a
    rate they are never valued at one to one.

    A platform may have taken a rate of its own where the client could send none: that is told from the request.
    """
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        foreign = given.currency != evidence.company.currency
        if given.status != "completed" or not foreign or not documents or given.amended:
            continue
        if not given.direction and given.kind != "bill_payment":
            continue
        if takes_account_currency(evidence, given) or leaves_members_out(evidence, given):
            continue
        wrong = _off_the_rate(evidence, given, documents)
        if wrong:
            yield _wrong_rate(evidence, given, documents, wrong)


def _off_the_rate(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> list[Posting]:
    postings = [p for d in documents for p in d.postings if p.amount and p.amount.currency == given.currency]
    if given.kind == "bill_payment":  # what was owed is taken back at the rate of its bill
        postings = [p for p in postings if p.account == given.bank_account]
    postings = postings or list(_in_base_alone(evidence, given, documents))
    wrong = [p for p in postings if _is_off(p, given.rate, rounded=len(postings))]
    if not wrong or _biggest(wrong) == 0:
        return []
    used = _rate_of(wrong)
    if given.rate is None:
        return wrong if used == 1 else []
    clients_doing = used == 1 or _alike(used * given.rate.value, Decimal(1)) or _was_sent(evidence, given, used)
    left_out = any(_has_place_for(document, used) for document in documents)
    return wrong if clients_doing or left_out else []


def _has_place_for(document: Document, used: Decimal) -> bool:
    """Whether a native document says the rate that the books used, in either direction: then its maker could have said
    another one. Rates of taxes are none."""
    return any(
        _alike(value, used) or _alike(1 / value, used) for value in _rates(exact_json.loads(document.text.encode()))
    )


def _rates(body: Any) -> Iterator[Decimal]:
    """The exchange rates anywhere in a native document."""
    if isinstance(body, dict):
        for name, value in body.items():
            if _EXCHANGE_RATE.search(str(name)) and not isinstance(value, dict | list):
                number = _number(value)
                if number:
                    yield number
            else:
                yield from _rates(value)
    elif isinstance(body, list):
        for member in body:
            yield from _rates(member)


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 else None


def _in_base_alone(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> Iterator[Posting]:
    """What an account in the company's own currency was charged for a foreign purchase or bill: the rate is in the
    amounts."""
    base = evidence.company.currency
    moved = [p.base for d in documents for p in d.postings if p.account == given.bank_account]
    if given.kind in (*CARD_KINDS, "bill_payment") and moved:
        yield Posting(given.bank_account, given.gross * -(given.direction or 1), total(moved, base))


def _is_off(posting: Posting, rate: Rate | None, *, rounded: int) -> bool:
    if rate is None:
        return posting.base.amount == posting.amount.amount
    expected = rate.to_base(posting.amount)
    unit = Money.from_minor(1, expected.currency).amount
    slack = unit * max(1, rounded // 2) + abs(expected.amount) * RATE_ERROR
    return abs(posting.base.amount - expected.amount) > slack


def _biggest(postings: Sequence[Posting]) -> Decimal:
    return max(abs(posting.amount.amount) for posting in postings)


def _rate_of(postings: Sequence[Posting]) -> Decimal:
    """The rate that the books used, from the biggest amount."""
    biggest = max(postings, key=lambda posting: abs(posting.amount.amount))
    return abs(biggest.base.amount / biggest.amount.amount)


def _alike(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= FAR * abs(other)


def _was_sent(evidence: Evidence, given: Submitted, used: Decimal) -> bool:
    """Whether a request for the transaction said the rate that the books used, in either direction."""
    requests = [sent for sent in evidence.sent_by_owner.get(given.id, []) if sent.entry.writes]
    return any(_says(sent, used) for sent in requests)


def _says(sent: Sent, rate: Decimal) -> bool:
    for where, text in sent.leaves:
        if "rate" not in where.lower():
            continue
        try:
            value = Decimal(text)
        except InvalidOperation:
            continue
        if value.is_finite() and value > 0 and (_alike(value, rate) or _alike(1 / value, rate)):
            return True
    return False


def _wrong_rate(
    evidence: Evidence, given: Submitted, documents: Sequence[Document], wrong: Sequence[Posting]
) -> Finding:
    used = _rate_of(wrong)
    inverted = given.rate is not None and used != 1 and _alike(used * given.rate.value, Decimal(1))
    base = evidence.company.currency
    shown = f"{used:.6f}".rstrip("0").rstrip(".")
    name = evidence.account_name
    rows = [
        Difference(
            account=f"{name(p.account)} ({p.amount})",
            expected=given.rate.to_base(p.amount),
            actual=p.base,
        )
        for p in wrong
        if given.rate is not None
    ]
    was = f"; {given.rate} was submitted" if given.rate else ", and no rate was submitted"
    return Finding(
        title=f"The {given} is valued at 1 {given.currency} = {shown} {base} in the books{was}.",
        message=f"{told(given)} {'The rate was turned round.' if inverted else ''}".strip(),
        invariants=("INV-25",),
        failure_modes=("FM-77",) if inverted else ("FM-76",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=tuple(rows),
        control="The same transaction in the company's own currency needs no rate.",
        remedy="Send the rate in the platform's direction on every foreign document; refuse a transaction without one.",
        assumption="A rate is base units for one foreign unit, as submitted; "
        "the rate that the books used was sent, or is one, or is the submitted one turned round.",
    )


def transfer_moves_both_sides(evidence: Evidence) -> Iterator[Finding]:
    """INV-27 (Q): a transfer takes its amount from one account and brings its amount to the other, each in the
    account's own currency, and touches no income or expense but exchange differences."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.kind != "transfer" or given.status != "completed" or not documents or given.amended:
            continue
        rows = [*_sides(evidence, given, documents), *_profit_and_loss(evidence, documents)]
        wrong = [row for row in rows if row.difference]
        if wrong:
            names = listed([row.account for row in wrong])
            yield Finding(
                title=f"The {given} moved other amounts than were submitted: {names}.",
                message=f"{told(given)} {names}: {listed([dr_cr(row.actual) for row in wrong])} "
                f"instead of {listed([dr_cr(row.expected) for row in wrong])}.",
                invariants=("INV-27",),
                failure_modes=("FM-82",),
                transaction=given.id,
                steps=steps_of(evidence, given.id, documents),
                table=tuple(rows),
                control="A transfer within one currency moves one amount.",
                remedy="Send each side in its account's own currency; the two amounts carry the rate.",
                assumption="The amounts of both sides as submitted; exchange differences may take the rest in base.",
            )


def _sides(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> Iterator[Difference]:
    for account, expected in given.limbs():
        if account in evidence.accounts:
            postings = [p for d in documents for p in d.postings if p.account == account]
            in_its_own = [p.amount for p in postings if p.amount.currency == expected.currency]
            in_base = [p.base for p in postings if p.base.currency == expected.currency]
            actual = total(in_its_own or in_base, expected.currency)
            yield Difference(account=evidence.account_name(account), expected=expected, actual=actual)


def _profit_and_loss(evidence: Evidence, documents: Sequence[Document]) -> Iterator[Difference]:
    for posting in (p for document in documents for p in document.postings):
        account = evidence.accounts.get(posting.account)
        if account is None or account.kind not in (AccountClass.INCOME, AccountClass.EXPENSE):
            continue
        if posting.amount and posting.account not in evidence.differences:
            zero = Money.zero(posting.amount.currency)
            yield Difference(account=account.name, expected=zero, actual=posting.amount)
