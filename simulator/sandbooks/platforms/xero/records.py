"""How the records of a Xero organisation are named, identified and looked up. Data and pure functions only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# The collection's name in paths and envelopes, by kind.
PLURAL = {
    "Account": "Accounts",
    "Allocation": "Allocations",
    "Attachment": "Attachments",
    "BankTransaction": "BankTransactions",
    "BankTransfer": "BankTransfers",
    "BatchPayment": "BatchPayments",
    "BrandingTheme": "BrandingThemes",
    "Contact": "Contacts",
    "ContactGroup": "ContactGroups",
    "CreditNote": "CreditNotes",
    "Currency": "Currencies",
    "ExpenseClaim": "ExpenseClaims",
    "HistoryRecord": "HistoryRecords",
    "Invoice": "Invoices",
    "Item": "Items",
    "Journal": "Journals",
    "LinkedTransaction": "LinkedTransactions",
    "ManualJournal": "ManualJournals",
    "Organisation": "Organisations",
    "Overpayment": "Overpayments",
    "Payment": "Payments",
    "Prepayment": "Prepayments",
    "PurchaseOrder": "PurchaseOrders",
    "Quote": "Quotes",
    "Receipt": "Receipts",
    "TaxRate": "TaxRates",
    "TrackingCategory": "TrackingCategories",
    "TrackingOption": "Options",
    "User": "Users",
}
# The member that identifies a record, by kind.
ID_FIELD = {
    kind: f"{kind}ID" for kind in PLURAL if kind not in ("Currency", "TaxRate", "HistoryRecord", "TrackingOption")
} | {"Currency": "Code", "TaxRate": "TaxType", "TrackingOption": "TrackingOptionID", "ClaimPayment": "PaymentID"}

# The human number that a path takes in place of the id, by kind.
NUMBER_FIELD = {
    "Invoice": "InvoiceNumber",
    "CreditNote": "CreditNoteNumber",
    "Contact": "ContactNumber",
    "Item": "Code",
    "PurchaseOrder": "PurchaseOrderNumber",
}

# Look-up keys by kind: dotted paths; the value is kept in lower case, as Xero compares texts without case.
KEY_PATHS: dict[str, tuple[str, ...]] = {
    "Account": ("Code", "Name", "Type", "SystemAccount"),
    "Contact": ("Name", "ContactNumber", "AccountNumber", "EmailAddress"),
    "BankTransaction": ("Reference", "Contact.ContactID", "BankAccount.AccountID"),
    "Invoice": ("InvoiceNumber", "Reference", "Contact.ContactID"),
    "CreditNote": ("CreditNoteNumber", "Reference", "Contact.ContactID"),
    "Payment": ("Reference", "Invoice.InvoiceID", "Account.AccountID", "BatchPaymentID"),
    "BatchPayment": ("Reference",),
    "BankTransfer": ("Reference",),
    "ManualJournal": ("Narration",),
    "PurchaseOrder": ("PurchaseOrderNumber", "Reference", "Contact.ContactID"),
    "Quote": ("QuoteNumber", "Reference", "Contact.ContactID"),
    "Item": ("Code", "Name"),
    "TaxRate": ("Name",),
    "TrackingCategory": ("Name",),
    "ContactGroup": ("Name",),
    "Prepayment": ("Reference", "Contact.ContactID"),
    "Overpayment": ("Reference", "Contact.ContactID"),
    "LinkedTransaction": ("SourceTransactionID", "ContactID", "TargetTransactionID"),
}
DEAD_STATUS = frozenset({"DELETED", "VOIDED"})


def member(body: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of canonical names; None when absent."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def key_form(value: object) -> str:
    """The form in which a key is kept and compared: lower case, numbers without an exponent."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).lower()


def keys_of(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """The look-up keys of a record."""
    found = ((path, member(body, path)) for path in KEY_PATHS.get(kind, ()))
    return {path: key_form(value) for path, value in found if value not in (None, "")}
