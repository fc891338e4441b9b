"""Posting rules: from one version of a native transaction, and the facts it rests on, to a balanced entry.

Pure. ``facts`` are kept with each version, so that the books can be rebuilt from the stored versions alone: currencies
and the rate, the accounts that the document only implies, the tax codes as they stood, and what payments relieve.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_N1421213.html (transactions and their
ledger effect) and ordinary double entry; sides that no page states are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.ledger import (
    Dimensions,
    Entry,
    Posting,
    Settlement,
    Source,
    TaxCode,
    TaxComponent,
    credit,
    debit,
    settle,
    tax_on,
)
from sandbooks.money import Money, Rate, total

Document: TypeAlias = Mapping[str, Any]

DIMENSIONS = ("department", "class", "location")


def entry_of(kind: str, id: str, version: int, *, document: Document, facts: Document) -> Entry | None:
    """The entry of a transaction version; None for what moves no money (a list, a pending or voided document)."""
    rule = _RULES.get(kind)
    if rule is None or not facts.get("posts"):
        return None
    postings = tuple(posting for posting in rule(document, facts) if posting.amount or posting.base)
    if not postings:
        return None
    day = date.fromisoformat(facts.get("date") or document["tranDate"])
    return Entry(day, Source(kind, id, version), postings, str(document.get("memo") or ""))


def postings_of(kind: str, document: Document, facts: Document) -> list[Posting]:
    """The postings of a rule, those of nothing included, so that two views of one document can be laid side by side."""
    return _RULES[kind](document, facts)


_MARK = "\0"


def lines_behind(kind: str, document: Document, facts: Document) -> list[Document | None]:
    """The line of the document behind each posting of its entry; None for one of the document as a whole, or of tax."""
    marked = dict(document)
    for sublist in ("expense", "item", "line"):
        if lines_of(document, sublist):
            lines = enumerate(lines_of(document, sublist))
            marked[sublist] = {"items": [{**line, "memo": f"{_MARK}{n}/{sublist}"} for n, line in lines]}
    found: list[Document | None] = []
    for posting in (p for p in _RULES[kind](marked, facts) if p.amount or p.base):
        place, _, sublist = posting.memo.removeprefix(_MARK).partition("/")
        found.append(lines_of(document, sublist)[int(place)] if posting.memo.startswith(_MARK) else None)
    return found


def rate_of(facts: Document) -> Rate:
    """Base units for one unit of the document's currency."""
    return Rate(Decimal(facts["rate"]), facts["currency"], facts["base"])


def lines_of(document: Document, sublist: str) -> list[dict[str, Any]]:
    """The lines of a sublist, in order."""
    found: list[dict[str, Any]] = (document.get(sublist) or {}).get("items") or []
    return found


def id_of(value: Any) -> str:
    """The id inside a stored reference; empty when there is none."""
    return str(value["id"]) if value else ""


# Lines


def tax_code(id: str, facts: Document) -> TaxCode:
    """A tax code as the facts kept it."""
    kept = facts["taxes"][id]
    if not Decimal(kept["rate"]):
        return TaxCode(id, kept["name"])
    component = TaxComponent(
        kept["name"],
        Decimal(kept["rate"]),
        kept["account"],
        recoverable=Decimal(kept["recoverable"]),
        reverse_charge=kept["reverse"],
        output_account=kept["output"],
    )
    return TaxCode(id, kept["name"], (component,))


def _taxes(document: Document, line: Document) -> list[tuple[str, Decimal]]:
    """The tax codes on a line with their amounts: from the line itself, or from the tax details that name it."""
    if line.get("taxCode"):
        return [(id_of(line["taxCode"]), Decimal(line["tax1Amt"]))]
    name = line.get("taxDetailsReference")
    details = lines_of(document, "taxDetails") if name else []
    return [(id_of(d["taxCode"]), Decimal(d["taxAmount"])) for d in details if d["taxDetailsReference"] == name]


def _dimensions(line: Document, document: Document) -> Dimensions:
    found = ((name, id_of(line.get(name) or document.get(name))) for name in DIMENSIONS)
    return tuple((name, id) for name, id in found if id)


