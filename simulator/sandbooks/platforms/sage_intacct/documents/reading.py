"""What a client sent of a document, read field by field: dates, amounts, flags, references, the rate."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.ledger import WrongPrecision
from sandbooks.money import Money, Rate, known_currency
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.catalogue import object_named
from sandbooks.platforms.sage_intacct.objects.keeping import find
from sandbooks.platforms.sage_intacct.rates import DAILY, custom_rate, custom_types, day_rate
from sandbooks.platforms.sage_intacct.refusals import FieldMalformed, FieldMissing, Inactive, ReferenceInvalid
from sandbooks.platforms.sage_intacct.wire.scalars import decimal_text, flag, native_date, parse_date, parse_decimal
from sandbooks.platforms.sage_intacct.wire.xml import Fields, many

# Source: developer.intacct.com/api/accounts-payable (bills, adjustments, payments: amounts of more than two decimal
# places are rounded). Unconfirmed: which way, in currencies of other places, and for what the pages say it not of.
_ROUNDED = ("APBILL", "APADJUSTMENT", "APPYMT", "APADVANCE")


class Given:
    """The fields of one group as sent, over what stands already (for an update)."""

    def __init__(self, company: Company, kind: str, given: Any, standing: Fields | None = None) -> None:
        if not isinstance(given, dict):
            raise FieldMissing(kind, kind)
        self.company, self.kind = company, kind
        self.given: Fields = given
        self.standing = standing or {}

    def has(self, name: str) -> bool:
        """Whether the client says something here, or something stands."""
        return self.text(name) != ""

    def sent(self, name: str) -> bool:
        """Whether the client says something here."""
        return self.given.get(name) not in (None, "")

    def text(self, name: str, *, limit: int = 4000) -> str:
        """A text; empty when it is absent. Raises ``FieldMalformed``."""
        value = self.given.get(name, self.standing.get(name, ""))
        if value is None:
            return ""
        if not isinstance(value, str):
            raise FieldMalformed(self.kind, name, "a group", "text")
        if len(value) > limit:
            raise FieldMalformed(self.kind, name, value[:40], f"text of at most {limit} characters")
        return value

    def need(self, name: str, *, limit: int = 4000) -> str:
        """A text that must be there. Raises ``FieldMissing``."""
        value = self.text(name, limit=limit)
        if not value:
            raise FieldMissing(self.kind, name)
        return value

    def date(self, name: str) -> datetime.date | None:
        """A date; also the year, month and day of the legacy functions."""
        value = self.given.get(name, self.standing.get(name, ""))
        if isinstance(value, dict):
            value = "/".join(str(value.get(part, "")) for part in ("MONTH", "DAY", "YEAR"))
        if value in (None, ""):
            return None
        found = parse_date(value) if isinstance(value, str) else None
        if found is None:
            raise FieldMalformed(self.kind, name, str(value)[:40], "date")
        return found

    def need_date(self, name: str) -> datetime.date:
        found = self.date(name)
        if found is None:
            raise FieldMissing(self.kind, name)
        return found

    def decimal(self, name: str) -> Decimal | None:
        """A number; None when it is absent."""
        value = self.text(name)
        if not value:
            return None
        found = parse_decimal(value)
        if found is None:
            raise FieldMalformed(self.kind, name, value[:40], "number")
        return found

    def money(self, name: str, currency: str) -> Money | None:
        """An amount in whole minor units; that of a payable is rounded to them. Raises ``WrongPrecision``."""
        found = self.decimal(name)
        if found is None:
            return None
        money = Money(found, currency)
        if self.kind in _ROUNDED:
            return money.rounded()
        if not money.is_exact:
            raise WrongPrecision(money)
        return money

    def flag(self, name: str) -> bool:
        """A boolean; False when it is absent."""
        value = self.text(name)
        if not value:
            return False
        found = flag(value)
        if found is None:
            raise FieldMalformed(self.kind, name, value[:40], "boolean")
        return found

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of some words, in any case."""
        value = self.text(name) or default
        found = next((each for each in allowed if each.lower() == value.lower()), None)
        if found is None:
            raise FieldMalformed(self.kind, name, value[:40], f"one of {', '.join(allowed)}")
        return found

    def reference(self, name: str, target: str, *, required: bool = False) -> Record | None:
        """The active list entry that a field names. Raises ``ReferenceInvalid``, ``Inactive``."""
        value = self.need(name) if required else self.text(name)
        if not value:
            return None
        return reference(self.company, self.kind, target, value)

    def custom(self) -> Fields:
        """Fields and dimensions of the company's own, by name. Raises ``ReferenceInvalid``."""
        # Source: github.com/Intacct/intacct_dtd (customfields); developer.intacct.com/api (GLDIM and the name)
        # Unconfirmed: a company has to define such a field first; in the group of the older functions every name is
        # taken, in generic functions those of the setting.
        holder = self.given.get("CUSTOMFIELDS")
        given = holder.get("CUSTOMFIELD") if isinstance(holder, dict) else None
        native = object_named(self.kind).fields
        found: Fields = self._dimensions()
        for row in many(given):
            each = Given(self.company, self.kind, row)
            name = each.need("CUSTOMFIELDNAME", limit=100).upper()
            if name in native:
                raise FieldMalformed(self.kind, "CUSTOMFIELDNAME", name, "field of the company's own")
            found[name] = each.text("CUSTOMFIELDVALUE")
        mine = self.company.settings.get("custom_fields", ())
        return {**found, **{name: self.text(name) for name in mine if name in self.given}}

    def _dimensions(self) -> Fields:
        """The values of the company's own dimensions. Raises ``ReferenceInvalid``."""
        # Unconfirmed: the words for a dimension or a value that the company does not have.
        found: Fields = {}
        for name in self.given:
            if not name.startswith(own.PREFIX) or not self.sent(name):
                continue
            dimension = own.named(self.company, name.removeprefix(own.PREFIX))
            if not dimension:
                raise ReferenceInvalid(self.kind, "dimension", name[:80])
            value = self.text(name)
            if value not in own.dimensions_of(self.company)[dimension]:
                raise ReferenceInvalid(self.kind, dimension, value[:80])
            found[name] = value
        return found

    def group(self, name: str) -> list[Given]:
        """The groups that repeat under a name."""
        value = self.given.get(name)
        rows = [] if value in (None, "") else value if isinstance(value, list) else [value]
        return [Given(self.company, self.kind, row) for row in rows]


