"""The list messages: accounts, names, classes, items, terms, currencies, codes."""

from sandbooks.platforms.quickbooks_desktop.schema.shared import GROUPS as SHARED

# Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths, editions)
_PERSON = "Salutation:str(15)? FirstName:str(25)? MiddleName:str(5)? LastName:str(25)? ~Suffix:str? JobTitle:str(41)?"
_REACH = (
    "Phone:str(21)? ~Mobile:str? ~Pager:str? AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Cc:str(1023)? "
    "Contact:str(41)? AltContact:str(41)? AdditionalContactRef:AdditionalContact*"
)
_VENDOR_TERMS = (
    "VendorTypeRef:Ref(159)? TermsRef:Ref(31)? CreditLimit:amt? VendorTaxIdent:str(15)? IsVendorEligibleFor1099:bool?"
)
_VENDOR_TAX = "~SalesTaxCodeRef:Ref? ~TaxRegistrationNumber:str?"
_JOB = "JobDesc:str(99)?"
_EMPLOYEE = (
    "SupervisorRef:Ref(209)? Department:str(31)? Description:str(64)? EmployeeAddress:Address? PrintAs:str(41)? "
    "Phone:str(21)? Mobile:str(21)? Pager:str(21)? PagerPIN:str(10)? AltPhone:str(21)? Fax:str(21)? SSN:str(15)? "
    "Email:str(1023)?"
)
_SALE = "SalesOrPurchase:SalesOrPurchase | SalesAndPurchase:SalesAndPurchase"

GROUPS = {
    "SalesOrPurchase": "Desc:str(4095)? ( Price:price | PricePercent:percent )? AccountRef:Ref(159)?",
    "SalesAndPurchase": (
        "SalesDesc:str(4095)? SalesPrice:price? IncomeAccountRef:Ref(159)? PurchaseDesc:str(4095)? "
        "PurchaseCost:price? ~PurchaseTaxCodeRef:Ref? ExpenseAccountRef:Ref(159)? PrefVendorRef:Ref(41)?"
    ),
    "CurrencyFormat": (
        "ThousandSeparator:ThousandSeparator? ThousandSeparatorGrouping:Grouping? DecimalPlaces:DecimalPlaces? "
        "DecimalSeparator:DecimalSeparator?"
    ),
}

