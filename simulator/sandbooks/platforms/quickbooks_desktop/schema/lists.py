"""The list messages: accounts, names, classes, items, terms, currencies, codes."""

from sandbooks.platforms.quickbooks_desktop.schema.shared import GROUPS as SHARED

# Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths, editions)
_NAME = "Salutation:str(15)? FirstName:str(25)? MiddleName:str(5)? LastName:str(25)?"
_PERSON = f"{_NAME} ~Suffix:str? JobTitle:str(41)?"
_REACH = (
    "Phone:str(21)? ~Mobile:str? ~Pager:str? AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Cc:str(1023)? "
    "Contact:str(41)? AltContact:str(41)? AdditionalContactRef:AdditionalContact*"
)
_VENDOR_TERMS = (
    "VendorTypeRef:Ref(159)? TermsRef:Ref(31)? CreditLimit:amt? VendorTaxIdent:str(15)? IsVendorEligibleFor1099:bool?"
)
_VENDOR_TAX = (
    "~SalesTaxCodeRef:Ref? ~SalesTaxCountry:TaxCountry? ~IsSalesTaxAgency:bool? ~SalesTaxReturnRef:Ref? "
    "~TaxRegistrationNumber:str? ~ReportingPeriod:ReportingPeriod? ~IsTaxTrackedOnPurchases:bool? "
    "~TaxOnPurchasesAccountRef:Ref? ~IsTaxTrackedOnSales:bool? ~TaxOnSalesAccountRef:Ref? ~IsTaxOnTax:bool?"
)
_JOB = (
    "JobStatus:JobStatus? JobStartDate:date? JobProjectedEndDate:date? JobEndDate:date? JobDesc:str(99)? "
    "JobTypeRef:Ref(159)?"
)
_CARD = "CreditCardInfo:CreditCardInfo?"
_DELIVERY = (
    "~IsStatementWithParent:bool? ~DeliveryMethod:SentBy? "
    "PreferredDeliveryMethod:DeliveryMethod? PriceLevelRef:Ref(31)?"
)
_EMPLOYEE = (
    "SupervisorRef:Ref(209)? Department:str(31)? Description:str(64)? TargetBonus:amt? "
    "EmployeeAddress:EmployeeAddress? PrintAs:str(41)? "
    "Phone:str(21)? Mobile:str(21)? Pager:str(21)? PagerPIN:str(10)? AltPhone:str(21)? Fax:str(21)? SSN:str(15)? "
    "Email:str(1023)? AdditionalContactRef:AdditionalContact* EmergencyContacts:EmergencyContacts? "
    "EmployeeType:EmployeeType? PartOrFullTime:PartOrFullTime? Exempt:Exempt? KeyEmployee:YesNo? Gender:Gender? "
    "HiredDate:date? OriginalHireDate:date? AdjustedServiceDate:date? ReleasedDate:date? BirthDate:date? "
    "USCitizen:YesNo? Ethnicity:Ethnicity? Disabled:YesNo? DisabilityDesc:str(25)? OnFile:YesNo? "
    "WorkAuthExpireDate:date? USVeteran:YesNo? MilitaryStatus:MilitaryStatus?"
)
_SALE = "SalesOrPurchase:SalesOrPurchase | SalesAndPurchase:SalesAndPurchase"

