"""Sales tax on a line: from the rate or the amount given, or the category's own default, to net and tax.

Pure. Amounts keep the sign of the gross that they belong to.
Source: https://dev.freeagent.com/docs/sales_tax
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct, structs

from sandbooks.kit.company import Company
from sandbooks.ledger.taxes import TaxCode, TaxComponent, tax_on
from sandbooks.money import Money, Rate
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.wire import decimal_text

STATUSES = ("TAXABLE", "EXEMPT", "OUT_OF_SCOPE")
MOSS = "EC VAT MOSS"
EC_STATUSES = ("UK/Non-EC", "EC Goods", "EC Services", "Reverse Charge", MOSS)
# Source: https://dev.freeagent.com/docs/sales_tax (EC VAT MOSS: place_of_supply)
PLACES_OF_SUPPLY = (
    *("Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus", "Czech Republic", "Denmark", "Estonia", "Finland"),
    *("France", "Germany", "Greece", "Hungary", "Ireland", "Italy", "Latvia", "Lithuania", "Luxembourg", "Malta"),
    *("Netherlands", "Poland", "Portugal", "Romania", "Slovakia", "Slovenia", "Spain", "Sweden"),
)
SELF_ACCOUNTED = ("EC Goods", "EC Services", "Reverse Charge")
AUTO_RATES = ("Outside of the scope of VAT", "Zero rate", "Reduced rate", "Standard rate", "Exempt")
# Source: https://dev.freeagent.com/docs/bills (ec_status: what 1 January 2021 changed for Great Britain)
GB_LEFT = date(2021, 1, 1)


class Scheme(Struct, frozen=True, kw_only=True):
    """A company's sales tax on the day of a document."""

    registered: bool
    value_added: bool
    rates: tuple[Decimal, ...]
    second_rates: tuple[Decimal, ...] = ()
    second_compound: bool = False
    great_britain: bool = False
    any_rate: bool = False

    @property
    def standard(self) -> Decimal:
        return max(self.rates, default=Decimal(0))

    @property
    def recoverable(self) -> bool:
        """Whether tax on purchases is reclaimed rather than part of the cost."""
        return self.registered and self.value_added

    def rate_of(self, auto: str) -> Decimal:
        """The rate behind a category's ``auto_sales_tax_rate``."""
        if auto == "Standard rate":
            return self.standard
        if auto == "Reduced rate":
            return min((rate for rate in self.rates if rate), default=Decimal(0))
        return Decimal(0)


def scheme_of(company: Company, on: date | None = None) -> Scheme:
    """The scheme on a day: that of the sales tax period in effect, else the company's settings."""
    settings = in_effect(company, on)
    return Scheme(
        registered=settings.get("sales_tax_registration_status") == "Registered",
        value_added=bool(settings.get("sales_tax_is_value_added", True)),
        rates=tuple(Decimal(str(rate)) for rate in settings.get("sales_tax_rates", ())),
        second_rates=tuple(Decimal(str(rate)) for rate in settings.get("second_sales_tax_rates", ())),
        second_compound=bool(settings.get("second_sales_tax_is_compound", False)),
        great_britain=company.country == "GB",
        any_rate=company.settings.get("unlisted_tax_rates") == "taken",
    )


_PERIOD_MEMBERS = (
    "sales_tax_name",
    "sales_tax_registration_status",
    "sales_tax_registration_number",
    "sales_tax_is_value_added",
    "second_sales_tax_name",
    "second_sales_tax_is_compound",
)


def in_effect(company: Company, on: date | None) -> dict[str, Any]:
    """The company's settings with what the sales tax period of a day says in place of their own."""
    # Companies of the United Kingdom have no such periods, so their writes do not look for any.
    if on is None or str(company.settings.get("type", "")).startswith("Uk"):
        return dict(company.settings)
    periods = company.records.scan("sales_tax_period")
    begun = [record.body for record in periods if record.body["effective_date"] <= on.isoformat()]
    if not begun:
        return dict(company.settings)
    # Source: https://dev.freeagent.com/docs/sales_tax_periods (effective_date)
    period = max(begun, key=lambda body: str(body["effective_date"]))
    rest = {name: value for name, value in company.settings.items() if "sales_tax" not in name}
    lists = {
        f"{prefix}_rates": [period[name] for name in (f"{prefix}_rate_{n}" for n in (1, 2, 3)) if name in period]
        for prefix in ("sales_tax", "second_sales_tax")
    }
    taken = {name: period[name] for name in _PERIOD_MEMBERS if name in period}
    return {**rest, **taken, **lists, "sales_tax_effective_date": period["effective_date"]}


