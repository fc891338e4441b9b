"""The chart of a new company: a plain one in Business Central's numbering, with VAT or with sales tax."""

from __future__ import annotations

from msgspec import Struct


class Line(Struct, frozen=True):
    """One G/L account. ``posting`` is the general posting type, ``tax`` the tax code that lines on it begin with;
    ``role`` names what the posting groups use it for; ``direct``: journals may name it."""

    number: str
    name: str
    category: str
    kind: str = "Posting"
    posting: str = ""
    tax: str = ""
    role: str = ""
    direct: bool = True


ASSETS, LIABILITIES, EQUITY = "Assets", "Liabilities", "Equity"
INCOME, COST, EXPENSE = "Income", "Cost of Goods Sold", "Expense"

CHART = (
    Line("10000", "Balance Sheet", "", "Heading"),
    Line("10100", "Fixed Assets", ASSETS),
    Line("10700", "Inventory", ASSETS, role="inventory", direct=False),
    Line("15100", "Trade Receivables", ASSETS, role="receivables", direct=False),
    Line("15800", "Purchase VAT", ASSETS, role="input_tax"),
    Line("16200", "Prepaid Expenses", ASSETS),
    Line("18100", "Cash", ASSETS),
    Line("18200", "Business Account, Operating", ASSETS, role="bank", direct=False),
    Line("19999", "Total Assets", ASSETS, "Total"),
    Line("20100", "Trade Payables", LIABILITIES, role="payables", direct=False),
    Line("20300", "Employees Payable", LIABILITIES, role="employees", direct=False),
    Line("20400", "Company Credit Cards", LIABILITIES, role="cards", direct=False),
    Line("20500", "Accrued Costs", LIABILITIES),
    Line("21100", "Sales VAT", LIABILITIES, role="output_tax"),
    Line("21200", "Reverse Charge VAT", LIABILITIES, role="reverse_tax"),
    Line("29999", "Total Liabilities", LIABILITIES, "Total"),
    Line("30100", "Share Capital", EQUITY),
    Line("30200", "Retained Earnings", EQUITY),
    Line("30900", "Opening Balances", EQUITY, role="opening"),
    Line("40000", "Income Statement", "", "Heading"),
    Line("40100", "Sales of Services", INCOME, posting="Sale", tax="STANDARD", role="sales"),
    Line("40900", "Other Income", INCOME, posting="Sale", tax="NO VAT"),
    Line("50100", "Cost of Materials", COST, posting="Purchase", tax="STANDARD", role="purchases"),
    Line("60100", "Rent", EXPENSE, posting="Purchase", tax="NO VAT"),
    Line("61100", "Advertising", EXPENSE, posting="Purchase", tax="STANDARD"),
    Line("61200", "Office Supplies", EXPENSE, posting="Purchase", tax="STANDARD"),
    Line("61300", "Software and Licences", EXPENSE, posting="Purchase", tax="STANDARD"),
    Line("62100", "Travel", EXPENSE, posting="Purchase", tax="ZERO"),
    Line("62200", "Hotels", EXPENSE, posting="Purchase", tax="STANDARD"),
    Line("62300", "Meals and Entertainment", EXPENSE, posting="Purchase", tax="NO VAT"),
    Line("63100", "Telephone and Internet", EXPENSE, posting="Purchase", tax="STANDARD"),
    Line("64100", "Bank Charges", EXPENSE),
    Line("69100", "Other Operating Expenses", EXPENSE),
    Line("80100", "Realised Exchange Differences", EXPENSE, role="exchange_loss"),
    Line("80300", "Rounding Differences", EXPENSE, role="rounding"),
    Line("99999", "Net Income", "", "Total"),
    Line("80200", "Payment Discounts Received", EXPENSE, role="payment_discount"),
)
ON_DEMAND = {
    "payment_tolerance": (Line("80500", "Payment Tolerance Received", EXPENSE, role="payment_tolerance"),),
    "invoice_rounding": (Line("80400", "Invoice Rounding", EXPENSE, role="invoice_rounding"),),
    "unrealised_vat": (
        Line("15810", "Unrealised Purchase VAT", ASSETS, role="input_tax_unrealised"),
        Line("21210", "Unrealised Reverse Charge VAT", LIABILITIES, role="reverse_tax_unrealised"),
    ),
    "non_deductible_vat_account": (Line("63900", "Non-deductible VAT", EXPENSE, role="non_deductible_tax"),),
    "use_tax": (
        Line("64900", "Use Tax", EXPENSE, role="use_tax"),
        Line("21300", "Use Tax Payable", LIABILITIES, role="use_tax_payable"),
    ),
}
"""Accounts that a company has where the setting of that name asks for them."""
FREE_FROM = {ASSETS: 11000, LIABILITIES: 22000, EQUITY: 31000, INCOME: 41000, COST: 51000, EXPENSE: 65000}

VAT_GROUPS = {
    "GB": (
        ("STANDARD", "Standard VAT 20%", "20", "Normal VAT"),
        ("REDUCED", "Reduced VAT 5%", "5", "Normal VAT"),
        ("ZERO", "Zero VAT", "0", "Normal VAT"),
        ("NO VAT", "No VAT", "0", "No Taxable VAT"),
        ("REVERSE", "Reverse charge 20%", "20", "Reverse Charge VAT"),
        ("FULL NORM", "VAT only invoices", "20", "Full VAT"),
    ),
    "": (
        ("STANDARD", "Standard VAT 21%", "21", "Normal VAT"),
        ("REDUCED", "Reduced VAT 10%", "10", "Normal VAT"),
        ("ZERO", "Zero VAT", "0", "Normal VAT"),
        ("NO VAT", "No VAT", "0", "No Taxable VAT"),
        ("REVERSE", "Reverse charge 21%", "21", "Reverse Charge VAT"),
    ),
}
SALES_TAX_GROUPS = (
    ("TAXABLE", "Taxable goods and services", "8.25", "Sales Tax"),
    ("NONTAXABLE", "Not taxable", "0", "Sales Tax"),
)
SALES_TAX_COUNTRIES = frozenset(["US", "CA"])

# Units of GBP for one unit of each currency: plausible and fixed, so that the same seed gives the same books.
IN_GBP = {
    "GBP": "1",
    "USD": "0.7812",
    "EUR": "0.8437",
    "CHF": "0.8923",
    "SEK": "0.0741",
    "NOK": "0.0722",
    "DKK": "0.1131",
    "CAD": "0.5691",
    "AUD": "0.5083",
    "NZD": "0.4617",
    "JPY": "0.00519",
}
NAMES = {
    "GBP": ("Pound Sterling", "£"),
    "USD": ("US Dollar", "$"),
    "EUR": ("Euro", "€"),
    "CHF": ("Swiss Franc", "CHF"),
    "SEK": ("Swedish Krona", "kr"),
    "NOK": ("Norwegian Krone", "kr"),
    "DKK": ("Danish Krone", "kr"),
    "CAD": ("Canadian Dollar", "$"),
    "AUD": ("Australian Dollar", "$"),
    "NZD": ("New Zealand Dollar", "$"),
    "JPY": ("Japanese Yen", "¥"),
}
