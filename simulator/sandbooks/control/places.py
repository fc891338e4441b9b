"""Currency and time zone that go with a country when nobody names them."""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbooks.control.errors import ControlError

# Countries with several zones: the one of the largest business centre.
BUSINESS_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "ID": "Asia/Jakarta",
    "IE": "Europe/Dublin",
    "MX": "America/Mexico_City",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
    "ZA": "Africa/Johannesburg",
}
USUAL_CURRENCIES = {"AU": "AUD", "CA": "CAD", "FR": "EUR", "GB": "GBP", "IE": "EUR", "NZ": "NZD", "US": "USD"}


@cache
def currency_of(country: str) -> str:
    """The currency of a country (ISO 3166 alpha-2), as Unicode CLDR has it."""
    if country in USUAL_CURRENCIES:
        return USUAL_CURRENCIES[country]
    from babel.numbers import get_territory_currencies

    known = get_territory_currencies(country, start_date=date(2026, 1, 1))
    if not known:
        raise ControlError("unknown_country", f"no country {country!r}", remedy="use an ISO 3166 code such as GB or US")
    return str(known[0])


@cache
def zone_of(country: str) -> str:
    """An IANA time zone of a country."""
    if country in BUSINESS_ZONES:
        return BUSINESS_ZONES[country]
    from importlib import resources

    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        code, *rest = line.split("\t")
        if code == country and len(rest) > 1:
            return rest[1]
    raise ControlError("unknown_country", f"no country {country!r}", remedy="use an ISO 3166 code such as GB or US")


def known_zone(name: str) -> str:
    """The IANA zone, if there is one of that name; raises ``ControlError``."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:  # a folder of zones is an OSError
        remedy = "use an IANA name such as Europe/London"
        raise ControlError("unknown_timezone", f"no time zone {name[:60]!r}", remedy=remedy) from error
    return name
