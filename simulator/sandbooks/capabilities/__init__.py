"""What expense sync offers on each platform: operations, types, currencies, limits, by dated edition.

The public tables changed over time and disagree with each other. Each edition stands as it was published; a known
disagreement is a named profile; a user's own file has the last word, cell by cell. Knows no HTTP and no books.

>>> tables = load("2025-12")
>>> tables.allows("freeagent", "expense.Refund")
False
>>> tables.cell("quickbooks_desktop", "expense.Refund")
'card'
"""

from sandbooks.capabilities.reading import EDITIONS, LATEST, load
from sandbooks.capabilities.rendering import FORMATS, render
from sandbooks.capabilities.tables import (
    AccountClass,
    Attachments,
    Capabilities,
    CurrencyRule,
    Offer,
    OperationLimits,
    PlatformCapabilities,
)

__all__ = [
    "EDITIONS",
    "FORMATS",
    "LATEST",
    "AccountClass",
    "Attachments",
    "Capabilities",
    "CurrencyRule",
    "Offer",
    "OperationLimits",
    "PlatformCapabilities",
    "load",
    "render",
]
