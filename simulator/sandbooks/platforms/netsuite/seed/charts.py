"""The lists that an account begins with, by country: data.

Unconfirmed: the exact chart of each country edition; a recorded list of a demo account would settle it.
"""

from __future__ import annotations

from typing import NamedTuple


class ChartRow(NamedTuple):
    """One account. ``usual`` is the neutral name of what NetSuite posts to of its own accord."""

    number: str
    name: str
    type: str
    usual: str = ""


CHART = (
    ChartRow("1000", "Checking", "Bank"),
    ChartRow("1100", "Accounts Receivable", "AcctRec", "receivables"),
    ChartRow("1200", "Undeposited Funds", "OthCurrAsset", "undeposited"),
    ChartRow("1210", "Prepaid Expenses", "OthCurrAsset"),
    ChartRow("1220", "Advances Paid", "OthCurrAsset"),
    ChartRow("1500", "Furniture and Equipment", "FixedAsset"),
    ChartRow("2000", "Accounts Payable", "AcctPay", "payables"),
    ChartRow("2100", "Company Credit Card", "CredCard"),
    ChartRow("2200", "Tax on Purchases", "OthCurrAsset", "input_tax"),
    ChartRow("2210", "Tax on Sales", "OthCurrLiab", "output_tax"),
    ChartRow("2300", "Unapproved Expense Reports", "OthCurrLiab"),
    ChartRow("2500", "Long-term Loan", "LongTermLiab"),
    ChartRow("3000", "Opening Balance", "Equity", "opening"),
    ChartRow("3200", "Retained Earnings", "Equity"),
    ChartRow("4000", "Sales", "Income"),
    ChartRow("4900", "Purchase Discounts", "Income", "discounts"),
    ChartRow("5000", "Cost of Goods Sold", "COGS"),
    ChartRow("6000", "Advertising", "Expense"),
    ChartRow("6100", "Bank Service Charges", "Expense"),
    ChartRow("6200", "Insurance", "Expense"),
    ChartRow("6300", "Meals and Entertainment", "Expense"),
    ChartRow("6400", "Office Expense", "Expense"),
    ChartRow("6500", "Professional Fees", "Expense"),
    ChartRow("6600", "Rent", "Expense"),
    ChartRow("6700", "Software Subscriptions", "Expense"),
    ChartRow("6800", "Telephone", "Expense"),
    ChartRow("6900", "Travel", "Expense"),
    ChartRow("7000", "Interest Income", "OthIncome"),
    ChartRow("8100", "Realized Gain/Loss", "OthExpense", "exchange_differences"),
    ChartRow("8200", "Rounding Gain/Loss", "OthExpense", "rounding"),
)
TAX_NAMES = {
    "GB": ("VAT on Purchases", "VAT on Sales"),
    "CA": ("GST/HST on Purchases", "GST/HST on Sales"),
    "AU": ("GST on Purchases", "GST on Sales"),
}
CATEGORIES = {"Travel": "6900", "Meals": "6300", "Office Supplies": "6400", "Telephone": "6800"}


class TaxRow(NamedTuple):
    """One tax code. ``lost`` is the percent that is not recovered."""

    code: str
    rate: str
    available: str = "BOTH"
    lost: str = "0"
    reverse: bool = False


# The code that leaves tax undefined is the neutral one of each country.
# Source: https://docs.codat.io/expenses (US -7, Canada 114, other countries UNDEF and the country)
NEUTRAL_IDS = {"US": "-7", "CA": "114"}
NEUTRAL_NAMES = {"US": "-Not Taxable-", "CA": "CA-E"}
TAXES: dict[str, tuple[TaxRow, ...]] = {
    "GB": (
        TaxRow("VAT:S-GB", "20"),
        TaxRow("VAT:R-GB", "5"),
        TaxRow("VAT:Z-GB", "0"),
        TaxRow("VAT:E-GB", "0"),
        TaxRow("VAT:ES-GB", "20", available="PURCHASE", reverse=True),
        TaxRow("VAT:S-GB Blocked", "20", available="PURCHASE", lost="100"),
        TaxRow("VAT:O-GB", "20", available="SALE"),
    ),
    # Tax on purchases is no tax of one's own in the United States: it is part of what the line costs.
    "US": (TaxRow("CA-State", "7.25", lost="100"),),
    "CA": (TaxRow("GST:5-CA", "5"), TaxRow("HST:13-ON", "13")),
    "AU": (TaxRow("GST:TS-AU", "10"), TaxRow("GST:FS-AU", "0")),
}


class Region(NamedTuple):
    """Currency, time zone and a name for a demo account."""

    currency: str
    zone: str
    name: str


REGIONS = {
    "US": Region("USD", "America/Los_Angeles", "Harbor Lane Supply Inc."),
    "GB": Region("GBP", "Europe/London", "Harbour Lane Supply Ltd"),
    "CA": Region("CAD", "America/Toronto", "Harbour Lane Supply Canada Inc."),
    "AU": Region("AUD", "Australia/Sydney", "Harbour Lane Supply Pty Ltd"),
}
CURRENCIES = {
    "USD": "US Dollar", "GBP": "British Pound", "EUR": "Euro", "CAD": "Canadian Dollar", "AUD": "Australian Dollar",
    "JPY": "Japanese Yen", "KWD": "Kuwaiti Dinar",
}  # fmt: skip
DEMO_VENDORS = ("Contoso Air", "Fabrikam Office Supplies", "Northwind Catering")
DEMO_CUSTOMERS = ("Adventure Works", "Wide World Importers")
DEMO_EMPLOYEES = (("Robin", "Marsh"), ("Casey", "Lindqvist"))
DEMO_DEPARTMENTS = ("Sales", "Operations", "Finance")
DEMO_CLASSES = ("Retail", "Wholesale")
DEMO_LOCATIONS = ("North Warehouse", "South Office")
TERMS = {"Net 30": 30, "Net 15": 15, "Due on receipt": 0}
# Unconfirmed: which internal id each of the roles that come with an account has; public samples show -10 and -5.
CONTACT_ROLES = {"-10": "Primary Contact", "-20": "Alternate Contact", "-30": "Consultant", "-40": "Decision Maker"}
