"""Messages of the real product that are not simulated: named, so that they are never taken for a misspelling."""

from __future__ import annotations

from functools import cache

from sandbooks.platforms.quickbooks_desktop.schema.messages import messages

# Source: QuickBooks Desktop SDK, Onscreen Reference (list of messages)
_OBJECTS = """
Account ARRefundCreditCard BarCode BillingRate Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check
Class CreditCardCharge CreditCardCredit CreditMemo Currency CustomerMsg CustomerType Customer DateDrivenTerms Deposit
Employee Estimate InventoryAdjustment InventorySite Invoice ItemDiscount ItemFixedAsset ItemGroup ItemInventory
ItemInventoryAssembly ItemNonInventory ItemOtherCharge ItemPayment ItemReceipt ItemSalesTax ItemSalesTaxGroup
ItemService ItemSubtotal JobType JournalEntry OtherName PaymentMethod PayrollItemNonWage PayrollItemWage PriceLevel
PurchaseOrder ReceivePayment SalesOrder SalesReceipt SalesRep SalesTaxCode SalesTaxPaymentCheck SalesTaxReturn
ShipMethod StandardTerms Template TimeTracking ToDo TransferInventory Transfer UnitOfMeasureSet Vehicle VehicleMileage
VendorCredit VendorType Vendor WorkersCompCode Lead
"""
_OTHERS = """
AccountTaxLineInfoQuery AgingReportQuery BudgetSummaryReportQuery ClearedStatusMod CompanyActivityQuery
CustomDetailReportQuery CustomSummaryReportQuery DataEventRecoveryInfoDel DataEventRecoveryInfoQuery DataExtAdd
DataExtDefAdd DataExtDefDel DataExtDefMod DataExtDefQuery DataExtDel DataExtMod Form1099CategoryAccountMappingMod
Form1099CategoryAccountMappingQuery GeneralDetailReportQuery GeneralSummaryReportQuery InvoiceToPayQuery
ItemAssembliesCanBuildQuery ItemSitesQuery JobReportQuery ListDisplayAdd ListDisplayMod ListMerge
PayrollDetailReportQuery PayrollSummaryReportQuery ReceivePaymentToDepositQuery SalesTaxPayableQuery TimeReportQuery
TxnDisplayAdd TxnDisplayMod VehicleMileageQuery
"""


@cache
def absent() -> frozenset[str]:
    """Requests that real QuickBooks understands and this one does not."""
    # Source: as above (a payment of bills by card can be added and asked for, never changed)
    never = {"BillPaymentCreditCardModRq"}
    verbs = (f"{name}{verb}Rq" for name in _OBJECTS.split() for verb in ("Add", "Mod", "Query"))
    return frozenset({*verbs, *(f"{name}Rq" for name in _OTHERS.split())} - messages().keys() - never)
