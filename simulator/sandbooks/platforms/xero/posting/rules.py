"""Which accounts each kind of document moves.

Facts that a version rests on (beside the document): ``base`` currency, ``rate``, ``control`` (the counter account),
``currency``, the account of each line, the tax components of each code, and for settlements the base amounts that they
relieve. The same version and facts always give the same entry, so the books can be rebuilt from what is stored.

# Source: https://developer.xero.com/documentation/api/accounting/journals (source types) and the help centre's
# description of each transaction; the accounts used by prepayments are unconfirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.ledger import Dimensions, Entry, Posting, Source, balanced
from sandbooks.ledger.taxes import TaxCode, TaxComponent, tax_on
from sandbooks.money import Money
from sandbooks.platforms.xero.posting.money import converted
from sandbooks.platforms.xero.wire.dates import day_of

Body: TypeAlias = Mapping[str, Any]
Facts: TypeAlias = Mapping[str, Any]

# +1: lines are debited (a purchase, a credit to a customer), -1: credited.
_LINE_SIDE = {
    "SPEND": 1,
    "RECEIVE": -1,
    "ACCPAY": 1,
    "ACCREC": -1,
    "ACCPAYCREDIT": -1,
    "ACCRECCREDIT": 1,
}


def tax_code(code: str, facts: Facts) -> TaxCode:
    """The tax code as it stood when the version was written."""
    components = facts["taxes"].get(code, [])
    return TaxCode(code, code, tuple(_component(component) for component in components))


def _component(kept: Mapping[str, Any]) -> TaxComponent:
    return TaxComponent(
        kept["name"],
        Decimal(kept["rate"]),
        kept["account"],
        recoverable=Decimal(kept["recoverable"]),
        reverse_charge=kept["reverse_charge"],
        compound=kept["compound"],
    )


def _tracking(line: Body) -> Dimensions:
    return tuple((t["TrackingCategoryID"], t["TrackingOptionID"]) for t in line.get("Tracking", ()))


def _posting(money: Money, account: str, *, line: Body, facts: Facts, party: str, code: str) -> Posting:
    base = converted(money, Decimal(facts["rate"]), facts["base"])
    memo = str(line.get("Description", ""))
    return Posting(account, money, base, tax_code=code, party=party, dimensions=_tracking(line), memo=memo)


def line_postings(lines: Iterable[Body], *, side: int, mode: str, facts: Facts, party: str) -> Iterator[Posting]:
    """Each line's net and taxes; ``side`` +1 debits what is positive."""
    for line in lines:
        amount = Money(Decimal(line.get("LineAmount", 0)), facts["currency"])
        given = Money(Decimal(line.get("TaxAmount", 0)), facts["currency"])
        code = line.get("TaxType", "")
        result = tax_on(amount, tax_code(code, facts), inclusive=mode == "Inclusive", given=given)
        cost = result.net + result.unrecoverable
        account = line.get("AccountID", "")
        yield _posting(cost * side, account, line=line, facts=facts, party=party, code=code)
        for part in result.parts:
            if part.recoverable:
                money = part.recoverable * side
                yield _posting(money, part.account, line=line, facts=facts, party=party, code=code)


def _document(kind: str, id: str, version: int, *, body: Body, facts: Facts, side: int) -> Entry | None:
    """Lines and taxes on one side, the control or bank account on the other."""
    party = body.get("Contact", {}).get("ContactID", "")
    mode = body.get("LineAmountTypes", "Exclusive")
    postings = list(line_postings(body.get("LineItems", ()), side=side, mode=mode, facts=facts, party=party))
    total = Money(Decimal(body["Total"]), facts["currency"]) * -side
    base = converted(total, Decimal(facts["rate"]), facts["base"])
    postings.append(Posting(facts["control"], total, base, party=party, memo=str(body.get("Reference", ""))))
    return _entry(kind, id, version, body=body, facts=facts, postings=postings)


def _entry(kind: str, id: str, version: int, *, body: Body, facts: Facts, postings: Iterable[Posting]) -> Entry | None:
    moved = [posting for posting in postings if posting.amount or posting.base]
    if not moved:
        return None
    memo = str(body.get("Reference") or body.get("InvoiceNumber") or body.get("Narration") or "")
    return Entry(day_of(body["Date"]), Source(kind, id, version), balanced(moved, facts["rounding"]), memo)


