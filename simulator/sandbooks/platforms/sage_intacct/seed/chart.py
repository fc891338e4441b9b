"""The accounts, tax details and lists that a new company starts with: ours, plausible, by country."""

from __future__ import annotations

from msgspec import Struct


class ChartRow(Struct, frozen=True):
    """One account: number, title, type and normal balance in the words of GLACCOUNT, category."""

    number: str
    title: str
    type: str
    balance: str
    category: str = ""


_BALANCE, _INCOME = "balancesheet", "incomestatement"
# number | title | b(alance sheet) or i(ncome statement) | d(ebit) or c(redit) | category
_COMMON = """
1000|Petty Cash|b|d|Cash
1100|Accounts Receivable|b|d|Accounts Receivable
1150|Undeposited Funds|b|d|Cash
1200|Prepaid Expenses|b|d|Other Current Assets
1300|Inter-Entity Receivable|b|d|Other Current Assets
1500|Computer Equipment|b|d|Fixed Assets
1510|Accumulated Depreciation|b|c|Fixed Assets
2000|Accounts Payable|b|c|Accounts Payable
2010|Employee Expense Payable|b|c|Accounts Payable
2150|Accrued Liabilities|b|c|Other Current Liabilities
2300|Inter-Entity Payable|b|c|Other Current Liabilities
2500|Long Term Loan|b|c|Long Term Liabilities
3000|Opening Balance Equity|b|c|Equity
3100|Share Capital|b|c|Equity
3900|Retained Earnings|b|c|Retained Earnings
4000|Sales|i|c|Revenue
4100|Services|i|c|Revenue
4900|Other Income|i|c|Other Income
5000|Cost of Goods Sold|i|d|Cost of Revenue
5100|Subcontractors|i|d|Cost of Revenue
6000|Salaries|i|d|Payroll
6100|Advertising|i|d|Operating Expenses
6200|Travel|i|d|Operating Expenses
6210|Meals and Entertainment|i|d|Operating Expenses
6300|Office Supplies|i|d|Operating Expenses
6310|Software Subscriptions|i|d|Operating Expenses
6320|Telephone and Internet|i|d|Operating Expenses
6400|Rent|i|d|Operating Expenses
6500|Professional Fees|i|d|Operating Expenses
6600|Insurance|i|d|Operating Expenses
6700|Bank Charges|i|d|Operating Expenses
6800|Training|i|d|Operating Expenses
6900|Miscellaneous Expense|i|d|Operating Expenses
8000|Realised Gain or Loss|i|d|Other Expenses
"""
_TAXED = """
2200|VAT Outputs|b|c|Tax Payable
2210|VAT Inputs|b|d|Tax Receivable
"""
_UNTAXED = """
2200|Sales Tax Payable|b|c|Tax Payable
"""


def chart_of(country: str) -> list[ChartRow]:
    """The accounts of a new company."""
    rows = [
        line.split("|") for line in (_COMMON + (_UNTAXED if country == "US" else _TAXED)).strip().splitlines() if line
    ]
    return [
        ChartRow(number, title, _BALANCE if type == "b" else _INCOME, "debit" if balance == "d" else "credit", category)
        for number, title, type, balance, category in sorted(rows)
    ]


def setup_of(country: str) -> dict[str, str]:
    """Which account does what, as the setup of the applications names it."""
    accounts = {
        "payables": "2000",
        "receivables": "1100",
        "employee_payables": "2010",
        "exchange": "8000",
        "discounts": "4900",
        "opening": "3000",
        "input_tax": "2210",
        "output_tax": "2200",
        "undeposited": "1150",
        "inter_entity_receivable": "1300",
        "inter_entity_payable": "2300",
    }
    return (
        accounts
        if country != "US"
        else {name: n for name, n in accounts.items() if name not in ("input_tax", "output_tax")}
    )


class TaxRow(Struct, frozen=True):
    """One tax detail: id, rate in percent, purchase or sale, reverse charge."""

    id: str
    rate: str
    type: str = "Purchase"
    reverse: bool = False


# Source: Sage Intacct help, "VAT and GST tax solutions" (tax details of United Kingdom - VAT; ids here are ours)
_TAXES = {
    "GB": (
        TaxRow("UK Purchase Goods Standard Rate Input", "20"),
        TaxRow("UK Purchase Services Standard Rate Input", "20"),
        TaxRow("UK Purchase Reduced Rate Input", "5"),
        TaxRow("UK Purchase Zero Rate Input", "0"),
        TaxRow("UK Purchase Exempt Input", "0"),
        TaxRow("UK Reverse Charge Services Input", "20", reverse=True),
        TaxRow("UK Sale Goods Standard Rate Output", "20", "Sale"),
    ),
    "AU": (
        TaxRow("AU Purchase GST Standard Rate Input", "10"),
        TaxRow("AU Purchase GST Free Input", "0"),
        TaxRow("AU Sale GST Standard Rate Output", "10", "Sale"),
    ),
    "CA": (TaxRow("CA GST Input", "5"), TaxRow("CA Zero Rate Input", "0"), TaxRow("CA GST Output", "5", "Sale")),
    "ZA": (TaxRow("ZA Standard Rate Input", "15"), TaxRow("ZA Zero Rate Input", "0")),
    "IE": (TaxRow("IE Standard Rate Input", "23"), TaxRow("IE Zero Rate Input", "0")),
}
_SOLUTIONS = {
    "GB": "United Kingdom - VAT",
    "AU": "Australia - GST",
    "CA": "Canadian Sales Tax - SYS",
    "ZA": "South Africa - VAT",
}


def taxes_of(country: str) -> tuple[str, tuple[TaxRow, ...]]:
    """Tax solution and tax details of a country; none in the United States, where tax is part of the cost."""
    if country == "US":
        return "", ()
    rows = _TAXES.get(
        country, (TaxRow(f"{country} Standard Rate Input", "20"), TaxRow(f"{country} Zero Rate Input", "0"))
    )
    return _SOLUTIONS.get(country, f"{country} - VAT"), rows


CURRENCIES = (
    "GBP:£:Pound Sterling USD:$:US Dollar EUR:€:Euro CAD:$:Canadian Dollar AUD:$:Australian Dollar NZD:$:New "
    "Zealand Dollar "
    "CHF:Fr:Swiss Franc SEK:kr:Swedish Krona NOK:kr:Norwegian Krone DKK:kr:Danish Krone PLN:zł:Polish Zloty JPY:¥:Yen "
    "SGD:$:Singapore Dollar HKD:$:Hong Kong Dollar INR:₹:Indian Rupee ZAR:R:Rand AED:د.إ:UAE Dirham "
    "KWD:د.ك:Kuwaiti Dinar"
)


def currencies() -> list[tuple[str, str, str]]:
    """Code, symbol and name of the transaction currencies."""
    import re

    return [
        (m[1], m[2], m[3].strip()) for m in re.finditer(r"([A-Z]{3}):([^:]+):([^:]+?)(?=\s[A-Z]{3}:|$)", CURRENCIES)
    ]
