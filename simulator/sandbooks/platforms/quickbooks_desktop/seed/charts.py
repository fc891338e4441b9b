"""What a new company file holds: accounts by country, terms, payment methods, tax codes, currencies.

Names of the accounts that QuickBooks keeps for itself are its own; the rest of the lists is ours, plausible.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

# name | type | special
_COMMON = """
Undeposited Funds|OtherCurrentAsset|UndepositedFunds
Accounts Receivable|AccountsReceivable|AccountsReceivable
Accounts Payable|AccountsPayable|AccountsPayable
Opening Balance Equity|Equity|OpeningBalanceEquity
Retained Earnings|Equity|RetainedEarnings
Owner's Equity|Equity|
Sales Income|Income|
Uncategorized Income|Income|UncategorizedIncome
Cost of Goods Sold|CostOfGoodsSold|
Advertising and Promotion|Expense|
Bank Service Charges|Expense|
Computer and Internet Expenses|Expense|
Insurance Expense|Expense|
Meals and Entertainment|Expense|
Office Supplies|Expense|
Professional Fees|Expense|
Telephone Expense|Expense|
Travel Expense|Expense|
Utilities|Expense|
Uncategorized Expenses|Expense|UncategorizedExpenses
Prepaid Expenses|OtherCurrentAsset|
Furniture and Equipment|FixedAsset|
Accumulated Depreciation|FixedAsset|
Loans Payable|LongTermLiability|
Interest Income|OtherIncome|
Exchange Gain or Loss|OtherExpense|ExchangeGainLoss
Ask My Accountant|OtherExpense|
"""
_US = """
Automobile Expense|Expense|
Rent Expense|Expense|
Payroll Liabilities|OtherCurrentLiability|
Sales Tax Payable|OtherCurrentLiability|SalesTaxPayable
"""
_OTHERS = """
Motor Expenses|Expense|
Rent and Rates|Expense|
PAYE and NI Payable|OtherCurrentLiability|
VAT Liability|OtherCurrentLiability|SalesTaxPayable
"""


class ChartAccount(Struct, frozen=True):
    """An account of a new file."""

    name: str
    type: str
    special: str


def accounts(country: str) -> list[ChartAccount]:
    """The accounts of a new file."""
    text = _COMMON + (_US if country == "US" else _OTHERS)
    return [ChartAccount(*line.split("|")) for line in text.splitlines() if line.strip()]


# name | days
TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
METHODS = (("Cash", "Cash"), ("Check", "Check"), ("Visa", "Visa"), ("MasterCard", "MasterCard"))
# name | taxable | description | percent on purchases
US_CODES = (("Tax", "true", "Taxable Sales", "0"), ("Non", "false", "Non-Taxable Sales", "0"))
VAT_CODES = (
    ("S", "true", "Standard rate", "20"),
    ("R", "true", "Reduced rate", "5"),
    ("Z", "true", "Zero rate", "0"),
    ("E", "false", "Exempt", "0"),
    ("O", "false", "Outside the scope", "0"),
)
CURRENCIES = ("USD", "GBP", "EUR", "CAD", "AUD", "JPY")

# Units of GBP for one unit of each currency: plausible and fixed, so that the same seed gives the same books.
_IN_GBP = {
    "GBP": "1",
    "USD": "0.7812",
    "EUR": "0.8437",
    "CAD": "0.5691",
    "AUD": "0.5083",
    "NZD": "0.4617",
    "JPY": "0.00519",
    "CHF": "0.8923",
    "SEK": "0.0741",
    "INR": "0.00921",
    "ZAR": "0.0427",
    "KWD": "2.5391",
}


def rate(currency: str, home: str) -> str:
    """Home for one foreign unit, as the Currency list of a new file has it."""
    value = Decimal(_IN_GBP.get(currency, "1")) / Decimal(_IN_GBP.get(home, "1"))
    return f"{value:.6f}"
