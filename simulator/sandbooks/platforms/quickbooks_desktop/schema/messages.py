"""Every request and answer by name, assembled from the lists and transactions of the notation."""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct

from sandbooks.platforms.quickbooks_desktop.schema import lists, shared, transactions
from sandbooks.platforms.quickbooks_desktop.schema.notation import Choice, Element, Notation, Sequence

Verb: TypeAlias = Literal["Add", "Mod", "Query", "Other"]

NOTATION = Notation({**shared.GROUPS, **lists.GROUPS, **transactions.GROUPS}, shared.ENUMERATIONS)
LISTS = tuple(lists.ADDS)
TRANSACTIONS = tuple(transactions.ADDS)
QUERY_LISTS = tuple(lists.QUERIES)
UNIONS = lists.UNIONS


class Message(Struct, frozen=True):
    """One request and its answer. ``about`` is the record kind, or what the request is about."""

    name: str
    verb: Verb
    about: str
    content: Sequence
    answer: Sequence
    iterated: bool = False
    counted: bool = False

    @property
    def reply(self) -> str:
        """The name of the answer: ``BillAddRs`` for ``BillAddRq``."""
        return self.name[:-2] + "Rs"

    @property
    def writes(self) -> bool:
        return self.verb in ("Add", "Mod") or self.name in _CHANGES


