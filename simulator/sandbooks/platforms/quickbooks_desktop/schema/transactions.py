"""The transaction messages: money spent, bills and their payments, journals, deposits, transfers."""

from sandbooks.platforms.quickbooks_desktop.schema.shared import GROUPS as SHARED

# Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths, editions); of purchase
# orders github.com/qbwc/qbxml, schema/qbxmlops130.xml
_TAX = "~IsTaxIncluded:bool? ~SalesTaxCodeRef:Ref?"
_WORK = "CustomerRef:Ref(209)? ClassRef:Ref(159)? ~SalesTaxCodeRef:Ref? BillableStatus:BillableStatus?"
_MONEY = "Amount:amt? ~TaxAmount:amt?"
_PLACE = (
    "InventorySiteRef:Ref(31)? InventorySiteLocationRef:Ref(31)? ( SerialNumber:str(4095) | LotNumber:str(40) )? "
    "Desc:str(4095)? Quantity:quan? UnitOfMeasure:str(31)?"
)
_DISCOUNT = "DiscountAmount:amt? DiscountAccountRef:Ref(159)? DiscountClassRef:Ref(159)?"
_RATE = "ExchangeRate:float? ExternalGUID:guid?"
_ORDERED = "ManufacturerPartNumber:str(31)? Desc:str(4095)? Quantity:quan? UnitOfMeasure:str(31)?"
_PRICED = "Rate:price? ClassRef:Ref(159)? Amount:amt?"
_FOR = "InventorySiteLocationRef:Ref(31)? CustomerRef:Ref(209)? ServiceDate:date? ~SalesTaxCodeRef:Ref?"
_OTHER_LINE = "Other1:str(29)? Other2:str(29)?"

