"""The transactions of the catalogue, their lines, and the views over them.

Source: https://developer.intacct.com/api/ (object pages), PyPI sageintacctsdk 1.28.1 (field lists)
"""

from __future__ import annotations

from sandbooks.platforms.sage_intacct.objects.kinds import (
    AUDIT,
    ENTITY,
    LINE_DIMENSIONS,
    MONEY,
    TOTALS,
    ObjectType,
    words,
)

_BILL_HEAD = (
    "RECORDNO RECORDID RECORD_URL RECORDTYPE STATE RAWSTATE VENDORID VENDORNAME DOCNUMBER TERMNAME WHENCREATED "
    "WHENPOSTED "
    "WHENDUE WHENPAID RECPAYMENTDATE WHENDISCOUNT PAYMENTPRIORITY DESCRIPTION ONHOLD SUPDOCID DUE_IN_DAYS PRBATCH "
    "PRBATCHKEY "
    "MODULEKEY NOGL INCLUSIVETAX TAXSOLUTIONID TAXMETHOD REVERSEDKEY AUWHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY "
    "BILLTOPAYTOCONTACTNAME SHIPTORETURNTOCONTACTNAME"
)
_LINE_HEAD = (
    "RECORDNO RECORDKEY ACCOUNTNO ACCOUNTTITLE ACCOUNTLABEL OFFSETGLACCOUNTNO AMOUNT TRX_AMOUNT TOTALTRXAMOUNT "
    "ENTRYDESCRIPTION LINE_NO LINEITEM ALLOCATION BILLABLE RECORDTYPE STATE ENTRY_DATE"
)

