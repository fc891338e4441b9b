"""What moves in the books: pure functions from a document and the facts it rests on to a balanced entry.

Facts hold what stood when the document was posted: rates, posting groups, tax setup, what was settled. The same version
and facts always give the same entry, so the books can be rebuilt. Amounts are debits when positive.
Source: codeunits Gen. Jnl.-Post Line and Purch.-Post of the base application, github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.ledger import Dimensions, Entry, Posting, Source, TaxResult, debit
from sandbooks.money import Money, Rate, allocate, total
from sandbooks.platforms.business_central.vat import OWED, taxed

Facts = Mapping[str, Any]


def entry_of(kind: str, id: str, version: int, *, document: Mapping[str, Any], facts: Facts) -> Entry | None:
    """The entry of a record version; None for what has not been posted."""
    rule = _RULES.get(kind)
    if rule is None or not facts:
        return None
    postings = tuple(posting for posting in rule(facts) if posting.amount or posting.base)
    if not postings:
        return None
    memo = f"{facts['document_type']}|{facts['document_number']}"
    return Entry(date.fromisoformat(facts["date"]), Source(kind, id, version), postings, memo)


def money(facts: Facts, name: str) -> Money:
    """A stored amount in the document's currency."""
    return Money.of(str(facts[name]), facts["currency"])


def in_local(amount: Money, facts: Facts) -> Money:
    """An amount at the rate that the facts carry, in local currency."""
    return Rate(Decimal(str(facts["rate"])), amount.currency, facts["local"]).to_base(amount)


# General journals


def journal(facts: Facts) -> Iterable[Posting]:
    """The lines of one document: each on its account, and on its balancing account if it has one.

    A line on an account with a posting type is gross: its tax is inside the amount. What a line settles of an open
    invoice is relieved at the invoice's own rate, and the difference goes to the exchange accounts. A line may carry
    its ``base``: the last part of what was shared out takes what rounding to local currency leaves.
    """
    for line in facts["lines"]:
        amount = money(line, "amount")
        base = Money.of(line["base"], line["local"]) if "base" in line else in_local(amount, line)
        yield from _side(line, amount, base, side="account")
        if line["balancing"]:
            yield from _side(line, -amount, -base, side="balancing")


def _side(line: Facts, amount: Money, base: Money, *, side: str) -> Iterable[Posting]:
    account, tax, party = line[side], line[f"{side}_tax"], line[f"{side}_party"]
    if line[f"{side}_local"]:
        amount = base  # a bank account in local currency takes what the foreign amount is worth
    more: dict[str, Any] = {"dimensions": _dimensions(line), "memo": line["memo"], "party": party}
    if side == "account" and line.get("settled"):
        yield from _settling(line, amount, base, more)
    elif tax is None:
        yield debit(account, amount, base, **more)
    else:
        yield from _with_tax(account, taxed(amount, tax, inclusive=True), base, tax=tax, line=line, more=more)


def _with_tax(
    account: str, result: TaxResult, base: Money, *, tax: Facts, line: Facts, more: dict[str, Any]
) -> Iterable[Posting]:
    """Cost (with what is not reclaimed) and the tax parts; the cost takes what rounding to local currency leaves."""
    parts = [(part, in_local(part.recoverable, line)) for part in result.parts]
    moved = total((part.recoverable for part in result.parts), result.net.currency)
    charged = Money.zero(base.currency)
    for _, local in parts:
        charged = charged + local
    code = tax["code"]
    kept = total((part.unrecoverable for part in result.parts), result.net.currency)
    kept_base = Money.zero(base.currency)
    if kept and tax.get("non_deductible_account"):
        kept_base = in_local(kept, line)
        yield debit(tax["non_deductible_account"], kept, kept_base, tax_code=code, **{**more, "party": ""})
        moved = moved + kept
    yield debit(account, result.gross - moved, base - charged - kept_base, tax_code=code, **more)
    for part, local in parts:
        yield debit(part.account, part.recoverable, local, tax_code=code, **{**more, "party": ""})