def _spent(document: Document, facts: Document) -> list[Posting]:
    """The lines of a purchase, debited: net with unrecoverable tax on the line's account, the rest on tax accounts."""
    rate = rate_of(facts)
    party = id_of(document.get("entity"))
    postings: list[Posting] = []
    numbered = [*lines_of(document, "expense"), *lines_of(document, "item")]
    for line, account in zip(numbered, facts["accounts"], strict=True):
        net = Money.of(line["amount"], rate.foreign)
        where = _dimensions(line, document)
        cost, codes = net, list[str]()
        for code, given in _taxes(document, line):
            result = tax_on(net, tax_code(code, facts), inclusive=False, given=Money.of(given, rate.foreign))
            cost += result.unrecoverable
            codes.append(code)
            for part in result.parts:
                back = part.recoverable
                postings.append(debit(part.account, back, rate.to_base(back), tax_code=code, party=party))
        memo = str(line.get("memo") or line.get("description") or "")
        code = codes[0] if codes else ""
        postings.append(
            debit(account, cost, rate.to_base(cost), tax_code=code, memo=memo, party=party, dimensions=where)
        )
    return postings


def _against(account: str, postings: list[Posting], facts: Document, *, party: str = "") -> Posting:
    """The other side of a document: the sum of its lines, in both currencies, so that no residual is left."""
    amount = total((p.amount for p in postings), facts["currency"])
    base = total((p.base for p in postings), facts["base"])
    return credit(account, amount, base, party=party)


def _in_base(postings: Iterable[Posting]) -> list[Posting]:
    """What a base-currency account pays for foreign spend is in the books in base currency alone, on both sides."""
    return [replace(p, amount=p.base) for p in postings]


def _turned(postings: Iterable[Posting]) -> list[Posting]:
    return [p.reversed() for p in postings]


def _money_spent(document: Document, facts: Document) -> list[Posting]:
    """A check or a card charge: Dr lines and recoverable tax, Cr the bank or card account."""
    spent = _spent(document, facts)
    postings = [*spent, _against(facts["account"], spent, facts, party=id_of(document.get("entity")))]
    return _in_base(postings) if facts["in_base"] else postings


def _card_refund(document: Document, facts: Document) -> list[Posting]:
    # Unconfirmed: the sides follow from the screen's name; positive lines bring what is owed on the card down.
    return _turned(_money_spent(document, facts))


def _bill(document: Document, facts: Document) -> list[Posting]:
    """A vendor bill: Dr lines and recoverable tax, Cr accounts payable."""
    spent = _spent(document, facts)
    return [*spent, _against(facts["account"], spent, facts, party=id_of(document.get("entity")))]


def _vendor_credit(document: Document, facts: Document) -> list[Posting]:
    """A vendor credit: a bill turned round; applying it at another rate than the bill's realises the difference."""
    postings = _turned(_bill(document, facts))
    left, left_base = postings[-1].amount, postings[-1].base
    gain = Money.zero(facts["base"])
    for applied in facts["applied"]:
        amount = Money.of(applied["paid"], facts["currency"])
        given = settle(left, left_base, paid=amount, paid_base=rate_of(facts).to_base(amount))
        opened, base = Money.of(applied["open"], facts["currency"]), Money.of(applied["open_base"], facts["base"])
        gain += settle(-opened, -base, paid=-amount, paid_base=-given.relieved_base).gain
        left, left_base = given.open_amount, given.open_base
    return [*postings, *_realised(gain, facts, control=facts["account"], party=id_of(document.get("entity")))]


# Settlement


def _relief(applied: Document, facts: Document, *, paid: str) -> Settlement:
    """What one application relieves of a bill, whose open amount is owed and so negative."""
    rate = rate_of(facts)
    amount = Money.of(paid, rate.foreign)
    opened, base = Money.of(applied["open"], rate.foreign), Money.of(applied["open_base"], rate.base)
    return settle(-opened, -base, paid=-amount, paid_base=-rate.to_base(amount))


def _realised(gain: Money, facts: Document, *, control: str, party: str) -> list[Posting]:
    """A gain or loss that moves only base value between the control account and Realized Gain/Loss."""
    zero = Money.zero(facts["currency"])
    if facts["currency"] == facts["base"]:
        return []
    taken = credit(_exchange(gain, facts), zero, gain, memo="Realized Gain/Loss")
    return [debit(control, zero, gain, party=party), taken]


