"""The version of qbXML that an element came with: what a document of an older one neither says nor is told.

``Parent/Name`` is an element in one place; a bare name is that element wherever it stands.
"""

from __future__ import annotations

from functools import cache

# Source: QuickBooks Desktop SDK, Onscreen Reference (since when each message and element is there)
_SINCE = {
    (1, 1): ("ListDelRq PreferencesQueryRq TxnDelRq TxnVoidRq ReceivedQuantity"),
    (2, 0): (
        "GeneralSummaryReportQueryRq GeneralDetailReportQueryRq CustomSummaryReportQueryRq CustomDetailReportQueryRq "
        "DataExtAddRq DataExtModRq DataExtDelRq DataExtDefAddRq DataExtDefQueryRq "
        "APAccountRef AccountFilter/ListID AccountRet/BankNumber AccountRet/DataExtRet Addr4 BillPaymentCheckAddRq "
        "BillPaymentCheckQueryRq BillPaymentCreditCardAddRq BillPaymentCreditCardQueryRq "
        "BillQueryRq/IncludeLinkedTxns BillRet/DataExtRet BillRet/LinkedTxn BillToPayQueryRq BirthDate "
        "CheckRet/DataExtRet CompanyRet/DataExtRet CreditCardChargeRet/DataExtRet CreditCardCreditRet/DataExtRet "
        "CustomerRet/DataExtRet DepositAddRq DepositQueryRq EmployeePayrollInfo EmployeeRet/DataExtRet "
        "EmployeeRet/SSN EntityFilter/ListID ExpenseLineAdd/BillableStatus ExpenseLineRet/BillableStatus IsPaid "
        "ItemLineAdd/BillableStatus ItemLineRet/BillableStatus ItemNonInventoryRet/DataExtRet "
        "ItemOtherChargeRet/DataExtRet ItemServiceRet/DataExtRet JournalEntryRet/DataExtRet ListDeletedQueryRq "
        "ListIDWithChildren OtherNameRet/DataExtRet OverrideItemAccountRef OwnerID TxnDeletedQueryRq "
        "VendorCreditQueryRq/IncludeLinkedTxns VendorCreditRet/DataExtRet VendorCreditRet/LinkedTxn "
        "VendorRet/DataExtRet"
    ),
    (2, 1): (
        "TaxLineInfoRet PurchaseOrderModRq IsManuallyClosed IsFullyReceived DataExtDefModRq DataExtDefDelRq "
        "ReportClassFilter GeneralSummaryReportQueryRq/ReportBasis GeneralDetailReportQueryRq/ReportBasis "
        "CustomSummaryReportQueryRq/ReportBasis CustomDetailReportQueryRq/ReportBasis "
        "CashFlowClassification EmployeeAdd/Fax EmployeeAdd/Mobile EmployeeAdd/Pager EmployeeRet/Fax "
        "EmployeeRet/Mobile EmployeeRet/Notes EmployeeRet/Pager PagerPIN SpecialAccountType TaxForm"
    ),
    (3, 0): (
        "SalesRepModRq ItemSalesTaxGroupModRq DisplayReport ReportDetailLevelFilter ReportPostingStatusFilter "
        "DataExtAdd/TxnLineID DataExtMod/TxnLineID DataExtDel/TxnLineID DataExtDelRet/TxnLineID "
        "BillModRq BillPaymentCheckAdd/Memo BillPaymentCreditCardAdd/Memo CreditCardInfo CustomerAdd/Notes "
        "CustomerMod/CreditLimit CustomerMod/CustomerTypeRef CustomerMod/DeliveryMethod CustomerMod/IsActive "
        "CustomerMod/IsStatementWithParent CustomerMod/ItemSalesTaxRef CustomerMod/JobDesc CustomerMod/JobEndDate "
        "CustomerMod/JobProjectedEndDate CustomerMod/JobStartDate CustomerMod/JobStatus CustomerMod/JobTypeRef "
        "CustomerMod/Notes CustomerMod/ParentRef CustomerMod/ResaleNumber CustomerMod/SalesRepRef "
        "CustomerMod/SalesTaxCodeRef CustomerMod/TermsRef EmployeeAdd/Notes HostRet/Country IsAdjustment "
        "IsAutomaticLogin IsSampleCompany JournalCreditLine/BillableStatus JournalDebitLine/BillableStatus LinkType "
        "OtherNameAdd/Notes OtherNameRet/Notes PreferredPaymentMethodRef QBFileMode UseTimeDataToCreatePaychecks "
        "VendorAdd/Notes VendorMod/CreditLimit VendorMod/IsActive VendorMod/IsVendorEligibleFor1099 VendorMod/Notes "
        "VendorMod/TermsRef VendorMod/VendorTaxIdent VendorMod/VendorTypeRef"
    ),
    (4, 0): ("IncludeRetElement LinkToTxn LinkToTxnID PriceLevelRef RefNumberCaseSensitive TransactionQueryRq"),
    (5, 0): ("AccrualStartDate HoursUsed"),
    (6, 0): (
        "BillingRateAddRq BillingRateQueryRq "
        "AccountAdd/SalesTaxCodeRef AccountModRq AccountRet/SalesTaxCodeRef Addr5 AddressBlock "
        "BillAdd/IsTaxIncluded BillAdd/SalesTaxCodeRef BillAddressBlock BillMod/IsTaxIncluded "
        "BillMod/SalesTaxCodeRef BillPaymentCheckModRq BillRet/IsTaxIncluded BillRet/SalesTaxCodeRef BillingRateRef "
        "CheckAdd/IsTaxIncluded CheckAdd/SalesTaxCodeRef CheckModRq CheckRet/IsTaxIncluded CheckRet/SalesTaxCodeRef "
        "CreditCardChargeAdd/IsTaxIncluded CreditCardChargeAdd/SalesTaxCodeRef CreditCardChargeModRq "
        "CreditCardChargeRet/IsTaxIncluded CreditCardChargeRet/SalesTaxCodeRef CreditCardCreditModRq "
        "CustomerAdd/SalesTaxCountry CustomerMod/SalesTaxCountry CustomerRet/SalesTaxCountry "
        "ExpenseLineAdd/SalesTaxCodeRef ExpenseLineMod/SalesTaxCodeRef ExpenseLineRet/SalesTaxCodeRef "
        "AccountMod/SalesTaxCodeRef CheckMod/IsTaxIncluded CheckMod/SalesTaxCodeRef CreditCardChargeMod/IsTaxIncluded "
        "CreditCardChargeMod/SalesTaxCodeRef JournalLineMod/ItemSalesTaxRef "
        "IncludeListMetaData IsTaxAccount ItemLineAdd/SalesTaxCodeRef ItemLineMod/SalesTaxCodeRef "
        "ItemLineRet/SalesTaxCodeRef ItemNonInventoryAdd/IsTaxIncluded ItemNonInventoryRet/IsTaxIncluded "
        "ItemOtherChargeAdd/IsTaxIncluded ItemOtherChargeRet/IsTaxIncluded ItemPurchaseTaxRef "
        "ItemServiceAdd/IsTaxIncluded ItemServiceRet/IsTaxIncluded JournalCreditLine/ItemSalesTaxRef "
        "JournalDebitLine/ItemSalesTaxRef JournalEntryModRq Note OtherNameAddressBlock PurchaseTaxCodeRef "
        "SalesTaxCodeAdd/ItemSalesTaxRef SalesTaxCodeRet/ItemSalesTaxRef ShipAddressBlock VendorAddressBlock"
    ),
    (6, 1): ("TaxAmount"),
    (7, 0): (
        "ListMergeRq ApplyCheckToTxnAdd ApplyCheckToTxnMod SubscribedServices "
        "CheckQueryRq/IncludeLinkedTxns CheckRet/LinkedTxn "
        "DepositLineRet/PaymentTxnLineID DepositModRq ManufacturerPartNumber OverrideUOMSetRef PaymentMethodType "
        "TaxLineID UnitOfMeasure UnitOfMeasureSetRef"
    ),
    (8, 0): (
        "AccountantCopy AmountDueInHomeCurrency AmountInHomeCurrency ClassModRq CreditAmountInHomeCurrency "
        "CreditCardCreditAdd/IsTaxIncluded CreditCardCreditAdd/SalesTaxCodeRef CreditCardCreditMod/IsTaxIncluded "
        "CreditCardCreditMod/SalesTaxCodeRef CreditCardCreditRet/IsTaxIncluded CreditCardCreditRet/SalesTaxCodeRef "
        "CreditRemainingInHomeCurrency CurrencyAddRq CurrencyFilter CurrencyQueryRq CurrencyRef "
        "CustomerAdd/ExternalGUID CustomerRet/ExternalGUID DepositTotalInHomeCurrency EmployeeAdd/ExternalGUID "
        "EmployeeRet/ExternalGUID ExchangeRate IsAmountsEnteredInHomeCurrency IsHomeCurrencyAdjustment "
        "IsSalesTaxAgency IsTaxOnTax IsTaxTrackedOnPurchases IsTaxTrackedOnSales ItemNonInventoryAdd/ExternalGUID "
        "ItemNonInventoryRet/ExternalGUID ItemOtherChargeAdd/ExternalGUID ItemOtherChargeRet/ExternalGUID "
        "ItemServiceAdd/ExternalGUID ItemServiceRet/ExternalGUID MultiCurrencyPreferences OtherNameAdd/ExternalGUID "
        "OtherNameRet/ExternalGUID PrefillAccountRef ReportingPeriod SalesTaxReturnRef TaxOnPurchasesAccountRef "
        "TaxOnSalesAccountRef TaxRegistrationNumber VendorAdd/ExternalGUID VendorAdd/SalesTaxCodeRef "
        "VendorAdd/SalesTaxCountry VendorCreditAdd/IsTaxIncluded VendorCreditAdd/SalesTaxCodeRef VendorCreditModRq "
        "VendorCreditMod/IsTaxIncluded VendorCreditMod/SalesTaxCodeRef "
        "VendorCreditRet/IsTaxIncluded VendorCreditRet/SalesTaxCodeRef VendorMod/SalesTaxCodeRef "
        "VendorMod/SalesTaxCountry VendorRet/ExternalGUID VendorRet/SalesTaxCodeRef VendorRet/SalesTaxCountry"
    ),
    (9, 0): (
        "BillAdd/ExternalGUID BillPaymentCheckAdd/ExternalGUID BillPaymentCheckRet/ExternalGUID "
        "BillPaymentCreditCardAdd/ExternalGUID BillPaymentCreditCardRet/ExternalGUID BillRet/ExternalGUID "
        "CheckAdd/ExternalGUID CheckRet/ExternalGUID CreditCardChargeAdd/ExternalGUID "
        "CreditCardChargeRet/ExternalGUID CreditCardCreditAdd/ExternalGUID CreditCardCreditRet/ExternalGUID "
        "DepositAdd/ExternalGUID DepositRet/ExternalGUID JournalEntryAdd/ExternalGUID JournalEntryRet/ExternalGUID "
        "VendorCreditAdd/ExternalGUID VendorCreditRet/ExternalGUID"
    ),
    (10, 0): ("AppliedToTxnRet/LinkedTxn InventorySiteRef Override"),
    (11, 0): (
        "DataExtDefRet/DataExtID DataExtDefRet/DataExtListRequire DataExtDefRet/DataExtTxnRequire "
        "DataExtDefRet/DataExtFormatString "
        "DiscountClassRef ErrorRecovery VendorAdd/ShipAddress VendorMod/ShipAddress VendorRet/ShipAddress"
    ),
    (12, 0): (
        "DataExtDefAdd/DataExtListRequire DataExtDefAdd/DataExtTxnRequire DataExtDefAdd/DataExtFormatString "
        "AdditionalNotesRet ContactsRet "
        "AdditionalContactRef AdditionalNotes AdditionalNotesMod AssignClassesTo BarCode Cc ClassFilter Contacts "
        "ContactsMod CustomerAdd/ClassRef CustomerMod/ClassRef CustomerRet/ClassRef InventorySiteLocationRef "
        "ItemNonInventoryAdd/ClassRef ItemNonInventoryRet/ClassRef ItemOtherChargeAdd/ClassRef "
        "ItemOtherChargeRet/ClassRef ItemServiceAdd/ClassRef ItemServiceRet/ClassRef JobTitle "
        "PreferredDeliveryMethod ShipToAddress TransferAddRq TransferModRq TransferQueryRq VendorAdd/ClassRef "
        "VendorMod/ClassRef VendorRet/ClassRef"
    ),
    (13, 0): (
        "AdjustedServiceDate BillAdd/VendorAddress BillMod/VendorAddress BillRet/VendorAddress DataExt Department "
        "Description DisabilityDesc Disabled EmergencyContacts Ethnicity Exempt ExpenseLineAdd/SalesRepRef "
        "ExpenseLineMod/SalesRepRef ExpenseLineRet/DataExtRet ExpenseLineRet/SalesRepRef ItemLineAdd/SalesRepRef "
        "ItemLineMod/SalesRepRef ItemLineRet/DataExtRet ItemLineRet/SalesRepRef KeyEmployee MilitaryStatus OnFile "
        "OriginalHireDate PartOrFullTime SupervisorRef TargetBonus USCitizen USVeteran WorkAuthExpireDate"
    ),
}
NEWEST = max(_SINCE)
Version = tuple[int, ...]


def since(parent: str, name: str) -> Version:
    """The version that knows an element of a parent first."""
    table = _table()
    return table.get(f"{parent}/{name}") or table.get(name) or (1, 0)


@cache
def _table() -> dict[str, Version]:
    return {name: version for version, names in _SINCE.items() for name in names.split()}