class SalesTax(Struct, frozen=True, kw_only=True):
    """The tax on one line: ``members`` as the document shows them, ``tax`` within the gross, ``notional`` beside it."""

    members: dict[str, Any]
    gross: Money
    tax: Money
    second: Money
    notional: Money

    @property
    def net(self) -> Money:
        return self.gross - self.tax - self.second


def ec_status(fields: Fields, scheme: Scheme, on: date | None, *, moss: bool = False) -> str:
    """The VAT status of a document, checked against its date; ``moss`` where sales to consumers in the EC are told."""
    allowed = EC_STATUSES if moss and scheme.great_britain else EC_STATUSES[:-1]
    status = fields.choice("ec_status", allowed, default="UK/Non-EC") or "UK/Non-EC"
    if on is not None and scheme.great_britain and status in ("EC Goods", "EC Services") and on >= GB_LEFT:
        fields.wrong("ec_status", "is not included in the list")
    if on is not None and status == "Reverse Charge" and on < GB_LEFT:
        fields.wrong("ec_status", "is not included in the list")
    return status


def place_of_supply(fields: Fields) -> dict[str, str]:
    """Where a sale under EC VAT MOSS is taxed."""
    if not fields.has("place_of_supply"):
        fields.wrong("place_of_supply", "can't be blank")
    place = fields.choice("place_of_supply", PLACES_OF_SUPPLY)
    return {"place_of_supply": place} if place is not None else {}


class Basis(Struct, frozen=True, kw_only=True):
    """What the tax on a line rests on, beside the line.

    ``auto`` is the category's default; ``rate`` turns a foreign document's currency into the native one (None for a
    native document, or one whose tax is in its own currency); ``shown`` is the sign of ``sales_tax_value`` against the
    value: bills show it negative.
    """

    scheme: Scheme
    auto: str
    ec: str
    inclusive: bool = True
    rate: Rate | None = None
    shown: int = 1


def sales_tax(fields: Fields, value: Money, basis: Basis) -> SalesTax:
    """The tax on a line whose total (``basis.inclusive``) or net is ``value``; notes wrong members in ``fields``."""
    scheme = basis.scheme
    status = _status(fields, basis)
    if not scheme.registered:
        return _none(value, {"sales_tax_status": status, **_rate_members(Decimal(0))})
    second_status, second = _second(fields, scheme)
    if status != "TAXABLE":
        untaxed = _by_rate(value, Decimal(0), second, basis)
        rest = {name: worth for name, worth in untaxed.members.items() if name != "sales_tax_rate"}
        return structs.replace(untaxed, members=rest | {"sales_tax_status": status} | second_status)
    taxed = _taxed(fields, value, second, basis)
    return structs.replace(taxed, members=taxed.members | second_status)


def _taxed(fields: Fields, value: Money, second: Decimal, basis: Basis) -> SalesTax:
    """The tax on a line that is taxable: self-accounted, by the amount typed, or by rate."""
    scheme, status = basis.scheme, "TAXABLE"
    manual = _manual(fields, value, basis)
    rate = Decimal(0) if basis.rate else _rate(fields, basis)
    if basis.ec in SELF_ACCOUNTED:
        notional = value.portion(Fraction(rate or scheme.standard) / 100)
        return _none(value, {"sales_tax_status": status, **_rate_members(rate)}, notional=notional)
    if manual is not None:
        # The amount is told as it was typed, whatever the sign of the value.
        # Source: https://dev.freeagent.com/docs/expenses (sample: 0.12 beside a value of -20.0)
        typed = {"manual_sales_tax_amount": decimal_text(fields.decimal("manual_sales_tax_amount") or Decimal(0))}
        by_amount = _by_amount(value, manual, second, basis)
        return structs.replace(by_amount, members=by_amount.members | typed)
    return _by_rate(value, rate, second, basis)


def _rate_members(rate: Decimal, value: str = "0.0") -> dict[str, Any]:
    return {"sales_tax_rate": decimal_text(rate), "sales_tax_value": value}


def _none(value: Money, members: dict[str, Any], *, notional: Money | None = None) -> SalesTax:
    zero = Money.zero(value.currency)
    return SalesTax(members=members, gross=value, tax=zero, second=zero, notional=notional or zero)


def _status(fields: Fields, basis: Basis) -> str:
    status = fields.choice("sales_tax_status", STATUSES)
    if status is not None:
        return status
    if any(fields.has(name) for name in ("sales_tax_rate", "manual_sales_tax_amount")) and not _auto_asked(fields):
        return "TAXABLE"
    return {"Exempt": "EXEMPT", "Outside of the scope of VAT": "OUT_OF_SCOPE"}.get(basis.auto, "TAXABLE")


def _auto_asked(fields: Fields) -> bool:
    return fields.raw("sales_tax_rate") == "Auto" and not fields.has("manual_sales_tax_amount")


