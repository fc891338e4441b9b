"""Which record types there are, as the metadata catalog tells them, and how a path names one."""

from __future__ import annotations

from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.netsuite.refusals import TypeUnknown
from sandbooks.platforms.netsuite.schema.fields import Field, RecordType, Sublist
from sandbooks.platforms.netsuite.schema.lists import LISTS
from sandbooks.platforms.netsuite.schema.transactions import TRANSACTIONS

__all__ = ["TRANSACTION_KINDS", "TYPES", "Field", "RecordType", "Sublist", "type_named"]

TYPES: dict[str, RecordType] = {t.name: t for t in (*LISTS, *TRANSACTIONS)}
TRANSACTION_KINDS = tuple(t.name for t in TRANSACTIONS)
_ANY_CASE = {name.lower(): found for name, found in TYPES.items()}
# Record types of the live service that the simulator lacks: named, so that they are not taken for misspellings.
# Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_158151234003.html (supported records)
_LACKING = frozenset(
    name.lower()
    for name in (
        "assemblyItem", "billingAccount", "billingSchedule", "bin", "budget", "calendarEvent", "campaign", "cashRefund",
        "cashSale", "charge", "contact", "creditMemo", "customerDeposit", "customerPayment", "customerRefund",
        "descriptionItem", "discountItem", "estimate", "fulfillmentRequest", "generalToken", "giftCertificate",
        "inboundShipment", "intercompanyJournalEntry", "inventoryAdjustment", "inventoryItem", "inventoryTransfer",
        "invoice", "itemFulfillment", "itemReceipt", "kitItem", "message", "nexus", "nonInventoryResaleItem",
        "nonInventorySaleItem", "noteType", "opportunity", "otherChargePurchaseItem", "partner", "paycheckJournal",
        "paymentMethod", "phoneCall", "pricelevel", "purchaseOrder", "returnAuthorization", "revRecSchedule",
        "salesOrder", "serviceResaleItem", "serviceSaleItem", "statisticalJournalEntry", "subscription", "task",
        "taxGroup", "timeBill", "timeSheet", "topic", "transferOrder", "unitsType", "vendorPrepayment",
        "vendorPrepaymentApplication", "vendorReturnAuthorization", "workOrder",
    )
)  # fmt: skip


def type_named(name: str) -> RecordType:
    """The record type of a path segment, in any case. Raises ``TypeUnknown``, ``NotSimulated``."""
    found = _ANY_CASE.get(name.lower())
    if found is not None:
        return found
    if name.lower() in _LACKING or name.lower().startswith(("customrecord", "customtransaction")):
        raise NotSimulated(f"record type {name}", instead=f"record types here: {', '.join(TYPES)}")
    raise TypeUnknown(name[:60])