def _exchange(gain: Money, facts: Document) -> str:
    """The account that takes an exchange difference, which is a loss below zero."""
    return str(facts.get("exchange_gain" if gain.amount > 0 else "exchange") or facts["exchange"])


def _payment(document: Document, facts: Document) -> list[Posting]:
    """A bill payment: Dr payables at each bill's own rate, Cr bank at the payment's; the difference is realised.

    Vendor credits taken along are given back at their own rate and lower what leaves the bank.
    """
    rate = rate_of(facts)
    party = id_of(document.get("entity"))
    postings: list[Posting] = []
    cash = Money.zero(rate.foreign)
    for applied in facts["applied"]:
        amount, discount = Money.of(applied["paid"], rate.foreign), Money.of(applied["discount"], rate.foreign)
        relief = _relief(applied, facts, paid=str((amount + discount).amount))
        account = applied["account"]
        postings.append(debit(account, -relief.relieved, -relief.relieved_base, party=party))
        postings.append(credit(facts["discounts"], discount, rate.to_base(discount), party=party))
        cash += amount
    for taken in facts["credits"]:
        amount = Money.of(taken["paid"], rate.foreign)
        opened, base = Money.of(taken["open"], rate.foreign), Money.of(taken["open_base"], rate.base)
        relief = settle(opened, base, paid=amount, paid_base=rate.to_base(amount))
        postings.append(credit(taken["account"], relief.relieved, relief.relieved_base, party=party))
        cash -= amount
    paid_base = rate.to_base(cash)
    postings.append(credit(facts["account"], paid_base if facts["in_base"] else cash, paid_base, party=party))
    difference = total((p.base for p in postings), rate.base)
    return [*postings, *_difference(difference, facts)]


def _difference(difference: Money, facts: Document) -> list[Posting]:
    """What is left in base currency: a gain when debits exceed credits."""
    if not difference:
        return []
    # Where every other posting is in one foreign currency, this one moves only base value.
    amount = difference if facts["in_base"] else Money.zero(facts["currency"])
    return [credit(_exchange(difference, facts), amount, difference, memo="Realized Gain/Loss")]


# The rest


def _expense_report(document: Document, facts: Document) -> list[Posting]:
    """An approved expense report: Dr categories and tax; Cr what the employee is owed, or the corporate card."""
    rate = rate_of(facts)
    party = id_of(document.get("entity"))
    postings: list[Posting] = []
    for line, account in zip(lines_of(document, "expense"), facts["accounts"], strict=True):
        only = {**document, "expense": {"items": [line]}, "item": None}
        spent = _spent(only, {**facts, "accounts": [account]})
        by_card = line.get("corporatecreditcard") or line.get("isnonreimbursable")
        owed_to = facts["card"] if by_card else facts["account"]
        other = _against(owed_to, spent, facts, party="" if by_card else party)
        in_base = by_card and facts["card_in_base"] and rate.foreign != rate.base
        postings += [*spent, replace(other, amount=other.base) if in_base else other]
    advance = Money.of(facts.get("advance", "0"), rate.foreign)
    if advance:
        base = rate.to_base(advance)
        postings.append(debit(facts["account"], advance, base, party=party))
        postings.append(credit(facts["advance_account"], advance, base, party=party))
    return postings


def _journal(document: Document, facts: Document) -> list[Posting]:
    """A journal entry, as given; the odd base unit that converting by lines leaves goes on its last foreign line."""
    if "mirror" in facts:
        return [_kept(posting) for posting in facts["mirror"]]
    if "legs" not in facts:
        return _journal_lines(document, lines_of(document, "line"), facts)
    legs = facts["legs"].items()
    return [p for id, leg in legs for p in _journal_lines(document, _of_leg(document, id), {**facts, **leg})]


def _of_leg(document: Document, subsidiary: str) -> list[dict[str, Any]]:
    """The lines of an intercompany journal that are one subsidiary's."""
    own = id_of(document["subsidiary"])
    return [line for line in lines_of(document, "line") if (id_of(line.get("lineSubsidiary")) or own) == subsidiary]


