"""What REST calls the documents and their lines: bills, payments, advances, expenses, charges, transfers, entries.

Source: https://developer.sage.com/intacct (OpenAPI), in public at
github.com/lorenz-bus-service/node-intacct-rest-api (spec: accounts-payable, expenses, cash-management,
general-ledger, company-configuration); github.com/fylein/fyle-intacct-api (bodies: the members that are only taken)
"""

from __future__ import annotations

from sandbooks.platforms.sage_intacct.objects.allocating import ABSOLUTE, FIXED, PERCENTAGE
from sandbooks.platforms.sage_intacct.rest.list_resources import AUDIT, ENTITY
from sandbooks.platforms.sage_intacct.rest.members import Resource, Words, members, paths

_DIMENSIONS = (
    "dimensions.location:LOCATIONID:LOCATION dimensions.department:DEPARTMENTID:DEPARTMENT "
    "dimensions.project:PROJECTID:PROJECT dimensions.customer:CUSTOMERID:CUSTOMER dimensions.vendor:VENDORID:VENDOR "
    "dimensions.employee:EMPLOYEEID:EMPLOYEE dimensions.item:ITEMID:ITEM dimensions.class:CLASSID:CLASS "
    "dimensions.task:TASKID:TASK dimensions.costType:COSTTYPEID:COSTTYPE dimensions.contract:CONTRACTID:CONTRACT "
    "dimensions.warehouse:WAREHOUSEID:WAREHOUSE"
)
_CURRENCY = (
    "currency.txnCurrency:CURRENCY currency.baseCurrency:BASECURR currency.exchangeRate.date:EXCH_RATE_DATE "
    "currency.exchangeRate.typeId:EXCH_RATE_TYPE_ID currency.exchangeRate.rate:EXCHANGE_RATE::number"
)
# The totals of bills, and those of every other document.
_BILL_TOTALS = (
    "totalBaseAmount:@TOTALENTERED::amount totalTxnAmount:@TRX_TOTALENTERED::amount "
    "totalBaseAmountDue:@TOTALDUE::amount totalTxnAmountDue:@TRX_TOTALDUE::amount "
    "paymentInformation.fullyPaidDate:@WHENPAID paymentInformation.totalBaseAmountPaid:@TOTALPAID::amount "
    "paymentInformation.totalTxnAmountPaid:@TRX_TOTALPAID::amount"
)
_TOTALS = (
    "totalEntered:@TOTALENTERED::amount txnTotalEntered:@TRX_TOTALENTERED::amount totalDue:@TOTALDUE::amount "
    "txnTotalDue:@TRX_TOTALDUE::amount"
)
_OLDER_TOTALS = (
    "totalBaseAmount:@TOTALENTERED totalTxnAmount:@TRX_TOTALENTERED totalBaseAmountDue:@TOTALDUE "
    "totalTxnAmountDue:@TRX_TOTALDUE totalBaseAmountPaid:@TOTALPAID totalTxnAmountPaid:@TRX_TOTALPAID"
)
_ACCOUNTS = "glAccount:ACCOUNTNO:GLACCOUNT accountLabel:ACCOUNTLABEL:APACCOUNTLABEL"
_AMOUNTS = "txnAmount:TRX_AMOUNT::amount totalTxnAmount:TOTALTRXAMOUNT::amount"
_WEB = "webURL:@RECORD_URL"

