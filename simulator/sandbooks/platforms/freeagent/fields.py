"""Reading the members of a native document: types, limits, references; every broken rule becomes one message.

Unknown members are passed over, as the live service does. On an update, members that are not given keep their standing
value, and a null clears one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money, digits
from sandbooks.platforms.freeagent.refusals import Invalid
from sandbooks.platforms.freeagent.wire import tail

TEXT_MAX = 255
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_AMOUNT_MAX = Decimal(10) ** 12
_DECIMALS_MAX = 12

# Source: https://dev.freeagent.com/docs/currencies (the codes supported)
_CODES = """
AED AMD AOA ARS AUD AWG AZN BBD BDT BGN BRL BWP CAD CHF CLP CNY COP CRC CUC CUP CZK DKK DOP EGP EUR FJD GBP GEL GHS
GTQ GYD HKD HNL HRK HUF IDR ILS INR ISK JMD JPY KES KRW KWD KYD KZT LAK LBP LKR LTL LVL MAD MDL MGA MUR MVR MWK MXN
MYR MZN NAD NGN NOK NPR NZD OMR PEN PHP PKR PLN QAR RON RSD RUB RWF SAR SCR SEK SGD THB TND TRY TTD TWD TZS UAH UGX
USD UYU VEF VND VUV XAF XCD XOF ZAR ZMK
"""
CURRENCIES = frozenset(_CODES.split())

RESOURCES = {
    "attachment": "attachments",
    "bank_account": "bank_accounts",
    "bank_transaction": "bank_transactions",
    "bank_transaction_explanation": "bank_transaction_explanations",
    "bill": "bills",
    "bill_revaluation": "bills",
    "capital_asset": "capital_assets",
    "capital_asset_depreciation": "capital_assets",
    "capital_asset_type": "capital_asset_types",
    "category": "categories",
    "contact": "contacts",
    "credit_note": "credit_notes",
    "credit_note_reconciliation": "credit_note_reconciliations",
    "expense": "expenses",
    "hire_purchase": "hire_purchases",
    "invoice": "invoices",
    "invoice_revaluation": "invoices",
    "credit_note_revaluation": "credit_notes",
    "invoice_write_off": "invoices",
    "journal_set": "journal_sets",
    "note": "notes",
    "price_list_item": "price_list_items",
    "project": "projects",
    "property": "properties",
    "sales_tax_period": "sales_tax_periods",
    "stock_item": "stock_items",
    "stock_sale": "bank_transaction_explanations",
    "task": "tasks",
    "timeslip": "timeslips",
    "user": "users",
}


class Fields:
    """The members of one input document over what stands. ``where`` begins each message of a nested document."""

    def __init__(self, given: Mapping[str, Any], standing: Mapping[str, Any] | None = None, *, where: str = "") -> None:
        self.given = given
        self.standing = standing or {}
        self.where = where
        self.messages: list[str] = []

    def wrong(self, name: str, what: str) -> None:
        """Note a broken rule."""
        self.messages.append(f"{self.where}{name} {what}")

    def check(self) -> None:
        """Raise ``Invalid`` with every broken rule, if there is one."""
        if self.messages:
            raise Invalid(tuple(self.messages))

    def raw(self, name: str) -> Any:
        return self.given[name] if name in self.given else self.standing.get(name)

    def has(self, name: str) -> bool:
        """Whether the member has a value, given now or standing."""
        return self.raw(name) not in (None, "")

    def gives(self, name: str) -> bool:
        """Whether this very document gives the member a value."""
        return self.given.get(name) not in (None, "")

    def _blank(self, name: str, required: bool) -> None:
        if required:
            self.wrong(name, "can't be blank")

    def text(self, name: str, *, required: bool = False, limit: int = TEXT_MAX) -> str | None:
        """Free text; numbers are taken as their digits. None when blank."""
        value = self.raw(name)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = f"{value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < TEXT_MAX else str(value)
        if value is None or (isinstance(value, str) and not value.strip()):
            self._blank(name, required)
            return None
        if not isinstance(value, str):
            self.wrong(name, "is invalid")
            return None
        if len(value) > limit:
            # Unconfirmed: the live limit of each text; 255 is the column size that Codat documents for references.
            self.wrong(name, f"is too long (maximum is {limit} characters)")
            return None
        return value

    def choice(self, name: str, allowed: Collection[str], *, default: str | None = None) -> str | None:
        """One of a fixed list of words."""
        if not self.has(name):
            return default
        value = self.raw(name)
        if isinstance(value, str) and value in allowed:
            return value
        self.wrong(name, "is not included in the list")
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; Rails also takes 1, 0 and their text."""
        value = self.raw(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, (int, str)) and str(value).lower() in ("1", "0", "true", "false"):
            return str(value).lower() in ("1", "true")
        self.wrong(name, "is not included in the list")
        return default

    def date(self, name: str, *, required: bool = False) -> date | None:
        """A date; a timestamp counts by its date."""
        value = self.raw(name)
        if value is None or value == "":
            self._blank(name, required)
            return None
        try:
            if isinstance(value, str) and (len(value) == 10 or value[10:11] == "T"):
                return date.fromisoformat(value[:10])
        except ValueError:
            pass
        self.wrong(name, "is invalid")
        return None

    def decimal(self, name: str, *, required: bool = False) -> Decimal | None:
        """A decimal, as text or as a number."""
        value = self.raw(name)
        if value is None or value == "":
            self._blank(name, required)
            return None
        if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()) and len(value) < 60:
            value = Decimal(value.strip())
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.wrong(name, "is not a number")
            return None
        return self._bounded(name, Decimal(value))

    def _bounded(self, name: str, value: Decimal) -> Decimal | None:
        if not value:
            return Decimal(0)
        if abs(value) >= _AMOUNT_MAX:
            self.wrong(name, f"must be less than {_AMOUNT_MAX:f}")
            return None
        plain = value.normalize()
        if -int(plain.as_tuple().exponent) > _DECIMALS_MAX:
            self.wrong(name, "has too many decimal places")
            return None
        return value

    def money(self, name: str, currency: str, *, required: bool = False) -> Money | None:
        """An amount in a known currency, in whole minor units."""
        value = self.decimal(name, required=required)
        if value is None:
            return None
        money = Money.of(value, currency)
        if not money.is_exact:
            # Unconfirmed: whether the live service rounds instead of refusing.
            self.wrong(name, f"must have at most {digits(currency)} decimal places")
            return None
        return money

    def currency(self, name: str, default: str) -> str:
        """The code of a currency that the service supports."""
        value = self.text(name) or default
        if value not in CURRENCIES and value != default:
            self.wrong(name, "is not included in the list")
            return default
        return value

    def record(self, name: str, company: Company, kind: str, *, required: bool = False) -> Record | None:
        """The record that a reference names; it must belong to this company."""
        value = self.raw(name)
        if value is None or value == "":
            self._blank(name, required)
            return None
        id = tail(value, RESOURCES[kind])
        found = company.records.get(kind, id) if id else None
        if found is None or found.deleted:
            # Source: https://api-discuss.freeagent.com ("Contact not found", "Invoice not found for this company")
            self.messages.append(f"{self.where}{kind.replace('_', ' ').capitalize()} not found")
            return None
        return found
