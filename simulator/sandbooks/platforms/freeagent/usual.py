"""The accounts that every company has, by their neutral names."""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.platforms.freeagent import posting
from sandbooks.platforms.freeagent.tax import scheme_of


def usual_accounts(company: Company) -> dict[str, str]:
    """The nominal codes that FreeAgent keeps for itself; a company that reclaims no tax has no account for it.

    Source: dev.freeagent.com/docs/company (sales_tax_registration_status)
    """
    codes = {
        "payables": posting.TRADE_CREDITORS,
        "receivables": posting.TRADE_DEBTORS,
        "input_tax": posting.VAT_RECLAIMED,
        "output_tax": posting.VAT_CHARGED,
        "exchange_differences": posting.EXCHANGE_DIFFERENCES,
    }
    standing = {account.id for account in company.book.accounts()}
    if not scheme_of(company).recoverable:
        del codes["input_tax"]
    return {name: code for name, code in codes.items() if code in standing}
