"""The catalogue: every object that is answered, its key, its fields, and what a list entry must and may say.

Field names and keys: the objects' pages and the SDKs' field lists; texts are ours.
Source: https://developer.intacct.com/api/ (object pages), PyPI sageintacctsdk 1.28.1 (field lists)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbooks.platforms.sage_intacct.refusals import ObjectUnknown

AUDIT = "WHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY"
ENTITY = "MEGAENTITYKEY MEGAENTITYID MEGAENTITYNAME"
_CONTACT = (
    "CONTACTNAME PREFIX FIRSTNAME INITIAL LASTNAME COMPANYNAME PRINTAS PHONE1 PHONE2 CELLPHONE PAGER FAX EMAIL1 EMAIL2 "
    "URL1 URL2 TAXABLE TAXID VISIBLE MAILADDRESS.ADDRESS1 MAILADDRESS.ADDRESS2 MAILADDRESS.CITY MAILADDRESS.STATE "
    "MAILADDRESS.ZIP MAILADDRESS.COUNTRY MAILADDRESS.COUNTRYCODE"
)
_LINE_DIMENSIONS = (
    "LOCATIONID LOCATIONNAME DEPARTMENTID DEPARTMENTNAME PROJECTID PROJECTNAME TASKID TASKNAME COSTTYPEID "
    "CUSTOMERID CUSTOMERNAME VENDORID VENDORNAME EMPLOYEEID EMPLOYEENAME ITEMID ITEMNAME CLASSID CLASSNAME"
)
_TOTALS = "TOTALENTERED TRX_TOTALENTERED TOTALPAID TRX_TOTALPAID TOTALSELECTED TRX_TOTALSELECTED TOTALDUE TRX_TOTALDUE"
_MONEY = "BASECURR CURRENCY EXCH_RATE_DATE EXCH_RATE_TYPE_ID EXCHANGE_RATE"


@dataclass(frozen=True, kw_only=True)
class ObjectType:
    """One object. ``key`` is its own identifier beside RECORDNO; ``lines`` is where its line objects hang.

    ``references`` name the object that a field points to; ``parent`` marks a line object, read from its document.
    """

    name: str
    title: str
    key: str = "RECORDNO"
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    parent: str = ""
    lines: tuple[str, str] | None = None
    is_document: bool = False
    read_only: bool = False

    def has(self, name: str) -> bool:
        """Whether it has a field, itself or through a related object (``VENDOR.CREDITLIMIT``)."""
        return name in self.fields or (("." in name) and name.partition(".")[0] in RELATED)


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts for word in text.split()))


def _prefixed(prefix: str, names: str) -> str:
    return " ".join(f"{prefix}.{name}" for name in names.split())


STATUS = {"STATUS": ("active", "inactive", "active non-posting")}
_ACTIVE = {"STATUS": "active"}
_REQUIRES = "REQUIREDEPT REQUIRELOC REQUIREPROJECT REQUIRETASK REQUIRECUSTOMER REQUIREVENDOR REQUIREEMPLOYEE REQUIREITEM REQUIRECLASS"
# The objects that a field on a transaction may reach through: name in the path, and the field that holds their key.
RELATED = {
    "VENDOR": "VENDORID",
    "CUSTOMER": "CUSTOMERID",
    "EMPLOYEE": "EMPLOYEEID",
    "PROJECT": "PROJECTID",
    "DEPARTMENT": "DEPARTMENTID",
    "LOCATION": "LOCATIONID",
    "CLASS": "CLASSID",
    "ITEM": "ITEMID",
    "GLACCOUNT": "ACCOUNTNO",
    "CREDITCARD": "FINANCIALENTITY",
}

LISTS = (
    ObjectType(
        name="GLACCOUNT",
        title="Account",
        key="ACCOUNTNO",
        fields=_words(
            "RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE NORMALBALANCE CLOSINGTYPE CLOSINGACCOUNTNO STATUS CATEGORY TAXCODE "
            "MRCCODE ALTERNATIVEACCOUNT TAXABLE SUBLEDGERCONTROLON CLOSETOACCTKEY",
            _REQUIRES,
            AUDIT,
            ENTITY,
        ),
        required=("ACCOUNTNO", "TITLE"),
        choices={
            **STATUS,
            "ACCOUNTTYPE": ("balancesheet", "incomestatement"),
            "NORMALBALANCE": ("debit", "credit"),
            "CLOSINGTYPE": ("non-closing account", "closing account", "closed to account"),
            "ALTERNATIVEACCOUNT": ("None", "Payables account", "Receivables account"),
        },
        flags=_words(_REQUIRES, "TAXABLE SUBLEDGERCONTROLON"),
        defaults={
            **_ACTIVE,
            "ACCOUNTTYPE": "incomestatement",
            "NORMALBALANCE": "debit",
            "CLOSINGTYPE": "non-closing account",
            "ALTERNATIVEACCOUNT": "None",
        },
        lengths={"ACCOUNTNO": 24, "TITLE": 80},
    ),
    ObjectType(
        name="VENDOR",
        title="Vendor",
        key="VENDORID",
        fields=_words(
            "RECORDNO NAME VENDORID PARENTKEY PARENTID PARENTNAME VENDORACCOUNTNO VENDTYPE ACCOUNTLABEL APACCOUNT "
            "APACCOUNTTITLE STATUS TAXID CREDITLIMIT TOTALDUE ONHOLD DONOTCUTCHECK CURRENCY TERMNAME GLGROUP COMMENTS "
            "PAYMETHODKEY MERGEPAYMENTREQ PAYMENTNOTIFY BILLINGTYPE PAYMENTPRIORITY ACHENABLED SUPDOCID ENTITY ONETIME "
            "OBJECTRESTRICTION CONTACTINFO.CONTACTNAME PAYTO.CONTACTNAME RETURNTO.CONTACTNAME",
            _prefixed("DISPLAYCONTACT", _CONTACT),
            AUDIT,
            ENTITY,
        ),
        required=("VENDORID", "NAME"),
        references={"PARENTID": "VENDOR", "APACCOUNT": "GLACCOUNT", "TERMNAME": "APTERM"},
        choices={**STATUS, "BILLINGTYPE": ("openitem", "balanceforward", "")},
        flags=("ONHOLD", "DONOTCUTCHECK", "MERGEPAYMENTREQ", "PAYMENTNOTIFY", "ACHENABLED", "ONETIME"),
        defaults={**_ACTIVE, "ONHOLD": "false", "DONOTCUTCHECK": "false", "ONETIME": "false", "TOTALDUE": "0"},
        lengths={"VENDORID": 20, "NAME": 100},
    ),
    ObjectType(
        name="CUSTOMER",
        title="Customer",
        key="CUSTOMERID",
        fields=_words(
            "RECORDNO CUSTOMERID NAME ENTITY PARENTKEY PARENTID PARENTNAME CUSTREPNAME CUSTREPID CUSTTYPE TOTALDUE "
            "GLGRPKEY GLGROUP STATUS ONETIME ONHOLD OBJECTRESTRICTION CURRENCY TERMNAME TAXID CREDITLIMIT COMMENTS",
            _prefixed("DISPLAYCONTACT", _CONTACT),
            AUDIT,
            ENTITY,
        ),
        required=("CUSTOMERID", "NAME"),
        references={"PARENTID": "CUSTOMER"},
        choices=STATUS,
        flags=("ONETIME", "ONHOLD"),
        defaults={**_ACTIVE, "ONETIME": "false", "ONHOLD": "false", "TOTALDUE": "0"},
        lengths={"CUSTOMERID": 20, "NAME": 100},
    ),
    ObjectType(
        name="EMPLOYEE",
        title="Employee",
        key="EMPLOYEEID",
        fields=_words(
            "RECORDNO EMPLOYEEID SSN TITLE LOCATIONID DEPARTMENTID BIRTHDATE STARTDATE ENDDATE STATUS EMPLOYEETYPE "
            "EMPLOYEETYPE1099TYPE GENDER TERMINATIONTYPE CURRENCY PAYMETHODKEY CONTACTKEY SUPERVISORID NAME ENTITY",
            "PERSONALINFO.CONTACTNAME",
            _prefixed("CONTACT", _CONTACT),
            AUDIT,
            ENTITY,
        ),
        required=("EMPLOYEEID",),
        references={"LOCATIONID": "LOCATION", "DEPARTMENTID": "DEPARTMENT", "SUPERVISORID": "EMPLOYEE"},
        choices=STATUS,
        defaults=_ACTIVE,
        lengths={"EMPLOYEEID": 20},
    ),
    ObjectType(
        name="CONTACT",
        title="Contact",
        key="CONTACTNAME",
        fields=_words("RECORDNO STATUS", _CONTACT, AUDIT, ENTITY),
        required=("CONTACTNAME", "PRINTAS"),
        choices=STATUS,
        flags=("TAXABLE",),
        defaults=_ACTIVE,
        lengths={"CONTACTNAME": 200, "PRINTAS": 200},
    ),
    ObjectType(
        name="DEPARTMENT",
        title="Department",
        key="DEPARTMENTID",
        fields=_words(
            "RECORDNO DEPARTMENTID TITLE PARENTKEY PARENTID SUPERVISORID SUPERVISORNAME STATUS CUSTTITLE", AUDIT, ENTITY
        ),
        required=("DEPARTMENTID", "TITLE"),
        references={"PARENTID": "DEPARTMENT"},
        choices=STATUS,
        defaults=_ACTIVE,
        lengths={"DEPARTMENTID": 20, "TITLE": 80},
    ),
    ObjectType(
        name="LOCATION",
        title="Location",
        key="LOCATIONID",
        fields=_words(
            "RECORDNO LOCATIONID NAME PARENTKEY PARENTID STATUS CURRENCY ENTITY SUPERVISORID STARTDATE ENDDATE CUSTTITLE",
            AUDIT,
            ENTITY,
        ),
        required=("LOCATIONID", "NAME"),
        references={"PARENTID": "LOCATION"},
        choices=STATUS,
        defaults=_ACTIVE,
        lengths={"LOCATIONID": 20, "NAME": 80},
    ),
    ObjectType(
        name="LOCATIONENTITY",
        title="Entity",
        key="LOCATIONID",
        fields=_words(
            "RECORDNO LOCATIONID NAME REPORTPRINTAS SUPERVISORID FIRSTMONTH FIRSTMONTHTAX WEEKSTART FEDERALID STARTDATE "
            "ENDDATE STATUS HAS_IE_RELATION CUSTOMERID CUSTOMERNAME VENDORID VENDORNAME CURRENCY TAXID ENABLELEGALCONTACT "
            "LEGALNAME LEGALADDRESS1 LEGALADDRESS2 LEGALCITY LEGALSTATE LEGALZIPCODE LEGALCOUNTRY OPCOUNTRY "
            "ADDRESSCOUNTRYDEFAULT RECORD_URL",
            AUDIT,
        ),
        required=("LOCATIONID", "NAME"),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="CLASS",
        title="Class",
        key="CLASSID",
        fields=_words("RECORDNO CLASSID NAME DESCRIPTION STATUS PARENTKEY PARENTID PARENTNAME", AUDIT, ENTITY),
        required=("CLASSID", "NAME"),
        references={"PARENTID": "CLASS"},
        choices=STATUS,
        defaults=_ACTIVE,
        lengths={"CLASSID": 20, "NAME": 100},
    ),
    ObjectType(
        name="PROJECT",
        title="Project",
        key="PROJECTID",
        fields=_words(
            "RECORDNO PROJECTID NAME DESCRIPTION CURRENCY PROJECTCATEGORY PROJECTSTATUS PARENTKEY PARENTID PARENTNAME "
            "STATUS CUSTOMERKEY CUSTOMERID CUSTOMERNAME PROJECTTYPE DEPARTMENTID DEPARTMENTNAME LOCATIONID LOCATIONNAME "
            "BUDGETID BEGINDATE ENDDATE",
            AUDIT,
            ENTITY,
        ),
        required=("PROJECTID", "NAME", "PROJECTCATEGORY"),
        references={
            "PARENTID": "PROJECT",
            "CUSTOMERID": "CUSTOMER",
            "DEPARTMENTID": "DEPARTMENT",
            "LOCATIONID": "LOCATION",
        },
        choices=STATUS,
        defaults={**_ACTIVE, "PROJECTCATEGORY": "Contract", "PROJECTSTATUS": "In Progress"},
        lengths={"PROJECTID": 20, "NAME": 100},
    ),
    ObjectType(
        name="ITEM",
        title="Item",
        key="ITEMID",
        fields=_words(
            "RECORDNO ITEMID STATUS MRR NAME EXTENDED_DESCRIPTION PRODUCTLINEID GLGROUP ITEMTYPE TAXABLE UOMGRP",
            AUDIT,
            ENTITY,
        ),
        required=("ITEMID", "NAME"),
        choices=STATUS,
        defaults={**_ACTIVE, "ITEMTYPE": "Non-Inventory"},
        lengths={"ITEMID": 30, "NAME": 100},
    ),
    ObjectType(
        name="TASK",
        title="Task",
        key="TASKID",
        fields=_words(
            "RECORDNO TASKID PARENTKEY PARENTID NAME PARENTTASKNAME PROJECTKEY PROJECTID PROJECTNAME ITEMKEY ITEMID "
            "ITEMNAME DESCRIPTION BILLABLE TASKNO TASKSTATUS CLASSID CLASSNAME CLASSKEY ROOTPARENTKEY ROOTPARENTID "
            "ROOTPARENTNAME STATUS",
            AUDIT,
            ENTITY,
        ),
        required=("TASKID", "NAME", "PROJECTID"),
        references={"PROJECTID": "PROJECT", "ITEMID": "ITEM"},
        flags=("BILLABLE",),
        defaults={**_ACTIVE, "BILLABLE": "false", "TASKSTATUS": "In Progress"},
    ),
    ObjectType(
        name="COSTTYPE",
        title="Cost type",
        key="COSTTYPEID",
        fields=_words(
            "RECORDNO PROJECTKEY PROJECTID PROJECTNAME TASKKEY TASKID TASKNAME COSTTYPEID NAME STATUS", AUDIT, ENTITY
        ),
        required=("COSTTYPEID", "NAME"),
        references={"PROJECTID": "PROJECT", "TASKID": "TASK"},
        choices=STATUS,
        defaults=_ACTIVE,
    ),
    *(
        ObjectType(
            name=name,
            title=title,
            key="BANKACCOUNTID",
            fields=_words(
                "BANKACCOUNTID BANKACCOUNTNO GLACCOUNTNO BANKNAME ROUTINGNO BRANCHID BANKACCOUNTTYPE DEPARTMENTID "
                "LOCATIONID STATUS RECORDNO ACHBANKID COMPANYNAME CURRENCY PHONE",
                AUDIT,
                ENTITY,
            ),
            required=("BANKACCOUNTID", "BANKNAME", "GLACCOUNTNO"),
            references={"GLACCOUNTNO": "GLACCOUNT", "DEPARTMENTID": "DEPARTMENT", "LOCATIONID": "LOCATION"},
            choices=STATUS,
            defaults={**_ACTIVE, "BANKACCOUNTTYPE": kind},
            lengths={"BANKACCOUNTID": 40},
        )
        for name, title, kind in (
            ("CHECKINGACCOUNT", "Checking account", "checking"),
            ("SAVINGSACCOUNT", "Savings account", "savings"),
        )
    ),
    ObjectType(
        name="CREDITCARD",
        title="Charge card account",
        key="CARDID",
        # Unconfirmed: the field names of the offset account and of a debit card's checking account.
        fields=_words(
            "RECORDNO CARDID DESCRIPTION CARDTYPE EXP_MONTH EXP_YEAR COMMCARD STATUS VENDORID DEPT LOCATION LIABILITYTYPE "
            "OUTSOURCECARD OFFSETGLACCOUNTNO BANKACCOUNTID CURRENCY",
            AUDIT,
            ENTITY,
        ),
        required=("CARDID", "CARDTYPE", "LIABILITYTYPE"),
        references={
            "VENDORID": "VENDOR",
            "OFFSETGLACCOUNTNO": "GLACCOUNT",
            "BANKACCOUNTID": "CHECKINGACCOUNT",
            "DEPT": "DEPARTMENT",
            "LOCATION": "LOCATION",
        },
        choices={
            **STATUS,
            "LIABILITYTYPE": ("Credit", "Debit"),
            "CARDTYPE": ("Visa", "Mastercard", "Discover", "American Express", "Diners Club", "Other Charge Card"),
        },
        defaults={**_ACTIVE, "CARDTYPE": "Visa", "LIABILITYTYPE": "Credit", "OUTSOURCECARD": "F"},
        lengths={"CARDID": 40},
    ),
    ObjectType(
        name="EXPENSEPAYMENTTYPE",
        title="Expense payment type",
        key="NAME",
        fields=_words("RECORDNO NAME DESCRIPTION NONREIMBURSABLE OFFSETACCTNO OFFSETACCTTITLE STATUS", AUDIT, ENTITY),
        required=("NAME",),
        references={"OFFSETACCTNO": "GLACCOUNT"},
        flags=("NONREIMBURSABLE",),
        choices=STATUS,
        defaults={**_ACTIVE, "NONREIMBURSABLE": "false"},
    ),
    *(
        ObjectType(
            name=name,
            title=title,
            key="ACCOUNTLABEL",
            fields=_words("RECORDNO ACCOUNTLABEL DESCRIPTION GLACCOUNTNO GLACCOUNTTITLE STATUS ITEMID", AUDIT, ENTITY),
            required=("ACCOUNTLABEL", "DESCRIPTION", "GLACCOUNTNO"),
            references={"GLACCOUNTNO": "GLACCOUNT", "ITEMID": "ITEM"},
            choices=STATUS,
            defaults=_ACTIVE,
            lengths={"ACCOUNTLABEL": 80},
        )
        for name, title in (("EEACCOUNTLABEL", "Expense type"), ("APACCOUNTLABEL", "AP account label"))
    ),
    ObjectType(
        name="TAXDETAIL",
        title="Tax detail",
        key="DETAILID",
        fields=_words(
            "RECORDNO DETAILID TAXUID DESCRIPTION TAXTYPE VALUE MINTAXABLE MAXTAXABLE INCLUDE MINTAX MAXTAX GLACCOUNT "
            "TAXAUTHORITY STATUS REVERSECHARGE TAXRATE TAXSOLUTIONID SYSGENERATED",
            AUDIT,
            ENTITY,
        ),
        required=("DETAILID", "VALUE"),
        references={"GLACCOUNT": "GLACCOUNT", "TAXSOLUTIONID": "TAXSOLUTION"},
        choices={**STATUS, "TAXTYPE": ("Purchase", "Sale")},
        flags=("REVERSECHARGE",),
        defaults={**_ACTIVE, "TAXTYPE": "Purchase", "REVERSECHARGE": "false"},
    ),
    ObjectType(
        name="TAXSOLUTION",
        title="Tax solution",
        key="SOLUTIONID",
        fields=_words(
            "RECORDNO SOLUTIONID DESCRIPTION TYPE STATUS TAXMETHOD STARTDATE SHOWMULTILINETAX LASTUPDATE ALTSETUP",
            "GLACCOUNTPURCHASE GLACCOUNTSALE",
            AUDIT,
            ENTITY,
        ),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="GLJOURNAL",
        title="Journal",
        key="SYMBOL",
        fields=_words("RECORDNO SYMBOL TITLE STATUS ADJ BOOKID BOOKTYPE START_DATE", AUDIT, ENTITY),
        required=("SYMBOL", "TITLE"),
        choices=STATUS,
        defaults=_ACTIVE,
        lengths={"SYMBOL": 4, "TITLE": 80},
    ),
    ObjectType(
        name="APTERM",
        title="AP term",
        key="NAME",
        fields=_words("RECORDNO NAME DESCRIPTION STATUS DUEDATE DISCDATE VALUE", AUDIT, ENTITY),
        required=("NAME",),
        choices=STATUS,
        defaults={**_ACTIVE, "DUEDATE": "30"},
    ),
    ObjectType(
        name="TRXCURRENCIES",
        title="Transaction currency",
        key="CODE",
        fields=_words("RECORDNO CODE SYMBOL NAME STATUS", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="EXCHANGERATETYPES",
        title="Exchange rate type",
        key="NAME",
        fields=_words("RECORDNO NAME DESCRIPTION STATUS", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="USERINFO",
        title="User",
        key="LOGINID",
        fields=_words("RECORDNO LOGINID DESCRIPTION USERTYPE ADMIN STATUS", "CONTACTINFO.EMAIL1", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="SUPDOC",
        title="Attachment",
        key="SUPDOCID",
        fields=_words("RECORDNO SUPDOCID SUPDOCNAME FOLDERNAME SUPDOCFOLDERNAME SUPDOCDESCRIPTION", AUDIT, ENTITY),
        read_only=True,
    ),
    ObjectType(
        name="SUPDOCFOLDER",
        title="Attachment folder",
        key="NAME",
        fields=_words("RECORDNO NAME DESCRIPTION PARENTFOLDER", AUDIT, ENTITY),
        read_only=True,
    ),
)

_BILL_HEAD = (
    "RECORDNO RECORDID RECORD_URL RECORDTYPE STATE RAWSTATE VENDORID VENDORNAME DOCNUMBER TERMNAME WHENCREATED WHENPOSTED "
    "WHENDUE WHENPAID RECPAYMENTDATE WHENDISCOUNT PAYMENTPRIORITY DESCRIPTION ONHOLD SUPDOCID DUE_IN_DAYS PRBATCH PRBATCHKEY "
    "MODULEKEY INCLUSIVETAX TAXSOLUTIONID TAXMETHOD REVERSEDKEY AUWHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY "
    "BILLTOPAYTOCONTACTNAME SHIPTORETURNTOCONTACTNAME"
)
_LINE_HEAD = (
    "RECORDNO RECORDKEY ACCOUNTNO ACCOUNTTITLE ACCOUNTLABEL OFFSETGLACCOUNTNO AMOUNT TRX_AMOUNT TOTALTRXAMOUNT "
    "ENTRYDESCRIPTION LINE_NO LINEITEM BILLABLE RECORDTYPE STATE ENTRY_DATE"
)

DOCUMENTS = (
    ObjectType(
        name="APBILL",
        title="AP bill",
        fields=_words(_BILL_HEAD, _MONEY, _TOTALS, ENTITY),
        lines=("APBILLITEMS", "APBILLITEM"),
        is_document=True,
    ),
    ObjectType(
        name="APADJUSTMENT",
        title="AP adjustment",
        fields=_words(_BILL_HEAD, "BILLNO", _MONEY, _TOTALS, ENTITY),
        lines=("APADJUSTMENTITEMS", "APADJUSTMENTITEM"),
        is_document=True,
    ),
    ObjectType(
        name="APPYMT",
        title="AP payment",
        fields=_words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE PRBATCHKEY FINANCIALENTITY FINANCIALENTITYTYPE FINANCIALACCOUNTNAME "
            "FINANCIALACCOUNTCURRENCY STATE RAWSTATE PAYMENTMETHOD PAYMENTMETHODKEY VENDORID VENDORNAME DOCNUMBER "
            "DESCRIPTION WHENCREATED WHENPOSTED PAYMENTDATE WHENPAID PAYMENTAMOUNT TRX_PAYMENTAMOUNT PAYMENTREQUESTMETHOD "
            "GROUPPAYMENTS AUWHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY REVERSEDKEY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        lines=("APPYMTDETAILS", "APPYMTDETAIL"),
        is_document=True,
    ),
    ObjectType(
        name="EEXPENSES",
        title="Expense report",
        fields=_words(
            "RECORDNO RECORD_URL RECORDID RECORDTYPE WHENCREATED WHENPOSTED STATE RAWSTATE EMPLOYEEID EMPLOYEENAME "
            "DESCRIPTION MEMO SUPDOCID PRBATCH WHENPAID NONREIMBURSABLE AUWHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY "
            "INCLUSIVETAX TAXSOLUTIONID REVERSEDKEY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        lines=("EEXPENSESITEMS", "EEXPENSESITEM"),
        is_document=True,
    ),
    ObjectType(
        name="EPPAYMENT",
        title="Reimbursement",
        fields=_words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY STATE PAYMENTMETHOD EMPLOYEEID EMPLOYEENAME DOCNUMBER "
            "DESCRIPTION MEMO WHENCREATED WHENPOSTED PAYMENTDATE WHENPAID PAYMENTAMOUNT TRX_PAYMENTAMOUNT AUWHENCREATED "
            "WHENMODIFIED CREATEDBY MODIFIEDBY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        lines=("EPPAYMENTITEMS", "EPPAYMENTITEM"),
        is_document=True,
    ),
    ObjectType(
        name="CCTRANSACTION",
        title="Charge card transaction",
        fields=_words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY CHARGECARDID WHENCREATED WHENPOSTED WHENPAID DESCRIPTION "
            "DESCRIPTION2 PAYEE STATE RAWSTATE CLEARED SUPDOCID PRBATCH PRBATCHKEY AUWHENCREATED WHENMODIFIED CREATEDBY "
            "MODIFIEDBY INCLUSIVETAX TAXSOLUTIONID TAXMETHOD REVERSEDKEY REVERSALKEY PAYOFFKEY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        lines=("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"),
        is_document=True,
    ),
    ObjectType(
        name="OTHERRECEIPTS",
        title="Other receipt",
        fields=_words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY PAYER PAYMETHOD PAYMENTMETHOD WHENCREATED WHENPOSTED "
            "RECEIPTDATE DOCNUMBER DESCRIPTION STATE RAWSTATE SUPDOCID DEPOSITDATE UNDEPOSITEDACCOUNTNO AUWHENCREATED "
            "WHENMODIFIED CREATEDBY MODIFIEDBY INCLUSIVETAX TAXSOLUTIONID REVERSEDKEY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        lines=("RECEIPTITEMS", "LINEITEM"),
        is_document=True,
    ),
    ObjectType(
        # Source: https://developer.intacct.com/api/cash-management/fund-transfers (object name)
        # Unconfirmed: the names of its fields beside RECORDNO and TOTALENTERED.
        name="FUNDSTRANSFER",
        title="Funds transfer",
        fields=_words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE WHENCREATED WHENPOSTED DOCNUMBER DESCRIPTION STATE RAWSTATE SUPDOCID "
            "FROMBANKACCOUNTID TOBANKACCOUNTID FINANCIALENTITY TOCURRENCY TOAMOUNT AUWHENCREATED WHENMODIFIED CREATEDBY "
            "MODIFIEDBY REVERSEDKEY",
            _MONEY,
            _TOTALS,
            ENTITY,
        ),
        is_document=True,
    ),
    ObjectType(
        name="GLBATCH",
        title="Journal entry",
        fields=_words(
            "RECORDNO RECORD_URL BATCHNO BATCH_TITLE BATCH_DATE JOURNAL REFERENCENO REVERSEDATE HISTORY_COMMENT STATE MODULE "
            "MODULEKEY BASELOCATION BASELOCATION_NO SUPDOCID BALANCE TAXIMPLICATIONS TAXSOLUTIONID WHENCREATED WHENMODIFIED "
            "CREATEDBY MODIFIEDBY MODIFIED USERINFO.LOGINID",
            ENTITY,
        ),
        lines=("ENTRIES", "GLENTRY"),
        is_document=True,
    ),
)

_ENTRY_FIELDS = _words(_LINE_HEAD, _MONEY, _LINE_DIMENSIONS, "TOTALPAID TRX_TOTALPAID", AUDIT)
LINES = (
    ObjectType(name="APBILLITEM", title="AP bill line", fields=_ENTRY_FIELDS, parent="APBILL", read_only=True),
    ObjectType(
        name="APADJUSTMENTITEM", title="AP adjustment line", fields=_ENTRY_FIELDS, parent="APADJUSTMENT", read_only=True
    ),
    ObjectType(
        name="APPYMTDETAIL",
        title="AP payment detail",
        fields=_words(
            "RECORDNO RECORDKEY PAYMENTKEY ENTRYKEY POSADJKEY PAYMENTAMOUNT TRX_PAYMENTAMOUNT CREDITTOAPPLY "
            "DISCOUNTTOAPPLY STATE CURRENCY BASECURR LINE_NO",
            AUDIT,
        ),
        parent="APPYMT",
        read_only=True,
    ),
    ObjectType(
        name="EEXPENSESITEM",
        title="Expense report line",
        fields=_words(
            _ENTRY_FIELDS_TEXT := " ".join(_ENTRY_FIELDS),
            "EXPENSETYPE EXPPMTTYPE PAIDFOR NONREIMBURSABLE QUANTITY RATE",
        ),
        parent="EEXPENSES",
        read_only=True,
    ),
    ObjectType(
        name="CCTRANSACTIONENTRY",
        title="Charge card transaction line",
        fields=_words(_ENTRY_FIELDS_TEXT, "DESCRIPTION PAYMENTAMOUNT"),
        parent="CCTRANSACTION",
        read_only=True,
    ),
    ObjectType(
        name="GLENTRY",
        title="Journal entry line",
        fields=_words(
            "RECORDNO BATCHNO ACCOUNTNO DOCUMENT TR_TYPE AMOUNT TRX_AMOUNT LOCATION DEPARTMENT DESCRIPTION LINE_NO "
            "ENTRY_DATE STATE BILLABLE RECORDKEY",
            _MONEY,
            _LINE_DIMENSIONS,
            AUDIT,
        ),
        parent="GLBATCH",
        read_only=True,
    ),
)
DERIVED = (
    ObjectType(
        name="GLDETAIL",
        title="General ledger detail",
        fields=_words(
            "RECORDNO BATCH_DATE ENTRY_DATE ACCOUNTNO ACCOUNTTITLE TR_TYPE AMOUNT TRX_AMOUNT DEBITAMOUNT CREDITAMOUNT "
            "TRX_DEBITAMOUNT TRX_CREDITAMOUNT CURRENCY BASECURR DESCRIPTION DOCUMENT RECORDTYPE RECORDKEY MODULEKEY "
            "VENDORID CUSTOMERID EMPLOYEEID LOCATIONID DEPARTMENTID PROJECTID ITEMID CLASSID BATCHKEY"
        ),
        read_only=True,
    ),
    ObjectType(
        name="APDETAIL",
        title="AP detail",
        fields=_words(
            "RECORDNO RECORDKEY RECORDTYPE ACCOUNTNO AMOUNT TRX_AMOUNT ENTRYDESCRIPTION CURRENCY BASECURR LINE_NO "
            "VENDORID LOCATIONID DEPARTMENTID PROJECTID CUSTOMERID EMPLOYEEID ITEMID CLASSID ENTRY_DATE"
        ),
        read_only=True,
    ),
)

OBJECTS: dict[str, ObjectType] = {each.name: each for each in (*LISTS, *DOCUMENTS, *LINES, *DERIVED)}
_ALIASES = {
    "FUNDTRANSFER": "FUNDSTRANSFER",
    "APPAYMENT": "APPYMT",
    "APPAYMENTREQUEST": "APPYMT",
    "CHARGECARDACCOUNT": "CREDITCARD",
    "EXPENSESTYPE": "EEACCOUNTLABEL",
}
# Objects of the product that this simulator does not keep. Named, so that they answer loudly rather than as unknown.
ABSENT = frozenset(
    ["ARINVOICE", "ARINVOICEITEM", "ARPYMT", "ARADJUSTMENT", "ARADVANCE", "ARAGING", "CONTRACT", "CONTRACTDETAIL", "SODOCUMENT", "SODOCUMENTENTRY", "PODOCUMENT", "PODOCUMENTENTRY", "INVDOCUMENT", "ALLOCATION", "ALLOCATIONENTRY", "TIMESHEET", "DEPOSIT", "REVRECSCHEDULE", "REVRECSCHEDULEENTRY", "INVPRICELISTENTRY", "STATJOURNAL", "GLBUDGET", "REPORTINGPERIOD", "COMPANYPREF", "GLACCTALLOCATION", "WAREHOUSE", "APADVANCE"]
)


def object_named(name: str) -> ObjectType:
    """The object of that name, in any case. Raises ``ObjectUnknown``."""
    upper = name.strip().upper()
    found = OBJECTS.get(_ALIASES.get(upper, upper))
    if found is None:
        raise ObjectUnknown(name.strip()[:60])
    return found
