"""Tax: what is reclaimed, what stays with the lines, and the code of every line. INV-15 and INV-24."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbooks.audit.documents import Document
from sandbooks.audit.effects import half_units, leaves_members_out, takes_account_currency
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Difference, Finding
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import listed, steps_of, told
from sandbooks.ledger import AccountClass, Posting
from sandbooks.money import Money, total


@dataclass(frozen=True)
class _Tax:
    """Where the tax of a transaction went: ``reclaimed`` to tax accounts, ``kept`` to the lines' own accounts."""

    submitted: Money
    reclaimed: Money
    kept: Money
    accounts: tuple[str, ...]

    @property
    def booked(self) -> Money:
        return self.reclaimed + self.kept


def tax_is_booked(evidence: Evidence) -> Iterator[Finding]:
    """INV-15 (Q): the tax of a transaction goes to tax accounts as far as it is recoverable and to the lines' accounts
    for the rest, on the side that the kind gives."""
    for given, documents in _taxed(evidence):
        tax = _tax_of(evidence, given, documents)
        slack = half_units(len(given.lines), given.currency)
        lost = abs(tax.booked.amount - tax.submitted.amount) > slack
        turned = bool(tax.reclaimed) and (tax.reclaimed.amount > 0) != (tax.submitted.amount > 0)
        if lost or turned:
            yield _wrong(evidence, given, documents, tax, rule="INV-15", mode="FM-66" if turned else "FM-64")
        elif not tax.reclaimed and _is_owed_back(evidence, given):
            yield _given_away(evidence, given, documents, tax)


def _is_owed_back(evidence: Evidence, given: Submitted) -> bool:
    """Whether some of the tax is to be reclaimed: what the company's plan says of the codes that were submitted, where
    the platform keeps an account for it. A company that is not registered has none."""
    if evidence.usual and "input_tax" not in evidence.usual:
        return False
    return any(line.tax and evidence.tax_shares.get(line.tax_code) for line in given.lines)


def recomputed_tax_is_near(evidence: Evidence) -> Iterator[Finding]:
    """INV-24 (Q): where the platform computes the tax itself, it differs by no more than half a minor unit for each
    line from the one that was submitted, and the gross holds."""
    for given, documents in _taxed(evidence):
        tax = _tax_of(evidence, given, documents)
        slack = half_units(len(given.lines), given.currency)
        off = abs(tax.reclaimed.amount - tax.submitted.amount)
        near = abs(tax.submitted.amount) / 4  # farther off it is no rounding but a share that is not recovered
        if tax.reclaimed and slack < off < near and abs(tax.kept.amount) <= off:
            yield _wrong(evidence, given, documents, tax, rule="INV-24", mode="FM-63")


def codes_are_kept(evidence: Evidence) -> Iterator[Finding]:
    """INV-15 (Q): every line keeps the tax code that was submitted for it; none is dropped or replaced in silence."""
    coded = [
        (given, account, wanted, found)
        for given in evidence.submitted or ()
        if given.status == "completed" and not given.amended
        for account, wanted, found in _codes(evidence, given)
    ]
    told_by_id = {code for _, _, wanted, found in coded for code in wanted & found}
    carrying = {d.kind for given, _, wanted, found in coded if wanted & found for d in evidence.standing(given.id)}
    for given, account, wanted, found in coded:
        documents = evidence.standing(given.id)
        # Where the books name a code in another way than the platform's API, nothing can be said of it; nor where no
        # document of that kind has ever carried one, for some have no place for it.
        bare = found == {""} and not carrying & {document.kind for document in documents}
        if wanted <= told_by_id and found != wanted and not bare:
            yield _other_code(evidence, given, documents, account, wanted=wanted, found=found)


def no_tax_is_invented(evidence: Evidence) -> Iterator[Finding]:
    """INV-15 (Q): a line that was submitted without tax and code carries none that charges tax."""
    for given in evidence.submitted or ():
        if given.status != "completed" or given.amended:
            continue
        plain = {line.account for line in given.lines if not line.tax and not line.tax_code}
        plain -= {line.account for line in given.lines if line.tax or line.tax_code}
        for posting in evidence.postings(given.id):
            charged = evidence.tax_rates.get(posting.tax_code)
            if posting.account in plain and posting.amount and charged:
                yield _invented(evidence, given, posting)
                break


def _codes(evidence: Evidence, given: Submitted) -> Iterator[tuple[str, set[str], set[str]]]:
    """For each account of the lines the codes that were submitted and those that were posted."""
    postings = [posting for posting in evidence.postings(given.id) if posting.amount]
    for account in dict.fromkeys(line.account for line in given.lines):
        wanted = {line.tax_code for line in given.lines if line.account == account}
        found = {posting.tax_code for posting in postings if posting.account == account}
        if "" not in wanted and found:
            yield account, wanted, found


