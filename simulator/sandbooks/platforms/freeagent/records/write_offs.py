"""What is written off of an invoice or a credit note: the amount still due leaves the debtors for bad debts.

Source: https://dev.freeagent.com/docs/invoices (mark invoice as cancelled: write-off as unpaid)
"""

from __future__ import annotations

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.freeagent.chart import bad_debts
from sandbooks.platforms.freeagent.records.bills import OpenItem
from sandbooks.platforms.freeagent.records.storing import remove, save
from sandbooks.platforms.freeagent.wire import decimal_text

KIND = "invoice_write_off"


def bring(company: Company, record: Record, due: OpenItem | None) -> None:
    """Write off what is due of a document, or take back what was written off of it."""
    standing = company.records.get(KIND, record.id)
    if standing is not None and not standing.deleted:
        remove(company, standing)
    if due is None:
        return
    # Unconfirmed: that sales tax stays charged until bad debt relief is claimed.
    document = {
        "url": record.body["url"],
        "dated_on": record.body["written_off_date"],
        "description": f"Written off: {record.body['reference']}",
        "currency": record.body["currency"],
        "amount": decimal_text(due.amount.amount),
        "base": decimal_text(due.base.amount),
    }
    facts = {"posts": "write_off", "base": company.currency, "account": bad_debts(company.country)}
    save(company, KIND, record.id, document=document, facts=facts)
