"""A long history of requests, drawn at random: open bills, balances of names and accounts, and the books agree."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

from lxml import etree
from tests.platforms.histories import histories
from tests.platforms.quickbooks_desktop.desk import Desk, add, line, modify, ref

STEPS = 70
CENT = Decimal("0.01")
VENDORS = ("Contoso Air", "Fabrikam Inns", "Litware Rail")


class Bookkeeping:
    """Draws lawful and unlawful requests; what is refused changes nothing, and the history goes on."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self.desk, self.random = desk, random
        kinds = ("Bill", "VendorCredit", "BillPaymentCheck", "CreditCardCharge", "Check", "JournalEntry")
        self.made: dict[str, list[str]] = {kind: [] for kind in kinds}

    def amount(self) -> str:
        return f"{self.random.randint(1, 400_00) / Decimal(100):.2f}"

    def date(self) -> str:
        return f"<TxnDate>2026-0{self.random.randint(1, 3)}-{self.random.randint(1, 28):02d}</TxnDate>"

    def send(self, request: str) -> etree._Element | None:
        """The record of a lawful request; nothing for one that is refused, which left the books as they were."""
        before = self.desk.books()
        answer = self.desk.one(request)
        if answer.get("statusCode") != "0":
            assert self.desk.books() == before, etree.tostring(answer)
            return None
        return answer[0] if len(answer) else answer

    def keep(self, kind: str, request: str) -> None:
        record = self.send(request)
        if record is not None:
            self.made[kind].append(record.findtext("TxnID") or "")

    def chosen(self, kind: str) -> str:
        return self.random.choice(self.made[kind]) if self.made[kind] else "9-1773675000"

    def lines(self) -> list[str]:
        accounts = ("Travel", "Software")
        return [line(self.amount(), self.random.choice(accounts)) for _ in range(self.random.randint(1, 3))]

    def rate(self, vendor: str) -> str:
        return f"<ExchangeRate>1.{self.random.randint(10, 99)}</ExchangeRate>" if vendor == "Litware Rail" else ""

    def bill(self) -> None:
        vendor = self.random.choice(VENDORS)
        number = f"<RefNumber>{self.random.randint(1, 9999)}</RefNumber>"
        head = ref("VendorRef", vendor) + self.date() + number + self.rate(vendor)
        kind = self.random.choice(["Bill", "Bill", "VendorCredit"])
        self.keep(kind, add(kind, head + "".join(self.lines())))

    def open_of(self, txn: str) -> etree._Element | None:
        return self.send(f"<BillQueryRq><TxnID>{txn}</TxnID></BillQueryRq>")

    def pay(self) -> None:
        """A payment of a bill, in whole, in part or beyond; perhaps with a credit or a discount."""
        found = self.open_of(self.chosen("Bill"))
        if found is None:
            return
        left = Decimal(found.findtext("OpenAmount") or "0")
        part = self.random.choice([left, (left / 3).quantize(CENT), left + 1])
        vendor = found.findtext("VendorRef/FullName") or ""
        credit = f"<CreditTxnID>{self.chosen('VendorCredit')}</CreditTxnID><AppliedAmount>1.25</AppliedAmount>"
        discount = "<DiscountAmount>0.75</DiscountAmount>" + ref("DiscountAccountRef", "Discounts Taken")
        more = self.random.choice(["", "", f"<SetCredit>{credit}</SetCredit>", discount])
        txn = f"<TxnID>{found.findtext('TxnID')}</TxnID>"
        applied = f"<AppliedToTxnAdd>{txn}<PaymentAmount>{part}</PaymentAmount>{more}</AppliedToTxnAdd>"
        bank = ref("BankAccountRef", self.random.choice(["Main Checking", "Rainy Day"]))
        head = ref("PayeeEntityRef", vendor) + self.date() + bank + "<RefNumber>77</RefNumber>" + self.rate(vendor)
        self.keep("BillPaymentCheck", add("BillPaymentCheck", head + applied))

    def spend(self) -> None:
        if self.random.random() < 0.5:
            head = ref("AccountRef", "Visa") + self.date()
            self.keep("CreditCardCharge", add("CreditCardCharge", head + "".join(self.lines())))
        else:
            head = ref("AccountRef", "Main Checking") + ref("PayeeEntityRef", "Contoso Air")
            self.keep("Check", add("Check", head + "<RefNumber>9</RefNumber>" + self.date() + "".join(self.lines())))

    def journal(self) -> None:
        amount = f"<Amount>{self.amount()}</Amount>"
        debit = f"<JournalDebitLine>{ref('AccountRef', 'Travel')}{amount}</JournalDebitLine>"
        credit = f"<JournalCreditLine>{ref('AccountRef', 'Software')}{amount}</JournalCreditLine>"
        self.keep("JournalEntry", add("JournalEntry", self.date() + debit + credit))

    def change(self) -> None:
        found = self.open_of(self.chosen("Bill"))
        if found is not None:
            keys = (
                f"<TxnID>{found.findtext('TxnID')}</TxnID><EditSequence>{found.findtext('EditSequence')}</EditSequence>"
            )
            row = f"<TxnLineID>{found.findtext('.//TxnLineID') or '-1'}</TxnLineID>"
            account = ref("AccountRef", "Travel")
            changed = f"<ExpenseLineMod>{row}{account}<Amount>{self.amount()}</Amount></ExpenseLineMod>"
            self.send(modify("Bill", keys + self.random.choice([self.date(), changed])))

    def undo(self) -> None:
        word, kind = self.random.choice(["Del", "Void"]), self.random.choice(sorted(self.made))
        txn = self.chosen(kind)
        name = f"Txn{word}"
        gone = self.send(f"<{name}Rq><{name}Type>{kind}</{name}Type><TxnID>{txn}</TxnID></{name}Rq>")
        if gone is not None and word == "Del":
            self.made[kind].remove(txn)

    def run(self) -> None:
        steps: list[Callable[[], None]] = [self.bill, self.bill, self.pay, self.pay, self.spend, self.journal]
        steps += [self.change, self.undo]
        for _ in range(STEPS):
            self.random.choice(steps)()


