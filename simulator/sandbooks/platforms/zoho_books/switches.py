"""The settings that an organisation of Zoho Books is opened with: what its screens keep, and switches for what is
unknown.

Their meaning and defaults stand in the contract's ``switches.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit import switches
from sandbooks.kit.switches import DAY, FLAG, NUMBER, RATES, STATUS, TEXT, WHOLE, Shape
from sandbooks.platforms.zoho_books.access import DAILY, MINUTE_BLOCK
from sandbooks.platforms.zoho_books.errors import REFUSALS, RULES
from sandbooks.platforms.zoho_books.records import custom_fields
from sandbooks.platforms.zoho_books.records.mileage import FUEL_RATES

_REFUSED = {*RULES, *(refusal.__name__ for refusal in REFUSALS)}
_NAMES = ("customfield_id", "api_name", "label")
_FIELD = switches.parts(*_NAMES, **dict.fromkeys((*_NAMES, "data_type"), TEXT), is_unique=FLAG)
_SAID = switches.parts(status=STATUS, code=WHOLE, message=TEXT)
_TEXTS = switches.mapping_of(TEXT)

SETTINGS: Mapping[str, Shape] = {
    "account_created_date": DAY,
    "advisory_fuel_rates": switches.mapping_of(
        switches.mapping_of(NUMBER, keys={"1400", "1600", "2000", "more"}.__contains__, named="band of engines"),
        keys=FUEL_RATES.__contains__,
        named="fuel",
    ),
    "allow_duplicate_bill_numbers": FLAG,
    "country_name": TEXT,
    "custom_fields": switches.mapping_of(
        switches.list_of(_FIELD), keys=custom_fields.MODULES.__contains__, named="module"
    ),
    "data_center": switches.one_of("com", "eu", "in", "com.au", "jp", "ca", "com.cn", "sa"),
    "errors": switches.mapping_of(_SAID, keys=_REFUSED.__contains__, named="refusal"),
    "exchange_rates": RATES,
    "file_megabytes_max": WHOLE,
    "files_max": WHOLE,
    "fiscal_year_start_month": Shape("a month from 0 to 11", lambda value: type(value) is int and 0 <= value <= 11),
    "minute_block": switches.parts(**dict.fromkeys(MINUTE_BLOCK, WHOLE)),
    "plan_name": switches.one_of(*DAILY),
    "plan_type": WHOLE,
    "require_organization_id": FLAG,
    "version": TEXT,
    "webhook": switches.parts(
        method=switches.one_of("POST", "PUT", "DELETE"),
        payload=switches.one_of("JSONString"),
        headers=_TEXTS,
        parameters=_TEXTS,
    ),
}


def check(settings: Mapping[str, Any]) -> None:
    """Refuse a setting that Zoho Books does not have, or of another shape. Raises ``ValueError``."""
    switches.check("zoho_books", settings, SETTINGS)
