"""The lists of the catalogue: what an entry must and may say, by object.

Source: https://developer.intacct.com/api/ (object pages), PyPI sageintacctsdk 1.28.1 (field lists),
github.com/Intacct/intacct-sdk-php (what its creates may name)
"""

from __future__ import annotations

from sandbooks.platforms.sage_intacct.objects.allocating import ABSOLUTE, FIXED, PERCENTAGE
from sandbooks.platforms.sage_intacct.objects.dimension_kinds import DIMENSIONS
from sandbooks.platforms.sage_intacct.objects.kinds import AUDIT, CONTACT, ENTITY, ObjectType, prefixed, words
from sandbooks.platforms.sage_intacct.objects.listed import ACTIVE, STATUS, listed

_REQUIRES = (
    "REQUIREDEPT REQUIRELOC REQUIREPROJECT REQUIRETASK REQUIRECUSTOMER REQUIREVENDOR REQUIREEMPLOYEE REQUIREITEM "
    "REQUIRECLASS REQUIRECONTRACT REQUIREWAREHOUSE"
)
_1099 = "NAME1099 FORM1099TYPE FORM1099BOX"
_ACH = "ACHBANKROUTINGNUMBER ACHACCOUNTNUMBER ACHACCOUNTTYPE ACHREMITTANCETYPE"
TERM_FROM = (
    "from invoice/bill date",
    "of the month of invoice/bill date",
    "of next month from invoice/bill date",
    *(f"of {n} month from invoice/bill date" for n in ("2nd", "3rd", "4th", "5th", "6th")),
)