def _bank_transaction(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    if body["Status"] != "AUTHORISED" or body["Type"].endswith("-TRANSFER"):
        return None
    side = _LINE_SIDE[body["Type"].partition("-")[0]]
    return _document("BankTransaction", id, version, body=body, facts=facts, side=side)


def _invoice(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    if body["Status"] not in ("AUTHORISED", "PAID"):
        return None
    return _document("Invoice", id, version, body=body, facts=facts, side=_LINE_SIDE[body["Type"]])


def _credit_note(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    if body["Status"] not in ("AUTHORISED", "PAID"):
        return None
    return _document("CreditNote", id, version, body=body, facts=facts, side=_LINE_SIDE[body["Type"]])


def _parts(facts: Facts, key: str, side: int) -> Iterator[Posting]:
    """What a settlement relieves: kept amounts and base amounts, one per account."""
    for part in facts[key]:
        amount = Money(Decimal(part["amount"]), facts["currency"]) * side
        base = Money(Decimal(part["base"]), facts["base"]) * side
        yield Posting(part["account"], amount, base, tax_code=part.get("tax", ""), party=facts.get("party", ""))


def _with_gain(postings: list[Posting], facts: Facts) -> list[Posting]:
    """The exchange difference goes to the realised gains account: a debit there is a loss."""
    difference = Money.zero(facts["base"])
    for posting in postings:
        difference = difference + posting.base
    if difference:
        nothing = Money.zero(facts["currency"])  # only base value moves
        postings.append(Posting(facts["gains"], nothing, -difference, memo="Realised currency gain"))
    return postings


def _payment(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    """A bill's payment debits creditors and credits the bank; ``side`` -1 turns it round."""
    if body["Status"] != "AUTHORISED":
        return None
    side = int(facts["side"])
    bank = Money(Decimal(facts["bank_amount"]), facts["bank_currency"]) * -side
    bank_base = Money(Decimal(facts["bank_base"]), facts["base"]) * -side
    postings = list(_parts(facts, "relieved", side))
    postings.append(Posting(facts["bank"], bank, bank_base, party=facts.get("party", "")))
    return _entry("Payment", id, version, body=body, facts=facts, postings=_with_gain(postings, facts))


def _allocation(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    """What is used of a credit against what is relieved of an invoice: only differences move anything."""
    if body.get("IsDeleted"):
        return None
    side = int(facts["side"])
    moves: dict[tuple[str, str], list[Posting]] = {}
    for posting in (*_parts(facts, "relieved", side), *_parts(facts, "used", -side)):
        moves.setdefault((posting.account, posting.tax_code), []).append(posting)
    postings = [_summed(group) for group in moves.values()]
    return _entry("Allocation", id, version, body=body, facts=facts, postings=_with_gain(postings, facts))


def _summed(group: list[Posting]) -> Posting:
    first, *rest = group
    amount, base = first.amount, first.base
    for posting in rest:
        amount, base = amount + posting.amount, base + posting.base
    return Posting(first.account, amount, base, tax_code=first.tax_code, party=first.party)


def _bank_transfer(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    if body["Status"] != "AUTHORISED":
        return None
    base = Money(Decimal(facts["amount_base"]), facts["base"])
    into = Money(Decimal(facts["to_amount"]), facts["to_currency"])
    out = Money(Decimal(facts["from_amount"]), facts["from_currency"])
    postings = (Posting(facts["to"], into, base), Posting(facts["from"], -out, -base))
    return _entry("BankTransfer", id, version, body=body, facts=facts, postings=postings)


def _expense_claim(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    """The lines of the receipts against what the organisation owes its user."""
    if body["Status"] not in ("AUTHORISED", "PAID"):
        return None
    postings: list[Posting] = []
    for receipt in body["Receipts"]:
        party, mode = receipt["Contact"]["ContactID"], receipt["LineAmountTypes"]
        postings += line_postings(receipt["LineItems"], side=1, mode=mode, facts=facts, party=party)
    total = Money(Decimal(body["Total"]), facts["base"])
    postings.append(Posting(facts["control"], -total, -total, memo="Expense claim"))
    return _entry("ExpenseClaim", id, version, body=body, facts=facts, postings=postings)


def _claim_payment(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    """What is owed to the user of a claim against the bank."""
    total = Money(Decimal(body["Amount"]), facts["base"])
    postings = (Posting(facts["control"], total, total), Posting(facts["bank"], -total, -total))
    return _entry("ClaimPayment", id, version, body=body, facts=facts, postings=postings)


def _manual_journal(id: str, version: int, body: Body, facts: Facts) -> Entry | None:
    if body["Status"] != "POSTED":
        return None
    mode = body.get("LineAmountTypes", "NoTax")
    postings = line_postings(body["JournalLines"], side=1, mode=mode, facts=facts, party="")
    return _entry("ManualJournal", id, version, body=body, facts=facts, postings=postings)


_RULES: dict[str, Callable[[str, int, Body, Facts], Entry | None]] = {
    "BankTransaction": _bank_transaction,
    "Invoice": _invoice,
    "CreditNote": _credit_note,
    "Payment": _payment,
    "Allocation": _allocation,
    "BankTransfer": _bank_transfer,
    "ManualJournal": _manual_journal,
    "ExpenseClaim": _expense_claim,
    "ClaimPayment": _claim_payment,
}
POSTING_KINDS = tuple(_RULES)


def entry_of(kind: str, id: str, version: int, *, body: Body, facts: Facts) -> Entry | None:
    """The entry that stands for a version of a document; None when it moves nothing (a draft, a deleted document)."""
    rule = _RULES.get(kind)
    return rule(id, version, body, facts) if rule else None