ADDS = {
    "Account": (
        "Name:str(31) IsActive:bool? ParentRef:Ref? AccountType:AccountType AccountNumber:str(7)? BankNumber:str(25)? "
        "Desc:str(200)? OpenBalance:amt? OpenBalanceDate:date? ~SalesTaxCodeRef:Ref? TaxLineID:int? "
        "CurrencyRef:Ref(64)?"
    ),
    "Vendor": (
        "Name:str(41) IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? "
        f"{_PERSON} VendorAddress:Address? ShipAddress:Address? {_REACH} NameOnCheck:str(41)? AccountNumber:str(99)? "
        f"Notes:str(4095)? AdditionalNotes:Note* {_VENDOR_TERMS} OpenBalance:amt? OpenBalanceDate:date? "
        f"BillingRateRef:Ref(31)? ExternalGUID:guid? {_VENDOR_TAX} PrefillAccountRef:Ref(159)* CurrencyRef:Ref(64)?"
    ),
    "Customer": (
        "Name:str(41) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? CompanyName:str(41)? "
        f"{_PERSON} BillAddress:Address? ShipAddress:Address? ~PrintAs:str? {_REACH} CustomerTypeRef:Ref(159)? "
        "TermsRef:Ref(31)? SalesRepRef:Ref(5)? OpenBalance:amt? OpenBalanceDate:date? SalesTaxCodeRef:Ref(3)? "
        "ItemSalesTaxRef:Ref(31)? ResaleNumber:str(15)? AccountNumber:str(99)? CreditLimit:amt? "
        f"PreferredPaymentMethodRef:Ref(31)? {_JOB} Notes:str(4095)? AdditionalNotes:Note* ExternalGUID:guid? "
        "~TaxRegistrationNumber:str? CurrencyRef:Ref(64)?"
    ),
    "Employee": (
        f"~Name:str(41)? IsActive:bool? {_PERSON} {_EMPLOYEE} AccountNumber:str(99)? Notes:str(4095)? "
        "ExternalGUID:guid?"
    ),
    "OtherName": (
        f"Name:str(41) IsActive:bool? CompanyName:str(41)? {_PERSON} OtherNameAddress:Address? Phone:str(21)? "
        "AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Contact:str(41)? AltContact:str(41)? AccountNumber:str(99)? "
        "Notes:str(4095)? ExternalGUID:guid?"
    ),
    "Class": "Name:str(31) IsActive:bool? ParentRef:Ref?",
    "StandardTerms": ("Name:str(31) IsActive:bool? StdDueDays:int? StdDiscountDays:int? DiscountPct:percent?"),
    "PaymentMethod": "Name:str(31) IsActive:bool? PaymentMethodType:PaymentMethodType?",
    "SalesTaxCode": (
        "Name:str(3) IsActive:bool? IsTaxable:bool Desc:str(31)? ~ItemPurchaseTaxRef:Ref? ~ItemSalesTaxRef:Ref?"
    ),
    "ItemService": (
        "Name:str(31) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? ~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? "
        f"( {_SALE} ) ExternalGUID:guid?"
    ),
    "ItemNonInventory": (
        "Name:str(31) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? ManufacturerPartNumber:str(31)? "
        f"~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? ( {_SALE} ) ExternalGUID:guid?"
    ),
    "ItemOtherCharge": (
        "Name:str(31) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? ~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? "
        f"( {_SALE} ) ExternalGUID:guid?"
    ),
    "Currency": "Name:str(64) IsActive:bool? CurrencyCode:str(3) CurrencyFormat:CurrencyFormat?",
}

_MOD_KEYS = "ListID:id EditSequence:str(16)"
MODS = {
    "Account": (
        f"{_MOD_KEYS} Name:str(31)? IsActive:bool? ParentRef:Ref? AccountType:AccountType? AccountNumber:str(7)? "
        "BankNumber:str(25)? Desc:str(200)? OpenBalance:amt? OpenBalanceDate:date? ~SalesTaxCodeRef:Ref? "
        "TaxLineID:int? CurrencyRef:Ref(64)?"
    ),
    "Vendor": (
        f"{_MOD_KEYS} Name:str(41)? IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? {_PERSON} "
        f"VendorAddress:Address? ShipAddress:Address? {_REACH} NameOnCheck:str(41)? AccountNumber:str(99)? "
        f"Notes:str(4095)? {_VENDOR_TERMS} BillingRateRef:Ref(31)? {_VENDOR_TAX} PrefillAccountRef:Ref(159)* "
        "CurrencyRef:Ref(64)?"
    ),
    "Customer": (
        f"{_MOD_KEYS} Name:str(41)? IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? CompanyName:str(41)? {_PERSON} "
        f"BillAddress:Address? ShipAddress:Address? ~PrintAs:str? {_REACH} CustomerTypeRef:Ref(159)? "
        "TermsRef:Ref(31)? SalesRepRef:Ref(5)? SalesTaxCodeRef:Ref(3)? ItemSalesTaxRef:Ref(31)? ResaleNumber:str(15)? "
        f"AccountNumber:str(99)? CreditLimit:amt? PreferredPaymentMethodRef:Ref(31)? {_JOB} Notes:str(4095)? "
        "~TaxRegistrationNumber:str? CurrencyRef:Ref(64)?"
    ),
    "Class": f"{_MOD_KEYS} Name:str(31)? IsActive:bool? ParentRef:Ref?",
}

