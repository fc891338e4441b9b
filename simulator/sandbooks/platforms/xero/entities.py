"""The documents of a Xero organisation: which members each kind has, of which type and length.

Data only. Names and lengths are those of the Accounting API; what is not listed is ignored on input, as Xero does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

FieldKind: TypeAlias = Literal[
    "text", "amount", "number", "date", "instant", "flag", "guid", "whole", "enum", "object", "list", "texts"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One member. ``most`` is the greatest length of a text; ``of`` the kind of nested objects."""

    kind: FieldKind
    most: int = 0
    choices: tuple[str, ...] = ()
    of: str = ""
    read_only: bool = False


Fields: TypeAlias = Mapping[str, Field]

TEXT = Field("text", 4000)
NUMBER = Field("number")
DATE = Field("date")
FLAG = Field("flag")
GUID = Field("guid")
SHOWN = Field("text", read_only=True)
SHOWN_NUMBER = Field("number", read_only=True)
SHOWN_FLAG = Field("flag", read_only=True)
SHOWN_GUID = Field("guid", read_only=True)
SHOWN_DATE = Field("date", read_only=True)
SHOWN_INSTANT = Field("instant", read_only=True)


def text(most: int) -> Field:
    return Field("text", most)


def choice(*choices: str) -> Field:
    return Field("enum", choices=choices)


def one(of: str) -> Field:
    return Field("object", of=of)


def many(of: str) -> Field:
    return Field("list", of=of)


def shown_many(of: str) -> Field:
    return Field("list", of=of, read_only=True)


