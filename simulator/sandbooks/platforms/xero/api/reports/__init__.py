"""Reports over the books: trial balance, profit and loss, balance sheet, bank and executive summary, aged items.

# Source: https://developer.xero.com/documentation/api/accounting/reports
"""

from __future__ import annotations

from sandbooks.kit.surface import Operation
from sandbooks.platforms.xero.api.registry import ROOT
from sandbooks.platforms.xero.api.reports.aged import aged
from sandbooks.platforms.xero.api.reports.banking import bank_summary, executive_summary
from sandbooks.platforms.xero.api.reports.empty import budget_summary, ten_ninety_nine
from sandbooks.platforms.xero.api.reports.statements import balance_sheet, profit_and_loss, trial_balance

_RUNS = {
    "TrialBalance": ("trialbalance", trial_balance),
    "ProfitAndLoss": ("profitandloss", profit_and_loss),
    "BalanceSheet": ("balancesheet", balance_sheet),
    "BankSummary": ("banksummary", bank_summary),
    "ExecutiveSummary": ("executivesummary", executive_summary),
    "BudgetSummary": ("budgetsummary", budget_summary),
    "TenNinetyNine": ("tenninetynine", ten_ninety_nine),
    "AgedPayablesByContact": ("aged", aged("ACCPAY")),
    "AgedReceivablesByContact": ("aged", aged("ACCREC")),
}
OPERATIONS = tuple(
    Operation(
        f"report_{name}", "GET", f"{ROOT}/Reports/{name}", run, scope=f"accounting.reports accounting.reports.{scope}"
    )
    for name, (scope, run) in _RUNS.items()
)
