"""Which record types there are, as the metadata catalog tells them, and how a path names one."""

from __future__ import annotations

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite.refusals import TypeUnknown
from sandbooks.platforms.netsuite.schema.fields import Field, RecordType, Sublist
from sandbooks.platforms.netsuite.schema.lists import LISTS
from sandbooks.platforms.netsuite.schema.transactions import TRANSACTIONS

__all__ = ["IN_REST", "TRANSACTION_KINDS", "TYPES", "Field", "RecordType", "Sublist", "type_named"]

TYPES: dict[str, RecordType] = {t.name: t for t in (*LISTS, *TRANSACTIONS)}
TRANSACTION_KINDS = tuple(t.name for t in TRANSACTIONS)
IN_REST = tuple(name for name, type in TYPES.items() if type.in_rest)
_ANY_CASE = {name.lower(): TYPES[name] for name in IN_REST}
# Record types of the live service that the simulator lacks: named, so that they are not taken for misspellings.
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158151234003.html (supported records)
_LACKING = frozenset(
    name.lower()
    for name in (
        "accountingBook", "accountingContext", "allocationSchedule", "amortizationSchedule",
        "amortizationTemplate", "assemblyBuild", "assemblyItem", "assemblyUnbuild", "automatedClearingHouse",
        "billingAccount", "billingSchedule", "bin", "binTransfer", "binWorksheet", "blanketPurchaseOrder",
        "bom", "bomRevision", "bonus", "bonusType", "budget", "bulkOwnershipTransfer", "calendarEvent",
        "campaign", "campaignResponse", "cardholderAuthentication", "cashRefund", "cashSale", "charge",
        "chargeRule", "commerceCategory", "competitor", "consolidatedExchangeRate",
        "contactCategory", "costCategory", "couponCode", "creditMemo", "customerDeposit",
        "customerMessage", "customerRefund", "customerStatus",
        "customerSubsidiaryRelationship", "deletedRecord", "depositApplication", "descriptionItem",
        "discountItem", "downloadItem", "emailTemplate", "entityAccountMapping", "estimate",
        "expenseAmortizationEvent", "expensePlan", "fairValuePrice", "fixedAmountProjectRevenueRule", "folder",
        "fulfillmentRequest", "generalToken", "giftCertificate", "giftCertificateItem", "glNumberingSequence",
        "globalAccountMapping", "globalInventoryRelationship", "inboundShipment", "intercompanyJournalEntry",
        "inventoryAdjustment", "inventoryCostRevaluation", "inventoryCount", "inventoryItem", "inventoryNumber",
        "inventoryStatus", "inventoryStatusChange", "inventoryTransfer", "inventoryWorksheet", "invoice",
        "issue", "issueProduct", "itemAccountMapping", "itemCollection", "itemDemandPlan", "itemFulfillment",
        "itemGroup", "itemLocationConfiguration", "itemProcessFamily", "itemProcessGroup", "itemReceipt",
        "itemRevision", "itemSupplyPlan", "jobRequisition", "jobStatus", "jobType", "kitItem",
        "laborBasedProjectRevenueRule", "lotNumberedAssemblyItem", "lotNumberedInventoryItem",
        "manufacturingCostTemplate", "manufacturingOperationTask", "manufacturingPlannedTime",
        "manufacturingRouting", "markupItem", "memDoc", "merchandiseHierarchyLevel", "merchandiseHierarchyNode",
        "merchandiseHierarchyVersion", "message", "nexus", "nonInventoryResaleItem", "nonInventorySaleItem",
        "noteType", "opportunity", "orderReservation", "orderSchedule", "orderType", "otherChargePurchaseItem",
        "otherChargeResaleItem", "otherChargeSaleItem", "otherName", "otherNameCategory", "partner",
        "partnerCategory", "paycheck", "paycheckJournal", "paymentCard", "paymentCardToken", "paymentItem",
        "paymentMethod", "payrollItem", "percentCompleteProjectRevenueRule", "periodEndJournal", "phoneCall",
        "pickStrategy", "pickTask", "plannedOrder", "priceBook", "pricelevel", "pricePlan", "pricingGroup",
        "projectBudget", "projectExpenseType", "projectIcChargeRequest", "projectTask", "projectTemplate",
        "promotionCode", "prospect", "purchaseContract", "purchaseRequisition",
        "requestForQuote", "resourceAllocation", "resourceGroup", "returnAuthorization", "revenueArrangement",
        "revenueCommitment", "revenueCommitmentReversal", "revenuePlan", "revRecSchedule", "salesChannel",
        "salesOrder", "salesRole", "sentEmail", "serializedAssemblyItem", "serializedInventoryItem",
        "serviceResaleItem", "serviceSaleItem", "shipItem", "solution", "statisticalJournalEntry",
        "storePickupFulfillment", "subscription", "subscriptionChangeOrder", "subscriptionLine",
        "subscriptionPlan", "subscriptionTerm", "subsidiarySettings", "subtotalItem", "supplyChainSnapshot",
        "supplyChangeOrder", "supplyPlanDefinition", "supportCase", "systemNote", "task", "taxAcct", "taxGroup",
        "taxPeriod", "tegataReceivable", "timeBill", "timeEntry", "timeOffChange", "timeOffPlan",
        "timeOffRequest", "timeOffRule", "timeOffType", "timeSheet", "topic", "transferOrder",
        "unbilledReceivableGroup", "unitsType", "unlockedTimePeriod", "usage", "vendorPrepayment",
        "vendorPrepaymentApplication", "vendorRequestForQuote", "vendorReturnAuthorization", "wave", "website",
        "winLossReason", "workOrder", "workOrderClose", "workOrderCompletion", "workOrderIssue", "workplace",
        "zone",
    )
)  # fmt: skip


def type_named(name: str) -> RecordType:
    """The record type of a path segment, in any case. Raises ``TypeUnknown``, ``NotSimulated``."""
    found = _ANY_CASE.get(name.lower())
    if found is not None:
        return found
    if name.lower() in _LACKING or name.lower().startswith(("customrecord", "customtransaction")):
        raise NotSimulated(f"record type {name}", instead=f"record types here: {', '.join(IN_REST)}")
    raise TypeUnknown(name[:60])
