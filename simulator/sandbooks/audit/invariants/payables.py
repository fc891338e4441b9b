"""What is owed: reimbursables, bills and their payments, by supplier. INV-29, INV-30 and INV-72."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sandbooks.audit.documents import Document
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.submitted import Submitted
from sandbooks.audit.wording import added, day, listed, step, steps_of, table, told
from sandbooks.ledger import AccountClass, Line, Posting
from sandbooks.money import Money, total

OWED_KINDS = ("reimbursable", "bill")


def owed_to_the_right_person(evidence: Evidence) -> Iterator[Finding]:
    """INV-29 (Q): a reimbursable raises what is owed to the supplier that it names, and nobody else; until it is paid
    no bank or card account moves."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.kind not in OWED_KINDS or given.status != "completed" or not documents or given.amended:
            continue
        owed = [p for d in documents for p in d.postings if _is_owed(evidence, given, p)]
        others = {p.party for p in owed if p.party in evidence.contacts and p.party != given.contact}
        if others and given.contact in evidence.contacts:
            names = listed([evidence.contacts[id_].name for id_ in sorted(others)])
            right = evidence.contacts[given.contact].name
            yield _owed_wrongly(evidence, given, documents, f"is owed to {names} instead of {right}", mode="FM-96")
        paid = sorted({p.account for d in documents for p in d.postings if p.account in _banks(evidence)})
        if paid and given.kind == "reimbursable" and not owed:
            names = listed([evidence.account_name(account) for account in paid])
            yield _owed_wrongly(evidence, given, documents, f"was paid from {names} before it was owed", mode="FM-96")


def _is_owed(evidence: Evidence, given: Submitted, posting: Posting) -> bool:
    account = evidence.accounts.get(posting.account)
    in_lines = posting.account in {line.account for line in given.lines}
    is_liability = account is not None and account.kind is AccountClass.LIABILITY
    return is_liability and not in_lines and bool(posting.party) and not posting.tax_code


def _banks(evidence: Evidence) -> set[str]:
    """The accounts that somebody named as a card or bank account."""
    named = {given.bank_account for given in evidence.submitted or () if given.bank_account}
    sides = {line.account for given in evidence.submitted or () if given.kind == "transfer" for line in given.lines}
    return named | sides


def _owed_wrongly(
    evidence: Evidence, given: Submitted, documents: Sequence[Document], what: str, *, mode: str
) -> Finding:
    return Finding(
        title=f"The {given} {what}.",
        message=f"{told(given)} The next payment run pays by what the books say.",
        invariants=("INV-29",),
        failure_modes=(mode,),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=table(evidence, {}, added(document.moves() for document in documents)),
        control="With a supplier that the company has and that is active, the amount is owed to it.",
        remedy="Refuse a reimbursable whose supplier cannot be found; never fall back on another one.",
        assumption="The party on the payables line is whom the amount is owed to.",
    )


def nobody_is_paid_too_much(evidence: Evidence) -> Iterator[Finding]:
    """INV-30 (S): a payment takes no more from a supplier's open balance than is open when it is posted."""
    open_by_party: defaultdict[tuple[str, str, str], Money] = defaultdict()
    for document, number, moved in _payables_in_order(evidence):
        for key, money in moved.items():
            before = open_by_party.get(key, Money.zero(money.currency))
            open_by_party[key] = before + money
            owner = evidence.owners.get(document, "")
            given = evidence.by_id.get(owner)
            is_payment = given is not None and given.kind == "bill_payment" and money.amount > 0
            if given is not None and is_payment and open_by_party[key].amount > 0:
                yield _overpaid(evidence, given, before=before, paid=money, party=key[1], entry=number)


def _payables_in_order(
    evidence: Evidence,
) -> Iterator[tuple[tuple[str, str], int, dict[tuple[str, str, str], Money]]]:
    """What each entry moved on accounts payable, by account, party and currency; debit positive, in posting order."""
    payables = _payables(evidence)
    entries: dict[int, list[Line]] = {}
    for line in evidence.lines:
        if line.account in payables and line.posting.party:
            entries.setdefault(line.number, []).append(line)
    for number, lines in entries.items():
        moved: dict[tuple[str, str, str], Money] = {}
        for line in lines:
            key = (line.account, line.posting.party, line.amount.currency)
            moved[key] = moved[key] + line.amount if key in moved else line.amount
        yield (lines[0].source.kind, lines[0].source.id), number, moved