GROUPS = {
    "ShipToAddress": "Name:str(41) &Address DefaultShipTo:bool?",
    "CreditCardInfo": (
        "CreditCardNumber:str(25)? ExpirationMonth:int? ExpirationYear:int? NameOnCard:str(41)? "
        "CreditCardAddress:str(41)? CreditCardPostalCode:str(41)?"
    ),
    "Contacts": (
        "Salutation:str(15)? FirstName:str(25) MiddleName:str(5)? LastName:str(25)? JobTitle:str(41)? "
        "AdditionalContactRef:AdditionalContact*"
    ),
    "ContactsMod": "ListID:id EditSequence:str(16) &Contacts",
    "ContactsRet": (
        "ListID:id TimeCreated:datetime TimeModified:datetime EditSequence:str(16) Contact:str(41)? &Contacts"
    ),
    "NoteRet": "NoteID:int Date:date Note:str(4095)",
    "NoteMod": "NoteID:int Note:str(4095)",
    "EmergencyContacts": "PrimaryContact:EmergencyContact? SecondaryContact:EmergencyContact?",
    "EmergencyContact": "ContactName:str(40) ContactValue:str(255) Relation:Relation?",
    "PayrollInfo": (
        "PayPeriod:PayPeriod? ClassRef:Ref(159)? ( ClearEarnings:bool | Earnings:Earnings+ )? "
        "UseTimeDataToCreatePaychecks:UseTimeData? SickHours:PaidHours? VacationHours:PaidHours?"
    ),
    "Earnings": "PayrollItemWageRef:Ref(31) ( Rate:price | RatePercent:percent )?",
    "PaidHours": (
        "HoursAvailable:str? AccrualPeriod:AccrualPeriod? HoursAccrued:str? MaximumHours:str? "
        "IsResettingHoursEachNewYear:bool? HoursUsed:str? AccrualStartDate:date?"
    ),
    "BarCode": "BarCodeValue:str(50)? AssignEvenIfUsed:bool? AllowOverride:bool?",
    "SalesOrPurchase": "Desc:str(4095)? ( Price:price | PricePercent:percent )? AccountRef:Ref(159)?",
    "SalesAndPurchase": (
        "SalesDesc:str(4095)? SalesPrice:price? IncomeAccountRef:Ref(159)? PurchaseDesc:str(4095)? "
        "PurchaseCost:price? ~PurchaseTaxCodeRef:Ref? ExpenseAccountRef:Ref(159)? PrefVendorRef:Ref(41)?"
    ),
    # Source: github.com/qbwc/qbxml, schema/qbxmlops130.xml
    "BillingRatePerItem": (
        "ItemRef:Ref ( ( CustomRate:price | CustomRatePercent:percent ) | "
        "AdjustPercentage:percent AdjustBillingRateRelativeTo:RateRelative )"
    ),
    "BillingRatePerItemRet": "ItemRef:Ref? ( CustomRate:price | CustomRatePercent:percent )",
    "TaxLineInfoRet": "TaxLineID:int TaxLineName:str(256)?",
    "CurrencyFormat": (
        "ThousandSeparator:ThousandSeparator? ThousandSeparatorGrouping:Grouping? DecimalPlaces:DecimalPlaces? "
        "DecimalSeparator:DecimalSeparator?"
    ),
}