LISTS = (
    listed(
        name="GLACCOUNT",
        title="Account",
        key="ACCOUNTNO",
        fields=words(
            "RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE NORMALBALANCE CLOSINGTYPE CLOSINGACCOUNTNO STATUS CATEGORY TAXCODE "
            "MRCCODE ALTERNATIVEACCOUNT TAXABLE SUBLEDGERCONTROLON CLOSETOACCTKEY",
            _REQUIRES,
        ),
        required=("ACCOUNTNO", "TITLE"),
        choices={
            "ACCOUNTTYPE": ("balancesheet", "incomestatement"),
            "NORMALBALANCE": ("debit", "credit"),
            "CLOSINGTYPE": ("non-closing account", "closing account", "closed to account"),
            "ALTERNATIVEACCOUNT": ("None", "Payables account", "Receivables account"),
        },
        flags=words(_REQUIRES, "TAXABLE SUBLEDGERCONTROLON"),
        defaults={
            "ACCOUNTTYPE": "incomestatement",
            "NORMALBALANCE": "debit",
            "CLOSINGTYPE": "non-closing account",
            "ALTERNATIVEACCOUNT": "None",
        },
        lengths={"ACCOUNTNO": 24, "TITLE": 80},
    ),
    listed(
        name="VENDOR",
        title="Vendor",
        key="VENDORID",
        fields=words(
            "RECORDNO NAME VENDORID PARENTKEY PARENTID PARENTNAME VENDORACCOUNTNO VENDTYPE ACCOUNTLABEL APACCOUNT "
            "APACCOUNTTITLE STATUS TAXID CREDITLIMIT TOTALDUE ONHOLD DONOTCUTCHECK CURRENCY TERMNAME GLGROUP COMMENTS "
            "PAYMETHODKEY MERGEPAYMENTREQ PAYMENTNOTIFY BILLINGTYPE PAYMENTPRIORITY ACHENABLED SUPDOCID ENTITY ONETIME "
            "OBJECTRESTRICTION CONTACTINFO.CONTACTNAME PAYTO.CONTACTNAME RETURNTO.CONTACTNAME "
            "DISPLAYACCTNOCHECK DISPLAYTERMDISCOUNT HIDEDISPLAYCONTACT RESTRICTEDDEPARTMENTS RESTRICTEDLOCATIONS "
            "OFFSETGLACCOUNTNO DISPLOCACCTNOCHECK ISINDIVIDUAL DEFAULT_LEAD_TIME RETAINAGEPERCENTAGE PYMTCOUNTRYCODE",
            _1099,
            _ACH,
            prefixed("DISPLAYCONTACT", CONTACT),
        ),
        required=("VENDORID", "NAME"),
        references={
            "PARENTID": "VENDOR",
            "APACCOUNT": "GLACCOUNT",
            "TERMNAME": "APTERM",
            "SUPDOCID": "SUPDOC",
            "OFFSETGLACCOUNTNO": "GLACCOUNT",
            # Source: developer.sage.com/intacct (OpenAPI of vendors: any type that the company has defined)
            "VENDTYPE": "VENDTYPE",
        },
        absent=words(
            "CONTACT_LIST_INFO VENDORCONTACTS VENDOREMAILTEMPLATES VENDORACCTNOLOCATIONS VENDOR_ACCTNO_LOC_HEAD "
            "FILEPAYMENTSERVICE VENDORBANKFILEDETAILS PROVIDERVENDORS VENDORENTITYCONTACTS"
        ),
        choices={"BILLINGTYPE": ("openitem", "balanceforward", "")},
        flags=("ONHOLD", "DONOTCUTCHECK", "MERGEPAYMENTREQ", "PAYMENTNOTIFY", "ACHENABLED", "ONETIME"),
        defaults={"ONHOLD": "false", "DONOTCUTCHECK": "false", "ONETIME": "false", "TOTALDUE": "0"},
        lengths={"VENDORID": 20, "NAME": 100},
    ),
    listed(
        name="CUSTOMER",
        title="Customer",
        key="CUSTOMERID",
        fields=words(
            "RECORDNO CUSTOMERID NAME ENTITY PARENTKEY PARENTID PARENTNAME CUSTREPNAME CUSTREPID CUSTTYPE TOTALDUE "
            "GLGRPKEY GLGROUP STATUS ONETIME ONHOLD OBJECTRESTRICTION CURRENCY TERMNAME TAXID CREDITLIMIT COMMENTS "
            "ARACCOUNT OFFSETGLACCOUNTNO RESALENO SHIPPINGMETHOD TERRITORYID DELIVERYOPTIONS CUSTMESSAGEID SUPDOCID "
            "ARINVOICEPRINTTEMPLATEID OEQUOTEPRINTTEMPLATEID OEORDERPRINTTEMPLATEID OELISTPRINTTEMPLATEID "
            "OEINVOICEPRINTTEMPLATEID OEADJPRINTTEMPLATEID OEOTHERPRINTTEMPLATEID HIDEDISPLAYCONTACT "
            "RESTRICTEDDEPARTMENTS RESTRICTEDLOCATIONS CONTACTINFO.CONTACTNAME BILLTO.CONTACTNAME SHIPTO.CONTACTNAME",
            prefixed("DISPLAYCONTACT", CONTACT),
        ),
        required=("CUSTOMERID", "NAME"),
        references={
            "PARENTID": "CUSTOMER",
            "CUSTREPID": "EMPLOYEE",
            "SUPDOCID": "SUPDOC",
            "OFFSETGLACCOUNTNO": "GLACCOUNT",
        },
        flags=("ONETIME", "ONHOLD"),
        defaults={"ONETIME": "false", "ONHOLD": "false", "TOTALDUE": "0"},
        lengths={"CUSTOMERID": 20, "NAME": 100},
    ),
    listed(
        name="EMPLOYEE",
        title="Employee",
        key="EMPLOYEEID",
        fields=words(
            "RECORDNO EMPLOYEEID SSN TITLE LOCATIONID DEPARTMENTID BIRTHDATE STARTDATE ENDDATE STATUS EMPLOYEETYPE "
            "EMPLOYEETYPE1099TYPE GENDER TERMINATIONTYPE CURRENCY PAYMETHODKEY CONTACTKEY SUPERVISORID NAME ENTITY",
            "CLASSID EARNINGTYPENAME MERGEPAYMENTREQ PAYMENTNOTIFY POSTACTUALCOST ACHENABLED SUPDOCFOLDERNAME",
            "PERSONALINFO.CONTACTNAME",
            _1099,
            _ACH,
            prefixed("CONTACT", CONTACT),
        ),
        absent=("EMPPOSITIONID",),
        required=("EMPLOYEEID",),
        references={"LOCATIONID": "LOCATION", "DEPARTMENTID": "DEPARTMENT", "SUPERVISORID": "EMPLOYEE"},
        lengths={"EMPLOYEEID": 20},
    ),
    listed(
        name="CONTACT",
        title="Contact",
        key="CONTACTNAME",
        fields=words("RECORDNO STATUS", CONTACT),
        required=("CONTACTNAME", "PRINTAS"),
        flags=("TAXABLE",),
        lengths={"CONTACTNAME": 200, "PRINTAS": 200},
    ),
    *DIMENSIONS,
    *(
        listed(
            name=name,
            title=title,
            key="BANKACCOUNTID",
            fields=words(
                "BANKACCOUNTID BANKACCOUNTNO GLACCOUNTNO BANKNAME ROUTINGNO BRANCHID BANKACCOUNTTYPE DEPARTMENTID "
                "LOCATIONID STATUS RECORDNO ACHBANKID COMPANYNAME CURRENCY PHONE DESCRIPTION"
            ),
            required=("BANKACCOUNTID", "BANKNAME", "GLACCOUNTNO"),
            references={"GLACCOUNTNO": "GLACCOUNT", "DEPARTMENTID": "DEPARTMENT", "LOCATIONID": "LOCATION"},
            defaults={"BANKACCOUNTTYPE": kind},
            lengths={"BANKACCOUNTID": 40},
        )
        for name, title, kind in (
            ("CHECKINGACCOUNT", "Checking account", "checking"),
            ("SAVINGSACCOUNT", "Savings account", "savings"),
        )
    ),
    listed(
        name="CREDITCARD",
        title="Charge card account",
        key="CARDID",
        # Unconfirmed: the field names of the offset account and of a debit card's checking account.
        fields=words(
            "RECORDNO CARDID DESCRIPTION CARDTYPE EXP_MONTH EXP_YEAR COMMCARD STATUS VENDORID DEPT LOCATION "
            "LIABILITYTYPE "
            "OUTSOURCECARD OFFSETGLACCOUNTNO BANKACCOUNTID CURRENCY"
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
            "LIABILITYTYPE": ("Credit", "Debit"),
            "CARDTYPE": ("Visa", "Mastercard", "Discover", "American Express", "Diners Club", "Other Charge Card"),
        },
        defaults={"CARDTYPE": "Visa", "LIABILITYTYPE": "Credit", "OUTSOURCECARD": "F"},
        lengths={"CARDID": 40},
    ),
    listed(
        name="EXPENSEPAYMENTTYPE",
        title="Expense payment type",
        key="NAME",
        fields=words("RECORDNO NAME DESCRIPTION NONREIMBURSABLE OFFSETACCTNO OFFSETACCTTITLE STATUS"),
        required=("NAME",),
        references={"OFFSETACCTNO": "GLACCOUNT"},
        flags=("NONREIMBURSABLE",),
        defaults={"NONREIMBURSABLE": "false"},
    ),
    *(
        listed(
            name=name,
            title=title,
            key="ACCOUNTLABEL",
            fields=words(
                "RECORDNO ACCOUNTLABEL DESCRIPTION GLACCOUNTNO GLACCOUNTTITLE OFFSETGLACCOUNTNO STATUS ITEMID"
            ),
            required=("ACCOUNTLABEL", "DESCRIPTION", "GLACCOUNTNO"),
            references={"GLACCOUNTNO": "GLACCOUNT", "ITEMID": "ITEM"},
            lengths={"ACCOUNTLABEL": 80},
        )
        for name, title in (("EEACCOUNTLABEL", "Expense type"), ("APACCOUNTLABEL", "AP account label"))
    ),
    listed(
        name="TAXDETAIL",
        title="Tax detail",
        key="DETAILID",
        fields=words(
            "RECORDNO DETAILID TAXUID DESCRIPTION TAXTYPE VALUE MINTAXABLE MAXTAXABLE INCLUDE MINTAX MAXTAX GLACCOUNT "
            "TAXAUTHORITY STATUS REVERSECHARGE TAXRATE TAXSOLUTIONID SYSGENERATED"
        ),
        required=("DETAILID", "VALUE"),
        references={"GLACCOUNT": "GLACCOUNT", "TAXSOLUTIONID": "TAXSOLUTION"},
        choices={"TAXTYPE": ("Purchase", "Sale")},
        flags=("REVERSECHARGE",),
        defaults={"TAXTYPE": "Purchase", "REVERSECHARGE": "false"},
    ),
    ObjectType(
        name="TAXSOLUTION",
        title="Tax solution",
        key="SOLUTIONID",
        fields=words(
            "RECORDNO SOLUTIONID DESCRIPTION TYPE STATUS TAXMETHOD STARTDATE SHOWMULTILINETAX LASTUPDATE ALTSETUP",
            "GLACCOUNTPURCHASE GLACCOUNTPURCHASETITLE GLACCOUNTPURCHASEKEY GLACCOUNTSALE GLACCOUNTSALETITLE "
            "GLACCOUNTSALEKEY "
            "ARADVANCEOFFSETACCT ARADVANCEOFFSETACCTTITLE ARADVANCEOFFSETACCTKEY SUBMISSIONPROCESS",
            AUDIT,
            ENTITY,
        ),
        read_only=True,
        defaults=ACTIVE,
    ),
    listed(
        name="GLJOURNAL",
        title="Journal",
        key="SYMBOL",
        fields=words("RECORDNO SYMBOL TITLE STATUS ADJ BOOKID BOOKTYPE START_DATE"),
        required=("SYMBOL", "TITLE"),
        lengths={"SYMBOL": 4, "TITLE": 80},
    ),
    listed(
        name="APTERM",
        title="AP term",
        key="NAME",
        fields=words(
            "RECORDNO NAME DESCRIPTION STATUS DUEDATE DUEFROM DISCDATE DISCFROM DISCAMOUNT DISCPERCAMN DISCFUDGEDAYS "
            "DISCCALCON PEN_TYPES PENAMOUNT PENPERCAMN PENFUDGEDAYS VALUE"
        ),
        required=("NAME",),
        # Source: https://developer.intacct.com/api/accounts-payable/ap-terms (create_apterm)
        choices={
            "DUEFROM": TERM_FROM,
            "DISCFROM": TERM_FROM,
            "DISCPERCAMN": ("$", "%"),
            "PENPERCAMN": ("$", "%"),
            "DISCCALCON": ("Line items total", "Bill total"),
        },
        defaults={"DUEDATE": "30", "DUEFROM": TERM_FROM[0]},
    ),
    listed(
        name="REPORTINGPERIOD",
        title="Reporting period",
        key="NAME",
        # Source: https://developer.intacct.com/api/general-ledger/reporting-periods
        fields=words("RECORDNO NAME HEADER1 HEADER2 START_DATE END_DATE BUDGETING STATUS"),
        required=("NAME", "HEADER1", "START_DATE", "END_DATE"),
        flags=("BUDGETING",),
        defaults={"BUDGETING": "false"},
        lengths={"NAME": 80},
    ),
    listed(
        name="VENDTYPE",
        title="Vendor type",
        key="NAME",
        # Source: https://developer.intacct.com/api/accounts-payable/vendor-types. Unconfirmed: its other fields.
        fields=words("RECORDNO NAME PARENT STATUS"),
        required=("NAME",),
        lengths={"NAME": 80},
    ),
    ObjectType(
        name="ALLOCATION",
        title="Transaction allocation",
        key="ALLOCATIONID",
        # Source: https://developer.intacct.com/api/general-ledger/transaction-allocations
        fields=words(
            "RECORDNO ALLOCATIONID DESCRIPTION STATUS TYPE DOCNUMBER SUPDOCID ALLOCATIONENTRIES", AUDIT, ENTITY
        ),
        required=("ALLOCATIONID",),
        references={"SUPDOCID": "SUPDOC"},
        choices={**STATUS, "TYPE": (PERCENTAGE, ABSOLUTE, FIXED)},
        defaults={**ACTIVE, "TYPE": PERCENTAGE},
        lengths={"ALLOCATIONID": 50},
        lines=("ALLOCATIONENTRIES", "ALLOCATIONENTRY"),
    ),
    ObjectType(
        name="TRXCURRENCIES",
        title="Transaction currency",
        key="CODE",
        fields=words("RECORDNO CODE SYMBOL NAME STATUS", AUDIT),
        read_only=True,
        defaults=ACTIVE,
    ),
    ObjectType(
        name="EXCHANGERATETYPES",
        title="Exchange rate type",
        key="NAME",
        fields=words("RECORDNO ID NAME DESCRIPTION ISDEFAULT STATUS", AUDIT),
        read_only=True,
        defaults=ACTIVE,
    ),
    ObjectType(
        name="USERINFO",
        title="User",
        key="LOGINID",
        fields=words("RECORDNO LOGINID DESCRIPTION USERTYPE ADMIN STATUS", "CONTACTINFO.EMAIL1", AUDIT),
        read_only=True,
        defaults=ACTIVE,
    ),
    ObjectType(
        name="SUPDOC",
        title="Attachment",
        key="SUPDOCID",
        fields=words("RECORDNO SUPDOCID SUPDOCNAME FOLDERNAME SUPDOCFOLDERNAME SUPDOCDESCRIPTION", AUDIT, ENTITY),
        read_only=True,
    ),
    ObjectType(
        name="SUPDOCFOLDER",
        title="Attachment folder",
        key="NAME",
        fields=words("RECORDNO NAME DESCRIPTION PARENTFOLDER", AUDIT, ENTITY),
        read_only=True,
    ),
)