# Unconfirmed: which of its two adjustments is the one that is paid, so either name takes either sort.
_PAYMENT_CURRENCIES = (
    "txnCurrency.currency:CURRENCY txnCurrency.amountToPay:AMOUNTTOPAY "
    "txnCurrency.totalAmount:@TRX_TOTALENTERED::amount "
    "txnCurrency.totalPaid:@TRX_TOTALPAID::amount txnCurrency.totalDue:@TRX_TOTALDUE::amount "
    "baseCurrency.currency:BASECURR baseCurrency.totalAmount:@TOTALENTERED::amount "
    "baseCurrency.totalPaid:@TOTALPAID::amount baseCurrency.totalDue:@TOTALDUE::amount "
    "exchangeRate.date:EXCH_RATE_DATE exchangeRate.typeId:EXCH_RATE_TYPE_ID exchangeRate.rate:@EXCHANGE_RATE"
)
_PAYMENT_DETAIL = (
    "bill:RECORDKEY:APBILL billLine.key:ENTRYKEY billLine.id:ENTRYKEY inlineBill:INLINEKEY:APBILL "
    "inlineBillLine.key:INLINEENTRYKEY inlineBillLine.id:INLINEENTRYKEY apDebitAdjustment:POSADJKEY:APADJUSTMENT "
    "apDebitAdjustmentLine.key:POSADJENTRYKEY apDebitAdjustmentLine.id:POSADJENTRYKEY "
    "apCreditAdjustment:ADJUSTMENTKEY:APADJUSTMENT apCreditAdjustmentLine.key:ADJUSTMENTENTRYKEY "
    "apCreditAdjustmentLine.id:ADJUSTMENTENTRYKEY apAdvance:ADVANCEKEY:APADVANCE "
    "apAdvanceLine.key:ADVANCEENTRYKEY apAdvanceLine.id:ADVANCEENTRYKEY txnCurrency.currency:@CURRENCY "
    "txnCurrency.paymentAmount:TRX_PAYMENTAMOUNT::amount txnCurrency.inlineAmount:TRX_INLINEAMOUNT::amount "
    "txnCurrency.adjustmentAmount:TRX_ADJUSTMENTAMOUNT::amount "
    "txnCurrency.discountAmount:@TRX_DISCOUNTAMOUNT::amount "
    "txnCurrency.postedAdvanceAmount:TRX_POSTEDADVANCEAMOUNT::amount "
    "baseCurrency.postedAdvanceAmount:@POSTEDADVANCEAMOUNT::amount baseCurrency.paymentAmount:@PAYMENTAMOUNT::amount "
    "baseCurrency.inlineAmount:@INLINEAMOUNT::amount baseCurrency.adjustmentAmount:@ADJUSTMENTAMOUNT::amount "
    "baseCurrency.discountAmount:@DISCOUNTAMOUNT::amount discountDate:DISCOUNTDATE"
)
_METHODS = {
    "printedCheck": "Printed Check",
    "manualCheck": "Manual Check",
    "cash": "Cash",
    "eft": "EFT",
    "creditCard": "Charge Card",
    "ach": "ACH",
    "recordTransfer": "Record Transfer",
}
_REQUESTS: Words = {
    "PAYMENTREQUESTMETHOD": {
        "useVendorPreference": "vendorpref",
        "generateOneRequestPerBill": "bill",
        "mergeRequestsIntoOnePerVendor": "vendor",
        "mergeRequestIntoOnePerVendorPayToContact": "payto",
    }
}
_BANK_TO_BANK = (
    "transferFromAccount.bankAccount.id:FROMBANKACCOUNTID transferFromAccount.bankAccount.currency:@CURRENCY "
    "transferFromAccount.transferAmount:TRX_TOTALENTERED::amount transferToAccount.bankAccount.id:TOBANKACCOUNTID "
    "transferToAccount.bankAccount.currency:@TOCURRENCY transferToAccount.receivedAmount:TOAMOUNT::amount "
    "baseCurrencyConversion.transferFromCurrency.exchangeRateDate:EXCH_RATE_DATE "
    "baseCurrencyConversion.transferFromCurrency.exchangeRateTypeId:EXCH_RATE_TYPE_ID "
    "baseCurrencyConversion.transferFromCurrency.exchangeRate:EXCHANGE_RATE::number "
    "baseCurrencyConversion.transferFromCurrency.companyBaseCurrency:@BASECURR"
)