ADDS = {
    "Account": (
        "Name:str(31) IsActive:bool? ParentRef:Ref? AccountType:AccountType "
        "~DetailAccountType:DetailAccountType? AccountNumber:str(7)? "
        "BankNumber:str(25)? "
        "Desc:str(200)? OpenBalance:amt? OpenBalanceDate:date? ~SalesTaxCodeRef:Ref? TaxLineID:int? "
        "CurrencyRef:Ref(64)?"
    ),
    "Vendor": (
        "Name:str(41) IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? "
        f"{_PERSON} VendorAddress:Address? ShipAddress:Address? {_REACH} Contacts:Contacts* NameOnCheck:str(41)? "
        f"AccountNumber:str(99)? Notes:str(4095)? AdditionalNotes:Note* {_VENDOR_TERMS} "
        f"OpenBalance:amt? OpenBalanceDate:date? BillingRateRef:Ref(31)? ExternalGUID:guid? {_VENDOR_TAX} "
        f"PrefillAccountRef:Ref(159)* "
        "CurrencyRef:Ref(64)?"
    ),
    "Customer": (
        "Name:str(41) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? CompanyName:str(41)? "
        f"{_PERSON} BillAddress:Address? ShipAddress:Address? ShipToAddress:ShipToAddress* ~PrintAs:str? {_REACH} "
        "Contacts:Contacts* CustomerTypeRef:Ref(159)? TermsRef:Ref(31)? SalesRepRef:Ref(5)? OpenBalance:amt? "
        "OpenBalanceDate:date? SalesTaxCodeRef:Ref(3)? "
        "ItemSalesTaxRef:Ref(31)? ~SalesTaxCountry:TaxCountry? ResaleNumber:str(15)? AccountNumber:str(99)? "
        f"CreditLimit:amt? PreferredPaymentMethodRef:Ref(31)? {_CARD} {_JOB} Notes:str(4095)? "
        f"AdditionalNotes:Note* {_DELIVERY} ExternalGUID:guid? "
        "~TaxRegistrationNumber:str? CurrencyRef:Ref(64)?"
    ),
    "Employee": (
        f"~Name:str(41)? IsActive:bool? {_PERSON} {_EMPLOYEE} AccountNumber:str(99)? Notes:str(4095)? "
        "AdditionalNotes:Note* BillingRateRef:Ref(31)? EmployeePayrollInfo:PayrollInfo? "
        "ExternalGUID:guid?"
    ),
    "OtherName": (
        f"Name:str(41) IsActive:bool? CompanyName:str(41)? {_NAME} OtherNameAddress:Address? Phone:str(21)? "
        "AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Contact:str(41)? AltContact:str(41)? AccountNumber:str(99)? "
        "Notes:str(4095)? ExternalGUID:guid?"
    ),
    "Class": "Name:str(31) IsActive:bool? ParentRef:Ref?",
    "VendorType": "Name:str(31) IsActive:bool? ParentRef:Ref?",
    "CustomerType": "Name:str(31) IsActive:bool? ParentRef:Ref?",
    "SalesRep": "Initial:str(5) IsActive:bool? SalesRepEntityRef:Ref(41)?",
    "BillingRate": "Name:str(31) ( FixedBillingRate:price | BillingRatePerItem:BillingRatePerItem+ )",
    "StandardTerms": ("Name:str(31) IsActive:bool? StdDueDays:int? StdDiscountDays:int? DiscountPct:percent?"),
    "PaymentMethod": "Name:str(31) IsActive:bool? PaymentMethodType:PaymentMethodType?",
    "SalesTaxCode": (
        "Name:str(3) IsActive:bool? IsTaxable:bool Desc:str(31)? ~ItemPurchaseTaxRef:Ref? ~ItemSalesTaxRef:Ref?"
    ),
    "ItemService": (
        "Name:str(31) BarCode:BarCode? IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? "
        "UnitOfMeasureSetRef:Ref(31)? ~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? "
        f"( {_SALE} ) ExternalGUID:guid?"
    ),
    "ItemNonInventory": (
        "Name:str(31) BarCode:BarCode? IsActive:bool? ParentRef:Ref? ClassRef:Ref(159)? "
        "ManufacturerPartNumber:str(31)? UnitOfMeasureSetRef:Ref(31)? "
        f"~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? ( {_SALE} ) ExternalGUID:guid?"
    ),
    "ItemOtherCharge": (
        "Name:str(31) BarCode:BarCode? IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? ~IsTaxIncluded:bool? "
        "SalesTaxCodeRef:Ref(3)? "
        f"( {_SALE} ) ExternalGUID:guid?"
    ),
    "ItemSalesTax": (
        "Name:str(31) BarCode:BarCode? IsActive:bool? ClassRef:Ref(159)? ItemDesc:str(4095)? TaxRate:percent? "
        "TaxVendorRef:Ref(41)? ~SalesTaxReturnLineRef:Ref(31)? ExternalGUID:guid?"
    ),
    # Source: github.com/qbwc/qbxml, schema/qbxmlops130.xml
    "ItemSalesTaxGroup": (
        "Name:str(31) BarCode:BarCode? IsActive:bool? ItemDesc:str(4095)? ExternalGUID:guid? ItemSalesTaxRef:Ref(31)+"
    ),
    "Currency": "Name:str(64) IsActive:bool? CurrencyCode:str(3) CurrencyFormat:CurrencyFormat?",
}

_MOD_KEYS = "ListID:id EditSequence:str(16)"
MODS = {
    "ItemSalesTaxGroup": (
        f"{_MOD_KEYS} Name:str(31)? BarCode:BarCode? IsActive:bool? ItemDesc:str(4095)? ItemSalesTaxRef:Ref(31)*"
    ),
    "SalesRep": "ListID:id EditSequence:str(16) Initial:str(5)? IsActive:bool? SalesRepEntityRef:Ref(41)?",
    "Account": (
        f"{_MOD_KEYS} Name:str(31)? IsActive:bool? ParentRef:Ref? AccountType:AccountType? AccountNumber:str(7)? "
        "BankNumber:str(25)? Desc:str(200)? OpenBalance:amt? OpenBalanceDate:date? ~SalesTaxCodeRef:Ref? "
        "TaxLineID:int? CurrencyRef:Ref(64)?"
    ),
    "Vendor": (
        f"{_MOD_KEYS} Name:str(41)? IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? {_PERSON} "
        f"VendorAddress:Address? ShipAddress:Address? {_REACH} ContactsMod:ContactsMod* NameOnCheck:str(41)? "
        "AccountNumber:str(99)? Notes:str(4095)? AdditionalNotesMod:NoteMod* "
        f"{_VENDOR_TERMS} BillingRateRef:Ref(31)? {_VENDOR_TAX} PrefillAccountRef:Ref(159)* "
        "CurrencyRef:Ref(64)?"
    ),
    "Customer": (
        f"{_MOD_KEYS} Name:str(41)? IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? CompanyName:str(41)? {_PERSON} "
        f"BillAddress:Address? ShipAddress:Address? ShipToAddress:ShipToAddress* ~PrintAs:str? {_REACH} "
        "ContactsMod:ContactsMod* CustomerTypeRef:Ref(159)? TermsRef:Ref(31)? SalesRepRef:Ref(5)? "
        "SalesTaxCodeRef:Ref(3)? ItemSalesTaxRef:Ref(31)? ~SalesTaxCountry:TaxCountry? "
        "ResaleNumber:str(15)? "
        f"AccountNumber:str(99)? CreditLimit:amt? PreferredPaymentMethodRef:Ref(31)? {_CARD} {_JOB} Notes:str(4095)? "
        f"AdditionalNotesMod:NoteMod* {_DELIVERY} ~TaxRegistrationNumber:str? CurrencyRef:Ref(64)?"
    ),
    "Class": f"{_MOD_KEYS} Name:str(31)? IsActive:bool? ParentRef:Ref?",
}