_UNCOUNTED = (
    *("Host", "Company", "Preferences", "GeneralSummaryReport", "GeneralDetailReport"),
    *("CustomSummaryReport", "CustomDetailReport"),
)
_CHANGES = (
    *("TxnDelRq", "TxnVoidRq", "ListDelRq", "ListMergeRq"),
    *("DataExtDefAddRq", "DataExtDefModRq", "DataExtDefDelRq", "DataExtAddRq", "DataExtModRq", "DataExtDelRq"),
)
_RECOVERY = " ErrorRecovery:ErrorRecovery?"
_UNRECOVERED = ("Transfer",)  # Source: Onscreen Reference (their answers have no ErrorRecovery)
_OTHERS = {
    "HostQuery": ("IncludeListMetaData:ListMetaData? &RetElements", "HostRet:HostRet?"),
    "CompanyQuery": ("&RetElements &Owners", "CompanyRet:CompanyRet?"),
    "PreferencesQuery": ("&RetElements", "PreferencesRet:PreferencesRet?"),
    "TxnDel": (
        "TxnDelType:TxnDelType TxnID:id",
        "( TxnDelType:TxnDelType TxnID:id TimeDeleted:datetime RefNumber:str? )?" + _RECOVERY,
    ),
    "TxnVoid": (
        "TxnVoidType:TxnVoidType TxnID:id",
        "( TxnVoidType:TxnVoidType TxnID:id TimeCreated:datetime TimeModified:datetime RefNumber:str? )?" + _RECOVERY,
    ),
    "ListDel": (
        "ListDelType:ListDelType ListID:id",
        "( ListDelType:ListDelType ListID:id TimeDeleted:datetime FullName:str? )?",
    ),
    "ListMerge": (
        "ListMergeType:ListMergeType MergeFrom:Merged MergeTo:Merged SameShipAddrOk:bool?",
        "( ListMergeType:ListMergeType MergedFrom:MergedFrom MergedTo:MergedTo )?",
    ),
    "TxnDeletedQuery": (
        "TxnDelType:TxnDelType+ DeletedDateRangeFilter:DeletedRange? &RetElements",
        "TxnDeletedRet:TxnDeletedRet*",
    ),
    "ListDeletedQuery": (
        "ListDelType:ListDelType+ DeletedDateRangeFilter:DeletedRange? &RetElements",
        "ListDeletedRet:ListDeletedRet*",
    ),
    "BillToPayQuery": (
        "PayeeEntityRef:Ref(209) APAccountRef:Ref(159)? DueDate:date? CurrencyFilter:CurrencyFilter? &RetElements",
        "BillToPayRet:BillToPayRet*",
    ),
    "DataExtDefAdd": (
        "DataExtDefAdd:DataExtDefAdd &RetElements",
        "DataExtDefRet:DataExtDefRet?" + _RECOVERY,
    ),
    "DataExtDefQuery": (
        "( OwnerID:guid* | AssignToObject:AssignToObject* )? &RetElements",
        "DataExtDefRet:DataExtDefRet*",
    ),
    "DataExtDefMod": (
        "DataExtDefMod:DataExtDefMod &RetElements",
        "DataExtDefRet:DataExtDefRet?" + _RECOVERY,
    ),
    "DataExtDefDel": ("OwnerID:guid DataExtName:str(31)", "DataExtDefDelRet:DataExtDefDelRet?" + _RECOVERY),
    "DataExtAdd": ("DataExtAdd:DataExtValue", "DataExtRet:DataExtRet?" + _RECOVERY),
    "DataExtMod": ("DataExtMod:DataExtValue", "DataExtRet:DataExtRet?" + _RECOVERY),
    "DataExtDel": ("DataExtDel:DataExtTarget", "DataExtDelRet:DataExtDelRet?" + _RECOVERY),
    "GeneralSummaryReportQuery": (
        (
            "GeneralSummaryReportType:SummaryReportType &ReportFilters SummarizeColumnsBy:SummarizeColumns? "
            "IncludeSubcolumns:bool? ReportCalendar:ReportCalendar? ReturnRows:ReturnRows? ReturnColumns:ReturnRows? "
            "ReportBasis:ReportBases?"
        ),
        "ReportRet:ReportRet?",
    ),
    "GeneralDetailReportQuery": (
        (
            "GeneralDetailReportType:DetailReportType &ReportFilters SummarizeRowsBy:SummarizeRows? "
            "IncludeColumn:ReportColumn* IncludeAccounts:IncludeAccounts? ReportOpenBalanceAsOf:OpenBalanceAsOf? "
            "ReportBasis:ReportBases?"
        ),
        "ReportRet:ReportRet?",
    ),
    # Source: github.com/qbwc/qbxml, schema/qbxmlops130.xml
    "CustomSummaryReportQuery": (
        (
            "CustomSummaryReportType:CustomSummaryType &ReportFilters SummarizeColumnsBy:SummarizeColumns "
            "SummarizeRowsBy:SummarizeRows IncludeSubcolumns:bool? ReportCalendar:ReportCalendar? "
            "ReturnRows:ReturnRows? ReturnColumns:ReturnRows? ReportBasis:ReportBases?"
        ),
        "ReportRet:ReportRet?",
    ),
    "CustomDetailReportQuery": (
        (
            "CustomDetailReportType:CustomDetailType &ReportFilters SummarizeRowsBy:SummarizeRows "
            "IncludeColumn:ReportColumn+ IncludeAccounts:IncludeAccounts? ReportOpenBalanceAsOf:OpenBalanceAsOf? "
            "ReportBasis:ReportBases?"
        ),
        "ReportRet:ReportRet?",
    ),
    "TransactionQuery": ("&TransactionFilters &RetElements", "TransactionRet:TransactionRet*"),
}
NOTATION_MORE = {
    "Merged": "ListID:id EditSequence:str(16)",
    "MergedFrom": "ListID:id TimeDeleted:datetime FullName:str",
    "MergedTo": "ListID:id TimeCreated:datetime TimeModified:datetime EditSequence:str(16) FullName:str",
    "ReportFilters": (
        "DisplayReport:bool? ( ReportPeriod:ReportPeriod | ReportDateMacro:ReportDateMacro )? "
        "ReportAccountFilter:TransactionAccount? ReportEntityFilter:TransactionEntity? "
        "ReportItemFilter:TransactionItem? ReportClassFilter:ObjectFilter? ReportTxnTypeFilter:TransactionTypes? "
        "( ReportModifiedDateRangeFilter:ReportModified | ReportModifiedDateRangeMacro:ReportDateMacro )? "
        "ReportDetailLevelFilter:DetailLevel? ReportPostingStatusFilter:PostingStatus?"
    ),
    "ReportPeriod": "FromReportDate:date? ToReportDate:date?",
    "ReportModified": "FromReportModifiedDate:date? ToReportModifiedDate:date?",
    "ReportRet": (
        "ReportTitle:str ReportSubtitle:str ReportBasis:ReportBases? NumRows:int NumColumns:int NumColTitleRows:int"
    ),
    "DataExtDefAdd": (
        "OwnerID:guid DataExtName:str(31) DataExtType:DataExtType AssignToObject:AssignToObject* "
        "DataExtListRequire:bool? DataExtTxnRequire:bool? DataExtFormatString:str?"
    ),
    "DataExtDefRet": (
        "OwnerID:guid? DataExtID:int DataExtName:str(31) DataExtType:DataExtType AssignToObject:AssignToObject* "
        "DataExtListRequire:bool DataExtTxnRequire:bool DataExtFormatString:str"
    ),
    "DataExtDefMod": (
        "OwnerID:guid DataExtName:str(31) DataExtNewName:str(31)? AssignToObject:AssignToObject* "
        "RemoveFromObject:AssignToObject* DataExtListRequire:bool? DataExtTxnRequire:bool? DataExtFormatString:str?"
    ),
    "DataExtDefDelRet": "OwnerID:guid DataExtName:str(31) TimeDeleted:datetime?",
    "DataExtTarget": (
        "OwnerID:guid DataExtName:str(31) ( ListDataExtType:ListDataExtType ListObjRef:Ref(159) | "
        "TxnDataExtType:TxnDataExtType TxnID:id TxnLineID:id? | OtherDataExtType:OtherDataExtType )"
    ),
    "DataExtValue": "&DataExtTarget DataExtValue:str",
    "DataExtDelRet": (
        "OwnerID:guid DataExtName:str(31) ( ListDataExtType:ListDataExtType ListObjRef:Named | "
        "TxnDataExtType:TxnDataExtType TxnID:id TxnLineID:id? | OtherDataExtType:OtherDataExtType )? "
        "TimeDeleted:datetime?"
    ),
    "Named": "ListID:id? FullName:str?",
    "ListMetaData": "IncludeMaxCapacity:bool",
    "TransactionItem": "( ItemTypeFilter:ItemTypeFilter | &ObjectFilter )",
    "TransactionAccount": "( AccountTypeFilter:AccountTypeFilter | &ObjectFilter )",
    "HostRet": (
        "ProductName:str(255) MajorVersion:str(5) MinorVersion:str(5) Country:str(2)? "
        "SupportedQBXMLVersion:str(10)+ IsAutomaticLogin:bool? QBFileMode:FileMode"
    ),
    "CompanyRet": (
        "IsSampleCompany:bool CompanyName:str(59)? LegalCompanyName:str(59)? Address:Address? "
        "AddressBlock:AddressBlock? LegalAddress:Address? CompanyAddressForCustomer:Address? "
        "CompanyAddressBlockForCustomer:AddressBlock? Phone:str(51)? Fax:str(51)? Email:str(1023)? "
        "~CompanyEmailForCustomer:str? CompanyWebSite:str(128)? FirstMonthFiscalYear:Month? "
        "FirstMonthIncomeTaxYear:Month? CompanyType:str(255)? EIN:str(20)? SSN:str(11)? TaxForm:TaxForm? "
        "SubscribedServices:SubscribedServices? AccountantCopy:AccountantCopy? DataExtRet:DataExtRet*"
    ),
    "SubscribedServices": "Service:Service*",
    "Service": "Name:str(50) Domain:str(50) ServiceStatus:ServiceStatus",
    "AccountantCopy": "AccountantCopyExists:bool DividingDate:date?",
    "AccountingPreferences": (
        "IsUsingAccountNumbers:bool IsRequiringAccounts:bool IsUsingClassTracking:bool "
        "AssignClassesTo:AssignClasses? IsUsingAuditTrail:bool "
        "IsAssigningJournalEntryNumbers:bool ClosingDate:date?"
    ),
    "FinanceChargePreferences": (
        "AnnualInterestRate:percent? MinFinanceCharge:amt? GracePeriod:int FinanceChargeAccountRef:Ref(159)? "
        "IsAssessingForOverdueCharges:bool CalculateChargesFrom:ChargesFrom IsMarkedToBePrinted:bool"
    ),
    "JobPreferences": "IsUsingEstimates:bool IsUsingProgressInvoicing:bool IsPrintingItemsWithZeroAmounts:bool",
    "ReportsPreferences": "AgingReportBasis:AgingBasis SummaryReportBasis:ReportBasis",
    "SalesPreferences": (
        "DefaultShipMethodRef:Ref(15)? DefaultFOB:str(13)? DefaultMarkup:percent? "
        "IsTrackingReimbursedExpensesAsIncome:bool IsAutoApplyingPayments:bool"
    ),
    "MultiCurrencyPreferences": "IsMultiCurrencyOn:bool? HomeCurrencyRef:Ref(64)?",
    "PurchasePreferences": "IsUsingInventory:bool DaysBillsAreDue:int IsAutomaticallyUsingDiscounts:bool",
    "AccessRights": ("IsAutomaticLoginAllowed:bool AutomaticLoginUserName:str(29)? IsPersonalDataAccessAllowed:bool"),
    "PreferencesRet": (
        "AccountingPreferences:AccountingPreferences FinanceChargePreferences:FinanceChargePreferences "
        "JobsAndEstimatesPreferences:JobPreferences MultiCurrencyPreferences:MultiCurrencyPreferences? "
        "PurchasesAndVendorsPreferences:PurchasePreferences ReportsPreferences:ReportsPreferences "
        "SalesAndCustomersPreferences:SalesPreferences CurrentAppAccessRights:AccessRights"
    ),
    "TxnDeletedRet": "TxnDelType:TxnDelType TxnID:id TimeCreated:datetime TimeDeleted:datetime RefNumber:str?",
    "ListDeletedRet": "ListDelType:ListDelType ListID:id TimeCreated:datetime TimeDeleted:datetime FullName:str?",
    "OpenItem": "TxnID:id TxnType:TxnType APAccountRef:Ref(159) TxnDate:date RefNumber:str(20)?",
    "BillToPay": (
        "&OpenItem DueDate:date? AmountDue:amt CurrencyRef:Ref(64)? ExchangeRate:float? AmountDueInHomeCurrency:amt?"
    ),
    "CreditToApply": (
        "&OpenItem CreditRemaining:amt CurrencyRef:Ref(64)? ExchangeRate:float? CreditRemainingInHomeCurrency:amt?"
    ),
    "BillToPayRet": "( BillToPay:BillToPay | CreditToApply:CreditToApply )?",
    "TransactionRet": (
        "TxnType:TxnType? TxnID:id? TxnLineID:id? TimeCreated:datetime? TimeModified:datetime? "
        "EntityRef:Ref(209)? AccountRef:Ref(159)? TxnDate:date? RefNumber:str? Amount:amt? "
        "CurrencyRef:Ref(64)? ExchangeRate:float? AmountInHomeCurrency:amt? Memo:str(4095)?"
    ),
    "TransactionModified": "( FromModifiedDate:datetime? ToModifiedDate:datetime? | DateMacro:DateMacro )",
    "TransactionEntity": "( EntityTypeFilter:EntityType | ListID:id+ | FullName:str+ | ListIDWithChildren:id | "
    "FullNameWithChildren:str )",
    "TransactionTypes": "TxnTypeFilter:TxnTypeFilter+",
    "TransactionFilters": (
        "( TxnID:id+ | MaxReturned:int? ( RefNumber:str+ | RefNumberCaseSensitive:str+ | "
        "RefNumberFilter:RefNumberFilter | RefNumberRangeFilter:RefNumberRange )? "
        "TransactionModifiedDateRangeFilter:TransactionModified? TransactionDateRangeFilter:DateRange? "
        "TransactionEntityFilter:TransactionEntity? TransactionAccountFilter:TransactionAccount? "
        "TransactionItemFilter:TransactionItem? "
        "TransactionClassFilter:ObjectFilter? TransactionTypeFilter:TransactionTypes? "
        "TransactionDetailLevelFilter:DetailLevel? TransactionPostingStatusFilter:PostingStatus? "
        "TransactionPaidStatusFilter:OpenStatus? CurrencyFilter:CurrencyFilter? )"
    ),
}
_WITH_ITERATOR = (*lists.ITERATED, *transactions.ADDS, "Transaction")