def _journal_lines(document: Document, lines: list[dict[str, Any]], facts: Document) -> list[Posting]:
    rate = rate_of(facts)
    postings = []
    for line in lines:
        amount = Money(Decimal(line.get("debit") or 0) - Decimal(line.get("credit") or 0), rate.foreign)
        shown = amount if id_of(line["account"]) not in facts["base_accounts"] else rate.to_base(amount)
        party, where = id_of(line.get("entity")), _dimensions(line, document)
        memo, account = str(line.get("memo") or ""), id_of(line["account"])
        postings.append(debit(account, shown, rate.to_base(amount), party=party, dimensions=where, memo=memo))
    return _closed_up(postings, facts)


def _kept(posting: Document) -> Posting:
    """A posting that the facts hold as it was, of an entry that is taken back."""
    amount, base = (Money.of(*posting[name]) for name in ("amount", "base"))
    where = tuple((name, id) for name, id in posting["dimensions"])
    account, party = posting["account"], posting["party"]
    return Posting(account, amount, base, party=party, dimensions=where, memo=posting["memo"])


def _closed_up(postings: list[Posting], facts: Document) -> list[Posting]:
    residual = total((p.base for p in postings), facts["base"])
    if not residual or facts["currency"] == facts["base"]:
        return postings
    zero = Money.zero(facts["currency"])
    return [*postings, credit(facts["rounding"], zero, residual, memo="Rounding")]


def _customer_payment(document: Document, facts: Document) -> list[Posting]:
    """A customer's payment: Dr undeposited funds or the bank, Cr accounts receivable."""
    rate = rate_of(facts)
    amount = Money.of(document["payment"], rate.foreign)
    base = rate.to_base(amount)
    party, where = id_of(document["customer"]), _dimensions({}, document)
    held = debit(facts["account"], base if facts["in_base"] else amount, base, dimensions=where)
    return [credit(facts["receivables"], amount, base, party=party, dimensions=where), held]


def _deposit(document: Document, facts: Document) -> list[Posting]:
    """A deposit: Cr the accounts of its other lines, Dr cash back, Dr the bank with the rest.

    Payments leave the undeposited funds at the value that they had there; at another rate the difference is realised.
    """
    rate = rate_of(facts)
    postings: list[Posting] = []
    for sublist, side in (("other", credit), ("cashBack", debit)):
        for line in lines_of(document, sublist):
            amount = Money.of(line["amount"], rate.foreign)
            party, where = id_of(line.get("entity")), _dimensions(line, document)
            memo, account = str(line.get("memo") or ""), id_of(line["account"])
            postings.append(side(account, amount, rate.to_base(amount), party=party, dimensions=where, memo=memo))
    payments = facts.get("payments", ())
    brought = total((Money.of(each["amount"], rate.foreign) for each in payments), rate.foreign)
    # At the deposit's own rate, as the bank takes it.
    placed = credit(facts["account"], brought, rate.to_base(brought))
    whole = [*postings, _against(facts["account"], [*postings, placed], facts)]
    whole = _in_base(whole) if facts["in_base"] else whole
    whole += [
        credit(p["account"], Money.of(p["amount"], rate.foreign), Money.of(p["base"], rate.base), party=p["party"])
        for p in payments
    ]
    return [*whole, *_difference(total((p.base for p in whole), rate.base), facts)]


def _revaluation(_document: Document, facts: Document) -> list[Posting]:
    """A currency revaluation: base value alone moves, Dr the account of each line, Cr unrealized gains and losses."""
    rate = rate_of(facts)
    postings: list[Posting] = []
    for line in facts["lines"]:
        nothing, gain = Money.zero(line["currency"]), rate.to_base(Money.of(line["gain"], rate.foreign))
        postings.append(debit(line["account"], nothing, gain, party=line["party"]))
        postings.append(credit(_exchange(gain, line), nothing, gain))
    return postings


_RULES: dict[str, Callable[[Document, Document], list[Posting]]] = {
    "advInterCompanyJournalEntry": _journal,
    "check": _money_spent,
    "creditCardCharge": _money_spent,
    "creditCardRefund": _card_refund,
    "currencyRevaluation": _revaluation,
    "customerPayment": _customer_payment,
    "deposit": _deposit,
    "expenseReport": _expense_report,
    "journalEntry": _journal,
    "vendorBill": _bill,
    "vendorCredit": _vendor_credit,
    "vendorPayment": _payment,
}
