"""Account types, their classification, their ledger class and their detail types.

Source: AccountTypeEnum, AccountClassificationEnum and AccountSubTypeEnum of the XSD in
https://github.com/intuit/QuickBooks-V3-PHP-SDK
"""

from __future__ import annotations

from msgspec import Struct

from sandbooks.ledger import AccountClass


class AccountType(Struct, frozen=True):
    """``subtypes[0]`` is the default. ``foreign``: accounts of the type may be kept in a foreign currency."""

    name: str
    classification: str
    kind: AccountClass
    subtypes: tuple[str, ...]
    foreign: bool = False

    @property
    def balance_sheet(self) -> bool:
        return self.classification in ("Asset", "Liability", "Equity")


def _type(name: str, classification: str, kind: AccountClass, subtypes: str, *, foreign: bool = False) -> AccountType:
    return AccountType(name, classification, kind, tuple(subtypes.split()), foreign)


# Unconfirmed: the default subtype of each type but A/P, A/R and Credit Card, and which type a few subtypes belong to;
# settled by creating accounts with AccountType alone in a vendor's sandbox.
_TYPES = (
    _type(
        "Bank",
        "Asset",
        AccountClass.ASSET,
        "Checking CashOnHand MoneyMarket RentsHeldInTrust Savings TrustAccounts InternalTransfers",
        foreign=True,
    ),
    _type("Accounts Receivable", "Asset", AccountClass.ASSET, "AccountsReceivable", foreign=True),
    _type(
        "Other Current Asset",
        "Asset",
        AccountClass.ASSET,
        "OtherCurrentAssets AllowanceForBadDebts DevelopmentCosts EmployeeCashAdvances Inventory "
        "Investment_MortgageRealEstateLoans Investment_Other Investment_TaxExemptSecurities "
        "Investment_USGovernmentObligations LoansToOfficers LoansToOthers LoansToStockholders PrepaidExpenses "
        "Retainage UndepositedFunds GlobalTaxDeferred GlobalTaxRefund ProvisionsCurrentAssets WithholdingAssetAmount "
        "OtherConsumables ExpenditureAuthorisationsAndLettersOfCredit",
    ),
    _type(
        "Fixed Asset",
        "Asset",
        AccountClass.ASSET,
        "FurnitureAndFixtures AccumulatedAmortization AccumulatedDepletion AccumulatedDepreciation Buildings "
        "DepletableAssets FixedAssetComputers FixedAssetCopiers FixedAssetFurniture FixedAssetOtherToolsEquipment "
        "FixedAssetPhone FixedAssetPhotoVideo FixedAssetSoftware IntangibleAssets Land LeaseholdImprovements "
        "MachineryAndEquipment OtherFixedAssets Vehicles AssetsInCourseOfConstruction ParticipatingInterests "
        "CumulativeDepreciationOnIntangibleAssets ProvisionsFixedAssets",
    ),
    _type(
        "Other Asset",
        "Asset",
        AccountClass.ASSET,
        "OtherLongTermAssets AccumulatedAmortizationOfOtherAssets Goodwill IntangibleAssetsOther LeaseBuyout Licenses "
        "OrganizationalCosts SecurityDeposits ProvisionsNonCurrentAssets",
    ),
    _type("Accounts Payable", "Liability", AccountClass.LIABILITY, "AccountsPayable", foreign=True),
    _type("Credit Card", "Liability", AccountClass.LIABILITY, "CreditCard", foreign=True),
    _type(
        "Other Current Liability",
        "Liability",
        AccountClass.LIABILITY,
        "OtherCurrentLiabilities DeferredRevenue DirectDepositPayable FederalIncomeTaxPayable GlobalTaxPayable "
        "GlobalTaxSuspense InsurancePayable LineOfCredit LoanPayable PayrollClearing PayrollTaxPayable "
        "PrepaidExpensesPayable RentsInTrustLiability SalesTaxPayable StateLocalIncomeTaxPayable "
        "TrustAccountsLiabilities IncomeTaxPayable WithholdingTaxSuspense WithholdingLiabilityAmount "
        "ProvisionsCurrentLiabilities StaffAndRelatedLiabilityAccounts SocialSecurityAgencies "
        "SundryDebtorsAndCreditors",
    ),
    _type(
        "Long Term Liability",
        "Liability",
        AccountClass.LIABILITY,
        "OtherLongTermLiabilities NotesPayable ShareholderNotesPayable ProvisionsNonCurrentLiabilities "
        "DebtsRelatedToParticipatingInterests StaffAndRelatedLongTermLiabilityAccounts "
        "GovernmentAndOtherPublicAuthorities GroupAndAssociates",
    ),
    _type(
        "Equity",
        "Equity",
        AccountClass.EQUITY,
        "OwnersEquity AccumulatedAdjustment CommonStock EstimatedTaxes Healthcare HealthSavingsAccountContributions "
        "OpeningBalanceEquity PaidInCapitalOrSurplus PartnerContributions PartnerDistributions PartnersEquity "
        "PersonalExpense PersonalIncome PreferredStock RetainedEarnings TreasuryStock InvestmentGrants",
    ),
    _type(
        "Income",
        "Revenue",
        AccountClass.INCOME,
        "SalesOfProductIncome DiscountsRefundsGiven NonProfitIncome OtherPrimaryIncome ServiceFeeIncome "
        "UnappliedCashPaymentIncome CashReceiptIncome OwnWorkCapitalized OperatingGrants",
    ),
    _type(
        "Cost of Goods Sold",
        "Expense",
        AccountClass.EXPENSE,
        "SuppliesMaterialsCogs CostOfLaborCos EquipmentRentalCos OtherCostsOfServiceCos ShippingFreightDeliveryCos "
        "CostOfSales",
    ),
    _type(
        "Expense",
        "Expense",
        AccountClass.EXPENSE,
        "OtherMiscellaneousServiceCost AdvertisingPromotional Auto BadDebts BankCharges CharitableContributions "
        "CostOfLabor DuesSubscriptions Entertainment EntertainmentMeals EquipmentRental FinanceCosts GlobalTaxExpense "
        "Insurance InterestPaid LegalProfessionalFees OfficeGeneralAdministrativeExpenses OtherBusinessExpenses "
        "PayrollExpenses PayrollTaxExpenses PayrollWageExpenses PromotionalMeals RentOrLeaseOfBuildings "
        "RepairMaintenance ShippingFreightDelivery SuppliesMaterials TaxesPaid Travel TravelMeals "
        "UnappliedCashBillPaymentExpense Utilities Communications CashExpenditureExpense ExternalServices "
        "OtherExternalServices PurchasesRebates OtherRentalCosts ProjectStudiesSurveysAssessments",
    ),
    _type(
        "Other Income",
        "Revenue",
        AccountClass.INCOME,
        "OtherMiscellaneousIncome DividendIncome InterestEarned OtherInvestmentIncome TaxExemptInterest "
        "OtherCurrentOperatingIncome",
    ),
    _type(
        "Other Expense",
        "Expense",
        AccountClass.EXPENSE,
        "OtherMiscellaneousExpense Amortization Depreciation ExchangeGainOrLoss GasAndFuel HomeOffice "
        "HomeownerRentalInsurance MortgageInterestHomeOffice OtherHomeOfficeExpenses OtherVehicleExpenses "
        "ParkingAndTolls PenaltiesSettlements PropertyTaxHomeOffice RentAndLeaseHomeOffice "
        "RepairsAndMaintainceHomeOffice UtilitiesHomeOffice Vehicle VehicleInsurance VehicleLease VehicleLoan "
        "VehicleLoanInterest VehicleRegistration VehicleRepairs WashAndRoadServices",
    ),
)

ACCOUNT_TYPES = {each.name: each for each in _TYPES}
SUBTYPES = {subtype: each for each in _TYPES for subtype in each.subtypes}
