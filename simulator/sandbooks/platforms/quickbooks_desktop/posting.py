"""Posting rules: what each transaction does to the books.

Pure functions of a stored document and the facts that it rests on (home currency, rate, which account a line posts to,
what a payment relieves). The books can be rebuilt from stored versions and facts with nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from sandbooks.ledger import Dimensions, Entry, Posting, Source, balanced
from sandbooks.money import Money, Rate

Body = Mapping[str, Any]


class Document(Struct, frozen=True):
    """One version of one transaction with its facts."""

    kind: str
    id: str
    version: int
    body: Body
    facts: Body

    @property
    def currency(self) -> str:
        return str(self.facts["currency"])

    @property
    def home(self) -> str:
        return str(self.facts["home"])

    def money(self, value: Any) -> Money:
        """An amount of the document in its currency."""
        return Money.of(str(value or 0), self.currency)

    def in_home(self, money: Money) -> Money:
        """The same in home currency, at the document's rate."""
        if self.currency == self.home:
            return money
        return Rate(Decimal(self.facts["rate"]), self.currency, self.home).to_base(money)

    def from_home(self, money: Money) -> Money:
        """A home amount in the document's currency, at its rate."""
        return Money.of(money.amount / Decimal(self.facts["rate"]), self.currency).rounded()

    def to(
        self,
        account: str,
        money: Money,
        *,
        base: Money | None = None,
        party: str = "",
        dimensions: Dimensions = (),
        tax_code: str = "",
        memo: str = "",
    ) -> Posting:
        """A posting (debit > 0). An account that is kept in home currency takes the home amount alone."""
        in_home = self.in_home(money) if base is None else base
        amount = in_home if self.facts["kept"].get(account) == self.home else money
        return Posting(account, amount, in_home, tax_code, party, dimensions, memo)

    def id_of(self, name: str) -> str:
        """The id behind a reference; empty where there is none."""
        return str((self.body.get(name) or {}).get("ListID", ""))


def entry_of(kind: str, id: str, version: int, *, body: Body, facts: Body) -> Entry | None:
    """The entry that books a document version; None when it moves nothing."""
    rule = RULES.get(kind)
    if rule is None or facts.get("void") or not facts:
        return None
    document = Document(kind, id, version, body, facts)
    postings = [posting for posting in rule(document) if posting.amount or posting.base]
    if not postings or _cancels(postings):
        return None
    foreign = document.currency != document.home
    settled = balanced(postings, facts["exchange_account"]) if foreign else tuple(postings)
    return Entry(date.fromisoformat(body["TxnDate"]), Source(kind, id, version), settled, str(body.get("Memo", "")))


