"""Lists and entities: accounts, vendors, employees, classifications and what else transactions refer to.

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0818065706.html and the pages beside it;
field names as in public clients (hotgluexyz/target-netsuite-v2, fylein/fyle-netsuite-api).
"""

from __future__ import annotations

from sandbooks.platforms.netsuite.schema.fields import (
    Field,
    RecordType,
    Sublist,
    amount,
    choice,
    day,
    flag,
    integer,
    moment,
    number,
    ref,
    refs,
    text,
)

# Unconfirmed: the REST ids of account types; the metadata catalog of a live account would settle them.
ACCOUNT_TYPES = {
    "Bank": "Bank",
    "AcctRec": "Accounts Receivable",
    "OthCurrAsset": "Other Current Asset",
    "FixedAsset": "Fixed Asset",
    "OthAsset": "Other Asset",
    "DeferExpense": "Deferred Expense",
    "AcctPay": "Accounts Payable",
    "CredCard": "Credit Card",
    "OthCurrLiab": "Other Current Liability",
    "LongTermLiab": "Long Term Liability",
    "DeferRevenue": "Deferred Revenue",
    "Equity": "Equity",
    "Income": "Income",
    "COGS": "Cost of Goods Sold",
    "Expense": "Expense",
    "OthIncome": "Other Income",
    "OthExpense": "Other Expense",
}
AVAILABLE = {"BOTH": "Both", "PURCHASE": "Purchases", "SALE": "Sales"}

ID = integer("id", "Internal ID", read_only=True)
COMMON: tuple[Field, ...] = (
    ID,
    text("externalId", "External ID", length=255),
    moment("createdDate"),
    moment("lastModifiedDate"),
)
# Source: https://www.npmjs.com/package/netsuite-rest (SuiteQL: customer.dateCreated)
DATED_ENTITY: tuple[Field, ...] = (*COMMON[:2], moment("dateCreated"), moment("lastModifiedDate"))
INACTIVE = flag("isInactive", "Inactive")
SUBSIDIARIES = refs("subsidiary", "subsidiary")
SUBSIDIARY = ref("subsidiary", "subsidiary")
PARENT_NAMES = (flag("includeChildren"), INACTIVE)


def _address() -> tuple[Field, ...]:
    return (
        text("email", "Email", length=254),
        text("phone", "Phone", length=32),
        text("url", "Web Address"),
        text("comments"),
        text("defaultAddress", "Address", read_only=True),
    )


def _classification(name: str, label: str, *, table: str = "") -> RecordType:
    fields = (*COMMON, text("name", "Name", required=True, length=60), ref("parent", name), SUBSIDIARIES, *PARENT_NAMES)
    permission = f"Lists -> {label}"
    return RecordType(name=name, label=label, fields=fields, series=name, table=table or name, permission=permission)


_CURRENCY_LIST = Sublist(
    name="currencyList",
    fields=(
        integer("line"),
        ref("currency", "currency", required=True),
        amount("balance", read_only=True),
        text("displaySymbol", read_only=True),
    ),
)
_ADDRESS_BOOK = Sublist(
    name="addressBook",
    fields=(
        integer("line"),
        flag("defaultBilling"),
        flag("defaultShipping"),
        text("label"),
        text("addressBookAddress_text", read_only=True),
        text("addr1"),
        text("addr2"),
        text("city"),
        text("state"),
        text("zip"),
        text("country"),
    ),
)

# Source: NetSuite REST API Browser, record v1 2026.1 (customer-contactRolesElement; no other entity shows such lines)
_CONTACT_ROLES = Sublist(
    name="contactRoles",
    read_only=True,
    fields=(
        integer("line"),
        ref("contact", "contact", read_only=True),
        text("contactName", "Contact", read_only=True),
        text("email", "Email", read_only=True),
        ref("role", "contactRole", read_only=True),
    ),
)

