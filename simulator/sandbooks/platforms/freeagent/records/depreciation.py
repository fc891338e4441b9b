"""How a capital asset loses its value: the profile that a purchase names, and the amounts that follow from it.

Pure. The first month's or year's part falls on the day of the purchase itself, the others on its days in later months
or years.
Source: https://dev.freeagent.com/docs/depreciation_profiles; https://support.freeagent.com article 115001217110
(Capital Assets report: when depreciation is posted)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.recurrence import Step, occurrence
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.refusals import ScheduleDeprecated

Profile = Mapping[str, Any]

STRAIGHT, REDUCING, NONE = "straight_line", "reducing_balance", "no_depreciation"
METHODS = (STRAIGHT, REDUCING, NONE)
FREQUENCIES = ("monthly", "annually")
YEARS = (2, 25)
PERCENTAGES = (1, 99)
# Reducing balance never ends by itself; a century of it leaves nothing that matters.
_YEARS_MAX = 100
_LAST_YEAR = 9990
SCHEDULES = ("depreciation_schedule", "asset_life_years")


def read(fields: Fields, standing: Profile | None) -> dict[str, Any]:
    """The profile that a purchase names, else the one that stands; wrong members are noted.

    Raises ``ScheduleDeprecated`` for years given in the old way to an asset that has a profile.
    """
    given = fields.given.get("capital_asset")
    inner = given.get("depreciation_profile") if isinstance(given, Mapping) else None
    if inner not in (None, ""):
        return _profile(fields, inner)
    years = next((name for name in SCHEDULES if fields.gives(name)), "")
    if years:
        if standing is not None and not standing.get("scheduled"):
            raise ScheduleDeprecated
        return _scheduled(fields, years)
    # Unconfirmed: what the live service makes of a purchase that names no profile.
    return dict(standing) if standing is not None else {"method": NONE}


def _profile(fields: Fields, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        fields.wrong("capital_asset.depreciation_profile", "is invalid")
        return {"method": NONE}
    members = Fields(given, where=f"{fields.where}depreciation_profile.")
    method = members.choice("method", METHODS)
    if method is None and not members.messages:
        members.wrong("method", "can't be blank")
    profile: dict[str, Any] = {"method": method or NONE}
    if method == STRAIGHT:
        profile["asset_life_years"] = _whole(members, "asset_life_years", YEARS)
    if method == REDUCING:
        profile["annual_depreciation_percentage"] = _whole(members, "annual_depreciation_percentage", PERCENTAGES)
    if method in (STRAIGHT, REDUCING):
        profile["frequency"] = members.choice("frequency", FREQUENCIES, default="monthly")
    fields.messages += members.messages
    return profile


def _whole(members: Fields, name: str, bounds: tuple[int, int]) -> int:
    value = members.decimal(name, required=True)
    if value is None:
        return bounds[0]
    if value != value.to_integral_value() or not bounds[0] <= value <= bounds[1]:
        members.wrong(name, f"must be between {bounds[0]} and {bounds[1]}")
        return bounds[0]
    return int(value)


def _scheduled(fields: Fields, name: str) -> dict[str, Any]:
    """Years in the old way: straight line, posted once a year; 0 stands for no depreciation."""
    value = fields.decimal(name)
    if value == 0:
        return {"method": NONE, "scheduled": True}
    years = _whole(fields, name, YEARS)
    return {"method": STRAIGHT, "asset_life_years": years, "frequency": "annually", "scheduled": True}


def life_years(profile: Profile) -> int:
    """The life of an asset under straight line depreciation; 0 under any other."""
    return int(profile.get("asset_life_years", 0)) if profile["method"] == STRAIGHT else 0


def describe(profile: Profile) -> str:
    """How an event of depreciation is called: the part of a year or month in hundredths."""
    periods = 12 if profile.get("frequency") == "monthly" else 1
    if profile["method"] == STRAIGHT:
        part = Fraction(100, int(profile["asset_life_years"]) * periods)
    else:
        part = Fraction(int(profile["annual_depreciation_percentage"]), periods)
    rounded = (Decimal(part.numerator) / part.denominator).quantize(Decimal("0.01"))
    return f"Depreciation of {f'{rounded:f}'.rstrip('0').rstrip('.')}%"


def amounts(cost: Money, profile: Profile, bought: date) -> Iterator[tuple[date, Money]]:
    """The days and amounts of depreciation, from the day of the purchase on, until the asset is worth nothing.

    Each amount is the difference of two rounded totals, so that together they are the cost to the last minor unit.
    """
    if profile["method"] == NONE:
        return
    periods = 12 if profile["frequency"] == "monthly" else 1
    done = Money.zero(cost.currency)
    for number, share in enumerate(_shares(profile, periods)):
        months = number * 12 // periods
        if bought.year + months // 12 >= _LAST_YEAR:
            return
        lost = cost.portion(share)
        if lost != done:
            yield occurrence(bought, Step(months=1), months), lost - done
        done = lost


def _shares(profile: Profile, periods: int) -> Iterator[Fraction]:
    """What part of the cost is lost after each period."""
    if profile["method"] == STRAIGHT:
        count = int(profile["asset_life_years"]) * periods
        yield from (Fraction(number, count) for number in range(1, count + 1))
        return
    rate = Fraction(int(profile["annual_depreciation_percentage"]), 100)
    left = Fraction(1)
    for _ in range(_YEARS_MAX):
        yield from (1 - left + left * rate * number / periods for number in range(1, periods + 1))
        left *= 1 - rate
