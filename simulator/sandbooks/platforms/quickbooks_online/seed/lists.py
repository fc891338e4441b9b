"""The lists that a company begins with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sandbooks.kit.records import Record
from sandbooks.platforms.quickbooks_online import writing
from sandbooks.platforms.quickbooks_online.api.rates import set_rate
from sandbooks.platforms.quickbooks_online.draft import Draft, next_id, store
from sandbooks.platforms.quickbooks_online.realm import Realm
from sandbooks.platforms.quickbooks_online.records import ENTITIES
from sandbooks.platforms.quickbooks_online.render import currency_name
from sandbooks.platforms.quickbooks_online.rules.accounts import open_account
from sandbooks.platforms.quickbooks_online.seed import countries
from sandbooks.platforms.quickbooks_online.seed.countries import Country

STARTED = date(2015, 1, 1)


def put(realm: Realm, kind: str, body: dict[str, Any], *, id: str = "") -> Record:
    """Store a list record as it is, under an id of its own or the next of its series."""
    entity = ENTITIES[kind]
    draft = Draft(realm, entity, id or next_id(realm, entity), body, active=bool(body.get("Active", True)))
    return store(draft, action="create")


def open_settings(realm: Realm, country: Country, *, multicurrency: bool) -> None:
    """CompanyInfo and Preferences."""
    company = realm.company
    address = {"Line1": "1 Main Street", "City": "Springfield", "PostalCode": "94000", "Country": company.country}
    put(
        realm,
        "CompanyInfo",
        {
            "CompanyName": company.name,
            "LegalName": company.name,
            "CompanyAddr": address,
            "CustomerCommunicationAddr": address,
            "LegalAddr": address,
            "PrimaryPhone": {"FreeFormNumber": "+1 555 0100"},
            "CompanyStartDate": STARTED.isoformat(),
            "FiscalYearStartMonth": "January",
            "Country": company.country,
            "Email": {"Address": "books@company.example"},
            "WebAddr": {},
            "SupportedLanguages": country.language,
            "NameValue": [
                {"Name": "NeoEnabled", "Value": "true"},
                {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
                {"Name": "SubscriptionStatus", "Value": "PAID"},
                {"Name": "IndustryType", "Value": "Management Consulting Services"},
            ],
        },
        id="1",
    )
    put(realm, "Preferences", _preferences(realm, multicurrency=multicurrency), id="1")


def _preferences(realm: Realm, *, multicurrency: bool) -> dict[str, Any]:
    """Source: a recorded Preferences answer in https://github.com/fylein/qbo-sdk-py"""
    tracking = bool(realm.company.settings.get("tracking", True))
    warns = "true" if realm.switch("warn_duplicate_numbers") else "false"
    return {
        "AccountingInfoPrefs": {
            "FirstMonthOfFiscalYear": "January",
            "UseAccountNumbers": True,
            "TaxYearMonth": "January",
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": tracking,
            "TrackDepartments": tracking,
            "DepartmentTerminology": "Location",
            "CustomerTerminology": "Customers",
        },
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        "SalesFormsPrefs": {"CustomTxnNumbers": bool(realm.company.settings.get("custom_numbers", False))},
        "VendorAndPurchasesPrefs": {
            "TrackingByCustomer": True,
            "BillableExpenseTracking": True,
            "POCustomField": [],
        },
        "TaxPrefs": {
            "UsingSalesTax": bool(realm.company.settings.get("tax", True)),
            "PartnerTaxEnabled": realm.is_us,
        },
        "CurrencyPrefs": {"MultiCurrencyEnabled": multicurrency, "HomeCurrency": {"value": realm.home}},
        "TimeTrackingPrefs": {"UseServices": True, "BillCustomers": True, "WorkWeekStartDate": "Monday"},
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "EmailMessagesPrefs": {},
        "OtherPrefs": {"NameValue": [{"Name": "WarnDuplicateBillNumber", "Value": warns}]},
    }


def fill(realm: Realm, country: Country, *, without: Collection[str]) -> None:
    """The lists of the country, but for the kinds that were imported."""
    if "Account" not in without:
        _fill_accounts(realm)
    if "TaxCode" not in without:
        _fill_taxes(realm, country)
    if "Term" not in without:
        for name, days in countries.TERMS:
            put(realm, "Term", {"Name": name, "Active": True, "Type": "STANDARD", "DueDays": days})
    if "PaymentMethod" not in without:
        for name, kind in countries.PAYMENT_METHODS:
            put(realm, "PaymentMethod", {"Name": name, "Active": True, "Type": kind})
    if "CompanyCurrency" not in without and realm.multicurrency:
        for code in countries.CURRENCIES:
            use_currency(realm, code)


