"""A company file at work: its lists by id and name, its counters, its clock, what its preferences say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record, Records
from sandbooks.ledger import AccountClass
from sandbooks.money import Rate
from sandbooks.platforms.quickbooks_desktop.nodes import Node
from sandbooks.platforms.quickbooks_desktop.queries.macros import MONTHS
from sandbooks.platforms.quickbooks_desktop.refusals import ObjectLocked, ObjectNotFound, ReferenceInvalid
from sandbooks.platforms.quickbooks_desktop.switches import switch

PLATFORM = "quickbooks_desktop"
ENTITIES = ("Vendor", "Customer", "Employee", "OtherName")
ITEMS = ("ItemService", "ItemNonInventory", "ItemOtherCharge")
ACCOUNT_CLASSES: Mapping[str, AccountClass] = {
    "AccountsPayable": AccountClass.LIABILITY,
    "AccountsReceivable": AccountClass.ASSET,
    "Bank": AccountClass.ASSET,
    "CostOfGoodsSold": AccountClass.EXPENSE,
    "CreditCard": AccountClass.LIABILITY,
    "Equity": AccountClass.EQUITY,
    "Expense": AccountClass.EXPENSE,
    "FixedAsset": AccountClass.ASSET,
    "Income": AccountClass.INCOME,
    "LongTermLiability": AccountClass.LIABILITY,
    "NonPosting": AccountClass.EQUITY,
    "OtherAsset": AccountClass.ASSET,
    "OtherCurrentAsset": AccountClass.ASSET,
    "OtherCurrentLiability": AccountClass.LIABILITY,
    "OtherExpense": AccountClass.EXPENSE,
    "OtherIncome": AccountClass.INCOME,
}
# Account types that are kept in one currency. Source: QuickBooks Desktop help (multicurrency)
KEPT_TYPES = ("AccountsPayable", "AccountsReceivable", "Bank", "CreditCard")
BALANCE_SHEET = tuple(
    name
    for name, kind in ACCOUNT_CLASSES.items()
    if kind in (AccountClass.ASSET, AccountClass.LIABILITY, AccountClass.EQUITY) and name != "NonPosting"
)
# The list behind each reference, by the name of its element, with the word that messages use for it.
REFERENCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AccountRef": ("Account", ("Account",)),
    "APAccountRef": ("Account", ("Account",)),
    "BankAccountRef": ("Account", ("Account",)),
    "CreditCardAccountRef": ("Account", ("Account",)),
    "DepositToAccountRef": ("Account", ("Account",)),
    "DiscountAccountRef": ("Account", ("Account",)),
    "ExpenseAccountRef": ("Account", ("Account",)),
    "IncomeAccountRef": ("Account", ("Account",)),
    "OverrideItemAccountRef": ("Account", ("Account",)),
    "PrefillAccountRef": ("Account", ("Account",)),
    "TransferFromAccountRef": ("Account", ("Account",)),
    "TransferToAccountRef": ("Account", ("Account",)),
    "PayeeEntityRef": ("Entity", ENTITIES),
    "EntityRef": ("Entity", ENTITIES),
    "VendorRef": ("Vendor", ("Vendor",)),
    "PrefVendorRef": ("Vendor", ("Vendor",)),
    "CustomerRef": ("Customer", ("Customer",)),
    "SupervisorRef": ("Employee", ("Employee",)),
    "ClassRef": ("Class", ("Class",)),
    "DiscountClassRef": ("Class", ("Class",)),
    "VendorTypeRef": ("Vendor Type", ("VendorType",)),
    "CustomerTypeRef": ("Customer Type", ("CustomerType",)),
    "TermsRef": ("Terms", ("StandardTerms",)),
    "CurrencyRef": ("Currency", ("Currency",)),
    "HomeCurrencyRef": ("Currency", ("Currency",)),
    "ItemPurchaseTaxRef": ("Item", ("ItemSalesTax", "ItemSalesTaxGroup")),
    "ItemSalesTaxRef": ("Item", ("ItemSalesTax",)),
    "TaxVendorRef": ("Vendor", ("Vendor",)),
    "SalesTaxCodeRef": ("Sales Tax Code", ("SalesTaxCode",)),
    "PurchaseTaxCodeRef": ("Sales Tax Code", ("SalesTaxCode",)),
    "ItemRef": ("Item", ITEMS),
    "ShipToEntityRef": ("Entity", ENTITIES),
    "OverrideClassRef": ("Class", ("Class",)),
    "SalesRepRef": ("Sales Rep", ("SalesRep",)),
    "SalesRepEntityRef": ("Entity", ("Employee", "OtherName", "Vendor")),
    "BillingRateRef": ("Billing Rate", ("BillingRate",)),
    "PaymentMethodRef": ("Payment Method", ("PaymentMethod",)),
    "PreferredPaymentMethodRef": ("Payment Method", ("PaymentMethod",)),
}


class CompanyFile:
    """One company file. Reads see the truth; writes belong inside the caller's unit of work."""

    def __init__(self, company: Company) -> None:
        self.company = company

    @property
    def records(self) -> Records:
        return self.company.records

    @property
    def home(self) -> str:
        return self.company.currency

    @property
    def us(self) -> bool:
        return self.company.country == "US"

    @property
    def zone(self) -> str:
        return self.company.time_zone

    @property
    def path(self) -> str:
        """The company file's path on its Windows machine."""
        return str(self.company.settings["file"])

    @property
    def closed_through(self) -> date | None:
        """The last day on which nothing can be changed: of the closing date, or of an Accountant's Copy that is out."""
        # Source: QuickBooks Desktop help (dividing date of an Accountant's Copy)
        dividing, through = str(self.switch("dividing_date")), self.company.book.closed_through
        days = [day for day in (through, date.fromisoformat(dividing) if dividing else None) if day is not None]
        return max(days, default=None)

    @property
    def fiscal_month(self) -> int:
        """The first month of the fiscal year, 1 to 12."""
        return MONTHS.index(str(self.switch("fiscal_year_begins"))) + 1

    def today(self) -> date:
        return self.company.world.clock.today(self.zone)

    def local_day(self, moment: datetime) -> date:
        """The day of an instant where the company is."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def switch(self, name: str) -> Any:
        return switch(self.company, name)

    # Counters

    def _stamp(self) -> int:
        """Unix time, as ids carry it."""
        return self.company.world.clock.micros() // 1_000_000

    def next_list_id(self) -> str:
        """Source: samples of github.com/skryl/qbwc: 0x80000000 + a counter, a dash, the unix time of creation."""
        return f"{0x80000000 + self.records.next_number('list'):X}-{self._stamp()}"

    def next_txn_id(self) -> str:
        """Also of lines: they draw on the same counter."""
        return f"{self.records.next_number('txn'):X}-{self._stamp()}"

    def edit_sequence(self, before: str = "") -> str:
        """The unix time of the change, later than the one before."""
        return str(max(self._stamp(), int(before or 0) + 1))

    # Lists

    def find(self, kinds: Iterable[str], id: str) -> Record | None:
        """A live record of one of some kinds by its id."""
        for kind in kinds:
            record = self.records.get(kind, id)
            if record is not None and not record.deleted:
                return record
        return None

    def named(self, kinds: Iterable[str], name: str) -> Record | None:
        """A live list record by its full name, in any case."""
        for kind in kinds:
            found = self.records.find(kind, "full_name", name.strip().lower())
            if found:
                return found[0]
        return None

    def refer(self, node: Node, document: str, *, kinds: tuple[str, ...] = ()) -> dict[str, str] | None:
        """The stored form of a reference; None when it is empty. Raises ``ReferenceInvalid``."""
        word, known = REFERENCES.get(node.name, (node.name.removesuffix("Ref"), ()))
        id, name = node.get("ListID"), node.get("FullName")
        if not id and not name:
            return None
        record = self.find(kinds or known, id) if id else self.named(kinds or known, name)
        # Unconfirmed: the code of a reference to an inactive list element; 3140 as for one that is not there.
        if record is None or not record.active:
            raise ReferenceInvalid(word, id or name, document)
        return {"ListID": record.id}

    def lookup(self, kinds: Iterable[str], id: str) -> Record:
        """A live record by id. Raises ``ObjectNotFound``."""
        record = self.find(kinds, id)
        if record is None:
            raise ObjectNotFound(id)
        return record

    def check_unlocked(self, id: str) -> None:
        """Refuse to touch what another user holds open."""
        if id in self.switch("locked_objects"):
            raise ObjectLocked(id)

    def account_type(self, id: str) -> str:
        record = self.records.get("Account", id)
        return str(record.body["AccountType"]) if record else ""

    def currency_of(self, record: Record) -> str:
        """The currency of an account or name; home where none is kept."""
        return self.currency_in(record.body)

    def currency_in(self, body: Mapping[str, Any]) -> str:
        """The currency that a document names; home where it names none."""
        kept = body.get("CurrencyRef")
        return self.currency_code(kept["ListID"]) if kept else self.home

    def currency_code(self, list_id: str) -> str:
        record = self.records.get("Currency", list_id)
        return str(record.body["CurrencyCode"]) if record else self.home

    def currency(self, code: str) -> Record | None:
        """The Currency list's record of a code."""
        found = self.records.find("Currency", "code", code)
        return found[0] if found else None

    def currency_ref(self, code: str) -> dict[str, str] | None:
        record = self.currency(code)
        return {"ListID": record.id} if record else None

    def kept(self, accounts: Iterable[str]) -> dict[str, str]:
        """The one currency of each account that is kept in one."""
        found = {}
        for id in dict.fromkeys(accounts):
            currency = self.company.book.account(id).currency
            if currency:
                found[id] = currency
        return found

    def list_rate(self, currency: str) -> Rate:
        """The exchange rate of the Currency list: home for one foreign unit."""
        if currency == self.home:
            return Rate(Decimal(1), currency, self.home)
        record = self.currency(currency)
        text = record.body.get("ExchangeRate", "1") if record else "1"
        return Rate(Decimal(text), currency, self.home)

    def special_account(self, special: str) -> Record | None:
        """The account that QuickBooks itself keeps for a purpose."""
        found = self.records.find("Account", "special", special)
        return found[0] if found else None