@cache
def messages() -> dict[str, Message]:
    """Every request that is understood, by name."""
    notation = Notation({**shared.GROUPS, **lists.GROUPS, **transactions.GROUPS, **NOTATION_MORE}, shared.ENUMERATIONS)
    made: list[Message] = []
    for source in (lists, transactions):
        for verb, texts in (("Add", source.ADDS), ("Mod", source.MODS)):
            made += [_write(notation, verb, about, text) for about, text in texts.items()]
        made += [_query(notation, about, text) for about, text in source.QUERIES.items()]
    made += [_other(notation, name, *texts) for name, texts in _OTHERS.items()]
    return {message.name: message for message in made}


@cache
def ret(kind: str) -> Sequence:
    """What a record of a kind looks like in answers."""
    texts = {**lists.RETS, **transactions.RETS}
    return NOTATION.read(texts[kind]) if kind in texts else _more().group(kind)


@cache
def _more() -> Notation:
    return Notation({**shared.GROUPS, **NOTATION_MORE}, shared.ENUMERATIONS)


def _write(notation: Notation, verb: str, about: str, text: str) -> Message:
    inner = Element(f"{about}{verb}", content=notation.read(text))
    content = Sequence((inner, *notation.group("RetElements").parts))
    recovery = () if about in _UNRECOVERED else notation.read(_RECOVERY).parts
    answer = Sequence((Element(f"{about}Ret", least=0, content=ret(about)), *recovery))
    return Message(f"{about}{verb}Rq", "Add" if verb == "Add" else "Mod", about, content, answer)


def _query(notation: Notation, about: str, text: str) -> Message:
    kinds = UNIONS.get(about, (about,))
    rets = [Element(f"{kind}Ret", content=ret(kind)) for kind in kinds]
    many = Choice(tuple(Sequence((each,)) for each in rets), 0, None)
    iterated = about in _WITH_ITERATOR
    return Message(
        f"{about}QueryRq", "Query", about, notation.read(text), Sequence((many,)), iterated=iterated, counted=True
    )


def _other(notation: Notation, name: str, content: str, answer: str) -> Message:
    about = name.removesuffix("Query")
    counted = name.endswith("Query") and about not in _UNCOUNTED
    verb: Verb = "Query" if name.endswith("Query") else "Other"
    iterated = about in _WITH_ITERATOR
    return Message(
        f"{name}Rq", verb, about, notation.read(content), notation.read(answer), iterated=iterated, counted=counted
    )