def _payables(evidence: Evidence) -> set[str]:
    """Accounts payable: the platform's own, and every liability that documents for bills owe to a party."""
    found = {evidence.usual[name] for name in ("payables", "employee_payables") if name in evidence.usual}
    for given in evidence.submitted or ():
        if given.kind in OWED_KINDS:
            found |= {p.account for p in evidence.postings(given.id) if _is_owed(evidence, given, p)}
    return found


def _overpaid(evidence: Evidence, given: Submitted, *, before: Money, paid: Money, party: str, entry: int) -> Finding:
    name = evidence.contacts[party].name if party in evidence.contacts else party
    left = max(-before, Money.zero(paid.currency))
    return Finding(
        title=f"The {given} pays {name} {paid}, and only {left} was open.",
        message=f"{told(given)} The supplier now owes the company {paid - left}, and nobody meant that.",
        invariants=("INV-30",),
        failure_modes=("FM-116",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, evidence.standing(given.id)),
        table=(Difference(account=f"Payables to {name}", expected=Money.zero(paid.currency), actual=before + paid),),
        control="Without the payment that somebody else entered, the same payment settles the bill.",
        remedy="Read the open balance again before paying, and pay no more than is open.",
        assumption=f"Open balance of the supplier just before entry {entry}, in the currency of the payment.",
    )


