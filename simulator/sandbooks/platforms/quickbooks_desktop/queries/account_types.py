"""Filters by type of account: which accounts each of their words means."""

from __future__ import annotations

from collections.abc import Mapping

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.file import BALANCE_SHEET, CompanyFile

_ASSET = ("AccountsReceivable", "Bank", "FixedAsset", "OtherAsset", "OtherCurrentAsset")
_CURRENT_ASSET = ("AccountsReceivable", "Bank", "OtherCurrentAsset")
_CURRENT_LIABILITY = ("AccountsPayable", "CreditCard", "OtherCurrentLiability")
_LIABILITY = (*_CURRENT_LIABILITY, "LongTermLiability")
_EXPENSE = ("CostOfGoodsSold", "Expense", "OtherExpense")
_INCOME = ("Income", "OtherIncome")
# Source: QuickBooks Desktop SDK, Onscreen Reference (AccountTypeFilter). Unconfirmed: what the words that name several
# types take in beside what they say; a word that is a type of account means that type.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "APAndSalesTax": ("AccountsPayable",),
    "APOrCreditCard": ("AccountsPayable", "CreditCard"),
    "ARAndAP": ("AccountsReceivable", "AccountsPayable"),
    "Asset": _ASSET,
    "BalanceSheet": BALANCE_SHEET,
    "BankAndARAndAPAndUF": ("Bank", "AccountsReceivable", "AccountsPayable"),
    "BankAndUF": ("Bank",),
    "CostOfSales": ("CostOfGoodsSold",),
    "CurrentAsset": _CURRENT_ASSET,
    "CurrentAssetAndExpense": (*_CURRENT_ASSET, *_EXPENSE),
    "CurrentLiability": _CURRENT_LIABILITY,
    "EquityAndIncomeAndExpense": ("Equity", *_INCOME, *_EXPENSE),
    "ExpenseAndOtherExpense": ("Expense", "OtherExpense"),
    "IncomeAndExpense": (*_INCOME, *_EXPENSE),
    "IncomeAndOtherIncome": _INCOME,
    "Liability": _LIABILITY,
    "LiabilityAndEquity": (*_LIABILITY, "Equity"),
    "OrdinaryExpense": ("Expense",),
    "OrdinaryIncome": ("Income",),
    "OrdinaryIncomeAndCOGS": ("Income", "CostOfGoodsSold"),
    "OrdinaryIncomeAndExpense": ("Income", "CostOfGoodsSold", "Expense"),
    "OtherIncomeOrExpense": ("OtherIncome", "OtherExpense"),
}
_SPECIAL: Mapping[str, str] = {
    "APAndSalesTax": "SalesTaxPayable",
    "BankAndARAndAPAndUF": "UndepositedFunds",
    "BankAndUF": "UndepositedFunds",
}


def accounts_of(file: CompanyFile, word: str) -> set[str]:
    """The ids of the accounts of a type. Raises ``NotSimulated`` for what accounts here do not tell."""
    if word == "AllowedFor1099":
        raise NotSimulated("the account filter AllowedFor1099", instead="a type of account")
    types = _TYPES.get(word, (word,))
    found = {record.id for record in file.records.scan("Account") if record.body["AccountType"] in types}
    special = file.special_account(_SPECIAL[word]) if word in _SPECIAL else None
    return found | ({special.id} if special else set())
