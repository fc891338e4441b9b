"""Mileage: expenses counted in miles, reclaimed at the approved allowance of the United Kingdom.

Source: https://dev.freeagent.com/docs/expenses (attributes, mileage settings)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.money import Money
from sandbooks.platforms.freeagent.fields import Fields
from sandbooks.platforms.freeagent.posting import EXPENSE_ACCOUNT, user_account
from sandbooks.platforms.freeagent.records.storing import check_open, refer
from sandbooks.platforms.freeagent.wire import decimal_text, path, tail

# The word that a request may give for the category, and the category itself.
# Source: https://github.com/RootwireLtd/FreeAgentDotNet FreeAgentFixtures (a recorded list: 249 is Mileage);
# https://gist.github.com/cblunt/5690036 (a claim in that category)
WORD = "Mileage"
CODE = "249"
CATEGORY = path("categories", CODE)
VEHICLES = ("Car", "Motorcycle", "Bicycle")
LIMIT = 10_000
_SIZES = ["Up to 1400cc", "1401-2000cc", "Over 2000cc"]
_DIESEL = ["Up to 1600cc", "1601-2000cc", "Over 2000cc"]
_FOREVER = "2099-12-31"
ENGINES: tuple[tuple[str, str, dict[str, list[str]]], ...] = (
    ("1970-01-01", "2011-05-31", {"Petrol": _SIZES, "Diesel": _SIZES, "LPG": _SIZES}),
    ("2011-06-01", "2019-02-28", {"Petrol": _SIZES, "Diesel": _DIESEL, "LPG": _SIZES}),
    ("2019-03-01", "2025-08-31", {"Petrol": _SIZES, "Diesel": _DIESEL, "LPG": _SIZES, "Electric": ["All"]}),
    (
        "2025-09-01",
        _FOREVER,
        {
            "Petrol": _SIZES,
            "Diesel": _DIESEL,
            "LPG": _SIZES,
            "Electric (Home charger)": ["All"],
            "Electric (Public charger)": ["All"],
        },
    ),
)
# Vehicle: the rate of the first miles of a tax year, and that of the miles beyond the limit, in pounds.
RATES: tuple[tuple[str, str, dict[str, tuple[str, str]]], ...] = (
    ("1970-01-01", "2011-04-05", {"Car": ("0.4", "0.25"), "Motorcycle": ("0.24", "0.24"), "Bicycle": ("0.2", "0.2")}),
    ("2011-04-06", _FOREVER, {"Car": ("0.45", "0.25"), "Motorcycle": ("0.24", "0.24"), "Bicycle": ("0.2", "0.2")}),
)


def check_simulated(company: Company) -> None:
    """Only the allowance of the United Kingdom is known."""
    if company.country != "GB":
        raise NotSimulated("mileage outside the United Kingdom")


def settings() -> dict[str, Any]:
    """Engines and rates by the days on which they are valid."""
    return {
        "engine_type_and_size_options": [{"from": a, "to": b, "value": value} for a, b, value in ENGINES],
        "mileage_rates": [
            {
                "from": first,
                "to": last,
                "value": {
                    **{name: {"basic_rate": low, "additional_rate": high} for name, (low, high) in rates.items()},
                    "basic_rate_limit": LIMIT,
                },
            }
            for first, last, rates in RATES
        ],
    }


def read(company: Company, fields: Fields, id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document and the facts of a mileage expense. Raises ``Invalid``."""
    check_simulated(company)
    user = fields.record("user", company, "user", required=True)
    dated_on = fields.date("dated_on", required=True)
    miles = fields.decimal("mileage", required=True)
    if miles is not None and not 0 < miles < 100_000:
        fields.wrong("mileage", "must be greater than 0")
    vehicle = fields.choice("vehicle_type", VEHICLES)
    if vehicle is None and not fields.has("vehicle_type"):
        fields.wrong("vehicle_type", "can't be blank")
    description = fields.text("description", required=True)
    reclaims = fields.flag("reclaim_mileage")
    if fields.flag("have_vat_receipt"):
        raise NotSimulated("reclaiming VAT on fuel")
    engine = _engine(fields, dated_on, vehicle)
    rebill = fields.decimal("rebill_mileage_rate")
    fields.check()
    if user is None or dated_on is None or miles is None or vehicle is None:
        raise AssertionError("checked above")
    check_open(company, dated_on.isoformat())
    owed, rates = _reclaimed(company, user, on=dated_on, vehicle=vehicle, miles=miles, but=id)
    gross = -owed if reclaims else Money.zero(company.currency)
    document = {
        "user": refer(user),
        "category": CATEGORY,
        "dated_on": dated_on.isoformat(),
        "currency": company.currency,
        "description": description,
        "mileage": decimal_text(miles),
        "vehicle_type": vehicle,
        **engine,
        "reclaim_mileage": int(reclaims),
        **(rates if reclaims else {}),
        "gross_value": decimal_text(gross.amount),
        "native_gross_value": decimal_text(gross.amount),
    }
    if rebill is not None:
        document["rebill_mileage_rate"] = decimal_text(rebill)
    claimant = user_account(EXPENSE_ACCOUNT, user.id)
    facts = {"posts": "expense", "base": company.currency, "recoverable": False, "notional": "0"}
    return document, facts | {"claimant": claimant, "account": CODE}


def _engine(fields: Fields, on: date | None, vehicle: str | None) -> dict[str, str]:
    """Engine type and size, from what is offered on the day; a bicycle has none."""
    if vehicle not in ("Car", "Motorcycle") or on is None:
        return {}
    offered = next(value for _, last, value in ENGINES if on.isoformat() <= last or last == _FOREVER)
    kind = fields.choice("engine_type", offered, default="Petrol") or "Petrol"
    size = fields.choice("engine_size", offered[kind], default=offered[kind][0])
    return {"engine_type": kind, "engine_size": size or offered[kind][0]}


def _tax_year(day: date) -> str:
    """The sixth of April that begins the tax year of a day."""
    year = day.year - 1 if (day.month, day.day) < (4, 6) else day.year
    return f"{year:04d}-04-06"


def _reclaimed(
    company: Company, user: Record, *, on: date, vehicle: str, miles: Decimal, but: str
) -> tuple[Money, dict[str, str]]:
    """What the miles are worth after those that the user claimed earlier in the tax year, and the rates."""
    low, high = next(rates[vehicle] for _, last, rates in RATES if on.isoformat() <= last or last == _FOREVER)
    start = _tax_year(on)
    before = Decimal(0)
    if start <= company.settings["freeagent_start_date"] <= on.isoformat():
        before += Decimal(user.body["opening_mileage"])
    for other in company.records.find("expense", "user", user.id):
        body = other.body
        same = body.get("vehicle_type") == vehicle and body.get("reclaim_mileage") == 1 and other.id != but
        if same and start <= body["dated_on"] <= on.isoformat():
            before += Decimal(body["mileage"])
    at_low = max(Decimal(0), min(miles, LIMIT - before))
    value = at_low * Decimal(low) + (miles - at_low) * Decimal(high)
    # Unconfirmed: what the two rates show when a claim crosses the limit.
    rates = {"initial_rate_mileage": low, "reclaim_mileage_rate": low if at_low == miles else high}
    return Money(value, company.currency).rounded(), rates


def is_mileage(company: Company, fields: Fields) -> bool:
    """Whether a document is about miles."""
    named = fields.raw("category")
    return bool(named == WORD) or (company.country == "GB" and tail(named, "categories") == CODE)