GROUPS = {
    "ExpenseLineAdd": (f"AccountRef:Ref(159)? {_MONEY} Memo:str(4095)? {_WORK} SalesRepRef:Ref(5)? DataExt:DataExt*"),
    "ExpenseLineMod": f"TxnLineID:id AccountRef:Ref(159)? {_MONEY} Memo:str(4095)? {_WORK} SalesRepRef:Ref(5)?",
    "ExpenseLineRet": (
        f"TxnLineID:id AccountRef:Ref(159)? {_MONEY} Memo:str(4095)? {_WORK} SalesRepRef:Ref(5)? DataExtRet:DataExtRet*"
    ),
    "LinkToTxn": "TxnID:id TxnLineID:id",
    "ItemLineAdd": (
        f"ItemRef:Ref? {_PLACE} Cost:price? {_MONEY} {_WORK} OverrideItemAccountRef:Ref(159)? ~LinkToTxn:LinkToTxn? "
        "SalesRepRef:Ref(5)? DataExt:DataExt*"
    ),
    "BillItemLineAdd": (
        f"ItemRef:Ref? {_PLACE} Cost:price? {_MONEY} {_WORK} OverrideItemAccountRef:Ref(159)? LinkToTxn:LinkToTxn? "
        "SalesRepRef:Ref(5)? DataExt:DataExt*"
    ),
    "BillLinesAdd": (
        "ExpenseLineAdd:ExpenseLineAdd* ( ItemLineAdd:BillItemLineAdd | ItemGroupLineAdd:ItemGroupLineAdd )*"
    ),
    "ItemLineMod": (
        f"TxnLineID:id ItemRef:Ref? {_PLACE} OverrideUOMSetRef:Ref(31)? Cost:price? {_MONEY} {_WORK} "
        "OverrideItemAccountRef:Ref(159)? SalesRepRef:Ref(5)?"
    ),
    "ItemLineRet": (
        f"TxnLineID:id ItemRef:Ref? {_PLACE} OverrideUOMSetRef:Ref(31)? Cost:price? {_MONEY} {_WORK} "
        "SalesRepRef:Ref(5)? DataExtRet:DataExtRet*"
    ),
    "ItemGroupLineAdd": (
        "ItemGroupRef:Ref(31) ~Desc:str? Quantity:quan? UnitOfMeasure:str(31)? InventorySiteRef:Ref(31)? "
        "InventorySiteLocationRef:Ref(31)? DataExt:DataExt*"
    ),
    "ItemGroupLineMod": (
        "TxnLineID:id ItemGroupRef:Ref(31)? Quantity:quan? UnitOfMeasure:str(31)? OverrideUOMSetRef:Ref(31)? "
        "ItemLineMod:ItemLineMod*"
    ),
    "PurchaseOrderLineAdd": (
        f"ItemRef:Ref? {_ORDERED} {_PRICED} {_FOR} OverrideItemAccountRef:Ref(159)? {_OTHER_LINE} DataExt:DataExt*"
    ),
    "PurchaseOrderLineMod": (
        f"TxnLineID:id ItemRef:Ref? {_ORDERED} OverrideUOMSetRef:Ref(31)? {_PRICED} {_FOR} IsManuallyClosed:bool? "
        f"OverrideItemAccountRef:Ref(159)? {_OTHER_LINE}"
    ),
    "PurchaseOrderLineRet": (
        f"TxnLineID:id ItemRef:Ref? {_ORDERED} OverrideUOMSetRef:Ref(31)? {_PRICED} {_FOR} ReceivedQuantity:quan? "
        f"UnbilledQuantity:quan? IsBilled:bool? IsManuallyClosed:bool? {_OTHER_LINE} DataExtRet:DataExtRet*"
    ),
    "PurchaseOrderLineGroupAdd": (
        "ItemGroupRef:Ref(31) Quantity:quan? UnitOfMeasure:str(31)? InventorySiteLocationRef:Ref(31)? DataExt:DataExt*"
    ),
    "PurchaseOrderLineGroupMod": (
        "TxnLineID:id ItemGroupRef:Ref(31)? Quantity:quan? UnitOfMeasure:str(31)? OverrideUOMSetRef:Ref(31)? "
        "PurchaseOrderLineMod:PurchaseOrderLineMod*"
    ),
    "LinesAdd": ("ExpenseLineAdd:ExpenseLineAdd* ( ItemLineAdd:ItemLineAdd | ItemGroupLineAdd:ItemGroupLineAdd )*"),
    "LinesMod": (
        "ClearExpenseLines:bool? ExpenseLineMod:ExpenseLineMod* ClearItemLines:bool? "
        "( ItemLineMod:ItemLineMod | ItemGroupLineMod:ItemGroupLineMod )*"
    ),
    "LinesRet": "ExpenseLineRet:ExpenseLineRet* ItemLineRet:ItemLineRet*",
    "ApplyCheckAdd": "TxnID:id Amount:amt?",
    "SetCredit": "CreditTxnID:id ~TxnLineID:id? AppliedAmount:amt Override:bool?",
    "AppliedToTxnAdd": f"TxnID:id PaymentAmount:amt? ~TxnLineDetail:TxnLineDetail* SetCredit:SetCredit* {_DISCOUNT}",
    "AppliedToTxnMod": f"TxnID:id PaymentAmount:amt? SetCredit:SetCredit* {_DISCOUNT}",
    "TxnLineDetail": "TxnLineID:id Amount:amt",
    "AppliedToTxnRet": (
        f"TxnID:id TxnType:TxnType TxnDate:date? RefNumber:str(20)? BalanceRemaining:amt? Amount:amt? {_DISCOUNT} "
        "LinkedTxn:LinkedTxn*"
    ),
    "JournalLine": (
        f"TxnLineID:id? AccountRef:Ref(159)? {_MONEY} Memo:str(4095)? EntityRef:Ref(209)? ClassRef:Ref(159)? "
        "~ItemSalesTaxRef:Ref? BillableStatus:BillableStatus?"
    ),
    "JournalLineMod": (
        f"TxnLineID:id JournalLineType:LineType? AccountRef:Ref(159)? {_MONEY} Memo:str(4095)? EntityRef:Ref(209)? "
        "ClassRef:Ref(159)? ~ItemSalesTaxRef:Ref? BillableStatus:BillableStatus?"
    ),
    "CashBackAdd": "AccountRef:Ref(159) Memo:str(4095)? Amount:amt?",
    "CashBackMod": "AccountRef:Ref(159)? Memo:str(4095)? Amount:amt?",
    "CashBackRet": "TxnLineID:id AccountRef:Ref(159) Memo:str(4095)? Amount:amt?",
    "DepositFromPayment": (
        "PaymentTxnID:id PaymentTxnLineID:id? OverrideMemo:str(4095)? OverrideCheckNumber:str(11)? "
        "OverrideClassRef:Ref(159)?"
    ),
    "DepositRest": "Memo:str(4095)? CheckNumber:str(11)? PaymentMethodRef:Ref(31)? ClassRef:Ref(159)? Amount:amt?",
    "DepositLineAdd": "( &DepositFromPayment | EntityRef:Ref(209)? AccountRef:Ref(159) &DepositRest )",
    "DepositLineMod": "TxnLineID:id ( &DepositFromPayment | EntityRef:Ref(209)? AccountRef:Ref(159)? &DepositRest )",
    "DepositLineRet": (
        "TxnType:TxnType? TxnID:id? TxnLineID:id PaymentTxnLineID:id? EntityRef:Ref(209)? AccountRef:Ref(159)? "
        "&DepositRest"
    ),
}

