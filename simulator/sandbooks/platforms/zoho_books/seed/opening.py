"""A new organisation: settings by country, currencies and rates, the chart, taxes, an owner, and what a plan names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbooks.kit.company import Company, open_company
from sandbooks.money import known_currency
from sandbooks.platform import CompanyPlan, OpenedCompany
from sandbooks.platforms.zoho_books import auth, chart, switches
from sandbooks.platforms.zoho_books.access import PLATFORM
from sandbooks.platforms.zoho_books.records import accounts, currencies, custom_fields, lists, taxes
from sandbooks.platforms.zoho_books.seed import demo, exports, planned
from sandbooks.world import World

_CURRENCIES = {"GB": "GBP", "US": "USD", "IN": "INR", "IE": "EUR", "DE": "EUR", "FR": "EUR", "CA": "CAD", "AU": "AUD"}
_ZONES = {"GB": "Europe/London", "US": "America/Los_Angeles", "IN": "Asia/Kolkata", "AU": "Australia/Sydney"}
_NAMES = {"GB": "United Kingdom", "US": "U.S.A", "IN": "India"}
_DEMO_NAMES = {"GB": "Heron Quay Trading Ltd", "US": "Cedar Ridge Supply Inc", "IN": "Banyan Court Traders Pvt Ltd"}
# Source: https://www.zoho.com/books/api/v3/introduction/ (multiple data centres)
_CENTERS = {"US": "com", "IN": "in", "AU": "com.au", "JP": "jp", "CA": "ca", "SA": "sa", "CN": "com.cn"}
_EUROPE = "GB IE DE FR NL BE ES IT AT PT FI SE DK PL CZ"

# Units of GBP for one unit of each currency: plausible and fixed, so that the same seed gives the same books.
_IN_GBP = {
    "GBP": "1",
    "USD": "0.7765",
    "EUR": "0.8512",
    "INR": "0.00918",
    "AUD": "0.5049",
    "CAD": "0.5634",
    "JPY": "0.00522",
    "CHF": "0.8871",
    "SGD": "0.5803",
    "AED": "0.2114",
    "SEK": "0.0738",
    "NOK": "0.0719",
    "DKK": "0.1141",
    "PLN": "0.1982",
    "NZD": "0.4592",
    "HKD": "0.0996",
    "ZAR": "0.0431",
    "MXN": "0.0391",
    "CNY": "0.1079",
}
_DEFAULT_CURRENCIES = ("GBP", "USD", "EUR", "INR", "AUD", "CAD", "JPY", "CHF", "SGD", "AED")

_TAXES: dict[str, tuple[tuple[str, str], ...]] = {
    "GB": (("Standard Rate", "20"), ("Reduced Rate", "5"), ("Zero Rate", "0")),
    "IN": (
        *((f"{kind}{rate}", rate) for rate in ("2.5", "6", "9", "14") for kind in ("CGST", "SGST")),
        *((f"IGST{rate}", rate) for rate in ("0", "5", "12", "18", "28")),
    ),
    "US": (("Sales Tax", "8.25"), ("State Tax", "6"), ("Exempt Sales", "0")),
}


class ZohoBooksSeed:
    """Organisations of Zoho Books."""

    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        """An organisation with the usual lists of its country, an owner, and what the plan names."""
        switches.check(plan.settings)
        name = plan.name or _DEMO_NAMES.get(plan.country, f"Demo Organization {plan.country}")
        company = open_company(
            world,
            PLATFORM,
            str(world.ids.number("zoho_books/organization", start=20070010001)),
            name=name,
            country=plan.country,
            currency=plan.currency or _CURRENCIES.get(plan.country, "USD"),
            time_zone=plan.time_zone or _ZONES.get(plan.country, "UTC"),
            settings=_settings(plan, world.clock.today()),
        )
        _open_currencies(company, plan)
        for account, kind, code, system in chart.default_accounts(plan.country):
            accounts.add(company, account, kind, code=code, system=system)
        _open_taxes(company)
        lists.write_user(
            company,
            {"name": "Robin Marsh", "email": "owner@example.com", "user_role": "admin", "_status": "active"},
        )
        if plan.chart is not None:
            exports.take_over(company, plan.chart)
        if plan.demo:
            demo.fill(company)
        return OpenedCompany(company=company, labels=planned.labels(company, plan))

    def credentials(self, world: World, company: Company) -> dict[str, str]:
        """An application's id and secret, and a fresh pair of tokens of the owner."""
        return auth.sign_in(world, company)

    def environment(self, base_url: str, company: Company, credentials: Mapping[str, str]) -> dict[str, str]:
        """Variables as Zoho clients name them."""
        return {
            "ZOHO_API_BASE_URL": f"{base_url}/books/v3",
            "ZOHO_API_DOMAIN": base_url,
            "ZOHO_ACCOUNTS_URL": base_url,
            "ZOHO_ORGANIZATION_ID": company.id,
            "ZOHO_CLIENT_ID": credentials["client_id"],
            "ZOHO_CLIENT_SECRET": credentials["client_secret"],
            "ZOHO_ACCESS_TOKEN": credentials["access_token"],
            "ZOHO_REFRESH_TOKEN": credentials["refresh_token"],
            "ZOHO_DATA_CENTER": credentials["data_center"],
        }


