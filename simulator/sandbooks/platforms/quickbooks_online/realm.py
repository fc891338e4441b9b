"""One company as QuickBooks Online sees it: preferences, currencies, accounts, names, and the balances of names.

A short-lived view over the company for one request; what it looks up it remembers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import Account, Entry
from sandbooks.money import Money, Rate
from sandbooks.platforms.quickbooks_online.market import market_rate
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.records.account_types import ACCOUNT_TYPES, AccountType
from sandbooks.platforms.quickbooks_online.switches import switch

NAME_KINDS = ("Vendor", "Customer", "Employee")


class Realm:
    """A company and what the rules ask of it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.records = company.records
        self.world = company.world
        self._found: dict[tuple[str, str], Record | None] = {}
        self._labels: dict[tuple[str, str], str] = {}

    # Settings

    def switch(self, name: str) -> Any:
        """How this company settles a doubt (see ``switches``)."""
        return switch(self.company.settings, name)

    @cached_property
    def preferences(self) -> dict[str, Any]:
        record = self.records.get("Preferences", "1")
        return record.body if record else {}

    def prefers(self, group: str, name: str) -> Any:
        """One member of the preferences, e.g. ``AccountingInfoPrefs``, ``TrackDepartments``."""
        return self.preferences.get(group, {}).get(name)

    @property
    def home(self) -> str:
        """The home currency."""
        return self.company.currency

    @property
    def multicurrency(self) -> bool:
        return bool(self.prefers("CurrencyPrefs", "MultiCurrencyEnabled"))

    @property
    def is_us(self) -> bool:
        """US companies charge no tax on purchases. Source: the global-tax page of the developer site."""
        return self.company.country == "US"

    @property
    def taxes_purchases(self) -> bool:
        return not self.is_us and bool(self.prefers("TaxPrefs", "UsingSalesTax"))

    @property
    def today(self) -> date:
        return self.world.clock.today(self.company.time_zone)

    def local(self, moment: datetime) -> datetime:
        """An instant in the zone that documents show."""
        return moment.astimezone(ZoneInfo(self.switch("document_zone")))

    # Records

    def get(self, kind: str, id: str) -> Record | None:
        """A live record of this company."""
        key = (kind, id)
        if key not in self._found:
            record = self.records.get(kind, id)
            self._found[key] = None if record is None or record.deleted else record
        return self._found[key]

    def hide(self, kind: str, id: str) -> None:
        """Let a record be unseen by references, as one made earlier in the same batch is."""
        self._found[kind, id] = None

    def forget(self, kind: str, id: str) -> None:
        """A record has changed."""
        self._found.pop((kind, id), None)
        self._labels.pop((kind, id), None)
        if kind == "Preferences":
            self.__dict__.pop("preferences", None)

    def name(self, id: str, type: str = "") -> Record | None:
        """A vendor, customer or employee by id, of one type if it is given."""
        for kind in NAME_KINDS:
            if type in ("", kind):
                record = self.get(kind, id)
                if record is not None:
                    return record
        return None

    def label(self, kind: str, id: str) -> str:
        """The text that a reference to a record shows."""
        key = (kind, id)
        if key not in self._labels:
            record = self.name(id) if kind == "Entity" else self.get(kind, id)
            self._labels[key] = "" if record is None else label_of(record)
        return self._labels[key]

    # Accounts

    def account_type(self, id: str) -> AccountType | None:
        record = self.get("Account", id)
        return ACCOUNT_TYPES.get(record.body["AccountType"]) if record else None

    def account_currency(self, id: str) -> str:
        """The only currency that an account takes; empty when it takes any."""
        record = self.get("Account", id)
        kind = self.account_type(id)
        if record is None or kind is None or not kind.foreign:
            return ""
        return str(record.body.get("CurrencyRef", {}).get("value", self.home))

    def accounts_of(self, account_type: str, *, subtype: str = "", currency: str = "") -> list[Record]:
        """The active accounts of a type."""
        found = self.records.find("Account", "AccountType", account_type.lower())
        return [
            record
            for record in found
            if record.active
            and subtype in ("", record.body.get("AccountSubType"))
            and currency in ("", self.account_currency(record.id))
        ]

    def ledger_account(self, record: Record) -> Account:
        """The ledger's view of an account record."""
        kind = ACCOUNT_TYPES[record.body["AccountType"]]
        name = str(record.body.get("FullyQualifiedName", record.body["Name"]))
        self.forget("Account", record.id)
        return Account(record.id, name, kind.kind, self.account_currency(record.id) or None, record.active)

    # Rates

    def rate_on(self, currency: str, on: date) -> Decimal | None:
        """Home units per one unit of a currency: the latest rate set on or before a date, else the market's."""
        if currency == self.home:
            return Decimal(1)
        rates = self.records.find("ExchangeRate", "SourceCurrencyCode", currency.lower())
        known = sorted((r.body["AsOfDate"], r.sequence, r.body["Rate"]) for r in rates)
        before = [rate for day, _, rate in known if day <= on.isoformat()]
        if before:
            return Decimal(before[-1])
        market = market_rate(currency, self.home)
        return Decimal(known[0][2]) if market is None and known else market

    def rate(self, currency: str, value: Decimal) -> Rate:
        return Rate(value, currency, self.home)

    # Posting

    def post(self, record: Record, entry: Entry | None) -> None:
        """Bring book and name balances in step with a record version."""
        before = self.company.book.current(record.kind, record.id)
        self.company.post(record, entry)
        moved: dict[str, Decimal] = {}
        self._add_up(moved, before.entry if before else None, Decimal(-1))
        self._add_up(moved, entry, Decimal(1))
        for name, difference in moved.items():
            if difference:
                self._move_balance(name, difference)

    def _add_up(self, moved: dict[str, Decimal], entry: Entry | None, sign: Decimal) -> None:
        for posting in entry.postings if entry else ():
            if not posting.party:
                continue
            kind = self.account_type(posting.account)
            if kind is not None and kind.name in ("Accounts Payable", "Accounts Receivable"):
                way = -sign if kind.name == "Accounts Payable" else sign
                moved[posting.party] = moved.get(posting.party, Decimal(0)) + way * posting.amount.amount

    def _move_balance(self, name: str, difference: Decimal) -> None:
        self.world.put(self._balances, name, str(self.name_balance(name) + difference))

    @property
    def _balances(self) -> str:
        return f"quickbooks_online/{self.company.id}/balance"

    def name_balance(self, name: str) -> Decimal:
        """What is owed to a vendor (or by a customer), in that name's currency."""
        return Decimal(self.world.get(self._balances, name) or 0)

    def user(self) -> str:
        """How the company's own user is called in messages."""
        return str(self.company.settings.get("user", "the company administrator"))


def label_of(record: Record) -> str:
    """The text that stands for a record: its name, marked when it is inactive."""
    body: Mapping[str, Any] = record.body
    text = body.get("FullyQualifiedName") or body.get("DisplayName") or body.get("Name") or body.get("Code") or ""
    return f"{text} (deleted)" if not record.active and record.kind in ENTITIES else str(text)


def whole_money(value: Decimal, currency: str) -> Money:
    """An amount in whole minor units of its currency, half up."""
    return Money(value, currency).rounded()