DOCUMENTS: tuple[Resource, ...] = (
    Resource(
        path="accounts-payable/bill",
        object="APBILL",
        id="RECORDID",
        members=members(
            "billNumber:RECORDID id:@RECORDNO vendor:VENDORID:VENDOR createdDate:WHENCREATED postingDate:WHENPOSTED "
            "dueDate:WHENDUE dueInDays:@DUE_IN_DAYS::past description:DESCRIPTION referenceNumber:DOCNUMBER "
            "attachment:SUPDOCID:SUPDOC isTaxInclusive:INCLUSIVETAX::flag taxSolution:TAXSOLUTIONID:TAXSOLUTION "
            "term:TERMNAME:APTERM isOnHold:ONHOLD::flag recordType:@RECORDTYPE state:STATE "
            "recommendedPaymentDate:RECPAYMENTDATE paymentPriority:PAYMENTPRIORITY "
            "contacts.payTo:BILLTOPAYTOCONTACTNAME:CONTACT contacts.returnTo:SHIPTORETURNTOCONTACTNAME:CONTACT "
            "billSummary:PRBATCHKEY:APBILLBATCH",
            _WEB,
            _CURRENCY,
            _BILL_TOTALS,
            AUDIT,
            ENTITY,
        ),
        taken=members(_OLDER_TOTALS),
        lines="lines",
        line_path="accounts-payable/bill-line",
        owner="bill",
        holder=("APBILLITEMS", "APBILLITEM"),
        line_members=members(
            _ACCOUNTS,
            _AMOUNTS,
            "overrideOffsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT baseAmount:@AMOUNT::amount memo:ENTRYDESCRIPTION "
            "allocation:ALLOCATION:ALLOCATION project.isBillable:BILLABLE::flag lineNumber:@LINE_NO "
            "paymentInformation.totalBaseAmountPaid:@TOTALPAID::amount "
            "paymentInformation.totalTxnAmountPaid:@TRX_TOTALPAID::amount",
            _DIMENSIONS,
        ),
        line_taken=members("isBillable:BILLABLE::flag"),
        words={"RECORDTYPE": {"pi": "apbill"}},
        lacking=paths(
            "discountCutOffDate purchasing invoiceType invoiceMode retainage billBackTemplate dispute refuse location "
            "paymentInformation.totalBaseAmountSelectedForPayment paymentInformation.totalTxnAmountSelectedForPayment"
        ),
        line_lacking=paths(
            "hasForm1099 form1099 currency releaseToPay baseLocation retainage fixedAsset amortizationTemplate vendor "
            "amortizationStartDate amortizationEndDate purchasing project.isBilled"
        ),
    ),
    Resource(
        path="accounts-payable/payment",
        object="APPYMT",
        members=members(
            "id:@RECORDNO financialEntity.id:FINANCIALENTITY financialEntity.entityId:FINANCIALENTITY "
            "financialEntity.currency:@FINANCIALACCOUNTCURRENCY vendor:VENDORID:VENDOR paymentMethod:PAYMENTMETHOD "
            "paymentRequestMethod:PAYMENTREQUESTMETHOD paymentDate:PAYMENTDATE txnDate:@WHENCREATED "
            "txnPaidDate:@WHENPAID documentNumber:DOCNUMBER description:DESCRIPTION state:STATE recordType:@RECORDTYPE",
            _WEB,
            _PAYMENT_CURRENCIES,
            AUDIT,
            ENTITY,
        ),
        taken=members("action:STATE"),
        lines="details",
        line_path="accounts-payable/payment-detail",
        owner="apPayment",
        holder=("APPYMTDETAILS", "APPYMTDETAIL"),
        line_members=members(_PAYMENT_DETAIL),
        words={**_REQUESTS, "RECORDTYPE": {"apPayment": "appayment"}},
        taken_words={"PAYMENTMETHOD": _METHODS},
        lacking=paths("documentId baseCurrency.amountToPay payTo jointPayee paymentProvider lines isInclusiveTax"),
        line_lacking=paths("apPostedAdvance apPostedAdvanceLine jointPayee"),
        defaults={"STATE": "draft"},
    ),
    Resource(
        path="accounts-payable/advance",
        object="APADVANCE",
        members=members(
            "id:@RECORDNO financialEntity.id:FINANCIALENTITY financialEntity.entityId:FINANCIALENTITY "
            "financialEntity.currency:@FINANCIALACCOUNTCURRENCY vendor:VENDORID:VENDOR paymentMethod:PAYMENTMETHOD "
            "advanceDate:PAYMENTDATE referenceNumber:DOCNUMBER description:DESCRIPTION attachment:SUPDOCID:SUPDOC "
            "state:STATE recordType:@RECORDTYPE paymentInformation.paidDate:@WHENPAID "
            "paymentInformation.totalPaid:@TOTALPAID::amount paymentInformation.txnTotalPaid:@TRX_TOTALPAID::amount",
            _CURRENCY,
            _TOTALS,
            AUDIT,
            ENTITY,
        ),
        taken=members(_OLDER_TOTALS),
        lines="lines",
        line_path="accounts-payable/advance-line",
        holder=("APADVANCEITEMS", "APADVANCEITEM"),
        line_members=members(
            _ACCOUNTS,
            "txnAmount:TRX_AMOUNT::amount baseAmount:@AMOUNT::amount memo:ENTRYDESCRIPTION lineNumber:@LINE_NO::number",
            _DIMENSIONS,
        ),
        words={"PAYMENTMETHOD": _METHODS, "RECORDTYPE": {"pa": "apadvance"}},
        lacking=paths("dueDate location reconciliationGroup isSystemGenerated"),
        defaults={"STATE": "draft"},
    ),
    Resource(
        path="expenses/employee-expense",
        object="EEXPENSES",
        id="RECORDID",
        members=members(
            "expenseReportNumber:RECORDID id:@RECORDNO employee:EMPLOYEEID:EMPLOYEE createdDate:WHENCREATED "
            "description:DESCRIPTION memo:MEMO attachment:SUPDOCID:SUPDOC state:STATE "
            "expenseSummary:PRBATCHKEY:EEXPENSESBATCH "
            "basePayment.baseCurrency:BASECURR basePayment.paidDate:@WHENPAID "
            "basePayment.totalEntered:@TOTALENTERED::amount basePayment.totalPaid:@TOTALPAID::amount "
            "basePayment.totalDue:@TOTALDUE::amount reimbursement.reimbursementCurrency:CURRENCY "
            "reimbursement.totalEntered:@TRX_TOTALENTERED::amount reimbursement.totalPaid:@TRX_TOTALPAID::amount "
            "reimbursement.totalDue:@TRX_TOTALDUE::amount",
            AUDIT,
            ENTITY,
        ),
        # Source: https://developer.intacct.com/api/time-expenses/expense-reports (posting date, taxes of reports)
        taken=members("postingDate:WHENPOSTED isTaxInclusive:INCLUSIVETAX::flag taxSolution:TAXSOLUTIONID:TAXSOLUTION"),
        lines="lines",
        line_path="expenses/employee-expense-line",
        owner="employeeExpense",
        holder=("EEXPENSESITEMS", "EEXPENSESITEM"),
        line_members=members(
            "expenseType:ACCOUNTLABEL:EEACCOUNTLABEL glAccount:ACCOUNTNO:GLACCOUNT txnCurrency:CURRENCY "
            "txnAmount:TRX_AMOUNT::amount baseAmount:@AMOUNT::amount baseCurrency:@BASECURR entryDate:ENTRY_DATE "
            "paymentType:EXPPMTTYPE:EXPENSEPAYMENTTYPE paidTo:ENTRYDESCRIPTION paidFor:PAIDFOR "
            "quantity:QUANTITY::amount unitRate:RATE::amount lineNumber:@LINE_NO::number isBillable:BILLABLE::flag",
            _DIMENSIONS,
        ),
        line_taken=members("totalTxnAmount:TOTALTRXAMOUNT allocation:ALLOCATION:ALLOCATION"),
        lacking=paths("reclassificationNotes nonReimbursable"),
        line_lacking=paths(
            "transactionToReimburseConversion form1099 creditCardTxn creditCardTxnLine electronicReceipt "
            "electronicReceiptLine isBilled"
        ),
    ),
    Resource(
        path="cash-management/credit-card-txn",
        object="CCTRANSACTION",
        members=members(
            "id:@RECORDNO txnDate:WHENCREATED creditCardAccount:CHARGECARDID:CREDITCARD referenceNumber:RECORDID "
            "payee:PAYEE description:DESCRIPTION isInclusiveTax:INCLUSIVETAX::flag "
            "taxSolution:TAXSOLUTIONID:TAXSOLUTION attachment:SUPDOCID:SUPDOC state:@STATE whenPaid:@WHENPAID "
            "totalPaid:@TOTALPAID::amount txnTotalPaid:@TRX_TOTALPAID::amount reconciliationState:@CLEARED "
            "reversedBy:@REVERSALKEY:CCTRANSACTION reversalOf:@REVERSEDKEY:CCTRANSACTION",
            _CURRENCY,
            _TOTALS,
            AUDIT,
            ENTITY,
        ),
        taken=members("currency:CURRENCY", _OLDER_TOTALS),
        lines="lines",
        line_path="cash-management/credit-card-txn-line",
        owner="creditCardTxn",
        holder=("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"),
        line_members=members(
            _ACCOUNTS,
            _AMOUNTS,
            "amount:@AMOUNT::amount description:ENTRYDESCRIPTION isBillable:BILLABLE::flag lineNumber:@LINE_NO::number",
            _DIMENSIONS,
        ),
        line_taken=members(
            "memo:ENTRYDESCRIPTION baseAmount:@AMOUNT allocation:ALLOCATION:ALLOCATION "
            "overrideOffsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT"
        ),
        words={"CLEARED": {"uncleared": "F", "cleared": "T", "matched": "M"}},
        lacking=paths("clearingDate transactionSource"),
        line_lacking=paths("isBilled taxDetail baseLocation currency"),
    ),
    Resource(
        path="cash-management/funds-transfer",
        object="FUNDSTRANSFER",
        members=members(
            "id:@RECORDNO sendDate:WHENCREATED referenceNumber:DOCNUMBER description:DESCRIPTION "
            "attachment:SUPDOCID:SUPDOC state:@STATE",
            _BANK_TO_BANK,
            AUDIT,
            ENTITY,
        ),
        taken=members(
            "fromAccount.id:FROMBANKACCOUNTID toAccount.id:TOBANKACCOUNTID transferAmount:TRX_TOTALENTERED "
            "receivedAmount:TOAMOUNT exchangeRate.rate:EXCHANGE_RATE"
        ),
        lacking=paths("reconciliationState clearingDate baseCurrencyConversion lines"),
        methods="GET POST",
    ),
    Resource(
        path="general-ledger/journal-entry",
        object="GLBATCH",
        members=members(
            "id:@RECORDNO glJournal:JOURNAL:GLJOURNAL postingDate:BATCH_DATE description:BATCH_TITLE "
            "referenceNumber:REFERENCENO automaticReversalDate:REVERSEDATE attachment:SUPDOCID:SUPDOC state:STATE "
            "txnNumber:@BATCHNO::number moduleName:@MODULE balance:@BALANCE::amount "
            "baseLocation:BASELOCATION_NO:LOCATION tax.taxImplication:TAXIMPLICATIONS "
            "tax.taxSolution:TAXSOLUTIONID:TAXSOLUTION tax.vendor:VATVENDORID:VENDOR "
            "tax.customer:VATCUSTOMERID:CUSTOMER tax.contact:VATCONTACTID:CONTACT",
            _WEB,
            AUDIT,
            ENTITY,
        ),
        taken=members("reverseDate:REVERSEDATE taxSolution:TAXSOLUTIONID:TAXSOLUTION"),
        lines="lines",
        line_path="general-ledger/journal-entry-line",
        owner="journalEntry",
        holder=("ENTRIES", "GLENTRY"),
        line_members=members(
            "txnType:TR_TYPE glAccount:ACCOUNTNO:GLACCOUNT txnAmount:TRX_AMOUNT::amount baseAmount:@AMOUNT::amount "
            "description:DESCRIPTION documentId:DOCUMENT entryDate:@ENTRY_DATE lineNumber:@LINE_NO::number "
            "allocation:ALLOCATION:ALLOCATION isBillable:BILLABLE::flag",
            _CURRENCY,
            _DIMENSIONS,
        ),
        tax_detail=("taxDetail", "tax/tax-detail"),
        words={
            "STATE": {"draft": "Draft", "posted": "Posted", "submitted": "Submitted"},
            "TAXIMPLICATIONS": {"none": "None", "inbound": "Inbound", "outbound": "Outbound"},
        },
        line_words={"TR_TYPE": {"debit": "1", "credit": "-1"}},
        lacking=paths("invoiceMode eReportingType accountAllocation txnTemplate"),
        line_lacking=paths("numberOfUnits reconciliationGroup interEntityTxnType isBilled state parent"),
    ),
    Resource(
        path="general-ledger/txn-allocation-template",
        object="ALLOCATION",
        id="ALLOCATIONID",
        members=members(
            "id:ALLOCATIONID description:DESCRIPTION allocateBy:TYPE documentNumber:DOCNUMBER "
            "attachment:SUPDOCID:SUPDOC status:STATUS",
            AUDIT,
            ENTITY,
        ),
        lines="lines",
        line_path="general-ledger/txn-allocation-template-line",
        owner="txnAllocationTemplate",
        holder=("ALLOCATIONENTRIES", "ALLOCATIONENTRY"),
        line_members=members("valueType:VALUETYPE value:VALUE lineNumber:@LINE_NO::number", _DIMENSIONS),
        words={"TYPE": {"percentage": PERCENTAGE, "exactAmount": ABSOLUTE, "fixedAmount": FIXED}},
        taken_words={"TYPE": {"absolute": ABSOLUTE}},
        line_words={"VALUETYPE": {"amount": "Amount", "percent": "Percent"}},
    ),
    Resource(
        path="company-config/attachment",
        object="SUPDOC",
        id="SUPDOCID",
        members=members(
            "id:SUPDOCID name:SUPDOCNAME folder:SUPDOCFOLDERNAME:SUPDOCFOLDER description:SUPDOCDESCRIPTION",
            AUDIT,
            ENTITY,
        ),
        lines="files",
        line_path="company-config/file",
        owner="attachment",
    ),
)
