"""Posting rules: from one version of a native record, and the facts it rests on, to a balanced entry.

Pure. ``facts`` are kept with each version, so that the books can be rebuilt from the stored versions alone. Amounts
follow the bank side: money in is positive. FreeAgent publishes no posting table; the rules are double entry over the
nominal codes of its ledger samples.
Source: https://dev.freeagent.com/docs/transactions, https://dev.freeagent.com/docs/trial_balance (samples)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from sandbooks.ledger import Entry, Posting, Source, credit, debit
from sandbooks.ledger.fx import settle
from sandbooks.money import Money, Rate
from sandbooks.platforms.freeagent.wire import tail

Document: TypeAlias = Mapping[str, Any]

TRADE_DEBTORS = "681"
BANK = "750"
TRADE_CREDITORS = "796"
VAT_RECLAIMED = "818"
VAT_CHARGED = "819"
EXPENSE_ACCOUNT = "905"
SUSPENSE = "999"
# Source: https://github.com/RootwireLtd/FreeAgentDotNet FreeAgentFixtures (a recorded list of categories)
EXCHANGE_DIFFERENCES, UNREALISED_DIFFERENCES = "390", "391"
DEPRECIATION_CHARGE, DISPOSAL_RESULT = "460", "461"
VAT_MOSS = "824"
RETAINED_PROFIT = "970"
DIVIDENDS = "908"
USER_CODES = range(900, 911)


def user_account(code: str, user: str) -> str:
    """The account of one user under a user code: ``905-41``, as the legacy ``nominal_code`` of reports."""
    return f"{code}-{user}"


def entry_of(kind: str, id: str, version: int, *, document: Document, facts: Document) -> Entry | None:
    """The entry of a record version; None for what moves no money."""
    rule = _RULES.get(kind)
    if rule is None or not facts.get("posts"):
        return None
    postings = tuple(posting for posting in rule(document, facts) if posting.amount or posting.base)
    if not postings:
        return None
    memo = str(document.get("description") or document.get("reference") or document.get("name") or "")
    return Entry(date.fromisoformat(_dated(document, facts)), Source(kind, id, version), postings, memo)


def _dated(document: Document, facts: Document) -> str:
    return str(facts.get("dated_on") or document["dated_on"])


def _rate(facts: Document, name: str = "rate") -> Rate:
    return Rate(Decimal(facts[name]), facts["currency"], facts["base"])


def _explanation(document: Document, facts: Document) -> list[Posting]:
    return _EXPLAINED[facts["posts"]](document, facts)


def _spend(document: Document, facts: Document) -> list[Posting]:
    """Money against a category: the bank moves by gross, the category by net, the tax account by tax."""
    rate = _rate(facts)
    postings, left, left_base = _banked(document, facts, rate)
    postings.append(credit(facts["account"], left, left_base))
    return [*postings, *_self_accounted(Money.of(facts["notional"], rate.foreign), rate)]


def _banked(document: Document, facts: Document, rate: Rate) -> tuple[list[Posting], Money, Money]:
    """The bank's posting and the tax within it, and what is left for the category."""
    gross = Money.of(document["gross_value"], rate.foreign)
    postings = [debit(facts["bank"], gross, rate.to_base(gross))]
    left, left_base = gross, rate.to_base(gross)
    for name in ("sales_tax_value", "second_sales_tax_value"):
        tax = Money.of(document.get(name) or "0", rate.foreign)
        if tax and facts["recoverable"]:
            left, left_base = left - tax, left_base - rate.to_base(tax)
            postings.append(credit(facts["tax_account"], tax, rate.to_base(tax)))
    return postings, left, left_base


def _disposal(document: Document, facts: Document) -> list[Posting]:
    """An asset goes at its cost, less what it has lost; what the money is above that is a gain."""
    postings, _, proceeds = _banked(document, facts, _rate(facts))
    cost, lost = (Money.of(facts[name], proceeds.currency) for name in ("cost", "depreciated"))
    return [
        *postings,
        credit(facts["disposed"], cost),
        debit(facts["disposed_depreciation"], lost),
        credit(DISPOSAL_RESULT, proceeds - (cost - lost)),
    ]