ACCOUNT = RecordType(
    name="account",
    label="Account",
    series="account",
    name_field="acctName",
    table="account",
    permission="Lists -> Accounts",
    fields=(
        *COMMON,
        text("acctNumber", "Number", length=60),
        text("acctName", "Name", required=True, length=60),
        choice("acctType", ACCOUNT_TYPES, "Type"),
        text("description", "Description"),
        ref("currency", "currency", label="Currency"),
        ref("parent", "account", label="Subaccount of"),
        SUBSIDIARIES,
        flag("includeChildren"),
        flag("eliminate"),
        flag("revalue"),
        flag("inventory"),
        INACTIVE,
        amount("balance", "Balance", read_only=True),
    ),
)
VENDOR = RecordType(
    name="vendor",
    label="Vendor",
    series="entity",
    name_field="entityId",
    table="vendor",
    permission="Lists -> Vendors",
    fields=(
        *DATED_ENTITY,
        text("entityId", "Vendor ID", length=83),
        text("companyName", "Company Name", length=83),
        text("legalName", "Legal Name", length=83),
        flag("isPerson", "Individual"),
        text("firstName", "First Name", length=32),
        text("lastName", "Last Name", length=32),
        SUBSIDIARY,
        ref("currency", "currency", label="Primary Currency"),
        ref("terms", "term", label="Terms"),
        ref("payablesAccount", "account", label="Default Payables Account"),
        ref("expenseAccount", "account", label="Default Expense Account"),
        ref("category", "vendorCategory", label="Category"),
        text("accountNumber", "Account"),
        text("vatRegNumber", "Tax Reg. Number"),
        *_address(),
        amount("balance", "Balance", read_only=True),
        INACTIVE,
    ),
    sublists=(_CURRENCY_LIST, _ADDRESS_BOOK),
)
EMPLOYEE = RecordType(
    name="employee",
    label="Employee",
    series="entity",
    name_field="entityId",
    table="employee",
    permission="Lists -> Employees",
    fields=(
        *DATED_ENTITY,
        text("entityId", "Employee ID", length=83),
        text("firstName", "First Name", length=32),
        text("middleName", "Middle Name", length=32),
        text("lastName", "Last Name", length=32),
        SUBSIDIARY,
        ref("currency", "currency", label="Currency"),
        ref("supervisor", "employee"),
        ref("approver", "employee", label="Expense Approver"),
        ref("department", "department"),
        ref("class", "classification"),
        ref("location", "location"),
        flag("giveAccess"),
        amount("expenseLimit"),
        text("title", "Job Title"),
        *_address(),
        INACTIVE,
    ),
)
CUSTOMER = RecordType(
    name="customer",
    label="Customer",
    series="entity",
    name_field="entityId",
    table="customer",
    permission="Lists -> Customers",
    fields=(
        *DATED_ENTITY,
        text("entityId", "Customer ID", length=83),
        text("companyName", "Company Name", length=83),
        flag("isPerson", "Individual"),
        text("firstName", "First Name", length=32),
        text("lastName", "Last Name", length=32),
        SUBSIDIARY,
        ref("currency", "currency", label="Primary Currency"),
        ref("parent", "customer", label="Parent Company"),
        ref("category", "customerCategory"),
        *_address(),
        INACTIVE,
    ),
    sublists=(_CURRENCY_LIST, _ADDRESS_BOOK, _CONTACT_ROLES),
)
# Source: NetSuite REST API Browser, record v1 2026.1 (contact, contactRole)
CONTACT = RecordType(
    name="contact",
    label="Contact",
    series="entity",
    name_field="entityId",
    table="contact",
    permission="Lists -> Contacts",
    fields=(
        *DATED_ENTITY,
        text("entityId", "Name", length=83),
        text("salutation", "Mr./Ms...", length=30),
        text("firstName", "First Name", length=32),
        text("middleName", "Middle Name", length=32),
        text("lastName", "Last Name", length=32),
        text("title", "Job Title", length=100),
        ref("company", "customer", "vendor", "job", label="Company"),
        SUBSIDIARY,
        flag("isPrivate", "Private"),
        *_address()[:1],
        text("altEmail", "Alt. Email", length=254),
        *(
            text(f"{name}Phone", f"{label} Phone", length=32)
            for name, label in (("office", "Office"), ("mobile", "Mobile"), ("home", "Home"))
        ),
        text("fax", "Fax", length=32),
        *_address()[1:2],
        text("comments"),
        text("defaultAddress", "Address", read_only=True),
        INACTIVE,
    ),
)
CONTACT_ROLE = RecordType(
    name="contactRole",
    label="Contact Role",
    series="contactRole",
    table="contactrole",
    permission="Lists -> CRM Lists",
    fields=(*COMMON, text("name", "Role", required=True, length=60), text("description"), INACTIVE),
)
JOB = RecordType(
    name="job",
    label="Project",
    series="entity",
    name_field="entityId",
    table="job",
    permission="Lists -> Projects",
    fields=(
        *DATED_ENTITY,
        text("entityId", "Project ID", length=83),
        text("companyName", "Project Name", required=True, length=83),
        ref("parent", "customer", label="Customer"),
        SUBSIDIARY,
        ref("currency", "currency"),
        day("startDate"),
        INACTIVE,
    ),
)
SUBSIDIARY_TYPE = RecordType(
    name="subsidiary",
    label="Subsidiary",
    series="subsidiary",
    table="subsidiary",
    permission="Setup -> Subsidiaries",
    fields=(
        *COMMON,
        text("name", "Name", required=True, length=83),
        text("legalName", "Legal Name", length=83),
        ref("parent", "subsidiary", label="Subsidiary of"),
        ref("currency", "currency"),
        text("country"),
        text("email"),
        flag("isElimination"),
        INACTIVE,
    ),
)
CURRENCY = RecordType(
    name="currency",
    label="Currency",
    series="currency",
    table="currency",
    permission="Lists -> Currencies",
    fields=(
        *COMMON,
        text("name", "Name", required=True, length=50),
        text("symbol", "ISO Code", required=True, length=3),
        text("displaySymbol", "Symbol", length=9),
        number("exchangeRate", "Default Exchange Rate"),
        integer("currencyPrecision", read_only=True),
        flag("isBaseCurrency"),
        INACTIVE,
    ),
)
CURRENCY_RATE = RecordType(
    name="currencyRate",
    label="Currency Exchange Rate",
    series="currencyRate",
    name_field="id",
    table="currencyrate",
    permission="Lists -> Currencies",
    fields=(
        *COMMON,
        ref("baseCurrency", "currency", required=True),
        ref("transactionCurrency", "currency", required=True),
        day("effectiveDate", "Effective Date"),
        number("exchangeRate", "Exchange Rate"),
    ),
)
TERM = RecordType(
    name="term",
    label="Term",
    series="term",
    table="term",
    permission="Lists -> Accounting Lists",
    fields=(
        *COMMON,
        text("name", "Terms", required=True, length=30),
        integer("daysUntilNetDue", "Days till Net Due"),
        INACTIVE,
    ),
)
PERIOD = RecordType(
    name="accountingPeriod",
    label="Accounting Period",
    name_field="periodName",
    table="accountingperiod",
    writable=False,
    permission="Setup -> Manage Accounting Periods",
    fields=(
        ID,
        text("periodName", "Period Name", read_only=True),
        day("startDate", "Start Date", read_only=True),
        day("endDate", "End Date", read_only=True),
        ref("parent", "accountingPeriod", read_only=True),
        flag("isYear"),
        flag("isQuarter"),
        flag("isAdjust"),
        flag("isPosting"),
        flag("closed", "Closed"),
        flag("apLocked", "A/P Locked"),
        flag("arLocked", "A/R Locked"),
        flag("allLocked", "All Locked"),
    ),
)
EXPENSE_CATEGORY = RecordType(
    name="expenseCategory",
    label="Expense Category",
    series="expenseCategory",
    table="expensecategory",
    permission="Lists -> Expense Categories",
    fields=(
        *COMMON,
        text("name", "Name", required=True, length=60),
        text("description"),
        ref("expenseAcct", "account", label="Expense Account", required=True),
        SUBSIDIARIES,
        flag("rateRequired"),
        INACTIVE,
    ),
)
TAX_TYPE = RecordType(
    name="taxType",
    label="Tax Type",
    series="taxType",
    table="taxtype",
    permission="Setup -> Tax Types",
    fields=(*COMMON, text("name", "Name", required=True), text("description"), text("country"), INACTIVE),
)
TAX_ITEM = RecordType(
    name="salesTaxItem",
    label="Tax Code",
    series="salesTaxItem",
    name_field="itemId",
    table="salestaxitem",
    permission="Lists -> Tax Records",
    fields=(
        *COMMON,
        text("itemId", "Tax Code", required=True, length=60),
        text("displayName", "Display Name"),
        text("description"),
        number("rate", "Rate"),
        ref("taxType", "taxType"),
        ref("purchaseAccount", "account", label="Purchase Tax Control Account"),
        ref("saleAccount", "account", label="Sales Tax Control Account"),
        choice("available", AVAILABLE, "Available On"),
        flag("reverseCharge"),
        number("nonDeductibleRate", "Non-Recoverable Percent"),
        text("country"),
        INACTIVE,
    ),
)
VENDOR_CATEGORY = RecordType(
    name="vendorCategory",
    label="Vendor Category",
    series="vendorCategory",
    table="vendorcategory",
    permission="Lists -> Accounting Lists",
    fields=(*COMMON, text("name", "Name", required=True, length=60), flag("isTaxAgency"), INACTIVE),
)
CUSTOMER_CATEGORY = RecordType(
    name="customerCategory",
    label="Customer Category",
    series="customerCategory",
    table="customercategory",
    permission="Lists -> Accounting Lists",
    fields=(*COMMON, text("name", "Name", required=True, length=60), INACTIVE),
)
RELATIONSHIP = RecordType(
    name="vendorSubsidiaryRelationship",
    label="Vendor-Subsidiary Relationship",
    series="vendorSubsidiaryRelationship",
    name_field="id",
    table="vendorsubsidiaryrelationship",
    permission="Lists -> Vendors",
    fields=(
        *COMMON,
        ref("entity", "vendor", required=True, label="Vendor"),
        ref("subsidiary", "subsidiary", required=True),
        flag("isPrimarySub"),
        amount("balance", read_only=True),
        amount("balanceBase", read_only=True),
        ref("baseCurrency", "currency", read_only=True),
    ),
)


