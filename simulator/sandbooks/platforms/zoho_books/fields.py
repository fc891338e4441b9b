"""Reading the members of a native document: types, limits, references. The first broken one is told, as Zoho does.

Unknown members are passed over. On an update, members that are not given keep their standing value. Ids are text of
digits and are taken as numbers too.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required, TooLong, UnknownReference, broken

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_AMOUNT_MAX = Decimal(10) ** 13
_DECIMALS_MAX = 10
TEXT_MAX = 100
NOTE_MAX = 5000

# What an entity is called in "... does not exist."
WORDS = {
    "account": "Account",
    "bankstatement": "Statement",
    "bankstatementline": "Transaction",
    "banktransaction": "Transaction",
    "basecurrencyadjustment": "Base currency adjustment",
    "bill": "Bill",
    "billpayment": "Bill payment",
    "comment": "Comment",
    "contact": "Contact",
    "contactperson": "Contact person",
    "currency": "Currency",
    "document": "Document",
    "employee": "Employee",
    "exchangerate": "Exchange rate",
    "expense": "Expense",
    "item": "Item",
    "journal": "Journal",
    "location": "Location",
    "project": "Project",
    "recurringbill": "Recurring bill",
    "recurringexpense": "Recurring expense",
    "tag": "Reporting tag",
    "tax": "Tax",
    "taxauthority": "Tax authority",
    "taxexemption": "Tax exemption",
    "user": "User",
    "vendorcredit": "Vendor credit",
    "vendorcreditrefund": "Refund",
    "vendorpayment": "Payment",
    "vendorpaymentrefund": "Refund",
}


class Fields:
    """The members of one input document over what stands."""

    def __init__(self, given: Mapping[str, Any], standing: Mapping[str, Any] | None = None) -> None:
        self.given = given
        self.standing = standing or {}

    def raw(self, name: str) -> Any:
        return self.given[name] if name in self.given else self.standing.get(name)

    def has(self, name: str) -> bool:
        """Whether the member has a value, given now or standing."""
        return self.raw(name) not in (None, "", [], {})

    def gives(self, name: str) -> bool:
        """Whether this very document gives the member a value."""
        return self.given.get(name) not in (None, "", [], {})

    def text(self, name: str, *, required: bool = False, limit: int = TEXT_MAX) -> str:
        """Free text, empty when there is none; numbers count by their digits."""
        value = self.raw(name)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            value = ""
        if not isinstance(value, str) or "\x00" in value:
            raise InvalidValue(name)
        if required and not value.strip():
            raise Required(name)
        if len(value) > limit:
            raise TooLong(name, limit)
        return value.strip()

    def id(self, name: str, *, required: bool = False) -> str:
        """An id: text of digits, or a whole number."""
        value = self.raw(name)
        if value is None or value == "":
            if required:
                raise Required(name)
            return ""
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not (text.strip().isascii() and text.strip().isdigit()) or len(text) > 40:
            raise InvalidValue(name)
        return text.strip()

    def decimal(self, name: str, *, required: bool = False) -> Decimal | None:
        """A number, also as text."""
        value = self.raw(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                raise Required(name)
            return None
        if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()) and len(value) < 60:
            value = Decimal(value.strip())
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise InvalidValue(name)
        number = Decimal(value)
        if abs(number) >= _AMOUNT_MAX or -int(number.normalize().as_tuple().exponent) > _DECIMALS_MAX:
            raise InvalidValue(name)
        return number or Decimal(0)

    def whole(self, name: str, *, default: int = 0, most: int = 10**6) -> int:
        """A whole number from 0 on."""
        value = self.decimal(name)
        if value is None:
            return default
        if value != int(value) or not 0 <= value <= most:
            raise InvalidValue(name)
        return int(value)

    def money(self, name: str, currency: str, *, required: bool = False) -> Money | None:
        """An amount, rounded half up to the decimals of its currency."""
        # Unconfirmed: whether the live service rounds or refuses more decimals than the currency has.
        value = self.decimal(name, required=required)
        return None if value is None else Money.of(value, currency).rounded()

    def positive(self, name: str, currency: str, *, required: bool = True) -> Money:
        """An amount above zero. Raises the rule ``amount_not_positive``."""
        money = self.money(name, currency, required=required)
        if money is None or money.amount <= 0:
            raise broken("amount_not_positive")
        return money

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean, also as text."""
        value = self.raw(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise InvalidValue(name)

    def date(self, name: str, *, required: bool = False) -> datetime.date | None:
        """A date ``YYYY-MM-DD``."""
        value = self.raw(name)
        if value is None or value == "":
            if required:
                raise Required(name)
            return None
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise InvalidValue(name)
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise InvalidValue(name) from error

    def day(self, name: str, today: datetime.date) -> str:
        """A date in ISO form, today where none is given."""
        return (self.date(name) or today).isoformat()

    def choice(self, name: str, allowed: Collection[str], *, default: str = "") -> str:
        """One of a fixed list of words."""
        value = self.raw(name)
        if value is None or value == "":
            return default
        if not isinstance(value, str) or value not in allowed:
            raise InvalidValue(name)
        return value

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A list of documents; empty where none is given."""
        value = self.raw(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InvalidValue(name)
        return list(value)

    def part(self, name: str) -> dict[str, Any]:
        """A nested document; empty where none is given."""
        value = self.raw(name)
        if value is None or value == "":
            return {}
        if not isinstance(value, dict):
            raise InvalidValue(name)
        return value

    def record(self, name: str, company: Company, kind: str, *, required: bool = False) -> Record | None:
        """The record that an id names; it must stand in this organisation. Raises ``UnknownReference``."""
        id = self.id(name, required=required)
        if not id:
            return None
        found = company.records.get(kind, id)
        if found is None or found.deleted:
            raise UnknownReference(name, WORDS[kind])
        return found