_CARD = f"PayeeEntityRef:Ref(209)? TxnDate:date? RefNumber:str(11)? Memo:str(4095)? {_TAX}"
_ORDER_HEAD = "ClassRef:Ref(159)? ( InventorySiteRef:Ref(31) | ShipToEntityRef:Ref(209) )? TemplateRef:Ref(31)? "
_ORDER_DAYS = "TermsRef:Ref(31)? DueDate:date? ExpectedDate:date? ShipMethodRef:Ref(15)? FOB:str(13)?"
_ORDER_FOOT = (
    f"Memo:str(4095)? VendorMsg:str(99)? IsToBePrinted:bool? IsToBeEmailed:bool? {_TAX} Other1:str(25)? Other2:str(29)?"
)
_DEBITS = "( JournalDebitLine:JournalLine | JournalCreditLine:JournalLine )"
ADDS = {
    "Check": (
        "AccountRef:Ref(159) PayeeEntityRef:Ref(209)? RefNumber:str(11)? TxnDate:date? Memo:str(4095)? "
        f"Address:Address? IsToBePrinted:bool? {_TAX} {_RATE} ApplyCheckToTxnAdd:ApplyCheckAdd* &LinesAdd"
    ),
    "CreditCardCharge": f"AccountRef:Ref(159) {_CARD} {_RATE} &LinesAdd",
    "CreditCardCredit": f"AccountRef:Ref(159) {_CARD} {_RATE} &LinesAdd",
    "Bill": (
        "VendorRef:Ref(41) VendorAddress:Address? APAccountRef:Ref(159)? TxnDate:date? DueDate:date? "
        f"RefNumber:str(20)? TermsRef:Ref(31)? Memo:str(4095)? {_TAX} {_RATE} LinkToTxnID:id* &BillLinesAdd"
    ),
    "VendorCredit": (
        f"VendorRef:Ref(41) APAccountRef:Ref(159)? TxnDate:date? RefNumber:str(20)? Memo:str(4095)? {_TAX} {_RATE} "
        "&LinesAdd"
    ),
    "BillPaymentCheck": (
        "PayeeEntityRef:Ref(209) APAccountRef:Ref(159)? TxnDate:date? BankAccountRef:Ref(159) "
        f"( IsToBePrinted:bool | RefNumber:str(11) ) Memo:str(4095)? {_RATE} AppliedToTxnAdd:AppliedToTxnAdd+"
    ),
    "BillPaymentCreditCard": (
        "PayeeEntityRef:Ref(209) APAccountRef:Ref(159)? TxnDate:date? CreditCardAccountRef:Ref(159) "
        f"RefNumber:str(11)? Memo:str(4095)? {_RATE} AppliedToTxnAdd:AppliedToTxnAdd+"
    ),
    "JournalEntry": (
        "TxnDate:date? RefNumber:str(11)? ~Memo:str(4095)? IsAdjustment:bool? "
        "( IsHomeCurrencyAdjustment:bool | IsAmountsEnteredInHomeCurrency:bool? CurrencyRef:Ref(64)? "
        f"ExchangeRate:float? )? ExternalGUID:guid? {_DEBITS}+"
    ),
    "Deposit": (
        "TxnDate:date? DepositToAccountRef:Ref(159) Memo:str(4095)? CashBackInfoAdd:CashBackAdd? CurrencyRef:Ref(64)? "
        f"{_RATE} DepositLineAdd:DepositLineAdd*"
    ),
    "Transfer": (
        "TxnDate:date? TransferFromAccountRef:Ref(159)? TransferToAccountRef:Ref(159)? ClassRef:Ref(159)? Amount:amt? "
        "Memo:str(4095)?"
    ),
    "PurchaseOrder": (
        f"VendorRef:Ref(41)? {_ORDER_HEAD} TxnDate:date? RefNumber:str(11)? VendorAddress:Address? "
        f"ShipAddress:Address? {_ORDER_DAYS} {_ORDER_FOOT} {_RATE} "
        "( PurchaseOrderLineAdd:PurchaseOrderLineAdd | PurchaseOrderLineGroupAdd:PurchaseOrderLineGroupAdd )+"
    ),
}

