"""Mileage: an expense whose amount is a distance, or the difference of two readings, at a rate.

Source: https://www.zoho.com/books/api/v3/expenses/ (mileage_type, distance, start_reading, end_reading, mileage_rate)
"""

from __future__ import annotations

from decimal import Decimal

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.zoho_books.fields import Fields
from sandbooks.platforms.zoho_books.refusals import InvalidValue
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


def read(fields: Fields, code: str) -> tuple[Body, Fields]:
    """The members of a mileage, and the document with the amount that follows from them.

    Raises ``InvalidValue``, ``Required``.
    """
    kind = fields.choice("mileage_type", TYPES, default="non_mileage")
    if kind == "non_mileage":
        return dict(_NONE), fields
    if fields.flag("can_reclaim_vat_on_mileage"):
        raise NotSimulated("VAT reclaimed on mileage")
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
    return members, Fields({**fields.given, "amount": amount, "line_items": []}, fields.standing)


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
