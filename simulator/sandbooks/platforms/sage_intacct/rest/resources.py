"""What REST calls the objects: module and name, and the path of each member with the field behind it.

Source: developer.sage.com/intacct (object references), PyPI sageintacctrestsdk 1.4.3 (paths),
github.com/fylein/fyle-intacct-api (bodies). Unconfirmed: members that neither names; those of transfers are the
likeliest.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.sage_intacct.objects import own
from sandbooks.platforms.sage_intacct.objects.allocating import ABSOLUTE, FIXED, PERCENTAGE
from sandbooks.platforms.sage_intacct.refusals import PathUnknown
from sandbooks.platforms.sage_intacct.rest import absent

_STATUS = "status:STATUS"
_AUDIT = (
    "audit.createdDateTime:@created audit.modifiedDateTime:@modified entity.id:MEGAENTITYID entity.name:MEGAENTITYNAME"
)
_DIMENSIONS = (
    "dimensions.location:LOCATIONID:LOCATION dimensions.department:DEPARTMENTID:DEPARTMENT "
    "dimensions.project:PROJECTID:PROJECT dimensions.customer:CUSTOMERID:CUSTOMER dimensions.vendor:VENDORID:VENDOR "
    "dimensions.employee:EMPLOYEEID:EMPLOYEE dimensions.item:ITEMID:ITEM dimensions.class:CLASSID:CLASS "
    "dimensions.task:TASKID:TASK dimensions.costType:COSTTYPEID:COSTTYPE dimensions.contract:CONTRACTID:CONTRACT "
    "dimensions.warehouse:WAREHOUSEID:WAREHOUSE"
)
_CURRENCY = (
    "currency.txnCurrency:CURRENCY currency.baseCurrency:BASECURR currency.exchangeRate.date:EXCH_RATE_DATE "
    "currency.exchangeRate.typeId:EXCH_RATE_TYPE_ID currency.exchangeRate.rate:EXCHANGE_RATE"
)
_TOTALS = (
    "totalBaseAmount:TOTALENTERED totalTxnAmount:TRX_TOTALENTERED totalBaseAmountDue:TOTALDUE "
    "totalTxnAmountDue:TRX_TOTALDUE totalBaseAmountPaid:TOTALPAID totalTxnAmountPaid:TRX_TOTALPAID"
)
_LINE = (
    "glAccount:ACCOUNTNO:GLACCOUNT accountLabel:ACCOUNTLABEL:APACCOUNTLABEL txnAmount:TRX_AMOUNT baseAmount:AMOUNT "
    "totalTxnAmount:TOTALTRXAMOUNT memo:ENTRYDESCRIPTION overrideOffsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
    "allocation.id:ALLOCATION isBillable:BILLABLE lineNumber:LINE_NO"
)

# Source: developer.sage.com/intacct (OpenAPI of accounts payable: payment, payment-detail). Unconfirmed: which of its
# two adjustments is the one that is paid, so either name takes either sort.
_PAYMENT_CURRENCIES = (
    "txnCurrency.currency:CURRENCY txnCurrency.amountToPay:AMOUNTTOPAY txnCurrency.totalAmount:@TRX_TOTALENTERED "
    "txnCurrency.totalPaid:@TRX_TOTALPAID txnCurrency.totalDue:@TRX_TOTALDUE baseCurrency.currency:BASECURR "
    "baseCurrency.totalAmount:@TOTALENTERED baseCurrency.totalPaid:@TOTALPAID baseCurrency.totalDue:@TOTALDUE "
    "exchangeRate.date:EXCH_RATE_DATE exchangeRate.typeId:EXCH_RATE_TYPE_ID exchangeRate.rate:@EXCHANGE_RATE"
)
_PAYMENT_DETAIL = (
    "bill:RECORDKEY:APBILL billLine.key:ENTRYKEY billLine.id:ENTRYKEY inlineBill:INLINEKEY:APBILL "
    "inlineBillLine.key:INLINEENTRYKEY inlineBillLine.id:INLINEENTRYKEY apDebitAdjustment:POSADJKEY:APADJUSTMENT "
    "apDebitAdjustmentLine.key:POSADJENTRYKEY apDebitAdjustmentLine.id:POSADJENTRYKEY "
    "apCreditAdjustment:ADJUSTMENTKEY:APADJUSTMENT apCreditAdjustmentLine.key:ADJUSTMENTENTRYKEY "
    "apCreditAdjustmentLine.id:ADJUSTMENTENTRYKEY apAdvance:ADVANCEKEY:APADVANCE "
    "apAdvanceLine.key:ADVANCEENTRYKEY apAdvanceLine.id:ADVANCEENTRYKEY txnCurrency.currency:@CURRENCY "
    "txnCurrency.paymentAmount:TRX_PAYMENTAMOUNT txnCurrency.inlineAmount:TRX_INLINEAMOUNT "
    "txnCurrency.adjustmentAmount:TRX_ADJUSTMENTAMOUNT txnCurrency.discountAmount:@TRX_DISCOUNTAMOUNT "
    "txnCurrency.postedAdvanceAmount:TRX_POSTEDADVANCEAMOUNT baseCurrency.postedAdvanceAmount:@POSTEDADVANCEAMOUNT "
    "baseCurrency.paymentAmount:@PAYMENTAMOUNT "
    "baseCurrency.inlineAmount:@INLINEAMOUNT baseCurrency.adjustmentAmount:@ADJUSTMENTAMOUNT "
    "baseCurrency.discountAmount:@DISCOUNTAMOUNT discountDate:DISCOUNTDATE"
)
REQUEST_METHODS = {
    "useVendorPreference": "vendorpref",
    "generateOneRequestPerBill": "bill",
    "mergeRequestsIntoOnePerVendor": "vendor",
    "mergeRequestIntoOnePerVendorPayToContact": "payto",
}


class Member(Struct, frozen=True):
    """A member of a document: its path, the field behind it, and the object that it refers to, if it does."""

    path: str
    field: str
    target: str = ""


def members(*texts: str) -> tuple[Member, ...]:
    """Members from ``path:FIELD`` and ``path:FIELD:OBJECT`` words."""
    found = []
    for word in " ".join(texts).split():
        path, name, *target = word.split(":")
        found.append(Member(path, name, target[0] if target else ""))
    return tuple(found)


class Resource(Struct, frozen=True, kw_only=True):
    """One object of REST. ``lines`` is the member that holds its lines; ``holder`` where the object wants them."""

    path: str
    object: str
    members: tuple[Member, ...]
    id: str = "RECORDNO"
    lines: str = ""
    holder: tuple[str, str] | None = None
    line_members: tuple[Member, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    line_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


def _list(path: str, object: str, id: str, *texts: str) -> Resource:
    return Resource(path=path, object=object, id=id, members=members(f"id:{id}", *texts, _STATUS, _AUDIT))


_METHODS = {
    "printedCheck": "Printed Check",
    "manualCheck": "Manual Check",
    "cash": "Cash",
    "eft": "EFT",
    "creditCard": "Charge Card",
    "ach": "ACH",
    "recordTransfer": "Record Transfer",
}

ALLOCATED = {"percentage": PERCENTAGE, "absolute": ABSOLUTE, "fixedAmount": FIXED}

RESOURCES: tuple[Resource, ...] = (
    _list(
        "general-ledger/account",
        "GLACCOUNT",
        "ACCOUNTNO",
        "name:TITLE accountType:ACCOUNTTYPE normalBalance:NORMALBALANCE closingType:CLOSINGTYPE category:CATEGORY "
        "alternativeGLAccount:ALTERNATIVEACCOUNT isTaxable:TAXABLE requireDimensions.department:REQUIREDEPT "
        "requireDimensions.location:REQUIRELOC requireDimensions.project:REQUIREPROJECT "
        "requireDimensions.class:REQUIRECLASS requireDimensions.customer:REQUIRECUSTOMER "
        "requireDimensions.vendor:REQUIREVENDOR requireDimensions.employee:REQUIREEMPLOYEE",
    ),
    _list(
        "accounts-payable/vendor",
        "VENDOR",
        "VENDORID",
        "name:NAME taxId:TAXID creditLimit:CREDITLIMIT isOnHold:ONHOLD doNotPay:DONOTCUTCHECK currency:CURRENCY "
        "totalDue:TOTALDUE notes:COMMENTS parent:PARENTID:VENDOR term:TERMNAME:APTERM "
        "vendorAccountNumber:VENDORACCOUNTNO "
        "isOneTimeUse:ONETIME contacts.default.printAs:DISPLAYCONTACT.PRINTAS "
        "contacts.default.id:DISPLAYCONTACT.CONTACTNAME contacts.default.email1:DISPLAYCONTACT.EMAIL1 "
        "contacts.default.phone1:DISPLAYCONTACT.PHONE1 contacts.default.firstName:DISPLAYCONTACT.FIRSTNAME "
        "contacts.default.lastName:DISPLAYCONTACT.LASTNAME contacts.default.companyName:DISPLAYCONTACT.COMPANYNAME",
    ),
    _list(
        "accounts-receivable/customer",
        "CUSTOMER",
        "CUSTOMERID",
        "name:NAME taxId:TAXID isOnHold:ONHOLD currency:CURRENCY totalDue:TOTALDUE parent:PARENTID:CUSTOMER "
        "contacts.default.printAs:DISPLAYCONTACT.PRINTAS contacts.default.email1:DISPLAYCONTACT.EMAIL1",
    ),
    _list(
        "company-config/employee",
        "EMPLOYEE",
        "EMPLOYEEID",
        "name:NAME jobTitle:TITLE location:LOCATIONID:LOCATION department:DEPARTMENTID:DEPARTMENT startDate:STARTDATE "
        "endDate:ENDDATE defaultCurrency:CURRENCY primaryContact.id:PERSONALINFO.CONTACTNAME "
        "primaryContact.printAs:CONTACT.PRINTAS primaryContact.firstName:CONTACT.FIRSTNAME "
        "primaryContact.lastName:CONTACT.LASTNAME primaryContact.email1:CONTACT.EMAIL1",
    ),
    _list(
        "company-config/contact",
        "CONTACT",
        "CONTACTNAME",
        "printAs:PRINTAS companyName:COMPANYNAME firstName:FIRSTNAME lastName:LASTNAME email1:EMAIL1 phone1:PHONE1 "
        "mailingAddress.addressLine1:MAILADDRESS.ADDRESS1 mailingAddress.city:MAILADDRESS.CITY "
        "mailingAddress.state:MAILADDRESS.STATE mailingAddress.postCode:MAILADDRESS.ZIP "
        "mailingAddress.isoCountryCode:MAILADDRESS.COUNTRYCODE",
    ),
    _list("company-config/department", "DEPARTMENT", "DEPARTMENTID", "name:TITLE parent:PARENTID:DEPARTMENT"),
    _list(
        "company-config/location", "LOCATION", "LOCATIONID", "name:NAME parent:PARENTID:LOCATION baseCurrency:CURRENCY"
    ),
    _list("company-config/entity", "LOCATIONENTITY", "LOCATIONID", "name:NAME baseCurrency:CURRENCY"),
    _list("company-config/class", "CLASS", "CLASSID", "name:NAME description:DESCRIPTION parent:PARENTID:CLASS"),
    _list("company-config/folder", "SUPDOCFOLDER", "NAME", "description:DESCRIPTION parent.id:PARENTFOLDER"),
    _list(
        "projects/project",
        "PROJECT",
        "PROJECTID",
        "name:NAME description:DESCRIPTION category:PROJECTCATEGORY projectStatus.id:PROJECTSTATUS "
        "customer:CUSTOMERID:CUSTOMER parent:PARENTID:PROJECT location:LOCATIONID:LOCATION",
    ),
    _list("projects/task", "TASK", "TASKID", "name:NAME project:PROJECTID:PROJECT isBillable:BILLABLE"),
    _list("construction/cost-type", "COSTTYPE", "COSTTYPEID", "name:NAME project:PROJECTID:PROJECT task:TASKID:TASK"),
    _list("contracts/contract", "CONTRACT", "CONTRACTID", "name:NAME customer:CUSTOMERID:CUSTOMER"),
    _list("inventory-control/warehouse", "WAREHOUSE", "WAREHOUSEID", "name:NAME location:LOCATIONID:LOCATION"),
    _list("inventory-control/item", "ITEM", "ITEMID", "name:NAME itemType:ITEMTYPE"),
    *(
        _list(
            f"cash-management/{word}-account",
            f"{word.upper()}ACCOUNT",
            "BANKACCOUNTID",
            "bankAccountDetails.bankName:BANKNAME bankAccountDetails.accountNumber:BANKACCOUNTNO "
            "bankAccountDetails.currency:CURRENCY accountingMethod.cashGLAccount:GLACCOUNTNO:GLACCOUNT "
            "bankAccountDetails.routingNumber:ROUTINGNO",
        )
        for word in ("checking", "savings")
    ),
    _list(
        "cash-management/credit-card-account",
        "CREDITCARD",
        "CARDID",
        "description:DESCRIPTION cardType:CARDTYPE accountDetails.accountType:LIABILITYTYPE vendor:VENDORID:VENDOR "
        "accountDetails.offsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
        "accountDetails.checkingAccount:BANKACCOUNTID:CHECKINGACCOUNT currency:CURRENCY expirationMonth:EXP_MONTH "
        "expirationYear:EXP_YEAR",
    ),
    _list(
        "expenses/employee-expense-type",
        "EEACCOUNTLABEL",
        "ACCOUNTLABEL",
        "description:DESCRIPTION glAccount:GLACCOUNTNO:GLACCOUNT",
    ),
    _list(
        "expenses/employee-expense-payment-type",
        "EXPENSEPAYMENTTYPE",
        "NAME",
        "description:DESCRIPTION isNonReimbursable:NONREIMBURSABLE offsetGLAccount:OFFSETACCTNO:GLACCOUNT",
    ),
    _list(
        "tax/tax-detail",
        "TAXDETAIL",
        "DETAILID",
        "description:DESCRIPTION taxPercent:VALUE taxType:TAXTYPE taxSolution.id:TAXSOLUTIONID "
        "purchaseGLAccount:GLACCOUNT:GLACCOUNT isReverseCharge:REVERSECHARGE",
    ),
    Resource(
        path="accounts-payable/bill",
        object="APBILL",
        id="RECORDID",
        members=members(
            "billNumber:RECORDID id:@RECORDNO vendor:VENDORID:VENDOR createdDate:WHENCREATED postingDate:WHENPOSTED "
            "dueDate:WHENDUE description:DESCRIPTION referenceNumber:DOCNUMBER attachment:SUPDOCID:SUPDOC "
            "isTaxInclusive:INCLUSIVETAX taxSolution.id:TAXSOLUTIONID term:TERMNAME:APTERM isOnHold:ONHOLD "
            "recordType:@RECORDTYPE state:STATE recommendedPaymentDate:RECPAYMENTDATE",
            _CURRENCY,
            _TOTALS,
            _AUDIT,
        ),
        lines="lines",
        holder=("APBILLITEMS", "APBILLITEM"),
        line_members=members(_LINE, _DIMENSIONS),
    ),
    Resource(
        path="accounts-payable/payment",
        object="APPYMT",
        members=members(
            "id:@RECORDNO financialEntity.id:FINANCIALENTITY financialEntity.entityId:FINANCIALENTITY "
            "vendor:VENDORID:VENDOR paymentMethod:PAYMENTMETHOD paymentRequestMethod:PAYMENTREQUESTMETHOD "
            "paymentDate:PAYMENTDATE documentNumber:DOCNUMBER description:DESCRIPTION state:STATE",
            _PAYMENT_CURRENCIES,
            _AUDIT,
        ),
        lines="details",
        holder=("APPYMTDETAILS", "APPYMTDETAIL"),
        line_members=members(_PAYMENT_DETAIL),
        words={"PAYMENTMETHOD": _METHODS, "PAYMENTREQUESTMETHOD": REQUEST_METHODS},
        defaults={"STATE": "draft"},
    ),
    # Source: developer.sage.com/intacct (OpenAPI of accounts payable: advance, advance-line)
    Resource(
        path="accounts-payable/advance",
        object="APADVANCE",
        members=members(
            "id:@RECORDNO financialEntity.id:FINANCIALENTITY vendor:VENDORID:VENDOR paymentMethod:PAYMENTMETHOD "
            "advanceDate:PAYMENTDATE referenceNumber:DOCNUMBER description:DESCRIPTION attachment:SUPDOCID:SUPDOC "
            "state:STATE",
            _CURRENCY,
            _TOTALS,
            _AUDIT,
        ),
        lines="lines",
        holder=("APADVANCEITEMS", "APADVANCEITEM"),
        line_members=members(
            "glAccount:ACCOUNTNO:GLACCOUNT accountLabel:ACCOUNTLABEL:APACCOUNTLABEL txnAmount:TRX_AMOUNT "
            "baseAmount:AMOUNT memo:ENTRYDESCRIPTION lineNumber:LINE_NO",
            _DIMENSIONS,
        ),
        words={"PAYMENTMETHOD": _METHODS},
        defaults={"STATE": "draft"},
    ),
    Resource(
        path="expenses/employee-expense",
        object="EEXPENSES",
        id="RECORDID",
        members=members(
            "expenseReportNumber:RECORDID id:@RECORDNO employee:EMPLOYEEID:EMPLOYEE createdDate:WHENCREATED "
            "postingDate:WHENPOSTED description:DESCRIPTION memo:MEMO attachment:SUPDOCID:SUPDOC state:STATE "
            "isTaxInclusive:INCLUSIVETAX taxSolution.id:TAXSOLUTIONID "
            "basePayment.baseCurrency:BASECURR basePayment.totalEntered:@TOTALENTERED "
            "basePayment.totalPaid:@TOTALPAID basePayment.totalDue:@TOTALDUE "
            "reimbursement.reimbursementCurrency:CURRENCY reimbursement.totalEntered:@TRX_TOTALENTERED "
            "reimbursement.totalPaid:@TRX_TOTALPAID reimbursement.totalDue:@TRX_TOTALDUE",
            _AUDIT,
        ),
        lines="lines",
        holder=("EEXPENSESITEMS", "EEXPENSESITEM"),
        line_members=members(
            "expenseType:ACCOUNTLABEL:EEACCOUNTLABEL glAccount:ACCOUNTNO:GLACCOUNT txnCurrency:CURRENCY "
            "txnAmount:TRX_AMOUNT totalTxnAmount:TOTALTRXAMOUNT baseAmount:AMOUNT entryDate:ENTRY_DATE "
            "paymentType:EXPPMTTYPE:EXPENSEPAYMENTTYPE paidTo:ENTRYDESCRIPTION paidFor:PAIDFOR quantity:QUANTITY "
            "unitRate:RATE lineNumber:LINE_NO isBillable:BILLABLE allocation.id:ALLOCATION",
            _DIMENSIONS,
        ),
    ),
    Resource(
        path="cash-management/credit-card-txn",
        object="CCTRANSACTION",
        members=members(
            "id:@RECORDNO txnDate:WHENCREATED creditCardAccount:CHARGECARDID:CREDITCARD referenceNumber:RECORDID "
            "payee:PAYEE description:DESCRIPTION isInclusiveTax:INCLUSIVETAX currency:CURRENCY "
            "taxSolution.id:TAXSOLUTIONID attachment:SUPDOCID:SUPDOC state:@STATE",
            _CURRENCY,
            _TOTALS,
            _AUDIT,
        ),
        lines="lines",
        holder=("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"),
        line_members=members(_LINE, "description:ENTRYDESCRIPTION", _DIMENSIONS),
    ),
    Resource(
        path="cash-management/funds-transfer",
        object="FUNDSTRANSFER",
        members=members(
            "id:@RECORDNO sendDate:WHENCREATED referenceNumber:DOCNUMBER description:DESCRIPTION "
            "fromAccount.id:FROMBANKACCOUNTID "
            "toAccount.id:TOBANKACCOUNTID transferAmount:TRX_TOTALENTERED receivedAmount:TOAMOUNT "
            "exchangeRate.rate:EXCHANGE_RATE attachment:SUPDOCID:SUPDOC state:@STATE",
            _AUDIT,
        ),
    ),
    Resource(
        path="general-ledger/journal-entry",
        object="GLBATCH",
        members=members(
            "id:@RECORDNO glJournal:JOURNAL:GLJOURNAL postingDate:BATCH_DATE description:BATCH_TITLE "
            "referenceNumber:REFERENCENO reverseDate:REVERSEDATE attachment:SUPDOCID:SUPDOC state:STATE "
            "txnNumber:@BATCHNO taxSolution.id:TAXSOLUTIONID",
            _AUDIT,
        ),
        lines="lines",
        holder=("ENTRIES", "GLENTRY"),
        line_members=members(
            "txnType:TR_TYPE glAccount:ACCOUNTNO:GLACCOUNT txnAmount:TRX_AMOUNT baseAmount:AMOUNT "
            "description:DESCRIPTION "
            "documentId:DOCUMENT lineNumber:LINE_NO allocation.id:ALLOCATION isBillable:BILLABLE",
            _CURRENCY,
            _DIMENSIONS,
        ),
        words={"STATE": {"draft": "Draft", "posted": "Posted", "submitted": "Submitted"}},
    ),
    # Source: developer.sage.com/intacct (OpenAPI of general ledger: txn-allocation-template and its lines).
    # Unconfirmed: the member that tells how it allocates, and its words.
    Resource(
        path="general-ledger/txn-allocation-template",
        object="ALLOCATION",
        id="ALLOCATIONID",
        members=members(
            "id:ALLOCATIONID description:DESCRIPTION allocateBy:TYPE documentNumber:DOCNUMBER",
            "attachment:SUPDOCID:SUPDOC",
            _STATUS,
            _AUDIT,
        ),
        lines="lines",
        holder=("ALLOCATIONENTRIES", "ALLOCATIONENTRY"),
        line_members=members("valueType:VALUETYPE value:VALUE lineNumber:LINE_NO", _DIMENSIONS),
        words={"TYPE": ALLOCATED},
        line_words={"VALUETYPE": {"amount": "Amount", "percent": "Percent"}},
    ),
    Resource(
        path="company-config/attachment",
        object="SUPDOC",
        id="SUPDOCID",
        members=members("id:SUPDOCID name:SUPDOCNAME folder.id:SUPDOCFOLDERNAME description:SUPDOCDESCRIPTION", _AUDIT),
        lines="files",
    ),
)
BY_PATH = {resource.path: resource for resource in RESOURCES}


def own_resource(company: Company, path: str) -> Resource | None:
    """The object of a dimension of the company's own, ``platform-apps/nsp::place``; None for other paths."""
    # Source: PyPI sageintacctrestsdk 1.4.3 (dimension values)
    module, _, name = path.partition("/nsp::")
    if module != "platform-apps" or not own.named(company, name):
        return None
    return Resource(path=path, object=name.upper(), members=members("id:ID name:NAME"))


def resource_at(path: str) -> Resource:
    """The object behind ``module/object``. Raises ``PathUnknown``, ``NotSimulated``."""
    found = BY_PATH.get(path)
    if found is not None:
        return found
    if path in absent.OBJECTS or path.partition("/")[0] in absent.MODULES:
        raise NotSimulated(f"REST object {path[:100]}", instead="the XML gateway, where it has the object")
    raise PathUnknown(path[:100])


# Members that are worked out and never taken from a client.
COMPUTED = frozenset(
    (
        "AMOUNT",
        "PAYMENTAMOUNT",
        "TOTALENTERED",
        "TRX_TOTALENTERED",
        "TOTALDUE",
        "TRX_TOTALDUE",
        "TOTALPAID",
        "TRX_TOTALPAID",
        "MEGAENTITYID",
        "MEGAENTITYNAME",
        "LINE_NO",
        "STATUSDATE",
    )
)