def _settling(line: Facts, amount: Money, base: Money, more: dict[str, Any]) -> Iterable[Posting]:
    """What is settled leaves the control account at its own rate; the rest stays on it at today's. What the vendor lets
    go, or a payment misses by, has an account of its own; tax that was unrealised is realised."""
    settled, local = line["settled"], base.currency
    relieved_base = total((Money.of(s["base"], local) for s in settled), local)
    today = total((Money.of(s["base_now"], local) for s in settled), local)
    apart = {**more, "party": ""}
    let_go = [(name, *_summed(settled, name, amount.currency, local)) for name in _LET_GO]
    gone = total((part for _, part, _ in let_go), amount.currency)
    gone_base = total((part_base for _, _, part_base in let_go), local)
    used = total((Money.of(s["amount"], amount.currency) for s in settled), amount.currency)
    rest = base + gone_base - today  # of what settles: on the account while it is open, else left by rounding
    closed = amount + gone == used
    yield debit(line["account"], amount + gone, relieved_base if closed else relieved_base + rest, **more)
    for name, part, part_base in let_go:
        if part:
            yield debit(line[f"payment_{name}"], -part, -part_base, **{**apart, "memo": _LET_GO[name]})
    rounded = total((Money.of(s.get("rounded", "0"), local) for s in settled), local)
    difference = today - relieved_base - rounded
    if difference:
        yield _exchange(line, difference, amount.currency)
    rounded = rounded + rest if closed else rounded
    if rounded:
        none = rounded if amount.currency == local else Money.zero(amount.currency)
        yield debit(line["rounding"], none, rounded, memo="Rounding")
    for each in settled:
        yield from _realised(each.get("realised", ()), local, apart)


_LET_GO = {"discount": "Payment discount", "tolerance": "Payment tolerance"}


def _summed(settled: Iterable[Facts], name: str, currency: str, local: str) -> tuple[Money, Money]:
    """What was let go under a name, in the document's currency and in local currency."""
    amounts = (Money.of(each.get(name, "0"), currency) for each in settled)
    bases = (Money.of(each.get(f"{name}_base", "0"), local) for each in settled)
    return total(amounts, currency), total(bases, local)


def _realised(moves: Iterable[Facts], local: str, more: dict[str, Any]) -> Iterable[Posting]:
    """Unrealised tax on its way to the account where it is reclaimed, and what is owed of it likewise."""
    for move in moves:
        amount, code = Money.of(move["amount"], local), move["code"]
        yield debit(move["account"], amount, amount, tax_code=code, **more)
        yield debit(move["unrealised_account"], -amount, -amount, tax_code=code, **more)
        if move["reverse"]:
            yield debit(move["reverse_account"], -amount, -amount, tax_code=code, **more)
            yield debit(move["unrealised_reverse_account"], amount, amount, tax_code=code, **more)


def _exchange(facts: Facts, difference: Money, currency: str) -> Posting:
    """A realised exchange difference in local currency: a debit is a loss."""
    account = facts["exchange_loss"] if difference > Money.zero(difference.currency) else facts["exchange_gain"]
    amount = difference if currency == difference.currency else Money.zero(currency)
    return debit(account, amount, difference, memo="Exchange difference")


def _dimensions(facts: Facts) -> Dimensions:
    return tuple((code, value) for code, value in facts.get("dimensions", ()))


# Documents of trade


def purchase_invoice(facts: Facts) -> Iterable[Posting]:
    """Cost and purchase tax against the vendor's payables."""
    return _trade(facts, sign=1)


def purchase_credit_memo(facts: Facts) -> Iterable[Posting]:
    """The mirror of an invoice; what it settles of one is relieved at that invoice's rate."""
    return _trade(facts, sign=-1)


def sales_invoice(facts: Facts) -> Iterable[Posting]:
    """The customer's receivables against revenue and sales tax."""
    return _trade(facts, sign=-1)


def sales_credit_memo(facts: Facts) -> Iterable[Posting]:
    """The mirror of an invoice; what it settles of one is relieved at that invoice's rate."""
    return _trade(facts, sign=1)


