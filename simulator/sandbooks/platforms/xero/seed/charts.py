"""The lists that an organisation begins with, by country: data.

# Source: the default chart of a new organisation as described in Xero's help centre; codes by convention.
# Unconfirmed: the exact chart of each region; a recorded `GET /Accounts` of each demo company would settle it.
"""

from __future__ import annotations

from typing import NamedTuple


class ChartRow(NamedTuple):
    """One account. ``tax``: ``buy``, ``sell`` or ``none``, resolved by region."""

    code: str
    name: str
    type: str
    tax: str = "none"
    system: str = ""


CHART = (
    ChartRow("200", "Sales", "REVENUE", "sell"),
    ChartRow("260", "Other Revenue", "REVENUE", "sell"),
    ChartRow("270", "Interest Income", "REVENUE"),
    ChartRow("310", "Cost of Goods Sold", "DIRECTCOSTS", "buy"),
    ChartRow("400", "Advertising", "EXPENSE", "buy"),
    ChartRow("404", "Bank Fees", "EXPENSE"),
    ChartRow("408", "Cleaning", "EXPENSE", "buy"),
    ChartRow("412", "Consulting & Accounting", "EXPENSE", "buy"),
    ChartRow("416", "Depreciation", "DEPRECIATN"),
    ChartRow("420", "Entertainment", "EXPENSE"),
    ChartRow("425", "Freight & Courier", "EXPENSE", "buy"),
    ChartRow("429", "General Expenses", "EXPENSE", "buy"),
    ChartRow("433", "Insurance", "EXPENSE", "buy"),
    ChartRow("437", "Interest Expense", "EXPENSE"),
    ChartRow("445", "Light, Power, Heating", "EXPENSE", "buy"),
    ChartRow("449", "Motor Vehicle Expenses", "EXPENSE", "buy"),
    ChartRow("453", "Office Expenses", "EXPENSE", "buy"),
    ChartRow("461", "Printing & Stationery", "EXPENSE", "buy"),
    ChartRow("469", "Rent", "EXPENSE", "buy"),
    ChartRow("473", "Repairs and Maintenance", "EXPENSE", "buy"),
    ChartRow("477", "Wages and Salaries", "EXPENSE"),
    ChartRow("485", "Subscriptions", "EXPENSE", "buy"),
    ChartRow("489", "Telephone & Internet", "EXPENSE", "buy"),
    ChartRow("493", "Travel - National", "EXPENSE", "buy"),
    ChartRow("494", "Travel - International", "EXPENSE"),
    ChartRow("497", "Bank Revaluations", "EXPENSE", "none", "BANKCURRENCYGAIN"),
    ChartRow("498", "Unrealised Currency Gains", "EXPENSE", "none", "UNREALISEDCURRENCYGAIN"),
    ChartRow("499", "Realised Currency Gains", "EXPENSE", "none", "REALISEDCURRENCYGAIN"),
    ChartRow("610", "Accounts Receivable", "CURRENT", "none", "DEBTORS"),
    ChartRow("620", "Prepayments", "CURRENT"),
    ChartRow("630", "Inventory", "INVENTORY"),
    ChartRow("710", "Office Equipment", "FIXED", "buy"),
    ChartRow("720", "Computer Equipment", "FIXED", "buy"),
    ChartRow("800", "Accounts Payable", "CURRLIAB", "none", "CREDITORS"),
    ChartRow("801", "Unpaid Expense Claims", "CURRLIAB", "none", "UNPAIDEXPCLM"),
    ChartRow("803", "Wages Payable", "CURRLIAB", "none", "WAGEPAYABLES"),
    ChartRow("820", "GST", "CURRLIAB", "none", "GST"),
    ChartRow("825", "Employee Tax Payable", "CURRLIAB"),
    ChartRow("840", "Historical Adjustment", "CURRLIAB", "none", "HISTORICAL"),
    ChartRow("850", "Suspense", "CURRLIAB"),
    ChartRow("860", "Rounding", "CURRLIAB", "none", "ROUNDING"),
    ChartRow("877", "Tracking Transfers", "CURRLIAB", "none", "TRACKINGTRANSFERS"),
    ChartRow("880", "Owner Drawings", "EQUITY"),
    ChartRow("900", "Loan", "TERMLIAB"),
    ChartRow("960", "Retained Earnings", "EQUITY", "none", "RETAINEDEARNINGS"),
    ChartRow("970", "Owner A Funds Introduced", "EQUITY"),
)
GST_NAMES = {"GB": "VAT", "US": "Sales Tax"}
IMPORTS = ChartRow("821", "GST on Imports", "CURRLIAB", "none", "GSTONIMPORTS")


class TaxRow(NamedTuple):
    """One tax rate. ``use``: ``buy``, ``sell`` or ``both``. ``account`` is the system account that takes it."""

    code: str
    name: str
    rate: str
    use: str
    reverse: bool = False
    account: str = "GST"


