"""Posting rules: what each transaction does to the books.

Pure functions of a document version and the facts that it rests on (home currency, rate, which account an item or a
tax rate posts to, what a payment relieves) to a balanced entry. The books can be rebuilt from stored versions and
facts with nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from sandbooks.ledger import Dimensions, Entry, Posting, Source, balanced
from sandbooks.money import Money, Rate, allocate


class Document(Struct, frozen=True):
    """One version of one transaction with its facts."""

    kind: str
    id: str
    version: int
    body: Mapping[str, Any]
    facts: Mapping[str, Any]

    @property
    def currency(self) -> str:
        return str(self.facts["currency"])

    @property
    def home(self) -> str:
        return str(self.facts["home"])

    def money(self, value: Decimal | int) -> Money:
        """An amount of the document in its currency."""
        return Money.of(value, self.currency)

    def in_home(self, money: Money) -> Money:
        """The same in home currency, at the document's rate."""
        if self.currency == self.home:
            return money
        return Rate(Decimal(self.facts["rate"]), self.currency, self.home).to_base(money)

    def to(
        self,
        account: str,
        money: Money,
        *,
        base: Money | None = None,
        party: str = "",
        tax_code: str = "",
        dimensions: Dimensions = (),
        memo: str = "",
    ) -> Posting:
        """A posting (debit > 0). An account that is kept in home currency takes the home amount alone."""
        in_home = self.in_home(money) if base is None else base
        kept = self.facts.get("kept", {}).get(account, "")
        amount = in_home if kept == self.home else money
        return Posting(account, amount, in_home, tax_code, party, dimensions, memo)


def entry_of(document: Document) -> Entry | None:
    """The entry that books a document version; None when it moves nothing."""
    if document.facts.get("void"):
        return None
    rule = RULES.get(document.kind)
    if rule is None:
        return None
    postings = [p for p in rule(document) if p.amount or p.base]
    if not postings or _cancels(postings):
        return None
    settled = balanced(postings, document.facts["exchange_account"]) if _foreign(document) else tuple(postings)
    on = date.fromisoformat(document.body["TxnDate"])
    memo = str(document.body.get("PrivateNote", ""))
    return Entry(on, Source(document.kind, document.id, document.version), settled, memo)


def _foreign(document: Document) -> bool:
    return document.currency != document.home


