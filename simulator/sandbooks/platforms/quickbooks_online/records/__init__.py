"""The native record kinds of QuickBooks Online: what each holds, as data.

Source: https://github.com/intuit/QuickBooks-V3-PHP-SDK (src/XSD, entity definitions) and the entity pages of
https://developer.intuit.com/app/developer/qbo/docs/api/accounting
"""

from sandbooks.platforms.quickbooks_online.records.entity import Entity
from sandbooks.platforms.quickbooks_online.records.lists import LISTS
from sandbooks.platforms.quickbooks_online.records.names import NAMES
from sandbooks.platforms.quickbooks_online.records.settings import SETTINGS
from sandbooks.platforms.quickbooks_online.records.transactions import TRANSACTIONS

ENTITIES: dict[str, Entity] = {e.name: e for e in (*TRANSACTIONS, *NAMES, *LISTS, *SETTINGS)}
BY_PATH: dict[str, Entity] = {e.path: e for e in ENTITIES.values()}
BY_KEY: dict[str, Entity] = {e.key: e for e in ENTITIES.values()}

# Kinds that exist in the service and that nothing here can make: none ever exist, so lists of them are empty.
# Writing one is refused loudly.
UNMADE = (
    "Budget",
    "CreditMemo",
    "CustomerType",
    "Estimate",
    "Invoice",
    "JournalCode",
    "Payment",
    "RecurringTransaction",
    "RefundReceipt",
    "SalesReceipt",
    "TimeActivity",
    "InventoryAdjustment",
    "ReimburseCharge",
)

__all__ = ["BY_KEY", "BY_PATH", "ENTITIES", "TRANSACTIONS", "UNMADE", "Entity"]