def paid_as_submitted(evidence: Evidence) -> Iterator[Finding]:
    """INV-30 (S), with INV-13: a payment of bills takes exactly its amount from the account that it names."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.kind != "bill_payment" or given.status != "completed" or not documents or given.amended:
            continue
        account, expected = given.limbs()[-1] if given.bank_account else ("", Money.zero(given.currency))
        owed = {evidence.by_id[id_].contact if id_ in evidence.by_id else "" for id_, _ in given.pays}
        paid = {p.party for d in documents for p in d.postings if p.account in _payables(evidence) and p.party}
        if paid - owed and owed <= evidence.contacts.keys() and paid <= evidence.contacts.keys():
            yield _paid_to_another(evidence, given, documents, paid=paid, owed=owed)
            continue
        known = evidence.accounts.get(account)
        moved = added(document.moves() for document in documents)
        actual = moved.get((account, expected.currency), Money.zero(expected.currency))
        base = evidence.company.currency
        if known is None or (known.currency or base) != expected.currency or actual == expected:
            continue
        yield _paid_otherwise(evidence, given, documents, expected=expected, actual=actual)


def _paid_to_another(
    evidence: Evidence, given: Submitted, documents: Sequence[Document], *, paid: set[str], owed: set[str]
) -> Finding:
    names = [listed([evidence.contacts[id_].name for id_ in sorted(ids)]) for ids in (paid, owed)]
    return Finding(
        title=f"The {given} pays {names[0]}; what it was to pay is owed to {names[1]}.",
        message=f"{told(given)} One bill stays open, and another supplier's is closed in its place.",
        invariants=("INV-30",),
        failure_modes=("FM-119",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=table(evidence, {}, added(document.moves() for document in documents)),
        control="With one bill in the books there is no other to mistake it for.",
        remedy="Pay each bill by the native id that it was given when it was written.",
        assumption="The party on the payables line is whom the payment is for.",
    )


def _paid_otherwise(
    evidence: Evidence, given: Submitted, documents: Sequence[Document], *, expected: Money, actual: Money
) -> Finding:
    moved = added(document.moves() for document in documents)
    name = evidence.account_name(given.bank_account)
    others = [evidence.account_name(a) for (a, _), m in moved.items() if m.amount < 0 and a != given.bank_account]
    taken = f"takes {abs(actual)} from {name}" if actual else f"takes nothing from {name}"
    instead = f" but from {listed(others)}" if others and not actual else ""
    owed = {key: -expected for key, m in moved.items() if m.amount > 0 and key[1] == expected.currency}
    wanted = {**(owed if len(owed) == 1 else {}), (given.bank_account, expected.currency): expected}
    return Finding(
        title=f"The {given} {taken}{instead}; {abs(expected)} was to be paid from there.",
        message=f"{told(given)} The bank statement shows another payment, and the bill another balance.",
        invariants=("INV-30", "INV-13"),
        failure_modes=("FM-120",) if actual else ("FM-87",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=table(evidence, wanted, moved),
        control="A bill that is paid whole, from the default account, hides the difference.",
        remedy="Pay the amount that was submitted, from the account that was submitted; never what is open by chance.",
        assumption="All documents of the payment together; the account is in the currency of the payment.",
    )


def settled_to_nothing(evidence: Evidence) -> Iterator[Finding]:
    """INV-72 (Q): what is owed to a supplier in a currency sums to zero in base, too, once it is zero in that
    currency; what the rates left over is on the exchange account."""
    payables = _payables(evidence)
    sums: dict[tuple[str, str, str], list[Money]] = {}
    for line in evidence.lines:
        foreign = line.amount.currency != evidence.company.currency
        if line.account in payables and line.posting.party and foreign:
            kept = sums.setdefault((line.account, line.posting.party, line.amount.currency), [])
            kept[:] = [kept[0] + line.amount, kept[1] + line.base] if kept else [line.amount, line.base]
    for (account, party, currency), (amount, base) in sums.items():
        if not amount and base:
            yield _left_over(evidence, account, party, currency=currency, base=base)


def _left_over(evidence: Evidence, account: str, party: str, *, currency: str, base: Money) -> Finding:
    lines = [x for x in evidence.lines if (x.account, x.posting.party, x.amount.currency) == (account, party, currency)]
    name = evidence.contacts[party].name if party in evidence.contacts else party
    documents = [d for x in lines if (d := evidence.made.get((x.source.kind, x.source.id))) is not None]
    numbers = sorted({n for document in documents for n in document.exchanges if n in evidence.by_number})
    return Finding(
        title=f"Nothing is owed to {name} in {currency} any more, and {evidence.account_name(account)} still holds "
        f"{abs(base)} for it.",
        message=f"The last entry is of {day(max(line.date for line in lines))}. "
        "The difference of the rates was not realised.",
        invariants=("INV-72",),
        exchanges=tuple(numbers),
        steps=tuple(step(evidence.by_number[number]) for number in numbers),
        table=(Difference(account=evidence.account_name(account), expected=Money.zero(base.currency), actual=base),),
        control="Bills and payments at one rate leave nothing.",
        remedy="Settle a bill with the platform's own payment, which books the exchange difference.",
        assumption="Every line of the supplier on that account in that currency.",
    )


def control_account_is_its_parts(evidence: Evidence) -> Iterator[Finding]:
    """INV-30 (S): accounts payable hold exactly what is open with each supplier: no line without a party.

    Only a document of the client can break this: a journal to the control account that names nobody.
    """
    payables = {evidence.usual[name] for name in ("payables",) if name in evidence.usual}
    if not any(line.account in payables and line.posting.party for line in evidence.lines):
        return
    for document in evidence.documents:
        loose = [p.amount for p in document.postings if p.account in payables and p.amount and not p.party]
        if document.live and loose:
            amount = total(loose, loose[0].currency) if len({m.currency for m in loose}) == 1 else loose[0]
            yield Finding(
                title=f"{document.name} moved accounts payable by {abs(amount)} and names no supplier.",
                message="The list of open bills and the account no longer agree.",
                invariants=("INV-30",),
                transaction=evidence.owners.get((document.kind, document.id), ""),
                exchanges=document.exchanges,
                steps=steps_of(evidence, "", [document]),
                table=table(evidence, {}, document.moves()),
                control="Bills, credits and payments name their supplier.",
                remedy="Use the platform's bill or payment instead of a journal, or name the supplier on the line.",
                assumption="Other lines of this account name their supplier.",
            )