_H = SHARED["ListHead"]
_EXT = "DataExtRet:DataExtRet*"
_ITEM_HEAD = f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? Sublevel:int "
_ITEM = f"~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? ( {_SALE} )? ExternalGUID:guid? {_EXT}"
RETS = {
    "Account": (
        f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int AccountType:AccountType "
        "~DetailAccountType:DetailAccountType? SpecialAccountType:SpecialAccountType? "
        "~IsTaxAccount:bool? AccountNumber:str(7)? BankNumber:str(25)? "
        "~LastCheckNumber:str? Desc:str(200)? Balance:amt? TotalBalance:amt? ~SalesTaxCodeRef:Ref? "
        "TaxLineInfoRet:TaxLineInfoRet? CashFlowClassification:CashFlow? "
        f"CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Vendor": (
        f"{_H} Name:str(41) IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? {_PERSON} VendorAddress:Address? "
        f"VendorAddressBlock:AddressBlock? ShipAddress:Address? {_REACH} ContactsRet:ContactsRet* "
        f"NameOnCheck:str(41)? AccountNumber:str(99)? Notes:str(4095)? AdditionalNotesRet:NoteRet* "
        f"{_VENDOR_TERMS} Balance:amt? BillingRateRef:Ref(31)? ExternalGUID:guid? {_VENDOR_TAX} "
        f"PrefillAccountRef:Ref(159)* CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Customer": (
        f"{_H} Name:str(41) FullName:str(209) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? Sublevel:int "
        f"CompanyName:str(41)? {_PERSON} BillAddress:Address? BillAddressBlock:AddressBlock? ShipAddress:Address? "
        "ShipAddressBlock:AddressBlock? "
        f"ShipToAddress:ShipToAddress* ~PrintAs:str? {_REACH} ContactsRet:ContactsRet* "
        "CustomerTypeRef:Ref(159)? TermsRef:Ref(31)? "
        f"SalesRepRef:Ref(5)? Balance:amt? "
        "TotalBalance:amt? SalesTaxCodeRef:Ref(3)? ItemSalesTaxRef:Ref(31)? ~SalesTaxCountry:TaxCountry? "
        "ResaleNumber:str(15)? "
        f"AccountNumber:str(99)? CreditLimit:amt? PreferredPaymentMethodRef:Ref(31)? {_CARD} {_JOB} Notes:str(4095)? "
        "AdditionalNotesRet:NoteRet* "
        f"{_DELIVERY} ExternalGUID:guid? ~TaxRegistrationNumber:str? CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Employee": (
        f"{_H} Name:str(41) IsActive:bool? {_PERSON} {_EMPLOYEE} AccountNumber:str(99)? Notes:str(4095)? "
        "AdditionalNotesRet:NoteRet* "
        f"ExternalGUID:guid? {_EXT}"
    ),
    "OtherName": (
        f"{_H} Name:str(41) IsActive:bool? CompanyName:str(41)? {_NAME} OtherNameAddress:Address? "
        "OtherNameAddressBlock:AddressBlock? Phone:str(21)? "
        "AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Contact:str(41)? AltContact:str(41)? AccountNumber:str(99)? "
        f"Notes:str(4095)? ExternalGUID:guid? {_EXT}"
    ),
    "Class": f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int",
    "VendorType": f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int",
    "CustomerType": f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int",
    "SalesRep": f"{_H} Initial:str(5) IsActive:bool? SalesRepEntityRef:Ref(41)?",
    "BillingRate": (
        f"{_H} Name:str(31)? BillingRateType:BillingRateType? FixedBillingRate:price? "
        "BillingRatePerItemRet:BillingRatePerItemRet*"
    ),
    "StandardTerms": (f"{_H} Name:str(31) IsActive:bool? StdDueDays:int? StdDiscountDays:int? DiscountPct:percent?"),
    "PaymentMethod": f"{_H} Name:str(31) IsActive:bool? PaymentMethodType:PaymentMethodType?",
    "SalesTaxCode": (
        f"{_H} Name:str(3) IsActive:bool? IsTaxable:bool Desc:str(31)? ~ItemPurchaseTaxRef:Ref? ~ItemSalesTaxRef:Ref?"
    ),
    "ItemSalesTax": (
        f"{_H} Name:str(31) IsActive:bool? ClassRef:Ref(159)? ItemDesc:str(4095)? TaxRate:percent? "
        f"TaxVendorRef:Ref(41)? ExternalGUID:guid? {_EXT}"
    ),
    "ItemSalesTaxGroup": (
        f"{_H} Name:str(31) IsActive:bool? ItemDesc:str(4095)? ExternalGUID:guid? ItemSalesTaxRef:Ref(31)* {_EXT}"
    ),
    "ItemService": _ITEM_HEAD + _ITEM,
    "ItemNonInventory": f"{_ITEM_HEAD} ManufacturerPartNumber:str(31)? {_ITEM}",
    "ItemOtherCharge": _ITEM_HEAD + _ITEM,
    "Currency": (
        f"{_H} Name:str(64) IsActive:bool? CurrencyCode:str(3) CurrencyFormat:CurrencyFormat? "
        "IsUserDefinedCurrency:bool? ExchangeRate:float? AsOfDate:date?"
    ),
}

_ITEMS = ("ItemService", "ItemNonInventory", "ItemOtherCharge")
_CHOICE = "( ListID:id+ | FullName:str+ | &ListRange {extra} )"
_PARTIES = "TotalBalanceFilter:BalanceFilter? CurrencyFilter:CurrencyFilter? ClassFilter:ObjectFilter?"
QUERIES = {
    "Account": _CHOICE.format(extra="AccountType:AccountType* CurrencyFilter:CurrencyFilter?")
    + " &RetElements &Owners",
    "Vendor": _CHOICE.format(extra=_PARTIES) + " &RetElements &Owners",
    "Customer": _CHOICE.format(extra=_PARTIES) + " &RetElements &Owners",
    "Employee": _CHOICE.format(extra="") + " &RetElements &Owners",
    "OtherName": _CHOICE.format(extra="") + " &RetElements &Owners",
    "Entity": _CHOICE.format(extra="") + " &RetElements",
    "Class": _CHOICE.format(extra="") + " &RetElements",
    "VendorType": _CHOICE.format(extra="") + " &RetElements",
    "CustomerType": _CHOICE.format(extra="") + " &RetElements",
    "SalesRep": _CHOICE.format(extra="") + " &RetElements",
    "BillingRate": (
        "( ListID:id+ | FullName:str+ | MaxReturned:int? FromModifiedDate:datetime? ToModifiedDate:datetime? "
        "( NameFilter:NameFilter | NameRangeFilter:NameRange )? ItemRef:Ref? ) &RetElements"
    ),
    "StandardTerms": _CHOICE.format(extra="") + " &RetElements",
    "Terms": _CHOICE.format(extra="") + " &RetElements",
    "PaymentMethod": _CHOICE.format(extra="PaymentMethodType:PaymentMethodType*") + " &RetElements",
    "SalesTaxCode": _CHOICE.format(extra="") + " &RetElements",
    "ItemSalesTax": _CHOICE.format(extra="ClassFilter:ObjectFilter?") + " &RetElements &Owners",
    "ItemSalesTaxGroup": _CHOICE.format(extra="") + " &RetElements &Owners",
    "Currency": _CHOICE.format(extra="") + " &RetElements",
    "Item": _CHOICE.format(extra="") + " &RetElements &Owners",
    **{item: _CHOICE.format(extra="ClassFilter:ObjectFilter?") + " &RetElements &Owners" for item in _ITEMS},
}
# Which kinds a query over several lists reads.
UNIONS = {
    "Entity": ("Customer", "Employee", "OtherName", "Vendor"),
    "Terms": ("StandardTerms",),
    "Item": _ITEMS,
}
ITERATED = ("Vendor", "Customer", "Entity", "Item", "ItemSalesTax", "ItemSalesTaxGroup", *_ITEMS)