def _trade(facts: Facts, *, sign: int) -> Iterable[Posting]:
    local = facts["local"]
    owed, owed_base = Money.zero(facts["currency"]), Money.zero(local)
    for line in facts["lines"]:
        for posting in _trade_line(facts, line):
            owed, owed_base = owed + posting.amount, owed_base + posting.base
            yield posting if sign > 0 else posting.reversed()
    against, against_base = (-owed, -owed_base) if sign > 0 else (owed, owed_base)
    more = {"party": facts["party"], "memo": facts["memo"]}
    if not facts.get("settled"):
        yield debit(facts["payables"], against, against_base, **more)
        return
    yield from _settling({**facts, "account": facts["payables"]}, against, against_base, more)
    yield from _realised(facts.get("realised", ()), local, {"memo": facts["memo"]})


def _trade_line(facts: Facts, line: Facts) -> Iterable[Posting]:
    """One line's cost, or its revenue with the sign turned, and tax in the document's currency; tax amounts were shared
    out over the lines before."""
    tax = line["tax"]
    net, charged = Money.of(line["net"], facts["currency"]), Money.of(line["tax_amount"], facts["currency"])
    more: dict[str, Any] = {"dimensions": _dimensions(line), "memo": line["memo"]}
    asset = line.get("asset", "")
    if tax is None or (not charged and tax["calculation"] not in OWED):
        yield debit(line["account"], net + charged, in_local(net + charged, facts), party=asset, **more)
        return
    code = tax["code"]
    aside = tax.get("non_deductible_account") or line["account"]
    if tax["calculation"] in OWED:
        yield debit(line["account"], net, in_local(net, facts), tax_code=code, party=asset, **more)
        owed = net.portion(_share(tax["rate"]))
        kept = owed.portion(_share(Decimal(str(tax["recoverable"])) * 100))
        cost = owed - kept
        for account, amount in ((tax["account"], kept), (aside, cost)):
            owner = asset if account == line["account"] else ""
            yield debit(account, amount, in_local(amount, facts), tax_code=code, party=owner, **more)
        base = in_local(kept, facts) + in_local(cost, facts)
        yield debit(tax["reverse_account"], -owed, -base, tax_code=code, **more)
        return
    reclaimed = charged.portion(_share(Decimal(str(tax["recoverable"])) * 100))
    kept = charged - reclaimed if aside != line["account"] else Money.zero(net.currency)
    base, kept_base = in_local(reclaimed, facts), in_local(kept, facts)
    cost, cost_base = net + charged - reclaimed - kept, in_local(net + charged, facts) - base - kept_base
    yield debit(line["account"], cost, cost_base, tax_code=code, party=asset, **more)
    yield debit(aside, kept, kept_base, tax_code=code, **more)
    yield debit(tax["account"], reclaimed, base, tax_code=code, **more)


def _share(percent: Any) -> Fraction:
    return Fraction(Decimal(str(percent))) / 100


def shared_tax(amounts: list[Money], rate: Decimal, *, inclusive: bool) -> list[Money]:
    """The tax of one tax group of a document, computed on its sum and shared out over its lines.

    Source: codeunit Purch.-Post, VAT amount lines: tax is rounded once for each VAT identifier.
    """
    currency = amounts[0].currency
    whole = total(amounts, currency)
    share = _share(rate)
    tax = whole.portion(share / (1 + share)) if inclusive else whole.portion(share)
    if not whole:
        return [amount.portion(share / (1 + share) if inclusive else share) for amount in amounts]
    return allocate(tax, [amount.amount for amount in amounts])


_RULES: dict[str, Callable[[Facts], Iterable[Posting]]] = {
    "journalLine": journal,
    "vendorPayment": journal,
    "customerPayment": journal,
    "purchaseInvoice": purchase_invoice,
    "purchaseCreditMemo": purchase_credit_memo,
    "salesInvoice": sales_invoice,
    "salesCreditMemo": sales_credit_memo,
}
