"""What REST calls the lists: accounts, contacts, dimensions, cash accounts, types, periods, users.

Source: https://developer.sage.com/intacct (OpenAPI), in public at
github.com/lorenz-bus-service/node-intacct-rest-api (spec: general-ledger, accounts-payable, cash-management,
company-configuration, expenses, project-and-resource-management, tax, accounts-receivable, inventory-control,
contracts-and-revenue-management); PyPI sageintacctrestsdk 1.9.0 (paths).
Unconfirmed: what categories of projects are called behind REST.
"""

from __future__ import annotations

from calendar import month_name
from typing import Any

from sandbooks.platforms.sage_intacct.rest.members import Member, Resource, Words, members, paths

AUDIT = (
    "audit.createdDateTime:@created audit.modifiedDateTime:@modified audit.createdBy:@CREATEDBY "
    "audit.modifiedBy:@MODIFIEDBY"
)
ENTITY = "entity:@MEGAENTITYID:LOCATIONENTITY"
_STATUS: Words = {
    "STATUS": {"active": "active", "inactive": "inactive", "activeNonPosting": "active non-posting"},
}


def _list(
    path: str,
    object: str,
    id: str,
    *texts: str,
    shared: str = f"{AUDIT} {ENTITY}",
    taken: tuple[Member, ...] = (),
    words: Words | None = None,
    lacking: str = "",
    **more: Any,
) -> Resource:
    return Resource(
        path=path,
        object=object,
        id=id,
        members=members(f"id:{id}", *texts, "status:STATUS", shared),
        taken=taken,
        words={**_STATUS, **(words or {})},
        lacking=paths(lacking),
        **more,
    )


_ACCOUNT_WORDS: Words = {
    "ACCOUNTTYPE": {"balanceSheet": "balancesheet", "incomeStatement": "incomestatement"},
    "CLOSINGTYPE": {
        "nonClosingAccount": "non-closing account",
        "closingAccount": "closing account",
        "closedToAccount": "closed to account",
    },
    "ALTERNATIVEACCOUNT": {
        "none": "None",
        "payablesAccount": "Payables account",
        "receivablesAccount": "Receivables account",
    },
}
_CARD_WORDS: Words = {
    "CARDTYPE": {
        "visa": "Visa",
        "mastercard": "Mastercard",
        "discover": "Discover",
        "americanExpress": "American Express",
        "dinersClub": "Diners Club",
        "otherChargeCard": "Other Charge Card",
    },
    "LIABILITYTYPE": {"credit": "Credit", "debit": "Debit"},
    "EXP_MONTH": {f"{n:02d}": month_name[n] for n in range(1, 13)},
}
_ITEM_WORDS: Words = {
    "ITEMTYPE": {
        "inventory": "Inventory",
        "nonInventory": "Non-Inventory",
        "purchaseOnlyNonInventory": "Non-Inventory (Purchase only)",
        "salesOnlyNonInventory": "Non-Inventory (Sales only)",
        "kit": "Kit",
        "stockableKit": "Stockable Kit",
    },
    "COST_METHOD": {"standard": "Standard", "average": "Average"},
}
_MAIL = (
    "mailingAddress.addressLine1:{0}MAILADDRESS.ADDRESS1 mailingAddress.addressLine2:{0}MAILADDRESS.ADDRESS2 "
    "mailingAddress.addressLine3:{0}MAILADDRESS.ADDRESS3 mailingAddress.city:{0}MAILADDRESS.CITY "
    "mailingAddress.state:{0}MAILADDRESS.STATE mailingAddress.postCode:{0}MAILADDRESS.ZIP "
    "mailingAddress.country:{0}MAILADDRESS.COUNTRY mailingAddress.isoCountryCode:{0}MAILADDRESS.COUNTRYCODE"
)
_PERSON = (
    "printAs:{0}PRINTAS companyName:{0}COMPANYNAME prefix:{0}PREFIX firstName:{0}FIRSTNAME middleName:{0}INITIAL "
    "lastName:{0}LASTNAME email1:{0}EMAIL1 email2:{0}EMAIL2 phone1:{0}PHONE1 phone2:{0}PHONE2 mobile:{0}CELLPHONE "
    f"pager:{{0}}PAGER fax:{{0}}FAX URL1:{{0}}URL1 URL2:{{0}}URL2 {_MAIL}"
)