def total(desk: Desk, kind: str, member: str, vendor: str) -> Decimal:
    name = f"<EntityFilter><FullName>{vendor}</FullName></EntityFilter>"
    answer = desk.one(f"<{kind}QueryRq>{name}</{kind}QueryRq>")
    return sum((Decimal(row.findtext(member) or "0") for row in answer), Decimal(0))


@histories(3)
def test_bills_names_accounts_and_books_agree_after_a_long_history(random: Random) -> None:
    desk = Desk(multi_currency=True)
    Bookkeeping(desk, random).run()
    book = desk.acme._company.book
    rows = book.trial_balance()
    assert sum((row.balance.base.amount for row in rows), Decimal(0)) == 0
    owed = {vendor: total(desk, "Bill", "OpenAmount", vendor) for vendor in VENDORS}
    owed = {v: value - total(desk, "VendorCredit", "OpenAmount", v) for v, value in owed.items()}
    for vendor in VENDORS:
        shown = desk.ok(f"<VendorQueryRq><FullName>{vendor}</FullName></VendorQueryRq>")
        assert Decimal(shown.findtext("Balance") or "0") == owed[vendor]
    payables = [row for row in rows if row.account.name.startswith("Accounts Payable")]
    held: dict[str, Decimal] = {}
    for row in payables:
        for code, money in row.balance.by_currency.items():
            held[code] = held.get(code, Decimal(0)) - money.amount
    at_home = owed["Contoso Air"] + owed["Fabrikam Inns"]
    assert {code: value for code, value in held.items() if value} == {
        code: value for code, value in (("USD", at_home), ("EUR", owed["Litware Rail"])) if value
    }
    if not held.get("EUR"):
        assert sum((r.balance.base.amount for r in payables if r.account.currency == "EUR"), Decimal(0)) == 0
