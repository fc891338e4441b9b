"""What a new company has in each country: chart of accounts, purchase taxes, currencies, terms, demo lists.

Source for types and detail types: AccountTypeEnum and AccountSubTypeEnum of the XSD in
https://github.com/intuit/QuickBooks-V3-PHP-SDK
Unconfirmed: the very names of default accounts and tax codes outside the US; settled by listing a fresh company in
each country. They are data, so that a company's own lists can replace them.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Account(Struct, frozen=True):
    name: str
    type: str
    subtype: str
    currency: str = ""
    number: str = ""
    system: bool = False


class Tax(Struct, frozen=True):
    """A tax code: its name and its purchase rates in percent; two opposite rates are a reverse charge."""

    name: str
    description: str
    rates: tuple[Decimal, ...]


class Country(Struct, frozen=True):
    """``agency`` collects the tax; ``tax_account`` is where its tax is booked."""

    code: str
    currency: str
    time_zone: str
    language: str
    agency: str
    tax_account: str
    taxes: tuple[Tax, ...]
    no_tax: str


def _tax(name: str, description: str, *rates: str) -> Tax:
    return Tax(name, description, tuple(Decimal(rate) for rate in rates))


_GB = (
    _tax("20.0% S", "Standard rate", "20"),
    _tax("5.0% R", "Reduced rate", "5"),
    _tax("0.0% Z", "Zero rate", "0"),
    _tax("Exempt", "Exempt from VAT", "0"),
    _tax("No VAT", "Outside the scope of VAT"),
    _tax("20.0% RC SG", "Reverse charge on services", "20", "-20"),
    _tax("0.0% ECG", "EU goods, zero rate", "0"),
)
_CA = (
    _tax("GST", "GST 5%", "5"),
    _tax("HST ON", "HST Ontario 13%", "13"),
    _tax("HST NS", "HST Nova Scotia 14%", "14"),
    _tax("GST/PST BC", "GST 5% and PST 7%", "5", "7"),
    _tax("Zero-rated", "Zero-rated", "0"),
    _tax("Exempt", "Exempt", "0"),
    _tax("Out of Scope", "Out of scope"),
)
_AU = (
    _tax("GST", "GST on purchases", "10"),
    _tax("GST on capital", "GST on capital purchases", "10"),
    _tax("GST free", "GST free", "0"),
    _tax("Input tax", "Input taxed", "0"),
    _tax("Out of scope", "Out of scope"),
)
_FR = (
    _tax("20,0 % TVA", "Taux normal", "20"),
    _tax("10,0 % TVA", "Taux intermédiaire", "10"),
    _tax("5,5 % TVA", "Taux réduit", "5.5"),
    _tax("2,1 % TVA", "Taux particulier", "2.1"),
    _tax("Exonéré", "Exonéré de TVA", "0"),
    _tax("Hors champ", "Hors champ de la TVA"),
    _tax("20,0 % AL", "Autoliquidation", "20", "-20"),
)

COUNTRIES = {
    country.code: country
    for country in (
        Country("US", "USD", "America/Los_Angeles", "en", "", "", (), "NON"),
        Country("GB", "GBP", "Europe/London", "en-GB", "HMRC", "VAT Control", _GB, "No VAT"),
        Country("CA", "CAD", "America/Toronto", "en-CA", "Canada Revenue", "GST/HST Payable", _CA, "Out of Scope"),
        Country(
            "AU",
            "AUD",
            "Australia/Sydney",
            "en-AU",
            "ATO",
            "GST Payable",
            _AU,
            "Out of scope",
        ),
        Country("FR", "EUR", "Europe/Paris", "fr", "DGFiP", "TVA à payer", _FR, "Hors champ"),
    )
}


def country_of(code: str, currency: str) -> Country:
    """The defaults of a country; elsewhere those of the United Kingdom's international edition, without tax names."""
    known = COUNTRIES.get(code)
    if known is not None:
        return known
    taxes = (_tax("Standard", "Standard rate", "20"), _tax("Zero", "Zero rate", "0"), _tax("No tax", "No tax"))
    return Country(code, currency or "EUR", "UTC", "en", "Tax authority", "Tax payable", taxes, "No tax")


# The accounts of every company, then those that only some have.
CHART = (
    Account("Current account", "Bank", "Checking"),
    Account("Savings", "Bank", "Savings"),
    Account("Company card", "Credit Card", "CreditCard"),
    Account("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", system=True),
    Account("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", system=True),
    Account("Undeposited Funds", "Other Current Asset", "UndepositedFunds", system=True),
    Account("Prepaid expenses", "Other Current Asset", "PrepaidExpenses"),
    Account("Inventory Asset", "Other Current Asset", "Inventory", system=True),
    Account("Uncategorised Asset", "Other Current Asset", "OtherCurrentAssets", system=True),
    Account("Computers", "Fixed Asset", "FixedAssetComputers"),
    Account("Employee reimbursements", "Other Current Liability", "OtherCurrentLiabilities"),
    Account("Long-term loan", "Long Term Liability", "NotesPayable"),
    Account("Opening Balance Equity", "Equity", "OpeningBalanceEquity", system=True),
    Account("Retained Earnings", "Equity", "RetainedEarnings", system=True),
    Account("Sales", "Income", "SalesOfProductIncome"),
    Account("Services", "Income", "ServiceFeeIncome"),
    Account("Uncategorised Income", "Income", "SalesOfProductIncome", system=True),
    Account("Cost of sales", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    Account("Advertising", "Expense", "AdvertisingPromotional"),
    Account("Bank charges", "Expense", "BankCharges"),
    Account("Meals and entertainment", "Expense", "EntertainmentMeals"),
    Account("Office expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
    Account("Software subscriptions", "Expense", "DuesSubscriptions"),
    Account("Telephone", "Expense", "Utilities"),
    Account("Travel", "Expense", "Travel"),
    Account("Uncategorised Expense", "Expense", "OtherMiscellaneousServiceCost", system=True),
    Account("Interest earned", "Other Income", "InterestEarned"),
    Account("Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss", system=True),
)
US_NAMES = {
    "Current account": "Checking",
    "Uncategorised Asset": "Uncategorized Asset",
    "Uncategorised Income": "Uncategorized Income",
    "Uncategorised Expense": "Uncategorized Expense",
}

TERMS = (("Due on receipt", 0), ("Net 10", 10), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
PAYMENT_METHODS = (
    ("Cash", "NON_CREDIT_CARD"),
    ("Cheque", "NON_CREDIT_CARD"),
    ("Visa", "CREDIT_CARD"),
    ("MasterCard", "CREDIT_CARD"),
    ("American Express", "CREDIT_CARD"),
)
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "JPY")
DEMO_VENDORS = ("Contoso Air", "Fabrikam Hotels", "Northwind Stationers", "Tailspin Software")
DEMO_CUSTOMERS = ("Adventure Works", "Wide World Importers")
DEMO_CLASSES = ("Consulting", "Retail")
DEMO_DEPARTMENTS = ("Head office", "Warehouse")