def _contact(path: str, field: str) -> str:
    """The members of a contact, under a path, from the fields of an object that holds one."""
    return " ".join(f"{path}{word}" for word in _PERSON.format(field).split())


_REQUIRES = " ".join(
    f"requireDimensions.{member}:REQUIRE{field}::flag"
    for member, field in (
        *(("department", "DEPT"), ("location", "LOC"), ("project", "PROJECT"), ("class", "CLASS")),
        *(("customer", "CUSTOMER"), ("vendor", "VENDOR"), ("employee", "EMPLOYEE"), ("item", "ITEM")),
        *(("contract", "CONTRACT"), ("warehouse", "WAREHOUSE"), ("task", "TASK")),
    )
)
_BANK = (
    "bankAccountDetails.bankName:BANKNAME bankAccountDetails.accountNumber:BANKACCOUNTNO "
    "bankAccountDetails.currency:CURRENCY bankAccountDetails.routingNumber:ROUTINGNO "
    "bankAccountDetails.branchId:BRANCHID bankAccountDetails.phoneNumber:PHONE "
    "accounting.glAccount:GLACCOUNTNO:GLACCOUNT department:DEPARTMENTID:DEPARTMENT location:LOCATIONID:LOCATION"
)

LISTS: tuple[Resource, ...] = (
    _list(
        "general-ledger/account",
        "GLACCOUNT",
        "ACCOUNTNO",
        "name:TITLE accountType:ACCOUNTTYPE normalBalance:NORMALBALANCE closingType:CLOSINGTYPE "
        "closeToGLAccount:CLOSINGACCOUNTNO:GLACCOUNT category:CATEGORY alternativeGLAccount:ALTERNATIVEACCOUNT "
        "disallowDirectPosting:SUBLEDGERCONTROLON::flag isTaxable:TAXABLE::flag taxCode:TAXCODE mrcCode:MRCCODE",
        _REQUIRES,
        words=_ACCOUNT_WORDS,
        lacking="enableGLMatching reconciliationSequence isGermanTaxAccount constructionCategory",
    ),
    _list(
        "general-ledger/journal",
        "GLJOURNAL",
        "SYMBOL",
        "name:TITLE isAdjustment:ADJ::flag bookId:@BOOKID bookType:BOOKTYPE",
        shared=AUDIT,
        # A journal that says nothing is of the accrual book, which is the only one here.
        words={"BOOKTYPE": {"accrual": ""}, "BOOKID": {"Accrual": ""}},
        read_only=True,
    ),
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (general-ledger: what budget details show of a
    # period). Unconfirmed: the members of its column headers, which are left out.
    _list(
        "general-ledger/reporting-period",
        "REPORTINGPERIOD",
        "NAME",
        "startDate:START_DATE endDate:END_DATE",
        shared=AUDIT,
        read_only=True,
    ),
    _list(
        "accounts-payable/vendor",
        "VENDOR",
        "VENDORID",
        "name:NAME taxId:TAXID creditLimit:CREDITLIMIT::number isOnHold:ONHOLD::flag doNotPay:DONOTCUTCHECK::flag "
        "currency:CURRENCY totalDue:@TOTALDUE::amount notes:COMMENTS parent:PARENTID:VENDOR term:TERMNAME:APTERM "
        "vendorAccountNumber:VENDORACCOUNTNO isOneTimeUse:ONETIME::flag vendorType:VENDTYPE:VENDTYPE "
        "attachment:SUPDOCID:SUPDOC overrideOffsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
        "contacts.default.id:DISPLAYCONTACT.CONTACTNAME contacts.primary:CONTACTINFO.CONTACTNAME:CONTACT "
        "contacts.payTo:PAYTO.CONTACTNAME:CONTACT contacts.returnTo:RETURNTO.CONTACTNAME:CONTACT",
        _contact("contacts.default.", "DISPLAYCONTACT."),
        "accountLabel:ACCOUNTLABEL:APACCOUNTLABEL paymentPriority:PAYMENTPRIORITY billingType:BILLINGTYPE "
        "form1099.nameOn1099:NAME1099 form1099.type:FORM1099TYPE form1099.box:FORM1099BOX",
        # What a vendor without them would be answered with is not known, so they are kept and not shown.
        taken=members(
            "mergePaymentRequests:MERGEPAYMENTREQ::flag sendPaymentNotification:PAYMENTNOTIFY::flag "
            "isIndividualPerson:ISINDIVIDUAL::flag displayTermDiscountOnCheckStub:DISPLAYTERMDISCOUNT::flag"
        ),
        words={"BILLINGTYPE": {"openItem": "openitem", "balanceForward": "balanceforward"}},
        lacking="state accountGroup defaultLeadTime filePaymentService bankFiles tpar t5018 form1099.is1099Eligible "
        "alwaysCreateBill retainagePercentage priceList priceSchedule defaultExpenseGLAccount discountPercent "
        "contacts.default.tax contacts.default.electronicInvoiceDetails contacts.recipient1099 contactList "
        "vendorEmailTemplates vendorPaymentProviders vendorBankFileSetup vendorAccountNumberList "
        "preferredPaymentMethod billPayment",
    ),
    _list(
        "accounts-receivable/customer",
        "CUSTOMER",
        "CUSTOMERID",
        "name:NAME taxId:TAXID creditLimit:CREDITLIMIT::number isOnHold:ONHOLD::flag currency:CURRENCY "
        "totalDue:@TOTALDUE::amount notes:COMMENTS parent:PARENTID:CUSTOMER customerType.id:CUSTTYPE "
        "salesRepresentative:CUSTREPID:EMPLOYEE term.id:TERMNAME customerResaleNumber:RESALENO "
        "isOneTimeUse:ONETIME::flag accountGroup.id:GLGROUP overrideOffsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
        "shippingMethod.id:SHIPPINGMETHOD territory.id:TERRITORYID attachment:SUPDOCID:SUPDOC "
        "contacts.default.id:DISPLAYCONTACT.CONTACTNAME contacts.primary:CONTACTINFO.CONTACTNAME:CONTACT "
        "contacts.billTo:BILLTO.CONTACTNAME:CONTACT contacts.shipTo:SHIPTO.CONTACTNAME:CONTACT",
        _contact("contacts.default.", "DISPLAYCONTACT."),
        taken=members("resaleNumber:RESALENO"),
        lacking="customerType term accountGroup shippingMethod territory contacts.default.tax "
        "contacts.default.showInContactList contacts.default.electronicInvoiceDetails "
        "contacts.default.internationalTaxId contacts.default.electronicAddress electronicAddress "
        "defaultRevenueGLAccount contactList restrictions customerEmailTemplates discountPercent advanceBillBy "
        "advanceBillByType lastInvoiceCreatedDate lastStatementGeneratedDate deliveryOptions overridePriceList "
        "customerMessage emailOptIn activationDate subscriptionEndDate enableOnlineACHPayment enableOnlineCardPayment "
        "disableRefund vendor accountLabel retainagePercentage priceList priceSchedule customerRestriction "
        "restrictedLocations restrictedDepartments customerAccountHealth printTemplates webURL",
        required=("name",),
    ),
    _list(
        "company-config/employee",
        "EMPLOYEE",
        "EMPLOYEEID",
        "name:NAME jobTitle:TITLE location:LOCATIONID:LOCATION department:DEPARTMENTID:DEPARTMENT class:CLASSID:CLASS "
        "manager:SUPERVISORID:EMPLOYEE birthDate:BIRTHDATE startDate:STARTDATE endDate:ENDDATE "
        "defaultCurrency:CURRENCY primaryContact.id:PERSONALINFO.CONTACTNAME",
        _contact("primaryContact.", "CONTACT."),
    ),
    _list("company-config/contact", "CONTACT", "CONTACTNAME", _contact("", ""), "tax.taxId:TAXID"),
    _list(
        "company-config/department",
        "DEPARTMENT",
        "DEPARTMENTID",
        "name:TITLE reportTitle:CUSTTITLE parent:PARENTID:DEPARTMENT supervisor:SUPERVISORID:EMPLOYEE",
        shared=AUDIT,
        taken=members(ENTITY),
    ),
    _list(
        "company-config/location",
        "LOCATION",
        "LOCATIONID",
        "name:NAME parent:PARENTID:LOCATION",
        "baseCurrency:CURRENCY",
    ),
    _list("company-config/entity", "LOCATIONENTITY", "LOCATIONID", "name:NAME baseCurrency:CURRENCY", read_only=True),
    _list("company-config/class", "CLASS", "CLASSID", "name:NAME description:DESCRIPTION parent:PARENTID:CLASS"),
    _list("company-config/folder", "SUPDOCFOLDER", "NAME", "description:DESCRIPTION parent:PARENTFOLDER:SUPDOCFOLDER"),
    _list(
        "company-config/user",
        "USERINFO",
        "LOGINID",
        "userName:DESCRIPTION accountEmail:CONTACTINFO.EMAIL1 userType:USERTYPE adminPrivileges:ADMIN",
        words={
            "STATUS": {"active": "active", "inactive": "inactive", "lockedOut": "locked out"},
            "USERTYPE": {"business": "business user", "employee": "employee user", "viewOnly": "view only user"},
            "ADMIN": {"off": "Off", "limited": "Limited", "full": "Full"},
        },
        read_only=True,
    ),
    _list(
        "projects/project",
        "PROJECT",
        "PROJECTID",
        "name:NAME description:DESCRIPTION projectCurrency:CURRENCY category:PROJECTCATEGORY "
        "projectStatus.id:PROJECTSTATUS startDate:BEGINDATE endDate:ENDDATE contractAmount:CONTRACTAMOUNT::amount "
        "documentNumber:DOCNUMBER purchaseOrderNumber:PONUMBER salesOrderNumber:SONUMBER "
        "invoiceWithParent:INVOICEWITHPARENT::flag projectType.id:PROJECTTYPE customer:CUSTOMERID:CUSTOMER "
        "parent:PARENTID:PROJECT location:LOCATIONID:LOCATION department:DEPARTMENTID:DEPARTMENT "
        "manager:MANAGERID:EMPLOYEE attachment:SUPDOCID:SUPDOC",
        words={
            "PROJECTCATEGORY": {
                "contract": "Contract",
                "capitalized": "Capitalized",
                "internalNonBillable": "Internal Non-Billable",
                "internalBillable": "Internal Billable",
            }
        },
    ),
    _list(
        "projects/task",
        "TASK",
        "TASKID",
        "name:NAME description:DESCRIPTION parent:PARENTID:TASK project:PROJECTID:PROJECT item:ITEMID:ITEM "
        "planned.startDate:PBEGINDATE planned.endDate:PENDDATE isMilestone:ISMILESTONE::flag isUtilized:UTILIZED::flag "
        "isBillable:BILLABLE::flag",
    ),
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (project-and-resource-management: the id of a cost
    # type is that of its standard cost type). Unconfirmed: that an id of its own is taken beside that.
    _list(
        "construction/cost-type",
        "COSTTYPE",
        "COSTTYPEID",
        "name:NAME description:DESCRIPTION project:PROJECTID:PROJECT task:TASKID:TASK "
        "accumulationType.id:ACCUMULATIONTYPENAME costUnitDescription:COSTUNITDESCRIPTION "
        "glAccount:ACCOUNTNO:GLACCOUNT item:ITEMID:ITEM planned.startDate:PLANNEDBEGINDATE "
        "planned.endDate:PLANNEDENDDATE actual.startDate:ACTUALBEGINDATE actual.endDate:ACTUALENDDATE "
        "standardCostType.id:STANDARDCOSTTYPEID",
        shared=AUDIT,
        taken=members(ENTITY),
        lacking="accumulationType standardCostType parent root overridePurchasingTaxSchedule taxSchedule taxSolution "
        "observedPercentCompleted",
        required=("name", "project"),
        copied={"COSTTYPEID": "STANDARDCOSTTYPEID"},
    ),
    _list(
        "contracts/contract",
        "CONTRACT",
        "CONTRACTID",
        "name:NAME description:DESCRIPTION startDate:BEGINDATE endDate:ENDDATE paymentTerm.id:TERMNAME "
        "currency.txnCurrency:CURRENCY dimensions.customer:CUSTOMERID:CUSTOMER "
        "dimensions.location:LOCATIONID:LOCATION",
        lacking="paymentTerm parent state application contacts cancellationDate billingFrequency billingPriceList "
        "meaPriceList holdBilling holdRevenue holdExpense currency isRenewable renewedContract renewal "
        "renewalTemplate billInAdvanceLength billInAdvancePeriod contractType deferEstimatedTimeBasedRevenueBy "
        "contractTotalAmount billedAmount attachment postMemo dimensions webURL",
        required=(
            *("id", "name", "startDate", "endDate", "paymentTerm.id", "dimensions.customer"),
            "dimensions.location",
        ),
    ),
    _list(
        "inventory-control/warehouse",
        "WAREHOUSE",
        "WAREHOUSEID",
        "name:NAME location:LOCATIONID:LOCATION parent:PARENTID:WAREHOUSE",
        lacking="isReplenishmentEnabled enableNegativeInv manager contacts",
        required=("id", "name", "location"),
    ),
    # The OpenAPI has the cost method among what is needed, and a default for it; here the default counts.
    _list(
        "inventory-control/item",
        "ITEM",
        "ITEMID",
        "name:NAME itemType:ITEMTYPE extendedDescription:EXTENDED_DESCRIPTION poDescription:PODESCRIPTION "
        "soDescription:SODESCRIPTION notes:NOTE costMethod:COST_METHOD productLine.id:PRODUCTLINEID "
        "unitOfMeasureGroup.id:UOMGRP substituteItemId:SUBSTITUTEID precision.upc:UPC "
        "purchasing.standardCost:STANDARD_COST sales.basePrice:BASEPRICE sales.isTaxable:TAXABLE::flag "
        "sales.taxGroup.id:TAXGROUP inventory.shippingWeight:SHIP_WEIGHT::number inventory.glGroup.id:GLGROUP",
        words=_ITEM_WORDS,
        lacking="productLine unitOfMeasureGroup precision purchasing sales inventory enableFulfillment "
        "isItemEnabledForMRR dateLastSold dateLastReceived isSuppliesItem quantityOnOrder quantityInTransit "
        "quantityOnHand quantityOnHold quantityReserved quantityAllocated quantityUncommitted vsoeCategory "
        "vsoeDefaultDeliveryStatus vsoeDefaultDeferralStatus tracking landedCost itemLandedCost replenishment "
        "itemDetails measurements commercial defaultConversionType itemTaxMap warehouseInfo itemVendor "
        "isEnabledForContracts kitRevenuePosting kitRevenuePrinting kitComponents contractTerm contractDefault "
        "itemCrossReference attachment",
        required=("id", "name", "itemType"),
    ),
    *(
        _list(
            f"cash-management/{word}-account",
            f"{word.upper()}ACCOUNT",
            "BANKACCOUNTID",
            _BANK,
            lacking="bankAccountDetails.bankAddress accounting.apJournal accounting.arJournal "
            "accounting.bankingTimeZone accounting.disableInterEntityTransfer accounting.serviceChargeGLAccount "
            "accounting.serviceChargeAccountLabel accounting.interestGLAccount accounting.interestAccountLabel "
            "reconciliation checkPrinting ach bankFile bankingCloudConnection ruleSet restrictions "
            "paymentProviderBankAccounts",
            taken=members("accountingMethod.cashGLAccount:GLACCOUNTNO:GLACCOUNT"),
        )
        for word in ("checking", "savings")
    ),
    _list(
        "cash-management/credit-card-account",
        "CREDITCARD",
        "CARDID",
        "accountDetails.description:DESCRIPTION accountDetails.cardType:CARDTYPE "
        "accountDetails.accountType:LIABILITYTYPE accountDetails.expirationMonth:EXP_MONTH "
        "accountDetails.expirationYear:EXP_YEAR accountDetails.currency:CURRENCY "
        "accountDetails.debitCardCheckingAccount:BANKACCOUNTID:CHECKINGACCOUNT "
        "accounting.offsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT vendor:VENDORID:VENDOR department:DEPT:DEPARTMENT "
        "location:LOCATION:LOCATION",
        taken=members(
            "description:DESCRIPTION cardType:CARDTYPE accountDetails.offsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
            "accountDetails.checkingAccount:BANKACCOUNTID:CHECKINGACCOUNT currency:CURRENCY "
            "expirationMonth:EXP_MONTH expirationYear:EXP_YEAR"
        ),
        words=_CARD_WORDS,
        lacking="accountDetails.number accountDetails.billingAddress accounting.financeChargeGLAccount "
        "accounting.financeChargeAPAccountLabel accounting.otherFeesGLAccount accounting.otherFeesAPAccountLabel "
        "accounting.defaultAccrualBasisGLJournal accounting.defaultCashBasisGLJournal "
        "accounting.employeeExpenseGLAccount accounting.employeeExpenseAccountLabel accounting.bankingTimeZone "
        "accounting.disableInterEntityTransfer accounting.useInEmployeeExpense reconciliation ruleSet "
        "bankingCloudConnection",
    ),
    _list(
        "expenses/employee-expense-type",
        "EEACCOUNTLABEL",
        "ACCOUNTLABEL",
        "description:DESCRIPTION glAccount:GLACCOUNTNO:GLACCOUNT offsetGLAccount:OFFSETGLACCOUNTNO:GLACCOUNT "
        "item:ITEMID:ITEM",
    ),
    _list(
        "expenses/employee-expense-payment-type",
        "EXPENSEPAYMENTTYPE",
        "NAME",
        "description:DESCRIPTION isNonReimbursable:NONREIMBURSABLE::flag offsetGLAccount:OFFSETACCTNO:GLACCOUNT",
    ),
    # Source: github.com/lorenz-bus-service/node-intacct-rest-api (tax: this object is only read; details of purchases
    # are written as objects of their own)
    _list(
        "tax/tax-detail",
        "TAXDETAIL",
        "DETAILID",
        "taxUniqueId:TAXUID description:DESCRIPTION taxPercent:VALUE::percent taxType:TAXTYPE "
        "reverseCharge:REVERSECHARGE::flag taxSolution:TAXSOLUTIONID:TAXSOLUTION glAccount:GLACCOUNT:GLACCOUNT",
        shared="",
        words={"TAXTYPE": {"purchase": "Purchase", "sale": "Sale"}},
        methods="GET",
    ),
    _list(
        "tax/purchasing-tax-detail",
        "TAXDETAIL",
        "DETAILID",
        "taxUniqueId:TAXUID description:DESCRIPTION taxPercent:VALUE::number reverseCharge:REVERSECHARGE::flag "
        "isSystemGenerated:@SYSGENERATED::flag taxSolution:TAXSOLUTIONID:TAXSOLUTION "
        "purchaseGLAccount:GLACCOUNT:GLACCOUNT taxAuthority.id:TAXAUTHORITY",
        shared="",
        lacking="taxAuthority taxRate amountToTax taxLimit germanTaxDetailKey useExpenseAccount",
        required=("id",),
        only=("TAXTYPE", "Purchase"),
    ),
)
