"""The lists of the catalogue: what an entry must and may say, by object.

Source: https://developer.intacct.com/api/ (object pages), PyPI sageintacctsdk 1.28.1 (field lists),
github.com/Intacct/intacct-sdk-php (what its creates may name)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.platforms.sage_intacct.objects.allocating import ABSOLUTE, FIXED, PERCENTAGE
from sandbooks.platforms.sage_intacct.objects.kinds import AUDIT, CONTACT, ENTITY, ObjectType, prefixed, words

STATUS = {"STATUS": ("active", "inactive", "active non-posting")}
_ACTIVE = {"STATUS": "active"}
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
_PLACE = "CONTACTINFO.CONTACTNAME SHIPTO.CONTACTNAME"


def _list(
    *,
    fields: tuple[str, ...],
    choices: Mapping[str, tuple[str, ...]] | None = None,
    defaults: Mapping[str, str] | None = None,
    **more: Any,
) -> ObjectType:
    """A list that clients may change: it has a status, an entity, and the fields that tell who changed it."""
    return ObjectType(
        fields=(*fields, *words(AUDIT, ENTITY)),
        choices={**STATUS, **(choices or {})},
        defaults={**_ACTIVE, **(defaults or {})},
        **more,
    )


LISTS = (
    _list(
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
    _list(
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
    _list(
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
        references={"PARENTID": "CUSTOMER"},
        flags=("ONETIME", "ONHOLD"),
        defaults={"ONETIME": "false", "ONHOLD": "false", "TOTALDUE": "0"},
        lengths={"CUSTOMERID": 20, "NAME": 100},
    ),
    _list(
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
    _list(
        name="CONTACT",
        title="Contact",
        key="CONTACTNAME",
        fields=words("RECORDNO STATUS", CONTACT),
        required=("CONTACTNAME", "PRINTAS"),
        flags=("TAXABLE",),
        lengths={"CONTACTNAME": 200, "PRINTAS": 200},
    ),
    _list(
        name="DEPARTMENT",
        title="Department",
        key="DEPARTMENTID",
        fields=words("RECORDNO DEPARTMENTID TITLE PARENTKEY PARENTID SUPERVISORID SUPERVISORNAME STATUS CUSTTITLE"),
        required=("DEPARTMENTID", "TITLE"),
        references={"PARENTID": "DEPARTMENT"},
        lengths={"DEPARTMENTID": 20, "TITLE": 80},
    ),
    _list(
        name="LOCATION",
        title="Location",
        key="LOCATIONID",
        fields=words(
            "RECORDNO LOCATIONID NAME PARENTKEY PARENTID STATUS CURRENCY ENTITY SUPERVISORID STARTDATE ENDDATE "
            "CUSTTITLE",
            _PLACE,
        ),
        required=("LOCATIONID", "NAME"),
        references={"PARENTID": "LOCATION"},
        lengths={"LOCATIONID": 20, "NAME": 80},
    ),
    ObjectType(
        name="LOCATIONENTITY",
        title="Entity",
        key="LOCATIONID",
        fields=words(
            "RECORDNO LOCATIONID NAME REPORTPRINTAS SUPERVISORID FIRSTMONTH FIRSTMONTHTAX WEEKSTART FEDERALID "
            "STARTDATE "
            "ENDDATE STATUS HAS_IE_RELATION CUSTOMERID CUSTOMERNAME VENDORID VENDORNAME CURRENCY TAXID "
            "ENABLELEGALCONTACT "
            "LEGALNAME LEGALADDRESS1 LEGALADDRESS2 LEGALCITY LEGALSTATE LEGALZIPCODE LEGALCOUNTRY OPCOUNTRY "
            "ADDRESSCOUNTRYDEFAULT RECORD_URL",
            AUDIT,
        ),
        required=("LOCATIONID", "NAME"),
        read_only=True,
        defaults=_ACTIVE,
    ),
    _list(
        name="CLASS",
        title="Class",
        key="CLASSID",
        fields=words("RECORDNO CLASSID NAME DESCRIPTION STATUS PARENTKEY PARENTID PARENTNAME RECORD_URL"),
        required=("CLASSID", "NAME"),
        references={"PARENTID": "CLASS"},
        lengths={"CLASSID": 20, "NAME": 100},
    ),
    _list(
        name="PROJECT",
        title="Project",
        key="PROJECTID",
        fields=words(
            "RECORDNO PROJECTID NAME DESCRIPTION CURRENCY PROJECTCATEGORY PROJECTSTATUS PARENTKEY PARENTID PARENTNAME "
            "STATUS CUSTOMERKEY CUSTOMERID CUSTOMERNAME PROJECTTYPE DEPARTMENTID DEPARTMENTNAME LOCATIONID "
            "LOCATIONNAME BUDGETID BEGINDATE ENDDATE BILLABLEAPPODEFAULT BILLABLEEXPDEFAULT BILLINGPRICING BILLINGRATE "
            "BILLINGTYPE BUDGETAMOUNT BUDGETEDCOST BUDGETQTY CLASSID CONTRACTAMOUNT CUSTUSERID DOCNUMBER "
            "EXPENSEPRICING EXPENSERATE INVOICECURRENCY INVOICEMESSAGE INVOICEWITHPARENT MANAGERID OBSPERCENTCOMPLETE "
            "POAMOUNT POAPPRICING POAPRATE PONUMBER PQNUMBER SALESCONTACTID SONUMBER SUPDOCID TERMNAME "
            "USERRESTRICTIONS BILLTO.CONTACTNAME CFDA FUNDEDNAME AGENCY PAYER FUNDINGOTHERID ASSISTANCETYPE "
            "REVRESTRICTION RESTRICTIONEXPIRY RESTRICTIONEXPIRATIONDATE TIMESATISFACTIONSCHEDULED SCOPE INCLUSIONS "
            "EXCLUSIONS TERMS SCHEDULEDSTARTDATE ACTUALSTARTDATE SCHEDULEDCOMPLETIONDATE REVISEDCOMPLETIONDATE "
            "SUBSTANTIALCOMPLETIONDATE ACTUALCOMPLETIONDATE NOTICETOPROCEED RESPONSEDUE EXECUTEON SCHEDULEDIMPACT",
            _PLACE,
        ),
        required=("PROJECTID", "NAME", "PROJECTCATEGORY"),
        references={
            "PARENTID": "PROJECT",
            "CUSTOMERID": "CUSTOMER",
            "DEPARTMENTID": "DEPARTMENT",
            "LOCATIONID": "LOCATION",
        },
        absent=("PROJECT_RULES",),
        defaults={"PROJECTCATEGORY": "Contract", "PROJECTSTATUS": "In Progress"},
        lengths={"PROJECTID": 20, "NAME": 100},
    ),
    _list(
        name="ITEM",
        title="Item",
        key="ITEMID",
        fields=words(
            "RECORDNO ITEMID STATUS MRR NAME EXTENDED_DESCRIPTION PRODUCTLINEID GLGROUP ITEMTYPE TAXABLE UOMGRP "
            "BASEPRICE STANDARD_COST COST_METHOD UPC NOTE SUBSTITUTEID SHIP_WEIGHT TAXGROUP SODESCRIPTION "
            "PODESCRIPTION INCOMEACCTKEY INVACCTKEY EXPENSEACCTKEY COGSACCTKEY OFFSETOEGLACCOUNTKEY "
            "OFFSETPOGLACCOUNTKEY DEFERREDREVACCTKEY DEFAULTREVRECTEMPLKEY RENEWALMACROID REVPOSTING REVPRINTING "
            "VSOECATEGORY VSOEDLVRSTATUS VSOEREVDEFSTATUS HASSTARTENDDATES TERMPERIOD TOTALPERIODS COMPUTEFORSHORTTERM "
            "INV_PRECISION PO_PRECISION SO_PRECISION ENABLE_SERIALNO SERIAL_MASKKEY ENABLE_LOT_CATEGORY "
            "LOT_CATEGORYKEY ENABLE_BINS ENABLE_EXPIRATION UPC12 EAN13 AUTOPRINTLABEL DUROMETER SAFETYITEM "
            "RESTRICTEDITEM COMPLIANTITEM CONDITION ENGINEERINGALERT SPECIFICATION1 SPECIFICATION2 SPECIFICATION3 "
            "ENGINEERINGAPPROVAL QUALITYCONTROLAPPROVAL SALESAPPROVAL PRIMARYCOUNTRYOFORIGIN BRAND SUBBRAND CATEGORY "
            "SUBCATEGORY CATALOGREF COLOR STYLE SIZE1 SIZE2 GIFTCARD WEBENABLED WEBNAME WEBSHORTDESC WEBLONGDESC"
        ),
        absent=words(
            "ENABLEFULFILLMENT CONTRACTENABLED DEFAULT_CONVERSIONTYPE ALLOWMULTIPLETAXGRPS ITEMTAXGRPITEMMAPS "
            "ENABLELANDEDCOST LANDEDCOSTINFO ENABLE_REPLENISHMENT DEFAULT_REPLENISHMENT_UOM REPLENISHMENT_METHOD "
            "SAFETY_STOCK MAX_ORDER_QTY REORDER_POINT REORDER_QTY FORECAST_DEMAND_IN_LEAD_TIME WAREHOUSEINFO VENDORINFO"
        ),
        required=("ITEMID", "NAME"),
        defaults={"ITEMTYPE": "Non-Inventory"},
        lengths={"ITEMID": 30, "NAME": 100},
    ),
    # Source: https://developer.intacct.com/api/contracts/contracts, .../inventory-control/warehouses (as dimensions of
    # lines). What contracts and warehouses do in their own applications is not kept.
    _list(
        name="CONTRACT",
        title="Contract",
        key="CONTRACTID",
        fields=words("RECORDNO CONTRACTID NAME CUSTOMERID DESCRIPTION BEGINDATE ENDDATE CURRENCY STATUS"),
        required=("CONTRACTID", "NAME"),
        references={"CUSTOMERID": "CUSTOMER"},
        lengths={"CONTRACTID": 50, "NAME": 100},
    ),
    _list(
        name="WAREHOUSE",
        title="Warehouse",
        key="WAREHOUSEID",
        fields=words("RECORDNO WAREHOUSEID NAME LOCATIONID PARENTID STATUS"),
        required=("WAREHOUSEID", "NAME"),
        references={"LOCATIONID": "LOCATION", "PARENTID": "WAREHOUSE"},
        lengths={"WAREHOUSEID": 40, "NAME": 100},
    ),
    _list(
        name="TASK",
        title="Task",
        key="TASKID",
        fields=words(
            "RECORDNO TASKID PARENTKEY PARENTID NAME PARENTTASKNAME PROJECTKEY PROJECTID PROJECTNAME ITEMKEY ITEMID "
            "ITEMNAME DESCRIPTION BILLABLE TASKNO TASKSTATUS CLASSID CLASSNAME CLASSKEY ROOTPARENTKEY ROOTPARENTID "
            "ROOTPARENTNAME STATUS BUDGETQTY ESTQTY ISMILESTONE OBSPERCENTCOMPLETE PBEGINDATE PENDDATE PRIORITY "
            "SUPDOCID TIMETYPENAME UTILIZED STANDARDTASKID PRODUCTIONUNITDESC"
        ),
        required=("TASKID", "NAME", "PROJECTID"),
        references={"PROJECTID": "PROJECT", "ITEMID": "ITEM"},
        flags=("BILLABLE",),
        defaults={"BILLABLE": "false", "TASKSTATUS": "In Progress"},
    ),
    _list(
        name="COSTTYPE",
        title="Cost type",
        key="COSTTYPEID",
        fields=words(
            "RECORDNO PROJECTKEY PROJECTID PROJECTNAME TASKKEY TASKID TASKNAME COSTTYPEID NAME STATUS "
            "STANDARDCOSTTYPEID DESCRIPTION ACCUMULATIONTYPENAME COSTUNITDESCRIPTION ACCOUNTNO ITEMID "
            "PLANNEDBEGINDATE PLANNEDENDDATE ACTUALBEGINDATE ACTUALENDDATE"
        ),
        required=("COSTTYPEID", "NAME"),
        references={"PROJECTID": "PROJECT", "TASKID": "TASK"},
    ),
    *(
        _list(
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
    _list(
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
    _list(
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
        _list(
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
    _list(
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
        defaults=_ACTIVE,
    ),
    _list(
        name="GLJOURNAL",
        title="Journal",
        key="SYMBOL",
        fields=words("RECORDNO SYMBOL TITLE STATUS ADJ BOOKID BOOKTYPE START_DATE"),
        required=("SYMBOL", "TITLE"),
        lengths={"SYMBOL": 4, "TITLE": 80},
    ),
    _list(
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
    _list(
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
    _list(
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
        defaults={**_ACTIVE, "TYPE": PERCENTAGE},
        lengths={"ALLOCATIONID": 50},
        lines=("ALLOCATIONENTRIES", "ALLOCATIONENTRY"),
    ),
    ObjectType(
        name="TRXCURRENCIES",
        title="Transaction currency",
        key="CODE",
        fields=words("RECORDNO CODE SYMBOL NAME STATUS", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="EXCHANGERATETYPES",
        title="Exchange rate type",
        key="NAME",
        fields=words("RECORDNO ID NAME DESCRIPTION ISDEFAULT STATUS", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
    ),
    ObjectType(
        name="USERINFO",
        title="User",
        key="LOGINID",
        fields=words("RECORDNO LOGINID DESCRIPTION USERTYPE ADMIN STATUS", "CONTACTINFO.EMAIL1", AUDIT),
        read_only=True,
        defaults=_ACTIVE,
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
