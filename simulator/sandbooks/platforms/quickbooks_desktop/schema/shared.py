"""Enumerations and groups that several messages share."""

# Source: QuickBooks Desktop SDK, Onscreen Reference for qbXML 13.0 (element order, lengths, values)
ENUMERATIONS = {
    "AccountType": (
        "AccountsPayable AccountsReceivable Bank CostOfGoodsSold CreditCard Equity Expense FixedAsset Income "
        "LongTermLiability NonPosting OtherAsset OtherCurrentAsset OtherCurrentLiability OtherExpense OtherIncome"
    ),
    "SpecialAccountType": (
        "AccountsPayable AccountsReceivable CondenseItemAdjustmentExpenses CostOfGoodsSold DirectDepositLiabilities "
        "Estimates ExchangeGainLoss InventoryAssets ItemReceiptAccount OpeningBalanceEquity PayrollExpenses "
        "PayrollLiabilities PettyCash PurchaseOrders ReconciliationDifferences RetainedEarnings SalesOrders "
        "SalesTaxPayable UncategorizedExpenses UncategorizedIncome UndepositedFunds"
    ),
    "DetailAccountType": (
        "AP AR AccumulatedAdjustment AccumulatedAmortization AccumulatedAmortizationOfOtherAssets "
        "AccumulatedDepletion AccumulatedDepreciation AdvertisingOrPromotional AllowanceForBadDebts Amortization Auto "
        "BadDebts BankCharges Buildings CashOnHand CharitableContributions Checking CommonStock CostOfLabor "
        "CostOfLaborCOS CreditCard DepletableAssets Depreciation DevelopmentCosts DiscountsOrRefundsGiven "
        "DividendIncome DuesAndSubscriptions EmployeeCashAdvances Entertainment EntertainmentMeals EquipmentRental "
        "EquipmentRentalCOS FederalIncomeTaxPayable FurnitureAndFixtures Goodwill Insurance InsurancePayable "
        "IntangibleAssets InterestEarned InterestPaid Inventory InvestmentMortgageOrRealEstateLoans InvestmentOther "
        "InvestmentTaxExemptSecurities InvestmentUSGovObligations Land LeaseBuyout LeaseholdImprovements "
        "LegalAndProfessionalFees Licenses LineOfCredit LoanPayable LoansToOfficers LoansToOthers LoansToStockholders "
        "MachineryAndEquipment MoneyMarket NonProfitIncome NotesPayable OfficeOrGeneralAdministrativeExpenses "
        "OpeningBalanceEquity OrganizationalCosts OtherCostsOfServiceCOS OtherCurrentAssets OtherCurrentLiab "
        "OtherFixedAssets OtherInvestmentIncome OtherLongTermAssets OtherLongTermLiab OtherMiscExpense "
        "OtherMiscIncome OtherMiscServiceCost OtherPrimaryIncome OwnersEquity PaidInCapitalOrSurplus "
        "PartnerContributions PartnerDistributions PartnersEquity PayrollClearing PayrollExpenses PayrollTaxPayable "
        "PenaltiesAndSettlements PreferredStock PrepaidExpenses PrepaidExpensesPayable PromotionalMeals "
        "RentOrLeaseOfBuildings RentsHeldInTrust RentsInTrustLiab RepairAndMaintenance Retainage RetainedEarnings "
        "SalesOfProductIncome SalesTaxPayable Savings SecurityDeposits ServiceOrFeeIncome ShareholderNotesPayable "
        "ShippingFreightAndDelivery ShippingFreightAndDeliveryCOS StateOrLocalIncomeTaxPayable SuppliesAndMaterials "
        "SuppliesAndMaterialsCOGS TaxExemptInterest TaxesPaid Travel TravelMeals TreasuryStock TrustAccounts "
        "TrustAccountsLiab UndepositedFunds Utilities Vehicles"
    ),
    "AccountTypeFilter": (
        "AccountsPayable AccountsReceivable AllowedFor1099 APAndSalesTax APOrCreditCard ARAndAP Asset BalanceSheet "
        "Bank BankAndARAndAPAndUF BankAndUF CostOfSales CreditCard CurrentAsset CurrentAssetAndExpense "
        "CurrentLiability Equity EquityAndIncomeAndExpense ExpenseAndOtherExpense FixedAsset IncomeAndExpense "
        "IncomeAndOtherIncome Liability LiabilityAndEquity LongTermLiability NonPosting OrdinaryExpense "
        "OrdinaryIncome OrdinaryIncomeAndCOGS OrdinaryIncomeAndExpense OtherAsset OtherCurrentAsset "
        "OtherCurrentLiability OtherExpense OtherIncome OtherIncomeOrExpense"
    ),
    "ItemTypeFilter": (
        "AllExceptFixedAsset Assembly Discount FixedAsset Inventory InventoryAndAssembly NonInventory OtherCharge "
        "Payment Sales SalesTax Service"
    ),
    "ChargesFrom": "DueDate InvoiceOrBilledDate",
    "AgingBasis": "AgeFromDueDate AgeFromTransactionDate",
    "ReportBasis": "Accrual Cash",
    "TaxCountry": "Australia Canada UK US",
    "ReportingPeriod": "Monthly Quarterly",
    "SentBy": "Email Fax Print",
    "Exempt": "Exempt NonExempt",
    "YesNo": "Yes No",
    "Ethnicity": "AmericianIndian Asian Black Hawaiian Hispanic White TwoOrMoreRaces",
    "MilitaryStatus": "Active Reserve",
    "Relation": "Spouse Partner Mother Father Sister Brother Son Daughter Friend Other",
    "PayPeriod": "Daily Weekly Biweekly Semimonthly Monthly Quarterly Yearly",
    "UseTimeData": "NotSet UseTimeData DoNotUseTimeData",
    "AccrualPeriod": "BeginningOfYear EveryHourOnPaycheck EveryPaycheck",
    "CashFlow": "None Operating Investing Financing NotApplicable",
    "ActiveStatus": "ActiveOnly InactiveOnly All",
    "BillableStatus": "Billable NotBillable HasBeenBilled",
    "MatchCriterion": "StartsWith Contains EndsWith",
    "Operator": "LessThan LessThanEqual Equal GreaterThan GreaterThanEqual",
    "PaidStatus": "All PaidOnly NotPaidOnly",
    "LineType": "Debit Credit",
    "BillingRateType": "FixedRate PerItem",
    "RateRelative": "StandardRate CurrentCustomRate",
    "LinkType": "AMTTYPE QUANTYPE",
    "DataExtType": "AMTTYPE DATETIMETYPE INTTYPE PERCENTTYPE PRICETYPE QUANTYPE STR1024TYPE STR255TYPE",
    "ListMergeType": (
        "Account Class Customer ItemDiscount ItemGroup ItemInventory ItemNonInventory ItemOtherCharge ItemPayment "
        "ItemSalesTax ItemSalesTaxGroup ItemService ItemSubtotal Vendor"
    ),
    "ListDataExtType": "Account Customer Employee Item OtherName Vendor",
    "OtherDataExtType": "Company",
    "TxnDataExtType": (
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check CreditCardCharge "
        "CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice ItemReceipt JournalEntry "
        "PurchaseOrder ReceivePayment SalesOrder SalesReceipt SalesTaxPaymentCheck VendorCredit"
    ),
    "AssignToObject": (
        "Account ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check Company "
        "CreditCardCharge CreditCardCredit CreditMemo Customer Deposit Employee Estimate InventoryAdjustment Invoice "
        "Item ItemReceipt JournalEntry OtherName PurchaseOrder ReceivePayment SalesOrder SalesReceipt "
        "SalesTaxPaymentCheck Vendor VendorCredit"
    ),
    "SummaryReportType": (
        "BalanceSheetByClass BalanceSheetPrevYearComp BalanceSheetStandard BalanceSheetSummary "
        "CustomerBalanceSummary ExpenseByVendorSummary IncomeByCustomerSummary InventoryStockStatusByItem "
        "InventoryStockStatusByVendor IncomeTaxSummary InventoryValuationSummary InventoryValuationSummaryBySite "
        "LotNumberInStockBySite PhysicalInventoryWorksheet ProfitAndLossByClass ProfitAndLossByJob "
        "ProfitAndLossPrevYearComp ProfitAndLossStandard ProfitAndLossYTDComp PurchaseByItemSummary "
        "PurchaseByVendorSummary SalesByCustomerSummary SalesByItemSummary SalesByRepSummary SalesTaxLiability "
        "SalesTaxRevenueSummary SerialNumberInStockBySite TrialBalance VendorBalanceSummary"
    ),
    "DetailReportType": (
        "1099Detail AuditTrail BalanceSheetDetail CheckDetail CustomerBalanceDetail DepositDetail EstimatesByJob "
        "ExpenseByVendorDetail GeneralLedger IncomeByCustomerDetail IncomeTaxDetail InventoryValuationDetail "
        "JobProgressInvoicesVsEstimates Journal MissingChecks OpenInvoices OpenPOs OpenPOsByJob "
        "OpenSalesOrderByCustomer OpenSalesOrderByItem PendingSales ProfitAndLossDetail PurchaseByItemDetail "
        "PurchaseByVendorDetail SalesByCustomerDetail SalesByItemDetail SalesByRepDetail TxnDetailByAccount "
        "TxnListByCustomer TxnListByDate TxnListByVendor UnpaidBillsDetail UnbilledCostsByJob VendorBalanceDetail"
    ),
    "CustomSummaryType": "CustomSummary",
    "CustomDetailType": "CustomTxnDetail",
    "ReportDateMacro": (
        "All Today ThisWeek ThisWeekToDate ThisMonth ThisMonthToDate ThisQuarter ThisQuarterToDate ThisYear "
        "ThisYearToDate Yesterday LastWeek LastWeekToDate LastMonth LastMonthToDate LastQuarter LastQuarterToDate "
        "LastYear LastYearToDate NextWeek NextFourWeeks NextMonth NextQuarter NextYear"
    ),
    "SummarizeColumns": (
        "Account BalanceSheet Class Customer CustomerType Day Employee FourWeek HalfMonth IncomeStatement "
        "ItemDetail ItemType Month Payee PaymentMethod PayrollItemDetail PayrollYtdDetail Quarter SalesRep "
        "SalesTaxCode ShipMethod Terms TotalOnly TwoWeek Vendor VendorType Week Year"
    ),
    "SummarizeRows": (
        "Account BalanceSheet Class Customer CustomerType Day Employee FourWeek HalfMonth IncomeStatement "
        "ItemDetail ItemType Month Payee PaymentMethod PayrollItemDetail PayrollYtdDetail Quarter SalesRep "
        "SalesTaxCode ShipMethod TaxLine Terms TotalOnly TwoWeek Vendor VendorType Week Year"
    ),
    "ReportColumn": (
        "Account Aging Amount AmountDifference AverageCost BilledDate BillingStatus CalculatedAmount Class "
        "ClearedStatus CostPrice Credit Currency Date Debit DeliveryDate DueDate EstimateActive ExchangeRate FOB "
        "IncomeSubjectToTax Invoiced Item ItemDesc LastModifiedBy LatestOrPriorState Memo ModifiedTime Name "
        "NameAccountNumber NameAddress NameCity NameContact NameEmail NameFax NamePhone NameState NameZip "
        "OpenBalance OriginalAmount PaidAmount PaidStatus PaidThroughDate PaymentMethod PayrollItem PONumber "
        "PrintStatus ProgressAmount ProgressPercent Quantity QuantityAvailable QuantityOnHand "
        "QuantityOnSalesOrder ReceivedQuantity RefNumber RunningBalance SalesRep SalesTaxCode SerialOrLotNumber "
        "ShipDate ShipMethod SourceName SplitAccount SSNOrTaxID TaxLine TaxTableVersion Terms TxnID TxnNumber "
        "TxnType UnitPrice UserEdit ValueOnHand WageBase WageBaseTips"
    ),
    "ReportCalendar": "CalendarYear FiscalYear TaxYear",
    "ReturnRows": "ActiveOnly NonZero All",
    "ReportBases": "Accrual Cash None",
    "IncludeAccounts": "All InUse",
    "OpenBalanceAsOf": "ReportEndDate Today",
    "FileMode": "MultiUser SingleUser",
    "ServiceStatus": "Active Expired Never Pending Suspended Terminated Trial",
    "Month": "January February March April May June July August September October November December",
    "TaxForm": "Form1040 Form1065 Form1120 Form1120S Form990 Form990PF Form990T OtherOrNone",
    "AssignClasses": "None Accounts Items Names",
    "DateMacro": (
        "All Today ThisWeek ThisWeekToDate ThisMonth ThisMonthToDate ThisCalendarQuarter ThisCalendarQuarterToDate "
        "ThisFiscalQuarter ThisFiscalQuarterToDate ThisCalendarYear ThisCalendarYearToDate ThisFiscalYear "
        "ThisFiscalYearToDate Yesterday LastWeek LastWeekToDate LastMonth LastMonthToDate LastCalendarQuarter "
        "LastCalendarQuarterToDate LastFiscalQuarter LastFiscalQuarterToDate LastCalendarYear LastCalendarYearToDate "
        "LastFiscalYear LastFiscalYearToDate NextWeek NextFourWeeks NextMonth NextCalendarQuarter NextCalendarYear "
        "NextFiscalQuarter NextFiscalYear"
    ),
    "PaymentMethodType": (
        "AmericanExpress Cash Check DebitCard Discover ECheck GiftCard MasterCard Other OtherCreditCard Visa"
    ),
    "TxnType": (
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check CreditCardCharge "
        "CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice ItemReceipt JournalEntry "
        "LiabilityAdjustment Paycheck PayrollLiabilityCheck PurchaseOrder ReceivePayment SalesOrder SalesReceipt "
        "SalesTaxPaymentCheck Transfer VendorCredit YTDAdjustment"
    ),
    "TxnTypeFilter": (
        "All ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check "
        "CreditCardCharge CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice ItemReceipt "
        "JournalEntry LiabilityAdjustment Paycheck PayrollLiabilityCheck PurchaseOrder ReceivePayment SalesOrder "
        "SalesReceipt SalesTaxPaymentCheck Transfer VendorCredit YTDAdjustment"
    ),
    "TxnDelType": (
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check CreditCardCharge "
        "CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice ItemReceipt JournalEntry "
        "PurchaseOrder ReceivePayment SalesOrder SalesReceipt SalesTaxPaymentCheck TimeTracking TransferInventory "
        "VehicleMileage VendorCredit"
    ),
    "TxnVoidType": (
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard Charge Check CreditCardCharge "
        "CreditCardCredit CreditMemo Deposit InventoryAdjustment Invoice ItemReceipt JournalEntry SalesReceipt "
        "VendorCredit"
    ),
    "ListDelType": (
        "Account BillingRate Class Currency Customer CustomerMsg CustomerType DateDrivenTerms Employee InventorySite "
        "ItemDiscount ItemFixedAsset ItemGroup ItemInventory ItemInventoryAssembly ItemNonInventory ItemOtherCharge "
        "ItemPayment ItemSalesTax ItemSalesTaxGroup ItemService ItemSubtotal JobType OtherName PaymentMethod "
        "PayrollItemNonWage PayrollItemWage PriceLevel SalesRep SalesTaxCode ShipMethod StandardTerms ToDo "
        "UnitOfMeasureSet Vehicle Vendor VendorType WorkersCompCode"
    ),
    "JobStatus": "Awarded Closed InProgress None NotAwarded Pending",
    "DeliveryMethod": "None Email Fax",
    "EmployeeType": "Officer Owner Regular Statutory",
    "PartOrFullTime": "PartTime FullTime",
    "Gender": "Male Female",
    "EntityType": "Customer Employee OtherName Vendor",
    "DetailLevel": "All SummaryOnly AllExceptSummary",
    "PostingStatus": "Either NonPosting Posting",
    "OpenStatus": "Either Closed Open",
    "ThousandSeparator": "Comma Period Space Apostrophe",
    "Grouping": "XX_XXX_XXX X_XX_XX_XXX",
    "DecimalPlaces": "0 2",
    "DecimalSeparator": "Period Comma",
}

