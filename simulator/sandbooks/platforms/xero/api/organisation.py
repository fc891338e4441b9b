"""The organisation, what it may do, its users and branding themes: read only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero.api.registry import ROOT, Resource
from sandbooks.platforms.xero.wire import writing
from sandbooks.platforms.xero.wire.dates import stored_date
from sandbooks.wire import Response

SCOPES = "accounting.settings"
_VERSIONS = {"GB": "UK", "AU": "AU", "NZ": "NZ", "US": "US"}
_ZONES = {
    "GB": "GMTSTANDARDTIME",
    "AU": "AUSEASTERNSTANDARDTIME",
    "NZ": "NEWZEALANDSTANDARDTIME",
    "US": "EASTERNSTANDARDTIME",
}
_ACTIONS = (
    "CreateRepeatingInvoice", "CreateApprovedRepeatingInvoice", "UseMulticurrency", "CreateDraftInvoice",
    "CreateApprovedInvoice", "CreateApprovedBill",
)  # fmt: skip


def organisation(company: Company) -> dict[str, Any]:
    """The organisation as its only resource shows it."""
    settings = company.settings
    kept: dict[str, Any] = settings.get("organisation", {})
    locks = {
        name: stored_date(date.fromisoformat(settings[name]))
        for name in ("PeriodLockDate", "EndOfYearLockDate")
        if settings.get(name)
    }
    return {
        "OrganisationID": company.id,
        "Name": company.name,
        "LegalName": company.name,
        "PaysTax": True,
        "Version": _VERSIONS.get(company.country, "GLOBAL"),
        "OrganisationType": "COMPANY",
        "BaseCurrency": company.currency,
        "CountryCode": company.country,
        "IsDemoCompany": bool(kept.get("demo")),
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 12 if company.country == "US" else 3,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        **locks,
        "CreatedDateUTC": kept.get("created", "2026-01-01T00:00:00"),
        "OrganisationEntityType": "COMPANY",
        "Timezone": _ZONES.get(company.country, "UTC"),
        "ShortCode": kept.get("short_code", "!sndbx"),
        "Class": "DEMO" if kept.get("demo") else "PREMIUM",
        "Edition": "BUSINESS",
        "LineOfBusiness": "",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }


def read_organisation(call: Call) -> Response:
    return writing.answer(call, "Organisation", [organisation(call.company)])


def read_actions(call: Call) -> Response:
    actions = [{"Name": name, "Status": "ALLOWED"} for name in _ACTIONS]
    return writing.envelope(call, "Actions", actions, paging=None)


OPERATIONS = (
    Operation("read_organisation", "GET", f"{ROOT}/Organisation", read_organisation, scope=SCOPES),
    Operation("read_organisation_actions", "GET", f"{ROOT}/Organisation/Actions", read_actions, scope=SCOPES),
    *Resource(kind="User", scopes=SCOPES).operations(),
    *Resource(kind="BrandingTheme", scopes=SCOPES).operations(),
)
