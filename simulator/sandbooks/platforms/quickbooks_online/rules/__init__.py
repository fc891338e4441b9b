"""The rules of each kind: how a draft is completed, and what is undone when a record goes."""

from collections.abc import Callable, Mapping

from sandbooks.platforms.quickbooks_online.draft import Draft
from sandbooks.platforms.quickbooks_online.rules.accounts import account
from sandbooks.platforms.quickbooks_online.rules.names import customer, employee, vendor
from sandbooks.platforms.quickbooks_online.rules.purchases import purchase

COMPLETE: Mapping[str, Callable[[Draft], None]] = {
    "Account": account,
    "Customer": customer,
    "Employee": employee,
    "Purchase": purchase,
    "Vendor": vendor,
}
UNDO: Mapping[str, Callable[..., None]] = {}