def _item(name: str, label: str) -> RecordType:
    return RecordType(
        name=name,
        label=label,
        series="item",
        name_field="itemId",
        table="item",
        permission="Lists -> Items",
        fields=(
            *COMMON,
            text("itemId", "Item Name/Number", required=True, length=60),
            text("displayName", "Display Name"),
            text("purchaseDescription"),
            ref("expenseAccount", "account", label="Expense Account", required=True),
            amount("cost", "Purchase Price"),
            SUBSIDIARIES,
            INACTIVE,
        ),
    )


CLASSIFICATIONS = (
    _classification("department", "Departments"),
    _classification("classification", "Classes"),
    _classification("location", "Locations"),
)
ITEMS = (
    _item("nonInventoryPurchaseItem", "Non-inventory Item for Purchase"),
    _item("servicePurchaseItem", "Service for Purchase"),
)
LISTS: tuple[RecordType, ...] = (
    ACCOUNT,
    PERIOD,
    *CLASSIFICATIONS,
    CONTACT,
    CONTACT_ROLE,
    CURRENCY,
    CURRENCY_RATE,
    CUSTOMER,
    CUSTOMER_CATEGORY,
    EMPLOYEE,
    EXPENSE_CATEGORY,
    *ITEMS,
    JOB,
    TAX_ITEM,
    SUBSIDIARY_TYPE,
    TAX_TYPE,
    TERM,
    VENDOR,
    VENDOR_CATEGORY,
    RELATIONSHIP,
)
