"""Unrealised VAT: tax of a purchase document that is reclaimed as the document is paid.

It is posted to an account of its own and moves from there with each settlement. Amounts are in local currency.
Source: codeunit Gen. Jnl.-Post Line (SetUnrealizedVAT, VendUnrealizedVAT) and table VAT Entry (GetUnrealizedVATPart),
github.com/microsoft/BCApps
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.ledger import Entry
from sandbooks.money import Money
from sandbooks.platforms.business_central.sets.entity import Scope
from sandbooks.platforms.business_central.sets.posting_setup import unrealised_type
from sandbooks.platforms.business_central.vat import FULL, NORMAL, REVERSE

MEMBER = "_unrealised"


def on_own_accounts(scope: Scope, tax: dict[str, Any] | None) -> dict[str, Any] | None:
    """The tax of a document's line, on the accounts for unrealised tax where its group has a type."""
    if tax is None or tax["calculation"] not in (NORMAL, REVERSE, FULL) or not unrealised_type(scope, tax["code"]):
        return tax
    own = {"account": scope.posting["input_tax_unrealised"], "reverse_account": scope.posting["reverse_tax_unrealised"]}
    return {**tax, **own}


def posted_by(scope: Scope, entry: Entry | None) -> list[dict[str, Any]]:
    """What an entry leaves unrealised, by tax group: debits positive; ``reverse`` where the company owes it as well."""
    account = scope.posting.get("input_tax_unrealised")
    if entry is None or account is None:
        return []
    sums: dict[str, Decimal] = {}
    for posting in entry.postings:
        if posting.account == account:
            sums[posting.tax_code] = sums.get(posting.tax_code, Decimal(0)) + posting.base.amount
    owed = {each.tax_code for each in entry.postings if each.account == scope.posting["reverse_tax_unrealised"]}
    return [{"code": code, "amount": str(amount), "reverse": code in owed} for code, amount in sums.items() if amount]


def moved(
    scope: Scope, left: Sequence[Mapping[str, Any]], *, total: Fraction, open_before: Fraction, taken: Fraction
) -> list[dict[str, Any]]:
    """What a settlement of ``taken`` realises of what is left; ``total`` and ``open_before`` are the document's. All
    three are in local currency, at the document's own rate."""
    paid = total - open_before + taken
    local, found = scope.company.currency, []
    first, last = (_sum(scope, left, word, total=total) for word in ("First", "Last"))
    for each in left:
        kind = unrealised_type(scope, each["code"])
        part = _part(kind, each["reverse"], taken=taken, paid=paid, total=total, first=first, last=last)
        amount = Money.of(each["amount"], local).portion(part)
        if amount:
            found.append({**each, "amount": str(amount.amount), **_accounts(scope)})
    return found


def _accounts(scope: Scope) -> dict[str, str]:
    posting = scope.posting
    return {
        "account": posting["input_tax"],
        "unrealised_account": posting["input_tax_unrealised"],
        "reverse_account": posting["reverse_tax"],
        "unrealised_reverse_account": posting["reverse_tax_unrealised"],
    }


def _sum(scope: Scope, left: Sequence[Mapping[str, Any]], word: str, *, total: Fraction) -> Fraction:
    """What is still unrealised of the tax that is paid first, or last."""
    kinds = (word, f"{word} (Fully Paid)")
    found = (abs(Fraction(each["amount"])) for each in left if unrealised_type(scope, each["code"]) in kinds)
    return min(sum(found, Fraction(0)), total)


def _part(
    kind: str, reverse: bool, *, taken: Fraction, paid: Fraction, total: Fraction, first: Fraction, last: Fraction
) -> Fraction:
    """The share of what is left that is realised now, from 0 to 1."""
    if paid >= total:
        return Fraction(1)
    if kind == "Percentage":
        return taken / (total - paid + taken)
    if kind.startswith("First"):
        if reverse or paid >= first:
            return Fraction(1)
        return taken / first if kind == "First" else Fraction(0)
    if kind == "Last" and not reverse and paid > total - last:
        return min((paid - (total - last)) / last, Fraction(1))
    return Fraction(0)


def after(left: Sequence[Mapping[str, Any]], moves: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is left unrealised after some of it moved."""
    gone = {each["code"]: Decimal(each["amount"]) for each in moves}
    rest = [{**each, "amount": str(Decimal(each["amount"]) - gone.get(each["code"], Decimal(0)))} for each in left]
    return [each for each in rest if Decimal(each["amount"])]
