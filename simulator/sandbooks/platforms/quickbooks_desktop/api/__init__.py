"""The operations under this platform's prefix. The real product has none: these are ours."""

from sandbooks.platforms.quickbooks_desktop.api import documents, windows

OPERATIONS = (*documents.OPERATIONS, *windows.OPERATIONS)