_KEYS = "TxnID:id EditSequence:str(16)"
_MOD_CARD = f"AccountRef:Ref(159)? {_CARD} ExchangeRate:float? &LinesMod"
MODS = {
    "Check": (
        f"{_KEYS} AccountRef:Ref(159)? PayeeEntityRef:Ref(209)? RefNumber:str(11)? TxnDate:date? Memo:str(4095)? "
        f"Address:Address? IsToBePrinted:bool? {_TAX} ExchangeRate:float? ApplyCheckToTxnMod:ApplyCheckAdd* &LinesMod"
    ),
    "CreditCardCharge": f"{_KEYS} {_MOD_CARD}",
    "CreditCardCredit": f"{_KEYS} {_MOD_CARD}",
    "Bill": (
        f"{_KEYS} VendorRef:Ref(41)? VendorAddress:Address? APAccountRef:Ref(159)? TxnDate:date? DueDate:date? "
        f"RefNumber:str(20)? TermsRef:Ref(31)? Memo:str(4095)? {_TAX} ExchangeRate:float? &LinesMod"
    ),
    "VendorCredit": (
        f"{_KEYS} VendorRef:Ref(41)? APAccountRef:Ref(159)? TxnDate:date? RefNumber:str(20)? Memo:str(4095)? {_TAX} "
        "ExchangeRate:float? &LinesMod"
    ),
    "BillPaymentCheck": (
        f"{_KEYS} TxnDate:date? BankAccountRef:Ref(159)? Amount:amt? ExchangeRate:float? "
        "( IsToBePrinted:bool | RefNumber:str(11) )? Memo:str(4095)? AppliedToTxnMod:AppliedToTxnMod*"
    ),
    "JournalEntry": (
        f"{_KEYS} TxnDate:date? RefNumber:str(11)? IsAdjustment:bool? "
        "IsAmountsEnteredInHomeCurrency:bool? CurrencyRef:Ref(64)? ExchangeRate:float? JournalLineMod:JournalLineMod*"
    ),
    "Deposit": (
        f"{_KEYS} TxnDate:date? DepositToAccountRef:Ref(159)? Memo:str(4095)? CashBackInfoMod:CashBackMod? "
        "CurrencyRef:Ref(64)? ExchangeRate:float? DepositLineMod:DepositLineMod*"
    ),
    "Transfer": (
        f"{_KEYS} TxnDate:date? TransferFromAccountRef:Ref(159)? TransferToAccountRef:Ref(159)? ClassRef:Ref(159)? "
        "Amount:amt? Memo:str(4095)?"
    ),
    "PurchaseOrder": (
        f"{_KEYS} VendorRef:Ref(41)? {_ORDER_HEAD} TxnDate:date? RefNumber:str(11)? VendorAddress:Address? "
        f"ShipAddress:Address? {_ORDER_DAYS} IsManuallyClosed:bool? {_ORDER_FOOT} ExchangeRate:float? "
        "( PurchaseOrderLineMod:PurchaseOrderLineMod | PurchaseOrderLineGroupMod:PurchaseOrderLineGroupMod )*"
    ),
}

