"""Posting rules: from one version of a native record, and the facts it rests on, to a balanced entry.

Pure. ``facts`` are kept with each version, so that the books can be rebuilt from the stored versions alone: amounts by
account in the currency of the document, its rate, and for settlements what was open. Zoho publishes no posting table;
the rules are double entry over the accounts that its screens name.
Source: https://www.zoho.com/books/help/ (journal of a bill, an expense, a vendor payment, a vendor credit)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sandbooks.ledger import Dimensions, Entry, Posting, Source, balanced, credit, debit
from sandbooks.ledger.fx import settle
from sandbooks.money import Money, Rate

Facts: TypeAlias = Mapping[str, Any]


def entry_of(kind: str, id: str, version: int, *, facts: Facts) -> Entry | None:
    """The entry of a record version; None for what moves no money."""
    rule = _RULES.get(kind)
    if rule is None or not facts.get("posts"):
        return None
    moved = [posting for posting in rule(facts) if posting.amount or posting.base]
    if not moved:
        return None
    entry = balanced(moved, facts["exchange"])
    return Entry(date.fromisoformat(facts["date"]), Source(kind, id, version), entry, str(facts.get("memo", "")))


def rate_in(facts: Facts) -> Rate:
    """The rate of the document."""
    return Rate(Decimal(facts["rate"]), facts["currency"], facts["base"])


def _dimensions(line: Facts) -> Dimensions:
    return tuple((str(name), str(value)) for name, value in line.get("dimensions", ()))


def _lines(facts: Facts, sign: int) -> list[Posting]:
    """The costs and taxes of a document, debited (sign 1) or credited (sign -1)."""
    rate = rate_in(facts)
    party = str(facts.get("party", ""))
    found = []
    for line in (*facts["costs"], *facts["charges"]):
        amount = Money.of(line["amount"], rate.foreign) * sign
        memo, tax = str(line.get("memo", "")), str(line.get("tax", ""))
        found.append(
            debit(
                line["account"],
                amount,
                rate.to_base(amount),
                dimensions=_dimensions(line),
                memo=memo,
                party=party,
                tax_code=tax,
            )
        )
    return found


def _money(facts: Facts, amount: Money, sign: int, *, account: str = "account", fixed: Money | None = None) -> Posting:
    """A posting on an account kept in one currency: in that of the document, or in base."""
    rate = rate_in(facts)
    base = rate.to_base(amount) if fixed is None else fixed
    kept = facts.get(f"{account}_currency") or rate.foreign
    posted = base if kept == rate.base else amount
    return debit(facts[account], posted * sign, base * sign, party=str(facts.get("party", "")))


def _total(facts: Facts) -> Money:
    return Money.of(facts["total"], facts["currency"])


def _spend(facts: Facts) -> list[Posting]:
    """An expense: costs and input tax against the account that paid it."""
    return [*_lines(facts, 1), _money(facts, _total(facts), -1)]


def _owed(facts: Facts) -> list[Posting]:
    """A bill: costs and input tax against accounts payable."""
    return [*_lines(facts, 1), _money(facts, _total(facts), -1)]


def _credited(facts: Facts) -> list[Posting]:
    """A vendor credit: accounts payable against costs and input tax."""
    return [*_lines(facts, -1), _money(facts, _total(facts), 1)]


def _received(facts: Facts) -> list[Posting]:
    """Money in against a category: an expense refund, income, a sale without an invoice. ``sign`` -1 turns it round."""
    sign = int(facts.get("sign", 1))
    return [*_lines(facts, -sign), _money(facts, _total(facts), sign)]


def _moved(facts: Facts) -> list[Posting]:
    """A transfer: each side in the currency of its account, bank charges on top of what leaves."""
    rate = rate_in(facts)
    amount, charges = _total(facts), Money.of(facts["charges_amount"], rate.foreign)
    postings = [
        _money(facts, amount, 1, account="to"),
        _money(facts, amount + charges, -1, account="from"),
    ]
    return [*postings, debit(facts["fees"], charges, rate.to_base(charges))] if charges else postings


def _settled(facts: Facts) -> tuple[list[Posting], Money, Money]:
    """What a payment relieves of its bills: postings, and the sums paid in its currency and in base.

    Tax withheld from the vendor settles a bill beside what is paid, and is owed to the tax office instead.
    """
    rate = rate_in(facts)
    postings, paid, paid_base = [], Money.zero(rate.foreign), Money.zero(rate.base)
    for row in facts["bills"]:
        amount = Money.of(row["applied"], rate.foreign)
        base = Money.of(row["base"], rate.base)
        withheld = Money.of(row.get("withheld", "0"), rate.foreign)
        settled, settled_base = amount + withheld, base + rate.to_base(withheld)
        done = settle(
            -Money.of(row["open"], rate.foreign),
            -Money.of(row["open_base"], rate.base),
            paid=-settled,
            paid_base=-settled_base,
        )
        postings.append(debit(facts["payables"], settled, -done.relieved_base, party=facts["party"]))
        if withheld:
            postings.append(credit(facts["withheld"], withheld, rate.to_base(withheld), party=facts["party"]))
        postings += _difference(facts, done.gain, rate)
        paid, paid_base = paid + amount, paid_base + base
    return postings, paid, paid_base


def _difference(facts: Facts, gain: Money, rate: Rate) -> list[Posting]:
    """An exchange gain (credited) or loss: it moves base value only where all else is in the foreign currency."""
    if not gain:
        return []
    if rate.foreign == rate.base:
        return [credit(facts["exchange"], gain, memo="Exchange Gain or Loss")]
    return [credit(facts["exchange"], Money.zero(rate.foreign), gain, memo="Exchange Gain or Loss")]


def _paid(facts: Facts) -> list[Posting]:
    """A vendor payment: bills at their own rates, the excess to prepaid expenses, against the account that paid."""
    postings, paid, paid_base = _settled(facts)
    rate, amount = rate_in(facts), _total(facts)
    base = rate.to_base(amount)
    excess, excess_base = amount - paid, base - paid_base
    postings.append(debit(facts["prepaid"], excess, excess_base, party=facts["party"]))
    return [*postings, _money(facts, amount, -1, fixed=base)]


def _applied(facts: Facts) -> list[Posting]:
    """An advance applied to a bill later: accounts payable against prepaid expenses, at the rates of each."""
    postings, paid, paid_base = _settled(facts)
    return [*postings, credit(facts["prepaid"], paid, paid_base, party=facts["party"])]


def _offset(facts: Facts) -> list[Posting]:
    """A vendor credit applied to a bill: both stand on accounts payable; only a difference of rates moves."""
    rate = rate_in(facts)
    row = facts["bills"][0]
    amount = Money.of(row["applied"], rate.foreign)
    done = settle(
        -Money.of(row["open"], rate.foreign),
        -Money.of(row["open_base"], rate.base),
        paid=-amount,
        paid_base=-Money.of(row["base"], rate.base),
    )
    if not done.gain:
        return []
    moved = debit(facts["payables"], Money.zero(rate.foreign), done.gain, party=facts["party"])
    return [moved, *_difference(facts, done.gain, rate)]


def _refunded(facts: Facts) -> list[Posting]:
    """Money back from a vendor: the account that takes it against what was held (payables or prepaid expenses)."""
    rate, amount = rate_in(facts), _total(facts)
    held = Money.of(facts["held_base"], rate.base)
    base = rate.to_base(amount)
    postings = [_money(facts, amount, 1, fixed=base), credit(facts["held"], amount, held, party=facts["party"])]
    return [*postings, *_difference(facts, base - held, rate)]


def _journal(facts: Facts) -> list[Posting]:
    rate = rate_in(facts)
    return [_journal_line(line, rate) for line in facts["lines"]]


def _journal_line(line: Facts, rate: Rate) -> Posting:
    amount = Money.of(line["amount"], rate.foreign)
    base = rate.to_base(amount)
    posted = base if line.get("currency") == rate.base else amount
    return debit(
        line["account"],
        posted,
        base,
        party=str(line.get("party", "")),
        dimensions=_dimensions(line),
        memo=str(line.get("memo", "")),
    )


def _opening(facts: Facts) -> list[Posting]:
    """Opening balances, each at its own rate, against the opening balance offset."""
    postings = []
    for line in facts["lines"]:
        rate = Rate(Decimal(line["rate"]), line["currency"], facts["base"])
        amount = Money.of(line["amount"], rate.foreign)
        postings.append(debit(line["account"], amount, rate.to_base(amount), party=str(line.get("party", ""))))
    rest = _sum_base(postings, facts["base"])
    return [*postings, credit(facts["offset"], rest)]


def _sum_base(postings: Iterable[Posting], base: str) -> Money:
    found = Money.zero(base)
    for posting in postings:
        found = found + posting.base
    return found


def _revalued(facts: Facts) -> list[Posting]:
    """A base currency adjustment: base values move, amounts do not."""
    postings = []
    zero = Money.zero(facts["currency"])
    for line in facts["lines"]:
        gain = Money.of(line["gain"], facts["base"])
        postings += [debit(line["account"], zero, gain), credit(facts["exchange"], zero, gain)]
    return postings


_RULES: dict[str, Callable[[Facts], list[Posting]]] = {
    "expense": _spend,
    "bill": _owed,
    "vendorcredit": _credited,
    "vendorpayment": _paid,
    "billpayment": _applied,
    "creditedbill": _offset,
    "vendorpaymentrefund": _refunded,
    "vendorcreditrefund": _refunded,
    "banktransaction": lambda facts: (_moved if facts["posts"] == "transfer" else _received)(facts),
    "journal": _journal,
    "openingbalance": _opening,
    "customeropening": _opening,
    "basecurrencyadjustment": _revalued,
}