GROUPS = {
    "Address": (
        "Addr1:str(41)? Addr2:str(41)? Addr3:str(41)? Addr4:str(41)? Addr5:str(41)? City:str(31)? State:str(21)? "
        "PostalCode:str(13)? Country:str(31)? Note:str(41)?"
    ),
    "EmployeeAddress": (
        "Addr1:str(41)? Addr2:str(41)? ~Addr3:str(41)? ~Addr4:str(41)? City:str(31)? State:str(21)? "
        "PostalCode:str(13)? ~Country:str(31)?"
    ),
    "AddressBlock": "Addr1:str(41)? Addr2:str(41)? Addr3:str(41)? Addr4:str(41)? Addr5:str(41)?",
    "DataExt": "OwnerID:guid DataExtName:str(31) DataExtValue:str",
    "DataExtRet": "OwnerID:guid? DataExtName:str(31) DataExtType:DataExtType DataExtValue:str",
    "AdditionalContact": "ContactName:str(40) ContactValue:str(255)",
    "Note": "Note:str(4095)",
    # Every list record begins alike.
    "ListHead": "ListID:id TimeCreated:datetime TimeModified:datetime EditSequence:str(16)",
    "TxnHead": "TxnID:id TimeCreated:datetime TimeModified:datetime EditSequence:str(16) TxnNumber:int?",
    "NameFilter": "MatchCriterion:MatchCriterion Name:str",
    "NameRange": "FromName:str? ToName:str?",
    "BalanceFilter": "Operator:Operator Amount:amt",
    "RefNumberFilter": "MatchCriterion:MatchCriterion RefNumber:str",
    "RefNumberRange": "FromRefNumber:str? ToRefNumber:str?",
    "ObjectFilter": "( ListID:id+ | FullName:str+ | ListIDWithChildren:id | FullNameWithChildren:str )",
    "CurrencyFilter": "( ListID:id+ | FullName:str(64)+ )",
    "ModifiedRange": "FromModifiedDate:datetime? ToModifiedDate:datetime?",
    "DateRange": "( FromTxnDate:date? ToTxnDate:date? | DateMacro:DateMacro )",
    "DeletedRange": "FromDeletedDate:datetime? ToDeletedDate:datetime?",
    "ListRange": (
        "MaxReturned:int? ActiveStatus:ActiveStatus? FromModifiedDate:datetime? ToModifiedDate:datetime? "
        "( NameFilter:NameFilter | NameRangeFilter:NameRange )?"
    ),
    "RetElements": "IncludeRetElement:str(50)*",
    "Owners": "OwnerID:guid*",
    "LinkedTxn": ("TxnID:id TxnType:TxnType TxnDate:date RefNumber:str(20)? LinkType:LinkType? Amount:amt"),
    "ErrorRecovery": (
        "( ListID:id | OwnerID:guid | TxnID:id )? TxnNumber:int? EditSequence:str(16)? ExternalGUID:guid?"
    ),
}