def costs(kind: str, document: Document, facts: Document) -> list[Money]:
    """What each line of a purchase costs, net of the tax reclaimed, in native currency. Money in is negative."""
    if kind == "bill":
        return [_item_net(item, _rate(facts), recoverable=facts["recoverable"])[1] for item in document["bill_items"]]
    if kind == "expense":
        return [-_claimed(document, facts)[0]]
    return [-_banked(document, facts, _rate(facts))[2]]


def _self_accounted(notional: Money, rate: Rate) -> list[Posting]:
    """Reverse charge: tax reclaimed and tax charged cancel; ``notional`` has the sign of the bank side."""
    base = rate.to_base(notional)
    return [credit(VAT_RECLAIMED, notional, base), debit(VAT_CHARGED, notional, base)]


def _paid_document(document: Document, facts: Document) -> list[Posting]:
    """A bill or an invoice is relieved at its own booking rate; the difference to what moved on the bank is one of
    exchange. Tax held back from a subcontractor settles a bill beside what is paid, and is owed to HMRC instead."""
    rate = _rate(facts)
    gross = Money.of(document["gross_value"], rate.foreign)
    opened = Money.of(facts["open"], facts["bill_currency"])
    paid = Money.of(facts["paid"], facts["bill_currency"])
    kept = Money.of(facts.get("held_back", "0"), facts["bill_currency"])
    base = rate.to_base(gross)
    kept_base = base.portion(Fraction(kept.amount) / Fraction(paid.amount))
    settled = settle(opened, Money.of(facts["open_base"], rate.base), paid=paid + kept, paid_base=base + kept_base)
    postings = [
        debit(facts["bank"], gross, base),
        *([debit(facts["held_back_on"], kept, kept_base)] if kept else []),
        credit(
            facts.get("control", TRADE_CREDITORS), settled.relieved, settled.relieved_base, party=facts.get("party", "")
        ),
    ]
    return [*postings, *_difference(settled.gain, {rate.foreign, facts["bill_currency"]})]


def _difference(gain: Money, currencies: set[str]) -> list[Posting]:
    """An exchange gain (credited). It moves only base value where everything else is in one foreign currency."""
    if len(currencies) == 1 and gain.currency not in currencies:
        return [credit(EXCHANGE_DIFFERENCES, Money.zero(next(iter(currencies))), gain, memo="Exchange difference")]
    return [credit(EXCHANGE_DIFFERENCES, gain, memo="Exchange difference")]


def _paid_user(document: Document, facts: Document) -> list[Posting]:
    rate = _rate(facts)
    gross = Money.of(document["gross_value"], rate.foreign)
    return [
        debit(facts["bank"], gross, rate.to_base(gross)),
        credit(facts["account"], gross, rate.to_base(gross)),
    ]


def _transfer(document: Document, facts: Document) -> list[Posting]:
    """One entry for both sides of a transfer, on the side that was explained first."""
    here = _rate(facts)
    there = Rate(Decimal(facts["other_rate"]), facts["other_currency"], facts["base"])
    gross = Money.of(document["gross_value"], here.foreign)
    other = Money.of(facts["other_value"], there.foreign)
    base, other_base = here.to_base(gross), there.to_base(other)
    postings = [debit(facts["bank"], gross, base), debit(facts["other"], other, other_base)]
    return [*postings, *_difference(base + other_base, {here.foreign, there.foreign})]


