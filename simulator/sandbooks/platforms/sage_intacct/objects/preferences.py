"""Preferences of a company by application, as far as they are published."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.sage_intacct.documents.lines import DIMENSIONS

# Applications whose preferences are asked for. Source: developer.intacct.com/api/company-console/subscriptions
APPLICATIONS = ("GEN", "ME", "GL", "CM", "AP", "AR", "EE", "PO", "SO", "INV", "PA", "CS")


def preferences(company: Company, application: str) -> dict[str, str]:
    """What is published of an application's preferences: general information, and dimensions of the ledger."""
    # Unconfirmed: the preferences of other applications; here none.
    if application == "GL":
        return {f"{name}DIMENSION": "T" for _, name, _, _ in DIMENSIONS if name not in ("LOCATION", "DEPARTMENT")}
    if application != "GEN":
        return {}
    # Unconfirmed: that the name and the country of the company are told too.
    return {
        "COMPANYNAME": company.name,
        "COUNTRY": company.country,
        "PRIMARY_ACCTNO_LENGTH": "4",
        "ACCTNO_SEPARATOR": "",
        "SUBACCTNO_LENGTH": "0",
        "FISCAL_FIRST_MONTH": "1",
        "FISCAL_FIRST_MONTH_TAX": "1",
        "WEEK_START": "1",
        "CUSTOM_ACCOUNTING_PERIODS": "F",
    }
