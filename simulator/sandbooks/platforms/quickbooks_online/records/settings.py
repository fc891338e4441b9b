"""The two records that a company has one of: what it is, and what it prefers."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online.fields import choice, flag, group, ignored, ref, text
from sandbooks.platforms.quickbooks_online.records.entity import Entity, address, email, telephone, website

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

COMPANY_INFO = Entity(
    name="CompanyInfo",
    path="companyinfo",
    members={
        "CompanyName": text(1024),
        "LegalName": text(1024),
        "CompanyAddr": address(),
        "CustomerCommunicationAddr": address(),
        "LegalAddr": address(),
        "CompanyEmailAddr": email(),
        "CustomerCommunicationEmailAddr": email(),
        "PrimaryPhone": telephone(),
        "Mobile": telephone(),
        "Fax": telephone(),
        "Email": email(),
        "WebAddr": website(),
        "CompanyURL": website(),
        "FiscalYearStartMonth": choice(*MONTHS),
        **ignored("CompanyStartDate", "Country", "SupportedLanguages", "NameValue", "EmployerId", "QBVersion"),
        **ignored("TaxYearStartMonth", "DefaultTimeZone", "MultiByteCharsSupported", "CompanyInfoEx"),
        **ignored("CompanyFileName", "FlavorStratum", "SampleFile", "CompanyUserId", "CompanyUserAdminEmail"),
        **ignored("ShipAddr", "OtherAddr", "LastImportedTime", "LastSyncTime", "OtherContactInfo"),
        **ignored("FifoCalculationStatus", "CustomField"),
    },
)
# Source: https://github.com/fylein/qbo-sdk-py (a recorded Preferences answer)
PREFERENCES = Entity(
    name="Preferences",
    path="preferences",
    members={
        "AccountingInfoPrefs": group(
            FirstMonthOfFiscalYear=choice(*MONTHS),
            UseAccountNumbers=flag(),
            ClassTrackingPerTxn=flag(),
            ClassTrackingPerTxnLine=flag(),
            TrackDepartments=flag(),
            DepartmentTerminology=text(30),
            CustomerTerminology=text(30),
            **ignored("TaxYearMonth", "BookCloseDate", "TaxForm", "AutoJournalEntryNumber", "RequiresAccounts"),
            **ignored("DefaultARAccount", "DefaultAPAccount", "OtherContactInfo"),
        ),
        "SalesFormsPrefs": group(
            CustomTxnNumbers=flag(),
            **ignored("AllowDeposit", "AllowDiscount", "AllowEstimates", "AllowServiceDate", "AllowShipping"),
            **ignored("DefaultTerms", "ETransactionEnabledStatus", "CustomField", "DefaultCustomerMessage"),
            **ignored("AutoApplyCredit", "EmailCopyToCompany", "ETransactionPaymentEnabled", "IPNSupportEnabled"),
            **ignored("ETransactionAttachPDF", "DefaultDiscountAccount", "UsingProgressInvoicing", "DelayedCharges"),
            **ignored("SalesEmailCc", "SalesEmailBcc", "EstimateMessage", "InvoiceMessage", "DefaultShippingAccount"),
            **ignored("DefaultItem", "DefaultDeliveryMethod", "AutoApplyPayments", "PrintItemWithZeroAmount"),
            **ignored("DefaultShipMethodRef", "DefaultMarkup", "TrackReimbursableExpensesAsIncome", "DefaultFOB"),
            **ignored("UsingSalesOrders", "UsingPriceLevels"),
        ),
        "ReportPrefs": group(ReportBasis=choice("Accrual", "Cash"), **ignored("CalcAgingReportFromTxnDate")),
        "VendorAndPurchasesPrefs": group(
            TrackingByCustomer=flag(),
            BillableExpenseTracking=flag(),
            DefaultTerms=ref("Term"),
            **ignored("POCustomField", "DefaultMarkup", "DefaultMarkupAccount", "UseBills", "TPAREnabled"),
            **ignored("EnableBills", "AutomaticBillPayment", "MsgToVendors", "UsingInventory", "DaysBillsAreDue"),
            **ignored("UsingMultiLocationInventory", "DiscountAccountRef"),
        ),
        **ignored("CurrencyPrefs", "TaxPrefs", "ProductAndServicesPrefs", "EmailMessagesPrefs", "TimeTrackingPrefs"),
        **ignored("OtherPrefs", "AdvancedInventoryPrefs", "PrintDocumentPrefs", "FinanceChargesPrefs"),
        **ignored("CustomField"),
    },
)

SETTINGS = (COMPANY_INFO, PREFERENCES)
