"""The categories that a new company has, and what the code of a category says about it.

The British list is that of a live company; the other one is ours: plausible, with codes in the ranges that the
documentation gives for each group.
"""

from __future__ import annotations

from msgspec import Struct

from sandbooks.ledger import AccountClass

# Source: https://dev.freeagent.com/docs/categories (group names, code ranges, tax reporting names)
SETS = ("admin_expenses_categories", "cost_of_sales_categories", "income_categories", "general_categories")


class Group(Struct, frozen=True, kw_only=True):
    """A group of categories that users may add to."""

    name: str
    first: int
    last: int
    set_name: str
    description: str
    reported: bool = True


GROUPS = {
    group.name: group
    for group in (
        Group(
            name="income",
            first=1,
            last=49,
            set_name="income_categories",
            description="Income (normally VATable)",
            reported=False,
        ),
        Group(
            name="cost_of_sales",
            first=96,
            last=199,
            set_name="cost_of_sales_categories",
            description="Cost of sales (normally VATable)",
        ),
        Group(
            name="admin_expenses",
            first=200,
            last=399,
            set_name="admin_expenses_categories",
            description="Admin expenses (normally VATable)",
        ),
        Group(name="current_assets", first=671, last=720, set_name="general_categories", description="Current Assets"),
        Group(name="liabilities", first=731, last=780, set_name="general_categories", description="Liabilities"),
        Group(
            name="equities",
            first=921,
            last=960,
            set_name="general_categories",
            description="Equities",
            reported=False,
        ),
    )
}

_BY_CODE = (
    (95, AccountClass.INCOME),
    (599, AccountClass.EXPENSE),
    (669, AccountClass.ASSET),
    (670, AccountClass.EQUITY),
    (720, AccountClass.ASSET),
    (749, AccountClass.LIABILITY),
    (750, AccountClass.ASSET),
    (910, AccountClass.LIABILITY),
    (999, AccountClass.EQUITY),
)


def class_of(code: str) -> AccountClass:
    """The account class behind a nominal code, sub codes included."""
    number = int(code.partition("-")[0])
    return next(kind for last, kind in _BY_CODE if number <= last)


def set_of(code: str) -> str:
    """The set of the category list that a code belongs to."""
    number = int(code.partition("-")[0])
    if number <= 49:
        return "income_categories"
    if 96 <= number <= 199:
        return "cost_of_sales_categories"
    if 200 <= number <= 399:
        return "admin_expenses_categories"
    return "general_categories"


def description_of(group: Group, code: str) -> str:
    """How a category tells its group: admin expenses from 350 on normally bear no tax."""
    # Source: the recorded list that the defaults below are from
    return "Admin expenses (normally Zero-VAT)" if 350 <= int(code) <= 399 else group.description


def bad_debts(country: str) -> str:
    """The category that debts written off are charged to."""
    return "450" if country == "GB" else "380"


def is_income(code: str) -> bool:
    """Whether tax on this category is tax charged to customers."""
    return class_of(code) is AccountClass.INCOME


# code | name | tax reporting name | default sales tax
# Source: https://github.com/RootwireLtd/FreeAgentDotNet FreeAgentFixtures (a list recorded from a limited company), but
# for 002, 609, 671, 731, 792, 793, 921 and 970, which are ours, as is the default tax of 602, 604 and 609
_GB = """
001|Sales||Standard rate
002|Other Income||Standard rate
101|Cost of Sales|Purchases|Standard rate
102|Commission Paid|Commissions Payable|Standard rate
103|Materials|Purchases|Standard rate
104|Equipment Hire|Material Costs|Standard rate
150|Subcontractor Costs|Subcontractor Costs|Standard rate
249|Mileage|Vehicle running costs|Standard rate
250|Office Costs|General maintenance|Standard rate
251|Rent|Rent of premises|Standard rate
268|Web Hosting|Computer software costs|Standard rate
269|Computer Software|Computer software costs|Standard rate
270|Computer Hardware|IT and computer consumables|Standard rate
271|Office Equipment|Consumable items|Standard rate
272|Other Computer Costs|Computer software costs|Standard rate
273|Internet & Telephone|Telecommunications costs|Standard rate
274|Mobile Phone|Telecommunications costs|Standard rate
276|Printing|Printing costs|Standard rate
277|Stationery|Stationery|Standard rate
280|Sundries|Sundry expenses|Standard rate
282|Staff Training|Staff training|Standard rate
283|Motor Expenses|Vehicle running costs|Standard rate
285|Accommodation and Meals|Travel and subsistence expenses|Standard rate
288|Advertising and Promotion|Advertising and promotional costs|Standard rate
289|Staff Entertaining|Staff entertaining|Standard rate
290|Legal and Professional Fees|Legal fees|Standard rate
291|Leasing Payments|Hire and leasing of other assets|Standard rate
292|Accountancy Fees|Accountancy fees|Standard rate
293|Consultancy Fees|General consultancy fees|Standard rate
335|Business Entertaining|Business entertaining|Standard rate
358|Postage|Postage costs|Zero rate
359|Books and Journals|Stationery|Zero rate
360|Charitable Donations|Charitable donations|Outside of the scope of VAT
361|Subscriptions|Subscriptions to professional and trade bodies|Zero rate
362|Interest Payable|Interest Payable and similar charges|Zero rate
363|Bank/Finance Charges|Finance charges|Zero rate
364|Insurance|Insurance|Zero rate
365|Travel|Travel and subsistence expenses|Zero rate
366|Use Of Home|Use of residence for business purposes|Zero rate
390|Realized Currency Exchange Gain/Loss|Gain (loss) on foreign currency transactions|Zero rate
391|Unrealized Currency Exchange Gain/Loss|Gain (loss) on foreign currency transactions|Zero rate
401|Salaries|Wages and salaries|
402|Employer NICs|Employer's National Insurance, staff|
403|Staff Pensions|Staff pensions, defined contribution schemes|
407|Directors' Salaries|Director's remuneration|
408|Directors' Employer NICs|Employer's National Insurance, directors|
450|Bad Debts Written Off|Bad debts written off|
460|Depreciation Charge|Depreciation of tangible fixed assets|
461|Loss/Gain on Disposal of Capital Asset|Gain (loss) from disposal of tangible fixed assets|
051|Interest Received|Interest Received|
601|Capital Asset Brought Forward|Fixed assets brought forward|
602|Capital Asset Purchase|Fixed asset purchases|Standard rate
604|Disposal of Capital Asset|Fixed asset disposals|Standard rate
605|Capital Asset Depreciation Brought Forward|Fixed asset depreciation brought forward|
606|Capital Asset Depreciation in Year|Fixed asset depreciation in year|
607|Depreciation on Disposal of Capital Asset|Fixed asset depreciation on disposals|
609|Stock|Stock|Standard rate
610|Stock Adjustment|Stock|
670|Share Premium||
671|Prepayments and Accrued Income|Prepayments and accrued income|
681|Trade Debtors|Debtors|
731|Provisions|Provisions for liabilities|
750|Bank Account|Bank account|
792|Hire Purchase Liabilities < 1 Year|Creditors due within one year|
793|Hire Purchase Liabilities > 1 Year|Creditors due in over one year|
796|Trade Creditors|Creditors|
813|Pension Creditor|Creditors|
814|PAYE/NI|Creditors|
815|Other Payroll Deductions|Creditors|
817|VAT|VAT|
818|VAT Reclaimed|VAT|
819|VAT Charged|VAT|
820|Corporation Tax|Corporation tax|
824|VAT Mini One Stop Shop|Creditors|
901|Capital Account||
902|Salary and Bonuses|Money due to/from user|
905|Expense Account|Money due to/from user|
907|Director Loan Account|Money due to/from user|
908|Dividend||
921|Called Up Share Capital||
970|Profit and Loss Account Brought Forward||
999|Suspense Account|Suspense|
"""

