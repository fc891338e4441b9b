"""The settings that a company of FreeAgent is opened with: what its own screens keep, and switches for what is unknown.

Their meaning and defaults stand in the contract's ``switches.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit import switches
from sandbooks.kit.switches import DAY, FLAG, NUMBER, RATES, STATUS, TEXT, Shape
from sandbooks.platforms.freeagent.auth import ROTATIONS
from sandbooks.platforms.freeagent.errors import WORDED

# Source: https://dev.freeagent.com/docs/company (type, sales_tax_registration_status, initial_vat_basis)
TYPES = (
    *("UkLimitedCompany", "UkLimitedLiabilityPartnership", "UkPartnership", "UkSoleTrader", "UkUnincorporatedLandlord"),
    *("UsLimitedLiabilityCompany", "UsPartnership", "UsSoleProprietor", "UsCCorp", "UsSCorp", "UniversalCompany"),
)
_TEXTS = (
    *("address1", "address2", "address3", "town", "region", "postcode", "country", "company_registration_number"),
    *("contact_email", "contact_phone", "website", "business_type", "business_category", "short_date_format"),
    *("subdomain", "sales_tax_name", "sales_tax_registration_number", "second_sales_tax_name", "initial_vat_frs_type"),
)
_DAYS = (
    *("company_start_date", "trading_start_date", "freeagent_start_date", "first_accounting_year_end"),
    *("sales_tax_effective_date", "sales_tax_deregistration_effective_date", "vat_first_return_period_ends_on"),
)
_FLAGS = (
    *("api_access_disabled", "cis_contractor", "cis_subcontractor", "initially_on_frs", "require_user_agent"),
    *("revalue_open_items", "sales_tax_is_value_added", "second_sales_tax_is_compound", "unique_bill_references"),
)
SETTINGS: Mapping[str, Shape] = {
    **dict.fromkeys(_TEXTS, TEXT),
    **dict.fromkeys(_DAYS, DAY),
    **dict.fromkeys(_FLAGS, FLAG),
    "cis_deductions_category": TEXT,
    "errors": switches.mapping_of(
        switches.parts("message", message=TEXT, status=STATUS), keys=WORDED.__contains__, named="refusal"
    ),
    "depreciation_before_start": switches.one_of("together", "parts"),
    "exchange_rates": RATES,
    "initial_vat_basis": switches.one_of("Invoice", "Cash"),
    "invoice_text": TEXT,
    "mileage_units": switches.one_of("miles", "kilometers"),
    "refresh_rotation": switches.one_of(*ROTATIONS),
    "sales_tax_rates": switches.list_of(NUMBER),
    "sales_tax_registration_status": switches.one_of("Registered", "Not Registered", "De-registered"),
    "second_sales_tax_rates": switches.list_of(NUMBER),
    "type": switches.one_of(*TYPES),
    "unlisted_tax_rates": switches.one_of("refused", "taken"),
}


def check(settings: Mapping[str, Any]) -> None:
    """Refuse a setting that FreeAgent does not have, or of another shape. Raises ``ValueError``."""
    switches.check("freeagent", settings, SETTINGS)