def _bill(document: Document, facts: Document) -> list[Posting]:
    """Categories and reclaimed tax against trade creditors; each item is converted by itself. A deduction for HMRC that
    leaves nothing to be paid is owed on its category at once."""
    rate = _rate(facts)
    postings: list[Posting] = []
    owed, owed_base = Money.zero(rate.foreign), Money.zero(rate.base)
    for item in document["bill_items"]:
        gross = Money.of(item["total_value"], rate.foreign)
        base = rate.to_base(gross)
        owed, owed_base = owed + gross, owed_base + base
        net, net_base = _item_net(item, rate, recoverable=facts["recoverable"])
        postings.append(debit(tail(item["category"], "categories"), net, net_base))
        postings.append(debit(VAT_RECLAIMED, gross - net, base - net_base))
    postings += _self_accounted(-Money.of(facts["notional"], rate.foreign), rate)
    control = facts.get("held_back_on") or facts.get("control", TRADE_CREDITORS)
    return [*postings, credit(control, owed, owed_base, party=tail(document["contact"], "contacts"))]


def _item_net(item: Document, rate: Rate, *, recoverable: bool) -> tuple[Money, Money]:
    """What an item costs net of the tax reclaimed."""
    gross = Money.of(item["total_value"], rate.foreign)
    tax, tax_base = _bill_tax(item, rate, recoverable=recoverable)
    return gross - tax, rate.to_base(gross) - tax_base


def _invoice(document: Document, facts: Document) -> list[Posting]:
    """Trade debtors against categories and tax charged; each item is converted by itself. A credit note is negative."""
    rate = _rate(facts)
    postings: list[Posting] = []
    owed, owed_base = Money.zero(rate.foreign), Money.zero(rate.base)
    for item in document.get("invoice_items") or document.get("credit_note_items") or ():
        for account, amount in _sold(item, document, facts):
            base = rate.to_base(amount)
            owed, owed_base = owed + amount, owed_base + base
            postings.append(credit(account, amount, base))
    return [*postings, debit(TRADE_DEBTORS, owed, owed_base, party=tail(document["contact"], "contacts"))]


def _sold(item: Document, document: Document, facts: Document) -> list[tuple[str, Money]]:
    """The net of an item on its category, and its tax on that of the country where it is owed."""
    currency, kept = facts["currency"], 100 - Decimal(document.get("discount_percent") or 0)
    net = Money(Decimal(item["price"]) * Decimal(item["quantity"]) * kept / 100, currency).rounded()
    taxes = (Decimal(item.get(name) or 0) for name in ("sales_tax_value", "second_sales_tax_value"))
    charged = facts.get("tax_account", VAT_CHARGED)
    return [(tail(item["category"], "categories"), net), *((charged, Money(tax, currency)) for tax in taxes)]


def _write_off(document: Document, facts: Document) -> list[Posting]:
    amount, base = Money.of(document["amount"], document["currency"]), Money.of(document["base"], facts["base"])
    return [debit(facts["account"], amount, base), credit(TRADE_DEBTORS, amount, base)]


def _reconciliation(document: Document, facts: Document) -> list[Posting]:
    """Both sides leave trade debtors at their own booking rates."""
    value = Money.of(document["gross_value"], document["currency"])
    invoiced, credited = (Money.of(facts[f"{kind}_base"], facts["base"]) for kind in ("invoice", "credit_note"))
    moved = [credit(TRADE_DEBTORS, value, invoiced), debit(TRADE_DEBTORS, value, credited)]
    return [] if invoiced == credited else [*moved, *_difference(credited - invoiced, {value.currency})]


def _bill_tax(item: Document, rate: Rate, *, recoverable: bool) -> tuple[Money, Money]:
    """The reclaimed tax of an item; bills show tax with the sign turned, and a foreign bill's is typed in native."""
    if not recoverable:
        return Money.zero(rate.foreign), Money.zero(rate.base)
    shown = Decimal(item.get("sales_tax_value") or "0") + Decimal(item.get("second_sales_tax_value") or "0")
    tax = Money(-shown, rate.foreign)
    manual = item.get("manual_sales_tax_amount")
    if manual is not None and rate.foreign != rate.base:
        typed = abs(Money.of(manual, rate.base))
        return tax, -typed if tax.amount < 0 else typed
    return tax, rate.to_base(tax)


