"""Mileage: an expense whose amount is a distance, or the difference of two readings, at a rate.

Source: https://www.zoho.com/books/api/v3/expenses/ (mileage_type, distance, start_reading, end_reading, mileage_rate)
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sandbooks.kit.company import Company
from sandbooks.money import Money
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.refusals import InvalidValue, Required
from sandbooks.platforms.zoho_books.wire import Body

# Source: the same page, and the product's screens. Unconfirmed: that gps takes its distance as manual does.
TYPES = ("non_mileage", "manual", "odometer", "gps")
UNITS = ("km", "mile")
VEHICLES = ("car", "van", "motorcycle", "bike")
FUELS = ("petrol", "lpg", "diesel")
ENGINES = (
    *("less_than_1400cc", "between_1400cc_and_1600cc", "between_1600cc_and_2000cc", "more_than_2000cc"),
    *("less_than_1600cc",),
)
_NONE: Body = {"mileage_type": "non_mileage", "expense_type": "non-mileage"}


# Pence of fuel a mile, by fuel and engine: of what is paid for a mile, that part bears tax that can be got back.
# Source: https://www.gov.uk/guidance/advisory-fuel-rates (from 1 June 2025). They change each quarter; the setting
# ``advisory_fuel_rates`` of an organisation has others, in its base currency.
FUEL_RATES: dict[str, dict[str, str]] = {
    "petrol": {"1400": "0.12", "2000": "0.14", "more": "0.22"},
    "lpg": {"1400": "0.11", "2000": "0.13", "more": "0.21"},
    "diesel": {"1600": "0.11", "2000": "0.13", "more": "0.17"},
}
_BANDS = {
    "less_than_1400cc": "1400",
    "less_than_1600cc": "1600",
    "between_1400cc_and_1600cc": "2000",
    "between_1600cc_and_2000cc": "2000",
    "more_than_2000cc": "more",
}
# The lowest band of diesel reaches to 1600 cc, whichever range below it a journey names.
_SMALL = ("less_than_1400cc", "between_1400cc_and_1600cc", "less_than_1600cc")
_MILES = Decimal("0.621371")


def read(company: Company, fields: Fields, code: str) -> tuple[Body, Fields]:
    """The members of a mileage, and the document with the amount that follows from them.

    Raises ``InvalidValue``, ``Required``.
    """
    kind = fields.choice("mileage_type", TYPES, default="non_mileage")
    if kind == "non_mileage":
        return dict(_NONE), fields
    readings = {name: fields.decimal(name, required=kind == "odometer") for name in ("start_reading", "end_reading")}
    distance = _distance(fields, kind, readings)
    rate = fields.decimal("mileage_rate", required=True) or Decimal(0)
    if rate <= 0:
        raise InvalidValue("mileage_rate")
    members: Body = {
        "mileage_type": kind,
        "expense_type": "mileage",
        "distance": distance,
        "mileage_rate": rate,
        "mileage_unit": fields.choice("mileage_unit", UNITS, default="km"),
        **{name: "" if value is None else value for name, value in readings.items()},
        "vehicle_type": fields.choice("vehicle_type", VEHICLES),
        "fuel_type": fields.choice("fuel_type", FUELS),
        "engine_capacity_range": fields.choice("engine_capacity_range", ENGINES),
    }
    amount = (distance * rate).quantize(Decimal("0.0000000001"))
    driven: Body = {"amount": amount, "line_items": []}
    # Source: https://www.zoho.com/books/api/v3/expenses/ (can_reclaim_vat_on_mileage: the edition of Great Britain)
    if company.country == "GB":
        reclaims = fields.flag("can_reclaim_vat_on_mileage")
        members["can_reclaim_vat_on_mileage"] = reclaims
        if reclaims:
            driven |= _reclaimed(company, fields, members, code)
    return members, Fields({**fields.given, **driven}, fields.standing)


def _reclaimed(company: Company, fields: Fields, members: Body, code: str) -> Body:
    """The tax inside the fuel of a journey, as the document would state it."""
    tax = fields.record("tax_id", company, "tax", required=True)
    by_engine = company.settings.get("advisory_fuel_rates", FUEL_RATES).get(str(members["fuel_type"]))
    band = _BANDS.get(str(members["engine_capacity_range"]), "")
    if not by_engine or tax is None:
        raise Required("fuel_type")
    if code != company.currency:
        # Unconfirmed: what becomes of fuel rates, which are in base currency, in another.
        raise InvalidValue("currency_id")
    if "1600" in by_engine and members["engine_capacity_range"] in _SMALL:
        band = "1600"
    if band not in by_engine:
        raise InvalidValue("engine_capacity_range")
    miles = members["distance"] if members["mileage_unit"] == "mile" else members["distance"] * _MILES
    fuel = min(miles * Decimal(str(by_engine[band])), members["distance"] * members["mileage_rate"])
    rate = Fraction(Decimal(str(tax.body["tax_percentage"])))
    inside = Fraction(fuel) * rate / (100 + rate)
    money = Money.of(Decimal(inside.numerator) / Decimal(inside.denominator), code).rounded()
    return {"is_inclusive_tax": True, "taxes": [{"tax_id": tax.id, "tax_amount": money.amount}]}


def _distance(fields: Fields, kind: str, readings: dict[str, Decimal | None]) -> Decimal:
    if kind == "odometer":
        start, end = readings["start_reading"], readings["end_reading"]
        if start is None or end is None or start < 0 or end <= start:
            raise InvalidValue("end_reading")
        return end - start
    distance = fields.decimal("distance", required=True) or Decimal(0)
    if distance <= 0:
        raise InvalidValue("distance")
    return distance
