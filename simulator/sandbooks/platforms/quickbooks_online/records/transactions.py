"""Transactions: expenses, bills and what pays them, journals, transfers, deposits."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online.fields import (
    Field,
    amount,
    choice,
    day,
    flag,
    group,
    ignored,
    lacking,
    many,
    number,
    percent,
    quantity,
    ref,
    text,
)
from sandbooks.platforms.quickbooks_online.records.entity import Entity, address

_BILLABLE = choice("Billable", "NotBillable", "HasBeenBilled")
_TAX_MODE = choice("TaxInclusive", "TaxExcluded", "NotApplicable")
_PRINT = choice("NotSet", "NeedToPrint", "PrintComplete")
_LINKED = many({"TxnId": text(40), "TxnType": text(40), "TxnLineId": text(40), **ignored("status")})

# What a line may carry beside the detail that its DetailType names: not read. Source: XSD Line
_OTHER_DETAILS = ignored(
    *("AccountBasedExpenseLineDetail", "DepositLineDetail", "DescriptionLineDetail", "DiscountLineDetail"),
    *("GroupLineDetail", "ItemAdjustmentLineDetail", "ItemBasedExpenseLineDetail", "ItemReceiptLineDetail"),
    *("JournalEntryLineDetail", "PaymentLineDetail", "PurchaseOrderItemLineDetail", "ReimburseLineDetail"),
    *("SalesItemLineDetail", "SalesOrderItemLineDetail", "SubTotalLineDetail", "TDSLineDetail", "TaxLineDetail"),
)

_TAX_LINE = {
    **_OTHER_DETAILS,
    "Amount": amount(),
    "DetailType": choice("TaxLineDetail"),
    "TaxLineDetail": group(
        TaxRateRef=ref("TaxRate"),
        PercentBased=flag(),
        TaxPercent=percent(-100),
        NetAmountTaxable=amount(),
        TaxInclusiveAmount=amount(),
        **ignored("OverrideDeltaAmount", "ServiceDate", "TaxLineDetailEx"),
    ),
    **ignored("Id", "LineNum", "Description", "LinkedTxn", "CustomField", "Received", "LineEx", "ProjectRef"),
    **ignored("CostAmount", "HomeCostAmount", "CustomExtensions"),
}
_TAX_DETAIL = group(
    TotalTax=amount(),
    TaxLine=many(_TAX_LINE),
    **ignored("DefaultTaxCodeRef", "TxnTaxCodeRef", "TaxReviewStatus", "UseAutomatedSalesTax"),
)

# Source: XSD Transaction. Lacking: projects, tags, custom fields, recurring and location-typed transactions.
_EVERY = {
    "DocNumber": text(21),
    "TxnDate": day(),
    "CurrencyRef": ref("Currency"),
    "ExchangeRate": number(12, low=0, high=10**9),
    "PrivateNote": text(4000),
    **ignored("TxnStatus", "TxnSource", "TotalAmt", "HomeTotalAmt", "Balance", "HomeBalance", "LinkedTxn"),
    **lacking("CustomField", "Tag", "TaxFormType", "TaxFormNum", "TxnApprovalInfo", "RecurDataRef", "RecurringInfo"),
    **lacking("ProjectRef", "TotalCostAmount", "HomeTotalCostAmount", "TransactionLocationType", "TxnSubType"),
}
_LINE = {
    "Id": text(40),
    "LineNum": number(0, low=0, high=100000),
    "Description": text(4000),
    "Amount": amount(),
    **lacking("Received", "ProjectRef", "CostAmount", "HomeCostAmount", "CustomField", "CustomExtensions"),
    **ignored("LineEx"),
    **_OTHER_DETAILS,
}

_ACCOUNT_LINE = group(
    AccountRef=ref("Account"),
    CustomerRef=ref("Customer"),
    ClassRef=ref("Class"),
    BillableStatus=_BILLABLE,
    TaxCodeRef=ref("TaxCode"),
    TaxAmount=amount(),
    TaxInclusiveAmt=amount(),
    **ignored("ExpenseDetailLineDetailEx"),
    **lacking("MarkupInfo"),
)
_ITEM_LINE = group(
    ItemRef=ref("Item"),
    CustomerRef=ref("Customer"),
    ClassRef=ref("Class"),
    BillableStatus=_BILLABLE,
    TaxCodeRef=ref("TaxCode"),
    TaxAmount=amount(),
    TaxInclusiveAmt=amount(),
    Qty=quantity(),
    UnitPrice=number(),
    **ignored("ItemAccountRef", "ItemBasedExpenseLineDetailEx"),
    **lacking("MarkupInfo", "PriceLevelRef", "UOMRef", "InventorySiteRef", "RatePercent", "UnitCostPrice"),
    **lacking("TaxClassificationRef"),
)
_EXPENSE_LINES = many(
    {
        **_LINE,
        "DetailType": choice("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail", "DescriptionOnly"),
        "AccountBasedExpenseLineDetail": _ACCOUNT_LINE,
        "ItemBasedExpenseLineDetail": _ITEM_LINE,
        **lacking("LinkedTxn", "DescriptionLineDetail"),
    }
)
_BILL_LINES = many({**_EXPENSE_LINES.members, "LinkedTxn": _LINKED})
_ORDER_LINES = many({**_EXPENSE_LINES.members, **ignored("LinkedTxn", "Received")})
_TAXED = {"GlobalTaxCalculation": _TAX_MODE, "TxnTaxDetail": _TAX_DETAIL}
_CHECK_DETAIL = group(
    CheckNum=text(21),
    Status=text(30),
    NameOnAcct=text(110),
    AcctNum=text(30),
    BankName=text(100),
    **ignored("CheckPaymentEx"),
)

PURCHASE = Entity(
    name="Purchase",
    path="purchase",
    series="txn",
    members={
        **_EVERY,
        **_TAXED,
        "AccountRef": ref("Account"),
        "PaymentType": choice("Cash", "Check", "CreditCard", "Expense", "Other"),
        "PaymentMethodRef": ref("PaymentMethod"),
        "PaymentRefNum": text(21),
        "EntityRef": ref("Entity"),
        "Credit": flag(),
        "RemitToAddr": address(),
        "Memo": text(4000),
        "PrintStatus": _PRINT,
        "CheckPayment": _CHECK_DETAIL,
        "DepartmentRef": ref("Department"),
        "Line": _EXPENSE_LINES,
        **lacking("CreditCardPayment", "LessCIS", "IncludeInAnnualTPAR"),
        **ignored("PurchaseEx"),
    },
    required=("AccountRef", "PaymentType", "Line"),
    kept=("PaymentType",),
    fixed=("PaymentType",),
    keys=("DocNumber",),
    shown=("TotalAmt",),
    unfiltered=("AccountRef", "DepartmentRef", "EntityRef"),
    transaction=True,
    deletable=True,
)

_BY_VENDOR = {
    **_EVERY,
    **_TAXED,
    "VendorRef": ref("Vendor"),
    "APAccountRef": ref("Account"),
    "DepartmentRef": ref("Department"),
    "VendorAddr": address(),
    "RemitToAddr": address(),
    "Memo": text(4000),
    "Line": _EXPENSE_LINES,
    **lacking("BillEmail", "ReplyEmail", "PayerRef", "LessCIS", "IncludeInAnnualTPAR", "ShipAddr"),
}

BILL = Entity(
    name="Bill",
    path="bill",
    series="txn",
    members={
        **_BY_VENDOR,
        "Line": _BILL_LINES,
        "SalesTermRef": ref("Term"),
        "DueDate": day(),
        **ignored("BillEx"),
    },
    required=("VendorRef", "Line"),
    kept=("VendorRef",),
    keys=("DocNumber", "VendorRef"),
    shown=("TotalAmt", "Balance", "HomeBalance"),
    unfiltered=("DepartmentRef", "APAccountRef"),
    transaction=True,
    deletable=True,
)
# Source: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/purchaseorder
PURCHASE_ORDER = Entity(
    name="PurchaseOrder",
    path="purchaseorder",
    series="txn",
    members={
        **_BY_VENDOR,
        "Line": _ORDER_LINES,
        "SalesTermRef": ref("Term"),
        "DueDate": day(),
        "POStatus": choice("Open", "Closed"),
        "ShipAddr": address(),
        **ignored("PurchaseOrderEx", "ManuallyClosed"),
        **lacking("POEmail", "ShipTo", "ShipMethodRef", "ReplyEmail", "EmailStatus", "TemplateRef", "ExpectedDate"),
    },
    required=("VendorRef", "Line"),
    kept=("VendorRef",),
    keys=("DocNumber", "VendorRef"),
    shown=("TotalAmt",),
    unfiltered=("DepartmentRef", "APAccountRef"),
    transaction=True,
    posts=False,
    deletable=True,
)
VENDOR_CREDIT = Entity(
    name="VendorCredit",
    path="vendorcredit",
    series="txn",
    members={**_BY_VENDOR, **ignored("VendorCreditEx")},
    required=("VendorRef", "Line"),
    kept=("VendorRef",),
    keys=("DocNumber", "VendorRef"),
    shown=("TotalAmt", "Balance"),
    unfiltered=("DepartmentRef", "APAccountRef"),
    transaction=True,
    deletable=True,
)
BILL_PAYMENT = Entity(
    name="BillPayment",
    path="billpayment",
    series="txn",
    members={
        **_EVERY,
        "TotalAmt": amount(),
        "VendorRef": ref("Vendor"),
        "VendorAddr": address(),
        "APAccountRef": ref("Account"),
        "DepartmentRef": ref("Department"),
        "PayType": choice("Check", "CreditCard"),
        "CheckPayment": group(
            BankAccountRef=ref("Account"),
            PrintStatus=_PRINT,
            CheckDetail=_CHECK_DETAIL,
            PayeeAddr=address(),
            **ignored("BillPaymentCheckEx"),
        ),
        "CreditCardPayment": group(
            CCAccountRef=ref("Account"), **ignored("BillPaymentCreditCardEx"), **lacking("CCDetail")
        ),
        "Line": many({**_LINE, "LinkedTxn": _LINKED, **ignored("DetailType", "LineEx")}),
        **ignored("BillPaymentEx"),
        **lacking("TxnTaxDetail"),
    },
    required=("VendorRef", "PayType"),
    kept=("VendorRef", "PayType", "TotalAmt"),
    keys=("DocNumber", "VendorRef"),
    shown=(),
    unfiltered=("DepartmentRef", "APAccountRef"),
    transaction=True,
    deletable=True,
    voidable=True,
)
JOURNAL_ENTRY = Entity(
    name="JournalEntry",
    path="journalentry",
    series="txn",
    members={
        **_EVERY,
        **_TAXED,
        "Adjustment": flag(),
        "Line": many(
            {
                **_LINE,
                "DetailType": choice("JournalEntryLineDetail", "DescriptionOnly"),
                "JournalEntryLineDetail": group(
                    PostingType=choice("Debit", "Credit"),
                    AccountRef=ref("Account"),
                    Entity=group(
                        Type=choice("Customer", "Employee", "Job", "Other", "Vendor"), EntityRef=ref("Entity")
                    ),
                    ClassRef=ref("Class"),
                    DepartmentRef=ref("Department"),
                    TaxCodeRef=ref("TaxCode"),
                    TaxApplicableOn=choice("Purchase", "Sales"),
                    TaxAmount=amount(),
                    TaxInclusiveAmt=amount(),
                    BillableStatus=_BILLABLE,
                    **ignored("JournalEntryLineDetailEx"),
                    **lacking("JournalCodeRef", "TaxRateRef"),
                ),
                **lacking("LinkedTxn", "DescriptionLineDetail"),
            }
        ),
        **lacking("HomeCurrencyAdjustment", "DepartmentRef"),
        **ignored("EnteredInHomeCurrency", "JournalEntryEx"),
    },
    required=("Line",),
    keys=("DocNumber",),
    shown=("TotalAmt", "HomeTotalAmt"),
    transaction=True,
    deletable=True,
)
TRANSFER = Entity(
    name="Transfer",
    path="transfer",
    series="txn",
    members={
        **_EVERY,
        "FromAccountRef": ref("Account"),
        "ToAccountRef": ref("Account"),
        "Amount": amount(),
        "ClassRef": ref("Class"),
        **lacking("DepartmentRef", "TxnTaxDetail"),
        **ignored("TransferEx", "Line"),
    },
    required=("FromAccountRef", "ToAccountRef", "Amount"),
    kept=(),
    unfiltered=("FromAccountRef", "ToAccountRef"),
    transaction=True,
    deletable=True,
)
CREDIT_CARD_PAYMENT = Entity(
    name="CreditCardPayment",
    path="creditcardpayment",
    key="CreditCardPaymentTxn",
    series="txn",
    members={
        **_EVERY,
        "CreditCardAccountRef": ref("Account"),
        "BankAccountRef": ref("Account"),
        "Amount": amount(),
        "VendorRef": ref("Vendor"),
        "CheckNum": text(21),
        "PrintStatus": _PRINT,
        "Memo": text(4000),
        **ignored("CreditCardPaymentEx", "Line"),
        **lacking("DepartmentRef", "TxnTaxDetail", "CreditChargeInfo", "CreditChargeResponse"),
    },
    required=("CreditCardAccountRef", "BankAccountRef", "Amount"),
    unfiltered=("CreditCardAccountRef", "BankAccountRef"),
    transaction=True,
    deletable=True,
)
_DEPOSIT_LINE: dict[str, Field] = {
    **_LINE,
    "DetailType": choice("DepositLineDetail"),
    "DepositLineDetail": group(
        AccountRef=ref("Account"),
        Entity=ref("Entity"),
        ClassRef=ref("Class"),
        PaymentMethodRef=ref("PaymentMethod"),
        CheckNum=text(21),
        TaxCodeRef=ref("TaxCode"),
        TaxApplicableOn=choice("Purchase", "Sales"),
        **ignored("TxnType", "DepositLineDetailEx"),
    ),
    "LinkedTxn": _LINKED,
}
DEPOSIT = Entity(
    name="Deposit",
    path="deposit",
    series="txn",
    members={
        **_EVERY,
        **_TAXED,
        "DepositToAccountRef": ref("Account"),
        "DepartmentRef": ref("Department"),
        "CashBack": group(AccountRef=ref("Account"), Amount=amount(), Memo=text(4000)),
        "Line": many(_DEPOSIT_LINE),
        **ignored("DepositEx"),
    },
    required=("DepositToAccountRef", "Line"),
    keys=("DocNumber",),
    shown=("TotalAmt", "HomeTotalAmt"),
    unfiltered=("DepositToAccountRef", "DepartmentRef", "TotalAmt"),
    transaction=True,
    deletable=True,
)

TRANSACTIONS = (
    PURCHASE,
    BILL,
    PURCHASE_ORDER,
    VENDOR_CREDIT,
    BILL_PAYMENT,
    JOURNAL_ENTRY,
    TRANSFER,
    CREDIT_CARD_PAYMENT,
    DEPOSIT,
)
