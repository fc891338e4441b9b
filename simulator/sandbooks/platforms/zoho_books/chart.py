"""Account types and the accounts that a new organisation has."""

from __future__ import annotations

from sandbooks.ledger import AccountClass

_A, _L, _Q, _I, _E = (
    AccountClass.ASSET,
    AccountClass.LIABILITY,
    AccountClass.EQUITY,
    AccountClass.INCOME,
    AccountClass.EXPENSE,
)

# Source: https://www.zoho.com/books/api/v3/chart-of-accounts/ (account_type)
CLASSES: dict[str, AccountClass] = {
    **dict.fromkeys(("other_asset", "other_current_asset", "intangible_asset", "right_to_use_asset"), _A),
    **dict.fromkeys(("financial_asset", "contingent_asset", "contract_asset", "cash", "bank", "fixed_asset"), _A),
    **dict.fromkeys(("accounts_receivable", "payment_clearing", "stock"), _A),
    **dict.fromkeys(("other_current_liability", "contract_liability", "refund_liability", "credit_card"), _L),
    **dict.fromkeys(("long_term_liability", "loans_and_borrowing", "lease_liability", "other_liability"), _L),
    **dict.fromkeys(("employee_benefit_liability", "contingent_liability", "financial_liability"), _L),
    "accounts_payable": _L,
    "equity": _Q,
    **dict.fromkeys(("income", "finance_income", "other_comprehensive_income", "other_income"), _I),
    **dict.fromkeys(("expense", "manufacturing_expense", "impairment_expense", "depreciation_expense"), _E),
    **dict.fromkeys(("employee_benefit_expense", "lease_expense", "finance_expense", "tax_expense"), _E),
    **dict.fromkeys(("cost_of_goods_sold", "other_expense"), _E),
}
# Types whose accounts are kept in a currency of their own.
MONEY_TYPES = ("bank", "cash", "credit_card", "payment_clearing")
BANK_TYPES = ("bank", "credit_card", "cash", "payment_clearing")
CONTROL_TYPES = ("accounts_payable", "accounts_receivable")

PAYABLE = "Accounts Payable"
RECEIVABLE = "Accounts Receivable"
EXCHANGE = "Exchange Gain or Loss"
OFFSET = "Opening Balance Offset"
PREPAID = "Prepaid Expenses"
BANK_FEES = "Bank Fees and Charges"
OTHER_EXPENSES = "Other Expenses"
PETTY_CASH = "Petty Cash"
WITHHELD = "TDS Payable"

# name | type | code | system account ("y") — names that samples and help pages show; the list is the usual one.
_COMMON = """
Accounts Receivable|accounts_receivable|1100|y
Accounts Payable|accounts_payable|2100|y
Petty Cash|cash|1001|y
Undeposited Funds|cash|1002|y
Prepaid Expenses|other_current_asset|1310|y
Advance Tax|other_current_asset|1320|
Employee Advance|other_current_asset|1330|
Furniture and Equipment|fixed_asset|1510|
Employee Reimbursements|other_current_liability|2210|y
Opening Balance Adjustments|other_current_liability|2290|y
Drawings|equity|3100|
Owner's Equity|equity|3000|
Opening Balance Offset|equity|3300|y
Retained Earnings|equity|3200|y
Sales|income|4000|y
General Income|income|4100|
Interest Income|income|4200|
Discount|income|4300|
Other Charges|income|4900|y
Cost of Goods Sold|cost_of_goods_sold|5000|y
Advertising And Marketing|expense|6010|
Automobile Expense|expense|6020|
Bank Fees and Charges|expense|6030|y
Consultant Expense|expense|6040|
IT and Internet Expenses|expense|6050|
Lodging|expense|6060|
Meals and Entertainment|expense|6070|
Office Supplies|expense|6080|
Printing and Stationery|expense|6090|
Rent Expense|expense|6100|
Salaries and Employee Wages|expense|6110|
Telephone Expense|expense|6120|
Travel Expense|expense|6130|
Other Expenses|expense|6900|y
Uncategorized|expense|6990|y
Exchange Gain or Loss|other_expense|7000|y
"""
_TAXES = {
    "GB": "Input VAT|other_current_asset|1350|y\nOutput VAT|other_current_liability|2250|y",
    "IN": (
        "Input CGST|other_current_asset|1350|y\nInput SGST|other_current_asset|1351|y\n"
        "Input IGST|other_current_asset|1352|y\nOutput CGST|other_current_liability|2250|y\n"
        "Output SGST|other_current_liability|2251|y\nOutput IGST|other_current_liability|2252|y"
    ),
    "US": "Input Tax|other_current_asset|1350|y\nTax Payable|other_current_liability|2250|y",
}

# The accounts that hold input tax and output tax, for taxes that name none.
INPUT = {"GB": "Input VAT", "IN": "Input IGST"}
OUTPUT = {"GB": "Output VAT", "IN": "Output IGST"}


def input_account(country: str) -> str:
    """The name of the account that takes recoverable tax."""
    return INPUT.get(country, "Input Tax")


def output_account(country: str) -> str:
    """The name of the account that takes tax owed."""
    return OUTPUT.get(country, "Tax Payable")


def default_accounts(country: str) -> list[tuple[str, str, str, bool]]:
    """Name, type, code and whether it is a system account, of each account of a new organisation."""
    table = f"{_COMMON.strip()}\n{_TAXES.get(country, _TAXES['US'])}"
    rows = (line.split("|") for line in table.splitlines())
    return [(name, kind, code, system == "y") for name, kind, code, system in rows]