_H = SHARED["ListHead"]
_EXT = "DataExtRet:DataExtRet*"
_ITEM = (
    f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? Sublevel:int "
    "ManufacturerPartNumber:str(31)? ~IsTaxIncluded:bool? SalesTaxCodeRef:Ref(3)? "
    f"( {_SALE} )? ExternalGUID:guid? {_EXT}"
)
RETS = {
    "Account": (
        f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int AccountType:AccountType "
        "SpecialAccountType:SpecialAccountType? ~IsTaxAccount:bool? AccountNumber:str(7)? BankNumber:str(25)? "
        "Desc:str(200)? Balance:amt? TotalBalance:amt? ~SalesTaxCodeRef:Ref? CashFlowClassification:CashFlow? "
        f"CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Vendor": (
        f"{_H} Name:str(41) IsActive:bool? ClassRef:Ref(159)? CompanyName:str(41)? {_PERSON} VendorAddress:Address? "
        f"VendorAddressBlock:AddressBlock? ShipAddress:Address? {_REACH} NameOnCheck:str(41)? AccountNumber:str(99)? "
        f"Notes:str(4095)? {_VENDOR_TERMS} Balance:amt? BillingRateRef:Ref(31)? ExternalGUID:guid? {_VENDOR_TAX} "
        f"PrefillAccountRef:Ref(159)* CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Customer": (
        f"{_H} Name:str(41) FullName:str(209) IsActive:bool? ClassRef:Ref(159)? ParentRef:Ref? Sublevel:int "
        f"CompanyName:str(41)? {_PERSON} BillAddress:Address? BillAddressBlock:AddressBlock? ShipAddress:Address? "
        f"~PrintAs:str? {_REACH} CustomerTypeRef:Ref(159)? TermsRef:Ref(31)? SalesRepRef:Ref(5)? Balance:amt? "
        "TotalBalance:amt? SalesTaxCodeRef:Ref(3)? ItemSalesTaxRef:Ref(31)? ResaleNumber:str(15)? "
        f"AccountNumber:str(99)? CreditLimit:amt? PreferredPaymentMethodRef:Ref(31)? {_JOB} Notes:str(4095)? "
        f"ExternalGUID:guid? ~TaxRegistrationNumber:str? CurrencyRef:Ref(64)? {_EXT}"
    ),
    "Employee": (
        f"{_H} Name:str(41) IsActive:bool? {_PERSON} {_EMPLOYEE} AccountNumber:str(99)? Notes:str(4095)? "
        f"ExternalGUID:guid? {_EXT}"
    ),
    "OtherName": (
        f"{_H} Name:str(41) IsActive:bool? CompanyName:str(41)? {_PERSON} OtherNameAddress:Address? Phone:str(21)? "
        "AltPhone:str(21)? Fax:str(21)? Email:str(1023)? Contact:str(41)? AltContact:str(41)? AccountNumber:str(99)? "
        f"Notes:str(4095)? ExternalGUID:guid? {_EXT}"
    ),
    "Class": f"{_H} Name:str(31) FullName:str(159) IsActive:bool? ParentRef:Ref? Sublevel:int",
    "StandardTerms": (f"{_H} Name:str(31) IsActive:bool? StdDueDays:int? StdDiscountDays:int? DiscountPct:percent?"),
    "PaymentMethod": f"{_H} Name:str(31) IsActive:bool? PaymentMethodType:PaymentMethodType?",
    "SalesTaxCode": (
        f"{_H} Name:str(3) IsActive:bool? IsTaxable:bool Desc:str(31)? ~ItemPurchaseTaxRef:Ref? ~ItemSalesTaxRef:Ref?"
    ),
    "ItemService": _ITEM,
    "ItemNonInventory": _ITEM,
    "ItemOtherCharge": _ITEM,
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
    "Entity": _CHOICE.format(extra="TotalBalanceFilter:BalanceFilter? CurrencyFilter:CurrencyFilter?")
    + " &RetElements &Owners",
    "Class": _CHOICE.format(extra="") + " &RetElements",
    "StandardTerms": _CHOICE.format(extra="") + " &RetElements",
    "Terms": _CHOICE.format(extra="") + " &RetElements",
    "PaymentMethod": _CHOICE.format(extra="PaymentMethodType:PaymentMethodType*") + " &RetElements",
    "SalesTaxCode": _CHOICE.format(extra="") + " &RetElements",
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
ITERATED = ("Vendor", "Customer", "Entity", "Item", *_ITEMS)
