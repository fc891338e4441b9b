"""Real names of the API that are not emulated: they answer that they are not, rather than that they do not exist.

Source: github.com/microsoft/BCApps src/Apps/W1/APIV2/app/src/pages (2026 release wave 2); resource pages at
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
"""

from __future__ import annotations

_SETS = """
agedAccountsReceivables apicategoryroutes approvalUserSetups assemblyOrderLines assemblyOrders
blanketPurchaseOrderLines blanketPurchaseOrders blanketSalesOrderLines blanketSalesOrders contacts
customerContacts customerFinancialDetails customerReturnReasons customerSales disputeStatus
externalidentifier generalProductPostingGroups inventoryPostingGroups
inventoryReceiptLines inventoryReceipts inventoryShipmentLines inventoryShipments itemLedgerEntries itemVariants
jobQueueEntries jobQueueLogEntries opportunities physicalInventoryOrderLines physicalInventoryOrders
physicalInventoryRecordingLines physicalInventoryRecordings postedAssemblyOrderLines postedAssemblyOrders
postedDirectTransferLines postedDirectTransfers postedInventoryReceiptLines postedInventoryReceipts
postedInventoryShipmentLines postedInventoryShipments postedPhysicalInventoryOrderLines postedPhysicalInventoryOrders
postedPhysicalInventoryRecordingLines postedPhysicalInventoryRecordings purchaseBlanketOrderArchiveLines
purchaseBlanketOrderArchives purchaseOrderArchiveLines purchaseOrderArchives purchaseQuoteArchiveLines
purchaseQuoteArchives purchaseQuoteLines purchaseQuotes purchaseReceiptLines purchaseReceipts
purchaseReturnOrderArchiveLines purchaseReturnOrderArchives purchaseReturnOrderLines purchaseReturnOrders
purchaseReturnShipments returnReceipts salesBlanketOrderArchiveLines salesBlanketOrderArchives
salesOrderArchiveLines salesOrderArchives salesQuoteArchiveLines salesQuoteArchives salesReturnOrderArchiveLines
salesReturnOrderArchives salesReturnOrderLines salesReturnOrders salesShipmentLines salesShipments
salespeoplePurchasers transferOrderLines transferOrders transferReceiptLines transferReceipts
transferShipmentLines transferShipments workflowApprovers workflowResponseOptions workflowSteps workflows
"""
_NAVIGATIONS = """
agedAccountsReceivable contact contactInformation customerContact customerFinancialDetail customerReturnReason
generalProductPostingGroup inventoryPostingGroup
itemVariant purchaseReceipt purchaseReceiptLine salesShipment salesShipmentLine
"""
_AUTOMATION = """
accessControls aggregatePermissionSets automationCompanies configurationPackages expandedPermissionSets
extensionDeploymentStatus extensionUpload extensions features profiles scheduledJobs securityGroupMembers
securityGroups userGroupMembers userGroupPermissions userGroups userPermissionSets usersPermissions
"""
SETS = tuple(_SETS.split())
"""Entity sets of version 2.0."""
NAVIGATIONS = frozenset(_NAVIGATIONS.split())
"""Navigation properties that lead to one entity of such a set."""
AUTOMATION = frozenset(_AUTOMATION.split())
"""Entity sets of the automation API."""
NAMES = frozenset([*SETS, *NAVIGATIONS])
BY_SPELLING: dict[str, str] = {name.lower(): name for name in NAMES}
AUTOMATION_BY_SPELLING: dict[str, str] = {name.lower(): name for name in AUTOMATION}
