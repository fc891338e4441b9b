"""Names: vendors, customers and employees. They share one id series and one set of display names."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online.fields import (
    amount,
    choice,
    day,
    flag,
    group,
    ignored,
    lacking,
    many,
    number,
    ref,
    text,
)
from sandbooks.platforms.quickbooks_online.records.entity import Entity, address, email, telephone, website

# Source: XSD NameBase; lengths as the entity pages state them, which are newer than the XSD's.
_NAME = {
    "Title": text(16),
    "GivenName": text(100),
    "MiddleName": text(100),
    "FamilyName": text(100),
    "Suffix": text(16),
    "DisplayName": text(500, barred=":\t\n"),
    "CompanyName": text(100),
    "PrintOnCheckName": text(110),
    "Active": flag(),
    "PrimaryPhone": telephone(),
    "AlternatePhone": telephone(),
    "Mobile": telephone(),
    "Fax": telephone(),
    "PrimaryEmailAddr": email(),
    "WebAddr": website(),
    "Notes": text(4000),
    "AcctNum": text(100),
    **ignored("FullyQualifiedName", "Balance", "IntuitId", "UserId", "V4IDPseudonym", "Organization", "OtherAddr"),
    **ignored("ContactName", "AltContactName", "Source", "OpenBalanceDate", "CreditLimit", "OtherContactInfo"),
    **lacking("CustomField", "DefaultTaxCodeRef"),
}

VENDOR = Entity(
    name="Vendor",
    path="vendor",
    series="name",
    members={
        **_NAME,
        "BillAddr": address(),
        "ShipAddr": address(),
        "TaxIdentifier": text(20),
        "BusinessNumber": text(10),
        "TermRef": ref("Term"),
        "Vendor1099": flag(),
        "CurrencyRef": ref("Currency"),
        "BillRate": number(),
        "CostRate": number(),
        "APAccountRef": ref("Account"),
        **ignored("VendorEx", "VendorPaymentBankDetail", "HasTPAR", "T4AEligible", "T5018Eligible"),
        **ignored("TaxReportingBasis", "TaxCountry", "TaxIdEffectiveDate", "GSTIN", "GSTRegistrationType"),
        **ignored("AgencyVerificationStatus", "AgencyVerificationStatusMsg", "AgencyVerificationTSUTC"),
        **lacking(
            "CompanyRegistrationNumber", "TDSEnabled", "TDSEntityTypeId", "TDSOverrideThreshold", "TDSSectionTypeId"
        ),
        **lacking("ParentRef", "VendorTypeRef", "PrefillAccountRef", "IsSubContractor", "SubcontractorType", "CISRate"),
    },
    fixed=("CurrencyRef",),
    keys=("DisplayName",),
    shown=("Balance",),
    list_name="vendor",
)
CUSTOMER = Entity(
    name="Customer",
    path="customer",
    series="name",
    members={
        **_NAME,
        "BillAddr": address(),
        "ShipAddr": address(),
        "Job": flag(),
        "BillWithParent": flag(),
        "ParentRef": ref("Customer"),
        "Taxable": flag(),
        "SalesTermRef": ref("Term"),
        "PaymentMethodRef": ref("PaymentMethod"),
        "CurrencyRef": ref("Currency"),
        "PreferredDeliveryMethod": text(30),
        "ResaleNum": text(16),
        **ignored("Level", "BalanceWithJobs", "IsProject", "CustomerEx", "OverDueBalance", "TotalRevenue"),
        **ignored("TotalExpense", "ClientEntityId", "ClientCompanyId", "PrimaryTaxIdentifier", "ARAccountRef"),
        **ignored("SecondaryTaxIdentifier", "BusinessNumber", "GSTIN", "GSTRegistrationType", "TaxExemptionReasonId"),
        **lacking("CustomerTypeRef", "SalesRepRef", "PriceLevelRef", "TaxGroupCodeRef", "TaxRateRef", "CCDetail"),
        **lacking("RootCustomerRef", "JobInfo", "IsCISContractor", "TDSEnabled", "TaxRegime"),
    },
    fixed=("CurrencyRef",),
    keys=("DisplayName", "FullyQualifiedName", "ParentRef"),
    shown=("FullyQualifiedName", "Balance"),
    unfiltered=("CustomerTypeRef", "Taxable"),
    list_name="customer",
)
EMPLOYEE = Entity(
    name="Employee",
    path="employee",
    series="name",
    members={
        **_NAME,
        "PrimaryAddr": address(),
        "EmployeeNumber": text(100),
        "EmployeeType": text(30),
        "SSN": text(100),
        "BillableTime": flag(),
        "BillRate": number(),
        "CostRate": number(),
        "BirthDate": day(),
        "Gender": choice("Male", "Female"),
        "HiredDate": day(),
        "ReleasedDate": day(),
        **ignored("UseTimeEntry", "EmployeeEx"),
    },
    keys=("DisplayName",),
    list_name="employee",
)
_RATE_LIST = group(
    TaxRateDetail=many(
        {
            "TaxRateRef": ref("TaxRate"),
            "TaxTypeApplicable": choice("TaxOnAmount", "TaxOnAmountPlusTax", "TaxOnTax"),
            "TaxOrder": number(0, low=0, high=99),
            **ignored("TaxOnTaxOrder"),
        }
    ),
    **ignored("originatingGroupId"),
)
TAX_AGENCY = Entity(
    name="TaxAgency",
    path="taxagency",
    series="taxagency",
    members={
        **ignored(*VENDOR.members),  # by its schema an agency is a vendor, of which only what follows is kept
        "DisplayName": text(100),
        "TaxRegistrationNumber": text(30),
        "ReportingPeriod": text(30),
        "TaxTrackedOnPurchases": flag(),
        "TaxTrackedOnSales": flag(),
        **ignored("TaxOnTax", "LastFileDate", "TaxAgencyConfig", "TaxAgencyExt", "SalesTaxReturnRef"),
        **ignored("SalesTaxCodeRef", "SalesTaxCountry", "TaxOnPurchasesAccountRef", "TaxTrackedOnSalesAccountRef"),
    },
    required=("DisplayName",),
    keys=("DisplayName",),
    list_name="tax agency",
)
TAX_CODE = Entity(
    name="TaxCode",
    path="taxcode",
    series="taxcode",
    members={
        "Name": text(100),
        "Description": text(100),
        "Active": flag(),
        "Hidden": flag(),
        "Taxable": flag(),
        "TaxGroup": flag(),
        "SalesTaxRateList": _RATE_LIST,
        "PurchaseTaxRateList": _RATE_LIST,
        "TaxCodeConfigType": text(40),
    },
    keys=("Name",),
    writable=False,
    list_name="tax code",
)
TAX_RATE = Entity(
    name="TaxRate",
    path="taxrate",
    series="taxrate",
    members={
        "Name": text(100),
        "Description": text(100),
        "Active": flag(),
        "RateValue": amount(),
        "AgencyRef": ref("TaxAgency"),
        "SpecialTaxType": choice("NONE", "ZERO_RATE", "FOREIGN_TAX", "REVERSE_CHARGE", "ADJUSTMENT_RATE"),
        "DisplayType": choice("ReadOnly", "HideInTransactionForms", "HideInPrintedForms", "HideInAll"),
        **ignored("EffectiveTaxRate", "TaxReturnLineRef", "OriginalTaxRate"),
    },
    keys=("Name",),
    writable=False,
    list_name="tax rate",
)

NAMES = (VENDOR, CUSTOMER, EMPLOYEE, TAX_AGENCY, TAX_CODE, TAX_RATE)
