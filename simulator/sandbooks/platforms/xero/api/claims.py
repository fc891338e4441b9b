"""Classic expenses: receipts of a user, and the claims that gather them.

An approved claim debits the lines of its receipts and credits Unpaid Expense Claims. Deprecated by Xero and kept for
older integrations; a claim is paid in Xero's screens (the bookkeeper's), not through the API.

# Source: https://developer.xero.com/documentation/api/accounting/receipts and .../expenseclaims
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.platforms.xero import documents, lines, lookup
from sandbooks.platforms.xero.api.registry import TRANSACTIONS, Resource
from sandbooks.platforms.xero.refusals import invalid
from sandbooks.platforms.xero.saving import save

Body = dict[str, Any]
SCOPES = f"{TRANSACTIONS} accounting.classicexpenses"
_NEXT = {"SUBMITTED": ("SUBMITTED", "AUTHORISED", "DELETED"), "AUTHORISED": ("VOIDED",)}
_RECEIPT_STATUS = {
    "SUBMITTED": "SUBMITTED",
    "AUTHORISED": "AUTHORISED",
    "PAID": "AUTHORISED",
    "VOIDED": "VOIDED",
    "DELETED": "DRAFT",
}


def _user(company: Company, given: Mapping[str, Any] | None, prior: Mapping[str, Any] | None) -> Body:
    """The user of a receipt or claim. Raises Invalid."""
    if not given and prior:
        return dict(prior)
    record = company.records.get("User", (given or {}).get("UserID", ""))
    if record is None:
        raise invalid("A valid User must be specified.")
    return {"UserID": record.id, "FirstName": record.body["FirstName"], "LastName": record.body["LastName"]}


def write_receipt(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Create or change a receipt; one that is part of a claim changes no more. Raises Invalid."""
    company = call.company
    before: Body = prior.copy() if prior else {}
    if before and before["Status"] != "DRAFT":
        raise invalid("Receipt not of valid status for modification")
    draft = documents.Draft(given=given, prior=before, currency=company.currency, complete=True, purchase=True)
    body = documents.common(call, draft)
    for name in ("CurrencyCode", "CurrencyRate"):
        body.pop(name)
    if not body["LineItems"] or body["Total"] <= 0:
        raise invalid("A receipt must have line items with a total greater than zero.")
    blank: Body = {"ReceiptID": company.records.next_uuid("receipt"), "Status": "DRAFT", "HasAttachments": False}
    if not before:
        blank["ReceiptNumber"] = str(company.records.next_number("receipt_number"))
    own = {name: draft.value(name) for name in ("Reference", "Url") if draft.value(name) is not None}
    user = _user(company, given.get("User"), before.get("User"))
    return save(company, "Receipt", {**(before or blank), **body, **own, "User": user})


def write_claim(call: Call, given: Mapping[str, Any], prior: Record | None) -> Record:
    """Submit receipts as a claim; approve, void or delete it. Raises Invalid."""
    company = call.company
    if prior is None:
        return _submitted(call, given)
    body = prior.copy()
    status = given.get("Status", body["Status"])
    if status not in _NEXT.get(body["Status"], ()):
        raise invalid("Expense Claim not of valid status for modification")
    if status in ("AUTHORISED", "VOIDED"):
        lookup.check_open(company, body["Date"])
    body |= {name: given[name] for name in ("PaymentDueDate", "ReportingDate") if name in given}
    return _kept(company, {**body, "Status": status})


def _submitted(call: Call, given: Mapping[str, Any]) -> Record:
    company = call.company
    status = given.get("Status", "SUBMITTED")
    if status not in ("SUBMITTED", "AUTHORISED"):
        raise invalid("Expense Claim not of valid status for creation")
    user = _user(company, given.get("User"), None)
    receipts = [company.records.get("Receipt", entry.get("ReceiptID", "")) for entry in given.get("Receipts", [])]
    found = [receipt for receipt in receipts if receipt is not None and receipt.body["Status"] == "DRAFT"]
    if not found or len(found) < len(receipts) or len({receipt.id for receipt in found}) < len(found):
        raise invalid("An expense claim must name draft receipts, each once.")
    if any(receipt.body["User"]["UserID"] != user["UserID"] for receipt in found):
        raise invalid("The receipts of an expense claim must be those of its user.")
    total = sum((Decimal(receipt.body["Total"]) for receipt in found), Decimal("0.00"))
    day = given.get("ReportingDate") or documents.today(call)
    body: Body = {
        "ExpenseClaimID": company.records.next_uuid("claim"),
        "User": user,
        "Receipts": [receipt.copy() for receipt in found],
        "Status": status,
        "Date": day,
        "ReportingDate": day,
        "Total": total,
        "AmountDue": total,
        "AmountPaid": Decimal("0.00"),
    }
    if given.get("PaymentDueDate"):
        body["PaymentDueDate"] = given["PaymentDueDate"]
    if status == "AUTHORISED":
        lookup.check_open(company, day)
    return _kept(company, body)


def pay_claim(call: Call, prior: Record, account: Record) -> Record:
    """Pay an approved claim from a bank account, as Xero's own screens do. Raises Invalid."""
    company, body, day = call.company, prior.copy(), documents.today(call)
    if body["Status"] != "AUTHORISED":
        raise invalid("Expense Claim not of valid status for modification")
    if account.body["Type"] != "BANK" or lookup.currency_of(company, account) != company.currency:
        raise invalid("An expense claim is paid from a bank account in the base currency.")
    lookup.check_open(company, day)
    payment: Body = {"PaymentID": company.records.next_uuid("payment"), "Date": day, "Amount": body["Total"]}
    facts = {
        "base": company.currency,
        "control": lookup.system_account(company, "UNPAIDEXPCLM"),
        "bank": account.id,
        "rounding": lookup.system_account(company, "ROUNDING"),
    }
    save(company, "ClaimPayment", dict(payment), facts=facts)
    return _kept(company, {**body, "Status": "PAID", "AmountPaid": body["Total"], "Payments": [payment]})


def _kept(company: Company, body: Body) -> Record:
    """Store a claim with its facts, and its receipts in the status that follows."""
    for entry in body["Receipts"]:
        receipt = company.records.get("Receipt", entry["ReceiptID"])
        if receipt is not None:
            changed = {**receipt.copy(), "Status": _RECEIPT_STATUS[body["Status"]]}
            entry["Status"] = save(company, "Receipt", changed).body["Status"]
    body["AmountDue"] = body["Total"] if body["Status"] in ("SUBMITTED", "AUTHORISED") else Decimal("0.00")
    every_line = [line for entry in body["Receipts"] for line in entry["LineItems"]]
    facts = documents.facts(company, body, control=lookup.system_account(company, "UNPAIDEXPCLM"))
    return save(company, "ExpenseClaim", body, facts={**facts, "taxes": lines.tax_facts(company, every_line)})


OPERATIONS = (
    *Resource(kind="Receipt", scopes=SCOPES, writer=write_receipt).operations(),
    *Resource(kind="ExpenseClaim", scopes=SCOPES, writer=write_claim).operations(),
)