_US = """
001|Sales||
002|Other Income||
101|Cost of Sales|Purchases|
102|Commission Paid|Other costs|
103|Materials|Materials and supplies|
104|Contract Labor|Cost of labor|
249|Accounting Fees|Legal and professional services|
254|Advertising|Advertising|
268|Office Supplies|Office expense|
270|Computer Software|Office expense|
273|Internet and Telephone|Utilities|
280|Insurance|Insurance (other than health)|
282|Rent|Rent or lease|
285|Accommodation and Meals|Travel|
286|Business Entertainment|Deductible meals|
292|Postage|Office expense|
321|Staff Training|Other expenses|
335|Sundry Expenses|Other expenses|
359|Books and Journals|Office expense|
360|Subscriptions|Other expenses|
363|Bank/Finance Charges|Other expenses|
364|Interest Payable|Interest|
365|Travel|Travel|
366|Car and Truck Expenses|Car and truck expenses|
380|Bad Debts|Bad debts written off|
390|Exchange Gains and Losses|Other expenses|
391|Unrealized Exchange Gains and Losses|Other expenses|
401|Wages|Wages|
402|Payroll Taxes|Taxes and licenses|
460|Depreciation|Depreciation|
461|Loss/Gain on Disposal of Capital Asset|Other expenses|
051|Interest Received||
601|Capital Asset Brought Forward||
602|Capital Asset Purchase||
604|Disposal of Capital Asset||
605|Capital Asset Depreciation Brought Forward||
606|Capital Asset Depreciation||
607|Depreciation on Disposal of Capital Asset||
609|Stock||
610|Stock Adjustment||
671|Prepaid Expenses|Prepayments and accrued income|
681|Trade Debtors||
731|Other Liabilities|Provisions for liabilities|
750|Bank Account||
796|Trade Creditors||
817|Sales Tax||
818|Sales Tax Reclaimed||
819|Sales Tax Charged||
820|Income Tax||
901|Capital Introduced||
902|Salary and Bonuses||
905|Expense Account||
907|Shareholder Loan Account||
908|Dividend||
921|Common Stock||
970|Retained Earnings Brought Forward||
999|Suspense||
"""


class Category(Struct, frozen=True):
    """One default category."""

    code: str
    name: str
    reporting: str
    auto: str


# What a contractor in the Construction Industry Scheme buys on, under codes 096 to 099.
# Source: https://dev.freeagent.com/docs/bills (cis_deduction_band). Unconfirmed: which code stands for what.
_CIS = """
096|CIS Labour|Construction industry scheme subcontractor costs|Standard rate
097|CIS Labour (Domestic Reverse Charge)|Construction industry scheme subcontractor costs|Standard rate
098|CIS Subcontractor Costs|Construction industry scheme subcontractor costs|Standard rate
099|CIS Subcontractor Costs (Domestic Reverse Charge)|Construction industry scheme subcontractor costs|Standard rate
816|CIS Deductions|Creditors|
"""
CIS_CODES = range(96, 100)
# What contractors hold back is offset against PAYE from a balance of its own.
# Source: https://support.freeagent.com article 115001224164. Unconfirmed: its code and name.
CIS_DEDUCTIONS = "816"


def default_categories(country: str, *, cis_contractor: bool = False) -> list[Category]:
    """The categories of a new company."""
    table = _GB if country == "GB" else _US
    lines = table.strip().splitlines() + (_CIS.strip().splitlines() if cis_contractor else [])
    return [Category(*line.split("|")) for line in lines]