def reference(company: Company, kind: str, target: str, value: str) -> Record:
    """An active list entry by its id. Raises ``ReferenceInvalid``, ``Inactive``."""
    # Ids often come as "id--name", as the screens show them. Source: developer.intacct.com/api (samples)
    record = find(company, target, value) or find(company, target, value.partition("--")[0])
    title = object_named(target).title
    if record is None:
        raise ReferenceInvalid(kind, title, value[:80])
    if record.body.get("STATUS") == "inactive":
        raise Inactive(title, record.id)
    return record


def exchange_rate(given: Given, on: datetime.date) -> Rate:
    """The document's currency and rate: as given, else of the day that it names, else of its own."""
    company = given.company
    currency = (given.text("CURRENCY") or company.currency).upper()
    if not known_currency(currency) or find(company, "TRXCURRENCIES", currency) is None:
        raise ReferenceInvalid(given.kind, "currency", currency[:20])
    base = given.text("BASECURR").upper()
    if base and base != company.currency:
        raise ReferenceInvalid(given.kind, "base currency", base[:20])
    stated, day = given.decimal("EXCHANGE_RATE"), given.date("EXCH_RATE_DATE")
    type = given.text("EXCH_RATE_TYPE_ID")
    if type not in custom_types(company):
        given.reference("EXCH_RATE_TYPE_ID", "EXCHANGERATETYPES")
    if currency == company.currency:
        return Rate(Decimal(1), currency, currency)
    if stated is not None:
        if not Decimal("0.000000001") <= stated < 10**9:
            raise FieldMalformed(given.kind, "EXCHANGE_RATE", decimal_text(stated)[:40], "rate above zero")
        return Rate(stated, currency, company.currency)
    if type in custom_types(company):
        rate = custom_rate(company, type, currency, day or on)
    else:
        rate = day_rate(company, currency, day or on)
    if rate is None:
        raise FieldMissing(given.kind, "EXCHANGE_RATE")
    return rate


def money_fields(given: Given, rate: Rate, on: datetime.date) -> Fields:
    """The currency fields of a header as they are shown."""
    shown: Fields = {"BASECURR": rate.base, "CURRENCY": rate.foreign}
    if rate.foreign != rate.base:
        shown["EXCH_RATE_DATE"] = native_date(given.date("EXCH_RATE_DATE") or on)
        shown["EXCH_RATE_TYPE_ID"] = "" if given.sent("EXCHANGE_RATE") else (given.text("EXCH_RATE_TYPE_ID") or DAILY)
        shown["EXCHANGE_RATE"] = decimal_text(rate.value)
    return shown


def totals(entered: Money, base: Money, *, paid: Money | None = None, paid_base: Money | None = None) -> Fields:
    """The amount fields of a header: entered, paid, selected and due, in base and in transaction currency."""
    paid, paid_base = paid or Money.zero(entered.currency), paid_base or Money.zero(base.currency)
    return {
        "TOTALENTERED": decimal_text(base.amount),
        "TRX_TOTALENTERED": decimal_text(entered.amount),
        "TOTALPAID": decimal_text(paid_base.amount),
        "TRX_TOTALPAID": decimal_text(paid.amount),
        "TOTALSELECTED": "0",
        "TRX_TOTALSELECTED": "0",
        "TOTALDUE": decimal_text((base - paid_base).amount),
        "TRX_TOTALDUE": decimal_text((entered - paid).amount),
    }