def _taxed(evidence: Evidence) -> Iterator[tuple[Submitted, list[Document]]]:
    """Completed transactions with tax whose lines all name accounts of the book, in the currency of their documents."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        tax = total((line.tax for line in given.lines), given.currency) if given.direction else None
        ready = given.status == "completed" and documents and not given.amended
        if not ready or not tax or takes_account_currency(evidence, given) or leaves_members_out(evidence, given):
            continue
        known = all(line.account in evidence.accounts for line in given.lines)
        if known and all(p.amount.currency == given.currency for d in documents for p in d.postings if p.amount):
            yield given, documents


def _tax_of(evidence: Evidence, given: Submitted, documents: Sequence[Document]) -> _Tax:
    lines = {line.account for line in given.lines}
    net = total((line.net for line in given.lines), given.currency) * given.direction
    reclaimed, kept = [], []
    accounts: dict[str, None] = {}
    for posting in (p for document in documents for p in document.postings):
        if posting.amount.currency != given.currency:
            continue
        if posting.account in lines:
            kept.append(posting.amount)
        elif _takes_tax(evidence, given, posting.account, party=posting.party, code=posting.tax_code):
            reclaimed.append(posting.amount)
            accounts[posting.account] = None
    return _Tax(
        total((line.tax for line in given.lines), given.currency) * given.direction,
        total(reclaimed, given.currency),
        total(kept, given.currency) - net,
        tuple(accounts),
    )


def _takes_tax(evidence: Evidence, given: Submitted, account: str, *, party: str, code: str) -> bool:
    if account in (evidence.usual.get("input_tax"), evidence.usual.get("output_tax")):
        return True
    known = evidence.accounts.get(account)
    if known is None or known.kind not in (AccountClass.ASSET, AccountClass.LIABILITY):
        return False
    if given.kind in CARD_KINDS and given.bank_account:
        return account != given.bank_account
    return bool(code) or not party


def _wrong(
    evidence: Evidence, given: Submitted, documents: Sequence[Document], tax: _Tax, *, rule: str, mode: str
) -> Finding:
    names = listed([evidence.account_name(account) for account in tax.accounts]) or "no tax account"
    rows = [Difference(account=f"Tax ({names})", expected=tax.submitted, actual=tax.reclaimed)]
    if tax.kept:
        rows.append(Difference(account="Tax kept with the lines", expected=Money.zero(given.currency), actual=tax.kept))
    return Finding(
        title=f"The {given} holds tax of {abs(tax.submitted)}, and {abs(tax.booked)} was booked as tax."
        if rule == "INV-15"
        else f"The tax of the {given} is {abs(tax.reclaimed)} in the books, and {abs(tax.submitted)} was submitted.",
        message=f"{told(given)} The return of that period claims another amount than the receipts show.",
        invariants=(rule,),
        failure_modes=(mode,),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=tuple(rows),
        control="A line without tax is booked with its net amount.",
        remedy="Send the tax of each line as submitted, with the sign of its line; "
        "do not compute it again from the sum.",
        assumption="Tax accounts are those that the platform posts tax to; what is not recovered stays with the lines.",
    )


def _given_away(evidence: Evidence, given: Submitted, documents: Sequence[Document], tax: _Tax) -> Finding:
    return Finding(
        title=f"The tax of the {given}, {abs(tax.submitted)}, is booked as cost: none of it will be reclaimed.",
        message=f"{told(given)} The gross is right, and the return of that period claims nothing for it.",
        invariants=("INV-15",),
        failure_modes=("FM-64",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        table=(Difference(account="Tax kept with the lines", expected=Money.zero(given.currency), actual=tax.kept),),
        control="A line with the code that was submitted for it puts its tax on the tax account.",
        remedy="Send the net amount, the tax and the tax code of each line; refuse a line whose tax cannot be sent.",
        assumption="The company's plan says that a purchaser gets this tax back.",
    )


def _invented(evidence: Evidence, given: Submitted, posting: Posting) -> Finding:
    rate = evidence.tax_rates[posting.tax_code].normalize()
    account = evidence.account_name(posting.account)
    return Finding(
        title=f"The {given} has no tax on {account}, and is booked there under tax code {posting.tax_code}, which is "
        f"{rate:f}%.",
        message=f"{told(given)} The tax return counts {abs(posting.amount)} as bought with tax, and no receipt shows "
        "any.",
        invariants=("INV-15",),
        failure_modes=("FM-88",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, evidence.standing(given.id)),
        control="A line that was submitted with its tax code keeps it.",
        remedy="Send a line without tax with the code that stands for no tax, also beside lines with tax; never with a "
        "default.",
        assumption="The company's plan gives the rate of the code; the line was submitted with neither tax nor code.",
    )


def _other_code(
    evidence: Evidence,
    given: Submitted,
    documents: Sequence[Document],
    account: str,
    *,
    wanted: set[str],
    found: set[str],
) -> Finding:
    has = listed(sorted(code or "none" for code in found))
    return Finding(
        title=f"The {given} has tax code {has} on {evidence.account_name(account)}; "
        f"{listed(sorted(wanted))} was submitted.",
        message=f"{told(given)} The platform answered with success.",
        invariants=("INV-15",),
        failure_modes=("FM-89",) if found <= {""} else ("FM-88",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        control="Other lines of this run carry the code that was submitted for them.",
        remedy="Compare what the platform answers with what was sent; a code that is gone is a failure.",
        assumption="The books name tax codes by the ids of the platform's API, as they do on other lines here.",
    )