_NONE = TaxRow("NONE", "No Tax", "0", "both")
# Rates by convention. Source of the codes: https://developer.xero.com/documentation/api/accounting/types#tax-rates
TAXES: dict[str, tuple[TaxRow, ...]] = {
    "GB": (
        TaxRow("INPUT2", "20% (VAT on Expenses)", "20", "buy"),
        TaxRow("OUTPUT2", "20% (VAT on Income)", "20", "sell"),
        TaxRow("RRINPUT", "5% (VAT on Expenses)", "5", "buy"),
        TaxRow("RROUTPUT", "5% (VAT on Income)", "5", "sell"),
        TaxRow("ZERORATEDINPUT", "Zero Rated Expenses", "0", "buy"),
        TaxRow("ZERORATEDOUTPUT", "Zero Rated Income", "0", "sell"),
        TaxRow("EXEMPTINPUT", "Exempt Expenses", "0", "buy"),
        TaxRow("EXEMPTOUTPUT", "Exempt Income", "0", "sell"),
        TaxRow("CAPEXINPUT2", "20% (VAT on Capital Purchases)", "20", "buy"),
        TaxRow("REVERSECHARGES", "Reverse Charge Expenses (20%)", "20", "buy", reverse=True),
        TaxRow("ECACQUISITIONS", "EC Acquisitions (20%)", "20", "buy", reverse=True),
        TaxRow("ECZRINPUT", "Zero Rated EC Expenses", "0", "buy"),
        _NONE,
    ),
    "AU": (
        TaxRow("INPUT", "GST on Expenses", "10", "buy"),
        TaxRow("OUTPUT", "GST on Income", "10", "sell"),
        TaxRow("CAPEXINPUT", "GST on Capital", "10", "buy"),
        TaxRow("EXEMPTEXPENSES", "GST Free Expenses", "0", "buy"),
        TaxRow("EXEMPTOUTPUT", "GST Free Income", "0", "sell"),
        TaxRow("INPUTTAXED", "Input Taxed", "0", "both"),
        TaxRow("BASEXCLUDED", "BAS Excluded", "0", "both"),
        TaxRow("GSTONIMPORTS", "GST on Imports", "0", "buy", account="GSTONIMPORTS"),
        _NONE,
    ),
    "NZ": (
        TaxRow("INPUT2", "15% GST on Expenses", "15", "buy"),
        TaxRow("OUTPUT2", "15% GST on Income", "15", "sell"),
        TaxRow("GSTONIMPORTS", "GST on Imports", "0", "buy", account="GSTONIMPORTS"),
        TaxRow("ZERORATED", "Zero Rated", "0", "both"),
        _NONE,
    ),
    "US": (
        TaxRow("INPUT", "Tax on Purchases", "0", "buy"),
        TaxRow("OUTPUT", "Tax on Consulting", "8.25", "sell"),
        TaxRow("EXEMPTINPUT", "Tax Exempt Purchases", "0", "buy"),
        TaxRow("EXEMPTOUTPUT", "Tax Exempt Sales", "0", "sell"),
        _NONE,
    ),
}
GLOBAL_TAXES = (
    TaxRow("INPUT", "Tax on Purchases", "0", "buy"),
    TaxRow("OUTPUT", "Tax on Sales", "0", "sell"),
    _NONE,
)


# Tax types that are reporting types too.
# Source: https://developer.xero.com/documentation/api/accounting/types#report-tax-types
REPORTED_AS_THEMSELVES = frozenset(
    {
        "NONE", "ZERORATEDINPUT", "ZERORATEDOUTPUT", "EXEMPTINPUT", "EXEMPTOUTPUT",
        "EXEMPTEXPENSES", "REVERSECHARGES", "ECACQUISITIONS", "CAPEXINPUT", "INPUTTAXED",
        "BASEXCLUDED", "GSTONIMPORTS",
    }
)  # fmt: skip


class Region(NamedTuple):
    """Currency, time zone and default tax codes of a country."""

    currency: str
    zone: str
    buy: str
    sell: str


REGIONS = {
    "GB": Region("GBP", "Europe/London", "INPUT2", "OUTPUT2"),
    "AU": Region("AUD", "Australia/Sydney", "INPUT", "OUTPUT"),
    "NZ": Region("NZD", "Pacific/Auckland", "INPUT2", "OUTPUT2"),
    "US": Region("USD", "America/New_York", "INPUT", "OUTPUT"),
}
CURRENCIES = {
    "GBP": "British Pound", "USD": "United States Dollar", "EUR": "Euro", "AUD": "Australian Dollar",
    "NZD": "New Zealand Dollar", "CAD": "Canadian Dollar", "JPY": "Japanese Yen", "KWD": "Kuwaiti Dinar",
}  # fmt: skip
DEMO_SUPPLIERS = ("Contoso Air", "Fabrikam Office Supplies", "Northwind Catering", "Proseware Software")
DEMO_CUSTOMERS = ("Adventure Works", "Wide World Importers", "Tailspin Toys")
DEMO_TRACKING = {"Region": ("North", "South", "East", "West"), "Project": ("Alpha", "Beta")}