def _settings(plan: CompanyPlan, today: date) -> dict[str, Any]:
    center = _CENTERS.get(plan.country) or ("eu" if plan.country in _EUROPE.split() else "com")
    field = {"data_type": "string", "is_unique": True}
    return {
        "data_center": center,
        "plan_name": "PREMIUM",
        "plan_type": 130,
        "fiscal_year_start_month": 3 if plan.country in ("GB", "IN") else 0,
        "account_created_date": date(today.year - 1, 1, 1).isoformat(),
        "country_name": _NAMES.get(plan.country, plan.country),
        "version": {"GB": "uk", "IN": "india", "US": "us"}.get(plan.country, "global"),
        "custom_fields": {
            kind: [
                {
                    "customfield_id": str(460000000010001 + number),
                    "api_name": "cf_external_id",
                    "label": "External ID",
                    **field,
                }
            ]
            for number, kind in enumerate(custom_fields.MODULES)
        },
        **{name: value for name, value in plan.settings.items() if name != "exchange_rates"},
    }


def _open_currencies(company: Company, plan: CompanyPlan) -> None:
    given = plan.settings.get("exchange_rates", {})
    facts = (*plan.accounts.values(), *plan.suppliers.values(), *plan.customers.values())
    named = [str(fact["currency"]) for fact in facts if fact.get("currency")]
    codes = dict.fromkeys((company.currency, *_DEFAULT_CURRENCIES, *named, *given))
    for code in codes:
        if known_currency(code):
            record = currencies.write(company, {"currency_code": code})
            for day, value in _rates(company, code, given.get(code)).items():
                currencies.put_rate(company, record, date.fromisoformat(day), Decimal(str(value)))


def _rates(company: Company, code: str, given: Any) -> Mapping[str, Any]:
    """Rates by first day: as the plan gives them (one value, or several by day), else a fixed, plausible one."""
    start = str(company.settings["account_created_date"])
    if isinstance(given, Mapping):
        return given
    if given is not None:
        return {start: given}
    if code == company.currency or code not in _IN_GBP or company.currency not in _IN_GBP:
        return {}
    exact = Fraction(_IN_GBP[code]) / Fraction(_IN_GBP[company.currency])
    return {start: (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.000001"))}


def _open_taxes(company: Company) -> None:
    for name, rate in _TAXES.get(company.country, _TAXES["US"]):
        given: dict[str, Any] = {"tax_name": name, "tax_percentage": rate}
        kind = name[:4]
        if company.country == "IN":
            given |= {"tax_specific_type": kind.lower()}
            given["purchase_tax_account_id"] = accounts.named(company, f"Input {kind}").id
            given["tax_account_id"] = accounts.named(company, f"Output {kind}").id
        taxes.write(company, given)
    if company.country == "IN":
        for half, whole in (("2.5", "5"), ("6", "12"), ("9", "18"), ("14", "28")):
            pair = [company.records.find("tax", "name", f"{kind}{half}".lower())[0].id for kind in ("CGST", "SGST")]
            taxes.write_group(company, {"tax_group_name": f"GST{whole}", "taxes": pair})


SEED = ZohoBooksSeed()