def _fill_accounts(realm: Realm) -> None:
    for number, account in enumerate(countries.CHART, start=1):
        name = countries.US_NAMES.get(account.name, account.name) if realm.is_us else account.name
        members: dict[str, Any] = {"Name": name, "AccountType": account.type, "AccountSubType": account.subtype}
        open_account(realm, **members, AcctNum=str(1000 + 10 * number), **({"_system": True} if account.system else {}))


def use_currency(realm: Realm, code: str) -> None:
    """Make a currency one of the company's, with a rate of 1 if the market has none."""
    if code == realm.home or not realm.multicurrency:
        return
    if not realm.records.find("CompanyCurrency", "Code", code.lower()):
        put(realm, "CompanyCurrency", {"Code": code, "Name": currency_name(code), "Active": True})
    if realm.rate_on(code, realm.today) is None:
        set_rate(realm, code, STARTED, Decimal(1))


def _fill_taxes(realm: Realm, country: Country) -> None:
    if realm.is_us:
        for id, name in (("TAX", "TAX"), ("NON", "NON")):
            flags = {"Active": True, "Hidden": False, "Taxable": id == "TAX", "TaxGroup": False}
            put(realm, "TaxCode", {"Name": name, "Description": name, **flags}, id=id)
        return
    for tax in country.taxes:
        add_tax(realm, country, tax.name, tax.description, list(tax.rates))


def add_tax(
    realm: Realm,
    country: Country,
    name: str,
    description: str,
    percents: list[Decimal],
    *,
    recoverable: Decimal = Decimal(1),
) -> Record:
    """A tax code with a purchase rate (and a sales rate) for each percentage."""
    agency = agency_of(realm, country)
    purchases: list[dict[str, Any]] = []
    sales: list[dict[str, Any]] = []
    for order, percent in enumerate(percents):
        suffix = "" if len(percents) == 1 else f" {order + 1}"
        shared = {
            "Description": description,
            "Active": True,
            "RateValue": percent,
            "AgencyRef": {"value": agency.id},
            "SpecialTaxType": "REVERSE_CHARGE" if min(percents) < 0 else "NONE",
            "DisplayType": "ReadOnly",
            "_recoverable": recoverable,
        }
        bought = put(realm, "TaxRate", {"Name": f"{name} (Purchases){suffix}", **shared})
        sold = put(realm, "TaxRate", {"Name": f"{name} (Sales){suffix}", **shared})
        for rate, into in ((bought, purchases), (sold, sales)):
            into.append({"TaxRateRef": {"value": rate.id}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0})
    flags = {"Active": True, "Hidden": False, "Taxable": bool(percents), "TaxGroup": True}
    lists: dict[str, Any] = {
        "PurchaseTaxRateList": {"TaxRateDetail": purchases},
        "SalesTaxRateList": {"TaxRateDetail": sales},
    }
    return put(realm, "TaxCode", {"Name": name, "Description": description, **flags, **lists})


def agency_of(realm: Realm, country: Country) -> Record:
    """The agency that collects the country's tax, with the account that its tax is booked on."""
    name = country.agency or "Tax agency"
    found = realm.records.find("TaxAgency", "DisplayName", name.lower())
    return found[0] if found else open_agency(realm, name, country.tax_account or f"{name} Payable")


def open_agency(realm: Realm, name: str, account_name: str, *, id: str = "") -> Record:
    """An agency and its account."""
    known = realm.records.find("Account", "FullyQualifiedName", account_name.lower())
    if known:
        account = known[0]
    else:
        members = {"Name": account_name, "AccountType": "Other Current Liability", "AccountSubType": "GlobalTaxPayable"}
        account = open_account(realm, **members, _system=True)
    body = {"DisplayName": name, "TaxTrackedOnPurchases": True, "TaxTrackedOnSales": True, "_account": account.id}
    return put(realm, "TaxAgency", body, id=id)


def fill_demo(realm: Realm) -> None:
    """Vendors, customers, classes, locations and items to play with."""
    for name in countries.DEMO_VENDORS:
        writing.create(realm, ENTITIES["Vendor"], {"DisplayName": name})
    for name in countries.DEMO_CUSTOMERS:
        writing.create(realm, ENTITIES["Customer"], {"DisplayName": name})
    for name in countries.DEMO_CLASSES:
        writing.create(realm, ENTITIES["Class"], {"Name": name})
    for name in countries.DEMO_DEPARTMENTS:
        writing.create(realm, ENTITIES["Department"], {"Name": name})
    writing.create(realm, ENTITIES["Employee"], {"GivenName": "Sam", "FamilyName": "Clerk"})
    sales, cost = realm.accounts_of("Income")[0].id, realm.accounts_of("Expense")[0].id
    item = {"IncomeAccountRef": {"value": sales}, "ExpenseAccountRef": {"value": cost}, "Type": "Service"}
    writing.create(realm, ENTITIES["Item"], {"Name": "Consulting hours", **item})