def _cancels(postings: list[Posting]) -> bool:
    """Whether every account ends where it was: a payment that only applies credits."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for posting in postings:
        sums[posting.account, posting.party, posting.amount.currency] += posting.amount.amount
        sums[posting.account, posting.party, "base"] += posting.base.amount
    return not any(sums.values())


# Expenses, bills, vendor credits


def _expense_lines(document: Document) -> Iterator[Posting]:
    """Debits of a purchase-like document: the lines net of reclaimed tax, then the tax."""
    costs = _unreclaimed(document)
    header = _header_dimensions(document.body)
    for index, line in enumerate(document.body["Line"]):
        account = document.facts["accounts"].get(str(index))
        if account is None:
            continue
        detail = line.get(line.get("DetailType", ""), {})
        yield document.to(
            account,
            document.money(line["Amount"]) + costs.get(index, document.money(0)),
            party=_named(detail) or document.facts.get("party", ""),
            tax_code=detail.get("TaxCodeRef", {}).get("value", ""),
            dimensions=_line_dimensions(detail, header),
            memo=line.get("Description", ""),
        )
    yield from _tax_lines(document)


def _named(detail: Mapping[str, Any]) -> str:
    """Whom a line is for, or, on a deposit, from whom it was received."""
    return str((detail.get("CustomerRef") or detail.get("Entity") or {}).get("value", ""))


def _tax_lines(document: Document) -> Iterator[Posting]:
    for line in document.body.get("TxnTaxDetail", {}).get("TaxLine", []):
        rate = document.facts["tax"][line["TaxLineDetail"]["TaxRateRef"]["value"]]
        reclaimed = document.money(line["Amount"]).portion(_share(rate))
        yield document.to(rate["account"], reclaimed, memo="Tax")


def _share(rate: Mapping[str, Any]) -> Fraction:
    return Fraction(Decimal(rate["recoverable"]))


def _unreclaimed(document: Document) -> dict[int, Money]:
    """The tax that stays with each line, where a rate is reclaimed only in part."""
    costs: dict[int, Money] = {}
    for line in document.body.get("TxnTaxDetail", {}).get("TaxLine", []):
        id = line["TaxLineDetail"]["TaxRateRef"]["value"]
        amount = document.money(line["Amount"])
        rest = amount - amount.portion(_share(document.facts["tax"][id]))
        bearing = [int(index) for index, rates in document.facts["line_rates"].items() if id in rates]
        weights = [Decimal(document.body["Line"][index]["Amount"]) for index in bearing]
        if not rest or not sum(weights):
            continue
        for index, share in zip(bearing, allocate(rest, weights), strict=True):
            costs[index] = costs.get(index, document.money(0)) + share
    return costs


def _header_dimensions(body: Mapping[str, Any]) -> dict[str, str]:
    department = body.get("DepartmentRef", {}).get("value")
    return {"Department": department} if department else {}


def _line_dimensions(detail: Mapping[str, Any], header: Mapping[str, str]) -> Dimensions:
    found = dict(header)
    for name, member in (("Class", "ClassRef"), ("Department", "DepartmentRef"), ("Customer", "CustomerRef")):
        value = detail.get(member, {}).get("value")
        if value:
            found[name] = value
    return tuple(sorted(found.items()))


def purchase(document: Document) -> Iterator[Posting]:
    """Dr lines and tax, Cr the account that paid; a card credit the other way round."""
    credit = bool(document.body.get("Credit"))
    for posting in _expense_lines(document):
        yield posting.reversed() if credit else posting
    paid = document.money(document.body["TotalAmt"])
    account = document.body["AccountRef"]["value"]
    yield document.to(account, paid if credit else -paid, party=document.facts.get("party", ""))


def bill(document: Document) -> Iterator[Posting]:
    """Dr lines and tax, Cr A/P."""
    yield from _expense_lines(document)
    owed = document.money(document.body["TotalAmt"])
    yield document.to(document.body["APAccountRef"]["value"], -owed, party=document.body["VendorRef"]["value"])


def vendor_credit(document: Document) -> Iterator[Posting]:
    """Dr A/P, Cr lines and tax."""
    for posting in bill(document):
        yield posting.reversed()


# Payments


REST = "Unapplied"


def bill_payment(document: Document) -> Iterator[Posting]:
    """Dr A/P at the bills' own rates (the unapplied rest at the payment's), Cr bank or card at the payment's rate.

    Applied credits come back on A/P at theirs; what remains in home currency is the exchange gain or loss.
    """
    party = document.body["VendorRef"]["value"]
    payable = document.body["APAccountRef"]["value"]
    postings: list[Posting] = []
    for item in document.facts["settled"]:
        sign = -1 if item["credit"] else 1
        amount = document.money(item["amount"]) * sign
        base = Money.of(item["base"], document.home) * sign
        postings.append(document.to(payable, amount, base=base, party=party, memo=f"{item['kind']} {item['id']}"))
    rest = document.money(document.facts["rest"])
    postings.append(document.to(payable, rest, party=party, memo=REST))
    paid = document.money(document.body["TotalAmt"])
    postings.append(document.to(document.facts["paid_from"], -paid))
    yield from postings
    difference = -sum((posting.base.amount for posting in postings), Decimal(0))
    if difference:
        gain = Money.of(difference, document.home)
        yield Posting(document.facts["exchange_account"], document.money(0), gain, memo="Exchange gain or loss")


def credit_card_payment(document: Document) -> Iterator[Posting]:
    """Dr card, Cr bank."""
    amount = document.money(document.body["Amount"])
    yield document.to(document.body["CreditCardAccountRef"]["value"], amount)
    yield document.to(document.body["BankAccountRef"]["value"], -amount)


def transfer(document: Document) -> Iterator[Posting]:
    """Dr the account that receives, Cr the one that gives."""
    amount = document.money(document.body["Amount"])
    dimensions = _line_dimensions(document.body, {})
    yield document.to(document.body["ToAccountRef"]["value"], amount, dimensions=dimensions)
    yield document.to(document.body["FromAccountRef"]["value"], -amount, dimensions=dimensions)


# Journals and deposits


def journal_entry(document: Document) -> Iterator[Posting]:
    """The lines as they stand; a taxed line also posts its tax on its own side."""
    for index, line in enumerate(document.body["Line"]):
        detail = line.get("JournalEntryLineDetail")
        if detail is None:
            continue
        sign = 1 if detail["PostingType"] == "Debit" else -1
        yield document.to(
            detail["AccountRef"]["value"],
            document.money(line["Amount"]) * sign,
            party=detail.get("Entity", {}).get("EntityRef", {}).get("value", ""),
            tax_code=detail.get("TaxCodeRef", {}).get("value", ""),
            dimensions=_line_dimensions(detail, {}),
            memo=line.get("Description", ""),
        )
        for part in document.facts["line_tax"].get(str(index), []):
            yield document.to(part["account"], document.money(part["amount"]) * sign, memo="Tax")


def deposit(document: Document) -> Iterator[Posting]:
    """Dr the account deposited to and the cash taken back, Cr the lines and their tax."""
    body = document.body
    yield document.to(body["DepositToAccountRef"]["value"], document.money(body["TotalAmt"]))
    back = body.get("CashBack")
    if back:
        yield document.to(back["AccountRef"]["value"], document.money(back["Amount"]), memo=back.get("Memo", ""))
    for posting in _expense_lines(document):
        yield posting.reversed()


RULES: Mapping[str, Callable[[Document], Iterator[Posting]]] = {
    "Purchase": purchase,
    "Bill": bill,
    "VendorCredit": vendor_credit,
    "BillPayment": bill_payment,
    "CreditCardPayment": credit_card_payment,
    "Transfer": transfer,
    "JournalEntry": journal_entry,
    "Deposit": deposit,
}