def _cancels(postings: list[Posting]) -> bool:
    """Whether every account ends where it was: a payment that only applies credits at one rate."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for posting in postings:
        for word, amount in ((posting.amount.currency, posting.amount.amount), ("base", posting.base.amount)):
            key = (posting.account, posting.party, word)
            sums[key] = sums.get(key, Decimal(0)) + amount
    return not any(sums.values())


def _dimensions(line: Body) -> Dimensions:
    found = (("Class", line.get("ClassRef")), ("Customer", line.get("CustomerRef")))
    return tuple((name, str(ref["ListID"])) for name, ref in found if ref)


def _lines(document: Document) -> Iterator[Posting]:
    """Debits of the lines, each net of the tax inside it, then its tax (editions with purchase tax)."""
    included = document.body.get("IsTaxIncluded") == "true"
    for line in (*document.body.get("ExpenseLineRet", ()), *document.body.get("ItemLineRet", ())):
        id = str(line["TxnLineID"])
        tax = document.money(line.get("TaxAmount"))
        net = document.money(line.get("Amount")) - (tax if included else document.money(0))
        code = str((line.get("SalesTaxCodeRef") or {}).get("ListID", ""))
        party = str((line.get("CustomerRef") or {}).get("ListID", "")) or str(document.facts.get("party", ""))
        yield document.to(
            document.facts["accounts"][id],
            net,
            party=party,
            dimensions=_dimensions(line),
            tax_code=code,
            memo=str(line.get("Memo") or line.get("Desc") or ""),
        )
        for part in line.get("_taxes") or ([line["TaxAmount"]] if tax else []):
            yield document.to(document.facts["tax_account"], document.money(part), tax_code=code, memo="Tax")


def spending(document: Document) -> Iterator[Posting]:
    """Check, card charge: Dr lines, Cr bank or card."""
    yield from _lines(document)
    total = document.money(document.body["Amount"])
    party = str(document.facts.get("party", ""))
    yield document.to(document.id_of("AccountRef"), -total, party=party)
    for item in document.facts.get("settled", ()):
        # Applied to bills, the payables go by what those took off them; the rest is the exchange gain or loss.
        gain = Money.of(item["base"], document.home) - document.in_home(document.money(item["amount"]))
        if gain:
            zero = document.money(0)
            yield Posting(item["account"], zero, gain, "", party, (), f"Bill {item['id']}")
            yield Posting(document.facts["exchange_account"], zero, -gain, memo="Exchange gain or loss")


def card_credit(document: Document) -> Iterator[Posting]:
    """Refund, reward or chargeback on a card: Dr card, Cr lines."""
    for posting in spending(document):
        yield posting.reversed()


def bill(document: Document) -> Iterator[Posting]:
    """Dr lines, Cr A/P."""
    yield from _lines(document)
    total = document.money(document.body.get("AmountDue") or document.body.get("CreditAmount"))
    yield document.to(document.id_of("APAccountRef"), -total, party=document.id_of("VendorRef"))


def vendor_credit(document: Document) -> Iterator[Posting]:
    """Dr A/P, Cr lines."""
    for posting in bill(document):
        yield posting.reversed()


def bill_payment(document: Document) -> Iterator[Posting]:
    """Dr A/P at the bills' own rates, Cr bank or card at the payment's, discounts Cr their account.

    Credits come back on A/P at their own rate; what remains in home currency is the exchange gain or loss.
    """
    party, payable = document.id_of("PayeeEntityRef"), document.id_of("APAccountRef")
    postings = []
    for item in document.facts["settled"]:
        sign = -1 if item["kind"] == "VendorCredit" else 1
        amount, base = document.money(item["amount"]) * sign, Money.of(item["base"], document.home) * sign
        postings.append(document.to(payable, amount, base=base, party=party, memo=f"{item['kind']} {item['id']}"))
    postings.extend(
        document.to(discount["account"], -document.money(discount["amount"]), memo="Discount")
        for discount in document.facts["discounts"]
    )
    postings.append(document.to(document.facts["paid_from"], -document.money(document.body["Amount"])))
    yield from postings
    difference = -sum((posting.base.amount for posting in postings), Decimal(0))
    if difference:
        gain = Money.of(difference, document.home)
        yield Posting(document.facts["exchange_account"], document.money(0), gain, memo="Exchange gain or loss")


def journal_entry(document: Document) -> Iterator[Posting]:
    """The lines as they stand. A home currency adjustment moves the home value of foreign accounts alone.

    Where the amounts were entered in home currency, foreign accounts take what they are worth at the rate.
    """
    adjusts = document.body.get("IsHomeCurrencyAdjustment") == "true"
    in_home = document.body.get("IsAmountsEnteredInHomeCurrency") == "true"
    foreign = next((kept for kept in document.facts["kept"].values() if kept and kept != document.home), "")
    for line in document.body["_lines"]:
        sign = 1 if line["_name"] == "JournalDebitLine" else -1
        money = document.money(line.get("Amount")) * sign
        account = str(line["AccountRef"]["ListID"])
        kept = str(document.facts["kept"].get(account) or document.home)
        party = str((line.get("EntityRef") or {}).get("ListID", ""))
        memo = str(line.get("Memo", ""))
        if adjusts and foreign:
            zero = Money.zero(kept if kept != document.home else foreign)
            yield Posting(account, zero, money, "", party, _dimensions(line), memo)
        elif in_home:
            base = Money.of(money.amount, document.home)
            amount = document.from_home(base) if kept == document.currency else base
            yield Posting(account, amount, base, "", party, _dimensions(line), memo)
        else:
            yield document.to(account, money, party=party, dimensions=_dimensions(line), memo=memo)


def deposit(document: Document) -> Iterator[Posting]:
    """Dr the account deposited to and the cash taken back, Cr the lines."""
    yield document.to(document.id_of("DepositToAccountRef"), document.money(document.body["DepositTotal"]))
    back = document.body.get("CashBackInfoRet")
    if back:
        yield document.to(back["AccountRef"]["ListID"], document.money(back.get("Amount")), memo=back.get("Memo", ""))
    for line in document.body.get("DepositLineRet", ()):
        party = str((line.get("EntityRef") or {}).get("ListID", ""))
        account = str(line["AccountRef"]["ListID"])
        money = -document.money(line.get("Amount"))
        yield document.to(account, money, party=party, dimensions=_dimensions(line), memo=line.get("Memo", ""))


def transfer(document: Document) -> Iterator[Posting]:
    """Dr the account that receives, Cr the one that gives."""
    amount, dimensions = document.money(document.body["Amount"]), _dimensions(document.body)
    yield document.to(document.id_of("TransferToAccountRef"), amount, dimensions=dimensions)
    yield document.to(document.id_of("TransferFromAccountRef"), -amount, dimensions=dimensions)


RULES: Mapping[str, Callable[[Document], Iterator[Posting]]] = {
    "Check": spending,
    "CreditCardCharge": spending,
    "CreditCardCredit": card_credit,
    "Bill": bill,
    "VendorCredit": vendor_credit,
    "BillPaymentCheck": bill_payment,
    "BillPaymentCreditCard": bill_payment,
    "JournalEntry": journal_entry,
    "Deposit": deposit,
    "Transfer": transfer,
}