def _rate(fields: Fields, basis: Basis) -> Decimal:
    if not fields.has("sales_tax_rate") or fields.raw("sales_tax_rate") == "Auto":
        return basis.scheme.rate_of(basis.auto)
    rate = fields.decimal("sales_tax_rate")
    if rate is None:
        return Decimal(0)
    # Unconfirmed: whether the live service refuses a rate that is not on the company's list; ``unlisted_tax_rates``
    # chooses. Those of EC VAT MOSS are the other countries' own.
    anywhere = 0 <= rate <= 100 and (basis.ec == MOSS or basis.scheme.any_rate)
    if rate and not anywhere and rate not in basis.scheme.rates:
        fields.wrong("sales_tax_rate", "is not included in the list")
        return Decimal(0)
    return rate


def _second(fields: Fields, scheme: Scheme) -> tuple[dict[str, str], Decimal]:
    """The status and the rate of the second tax; neither is told where the company has none."""
    # Source: https://dev.freeagent.com/docs/expenses (second_sales_tax_status)
    if not scheme.second_rates:
        return {}, Decimal(0)
    status = fields.choice("second_sales_tax_status", STATUSES, default="TAXABLE") or "TAXABLE"
    told = {"second_sales_tax_status": status}
    if status != "TAXABLE" or not fields.has("second_sales_tax_rate"):
        return told, Decimal(0)
    rate = fields.decimal("second_sales_tax_rate") or Decimal(0)
    if rate and rate not in scheme.second_rates:
        fields.wrong("second_sales_tax_rate", "is not included in the list")
        return told, Decimal(0)
    return told, rate


def _manual(fields: Fields, value: Money, basis: Basis) -> Money | None:
    """The amount of tax as typed, in native currency where the document is foreign; its sign follows the value."""
    native = basis.rate.base if basis.rate else value.currency
    given = fields.money("manual_sales_tax_amount", native)
    if given is None:
        return None
    limit = basis.rate.to_base(value) if basis.rate else value
    if abs(given.amount) > abs(limit.amount):
        fields.wrong("manual_sales_tax_amount", "can't be more than the value")
        return None
    return given if (given.amount < 0) == (value.amount < 0) else -given


def _by_amount(value: Money, manual: Money, second: Decimal, basis: Basis) -> SalesTax:
    tax = manual
    if basis.rate:
        tax = Money(manual.amount, value.currency).portion(1 / Fraction(basis.rate.value))
    extra = _extra(value, tax, Fraction(second) / 100, basis)
    gross = value if basis.inclusive else value + tax + extra
    members = {
        "sales_tax_status": "TAXABLE",
        "sales_tax_value": decimal_text(basis.shown * tax.amount),
        **_second_members(second, extra, basis),
    }
    return SalesTax(members=members, gross=gross, tax=tax, second=extra, notional=Money.zero(value.currency))


def _extra(value: Money, tax: Money, rate: Fraction, basis: Basis) -> Money:
    """The second tax beside an amount of the first: on the net, or on net and first tax where it is compound."""
    compound = basis.scheme.second_compound
    if basis.inclusive:
        return (value if compound else value - tax).portion(rate / (1 + rate))
    return (value + tax if compound else value).portion(rate)


def _second_members(rate: Decimal, tax: Money, basis: Basis) -> dict[str, str]:
    if not basis.scheme.second_rates:
        return {}
    return {
        "second_sales_tax_rate": decimal_text(rate),
        "second_sales_tax_value": decimal_text(basis.shown * tax.amount),
    }


def _by_rate(value: Money, rate: Decimal, second: Decimal, basis: Basis) -> SalesTax:
    components = (
        TaxComponent("sales tax", rate, ""),
        TaxComponent("second sales tax", second, "", compound=basis.scheme.second_compound),
    )
    code = TaxCode("rates", "rates", components if second else components[:1])
    result = tax_on(value, code, inclusive=basis.inclusive)
    extra = result.parts[1].amount if second else Money.zero(value.currency)
    tax = result.tax - extra
    members = {"sales_tax_status": "TAXABLE", **_rate_members(rate, decimal_text(basis.shown * tax.amount))}
    members |= _second_members(second, extra, basis)
    zero = Money.zero(value.currency)
    return SalesTax(members=members, gross=result.gross, tax=tax, second=extra, notional=zero)


def without_standing_tax(standing: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The standing members of a line, less what the tax now given takes the place of."""
    if given.get("sales_tax_rate") not in (None, ""):
        dropped = {"manual_sales_tax_amount", "sales_tax_status", "sales_tax_rate"}
    elif given.get("manual_sales_tax_amount") not in (None, ""):
        dropped = {"sales_tax_rate", "sales_tax_status"}
    else:
        dropped = set()
    return {name: value for name, value in standing.items() if name not in dropped}