DOCUMENTS = (
    ObjectType(
        name="APBILL",
        title="AP bill",
        fields=words(_BILL_HEAD, MONEY, TOTALS, ENTITY),
        lines=("APBILLITEMS", "APBILLITEM"),
        is_document=True,
    ),
    ObjectType(
        name="APADJUSTMENT",
        title="AP adjustment",
        fields=words(_BILL_HEAD, "BILLNO", MONEY, TOTALS, ENTITY),
        lines=("APADJUSTMENTITEMS", "APADJUSTMENTITEM"),
        is_document=True,
    ),
    # Source: github.com/Intacct/intacct-sdk-net (APADVANCE and its lines), developer.sage.com/intacct (advance).
    # Unconfirmed: field names that are not those of APPYMT too.
    ObjectType(
        name="APADVANCE",
        title="AP advance",
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE STATE RAWSTATE VENDORID VENDORNAME FINANCIALENTITY "
            "FINANCIALENTITYTYPE FINANCIALACCOUNTNAME FINANCIALACCOUNTCURRENCY PAYMENTMETHOD PAYMENTDATE DOCNUMBER "
            "DESCRIPTION WHENCREATED WHENPOSTED WHENPAID SUPDOCID PRBATCH PRBATCHKEY AUWHENCREATED WHENMODIFIED "
            "CREATEDBY MODIFIEDBY REVERSEDKEY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        lines=("APADVANCEITEMS", "APADVANCEITEM"),
        is_document=True,
    ),
    ObjectType(
        name="APPYMT",
        title="AP payment",
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE PRBATCHKEY FINANCIALENTITY FINANCIALENTITYTYPE "
            "FINANCIALACCOUNTNAME "
            "FINANCIALACCOUNTCURRENCY STATE RAWSTATE PAYMENTMETHOD PAYMENTMETHODKEY VENDORID VENDORNAME DOCNUMBER "
            "DESCRIPTION WHENCREATED WHENPOSTED PAYMENTDATE WHENPAID PAYMENTAMOUNT TRX_PAYMENTAMOUNT "
            "PAYMENTREQUESTMETHOD PAYMENTCONTACT "
            "GROUPPAYMENTS AUWHENCREATED WHENMODIFIED CREATEDBY MODIFIEDBY REVERSEDKEY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        lines=("APPYMTDETAILS", "APPYMTDETAIL"),
        is_document=True,
    ),
    ObjectType(
        name="EEXPENSES",
        title="Expense report",
        fields=words(
            "RECORDNO RECORD_URL RECORDID RECORDTYPE WHENCREATED WHENPOSTED STATE RAWSTATE EMPLOYEEID EMPLOYEENAME "
            "DESCRIPTION MEMO SUPDOCID PRBATCH PRBATCHKEY WHENPAID NONREIMBURSABLE AUWHENCREATED WHENMODIFIED "
            "CREATEDBY "
            "MODIFIEDBY "
            "INCLUSIVETAX TAXSOLUTIONID REVERSEDKEY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        lines=("EEXPENSESITEMS", "EEXPENSESITEM"),
        is_document=True,
    ),
    ObjectType(
        name="EPPAYMENT",
        title="Reimbursement",
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY STATE PAYMENTMETHOD PAYMENTTYPE EMPLOYEEID "
            "EMPLOYEENAME DOCNUMBER "
            "DESCRIPTION MEMO WHENCREATED WHENPOSTED PAYMENTDATE WHENPAID PAYMENTAMOUNT TRX_PAYMENTAMOUNT "
            "AUWHENCREATED "
            "WHENMODIFIED CREATEDBY MODIFIEDBY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        lines=("EPPAYMENTITEMS", "EPPAYMENTITEM"),
        is_document=True,
    ),
    ObjectType(
        name="CCTRANSACTION",
        title="Charge card transaction",
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY CHARGECARDID WHENCREATED WHENPOSTED WHENPAID "
            "DESCRIPTION "
            "DESCRIPTION2 PAYEE STATE RAWSTATE CLEARED SUPDOCID PRBATCH PRBATCHKEY AUWHENCREATED WHENMODIFIED "
            "CREATEDBY "
            "MODIFIEDBY INCLUSIVETAX TAXSOLUTIONID TAXMETHOD REVERSEDKEY REVERSALKEY PAYOFFKEY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        lines=("CCTRANSACTIONENTRIES", "CCTRANSACTIONENTRY"),
        is_document=True,
    ),
    ObjectType(
        name="OTHERRECEIPTS",
        title="Other receipt",
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE FINANCIALENTITY PAYER PAYMETHOD PAYMENTMETHOD WHENCREATED "
            "WHENPOSTED "
            "RECEIPTDATE DOCNUMBER DESCRIPTION STATE RAWSTATE SUPDOCID DEPOSITDATE UNDEPOSITEDACCOUNTNO AUWHENCREATED "
            "WHENMODIFIED CREATEDBY MODIFIEDBY INCLUSIVETAX TAXSOLUTIONID REVERSEDKEY",
            MONEY,
            TOTALS,
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
        fields=words(
            "RECORDNO RECORDID RECORD_URL RECORDTYPE WHENCREATED WHENPOSTED DOCNUMBER DESCRIPTION STATE RAWSTATE "
            "SUPDOCID "
            "FROMBANKACCOUNTID TOBANKACCOUNTID FINANCIALENTITY TOCURRENCY TOAMOUNT AUWHENCREATED WHENMODIFIED "
            "CREATEDBY "
            "MODIFIEDBY REVERSEDKEY",
            MONEY,
            TOTALS,
            ENTITY,
        ),
        is_document=True,
    ),
    ObjectType(
        name="GLBATCH",
        title="Journal entry",
        fields=words(
            "RECORDNO RECORD_URL BATCHNO BATCH_TITLE BATCH_DATE JOURNAL REFERENCENO REVERSEDATE HISTORY_COMMENT "
            "STATE MODULE "
            "MODULEKEY BASELOCATION BASELOCATION_NO SUPDOCID BALANCE TAXIMPLICATIONS TAXSOLUTIONID WHENCREATED "
            "WHENMODIFIED "
            "CREATEDBY MODIFIEDBY MODIFIED USERINFO.LOGINID VATVENDORID VATCUSTOMERID VATCONTACTID",
            ENTITY,
        ),
        lines=("ENTRIES", "GLENTRY"),
        is_document=True,
    ),
)

_ENTRY_FIELDS = words(_LINE_HEAD, MONEY, LINE_DIMENSIONS, "TOTALPAID TRX_TOTALPAID", AUDIT)
LINES = (
    ObjectType(name="APBILLITEM", title="AP bill line", fields=_ENTRY_FIELDS, parent="APBILL", read_only=True),
    ObjectType(
        name="APADJUSTMENTITEM", title="AP adjustment line", fields=_ENTRY_FIELDS, parent="APADJUSTMENT", read_only=True
    ),
    ObjectType(name="APADVANCEITEM", title="AP advance line", fields=_ENTRY_FIELDS, parent="APADVANCE", read_only=True),
    ObjectType(
        name="APPYMTDETAIL",
        title="AP payment detail",
        fields=words(
            "RECORDNO RECORDKEY PAYMENTKEY ENTRYKEY POSADJKEY POSADJENTRYKEY PAYMENTAMOUNT TRX_PAYMENTAMOUNT "
            "ADJUSTMENTKEY ADJUSTMENTENTRYKEY ADJUSTMENTAMOUNT TRX_ADJUSTMENTAMOUNT INLINEKEY INLINEENTRYKEY "
            "INLINEAMOUNT TRX_INLINEAMOUNT ADVANCEKEY ADVANCEENTRYKEY POSTEDADVANCEKEY POSTEDADVANCEENTRYKEY "
            "POSTEDADVANCEAMOUNT TRX_POSTEDADVANCEAMOUNT OVERPAYMENTKEY OVERPAYMENTENTRYKEY POSTEDOVERPAYMENTAMOUNT "
            "TRX_POSTEDOVERPAYMENTAMOUNT DISCOUNTDATE DISCOUNTAMOUNT TRX_DISCOUNTAMOUNT STATE CURRENCY BASECURR "
            "LINE_NO",
            AUDIT,
        ),
        parent="APPYMT",
        read_only=True,
    ),
    ObjectType(
        name="EEXPENSESITEM",
        title="Expense report line",
        fields=words(
            _ENTRY_FIELDS_TEXT := " ".join(_ENTRY_FIELDS),
            "EXPENSETYPE EXPPMTTYPE PAIDFOR NONREIMBURSABLE QUANTITY RATE",
        ),
        parent="EEXPENSES",
        read_only=True,
    ),
    ObjectType(
        name="CCTRANSACTIONENTRY",
        title="Charge card transaction line",
        fields=words(_ENTRY_FIELDS_TEXT, "DESCRIPTION PAYMENTAMOUNT"),
        parent="CCTRANSACTION",
        read_only=True,
    ),
    ObjectType(
        name="GLENTRY",
        title="Journal entry line",
        fields=words(
            "RECORDNO BATCHNO ACCOUNTNO DOCUMENT TR_TYPE AMOUNT TRX_AMOUNT LOCATION DEPARTMENT DESCRIPTION LINE_NO "
            "ALLOCATION ENTRY_DATE STATE BILLABLE RECORDKEY",
            MONEY,
            LINE_DIMENSIONS,
            AUDIT,
        ),
        parent="GLBATCH",
        read_only=True,
    ),
)
DERIVED = (
    # Source: https://developer.intacct.com/api/accounts-payable/ap-summaries (RECORDNO, TITLE, STATUS, OPEN),
    # github.com/Intacct/intacct_dtd (billbatch, expensereportbatch). Unconfirmed: CREATED, TOTAL, and the name of the
    # summaries of expense reports.
    *(
        ObjectType(
            name=f"{name}BATCH",
            title=f"{title} summary",
            fields=words("RECORDNO TITLE CREATED OPEN STATUS TOTAL", AUDIT),
            read_only=True,
        )
        for name, title in (("APBILL", "Bill"), ("APADJUSTMENT", "Adjustment"), ("EEXPENSES", "Expense report"))
    ),
    ObjectType(
        name="ALLOCATIONENTRY",
        title="Transaction allocation entry",
        fields=words("RECORDNO RECORDKEY ALLOCATIONKEY ALLOCATIONID LINE_NO VALUE VALUETYPE", LINE_DIMENSIONS),
        parent="ALLOCATION",
        read_only=True,
    ),
    ObjectType(
        name="OTHERRECEIPTSENTRY",
        title="Other receipt line",
        fields=words(_ENTRY_FIELDS_TEXT, "DESCRIPTION"),
        parent="OTHERRECEIPTS",
        read_only=True,
    ),
    ObjectType(
        name="GLDETAIL",
        title="General ledger detail",
        fields=words(
            "RECORDNO BATCH_DATE ENTRY_DATE ACCOUNTNO ACCOUNTTITLE TR_TYPE AMOUNT TRX_AMOUNT DEBITAMOUNT CREDITAMOUNT "
            "TRX_DEBITAMOUNT TRX_CREDITAMOUNT CURRENCY BASECURR DESCRIPTION DOCUMENT RECORDTYPE RECORDKEY MODULEKEY "
            "VENDORID CUSTOMERID EMPLOYEEID LOCATIONID DEPARTMENTID PROJECTID ITEMID CLASSID CONTRACTID WAREHOUSEID "
            "TASKID COSTTYPEID BATCHKEY BATCH_TITLE "
            "SYMBOL BATCH_NO BOOKID CHILDENTITY MODIFIED REFERENCENO ADJ OWNERSHIPKEY LINE_NO STATISTICAL "
            "DEPARTMENTTITLE "
            f"LOCATIONNAME {AUDIT}"
        ),
        read_only=True,
    ),
    ObjectType(
        name="COMPANYPREF",
        title="Company preference",
        fields=words("RECORDNO APPLICATION PREFERENCE PREFVALUE"),
        read_only=True,
        view=True,
    ),
    ObjectType(
        name="EXCHANGERATE",
        title="Exchange rate",
        fields=words("RECORDNO EXCH_RATE_TYPE_ID FROM_CURRENCY TO_CURRENCY"),
        read_only=True,
        view=True,
    ),
    ObjectType(
        name="EXCHANGERATEENTRY",
        title="Exchange rate entry",
        fields=words("RECORDNO EXCHANGERATEKEY EFFECTIVE_START_DATE EXCHANGE_RATE RECIPROCAL_RATE"),
        read_only=True,
        view=True,
    ),
    ObjectType(
        name="APDETAIL",
        title="AP detail",
        fields=words(
            "RECORDNO RECORDKEY RECORDTYPE ACCOUNTNO AMOUNT TRX_AMOUNT ENTRYDESCRIPTION CURRENCY BASECURR LINE_NO "
            "VENDORID LOCATIONID DEPARTMENTID PROJECTID CUSTOMERID EMPLOYEEID ITEMID CLASSID ENTRY_DATE"
        ),
        read_only=True,
    ),
    # Source: https://developer.intacct.com/api/company-console/audit-trails. Unconfirmed: its record number.
    ObjectType(
        name="AUDITHISTORY",
        title="Audit history",
        fields=words("RECORDNO USERID ACCESSTIME ACCESSMODE SOURCE OBJECTTYPE OBJECTKEY WORKFLOWACTION"),
        read_only=True,
    ),
    # Source: https://developer.intacct.com/api/cash-management/charge-payoffs (RECORDNO, TRX_TOTALENTERED; ACCOUNTNO
    # and AMOUNT of lines). Unconfirmed: the other fields, which are those of the bill that a payoff is.
    ObjectType(
        name="CHARGEPAYOFF",
        title="Charge payoff",
        fields=words(
            "RECORDNO RECORDID CHARGECARDID VENDORID VENDORNAME WHENCREATED WHENPOSTED DESCRIPTION STATE TOTALENTERED "
            "TRX_TOTALENTERED BASECURR CURRENCY",
            AUDIT,
        ),
        read_only=True,
    ),
    ObjectType(
        name="CHARGEPAYOFFENTRY",
        title="Charge payoff line",
        fields=words("RECORDNO RECORDKEY ACCOUNTNO ACCOUNTTITLE AMOUNT TRX_AMOUNT ENTRYDESCRIPTION LINE_NO CURRENCY"),
        read_only=True,
    ),
)