_H = SHARED["TxnHead"]
_EXT = "DataExtRet:DataExtRet*"
_FX = "CurrencyRef:Ref(64)? ExchangeRate:float?"
_CARD_RET = (
    f"{_H} AccountRef:Ref(159) PayeeEntityRef:Ref(209)? TxnDate:date Amount:amt {_FX} AmountInHomeCurrency:amt? "
    f"RefNumber:str(11)? Memo:str(4095)? {_TAX} ExternalGUID:guid? &LinesRet {_EXT}"
)
RETS = {
    "Check": (
        f"{_H} AccountRef:Ref(159) PayeeEntityRef:Ref(209)? RefNumber:str(11)? TxnDate:date Amount:amt {_FX} "
        "AmountInHomeCurrency:amt? Memo:str(4095)? Address:Address? AddressBlock:AddressBlock? IsToBePrinted:bool? "
        f"{_TAX} ExternalGUID:guid? LinkedTxn:LinkedTxn* &LinesRet {_EXT}"
    ),
    "CreditCardCharge": _CARD_RET,
    "CreditCardCredit": _CARD_RET,
    "Bill": (
        f"{_H} VendorRef:Ref(41) VendorAddress:Address? APAccountRef:Ref(159)? TxnDate:date DueDate:date? "
        f"AmountDue:amt {_FX} AmountDueInHomeCurrency:amt? RefNumber:str(20)? TermsRef:Ref(31)? Memo:str(4095)? "
        f"{_TAX} IsPaid:bool? ExternalGUID:guid? LinkedTxn:LinkedTxn* &LinesRet OpenAmount:amt? {_EXT}"
    ),
    "VendorCredit": (
        f"{_H} VendorRef:Ref(41) APAccountRef:Ref(159)? TxnDate:date CreditAmount:amt {_FX} "
        f"CreditAmountInHomeCurrency:amt? RefNumber:str(20)? Memo:str(4095)? {_TAX} ExternalGUID:guid? "
        f"LinkedTxn:LinkedTxn* &LinesRet OpenAmount:amt? {_EXT}"
    ),
    "BillPaymentCheck": (
        f"{_H} PayeeEntityRef:Ref(209)? APAccountRef:Ref(159)? TxnDate:date? BankAccountRef:Ref(159)? Amount:amt? "
        f"{_FX} AmountInHomeCurrency:amt? RefNumber:str(11)? Memo:str(4095)? Address:Address? "
        f"AddressBlock:AddressBlock? IsToBePrinted:bool? ExternalGUID:guid? AppliedToTxnRet:AppliedToTxnRet* {_EXT}"
    ),
    "BillPaymentCreditCard": (
        f"{_H} PayeeEntityRef:Ref(209)? APAccountRef:Ref(159)? TxnDate:date? CreditCardAccountRef:Ref(159)? "
        f"Amount:amt? {_FX} AmountInHomeCurrency:amt? RefNumber:str(11)? Memo:str(4095)? ExternalGUID:guid? "
        f"AppliedToTxnRet:AppliedToTxnRet* {_EXT}"
    ),
    "JournalEntry": (
        f"{_H} TxnDate:date RefNumber:str(11)? ~Memo:str(4095)? IsAdjustment:bool? IsHomeCurrencyAdjustment:bool? "
        f"IsAmountsEnteredInHomeCurrency:bool? {_FX} ExternalGUID:guid? {_DEBITS}* {_EXT}"
    ),
    "Deposit": (
        f"{_H} TxnDate:date DepositToAccountRef:Ref(159) Memo:str(4095)? DepositTotal:amt? {_FX} "
        "DepositTotalInHomeCurrency:amt? CashBackInfoRet:CashBackRet? ExternalGUID:guid? "
        f"DepositLineRet:DepositLineRet* {_EXT}"
    ),
    "Transfer": (
        f"{_H} TxnDate:date? TransferFromAccountRef:Ref(159)? FromAccountBalance:amt? TransferToAccountRef:Ref(159)? "
        "ToAccountBalance:amt? ClassRef:Ref(159)? Amount:amt? Memo:str(4095)?"
    ),
    "PurchaseOrder": (
        f"{_H} VendorRef:Ref(41)? {_ORDER_HEAD} TxnDate:date RefNumber:str(11)? VendorAddress:Address? "
        f"VendorAddressBlock:AddressBlock? ShipAddress:Address? ShipAddressBlock:AddressBlock? {_ORDER_DAYS} "
        f"TotalAmount:amt? {_FX} TotalAmountInHomeCurrency:amt? IsManuallyClosed:bool? IsFullyReceived:bool? "
        f"{_ORDER_FOOT} ExternalGUID:guid? LinkedTxn:LinkedTxn* PurchaseOrderLineRet:PurchaseOrderLineRet* {_EXT}"
    ),
}

_RANGE = "( ModifiedDateRangeFilter:ModifiedRange | TxnDateRangeFilter:DateRange )?"
_WHO = "EntityFilter:ObjectFilter? AccountFilter:ObjectFilter?"
_NUMBER = "( RefNumberFilter:RefNumberFilter | RefNumberRangeFilter:RefNumberRange )?"
_BY_NUMBER = "RefNumber:str+ | RefNumberCaseSensitive:str+ |"


def _query(*, numbers: bool = True, paid: bool = False, lines: bool = True, links: bool = False) -> str:
    by_number, number = (_BY_NUMBER, _NUMBER) if numbers else ("", "")
    status = "PaidStatus:PaidStatus?" if paid else ""
    included = ("IncludeLineItems:bool? " if lines else "") + ("IncludeLinkedTxns:bool? " if links else "")
    return (
        f"( TxnID:id+ | {by_number} MaxReturned:int? {_RANGE} {_WHO} {number} CurrencyFilter:CurrencyFilter? "
        f"{status} ) {included} &RetElements &Owners"
    )


QUERIES = {
    "Check": _query(links=True),
    "CreditCardCharge": _query(),
    "CreditCardCredit": _query(),
    "Bill": _query(paid=True, links=True),
    "VendorCredit": _query(links=True),
    "BillPaymentCheck": _query(),
    "BillPaymentCreditCard": _query(),
    "JournalEntry": _query(),
    "Deposit": _query(numbers=False),
    "Transfer": f"( TxnID:id+ | MaxReturned:int? {_RANGE} ) &RetElements",
    "PurchaseOrder": _query(links=True),
}