def _expense(document: Document, facts: Document) -> list[Posting]:
    """What the claimant is owed, in native currency. A claim has a negative value."""
    gross = Money.of(document["native_gross_value"], facts["base"])
    net, tax = _claimed(document, facts)
    native = Rate(Decimal(1), facts["base"], facts["base"])
    return [
        debit(facts["claimant"], gross),
        credit(VAT_RECLAIMED, tax),
        credit(facts.get("account") or tail(document["category"], "categories"), net),
        *_self_accounted(Money.of(facts["notional"], facts["base"]), native),
    ]


def _claimed(document: Document, facts: Document) -> tuple[Money, Money]:
    """The net of an expense and the tax reclaimed, in native currency."""
    gross = Money.of(document["native_gross_value"], facts["base"])
    tax = Money.of(document.get("native_sales_tax_value") or "0", facts["base"])
    tax = tax + Money.of(facts.get("second_tax") or "0", facts["base"])
    if not facts["recoverable"]:
        tax = Money.zero(facts["base"])
    return gross - tax, tax


def _journal_set(document: Document, facts: Document) -> list[Posting]:
    return [
        debit(account, Money.of(item["debit_value"], facts["base"]), memo=item.get("description") or "")
        for account, item in zip(facts["accounts"], document["journal_entries"], strict=True)
    ]


def _opening(document: Document, facts: Document) -> list[Posting]:
    """A bank account's opening balance. Unconfirmed: what the live service balances it with."""
    rate = _rate(facts)
    opening = Money.of(document["opening_balance"], rate.foreign)
    base = rate.to_base(opening)
    return [debit(facts["bank"], opening, base), credit(SUSPENSE, opening, base)]


def _opening_stock(document: Document, facts: Document) -> list[Posting]:
    value = Money.of(document["opening_balance"], facts["base"])
    return [debit(facts["stock"], value), credit(SUSPENSE, value)]


def _depreciation(document: Document, facts: Document) -> list[Posting]:
    lost = Money.of(document["amount"], facts["base"])
    return [debit(DEPRECIATION_CHARGE, lost), credit(document["account"], lost)]


def _stock_sale(document: Document, facts: Document) -> list[Posting]:
    """What was sold leaves the stock at what it cost."""
    cost = Money.of(document["cost"], facts["base"])
    return [debit(facts["account"], cost), credit(facts["stock"], cost)]


def _revaluation(document: Document, facts: Document) -> list[Posting]:
    """An open foreign document at the rate of a day: only base value moves."""
    gain, zero = Money.of(document["gain"], facts["base"]), Money.zero(document["currency"])
    return [
        debit(facts["control"], zero, gain, party=facts["party"]),
        credit(UNREALISED_DIFFERENCES, zero, gain, memo="Revaluation"),
    ]


_EXPLAINED: dict[str, Callable[[Document, Document], list[Posting]]] = {
    "category": _spend,
    "disposal": _disposal,
    "paid_bill": _paid_document,
    "paid_invoice": _paid_document,
    "paid_user": _paid_user,
    "transfer": _transfer,
}
_RULES: dict[str, Callable[[Document, Document], list[Posting]]] = {
    "bank_transaction_explanation": _explanation,
    "bill": _bill,
    "expense": _expense,
    "invoice": _invoice,
    "credit_note": _invoice,
    "invoice_write_off": _write_off,
    "credit_note_reconciliation": _reconciliation,
    "journal_set": _journal_set,
    "bank_account": _opening,
    "capital_asset_depreciation": _depreciation,
    "stock_item": _opening_stock,
    "stock_sale": _stock_sale,
    **dict.fromkeys(("bill_revaluation", "invoice_revaluation", "credit_note_revaluation"), _revaluation),
}
