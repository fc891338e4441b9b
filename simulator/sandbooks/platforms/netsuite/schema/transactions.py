"""Transactions: fields and sublists of everything that may move the books.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0504045254.html (vendor bill),
article_71141027565 (expense report), section_45174026772 and section_26154254145 (card charge and refund),
section_159886587653 (journal entry), article_7095737506 (bill payment).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sandbooks.platforms.netsuite.schema.fields import (
    Field,
    RecordType,
    Sublist,
    amount,
    choice,
    day,
    flag,
    integer,
    number,
    ref,
    text,
)
from sandbooks.platforms.netsuite.schema.lists import COMMON

# 2 is confirmed by the vendor's own sample. Unconfirmed: 1 and 3.
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0504060412.html
APPROVAL = {"1": "Pending Approval", "2": "Approved", "3": "Rejected"}
# What each kind of transaction may be, by our word for it: the letter that REST and SuiteQL give, and the text.
# Source: NetSuite REST API Browser, record v1 2026.1 (letters of status.id); letters with their texts: public lists
# (dreamxtream.wordpress.com/2011/04/18/netsuite-transaction-status-codes, thenetsuitepro.com)
# Unconfirmed: the letters of payments that are not void, of checks, cards and deposits, and a voided bill.
_SPENT = {"open": ("A", "Open"), "voided": ("V", "Voided")}
STATUSES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "VendBill": {
        "open": ("A", "Open"),
        "paidInFull": ("B", "Paid In Full"),
        "voided": ("C", "Cancelled"),
        "pendingApproval": ("D", "Pending Approval"),
        "rejected": ("E", "Rejected"),
    },
    "PurchOrd": {
        "pendingApproval": ("A", "Pending Supervisor Approval"),
        "rejected": ("C", "Rejected by Supervisor"),
        "pendingBilling": ("F", "Pending Bill"),
        "fullyBilled": ("G", "Fully Billed"),
        "closed": ("H", "Closed"),
        "voided": ("H", "Closed"),
    },
    "VendCred": {"open": ("A", "Open"), "fullyApplied": ("B", "Fully Applied"), "voided": ("V", "Voided")},
    "VendPymt": {
        "open": ("F", "Approved"),
        "pendingApproval": ("D", "Pending Approval"),
        "rejected": ("E", "Rejected"),
        "voided": ("V", "Voided"),
    },
    "ExpRept": {
        "inProgress": ("A", "In Progress"),
        "pendingSupApproval": ("B", "Pending Supervisor Approval"),
        "pendingAcctApproval": ("C", "Pending Accounting Approval"),
        "rejected": ("E", "Rejected by Accounting"),
        "approvedByAcct": ("F", "Approved by Accounting"),
        "paidInFull": ("I", "Paid In Full"),
        "voided": ("V", "Voided"),
    },
    "Journal": {
        "pendingApproval": ("A", "Pending Approval"),
        "approved": ("B", "Approved for Posting"),
        "rejected": ("C", "Rejected"),
        "voided": ("V", "Voided"),
    },
    # Source: NetSuite REST API Browser, record v1 2026.1 (customerPayment: A, R, B, C). Unconfirmed: that of a void.
    "CustPymt": {
        "pendingApproval": ("A", "Unapproved Payment"),
        "open": ("B", "Not Deposited"),
        "deposited": ("C", "Deposited"),
        "voided": ("V", "Voided"),
    },
    **dict.fromkeys(("Check", "CardChrg", "CardRfnd", "Deposit", "FxReval"), _SPENT),
}
ENTITIES = ("vendor", "employee", "customer", "job")
ITEM_TYPES = ("nonInventoryPurchaseItem", "servicePurchaseItem")

DIMENSIONS: tuple[Field, ...] = (
    ref("department", "department"),
    ref("class", "classification"),
    ref("location", "location"),
)
TAX: tuple[Field, ...] = (
    ref("taxCode", "salesTaxItem", label="Tax Code"),
    number("taxRate1", "Tax Rate"),
    amount("tax1Amt", "Tax Amt"),
    amount("grossAmt", "Gross Amt"),
    text("taxDetailsReference", "Tax Details Reference"),
)
CUSTOMER_FIELDS: tuple[Field, ...] = (ref("customer", "customer", "job"), flag("isBillable"))
# Source: NetSuite REST API Browser, record v1 2026.1 (vendorBill-expenseElement, vendorBill-itemElement)
ORDERED: tuple[Field, ...] = (ref("orderDoc", "purchaseOrder", label="Purchase Order"), integer("orderLine"))
EXPENSE = Sublist(
    name="expense",
    fields=(
        integer("line"),
        ref("account", "account"),
        ref("category", "expenseCategory"),
        amount("amount", "Amount"),
        text("memo", "Memo", length=4000),
        *DIMENSIONS,
        *CUSTOMER_FIELDS,
        *TAX,
        *ORDERED,
    ),
)
ITEM = Sublist(
    name="item",
    fields=(
        integer("line"),
        ref("item", *ITEM_TYPES, required=True),
        number("quantity", "Quantity"),
        number("rate", "Rate"),
        amount("amount", "Amount"),
        text("description", "Description", length=4000),
        *DIMENSIONS,
        *CUSTOMER_FIELDS,
        *TAX,
        *ORDERED,
    ),
)
TAX_DETAILS = Sublist(
    name="taxDetails",
    fields=(
        integer("line"),
        text("taxDetailsReference", required=True),
        ref("taxType", "taxType"),
        ref("taxCode", "salesTaxItem", required=True),
        amount("taxBasis"),
        number("taxRate"),
        amount("taxAmount"),
    ),
)
APPLY = Sublist(
    name="apply",
    fields=(
        integer("line"),
        ref("doc", "vendorBill", "expenseReport", label="Bill"),
        flag("apply"),
        amount("amount"),
        amount("discount"),
        amount("total", read_only=True),
        amount("due", read_only=True),
        text("refNum", read_only=True),
        day("applyDate", read_only=True),
        ref("currency", "currency", read_only=True),
        text("type", read_only=True),
    ),
)
CREDIT = Sublist(
    name="credit",
    fields=(
        integer("line"),
        ref("doc", "vendorCredit", label="Bill Credit"),
        flag("apply"),
        amount("amount"),
        amount("total", read_only=True),
        amount("due", read_only=True),
        text("refNum", read_only=True),
        ref("appliedTo", "vendorBill", "expenseReport", label="Applied To"),
    ),
)
JOURNAL_LINE = Sublist(
    name="line",
    fields=(
        integer("line"),
        ref("account", "account", required=True),
        amount("debit", "Debit"),
        amount("credit", "Credit"),
        text("memo", "Memo", length=4000),
        ref("entity", *ENTITIES, label="Name"),
        *DIMENSIONS,
        ref("lineSubsidiary", "subsidiary"),
        flag("eliminate"),
    ),
)
# Source: NetSuite REST API Browser, record v1 2026.1 (advIntercompanyJournalEntry-lineElement)
INTERCOMPANY_LINE = Sublist(
    name="line",
    fields=(
        *JOURNAL_LINE.fields,
        number("lineFxRate", "Exchange Rate"),
        ref("lineBaseCurrency", "currency", read_only=True),
        ref("dueToFromSubsidiary", "subsidiary", label="Due To/From Subsidiary"),
    ),
)
OTHER = Sublist(
    name="other",
    fields=(
        integer("line"),
        ref("entity", *ENTITIES, label="Name"),
        amount("amount", "Amount", required=True),
        ref("account", "account", required=True),
        text("refNum"),
        text("memo", "Memo", length=4000),
        *DIMENSIONS,
    ),
)
CASH_BACK = Sublist(
    name="cashBack",
    fields=(
        integer("line"),
        amount("amount", "Amount", required=True),
        ref("account", "account", required=True),
        text("memo", "Memo", length=4000),
        *DIMENSIONS,
    ),
)
# Source: NetSuite REST API Browser, record v1 2026.1 (deposit-paymentElement, customerPayment-applyElement)
PAYMENT = Sublist(
    name="payment",
    fields=(
        integer("line"),
        flag("deposit"),
        integer("id", "ID"),
        day("docDate", read_only=True),
        text("docNumber", read_only=True),
        ref("entity", "customer", "job", read_only=True),
        ref("currency", "currency", read_only=True),
        amount("transactionAmount", "Payment Amount", read_only=True),
        amount("paymentAmount", "Amount", read_only=True),
        text("refNum", read_only=True),
        text("memo", read_only=True),
    ),
)
INVOICES = Sublist(
    name="apply",
    fields=(integer("line"), ref("doc", "invoice", label="Invoice"), flag("apply"), amount("amount")),
)
UNDEPOSITED = {"T": "Undeposited Funds", "F": "Account"}
# The record browser writes many members of expense reports in lower case throughout, unlike those of other records.
# Source: NetSuite REST API Browser, record v1 2026.1 (expenseReport, expenseReport-expenseElement)
REPORT_LINE = Sublist(
    name="expense",
    fields=(
        integer("line"),
        day("expensedate", "Date"),
        ref("category", "expenseCategory", label="Category", required=True),
        ref("expenseaccount", "account", label="Expense Account"),
        number("quantity"),
        number("rate"),
        amount("foreignamount", "Foreign Amount"),
        ref("currency", "currency"),
        number("exchangerate", "Exchange Rate"),
        amount("amount", "Amount"),
        text("memo", "Memo", length=4000),
        *DIMENSIONS,
        *CUSTOMER_FIELDS,
        flag("isnonreimbursable", "Non-reimbursable"),
        flag("corporatecreditcard", "Corporate Card"),
        flag("receipt"),
        ref("expmediaitem", "file", label="Attach File"),
        integer("refnumber", "Ref No."),
        *TAX[:-1],
    ),
)


def _header(*extra: Field, posts_approved: bool = False) -> tuple[Field, ...]:
    approval = (choice("approvalStatus", APPROVAL, "Approval Status"), ref("nextApprover", "employee"))
    return (
        *COMMON,
        text("tranId", "Reference No.", length=45),
        day("tranDate", "Date"),
        ref("subsidiary", "subsidiary"),
        ref("currency", "currency"),
        number("exchangeRate", "Exchange Rate"),
        ref("postingPeriod", "accountingPeriod", label="Posting Period"),
        text("memo", "Memo", length=999),
        *(approval if posts_approved else ()),
        choice("status", {}, "Status", read_only=True),
        amount("total", "Total", read_only=True),
        amount("userTotal", "Amount", read_only=True),
        amount("taxTotal", "Tax", read_only=True),
        flag("taxDetailsOverride"),
        flag("void"),
        *extra,
        *DIMENSIONS,
    )


def _status_of(code: str) -> Field:
    return choice("status", dict(STATUSES[code].values()), "Status", read_only=True)


def _transaction(name: str, label: str, code: str, *sublists: Sublist, fields: tuple[Field, ...]) -> RecordType:
    return RecordType(
        name=name,
        label=label,
        series="transaction",
        name_field="tranId",
        table="transaction",
        code=code,
        permission=f"Transactions -> {label}",
        fields=tuple(_status_of(code) if field.name == "status" else field for field in fields),
        sublists=sublists,
    )


_ENTITY = ref("entity", *ENTITIES, label="Vendor", required=True)
# Source: SOAP schema browser (voidJournal of checks and vendor payments)
_VOID_JOURNAL = ref("voidJournal", "journalEntry", label="Voiding Journal", read_only=True)
_PAYEE = ref("entity", *ENTITIES, label="Payee")
_TERMS = (ref("terms", "term"), day("dueDate", "Due Date"))
_OPEN = (amount("balance", "Balance", read_only=True), amount("amountRemaining", read_only=True))


def _of_order(sublist: Sublist) -> Sublist:
    """The lines of an order: those of a bill, and what of them is closed and billed."""
    fields = [field for field in sublist.fields if field not in ORDERED]
    return Sublist(name=sublist.name, fields=(*fields, flag("isClosed"), amount("amountBilled", read_only=True)))


PURCHASE_ORDER = _transaction(
    "purchaseOrder",
    "Purchase Order",
    "PurchOrd",
    _of_order(EXPENSE),
    _of_order(ITEM),
    fields=tuple(
        field
        for field in _header(_ENTITY, *_TERMS, posts_approved=True)
        if field.name not in ("postingPeriod", "taxDetailsOverride")
    ),
)
VENDOR_BILL = _transaction(
    "vendorBill",
    "Bills",
    "VendBill",
    EXPENSE,
    ITEM,
    TAX_DETAILS,
    fields=_header(_ENTITY, ref("account", "account", label="Account"), *_TERMS, *_OPEN, posts_approved=True),
)
VENDOR_CREDIT = _transaction(
    "vendorCredit",
    "Bill Credits",
    "VendCred",
    EXPENSE,
    ITEM,
    APPLY,
    TAX_DETAILS,
    fields=_header(
        _ENTITY,
        ref("account", "account", label="Account"),
        amount("applied", read_only=True),
        amount("unApplied", read_only=True),
    ),
)
VENDOR_PAYMENT = _transaction(
    "vendorPayment",
    "Bill Payments",
    "VendPymt",
    APPLY,
    CREDIT,
    fields=_header(
        ref("entity", *ENTITIES, label="Payee", required=True),
        ref("account", "account", label="Account"),
        ref("apAcct", "account", label="A/P Account"),
        flag("toBePrinted"),
        amount("balance", read_only=True),
        _VOID_JOURNAL,
        posts_approved=True,
    ),
)
CHECK = _transaction(
    "check",
    "Check",
    "Check",
    EXPENSE,
    ITEM,
    TAX_DETAILS,
    fields=_header(
        ref("account", "account", label="Account", required=True),
        _PAYEE,
        flag("toBePrinted"),
        text("address"),
        _VOID_JOURNAL,
    ),
)
_VOIDABLE = (
    "check",
    "vendorPayment",
    "vendorBill",
    "vendorCredit",
    "expenseReport",
    "customerPayment",
    "creditCardCharge",
    "creditCardRefund",
    "deposit",
    "journalEntry",
    "advInterCompanyJournalEntry",
)
_CARD = _header(ref("account", "account", label="Account", required=True), _PAYEE)
CARD_CHARGE = _transaction("creditCardCharge", "Credit Card", "CardChrg", EXPENSE, ITEM, TAX_DETAILS, fields=_CARD)
CARD_REFUND = _transaction(
    "creditCardRefund", "Credit Card Refund", "CardRfnd", EXPENSE, ITEM, TAX_DETAILS, fields=_CARD
)
EXPENSE_REPORT = _transaction(
    "expenseReport",
    "Expense Report",
    "ExpRept",
    REPORT_LINE,
    fields=_header(
        ref("entity", "employee", label="Employee", required=True),
        ref("account", "account", label="Account"),
        ref("acctcorpcardexp", "account", label="Account for Corporate Card Expenses"),
        ref("expensereportcurrency", "currency", label="Currency"),
        flag("usemulticurrency", "Use Multicurrency"),
        flag("complete", "Complete"),
        flag("supervisorapproval", "Supervisor Approval"),
        flag("accountingapproval", "Accounting Approval"),
        amount("advance", "Advance to Apply"),
        ref("advanceaccount", "account", label="Advance to Apply Account"),
        day("duedate", "Date Due"),
        *_OPEN,
        posts_approved=True,
    ),
)
JOURNAL = _transaction(
    "journalEntry",
    "Make Journal Entry",
    "Journal",
    JOURNAL_LINE,
    fields=_header(
        flag("approved", "Approved"),
        day("reversalDate", "Reversal Date"),
        flag("reversalDefer", "Defer Entry"),
        text("reversalEntry", read_only=True),
        # Source: system.netsuite.com, SuiteScript records browser 2026.1 (createdfrom of a journal)
        ref("createdFrom", *_VOIDABLE, label="Void Of", read_only=True),
        posts_approved=True,
    ),
)
INTERCOMPANY = _transaction(
    "advInterCompanyJournalEntry",
    "Make Intercompany Journal Entry",
    "Journal",
    INTERCOMPANY_LINE,
    fields=JOURNAL.fields,
)
DEPOSIT = _transaction(
    "deposit",
    "Deposit",
    "Deposit",
    PAYMENT,
    OTHER,
    CASH_BACK,
    fields=_header(ref("account", "account", label="Account", required=True)),
)
CUSTOMER_PAYMENT = _transaction(
    "customerPayment",
    "Customer Payment",
    "CustPymt",
    INVOICES,
    fields=tuple(
        field
        for field in _header(
            ref("customer", "customer", "job", label="Customer", required=True),
            amount("payment", "Payment Amount", required=True),
            choice("undepFunds", UNDEPOSITED, "Undep. Funds"),
            ref("account", "account", label="Account"),
            ref("arAcct", "account", label="A/R Account"),
            text("checkNumber", "Check #"),
            flag("autoApply", "Auto Apply"),
            amount("applied", "Applied", read_only=True),
            amount("unapplied", "Unapplied", read_only=True),
        )
        if field.name not in ("userTotal", "taxTotal", "taxDetailsOverride")
    ),
)
# Made by the screens alone, at the end of a period. Source: docs.oracle.com, section_1550016096.html; public scripts
# (the code FxReval). Unconfirmed: that REST does not show it; the record browser has no such record.
REVALUATION = msgspec.structs.replace(
    _transaction(
        "currencyRevaluation",
        "Currency Revaluation",
        "FxReval",
        fields=(*_header(), text("reversalEntry", read_only=True)),
    ),
    writable=False,
    in_rest=False,
)
TRANSACTIONS = (
    INTERCOMPANY,
    CHECK,
    CARD_CHARGE,
    CARD_REFUND,
    REVALUATION,
    CUSTOMER_PAYMENT,
    DEPOSIT,
    EXPENSE_REPORT,
    JOURNAL,
    PURCHASE_ORDER,
    VENDOR_BILL,
    VENDOR_CREDIT,
    VENDOR_PAYMENT,
)