LINE_AMOUNT_TYPES = choice("Exclusive", "Inclusive", "NoTax")
DOCUMENT_STATUS = choice("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
ACCOUNT_TYPES = (
    "BANK", "CURRENT", "CURRLIAB", "DEPRECIATN", "DIRECTCOSTS", "EQUITY", "EXPENSE", "FIXED", "INVENTORY",
    "LIABILITY", "NONCURRENT", "OTHERINCOME", "OVERHEADS", "PREPAYMENT", "REVENUE", "SALES", "TERMLIAB", "PAYG",
    "SUPERANNUATIONEXPENSE", "SUPERANNUATIONLIABILITY", "WAGESEXPENSE",
)  # fmt: skip
ACCOUNT_CLASS = {
    **dict.fromkeys(("BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT"), "ASSET"),
    **dict.fromkeys(("CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG", "SUPERANNUATIONLIABILITY"), "LIABILITY"),
    "EQUITY": "EQUITY",
    **dict.fromkeys(("REVENUE", "SALES", "OTHERINCOME"), "REVENUE"),
    **dict.fromkeys(
        ("DEPRECIATN", "DIRECTCOSTS", "EXPENSE", "OVERHEADS", "SUPERANNUATIONEXPENSE", "WAGESEXPENSE"), "EXPENSE"
    ),
}
BANK_TRANSACTION_TYPES = (
    "SPEND", "RECEIVE", "SPEND-OVERPAYMENT", "RECEIVE-OVERPAYMENT", "SPEND-PREPAYMENT", "RECEIVE-PREPAYMENT",
    "SPEND-TRANSFER", "RECEIVE-TRANSFER",
)  # fmt: skip

TOTALS = {"SubTotal": SHOWN_NUMBER, "TotalTax": SHOWN_NUMBER, "Total": SHOWN_NUMBER}
STAMPS = {"UpdatedDateUTC": SHOWN_INSTANT, "HasAttachments": SHOWN_FLAG}

# Source: https://developer.xero.com/documentation/api/accounting (one page per entity) and
# https://github.com/XeroAPI/Xero-OpenAPI xero_accounting.yaml 16.1.0 for lengths.
ENTITIES: dict[str, Fields] = {
    "Account": {
        "AccountID": GUID,
        "Code": text(10),
        "Name": text(150),
        "Type": choice(*ACCOUNT_TYPES),
        "Status": choice("ACTIVE", "ARCHIVED", "DELETED"),
        "Description": TEXT,
        "TaxType": text(50),
        "EnablePaymentsToAccount": FLAG,
        "ShowInExpenseClaims": FLAG,
        "Class": SHOWN,
        "SystemAccount": SHOWN,
        "ReportingCode": text(50),
        "ReportingCodeName": SHOWN,
        "BankAccountNumber": text(40),
        "BankAccountType": choice("BANK", "CREDITCARD", "PAYPAL", "NONE", ""),
        "CurrencyCode": text(3),
        "AddToWatchlist": FLAG,
        **STAMPS,
    },
    "AccountReference": {"AccountID": GUID, "Code": text(10), "Name": text(150), "CurrencyCode": SHOWN},
    "Address": {
        "AddressType": choice("POBOX", "STREET", "DELIVERY"),
        **{f"AddressLine{n}": text(500) for n in (1, 2, 3, 4)},
        "City": text(255),
        "Region": text(255),
        "PostalCode": text(50),
        "Country": text(50),
        "AttentionTo": text(255),
    },
    "Phone": {
        "PhoneType": choice("DEFAULT", "DDI", "FAX", "MOBILE", "OFFICE"),
        "PhoneNumber": text(50),
        "PhoneAreaCode": text(10),
        "PhoneCountryCode": text(20),
    },
    "ContactPerson": {
        "FirstName": text(255),
        "LastName": text(255),
        "EmailAddress": text(255),
        "IncludeInEmails": FLAG,
    },
    "Terms": {
        "Day": Field("whole"),
        "Type": choice("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"),
    },
    "PaymentTerms": {"Bills": one("Terms"), "Sales": one("Terms")},
    "BatchPaymentDetails": {
        "BankAccountNumber": text(100),
        "BankAccountName": text(255),
        "Details": text(255),
        "Code": text(12),
        "Reference": text(12),
    },
    "Outstanding": {"Outstanding": SHOWN_NUMBER, "Overdue": SHOWN_NUMBER},
    "Balances": {
        "AccountsReceivable": Field("object", of="Outstanding", read_only=True),
        "AccountsPayable": Field("object", of="Outstanding", read_only=True),
    },
    "Contact": {
        "ContactID": GUID,
        "ContactNumber": text(50),
        "AccountNumber": text(50),
        "ContactStatus": choice("ACTIVE", "ARCHIVED", "GDPRREQUEST"),
        "Name": text(255),
        "FirstName": text(255),
        "LastName": text(255),
        "CompanyNumber": text(50),
        "EmailAddress": text(255),
        "BankAccountDetails": text(100),
        "TaxNumber": text(50),
        "AccountsReceivableTaxType": text(50),
        "AccountsPayableTaxType": text(50),
        "Addresses": many("Address"),
        "Phones": many("Phone"),
        "IsSupplier": SHOWN_FLAG,
        "IsCustomer": SHOWN_FLAG,
        "DefaultCurrency": text(3),
        "SalesDefaultAccountCode": text(10),
        "PurchasesDefaultAccountCode": text(10),
        "ContactPersons": many("ContactPerson"),
        "PaymentTerms": one("PaymentTerms"),
        "BatchPayments": one("BatchPaymentDetails"),
        "ContactGroups": shown_many("ContactGroup"),
        "Balances": Field("object", of="Balances", read_only=True),
        **STAMPS,
    },
    "ContactGroup": {
        "ContactGroupID": GUID,
        "Name": text(255),
        "Status": choice("ACTIVE", "DELETED"),
        "Contacts": many("Contact"),
        "HasValidationErrors": SHOWN_FLAG,
    },
    "Tracking": {
        "TrackingCategoryID": GUID,
        "TrackingOptionID": GUID,
        "Name": text(100),
        "Option": text(100),
    },
    "LineItem": {
        "LineItemID": GUID,
        "Description": text(4000),
        "Quantity": NUMBER,
        "UnitAmount": NUMBER,
        "ItemCode": text(30),
        "AccountCode": text(10),
        "AccountID": GUID,
        "TaxType": text(50),
        "TaxAmount": NUMBER,
        "LineAmount": NUMBER,
        "DiscountRate": NUMBER,
        "DiscountAmount": NUMBER,
        "Tracking": many("Tracking"),
        "ValidationErrors": shown_many("Message"),
    },
    "Message": {"Message": SHOWN},
    "BankTransaction": {
        "BankTransactionID": GUID,
        "Type": choice(*BANK_TRANSACTION_TYPES),
        "Contact": one("Contact"),
        "LineItems": many("LineItem"),
        "BankAccount": one("AccountReference"),
        "IsReconciled": FLAG,
        "Date": DATE,
        "Reference": text(255),
        "CurrencyCode": text(3),
        "CurrencyRate": NUMBER,
        "Url": text(2048),
        "Status": choice("AUTHORISED", "DELETED", "VOIDED"),
        "LineAmountTypes": LINE_AMOUNT_TYPES,
        **TOTALS,
        "PrepaymentID": SHOWN_GUID,
        "OverpaymentID": SHOWN_GUID,
        **STAMPS,
    },
    "Invoice": {
        "InvoiceID": GUID,
        "Type": choice("ACCPAY", "ACCREC"),
        "InvoiceNumber": text(255),
        "Reference": text(255),
        "Contact": one("Contact"),
        "Date": DATE,
        "DueDate": DATE,
        "LineAmountTypes": LINE_AMOUNT_TYPES,
        "LineItems": many("LineItem"),
        "BrandingThemeID": GUID,
        "Url": text(2048),
        "CurrencyCode": text(3),
        "CurrencyRate": NUMBER,
        "Status": DOCUMENT_STATUS,
        "SentToContact": FLAG,
        "ExpectedPaymentDate": DATE,
        "PlannedPaymentDate": DATE,
        **TOTALS,
        "TotalDiscount": SHOWN_NUMBER,
        "AmountDue": SHOWN_NUMBER,
        "AmountPaid": SHOWN_NUMBER,
        "AmountCredited": SHOWN_NUMBER,
        "FullyPaidOnDate": SHOWN_DATE,
        "Payments": shown_many("Payment"),
        "CreditNotes": shown_many("CreditNote"),
        "Prepayments": shown_many("Prepayment"),
        "Overpayments": shown_many("Overpayment"),
        **STAMPS,
    },
    "CreditNote": {
        "CreditNoteID": GUID,
        "CreditNoteNumber": text(255),
        "Type": choice("ACCPAYCREDIT", "ACCRECCREDIT"),
        "Reference": text(255),
        "Contact": one("Contact"),
        "Date": DATE,
        "DueDate": DATE,
        "LineAmountTypes": LINE_AMOUNT_TYPES,
        "LineItems": many("LineItem"),
        "BrandingThemeID": GUID,
        "CurrencyCode": text(3),
        "CurrencyRate": NUMBER,
        "Status": DOCUMENT_STATUS,
        "SentToContact": FLAG,
        **TOTALS,
        "RemainingCredit": SHOWN_NUMBER,
        "AppliedAmount": SHOWN_NUMBER,
        "FullyPaidOnDate": SHOWN_DATE,
        "Allocations": shown_many("Allocation"),
        "Payments": shown_many("Payment"),
        **STAMPS,
    },
    "Allocation": {
        "AllocationID": GUID,
        "Invoice": one("Invoice"),
        "Amount": NUMBER,
        "AppliedAmount": SHOWN_NUMBER,
        "Date": DATE,
        "IsDeleted": SHOWN_FLAG,
    },
    "Payment": {
        "PaymentID": GUID,
        "BatchPaymentID": SHOWN_GUID,
        "Invoice": one("Invoice"),
        "CreditNote": one("CreditNote"),
        "Prepayment": one("Prepayment"),
        "Overpayment": one("Overpayment"),
        "InvoiceNumber": text(255),
        "CreditNoteNumber": text(255),
        "Account": one("AccountReference"),
        "Code": text(10),
        "Date": DATE,
        "CurrencyRate": NUMBER,
        "Amount": NUMBER,
        "BankAmount": SHOWN_NUMBER,
        "Reference": text(255),
        "BankAccountNumber": text(100),
        "Particulars": text(12),
        "Details": text(255),
        "IsReconciled": FLAG,
        "Status": choice("AUTHORISED", "DELETED"),
        "PaymentType": SHOWN,
        "HasAccount": SHOWN_FLAG,
        "BatchPayment": Field("object", of="BatchPayment", read_only=True),
        **STAMPS,
    },
    "BatchPayment": {
        "BatchPaymentID": GUID,
        "Account": one("AccountReference"),
        "Reference": text(255),
        "Particulars": text(12),
        "Code": text(12),
        "Details": text(18),
        "Narrative": text(18),
        "Date": DATE,
        "Payments": many("Payment"),
        "Status": choice("AUTHORISED", "DELETED"),
        "Type": SHOWN,
        "TotalAmount": SHOWN_NUMBER,
        "IsReconciled": SHOWN_FLAG,
        "UpdatedDateUTC": SHOWN_INSTANT,
    },
    "BankTransfer": {
        "BankTransferID": GUID,
        "FromBankAccount": one("AccountReference"),
        "ToBankAccount": one("AccountReference"),
        "Amount": NUMBER,
        "Date": DATE,
        "Reference": text(255),
        "FromIsReconciled": FLAG,
        "ToIsReconciled": FLAG,
        "FromTracking": many("Tracking"),
        "ToTracking": many("Tracking"),
        "CurrencyRate": SHOWN_NUMBER,
        "FromBankTransactionID": SHOWN_GUID,
        "ToBankTransactionID": SHOWN_GUID,
        "Status": choice("AUTHORISED", "DELETED"),
        "CreatedDateUTC": SHOWN_INSTANT,
        **STAMPS,
    },
    "JournalLine": {
        "LineAmount": NUMBER,
        "AccountCode": text(10),
        "AccountID": GUID,
        "Description": text(4000),
        "TaxType": text(50),
        "TaxAmount": NUMBER,
        "Tracking": many("Tracking"),
        "IsBlank": FLAG,
    },
    "ManualJournal": {
        "ManualJournalID": GUID,
        "Narration": text(4000),
        "JournalLines": many("JournalLine"),
        "Date": DATE,
        "LineAmountTypes": LINE_AMOUNT_TYPES,
        "Status": choice("DRAFT", "POSTED", "VOIDED", "DELETED", "ARCHIVED"),
        "Url": text(2048),
        "ShowOnCashBasisReports": FLAG,
        **STAMPS,
    },
    "TaxComponent": {"Name": text(50), "Rate": NUMBER, "IsCompound": FLAG, "IsNonRecoverable": FLAG},
    "TaxRate": {
        "Name": text(50),
        "TaxType": text(50),
        "ReportTaxType": text(50),
        "Status": choice("ACTIVE", "DELETED", "ARCHIVED", "PENDING"),
        "TaxComponents": many("TaxComponent"),
        **{f"CanApplyTo{what}": SHOWN_FLAG for what in ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")},
        "DisplayTaxRate": SHOWN_NUMBER,
        "EffectiveRate": SHOWN_NUMBER,
    },
    "Currency": {"Code": text(3), "Description": text(255)},
    "TrackingOption": {
        "TrackingOptionID": GUID,
        "Name": text(100),
        "Status": choice("ACTIVE", "ARCHIVED", "DELETED"),
        "HasValidationErrors": SHOWN_FLAG,
    },
    "TrackingCategory": {
        "TrackingCategoryID": GUID,
        "Name": text(100),
        "Status": choice("ACTIVE", "ARCHIVED", "DELETED"),
        "Options": many("TrackingOption"),
    },
    "PriceDetails": {
        "UnitPrice": NUMBER,
        "AccountCode": text(10),
        "COGSAccountCode": text(10),
        "TaxType": text(50),
    },
    "Item": {
        "ItemID": GUID,
        "Code": text(30),
        "Name": text(50),
        "IsSold": FLAG,
        "IsPurchased": FLAG,
        "Description": text(4000),
        "PurchaseDescription": text(4000),
        "PurchaseDetails": one("PriceDetails"),
        "SalesDetails": one("PriceDetails"),
        "InventoryAssetAccountCode": text(10),
        "IsTrackedAsInventory": FLAG,
        "UpdatedDateUTC": SHOWN_INSTANT,
    },
    "User": {
        "UserID": GUID,
        "EmailAddress": text(255),
        "FirstName": text(255),
        "LastName": text(255),
        "UpdatedDateUTC": SHOWN_INSTANT,
        "IsSubscriber": FLAG,
        "OrganisationRole": SHOWN,
    },
    "BrandingTheme": {
        "BrandingThemeID": GUID,
        "Name": TEXT,
        "Type": SHOWN,
        "SortOrder": Field("whole"),
        "CreatedDateUTC": SHOWN_INSTANT,
    },
    "LinkedTransaction": {
        "LinkedTransactionID": GUID,
        "SourceTransactionID": GUID,
        "SourceLineItemID": GUID,
        "ContactID": GUID,
        "TargetTransactionID": GUID,
        "TargetLineItemID": GUID,
        "Status": SHOWN,
        "Type": SHOWN,
        "SourceTransactionTypeCode": SHOWN,
        "UpdatedDateUTC": SHOWN_INSTANT,
    },
    "Attachment": {
        "AttachmentID": GUID,
        "FileName": text(255),
        "Url": TEXT,
        "MimeType": TEXT,
        "ContentLength": Field("whole"),
        "IncludeOnline": FLAG,
    },
    "HistoryRecord": {"Details": text(2500), "Changes": SHOWN, "DateUTC": SHOWN_INSTANT, "User": SHOWN},
}
_CREDIT = {
    "Type": SHOWN,
    "Contact": one("Contact"),
    "Date": SHOWN_DATE,
    "Status": SHOWN,
    "LineAmountTypes": SHOWN,
    "LineItems": shown_many("LineItem"),
    **TOTALS,
    "CurrencyCode": SHOWN,
    "CurrencyRate": SHOWN_NUMBER,
    "RemainingCredit": SHOWN_NUMBER,
    "AppliedAmount": SHOWN_NUMBER,
    "Reference": SHOWN,
    "Allocations": shown_many("Allocation"),
    "Payments": shown_many("Payment"),
    **STAMPS,
}
ENTITIES["Prepayment"] = {"PrepaymentID": GUID, **_CREDIT}
ENTITIES["Overpayment"] = {"OverpaymentID": GUID, **_CREDIT}
ENTITIES["Organisation"] = {
    "OrganisationID": SHOWN_GUID,
    "PeriodLockDate": SHOWN_DATE,
    "EndOfYearLockDate": SHOWN_DATE,
    "CreatedDateUTC": SHOWN_INSTANT,
    "Addresses": shown_many("Address"),
    "Phones": shown_many("Phone"),
}
ENTITIES["Journal"] = {
    "JournalID": SHOWN_GUID,
    "JournalDate": SHOWN_DATE,
    "JournalNumber": Field("whole", read_only=True),
    "CreatedDateUTC": SHOWN_INSTANT,
    "Reference": SHOWN,
    "SourceID": SHOWN_GUID,
    "SourceType": SHOWN,
    "JournalLines": shown_many("PostedLine"),
}
ENTITIES["PostedLine"] = {"TrackingCategories": shown_many("Tracking"), "JournalLineID": SHOWN_GUID}

ENTITIES["Receipt"] = {
    "ReceiptID": GUID,
    "ReceiptNumber": SHOWN,
    "Date": DATE,
    "Contact": one("Contact"),
    "User": one("User"),
    "Reference": text(255),
    "LineAmountTypes": LINE_AMOUNT_TYPES,
    "LineItems": many("LineItem"),
    "Url": text(2048),
    "Status": choice("DRAFT", "SUBMITTED", "AUTHORISED", "DECLINED", "VOIDED"),
    **TOTALS,
    **STAMPS,
}
ENTITIES["ExpenseClaim"] = {
    "ExpenseClaimID": GUID,
    "User": one("User"),
    "Receipts": many("Receipt"),
    "Status": choice("SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"),
    "Date": SHOWN_DATE,
    "PaymentDueDate": DATE,
    "ReportingDate": DATE,
    "Total": SHOWN_NUMBER,
    "AmountDue": SHOWN_NUMBER,
    "AmountPaid": SHOWN_NUMBER,
    "UpdatedDateUTC": SHOWN_INSTANT,
}


def _lowered(fields: Fields) -> dict[str, str]:
    return {name.lower(): name for name in fields}


LOWER: dict[str, dict[str, str]] = {kind: _lowered(fields) for kind, fields in ENTITIES.items()}
